"""What is typed while a reply comes: a line of its own below the reply, and the next prompt's first keys.

Whatever is written above goes through `_Above`, which moves the line out of its way, so that the words of the reply
and the keys never stand in each other's.
"""

import contextlib
import os
import select
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TextIO, cast

from memchat.cli.cells import clean, graphemes, width
from memchat.cli.prompt import PROMPT

if TYPE_CHECKING:
    from memchat.cli.terminal import Screen

_ERASE_BELOW = "\x1b[J"
# Room for a row below, without leaving the column; there and back again. DECSC and IND are as old as the VT100.
_THERE, _BACK = "\x1bD\x1b[A\x1b7\x1b[B\r\x1b[2K", "\x1b8"
_NEXT = "  (next)"
_NEWEST = 4_096  # bytes of the keys that are looked at for the line: more than any row shows


class TypedAhead:
    """Reads the keys of `number`, a terminal that echoes nothing, and shows them below what `screen` prints."""

    def __init__(self, number: int, screen: "Screen") -> None:
        self.keys = b""
        self._number = number
        self._screen = screen
        self._stream = screen.stdout
        self._lock = threading.Lock()
        self._footer = ""
        self._wake, self._woken = os.pipe()
        self._thread = threading.Thread(target=self._read, name="keys", daemon=True)

    @contextlib.contextmanager
    def shown(self) -> Iterator[None]:
        """Read and show until the end; then the line is gone, and `keys` holds all that was read."""
        screen = self._screen
        plain = screen.stdout, screen.stderr
        screen.stdout, screen.stderr = (self._above(stream) for stream in plain)
        self._thread.start()
        try:
            yield
        finally:
            screen.stdout, screen.stderr = plain  # first: a Ctrl-C in what follows may break it off
            os.write(self._woken, b"x")
            self._thread.join()
            if self._footer:
                self._stream.write(_ERASE_BELOW)
                self._stream.flush()
            os.close(self._wake)
            os.close(self._woken)

    def _above(self, stream: TextIO) -> TextIO:
        return cast("TextIO", _Above(stream, self.over))

    def over(self, stream: TextIO, text: str) -> None:
        """Write something above the line."""
        with self._lock:
            if not self._footer or not ("\n" in text or _ERASE_BELOW in text):
                stream.write(text)
                return
            stream.write(f"{_ERASE_BELOW}{text}{_THERE}{self._footer}{_BACK}")
            stream.flush()

    def _read(self) -> None:
        while True:
            ready, _, _ = select.select([self._number, self._wake], [], [])
            if self._wake in ready:
                return
            try:
                more = os.read(self._number, 4096)
            except OSError:  # the terminal is gone: whoever writes to it next will tell
                return
            if not more:
                return
            self.keys += more
            self._draw()

    def _draw(self) -> None:
        line = typed(self.keys[-_NEWEST:])
        if not line and not self._footer:  # an arrow, or the terminal's own late answer: nobody has written anything
            return
        with self._lock, contextlib.suppress(OSError, ValueError):
            self._footer = self._screen.accent(PROMPT) + ending(line, self._screen.columns - 4)
            self._stream.write(f"{_THERE}{self._footer}{_BACK}")
            self._stream.flush()


class _Above:
    """A stream whose writes go `over` what is typed; in all else it is the stream itself."""

    def __init__(self, stream: TextIO, over: Callable[[TextIO, str], None]) -> None:
        self._stream = stream
        self._over = over

    def write(self, text: str) -> int:
        """As the stream's."""
        self._over(self._stream, text)
        return len(text)

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


def typed(keys: bytes) -> str:
    """The line that these keys make; after Enter what was sent."""
    *sent, line = written(keys).replace("\t", " ").split("\n")
    return line or (sent[-1] + _NEXT if sent and sent[-1] else "")


def written(keys: bytes) -> str:
    """The text that these keys make, as far as letters, tabs, Backspace, Ctrl-U and Enter go."""
    lines = [""]
    for char in clean_keys(keys):
        if char == "\n":
            lines.append("")
        elif char == "\x7f":
            lines[-1] = "".join([grapheme for grapheme, _ in graphemes(lines[-1])][:-1])
        elif char == "\x15":
            lines[-1] = ""
        elif char == "\t" or char.isprintable():
            lines[-1] += char
    return "\n".join(lines)


def clean_keys(keys: bytes) -> str:
    """The keys as characters: without the sequences of arrows and the like, with the few that edit."""
    edits = {"\x7f": "\ue000", "\x08": "\ue000", "\x15": "\ue001", "\r": "\n"}
    text = keys.decode("utf-8", "ignore")
    text = clean("".join(edits.get(char, char) for char in text))
    return text.replace("\ue000", "\x7f").replace("\ue001", "\x15")


def ending(text: str, cells: int) -> str:
    """The end of `text` that fits into so many cells."""
    kept: list[str] = []
    left = cells
    for grapheme, wide in [*graphemes(text[-max(cells, 0) :])][::-1]:
        if wide > left:
            break
        kept.append(grapheme)
        left -= wide
    return "".join(reversed(kept)) if width(text) > cells else text
