"""The keyboard around a reply: what Ctrl-C means once and twice, and typing ahead that does not show."""

import contextlib
import signal
import time
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any, TextIO

from memchat.cli import ending

if TYPE_CHECKING:
    from memchat.cli.terminal import Screen

# Two Ctrl-C within this many seconds leave the chat.
TWICE = 2.0
# Who has not pressed a key for so many seconds does not notice what stops everything for a tenth of one; whoever types
# for longer than the second number has it all the same.
_PAUSE, _STRETCH = 0.3, 10.0


class Interrupts:
    """Counts Ctrl-C, at the prompt and during a reply alike. `seconds` is a clock that only goes forward."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._last: float | None = None
        self.leaving = False

    def hit(self) -> bool:
        """One more; True when it is the second within two seconds, or the system told memchat to go."""
        now = self._seconds()
        self.leaving = ending.asked() or (self._last is not None and now - self._last <= TWICE)
        self._last = now
        return self.leaving

    @contextlib.contextmanager
    def during_reply(self) -> Iterator[None]:
        """The first Ctrl-C raises KeyboardInterrupt; later ones are counted, so that saving is not interrupted.

        One before it does not count: a message was sent since.
        """
        raised, self._last = False, None

        def on_interrupt(_number: int, _frame: FrameType | None) -> None:
            nonlocal raised
            self.hit()
            if not raised:
                raised = True
                raise KeyboardInterrupt

        before = signal.signal(signal.SIGINT, on_interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)


class Typing:
    """What is typed while memchat is at work waits, keys unchanged, for the next prompt; it shows below replies.

    What stops every key for a moment waits for a `pause` in turn.
    """

    def __init__(self, stdin: TextIO) -> None:
        self.plain = False  # whether whole lines are read: then Enter ends one, also while memchat is at work
        self._stdin = stdin
        self._normal: list[Any] | None = None
        self._keys = b""  # read ahead while a reply came
        self._pressed_at = -_PAUSE

    def pressed(self) -> None:
        """A key was pressed at the prompt."""
        self._pressed_at = time.monotonic()

    def pause(self) -> None:
        """Wait until nobody types, ten seconds at most; meant for a thread."""
        until = time.monotonic() + _STRETCH
        while (now := time.monotonic()) < until and now - self._pressed_at < _PAUSE:
            time.sleep(min(_PAUSE - (now - self._pressed_at), until - now))

    @contextlib.contextmanager
    def silent(self) -> Iterator[None]:
        """No echo, no lines held back, Enter as it is. Nothing happens where there is no terminal, or on Windows."""
        self._normal = _attributes(self._stdin)
        if self._normal is None:
            yield
            return
        self._silence()
        try:
            yield
        finally:
            _restore(self._stdin, self._normal)
            self._normal = None

    @contextlib.contextmanager
    def aloud(self) -> Iterator[None]:
        """As the person's terminal was before: for a question, an editor, plain input."""
        if self._normal is None:
            yield
            return
        _restore(self._stdin, self._normal)
        try:
            yield
        finally:
            self._silence()

    @contextlib.contextmanager
    def seen(self, screen: "Screen") -> Iterator[None]:
        """What is typed shows below what is printed meanwhile; the keys wait all the same."""
        from memchat.cli.prompt import too_plain

        if self._normal is None or self.plain or screen.plain or too_plain(screen) or not screen.is_terminal:
            yield
            return
        from memchat.cli.typed_ahead import TypedAhead

        ahead = TypedAhead(self._stdin.fileno(), screen)
        try:
            with ahead.shown():
                yield
        finally:
            self._keys += ahead.keys

    def take(self) -> bytes:
        """The keys that were read meanwhile, once."""
        keys, self._keys = self._keys, b""
        return keys

    def ahead(self) -> str:
        """Take the text typed since the last prompt, so that it answers no question that nobody had seen yet.

        Empty where nothing was, where there is no terminal, or on Windows.
        """
        if self._normal is None:
            return ""
        import os
        import select

        from memchat.cli.typed_ahead import written

        keys, number = self.take(), self._stdin.fileno()
        while select.select([number], [], [], 0)[0] and (more := os.read(number, 4096)):
            keys += more
        return written(keys).strip()

    def _silence(self) -> None:
        import termios

        quiet = termios.tcgetattr(self._stdin.fileno())
        if not self.plain:
            quiet[0] &= ~termios.ICRNL  # Enter stays Enter: as a line feed it would mean a new line
        quiet[3] &= ~(termios.ECHO | termios.ICANON)
        termios.tcsetattr(self._stdin.fileno(), termios.TCSANOW, quiet)


def _attributes(stdin: TextIO) -> list[Any] | None:
    """The settings of the terminal behind `stdin`, None when there is none."""
    try:
        import termios
    except ImportError:  # Windows shows nothing that nobody reads
        return None
    try:
        return termios.tcgetattr(stdin.fileno())
    except (OSError, ValueError, termios.error):  # no terminal has no echo
        return None


def _restore(stdin: TextIO, attributes: list[Any]) -> None:
    import termios

    termios.tcsetattr(stdin.fileno(), termios.TCSANOW, attributes)
