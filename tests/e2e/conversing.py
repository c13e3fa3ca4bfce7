"""Conversations without a screen: memchat as it is put together for people, in the process of the test."""

import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager

from memchat.bootstrap import App, open_app
from memchat.chat.engine import ChatEngine
from memchat.chat.events import TurnFinished

from tests.builders import typed
from tests.conftest import FrozenClock


@contextmanager
def an_app(env: Mapping[str, str], clock: FrozenClock) -> Iterator[App]:
    """memchat put together as in production, at a moment of the test's choice."""
    app = open_app({**os.environ, **env})
    app.clock = clock  # type: ignore[assignment]  # - the clock is an argument of the core; here it is turned
    with closing(app):
        yield app


def say(engine: ChatEngine, text: str) -> str:
    """One turn; the reply."""
    with closing(engine.run_turn(typed(text))) as events:
        ends = [event for event in events if isinstance(event, TurnFinished)]
    assert len(ends) == 1
    return ends[0].reply
