"""Which memories share words with a draft or a question, without reading them all: their words in a table of their own.

As keyed hashes: SQLite, when it moves rows from page to page, now and then leaves a copy behind that `secure_delete`
does not reach. No word of an erased note can be read there.
"""

import json
from collections import Counter
from collections.abc import Collection
from math import log

from memchat.memory.words import words
from memchat.store.database import Database
from memchat.store.hashes import OF_NOTES, hashes

# So many notes are compared with a draft, each costs a microsecond or two: those with its rarest words, as far as these
# stand in no more; where even the rarest does, those of them that are about as long as the draft.
_COMPARED = 500
_MOST = 50

_PUT = "INSERT INTO memory_words (word, memory_id, among) SELECT value, ?, ? FROM json_each(?)"
_COUNTED = """
    SELECT value, (SELECT count(*) FROM (SELECT 1 FROM memory_words WHERE word = value LIMIT ?2)) AS found
    FROM json_each(?1) ORDER BY found, value
"""
_HOLDING = "SELECT memory_id, word FROM memory_words WHERE word IN (SELECT value FROM json_each(?)) ORDER BY memory_id"
# The `+` keeps SQLite from looking up each word of the draft for each note: a note's own words are fewer.
_SHARING = """
    WITH near (memory_id, among) AS MATERIALIZED (
        SELECT memory_id, max(among) FROM json_each(?1) CROSS JOIN memory_words ON word = value
        GROUP BY memory_id ORDER BY count(*) DESC, abs(max(among) - ?3), memory_id DESC LIMIT ?4
    ), compared (memory_id, among, shared) AS MATERIALIZED (
        SELECT memory_id, among, (
            SELECT count(*) FROM memory_words w
            WHERE w.memory_id = near.memory_id AND +w.word IN (SELECT value FROM json_each(?2)))
        FROM near
    )
    SELECT memory_id FROM compared
    WHERE (shared * 2 >= ?3 OR shared * 2 >= among) AND (SELECT field FROM memories m WHERE m.id = memory_id) = ''
    ORDER BY shared DESC, among, memory_id DESC LIMIT ?5
"""


class NoteWords:
    """The rows of `memory_words`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, memory_id: int, text: str) -> None:
        """Take a new memory's words in; they leave with it."""
        told = self._numbers(words(text))
        self._database.rows(_PUT, memory_id, len(told), json.dumps(told))

    def sharing(self, wanted: Collection[str]) -> list[int]:
        """Ids of notes that share half of the `wanted` words, or whose own words are half among them, at most 50."""
        every = self._numbers(wanted) if wanted else []
        total = 0
        chosen: list[int] = []
        for word, found in self._database.rows(_COUNTED, json.dumps(every), _COMPARED):
            if found and (not chosen or total + found <= _COMPARED):
                total += found
                chosen.append(word)
        if not chosen:
            return []
        return self._database.column(_SHARING, json.dumps(chosen), json.dumps(every), len(every), _COMPARED, _MOST)

    def held(self, wanted: Collection[str]) -> dict[int, float]:
        """Ids of memories that hold any of the words: which share of them, 0 to 1, where a rare word counts more."""
        every = self._numbers(wanted) if wanted else []
        rows = self._database.rows(_HOLDING, json.dumps(every))
        among = self._database.number("SELECT count(*) FROM memories")
        counts = Counter(word for _, word in rows)
        worth = {word: log(1 + (among - counts[word] + 0.5) / (counts[word] + 0.5)) for word in every}
        whole = sum(worth.values())
        found: dict[int, float] = {}
        for memory_id, word in rows:
            found[memory_id] = found.get(memory_id, 0.0) + worth[word] / whole
        return found

    def _numbers(self, wanted: Collection[str]) -> list[int]:
        """Each word as it stands in the table: the first 64 bits of its hash."""
        told = hashes(self._database, OF_NOTES, wanted)
        return sorted(int.from_bytes(whole[:8], "big", signed=True) for whole in told)
