"""Incognito and stateless keep nothing: every file stays byte-identical, and where there was none none is made."""

import io
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from memchat.cli.app import run

from tests.e2e.running import NOTEBOOK, here, memchat, tree, with_server
from tests.servers.openai_server import Server

MODES = ["--incognito", "--stateless"]


@pytest.fixture
def kept(home: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A home with a conversation and a memory in it."""
    assert here(capsys, "ask", "--session", "first", "My name is Alice and I live in Taipei.").code == 0
    assert (home / "memchat.db").exists()
    return home


@pytest.mark.parametrize("mode", MODES)
def test_ten_asks_change_no_file(kept: Path, mode: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Content and times of every file stay; the answers know nothing of what is remembered, and nothing is learned."""
    before = tree(kept)
    questions = ["What is my name?", "My name is Bob and I live in Lisbon.", "我對花生過敏。"]
    # Nine in this process: ten interpreters would show nothing more.
    asked = [memchat("ask", mode, questions[0]), *(here(capsys, "ask", mode, questions[n % 3]) for n in range(9))]
    assert [done.code for done in asked] == [0] * 10
    assert tree(kept) == before
    assert not [done for done in asked if "Alice" in done.out or "+ m" in done.err]


@pytest.mark.parametrize("mode", MODES)
def test_from_nothing_nothing_is_made(home: Path, mode: str) -> None:
    """No database, no folder, no log, no history."""
    done = memchat("ask", mode, "My name is Alice.", env=NOTEBOOK)
    assert done.code == 0
    assert tree(home.parent) == {}
    assert not home.exists()


def test_never_asked_nothing_is_kept(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody ever said what may be kept, and nobody can be asked: nothing is, and one line says so."""
    done = memchat("ask", "My name is Alice.", env={"MEMCHAT_MODEL": "notebook"})
    assert done.code == 0
    assert [line for line in done.err.splitlines() if "memchat setup" in line] == [done.err.splitlines()[0]]
    assert not home.exists()
    quiet = here(capsys, "-q", "ask", "My name is Alice.", env={"MEMCHAT_MODEL": "notebook"})
    assert (quiet.code, quiet.err) == (0, "")


def test_over_the_wire_no_file_changes_either(
    kept: Path, openai_server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    """Incognito, as on a terminal in test_incognito_terminal.py; and the request carries nothing of the memory."""
    before = tree(kept.parent)
    done = here(capsys, "ask", "--incognito", "What is my name?", env=with_server(openai_server))
    assert done.out == "You said: What is my name?\n"
    assert tree(kept.parent) == before
    assert b"Alice" not in openai_server.requests[0].raw


@pytest.fixture
def in_lima() -> Iterator[pytest.MonkeyPatch]:
    """This process is in another time zone; as long as this lasts its streams may be others."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "America/Lima")
        time.tzset()
        yield patch
    time.tzset()


def test_stateless_sends_the_same_bytes_for_the_same_words(
    kept: Path, openai_server: Server, capsys: pytest.CaptureFixture[str], in_lima: pytest.MonkeyPatch
) -> None:
    """Whatever memory holds and whatever the day: a function of the input; and litellm leaves nothing behind."""
    note = kept.parent / "note.txt"
    note.write_text("a file", "utf-8")
    words = ["ask", "--stateless", "-s", "Be brief.", "-f", str(note), "Why?"]
    env = with_server(openai_server)
    before = tree(kept.parent)
    done = memchat(*words, stdin=b"piped\n", env={**env, "TZ": "Asia/Taipei"})
    assert done.code == 0, done.err
    assert tree(kept.parent) == before
    assert here(capsys, "memory", "add", "likes Go").code == 0
    before = tree(kept.parent)
    in_lima.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"piped\n")))
    capsys.readouterr()
    assert run(words, {**os.environ, **env}) == 0, capsys.readouterr()
    assert tree(kept.parent) == before
    one, two = openai_server.requests
    assert one.raw == two.raw
    assert b"piped" in one.raw
    assert b"Alice" not in one.raw
    assert "tools" not in one.body


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("resumed", [["-c"], ["--session", "first"]])
def test_what_keeps_nothing_cannot_go_on(mode: str, resumed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """With -c or --session it is a contradiction: exit 2."""
    done = here(capsys, "ask", mode, *resumed, "hello there")
    assert done.code == 2
    assert mode in done.err


def test_no_learn_keeps_the_words_and_learns_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """The conversation is there, memory is empty."""
    done = here(capsys, "ask", "--json", "--no-learn", "--session", "quiet", "My name is Alice.")
    assert done.code == 0, done.err
    assert done.json["learned"] == []
    assert here(capsys, "memory", "list", "--json").json == []
    (session,) = here(capsys, "sessions", "list", "--json").json
    assert session["name"] == "quiet"
    assert session["learns"] is False
