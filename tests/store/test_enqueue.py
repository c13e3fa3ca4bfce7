"""When work for later comes to be."""

from datetime import timedelta

import apsw
import pytest
from memchat.domain import JobKind, JobStatus, SessionKind
from memchat.ports import Store
from memchat.store import enqueue, jobs
from memchat.store.connection import SqliteStore

from tests.conftest import NOW
from tests.store.conftest import GONE, HERE, THERE, Opener, begin, behind, go_on, leased, take_in, talk

LATER = NOW + timedelta(hours=1)


def say(store: Store, session_id: int, turns: int) -> list[bool]:
    """So many more turns; whether a job came of each."""
    made = []
    for _ in range(turns):
        with store.transaction():
            go_on(store, session_id)
            made.append(store.jobs.enqueue_due(session_id, 25, NOW))
    return made


def test_the_twenty_fifth_new_turn_makes_a_job(store: Store) -> None:
    """One: those that follow are counted for the next, whether it waits, runs, has failed or is done."""
    session_id = begin(store)
    assert say(store, session_id, 25) == [False] * 24 + [True]
    [job] = store.jobs.listing()
    assert (job.kind, job.status, job.session_id) == (JobKind.CONSOLIDATE, JobStatus.WAITING, session_id)
    assert (job.up_to, job.not_before) == (store.transcripts.session(session_id).leaf, NOW)
    assert not any(say(store, session_id, 24))
    take_in(store, leased(store))
    assert store.jobs.listing() == []
    assert say(store, session_id, 1) == [True]
    job = leased(store)
    assert say(store, session_id, 25) == [False] * 24 + [True]
    take_in(store, job)
    store.jobs.fail(leased(store), "unreadable")
    assert say(store, session_id, 25) == [False] * 24 + [True]
    [job] = store.jobs.listing()
    assert (job.status, job.error, job.attempts) == (JobStatus.WAITING, "", 0)


def test_what_waits_for_later_is_due_when_more_is_said(store: Store) -> None:
    """After another 25 turns, or when the conversation is left; what it waited for is still told."""
    session_id = talk(store, 25)
    assert store.jobs.enqueue_due(session_id, 25, NOW)
    store.jobs.put_back(leased(store), "no key", LATER, tried=True)
    assert not any(say(store, session_id, 24))
    assert store.jobs.lease(HERE, NOW) is None
    assert store.jobs.enqueue_left(session_id, NOW)
    job = leased(store)
    assert (job.error, job.attempts, job.up_to) == ("no key", 1, store.transcripts.session(session_id).leaf)


def test_what_is_said_while_a_job_runs_is_not_lost(store: Store) -> None:
    """It goes on to the new end once it is through."""
    session_id = talk(store, 25)
    assert store.jobs.enqueue_due(session_id, 25, NOW)
    job = leased(store)
    go_on(store, session_id)
    assert store.jobs.enqueue_left(session_id, NOW)
    assert [found.status for found in store.jobs.listing()] == [JobStatus.RUNNING]
    take_in(store, job)
    [stretch] = take_in(store, leased(store))
    assert [turn.number for turn in stretch.turns] == [26]


def test_leaving_a_conversation_enqueues_what_is_new_in_it(store: Store) -> None:
    """Once, however often it is left; nothing when there is nothing, or nothing that may be learned from."""
    session_id = talk(store, 2)
    assert store.jobs.enqueue_left(session_id, NOW)
    assert store.jobs.enqueue_left(session_id, NOW)
    assert len(store.jobs.listing()) == 1
    take_in(store, leased(store))
    assert not store.jobs.enqueue_left(session_id, NOW)
    go_on(store, session_id, learn=False)
    assert not store.jobs.enqueue_left(session_id, NOW)
    assert not store.jobs.enqueue_left(begin(store), NOW)
    assert not store.jobs.enqueue_left(talk(store, 2, kind=SessionKind.ONESHOT), NOW)
    assert not store.jobs.enqueue_left(99, NOW)
    assert store.jobs.listing() == []


def test_nothing_is_learned_from_a_session_that_is_not_to_be(store: Store) -> None:
    """Whatever its messages say."""
    for kind in SessionKind:
        session = store.transcripts.create_session(kind, at=NOW, model="m", host="", learn=False)
        say(store, session.id, 26)
        assert not store.jobs.enqueue_left(session.id, NOW)
    assert store.jobs.sweep(HERE, NOW) == 0
    assert store.jobs.listing() == []


def test_what_has_failed_is_not_tried_again_until_more_is_said(store: Store) -> None:
    """Neither by leaving nor by the next start."""
    session_id = talk(store, 2)
    assert store.jobs.enqueue_left(session_id, NOW)
    store.jobs.fail(leased(store), "unreadable")
    assert not store.jobs.enqueue_left(session_id, NOW)
    assert store.jobs.sweep(HERE, NOW) == 0
    assert [job.status for job in store.jobs.listing()] == [JobStatus.FAILED]
    go_on(store, session_id)
    assert store.jobs.sweep(HERE, NOW) == 1
    assert [job.status for job in store.jobs.listing()] == [JobStatus.WAITING]
    store.jobs.fail(leased(store), "unreadable")
    go_on(store, session_id)
    assert store.jobs.enqueue_left(session_id, NOW)
    [job] = store.jobs.listing()
    assert (job.status, job.error, job.attempts) == (JobStatus.WAITING, "", 0)


def test_one_shots_are_counted_together(store: Store) -> None:
    """300 questions make twelve jobs, each model and host its own, and none by leaving."""
    calls = 0
    for number in range(300):
        session_id = begin(store, kind=SessionKind.ONESHOT, host="b.example" if number % 4 == 3 else "a.example")
        say(store, session_id, 1)
        assert not store.jobs.enqueue_left(session_id, NOW)
        while job := store.jobs.lease(HERE, NOW):
            taken = take_in(store, job)
            assert {stretch.session.host for stretch in taken} == {job.host}
            assert sum(len(stretch.turns) for stretch in taken) == 25
            calls += 1
    assert calls == 12
    assert store.jobs.sweep(HERE, NOW) == 0


def test_failed_one_shots_are_tried_again_with_the_next_ones(store: Store) -> None:
    """Those after the job are counted; the sweep leaves it alone unless there are more."""
    for _ in range(25):
        say(store, begin(store, kind=SessionKind.ONESHOT), 1)
    store.jobs.fail(leased(store), "unreadable")
    assert store.jobs.sweep(HERE, NOW) == 0
    made = [say(store, begin(store, kind=SessionKind.ONESHOT), 1)[0] for _ in range(25)]
    assert made == [False] * 24 + [True]
    [job] = store.jobs.listing()
    assert (job.kind, job.status) == (JobKind.ONESHOTS, JobStatus.WAITING)
    store.jobs.fail(leased(store), "unreadable")
    say(store, begin(store, kind=SessionKind.ONESHOT), 1)
    assert store.jobs.sweep(HERE, NOW) == 1


def test_a_question_that_got_no_answer_does_not_count(store: Store) -> None:
    """Its answer may be on the way. It is taken in with the others."""
    failed = begin(store, kind=SessionKind.ONESHOT)
    go_on(store, failed, reply=False)
    made = [say(store, begin(store, kind=SessionKind.ONESHOT), 1)[0] for _ in range(25)]
    assert made == [False] * 24 + [True]
    assert store.jobs.stretches(leased(store), 25)[0].session.id == failed


def test_the_next_start_finds_what_a_crash_left(store: Store) -> None:
    """Not what is open here or in another terminal; what a dead process held, is free. Once."""
    crashed, free, mine, theirs, empty = *(talk(store, 2) for _ in range(4)), begin(store)
    for session_id, owner in ((crashed, GONE), (mine, HERE), (theirs, THERE)):
        assert store.transcripts.claim(session_id, owner)
    asked, busy = (talk(store, 1, kind=SessionKind.ONESHOT) for _ in range(2))
    assert store.transcripts.claim(busy, THERE)
    assert store.jobs.sweep(HERE, NOW) == 3
    assert store.jobs.sweep(HERE, NOW) == 0
    assert {job.session_id for job in store.jobs.listing()} == {crashed, free, None}
    [together] = [job for job in store.jobs.listing() if job.kind is JobKind.ONESHOTS]
    assert together.up_to == store.transcripts.session(asked).leaf
    for _ in range(3):
        take_in(store, leased(store))
    assert store.jobs.listing() == []
    assert store.transcripts.session(empty).mark is None
    store.transcripts.release(theirs, THERE)
    assert store.jobs.sweep(HERE, NOW) == 1


def test_the_next_start_passes_over_what_may_not_be_learned_from(store: Store) -> None:
    """No job, no model, and no look at it at the start after that."""
    session_id = talk(store, 2)
    assert store.jobs.enqueue_left(session_id, NOW)
    take_in(store, leased(store))
    last = go_on(store, session_id, learn=False)[-1]
    assert store.jobs.sweep(HERE, NOW) == 0
    assert store.transcripts.session(session_id).mark == last.id


def test_a_sweep_goes_through_all_of_many(store: Store) -> None:
    """More than it takes at once, each of them once."""
    with store.transaction():
        ids = [talk(store, 1) for _ in range(250)]
    assert store.jobs.sweep(HERE, NOW) == 250
    assert [job.session_id for job in store.jobs.listing()] == ids[::-1]
    assert store.jobs.sweep(HERE, NOW) == 0


def test_a_long_sweep_lets_others_write_in_between(filed: SqliteStore, opened: Opener) -> None:
    """Somebody's question is saved after each hundred conversations, and finds them enqueued."""
    other = opened()
    with filed.transaction():
        for _ in range(250):
            talk(filed, 1)
    asked = begin(other)
    enqueued: list[int] = []

    def after_commit(*_: object) -> int:
        enqueued.append(len(other.jobs.listing()))
        go_on(other, asked)
        return apsw.SQLITE_OK

    behind(filed).connection.set_wal_hook(after_commit)
    assert filed.jobs.sweep(HERE, NOW) == 250
    assert enqueued == [100, 200, 250]
    assert len(other.transcripts.turns(asked)) == 3


def test_a_start_takes_up_the_newest_conversations_and_the_next_start_goes_on(store: Store) -> None:
    """So many a start, though a database that was never summed up holds hundreds; not counted is what costs nothing."""
    old = [talk(store, 1) for _ in range(3)]
    silent, _ = talk(store, 2, learn=False), talk(store, 1, kind=SessionKind.ONESHOT)
    mine = talk(store, 1)
    assert store.transcripts.claim(mine, HERE)
    new = [talk(store, 1) for _ in range(2)]
    assert store.jobs.sweep(HERE, NOW, most=3) == 4
    assert [job.session_id for job in store.jobs.listing()] == [None, *new[::-1], old[2]]
    assert store.transcripts.session(silent).mark is not None
    assert store.jobs.sweep(HERE, NOW, most=1) == 1
    assert store.jobs.listing()[-1].session_id == old[1]
    assert store.jobs.sweep(HERE, NOW) == 1
    assert store.jobs.listing()[-1].session_id == old[0]


@pytest.mark.parametrize(
    ("sql", "values", "index"),
    [
        (enqueue._CHATS, (1000, 100), "chats_to_learn"),
        (enqueue._ONESHOTS, (), "oneshots_to_learn"),
        (enqueue._GATHERED, ("m", "", 0, 25), "oneshots_to_learn"),
        (jobs._ONESHOT_SESSIONS, ("m", "", 25), "oneshots_to_learn"),
        (jobs._NEXT, (None, "[]", "~", 1), "jobs_by_turn"),
    ],
)
def test_what_is_new_is_found_among_many_by_an_index(
    memory: SqliteStore, sql: str, values: tuple[object, ...], index: str
) -> None:
    """Ten thousand past sessions are not looked at: partial indexes know those with new turns."""
    plan = " ".join(row[3] for row in behind(memory).rows("EXPLAIN QUERY PLAN " + sql, *values))
    assert index in plan
    assert "SCAN sessions USING" not in plan.replace(f"SCAN sessions USING INDEX {index}", "")
    assert "USE TEMP B-TREE" not in plan or sql == jobs._NEXT  # what waits is little, and has an order of its own
