"""Conversations and their transcripts as a view of the full screen, read a few turns at a time."""

from collections.abc import Sequence
from dataclasses import replace

from memchat.actions import browsing, sessions
from memchat.actions.references import session_place
from memchat.cli import session_view
from memchat.cli.browse.view import Desk, Detail, Row, View
from memchat.cli.layout import day
from memchat.cli.terminal import Screen
from memchat.domain import Session

# Turns that are read at once: more than a screen of most.
PAGE = 8


class TalksView(View):
    """Conversations, newest activity first; those of `memchat ask` on demand."""

    title = "Conversations"
    hints = (("e rename", "edit"), ("f forget", "forget"), ("o ask too", "all"))

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.everything = False

    def count(self) -> int:
        """How many there are."""
        return browsing.count_talks(self.desk.store, oneshots=self.everything)

    def rows(self, skip: int, limit: int) -> list[Row]:
        """Some of them."""
        now = self.desk.now()
        found = browsing.talks(self.desk.store, skip, limit, oneshots=self.everything)
        return [Row(one.ref, one.ref, session_view.heading(one), day(one.last_at, now, near=True)) for one in found]

    def detail(self, screen: Screen, row: Row) -> Detail:
        """Summary and transcript."""
        return transcript(screen, self.desk, row.ref)

    def nothing(self) -> str:
        """Before anything was said."""
        return "No conversations yet."


def transcript(screen: Screen, desk: Desk, ref: str) -> Detail:
    """A conversation from its beginning; with `s17.4` from that turn on, what is before it above."""
    session = sessions.get(desk.store, ref)
    place = session_place(ref)
    first = (place[1] or 1) if place else 1
    reading = _Reading(screen, desk, session, first)
    return Detail(reading.begin(), reading.more, reading.earlier if first > 1 else None)


class _Reading:
    """A transcript that is being read: from which turn to which it is on the screen."""

    def __init__(self, screen: Screen, desk: Desk, session: Session, first: int) -> None:
        self._screen = screen
        self._desk = desk
        self._session = session
        self._last = browsing.last_turn(desk.store, session)
        self._first = self._next = first

    def begin(self) -> list[str]:
        """Its heading, with the summary where it is read from the beginning, and the first turns."""
        partly = sessions.summarised_partly(self._desk.store, self._session)
        shown = self._session if self._first == 1 else replace(self._session, summary="", topics=())
        head = session_view.transcript(self._screen, shown, (), self._desk.now(), summarised_to=partly)
        return [*head, *self.more()]

    def more(self) -> Sequence[str]:
        """The turns after those on the screen; none after the last."""
        found: list[str] = []
        while not found and self._next <= self._last:
            found = self._turns(self._next, self._next + PAGE - 1)
            self._next += PAGE
        return found

    def earlier(self) -> Sequence[str]:
        """The turns before them; none before the first."""
        found: list[str] = []
        while not found and self._first > 1:
            found = self._turns(max(self._first - PAGE, 1), self._first - 1)
            self._first = max(self._first - PAGE, 1)
        return found

    def _turns(self, first: int, last: int) -> list[str]:
        turns = browsing.turns(self._desk.store, self._session, first, last)
        return session_view.said(self._screen, turns, self._desk.now())
