"""What a person can ask of their memories one by one: list, show, add, reword, pin, take back; what waits: inbox.py."""

from collections.abc import Callable, Sequence
from datetime import datetime

from memchat.actions import profile, said_anew, wording
from memchat.actions.references import known_field, memory_number, nearest, shorten
from memchat.domain import Learned, Memory, MemoryStatus, NewMemory, Origin, Source
from memchat.errors import NotFoundError, UsageError
from memchat.memory.fields import MANY
from memchat.memory.outcomes import WAITING
from memchat.memory.quoting import fold
from memchat.ports import Store

KINDS = ("profile", "note")
STATUSES = ("active", "pending", "quarantined", "superseded", "expired", "withdrawn", "all")
SORTS: dict[str, Callable[[Memory], tuple[float, ...]]] = {
    "newest": lambda memory: (-memory.id,),
    "oldest": lambda memory: (memory.id,),
    "importance": lambda memory: (-memory.pinned, -memory.importance, -memory.id),
}
"""What `listing` sorts by; ids are given in the order of learning and never reused."""


def listing(
    store: Store,
    now: datetime,
    *,
    kind: str | None = None,
    status: str = "active",
    since: datetime | None = None,
    sort: str = "newest",
) -> list[Memory]:
    """Memories of a kind (None: both) and status, learned at or after `since`. Raises UsageError: unknown word."""
    for word, words in ((kind or "note", KINDS), (status, STATUSES), (sort, tuple(SORTS))):
        if word not in words:
            raise UsageError(f"{shorten(word)!r} is not one of: {', '.join(words)}.", "Try: memchat memory list --help")
    found = store.memories.active(now) if status == "active" else store.memories.all()
    return sorted(
        (
            memory
            for memory in found
            if (kind is None or memory.kind == kind)
            and (status in ("all", memory.status(now)))
            and (since is None or memory.created_at >= since)
        ),
        key=SORTS[sort],
    )


def counts(store: Store, now: datetime) -> dict[str, int]:
    """How many memories there are of each status that any has."""
    found: dict[str, int] = {}
    for memory in store.memories.all():
        status = memory.status(now).value
        found[status] = found.get(status, 0) + 1
    return found


def get(store: Store, fields: Sequence[str], ref: str, now: datetime) -> Memory:
    """The memory that `ref` names: `m12`, `12`, or a profile field that holds one value.

    Raises NotFoundError (no such memory, a field that holds nothing), UsageError (a field that holds several).
    """
    number = memory_number(ref, bare=True)
    if number is not None:
        return store.memories.get(number)
    field = known_field(ref, fields)
    if field is None:
        near = nearest(ref, fields)
        raise NotFoundError(
            f"{shorten(ref)!r} is no memory's id and no profile field.",
            f"Nearest: {near}." if near else "Ids look like m12: memchat memory list",
        )
    held = profile.get(store, fields, field, now)
    if not held:
        raise profile.unknown(field)
    if len(held) > 1:
        raise UsageError(
            f"{field} holds {len(held)} values: {', '.join(f'{memory.ref} {memory.text!r}' for memory in held)}.",
            "Name one by its id.",
        )
    return held[0]


def add(store: Store, text: str, now: datetime, *, mask_secrets: bool = True) -> Learned:
    """Keep a note in the person's own words; one that says the same, case aside, is confirmed.

    What they erased, and say again, waits. Raises UsageError.
    """
    clean = wording.note(text, mask_secrets=mask_secrets)
    source = Source(Origin.HAND, now)
    with store.transaction():
        same = fold(clean)
        for memory in store.memories.active(now):
            if not memory.field and fold(memory.text) == same:
                return Learned(store.memories.add_source(memory.id, source, now), refreshed=True)
        return Learned(said_anew.kept(store, NewMemory(clean, source), now))


def edit(
    store: Store, fields: Sequence[str], ref: str, text: str, now: datetime, *, mask_secrets: bool = True
) -> Learned:
    """Say a memory anew: a new version supersedes the old; the same words confirm it.

    Raises NotFoundError (no such memory), UsageError (empty, too long, or a version that holds no longer).
    """
    with store.transaction():
        old = get(store, fields, ref, now)
        status = old.status(now)
        if status in (MemoryStatus.SUPERSEDED, MemoryStatus.EXPIRED, MemoryStatus.WITHDRAWN):
            raise over(old, status)
        if old.field:
            clean = wording.value(text, old.field, mask_secrets=mask_secrets)
        else:
            clean = wording.note(text, mask_secrets=mask_secrets)
        source = Source(Origin.HAND, now)
        if clean == old.text and status is MemoryStatus.ACTIVE:
            return Learned(store.memories.add_source(old.id, source, now), refreshed=True)
        others = gives_way(store, old, now)
        worded = NewMemory(
            clean, source, field=old.field, importance=old.importance, pinned=old.pinned, valid_to=old.valid_to
        )
        if status is not MemoryStatus.ACTIVE:  # what waits is decided about just now
            new = store.memories.add(worded, now)
        else:
            new = said_anew.kept(store, worded, now, old=old)
            if new.stored_status is not MemoryStatus.ACTIVE:
                return Learned(new)
        for other in (*others, old):
            store.memories.supersede(other.id, new.id, now)
        ended = [old] if status is MemoryStatus.ACTIVE else others  # what waited never held, so it does not end
        return Learned(store.memories.get(new.id), replaced=store.memories.get(ended[-1].id) if ended else None)


def pin(
    store: Store, fields: Sequence[str], refs: Sequence[str], now: datetime, *, pinned: bool = True
) -> list[Memory]:
    """Pin memories, so that every chat carries them, or with `pinned` False let them go; all of them or none.

    Raises NotFoundError (no such memory), UsageError (one that does not hold).
    """
    with store.transaction():
        found = [get(store, fields, ref, now) for ref in refs]
        for memory in found:
            status = memory.status(now)
            if status in WAITING:
                raise UsageError(f"{memory.ref} waits for your yes.", f"Say it: memchat memory review {memory.ref}")
            if status is not MemoryStatus.ACTIVE:
                raise over(memory, status)
        return [store.memories.pin(memory.id, pinned, now) for memory in found]


def withdraw(store: Store, ref: str, now: datetime) -> Memory:
    """Take a memory back as if it had not been learned: what it replaced holds again.

    Raises UsageError (no memory's id, already withdrawn), NotFoundError (no such memory).
    """
    number = memory_number(ref)
    if number is None:
        raise UsageError(f"{shorten(ref)!r} is no memory's id.", "Ids look like m12: memchat memory list")
    with store.transaction():
        memory = store.memories.get(number)
        if memory.withdrawn_at is not None:
            raise over(memory, MemoryStatus.WITHDRAWN)
        store.memories.withdraw(number, now)
        return store.memories.get(number)


def over(memory: Memory, status: MemoryStatus) -> UsageError:
    """The error for a memory that holds no longer: replaced, ended or taken back."""
    if memory.superseded_by is not None and status is MemoryStatus.SUPERSEDED:
        return UsageError(
            f"{memory.ref} was replaced by m{memory.superseded_by}.",
            f"See it: memchat memory show m{memory.superseded_by}",
        )
    ended = "was taken back" if status is MemoryStatus.WITHDRAWN else "holds no longer"
    return UsageError(f"{memory.ref} {ended}.", anew(memory))


def anew(memory: Memory) -> str:
    """The hint how to say again what holds no longer: a value goes into its field, else it would become a note."""
    if memory.field:
        act = "add" if memory.field in MANY else "set"
        return f"Say it anew: memchat profile {act} {memory.field} VALUE"
    return "Say it anew: memchat memory add TEXT"


def gives_way(store: Store, memory: Memory, now: datetime) -> list[Memory]:
    """What ends when `memory`, which waits, holds: the one it is to replace, the value of a field of one value.

    Nothing for a memory that holds already. Raises UsageError when a field of several values has no room for it.
    """
    if memory.status(now) is MemoryStatus.ACTIVE:
        return []
    replaced = newest_version(store, memory.replaces, now)
    if not memory.field:
        return replaced
    held = [other for other in store.memories.history(memory.field) if other.status(now) is MemoryStatus.ACTIVE]
    if memory.field not in MANY:
        return [*(other for other in replaced if other not in held), *held]
    if not any(other in held for other in replaced):
        profile.room_for(store, memory.field, now)
    return replaced


def newest_version(store: Store, memory_id: int | None, now: datetime) -> list[Memory]:
    """What holds now of the memory with this id: itself, or the version that took its place; [] when nothing does."""
    while memory_id is not None:
        try:
            memory = store.memories.get(memory_id)
        except NotFoundError:  # erased since
            return []
        if memory.status(now) is MemoryStatus.ACTIVE:
            return [memory]
        memory_id = memory.superseded_by if memory.withdrawn_at is None else None
    return []
