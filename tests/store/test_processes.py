"""Several processes on one file, and processes that die."""

import subprocess
import sys
from pathlib import Path

import pytest
from memchat.domain import JobStatus, Search, SessionKind
from memchat.store.connection import open_store

from tests.conftest import NOW
from tests.store.conftest import HERE, leased, sound, take_in, talk

WRITER = """
import sys
from pathlib import Path
from memchat.store.connection import open_store
from tests.builders import add_turn
store = open_store(Path(sys.argv[1]))
turn = add_turn(store, "Message 0 of " + sys.argv[2])
for number in range(1, int(sys.argv[3])):
    turn = add_turn(store, f"Message {number} of {sys.argv[2]}", session_id=turn.session_id)
    print(number, flush=True)
store.close()
"""
# Takes in whatever there is, and tells of each turn. A file that is there while a job is being done proves that nobody
# else does it.
WORKER = """
import os, sys, time
from datetime import timedelta
from pathlib import Path
from memchat.store import claims
from memchat.store.connection import open_store
from tests.conftest import NOW
path = Path(sys.argv[1])
store = open_store(path)
owner = f"laptop:{os.getpid()}:{claims.started(os.getpid())}"
until = time.monotonic() + 60
sys.stdin.readline()
while time.monotonic() < until:
    store.jobs.sweep(owner, NOW)
    job = store.jobs.lease(owner, NOW)
    if job is None:
        if not store.jobs.listing():
            break
        time.sleep(0.001)
        continue
    mark = path.with_name(f"working-at-{job.id}")
    mark.touch(exist_ok=False)
    stretches = store.jobs.stretches(job, 3)
    mark.unlink()
    with store.transaction():
        assert store.jobs.holds(job, stretches)
        store.jobs.advance(stretches)
        store.jobs.finish(job, NOW, {})
    for stretch in stretches:
        for turn in stretch.turns:
            print(turn.ref, flush=True)
store.close()
"""
# Leases a job, tells so, and never comes back.
LOST = """
import os, sys
from pathlib import Path
from memchat.store import claims
from memchat.store.connection import open_store
from tests.conftest import NOW
store = open_store(Path(sys.argv[1]))
job = store.jobs.lease(f"laptop:{os.getpid()}:{claims.started(os.getpid())}", NOW)
store.jobs.sending(job, "memory.example", NOW)
print(job.id, job.lease_number, flush=True)
sys.stdin.read()
"""
ROOT = Path(__file__).parents[2]
# Whoever waits for the lock may come last; all that the other has to write then must fit into what a store waits, five
# seconds, where each of two commits a turn takes a tenth of one.
EACH = 12


def writer(path: Path, name: str, messages: int) -> subprocess.Popen[str]:
    """A process that writes turns and tells after each one."""
    command = [sys.executable, "-c", WRITER, str(path), name, str(messages)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_two_processes_write_into_one_new_file(path: Path) -> None:
    """Both find it missing, one makes it, neither loses a message."""
    both = [writer(path, name, EACH) for name in ("here", "there")]
    for process in both:
        process.communicate(timeout=120)
    assert [process.returncode for process in both] == [0, 0]
    store = open_store(path)
    assert sorted(session.turns for session in store.transcripts.sessions()) == [EACH, EACH]
    assert store.index.candidates(Search(("message",))).frequency == {"message": 2 * EACH}
    store.close()
    assert sound(path)


def started(script: str, path: Path) -> subprocess.Popen[str]:
    """A process on that file that can be told to go on."""
    command = [sys.executable, "-c", script, str(path)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_three_processes_do_the_work_of_one(path: Path) -> None:
    """All sweep and lease at once: no job is made or done twice, no turn is missing."""
    store = open_store(path)
    chats = [talk(store, 7) for _ in range(6)]
    asked = [talk(store, 1, kind=SessionKind.ONESHOT) for _ in range(10)]
    workers = [started(WORKER, path) for _ in range(3)]
    told = [process.communicate("go\n", timeout=120)[0].split() for process in workers]
    assert [process.returncode for process in workers] == [0, 0, 0]
    wanted = [f"s{chat}.{turn}" for chat in chats for turn in range(1, 8)] + [f"s{session}.1" for session in asked]
    assert sorted(ref for refs in told for ref in refs) == sorted(wanted)
    assert len(store.jobs.listing((JobStatus.DONE,))) == len(chats) + 1
    store.close()
    assert sound(path)


def test_the_job_of_a_killed_process_is_free_at_once(path: Path) -> None:
    """Not before: while it lives nobody else gets it. Where its words went is known all the same."""
    store = open_store(path)
    talk(store, 2)
    assert store.jobs.sweep(HERE, NOW) == 1
    process = started(LOST, path)
    assert process.stdout is not None
    assert process.stdout.readline() == "1 1\n"
    [running] = store.jobs.listing()
    assert store.jobs.lease(HERE, NOW) is None
    process.kill()
    process.communicate(timeout=60)
    again = leased(store)
    assert (again.id, again.lease_number) == (running.id, 2)
    assert not store.jobs.holds(running, store.jobs.stretches(again, 25))
    assert [host for host, _, _ in store.usages.hosts_since(NOW)] == ["a.example", "memory.example"]
    [stretch] = take_in(store, again)
    assert len(stretch.turns) == 2
    store.close()


@pytest.mark.parametrize("told", [1, 7, 23])
def test_what_was_saved_survives_a_kill(path: Path, told: int) -> None:
    """Killed at any moment: every turn that was told is there, whole, and the file is sound."""
    process = writer(path, "me", 1_000_000)
    assert process.stdout is not None
    for _ in range(told):
        process.stdout.readline()
    process.kill()
    process.communicate(timeout=60)
    store = open_store(path)
    [session] = store.transcripts.sessions()
    path_texts = [message.text for message in store.transcripts.path(session.id)]
    assert path_texts[: 2 * told + 2 : 2] == [f"Message {number} of me" for number in range(told + 1)]
    assert store.index.candidates(Search(("message",))).frequency == {"message": len(path_texts[::2])}
    store.close()
    assert sound(path)
