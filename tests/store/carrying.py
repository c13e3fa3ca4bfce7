"""Stores that hold a little of everything, for the tests of exports and imports: by hand, and by chance."""

import io
import json
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from memchat.actions import exporting, importing
from memchat.domain import (
    Layer,
    MemoryStatus,
    MessageStatus,
    ModelCall,
    NewMemory,
    Origin,
    Part,
    PartKind,
    Passage,
    Role,
    SessionKind,
    Source,
    Taken,
    Usage,
    Zone,
)
from memchat.memory.words import words
from memchat.ports import Store
from memchat.store.connection import SqliteStore, open_store

from tests.conftest import NOW

Op = tuple[str, Any]
# No halves of surrogate pairs: the store keeps none.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
NAMES = st.sampled_from(["", "Rates", "Trip", "第三章"])
PARTS = st.lists(
    st.builds(
        Part,
        kind=st.sampled_from(PartKind),
        origin=st.sampled_from([origin for origin in Origin if origin is not Origin.HAND]),
        content=TEXTS,
        name=TEXTS,
        mime=st.sampled_from(["", "text/plain"]),
        call_id=st.sampled_from(["", "call_1"]),
        barred=st.booleans(),
    ),
    min_size=1,
    max_size=3,
)
FIELDS = st.sampled_from(["", "", "location", "goals", "reply_style"])
OPS: st.SearchStrategy[list[Op]] = st.lists(
    st.one_of(
        st.tuples(st.just("session"), st.tuples(NAMES, st.sampled_from(SessionKind), st.booleans())),
        st.tuples(st.just("turn"), st.tuples(PARTS, PARTS, st.sampled_from(MessageStatus), st.booleans())),
        st.tuples(st.just("retry"), PARTS),
        st.tuples(st.just("undo"), st.none()),
        st.tuples(st.just("label"), st.tuples(TEXTS, TEXTS, st.lists(TEXTS, max_size=3))),
        st.tuples(st.just("note"), st.tuples(TEXTS, FIELDS, st.integers(1, 10), st.sampled_from([*MemoryStatus][:3]))),
        st.tuples(st.just("learn"), st.integers(0, 100)),
        st.tuples(st.just("supersede"), st.tuples(st.integers(0, 9), st.integers(0, 9))),
        st.tuples(st.just("withdraw"), st.tuples(st.integers(0, 9), TEXTS)),
        st.tuples(st.just("end"), st.integers(0, 9)),
        st.tuples(st.just("pin"), st.integers(0, 9)),
        st.tuples(st.just("forget"), st.integers(0, 9)),
        st.tuples(st.just("never"), TEXTS),
        st.tuples(st.just("shown"), st.integers(0, 9)),
        st.tuples(st.just("call"), st.floats(allow_nan=False, allow_infinity=False)),
        st.tuples(st.just("typed"), TEXTS),
        st.tuples(st.just("ignored"), st.integers(1, 9)),
    ),
    max_size=25,
)


class Filling:
    """Does operations on a store, one after the other; what cannot be done is passed over."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.at = NOW
        self.session: int | None = None

    def do(self, ops: Sequence[Op]) -> None:
        """All of them, a minute apart."""
        for name, value in ops:
            self.at += timedelta(minutes=1)
            getattr(self, f"_{name}")(value)

    def _session(self, how: tuple[str, SessionKind, bool]) -> None:
        name, kind, learn = how
        if name and self.store.transcripts.session_named(name):
            return
        made = self.store.transcripts.create_session(
            kind, at=self.at, model="openai/x", host="a.example", learn=learn, name=name
        )
        self.session = made.id

    def _turn(self, how: tuple[list[Part], list[Part], MessageStatus, bool]) -> None:
        if self.session is None:
            return
        asked, said, status, learn = how
        transcripts = self.store.transcripts
        turn, leaf = transcripts.next_turn(self.session), transcripts.session(self.session).leaf
        user = transcripts.add_message(self.session, turn, Role.USER, asked, parent=leaf, at=self.at, learn=learn)
        transcripts.add_message(
            self.session, turn, Role.ASSISTANT, said, parent=user.id, at=self.at, status=status, model="openai/x"
        )

    def _retry(self, parts: list[Part]) -> None:
        last = self.session and self.store.transcripts.last_turn(self.session)
        if not last or not self.session:
            return
        self.store.transcripts.set_leaf(self.session, last.user.id)
        self.store.transcripts.add_message(
            self.session, last.number, Role.ASSISTANT, parts, parent=last.user.id, at=self.at
        )

    def _undo(self, _: None) -> None:
        last = self.session and self.store.transcripts.last_turn(self.session)
        if last and self.session:
            self.store.transcripts.set_leaf(self.session, last.user.parent)

    def _label(self, how: tuple[str, str, list[str]]) -> None:
        if self.session:
            title, summary, topics = how
            self.store.transcripts.rename(self.session, title)
            self.store.transcripts.summarise(self.session, summary, topics)

    def _note(self, how: tuple[str, str, int, MemoryStatus]) -> None:
        text, field, importance, status = how
        new = NewMemory(text, Source(Origin.HAND, self.at), field=field, importance=importance, status=status)
        self.store.memories.add(new, self.at)

    def _learn(self, cut: int) -> None:
        last = self.session and self.store.transcripts.last_turn(self.session)
        if last:
            part = last.user.parts[0]
            end = min(cut, len(part.content))
            source = Source(
                Origin.TYPED, self.at, part.content[:end], last.session_id, last.number, last.user.id, part.id, (0, end)
            )
            self.store.memories.add(NewMemory(part.content[:end], source), self.at)

    def _some(self, number: int) -> int | None:
        found = self.store.memories.all()
        return found[number % len(found)].id if found else None

    def _supersede(self, pair: tuple[int, int]) -> None:
        old, new = map(self._some, pair)
        # Newer ones replace older ones: no circles, as in life.
        if old and new and old < new:
            self.store.memories.supersede(old, new, self.at)

    def _withdraw(self, how: tuple[int, str]) -> None:
        if memory := self._some(how[0]):
            self.store.memories.withdraw(memory, self.at, why=how[1])

    def _end(self, number: int) -> None:
        if memory := self._some(number):
            self.store.memories.end(memory, self.at)

    def _pin(self, number: int) -> None:
        if memory := self._some(number):
            self.store.memories.pin(memory, True, self.at)

    def _forget(self, number: int) -> None:
        if memory := self._some(number):
            self.store.erasure.erase_memory(memory, self.at)

    def _never(self, text: str) -> None:
        self.store.tombstones.add("", words(text), self.at, never=True)

    def _shown(self, number: int) -> None:
        memory = self._some(number)
        if self.session and memory:
            passages = [
                Passage(Layer.NOTE, Zone.HEAD, f"m{memory}", "", "", 3, 0.25),
                Passage(Layer.SESSION, Zone.TAIL, f"s{self.session}", "", "", 3),
            ]
            self.store.usages.record_shown(self.session, 1, passages, self.at)

    def _call(self, cost: float) -> None:
        usage = Usage(1, 2, 3, cost)
        self.store.usages.record_call(ModelCall("chat", "openai/x", "a.example", usage, self.at, self.session, 1))

    def _typed(self, text: str) -> None:
        self.store.typed.add(text, self.at)

    def _ignored(self, number: int) -> None:
        self.store.usages.record_ignored({"a question": number}, self.at)


def full() -> SqliteStore:
    """A store in memory that holds some of everything."""
    store = open_store(None)
    Filling(store).do(
        [
            ("session", ("Rates", SessionKind.CHAT, True)),
            ("turn", ([said("I live in Lisbon and hate basil.")], [spoken("Noted.")], MessageStatus.COMPLETE, True)),
            ("learn", 16),
            ("turn", ([said("Which day?")], [spoken("Monday.")], MessageStatus.INTERRUPTED, True)),
            ("retry", [spoken("Tuesday.")]),
            ("label", ("Days", "Wanted a day.", ["days", "calendar"])),
            ("note", ("Lisbon", "location", 5, MemoryStatus.ACTIVE)),
            ("note", ("likes Go", "", 4, MemoryStatus.ACTIVE)),
            ("note", ("likes Rust a lot", "", 6, MemoryStatus.ACTIVE)),
            ("supersede", (2, 3)),
            ("note", ("plays the piano well", "", 6, MemoryStatus.ACTIVE)),
            ("forget", 4),
            ("never", "the garden gate"),
            ("shown", 0),
            ("call", 0.25),
            ("typed", "which day?"),
            ("ignored", 2),
        ]
    )
    behind = store.records.database
    behind.rows("INSERT INTO blobs VALUES ('abc', x'00ff')")
    behind.rows("INSERT INTO sendings (uid, host, at, at_offset) SELECT uid, 'a.example', at, 0 FROM history")
    return store


def said(text: str) -> Part:
    """A part that a person typed."""
    return Part(PartKind.TEXT, Origin.TYPED, text)


def spoken(text: str) -> Part:
    """A part that a model wrote."""
    return Part(PartKind.TEXT, Origin.MODEL, text)


def exported(store: Store) -> bytes:
    """The export of a store, as a file holds it."""
    return "".join(f"{line}\n" for line in exporting.lines(store)).encode()


def records(file: bytes) -> list[dict[str, Any]]:
    """The lines of an export as objects."""
    return [json.loads(line) for line in file.splitlines()]


def written(lines: Sequence[dict[str, Any]]) -> bytes:
    """Objects as the lines of an export."""
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def take(store: Store, file: bytes, *, review: bool = False, mask_secrets: bool = True) -> Taken:
    """Import a file."""
    return importing.take_in(store, io.BytesIO(file), NOW + timedelta(days=1), review=review, mask_secrets=mask_secrets)


def copied(file: bytes) -> SqliteStore:
    """A new store in memory into which the file was imported."""
    store = open_store(None)
    take(store, file, mask_secrets=False)
    return store


def again(store: Store) -> bytes:
    """The export of what was imported from a store's export."""
    with closing(copied(exported(store))) as other:
        return exported(other)
