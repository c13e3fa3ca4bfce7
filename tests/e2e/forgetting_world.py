"""A small life with a memory: facts that are told, asked for, corrected and forgotten, and a model that repeats all.

Each fact has a word of its own, so that one look at rows, vocabulary and bytes tells whether it is gone. The model is a
parrot: its replies say every such word it was shown, its summaries, titles and topics too, and after the talk it
proposes everything as a memory, as it was said and in other words. It knows nothing but what it is sent: what it says
again, somebody has left lying about.
"""

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw
from memchat.chat.consolidating import Consolidator
from memchat.chat.engine import ChatEngine
from memchat.domain import (
    Completion,
    Context,
    Finish,
    Limits,
    Memory,
    ModelEvent,
    Part,
    Task,
    TextDelta,
    ToolCall,
    ToolSpec,
    Usage,
)
from memchat.llm.messages import render
from memchat.memory.learning import Rules
from memchat.memory.statements.sentences import own_words
from memchat.store.connection import SqliteStore
from memchat.store.database import Database
from memchat.store.encryption import Key, unlock_connection

from tests.builders import typed
from tests.chat.conftest import FIELDS, Lab, Words
from tests.conftest import NOW, FrozenClock

OWNER = "here:1"
# Each message that is said has a mark of its own, which a summary and a title tell and a reply does not.
TAG = re.compile(r"zq\d+x")
TALK = Limits(max_turns=6, keep_turns=2)


@dataclass(frozen=True)
class Fact:
    """Something to tell: in a sentence, as a memory's text, with a word of its own and another word for the same."""

    word: str
    other: str
    told: str
    text: str
    field: str = ""

    def __repr__(self) -> str:
        return self.word

    @property
    def asked(self) -> str:
        """A question that holds the word."""
        return f"這個{self.word}可以嗎?" if self.told[0] > "\u2e80" else f"What about {self.word} for dinner?"


def _note(word: str, other: str) -> Fact:
    return Fact(word, other, f"I am allergic to {word}.", f"allergic to {word}")


def _city(word: str, other: str) -> Fact:
    return Fact(word, other, f"I live in {word}.", word, "location")


TELLING = 8  # letters that nobody meets by chance
FACTS = (
    _note("walnuts", "juglans"),
    _note("saffron", "crocin"),
    _note("marzipan", "frangipane"),
    _note("Brazil nuts", "bertholletia"),
    Fact("花生醬", "落花泥", "我對花生醬過敏。", "對花生醬過敏"),
    Fact("龍蝦", "海螯", "我對龍蝦過敏。", "對龍蝦過敏"),
    _city("Lisbon", "Olisipo"),
    _city("Tromsø", "Paristown"),
    Fact("Xanthia", "Goldilocks", "Call me Xanthia.", "Xanthia", "display_name"),
)


@dataclass
class Parrot:
    """A model that says again whatever it sees; `seen` keeps every request, `hostile` is what it adds."""

    name: str = "parrot"
    host: str = "parrot.example"
    local: bool = False
    window: int = 32_000
    window_from: str = "a test"
    sees: bool = False
    remembers: bool = False
    recalls: str = ""
    rewords: bool = False
    quiet: bool = False
    seen: list[str] = field(default_factory=list)
    hostile: Sequence[Fact] = ()

    def stream(self, context: Context, tools: Sequence[ToolSpec]) -> Iterator[ModelEvent]:
        """Calls its tools once, then says every word it was shown."""
        text = json.dumps(render(context), ensure_ascii=False)
        self.seen.append(text)
        if not context.rounds and (calls := list(self._calls(context))):
            yield from calls
            yield Finish("tool_calls", Usage(10, 5))
            return
        yield TextDelta("Good." if self.quiet else f"Noted: {', '.join(_words_in(text)) or 'nothing'}.")
        yield Finish("stop", Usage(10, 5))

    def complete(self, task: Task, stop: Callable[[], bool]) -> Completion | None:
        """Sums up with every word it was shown, and proposes every sentence as a fact, twice."""
        self.seen.append(task.text)
        words = _words_in(task.text)
        facts: list[dict[str, Any]] = []
        for number, turn in task.material.turns:
            said = own_words(turn.user)
            for sentence in filter(None, (each.strip() for each in said.replace("。", ".").split("."))):
                facts.append(_proposed("note", sentence, sentence, number))
                for fact in FACTS:
                    if fact.word in sentence:
                        facts.append(_proposed(fact.field or "note", fact.text, sentence, number))
                        if self.rewords:
                            facts.append(_proposed("note", f"cannot stand {fact.other}", sentence, number))
                facts += [_proposed(fact.field or "note", fact.text, sentence, number) for fact in self.hostile]
        told = " ".join((*TAG.findall(task.text), *words)) or "nothing"
        found = {"title": f"About {told}"[:60], "summary": f"Wanted: {told}.", "topics": words[:8], "facts": facts[:50]}
        return Completion(json.dumps(found, ensure_ascii=False), Usage(10, 5))

    def _calls(self, context: Context) -> Iterator[ToolCall]:
        said = context.user.text
        if self.remembers:
            for fact in FACTS:
                if fact.told.rstrip(".。") in said:
                    arguments = {"field": fact.field or "note", "text": fact.text, "quote": fact.told.rstrip(".。")}
                    yield ToolCall(f"call-{FACTS.index(fact)}", "remember", json.dumps(arguments, ensure_ascii=False))
        if self.recalls:
            yield ToolCall("q", "recall", json.dumps({"query": self.recalls}, ensure_ascii=False))


def _proposed(field_: str, text: str, quote: str, turn: int) -> dict[str, Any]:
    told = {"op": "add", "target": None, "field": field_, "text": text, "turn": turn, "quote": quote}
    return {**told, "importance": 6, "lasting": True}


def _words_in(text: str) -> list[str]:
    low = text.casefold()
    return [word for fact in FACTS for word in (fact.word, fact.other) if word.casefold() in low]


class World:
    """One person's memchat in a folder of its own, and all that can be looked at from outside."""

    def __init__(self, folder: Path, store: SqliteStore) -> None:
        self.folder = folder
        self.store = store
        self.clock = FrozenClock(NOW)
        self.parrot = Parrot()
        self.engine = self._engine()
        self.said = 0

    @property
    def behind(self) -> Database:
        """The database behind the store's back."""
        return self.store.records.database

    def close(self) -> None:
        """Leave."""
        self.engine.close()
        self.store.close()

    # What happens in it

    def say(self, *parts: Part | str) -> str:
        """One turn; returns the mark that its message has."""
        self.said += 1
        mark = f"zq{self.said}x"
        first, *more = [typed(part)[0] if isinstance(part, str) else part for part in parts]
        opening = Part(first.kind, first.origin, f"Note {mark}. {first.content}")
        self.store.typed.add(opening.content, self.clock.now())
        with closing(self.engine.run_turn((opening, *more))) as events:
            list(events)
        self.clock.advance(minutes=7)
        return mark

    def leave(self) -> None:
        """The next message starts another conversation."""
        self.engine.new()
        self.clock.advance(hours=3)

    def consolidate(self) -> None:
        """Do all the work for after the talk, whoever left it."""
        worker = Consolidator(
            self.store,
            model_for=lambda _name, _host: self.parrot,
            counter_for=lambda _: Words(),
            rules=Rules(FIELDS),
            max_tokens=16_000,
            clock=self.clock,
            owner=OWNER,
        )
        for session_id in self.behind.column("SELECT id FROM sessions ORDER BY id"):
            self.store.jobs.enqueue_left(session_id, self.clock.now())
        worker.run_pending(early=True)

    def consolidate_anew(self, hostile: Sequence[Fact]) -> None:
        """All transcripts from the beginning, by a model that proposes everything, and whatever it heard elsewhere."""
        self.behind.rows("UPDATE sessions SET consolidated_to = NULL, summary = '', topics = '[]'")
        self.behind.rows("DELETE FROM jobs")
        self.parrot.hostile, self.parrot.rewords = hostile, True
        self.consolidate()
        self.parrot.hostile, self.parrot.rewords = (), False

    def _engine(self) -> ChatEngine:
        return Lab(self.store, self.clock).engine(self.parrot, limits=TALK, owner=OWNER)

    # What can be looked at

    def memories(self) -> dict[int, Memory]:
        """All there are, by number."""
        return {memory.id: memory for memory in self.store.memories.all()}

    def texts(self) -> dict[int, str]:
        """Every part of every message that has words, by its number."""
        return dict(self.behind.rows("SELECT id, content FROM parts WHERE content IS NOT NULL"))

    def rows_with(self, words: Sequence[str], *, barred: bool = True) -> list[str]:
        """Each value of any row of any table that holds one of these words, case aside; `barred` parts or not."""
        found = []
        tables = self.behind.column("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%fts5%'")
        for table in tables:
            these = "WHERE barred = 0" if table == "parts" and not barred else ""
            for row in self.behind.rows(f'SELECT * FROM "{table}" {these}'):  # noqa: S608 - its own names
                for value in row:
                    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                    low = text.casefold()
                    found += [f"{table}: {text[:300]}" for word in words if word.casefold() in low]
        return found

    def terms_with(self, words: Sequence[str]) -> list[str]:
        """Each term of any search index that begins as one of these words does, or is a piece of one."""
        wanted = [_key(word) for word in words]
        return [term for term in self.vocabulary() if any(key in term for key in wanted)]

    def vocabulary(self) -> dict[str, int]:
        """The terms of all search indexes, and how often each stands there, as FTS5 lists them itself."""
        found: dict[str, int] = {}
        for table in self.behind.column("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'"):
            self.behind.rows(f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.v_{table} USING fts5vocab (main, {table}, row)")
            for term, count in self.behind.rows(f"SELECT term, cnt FROM v_{table}"):  # noqa: S608 - its own names
                found[f"{table} {term}"] = count
        return found

    def files_with(self, words: Sequence[str]) -> list[str]:
        """Every file in the folder that holds one of these words, in any of its usual spellings."""
        wanted = [form.encode() for word in words for form in {word, word.lower(), word.upper(), word.title()}]
        # Among megabytes of cipher a few letters stand by chance; its pages are looked through without it, too.
        long = [word for word in wanted if self.behind.key is None or len(word) >= TELLING]
        return [
            name
            for name, data in self.files()
            if any(word in data for word in (long if name.startswith("memchat.db") else wanted))
        ]

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file in the folder, and its bytes; of what is encrypted its pages as they are without."""
        for each in self.folder.rglob("*"):
            if each.is_file():
                yield each.name, each.read_bytes()
        if self.behind.key is not None:
            with tempfile.TemporaryDirectory() as folder:
                yield "decrypted", decrypted(self.folder / "memchat.db", self.behind.key, Path(folder) / "plain.db")

    def sound(self) -> bool:
        """Whether SQLite finds nothing wrong, foreign keys included."""
        whole = self.behind.column("PRAGMA integrity_check") == ["ok"]
        return whole and not self.behind.rows("PRAGMA foreign_key_check")


def decrypted(path: Path, key: Key, copy: Path) -> bytes:
    """All pages of an encrypted database, those that nothing stands in any more too, as they are without the key."""
    copy.write_bytes(path.read_bytes())
    journal = path.with_name(f"{path.name}-wal")
    if journal.exists():
        copy.with_name(f"{copy.name}-wal").write_bytes(journal.read_bytes())
    with closing(apsw.Connection(str(copy))) as connection:
        unlock_connection(connection, key)
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()
        connection.execute("PRAGMA rekey = ''").fetchall()
    return copy.read_bytes()


def _key(word: str) -> str:
    """How every form of the word begins in an index that folds case and accents and cuts endings."""
    return {"Tromsø": "troms", "龍蝦": "龙虾", "花生醬": "生酱"}.get(word, word.casefold()[:6])
