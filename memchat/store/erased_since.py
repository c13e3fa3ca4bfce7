"""What was erased in one database, so that a backup of it from before can be made to forget it, too."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from memchat.domain import Erasing
from memchat.memory.words import words
from memchat.store import hashes
from memchat.store.database import Database, Row
from memchat.store.redaction import MARK
from memchat.store.settling import count_on, erase_alone
from memchat.store.tombstones import Graves

if TYPE_CHECKING:
    from memchat.store.records import SqliteRecords

_TOMBSTONES = "SELECT uid, space, field, hashes, never, at, at_offset FROM tombstones ORDER BY id"
_BURY = """
    INSERT INTO tombstones (uid, space, field, hashes, never, at, at_offset) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
    WHERE NOT EXISTS (SELECT 1 FROM tombstones WHERE uid = ?1)
"""
_PARTS = """
    SELECT m.uid, p.position, iif(p.kind = 'image', NULL, p.content), p.name
    FROM parts p JOIN messages m ON m.id = p.message_id
    WHERE p.kind <> 'image' AND instr(p.content, ?1) > 0 OR instr(p.name, ?1) > 0
"""
_PART = """
    SELECT p.id, m.id, m.session_id, p.barred, p.content, p.name FROM messages m JOIN parts p ON p.message_id = m.id
    WHERE m.uid = ? AND p.position = ?
"""
_CHANGE = "UPDATE parts SET content = coalesce(?, content), name = ? WHERE id = ?"
# Other words of the same rows, by uid: quotes, what was typed, why memories wait.
_QUOTES = "SELECT uid, quote, span_start, span_end FROM sources WHERE instr(quote, ?) > 0 OR quote = ''"
_QUOTE = "UPDATE sources SET quote = ?2, span_start = ?3, span_end = ?4 WHERE uid = ?1"
_REASONS = "SELECT uid, why, why_before FROM memories WHERE instr(why, ?1) > 0 OR instr(why_before, ?1) > 0"
_REASON = "UPDATE memories SET why = ?2, why_before = ?3 WHERE uid = ?1"
# What a conversation is called and came to is newer than a backup's, and without what was erased since.
_LABELS = "SELECT uid, title, name, name_key, summary, topics FROM sessions"
_OTHERWISE = """
    SELECT id FROM sessions WHERE uid = ?1 AND (title, name, summary, topics) IS NOT (?2, ?3, ?4, ?5)
"""
_NAMED = "UPDATE sessions SET title = ?, name = ?, name_key = ? WHERE id = ?"
_TYPED = "SELECT uid, text FROM history WHERE instr(text, ?) > 0"
_TYPE = "UPDATE history SET text = ?2 WHERE uid = ?1"
# A title that is not by hand was made of the same words.
_UNSUMMED = """
    UPDATE sessions SET summary = '', topics = '[]', consolidated_to = NULL, title = iif(title_by_hand, title, '')
    WHERE id = ?
"""
_BARRED = "SELECT m.uid, p.position FROM parts p JOIN messages m ON m.id = p.message_id WHERE p.barred = 1"


@dataclass(frozen=True, slots=True)
class ErasedSince:
    """Read from the database as it is now; `apply` takes it out of another."""

    tombstones: list[Row] = field(default_factory=list)
    keys: list[bytes] = field(default_factory=list)
    parts: list[Row] = field(default_factory=list)
    barred: list[Row] = field(default_factory=list)
    quotes: list[Row] = field(default_factory=list)
    reasons: list[Row] = field(default_factory=list)
    labels: list[Row] = field(default_factory=list)
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
            barred=database.rows(_BARRED),
            quotes=database.rows(_QUOTES, MARK),
            reasons=database.rows(_REASONS, MARK),
            labels=database.rows(_LABELS),
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
            older = database.number("SELECT value FROM meta WHERE name = 'erasure_epoch'") < self.epoch
            before = _buried(database)
            for key in self.keys:
                hashes.adopt(database, hashes.OF_TOMBSTONES, key)
            for row in self.tombstones:
                database.rows(_BURY, *row)
            redacted = _erase_whole(records, at)
            blocked = sorted(_buried(database) - before)
            self._bar(records)
            erase_alone(database, records.erasure, blocked, at)
            redacted += self._redact(records)
            self._label(records, [row for row in self.labels if older or MARK in row[1]])
            # Whoever remembers an id, or the epoch, must not meet another under it.
            count_on(database, self.ids)
            database.rows("UPDATE meta SET value = max(value, ?) + 1 WHERE name = 'erasure_epoch'", self.epoch)
            told = database.column("SELECT uid FROM sessions WHERE leaf IS NOT NULL")
            back = 0 if self.sessions is None else sum(uid not in self.sessions for uid in told)
        return len(blocked), redacted, back

    def _bar(self, records: "SqliteRecords") -> None:
        """Words that are kept for their person alone since are so here: out of the index, and out of what was made."""
        for uid, position in self.barred:
            for part_id, message_id, session_id, barred, *_ in records.database.rows(_PART, uid, position):
                if not barred:
                    records.index.bar([part_id], [message_id])
                    _unsum(records, session_id)

    def _redact(self, records: "SqliteRecords") -> int:
        """Words that became `[erased]` since become it here."""
        database = records.database
        done = 0
        for uid, position, content, name in self.parts:
            for part_id, message_id, session_id, _, *there in database.rows(_PART, uid, position):
                if _marks(*there) >= _marks(content, name):
                    continue
                with records.index.forgetting([message_id]):
                    database.rows(_CHANGE, content, name, part_id)
                    database.rows("UPDATE sources SET span_start = NULL, span_end = NULL WHERE part_id = ?", part_id)
                _unsum(records, session_id)
                done += 1
        for sql, rows in ((_QUOTE, self.quotes), (_TYPE, self.typed), (_REASON, self.reasons)):
            for row in rows:
                database.rows(sql, *row)
        return done

    def _label(self, records: "SqliteRecords", labels: list[Row]) -> None:
        """Conversations that are called otherwise by now, or came to something else: what they came to is made anew."""
        database, index = records.database, records.index
        for uid, title, name, key, summary, topics in labels:
            for session_id in database.column(_OTHERWISE, uid, title, name, summary, topics):
                with index.labels.forgetting(session_id):
                    database.rows(_UNSUMMED, session_id)
                    database.rows(_NAMED, title, name, key, session_id)


def _unsum(records: "SqliteRecords", session_id: int) -> None:
    """What a conversation came to is made anew, without what went."""
    with records.index.labels.forgetting(session_id):
        records.database.rows(_UNSUMMED, session_id)


def _marks(content: str | None, name: str) -> int:
    """How often something was erased in a part; a picture has a name alone."""
    return (content or "").count(MARK) + name.count(MARK)


def _erase_whole(records: "SqliteRecords", at: datetime) -> int:
    """Conversations, turns and typed lines that were erased whole go here, too: how many messages."""
    database = records.database
    session, message, typed = (Graves(database).buried(kind) for kind in ("session", "message", "typed"))
    sessions = [number for number, uid in database.rows("SELECT id, uid FROM sessions") if session(uid)]
    turns = {
        (of, turn) for of, turn, uid in database.rows("SELECT session_id, turn, uid FROM messages") if message(uid)
    }
    for number, uid in database.rows("SELECT id, uid FROM history"):
        if typed(uid):
            database.rows("DELETE FROM history WHERE id = ?", number)
    left = tuple(sorted(turn for turn in turns if turn[0] not in sessions))
    if not sessions and not left:
        return 0
    return records.erasure.erase(Erasing(turns=left, sessions=tuple(sessions), buries=False), at).places


def _buried(database: Database) -> set[int]:
    """The memories that a tombstone speaks of."""
    graves = Graves(database)
    rows = database.rows("SELECT id, field, text FROM memories")
    return {number for number, name, text in rows if graves.find(name, words(text)) is not None}
