"""The lines at the edges: views at the top, keys at the bottom; a click on a word does what its key does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from memchat.cli.browse.painting import Pane, strip
from memchat.cli.layout import GAP, MARGIN
from memchat.cli.terminal import clean, width

WHILE_TYPING = frozenset({"choose", "leave_line"})
"""Actions of a screen that its line asks for."""
LAST = 2  # words of a bar that stay when there is no room: help, and the way out


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a bar, what a click on it does, and whether it stands out."""

    text: str
    action: str
    strong: bool = False


class Bar(Widget):
    """One line of words."""

    class Clicked(Message):
        """A word was clicked, which stands for an action of the screen."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, pane: Pane, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self._pane = pane
        self._words: Sequence[Word] = ()

    def show(self, words: Sequence[Word]) -> None:
        """Show these."""
        self._words = words
        self.refresh()

    def _shown(self) -> list[Word]:
        """As many as there is room for; the last two stay."""
        words = list(self._words)
        while len(words) > LAST and _cells(words) > self.size.width:
            del words[-LAST - 1]
        return words

    def render_line(self, y: int) -> Strip:
        """It."""
        del y
        paint = [self._pane.bold(word.text) if word.strong else self._pane.dim(word.text) for word in self._shown()]
        return strip(MARGIN + (" " * GAP).join(paint), self.size.width)

    def on_click(self, event: events.Click) -> None:
        """Tell which word was clicked."""
        at = len(MARGIN)
        for word in self._shown():
            if at <= event.x < at + width(word.text):
                self.post_message(self.Clicked(word.action))
                return
            at += width(word.text) + GAP


class Line(Input):
    """A line that is typed into; what would steer the terminal does not get into it.

    What it leaves to the screen around it waits for its turn behind the letters before it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "screen.choose(-1)", show=False),
        Binding("down", "screen.choose(1)", show=False),
        Binding("pageup", "screen.choose(-10)", show=False),
        Binding("pagedown", "screen.choose(10)", show=False),
        Binding("escape", "screen.leave_line", show=False),
    ]

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id, select_on_focus=False)

    def validate_value(self, value: str) -> str:
        """The same on one line, cleaned."""
        return clean(value).replace("\n", " ").replace("\t", " ")


def _cells(words: Sequence[Word]) -> int:
    return len(MARGIN) + sum(width(word.text) for word in words) + GAP * (len(words) - 1)
