"""What memchat learned, what was replaced, ended, taken back or forgotten, day by day, as a view of the full screen."""

from datetime import datetime

from memchat.actions import browsing
from memchat.cli import render
from memchat.cli.browse.view import Detail, Row, View
from memchat.cli.layout import day, hour, many, prose
from memchat.cli.terminal import Screen, one_line
from memchat.domain import Event, Happened

_SIGNS = {Happened.LEARNED: "+", Happened.WAITS: "?"}
_DAY, _LONG_DAY = 6, 11  # cells of `22 Nov` and `22 Nov 2025`
_GONE = {Happened.FORGOTTEN: "forgotten", Happened.REFUSED: "never learned"}


class TimelineView(View):
    """Newest first; a day stands beside the first of what happened on it."""

    title = "Timeline"
    hints = (("e edit", "edit"), ("f forget", "forget"), ("p pin", "pin"))

    def count(self) -> int:
        """How much happened; of other years the days take more room."""
        now, store = self.desk.now(), self.desk.store
        number = browsing.count_events(store, now)
        first = browsing.events(store, now, number - 1, 1) if number else []
        self.label = _LONG_DAY if first and first[0].at.astimezone(now.tzinfo).year != now.year else _DAY
        return number

    def rows(self, skip: int, limit: int) -> list[Row]:
        """Some of it."""
        now, before = self.desk.now(), min(skip, 1)
        found = browsing.events(self.desk.store, now, skip - before, limit + before)
        days = [day(event.at, now, near=True) for event in found]
        rows = [
            _row(event, label if place == 0 or label != days[place - 1] else "", now)
            for place, (event, label) in enumerate(zip(found, days, strict=True))
        ]
        return rows[before:]

    def detail(self, screen: Screen, row: Row) -> Detail:
        """The memory's story; of what is gone what can still be told."""
        if row.memory is not None:
            return super().detail(screen, row)
        told = f"{row.text.removeprefix('- ')}, at {row.tail}.".capitalize()
        kept = "Its words are not kept: a keyed hash of each is, so that what says the same is not learned again."
        return Detail(["", *prose(screen, told), *prose(screen, kept), *prose(screen, "See them: memchat tombstones")])

    def nothing(self) -> str:
        """Before anything was learned."""
        return "Nothing has happened yet: no memory was learned, replaced or forgotten."


def _row(event: Event, label: str, now: datetime) -> Row:
    """`+ m12 prefers code examples in Go`, `- a note of 3 words`."""
    memory = event.memory
    if memory is None:
        text = f"- {_GONE[event.what]}: {one_line(event.field) or 'a note'} of {many(event.words, 'word')}"
        return Row("", label, text, hour(event.at, now))
    tail = f"replaced by m{memory.superseded_by}" if event.what is Happened.SUPERSEDED else event.what.value
    text = f"{_SIGNS.get(event.what, '-')} {memory.ref}  {render.words(memory)}"
    return Row(memory.ref, label, one_line(text), tail, field=memory.field, memory=memory)
