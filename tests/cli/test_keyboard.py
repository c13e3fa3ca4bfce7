"""Ctrl-C once and twice, and typing ahead."""

import io
import os
import signal
import termios
import time
from collections.abc import Iterator

import pytest
from memchat.cli.keyboard import TWICE, Interrupts, Typing


class Seconds:
    """A clock that goes forward when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def pty() -> Iterator[int]:
    """The program's side of a real pseudo-terminal."""
    ours, theirs = os.openpty()
    yield theirs
    os.close(ours)
    os.close(theirs)


def test_twice_within_two_seconds_leaves() -> None:
    """One is a stop, a second soon after is a leave, a late one is a stop again."""
    seconds = Seconds()
    interrupts = Interrupts(seconds)
    assert not interrupts.hit()
    seconds.now += TWICE + 0.1
    assert not interrupts.hit()
    seconds.now += TWICE - 0.1
    assert interrupts.hit()
    assert interrupts.leaving


def test_a_message_between_two_is_no_wish_to_leave() -> None:
    """A reply is stopped, another is asked for at once and stopped, too: that is once and once."""
    interrupts = Interrupts(Seconds())
    assert not interrupts.hit()
    with interrupts.during_reply():
        assert not interrupts.hit()
    assert interrupts.hit()


def test_a_reply_is_interrupted_once_and_then_left_to_save() -> None:
    """The first Ctrl-C raises; those that follow are counted and disturb nothing."""
    interrupts = Interrupts(Seconds())
    before = signal.getsignal(signal.SIGINT)
    saved: list[str] = []

    def reply() -> None:
        with interrupts.during_reply():
            try:
                os.kill(os.getpid(), signal.SIGINT)
            finally:
                os.kill(os.getpid(), signal.SIGINT)
                saved.append("all of it")

    with pytest.raises(KeyboardInterrupt):
        reply()
    assert saved == ["all of it"]
    assert interrupts.leaving
    assert signal.getsignal(signal.SIGINT) is before


def test_typing_while_memchat_works_does_not_show(pty: int) -> None:
    """No echo, Enter stays Enter; for a question, and afterwards, everything is as it was."""
    before = termios.tcgetattr(pty)
    with os.fdopen(os.dup(pty)) as stdin:
        typing = Typing(stdin)
        with typing.silent():
            during = termios.tcgetattr(pty)
            assert not during[3] & (termios.ECHO | termios.ICANON)
            assert not during[0] & termios.ICRNL
            assert during[3] & termios.ISIG
            with typing.aloud():
                assert termios.tcgetattr(pty) == before
            assert termios.tcgetattr(pty) == during
        assert termios.tcgetattr(pty) == before
        with typing.aloud():
            assert termios.tcgetattr(pty) == before


def test_where_whole_lines_are_read_enter_ends_one(pty: int) -> None:
    """Also while memchat works: a carriage return would stick in the line until the next Enter."""
    with os.fdopen(os.dup(pty)) as stdin:
        typing = Typing(stdin)
        typing.plain = True
        with typing.silent():
            during = termios.tcgetattr(pty)
            assert not during[3] & (termios.ECHO | termios.ICANON)
            assert during[0] & termios.ICRNL


def test_what_was_typed_ahead_is_taken_out_before_a_question() -> None:
    """Whole, Enter as a line's end; what is typed after that is there for the question."""
    ours, theirs = os.openpty()
    with os.fdopen(theirs) as stdin:
        typing = Typing(stdin)
        assert typing.ahead() == ""
        with typing.silent():
            assert typing.ahead() == ""
            os.write(ours, "yes\r好 and so on".encode() + b"\xe5")
            assert typing.ahead() == "yes\n好 and so on"
            assert typing.ahead() == ""
            with typing.aloud():
                os.write(ours, b"no\r")
                assert stdin.readline() == "no\n"
    os.close(ours)


def test_what_is_no_terminal_has_no_echo_to_silence() -> None:
    """A pipe, a file, text within the process: nothing happens."""
    with open(os.devnull) as nothing:  # noqa: PTH123 - a device, not a path of ours
        for stdin in (io.StringIO("x"), nothing):
            typing = Typing(stdin)
            with typing.silent(), typing.aloud():
                assert typing.ahead() == ""


def test_what_stops_everything_waits_for_who_types(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until a third of a second after the newest key; whoever types on for ten has it all the same."""
    typing, began = Typing(io.StringIO()), time.monotonic()
    typing.pressed()
    typing.pause()
    assert time.monotonic() - began >= 0.3
    monkeypatch.setattr("memchat.cli.keyboard._PAUSE", 3_600.0)
    monkeypatch.setattr("memchat.cli.keyboard._STRETCH", 0.0)
    typing.pause()
