"""How lines of text come onto the full screen: the same four weights and one accent, everything cleaned."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TextIO

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.strip import Strip

from memchat.cli.cells import PAINT
from memchat.cli.layout import MARGIN, folded, prose, room
from memchat.cli.terminal import Screen, clean, one_line
from memchat.errors import MemchatError

_PIECES = re.compile(f"({PAINT.pattern})")
_STYLES: Mapping[str, Style] = {
    "\x1b[1m": Style(bold=True),
    "\x1b[2m": Style(dim=True),
    "\x1b[7m": Style(reverse=True),
    "\x1b[31m": Style(color="red"),
    "\x1b[36m": Style(color="cyan"),
}
_PLAIN = Style.null()
_ERROR = "error"


class Pane(Screen):
    """A part of the full screen, `cells` wide, that views lay out their lines for as they do for a whole terminal.

    What `screen` can show is asked once, before the full screen begins.
    """

    def __init__(self, screen: Screen, cells: int = 80) -> None:
        super().__init__(screen.environ, stdin=screen.stdin, stdout=screen.stdout, stderr=screen.stderr)
        self._cells = cells
        self._colour = screen.colour
        self._ascii = screen.ascii

    @property
    def is_terminal(self) -> bool:
        """It is read on one, whatever standard output is."""
        return True

    @property
    def ascii(self) -> bool:
        """As it is on the whole screen."""
        return self._ascii

    @property
    def columns(self) -> int:
        """Cells in a line of this part."""
        return self._cells

    def of(self, cells: int) -> "Pane":
        """The same for a part of another width."""
        return Pane(self, max(cells, 1))

    def _paints(self, _stream: TextIO) -> bool:
        return self._colour


def error(pane: Pane, told: MemchatError) -> list[str]:
    """What happened, and what to do now, folded."""
    first, *more = folded(pane, one_line(told.message), room(pane) - len(f"{_ERROR}: "))
    hint = prose(pane, one_line(told.hint))
    return [f"{MARGIN}{pane.red(_ERROR)}: {first}", *(MARGIN + line for line in more), *hint]


def segments(line: str) -> list[Segment]:
    """A line as pieces with their weights; whatever else would steer the terminal is gone."""
    style, found = _PLAIN, []
    for number, piece in enumerate(_PIECES.split(line)):
        if number % 2:
            style = style + _STYLES[piece] if piece in _STYLES else _PLAIN
        elif text := clean(piece).replace("\n", " ").replace("\t", " "):
            found.append(Segment(text, style))
    return found


@lru_cache(maxsize=512)
def strip(line: str, cells: int) -> Strip:
    """A line as it is drawn, `cells` wide."""
    return Strip(segments(line)).adjust_cell_length(cells, _PLAIN)


def text(lines: list[str]) -> Text:
    """Several lines as Textual's own widgets take them; nothing in them is markup."""
    drawn = Text(no_wrap=True, end="")
    for number, line in enumerate(lines):
        if number:
            drawn.append("\n")
        for segment in segments(line):
            drawn.append(segment.text, segment.style)
    return drawn
