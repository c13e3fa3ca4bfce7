"""How long recall takes among many turns, how quickly they are indexed, and what that costs on the disk and in memory.

    python -m tests.benchmarks.recall_scale [--turns 10000 100000] [--queries 200] [--json]

A turn is a message of the user and the reply to it; their lengths are those of the chats in `chats/train`, their words
follow Zipf's law over those of the chats and some thousand invented ones. Between them stand exchanges that questions
ask for; a million turns take half an hour and 5 GB, so ask for them (`--turns 1000000`).

The questions run in a process of its own, as a chat would: the first without the embedder, then with it. Each is put to
a bare FTS5 table of the same messages in turns with it: the rarest of the same words, the ten best by bm25. Both files
are read once before, so that no disk is measured.
"""

import argparse
import gc
import json
import os
import random
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from itertools import accumulate
from pathlib import Path
from typing import Any

from memchat.__main__ import OBJECTS
from memchat.chat import catching_up
from memchat.chat.active_path import title_of
from memchat.domain import Origin, Part, PartKind, Role, SessionKind
from memchat.memory.query import understand
from memchat.store.choosing import RANKED

from tests.benchmarks.conversations import read
from tests.benchmarks.filling import Timed
from tests.benchmarks.measures import percentile
from tests.conftest import NOW

CHATS = Path(__file__).parent / "chats" / "train"
INVENTED = 40_000  # words that no chat has: names, products, typing errors
FLATTEN = 2.7  # of Zipf and Mandelbrot's law, as measured on English text
TURNS_A_SESSION = 8
AT_ONCE = 1_000  # turns in one transaction: the disk is not what is measured
SHARE_HAN = 0.05  # of the messages in Chinese
SPAN = timedelta(days=3 * 365)
QUESTIONS = 1_000


@dataclass(frozen=True)
class Planted:
    """An exchange, how many days ago it was, and the question that it answers; two `about` the same are rivals."""

    about: str
    days_ago: int
    user: str
    reply: str
    question: str


# Pairs about the same thing on different days: only the day tells which is meant. NOW is 22 November 2026.
PLANTED = (
    Planted("Taipei", 300, "我下個月要搬到台北，公司幫我找了房子", "恭喜！台北的冬天很潮濕。", "台北"),
    Planted("peanuts", 211, "我對花生過敏，上次差點送醫院", "記住了，以後食譜都不放。", "花生"),
    Planted(
        "limit", 120, "We settled on 140 requests a minute for the trial keys.", "Noted.", "limit of the trial keys?"
    ),
    Planted("landlord", 97, "Our landlord is called Bartholomew Quillfeather.", "Ha!", "What is my landlord called?"),
    Planted("invoices", 33, "The quarterly invoices go to Odalys now.", "I see.", "Last month, who got the invoices?"),
    Planted("invoices", 64, "The quarterly invoices go to Benedikt.", "I see.", "In September, who got the invoices?"),
    Planted("reports", 34, "我們決定把季報交給雅婷", "好的。", "上個月我們決定把季報交給誰？"),
    Planted("reports", 66, "我們決定把季報交給志明", "好的。", "九月我們決定把季報交給誰？"),
    Planted("kiln", 264, "The kiln fired at cone six and cracked.", "A pity.", "What happened to the kiln on March 3?"),
    Planted("kiln", 250, "The kiln fired at cone four, no cracks.", "Lovely.", "What did the kiln do on March 17?"),
)
SHOWN_AT = 10


@dataclass
class Size:
    """What came of one number of turns; times in milliseconds, sizes in bytes, memory in MB.

    `saving` is in seconds, without what a commit to the disk takes; `embedding` is the part of it that made vectors.

    `words_first` is the first question of a process, before its embedder is there, `loading` how long that takes then,
    `first` the first question that has it; `memory` is resident with the screen's libraries, all that, and no litellm.
    """

    turns: int
    messages: int = 0
    saving: float = 0.0
    embedding: float = 0.0
    database: int = 0
    text: int = 0
    words_first: float = 0.0
    loading: float = 0.0
    first: float = 0.0
    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    found: int = 0
    missed: list[str] = field(default_factory=list)
    memory: float = 0.0

    @property
    def speed(self) -> float:
        """Turns saved, indexed and embedded in a second."""
        return self.turns / self.saving

    @property
    def ratio(self) -> float:
        """Our p95 by the bare one's."""
        return percentile(self.ours, 0.95) / percentile(self.bare, 0.95)


class Talk:
    """Makes messages up, the same ones for the same seed."""

    def __init__(self, seed: int = 5) -> None:
        self._random = random.Random(seed)
        chats = [one for path in sorted(CHATS.glob("*.json")) for one in read(path)]
        said = [message for one in chats for message in one.messages if one.language == "en"]
        self._lengths = {
            role: [len(message.text.split()) for message in said if message.role is role]
            for role in (Role.USER, Role.ASSISTANT)
        }
        counts = Counter(word for message in said for word in re.findall(r"[a-z]+", message.text.casefold()))
        self.words = [word for word, _ in counts.most_common()]
        self.words += [self._invented() for _ in range(INVENTED)]
        self._weights = _zipf(len(self.words))
        han = Counter(
            sign for one in chats for message in one.messages for sign in re.findall(r"[\u4e00-\u9fff]", message.text)
        )
        self._han = [sign for sign, _ in han.most_common()]
        self._han_weights = _zipf(len(self._han))

    def _invented(self) -> str:
        syllables = self._random.choices(("ka", "lo", "mir", "ten", "su", "vel", "or", "dan", "ri", "pho", "gu"), k=4)
        return "".join(syllables) + self._random.choice("aeinst")

    def message(self, role: Role) -> str:
        """What somebody says."""
        length = self._random.choice(self._lengths[role])
        if self._random.random() < SHARE_HAN:
            return "".join(self._random.choices(self._han, cum_weights=self._han_weights, k=max(4, length)))
        words = self._random.choices(self.words, cum_weights=self._weights, k=length)
        return f"{' '.join(words).capitalize()}."


def _zipf(count: int) -> list[float]:
    return list(accumulate(1 / (rank + FLATTEN) for rank in range(count)))


Exchange = tuple[str, str, datetime]  # what was said, the reply, when


def exchanges(turns: int) -> Iterator[list[Exchange]]:
    """So many over three years, in batches; the planted ones on their days."""
    talk, step = Talk(), SPAN / turns
    planted = {turns - 1 - round(one.days_ago * (timedelta(days=1) / step)): one for one in PLANTED}
    for start in range(0, turns, AT_ONCE):
        batch: list[Exchange] = []
        for number in range(start, min(start + AT_ONCE, turns)):
            one = planted.get(number)
            if one is not None:
                batch.append((one.user, one.reply, NOW - timedelta(days=one.days_ago)))
            else:
                batch.append((talk.message(Role.USER), talk.message(Role.ASSISTANT), NOW - step * (turns - number)))
        yield batch


def fill(home: Path, turns: int) -> tuple[Size, list[str]]:
    """A database of that many turns and a bare table beside it; what it cost, and questions to ask."""
    app, size, bare = Timed(home), Size(turns), Bare(home)
    dice, questions = random.Random(6), []
    for batch in exchanges(turns):
        began = time.perf_counter()
        with app.store.transaction():
            for start in range(0, len(batch), TURNS_A_SESSION):
                size.embedding += _session(app, batch[start : start + TURNS_A_SESSION])
        size.saving += time.perf_counter() - began
        texts = [text for exchange in batch for text in exchange[:2]]
        bare.add(texts)
        size.text += sum(len(text.encode()) for text in texts)
        size.messages += len(texts)
        for said, _, _ in dice.sample(batch, min(len(batch), max(1, QUESTIONS * len(batch) // turns + 1))):
            questions.append(question(dice, said))
    questions = [one for one in questions if understand(one, NOW).words]
    dice.shuffle(questions)
    while catching_up.step(app.store, app.embedder, lambda: False):
        pass
    app.close()
    bare.close()
    size.database = app.paths.db.stat().st_size
    return size, questions


def _session(app: Timed, batch: Sequence[Exchange]) -> float:
    """Save one session as a chat does, but for its commits; how much of that its vectors took, in seconds."""
    transcripts, leaf, spent = app.store.transcripts, None, 0.0
    session = transcripts.create_session(SessionKind.CHAT, at=batch[0][2], model="notebook", host="", learn=True)
    for turn, (said, reply, at) in enumerate(batch, 1):
        for role, origin, text in ((Role.USER, Origin.TYPED, said), (Role.ASSISTANT, Origin.MODEL, reply)):
            part = Part(PartKind.TEXT, origin, text)
            if turn == 1 and role is Role.USER:
                transcripts.entitle(session.id, title_of([part]))
            leaf = transcripts.add_message(session.id, turn, role, [part], parent=leaf, at=at, model="notebook").id
        began = time.perf_counter()
        catching_up.with_turn(app.store, app.embedder)
        spent += time.perf_counter() - began
    return spent


def question(dice: random.Random, message: str) -> str:
    """Something that somebody might ask about a message: some of its words, rare and common."""
    if not message.isascii():
        return f"我說過{message[4:10]}嗎？"
    words = sorted(set(message.rstrip(".").casefold().split()), key=lambda word: (len(word), word))[-12:]
    return f"What did I say about {' '.join(dice.sample(words, min(4, len(words))))}?"


# Asking, in a process of its own.

LOADED = (
    "typer",
    "rich.console",
    "prompt_toolkit.shortcuts",
    "memchat.cli.repl",
)  # by a chat before its first question
ASK = "import sys; from tests.benchmarks.recall_scale import ask; ask(sys.argv[1])"


def ask(home: str) -> None:
    """Ask what `questions.json` in the home holds, as a chat does, and print what was measured as JSON."""
    gc.set_threshold(OBJECTS)
    for name in LOADED:
        import_module(name)
    questions: list[str] = json.loads((Path(home) / "questions.json").read_text("utf-8"))
    app = Cold(Path(home))
    size = Size(0)
    app.turned.set(NOW)
    size.words_first = _timed(app, questions[0])
    began = time.perf_counter()
    assert app.embedder is not None
    app.embedder.warm()
    app.recall().warm()
    gc.freeze()  # as bootstrap.models.warm does once all is loaded
    size.loading = (time.perf_counter() - began) * 1000
    size.first = _timed(app, questions[0])
    bare = Bare(Path(home))
    for question in questions:
        size.ours.append(_timed(app, question))
        size.bare.append(bare.timed(question))
        if len(size.ours) == len(questions) // 2:
            size.memory = _resident()
    _find(app, size)
    print(json.dumps(asdict(size)))


class Cold(Timed):
    """The same, but whoever asks loads the embedder."""

    def __init__(self, home: Path) -> None:
        from memchat.llm.embedding import BundledEmbedder

        super().__init__(home, embedder=BundledEmbedder())


def _timed(app: Timed, question: str) -> float:
    """How long a turn waits for recall, in milliseconds."""
    count, tokens = app.counter.count, app.settings.context.recall_tokens
    began = time.perf_counter()
    app.recall().for_turn(question, NOW, count=count, tokens=tokens)
    return (time.perf_counter() - began) * 1000


def _find(app: Timed, size: Size) -> None:
    """Which of the planted exchanges are among the first that their questions find."""
    for one in PLANTED:
        order = app.recall().order(one.question, NOW)[:SHOWN_AT]
        texts = [candidate.text for candidate in order]
        rivals = {other.user for other in PLANTED if other.about == one.about} - {one.user}
        place = texts.index(one.user) if one.user in texts else SHOWN_AT
        if place < min((texts.index(rival) for rival in rivals if rival in texts), default=SHOWN_AT):
            size.found += 1
        else:
            size.missed.append(one.question)


def _resident() -> float:
    """Resident memory in MB; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    lines = status.read_text("utf-8").splitlines() if status.exists() else []
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


class Bare:
    """The plain table, asked for the rarest of a question's words."""

    def __init__(self, home: Path) -> None:
        self._connection = sqlite3.connect(home / "bare.db")
        self._connection.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS bare USING fts5 (text, content = '', tokenize = 'porter unicode61')"
        )

    def add(self, texts: Sequence[str]) -> None:
        """Take them in."""
        with self._connection:
            self._connection.executemany("INSERT INTO bare (text) VALUES (?)", ((text,) for text in texts))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def timed(self, question: str) -> float:
        """How long the rarest words of the question take, in milliseconds; choosing them is not counted."""
        query = " OR ".join(f'"{word}"' for word in self._rarest(understand(question, NOW).words))
        began = time.perf_counter()
        self._connection.execute(
            "SELECT rowid FROM bare WHERE bare MATCH ? ORDER BY rank LIMIT 10", (query,)
        ).fetchall()
        return (time.perf_counter() - began) * 1000

    def _rarest(self, words: Sequence[str]) -> list[str]:
        """Those that are looked up together: at least one, and no more than are ranked."""
        counts = {word: self._count(word) for word in words}
        chosen: list[str] = []
        for word in sorted(counts, key=lambda word: counts[word]):
            if not chosen or sum(counts[one] for one in chosen) + counts[word] <= RANKED:
                chosen.append(word)
        return chosen

    def _count(self, word: str) -> int:
        found = self._connection.execute("SELECT count(*) FROM bare WHERE bare MATCH ?", (f'"{word}"',)).fetchone()
        return int(found[0])


# Telling.


def measure(turns: int, queries: int) -> Size:
    """Everything for one number of turns."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        size, questions = fill(home, turns)
        (home / "questions.json").write_text(json.dumps(questions[:queries]), "utf-8")
        for file in home.rglob("*.db"):
            file.read_bytes()
        done = subprocess.run(
            [sys.executable, "-c", ASK, folder], check=True, stdout=subprocess.PIPE, text=True, env=_environment(home)
        )
        asked: dict[str, Any] = json.loads(done.stdout)
    for name in ("words_first", "loading", "first", "ours", "bare", "found", "missed", "memory"):
        setattr(size, name, asked[name])
    return size


def _environment(home: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    return kept | {"HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[2])}


def table(size: Size) -> Iterator[str]:
    """The result as text."""
    ours, bare = statistics.median(size.ours), statistics.median(size.bare)
    yield f"{size.turns:,} turns, {size.messages:,} messages, {size.text / 1e6:,.0f} MB of text"
    yield (
        f"   question p50 {ours:.1f} ms, p95 {percentile(size.ours, 0.95):.1f} ms; bare FTS5 {bare:.2f} and "
        f"{percentile(size.bare, 0.95):.2f} ms; p95 {size.ratio:.1f} x"
    )
    yield (
        f"   first question {size.words_first:.0f} ms by words alone; embedder loaded in {size.loading:.0f} ms; "
        f"first with vectors {size.first:.0f} ms"
    )
    yield (
        f"   {size.speed:,.0f} turns/s saved and indexed, {size.embedding / size.saving:.0%} of that for vectors; "
        f"database {size.database / size.text:.2f} x its text; {size.memory:.0f} MB resident"
    )
    yield f"   planted exchanges found before their rivals: {size.found} of {len(PLANTED)}"
    yield from (f"      not: {question}" for question in size.missed)


def as_json(size: Size) -> dict[str, Any]:
    """The result as JSON; times in milliseconds, but saving and embedding in seconds."""
    told = {name: value for name, value in asdict(size).items() if name not in ("ours", "bare")}
    told |= {f"p{share}": percentile(size.ours, share / 100) for share in (50, 95)}
    told |= {f"bare_p{share}": percentile(size.bare, share / 100) for share in (50, 95)}
    told |= {"ratio": size.ratio, "turns_a_second": size.speed, "planted": len(PLANTED)}
    return told | {"database_by_text": size.database / size.text}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure each number of turns; 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", nargs="+", type=int, default=[10_000, 100_000])
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    wanted = parser.parse_args(arguments)
    sizes = []
    for turns in wanted.turns:
        sizes.append(measure(turns, wanted.queries))
        if not wanted.json:
            print(*table(sizes[-1]), sep="\n", flush=True)
    if wanted.json:
        print(json.dumps([as_json(size) for size in sizes], ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
