"""What was erased in one database, so that a backup of it from before can be made to forget it, too."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from memchat.memory.words import words
from memchat.store import hashes
from memchat.store.database import Database, Row
from memchat.store.record_forms import COUNTED
from memchat.store.redaction import MARK
from memchat.store.settling import erase_alone
from memchat.store.tombstones import Graves

if TYPE_CHECKING:
    from memchat.store.records import SqliteRecords

_TOMBSTONES = "SELECT uid, space, field, hashes, never, at, at_offset FROM tombstones ORDER BY id"
_BURY = """
    INSERT INTO tombstones (uid, space, field, hashes, never, at, at_offset) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
    WHERE NOT EXISTS (SELECT 1 FROM tombstones WHERE uid = ?1)
"""
_PARTS = """
    SELECT m.uid, p.position, p.content FROM parts p JOIN messages m ON m.id = p.message_id
    WHERE p.kind <> 'image' AND instr(p.content, ?) > 0
"""
_PART = """
    SELECT p.id, p.content, m.id, m.session_id FROM messages m JOIN parts p ON p.message_id = m.id
    WHERE m.uid = ? AND p.position = ?
"""
# Other words of the same rows, by uid: quotes, titles, what was typed.
_QUOTES = "SELECT uid, quote, span_start, span_end FROM sources WHERE instr(quote, ?) > 0"
_QUOTE = "UPDATE sources SET quote = ?2, span_start = ?3, span_end = ?4 WHERE uid = ?1"
_TITLES = "SELECT uid, title FROM sessions WHERE instr(title, ?) > 0"
_TYPED = "SELECT uid, text FROM history WHERE instr(text, ?) > 0"
_TYPE = "UPDATE history SET text = ?2 WHERE uid = ?1"
_UNSUMMED = "UPDATE sessions SET summary = '', topics = '[]', consolidated_to = NULL WHERE id = ?"


@dataclass(frozen=True, slots=True)
class ErasedSince:
    """Read from the database as it is now; `apply` takes it out of another."""

    tombstones: list[Row] = field(default_factory=list)
    keys: list[bytes] = field(default_factory=list)
    parts: list[Row] = field(default_factory=list)
    quotes: list[Row] = field(default_factory=list)
    titles: list[Row] = field(default_factory=list)
    typed: list[Row] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    epoch: int = 0
    sessions: frozenset[str] | None = None

    @classmethod
    def of(cls, database: Database) -> "ErasedSince":
        """What was erased in this database."""
        return cls(
            tombstones=database.rows(_TOMBSTONES),
            keys=hashes.keys(database, hashes.OF_TOMBSTONES),
            parts=database.rows(_PARTS, MARK),
            quotes=database.rows(_QUOTES, MARK),
            titles=database.rows(_TITLES, MARK),
            typed=database.rows(_TYPED, MARK),
            ids=dict(database.rows("SELECT name, seq FROM sqlite_sequence")),
            epoch=database.number("SELECT value FROM meta WHERE name = 'erasure_epoch'"),
            sessions=frozenset(database.column("SELECT uid FROM sessions")),
        )

    def apply(self, records: "SqliteRecords", at: datetime) -> tuple[int, int, int]:
        """Erase it there: how many memories, in how many parts words, and how many conversations were not in the other.

        What had been erased when the backup was made, and was said anew, stays. No id is given twice.
        """
        database = records.database
        with database.transaction():
            before = _buried(database)
            for key in self.keys:
                hashes.adopt(database, hashes.OF_TOMBSTONES, key)
            for row in self.tombstones:
                database.rows(_BURY, *row)
            blocked = sorted(_buried(database) - before)
            erase_alone(database, records.erasure, blocked, at)
            redacted = self._redact(records)
            self._count_on(database)
            told = database.column("SELECT uid FROM sessions WHERE leaf IS NOT NULL")
            back = 0 if self.sessions is None else sum(uid not in self.sessions for uid in told)
        return len(blocked), redacted, back

    def _redact(self, records: "SqliteRecords") -> int:
        """Words that became `[erased]` since become it here."""
        database, index = records.database, records.index
        done = 0
        for uid, position, content in self.parts:
            row = database.row(_PART, uid, position)
            if row is None or row[1] is None or row[1].count(MARK) >= content.count(MARK):
                continue
            part_id, _, message_id, session_id = row
            indexed = index.drop(message_id)
            database.rows("UPDATE parts SET content = ? WHERE id = ?", content, part_id)
            database.rows("UPDATE sources SET span_start = NULL, span_end = NULL WHERE part_id = ?", part_id)
            if indexed:
                index.put(message_id)
            with index.labels.forgetting(session_id):
                database.rows(_UNSUMMED, session_id)
            done += 1
        for sql, rows in ((_QUOTE, self.quotes), (_TYPE, self.typed)):
            for row in rows:
                database.rows(sql, *row)
        for uid, title in self.titles:
            for session_id in database.column("SELECT id FROM sessions WHERE uid = ?", uid):
                with index.labels.forgetting(session_id):
                    database.rows("UPDATE sessions SET title = ? WHERE id = ?", title, session_id)
        return done

    def _count_on(self, database: Database) -> None:
        """Ids and epoch go on from the higher of both: whoever remembers one must not meet another under it."""
        for table in COUNTED:
            seq = database.column("SELECT seq FROM sqlite_sequence WHERE name = ?", table)
            if self.ids.get(table, 0) > (seq[0] if seq else 0):
                database.rows("DELETE FROM sqlite_sequence WHERE name = ?", table)
                database.rows("INSERT INTO sqlite_sequence VALUES (?, ?)", table, self.ids[table])
        database.rows("UPDATE meta SET value = max(value, ?) + 1 WHERE name = 'erasure_epoch'", self.epoch)


def _buried(database: Database) -> set[int]:
    """The memories that a tombstone speaks of."""
    graves = Graves(database)
    rows = database.rows("SELECT id, field, text FROM memories")
    return {number for number, name, text in rows if graves.find(name, words(text)) is not None}
