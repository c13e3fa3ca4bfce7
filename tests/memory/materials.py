"""Conversations as values, for the tests of consolidation: sessions, turns, stretches."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from memchat.domain import (
    Memory,
    Message,
    MessageStatus,
    Origin,
    Part,
    PartKind,
    Role,
    Session,
    SessionKind,
    Stretch,
    Turn,
)
from memchat.memory.consolidate import Prepared, prepare
from memchat.memory.learning import Rules

from tests.builders import a_source, typed
from tests.conftest import NOW

FIELDS = ("display_name", "preferred_language", "occupation", "location", "goals")
RULES = Rules(FIELDS)


def count(text: str) -> int:
    """A token is four characters, and no text is free."""
    return (len(text) + 3) // 4


def a_session(
    number: int = 1,
    *,
    kind: SessionKind = SessionKind.CHAT,
    summary: str = "",
    title: str = "",
    mark: int | None = None,
    leaf: int | None = None,
) -> Session:
    """A conversation of today."""
    uid = f"session-{number}"
    return Session(number, uid, kind, title, "", summary, (), NOW, NOW, "m", "", 1, True, leaf, mark)


def a_turn(
    said: str | Sequence[Part],
    reply: str = "Noted.",
    *,
    number: int = 1,
    session: int = 1,
    at: datetime = NOW,
    between: Sequence[Message] = (),
) -> Turn:
    """A user's message and what answered it; `reply` empty: nothing did. Messages are numbered by session and turn."""
    first = session * 1_000 + number * 10
    parts = typed(said) if isinstance(said, str) else tuple(said)
    parts = tuple(replace(part, id=first + place) for place, part in enumerate(parts))
    user = Message(first, f"u{first}", session, number, Role.USER, parts, MessageStatus.COMPLETE, at)
    spoken = Part(PartKind.TEXT, Origin.MODEL, reply)
    answer = replace(user, id=first + 9, uid=f"a{first}", role=Role.ASSISTANT, parts=(spoken,))
    return Turn(session, number, (user, *between, *([answer] if reply else [])))


def a_stretch(*turns: Turn | str, session: Session | None = None, up_to: int | None = None) -> Stretch:
    """New turns, one minute after the other; plain words become turns."""
    session = session or a_session()
    made = tuple(
        a_turn(turn, number=place, session=session.id, at=NOW + timedelta(minutes=place))
        if isinstance(turn, str)
        else turn
        for place, turn in enumerate(turns, 1)
    )
    last = made[-1].messages[-1].id if made else session.id * 1_000
    return Stretch(session, made, session.mark, up_to or last)


def prepared(
    *stretches: Stretch, memories: Sequence[Memory] = (), rules: Rules = RULES, limit: int = 16_000
) -> Prepared:
    """Prepare them an hour later."""
    return prepare(stretches, memories, rules, NOW + timedelta(hours=1), count=count, limit=limit)


def said_by_hand(memory: Memory) -> Memory:
    """The memory, set by hand."""
    return replace(memory, sources=(a_source(turn=None),))
