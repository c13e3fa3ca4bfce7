"""Vectors of pieces and memories, as the signs of their values: the nearest to a question, and how near each is.

A thirty-second of what the embedder gives, and nearly as good: the question's own values are compared with the signs
(design/recall_findings.md). Those of the pieces are read once in a process, whichever thread asks first, and added to
as messages come; after an erasure they are read anew. What leaves otherwise stays among them unseen, for messages are
read from the database. numpy is loaded with the first question that has a vector.
"""

import threading
from pathlib import Path
from weakref import WeakValueDictionary

from memchat.store.database import Database
from memchat.store.signs import Signs, cosines, width_of

# Rows read at once, so that reading all takes no memory to speak of.
_AT_ONCE = 20_000
# Seconds that a question waits while another thread reads them; then it is answered by words alone.
_PATIENCE = 0.5

_EMBEDDER = "SELECT id FROM embedders WHERE name = ? AND dim = ?"
_NEWEST = "SELECT id, dim FROM embedders WHERE id = (SELECT embedder FROM vectors ORDER BY id DESC LIMIT 1)"
_STAMP = "SELECT value FROM meta WHERE name IN ('erasure_epoch', 'index_generation') ORDER BY name"
_SIGNS = "SELECT id, embedder, message_id, at, signs FROM vectors WHERE id > ? ORDER BY id LIMIT ?"
_OF_MEMORIES = "SELECT memory_id, signs FROM memory_vectors WHERE embedder = ?"
_DROP = "DELETE FROM vectors WHERE id = (SELECT vector FROM messages WHERE id = ?)"
_UNMARK = "UPDATE messages SET vector = NULL WHERE id = ? AND vector IS NOT NULL"


class _Held:
    """What the connections of one process to one database hold together."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.state: tuple[int, ...] = ()  # whose signs they are, and the epochs they belong to
        self.signs: Signs | None = None
        self.last = 0  # the highest number of a row that was taken in


_held: WeakValueDictionary[Path, _Held] = WeakValueDictionary()
_holding = threading.Lock()


def _held_of(path: Path | None) -> _Held:
    """A database in memory has one connection, and its own."""
    if path is None:
        return _Held()
    with _holding:
        return _held.setdefault(path, _Held())


class Vectors:
    """What is near a question. Pieces are numbered as in the index of words."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held = _held_of(database.path)

    def warm(self) -> None:
        """Load all that a question with a vector would wait for."""
        newest = self._database.row(_NEWEST)
        if newest is not None:
            self._read(*newest, patience=-1)

    def of(self, embedder: str, dim: int) -> Signs | None:
        """Those of an embedder; None while it has made nothing, and while another thread reads them for too long."""
        number = self._number(embedder, dim)
        return None if number is None else self._read(number, dim, patience=_PATIENCE)

    def of_memories(self, question: bytes, embedder: str) -> dict[int, float]:
        """How near each memory is, by its number."""
        number = self._number(embedder, len(question))
        rows = [] if number is None else self._database.rows(_OF_MEMORIES, number)
        whole = [row for row in rows if len(row[1]) == width_of(len(question))]
        near = cosines(question, b"".join(row[1] for row in whole))
        return dict(zip((row[0] for row in whole), near, strict=True))

    def drop(self, message_id: int) -> None:
        """Take those of a message out."""
        self._database.rows(_DROP, message_id)
        self._database.rows(_UNMARK, message_id)

    def _number(self, name: str, dim: int) -> int | None:
        """The embedder's number; None while it has made nothing."""
        found = self._database.column(_EMBEDDER, name, dim)
        return found[0] if found else None

    def _read(self, embedder: int, dim: int, *, patience: float) -> Signs | None:
        """All signs of this embedder: those that are there, and what came since.

        None while another thread reads them for longer than `patience`, in seconds; -1 waits for it.
        """
        held = self._held
        if not held.lock.acquire(timeout=patience):
            return None
        try:
            # What is not committed may never be, and others share what is held.
            if not self._database.connection.in_transaction:
                self._catch_up(held, embedder, dim)
            return held.signs if held.state[:1] == (embedder,) else None
        finally:
            held.lock.release()

    def _catch_up(self, held: _Held, embedder: int, dim: int) -> None:
        state = (embedder, *self._database.column(_STAMP))
        if held.signs is None or held.state != state:
            held.signs, held.state, held.last = Signs(dim), state, 0
        while rows := self._database.rows(_SIGNS, held.last, _AT_ONCE):
            held.signs.add([row[2:] for row in rows if row[1] == embedder])
            held.last = rows[-1][0]
            if len(rows) < _AT_ONCE:
                break
