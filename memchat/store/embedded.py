"""What has vectors and what waits for them; whoever can make vectors asks here for texts and brings them back."""

from collections.abc import Sequence

from memchat.domain import Unembedded
from memchat.store.database import Database
from memchat.store.entries import WAITING_TO, Entries
from memchat.store.numbering import numbered
from memchat.store.signs import packed

_EMBEDDER = "SELECT id FROM embedders WHERE name = ? AND dim = ?"
_ADD_EMBEDDER = "INSERT INTO embedders (name, dim) VALUES (?, ?)"
_BARE_MEMORIES = """
    SELECT id, text FROM memories m
    WHERE NOT EXISTS (SELECT 1 FROM memory_vectors v WHERE v.memory_id = m.id AND v.embedder = ?) ORDER BY id LIMIT ?
"""
_BARE_MESSAGES = f"""
    SELECT id, cuts FROM messages
    WHERE indexed = 1 AND vector IS NULL AND id > {WAITING_TO}
    ORDER BY id DESC LIMIT ?
"""  # noqa: S608 - the words are ours
_OTHERS = "SELECT id FROM embedders WHERE id IS NOT ?"
_OF_ANOTHER = f"""
    SELECT m.id, m.cuts FROM vectors v CROSS JOIN messages m ON m.id = v.message_id
    WHERE v.embedder = ? AND m.indexed = 1 AND m.id > {WAITING_TO}
    ORDER BY v.id DESC LIMIT ?
"""  # noqa: S608 - the words are ours
_STATE = "SELECT cuts, vector FROM messages WHERE id = ? AND indexed = 1"
_PUT_MEMORY = "INSERT OR REPLACE INTO memory_vectors (memory_id, embedder, signs) VALUES (?, ?, ?)"
_PUT = """
    INSERT INTO vectors (embedder, message_id, at, signs)
    SELECT ?, id, min(max(unixepoch(created_at), 0), 0xffffffff), ? FROM messages WHERE id = ?
"""


class Embedded:
    """Lists what has no vectors by an embedder, and keeps those that are brought."""

    def __init__(self, database: Database, entries: Entries) -> None:
        self._database = database
        self._entries = entries

    def missing(self, embedder: str, dim: int, limit: int) -> list[Unembedded]:
        """Memories first, then messages of the index, the newest first; last those that have another's."""
        number = (self._database.column(_EMBEDDER, embedder, dim) or [None])[0]
        rows = self._database.rows(_BARE_MEMORIES, number, limit)
        found = [Unembedded(0, memory_id, (text,)) for memory_id, text in rows]
        rows = self._database.rows(_BARE_MESSAGES, limit - len(found))
        for other in self._database.column(_OTHERS, number):
            rows += self._database.rows(_OF_ANOTHER, other, limit - len(found) - len(rows))
        return found + [Unembedded(message_id, 0, self._texts(message_id, cuts)) for message_id, cuts in rows]

    def put(self, embedder: str, dim: int, done: Sequence[tuple[Unembedded, Sequence[bytes]]]) -> int:
        """Keep the vectors, one for each text, in place of another embedder's; returns for how many.

        What was changed or erased meanwhile is left out. Raises ValueError for a vector of another length.
        """
        if any(len(vector) != dim for _, vectors in done for vector in vectors):
            raise ValueError("a vector has one signed byte for each dimension")
        kept = 0
        with self._database.transaction():
            number = (self._database.column(_EMBEDDER, embedder, dim) or [0])[0]
            number = number or self._database.insert(_ADD_EMBEDDER, embedder, dim)
            for one, vectors in done:
                now, vector = self._now(one)
                if len(one.texts) == len(vectors) and one.texts == now:
                    self._keep(one, number, packed(b"".join(vectors), dim), known=vector is not None)
                    kept += 1
        return kept

    def _now(self, one: Unembedded) -> tuple[tuple[str, ...], int | None]:
        """Its texts as they are by now, none when it is gone; and the row of the vectors that a message has."""
        if one.memory_id:
            return tuple(self._database.column("SELECT text FROM memories WHERE id = ?", one.memory_id)), None
        cuts, vector = self._database.row(_STATE, one.message_id) or (None, None)
        return self._texts(one.message_id, cuts) if cuts else (), vector

    def _keep(self, one: Unembedded, embedder: int, signs: bytes, *, known: bool) -> None:
        if one.memory_id:
            self._database.rows(_PUT_MEMORY, one.memory_id, embedder, signs)
            return
        if known:
            self._entries.vectors.drop(one.message_id)
        # At the end of the table, whatever the message: rows that come backwards leave its pages half empty.
        row = self._database.insert(_PUT, embedder, signs, one.message_id)
        self._database.rows("UPDATE messages SET vector = ? WHERE id = ?", row, one.message_id)

    def _texts(self, message_id: int, cuts: str) -> tuple[str, ...]:
        """The pieces of a message, as they were cut when it was put in."""
        return tuple(text for _, text in numbered(message_id, self._entries.text_of(message_id), cuts))
