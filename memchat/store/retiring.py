"""Words that are too old to be kept (`privacy.keep_days`): erased for good, and what was learned from them stays."""

import json
from datetime import datetime

from memchat.domain import Retired
from memchat.store import claims
from memchat.store.database import Database
from memchat.store.erase import SqliteErasure
from memchat.store.index import MessageIndex
from memchat.store.moments import from_columns, to_columns, to_text
from memchat.store.reindex import Reindex
from memchat.store.settling import AT_ONCE, ORPHANS, RECOUNT

# By the index of days, for this is asked at every start.
_OLD = """
    SELECT id, opened_by, opened_at FROM sessions
    WHERE id IN (SELECT session_id FROM messages
            WHERE unixepoch(created_at) / 86400 <= unixepoch(?1) / 86400 AND created_at < ?1)
        OR last_at < ?1 AND NOT EXISTS (SELECT 1 FROM messages WHERE session_id = sessions.id)
    ORDER BY id
"""
_COUNT = """
    SELECT (SELECT count(*) FROM messages
            WHERE unixepoch(created_at) / 86400 <= unixepoch(?1) / 86400 AND created_at < ?1)
        + (SELECT count(*) FROM history WHERE at < ?1)
        + (SELECT count(*) FROM sessions WHERE last_at < ?1
            AND NOT EXISTS (SELECT 1 FROM messages WHERE session_id = sessions.id))
"""
# Vectors of messages have no other way out than their row's number.
_ALL_OUT = """
    DELETE FROM vectors WHERE id IN (SELECT vector FROM messages
        WHERE unixepoch(created_at) / 86400 <= unixepoch(?1) / 86400 AND created_at < ?1)
"""
# Of a conversation that is held open the words stay: they get new vectors.
_UNMARK = "UPDATE messages SET vector = NULL WHERE vector IS NOT NULL AND vector NOT IN (SELECT id FROM vectors)"
# Where each message that goes is looked for, to be unset; without them all conversations are read for every message.
LOOKED_UP = """
    CREATE INDEX retiring_leaves ON sessions (leaf);
    CREATE INDEX retiring_marks ON sessions (consolidated_to);
"""
NO_MORE = "DROP INDEX retiring_leaves; DROP INDEX retiring_marks;"
# A turn goes whole, once its newest message is that old.
_MESSAGES = """
    SELECT id FROM messages WHERE session_id = ?1 AND turn IN (
        SELECT turn FROM messages WHERE session_id = ?1 GROUP BY turn HAVING max(created_at) < ?2)
    ORDER BY id DESC
"""
_CUT_OFF = (
    """
    UPDATE sources SET session_id = NULL, turn = NULL, span_start = NULL, span_end = NULL
    WHERE message_id IN (SELECT value FROM json_each(?))
    """,
    "UPDATE messages SET parent = NULL WHERE parent IN (SELECT value FROM json_each(?))",
    "DELETE FROM messages WHERE id IN (SELECT value FROM json_each(?))",
)
_GONE_TURNS = """
    DELETE FROM shown WHERE session_id = ?1 AND turn NOT IN (SELECT turn FROM messages WHERE session_id = ?1)
        OR of_session_id = ?1 AND of_turn IS NOT NULL
            AND of_turn NOT IN (SELECT turn FROM messages WHERE session_id = ?1)
"""
_EMPTY = "SELECT NOT EXISTS (SELECT 1 FROM messages WHERE session_id = ?)"


class Retiring:
    """Erases words by their age."""

    def __init__(self, database: Database, index: MessageIndex, erasure: SqliteErasure) -> None:
        self._database = database
        self._index = index
        self._erasure = erasure

    def retire(self, before: datetime, at: datetime) -> Retired:
        """Erase every turn from before that moment, conversations that are empty then, and what was typed.

        Conversations that a living process holds open are left alone. Of one that goes on its summary stays. Nothing
        is written where nothing is that old.
        """
        limit = to_text(before)
        messages = conversations = 0
        if not self.old(before):
            return Retired(at, before, 0, 0)
        with self._database.transaction():
            many = self.old(before) > AT_ONCE
            if many:  # word by word out of the index would take a minute; the rest goes in again behind the talk
                self._database.rows(_ALL_OUT, limit)
                self._database.rows(LOOKED_UP)
            for session_id, holder, since in self._database.rows(_OLD, limit):
                if claims.held(holder, since, ""):
                    continue
                messages += self._shorten(session_id, limit, indexed=not many)
                if self._database.number(_EMPTY, session_id):
                    self._drop(session_id)
                    conversations += 1
            typed = self._database.run("DELETE FROM history WHERE at < ?", limit)
            self._database.rows(ORPHANS)
            if many:
                self._database.rows(NO_MORE)
                self._database.rows(_UNMARK)
                Reindex(self._database, self._index).begin()
            if messages or conversations or typed:
                self._database.rows("UPDATE meta SET value = value + 1 WHERE name = 'erasure_epoch'")
                self._write(at, before, conversations, messages)
                self._database.after_commit(self._erasure.clean_disk)
        return Retired(at, before, conversations, messages)

    def last(self) -> Retired | None:
        """What was erased the last time; None when that was never."""
        row = self._database.row("SELECT value FROM meta WHERE name = 'retired'")
        if row is None:
            return None
        at, at_offset, before, before_offset, conversations, messages = json.loads(row[0])
        return Retired(from_columns(at, at_offset), from_columns(before, before_offset), conversations, messages)

    def old(self, before: datetime) -> int:
        """How much is that old, messages and typed lines; of most starts all that is asked."""
        return self._database.number(_COUNT, to_text(before))

    def _shorten(self, session_id: int, limit: str, *, indexed: bool) -> int:
        """Erase its old turns; returns how many messages."""
        old = self._database.column(_MESSAGES, session_id, limit)
        for message_id in old if indexed else ():
            self._index.drop(message_id)
        for sql in _CUT_OFF:
            self._database.rows(sql, json.dumps(old))
        if old:
            self._database.rows(_GONE_TURNS, session_id)
            self._database.rows(RECOUNT.replace("{sessions}", "?"), session_id)
        return len(old)

    def _drop(self, session_id: int) -> None:
        """Erase a conversation with its title and summary."""
        with self._index.labels.forgetting(session_id):
            self._database.rows("UPDATE sessions SET title = '', topics = '[]' WHERE id = ?", session_id)
        self._database.rows("DELETE FROM sessions WHERE id = ?", session_id)

    def _write(self, at: datetime, before: datetime, conversations: int, messages: int) -> None:
        """The receipt, for doctor."""
        told = json.dumps([*to_columns(at), *to_columns(before), conversations, messages])
        self._database.rows("INSERT OR REPLACE INTO meta VALUES ('retired', ?)", told)
