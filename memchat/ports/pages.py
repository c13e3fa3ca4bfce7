"""What the core asks of the store for whoever looks through it: one page at a time, however much there is."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from memchat.domain import Event, Memory, Passage, SessionKind, Shelf


class Pages(Protocol):
    """Counts, and rows from a place on."""

    def count_sessions(self, kinds: Sequence[SessionKind]) -> int:
        """How many sessions of these kinds hold a turn; their pages are `Transcripts.sessions`."""
        ...

    def count_memories(self, shelf: Shelf, now: datetime) -> int:
        """How many memories stand there at `now`."""
        ...

    def memories(self, shelf: Shelf, now: datetime, *, skip: int, limit: int) -> list[Memory]:
        """Some of them: notes newest first, what waits oldest first."""
        ...

    def holding(self, fragment: str, limit: int) -> list[Memory]:
        """Memories of whatever status whose field or words hold `fragment`, newest first; of an empty one none.

        Case, width, accents and the two Chinese scripts make no difference.
        """
        ...

    def count_events(self, now: datetime) -> int:
        """How much happened to memories up to `now`."""
        ...

    def events(self, now: datetime, *, skip: int, limit: int) -> list[Event]:
        """Some of it, the newest first."""
        ...

    def beginning(self, words: Sequence[str], limit: int) -> list[Passage]:
        """Past messages that hold all of the words, the last of which may be the beginning of one, newest first.

        Nothing for a beginning of one or two letters, which half of all messages hold. Raises IndexDamagedError.
        """
        ...
