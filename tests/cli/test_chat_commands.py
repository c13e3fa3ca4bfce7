"""The flags of the chat and of `ask`, and what they mean."""

import os
from pathlib import Path

import pytest
import typer
from memchat.cli.chat_commands import COMMANDS

from tests.cli.shell import Shell
from tests.cli.test_one_shot import Piped
from tests.e2e.terminal import chat, kept

SHARED = {"--model", "--continue", "--session", "--system", "--file", "--option"}
SHARED |= {"--incognito", "--no-learn", "--local", "--vi"}
ONLY_ASK = {"--stateless", "--no-stream", "--extract", "--usage", "--no-wait", "--reasoning"}


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """memchat where it may remember, the notebook answering, nothing on stdin."""
    monkeypatch.setenv("MEMCHAT_MODEL", "notebook")
    monkeypatch.setenv("MEMCHAT_MEMORY__ENABLED", "true")
    monkeypatch.setattr("sys.stdin", Piped())
    return Shell(capsys)


def flags(name: str) -> set[str]:
    """The long flags a command declares by itself."""
    app = typer.Typer(add_completion=False)
    app.command(name)(COMMANDS[name])
    return {option for param in typer.main.get_command(app).params for option in param.opts if option.startswith("--")}


def test_both_commands_take_the_promised_flags() -> None:
    """As interface.md, section 1, has them; `--json` and `--plain` work everywhere and are declared once, elsewhere."""
    assert flags("chat") - {"--help"} == SHARED
    assert flags("ask") - {"--help"} == SHARED | ONLY_ASK


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-c", "--session", "x"], "Leave one of them out"),
        (["--session", "  "], "needs an id or a name"),
        (["--incognito", "-c"], "--incognito keeps nothing"),
        (["--stateless", "--session", "x"], "--stateless keeps nothing"),
        (["--stateless", "--incognito", "-c"], "--stateless keeps nothing"),
        (["-o", "temperature"], "KEY=VALUE"),
        (["-o", "api_key=sk-1", "-m", "ollama/x"], "api_key"),
        (["-s", "caf\udce9"], "-s is not valid UTF-8"),
        (["--session", "caf\udce9"], "--session is not valid UTF-8"),
    ],
)
def test_flags_that_contradict_are_refused(shell: Shell, words: list[str], told: str) -> None:
    """Exit 2, before anything is read or opened."""
    done = shell("ask", *words, "hello there")
    assert done.code == 2
    assert told in done.err
    assert not shell.paths.db.exists()


def test_words_of_a_prompt_are_joined(shell: Shell) -> None:
    """`memchat ask my name is Alice` needs no quotation marks."""
    shell("ask", "My", "name", "is", "Alice.")
    assert shell("profile", "get", "display_name", "--json").json["value"] == "Alice"


def test_local_refuses_a_model_elsewhere(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the setting it stands for does."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    assert shell("ask", "--local", "-m", "openai/gpt-4o", "hello there").code == 3
    assert shell("ask", "--local", "hello there").code == 0


def test_no_learn_keeps_words_only(shell: Shell) -> None:
    """The conversation is there, marked; memory stays empty."""
    assert shell("ask", "--no-learn", "--json", "My name is Alice.").json["learned"] == []
    (session,) = shell("sessions", "list", "--all", "--json").json
    assert session["learns"] is False


def test_a_chat_needs_a_terminal(shell: Shell) -> None:
    """Exit 2, and what to do instead."""
    done = shell("chat")
    assert done.code == 2
    assert "memchat ask" in done.err


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_a_chat_takes_a_file_with_the_first_message(tmp_path: Path) -> None:
    """On a terminal `memchat -f FILE --session NAME --vi` goes on with that one, the file in its first turn."""
    (tmp_path / "notes.txt").write_text("rain on Monday", "utf-8")
    with chat("-f", str(tmp_path / "notes.txt"), "--session", "rain", "--local", "--vi") as person:
        person.sees_prompt()
        person.says("Hello there.")
        person.sees_prompt(after="Hello there.")
        person.says("/quit")
        assert person.leaves() == 0
    store = kept()
    session = store.transcripts.session_named("rain")
    assert session is not None
    (turn,) = store.transcripts.turns(session.id)
    assert [part.origin.value for part in turn.user.parts] == ["file", "typed"]
    store.close()


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_a_chat_asks_first_what_was_never_answered() -> None:
    """What may be kept; a sentence typed at the question stands ready at the first prompt."""
    with chat(env={"MEMCHAT_MEMORY__ENABLED": "ask"}) as person:
        person.sees("What may I keep?")
        person.sees("Choice [1]:")
        person.types("My name is Alice.")
        person.presses("enter")
        person.sees("stand ready")
        person.sees("Choice [1]:", times=2)
        person.types("1")
        person.presses("enter")
        person.sees("> My name is Alice.")
        person.presses("enter")
        person.sees("+ m1")
        person.presses("ctrl-d")
        assert person.leaves() == 0
