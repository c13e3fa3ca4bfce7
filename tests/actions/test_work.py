"""Work for later: what a job is about, and doing it now."""

from contextlib import closing
from pathlib import Path

import pytest
from memchat.actions import work
from memchat.chat.consolidating import Fate
from memchat.domain import JobStatus, SessionKind
from memchat.errors import NetworkError
from memchat.llm.scripted import ScriptedModel
from memchat.store.connection import open_store

from tests.actions.conftest import OWNER, Bench, fact, found, no_key
from tests.conftest import FrozenClock
from tests.store.conftest import traced


def test_a_job_is_about_the_new_turns_of_a_conversation(bench: Bench) -> None:
    """The session, and its turns as people name them."""
    bench.left(3)
    (job,) = bench.store.jobs.listing()
    about = work.about(bench.store, job)
    assert about.session is not None
    assert about.session.ref == "s1"
    assert about.refs == ("s1.1", "s1.2", "s1.3")


def test_one_shots_are_one_job(bench: Bench) -> None:
    """Of no session; each of them is a turn."""
    for _ in range(2):
        bench.talk(kind=SessionKind.ONESHOT)
    bench.store.jobs.sweep(OWNER, bench.clock.now())
    (job,) = bench.store.jobs.listing()
    about = work.about(bench.store, job)
    assert (about.session, about.refs) == (None, ("s1.1", "s2.1"))


def test_what_jobs_are_about_is_told_without_reading_their_words(home: Path, clock: FrozenClock) -> None:
    """Five hundred of them would be a library."""
    with closing(open_store(home / "memchat.db")) as store:
        bench = Bench(store, clock)
        bench.left(3)
        statements = traced(store)
        next(work.do(bench.worker(no_key)))
        assert sum("JOIN parts" in sql for sql in statements) == 1  # the job itself


def test_each_run_tells_the_turns_it_took_in(bench: Bench) -> None:
    """Thirty turns take two calls: 25 of them, then the rest; a job that nobody foresaw is told of as well."""
    bench.left(30)
    model = ScriptedModel([found(), found()])
    runs = list(work.do(bench.worker(model)))
    model.done()
    assert [len(one.turns) for one, _ in runs] == [25, 5]
    assert [one.refs[0] for one, _ in runs] == ["s1.1", "s1.26"]
    assert {done.fate for _, done in runs} == {Fate.DONE}
    assert bench.store.jobs.listing() == []


def test_what_must_wait_is_tried_once_and_the_others_go_on(bench: Bench) -> None:
    """The newest conversation meets no network; the one before is taken in."""
    bench.left()
    bench.left()
    model = ScriptedModel([NetworkError("no network"), found()])
    fates = [(one.refs, done.fate) for one, done in work.do(bench.worker(model))]
    assert fates == [(("s2.1",), Fate.WAITS), (("s1.1",), Fate.DONE)]
    model.done()


def test_one_conversation_is_tried_before_its_time_but_once(bench: Bench) -> None:
    """Asked for by its session; a call that fails is not made again at once."""
    session_id = bench.left()
    list(work.do(bench.worker(ScriptedModel([NetworkError("no network")]))))
    model = ScriptedModel([NetworkError("no network")])
    fates = [done.fate for _, done in work.do(bench.worker(model), session_id=session_id)]
    assert fates == [Fate.WAITS]
    model.done()


def test_ctrl_c_leaves_the_job_to_be_done_later(bench: Bench) -> None:
    """It waits, is due at once, and nothing was written."""
    bench.left()
    with pytest.raises(KeyboardInterrupt):
        list(work.do(bench.worker(ScriptedModel([KeyboardInterrupt()]))))
    (job,) = bench.store.jobs.listing()
    assert (job.status, job.not_before <= bench.clock.now()) == (JobStatus.WAITING, True)


def test_what_was_told_here_is_not_told_again(bench: Bench) -> None:
    """The next chat has nothing to say of it; what it alone knows of is kept for it."""
    bench.left()
    model = ScriptedModel([found("Wanted: x", fact("Taipei", "I live in Taipei", "location"))])
    first = [done for _, done in work.do(bench.worker(model))]
    assert [memory.text for memory in bench.store.memories.untold()] == ["Taipei"]
    work.told(bench.store, [])
    assert bench.store.memories.untold()
    work.told(bench.store, first)
    assert bench.store.memories.untold() == []
    work.told(bench.store, first)
