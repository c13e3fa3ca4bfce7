"""The three zones: whatever happens in a conversation, each request begins with the one before, byte for byte, except
at a compaction, at a resume and after an erasure. A provider's cache of the prompt lives from that.
"""

import json
import os
import secrets
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace

import apsw
import pytest
from hypothesis import example, given, seed, settings
from hypothesis import strategies as st
from memchat.chat.engine import ChatEngine
from memchat.chat.events import Compacted, Event, Text
from memchat.domain import Context, Limits, Origin, Part, PartKind, ToolCall
from memchat.errors import ContextWindowError, MemchatError, NetworkError
from memchat.llm.messages import render
from memchat.llm.scripted import ScriptedModel, Step
from memchat.memory.folding import Fold
from memchat.store.connection import SqliteStore, open_store, settled
from memchat.store.database import Database

from tests.builders import add_note, typed
from tests.chat.conftest import Lab, an_answer, run_pending
from tests.conftest import NOW, FrozenClock

CONVERSATIONS, PARTS = 1_000, 4
LIMITS = Limits(max_turns=6, keep_turns=3, max_tokens=1_600)
MESSAGES = st.sampled_from(
    ["Hello.", "We decided on 100 a minute.", "密碼：Tr0ub4dor&3", "word " * 150, "file", "paste"]
)
REPLIES = st.sampled_from(["plain", "plain", "long", "recall", "remember", "failed", "cut", "interrupted", "too large"])
BETWEEN = st.sampled_from(
    ["", "", "a note", "a day", "a new value", "summed up", "retry", "undo 1", "undo 3", "redo", "resume", "erase"]
)


def said(kind: str) -> tuple[Part, ...]:
    """What the user says, with what he gives."""
    if kind == "file":
        return (Part(PartKind.FILE, Origin.FILE, "line of it\n" * 80, name="a.md"), *typed("What is it?"))
    if kind == "paste":
        return (*typed("Read this:"), Part(PartKind.TEXT, Origin.PASTE, "some words " * 130))
    return typed(kind)


def replied(kind: str) -> list[Step]:
    """The calls that answer it."""
    remember = {"field": "location", "text": "Taipei", "quote": "Hello."}
    replies: dict[str, list[Step]] = {
        "plain": ["Yes."],
        "long": ["word " * 400],
        "recall": [["Wait.", ToolCall("1", "recall", '{"query": "decided minute"}')], "It was 100."],
        "remember": [[ToolCall("1", "remember", json.dumps(remember))], "Noted."],
        "failed": [[NetworkError("no network")]],
        "cut": [["Half", NetworkError("no network")]],
        "interrupted": [["One ", "two."]],
        "too large": [[ContextWindowError("too large")], "Fine."],
    }
    return replies[kind]


class Answering(ScriptedModel):
    """A model that is told turn by turn what to answer."""

    def will(self, steps: Sequence[Step]) -> None:
        """What it answers next; what it was not asked for before is gone."""
        self._steps[:] = steps


def request(context: Context) -> list[str]:
    """The request's messages as bytes, up to the user's own, which stands without its tail."""
    return [json.dumps(message) for message in render(replace(context, tail="", rounds=()))]


@dataclass
class Talk:
    """A conversation, and for each turn of its path what was sent for it, how that was folded, and how many compactions
    had been told of by then; None where all is new.
    """

    lab: Lab
    model: Answering
    engine: ChatEngine
    sent: list[tuple[list[str], Fold, int] | None] = field(default_factory=list)
    compactions: int = 0

    def say(self, message: str, how: str) -> None:
        """One turn, held against the one before."""
        self.model.will(replied(how))
        self._run(self.engine.run_turn(said(message)), stop=how == "interrupted")
        self._look(self.sent[-1] if self.sent else None, untold=how == "failed")

    def retry(self) -> None:
        """The newest turn once more: the same request."""
        if self.sent:
            self.model.will(replied("plain"))
            self._run(self.engine.retry(), stop=False)
            self._look(self.sent.pop())

    def undo(self, count: int) -> None:
        """Take turns back: the next one goes on from what was sent before them."""
        if len(self.sent) >= count:
            self.engine.undo(count)
            del self.sent[len(self.sent) - count :]

    def redo(self) -> None:
        """Bring them back, if that can be."""
        with suppress(MemchatError):
            self.engine.redo()
        self.sent += [None] * (len(self.engine.turns) - len(self.sent))

    def resume(self) -> None:
        """Leave the conversation and come back to it."""
        if self.engine.session is not None:
            self.engine = self.lab.engine(self.model, limits=LIMITS, session=self.engine.session)
            self.sent = [None] * len(self.sent)

    def _run(self, turn: Generator[Event, None, None], *, stop: bool) -> None:
        """Take the turn's events."""
        with closing(turn), suppress(MemchatError):
            for event in turn:
                self.compactions += isinstance(event, Compacted)
                if stop and isinstance(event, Text):
                    break

    def _look(self, before: tuple[list[str], Fold, int] | None, *, untold: bool = False) -> None:
        """`untold`: of a compaction whose request failed, nobody is told before the next reply.

        It was one all the same, with a head of its own, also where it is taken back before that.
        """
        now, fold = request(self.model.calls[-1].context), self.engine._path.working.fold
        if before is not None and before[2] == self.compactions:
            if before[1] == fold:
                assert now[: len(before[0])] == before[0]
            elif untold:
                earlier = before[1]
                assert fold == Fold() or (fold.turns, len(fold.parts)) > (earlier.turns, len(earlier.parts))
                self.compactions += fold != Fold()
            else:
                assert fold == Fold()  # an undo reached into what was folded: then all is sent again
        self.sent.append((now, fold, self.compactions))


def happens(talk: Talk, what: str, number: int) -> None:
    """Something between two messages."""
    store, moment = talk.lab.store, talk.lab.clock.advance(**({"days": 1} if what == "a day" else {"seconds": 1}))
    if what == "a note":
        add_note(store, f"note {number}", at=moment)
    elif what == "a new value":
        add_note(store, f"Town {number}", field="location", at=moment)
    elif what == "summed up":
        sum_up(talk.lab, number)
    elif what == "erase":
        store.erasure.erase_memory(add_note(store, f"secret {number}", at=moment).id, moment)
        talk.sent = [None] * len(talk.sent)
    elif what.startswith("undo"):
        talk.undo(int(what[5:]))
    elif what in {"retry", "redo", "resume"}:
        {"retry": talk.retry, "redo": talk.redo, "resume": talk.resume}[what]()


def sum_up(lab: Lab, number: int) -> None:
    """What a background does meanwhile."""
    for session in lab.store.transcripts.sessions():
        lab.store.jobs.enqueue_left(session.id, lab.clock.now())
    run_pending(lab, ScriptedModel([an_answer(f"Wanted: tea {number}.")] * 9))


# A compaction whose request fails, and which is taken back before anybody was told of it.
TAKEN_BACK = [
    *[("", "Hello.", "plain")] * 5,
    ("summed up", "Hello.", "plain"),
    ("a note", "Hello.", "failed"),
    ("undo 3", "Hello.", "plain"),
]
STEPS = st.lists(st.tuples(BETWEEN, MESSAGES, REPLIES), min_size=4, max_size=16)


@pytest.fixture(scope="module")
def empty() -> Iterator[SqliteStore]:
    """An empty database, to be copied: making one takes longer than a turn."""
    with closing(open_store(None)) as opened:
        yield opened


def copied(store: SqliteStore) -> SqliteStore:
    """Another store that holds the same, in memory."""
    connection = apsw.Connection(":memory:")
    with connection.backup("main", store.database.connection, "main") as copying:
        copying.step()
    return SqliteStore(Database(settled(connection), None))


@pytest.mark.no_cover  # so long that measuring it is half its time; shorter tests run every line of it
@pytest.mark.parametrize("part", range(PARTS))
def test_each_request_begins_with_the_one_before(empty: SqliteStore, part: int) -> None:
    """Files, pastes, long parts, tools, failures, retries, undo, redo; a summary made meanwhile moves no byte.

    1,000 conversations, in parts: so long a test would be the last one, with nothing beside it.
    """

    @seed(part if "CI" in os.environ else secrets.randbits(64))
    @settings(max_examples=CONVERSATIONS // PARTS)
    @given(steps=STEPS)
    @example(steps=TAKEN_BACK)
    def holds(steps: list[tuple[str, str, str]]) -> None:
        store = copied(empty)
        lab, model = Lab(store, FrozenClock(NOW)), Answering([])
        talk = Talk(lab, model, lab.engine(model, limits=LIMITS))
        for number, (between, message, how) in enumerate(steps):
            happens(talk, between, number)
            talk.say(message, how)
        store.close()

    holds()


def test_the_property_sees_compactions() -> None:
    """It would hold of nothing where none ever came."""
    store = open_store(None)
    lab, model = Lab(store, FrozenClock(NOW)), Answering([])
    talk = Talk(lab, model, lab.engine(model, limits=LIMITS))
    for number in range(24):
        happens(talk, "summed up" if number % 5 == 4 else "", number)
        talk.say("file" if number % 7 == 6 else "Hello.", "recall" if number % 3 == 2 else "plain")
    assert 4 <= talk.compactions <= 8
    store.close()
