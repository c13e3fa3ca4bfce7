"""Whole turns and conversations taken out, or all there is; what hung on them is put right."""

import json
from collections.abc import Sequence
from datetime import datetime

from memchat.domain import Erased, Erasing
from memchat.store import hashes
from memchat.store.database import Database
from memchat.store.index import MessageIndex
from memchat.store.labels import label_of
from memchat.store.recall_schema import TABLES, TEXT_TABLES
from memchat.store.redaction import MARK
from memchat.store.reindex import Reindex
from memchat.store.retiring import LOOKED_UP, NO_MORE
from memchat.store.settling import AT_ONCE, ORPHANS, RECOUNT
from memchat.store.tombstones import Graves

_OF_TURNS = """
    SELECT m.id FROM json_each(?) wanted JOIN messages m
        ON m.session_id = json_extract(wanted.value, '$[0]') AND m.turn = json_extract(wanted.value, '$[1]')
    ORDER BY m.id DESC
"""
_OF_SESSIONS = "SELECT id FROM messages WHERE session_id IN (SELECT value FROM json_each(?)) ORDER BY id DESC"
_AMONG = "(SELECT value FROM json_each(?1))"
_CONTENTS = f"SELECT content FROM parts WHERE message_id IN {_AMONG} AND kind <> 'image' AND content IS NOT NULL"  # noqa: S608 - pieces of our own
_UIDS = f"SELECT uid FROM messages WHERE id IN {_AMONG}"  # noqa: S608 - pieces of our own
# What was typed for them, letter by letter; where words were erased in it and kept in the transcript, marks stand for
# any words. SQLite takes no longer pattern than 50,000 bytes.
_OF_THEM = f"""
    FROM history WHERE text IN (SELECT content FROM parts WHERE message_id IN {_AMONG})
        OR instr(text, '{MARK}') AND length(text) < 10000 AND EXISTS (
            SELECT 1 FROM parts WHERE message_id IN {_AMONG} AND barred AND content LIKE replace(
                replace(replace(replace(text, '!', '!!'), '%', '!%'), '_', '!_'), '{MARK}', '%') ESCAPE '!')
"""  # noqa: S608 - pieces of our own
_TYPED = f"DELETE {_OF_THEM}"
_TYPED_UIDS = f"SELECT uid {_OF_THEM}"
_NO_VECTORS = f"DELETE FROM vectors WHERE message_id IN {_AMONG}"  # noqa: S608 - pieces of our own
_CUT_OFF = f"""
    UPDATE sources SET session_id = NULL, turn = NULL, message_id = NULL, part_id = NULL, span_start = NULL,
        span_end = NULL, quote = ''
    WHERE message_id IN {_AMONG}
"""  # noqa: S608 - pieces of our own
_PARENTS = f"SELECT id, parent FROM messages WHERE id IN {_AMONG}"  # noqa: S608 - pieces of our own
_HANGING = f"SELECT id, parent FROM messages WHERE parent IN {_AMONG} AND id NOT IN {_AMONG}"  # noqa: S608 - pieces of our own
_ENDING = f"SELECT id, leaf FROM sessions WHERE leaf IN {_AMONG}"  # noqa: S608 - pieces of our own
_DELETE = f"DELETE FROM messages WHERE id IN {_AMONG}"  # noqa: S608 - pieces of our own
_SHOWN = """
    WITH gone (session_id, turn) AS (
        SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?1)
    )
    DELETE FROM shown WHERE (session_id, turn) IN gone OR (of_session_id, of_turn) IN gone
"""
_ELSEWHERE = """
    SELECT EXISTS (SELECT 1 FROM parts WHERE instr(content, ?1) OR instr(name, ?1))
        OR EXISTS (SELECT 1 FROM history WHERE instr(text, ?1))
        OR EXISTS (SELECT 1 FROM memories WHERE instr(text, ?1) OR instr(why, ?1))
        OR EXISTS (SELECT 1 FROM sources WHERE instr(quote, ?1))
        OR EXISTS (SELECT 1 FROM sessions WHERE instr(title, ?1) OR instr(summary, ?1) OR instr(topics, ?1)
            OR instr(name, ?1))
"""
_LABELS = f"SELECT id, title, topics, name, summary FROM sessions WHERE id IN {_AMONG}"  # noqa: S608 - pieces of our own
_UNTITLE = "UPDATE sessions SET title = iif(title_by_hand, title, '') WHERE id = ?"
# What says nothing of anybody, and what others count on.
_STAYS_IN_META = ("erasure_epoch", "index_generation")


class RowErasure:
    """Takes rows out, within the transaction of whoever asks."""

    def __init__(self, database: Database, index: MessageIndex, tombstones: Graves) -> None:
        self._database = database
        self._index = index
        self._tombstones = tombstones

    def erase(self, erasing: Erasing, at: datetime) -> Erased:
        """Take the turns and conversations of `erasing` out; their texts are looked for afterwards."""
        turns, sessions = json.dumps(erasing.turns), json.dumps(erasing.sessions)
        messages = self._database.column(_OF_TURNS, turns) + self._database.column(_OF_SESSIONS, sessions)
        if not messages and not erasing.sessions:
            return Erased()
        among = json.dumps(messages)
        texts = self._database.column(_CONTENTS, among)
        if erasing.buries:
            uids = "SELECT uid FROM sessions WHERE id IN (SELECT value FROM json_each(?))"
            self._tombstones.bury("message", self._database.column(_UIDS, among), at)
            self._tombstones.bury("typed", self._database.column(_TYPED_UIDS, among), at)
            self._tombstones.bury("session", self._database.column(uids, sessions), at)
        self._take_out(messages, among)
        self._database.rows(_SHOWN, turns)
        partly = sorted({session for session, _ in erasing.turns} - set(erasing.sessions))
        for number in partly:
            self._database.rows(RECOUNT.replace("{sessions}", "?"), number)
            with self._index.labels.forgetting(number):
                self._database.rows(_UNTITLE, number)
        texts += self._drop(sessions)
        self._database.rows(ORPHANS)
        return Erased(len(messages), (*partly, *erasing.sessions), tuple(partly), self._gone(pieces(texts)))

    def everything(self) -> Erased:
        """All rows of all tables go, keys and tombstones too; numbers go on, and the tables stay."""
        texts = self._database.column("SELECT content FROM parts WHERE kind <> 'image' AND content IS NOT NULL")
        texts += self._database.column("SELECT text FROM memories UNION ALL SELECT text FROM history")
        texts += self._database.column("SELECT title FROM sessions UNION ALL SELECT summary FROM sessions")
        sessions = self._database.column("SELECT id FROM sessions")
        count = self._database.number("SELECT count(*) FROM messages")
        self._database.rows("PRAGMA defer_foreign_keys = ON")
        self._database.rows(LOOKED_UP)
        for name in TEXT_TABLES:
            self._database.rows(f"INSERT INTO {name} ({name}) VALUES ('delete-all')")  # noqa: S608 - the names are ours
        for table in self._database.column(TABLES):
            if table != "meta":
                self._database.rows(f'DELETE FROM "{table}"')  # noqa: S608 - a table's name
        self._database.rows(NO_MORE)
        self._database.rows("DELETE FROM meta WHERE name NOT IN (?, ?)", *_STAYS_IN_META)
        self._database.rows("UPDATE meta SET value = value + 1 WHERE name = 'index_generation'")
        self._database.rows("INSERT INTO meta VALUES ('to_reindex', 0), ('told', 0)")
        for name in (hashes.OF_TOMBSTONES, hashes.OF_NOTES):
            hashes.make_key(self._database, name)
        return Erased(count, tuple(sessions), (), pieces(texts))

    def _take_out(self, messages: Sequence[int], among: str) -> None:
        """The messages, out of the index and the tree; of many the index is built anew behind the talk."""
        many = len(messages) > AT_ONCE
        for message in () if many else messages:
            self._index.drop(message)
        if many:
            self._database.rows(_NO_VECTORS, among)
            self._database.rows(LOOKED_UP)
        self._relink(among)
        for sql in (_TYPED, _CUT_OFF, _DELETE):
            self._database.rows(sql, among)
        if many:
            self._database.rows(NO_MORE)
            Reindex(self._database, self._index).begin()

    def _gone(self, told: Sequence[str]) -> tuple[str, ...]:
        """Those that nobody has said elsewhere."""
        return tuple(text for text in told if not self._database.number(_ELSEWHERE, text))

    def _relink(self, among: str) -> None:
        """What hung below one of them hangs below the next that stays; a path that ended there ends before."""
        parents: dict[int, int | None] = dict(self._database.rows(_PARENTS, among))
        for sql, rows in (
            ("UPDATE messages SET parent = ? WHERE id = ?", self._database.rows(_HANGING, among)),
            ("UPDATE sessions SET leaf = ? WHERE id = ?", self._database.rows(_ENDING, among)),
        ):
            for number, gone in rows:
                above = gone
                while above in parents:
                    above = parents[above]
                self._database.rows(sql, above, number)

    def _drop(self, sessions: str) -> list[str]:
        """Conversations with all that is said of them; returns that."""
        told: list[str] = []
        labels = self._index.labels.texts
        for number, title, topics, *others in self._database.rows(_LABELS, sessions):
            told += [title, *others]
            if labels.has(number):
                labels.drop(number, label_of(title, topics))
        # One statement: FTS5 would write what it holds back before each.
        self._database.rows(f"DELETE FROM sessions WHERE id IN {_AMONG}", sessions)  # noqa: S608 - pieces of our own
        return told


_MOST = 12  # of texts that are looked for afterwards: each takes a look at every byte
_LEAST, _LONG = 12, 48  # characters of a text that is looked for


def pieces(texts: Sequence[str]) -> tuple[str, ...]:
    """Beginnings of some of the texts, the longest, by which a copy of them would be found."""
    lines = {line.strip()[:_LONG] for text in texts for line in text.split("\n", 1)[:1]}
    return tuple(sorted((line for line in lines if len(line) >= _LEAST), key=lambda line: (-len(line), line))[:_MOST])
