"""Several processes on one file, and processes that die."""

import subprocess
import sys
from pathlib import Path

import pytest
from memchat.store.connection import open_store

from tests.store.conftest import sound

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
ROOT = Path(__file__).parents[2]


def writer(path: Path, name: str, messages: int) -> subprocess.Popen[str]:
    """A process that writes turns and tells after each one."""
    command = [sys.executable, "-c", WRITER, str(path), name, str(messages)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_two_processes_write_into_one_new_file(path: Path) -> None:
    """Both find it missing, one makes it, neither loses a message."""
    both = [writer(path, name, 40) for name in ("here", "there")]
    for process in both:
        process.communicate(timeout=120)
    assert [process.returncode for process in both] == [0, 0]
    store = open_store(path)
    assert sorted(session.turns for session in store.transcripts.sessions()) == [40, 40]
    assert len(store.index.search("message", limit=500)) == 80
    store.close()
    assert sound(path)


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
    assert len(store.index.search("message", limit=500)) == len(path_texts[::2])
    store.close()
    assert sound(path)
