"""What the chat tests share: engines and consolidators on the real store, with scripted models and a clock that stands
still.
"""

import json
import os
import socket
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest
from memchat.chat.consolidating import Consolidator
from memchat.chat.engine import ChatEngine
from memchat.chat.events import Event
from memchat.chat.tools import ToolBox
from memchat.domain import NORMAL, Completion, Job, JobStatus, Limits, Mode, Part, Role, SessionKind, Task, Usage
from memchat.memory.context import ContextAssembler
from memchat.memory.learning import Rules
from memchat.memory.recalling import Recall
from memchat.ports import ChatModel, Store
from memchat.store.claims import started
from memchat.store.connection import SqliteStore, open_store

from tests.builders import spoken, typed
from tests.conftest import NOW, FrozenClock

FIELDS = ("display_name", "location", "goals")


class Words:
    """A token is a word."""

    def count(self, text: str) -> int:
        """How many."""
        return len(text.split())


class Lab:
    """Makes engines that share a store and a clock."""

    def __init__(self, store: Store, clock: FrozenClock) -> None:
        self.store = store
        self.clock = clock

    def engine(
        self,
        model: ChatModel,
        *,
        mode: Mode = NORMAL,
        limits: Limits | None = None,
        owner: str = "here:1",
        tools: dict[str, Any] | None = None,
        **more: Any,
    ) -> ChatEngine:
        """One conversation with `model`."""
        return ChatEngine(
            store=self.store,
            model=model,
            assembler=ContextAssembler(
                store=self.store, counter=Words(), limits=limits or Limits(), fields=FIELDS, mode=mode
            ),
            toolbox=ToolBox(
                store=self.store,
                mode=mode,
                fields=FIELDS,
                **{"recall": lambda: Recall(self.store, fields=FIELDS), **(tools or {})},
            ),
            clock=self.clock,
            mode=mode,
            kind=more.pop("kind", SessionKind.CHAT),
            owner=owner,
            **more,
        )


@pytest.fixture
def lab(store: Store, clock: FrozenClock) -> Lab:
    """On the in-memory store."""
    return Lab(store, clock)


def say(engine: ChatEngine, words: str | Sequence[Part]) -> list[Event]:
    """A whole turn; returns its events."""
    parts = typed(words) if isinstance(words, str) else words
    return list(engine.run_turn(parts))


def until(events: Generator[Event, None, None], wanted: type[Event]) -> list[Event]:
    """Take events up to the first of a kind, then close the turn, as a screen does that is interrupted."""
    seen: list[Event] = []
    with closing(events) as turn:
        for event in turn:
            seen.append(event)
            if isinstance(event, wanted):
                break
    return seen


# Consolidation

HERE = socket.gethostname()
ALIVE = f"{HERE}:{os.getpid()}"
ALSO_ALIVE = f"{ALIVE}:{started(os.getpid())}"  # another name, and as true
DEAD = f"{HERE}:99999999"  # no system counts its processes that far
ALL = tuple(JobStatus)


def a_fact(text: str, quote: str, turn: int = 1, **more: Any) -> dict[str, Any]:
    """One fact as a model hands it in."""
    fact = {"op": "add", "target": None, "field": "note", "text": text, "turn": turn, "quote": quote}
    return {**fact, "importance": 5, "lasting": True, **more}


def an_answer(summary: str = "Wanted: tea.", *facts: dict[str, Any], title: str = "Tea") -> str:
    """A completion as it was asked for."""
    return json.dumps({"title": title, "summary": summary, "topics": ["tea"], "facts": list(facts)})


def by_the_book(task: Task) -> str:
    """The running summary goes on with the words of each new turn; each "I am allergic to X." is a fact."""
    words = [turn.user.text for _, turn in task.material.turns]
    facts = [
        a_fact(text[5:].rstrip("."), text, number)
        for number, turn in task.material.turns
        if (text := turn.user.text).startswith("I am allergic")
    ]
    return an_answer(" ".join([task.material.summary, *words]).strip(), *facts)


class Summing:
    """A model that answers every task, by the book unless told otherwise, and keeps the tasks."""

    window_from, sees = "a test", False

    def __init__(
        self,
        answer: Callable[[Task], str] = by_the_book,
        *,
        name: str = "summing",
        host: str = "far.example",
        local: bool = False,
        window: int = 128_000,
    ) -> None:
        self.name, self.host, self.local, self.window = name, host, local, window
        self.tasks: list[Task] = []
        self._answer = answer

    def stream(self, context: object, tools: object) -> Iterator[Any]:
        """It does not chat."""
        raise AssertionError("asked for a reply")

    def complete(self, task: Task, stop: Callable[[], bool]) -> Completion | None:
        """Answers at once."""
        self.tasks.append(task)
        return Completion(self._answer(task), Usage(100, 20))


class Watched:
    """Stands before a store, a room of it or a model, and tells of each call of a port, before and after it.

    `tell` gets "before NAME" and "after NAME"; of transactions the outermost tell "before commit" and "after commit",
    each moment with its number where it comes again: "before commit 2". What `tell` raises comes out of the call.
    """

    ROOMS = ("transcripts", "memories", "index", "erasure", "jobs", "usages")

    def __init__(self, real: object, tell: Callable[[str], None]) -> None:
        self._real = real
        self._tell = tell
        self._depth = 0
        self._seen: Counter[str] = Counter()

    def store(self) -> Store:
        """As the store it stands before."""
        return cast("Store", self)

    def model(self) -> ChatModel:
        """As the model it stands before."""
        return cast("ChatModel", self)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if name in self.ROOMS:
            room = Watched(found, self._tell)
            room._seen = self._seen
            return room
        if name == "transaction":
            return self._transaction
        return self._told(name, found) if callable(found) else found

    def _told(self, name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def run(*values: Any, **named: Any) -> Any:
            self._say("before", name)
            result = act(*values, **named)
            self._say("after", name)
            return result

        return run

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        outermost, self._depth = self._depth == 0, self._depth + 1
        try:
            with cast("Store", self._real).transaction():
                yield
                if outermost:
                    self._say("before", "commit")
        finally:
            self._depth -= 1
        if outermost:
            self._say("after", "commit")

    def _say(self, when: str, name: str) -> None:
        moment = f"{when} {name}"
        self._seen[moment] += 1
        number = self._seen[moment]
        self._tell(moment if number == 1 else f"{moment} {number}")


class Desk:
    """One database file, opened as often as processes would, and consolidators on it."""

    def __init__(self, path: Path, clock: FrozenClock) -> None:
        self.path = path
        self.clock = clock
        self._opened: list[SqliteStore] = []
        self.store = self.open()

    def open(self) -> SqliteStore:
        """Another connection to the file."""
        self._opened.append(open_store(self.path))
        return self._opened[-1]

    def close(self) -> None:
        """Close them all."""
        for store in self._opened:
            store.close()

    def consolidator(self, model: ChatModel, *, store: Store | None = None, **more: Any) -> Consolidator:
        """As `consolidator_of`, on a connection of this file's."""
        return consolidator_of(store or self.store, self.clock, model, **more)

    def talk(self, *texts: str, learn: bool = True, at: datetime = NOW, **more: Any) -> int:
        """A session with these turns, waiting to be taken in where that may be; its id."""
        session_id = talk(self.store, *texts, learn=learn, at=at, **more)
        self.store.jobs.enqueue_left(session_id, self.clock.now())
        return session_id

    def jobs(self) -> list[Job]:
        """All there are."""
        return self.store.jobs.listing(ALL)

    def books(self) -> list[tuple[Any, ...]]:
        """Calls for consolidation: host, session, tokens there and back."""
        return list(
            self.store._database.rows(  # the books have no reader before a later issue
                "SELECT host, session_id, prompt_tokens, completion_tokens FROM model_calls"
                " WHERE purpose = 'consolidation' ORDER BY id"
            )
        )


@pytest.fixture
def desk(tmp_path: Path, clock: FrozenClock) -> Iterator[Desk]:
    """On a file of its own."""
    made = Desk(tmp_path / "memchat.db", clock)
    yield made
    made.close()


def talk(
    store: Store,
    *texts: str,
    learn: bool = True,
    at: datetime = NOW,
    kind: SessionKind = SessionKind.CHAT,
    model: str = "far",
    host: str = "far.example",
    session_id: int | None = None,
) -> int:
    """A session with these turns, or the turns in one that is there; its id."""
    transcripts = store.transcripts
    if session_id is None:
        session_id = transcripts.create_session(kind, at=at, model=model, host=host, learn=True).id
    for text in texts:
        number = transcripts.next_turn(session_id)
        leaf = transcripts.session(session_id).leaf
        user = transcripts.add_message(
            session_id, number, Role.USER, typed(text), parent=leaf, at=at, host=host, learn=learn
        )
        transcripts.add_message(
            session_id, number, Role.ASSISTANT, spoken("I see."), parent=user.id, at=at, model=model, host=host
        )
    return session_id


def summed_up(lab: Lab, title: str) -> Job:
    """A consolidation has read all of the first conversation and named it so; its job, which is done."""
    store, now = lab.store, lab.clock.now()
    store.jobs.enqueue_left(1, now)
    job = store.jobs.lease("here:1", now)
    assert job is not None
    store.transcripts.summarise(1, "Wanted: a wish.", ())
    store.transcripts.entitle(1, title)
    store.jobs.advance(store.jobs.stretches(job, 25))
    store.jobs.finish(job, now, {})
    return job


def run_pending(lab: Lab, model: ChatModel) -> None:
    """All that is due is summed up by this model, as the background does between two turns."""
    consolidator_of(lab.store, lab.clock, model, owner="there:2").run_pending()


def consolidator_of(store: Store, clock: FrozenClock, model: ChatModel, **more: Any) -> Consolidator:
    """One that asks `model`, whatever the session's own."""
    given: dict[str, Any] = {
        "model_for": lambda name, host: model,
        "counter_for": lambda model: Words(),
        "rules": Rules(FIELDS),
        "max_tokens": 24_000,
        "clock": clock,
        "owner": ALIVE,
    }
    return Consolidator(store, **{**given, **more})


def taught(store: Store) -> list[str]:
    """What memory holds, whatever its status."""
    return [memory.text for memory in store.memories.all()]
