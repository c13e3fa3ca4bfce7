"""What scrolls: a list whose rows are fetched when they come into sight, and lines that grow at both ends."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen as FullScreen
from textual.scroll_view import ScrollView
from textual.strip import Strip

from memchat.cli.browse.painting import Pane, strip
from memchat.cli.browse.view import Detail, Row, View, drawn
from memchat.cli.layout import prose

PAGE = 64  # rows that are fetched at once: more than a screen has
_AHEAD = 8  # lines before an end is in sight, when more are asked for


class Rows(ScrollView, can_focus=True, inherit_bindings=False):
    """A view's rows. Only those in sight are fetched, however many there are."""

    class Chosen(Message):
        """Another row is the chosen one, or none."""

    class Opened(Message):
        """The chosen row was clicked once more."""

    def __init__(self, pane: Pane, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self._pane = pane
        self._view: View | None = None
        self._pages: dict[int, list[Row]] = {}
        self.count = 0
        self.cursor = 0

    def show(self, view: View, cursor: int = 0) -> None:
        """Show a view's rows anew, with the one at `cursor` chosen."""
        self._view, self._pages = view, {}
        self.count = view.count()
        self.cursor = max(min(cursor, self.count - 1), 0)
        self.virtual_size = Size(1, max(self.count, 1))
        self._follow()

    @property
    def chosen(self) -> Row | None:
        """The row under the cursor."""
        return self.row(self.cursor)

    def row(self, number: int) -> Row | None:
        """A row by its place; None where there is none, also where somebody else erased it meanwhile."""
        if self._view is None or not 0 <= number < self.count:
            return None
        page, place = divmod(number, PAGE)
        if page not in self._pages:
            self._pages[page] = self._view.rows(page * PAGE, PAGE)
        rows = self._pages[page]
        return rows[place] if place < len(rows) else None

    def move(self, rows: int) -> None:
        """Choose the row so many below."""
        self.choose(self.cursor + rows)

    def choose(self, number: int) -> None:
        """Choose a row by its place, or the nearest there is."""
        self.cursor = max(min(number, self.count - 1), 0)
        self._follow()

    def _follow(self) -> None:
        """Keep the chosen row in sight, and say which it is."""
        height = max(self.size.height, 1)
        top = self.scroll_offset.y
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, force=True)
        self.refresh()
        self.post_message(self.Chosen())

    def on_resize(self) -> None:
        """The chosen row stays in sight."""
        self._follow()

    def on_click(self, event: events.Click) -> None:
        """A click chooses a row; on the chosen one it opens it."""
        number = self.scroll_offset.y + event.y
        if number >= self.count:
            return
        if number == self.cursor:
            self.post_message(self.Opened())
        else:
            self.choose(number)

    def render_line(self, y: int) -> Strip:
        """One line of what is in sight."""
        number, cells = self.scroll_offset.y + y, self.size.width
        pane = self._pane.of(cells)
        if self._view is not None and not self.count:
            told = prose(pane, self._view.nothing())
            return strip(told[y] if y < len(told) else "", cells)
        row = self.row(number)
        if row is None or self._view is None:
            return strip("", cells)
        return strip(drawn(pane, row, self._view.label, chosen=number == self.cursor), cells)


class Lines(ScrollView, can_focus=True, inherit_bindings=False):
    """Lines of text to read; further ones are asked for when an end comes into sight."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self.lines: list[str] = []
        self._more: Callable[[], Sequence[str]] | None = None
        self._earlier: Callable[[], Sequence[str]] | None = None

    def show(self, detail: Detail) -> None:
        """Show these lines from their beginning."""
        self.lines = list(detail.lines)
        self._more, self._earlier = detail.more, detail.earlier
        self.scroll_to(y=0, animate=False, force=True)
        self._grow()

    def move(self, lines: int) -> None:
        """Scroll by so many lines."""
        at = self.scroll_offset.y + lines
        if at < 0 and self._earlier is not None:
            before = list(self._earlier())
            if not before:
                self._earlier = None
            self.lines[:0] = before
            at += len(before)
        self._resize()
        self.scroll_to(y=max(at, 0), animate=False, force=True)
        self._grow()

    def choose(self, number: int) -> None:
        """Scroll to a line, or the nearest there is; of lines that grow the end is that of those there are."""
        self.move(min(number, len(self.lines)) - self.scroll_offset.y)

    @property
    def count(self) -> int:
        """How many lines there are so far."""
        return len(self.lines)

    def watch_scroll_y(self, old: float, new: float) -> None:
        """The wheel of a mouse asks for more, too."""
        super().watch_scroll_y(old, new)
        self._grow()

    def _grow(self) -> None:
        """Ask for more until an end is out of sight."""
        while self._more is not None and self.scroll_target_y + self.size.height + _AHEAD > len(self.lines):
            further = self._more()
            self._more = self._more if further else None
            self.lines += further
        self._resize()

    def _resize(self) -> None:
        self.virtual_size = Size(1, max(len(self.lines), 1))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of what is in sight."""
        number = self.scroll_offset.y + y
        return strip(self.lines[number] if number < len(self.lines) else "", self.size.width)


class Page(FullScreen[str]):
    """A screen of its own, for lines that are read. Its result is a line to tell, or empty."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "choose(-1)"),
        Binding("down,j", "choose(1)"),
        Binding("pageup", "choose(-10)"),
        Binding("pagedown,space", "choose(10)"),
    ]

    def __init__(self, pane: Pane) -> None:
        super().__init__()
        self._pane = pane

    @property
    def whole(self) -> Pane:
        """All of its width."""
        return self._pane.of(self.size.width)

    @property
    def reading(self) -> Lines:
        """What scrolls."""
        return self.query_one(Lines)

    def action_choose(self, lines: int) -> None:
        """Scroll."""
        self.reading.move(lines)
