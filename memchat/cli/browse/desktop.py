"""The memory on one screen, to search and to mend: the line that is typed into, and what is done with a row."""

from collections.abc import Callable

from textual.widgets import Static

from memchat.cli.browse import acts
from memchat.cli.browse.bars import WHILE_TYPING, Bar, Line
from memchat.cli.browse.errands import Errands
from memchat.cli.browse.forgetting import Forgetting
from memchat.cli.browse.looking import Looking
from memchat.cli.browse.painting import Pane, text
from memchat.cli.browse.search import FoundView, Searcher
from memchat.cli.browse.view import Desk, Row, View
from memchat.cli.layout import MARGIN, prose
from memchat.errors import MemchatError

SEARCHING = "/"


class Desktop(Looking):
    """All of it but help and forgetting, which have screens of their own."""

    def __init__(self, desk: Desk, errands: Errands, pane: Pane) -> None:
        super().__init__(desk, pane)
        self._errands = errands
        self._found = FoundView(desk)
        self._searcher = Searcher(desk, errands)
        self._before: tuple[View, int] = (self._view, 0)
        self._answered: Callable[[str], None] | None = None

    # The line that is typed into

    def _ask(self, label: str, value: str, answered: Callable[[str], None] | None = None) -> None:
        """Ask for a line; `answered` gets it. Without that it is a search, which is answered with each key."""
        self._answered = answered
        self.query_one("#question", Static).update(text([f"{MARGIN}{self._pane.accent(label)} "]))
        line = self.query_one("#line", Line)
        self.query_one("#prompt").display = True
        line.value = value
        line.cursor_position = len(line.value)
        self.set_focus(line)

    def _close_line(self) -> None:
        self._answered = None
        self.query_one("#prompt").display = False
        self.set_focus(self.rows)

    @property
    def _asks(self) -> bool:
        return bool(self.query_one("#prompt").display)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """While a line is typed into, letters are letters: only what it asks for itself is done."""
        del parameters
        return (action in WHILE_TYPING) is self._asks

    def on_bar_clicked(self, event: Bar.Clicked) -> None:
        """A click on a word leaves the line that is open."""
        if self._asks:
            self._close_line()
        self.run_worker(self.run_action(event.action))

    def action_choose(self, rows: int) -> None:
        """Another row, without leaving the line."""
        self.rows.move(rows)

    def action_leave_line(self) -> None:
        """As Esc does."""
        self.action_back()

    async def on_input_changed(self, event: Line.Changed) -> None:
        """Look for what was typed; who types on waits for nothing that was typed before."""
        if self._asks and self._answered is None:
            self.run_worker(self._search(event.value), exclusive=True, group="search")

    def on_input_submitted(self, event: Line.Submitted) -> None:
        """Enter: keep what was typed, or go into the list of what was found."""
        answered, words = self._answered, event.value
        self._close_line()
        if answered is not None:
            with self._telling():
                answered(words)

    def action_back(self) -> None:
        """From reading to the list, out of a line, out of a search: one step each time."""
        if self._asks and self._answered is not None:
            self._close_line()
            self._tell(prose(self.whole, "Nothing was changed."))
        elif self.reading.has_focus:
            self.set_focus(self.rows)
        elif self._view is self._found:
            self._close_line()
            self._show(*self._before)

    # Searching

    def action_search(self) -> None:
        """Search as one types; again, what was searched for can be changed."""
        self._tell([])
        if self._view is not self._found:
            self._before = self._view, self.rows.cursor
            self._found = FoundView(self._desk)
            self._show(self._found)
            self.run_worker(self._search(""), exclusive=True, group="search")
        self._ask(SEARCHING, self._found.hits.words)

    async def _search(self, words: str) -> None:
        try:
            hits = await self._searcher.find(words)
        except MemchatError as failure:
            self._fail(failure)
            return
        cursor = self.rows.cursor if words == self._found.hits.words else 0
        self._found.hits = hits
        if self._view is self._found:
            if hits.trouble:
                self._tell(prose(self.whole, hits.trouble))
            self._show(self._found, cursor)

    # What is done with the chosen row

    def _chosen(self, act: Callable[[Row], None]) -> None:
        """Do something with the chosen row, where there is one."""
        with self._telling():
            if (row := self.rows.chosen) is not None:
                act(row)

    def _act(self, act: Callable[[Row], list[str]]) -> None:
        """The same, and tell what came of it; then all is read anew."""
        self._chosen(lambda row: self._done(act(row)))

    def _done(self, lines: list[str]) -> None:
        self._desk.rezone()
        self._anew()
        self._tell(lines)

    def _anew(self) -> None:
        """Show the view as it is now; what was found is looked for again."""
        if self._view is self._found:
            self.run_worker(self._search(self._found.hits.words), exclusive=True, group="search")
        else:
            self._show(self._view, self.rows.cursor)

    def action_edit(self) -> None:
        """Edit the row's words in place."""
        self._chosen(self._edit)

    def _edit(self, row: Row) -> None:
        words = acts.wording(self._desk, row)
        self._tell([])
        self._ask(f"{row.ref or row.field} >", words, lambda given: self._reword(row, words, given))

    def _reword(self, row: Row, words: str, given: str) -> None:
        if given == words or not given.strip():
            self._tell(prose(self.whole, "Nothing was changed."))
        else:
            self._done(acts.reword(self._desk, self.whole, row, given))

    def action_pin(self) -> None:
        """Pin it, or let it go."""
        self._act(lambda row: acts.pin(self._desk, self.whole, row))

    def action_decide(self, word: str) -> None:
        """Accept, reject, never."""
        self._act(lambda row: acts.decide(self._desk, self.whole, row, word))

    def action_forget(self) -> None:
        """Show what would go, and ask."""
        self._chosen(self._forget)

    def _forget(self, row: Row) -> None:
        ref = acts.forgettable(self._desk, row)
        self.app.push_screen(Forgetting(self._desk, self._errands, self._pane, ref), self._forgot)

    def _forgot(self, told: str | None) -> None:
        self._done(prose(self.whole, told) if told else [])
