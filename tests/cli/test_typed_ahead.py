"""What is typed while a reply comes: the line below it, and what the next prompt gets."""

import io
import os
import pty
import time
from collections.abc import Callable
from contextlib import closing

import pytest
from memchat.bootstrap import App, ChatRequest
from memchat.cli.conversation import Conversation
from memchat.cli.keyboard import Interrupts, Typing
from memchat.cli.line_editor import LineEditor
from memchat.cli.pasted import Line
from memchat.cli.slash import find
from memchat.cli.slash_commands import COMMANDS, run
from memchat.cli.typed_ahead import TypedAhead, ending, typed
from memchat.domain import Context
from memchat.llm.scripted import ScriptedModel
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.input.typeahead import get_typeahead
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import DummyOutput

from tests.builders import add_note
from tests.builders import typed as said
from tests.cli.screens import Tty, pipe, terminal


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (b"And then?", "And then?"),
        ("花生?".encode(), "花生?"),
        (b"thenn\x7f", "then"),
        ("花生\x7f\x08\x7f".encode(), ""),
        (b"wrong\x15right", "right"),
        (b"And then?\r", "And then?  (next)"),
        (b"And then?\rand more", "and more"),
        (b"\x1b[A\x1b[200~pasted\x1b[201~\x04\x07", "pasted"),
        (b"a\tb", "a b"),
        (b"", ""),
        ("茶".encode()[:2], ""),
    ],
)
def test_keys_make_a_line(keys: bytes, line: str) -> None:
    """Letters, Backspace, Ctrl-U and Enter; what else there is leaves no sign."""
    assert typed(keys) == line


def test_the_end_of_a_long_line_shows() -> None:
    """By cells, and no glyph is cut in two."""
    assert ending("abcdef", 3) == "def"
    assert ending("一二三", 5) == "二三"
    assert ending("abc", 9) == "abc"


def test_what_is_printed_goes_above_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that ends moves it; one that only grows does not; afterwards the streams are as they were."""
    ours, theirs = pty.openpty()
    screen = terminal(monkeypatch, 80)
    out, err = screen.stdout, screen.stderr
    assert isinstance(out, Tty)
    ahead = TypedAhead(theirs, screen)
    with ahead.shown():
        screen.stdout.write("Hello")
        os.write(ours, b"x\n")
        until(lambda: "> x" in out.getvalue())
        drawn = len(out.getvalue())
        screen.stdout.write(" you")
        assert out.getvalue()[drawn:] == " you"
        screen.out("")
        assert out.getvalue()[drawn:].startswith(" you\x1b[J\n\x1bD\x1b[A\x1b7\x1b[B\r\x1b[2K> x")
        assert screen.stdout.isatty()
    assert out.getvalue().endswith("\x1b8\x1b[J")
    assert (screen.stdout, screen.stderr) == (out, err)
    assert ahead.keys == b"x\n"
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize("keys", [b"\x1b[A", b"\x1b[24;1R"])
def test_what_makes_no_line_draws_none(monkeypatch: pytest.MonkeyPatch, keys: bytes) -> None:
    """An arrow, and the terminal's own late answer to where its cursor was."""
    ours, theirs = pty.openpty()
    screen = terminal(monkeypatch, 80)
    out = screen.stdout
    assert isinstance(out, Tty)
    ahead = TypedAhead(theirs, screen)
    with ahead.shown():
        os.write(ours, keys + b"\n")
        until(lambda: ahead.keys.endswith(b"\n"))
    assert out.getvalue() == ""
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize(("name", "argument"), [("btw", "What do I drink?"), ("without", "m1")])
def test_it_shows_below_replies_of_which_nothing_is_kept_too(
    app: App, monkeypatch: pytest.MonkeyPatch, name: str, argument: str
) -> None:
    """As below any other; then the next input line begins with it."""
    add_note(app.store, "Lisbon", field="location")
    ours, theirs = pty.openpty()
    screen = terminal(monkeypatch, 80)
    out = screen.stdout
    assert isinstance(out, Tty)

    def answer(_: Context) -> str:
        os.write(ours, b"And then?")
        until(lambda: "> And then?" in out.getvalue())
        return "It is tea."

    with os.fdopen(theirs) as screen.stdin:
        chat = Conversation(app, ChatRequest(), screen, Interrupts())
        with closing(chat), chat.typing.silent():
            list(chat.engine.run_turn(said("Where do I live?")))
            chat.engine.use(ScriptedModel([answer]))
            run(chat, find(name, COMMANDS), argument)
            assert chat.typing.take() == b"And then?"
    os.close(ours)
    assert "It is tea." in out.getvalue()


def test_a_late_answer_of_the_terminal_moves_no_prompt(app: App) -> None:
    """It told where the prompt before stood: the next one would draw itself from there. Other keys come through."""
    with create_pipe_input() as pressed, create_app_session(input=pressed, output=DummyOutput()):
        with closing(Conversation(app, ChatRequest(), pipe(), Interrupts())) as chat:
            LineEditor(chat, vi=False, drawn=lambda: None)._feed(b"\x1b[3;1Rhe\x7fy")
        assert [one.key for one in get_typeahead(pressed)] == ["h", "e", Keys.ControlH, "y"]


def test_what_is_typed_ahead_of_two_questions_is_all_kept(app: App) -> None:
    """And before it stands what was not sent."""
    _, theirs = pty.openpty()
    screen = pipe()
    with os.fdopen(theirs) as screen.stdin:
        chat = Conversation(app, ChatRequest(), screen, Interrupts())
        with closing(chat), chat.typing.silent():
            for keys in (b"onee\x7f", b"", b"two"):
                chat.typing._keys = keys
                chat.keep_typed()
            assert chat.draft == Line("one\ntwo", unsent=True)
            chat.put_back(Line("This was not sent."))
            assert chat.draft == Line("This was not sent.\none\ntwo", unsent=True)


def test_the_keys_are_given_out_once() -> None:
    """To a question's look at what was typed ahead, or to the prompt."""
    typing = Typing(io.StringIO())
    typing._keys = b"And then?\r"
    assert typing.take() == b"And then?\r"
    assert typing.take() == b""


def until(holds: Callable[[], bool]) -> None:
    """Wait for another thread."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
