"""What each key does, and the screen that says so."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen as FullScreen

from memchat.cli.browse.painting import Pane
from memchat.cli.browse.scrolling import Lines
from memchat.cli.browse.view import Detail
from memchat.cli.layout import MARGIN, entry, prose

KEYS = (
    ("1 to 5", "profile, notes, inbox, conversations, timeline; Left and Right go round"),
    ("Up, Down", "the row above or below; also k and j; PgUp, PgDn, Home (g), End (G)"),
    ("Enter", "read what stands beside the row: then Up and Down scroll; Tab goes there and back"),
    ("Esc", "back: from reading to the list, from a search to the view"),
    ("/", "search as you type, in all memories and conversations; Up and Down choose, Enter keeps the list"),
    ("e", "edit in place: a memory's words, a field's value, a conversation's title; Enter keeps, Esc leaves as it is"),
    ("p", "pin, so that every chat carries it; again lets it go"),
    ("f", "forget for good: first the plan, then the word yes"),
    ("a, r, n", "in the inbox: accept, reject, never learn it"),
    ("o", "notes that hold no longer, too; conversations of memchat ask, too"),
    ("Ctrl-R", "read the database anew: what another memchat wrote meanwhile"),
    ("?", "this page"),
    ("q", "leave; Ctrl-C, too"),
)
_MOUSE = "A mouse works: click a row, click it again to read it, click the words at the top and at the bottom."


class Helping(FullScreen[None]):
    """The keys, one a line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,enter", "leave", "back"),
        Binding("up,k", "move(-1)", "up"),
        Binding("down,j", "move(1)", "down"),
        Binding("pageup", "move(-10)", "page up"),
        Binding("pagedown", "move(10)", "page down"),
    ]

    def __init__(self, pane: Pane) -> None:
        super().__init__()
        self._pane = pane

    def compose(self) -> ComposeResult:
        """One list of lines."""
        yield Lines(id="help")

    def on_resize(self) -> None:
        """Fold them anew."""
        pane = self._pane.of(self.size.width)
        lines = ["", MARGIN + pane.bold("Keys"), ""]
        lines += [line for key, told in KEYS for line in entry(pane, key, told, 10)]
        lines += ["", *prose(pane, _MOUSE), *prose(pane, "Esc goes back.")]
        self.query_one("#help", Lines).show(Detail(lines))

    def action_leave(self) -> None:
        """Back to the memory."""
        self.dismiss(None)

    def action_move(self, lines: int) -> None:
        """Scroll."""
        self.query_one("#help", Lines).move(lines)
