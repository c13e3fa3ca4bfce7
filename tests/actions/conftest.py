"""What tests of actions share: the configured fields, and whoever does the work for later."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from memchat.actions.learning import Estimator
from memchat.chat.consolidating import Consolidator
from memchat.domain import SessionKind, Turn, Usage
from memchat.errors import KeyMissingError
from memchat.llm.scripted import ScriptedModel
from memchat.memory.learning import Rules
from memchat.ports import ChatModel, Store

from tests.builders import add_turn
from tests.conftest import FrozenClock

FIELDS = ("display_name", "preferred_language", "location", "timezone", "plan", "goals")
OWNER = "here:1"


@pytest.fixture
def fields() -> tuple[str, ...]:
    """The default profile, shortened."""
    return FIELDS


class Words:
    """A token is a word."""

    def count(self, text: str) -> int:
        """How many."""
        return len(text.split())


def found(summary: str = "Wanted: a rate limit.", *facts: dict[str, Any]) -> str:
    """What a model answers to a consolidation."""
    return json.dumps({"title": "Rate limits", "summary": summary, "topics": ["limits"], "facts": list(facts)})


def fact(text: str, quote: str, field: str = "note", turn: int = 1) -> dict[str, Any]:
    """One fact of such an answer."""
    return {
        "op": "add",
        "target": None,
        "field": field,
        "text": text,
        "turn": turn,
        "quote": quote,
        "importance": 6,
        "lasting": True,
    }


def no_key(model: str, host: str) -> ChatModel:
    """Whoever talked then has no key now."""
    raise KeyMissingError(f"There is no key for {model}.", "Keep one: memchat keys set openai")


class Bench:
    """Makes consolidators and estimators on one store, all with the same model."""

    def __init__(self, store: Store, clock: FrozenClock) -> None:
        self.store = store
        self.clock = clock

    def worker(self, model: ScriptedModel | Callable[[str, str], ChatModel], **more: Any) -> Consolidator:
        """Whoever does the jobs."""
        return Consolidator(
            self.store,
            model_for=(lambda _name, _host: model) if isinstance(model, ScriptedModel) else model,
            counter_for=lambda _: Words(),
            rules=Rules(FIELDS),
            max_tokens=more.pop("max_tokens", 24_000),
            clock=self.clock,
            owner=OWNER,
        )

    def estimator(self, model: ChatModel | Callable[[str, str], ChatModel], *, max_tokens: int = 24_000) -> Estimator:
        """How to find out what it costs: a tenth of a cent a word."""

        def price(_: ChatModel, usage: Usage) -> float | None:
            return (usage.prompt_tokens + usage.completion_tokens) / 1_000

        model_for = model if callable(model) else lambda _name, _host: model
        return Estimator(model_for, lambda _: Words(), Rules(FIELDS), max_tokens, price)

    def talk(self, turns: int = 1, text: str = "I live in Taipei.", *, kind: SessionKind = SessionKind.CHAT) -> Turn:
        """A conversation of so many turns; returns its last."""
        turn = add_turn(self.store, text, at=self.clock.now(), kind=kind)
        for number in range(1, turns):
            turn = add_turn(self.store, f"Question {number}", session_id=turn.session_id, at=self.clock.now())
        return turn

    def left(self, turns: int = 1) -> int:
        """A conversation that was left, with a job for it; returns the session's id."""
        session_id = self.talk(turns).session_id
        assert self.store.jobs.enqueue_left(session_id, self.clock.now())
        return session_id


@pytest.fixture
def bench(store: Store, clock: FrozenClock) -> Bench:
    """On the in-memory store."""
    return Bench(store, clock)
