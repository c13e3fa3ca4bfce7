"""How screens are laid out: margins, prose, columns that fold into lines where a terminal is narrow, days, sources."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from memchat.cli.money import UNKNOWN
from memchat.cli.terminal import Screen, cut, one_line, pad, width
from memchat.cli.wrapping import wrap
from memchat.domain import Memory, Origin

MARGIN = "  "
# Beyond this a line is hard to read across; numbers at its end would stand too far from what they count.
WIDEST = 100
# Between two columns.
GAP = 2
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Who a memory comes from, in words.
VOICES = {
    Origin.HAND: "set by hand",
    Origin.TYPED: "you said",
    Origin.ARGV: "you said",
    Origin.IMPORT: "imported",
}


def room(screen: Screen) -> int:
    """Cells a line may take, margin left out."""
    return max(min(screen.columns, WIDEST) - len(MARGIN), 1)


def day(moment: datetime, now: datetime, *, near: bool = False) -> str:
    """`12 Nov` this year, else `12 Nov 2025`, in the zone of `now`; with `near` also `today`."""
    local = moment.astimezone(now.tzinfo)
    if near and local.date() == now.date():
        return "today"
    text = f"{local.day} {MONTHS[local.month - 1]}"
    return text if local.year == now.year else f"{text} {local.year}"


def hour(moment: datetime, now: datetime) -> str:
    """`09:14`, in the zone of `now`."""
    return moment.astimezone(now.tzinfo).strftime("%H:%M")


def voice(memory: Memory, now: datetime) -> str:
    """`you said, 12 Nov`."""
    if not memory.sources:
        return day(memory.created_at, now)
    first = memory.sources[0]
    return f"{VOICES.get(first.origin, f'from {first.origin.value}')}, {day(first.at, now)}"


def source_ref(memory: Memory) -> str:
    """The turn a memory was said in, or the empty string."""
    return memory.sources[0].ref if memory.sources else ""


def folded(screen: Screen, text: str, cells: int, *, lines: int = 0) -> list[str]:
    """`text` as lines of at most `cells`, at most `lines` of them; where there is no terminal one line, whole."""
    text = one_line(text)
    return _wrapped(screen, text, cells, lines)


def _wrapped(screen: Screen, text: str, cells: int, lines: int = 0) -> list[str]:
    if not screen.is_terminal:
        return [text]
    wrapped = wrap(text, max(cells, 1))
    if lines and len(wrapped) > lines:
        wrapped[lines - 1] = screen.fit(f"{wrapped[lines - 1]} {wrapped[lines]}", cells)
        return wrapped[:lines]
    return wrapped


def prose(screen: Screen, text: str, *, indent: str = MARGIN) -> list[str]:
    """A sentence of memchat's own, folded at the edge."""
    cells = room(screen) + len(MARGIN) - len(indent)
    return [screen.dim(indent + line) for line in _wrapped(screen, screen.frame(text), cells)]


def entry(screen: Screen, label: str, text: str, cells: int, *, lines: int = 0) -> list[str]:
    """`label` in a column of `cells`, `text` beside it, folded within its own column; below it where that is narrow."""
    beside = room(screen) - cells
    if beside >= 12:
        first, *more = folded(screen, text, beside, lines=lines)
        head = screen.accent(pad(label, cells)) + first
        return [MARGIN + head, *(MARGIN + " " * cells + line for line in more)]
    below = [MARGIN * 2 + line for line in folded(screen, text, room(screen) - len(MARGIN), lines=lines)]
    above = folded(screen, label, room(screen)) if label.strip() else []
    return [*(MARGIN + screen.accent(line) for line in above), *below]


def columns(rows: Iterable[Sequence[str]], *, least: Sequence[int] = ()) -> list[int]:
    """The widest cell of each column."""
    widest = list(least)
    for row in rows:
        widest += [0] * (len(row) - len(widest))
        widest = [max(a, width(b)) for a, b in zip(widest, row, strict=False)]
    return widest


def many(count: int, one: str, several: str = "") -> str:
    """`1 turn`, `1,204 turns`; `several` where an s is not enough."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def percent(part: int, whole: int) -> str:
    """`76 %`; of what is not nothing never `0 %`, and of nothing no share is known."""
    if not whole:
        return UNKNOWN
    share = 100 * part / whole
    return "under 1 %" if 0 < share < 1 else f"{share:.0f} %"


def right(text: str, cells: int) -> str:
    """`text` at the right edge of a column."""
    text = cut(text, cells)
    return " " * max(cells - width(text), 0) + text
