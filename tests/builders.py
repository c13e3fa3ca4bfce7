"""Readable defaults for the values that tests are made of."""

from datetime import datetime
from typing import Any

from memchat.domain import (
    Candidate,
    Memory,
    MemoryStatus,
    Message,
    MessageStatus,
    NewMemory,
    Origin,
    Part,
    PartKind,
    Role,
    Search,
    SessionKind,
    Source,
    Turn,
)
from memchat.memory.query import understand
from memchat.ports import Store

from tests.conftest import NOW


def typed(text: str) -> tuple[Part, ...]:
    """Parts of a message that a person typed."""
    return (Part(PartKind.TEXT, Origin.TYPED, text),)


def spoken(text: str) -> tuple[Part, ...]:
    """Parts of a message that a model wrote."""
    return (Part(PartKind.TEXT, Origin.MODEL, text),)


def a_message(
    text: str = "Hello.",
    *,
    role: Role = Role.USER,
    origin: Origin | None = None,
    turn: int = 1,
    at: datetime = NOW,
    number: int = 1,
) -> Message:
    """One complete message of session 1."""
    origin = origin or (Origin.TYPED if role is Role.USER else Origin.MODEL)
    return Message(
        id=number,
        uid=f"uid-{number}",
        session_id=1,
        turn=turn,
        role=role,
        parts=(Part(PartKind.TEXT, origin, text, id=number),),
        status=MessageStatus.COMPLETE,
        created_at=at,
        parent=number - 1 or None,
    )


def a_source(quote: str = "", *, at: datetime = NOW, turn: int | None = 1) -> Source:
    """Said in session 1, or set by hand when `turn` is None."""
    if turn is None:
        return Source(Origin.HAND, at, quote)
    return Source(Origin.TYPED, at, quote, session_id=1, turn=turn)


def a_memory(
    text: str = "prefers code examples in Go",
    *,
    field: str = "",
    number: int = 1,
    at: datetime = NOW,
    importance: int = 5,
    pinned: bool = False,
    status: MemoryStatus = MemoryStatus.ACTIVE,
    sources: tuple[Source, ...] | None = None,
) -> Memory:
    """One memory, told in session 1."""
    return Memory(
        id=number,
        uid=f"uid-{number}",
        field=field,
        text=text,
        stored_status=status,
        importance=importance,
        pinned=pinned,
        created_at=at,
        valid_from=at,
        valid_to=None,
        last_confirmed_at=at,
        superseded_by=None,
        withdrawn_at=None,
        sources=(a_source(text, at=at),) if sources is None else sources,
    )


def add_note(store: Store, text: str, *, field: str = "", at: datetime = NOW, quote: str = "") -> Memory:
    """Keep a memory in a real store, set by hand."""
    return store.memories.add(NewMemory(text, Source(Origin.HAND, at, quote), field=field), at)


def add_turn(
    store: Store,
    text: str = "Hello.",
    reply: str = "Hello!",
    *,
    session_id: int | None = None,
    at: datetime = NOW,
    kind: SessionKind = SessionKind.CHAT,
) -> Turn:
    """One whole turn in a real store; without `session_id` it opens a new session."""
    transcripts = store.transcripts
    if session_id is None:
        session = transcripts.create_session(kind, at=at, model="notebook", host="", learn=True)
    else:
        session = transcripts.session(session_id)
    number = session.turns + 1
    user = transcripts.add_message(session.id, number, Role.USER, typed(text), parent=session.leaf, at=at)
    answer = transcripts.add_message(
        session.id, number, Role.ASSISTANT, spoken(reply), parent=user.id, at=at, model="notebook"
    )
    return Turn(session.id, number, (user, answer))


def found(store: Store, question: str, **bounds: Any) -> list[Candidate]:
    """What the index hands over: the pieces that hold words of the question, and what stands beside these.

    Where it has no telling words, all of its words are asked for. `bounds` are `since` and `until`.
    """
    words = understand(question, NOW).words or tuple(question.split())
    return list(store.index.candidates(Search(words, **bounds)).candidates)
