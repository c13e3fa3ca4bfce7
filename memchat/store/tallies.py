"""Sums over the books: model calls by the quarter hour, conversations as if all were resent, changes of memory."""

from datetime import UTC, datetime

from memchat.domain import Change, Changed, Resent, Spent, Usage
from memchat.store.database import Database

# Seconds. Every zone there is begins its days on a quarter of an hour in UTC.
_QUARTER = 900
# A turn whose model called tools, or that was asked again, was asked once.
_ANSWERED_HERE = """
    SELECT count(*) FROM (SELECT DISTINCT session_id, turn FROM model_calls
    WHERE host = '' AND purpose = 'chat' AND turn IS NOT NULL AND (?1 IS NULL OR session_id = ?1))
"""
# Characters of a part that are looked at to tell how many tokens a conversation's words make.
_PIECE = 400

_SPENT = """
    SELECT unixepoch(at) / ?2, purpose, model, host, count(*), sum(prompt_tokens), sum(completion_tokens),
        sum(cached_tokens), sum(cost), sum(memory_tokens)
    FROM model_calls WHERE (?1 IS NULL OR session_id = ?1) AND unixepoch(at) IS NOT NULL
    GROUP BY 1, 2, 3, 4, cost IS NULL AND prompt_tokens + completion_tokens > 0 ORDER BY 1, 2, 3, 4
"""
# `asked` and `said` are a turn's characters; what stood before a turn is the sum of both over all turns before it.
_RESENT = """
    WITH RECURSIVE up (session_id, turn, role, id, parent) AS (
        SELECT m.session_id, m.turn, m.role, m.id, m.parent FROM sessions s JOIN messages m ON m.id = s.leaf
        WHERE s.kind = 'chat'
        UNION ALL
        SELECT m.session_id, m.turn, m.role, m.id, m.parent FROM up JOIN messages m ON m.id = up.parent
    ), words (session_id, turn, asked, said) AS (
        SELECT up.session_id, up.turn, sum(iif(up.role = 'user', length(p.content), 0)),
            sum(iif(up.role = 'assistant', length(p.content), 0))
        FROM up JOIN parts p ON p.message_id = up.id
        WHERE p.kind IN ('text', 'file') AND p.content IS NOT NULL AND p.barred = 0
        GROUP BY up.session_id, up.turn
    ), whole (session_id, turn, characters) AS (
        SELECT session_id, turn, asked + coalesce(sum(asked + said) OVER (
            PARTITION BY session_id ORDER BY turn ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
        FROM words
    ), sent (session_id, turn, tokens) AS (
        SELECT session_id, turn, sum(prompt_tokens) FROM model_calls
        WHERE purpose = 'chat' AND host <> '' AND turn IS NOT NULL GROUP BY session_id, turn
    )
    SELECT session_id, count(*), sum(tokens), sum(characters) FROM whole JOIN sent USING (session_id, turn)
    WHERE tokens > 0 GROUP BY session_id ORDER BY session_id
"""
# From all over the conversation, in an order that has nothing to do with it, and is the same each time.
_SAMPLE = """
    SELECT substr(p.content, 1, ?2) FROM messages m JOIN parts p ON p.message_id = m.id
    WHERE m.session_id = ?1 AND p.kind IN ('text', 'file') AND p.content IS NOT NULL AND p.barred = 0
    ORDER BY (p.id * 40503) % 65536, p.id LIMIT ?3
"""
# Letting something hold that waited is no confirmation of it: it holds from then on (`actions/provenance.py`).
_CHANGED = """
    SELECT 'learned', unixepoch(created_at) / ?1, count(*) FROM memories WHERE status = 'active' GROUP BY 2
    UNION ALL
    SELECT 'confirmed', unixepoch(s.at) / ?1, count(*) FROM sources s JOIN memories m ON m.id = s.memory_id
    WHERE s.id > (SELECT min(id) FROM sources WHERE memory_id = m.id)
        AND NOT (s.origin = 'hand' AND s.at = m.valid_from) GROUP BY 2
    UNION ALL
    SELECT 'superseded', unixepoch(n.created_at) / ?1, count(*)
    FROM memories m JOIN memories n ON n.id = m.superseded_by GROUP BY 2
    UNION ALL
    SELECT 'forgotten', unixepoch(at) / ?1, count(*) FROM tombstones
    WHERE never = 0 AND field NOT GLOB ':*' GROUP BY 2
    ORDER BY 2
"""
# A conversation goes on elsewhere only when that was allowed, so where it goes now stands for all of it.
_ELSEWHERE = """
    SELECT EXISTS (SELECT 1 FROM sessions WHERE leaf IS NOT NULL AND host <> ?1) OR EXISTS (
        SELECT 1 FROM memories m WHERE NOT EXISTS (
            SELECT 1 FROM sources s JOIN messages g ON g.id = s.message_id
            WHERE s.memory_id = m.id AND g.host = ?1))
"""


class Tallies:
    """What the books come to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def spent(self, session_id: int | None = None) -> list[Spent]:
        """All calls, or those for one conversation, summed by the quarter hour, purpose and model, oldest first."""
        return [
            Spent(_moment(quarter), purpose, model, host, calls, Usage(sent, written, cached, cost), memory)
            for quarter, purpose, model, host, calls, sent, written, cached, cost, memory in self._database.rows(
                _SPENT, session_id, _QUARTER
            )
        ]

    def answered_here(self, session_id: int | None = None) -> int:
        """The turns, or those of one conversation, that a model in this process answered: their words went nowhere."""
        return self._database.number(_ANSWERED_HERE, session_id)

    def resent(self) -> list[Resent]:
        """Of each chat that was answered by another process what it sent, and what it would have sent: see `Resent`."""
        return [Resent(*row) for row in self._database.rows(_RESENT)]

    def sample(self, session_id: int, characters: int) -> list[str]:
        """At most so many characters of what was said in a conversation, in pieces from all over it."""
        return self._database.column(_SAMPLE, session_id, _PIECE, max(characters // _PIECE, 1))

    def only_at(self, host: str) -> bool:
        """Whether all that is kept was said to that host, so that it knows it already; also where nothing is kept."""
        return not self._database.number(_ELSEWHERE, host)

    def changed(self) -> list[Changed]:
        """What became of memories, by the quarter hour, oldest first.

        What was erased since is counted as forgotten alone; what was erased without a tombstone is not counted.
        """
        return [
            Changed(Change(change), _moment(quarter), number)
            for change, quarter, number in self._database.rows(_CHANGED, _QUARTER)
            if quarter is not None
        ]


def _moment(quarter: int) -> datetime:
    return datetime.fromtimestamp(quarter * _QUARTER, UTC)
