"""Where nobody could say how much a model reads: it is told where that matters, and scripts are left alone."""

from pathlib import Path

import pytest
from memchat.cli import one_shot

from tests.cli.shell import Shell
from tests.servers.openai_server import Server
from tests.servers.replies import Reply, Tool

NOTE = "How much openai/test reads at once is not known; 8,192 tokens are assumed. Set window under [providers.openai]."


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, openai_server: Server) -> Shell:
    """memchat with a model whose server says no window."""
    monkeypatch.setattr("sys.stdin", None)
    for name, value in {
        "MEMCHAT_MEMORY__ENABLED": "true",
        "MEMCHAT_MODEL": "openai/test",
        "MEMCHAT_MODEL__RETRIES": "0",
        "OPENAI_API_KEY": "sk-test",
        "OPENAI_BASE_URL": openai_server.url,
    }.items():
        monkeypatch.setenv(name, value)
    openai_server.script(Reply("Four."))
    return Shell(capsys)


def test_a_person_is_told_below_the_answer(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal; not with -q."""
    monkeypatch.setattr(one_shot, "is_terminal", lambda stream: True)
    done = shell("ask", "2+2?")
    assert (done.out, done.errors[-1]) == ("Four.\n", NOTE)
    assert shell("-q", "ask", "2+2?").err == ""


def test_a_script_is_told_where_it_may_matter(shell: Shell, tmp_path: Path, openai_server: Server) -> None:
    """Where the question took half of what is assumed and more."""
    assert shell("ask", "2+2?").err == ""
    notes = tmp_path / "notes.md"
    notes.write_text("many words in it " * 1_150, "utf-8")
    openai_server.script(Reply("Four.", usage=False), Reply('{"x": 1}', usage=False))
    assert shell("ask", "--stateless", "-f", str(notes), "2+2?").errors == [NOTE]
    assert shell("ask", "--json", "--stateless", "-f", str(notes), "2+2?").err == ""


def test_each_request_counts_by_itself(shell: Shell, tmp_path: Path, openai_server: Server) -> None:
    """A tool was called: together the two requests are more than half of what is assumed, neither is alone."""
    assert shell("ask", "2+2?").out == "Four.\n"
    notes = tmp_path / "notes.md"
    notes.write_text("many words in it " * 600, "utf-8")
    looked_up = Reply(tools=(Tool("recall", '{"query": "peanuts"}', "c1"),))
    openai_server.script(looked_up, Reply("Four."))
    done = shell("ask", "--no-wait", "-u", "-f", str(notes), "2+2?")
    tokens = int(done.errors[-1].partition(" tokens in")[0].replace(",", ""))
    assert 8_192 * one_shot.TOLD_FROM < tokens < 8_192
    assert NOTE not in done.errors


def test_a_known_window_is_not_talked_about(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was set."""
    monkeypatch.setattr(one_shot, "is_terminal", lambda stream: True)
    monkeypatch.setenv("MEMCHAT_PROVIDERS__OPENAI__WINDOW", "9000")
    assert shell("ask", "2+2?").err == ""


def test_what_does_not_fit_a_guess_is_told_as_such(shell: Shell, tmp_path: Path, openai_server: Server) -> None:
    """With the setting that ends it, of a file and of words; `context` says what `ask` says."""
    large = tmp_path / "large.txt"
    large.write_text("word " * 20_000, "utf-8")
    asked = shell("ask", "-f", str(large), "What?")
    assert asked.code == 4
    assert "fit of 8,192 that are assumed." in asked.errors[0]
    assert asked.errors[1].endswith("If it reads more, set window under [providers.openai].")
    looked = shell("context", "-f", str(large), "What?")
    assert (looked.code, looked.err, looked.out) == (4, asked.err, "")
    said = shell("ask", "--stateless", "word " * 20_000)
    assert said.errors[0].endswith("the model is assumed to read 8,192 tokens, and this has more.")
    assert said.errors[1].endswith("If it reads more, set window under [providers.openai].")
    assert shell("context", "word " * 20_000).errors == said.errors
    assert openai_server.requests == []
