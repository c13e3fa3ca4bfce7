"""What a person can ask of the traces that erasing leaves: to see as much as a keyed hash tells, and to do without."""

from memchat.domain import Tombstone
from memchat.ports import Store


def listing(store: Store) -> list[Tombstone]:
    """What is not to be learned again, the newest first; whose words nobody can read back."""
    return store.tombstones.listing()


def clear(store: Store) -> int:
    """Let all of it be learned again: every trace goes, and the keys. Returns how many there were."""
    return store.tombstones.clear()
