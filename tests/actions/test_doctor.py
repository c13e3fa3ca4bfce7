"""What doctor finds: the file, and jobs that are not done."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from memchat.actions import doctor
from memchat.chat.consolidating import Fate
from memchat.errors import NetworkError
from memchat.llm.scripted import ScriptedModel
from memchat.ports import ChatModel, Store
from memchat.store.connection import open_store

from tests.actions.conftest import OWNER, Bench, found, no_key
from tests.builders import add_turn
from tests.conftest import FrozenClock
from tests.store.conftest import traced

GARBAGE = "I would rather not."


def there(_name: str, _host: str) -> ChatModel:
    """A model that could answer."""
    return ScriptedModel([])


class Letters:
    """An embedder that says how many letters a text has; its first answer alone tells its length, if `late`."""

    name, host, local, ready = "letters", "", True, True

    def __init__(self, *, late: bool = False) -> None:
        self.dim = 0 if late else 8
        self.asked = 0

    def warm(self) -> None:
        """Nothing to load."""

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        """A vector a text."""
        self.dim = 8
        self.asked += len(texts)
        return [bytes([len(text) % 128] * 8) for text in texts]


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


def test_an_index_is_whole_and_what_has_no_vectors_is_counted(store: Store) -> None:
    """Not where nobody measures meaning, or nobody knows yet how long a vector is."""
    add_turn(store)
    seen = doctor.index(store, Letters(), "")
    assert seen.health is not None
    assert (seen.health.sound, seen.embedder, seen.unembedded) == (True, "letters", 2)
    assert doctor.index(store, Letters(late=True)).unembedded is None
    off = doctor.index(store, None, "There is no key.")
    assert (off.embedder, off.unembedded, off.trouble) == ("", None, "There is no key.")


def test_all_that_has_none_is_given_vectors(store: Store) -> None:
    """In steps, each told; a second time there is nothing to do."""
    for number in range(40):
        add_turn(store, f"Number {number}")
    embedder, told = Letters(late=True), list[int]()
    assert doctor.embed(store, embedder, told.append) == 80
    assert told == [64, 80]
    assert embedder.asked == 81  # one text to learn the length
    assert doctor.index(store, embedder).unembedded == 0
    assert doctor.embed(store, embedder, told.append) == 0


def test_what_is_erased_meanwhile_ends_nothing(store: Store) -> None:
    """Texts that are gone when their vectors come are left alone."""
    turn = add_turn(store)

    class Slow(Letters):
        def embed(self, texts: Sequence[str]) -> list[bytes]:
            store.transcripts.set_leaf(turn.session_id, None)
            return super().embed(texts)

    assert doctor.embed(store, Slow(), lambda _: None) == 0


def test_a_rebuild_that_was_stopped_goes_on_where_it_was(store: Store) -> None:
    """What was done is not done again; a whole index is built anew."""
    for number in range(600):
        add_turn(store, f"Number {number}")
    told = list[tuple[int, int]]()

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        doctor.reindex(store, stop)
    (first,) = told
    health = store.index.health()
    assert (health.sound, health.waiting) == (True, 1_200 - first[0])
    doctor.reindex(store, lambda done, total: told.append((done, total)))
    assert told[-1] == (1_200 - first[0], 1_200 - first[0])
    doctor.reindex(store, lambda done, total: told.append((done, total)))
    assert told[-1] == (1_200, 1_200)


def test_an_index_that_cannot_be_checked_says_why(tmp_path: Path) -> None:
    """The rest can be looked at all the same."""
    path = tmp_path / "memchat.db"
    with closing(open_store(path)) as store:
        add_turn(store)
        with closing(sqlite3.connect(path)) as other:
            other.execute("DROP TABLE messages")
            other.commit()
        seen = doctor.index(store, Letters())
    assert (seen.health, seen.unembedded, seen.embedder) == (None, None, "letters")
    assert seen.unchecked
