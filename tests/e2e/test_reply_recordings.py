"""Recordings of replies on a terminal: what stays in the scrollback is what `--plain` prints, whatever happened."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Self

import pytest

from tests.e2e.terminal import Terminal
from tests.e2e.test_terminal_reply import LONG, chat_with
from tests.servers.openai_server import Server
from tests.servers.replies import Reply

EMOJI = "Three of them: 🍵 🎉 😀 and ｆｕｌｌ　ｗｉｄｔｈ, with a **bold** word; " * 4 + "\n\n"
REPLY = EMOJI + LONG
PIECES = tuple(REPLY[start : start + 7] for start in range(0, len(REPLY), 7))


def squeezed(text: str) -> str:
    """Without white space: what is left when lines are folded otherwise."""
    return re.sub(r"\s", "", text)


def reply_of(person: Terminal) -> list[str]:
    """The lines between the question and the end of the reply, without the blank ones around."""
    text = person.text
    body = text[text.index("> Tell me all of it") + len("> Tell me all of it") : text.index("finis") + len("finis.")]
    return body.strip("\n").split("\n")


def recorded(server: Server, *arguments: str, rows: int = 24, columns: int = 80) -> list[str]:
    """The reply as it stands in the scrollback in the end."""
    server.script(Reply(pieces=PIECES, delay=0.001))
    with chat_with(server, *arguments, rows=rows, columns=columns) as person:
        person.sees("leaves.\n\n>")
        person.types("Tell me all of it\r")
        person.sees("finis.")
        person.sees("\n>", times=2)
        return reply_of(person)


@pytest.mark.parametrize("columns", [80, 40])
def test_the_scrollback_equals_plain(openai_server: Server, columns: int) -> None:
    """Line for line: headings, tables, lists, code, Chinese and emoji."""
    live = recorded(openai_server, columns=columns)
    assert live == recorded(openai_server, "--plain", columns=columns)
    assert "".join(live).count("row_39") == 1


def test_a_window_resized_midway_changes_no_word(openai_server: Server) -> None:
    """Widened while the code comes: the same words in the same order, each once; only the folds are others."""
    plain = recorded(openai_server, "--plain")
    openai_server.script(Reply(pieces=PIECES, delay=0.004))
    with chat_with(openai_server, columns=40) as person:
        person.says("Tell me all of it")
        person.sees("row_05")
        person.resizes(24, 80)
        person.sees_prompt(after="finis.")
        live = reply_of(person)
    assert squeezed("".join(live)) == squeezed("".join(plain))


FOLDED = (
    "Three of them: 🍵 🎉 😀 and ｆｕｌｌ　ｗｉｄｔｈ, with a **bold** word, and so it goes on for a long time. " * 4
    + "\n\n- item alpha\n- item beta\n\n```python\n"
    + "".join(
        f"row_{number:02} = {number}  # a number that is one of many numbers, in a line\n" for number in range(30)
    )
    + "```\n\nThe end, marked **finis**."
)


@pytest.mark.skipif(not shutil.which("tmux"), reason="tmux is not installed")
def test_through_tmux_too(openai_server: Server) -> None:
    """tmux folds its lines anew when the window becomes narrower: nothing is there twice, nothing is gone."""
    pieces = tuple(FOLDED[start : start + 7] for start in range(0, len(FOLDED), 7))
    openai_server.script(Reply(pieces=pieces, delay=0.02))
    with TmuxChat(openai_server) as tmux:
        tmux.waits(lambda: "remembering" in tmux.shown(), "no prompt")
        tmux.keys("Tell me all of it", "Enter")
        tmux.waits(lambda: "long time" in tmux.shown(), "no reply")
        tmux.run("resize-window", "-t", "m", "-x", "40", "-y", "24")
        tmux.waits(lambda: "row_05" in tmux.shown(), "no code")
        tmux.run("resize-window", "-t", "m", "-x", "50", "-y", "20")
        tmux.waits(lambda: "finis." in tmux.shown(), "no end")
        shown = tmux.shown()
    body = shown[
        shown.index("> Tell me all of it") + len("> Tell me all of it") : shown.index("finis.") + len("finis.")
    ]
    assert squeezed(body) == squeezed(re.sub(r"\*\*|```(python)?", "", FOLDED))


class TmuxChat:
    """memchat in a tmux server of its own."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._socket = f"memchat-{id(self)}-{time.monotonic_ns()}"

    def __enter__(self) -> Self:
        env = {
            "OPENAI_API_KEY": "sk-test-key",
            "OPENAI_BASE_URL": self._server.url,
            "MEMCHAT_MODEL": "openai/test-model",
            "MEMCHAT_MEMORY__ENABLED": "true",
        }
        given = [word for name, value in env.items() for word in ("-e", f"{name}={value}")]
        self.run("new-session", "-d", "-s", "m", "-x", "80", "-y", "24", *given, sys.executable, "-m", "memchat")
        return self

    def __exit__(self, *_: object) -> None:
        self.run("kill-server")

    def run(self, *words: str) -> str:
        """One command of tmux."""
        command = ["tmux", "-L", self._socket, "-f", "/dev/null", *words]
        environ = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES", "TMUX"}}
        environ |= {"LC_ALL": "C.UTF-8", "TERM": "xterm-256color"}
        return subprocess.run(command, check=True, capture_output=True, text=True, env=environ).stdout

    def keys(self, text: str, key: str) -> None:
        """Type, then press a key."""
        self.run("send-keys", "-t", "m", "-l", text)
        self.run("send-keys", "-t", "m", key)

    def shown(self) -> str:
        """Scrollback and screen."""
        return self.run("capture-pane", "-p", "-t", "m", "-S", "-")

    def waits(self, until: Callable[[], bool], otherwise: str) -> None:
        """Wait until something holds."""
        deadline = time.monotonic() + 60
        while not until():
            assert time.monotonic() < deadline, f"{otherwise}:\n{self.shown()}"
            time.sleep(0.05)


def test_what_is_typed_during_a_reply_shows_below_it(openai_server: Server) -> None:
    """In a line of its own, which leaves no trace in the reply; Backspace mends it, Enter sends it afterwards."""
    openai_server.script(Reply(pieces=PIECES, delay=0.02), Reply(text="Second answer."))
    with chat_with(openai_server) as person:
        person.says("Tell me all of it")
        person.sees("Three of them")
        person.types("And thenn")
        person.sees("> And thenn")
        person.presses("backspace")
        person.types(" 花生?")
        person.sees("> And then 花生?")
        person.presses("enter")
        person.sees("> And then 花生?  (next)")
        person.sees_prompt(after="Second answer.")
        assert person.text.count("And then") == 1
        live = reply_of(person)
    assert live == recorded(openai_server, "--plain")
