"""Profile, notes, and the inbox of what waits, as views of the full screen."""

from memchat.actions import browsing, inbox, profile
from memchat.cli import render, review
from memchat.cli.browse.view import Desk, Detail, Row, View
from memchat.cli.layout import prose
from memchat.cli.terminal import Screen, one_line, width
from memchat.domain import Memory, MemoryStatus, Shelf


class ProfileView(View):
    """Every configured field with its values, those without one too."""

    title = "Profile"
    hints = (("e edit", "edit"), ("f forget", "forget"), ("p pin", "pin"))

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._rows: list[Row] = []
        self.label = max((width(field) for field in desk.fields), default=6)

    def count(self) -> int:
        """Read whole: it has some ten rows."""
        shown = profile.show(self.desk.store, self.desk.fields, self.desk.now())
        self._rows = [row for field, held in shown.items() for row in _of_field(field, held)]
        return len(self._rows)

    def rows(self, skip: int, limit: int) -> list[Row]:
        """Some of them."""
        return self._rows[skip : skip + limit]

    def detail(self, screen: Screen, row: Row) -> Detail:
        """The value's story; of a field without one how it gets one."""
        if row.memory is not None:
            return super().detail(screen, row)
        told = f"Nothing is known of {row.field}. Say it in a chat, or press e and type it."
        return Detail(["", *prose(screen, told)])

    def nothing(self) -> str:
        """Where the settings name no field."""
        return "No profile fields are configured: memory.profile_fields."


def _of_field(field: str, held: list[Memory]) -> list[Row]:
    if not held:
        return [Row("", field, "-", field=field)]
    return [
        Row(memory.ref, "" if number else field, one_line(memory.text), tail(memory), field=field, memory=memory)
        for number, memory in enumerate(held)
    ]


class NotesView(View):
    """Free notes, newest first: those that hold, or all there ever were."""

    title = "Notes"
    hints = (("e edit", "edit"), ("f forget", "forget"), ("p pin", "pin"), ("o older too", "all"))

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.everything = False

    @property
    def shelf(self) -> Shelf:
        """Which notes are shown."""
        return Shelf.ALL_NOTES if self.everything else Shelf.NOTES

    def count(self) -> int:
        """How many there are."""
        return browsing.count(self.desk.store, self.shelf, self.desk.now())

    def rows(self, skip: int, limit: int) -> list[Row]:
        """Some of them."""
        now = self.desk.now()
        found = browsing.memories(self.desk.store, self.shelf, now, skip, limit)
        return [Row(one.ref, one.ref, render.words(one), tail(one, render.tag(one, now)), memory=one) for one in found]

    def nothing(self) -> str:
        """Before anything was learned."""
        return "No notes yet. What you say in a chat and lasts becomes one; memchat memory add TEXT writes one."


class InboxView(View):
    """What waits for a person's word, oldest first."""

    title = "Inbox"
    hints = (
        ("a accept", "decide('accept')"),
        ("r reject", "decide('reject')"),
        ("n never", "decide('never')"),
        ("e edit", "edit"),
    )

    def count(self) -> int:
        """How many wait."""
        return browsing.count(self.desk.store, Shelf.WAITING, self.desk.now())

    def rows(self, skip: int, limit: int) -> list[Row]:
        """Some of them."""
        found = browsing.memories(self.desk.store, Shelf.WAITING, self.desk.now(), skip, limit)
        return [Row(one.ref, one.ref, render.words(one), _standing(one), memory=one) for one in found]

    def detail(self, screen: Screen, row: Row) -> Detail:
        """What it says, what holds beside it, why it waits, and the words it rests on."""
        now, store = self.desk.now(), self.desk.store
        (one,) = inbox.named(store, self.desk.fields, [row.ref], now)
        return Detail(["", *review.item(screen, store, one, now)])

    def nothing(self) -> str:
        """As it mostly is."""
        return review.NOTHING


def _standing(memory: Memory) -> str:
    return "held back" if memory.stored_status is MemoryStatus.QUARANTINED else memory.stored_status.value


def tail(memory: Memory, tag: str = "") -> str:
    """What stands at the right of a memory: `pinned  s21.2`."""
    return "  ".join(part for part in (tag, render.where_from(memory)) if part)
