"""Incognito and stateless keep nothing: every file stays byte-identical, and where there was none none is made."""

import os
from collections.abc import Callable, Iterator
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


@pytest.fixture
def _no_input(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """For runs in this process: an empty stdin, as under cron."""
    with Path(os.devnull).open(encoding="utf-8") as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        yield


@pytest.mark.usefixtures("_no_input")
@pytest.mark.parametrize("mode", MODES)
def test_ten_asks_change_no_file(kept: Path, mode: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Content and times of every file stay; the answers know nothing of what is remembered, and nothing is learned."""
    before = tree(kept)
    questions = ["What is my name?", "My name is Bob and I live in Lisbon.", "我對花生過敏。"]
    assert memchat("ask", mode, questions[0]).code == 0
    for number in range(9):  # in this process: ten interpreters would show nothing more
        assert run(["ask", mode, questions[number % 3]], {**os.environ, **NOTEBOOK}) == 0
    assert tree(kept) == before
    shown = capsys.readouterr()
    assert "Alice" not in shown.out
    assert "+ m" not in shown.err


@pytest.mark.parametrize("mode", MODES)
def test_from_nothing_nothing_is_made(home: Path, mode: str) -> None:
    """No database, no folder, no log, no history."""
    done = memchat("ask", mode, "My name is Alice.", env=NOTEBOOK)
    assert done.code == 0
    assert tree(home.parent) == {}
    assert not home.exists()


def test_never_asked_nothing_is_kept(home: Path) -> None:
    """Where nobody ever said what may be kept, and nobody can be asked: nothing is, and one line says so."""
    done = memchat("ask", "My name is Alice.", env={"MEMCHAT_MODEL": "notebook"})
    assert done.code == 0
    assert [line for line in done.err.splitlines() if "memchat setup" in line] == [done.err.splitlines()[0]]
    assert not home.exists()
    quiet = memchat("-q", "ask", "My name is Alice.", env={"MEMCHAT_MODEL": "notebook"})
    assert (quiet.code, quiet.err) == (0, "")


@pytest.mark.parametrize("mode", MODES)
def test_over_the_wire_no_file_changes_either(kept: Path, mode: str, openai_server: Server) -> None:
    """litellm and what it loads leave nothing behind, and the request carries nothing of the memory."""
    before = tree(kept.parent)
    done = memchat("ask", mode, "What is my name?", env=with_server(openai_server))
    assert done.out == "You said: What is my name?\n"
    assert tree(kept.parent) == before
    assert b"Alice" not in openai_server.requests[0].raw


def test_stateless_sends_the_same_bytes_for_the_same_words(openai_server: Server, home: Path) -> None:
    """Whatever memory holds and whatever the day: the request is a function of the input."""
    env = with_server(openai_server, TZ="Asia/Taipei")
    (home.parent / "note.txt").write_text("a file", "utf-8")

    def ask(**more: str) -> None:
        note = str(home.parent / "note.txt")
        done = memchat(
            "ask", "--stateless", "-s", "Be brief.", "-f", note, "Why?", stdin=b"piped\n", env={**env, **more}
        )
        assert done.code == 0, done.err

    ask()
    assert memchat("memory", "add", "likes Go").code == 0
    ask(TZ="America/Lima")
    one, two = openai_server.requests
    assert one.raw == two.raw
    assert "tools" not in one.body


@pytest.mark.usefixtures("_no_input")
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("resumed", [["-c"], ["--session", "first"]])
def test_what_keeps_nothing_cannot_go_on(mode: str, resumed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """With -c or --session it is a contradiction: exit 2."""
    assert run(["ask", mode, *resumed, "hello there"], {**os.environ, **NOTEBOOK}) == 2
    assert mode in capsys.readouterr().err


def test_no_learn_keeps_the_words_and_learns_nothing(ask_json: Callable[..., dict[str, object]]) -> None:
    """The conversation is there, memory is empty."""
    assert ask_json("--no-learn", "--session", "quiet", "My name is Alice.")["learned"] == []
    assert memchat("memory", "list", "--json").json == []
    (session,) = memchat("sessions", "list", "--json").json
    assert session["name"] == "quiet"
    assert session["learns"] is False


@pytest.fixture
def ask_json() -> Callable[..., dict[str, object]]:
    """`memchat ask --json`, its document."""

    def ask(*words: str) -> dict[str, object]:
        done = memchat("ask", "--json", *words)
        assert done.code == 0, done.err
        document: dict[str, object] = done.json
        return document

    return ask
