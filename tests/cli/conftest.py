"""memchat as the tests of the commands and of the chat's screen want it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from memchat.bootstrap import App, open_app

from tests.builders import add_note, add_turn
from tests.cli.shell import Shell, after_setup
from tests.pictures import png


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """memchat as it is after setup, with the notebook."""
    monkeypatch.setenv("MEMCHAT_MODEL", "notebook")
    monkeypatch.setenv("MEMCHAT_MEMORY__ENABLED", "true")
    opened = open_app(os.environ)
    yield opened
    opened.close()


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Its commands, after setup, with an empty database; some files have a shell of their own."""
    return after_setup(capsys, monkeypatch)


@pytest.fixture
def decided(shell: Shell) -> Shell:
    """The same after one conversation, s1, and with one note, m1."""
    store = shell.store()
    add_turn(store, "We decided on a rate limit of 100 a minute.", "Noted.")
    add_note(store, "allergic to peanuts")
    store.close()
    return shell


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with some files that a chat may send, or not; nothing is folded."""
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "notes.md").write_text("The limit is 100.\n", "utf-8")
    (folder / "a b.md").write_text("blanks\n", "utf-8")
    (folder / "cat.png").write_bytes(png())
    (folder / "large.txt").write_text("word " * 200_000, "utf-8")
    (tmp_path / "secret.txt").write_text("hidden\n", "utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "1000")
    return folder
