"""Memories, why they are believed, and what may become one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from memchat.domain.conversation import Origin, Part, turn_ref


class MemoryStatus(StrEnum):
    """Where a memory stands. The first three are stored, the others derived from its dates."""

    ACTIVE = "active"
    PENDING = "pending"
    QUARANTINED = "quarantined"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Source:
    """Why memchat believes a memory: who said it, where, in which words.

    `session_id` and `turn` are None for what was set by hand. `span` is (start, end) in characters of the part.
    `model` is the model that extracted it, empty when no model did.
    """

    origin: Origin
    at: datetime
    quote: str = ""
    session_id: int | None = None
    turn: int | None = None
    message_id: int | None = None
    part_id: int | None = None
    span: tuple[int, int] | None = None
    model: str = ""
    prompt_version: str = ""

    @property
    def ref(self) -> str:
        """The turn it was said in, `s3.1`, or empty."""
        if self.session_id is None or self.turn is None:
            return ""
        return turn_ref(self.session_id, self.turn)


@dataclass(frozen=True, slots=True)
class Memory:
    """A profile value (`field` set) or a free note (`field` empty), with every reason to believe it.

    `importance` runs from 1 to 10. `stored_status` is active, pending or quarantined. `replaces` is, of one that waits,
    the id of the memory whose place it takes when it is accepted.
    """

    id: int
    uid: str
    field: str
    text: str
    stored_status: MemoryStatus
    importance: int
    pinned: bool
    created_at: datetime
    valid_from: datetime
    valid_to: datetime | None
    last_confirmed_at: datetime
    superseded_by: int | None
    withdrawn_at: datetime | None
    why: str = ""
    sources: tuple[Source, ...] = ()
    replaces: int | None = None

    @property
    def ref(self) -> str:
        """How people name it: `m12`."""
        return memory_ref(self.id)

    @property
    def kind(self) -> str:
        """`profile` or `note`."""
        return "profile" if self.field else "note"

    def status(self, now: datetime) -> MemoryStatus:
        """Where it stands at `now`: withdrawn, superseded and expired are derived, the rest is stored."""
        if self.withdrawn_at is not None:
            return MemoryStatus.WITHDRAWN
        if self.superseded_by is not None:
            return MemoryStatus.SUPERSEDED
        if self.valid_to is not None and self.valid_to <= now:
            return MemoryStatus.EXPIRED
        return self.stored_status


@dataclass(frozen=True, slots=True)
class NewMemory:
    """What `Memories.add` needs; ids, uid and dates of creation are the store's.

    `valid_from` is when it was said, if that was before it is kept; `replaces` as `Memory.replaces`.
    """

    text: str
    source: Source
    field: str = ""
    status: MemoryStatus = MemoryStatus.ACTIVE
    importance: int = 5
    pinned: bool = False
    valid_to: datetime | None = None
    why: str = ""
    valid_from: datetime | None = None
    replaces: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody proposes to remember, before code has looked at it.

    `field` is a profile field or empty for a note; `quote` the user's own words it rests on.
    """

    text: str
    quote: str
    field: str = ""
    importance: int = 5
    lasting: bool = True
    valid_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `memory/verify.py` says of a draft. `status` None means ignored; `why` is one line for people.

    When the quote was found, `part` and `span` say where. `draft` is the draft as code would keep it, where that is
    not as it was proposed: the field its words belong to, the plain value, the day until which they hold. The `why` of
    what is ignored is a fixed phrase, which is counted, and holds nothing that anybody wrote.
    """

    status: MemoryStatus | None
    why: str
    part: Part | None = None
    span: tuple[int, int] | None = None
    draft: Draft | None = None


@dataclass(frozen=True, slots=True)
class Grave:
    """What is left of an erased or refused memory: when that was, and whether it is `never` to be learned again.

    `said`: the user's own words hold it too, not only what a model made of them.
    """

    at: datetime
    never: bool = False
    said: bool = True


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One trace of what must not be learned again, as far as a keyed hash tells: no word of it can be read back.

    `field` is the profile field it was of, empty for a note; `words` how many of them a draft is held against.
    """

    uid: str
    field: str
    words: int
    at: datetime
    never: bool = False


@dataclass(frozen=True, slots=True)
class Learned:
    """One change of memory that a person is told about: the new memory and the one it replaced, if any.

    `aside` are notes that wait for the user since it made them too many (`memory.max_notes`).
    """

    memory: Memory
    replaced: Memory | None = None
    refreshed: bool = False
    aside: tuple[Memory, ...] = ()


def memory_ref(memory_id: int) -> str:
    """`m12`."""
    return f"m{memory_id}"
