"""Who has a session open."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from memchat.ports import Store
from memchat.store import claims, moments
from memchat.store.connection import SqliteStore

from tests.builders import add_turn
from tests.store.conftest import HERE, behind


@pytest.fixture
def ended() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def age(store: SqliteStore, session_id: int, **amount: float) -> None:
    """Make a claim older."""
    at = moments.to_text(datetime.now(UTC) - timedelta(**amount))
    behind(store).rows("UPDATE sessions SET opened_at = ? WHERE id = ?", at, session_id)


def test_one_terminal_at_a_time(store: Store) -> None:
    """The other is told; the same may ask again; once it is released, all may."""
    session_id = add_turn(store).session_id
    mine, other = HERE, f"laptop:{os.getppid()}"
    assert store.transcripts.claim(session_id, mine)
    assert store.transcripts.claim(session_id, mine)
    assert not store.transcripts.free(session_id, other)
    assert not store.transcripts.claim(session_id, other)
    store.transcripts.release(session_id, other)
    assert not store.transcripts.free(session_id, other)
    store.transcripts.release(session_id, mine)
    assert store.transcripts.claim(session_id, other)


def test_a_process_that_is_gone_holds_nothing(store: Store, ended: int) -> None:
    """A killed chat must not lock its session."""
    session_id = add_turn(store).session_id
    assert store.transcripts.claim(session_id, f"laptop:{ended}")
    assert store.transcripts.claim(session_id, HERE)


@pytest.mark.skipif(not claims.started(os.getpid()), reason="this system does not tell when a process started")
def test_a_number_that_came_up_again_is_another_process(store: Store) -> None:
    """A killed chat's number goes to somebody else after a while; the start of each tells them apart."""
    session_id = add_turn(store).session_id
    pid = os.getppid()
    assert store.transcripts.claim(session_id, f"laptop:{pid}:{claims.started(pid)}")
    assert not store.transcripts.free(session_id, HERE)
    store.transcripts.release(session_id, f"laptop:{pid}:{claims.started(pid)}")
    assert store.transcripts.claim(session_id, f"laptop:{pid}:1")
    assert store.transcripts.free(session_id, HERE)


def test_the_start_of_a_process_is_told_whatever_it_is_called(tmp_path: Path) -> None:
    """A name may hold blanks and brackets; of a process that is not there nothing is told."""
    named = tmp_path / "a) S 1 2 (b"
    named.symlink_to(sys.executable)
    script = "import sys; print('up', flush=True); sys.stdin.read()"
    process = subprocess.Popen([named, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        mine, other = claims.started(os.getpid()), claims.started(process.pid)
        assert other == mine == "" or int(other) > int(mine) > 100
    finally:
        process.communicate()
    assert claims.started(10**9) == ""


def test_where_no_start_is_told_the_number_counts() -> None:
    """On systems that do not say when a process started, and for claims of theirs."""
    now = moments.to_text(datetime.now(UTC))
    assert claims.holds(f"laptop:{os.getppid()}", now, HERE)


def test_a_claim_from_before_the_computer_started_holds_nothing(memory: SqliteStore) -> None:
    """Process numbers begin anew: that number is somebody else now."""
    session_id = add_turn(memory).session_id
    assert memory.transcripts.claim(session_id, f"laptop:{os.getppid()}")
    age(memory, session_id, days=9000)
    assert memory.transcripts.claim(session_id, HERE)


@pytest.mark.parametrize("holder", ["desktop:1", "nonsense", "laptop:0", "laptop:１"])
def test_who_cannot_be_asked_is_believed_for_twelve_hours(memory: SqliteStore, holder: str) -> None:
    """Another computer's processes, and claims that are not written as ours are."""
    session_id = add_turn(memory).session_id
    assert memory.transcripts.claim(session_id, holder)
    age(memory, session_id, hours=11)
    assert not memory.transcripts.free(session_id, HERE)
    age(memory, session_id, hours=13)
    assert memory.transcripts.free(session_id, HERE)


def test_whether_anybody_has_it_open_is_told_to_everybody() -> None:
    """Also to the one who has; where nobody in particular asks, as on the computer that the claim names."""
    now = moments.to_text(datetime.now(UTC))
    for asking in (HERE, "laptop:1", ""):
        assert claims.held(HERE, now, asking)
        assert not claims.held("laptop:999999999", now, asking)
        assert not claims.held("", None, asking)
    assert claims.held("desktop:999999999", now, HERE)


def test_a_claim_without_a_date_is_an_old_one() -> None:
    """It cannot have been made by this program."""
    assert not claims.holds("desktop:1", None, HERE)


def test_processes_that_live_are_told_from_those_that_do_not(ended: int) -> None:
    """Those of other users live too."""
    assert claims.alive(os.getpid())
    assert claims.alive(1)
    assert claims.alive(10**30)
    assert not claims.alive(ended)


def test_a_computer_that_does_not_tell_when_it_started_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then only the process counts."""
    monkeypatch.delattr("time.CLOCK_BOOTTIME", raising=False)
    assert claims.holds(f"laptop:{os.getppid()}", "2026-01-01T00:00:00.000Z", HERE)


def test_a_process_of_another_user_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system refuses the signal, which proves that there is somebody."""

    def refuse(_pid: int, _signal: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)
    assert claims.alive(4711)
