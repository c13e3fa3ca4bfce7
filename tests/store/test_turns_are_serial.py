"""Who answers in a conversation: one process at a time, as long as it lives."""

import os
import socket

from memchat.domain import SessionKind
from memchat.ports import Store

from tests.conftest import NOW

HERE, THERE = (f"{socket.gethostname()}:{pid}" for pid in (os.getpid(), os.getppid()))


def test_one_process_answers_at_a_time(store: Store) -> None:
    """The other has to wait until it is done; of another conversation it says nothing."""
    first, second = (
        store.transcripts.create_session(SessionKind.CHAT, at=NOW, model="m", host="", learn=True).id for _ in "ab"
    )
    assert store.transcripts.answerable(first, THERE)
    assert store.transcripts.begin_turn(first, HERE)
    assert store.transcripts.begin_turn(first, HERE)
    assert not store.transcripts.answerable(first, THERE)
    assert not store.transcripts.begin_turn(first, THERE)
    assert store.transcripts.begin_turn(second, THERE)
    store.transcripts.end_turn(first, THERE)  # not its own
    assert not store.transcripts.answerable(first, THERE)
    store.transcripts.end_turn(first, HERE)
    store.transcripts.end_turn(first, HERE)
    assert store.transcripts.begin_turn(first, THERE)


def test_a_process_that_died_answers_no_more(store: Store) -> None:
    """Its reply will never come."""
    session = store.transcripts.create_session(SessionKind.CHAT, at=NOW, model="m", host="", learn=True).id
    assert store.transcripts.begin_turn(session, f"{socket.gethostname()}:{2**22 + 1}")
    assert store.transcripts.begin_turn(session, HERE)
