"""The words of past exchanges, findable: two FTS5 tables that hold no text, only where which word stands.

A message is in the index when it is on its session's active path and has unbarred text; `messages.indexed` says so.
Tool calls, tool results and files are never indexed. Dates: `since` is included, `until` is not.
"""

import json
from datetime import datetime

from memchat.domain import OWN_WORDS, Hit, Origin, Role
from memchat.store import words
from memchat.store.database import Database, Row
from memchat.store.moments import from_columns, to_text

# How many messages of each table are ranked: each costs a microsecond, and every turn searches. The rarest words of
# the question choose them; where even the rarest is in more, the newest of those are ranked.
_RANKED = 500
# The best of each table, so that the sum of both is right for the few that are asked for.
_DEEPER = 4
_NO_END = 2**63 - 1
_AT_LEAST = 40

_TEXT = """
    SELECT p.content FROM parts p JOIN messages m ON m.id = p.message_id
    WHERE m.id = ? AND m.role IN ('user', 'assistant') AND p.kind = 'text' AND p.barred = 0 ORDER BY p.position
"""
_COUNT = "SELECT count(*) FROM (SELECT 1 FROM message_words WHERE message_words MATCH ? LIMIT ?)"
_RANGE = """
    SELECT min(id), max(id) FROM (
        SELECT m.id AS id FROM message_words f JOIN messages m ON m.id = f.rowid
        WHERE message_words MATCH ? AND m.created_at >= ? AND m.created_at < ?
        ORDER BY f.rowid DESC LIMIT ?)
"""
_RANK = """
    SELECT m.id, f.rank FROM message_words f JOIN messages m ON m.id = f.rowid
    WHERE message_words MATCH ? AND m.created_at >= ? AND m.created_at < ?
        AND f.rowid BETWEEN ? AND ?
    ORDER BY f.rank LIMIT ?
"""
_WORDS = (_COUNT, _RANGE, _RANK)
_PIECES = tuple(sql.replace("message_words", "message_pieces") for sql in _WORDS)
_HITS = """
    SELECT m.id, m.session_id, m.turn, m.role, m.created_at, m.created_offset, s.title, p.origin, p.content
    FROM messages m JOIN sessions s ON s.id = m.session_id JOIN parts p ON p.message_id = m.id
    WHERE m.id IN (SELECT value FROM json_each(?)) AND p.kind = 'text' AND p.barred = 0 ORDER BY m.id, p.position
"""


class MessageIndex:
    """Finds messages by their words; the store's other parts put them in and take them out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def search(
        self,
        query: str,
        *,
        limit: int,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Hit]:
        """Past messages that share words with `query`, best first, the newest first among equals; none raises."""
        if limit <= 0:
            return []
        # Both bounds sort as text: "" before every date, "~" after.
        bounds = (to_text(since) if since else "", to_text(until) if until else "~")
        scores: dict[int, float] = {}
        for table, terms in ((_WORDS, words.word_terms(query)), (_PIECES, words.piece_terms(query))):
            for message_id, rank in self._ranked(table, terms, bounds, max(_AT_LEAST, _DEEPER * limit)):
                scores[message_id] = scores.get(message_id, 0.0) - rank  # bm25 is the better the lower it is
        best = sorted(scores.items(), key=lambda item: (-item[1], -item[0]))[:limit]
        return self._hits({message_id: score / best[0][1] for message_id, score in best})

    def put(self, message_id: int) -> None:
        """Take the message's words in; one without words, or already in, is left alone."""
        if text := self.text_of(message_id):
            if not self._database.run("UPDATE messages SET indexed = 1 WHERE id = ? AND indexed = 0", message_id):
                return
            self._database.rows(
                "INSERT INTO message_words (rowid, words) VALUES (?, ?)", message_id, words.words_of(text)
            )
            if pieces := words.pieces_of(text):
                self._database.rows("INSERT INTO message_pieces (rowid, pieces) VALUES (?, ?)", message_id, pieces)

    def drop(self, message_id: int) -> bool:
        """Take them out again, while the message still has the text it was put in with; whether it was in."""
        if not self._database.run("UPDATE messages SET indexed = 0 WHERE id = ? AND indexed = 1", message_id):
            return False
        text = self.text_of(message_id)
        self._database.rows(
            "INSERT INTO message_words (message_words, rowid, words) VALUES ('delete', ?, ?)",
            message_id,
            words.words_of(text),
        )
        if pieces := words.pieces_of(text):
            self._database.rows(
                "INSERT INTO message_pieces (message_pieces, rowid, pieces) VALUES ('delete', ?, ?)", message_id, pieces
            )
        return True

    def text_of(self, message_id: int) -> str:
        """What the index knows of a message."""
        return "\n\n".join(self._database.column(_TEXT, message_id))

    def _ranked(self, table: tuple[str, ...], terms: list[str], bounds: tuple[object, ...], depth: int) -> list[Row]:
        """Messages of one table that hold any of the terms within the bounds, with their bm25, best first."""
        count, newest, rank = table
        expression, size = self._rarest(count, terms)
        span: Row = (0, _NO_END)
        if size >= _RANKED:
            span = self._database.rows(newest, expression, *bounds, _RANKED)[0]
        return self._database.rows(rank, expression, *bounds, *span, depth) if size else []

    def _rarest(self, count: str, terms: list[str]) -> tuple[str, int]:
        """An FTS5 expression of the terms that few messages hold, and how many those are, counted up to `_RANKED`."""
        sizes = sorted((self._database.number(count, term, _RANKED), place) for place, term in enumerate(terms))
        total = 0
        chosen: list[str] = []
        for size, place in sizes:
            if size and (not chosen or total + size <= _RANKED):
                total += size
                chosen.append(terms[place])
        return " OR ".join(chosen), total

    def _hits(self, relevance: dict[int, float]) -> list[Hit]:
        """The messages found, in this order, with the words that were searched."""
        texts: dict[int, list[str]] = {}
        heads: dict[int, Row] = {}
        own: dict[int, bool] = {}
        for message_id, *head, origin, text in self._database.rows(_HITS, json.dumps(list(relevance))):
            texts.setdefault(message_id, []).append(text)
            heads[message_id] = tuple(head)
            own[message_id] = own.get(message_id, True) and Origin(origin) in OWN_WORDS
        found = []
        for message_id, score in relevance.items():
            session_id, turn, role, at, offset, title = heads[message_id]
            text = "\n\n".join(texts[message_id])
            moment = from_columns(at, offset)
            found.append(Hit(session_id, turn, message_id, Role(role), text, moment, score, title, own[message_id]))
        return found
