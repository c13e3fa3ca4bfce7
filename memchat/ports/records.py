"""What the core asks of storage to take everything out of it, and in again, line by line."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from memchat.domain import Cleaned, Retired, Taken

Cleaner = Callable[[str], Cleaned]


class Intake(Protocol):
    """An import under way; its methods raise MemchatError with the line that cannot be taken."""

    def take(self, record: Mapping[str, object], line: int) -> None:
        """One line of the file below the first."""
        ...

    def finish(self) -> Taken:
        """All lines were taken: check what only shows now, and mend what rests on them."""
        ...


class Records(Protocol):
    """All that is kept, as records of plain values (`store/record_forms.py`)."""

    def reading(self) -> AbstractContextManager[None]:
        """Within it everything is read as it stands at one moment; others may go on writing."""
        ...

    def head(self) -> dict[str, Any]:
        """The first line: what can be said of all of it."""
        ...

    def lines(self) -> Iterator[dict[str, Any]]:
        """Everything else, one record at a time."""
        ...

    def intake(
        self, head: Mapping[str, object], *, clean: Cleaner | None, review: bool, at: datetime
    ) -> AbstractContextManager[Intake]:
        """Take records in, all or none: one transaction, undone when anything is raised within.

        `head` is a file's first line; raises MemchatError where it is none. `clean` takes out what shall not be kept.
        With `review` facts wait for the user, and nobody learns from the words.
        """
        ...

    def back_up(self, target: Path, progress: Callable[[int, int], None]) -> None:
        """Copy everything as it stands at one moment into the empty file `target`, and check the copy.

        `progress` hears how many pages are done, of how many. A copy of what is encrypted is so with the same key.
        Raises StoreError.
        """
        ...

    def retire(self, before: datetime, at: datetime) -> Retired:
        """Erase the words of conversations from before that moment; memories stay. One transaction.

        Conversations that a living process holds open are left alone.
        """
        ...

    def old(self, before: datetime) -> int:
        """How much `retire` would erase at most: messages and typed lines."""
        ...

    def retired(self) -> Retired | None:
        """What was erased so the last time; None when that was never."""
        ...
