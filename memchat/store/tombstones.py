"""What must not be learned again: keyed hashes of an erased memory's words, never the words."""

import json
from collections.abc import Collection
from datetime import datetime

from memchat.domain import Grave
from memchat.store.database import Database
from memchat.store.hashes import OF_TOMBSTONES, hashes, hashes_under_all
from memchat.store.moments import from_columns, to_columns
from memchat.store.uids import new_uid

# A draft that holds so many per cent of the words says the same (memory.md, section 7).
_ALIKE = 70
# 128 bits: two words never meet by chance.
_BYTES = 16

_ADD = "INSERT INTO tombstones (uid, field, hashes, never, at, at_offset) VALUES (?, ?, ?, ?, ?, ?)"
_FIND = """
    SELECT at, at_offset, never FROM tombstones t
    WHERE (json_array_length(hashes) > 1 OR field = ?1) AND 100 * (
        SELECT count(*) FROM json_each(t.hashes) WHERE value IN (SELECT value FROM json_each(?2))
    ) >= ?3 * json_array_length(hashes)
    ORDER BY never DESC, id DESC LIMIT 1
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

    def _hashes(self, words: Collection[str]) -> list[str]:
        """Each word as it stands in a tombstone, in hexadecimal."""
        return [_written(whole) for whole in hashes(self._database, OF_TOMBSTONES, words)]


def _written(whole: bytes) -> str:
    return whole[:_BYTES].hex()
