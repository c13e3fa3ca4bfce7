"""What `forget` does: shows what would go, then erases it for good; what it cannot reach is said, not hidden."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from memchat.actions.references import known_field, memory_number, nearest, session_place, shorten
from memchat.domain import Memory
from memchat.errors import NotFoundError, RefusedError, UsageError
from memchat.memory.words import words
from memchat.ports import Store


@dataclass(frozen=True, slots=True)
class Place:
    """A turn that holds the words a memory rests on; there they become `[erased]`."""

    ref: str
    title: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A host that was sent the memory, or may have been: the first and the last time that words went there."""

    host: str
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be erased. Each chain is a memory with all its versions, oldest first."""

    chains: tuple[tuple[Memory, ...], ...]
    places: tuple[Place, ...]
    sent: tuple[Sent, ...]

    @property
    def memories(self) -> tuple[Memory, ...]:
        """Every memory that would go, versions included."""
        return tuple(memory for chain in self.chains for memory in chain)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased: which memories, in how many places their words became `[erased]`, and who was sent them.

    `blocked`: what they said will not be learned again from what is left.
    """

    ids: tuple[str, ...]
    places: int
    sent: tuple[Sent, ...]
    blocked: bool = False


def plan(store: Store, fields: Sequence[str], refs: Sequence[str], now: datetime) -> Plan:
    """What `refs` (`m12`, or a profile field for every value it ever had) would erase; nothing is changed.

    Raises NotFoundError (nothing there), UsageError (no id; an id that this version cannot forget by).
    """
    if not refs:
        raise UsageError("Nothing was named.", "Like this: memchat forget m12. Ids: memchat memory list")
    chains: dict[int, tuple[Memory, ...]] = {}
    for ref in refs:
        for number in _numbers(store, fields, ref):
            versions = tuple(store.erasure.versions(number))
            chains.setdefault(versions[0].id, versions)
    memories = [memory for chain in chains.values() for memory in chain]
    return Plan(tuple(chains.values()), _places(store, memories), _sent(store, memories, now))


def erase(store: Store, wanted: Plan, now: datetime) -> Receipt:
    """Erase what the plan shows, in one transaction. Raises RefusedError when memory has changed since the plan."""
    with store.transaction():
        for chain in wanted.chains:
            if [memory.id for memory in _now_there(store, chain)] != [memory.id for memory in chain]:
                raise RefusedError(
                    "Memory has changed since you looked. Nothing was erased.", "Look again, then forget."
                )
        places = sum(store.erasure.erase_memory(chain[0].id, now) for chain in wanted.chains)
        blocked = all(_blocked(store, memory) for memory in wanted.memories)
    return Receipt(tuple(memory.ref for memory in wanted.memories), places, wanted.sent, blocked)


def _blocked(store: Store, memory: Memory) -> bool:
    """Whether a draft of the same words would be turned away."""
    return store.tombstones.find(memory.field, words(memory.text)) is not None


def _now_there(store: Store, chain: Sequence[Memory]) -> list[Memory]:
    try:
        return store.erasure.versions(chain[0].id)
    except NotFoundError:
        return []  # somebody else has erased it: the plan is out of date


def _numbers(store: Store, fields: Sequence[str], ref: str) -> list[int]:
    """The memories one word names."""
    number = memory_number(ref)
    if number is not None:
        return [number]
    field = known_field(ref, fields)
    if field is None:
        raise _no_id(ref, fields)
    values = store.memories.history(field)
    if not values:
        raise NotFoundError(f"Nothing is known of {field}, now or before: 0 memories.", "memchat profile show")
    return [memory.id for memory in values]


def _no_id(ref: str, fields: Sequence[str]) -> UsageError:
    """Why a word names nothing that this version can forget."""
    if session_place(ref):
        return UsageError(
            f"{shorten(ref)} is a conversation; this version forgets memories only.",
            "Ids of memories look like m12: memchat memory list",
        )
    if memory_number(ref, bare=True) is not None:
        return UsageError(
            f"An id to forget takes its letter: m{shorten(ref)}, not {shorten(ref)}.", "A bare number could be a slip."
        )
    near = nearest(ref, fields)
    return UsageError(
        f"{shorten(ref)!r} is no id; this version forgets by id, not by word.",
        f"Nearest profile field: {near}." if near else "Ids look like m12: memchat memory list",
    )


def _places(store: Store, memories: Sequence[Memory]) -> tuple[Place, ...]:
    """The turns whose quotes would become `[erased]`, in order."""
    turns = {
        (source.session_id, source.turn or 0): source.ref
        for memory in memories
        for source in memory.sources
        if source.session_id is not None and source.quote
    }
    return tuple(Place(turns[key], store.transcripts.session(key[0]).title) for key in sorted(turns))


def _sent(store: Store, memories: Sequence[Memory], now: datetime) -> tuple[Sent, ...]:
    """Every host that words went to since the oldest of `memories` was learned: each may have been sent it."""
    since = min(memory.created_at for memory in memories)
    return tuple(
        Sent(host, first.astimezone(now.tzinfo), last.astimezone(now.tzinfo))
        for host, first, last in store.usages.hosts_since(since)
    )
