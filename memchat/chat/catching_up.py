"""What past words still lack to be found, and found soon: index rows that an upgrade left, vectors, segments that are
merged; a little at a time.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress

from memchat.domain import Unembedded
from memchat.errors import EmbeddingError, StoreError
from memchat.ports import Embedder, Store

AT_ONCE = 4  # what one turn brings: a message and its replies
LONGEST = 50  # pieces of a text that is embedded while somebody waits; longer ones are left to the background
BATCH = 64  # texts of one step in the background: some ten milliseconds with the bundled embedder, one request else


class _Interrupted(Exception):  # noqa: N818 - no error: somebody needs the time
    """A rebuild of the index is to stop after the batch that is done."""


def with_turn(store: Store, embedder: Embedder | None) -> None:
    """Vectors of what a turn has just saved, where that takes no time, and room for its words: part of the caller's
    transaction.

    What goes wrong here costs nobody the turn: the background tries again, and the next question says what is wrong.
    """
    with suppress(StoreError):
        # Here, though nobody waits for it: another connection's writing takes from the chat's all that it had read.
        store.index.merge(whole=False)
    if embedder is None or embedder.host or not embedder.ready:
        return
    with suppress(EmbeddingError, StoreError), store.transaction():
        listed = store.index.unembedded(embedder.name, embedder.dim, AT_ONCE)
        short = [one for one in listed if len(one.texts) <= LONGEST]
        store.index.embed(embedder.name, embedder.dim, _with_vectors(short, embedder))


def step(store: Store, embedder: Embedder | None, stop: Callable[[], bool]) -> bool:
    """Do a little of what is left, the index's rows first; whether there may be more. Raises StoreError."""
    return _resumed(store, stop) or _embedded(store, embedder) or store.index.merge(whole=True)


def _embedded(store: Store, embedder: Embedder | None) -> bool:
    """Make vectors for a batch of what has none; whether there was any."""
    if embedder is None:
        return False
    try:
        embedder.warm()
        if not embedder.dim:  # only its first answer tells
            embedder.embed(["memchat"])
        done = _with_vectors(store.index.unembedded(embedder.name, embedder.dim, BATCH), embedder)
    except EmbeddingError:
        return False
    return bool(done) and store.index.embed(embedder.name, embedder.dim, done) > 0


def _with_vectors(listed: Sequence[Unembedded], embedder: Embedder) -> list[tuple[Unembedded, list[bytes]]]:
    """Each with a vector for each of its texts, all of them made at once. Raises EmbeddingError."""
    vectors = iter(embedder.embed([text for one in listed for text in one.texts]))
    return [(one, [next(vectors) for _ in one.texts]) for one in listed]


def _resumed(store: Store, stop: Callable[[], bool]) -> bool:
    """Take in what an upgrade left, until `stop()`; whether that came before the end."""

    def progress(_done: int, _of: int) -> None:
        if stop():
            raise _Interrupted

    try:
        store.index.resume(progress)
    except _Interrupted:
        return True
    return False
