"""Start-up, a turn, a call and resident memory, each as a ratio to something measured in the same run.

    python -m tests.benchmarks.speed [--json] [--only NAME ...]

Rows: version, profile, prompt, typing, ask, turn, memory, leaving, backlog, summary, drafts, remember. Medians of
alternating runs; `bar` is what the project holds itself to. Nothing here asserts: these machines are noisy.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

UI = "import typer, rich, prompt_toolkit"
BARE_CALL = """
import os
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
os.environ["LITELLM_MODE"] = "PRODUCTION"
import litellm
stream = litellm.completion(
    model="openai/test", api_base={base!r}, api_key="sk-bench", stream=True,
    stream_options={{"include_usage": True}}, messages=[{{"role": "user", "content": "2+2?"}}],
)
print("".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices))
"""


@dataclass(frozen=True)
class Row:
    """One measurement: medians in the unit named, and how they compare."""

    name: str
    ours: float
    other: float
    unit: str
    against: str
    bar: float

    @property
    def ratio(self) -> float:
        """Ours by the other."""
        return self.ours / self.other


def environment(home: Path) -> dict[str, str]:
    """A clean environment with a home of its own, memory switched on and the notebook answering."""
    keep = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT", "TERM") if name in os.environ}
    return keep | {
        "HOME": str(home),
        "MEMCHAT_HOME": str(home / "memchat"),
        "MEMCHAT_MODEL": "notebook",
        "MEMCHAT_MEMORY__ENABLED": "true",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "TERM": "xterm-256color",
    }


def timed(command: list[str], env: dict[str, str]) -> float:
    """Seconds one process takes."""
    start = time.perf_counter()
    subprocess.run(command, env=env, check=True, capture_output=True, stdin=subprocess.DEVNULL)
    return time.perf_counter() - start


def alternate(runs: int, ours: Callable[[], float], other: Callable[[], float]) -> tuple[float, float]:
    """Medians of two measurements taken in turns, so that noise meets both; one run of each warms the caches."""
    ours(), other()
    pairs = [(ours(), other()) for _ in range(runs)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def plain(name: str, arguments: list[str], bar: float, home: Path) -> Row:
    """A command that needs no model, against importing the user interface's libraries."""
    env = environment(home)
    ours, other = alternate(
        15,
        lambda: timed([sys.executable, "-m", "memchat", *arguments], env),
        lambda: timed([sys.executable, "-c", UI], env),
    )
    return Row(name, ours * 1000, other * 1000, "ms", "import typer, rich, prompt_toolkit", bar)


def prompt_drawn(env: dict[str, str]) -> float:
    """Seconds from the start of the program until its prompt stands on a pseudo-terminal."""
    return start_and_leave(env)[0]


def start_and_leave(env: dict[str, str]) -> tuple[float, float]:
    """Seconds until the prompt stands on a pseudo-terminal, and from Ctrl-D there until the program has ended."""
    import pexpect

    start = time.perf_counter()
    child = pexpect.spawn(sys.executable, ["-m", "memchat"], env=env, dimensions=(24, 80), timeout=30)
    child.expect_exact("\x1b[6n")  # prompt-toolkit asks where the cursor is; every real terminal answers at once
    child.send("\x1b[6;1R")
    child.expect_exact("remembering")  # the bottom line: the screen is complete
    drawn = time.perf_counter()
    child.sendeof()
    child.expect(pexpect.EOF)
    child.wait()
    ended = time.perf_counter()
    child.close()
    return drawn - start, ended - drawn


def prompt(home: Path) -> Row:
    """The chat's prompt on screen."""
    env = environment(home)
    ours, other = alternate(11, lambda: prompt_drawn(env), lambda: timed([sys.executable, "-c", UI], env))
    return Row("prompt", ours * 1000, other * 1000, "ms", "import typer, rich, prompt_toolkit", 2.0)


@contextmanager
def loopback() -> Iterator[str]:
    """The address of a loopback server in a process of its own."""
    from tests.servers.openai_server import Server

    with Server() as server:
        yield server.url


def typing(home: Path) -> Row:
    """The slowest key at the prompt while litellm loads behind it, from the press until it stands on the screen."""
    from tests.e2e.terminal import chat

    slowest = 0.0
    with loopback() as base:
        env = environment(home) | {"OPENAI_API_KEY": "sk-bench", "OPENAI_BASE_URL": base}
        with chat(model="openai/test", env=env) as person:
            person.sees_prompt()
            typed = ""
            for letter in "the quick brown fox jumps over the lazy dog":
                typed += letter
                start = time.perf_counter()
                person.types(letter)
                person.sees(f"> {typed}".rstrip())
                slowest = max(slowest, time.perf_counter() - start)
    return Row("typing", slowest * 1000, 1000.0, "ms", "the bar of a second for the slowest key", 1.0)


def ask(home: Path) -> Row:
    """`memchat ask` over HTTP, against a bare script that makes the same call."""
    with loopback() as base:
        env = environment(home) | {
            "MEMCHAT_MODEL": "openai/test",
            "OPENAI_API_KEY": "sk-bench",
            "OPENAI_BASE_URL": base,
        }
        ours, other = alternate(
            5,
            lambda: timed([sys.executable, "-m", "memchat", "ask", "2+2?"], env),
            lambda: timed([sys.executable, "-c", BARE_CALL.format(base=base)], env),
        )
    return Row("ask", ours * 1000, other * 1000, "ms", "a bare litellm script making the same call", 1.15)


TURN = """
import json, sys, time
from datetime import timedelta
from pathlib import Path
import apsw
from memchat.bootstrap import ChatRequest, open_app
from memchat.domain import NORMAL, Finish, Origin, Part, PartKind, TextDelta, Usage
from tests.builders import add_turn

TEXT = "We settled on 100 requests a minute for each key, with a burst of 20. " * 3
REPLY = "Then the table is complete, and the trial keys get 30 a minute. " * 3
app = open_app(__import__("os").environ)
store, now = app.store, app.clock.now()
with store.transaction():
    for number in range(1000):
        add_turn(store, f"Question {number}: {TEXT}", REPLY, at=now - timedelta(hours=1000 - number))

class Instant:
    name, host, local, window = "instant", "", True, 32768
    spent = 0.0
    def stream(self, context, tools):
        yield TextDelta(REPLY)
        yield Finish("stop", Usage(10, 10))

bare = apsw.Connection(str(Path(sys.argv[1]) / "bare.db"))
bare.pragma("journal_mode", "wal")
bare.pragma("synchronous", 2)
bare.execute("CREATE TABLE t(a TEXT)")
engine = app.open_chat(ChatRequest())
engine.use(Instant())
ours, other = [], []
for number in range(300):
    start = time.perf_counter()
    for _ in engine.run_turn([Part(PartKind.TEXT, Origin.TYPED, f"{number} {TEXT}")]):
        pass
    ours.append(time.perf_counter() - start)
    start = time.perf_counter()
    with bare:
        bare.execute("INSERT INTO t VALUES (?)", (TEXT + REPLY,))
    other.append(time.perf_counter() - start)
print(json.dumps([sorted(ours), sorted(other)]))
"""


def turn(home: Path) -> Row:
    """Our own work of a turn with 1,000 past sessions, p95, against a bare commit of the same text."""
    env = environment(home)
    home.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", TURN, str(home)],
        env=env,
        check=True,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    ours, other = json.loads(done.stdout)
    at = int(len(ours) * 0.95)
    return Row("turn", ours[at] * 1000, other[at] * 1000, "ms p95", "a bare SQLite commit of the same text", 10.0)


RESIDENT = """
import os, typer, rich.console, prompt_toolkit.shortcuts
from pathlib import Path
from memchat.bootstrap import open_app
import memchat.cli.repl
app = open_app(os.environ)
app.store.transcripts.sessions(limit=3)
status = Path("/proc/self/status").read_text()
print([line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")][0])
"""


def memory(home: Path) -> Row:
    """Resident memory of the user interface and the store, before litellm."""
    done = subprocess.run(
        [sys.executable, "-c", RESIDENT], env=environment(home), check=True, capture_output=True, text=True
    )
    return Row("memory", int(done.stdout) / 1024, 60.0, "MB", "the bar of 60 MB", 1.0)


def leaving(home: Path) -> Row:
    """Ctrl-D at the first prompt until the shell is back: nothing is due."""
    env = environment(home)
    start_and_leave(env)
    taken = statistics.median(start_and_leave(env)[1] for _ in range(11))
    return Row("leaving", taken * 1000, 200.0, "ms", "the bar of 0.2 s", 1.0)


BACKLOG = """
import os
from memchat.bootstrap import open_app
from tests.builders import add_turn
app = open_app(os.environ)
with app.store.transaction():
    for number in range(50):
        add_turn(app.store, f"Question {number}: what did we decide about the rate limit?", at=app.clock.now())
app.close()
"""


def backlog(home: Path) -> Row:
    """The prompt with 50 sessions that nobody has summed up yet, against the prompt with none."""
    env, other = environment(home / "fifty"), environment(home / "none")
    taken: list[float] = []
    bare: list[float] = []
    for number in range(12):
        shutil.rmtree(home / "fifty", ignore_errors=True)
        (home / "fifty").mkdir(parents=True)
        subprocess.run([sys.executable, "-c", BACKLOG], env=env, check=True, capture_output=True)
        pair = prompt_drawn(env), prompt_drawn(other)
        if number:  # the first warms the caches
            taken.append(pair[0])
            bare.append(pair[1])
    ours, none = statistics.median(taken) * 1000, statistics.median(bare) * 1000
    return Row("backlog", ours, none, "ms", "the prompt with nothing left to sum up", 1.1)


SUMMARY = """
import json, os, statistics, time
from memchat.bootstrap import open_app
from memchat.domain import Completion, NewMemory, Origin, Source, Usage
from tests.builders import add_turn

SAID = "We settled on 100 requests a minute for each key, with a burst of 20 on top of that. " * 5
REPLY = {
    "title": "Rate limits", "topics": ["rate limit", "keys"],
    "summary": "Wanted: a rate limit for each key.\\nResolved: 100 a minute, burst 20.\\nPending: trial keys.",
    "facts": [{"op": "add", "target": None, "field": "note", "text": "settled on 100 requests", "turn": 3,
               "quote": "We settled on 100 requests a minute", "importance": 5, "lasting": True}],
}
app = open_app(os.environ)
store = app.store
for number in range(200):
    now = app.clock.now()
    store.memories.add(NewMemory(f"note {number} about the project", Source(Origin.HAND, now)), now)

class Instant:
    name, host, local, window = "instant", "", True, 32768
    def __init__(self): self.spent = 0.0
    def complete(self, task, stop):
        start = time.perf_counter()
        text = json.dumps(REPLY)
        self.spent += time.perf_counter() - start
        return Completion(text, Usage(10, 10))

model = Instant()
app.memory_model = lambda name, host: model
work = app.consolidator(store)
taken = []
for run in range(31):
    with store.transaction():
        session = add_turn(store, f"0 {SAID}", SAID, at=app.clock.now()).session_id
        for number in range(24):
            add_turn(store, f"{number} {SAID}", SAID, session_id=session, at=app.clock.now())
    store.jobs.enqueue_left(session, app.clock.now())
    before, start = model.spent, time.perf_counter()
    (done,) = work.run_pending(lambda: False)
    taken.append(time.perf_counter() - start - (model.spent - before))
    assert done.fate == "done", done
print(json.dumps(statistics.median(taken[1:])))
"""


def summary(home: Path) -> Row:
    """The path of a summary of 25 turns apart from the model: lease, read, prompt, parse, check, write."""
    home.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", SUMMARY], env=environment(home), check=True, capture_output=True, text=True
    )
    return Row("summary", float(done.stdout) * 1000, 20.0, "ms", "the bar of 20 ms", 1.0)


KNOWN = """
import json, os, random, statistics, time
from memchat.bootstrap import open_app
from memchat.chat.tool_calls import Moment
from memchat.domain import Material, NewMemory, NORMAL, Origin, Source, ToolCall
from memchat.memory.findings import read
from memchat.memory.intake import Intake
from tests.builders import add_turn

app = open_app(os.environ)
store, now = app.store, app.clock.now()
chance = random.Random(4)
PEOPLE = "Ines Mei Tom Ana Rui Kofi Lena Omar Yuki Paul".split()
THINGS = "billing garden thesis piano cello harbour bakery budget holiday kitchen chess novel boat school bees".split()
with store.transaction():
    for number in range(10_000):
        text = f"likes to talk with {chance.choice(PEOPLE)} about the {chance.choice(THINGS)} plan {number}"
        store.memories.add(NewMemory(text, Source(Origin.HAND, now)), now)
WORDS = ("I like {0} tea.", "I am allergic to {0}.", "I play the {0}.", "My sister {0} lives in Porto.", "I hate {0}.")


def turns(run):
    said = [WORDS[n % 5].format(f"{chance.choice(THINGS)}{run}x{n}") for n in range(50)]
    with store.transaction():
        session = add_turn(store, " ".join(said[:2]), at=now).session_id
        for n in range(2, 50, 2):
            add_turn(store, " ".join(said[n : n + 2]), session_id=session, at=now)
    return store.transcripts.turns(session), said
"""
DRAFTS = (
    KNOWN
    + """
taken = []
for run in range(16):
    told, said = turns(run)
    facts = [{"op": "add", "target": None, "field": "note", "text": one.replace("I ", "").rstrip("."), "quote": one,
              "turn": n // 2 + 1, "importance": 5, "lasting": True} for n, one in enumerate(said)]
    found = read(json.dumps({"facts": facts}))
    material = Material(tuple(enumerate(told, 1)), (), app.fields, now)
    start = time.perf_counter()
    with store.transaction():
        Intake(store, material, app.rules, "m", now).facts(found)
    taken.append(time.perf_counter() - start)
start = time.perf_counter()
store.memories.all()
print(json.dumps([statistics.median(taken[1:]), time.perf_counter() - start]))
"""
)
REMEMBER = (
    KNOWN
    + """
box = app._toolbox(store, NORMAL)
taken = []
for run in range(4):
    told, said = turns(run)
    for n, one in enumerate(said):
        moment = Moment(told[n // 2].user, "m", now, 1, store.erasure.epoch(), len, 600, tuple(told[: n // 2]))
        call = ToolCall("1", "remember", json.dumps({"field": "note", "text": one.replace("I ", ""), "quote": one}))
        start = time.perf_counter()
        box.run(call, moment)
        taken.append(time.perf_counter() - start)
start = time.perf_counter()
store.memories.all()
print(json.dumps([statistics.median(taken[5:]), time.perf_counter() - start]))
"""
)


def drafts(home: Path) -> Row:
    """50 drafts of 25 turns verified, reconciled and written beside 10,000 notes, against reading those notes once."""
    return _beside_many("drafts", DRAFTS, home)


def remember(home: Path) -> Row:
    """One call of the tool `remember` beside 10,000 notes, commit included, against reading those notes once."""
    return _beside_many("remember", REMEMBER, home)


def _beside_many(name: str, body: str, home: Path) -> Row:
    home.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", body], env=environment(home), check=True, capture_output=True, text=True
    )
    ours, other = json.loads(done.stdout)
    bars = {"drafts": 100.0, "remember": 10.0}
    return Row(name, ours * 1000, other * 1000, "ms", f"reading 10,000 notes; bar {bars[name]:.0f} ms", 1.0)


ROWS: dict[str, Callable[[Path], Row]] = {
    "version": lambda home: plain("version", ["--version"], 0.75, home),
    "profile": lambda home: plain("profile", ["profile", "show"], 1.5, home),
    "prompt": prompt,
    "typing": typing,
    "ask": ask,
    "turn": turn,
    "memory": memory,
    "leaving": leaving,
    "backlog": backlog,
    "summary": summary,
    "drafts": drafts,
    "remember": remember,
}


def main() -> None:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", nargs="*", choices=list(ROWS), default=list(ROWS))
    wanted = parser.parse_args()
    rows = []
    for name in wanted.only:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(ROWS[name](Path(folder) / "home"))
        row = rows[-1]
        if not wanted.json:
            print(
                f"{row.name:8} {row.ours:9.1f} {row.unit:7} {row.ratio:6.2f} x  (bar {row.bar:.2f})  "
                f"{row.against}: {row.other:.1f}",
                flush=True,
            )
    if wanted.json:
        print(json.dumps([asdict(row) | {"ratio": row.ratio} for row in rows]))


if __name__ == "__main__":
    main()
