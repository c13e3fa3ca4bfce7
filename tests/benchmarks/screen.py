"""The terminal: what a reply costs to draw, how soon a key shows, what a long paste costs.

    python -m tests.benchmarks.screen [--only reply loading streaming paste prompt]

Processor time where it is ours to measure, wall time over a pseudo-terminal where a person waits. Nothing here asserts.
"""

import argparse
import io
import os
import resource
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pexpect

from tests.benchmarks.speed import UI, environment, loopback, prompt_drawn

SIZE = os.terminal_size((80, 24))
CHARACTERS = 40_000
TOKEN = 4  # characters of a token, as in English
KEYS = 100
PAUSE = 0.05  # seconds between two keys: twenty a second
PASTED = "\n".join(f"Line {number} of a long document, word by word." for number in range(10_000))


def processor(run: Callable[[], object], times: int = 7) -> float:
    """Median seconds of this thread."""
    taken = []
    for _ in range(times):
        start = time.thread_time()
        run()
        taken.append(time.thread_time() - start)
    return statistics.median(taken[1:])


def samples() -> dict[str, str]:
    """Replies of 40,000 characters: of everything, of prose alone, of code alone, of Chinese."""
    from tests.cli.test_stream_markdown import REPLY

    prose = "The quick brown fox jumps over the lazy dog and goes on for a while. " * 8 + "\n\n"
    code = "def add(one, other):\n    return one + other  # the sum of the two\n"
    chinese = "中文也可以，例如「台北」的天氣很好，我們去走走吧，順便買一點水果回家。" * 5 + "\n\n"
    mixed = {"mixed": REPLY, "prose": prose, "chinese": chinese}
    found = {name: (text * (CHARACTERS // len(text) + 1))[:CHARACTERS] for name, text in mixed.items()}
    return {**found, "code": f"```python\n{(code * 700)[: CHARACTERS - 20]}\n```\n"}


def reply() -> None:
    """Streamed in pieces of four characters, against rendering it once and printing the pieces."""
    from memchat.cli.markdown_render import MarkdownRenderer
    from memchat.cli.stream_markdown import MarkdownStream, text_cells

    for name, text in samples().items():
        pieces = [text[start : start + TOKEN] for start in range(0, len(text), TOKEN)]

        def stream(pieces: list[str] = pieces) -> None:
            shown = MarkdownStream(io.StringIO(), lambda: SIZE, colour=True, theme="auto")
            for piece in pieces:
                shown.feed(piece)
            shown.close()

        def render(text: str = text) -> None:
            MarkdownRenderer(colour=True).render(text, text_cells(SIZE.columns))

        def rich(text: str = text) -> None:
            from rich.console import Console
            from rich.markdown import Markdown

            Console(file=io.StringIO(), force_terminal=True, width=SIZE.columns).print(Markdown(text))

        def printing(pieces: list[str] = pieces) -> None:
            with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
                for piece in pieces:
                    nowhere.write(piece)
                    nowhere.flush()

        ours, once, theirs, out = (processor(run) * 1000 for run in (stream, render, rich, printing))
        bar = 1.5 * max(once, theirs) + out
        print(
            f"reply {name:8} {ours:7.1f} ms; a render {once:.1f} (rich: {theirs:.1f}), printing {out:.1f}; "
            f"bar {bar:.1f}: {ours / bar:.2f} of it",
            flush=True,
        )


def started(env: dict[str, str], *arguments: str) -> pexpect.spawn:
    """memchat with its prompt drawn."""
    child = pexpect.spawn(sys.executable, ["-m", "memchat", *arguments], env=env, dimensions=(24, 80), timeout=60)
    child.delaybeforesend = None
    child.expect_exact("\x1b[6n")
    child.send("\x1b[6;1R")
    child.expect_exact("remembering")
    return child


def echoes(child: pexpect.spawn, keys: int = KEYS) -> list[float]:
    """Milliseconds until each key shows; each is another character, which stands nowhere yet."""
    taken = []
    for number in range(keys):
        key = chr(0x4E00 + number).encode()
        drain(child)
        start = time.perf_counter()
        os.write(child.child_fd, key)
        seen = b""
        while key not in seen and time.perf_counter() - start < 5:
            if select.select([child.child_fd], [], [], 0.5)[0]:
                seen += os.read(child.child_fd, 65_536)
        taken.append((time.perf_counter() - start) * 1000)
        time.sleep(PAUSE)
    return taken


def drain(child: pexpect.spawn) -> None:
    """Read what is there."""
    while select.select([child.child_fd], [], [], 0)[0]:
        os.read(child.child_fd, 65_536)


def told(name: str, taken: list[float]) -> None:
    """Median, p95 and worst."""
    taken = sorted(taken)
    p95 = taken[int(len(taken) * 0.95)]
    print(f"{name:14} median {taken[len(taken) // 2]:.1f} ms, p95 {p95:.1f} ms, worst {taken[-1]:.1f} ms (bar 30 p95)")


def loading(home: Path) -> None:
    """Keys at the prompt while litellm loads behind it."""
    taken: list[float] = []
    with loopback() as base:
        env = environment(home) | {"MEMCHAT_MODEL": "openai/t", "OPENAI_API_KEY": "sk-b", "OPENAI_BASE_URL": base}
        for _ in range(3):
            child = started(env)
            taken += echoes(child, 40)  # two seconds and a half: as long as it loads
            child.close(force=True)
    told("key, loading", taken)


def streaming(home: Path) -> None:
    """Keys while a reply streams at 200 tokens a second."""
    from tests.servers.openai_server import Server
    from tests.servers.replies import Reply

    with Server() as server:
        server.answer = lambda _: Reply(pieces=("word ",) * 4_000, delay=0.005)
        env = environment(home) | {
            "MEMCHAT_MODEL": "openai/test",
            "OPENAI_API_KEY": "sk-b",
            "OPENAI_BASE_URL": server.url,
        }
        child = started(env)
        time.sleep(4)
        child.send("go\r")
        child.expect_exact("word word")
        told("key, streaming", echoes(child))
        child.close(force=True)


def spent(pid: int) -> float:
    """Processor seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def paste(home: Path) -> None:
    """10,000 lines into the line and off, processor time of memchat; on Linux."""
    child = started(environment(home))
    time.sleep(2)
    before = spent(child.pid)
    data = f"\x1b[200~{PASTED}\x1b[201~".encode()
    while data:
        ready, writable, _ = select.select([child.child_fd], [child.child_fd], [], 1)
        if ready:
            os.read(child.child_fd, 65_536)
        if writable:
            data = data[os.write(child.child_fd, data[:1024]) :]
    child.expect_exact("Line 9999")
    time.sleep(0.3)
    print(f"paste          {spent(child.pid) - before:.2f} s of the processor (bar 1.00)")
    child.close(force=True)


def prompt(home: Path) -> None:
    """The first prompt: wall and processor time, against importing the libraries of the interface."""
    env = environment(home)
    prompt_drawn(env)
    walls, ours, others = [], [], []
    for _ in range(7):
        start = time.perf_counter()
        child = started(env)
        walls.append(time.perf_counter() - start)
        ours.append(spent(child.pid))
        child.sendeof()
        child.expect(pexpect.EOF)
        child.close()
        before = _children()
        subprocess.run([sys.executable, "-c", UI], env=env, check=True)
        others.append(_children() - before)
    wall, own, other = (statistics.median(each) for each in (walls, ours, others))
    print(
        f"prompt         {wall:.2f} s (bar 0.40), {own:.2f} s of the processor, {own / other:.2f} x that of the "
        f"imports ({other:.2f} s; bar 2.00)"
    )


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure what was asked for and print it."""
    rows: dict[str, Callable[[Path], None]] = {
        "reply": lambda _: reply(),
        "loading": loading,
        "streaming": streaming,
        "paste": paste,
        "prompt": prompt,
    }
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=list(rows), default=list(rows))
    for name in parser.parse_args().only:
        with tempfile.TemporaryDirectory() as folder:
            rows[name](Path(folder) / "home")


if __name__ == "__main__":
    main()
