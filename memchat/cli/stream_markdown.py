"""A reply on its way to the screen: finished blocks printed once, the unfinished one live below them.

Nothing above the live part is ever redrawn, so the scrollback holds each line once. The live part shows the newest
lines of the block as plain text, never more of them than the screen can take back.
"""

import os
import re
import shutil
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, TextIO

from memchat.cli.cells import ZWJ, clean, width
from memchat.cli.layout import MARGIN
from memchat.cli.markdown_blocks import Block, BlockSplitter
from memchat.cli.markdown_render import MarkdownRenderer
from memchat.cli.wrapping import TAB, break_offsets

if TYPE_CHECKING:
    from memchat.cli.terminal import Screen

_ERASE_LINE = "\r\x1b[K"
_ERASE_BELOW = "\r\x1b[J"
# Terminals that fold lines anew when they become narrower, by what they set; xterm and the console cut them off.
_FOLDERS = [
    "TMUX",
    "VTE_VERSION",
    "KITTY_WINDOW_ID",
    "WEZTERM_PANE",
    "ALACRITTY_WINDOW_ID",
    "GHOSTTY_RESOURCES_DIR",
    "KONSOLE_VERSION",
    "WT_SESSION",
]
_FOLDING_PROGRAMS = {"iTerm.app", "Apple_Terminal", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "WarpTerminal"}
_FOLDING_TERMS = ("tmux", "xterm-kitty", "alacritty", "foot", "xterm-ghostty", "wezterm")
# The beginning of a sequence (CSI, OSC) or of "\r\n" at the end of a piece; longer ones are not waited for.
_UNFINISHED = re.compile(r"(?:\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b\n]*\x1b?)?|\r)$")
_LONGEST_SEQUENCE = 64


def text_cells(columns: int) -> int:
    """The cells text may take between the margins; the last columns stay free, so no line wraps by itself."""
    return max(columns - 2 * len(MARGIN), 1)


def reflows(environ: Mapping[str, str]) -> bool:
    """Whether the terminal folds its lines anew at a new width, as far as it says what it is."""
    return (
        any(environ.get(name) for name in _FOLDERS)
        or environ.get("TERM_PROGRAM", "") in _FOLDING_PROGRAMS
        or environ.get("TERM", "").startswith(_FOLDING_TERMS)
    )


class PieceCleaner:
    """`clean` for text that comes in pieces: an escape sequence or line end cut in two is held until it is whole."""

    def __init__(self) -> None:
        self._held = ""

    def clean(self, piece: str) -> str:
        """The clean text that this piece completes."""
        if not self._held and clean(piece) is piece:
            return piece  # as nearly always: nothing in it begins anything
        text = self._held + piece
        if "\x1b" not in text and not text.endswith("\r"):
            self._held = ""
            return clean(text)
        cut = _UNFINISHED.search(text, max(len(text) - _LONGEST_SEQUENCE, 0))
        self._held = text[cut.start() :] if cut else ""
        return clean(text[: cut.start()] if cut else text)

    def rest(self) -> str:
        """What is held, when nothing more comes."""
        text, self._held = clean(self._held), ""
        return text


class LiveTail:
    """Lines at the bottom that can still be taken back: at most half the screen, so that it may be halved meanwhile.

    A piece costs as much as itself, and at the end of a row one line, however long the text before it. `reflows` says
    what the terminal does to lines that become wider than itself: whether it folds them.
    """

    def __init__(self, stream: TextIO, size: Callable[[], os.terminal_size], *, reflows: bool = False) -> None:
        self._stream = stream
        self._size = size
        self._reflows = reflows
        self._rows: list[str] = []
        self._last = ""  # the last row as it stands on the screen
        self._room = 0  # the cells that are certainly left in it
        self._drawn = os.terminal_size((0, 0))

    @property
    def empty(self) -> bool:
        """Whether nothing is shown."""
        return not self._rows

    @property
    def resized(self) -> bool:
        """Whether the screen has another size than when this was drawn."""
        return bool(self._rows) and self._size() != self._drawn

    def show(self, text: str) -> None:
        """Append clean text to what is shown."""
        most = len(text) if text.isascii() else 2 * len(text)
        if most <= self._room and text.isprintable():
            self._rows[-1] += text
            self._room -= most
            self._last += text
            self._stream.write(text)
        else:
            self._fold(text)
        self._stream.flush()

    def _fold(self, text: str) -> None:
        """Append text that may need more rows than the last one."""
        columns, height = self._drawn = self._size()
        cells, most = text_cells(columns), max(height // 2 - 1, 1)
        last = self._rows.pop() if self._rows else ""
        fresh = _rows(last + text.replace("\t", TAB), cells)
        above = len(self._rows)
        self._rows += fresh
        if len(self._rows) > most:
            del self._rows[:-most]
            start, drawn = _up(above) + _ERASE_BELOW, self._rows
        else:
            start, drawn = self._amended((MARGIN + fresh[0]).rstrip()), fresh[1:]
            start += "\n" * bool(drawn)
        self._stream.write(start + "\n".join((MARGIN + row).rstrip() for row in drawn))
        row = self._rows[-1]
        self._last = (MARGIN + row).rstrip()
        self._room = cells - width(row) if row and self._last == MARGIN + row and row[-1] != ZWJ else 0

    def _amended(self, row: str) -> str:
        """What makes the last row on the screen into `row`.

        Only its end is touched: a window made narrower may have folded its beginning, and not told us yet.
        """
        last = self._last
        if row.startswith(last):
            return row[len(last) :]
        if last.startswith(row):
            return f"\x1b[{width(last) - width(row)}D\x1b[K"
        return _ERASE_LINE + row

    def erase(self) -> None:
        """Take back all of it; the cursor stands where it began."""
        if self._rows:
            columns, rows = self._size().columns, len(self._rows)
            if self._reflows and columns < self._drawn.columns:
                drawn = [*((MARGIN + row).rstrip() for row in self._rows[:-1]), self._last]
                rows = sum(max(-(-width(row) // columns), 1) for row in drawn)
            self._stream.write(_up(rows - 1) + _ERASE_BELOW)
            self._stream.flush()
        self._rows, self._last, self._room = [], "", 0


class MarkdownStream:
    """Takes a reply piece by piece and shows it on a terminal; `close` when nothing more comes.

    Without `live` (`--plain`) only finished blocks are printed: the same text, and nothing is ever taken back.
    """

    def __init__(
        self,
        stream: TextIO,
        size: Callable[[], os.terminal_size],
        *,
        colour: bool,
        theme: str,
        reflows: bool = False,
        live: bool = True,
    ) -> None:
        self._stream = stream
        self._size = size
        self._cleaner = PieceCleaner()
        self._splitter = BlockSplitter()
        self._renderer = MarkdownRenderer(colour=colour, theme=theme)
        self._tail = LiveTail(stream, size, reflows=reflows)
        self._live = live
        self._printed = False

    @property
    def idle(self) -> bool:
        """Whether the cursor stands at the start of a line, so that something else may be shown there."""
        return self._tail.empty

    def feed(self, text: str) -> None:
        """The next characters of the reply."""
        text = self._cleaner.clean(text)
        finished = self._splitter.feed(text)
        if finished or self._tail.resized:
            self._tail.erase()
            self._print(finished)
            text = self._splitter.pending
        if self._tail.empty:
            text = text.lstrip("\n")
            gap = self._printed and self._splitter.gap
            text = "\n" * gap + text if text else ""
        if text and self._live:
            self._tail.show(text)

    def close(self) -> None:
        """What is unfinished is printed as it stands; the cursor is at the start of a line."""
        self._tail.erase()
        finished = self._splitter.feed(self._cleaner.rest())
        self._print([*finished, *self._splitter.close()])

    def _print(self, blocks: list[Block]) -> None:
        cells = text_cells(self._size().columns)
        for block in blocks:
            lines = self._renderer.render(block.text, cells)
            if not any(lines):
                continue  # nothing visible is in it
            if self._printed and block.gap:
                self._stream.write("\n")
            self._stream.write("".join(f"{MARGIN}{line}".rstrip() + "\n" for line in lines))
            self._printed = True
        self._stream.flush()


def on_terminal(screen: "Screen") -> MarkdownStream:
    """For replies on this terminal."""
    return MarkdownStream(
        screen.stdout,
        shutil.get_terminal_size,
        colour=screen.colour,
        theme=screen.theme,
        reflows=reflows(screen.environ),
        live=not screen.plain,
    )


class PlainStream:
    """The reply as the model wrote it, cleaned, for what is no terminal; it ends with one newline.

    `write` prints a piece at once.
    """

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._cleaner = PieceCleaner()
        self._ended = True

    @property
    def idle(self) -> bool:
        """Whether the cursor stands at the start of a line."""
        return self._ended

    def feed(self, text: str) -> None:
        """The next characters of the reply."""
        self._show(self._cleaner.clean(text))

    def close(self) -> None:
        """End the last line."""
        self._show(self._cleaner.rest())
        if not self._ended:
            self._write("\n")
        self._ended = True

    def _show(self, text: str) -> None:
        if text:
            self._write(text)
            self._ended = text.endswith("\n")


def _up(rows: int) -> str:
    return f"\x1b[{rows}A" if rows else ""


def _rows(text: str, cells: int) -> list[str]:
    """`text` in lines of the screen; unlike `wrap` it keeps the space at the end that the next word will follow."""
    rows: list[str] = []
    for line in text.split("\n"):
        edges = [0, *break_offsets(line, cells), len(line)]
        rows += [line[a:b] for a, b in pairwise(edges)]
    # However many spaces come, redrawing the last line stays cheap.
    words = rows[-1].rstrip(" ")
    rows[-1] = words + rows[-1][len(words) :][:cells]
    return rows
