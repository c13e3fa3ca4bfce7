"""What the start says: where words go because a variable says so, and a disk that is no place for a database."""

import os
from collections.abc import Iterator

import pytest
from memchat.bootstrap import App, open_app
from memchat.cli import start_notes
from memchat.store import whereabouts as disks

from tests.e2e.running import NOTEBOOK, memchat
from tests.e2e.terminal import chat


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """memchat where the environment sends OpenAI's words elsewhere."""
    monkeypatch.setenv("OPENAI_BASE_URL", "https://proxy.example/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-key")
    monkeypatch.setenv("MEMCHAT_MODEL", "openai/gpt-4o")
    app = open_app(os.environ)
    yield app
    app.close()


def test_an_address_of_the_environment_is_told(far: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the variable: whoever did not set it can look who did. One on this computer needs no telling."""
    assert start_notes.notes(far, far.model(), saves=True) == [
        "Your words go to proxy.example: OPENAI_BASE_URL says so."
    ]
    assert start_notes.notes(far, far.model("notebook"), saves=True) == []
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    with pytest.MonkeyPatch.context():
        near = open_app(os.environ)
        assert start_notes.notes(near, near.model(), saves=True) == []
        near.close()


@pytest.mark.parametrize(
    ("kind", "words"), [("nfs4", "on a network's disk (nfs4)"), ("ext4", ""), ("fuse.sshfs", "(fuse.sshfs)")]
)
def test_a_network_disk_is_told(far: App, monkeypatch: pytest.MonkeyPatch, kind: str, words: str) -> None:
    """Where the chat keeps nothing, the database is not opened and nothing can happen to it."""
    monkeypatch.setattr(disks, "_file_system", lambda _: kind)
    notes = start_notes.notes(far, far.model("notebook"), saves=True)
    assert [words in note and "memchat doctor" in note for note in notes] == [True] * bool(words)
    assert start_notes.notes(far, far.model("notebook"), saves=False) == []


def test_a_chat_in_a_synced_folder_says_so_above_its_first_prompt() -> None:
    """And a script hears nothing of it."""
    home = f"{os.environ['MEMCHAT_HOME']}/Dropbox"
    with chat(env={"MEMCHAT_HOME": home}) as person:
        person.sees("a folder that Dropbox keeps in step")
        person.sees_prompt()
        person.presses("ctrl-d")
        assert person.leaves() == 0
    done = memchat("ask", "hello", env={**NOTEBOOK, "MEMCHAT_HOME": home})
    assert (done.code, done.err) == (0, "")
