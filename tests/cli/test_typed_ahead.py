"""What is typed while a reply comes: the line below it, and what the next prompt gets."""

import io
import os
import pty
import time
from collections.abc import Callable

import pytest
from memchat.cli.keyboard import Typing
from memchat.cli.typed_ahead import TypedAhead, ending, typed

from tests.cli.screens import Tty, terminal


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
