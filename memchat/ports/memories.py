"""What the core asks of the store about memories: profile and notes, and what must not be learned again."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from memchat.domain import Grave, Memory, NewMemory, Source, Tombstone


class Memories(Protocol):
    """Profile and notes."""

    def add(self, new: NewMemory, at: datetime) -> Memory:
        """Keep a new memory with its first source."""
        ...

    def get(self, memory_id: int) -> Memory:
        """One memory with its sources; raises NotFoundError."""
        ...

    def active(self, now: datetime) -> list[Memory]:
        """All that holds at `now`: profile values, then notes, oldest first."""
        ...

    def all(self) -> list[Memory]:
        """Every memory there is, whatever its status, oldest first."""
        ...

    def changed_since(self, at: datetime) -> list[Memory]:
        """Every memory created, ended or withdrawn after `at`, oldest first."""
        ...

    def history(self, field: str) -> list[Memory]:
        """Every value a profile field ever had, oldest first."""
        ...

    def add_source(self, memory_id: int, source: Source, at: datetime) -> Memory:
        """One more reason to believe it; it is confirmed at `at`."""
        ...

    def supersede(self, old_id: int, new_id: int, at: datetime) -> None:
        """`old` held until `at`, then `new`."""
        ...

    def end(self, memory_id: int, at: datetime) -> None:
        """It holds no longer; its history stays."""
        ...

    def withdraw(self, memory_id: int, at: datetime, *, why: str = "") -> list[int]:
        """Take it back (undo): what it superseded holds again. `why` takes the place of the reason to keep it.

        Returns the ids of those that it had replaced.
        """
        ...

    def restore(self, memory_id: int, at: datetime, replaced: Sequence[int] = ()) -> None:
        """Undo a withdrawal: it holds again, and takes the place of `replaced` as before, as far as they still hold."""
        ...

    def accept(self, memory_id: int, source: Source, at: datetime) -> Memory:
        """What waited holds from `at`, confirmed by `source`; raises NotFoundError."""
        ...

    def set_aside(self, memory_id: int, why: str, at: datetime) -> Memory:
        """What held waits for the user again, for the reason `why`; raises NotFoundError."""
        ...

    def pin(self, memory_id: int, pinned: bool, at: datetime) -> Memory:
        """Pin it, or let it go; raises NotFoundError."""
        ...

    def beside(self, field: str, words: Collection[str], message_id: int | None = None) -> list[Memory]:
        """The memories that can decide about a draft, of whatever status, oldest first.

        Of its `field` (empty for a note) all it ever held; of notes those that share at least half of the draft's
        `words` (`memory.words.words`) or hold at least half of their own among them; and whatever rests on the message.
        """
        ...

    def surplus(self, now: datetime, most: int) -> list[Memory]:
        """The active notes beyond `most` that may wait: least important first, then oldest.

        Left out are pinned ones, those written by hand, and those that were confirmed since they were learned.
        """
        ...

    def taught_by(self, session_id: int, turn: int) -> list[Memory]:
        """Memories whose first source is that turn and that are not withdrawn."""
        ...

    def untold(self) -> list[Memory]:
        """What consolidation has kept or doubted and nobody was told of, oldest first; withdrawn ones are left out."""
        ...

    def told(self, memory_id: int) -> None:
        """All up to this one have been told of, and all that is doubted."""
        ...


class Tombstones(Protocol):
    """Keyed hashes of what was erased or refused for ever: nobody can read them back."""

    def add(self, field: str, words: Collection[str], at: datetime, *, never: bool = False) -> None:
        """Remember that something with these `words` (`memory.words.words`) was erased, or is `never` to be learned.

        Nothing happens where there are no words.
        """
        ...

    def find(self, field: str, words: Collection[str]) -> Grave | None:
        """The newest tombstone of which a draft holds 70 % of the words, one that says `never` first; None without one.

        One of a single word only counts for the same field (memory.md, section 7).
        """
        ...

    def listing(self) -> list[Tombstone]:
        """Those of memories, the newest first."""
        ...

    def clear(self) -> int:
        """Take all of them away, those of whole rows too, and their keys: returns how many of memories there were."""
        ...
