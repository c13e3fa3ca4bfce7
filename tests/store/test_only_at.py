"""Whether a host was told all that is kept: else it is asked about before it is shown any of it."""

from datetime import datetime

from memchat.domain import NewMemory, Origin, Role, SessionKind, Source
from memchat.ports import Store

from tests.builders import add_note, typed

HOST = "api.example.test"


def said(store: Store, host: str, at: datetime) -> tuple[int, int]:
    """A conversation with somebody at that host: its number, and that of its message."""
    talk = store.transcripts.create_session(SessionKind.CHAT, at=at, model="m", host=host, learn=True)
    message = store.transcripts.add_message(
        talk.id, 1, Role.USER, typed("I live in Porto"), parent=None, at=at, host=host
    )
    return talk.id, message.id


def test_of_nothing_there_is_nothing_that_it_was_not_told(store: Store, now: datetime) -> None:
    """A new database, and a conversation in which nothing was said."""
    assert store.usages.only_at(HOST)
    store.transcripts.create_session(SessionKind.CHAT, at=now, model="notebook", host="", learn=True)
    assert store.usages.only_at(HOST)


def test_what_was_said_to_it_alone_it_knows(store: Store, now: datetime) -> None:
    """The conversation, and what was learned from it; nobody else knows that."""
    talk, message = said(store, HOST, now)
    store.memories.add(NewMemory("Porto", Source(Origin.TYPED, now, "Porto", talk, 1, message), field="location"), now)
    assert store.usages.only_at(HOST)
    assert not store.usages.only_at("other.example.test")
    assert not store.usages.only_at("")


def test_a_conversation_with_somebody_else_it_does_not_know(store: Store, now: datetime) -> None:
    """The notebook is somebody else, too."""
    said(store, HOST, now)
    said(store, "", now)
    assert not store.usages.only_at(HOST)


def test_what_was_written_by_hand_it_does_not_know(store: Store, now: datetime) -> None:
    """Nor what came from no message."""
    said(store, HOST, now)
    add_note(store, "likes jasmine tea")
    assert not store.usages.only_at(HOST)
