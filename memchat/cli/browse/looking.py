"""The memory on one screen, to look through: the views, their rows, what stands beside the chosen one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.screen import Screen as FullScreen
from textual.widgets import Static

from memchat.cli.browse.bars import Bar, Line, Word
from memchat.cli.browse.helping import Helping
from memchat.cli.browse.memories import InboxView, NotesView, ProfileView
from memchat.cli.browse.painting import Pane, error, text
from memchat.cli.browse.scrolling import Lines, Rows
from memchat.cli.browse.sessions import TalksView
from memchat.cli.browse.timeline import TimelineView
from memchat.cli.browse.view import Desk, Detail, View
from memchat.cli.layout import GAP, MARGIN, prose
from memchat.cli.terminal import width
from memchat.errors import MemchatError

if TYPE_CHECKING:
    from textual.timer import Timer

NARROW = 76  # from so many columns on there is room for two things side by side
_REST = 0.02  # seconds on a row before what stands beside it is looked up: who holds a key down waits for none
_ALWAYS = (Word("/ search", "search"), Word("? help", "help"), Word("q leave", "leave"))

# What each key does, before the next key is looked at: whoever types faster than the screen is drawn types into the
# line that the first key opened. (Textual would hand over all keys that have come to what was in focus then.)
_KEYS = (
    *((str(number), f"view({number - 1})") for number in range(1, 6)),
    ("right,l", "turn(1)"),
    ("left,h", "turn(-1)"),
    ("up,k", "move(-1)"),
    ("down,j", "move(1)"),
    ("pageup", "page(-1)"),
    ("pagedown,space", "page(1)"),
    ("home,g", "end(False)"),
    ("end,G", "end(True)"),
    ("enter", "open"),
    ("tab,shift+tab", "other"),
    ("escape", "back"),
    ("slash", "search"),
    ("e", "edit"),
    ("p", "pin"),
    ("f", "forget"),
    ("a", "decide('accept')"),
    ("r", "decide('reject')"),
    ("n", "decide('never')"),
    ("o", "all"),
    ("ctrl+r", "reread"),
    ("question_mark", "help"),
    ("q", "leave"),
)


class Looking(FullScreen[None]):
    """Views, list and what stands beside it: all that changes nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding(key, act, show=False, priority=True) for key, act in _KEYS]

    def __init__(self, desk: Desk, pane: Pane) -> None:
        super().__init__()
        self._desk = desk
        self._pane = pane
        self._views: tuple[View, ...] = (
            ProfileView(desk),
            NotesView(desk),
            InboxView(desk),
            TalksView(desk),
            TimelineView(desk),
        )
        self._view: View = self._views[0]
        self._resting: Timer | None = None
        self._told = False

    def compose(self) -> ComposeResult:
        """Views, list and what stands beside it, a notice, the line, the keys."""
        yield Bar(self._pane, id="tabs")
        with Container(id="body"):
            yield Rows(self._pane, id="list")
            yield Lines(id="detail")
        yield Static(id="notice", markup=False)
        with Horizontal(id="prompt", classes="typed"):
            yield Static(id="question", markup=False)
            yield Line(id="line")
        yield Bar(self._pane, id="keys")

    @property
    def rows(self) -> Rows:
        """The rows of the view."""
        return self.query_one("#list", Rows)

    @property
    def reading(self) -> Lines:
        """What stands beside the chosen one."""
        return self.query_one("#detail", Lines)

    @property
    def whole(self) -> Pane:
        """All of its width."""
        return self._pane.of(self.size.width)

    def on_mount(self) -> None:
        """Begin with the profile."""
        self._show(self._view)
        self.set_focus(self.rows)

    def on_resize(self) -> None:
        """Side by side where there is room, else one below the other."""
        self.set_class(self.size.width < NARROW, "narrow")
        self._tabs()
        self._rest()

    # What is shown

    def _show(self, view: View, cursor: int = 0) -> None:
        self._view = view
        with self._telling():
            self.rows.show(view, cursor)
        self._tabs()

    def _tabs(self) -> None:
        words = []
        for number, view in enumerate(self._views, 1):
            count = view.count() if isinstance(view, InboxView) else 0
            told = f"{number} {view.title}{f' {count}' if count else ''}"
            words.append(Word(told, f"view({number - 1})", view is self._view))
        if self._view not in self._views:
            words.append(Word(self._view.title, "search", strong=True))
        if len(MARGIN) + sum(width(word.text) + GAP for word in words) > self.size.width:
            words = [word if word.strong else Word(word.text[0], word.action) for word in words]
        self.query_one("#tabs", Bar).show(words)
        hints = [Word(told, act) for told, act in self._view.hints]
        self.query_one("#keys", Bar).show([*hints, *_ALWAYS])

    def on_rows_chosen(self) -> None:
        """Look up what stands beside the row, once the cursor rests."""
        self._place()
        self._rest()

    def _rest(self) -> None:
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(_REST, self._look_up)

    def _look_up(self) -> None:
        row = self.rows.chosen
        with self._telling():
            pane = self._pane.of(self.reading.size.width)
            self.reading.show(self._view.detail(pane, row) if row is not None else Detail([]))

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """What cannot be done is told below, in two lines, and nothing ends."""
        try:
            yield
        except MemchatError as failure:
            self._fail(failure)

    def _fail(self, failure: MemchatError) -> None:
        self._tell(error(self.whole, failure))

    def _tell(self, lines: Sequence[str]) -> None:
        """Show a notice until something else is chosen."""
        self._told = bool(lines)
        self.query_one("#notice", Static).update(text(list(lines)))

    def _place(self) -> None:
        """Where in the list the cursor stands, as long as nothing else is told."""
        if not self._told:
            where = f"{self.rows.cursor + 1:,} of {self.rows.count:,}" if self.rows.count else ""
            self.query_one("#notice", Static).update(text(prose(self.whole, where)))

    # Moving about

    @property
    def _scrolled(self) -> Rows | Lines:
        """What Up and Down move: the lines that are read, else the list."""
        return self.reading if self.reading.has_focus else self.rows

    def action_view(self, number: int) -> None:
        """Show a view by its place."""
        self._tell([])
        self._show(self._views[number])
        self.set_focus(self.rows)

    def action_turn(self, by: int) -> None:
        """The view to the right or to the left; round at the ends."""
        here = self._views.index(self._view) if self._view in self._views else -max(by, 0)
        self.action_view((here + by) % len(self._views))

    def action_move(self, by: int) -> None:
        """One row, or line, up or down."""
        self._tell([])
        self._scrolled.move(by)

    def action_page(self, by: int) -> None:
        """A screen up or down."""
        self._tell([])
        self._scrolled.move(by * max(self._scrolled.size.height - 1, 1))

    def action_end(self, last: bool) -> None:
        """The first or the last."""
        self._tell([])
        self._scrolled.choose(self._scrolled.count if last else 0)

    def action_open(self) -> None:
        """Read what stands beside the row."""
        self.set_focus(self.reading)

    def on_rows_opened(self) -> None:
        """The same by a click."""
        self.action_open()

    def action_other(self) -> None:
        """From the list to what stands beside it, and back."""
        self.set_focus(self.rows if self.reading.has_focus else self.reading)

    def action_all(self) -> None:
        """Older notes too, one-shots too; or not."""
        if isinstance(self._view, NotesView | TalksView):
            self._tell([])
            self._view.everything = not self._view.everything
            self._show(self._view)

    def action_reread(self) -> None:
        """What others wrote meanwhile."""
        self._tell([])
        self._desk.rezone()
        self._show(self._view, self.rows.cursor)

    def action_leave(self) -> None:
        """Give the terminal back."""
        self.app.exit()

    def action_help(self) -> None:
        """What each key does."""
        self.app.push_screen(Helping(self._pane))
