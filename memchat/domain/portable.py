"""What came of taking everything in or out: an import, and words that were erased for their age."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text without what shall not be kept. `cuts` are, in places of the given text, start, end, and how many
    characters stand there now.
    """

    text: str
    cuts: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of an import. `added`, `known` and `left` count lines by their kind (`message`, `memory`, ...).

    `exact`: the database was empty and now is what was exported, ids included. `known` was there before, `left` was
    not wanted (`--review`). `blocked` are memories that were erased or refused here before and stay away; `waiting`
    wait for the user; `masked` is how many secrets were masked; `renumbered` how many lines have another id now. `gone`
    counts the lines of conversations and messages that were erased whole here, and stay out.
    """

    exact: bool
    added: Mapping[str, int] = field(default_factory=dict)
    known: Mapping[str, int] = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)
    blocked: int = 0
    waiting: int = 0
    masked: int = 0
    renumbered: int = 0
    gone: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retired:
    """Words that were erased for their age, at `at`: messages from before `before`, and conversations as a whole."""

    at: datetime
    before: datetime
    conversations: int
    messages: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of restoring a backup: `replaced` is the name that the file which stood there has now, if any did.

    `blocked` are memories that had been erased or refused since the backup and stay away; None where that could not be
    told, because what stood there cannot be read. `redacted` are places that had become `[erased]` since, and are so
    again. `back` are conversations that the replaced file did not hold.
    """

    replaced: str
    memories: int
    conversations: int
    blocked: int | None = 0
    redacted: int = 0
    back: int = 0
    migrated: int = 0
