"""README's picture: two days with memchat at a real terminal, drawn from what the terminal shows.

python -m tests.screenshot [FILE]

Writes `tests/screenshot.svg`, or FILE. The session is real: a shell, memchat with the built-in notebook, somebody who
types. Only the clock is set, so that the picture of next year is the same one, and of many empty rows two are drawn.
Fonts are the reader's own.
"""

import sys
import tempfile
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import pyte
from wcwidth import wcwidth

from tests.e2e.at_a_shell import FIRST_DAY, a_shell
from tests.e2e.terminal import UNKNOWN

PICTURE = Path(__file__).with_suffix(".svg")
ROWS, COLUMNS = 42, 80
TITLE = "Two days with memchat in a terminal"
GAP = 2  # empty rows that are drawn, at most
CELL, LINE, SIZE, EDGE = 8.4, 19, 14, 18  # pixels: a cell's width, a row's height, the letters, the margin
FONTS = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK TC', monospace"
STYLES = {
    "default": "#d8dee9",
    "dim": "#8a93a5",
    "accent": "#7fd4e0",
    "error": "#ff7b72",
}
COLOURS = {"cyan": "accent", "red": "error"}
FIRST = "My name is Alice, I live in Taipei and I am allergic to peanuts."
SECOND = ("What is my name, and what must I not eat?", "我不能吃什麼？")


class Look(NamedTuple):
    """How a piece of a row is drawn."""

    style: str
    bold: bool


class _Page(pyte.Screen):  # type: ignore[misc]  # - pyte carries no types
    """pyte's screen, which keeps what is dim: it knows no such thing, and nothing of ours blinks."""

    def select_graphic_rendition(self, *attributes: int, **how: Any) -> None:
        """What is drawn from here on; dim (2) is written down as blinking (5), and ends with bold (22)."""
        kept: list[int] = []
        for number in attributes or (0,):
            kept += {2: [5], 22: [22, 25]}.get(number, [number])
        super().select_graphic_rendition(*kept, **how)


def two_days() -> str:
    """Sit down twice; everything that the terminal was sent."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {"MEMCHAT_MODEL": "notebook", "MEMCHAT_MEMORY__ENABLED": "true"}
        with a_shell(Path(folder) / "alice", rows=ROWS, columns=COLUMNS, env=settings) as shell:
            shell.runs("memchat")
            shell.person.says(FIRST)
            shell.person.sees("/undo m3")
            shell.leaves_chat()
            shell.runs("# the next day")
            shell.puts_clock(FIRST_DAY + timedelta(days=1))
            shell.runs("memchat")
            for number, question in enumerate(SECOND, start=1):
                shell.person.says(question)
                shell.person.sees("s1.1", times=number)
            shell.person.sees_prompt()
            shown = shell.person.raw
            shell.leaves_chat()
            shell.person.types("exit\r")
        return shown


def rows_of(shown: str) -> list[list[tuple[int, str, Look]]]:
    """The screen's rows as pieces of one look: column, text, look."""
    page = _Page(COLUMNS, ROWS)
    pyte.Stream(page).feed(UNKNOWN.sub("", shown))
    rows = [_pieces(page.buffer[number]) for number in range(ROWS)]
    return [row for number, row in enumerate(rows) if any(rows[max(number - GAP, 0) : number + 1]) or number < GAP]


def svg(rows: list[list[tuple[int, str, Look]]]) -> str:
    """The picture, without a word of where it was made."""
    width, height = round(COLUMNS * CELL + 2 * EDGE), len(rows) * LINE + 2 * EDGE
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{TITLE}">',
        f'<rect width="{width}" height="{height}" rx="8" fill="#1b1f27"/>',
        f'<g font-family="{FONTS}" font-size="{SIZE}" xml:space="preserve">',
    ]
    for number, row in enumerate(rows):
        lines += [_drawn(number, column, text, look) for column, text, look in row]
    return "\n".join([*lines, "</g>", "</svg>", ""])


def _pieces(row: Any) -> list[tuple[int, str, Look]]:
    """A row in pieces; narrow and wide glyphs apart, as fonts disagree on how wide a wide one is."""
    cells = [(column, row[column]) for column in range(COLUMNS)]
    cells = [(column, cell) for column, cell in cells if cell.data]  # the second half of a wide glyph is empty
    found: list[tuple[int, str, Look]] = []
    for (look, _), group in groupby(cells, key=lambda one: (_look(one[1]), wcwidth(one[1].data[0]))):
        members = list(group)
        text = "".join(cell.data for _, cell in members)
        if text.strip():
            first = members[len(text) - len(text.lstrip())][0]
            found.append((first, text.strip(), look))
    return found


def _look(cell: Any) -> Look:
    style = COLOURS.get(cell.fg, "dim" if cell.blink else "default")
    return Look(style, bool(cell.bold))


def _drawn(number: int, column: int, text: str, look: Look) -> str:
    """One piece at its place, as wide as its cells."""
    cells = sum(max(wcwidth(glyph), 0) for glyph in text)
    left, top, wide = EDGE + column * CELL, EDGE + number * LINE, cells * CELL
    weight = ' font-weight="bold"' if look.bold else ""
    return (
        f'<text fill="{STYLES[look.style]}"{weight} x="{left:.1f}" y="{top + SIZE}" textLength="{wide:.1f}" '
        f'lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
    )


def main(arguments: list[str]) -> None:
    """Draw it anew."""
    path = Path(arguments[0]) if arguments else PICTURE
    path.write_text(svg(rows_of(two_days())), "utf-8")
    print(path)


if __name__ == "__main__":
    main(sys.argv[1:])
