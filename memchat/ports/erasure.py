"""What the core asks of the store about erasing: where words stand, that they go, and whether they are gone."""

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from memchat.domain import Checked, Erased, Erasing, Memory, Trails


class Erasure(Protocol):
    """The only way anything leaves the database."""

    def epoch(self) -> int:
        """Raised by every erasure; whoever holds older text reloads."""
        ...

    def versions(self, memory_id: int) -> list[Memory]:
        """The memory, all it replaced and all that replaced it, oldest first; raises NotFoundError."""
        ...

    def erase_memory(self, memory_id: int, at: datetime) -> int:
        """Erase a memory, its versions and its quotes in the transcripts; returns how many places became `[erased]`."""
        ...

    def trails(self, phrases: Sequence[str]) -> Trails:
        """Where phrases stand, as whole words, whatever their case, width and accents; writes nothing."""
        ...

    def stamp(self) -> tuple[int, int]:
        """Changes with whatever anybody writes: as long as it is the same, `trails` would be."""
        ...

    def frequency(self, word: str, most: int) -> int:
        """How many pieces of past exchanges hold a word, counted up to `most`."""
        ...

    def shown(self, memories: Sequence[int]) -> list[tuple[int, int]]:
        """The turns that were shown one of these memories with their question, in order."""
        ...

    def redact(self, files: Sequence[Path], phrases: Sequence[str]) -> None:
        """Put marks in place of phrases in files of text, as far as these can be written."""
        ...

    def copies(self) -> list[Path]:
        """What memchat made by itself of the database: backups, and what a restore replaced; erasing deletes them."""
        ...

    def aged(self, before: datetime) -> tuple[list[int], list[tuple[int, int]]]:
        """The conversations that are all from before that moment, and of others the turns that are."""
        ...

    def erase(self, erasing: Erasing, at: datetime) -> Erased:
        """Erase all of it in one transaction, then clean the disk; raises NotFoundError for a memory that is gone.

        Whoever is killed in between leaves all or nothing of it, once the next has opened the database.
        """
        ...

    def check(
        self,
        phrases: Sequence[str],
        forms: Sequence[str] = (),
        *,
        left: Collection[str] = (),
        files: Sequence[Path] = (),
    ) -> Checked:
        """Look for erased phrases in all rows, in the index, in every byte of the database's files and of `files`.

        `forms` are looked for letter by letter. What was `left` (`s14.3`, `m9`) is passed over.
        """
        ...
