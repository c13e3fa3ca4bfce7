"""What each key does, and the screen that says so."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from memchat.cli.browse.scrolling import Lines, Page
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


class Helping(Page):
    """The keys, one a line."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,enter", "leave")]

    def compose(self) -> ComposeResult:
        """One list of lines."""
        yield Lines(id="help")

    def on_resize(self) -> None:
        """Fold them anew."""
        pane = self.whole
        lines = ["", MARGIN + pane.bold("Keys"), ""]
        lines += [line for key, told in KEYS for line in entry(pane, key, told, 10)]
        lines += ["", *prose(pane, _MOUSE), *prose(pane, "Esc goes back.")]
        self.reading.show(Detail(lines))

    def action_leave(self) -> None:
        """Back to the memory."""
        self.dismiss()
