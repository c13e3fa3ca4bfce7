"""The index built anew from the transcripts, a batch at a time, and the check whether it has to be.

The newest messages come first, so that a rebuild that was stopped leaves an index that works; `meta.to_reindex` says up
to which message it has not come, and whoever goes on begins there.
"""

import json
from collections.abc import Callable

from memchat.domain import IndexHealth
from memchat.memory.pieces import ends
from memchat.store.database import Database
from memchat.store.entries import WAITING_TO, Entries
from memchat.store.numbering import PIECE_BITS
from memchat.store.recall_schema import BESIDE, TEXT_TABLES, TEXTS, VECTOR_TABLES, VECTORS
from memchat.store.texts import Texts

# Messages in one transaction: a tenth of a second, and less than another process waits to write.
BATCH = 500

Progress = Callable[[int, int], None]

_EXIST = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name IN (SELECT value FROM json_each(?))"
# Every message of an active path that has something to index.
_BELONG = """
    WITH RECURSIVE path (id, parent) AS (
        SELECT m.id, m.parent FROM sessions s JOIN messages m ON m.id = s.leaf
        UNION ALL
        SELECT m.id, m.parent FROM path JOIN messages m ON m.id = path.parent
    )
    SELECT id FROM path JOIN messages m USING (id) WHERE m.role IN ('user', 'assistant') AND EXISTS (
        SELECT 1 FROM parts p
        WHERE p.message_id = m.id AND p.kind = 'text' AND p.barred = 0 AND trim(p.content, ?) <> '')
"""
_ASTRAY = "SELECT id, indexed FROM messages WHERE indexed <> (id IN (SELECT value FROM json_each(?)))"
_MARK = "INSERT OR REPLACE INTO meta (name, value) VALUES ('to_reindex', ?)"
_NEXT = "SELECT id, cuts FROM messages WHERE indexed = 1 AND id <= ? ORDER BY id DESC LIMIT ?"
_LEFT = "SELECT count(*) FROM messages WHERE indexed = 1 AND id <= ?"
_OUT = "UPDATE messages SET indexed = 0, cuts = NULL WHERE id = ?"
_CUT = "UPDATE messages SET cuts = ? WHERE id = ?"
# How many pieces the index of words has of each message, and how many each was cut into.
_HELD = f"SELECT id >> {PIECE_BITS}, count(*) FROM words_of_messages_docsize GROUP BY 1"  # noqa: S608 - the numbers are ours
_DUE = f"""
    SELECT id, 1 + length(cuts) - length(replace(cuts, ',', '')) FROM messages
    WHERE indexed = 1 AND id > {WAITING_TO}
"""  # noqa: S608 - the words are ours
_UNLABELLED = """
    SELECT count(*) FROM sessions WHERE (title <> '' OR topics <> '[]') <> (id IN (
        SELECT id FROM words_of_sessions_docsize))
"""


class Reindex:
    """Builds the index anew and looks whether it is whole."""

    def __init__(self, database: Database, entries: Entries) -> None:
        self._database = database
        self._entries = entries

    def rebuild(self, progress: Progress) -> None:
        """Everything from the transcripts: tables, which messages belong, sessions, then all messages."""
        self.begin()
        self.resume(progress)

    def begin(self) -> None:
        """All of a rebuild but the messages, which wait from then on."""
        with self._database.transaction():
            self._make_tables()
            belong = json.dumps(self._database.column(_BELONG, _blanks()))
            for message_id, indexed in self._database.rows(_ASTRAY, belong):
                if indexed:
                    self._database.rows(_OUT, message_id)
                    self._entries.vectors.drop(message_id)
                else:
                    self._database.rows("UPDATE messages SET indexed = 1 WHERE id = ?", message_id)
            self.label()
            self._database.rows(_MARK, self._database.number("SELECT coalesce(max(id), 0) FROM messages"))

    def label(self) -> None:
        """Take all sessions into a table that is empty."""
        for session_id in self._database.column("SELECT id FROM sessions WHERE title <> '' OR topics <> '[]'"):
            self._entries.labels.put(session_id)

    def resume(self, progress: Progress) -> None:
        """Take in the messages that wait, the newest first, each batch in a transaction of its own."""
        left = self._database.number(_LEFT, self._entries.waiting_to())
        done = 0
        while self._entries.waiting_to():
            done += self.batch(BATCH)
            progress(done, max(left, done))

    def batch(self, size: int) -> int:
        """Take in at most so many of those that wait; returns how many."""
        with self._database.transaction():
            # Another process may have gone on meanwhile: where, is read under the lock.
            rows = self._database.rows(_NEXT, self._entries.waiting_to(), size)
            for message_id, cuts in rows:
                self._take_in(message_id, cuts)
            self._database.rows(_MARK, rows[-1][0] - 1 if len(rows) == size else 0)
        return len(rows)

    def health(self) -> IndexHealth:
        """What is missing, damaged, or not as the transcripts say."""
        there = set(self._database.column(_EXIST, json.dumps(TEXT_TABLES + VECTOR_TABLES)))
        missing = tuple(name for name in TEXT_TABLES + VECTOR_TABLES if name not in there)
        damaged = tuple(name for name in TEXT_TABLES if name in there and not self._whole(name))
        belong = json.dumps(self._database.column(_BELONG, _blanks()))
        astray = len(self._database.rows(_ASTRAY, belong))
        for name, count in zip(TEXT_TABLES, (self._unlike, self._unlabelled), strict=True):
            if name not in missing and name not in damaged:
                astray += count()
        return IndexHealth(missing, damaged, astray, self._database.number(_LEFT, self._entries.waiting_to()))

    def _unlike(self) -> int:
        """Messages of which the index of words has another number of pieces than they were cut into."""
        held, due = set(self._database.rows(_HELD)), set(self._database.rows(_DUE))
        return len({number for number, _ in held ^ due})

    def _unlabelled(self) -> int:
        """Sessions that have a label and are not in the index, or the other way round."""
        return self._database.number(_UNLABELLED)

    def _whole(self, name: str) -> bool:
        """Whether FTS5 has its own tables, and they agree."""
        beside = [f"{name}_{what}" for what in BESIDE]
        there = self._database.column(_EXIST, json.dumps(beside))
        return len(there) == len(beside) and Texts(self._database, name).whole()

    def _make_tables(self) -> None:
        """Empty tables of words, whatever the old ones were; those of vectors only where one is missing."""
        for name, sql in TEXTS.items():
            self._drop(name)
            self._database.rows(sql)
        if len(self._database.column(_EXIST, json.dumps(VECTOR_TABLES))) < len(VECTOR_TABLES):
            for name in reversed(VECTOR_TABLES):
                self._database.rows(f"DROP TABLE IF EXISTS {name}")
            self._database.rows(VECTORS)
            self._database.rows("UPDATE messages SET vector = NULL WHERE vector IS NOT NULL")
        self._database.rows("UPDATE meta SET value = value + 1 WHERE name = 'index_generation'")

    def _drop(self, name: str) -> None:
        """Drop a table of words with all that FTS5 keeps beside it, however much of that is left.

        FTS5 reads its version before it does anything, even drop the table.
        """
        self._database.rows(f"CREATE TABLE IF NOT EXISTS {name}_config (k PRIMARY KEY, v) WITHOUT ROWID")
        self._database.rows(f"DELETE FROM {name}_config")  # noqa: S608 - the names are ours
        self._database.rows(f"INSERT INTO {name}_config VALUES ('version', 4)")  # noqa: S608 - the names are ours
        self._database.rows(f"DROP TABLE IF EXISTS {name}")
        for what in BESIDE:
            self._database.rows(f"DROP TABLE IF EXISTS {name}_{what}")

    def _take_in(self, message_id: int, cuts: str | None) -> None:
        """One message; its vectors stay where it is cut as before."""
        text = self._entries.text_of(message_id)
        places = ",".join(map(str, ends(text)))
        if not places:  # as earlier versions took in what is white space alone
            self._database.rows(_OUT, message_id)
            return
        if places != cuts:
            self._entries.vectors.drop(message_id)
        self._database.rows(_CUT, places, message_id)
        self._entries.write(message_id, text, places)


def _blanks() -> str:
    """All that is white space to Python: a text of nothing else has no pieces."""
    return "".join(filter(str.isspace, map(chr, range(0x3001))))
