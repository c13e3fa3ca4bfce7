"""Past exchanges, findable: which pieces of which messages hold which words, and how near they are to a question.

Dates: `since` is included, `until` is not.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime

from memchat.domain import OWN_WORDS, Closeness, Found, Hit, IndexHealth, Origin, Role, Search, Unembedded
from memchat.memory.words import words as content
from memchat.store import words
from memchat.store.candidates import Candidates, between
from memchat.store.choosing import best_rows
from memchat.store.database import Database, Row
from memchat.store.embedded import Embedded
from memchat.store.entries import Entries
from memchat.store.moments import from_columns, readable, to_text
from memchat.store.note_words import NoteWords
from memchat.store.numbering import PIECE_BITS
from memchat.store.reindex import Reindex

# Pieces ranked at least, and for each that is asked for: several of one message count once, and dates shut some out.
_AT_LEAST = 40
_DEEPER = 4
# What is compared with memories: a question, not the page that was pasted with it.
_ASKED = 4_000

_HITS = """
    SELECT m.id, m.session_id, m.turn, m.role, m.created_at, m.created_offset, s.title, p.origin, p.content
    FROM messages m JOIN sessions s ON s.id = m.session_id JOIN parts p ON p.message_id = m.id
    WHERE m.id IN (SELECT value FROM json_each(?)) AND m.indexed = 1 AND m.created_at >= ? AND m.created_at < ?
        AND p.kind = 'text' AND p.barred = 0
    ORDER BY m.id, p.position
"""


class MessageIndex(Entries):
    """Finds messages and memories; the store's other parts put them in and take them out.

    What is asked raises IndexDamagedError when there is no index that could answer.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._candidates = Candidates(database, self)
        self._memory_words = NoteWords(database)
        self._embedded = Embedded(database, self)
        self._reindex = Reindex(database, self)

    def search(
        self,
        query: str,
        *,
        limit: int,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Hit]:
        """Past messages that share words with `query`, best first, the newest first among equals; any text will do."""
        terms = [*words.word_terms(query), *words.piece_terms(query)]
        if limit <= 0 or not terms:
            return []
        # Both bounds sort as text: "" before every date, "~" after.
        bounds = (to_text(since) if since else "", to_text(until) if until else "~")
        span = between(self._database, since, until)
        scores: dict[int, float] = {}
        for number, score in best_rows(self.texts, terms, max(_AT_LEAST, _DEEPER * limit), span=span):
            message_id = number >> PIECE_BITS
            scores[message_id] = max(scores.get(message_id, 0.0), score)
        return self._hits(scores, bounds)[:limit]

    def candidates(self, search: Search) -> Found:
        """What may answer, for `memory/ranking.py` to choose from."""
        return self._candidates.find(search)

    def memories(self, search: Search) -> dict[int, Closeness]:
        """How near memories of whatever status are to a question, by number; those that are not at all are left out."""
        near = self.vectors.of_memories(search.vector, search.embedder) if search.vector else {}
        held = self._memory_words.held(content(" ".join(search.words)[:_ASKED]))
        return {number: Closeness(held.get(number, 0.0), near.get(number)) for number in sorted({*near, *held})}

    def unembedded(self, embedder: str, dim: int, limit: int) -> list[Unembedded]:
        """What has no vectors by this embedder yet: memories first, then messages, the newest first."""
        return self._embedded.missing(embedder, dim, limit)

    def embed(self, embedder: str, dim: int, done: Sequence[tuple[Unembedded, Sequence[bytes]]]) -> int:
        """Keep vectors, one for each text; what was changed or erased meanwhile is left out. Returns for how many."""
        return self._embedded.put(embedder, dim, done)

    def warm(self) -> None:
        """Load what the first question would wait for; meant for a thread with a store of its own."""
        self.vectors.warm()

    def rebuild(self, progress: Callable[[int, int], None] = lambda _done, _all: None) -> None:
        """Build the index anew from the transcripts; `progress` hears how many messages are done, of how many.

        Stopped half-way, by whatever, the index holds the newest messages and `resume` goes on.
        """
        self._reindex.rebuild(progress)

    def resume(self, progress: Callable[[int, int], None] = lambda _done, _all: None) -> None:
        """Take in what an upgrade or a stopped rebuild left; nothing happens when there is nothing left."""
        self._reindex.resume(progress)

    def health(self) -> IndexHealth:
        """Whether the index is whole and holds what it should; reads all of it."""
        return self._reindex.health()

    def _hits(self, scores: dict[int, float], bounds: tuple[str, str]) -> list[Hit]:
        """The messages found within the bounds, best first, with the words that were searched."""
        texts: dict[int, list[str]] = {}
        heads: dict[int, Row] = {}
        own: dict[int, bool] = {}
        for message_id, *head, origin, text in self._database.rows(_HITS, json.dumps(list(scores)), *bounds):
            if not readable(*head[3:5]):
                continue
            texts.setdefault(message_id, []).append(text)
            heads[message_id] = tuple(head)
            own[message_id] = own.get(message_id, True) and Origin(origin) in OWN_WORDS
        order = sorted(heads, key=lambda number: (-scores[number], -number))
        found = []
        for message_id in order:
            session_id, turn, role, at, offset, title = heads[message_id]
            text = "\n\n".join(texts[message_id])
            score = scores[message_id] / scores[order[0]]
            moment = from_columns(at, offset)
            found.append(Hit(session_id, turn, message_id, Role(role), text, moment, score, title, own[message_id]))
        return found
