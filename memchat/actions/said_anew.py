"""What a person erased, or never wanted kept, and now writes by hand: it waits for their yes, with the reason."""

from dataclasses import replace
from datetime import datetime

from memchat.domain import Memory, MemoryStatus, NewMemory
from memchat.memory.outcomes import NEVER, WAITING, erased_on
from memchat.memory.quoting import fold
from memchat.memory.words import words
from memchat.ports import Store


def kept(store: Store, new: NewMemory, now: datetime, *, old: Memory | None = None) -> Memory:
    """Keep what was written by hand: pending where it says what was erased, and once, however often it is written.

    `old` is the memory whose place it takes when it is accepted.
    """
    grave = store.tombstones.find(new.field, words(new.text))
    if grave is None:
        return store.memories.add(new, now)
    why = NEVER if grave.never else erased_on(grave, now)
    beside = store.memories.beside(new.field, words(new.text))
    for memory in beside:
        waits = memory.field == new.field and memory.status(now) in WAITING
        if waits and fold(memory.text) == fold(new.text):
            return memory
    replaces = None if old is None else old.id
    return store.memories.add(replace(new, status=MemoryStatus.PENDING, why=why, replaces=replaces), now)
