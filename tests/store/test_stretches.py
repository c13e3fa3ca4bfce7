"""What is new in a conversation: whole turns of the active path after the mark."""

from contextlib import suppress

import pytest
from memchat.domain import Role, SessionKind
from memchat.ports import Store
from memchat.store.connection import SqliteStore

from tests.builders import spoken, typed
from tests.conftest import NOW
from tests.store.conftest import GONE, HERE, THERE, begin, go_on, leased, take_in, talk, traced


def left(store: Store, session_id: int) -> None:
    """The conversation was left, and there was something in it."""
    assert store.jobs.enqueue_left(session_id, NOW)


def test_new_turns_come_whole_and_in_order(store: Store) -> None:
    """With session, mark and end; those after the mark only."""
    session_id = talk(store, 3)
    left(store, session_id)
    [stretch] = take_in(store, leased(store))
    path = store.transcripts.path(session_id)
    assert stretch.turns == tuple(store.transcripts.turns(session_id))
    assert (stretch.session.ref, stretch.mark, stretch.up_to) == (f"s{session_id}", None, path[-1].id)
    assert store.transcripts.session(session_id).mark == path[-1].id
    added = go_on(store, session_id)
    left(store, session_id)
    [stretch] = take_in(store, leased(store))
    assert (stretch.mark, stretch.up_to) == (path[-1].id, added[-1].id)
    assert [turn.messages for turn in stretch.turns] == [tuple(added)]


def test_the_oldest_come_first_as_many_as_asked_for(store: Store) -> None:
    """The job waits again until all of them are taken in."""
    session_id = talk(store, 60)
    left(store, session_id)
    taken = []
    while job := store.jobs.lease(HERE, NOW):
        [stretch] = take_in(store, job)
        taken.append([turn.number for turn in stretch.turns])
    assert taken == [list(range(1, 26)), list(range(26, 51)), list(range(51, 61))]
    assert store.transcripts.session(session_id).mark == store.transcripts.session(session_id).leaf


def test_what_was_said_with_no_learn_is_passed_over(store: Store) -> None:
    """The mark moves past it; it does not count among the turns asked for, and those at the end go along."""
    session_id = begin(store)
    for learn in (False, True, False, True, True, False, False):
        last = go_on(store, session_id, learn=learn)[-1]
    left(store, session_id)
    job = leased(store)
    [stretch] = store.jobs.stretches(job, 2)
    assert [turn.number for turn in stretch.turns] == [2, 4]
    assert stretch.up_to < last.id - 3
    [stretch] = take_in(store, job, 3)
    assert [turn.number for turn in stretch.turns] == [2, 4, 5]
    assert stretch.up_to == last.id


def test_where_nothing_may_be_learned_only_the_mark_moves(store: Store) -> None:
    """A stretch without turns tells where to."""
    session_id = talk(store, 25, learn=False)
    assert store.jobs.enqueue_due(session_id, 25, NOW)
    [stretch] = take_in(store, leased(store))
    leaf = store.transcripts.session(session_id).leaf
    assert (stretch.turns, stretch.up_to) == ((), leaf)
    assert store.transcripts.session(session_id).mark == leaf


@pytest.mark.parametrize(
    ("holder", "whole"),
    [("", True), (GONE, True), (HERE, False), (THERE, False)],
    ids=["nobody", "gone", "here", "another process"],
)
def test_a_message_whose_reply_is_on_the_way_is_no_whole_turn(store: Store, holder: str, whole: bool) -> None:
    """While somebody who lives has the session open, this process too; afterwards no reply will come."""
    session_id = talk(store, 2)
    alone = go_on(store, session_id, reply=False)
    left(store, session_id)
    if holder:
        assert store.transcripts.claim(session_id, holder)
    [stretch] = store.jobs.stretches(leased(store), 25)
    assert [turn.number for turn in stretch.turns] == ([1, 2, 3] if whole else [1, 2])
    assert (stretch.up_to == alone[-1].id) is whole


def test_a_job_that_nobody_leased_can_be_looked_at(store: Store) -> None:
    """The same turns; a claim is then taken for one of this computer."""
    session_id = talk(store, 2)
    go_on(store, session_id, reply=False)
    left(store, session_id)
    [job] = store.jobs.listing()
    assert store.transcripts.claim(session_id, GONE)
    [stretch] = store.jobs.stretches(job, 25)
    assert len(stretch.turns) == 3
    assert store.transcripts.claim(session_id, HERE)
    [stretch] = store.jobs.stretches(job, 25)
    assert len(stretch.turns) == 2


def test_a_job_goes_only_as_far_as_it_was_made_for(store: Store) -> None:
    """What is said while it waits is for the next one."""
    session_id = talk(store, 25)
    assert store.jobs.enqueue_due(session_id, 25, NOW)
    go_on(store, session_id)
    [stretch] = take_in(store, leased(store), 99)
    assert len(stretch.turns) == 25
    assert store.jobs.listing() == []
    assert not store.jobs.enqueue_due(session_id, 25, NOW)


def test_a_job_whose_end_was_withdrawn_goes_as_far_by_number(store: Store) -> None:
    """Undone and said otherwise: the path that is active now is what counts."""
    session_id = talk(store, 3)
    left(store, session_id)
    turns = store.transcripts.turns(session_id)
    store.transcripts.set_leaf(session_id, turns[1].messages[-1].id)
    go_on(store, session_id)
    go_on(store, session_id)
    [stretch] = store.jobs.stretches(leased(store), 25)
    assert [turn.number for turn in stretch.turns] == [1, 2, 4]


def test_a_reply_that_comes_late_is_not_learned_as_a_turn(store: Store) -> None:
    """It belongs to a turn that is behind the mark; the mark moves past it."""
    session_id = talk(store, 1)
    [asked] = go_on(store, session_id, reply=False)
    left(store, session_id)
    take_in(store, leased(store))
    go_on(store, session_id)
    store.transcripts.add_message(session_id, 2, Role.ASSISTANT, spoken("Late."), parent=asked.id, at=NOW)
    left(store, session_id)
    [stretch] = take_in(store, leased(store))
    assert [turn.number for turn in stretch.turns] == [3]
    assert store.transcripts.session(session_id).mark == store.transcripts.session(session_id).leaf


def test_one_shots_come_together(store: Store) -> None:
    """The oldest first, those of the job's model and host only, each with its own session."""
    ids = [talk(store, 1, kind=SessionKind.ONESHOT) for _ in range(4)]
    foreign = begin(store, kind=SessionKind.ONESHOT, host="b.example")
    go_on(store, foreign)
    assert store.jobs.sweep(HERE, NOW) == 2
    job = leased(store)
    assert (job.session_id, job.model, job.host) == (None, "openai/x", "a.example")
    assert [stretch.session.id for stretch in store.jobs.stretches(job, 3)] == ids[:3]
    assert [stretch.session.id for stretch in take_in(store, job)] == ids
    assert [stretch.session.id for stretch in take_in(store, leased(store))] == [foreign]
    assert store.jobs.listing() == []


def test_a_one_shot_that_is_being_answered_is_left_for_the_next_job(store: Store) -> None:
    """Others are taken in meanwhile; it counts once its reply is there."""
    ids = [talk(store, 1, kind=SessionKind.ONESHOT) for _ in range(2)]
    busy = begin(store, kind=SessionKind.ONESHOT)
    [asked] = go_on(store, busy, reply=False)
    assert store.jobs.sweep(HERE, NOW) == 1
    assert store.transcripts.claim(busy, THERE)
    assert [stretch.session.id for stretch in take_in(store, leased(store))] == ids
    assert store.jobs.listing() == []
    store.transcripts.add_message(busy, 1, Role.ASSISTANT, spoken("So."), parent=asked.id, at=NOW)
    assert store.jobs.enqueue_due(busy, 1, NOW)
    [stretch] = take_in(store, leased(store))
    assert [len(turn.messages) for turn in stretch.turns] == [2]


def test_nothing_is_left_of_a_job_that_is_done_or_gone(store: Store) -> None:
    """Neither raises."""
    session_id = talk(store, 1)
    left(store, session_id)
    job = leased(store)
    take_in(store, job)
    assert store.jobs.stretches(job, 25) == []


def test_messages_come_in_the_order_of_the_path(store: Store) -> None:
    """A reply that was put between has a higher number than what follows it."""
    session_id = begin(store)
    [asked] = go_on(store, session_id, reply=False)
    later = go_on(store, session_id)
    reply = store.transcripts.add_message(
        session_id, 1, Role.ASSISTANT, (*spoken("One."), *typed("Two.")), parent=asked.id, at=NOW
    )
    left(store, session_id)
    [stretch] = store.jobs.stretches(leased(store), 25)
    assert [message.id for turn in stretch.turns for message in turn.messages] == [
        asked.id,
        reply.id,
        *(message.id for message in later),
    ]
    assert stretch.turns[0].messages[1] == reply


def test_the_numbers_of_the_turns_are_read_without_their_words(memory: SqliteStore) -> None:
    """The same turns as the stretches': of a conversation, and of one-shots together."""
    session_id = begin(memory)
    for learn in (True, False, True):
        go_on(memory, session_id, learn=learn)
    left(memory, session_id)
    asked = [talk(memory, 1, kind=SessionKind.ONESHOT) for _ in range(2)]
    assert memory.jobs.sweep(HERE, NOW) == 1
    statements = traced(memory)
    chat, oneshots = memory.jobs.listing()
    assert memory.jobs.places(chat) == [(session_id, 1), (session_id, 3)]
    assert memory.jobs.places(oneshots) == [(one, 1) for one in asked]
    assert not any("parts" in sql for sql in statements)
    assert memory.jobs.stretches(chat, 25)
    assert any("parts" in sql for sql in statements)


def test_a_job_that_was_only_tried_out_is_still_about_its_turns(memory: SqliteStore) -> None:
    """Made in a transaction that was rolled back: what it would have been about can be read in peace."""
    chat, asked = talk(memory, 2), talk(memory, 1, kind=SessionKind.ONESHOT)
    with suppress(KeyError), memory.transaction():
        memory.jobs.sweep(HERE, NOW)
        jobs = memory.jobs.takeable(HERE, NOW)
        raise KeyError
    assert memory.jobs.listing() == []
    assert [memory.jobs.places(job) for job in jobs] == [[(chat, 1), (chat, 2)], [(asked, 1)]]
    # The number is free again, and is the next job's.
    other = talk(memory, 1)
    left(memory, other)
    go_on(memory, chat)
    assert memory.jobs.listing()[0].id in {job.id for job in jobs}
    assert [memory.jobs.places(job) for job in jobs] == [[(chat, 1), (chat, 2)], [(asked, 1)]]


def test_a_job_that_was_only_moved_on_to_try_it_out_is_about_the_new_end(store: Store) -> None:
    """It failed, more was said, and somebody only looks what there would be to do."""
    chat = talk(store, 1)
    left(store, chat)
    store.jobs.fail(leased(store), "unreadable")
    go_on(store, chat)
    with suppress(KeyError), store.transaction():
        left(store, chat)
        [job] = store.jobs.takeable(HERE, NOW)
        raise KeyError
    assert store.jobs.places(job) == [(chat, 1), (chat, 2)]
    assert store.jobs.places(store.jobs.listing()[0]) == [(chat, 1)]
