"""/copy and /keys as they are typed and told."""

import base64
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest
from memchat.bootstrap import App, ChatRequest
from memchat.cli import clipboard
from memchat.cli.conversation import Conversation
from memchat.cli.copy_slash import copy
from memchat.cli.keyboard import Interrupts
from memchat.cli.terminal import Screen
from memchat.cli.typed_history import TypedHistory
from memchat.errors import MemchatError
from memchat.llm.scripted import ScriptedModel

from tests.builders import typed
from tests.cli.chatting import chatted
from tests.cli.screens import Tty, pipe, terminal


@pytest.fixture
def xclip(tmp_path: Path) -> dict[str, str]:
    """A clipboard program of this computer, which writes what it gets into a file."""
    program = tmp_path / "xclip"
    program.write_text(f"#!/bin/sh\n/bin/cat > {tmp_path}/clipboard\n", "utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return {"PATH": str(tmp_path), "DISPLAY": ":0"}


def osc52(screen: Screen) -> str:
    """What went to the terminal's clipboard."""
    assert isinstance(screen.stdout, Tty)
    written, _, told = screen.stdout.getvalue().partition("\x07")
    assert written.startswith("\x1b]52;c;")
    assert "\x1b]" not in told
    return base64.b64decode(written.removeprefix("\x1b]52;c;")).decode()


def test_a_program_of_this_computer_goes_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, xclip: dict[str, str]
) -> None:
    """Where the person sits here; over SSH its clipboard is not his."""
    screen = terminal(monkeypatch, 80)
    assert clipboard.copy("茶\n", screen, xclip) == "on the clipboard"
    assert (tmp_path / "clipboard").read_text("utf-8") == "茶\n"
    assert "OSC 52" in clipboard.copy("other", screen, xclip | {"SSH_TTY": "/dev/pts/1"})
    assert osc52(screen) == "other"
    assert (tmp_path / "clipboard").read_text("utf-8") == "茶\n"


def test_a_program_that_fails_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, xclip: dict[str, str]) -> None:
    """Then the terminal is asked."""
    (tmp_path / "xclip").write_text("#!/bin/sh\nexit 1\n", "utf-8")
    screen = terminal(monkeypatch, 80)
    clipboard.copy("tea", screen, xclip | {"WAYLAND_DISPLAY": "wayland-0"})
    assert osc52(screen) == "tea"


def test_what_no_clipboard_takes_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too long for one sequence; or no terminal."""
    with pytest.raises(MemchatError, match="too long"):
        clipboard.copy("x" * (clipboard.LONGEST + 1), terminal(monkeypatch, 80), {})
    with pytest.raises(MemchatError, match="no clipboard"):
        clipboard.copy("x", pipe(), {})


@pytest.mark.parametrize(("platform", "program"), [("darwin", "pbcopy"), ("win32", "clip")])
def test_other_systems_have_their_own(monkeypatch: pytest.MonkeyPatch, platform: str, program: str) -> None:
    """macOS and Windows bring one along."""
    monkeypatch.setattr(sys, "platform", platform)
    assert clipboard._programs({}) == [[program]]


def test_copy_says_what_is_missing(app: App) -> None:
    """No reply, no code, another word."""
    assert "This conversation has no reply yet." in chatted(app, "/copy")
    seen = chatted(app, "Hello!", "/copy code", "/copy all", "／ｃｏｐｙ　ｃｏｄｅ")
    assert seen.count("There is no code in this conversation.") == 2
    assert "Like this: /copy, /copy code" in seen


def test_only_what_was_seen_is_copied(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """What hides in a reply would be run by whoever pastes it into a shell."""
    monkeypatch.setenv("PATH", "")
    screen = terminal(monkeypatch, 80)
    with closing(Conversation(app, ChatRequest(), screen, Interrupts())) as chat:
        chat.engine.use(ScriptedModel(["Do this:\n```\nls \u202e\x1b[8m\u2066-l\n```"]))
        list(chat.engine.run_turn(typed("How?")))
        screen.stdout = Tty()
        copy(chat, "code")
    assert osc52(screen) == "ls -l"


def test_a_line_about_keys_is_not_in_the_history(app: App) -> None:
    """One may stand in it, and not every key looks like one."""
    with closing(Conversation(app, ChatRequest(), pipe(), Interrupts())) as chat:
        history = TypedHistory(chat)
        history.append_string("Hello there")
        history.append_string("／ｋｅｙｓ set mistral 0123456789abcdefghijklmnopqrstuv")
        assert app.store.typed.newest(9) == ["Hello there"]
        assert len(list(history.load_history_strings())) == 2  # Up brings it back, to be mended


def test_keys_are_listed_and_removed_never_shown(app: App) -> None:
    """As `memchat keys` does; a key in the line itself is not kept."""
    seen = chatted(app, "/keys", "/keys set openai sk-abcdefghijklmnopqrstuvwx", "/keys set", "/keys remove openai")
    assert "No keys yet. /keys set PROVIDER" in seen
    assert "it was not kept" in seen
    assert "Like this: /keys, /keys set openai, /keys remove openai" in seen
    assert "memchat keeps no key for openai." in seen
    assert app.keys.providers() == []
    app.keys.set("openai", "sk-test-key-of-mine")
    seen = chatted(app, "/keys", "/keys remove openai", "/keys set gemini")
    assert "  openai" in seen
    assert "The key of openai is gone from here." in seen
    assert "No key was given." in seen  # nobody is there to type one
    assert "sk-test-key-of-mine" not in seen
    assert app.keys.providers() == []
