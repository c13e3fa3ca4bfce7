"""What waits for a person: seen beside what it clashes with, accepted, rejected, or never to be learned again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from memchat.actions import memories, profile, wording
from memchat.actions.references import known_field, memory_number, shorten
from memchat.domain import Learned, Memory, MemoryStatus, Origin, Source
from memchat.errors import NotFoundError, UsageError
from memchat.memory.fields import MANY
from memchat.memory.outcomes import REFUSED, REJECTED, WAITING
from memchat.memory.words import bare, words
from memchat.ports import Store


@dataclass(frozen=True, slots=True)
class Waiting:
    """A memory that waits, and those that hold and that it clashes with or would replace."""

    memory: Memory
    beside: tuple[Memory, ...] = ()


def waiting(store: Store, now: datetime) -> list[Waiting]:
    """All that waits, oldest first."""
    return [beside(store, memory, now) for memory in store.memories.all() if memory.status(now) in WAITING]


def waits(store: Store, memory_id: int, now: datetime) -> bool:
    """Whether it still waits; what was erased does not."""
    try:
        return store.memories.get(memory_id).status(now) in WAITING
    except NotFoundError:
        return False


def beside(store: Store, memory: Memory, now: datetime) -> Waiting:
    """A memory that waits, with the memories that decide about it.

    Those are the one it would replace, what a field of one value holds, and all that a full field of several holds.
    """
    clash = memories.newest_version(store, memory.replaces, now)
    if memory.field:
        held = [other for other in store.memories.history(memory.field) if other.status(now) is MemoryStatus.ACTIVE]
        if memory.field not in MANY or (not clash and len(held) >= MANY[memory.field]):
            clash += [other for other in held if other not in clash]
    return Waiting(memory, tuple(clash))


def named(store: Store, fields: Sequence[str], refs: Sequence[str], now: datetime) -> list[Waiting]:
    """The memories that `refs` name (`m14`, `14`, a profile field for which one waits), each with what is beside it.

    Raises NotFoundError (no such memory, nothing waits for the field), UsageError (it does not wait; several do).
    """
    found = {memory.id: memory for memory in (_named(store, fields, ref, now) for ref in refs)}
    return [beside(store, memory, now) for memory in found.values()]


def accept(store: Store, fields: Sequence[str], ref: str, now: datetime) -> Learned:
    """It holds from `now`, by the person's own word; what it clashes with gives way to it.

    Where a memory that holds already says the same, that one is confirmed and takes its sources. Raises NotFoundError,
    UsageError (it does not wait; it is no value of its field; that is full: the values there are named).
    """
    with store.transaction():
        memory = _named(store, fields, ref, now)
        if memory.field:  # a value that is none of its field waits to be said anew
            wording.value(memory.text, memory.field)
        source = Source(Origin.HAND, now)
        if same := _twin(store, memory, now):
            return _confirmed(store, memory, same, source, now)
        old = memories.gives_way(store, memory, now)
        store.memories.accept(memory.id, source, now)
        for other in old:
            store.memories.supersede(other.id, memory.id, now)
        replaced = store.memories.get(old[-1].id) if old else None
        return Learned(store.memories.get(memory.id), replaced=replaced)


def reject(store: Store, ref: str, now: datetime) -> Memory:
    """It is taken back, and never held. Raises NotFoundError, UsageError (it does not wait)."""
    with store.transaction():
        memory = _named(store, (), ref, now)
        store.memories.withdraw(memory.id, now, why=REJECTED)
        return store.memories.get(memory.id)


def never(store: Store, ref: str, now: datetime) -> Memory:
    """Reject it, and learn nothing that says the same again. Raises NotFoundError, UsageError (it does not wait)."""
    with store.transaction():
        memory = _named(store, (), ref, now)
        store.memories.withdraw(memory.id, now, why=REFUSED)
        store.tombstones.add(memory.field, words(memory.text), now, never=True)
        return store.memories.get(memory.id)


def _named(store: Store, fields: Sequence[str], ref: str, now: datetime) -> Memory:
    """The one memory that waits under this name."""
    field = None if memory_number(ref, bare=True) is not None else known_field(ref, fields)
    if field is not None:
        return _of_field(store, field, now)
    memory = memories.get(store, fields, ref, now)
    status = memory.status(now)
    if status in WAITING:
        return memory
    if status is MemoryStatus.WITHDRAWN and memory.why in (REJECTED, REFUSED):
        raise UsageError(f"{memory.ref} does not wait: {memory.why}.", memories.anew(memory))
    if status is MemoryStatus.ACTIVE:
        raise UsageError(f"{memory.ref} does not wait: it is in use.", f"See it: memchat memory show {memory.ref}")
    raise memories.over(memory, status)


def _of_field(store: Store, field: str, now: datetime) -> Memory:
    found = [memory for memory in store.memories.history(field) if memory.status(now) in WAITING]
    if not found:
        raise NotFoundError(f"Nothing waits for {field}.", "See what waits: memchat memory review")
    if len(found) > 1:
        told = ", ".join(f"{memory.ref} {shorten(memory.text)!r}" for memory in found)
        raise UsageError(f"{len(found)} values wait for {field}: {told}.", "Name one by its id.")
    return found[0]


def _twin(store: Store, memory: Memory, now: datetime) -> Memory | None:
    """The memory that holds already and says what `memory` says."""
    held = profile.get(store, (memory.field,), memory.field, now) if memory.field else store.memories.active(now)
    wanted = bare(memory.text)
    return next((one for one in held if one.field == memory.field and bare(one.text) == wanted), None)


def _confirmed(store: Store, memory: Memory, same: Memory, source: Source, now: datetime) -> Learned:
    for one in (*memory.sources, source):
        store.memories.add_source(same.id, one, now)
    store.memories.supersede(memory.id, same.id, now)
    return Learned(store.memories.get(same.id), refreshed=True)
