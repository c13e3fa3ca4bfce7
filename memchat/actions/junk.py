"""What memory could do without, and what mends each: nothing is changed by looking."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from memchat.actions.provenance import Found, tellings
from memchat.domain import Memory, MemoryStatus, Origin
from memchat.memory.likeness import Likeness, likeness, says_value
from memchat.memory.masking import mask
from memchat.memory.words import words
from memchat.ports import Store

# A note that nobody said again for so long may hold no longer.
STALE = timedelta(days=365)
# What waits for the person longer than this was forgotten there.
WAITS = timedelta(days=30)
_OWN = frozenset({Origin.HAND, Origin.IMPORT})


class Kind(StrEnum):
    """Why a memory is junk."""

    DUPLICATE = "duplicate"
    STALE = "stale"
    WAITING = "waiting"
    UNSUPPORTED = "unsupported"
    SECRET = "secret-shaped"  # noqa: S105 - a reason, not a password


@dataclass(frozen=True, slots=True)
class Junk:
    """A memory, why, and what mends it. `other` is the one that says the same; `what` are the kinds of its secrets."""

    kind: Kind
    memory: Memory
    remedy: str
    other: Memory | None = None
    what: str = ""


def junk(store: Store, now: datetime, *, words_are_erased: bool = False) -> list[Junk]:
    """All of it: secrets first. Each memory is told once, for the gravest reason.

    `words_are_erased` where old conversations go by setting: that their words are gone is then meant so.
    """
    known = store.memories.all()
    active = [memory for memory in known if memory.status(now) is MemoryStatus.ACTIVE]
    found: dict[int, Junk] = {}
    for one in (*_secrets(known), *_unsupported(store, active, words_are_erased), *_twice(active), *_old(known, now)):
        found.setdefault(one.memory.id, one)
    return list(found.values())


def _secrets(known: Sequence[Memory]) -> Iterator[Junk]:
    """In the text or in a quote of whatever was ever kept: what was replaced stands in the file, too."""
    for memory in known:
        told = mask("\n".join([memory.text, *(source.quote for source in memory.sources)]))
        if told.kinds:
            yield Junk(Kind.SECRET, memory, f"memchat forget {memory.ref}", what=", ".join(told.kinds))


def _unsupported(store: Store, active: Sequence[Memory], words_are_erased: bool) -> Iterator[Junk]:
    """Nobody said it: it has no source, or none whose words can still be read."""
    gone = {Found.GONE} if words_are_erased else {Found.GONE, Found.ERASED}
    for memory in active:
        if any(source.origin in _OWN for source in memory.sources):
            continue
        if all(one.found in gone for one in tellings(store, memory)):
            yield Junk(Kind.UNSUPPORTED, memory, f"memchat memory why {memory.ref}")


def _twice(active: Sequence[Memory]) -> Iterator[Junk]:
    """A note that an older one says already, or a value of the profile; the newer is told, pinned ones are not.

    It is to be taken back, not forgotten: that would erase the same words in the other.
    """
    values = [memory for memory in active if memory.field]
    sharing: dict[str, list[Memory]] = defaultdict(list)
    for memory in active:
        if memory.field:
            continue
        own = words(memory.text)
        older = {other.id: other for word in own for other in sharing[word]}
        for word in own:
            sharing[word].append(memory)
        same = next((one for one in values if says_value(memory.text, one.field, one.text)), None) or next(
            (one for _, one in sorted(older.items()) if likeness(memory.text, one.text) is Likeness.SAME), None
        )
        if same is not None and not memory.pinned:
            yield Junk(Kind.DUPLICATE, memory, f"/undo {memory.ref} in a chat", other=same)


def _old(known: Sequence[Memory], now: datetime) -> Iterator[Junk]:
    for memory in known:
        status = memory.status(now)
        if status in {MemoryStatus.PENDING, MemoryStatus.QUARANTINED} and now - memory.created_at > WAITS:
            yield Junk(Kind.WAITING, memory, "memchat memory review")
        elif status is MemoryStatus.ACTIVE and not (memory.pinned or memory.field) and _unheard(memory, now):
            yield Junk(Kind.STALE, memory, f'memchat memory edit {memory.ref} "..."')


def _unheard(memory: Memory, now: datetime) -> bool:
    """Since a year nobody has said it, in words or by hand."""
    return now - memory.last_confirmed_at > STALE
