"""What the chat tests share: engines on the real store, with a scripted model and a clock that stands still."""

from collections.abc import Generator, Sequence
from contextlib import closing
from typing import Any

import pytest
from memchat.chat.engine import ChatEngine
from memchat.chat.events import Event
from memchat.chat.tools import ToolBox
from memchat.domain import NORMAL, Limits, Mode, Part, SessionKind
from memchat.memory.context import ContextAssembler
from memchat.ports import ChatModel, Store

from tests.builders import typed
from tests.conftest import FrozenClock

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
            toolbox=ToolBox(store=self.store, mode=mode, fields=FIELDS, **(tools or {})),
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
