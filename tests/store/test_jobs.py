"""Work for later: one at a time, under a numbered lease, and what becomes of it."""

from datetime import timedelta

import pytest
from memchat.domain import Job, JobKind, JobStatus, SessionKind, Stretch
from memchat.ports import Store
from memchat.store import moments
from memchat.store.connection import SqliteStore

from tests.builders import add_note
from tests.conftest import NOW
from tests.store.conftest import GONE, HERE, THERE, begin, behind, go_on, leased, take_in, talk

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def session_id(store: Store) -> int:
    """A conversation of three turns that was left."""
    session_id = talk(store, 3)
    assert store.jobs.enqueue_left(session_id, NOW)
    return session_id


def test_a_job_is_leased_to_one(store: Store, session_id: int) -> None:
    """With a number; another gets nothing while the first lives and its time is not over."""
    job = leased(store, THERE)
    assert (job.kind, job.status, job.session_id) == (JobKind.CONSOLIDATE, JobStatus.RUNNING, session_id)
    assert (job.model, job.host, job.attempts, job.error, job.result) == ("openai/x", "a.example", 0, "", {})
    assert (job.lease_number, job.lease_owner, job.created_at) == (1, THERE, NOW)
    assert store.jobs.lease(HERE, NOW) is None
    assert store.jobs.lease(HERE, NOW + timedelta(minutes=29)) is None
    assert store.jobs.listing() == [job]


def test_a_lease_ends_after_half_an_hour(store: Store, session_id: int) -> None:
    """The number goes up; whoever had it before changes nothing any more."""
    old = leased(store, THERE)
    new = store.jobs.lease(HERE, NOW + timedelta(minutes=30))
    assert new is not None
    assert (new.id, new.lease_number, new.session_id) == (old.id, 2, session_id)
    assert not store.jobs.holds(old, [])
    assert store.jobs.holds(new, store.jobs.stretches(new, 25))
    store.jobs.finish(old, NOW, {"learned": 1})
    store.jobs.put_back(old, "late", NOW, tried=True)
    store.jobs.fail(old, "late")
    assert store.jobs.listing() == [new]


@pytest.mark.parametrize("owner", [GONE, HERE], ids=["gone", "here"])
def test_what_a_dead_process_had_is_free_at_once(store: Store, session_id: int, owner: str) -> None:
    """And what this one had before: it is not doing it any more."""
    assert leased(store, owner).lease_number == 1
    again = leased(store)
    assert (again.lease_number, again.session_id) == (2, session_id)


def test_a_lease_from_before_the_computer_started_holds_nothing(memory: SqliteStore) -> None:
    """The number of that process is somebody else's by now."""
    talk(memory, 1)
    memory.jobs.sweep(HERE, NOW)
    leased(memory, THERE)
    behind(memory).rows("UPDATE jobs SET leased_at = '2001-01-01T00:00:00.000Z'")
    assert leased(memory).lease_number == 2


def test_the_newest_conversation_comes_first_and_one_shots_last(store: Store) -> None:
    """For the last three open the next one. What a dead process left undone is before all."""
    talk(store, 1, kind=SessionKind.ONESHOT)
    first, second, third = (talk(store, 1) for _ in range(3))
    assert store.jobs.sweep(HERE, NOW) == 4
    assert store.jobs.lease(GONE, NOW, session_id=first) is not None
    order = []
    while job := store.jobs.lease(HERE, NOW):
        order.append(job.session_id)
        store.jobs.fail(job, "")
    assert order == [first, third, second, None]


def test_a_job_is_chosen_among_those_asked_for(store: Store) -> None:
    """Not what waits for a later moment, unless it is asked for early; one session's only; none that is passed."""
    first, second, third = (talk(store, 1) for _ in range(3))
    assert store.jobs.sweep(HERE, NOW) == 3
    assert store.jobs.any_due(NOW)
    job = store.jobs.lease(HERE, NOW, session_id=first)
    assert job is not None
    store.jobs.put_back(job, "not reachable", LATER, tried=True)
    assert store.jobs.lease(HERE, NOW, session_id=first) is None
    other = store.jobs.lease(THERE, NOW, session_id=second)
    assert other is not None
    assert other.session_id == second
    assert store.jobs.lease(HERE, NOW, session_id=second) is None
    job = store.jobs.lease(HERE, NOW, passing=[other.id])
    assert job is not None
    assert job.session_id == third
    store.jobs.put_back(job, "", NOW, tried=False)
    assert store.jobs.lease(HERE, NOW, passing=[job.id]) is None
    job = store.jobs.lease(HERE, NOW, session_id=first, early=True)
    assert job is not None
    assert (job.session_id, job.attempts, job.error, job.not_before) == (first, 1, "not reachable", LATER)
    store.jobs.put_back(job, "not reachable", LATER, tried=True)
    take_in(store, leased(store))
    assert not store.jobs.any_due(NOW)
    assert store.jobs.lease(HERE, NOW + timedelta(minutes=29)) is None
    assert {job.session_id for job in store.jobs.listing()} == {first, second}


def test_where_there_is_nothing_nothing_is_leased(store: Store) -> None:
    """Neither now nor early."""
    assert store.jobs.lease(HERE, NOW) is None
    assert store.jobs.lease(HERE, NOW, early=True) is None


def test_the_model_is_the_one_the_conversation_goes_to_now(store: Store, session_id: int) -> None:
    """It may have changed since the job was made."""
    store.transcripts.set_model(session_id, "openai/y", "c.example")
    assert (leased(store).model, leased(store).host) == ("openai/y", "c.example")


def test_a_job_that_is_done_tells_what_came_of_it(store: Store, session_id: int) -> None:
    """It is no longer among those that are open."""
    job = leased(store)
    store.jobs.advance(store.jobs.stretches(job, 25))
    store.jobs.finish(job, LATER, {"learned": 2, "ignored": {"a question": 3}})
    assert store.jobs.listing() == []
    [done] = store.jobs.listing((JobStatus.DONE,))
    assert (done.session_id, done.lease_owner, done.error) == (session_id, "", "")
    assert done.result == {"learned": 2, "ignored": {"a question": 3}}
    assert store.jobs.lease(HERE, LATER, early=True) is None


def test_a_job_with_turns_left_waits_again_and_is_due(store: Store, session_id: int) -> None:
    """The reasons it waited for before are over."""
    store.jobs.put_back(leased(store), "not reachable", NOW, tried=True)
    job = leased(store)
    take_in(store, job, 2)
    [left] = store.jobs.listing()
    assert (left.id, left.status, left.attempts, left.error) == (job.id, JobStatus.WAITING, 0, "")
    [stretch] = take_in(store, leased(store))
    assert [turn.number for turn in stretch.turns] == [3]
    assert stretch.session.id == session_id


def test_what_failed_waits_for_somebody_who_asks(store: Store, session_id: int) -> None:
    """Then it begins anew, and all that waits for later is due as well; why it waited no longer counts."""
    store.jobs.fail(leased(store), "unreadable")
    other = talk(store, 1)
    assert store.jobs.enqueue_left(other, NOW)
    store.jobs.put_back(leased(store), "not reachable", LATER, tried=True)
    running = talk(store, 1)
    assert store.jobs.enqueue_left(running, NOW)
    leased(store, THERE)
    assert store.jobs.lease(HERE, NOW) is None
    statuses = [(job.session_id, job.status, job.error, job.attempts) for job in store.jobs.listing()]
    assert statuses == [
        (session_id, JobStatus.FAILED, "unreadable", 1),
        (other, JobStatus.WAITING, "not reachable", 1),
        (running, JobStatus.RUNNING, "", 0),
    ]
    assert store.jobs.retry(NOW) == 2
    assert [job.error for job in store.jobs.listing()] == ["", "", ""]
    assert [leased(store).session_id, store.jobs.listing()[0].attempts] == [other, 0]


def test_what_may_be_taken_is_told_without_taking_it(store: Store, session_id: int) -> None:
    """In the order of the leases: what was cut off, then what is due, the newest first; not what waits or failed."""
    ids = [talk(store, 1) for _ in range(5)]
    for one in ids:
        assert store.jobs.enqueue_left(one, NOW)
    busy, later = leased(store, THERE), leased(store)
    store.jobs.put_back(later, "not reachable", LATER, tried=True)
    store.jobs.fail(leased(store), "unreadable")
    cut_off = leased(store, GONE)
    before = store.jobs.listing()
    free = store.jobs.takeable(HERE, NOW)
    assert [job.session_id for job in free] == [cut_off.session_id, ids[0], session_id]
    assert [job.status for job in free] == [JobStatus.RUNNING, JobStatus.WAITING, JobStatus.WAITING]
    assert [job.session_id for job in store.jobs.takeable(HERE, LATER)] == [
        *(job.session_id for job in (cut_off, busy)),
        *(later.session_id, ids[0], session_id),
    ]
    assert later.session_id is not None
    assert store.jobs.takeable(HERE, NOW, session_id=later.session_id) == []
    [early] = store.jobs.takeable(HERE, NOW, session_id=later.session_id, early=True)
    assert early.id == later.id
    assert store.jobs.listing() == before
    for job in free:
        taken = leased(store)
        assert taken.id == job.id
        store.jobs.fail(taken, "unreadable")


def stretches_of(store: Store, job: Job) -> list[Stretch]:
    """What the job is about, as it was read."""
    found = store.jobs.stretches(job, 25)
    assert store.jobs.holds(job, found)
    return found


def test_an_erasure_meanwhile_voids_what_was_read(store: Store, session_id: int) -> None:
    """The words may have been among what the model was shown; the next lease looks again."""
    job = leased(store)
    read = stretches_of(store, job)
    store.erasure.erase_memory(add_note(store, "allergic to peanuts").id, NOW)
    assert not store.jobs.holds(job, read)
    assert not store.jobs.holds(job, [])
    store.jobs.put_back(job, "changed meanwhile", NOW, tried=False)
    [stretch] = take_in(store, leased(store))
    assert stretch.session.id == session_id


def test_a_withdrawal_meanwhile_voids_what_was_read(store: Store, session_id: int) -> None:
    """What is said on top of it does not."""
    job = leased(store)
    read = stretches_of(store, job)
    go_on(store, session_id)
    assert store.jobs.holds(job, read)
    store.transcripts.set_leaf(session_id, store.transcripts.turns(session_id)[1].messages[-1].id)
    assert not store.jobs.holds(job, read)


def test_a_mark_that_moved_meanwhile_voids_what_was_read(store: Store, session_id: int) -> None:
    """No turn is taken in twice."""
    job = leased(store)
    read = stretches_of(store, job)
    store.jobs.advance(store.jobs.stretches(job, 1))
    assert not store.jobs.holds(job, read)
    assert store.transcripts.session(session_id).mark is not None


def test_one_changed_one_shot_voids_all_of_them(store: Store) -> None:
    """They were one request."""
    talk(store, 1, kind=SessionKind.ONESHOT)
    gone = talk(store, 1, kind=SessionKind.ONESHOT)
    store.jobs.sweep(HERE, NOW)
    job = leased(store)
    read = stretches_of(store, job)
    store.transcripts.set_leaf(gone, None)
    assert not store.jobs.holds(job, read)
    assert len(take_in(store, job)) == 1


def test_where_the_words_go_is_written_down_before_they_do(store: Store, session_id: int) -> None:
    """Also when the process dies in the middle of the call, and for every host it ever was; not for none."""
    job = leased(store)
    store.jobs.sending(job, "memory.example", LATER)
    store.jobs.sending(job, "memory.example", LATER + timedelta(hours=1))
    store.jobs.sending(job, "", LATER)
    assert store.usages.hosts_since(LATER) == [("memory.example", LATER, LATER + timedelta(hours=1))]
    take_in(store, job)
    assert store.transcripts.session(session_id).host == "a.example"
    assert [host for host, _, _ in store.usages.hosts_since(NOW)] == ["a.example", "memory.example"]


def test_the_database_itself_refuses_a_second_job(memory: SqliteStore) -> None:
    """Whatever the code may get wrong."""
    chat, asked = talk(memory, 1), begin(memory, kind=SessionKind.ONESHOT)
    go_on(memory, asked)
    assert memory.jobs.sweep(HERE, NOW) == 2
    for where in ("session_id IS NULL", f"session_id = {chat}"):
        with pytest.raises(Exception, match="UNIQUE"):
            behind(memory).rows(
                "INSERT INTO jobs (uid, kind, session_id, model, host, erasure_epoch, not_before, created_at,"  # noqa: S608 - ours
                " created_offset) SELECT uid, kind, session_id, model, host, 0, not_before, created_at, 0"
                f" FROM jobs WHERE {where}"
            )


def test_a_job_holds_nothing_that_anybody_wrote(memory: SqliteStore) -> None:
    """Ids, counts and fixed phrases only: erasing need not look here."""
    talk(memory, 2)
    memory.jobs.sweep(HERE, NOW)
    take_in(memory, leased(memory))
    [row] = behind(memory).rows("SELECT * FROM jobs")
    assert not [value for value in row if isinstance(value, str) and "Message" in value]
    assert moments.to_text(NOW) in row
