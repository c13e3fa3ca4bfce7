"""What doctor finds: the file, and jobs that are not done."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from memchat.actions import doctor
from memchat.chat.consolidating import Fate
from memchat.errors import NetworkError
from memchat.llm.scripted import ScriptedModel
from memchat.ports import ChatModel
from memchat.store.connection import open_store

from tests.actions.conftest import OWNER, Bench, found, no_key
from tests.conftest import FrozenClock
from tests.store.conftest import traced

GARBAGE = "I would rather not."


def there(_name: str, _host: str) -> ChatModel:
    """A model that could answer."""
    return ScriptedModel([])


def findings(bench: Bench, model_for: Callable[[str, str], ChatModel] = there) -> list[doctor.Finding]:
    """What is not done."""
    return doctor.unfinished(bench.store, model_for, OWNER, bench.clock.now())


def test_a_database_that_is_not_there_stays_so(tmp_path: Path) -> None:
    """Looking makes no file; one that is there is measured with its journal."""
    path = tmp_path / "memchat.db"
    assert doctor.database(path).size is None
    assert not path.exists()
    path.write_bytes(b"x" * 100)
    (tmp_path / "memchat.db-wal").write_bytes(b"y" * 11)
    assert doctor.database(path) == doctor.Database(path, 111)


def test_nothing_undone_is_nothing_found(bench: Bench) -> None:
    """Neither in a new database nor after all was taken in."""
    assert findings(bench) == []
    bench.left()
    list(doctor.retry(bench.worker(ScriptedModel([found()])), bench.clock.now()))
    assert findings(bench) == []


def test_what_failed_is_found_with_its_reason_and_done_again_on_demand(bench: Bench) -> None:
    """Garbage twice: failed; retried it is done."""
    bench.left(2)
    assert [done.fate for _, done in doctor.retry(bench.worker(ScriptedModel([GARBAGE, GARBAGE])), bench.clock.now())]
    (finding,) = findings(bench)
    assert (finding.work.job.status, finding.work.refs) == ("failed", ("s1.1", "s1.2"))
    assert "could not be read" in finding.work.job.error
    assert finding.remedy == "memchat doctor --retry"
    ((_, done),) = doctor.retry(bench.worker(ScriptedModel([found()])), bench.clock.now())
    assert done.fate is Fate.DONE
    assert bench.store.transcripts.session(1).summary == "Wanted: a rate limit."


def test_what_waits_for_a_key_says_how_to_keep_one(bench: Bench) -> None:
    """The remedy is what the missing model itself asks for; once that is there, to try again."""
    bench.left()
    ((_, done),) = doctor.retry(bench.worker(no_key), bench.clock.now())
    assert done.fate is Fate.WAITS
    (finding,) = findings(bench, no_key)
    assert finding.remedy == "Keep one: memchat keys set openai"
    assert finding.work.job.not_before > bench.clock.now()
    (finding,) = findings(bench)
    assert finding.remedy == "memchat doctor --retry"


def test_a_retry_takes_what_waits_for_a_later_moment(bench: Bench) -> None:
    """The network is back."""
    bench.left()
    list(doctor.retry(bench.worker(ScriptedModel([NetworkError("no network")])), bench.clock.now()))
    assert bench.store.jobs.lease(OWNER, bench.clock.now()) is None
    ((_, done),) = doctor.retry(bench.worker(ScriptedModel([found()])), bench.clock.now())
    assert done.fate is Fate.DONE


def test_what_is_under_way_needs_nothing_and_what_was_cut_off_does(bench: Bench) -> None:
    """A job of a process that lives; the same half an hour later, when its lease is over. Looking changes neither."""
    bench.left()
    bench.left()
    assert bench.store.jobs.lease("far:7", bench.clock.now())
    waiting, under_way = findings(bench)
    assert (under_way.remedy, under_way.left) == ("", False)
    assert (waiting.remedy, waiting.left) == ("memchat doctor --retry", False)
    bench.clock.advance(minutes=31)
    for _ in range(2):
        waiting, cut_off = findings(bench)
        assert (cut_off.remedy, cut_off.left) == ("memchat doctor --retry", True)
        assert not waiting.left


def test_looking_takes_no_lock_and_reads_no_words(home: Path, clock: FrozenClock) -> None:
    """Nobody waits for a doctor who only looks."""
    with closing(open_store(home / "memchat.db")) as store:
        bench = Bench(store, clock)
        bench.left()
        bench.left()
        assert store.jobs.lease("far:7", clock.now())
        clock.advance(minutes=31)
        statements = traced(store)
        assert [finding.left for finding in findings(bench)] == [False, True]
        assert not any(sql.startswith("LOCKED") or "JOIN parts" in sql for sql in statements)


@pytest.mark.parametrize("minutes", [0, 31])
def test_a_retry_leaves_what_another_is_doing(bench: Bench, minutes: int) -> None:
    """Until that one's lease is over."""
    bench.left()
    bench.store.jobs.lease("far:7", bench.clock.now())
    bench.clock.set(bench.clock.now() + timedelta(minutes=minutes))
    model = ScriptedModel([found()] if minutes else [])
    assert len(list(doctor.retry(bench.worker(model), bench.clock.now()))) == bool(minutes)
    model.done()
