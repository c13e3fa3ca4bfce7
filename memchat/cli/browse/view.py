"""What one view of the full screen is made of: rows, page by page, and what stands beside the chosen one."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from memchat.actions import profile, provenance
from memchat.actions.searching import Span
from memchat.bootstrap import App
from memchat.cli import why_view
from memchat.cli.layout import GAP, MARGIN
from memchat.cli.search_view import bolded
from memchat.cli.terminal import Screen, one_line, pad, width
from memchat.domain import Memory
from memchat.ports import Store

# Below this a row has no room for what stands at its right.
_TAIL_FROM = 48
# A word is found in the middle of a row: so many cells before it are shown.
_BEFORE = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list. `ref` is what it is about (`m12`, `s17`, `s17.4`), empty where nothing can be done with it.

    `label` stands in the first column, `tail` at the right edge. `field` is the profile field it is a value of.
    """

    ref: str
    label: str
    text: str
    tail: str = ""
    field: str = ""
    memory: Memory | None = None
    found: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Detail:
    """What stands beside a row; `more` and `earlier` give further lines, none where there are none left."""

    lines: Sequence[str]
    more: Callable[[], Sequence[str]] | None = None
    earlier: Callable[[], Sequence[str]] | None = None


class Desk:
    """What the views work with: one run of memchat, and the moment, in the zone that dates are shown in."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.store: Store = app.store
        self.fields = app.fields
        self.masks = app.settings.privacy.mask_secrets
        self._zone = profile.zone(self.store, app.clock.now())

    def now(self) -> datetime:
        """This moment."""
        return self.app.clock.now().astimezone(self._zone)

    def rezone(self) -> None:
        """The zone may be a value that was changed just now."""
        self._zone = profile.zone(self.store, self.app.clock.now())


class View(ABC):
    """One list with what stands beside its rows. `label` is the width of its first column in cells."""

    title = ""
    label = 6
    hints: tuple[tuple[str, str], ...] = ()

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @abstractmethod
    def count(self) -> int:
        """How many rows there are now; asked once after each change."""

    @abstractmethod
    def rows(self, skip: int, limit: int) -> list[Row]:
        """Some of them."""

    def detail(self, screen: Screen, row: Row) -> Detail:
        """What stands beside one."""
        return memory_detail(screen, self.desk, row)

    @abstractmethod
    def nothing(self) -> str:
        """What stands in place of a list without rows."""


def memory_detail(screen: Screen, desk: Desk, row: Row) -> Detail:
    """Why a memory is believed: who said it in which words, how it was learned and checked, its whole story."""
    now = desk.now()
    return Detail(why_view.story(screen, provenance.story(desk.store, desk.fields, row.ref, now), now))


def drawn(screen: Screen, row: Row, label: int, *, chosen: bool) -> str:
    """A row of a list: `> m12   prefers code examples in Go     22 Nov`."""
    cells = screen.columns - len(MARGIN)
    first = pad(screen.fit(row.label, label), label)
    left = cells - label - GAP
    tail = one_line(row.tail) if cells >= _TAIL_FROM else ""
    if tail:
        left -= width(tail) + GAP
    words, start = _from_found(screen, row, left)
    text = screen.fit(words, left)
    body = bolded(screen, text, start, row.found) if row.found else text
    if chosen:
        body = body if row.found else screen.bold(text)
    end = f"{' ' * (left - width(text) + GAP)}{screen.dim(tail)}" if tail else ""
    return f"{screen.accent('> ') if chosen else MARGIN}{screen.accent(first)}{' ' * GAP}{body}{end}"


def _from_found(screen: Screen, row: Row, cells: int) -> tuple[str, int]:
    """The text from shortly before the first word that was found, where that is not to be seen else; and from where."""
    if not row.found or width(row.text[: row.found[0][1]]) <= cells:
        return row.text, 0
    start = max(row.found[0][0] - _BEFORE, 0)
    dots = screen.frame("…")
    return dots + row.text[start + len(dots) :], start
