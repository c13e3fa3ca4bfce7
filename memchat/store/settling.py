"""The end of an import: what only shows once all lines are in is checked, and what rests on them is mended."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from memchat.domain import Taken
from memchat.memory.fields import MANY
from memchat.store import hashes
from memchat.store.carried import MOVES, NUMBERS, Carried, refused
from memchat.store.database import Database
from memchat.store.erase import SqliteErasure
from memchat.store.index import MessageIndex
from memchat.store.moments import to_text
from memchat.store.record_forms import COUNTED
from memchat.store.record_head import Head
from memchat.store.reindex import Reindex

# More messages than this are taken into the index behind the talk, as after an upgrade; these take half a second.
AT_ONCE = 4_000

# Each finds the line of something that cannot be; `?1` is the form's number. A circle would never be walked to its end.
_WRONG = {
    ("message", "its parent is of another conversation"): """
        SELECT c.line FROM carried c JOIN messages m ON m.id = c.new JOIN messages p ON p.id = m.parent
        WHERE c.form = ?1 AND c.fresh AND p.session_id <> m.session_id ORDER BY 1 LIMIT 1
    """,
    ("message", "its parents go round in a circle"): """
        WITH RECURSIVE reached (id) AS (
            SELECT m.id FROM carried c JOIN messages m ON m.id = c.new
            WHERE c.form = ?1 AND c.fresh AND (m.parent IS NULL OR NOT EXISTS (
                SELECT 1 FROM carried p INDEXED BY carried_by_new WHERE p.form = ?1 AND p.new = m.parent AND p.fresh))
            UNION SELECT m.id FROM reached r JOIN messages m ON m.parent = r.id
        )
        SELECT line FROM carried WHERE form = ?1 AND fresh AND new NOT IN (SELECT id FROM reached) ORDER BY 1 LIMIT 1
    """,
    ("session", "its leaf is a message of another conversation"): """
        SELECT c.line FROM carried c JOIN sessions s ON s.id = c.new
            JOIN messages m ON m.id IN (s.leaf, s.consolidated_to)
        WHERE c.form = ?1 AND c.fresh AND m.session_id <> s.id ORDER BY 1 LIMIT 1
    """,
    ("memory", "what replaced it goes round in a circle"): """
        WITH RECURSIVE reached (id) AS (
            SELECT m.id FROM carried c JOIN memories m ON m.id = c.new
            WHERE c.form = ?1 AND (m.superseded_by IS NULL OR NOT EXISTS (
                SELECT 1 FROM carried p INDEXED BY carried_by_new WHERE p.form = ?1 AND p.new = m.superseded_by))
            UNION SELECT m.id FROM reached r JOIN memories m ON m.superseded_by = r.id
        )
        SELECT line FROM carried WHERE form = ?1 AND new NOT IN (SELECT id FROM reached) ORDER BY 1 LIMIT 1
    """,
}
_COUNTS_WRONG = """
    SELECT EXISTS (
        SELECT 1 FROM carried c JOIN messages m ON m.id = c.new LEFT JOIN messages p ON p.id = m.parent
        WHERE c.form = ? AND c.fresh AND m.turns <> coalesce(p.turns, 0) + (p.turn IS NOT m.turn))
"""
# `turns` counts the turns from the root to a message.
RECOUNT = """
    WITH RECURSIVE counted (id, turn, turns) AS (
        SELECT id, turn, 1 FROM messages WHERE parent IS NULL AND session_id IN ({sessions})
        UNION ALL
        SELECT m.id, m.turn, c.turns + (m.turn <> c.turn) FROM counted c JOIN messages m ON m.parent = c.id
    )
    UPDATE messages SET turns = counted.turns FROM counted WHERE counted.id = messages.id
        AND messages.turns <> counted.turns
"""
_FRESH_SESSIONS = "SELECT m.session_id FROM carried c JOIN messages m ON m.id = c.new WHERE c.form = ?1 AND c.fresh"
# A conversation that is there goes on where the file's does, if that begins with all it has.
_MOVE = """
    WITH RECURSIVE goal (session_id, leaf) AS (
        SELECT a.new, c.new FROM ahead a JOIN carried c ON c.form = a.target AND c.old = a.old
        WHERE a.place = ?1 AND c.new IS NOT NULL
    ), up (session_id, leaf, id, parent) AS (
        SELECT g.session_id, g.leaf, m.id, m.parent FROM goal g JOIN messages m ON m.id = g.leaf
        WHERE m.session_id = g.session_id
        UNION ALL
        SELECT up.session_id, up.leaf, m.id, m.parent FROM up JOIN messages m ON m.id = up.parent
    )
    SELECT s.id, g.leaf FROM goal g JOIN sessions s ON s.id = g.session_id
    WHERE s.leaf IS NOT g.leaf AND (s.leaf IS NULL OR s.leaf IN (SELECT id FROM up WHERE up.session_id = s.id))
"""
_GO_ON = """
    UPDATE sessions SET leaf = ?1, last_at = m.created_at, last_offset = m.created_offset
    FROM (SELECT created_at, created_offset FROM messages WHERE id = ?1) m WHERE sessions.id = ?2
"""
_PATHS = """
    WITH RECURSIVE up (id, parent) AS (
        SELECT m.id, m.parent FROM sessions s JOIN messages m ON m.id = s.leaf WHERE s.id = ?
        UNION ALL SELECT m.id, m.parent FROM up JOIN messages m ON m.id = up.parent
    )
    SELECT id FROM up ORDER BY id
"""
_FRESH = "SELECT new FROM carried WHERE form = ? AND fresh ORDER BY new"
_HOLDING = """
    SELECT id, field, valid_from, valid_from_offset, id IN (SELECT new FROM carried WHERE form = ?1 AND fresh)
    FROM memories
    WHERE field <> '' AND status = 'active' AND withdrawn_at IS NULL AND superseded_by IS NULL
        AND (valid_to IS NULL OR valid_to > ?2)
    ORDER BY field, valid_from DESC, id DESC
"""
_REPLACE = """
    UPDATE memories SET superseded_by = ?, superseded_at = ?, superseded_offset = ?, changed_at = ? WHERE id = ?
"""
_WAIT = "UPDATE memories SET status = 'pending', why = ?, changed_at = ? WHERE id = ?"
_WAITING = """
    SELECT count(*) FROM carried c JOIN memories m ON m.id = c.new
    WHERE c.form = ? AND c.fresh AND m.status = 'pending' AND m.superseded_by IS NULL AND m.withdrawn_at IS NULL
"""
# Pictures and the like that no message shows.
ORPHANS = "DELETE FROM blobs WHERE hash NOT IN (SELECT blob FROM parts WHERE blob IS NOT NULL)"
# A transcript that was kept when its memory was forgotten (`--keep-transcript`) stays when that memory comes again.
_SPARED = """
    DELETE FROM sources WHERE memory_id IN (SELECT value FROM json_each(?))
        AND part_id IN (SELECT id FROM parts WHERE barred)
"""
# What stands alone is erased alone: its versions are judged by their own words.
_UNLINK = """
    UPDATE memories SET superseded_by = (SELECT b.superseded_by FROM memories b WHERE b.id = ?1)
    WHERE superseded_by = ?1
"""
_ALONE = "UPDATE memories SET superseded_by = NULL WHERE id = ?"
_DOUBLE = """
    DELETE FROM tombstones WHERE id > ?1 AND EXISTS (
        SELECT 1 FROM tombstones o WHERE o.id <= ?1 AND o.field = tombstones.field AND o.hashes = tombstones.hashes)
"""


class Settling:
    """What follows the last line."""

    def __init__(self, database: Database, index: MessageIndex, erasure: SqliteErasure, carried: Carried) -> None:
        self._database = database
        self._index = index
        self._erasure = erasure
        self._carried = carried

    def settle(self, told: Taken, head: Head, *, blocked: Sequence[int], at: datetime, review: bool) -> Taken:
        """Check and mend; returns what is to be told. Raises MemchatError with the line that cannot be."""
        self._carried.resolve()
        self._check()
        moved: list[int] = []
        if told.exact:
            self._as_it_was(head)
        else:
            for key in head.keys if not review else ():
                hashes.adopt(self._database, hashes.OF_TOMBSTONES, key)
            moved = self._go_on()
            if told.gone:  # pictures stand above the messages that show them
                self._database.rows(ORPHANS)
            erase_alone(self._database, self._erasure, blocked, at)
            self._one_value_each(at)
        self._take_into_index(moved)
        return replace(told, waiting=self._database.number(_WAITING, NUMBERS["memory"]))

    def _check(self) -> None:
        for (kind, why), sql in _WRONG.items():
            if found := self._database.column(sql, NUMBERS[kind]):
                raise refused(found[0], why)
        if self._database.number(_COUNTS_WRONG, NUMBERS["message"]):
            self._database.rows(RECOUNT.replace("{sessions}", _FRESH_SESSIONS), NUMBERS["message"])

    def _as_it_was(self, head: Head) -> None:
        """The numbers that were given, and what stands beside the rows."""
        count_on(self._database, head.ids)
        for name, value in head.meta.items():
            self._database.rows("INSERT OR REPLACE INTO meta VALUES (?, ?)", name, value)
        if head.keys:
            self._database.rows("DELETE FROM meta WHERE name = ?", hashes.OF_TOMBSTONES)
        for key in head.keys:
            hashes.adopt(self._database, hashes.OF_TOMBSTONES, key)

    def _go_on(self) -> list[int]:
        """Conversations that were there and went on elsewhere: their numbers."""
        moves = self._database.rows(_MOVE, MOVES)
        for session_id, leaf in moves:
            self._database.rows(_GO_ON, leaf, session_id)
        return [session_id for session_id, _ in moves]

    def _one_value_each(self, at: datetime) -> None:
        """A field that holds one value keeps the newest; one that holds several as many as it may, the others wait."""
        held: dict[str, list[Any]] = {}
        for row in self._database.rows(_HOLDING, NUMBERS["memory"], to_text(at)):
            held.setdefault(row[1], []).append(row)
        for field, rows in held.items():
            if not any(row[4] for row in rows):
                continue
            if field not in MANY:
                newest = rows[0]
                for old in rows[1:]:
                    self._database.rows(_REPLACE, newest[0], newest[2], newest[3], to_text(at), old[0])
                continue
            room = MANY[field] - sum(not row[4] for row in rows)
            for number, row in enumerate(row for row in rows if row[4]):
                if number >= room:
                    self._database.rows(_WAIT, f"{field} holds {MANY[field]} already", to_text(at), row[0])

    def _take_into_index(self, moved: Sequence[int]) -> None:
        """What is little is found at once; of much the newest, the rest is taken in behind the talk."""
        fresh = self._database.number("SELECT count(*) FROM carried WHERE form = ? AND fresh", NUMBERS["message"])
        if fresh > AT_ONCE:
            reindex = Reindex(self._database, self._index)
            reindex.begin()
            reindex.batch(AT_ONCE)
            return
        sessions = self._database.column(_FRESH, NUMBERS["session"])
        for session_id in sessions:
            self._index.labels.put(session_id)
        for session_id in [*sessions, *moved]:
            for message_id in self._database.column(_PATHS, session_id):
                self._index.put(message_id)


def count_on(database: Database, ids: Mapping[str, int]) -> None:
    """Go on from these ids, by table, where they are higher: none is given twice."""
    for table in COUNTED:
        seq = database.column("SELECT seq FROM sqlite_sequence WHERE name = ?", table)
        if ids.get(table, 0) > (seq[0] if seq else 0):
            database.rows("DELETE FROM sqlite_sequence WHERE name = ?", table)
            database.rows("INSERT INTO sqlite_sequence VALUES (?, ?)", table, ids[table])


def erase_alone(database: Database, erasure: SqliteErasure, blocked: Sequence[int], at: datetime) -> int:
    """Erase memories that were erased or refused before, each without its versions; in how many places.

    They leave no second tombstone where the first was of the same words.
    """
    before = database.number("SELECT coalesce(max(id), 0) FROM tombstones")
    database.rows(_SPARED, json.dumps([*blocked]))
    places = 0
    for number in blocked:
        database.rows(_UNLINK, number)
        database.rows(_ALONE, number)
        places += erasure.erase_memory(number, at)
    database.rows(_DOUBLE, before)
    return places
