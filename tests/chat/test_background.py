"""The worker thread: when it begins, when it pauses, how it is stopped, and that nothing it meets reaches anyone."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from memchat.chat import background
from memchat.chat.background import Background
from memchat.chat.consolidating import Consolidator
from memchat.chat.fates import OWN_FAULT
from memchat.domain import Completion, JobStatus, Task, Usage
from memchat.errors import NetworkError, StoreError
from memchat.memory.learning import Rules
from memchat.store.connection import open_store

from tests.chat.conftest import ALIVE, ALSO_ALIVE, DEAD, FIELDS, Desk, Summing, by_the_book, talk, taught
from tests.conftest import NOW
from tests.e2e.running import PATIENCE, seen_within

MOMENT = 0.15  # seconds in which nothing may happen


class Tick:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


class Held(Summing):
    """Answers when it is let, or not at all once it is to stop."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.asked = threading.Event()
        self.may_answer = threading.Event()
        self.stopped = 0

    def complete(self, task: Task, stop: Callable[[], bool]) -> Completion | None:
        """Looks every few milliseconds whether it is to stop, as real ones do."""
        self.tasks.append(task)
        self.asked.set()
        while not self.may_answer.wait(0.005):
            if stop():
                self.stopped += 1
                return None
        return Completion(by_the_book(task), Usage(100, 20))


class Office:
    """Makes workers on the desk's file; a model stands behind each."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.tick = Tick()
        self.opened: list[Consolidator] = []
        self.made: list[Background] = []

    def worker(self, model: Any, open_consolidator: Callable[[], Consolidator] | None = None) -> Background:
        """One that was not started yet."""
        made = Background(
            open_consolidator or (lambda: self.consolidator(model)),
            clock=self.desk.clock,
            owner=ALIVE,
            tick=self.tick,
        )
        self.made.append(made)
        return made

    def consolidator(self, model: Any) -> Consolidator:
        """As the thread opens it: with a store of its own."""
        self.opened.append(self.desk.consolidator(model, store=open_store(self.desk.path)))
        return self.opened[-1]

    def pass_time(self, seconds: float, worker: Background) -> None:
        """Time passes, and the worker sees it."""
        self.tick.seconds += seconds
        with worker._changed:
            worker._changed.notify_all()

    def statuses(self) -> list[JobStatus]:
        """Of all jobs there are."""
        return [job.status for job in self.desk.jobs()]


@pytest.fixture
def office(desk: Desk) -> Iterator[Office]:
    """Closed again, whatever a test left running."""
    made = Office(desk)
    yield made
    for worker in made.made:
        worker.close()


def soon(true: Callable[[], bool]) -> bool:
    """Whether it comes true within `PATIENCE`."""
    return seen_within(PATIENCE, true)


def stays(true: Callable[[], object]) -> bool:
    """Whether it stays true for a moment."""
    until = time.monotonic() + MOMENT
    while time.monotonic() < until:
        if not true():
            return False
        time.sleep(0.005)
    return True


# Beginning


def test_what_was_left_is_done_a_second_after_the_start(office: Office) -> None:
    """A closed window left it; no job was there yet. The prompt comes first."""
    session_id = talk(office.desk.store, "I am allergic to peanuts.")
    worker = office.worker(Summing())
    worker.start()
    worker.start()
    office.pass_time(0.9, worker)
    assert stays(lambda: office.statuses() == [])
    office.pass_time(0.2, worker)
    assert soon(lambda: office.statuses() == [JobStatus.DONE])
    assert office.desk.store.transcripts.session(session_id).summary == "I am allergic to peanuts."
    assert taught(office.desk.store) == ["allergic to peanuts"]


def test_a_start_takes_up_ten_conversations_and_the_next_start_goes_on(office: Office) -> None:
    """The newest first: nobody was told what hundreds of old ones would cost; `memchat memory learn` says it first."""
    ids = [talk(office.desk.store, "I am allergic to peanuts.") for _ in range(13)]

    def start(expected: int) -> list[int]:
        worker = office.worker(Summing())
        worker.start()
        office.pass_time(1.1, worker)
        assert soon(lambda: office.statuses() == [JobStatus.DONE] * expected)
        worker.close()
        return [one for one in ids if office.desk.store.transcripts.session(one).summary]

    assert start(10) == ids[3:]
    assert start(13) == ids


def test_news_are_told_once(office: Office) -> None:
    """`fresh` when something was learned, not for a summary alone."""
    office.desk.talk("Hello.")
    worker = office.worker(Summing())
    assert worker.finish(PATIENCE)
    assert not worker.fresh()
    office.desk.talk("I am allergic to peanuts.")
    assert worker.finish(PATIENCE)
    assert worker.fresh()
    assert not worker.fresh()
    assert [memory.text for memory in office.desk.store.memories.untold()] == ["allergic to peanuts"]
    assert worker.set_aside() == ()


def test_notes_that_were_set_aside_are_told_once(office: Office) -> None:
    """What the background learned beyond `memory.max_notes` made an older one wait."""
    rules = Rules(FIELDS, max_notes=1)
    worker = office.worker(
        None, lambda: office.desk.consolidator(Summing(), store=open_store(office.desk.path), rules=rules)
    )
    office.desk.talk("I am allergic to peanuts.")
    assert worker.finish(PATIENCE)
    assert worker.set_aside() == ()
    office.desk.talk("I am allergic to cats.")
    assert worker.finish(PATIENCE)
    assert [note.text for note in worker.set_aside()] == ["allergic to peanuts"]
    assert worker.set_aside() == ()


def test_a_job_that_came_is_done_when_the_worker_is_woken(office: Office) -> None:
    """And not before its next look, which is a minute away."""
    worker = office.worker(Summing())
    worker.start()
    office.pass_time(1.1, worker)
    assert soon(lambda: worker._next_look > office.tick() + 50)
    office.desk.talk("One.")
    assert stays(lambda: office.statuses() == [JobStatus.WAITING])
    worker.wake()
    assert soon(lambda: office.statuses() == [JobStatus.DONE])


def test_it_looks_each_minute_for_what_has_waited_long_enough(office: Office) -> None:
    """A network that is back is noticed without anybody's doing."""
    failures = [NetworkError("no network")]

    def answer(task: Task) -> str:
        if failures:
            raise failures.pop()
        return by_the_book(task)

    office.desk.talk("One.")
    worker = office.worker(Summing(answer))
    worker.start()
    office.pass_time(1.1, worker)
    assert soon(lambda: office.desk.jobs()[0].attempts == 1)
    office.desk.clock.advance(minutes=2)
    assert stays(lambda: office.statuses() == [JobStatus.WAITING])
    office.pass_time(61, worker)
    assert soon(lambda: office.statuses() == [JobStatus.DONE])


# Pausing


def test_no_job_begins_within_five_seconds_of_a_key(office: Office) -> None:
    """Each key counts anew."""
    office.desk.talk("One.")
    worker = office.worker(Summing())
    worker.start()
    worker.typed()
    worker.wake()
    office.pass_time(4, worker)
    worker.typed()
    office.pass_time(4.9, worker)
    assert stays(lambda: office.statuses() == [JobStatus.WAITING])
    office.pass_time(0.2, worker)
    assert soon(lambda: office.statuses() == [JobStatus.DONE])


def test_no_job_begins_while_a_reply_streams(office: Office) -> None:
    """It begins when the reply is there."""
    office.desk.talk("One.")
    worker = office.worker(Summing())
    worker.start()
    with worker.replying():
        office.pass_time(10, worker)
        worker.wake()
        assert stays(lambda: office.statuses() == [JobStatus.WAITING])
    assert soon(lambda: office.statuses() == [JobStatus.DONE])


def test_a_server_on_this_computer_is_left_to_the_reply(office: Office) -> None:
    """It answers one at a time: its call is ended, the job put back, and done afterwards."""
    office.desk.talk("One.")
    model = Held(host="127.0.0.1:11434", local=True)
    worker = office.worker(model)
    worker.start()
    office.pass_time(1.1, worker)
    assert model.asked.wait(PATIENCE)
    with worker.replying():
        assert soon(lambda: office.statuses() == [JobStatus.WAITING])
        assert model.stopped == 1
        assert office.desk.jobs()[0].attempts == 0
        model.may_answer.set()
        assert stays(lambda: office.statuses() == [JobStatus.WAITING])
    assert soon(lambda: office.statuses() == [JobStatus.DONE])
    assert len(model.tasks) == 2


def test_a_reply_that_is_over_at_once_ends_the_call_too(office: Office) -> None:
    """The model looks a few times a second whether it is to stop: what was the case in between counts."""
    office.desk.talk("One.")
    model = Held(host="127.0.0.1:11434", local=True)
    worker = office.worker(model)
    worker.start()
    office.pass_time(1.1, worker)
    assert model.asked.wait(PATIENCE)
    with worker.replying():
        pass
    assert soon(lambda: model.stopped == 1)
    model.may_answer.set()
    assert soon(lambda: office.statuses() == [JobStatus.DONE])


@pytest.mark.parametrize(("host", "local"), [("far.example", False), ("", True)], ids=["far away", "in this process"])
def test_others_go_on_beside_the_reply(office: Office, host: str, local: bool) -> None:
    """A call that is paid for is not thrown away."""
    office.desk.talk("One.")
    model = Held(host=host, local=local)
    worker = office.worker(model)
    worker.start()
    office.pass_time(1.1, worker)
    assert model.asked.wait(PATIENCE)
    with worker.replying():
        assert stays(lambda: model.stopped == 0)
        model.may_answer.set()
        assert soon(lambda: office.statuses() == [JobStatus.DONE])


# Leaving


def test_leaving_does_what_is_due_without_pauses(office: Office) -> None:
    """Also while a key was just pressed; what others left is for the next start."""
    office.desk.talk("One.")
    office.desk.talk("Two.")
    talk(office.desk.store, "Left by a crash.")
    worker = office.worker(Summing())
    worker.start()
    worker.typed()
    assert worker.finish(PATIENCE)
    assert office.statuses() == [JobStatus.DONE, JobStatus.DONE]


def test_leaving_takes_no_time_when_nothing_is_due(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell comes back at once: of all that it may wait, nothing is waited. (benchmarks/speed.py measures.)"""
    monkeypatch.setattr(background, "LETTING_GO", PATIENCE)
    worker = office.worker(Summing())
    worker.start()
    office.pass_time(1.1, worker)
    assert soon(lambda: worker._next_look > office.tick() + 50)
    began = time.monotonic()
    assert worker.finish(PATIENCE)
    worker.close()
    assert time.monotonic() - began < PATIENCE / 2


def test_what_waits_for_later_is_not_due(office: Office) -> None:
    """Nobody waits for a network that is gone."""

    def answer(task: Task) -> str:
        raise NetworkError("no network")

    office.desk.talk("One.")
    assert office.worker(Summing(answer)).finish(PATIENCE)
    assert office.statuses() == [JobStatus.WAITING]


def test_leaving_does_not_wait_for_a_slow_model(office: Office) -> None:
    """Time runs out: the job is put back for the next start, and nothing begins it again before."""
    session_id = office.desk.talk("One.")
    model = Held()
    worker = office.worker(model)
    found: list[bool] = []
    leaving = threading.Thread(target=lambda: found.append(worker.finish(5)))
    leaving.start()
    assert model.asked.wait(PATIENCE)
    office.pass_time(4.9, worker)
    assert stays(lambda: not found)
    office.pass_time(0.2, worker)
    leaving.join(PATIENCE)
    assert found == [False]
    assert office.statuses() == [JobStatus.WAITING]
    assert office.desk.jobs()[0].not_before == NOW
    assert model.stopped == 1
    assert stays(lambda: len(model.tasks) == 1)
    worker.close()
    next_time = office.worker(Summing())
    assert next_time.finish(PATIENCE)
    assert office.desk.store.transcripts.session(session_id).summary == "One."


def test_ctrl_c_ends_the_waiting(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """It passes through, and the job is put back."""
    office.desk.talk("One.")
    model = Held()
    worker = office.worker(model)
    wait = worker._changed.wait

    def struck(timeout: float | None = None) -> bool:
        if threading.current_thread() is threading.main_thread() and model.asked.is_set():
            raise KeyboardInterrupt
        return wait(min(timeout or 0.01, 0.01))

    monkeypatch.setattr(worker._changed, "wait", struck)  # Ctrl-C comes from the terminal, which is not here
    with pytest.raises(KeyboardInterrupt):
        worker.finish(5)
    monkeypatch.undo()
    worker.close()
    assert office.statuses() == [JobStatus.WAITING]
    assert model.stopped == 1


def test_two_leavings_are_two(office: Office) -> None:
    """What came after the first is done in the second."""
    worker = office.worker(Summing())
    assert worker.finish(PATIENCE)
    office.desk.talk("One.")
    assert worker.finish(PATIENCE)
    assert office.statuses() == [JobStatus.DONE]


# Closing


def test_closing_ends_the_call_and_puts_the_job_back(office: Office) -> None:
    """A second closing does nothing, and the thread is gone with its store."""
    office.desk.talk("One.")
    model = Held()
    worker = office.worker(model)
    worker.start()
    office.pass_time(1.1, worker)
    assert model.asked.wait(PATIENCE)
    worker.close()
    worker.close()
    assert model.stopped == 1
    assert office.statuses() == [JobStatus.WAITING]
    assert worker._thread is not None
    assert not worker._thread.is_alive()
    assert not worker.finish(5)


def test_closing_does_not_wait_for_a_model_that_will_not_stop(office: Office) -> None:
    """A second at most; the lease ends with the process."""
    office.desk.talk("One.")
    release = threading.Event()

    def answer(task: Task) -> str:
        release.wait(PATIENCE)
        return by_the_book(task)

    model = Summing(answer)
    worker = office.worker(model)
    worker.start()
    office.pass_time(1.1, worker)
    assert soon(lambda: bool(model.tasks))
    worker.close()
    assert office.statuses() == [JobStatus.RUNNING]  # it still answers, and would for `PATIENCE`
    release.set()


def test_one_that_was_never_started_is_closed_at_once(office: Office) -> None:
    """No thread, no store."""
    office.worker(Summing()).close()
    assert office.opened == []


# Faults


def test_a_database_that_cannot_be_opened_ends_the_thread_quietly(
    office: Office, capfd: pytest.CaptureFixture[str]
) -> None:
    """The chat goes on; leaving does not wait for a thread that is gone."""

    def broken() -> Consolidator:
        raise StoreError("The disk is full.")

    worker = office.worker(None, broken)
    worker.start()
    assert soon(lambda: worker._over)
    assert not worker.finish(5)
    assert capfd.readouterr() == ("", "")


def test_a_database_that_breaks_meanwhile_ends_it_too(office: Office, capfd: pytest.CaptureFixture[str]) -> None:
    """The job stays leased; the next start takes it up."""
    office.desk.talk("One.")

    def answer(task: Task) -> str:
        raise StoreError("The disk is full.")

    worker = office.worker(Summing(answer))
    assert not worker.finish(PATIENCE)
    assert office.statuses() == [JobStatus.RUNNING]
    assert capfd.readouterr() == ("", "")
    assert office.worker(Summing()).finish(PATIENCE)
    assert office.statuses() == [JobStatus.DONE]


def test_a_fault_of_memchat_fails_the_job_and_says_nothing(office: Office, capfd: pytest.CaptureFixture[str]) -> None:
    """`doctor` shows it; the next job is done all the same."""
    office.desk.talk("One.")
    broken = office.desk.talk("Two.")

    def answer(task: Task) -> str:
        if task.material.turns[0][1].session_id == broken:
            raise ZeroDivisionError("my sister is ill")
        return by_the_book(task)

    worker = office.worker(Summing(answer))
    assert worker.finish(PATIENCE)
    assert [(job.status, job.error) for job in office.desk.jobs()] == [
        (JobStatus.DONE, ""),
        (JobStatus.FAILED, f"{OWN_FAULT} (ZeroDivisionError)"),
    ]
    assert capfd.readouterr() == ("", "")


def test_a_fault_before_the_first_job_says_nothing_either(office: Office, capfd: pytest.CaptureFixture[str]) -> None:
    """There is no job to fail."""

    def broken() -> Consolidator:
        raise ZeroDivisionError

    assert not office.worker(None, broken).finish(PATIENCE)
    assert capfd.readouterr() == ("", "")


# Together


def test_two_workers_on_one_file_take_each_turn_in_once(office: Office) -> None:
    """Two windows of one person: forty conversations, forty summaries, each by one of them."""
    ids = [office.desk.talk(f"I am allergic to thing{number}.") for number in range(40)]
    models = [Summing(), Summing()]

    def other() -> Consolidator:
        return office.desk.consolidator(models[1], store=open_store(office.desk.path), owner=ALSO_ALIVE)

    first, second = office.worker(models[0]), office.worker(None, other)
    with closing(first), closing(second):
        first.start()
        second.start()
        first.wake()
        second.wake()
        assert soon(lambda: set(office.statuses()) == {JobStatus.DONE})
    assert len(models[0].tasks) + len(models[1].tasks) == 40
    store = office.desk.store
    assert [store.transcripts.session(one).summary for one in ids] == [
        f"I am allergic to thing{number}." for number in range(40)
    ]
    assert sorted(taught(store)) == sorted(f"allergic to thing{number}" for number in range(40))


def test_a_job_of_a_dead_process_is_taken_over(office: Office) -> None:
    """At once, when it ran on this computer."""
    office.desk.talk("One.")
    assert office.desk.store.jobs.lease(DEAD, NOW) is not None
    assert office.worker(Summing()).finish(PATIENCE)
    assert office.statuses() == [JobStatus.DONE]
