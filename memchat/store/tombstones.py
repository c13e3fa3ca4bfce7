"""What must not be learned again, nor come back: keyed hashes of an erased memory's words, never the words.

Of messages and conversations that were erased whole their uids are hashed, so that no older copy brings them back.
"""

import json
from collections.abc import Callable, Collection
from datetime import datetime

from memchat.domain import Grave, Tombstone
from memchat.store import hashes as keyed
from memchat.store.database import Database
from memchat.store.hashes import OF_TOMBSTONES, hashes, hashes_under_all
from memchat.store.moments import from_columns, to_columns
from memchat.store.uids import new_uid

# A draft that holds so many per cent of the words says the same (memory.md, section 7).
_ALIKE = 70
# 128 bits: two words never meet by chance.
_BYTES = 16

_ADD = "INSERT INTO tombstones (uid, field, hashes, never, at, at_offset) VALUES (?, ?, ?, ?, ?, ?)"
# What stands in place of a field where rows were erased whole: no profile field's name begins so.
_OF_ROWS = ":"
_FIND = """
    SELECT at, at_offset, never FROM tombstones t
    WHERE field NOT GLOB ':*' AND (json_array_length(hashes) > 1 OR field = ?1) AND 100 * (
        SELECT count(*) FROM json_each(t.hashes) WHERE value IN (SELECT value FROM json_each(?2))
    ) >= ?3 * json_array_length(hashes)
    ORDER BY never DESC, id DESC LIMIT 1
"""
_BURIED = "SELECT DISTINCT value FROM tombstones t, json_each(t.hashes) WHERE t.field = ?"
_LISTING = """
    SELECT uid, field, json_array_length(hashes), at, at_offset, never FROM tombstones
    WHERE field NOT GLOB ':*' ORDER BY at DESC, id DESC
"""


class Graves:
    """The rows of `tombstones`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, field: str, words: Collection[str], at: datetime, *, never: bool = False) -> None:
        """Remember that something with these words was erased, or is `never` to be learned; nothing without words."""
        if words:
            told = json.dumps(sorted(self._hashes(words)))
            self._database.rows(_ADD, new_uid(at), field, told, int(never), *to_columns(at))

    def find(self, field: str, words: Collection[str]) -> Grave | None:
        """The newest tombstone of which a draft holds 70 % of the words; one of a single word by its field alone.

        What is never to be learned stays so, whatever was erased since.
        """
        if not words or not self._database.rows("SELECT 1 FROM tombstones LIMIT 1"):
            return None
        told = [_written(whole) for whole in hashes_under_all(self._database, OF_TOMBSTONES, words)]
        row = self._database.row(_FIND, field, json.dumps(told), _ALIKE)
        return None if row is None else Grave(from_columns(row[0], row[1]), never=bool(row[2]))

    def bury(self, kind: str, uids: Collection[str], at: datetime) -> None:
        """Remember that rows of a kind (`session`, `message`) with these uids were erased whole."""
        self.add(_OF_ROWS + kind, uids, at)

    def buried(self, kind: str) -> Callable[[str], bool]:
        """Tells of a uid whether a row of that kind had it that was erased whole; what is buried later is not seen."""
        gone = frozenset(self._database.column(_BURIED, _OF_ROWS + kind))
        every = keyed.keys(self._database, OF_TOMBSTONES) if gone else []
        return lambda uid: any(_written(whole) in gone for whole in keyed.under(every, uid))

    def listing(self) -> list[Tombstone]:
        """Those of memories, the newest first: as much as a hash tells."""
        return [
            Tombstone(uid, field, count, from_columns(at, offset), never=bool(never))
            for uid, field, count, at, offset, never in self._database.rows(_LISTING)
        ]

    def clear(self) -> int:
        """Take all of them away, those of whole rows too, and every key: how many of memories there were."""
        with self._database.transaction():
            count = len(self.listing())
            self._database.rows("DELETE FROM tombstones")
            keyed.renew(self._database, OF_TOMBSTONES)
        return count

    def _hashes(self, words: Collection[str]) -> list[str]:
        """Each word as it stands in a tombstone, in hexadecimal."""
        return [_written(whole) for whole in hashes(self._database, OF_TOMBSTONES, words)]


def _written(whole: bytes) -> str:
    return whole[:_BYTES].hex()
