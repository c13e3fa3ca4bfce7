"""What is looked through page by page: which memories, and what became of them by the day."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from memchat.domain.knowledge import Memory


class Shelf(StrEnum):
    """Which memories: notes that hold, notes of whatever status, or all that waits."""

    NOTES = "notes"
    ALL_NOTES = "all notes"
    WAITING = "waiting"


class Happened(StrEnum):
    """What can happen to what is remembered, as a day tells it."""

    LEARNED = "learned"
    WAITS = "waits"
    SUPERSEDED = "superseded"
    ENDED = "ended"
    TAKEN_BACK = "taken back"
    FORGOTTEN = "forgotten"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, and when.

    `memory` is None for what was erased or refused: then `field` says what it was of (empty for a note), and `words`
    how many words a draft is held against.
    """

    what: Happened
    at: datetime
    memory: Memory | None = None
    field: str = ""
    words: int = 0
