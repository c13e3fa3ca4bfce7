"""What may answer a question: pieces that share its rarest words, that are near it, of its days, and beside these.

Nothing is scored here beyond what chooses a few hundred among all: `memory/ranking.py` does that.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import chain, zip_longest

from memchat.domain import Candidate, Found, Near, Search
from memchat.errors import IndexDamagedError
from memchat.store import words
from memchat.store.choosing import best_rows, counts_of
from memchat.store.database import Database
from memchat.store.entries import Entries
from memchat.store.moments import to_text
from memchat.store.numbering import PIECE_BITS, PIECES
from memchat.store.passages import Passages, Read
from memchat.store.texts import ALL, Span

# Of each kind so many, for every candidate takes its time here and again when it is ranked. On our own chats and on
# LoCoMo 30 to 60 of either kind find as much, to a point, and 100 no more.
_BY_WORDS = 60
_BY_VECTOR = 30
_OF_PERIOD = 30
# An answer may share no word with the question, the message before it does: what stands after so many of the best
# guesses is read, and handed over too; and what stands before so many. Of a long one, its first pieces. With fewer,
# one in 500 questions finds its conversation no longer among the first ten.
_WITH_NEXT = 60
_WITH_FORMER = 30
_FIRST_PIECES = 2
# A question may say what a conversation was about: of the best by title and topics, what the user said first.
_SESSIONS = 3
_OF_SESSION = 4

Beside = tuple[int | None, int | None]
"""The numbers of the messages before and after one in its conversation."""
_DAY = 86_400
_EVER = 10_000_000  # days

_LIVE = "SELECT id FROM messages WHERE session_id = ? AND turn >= ?"
# The index knows the day; what is of another hour is left out when the messages are read.
_BETWEEN = "SELECT min(id), max(id) FROM messages WHERE unixepoch(created_at) / 86400 BETWEEN ? AND ?"
_NEWEST = f"""
    SELECT id << {PIECE_BITS} FROM messages
    WHERE indexed = 1 AND unixepoch(created_at) / 86400 BETWEEN ? AND ? AND created_at >= ? AND created_at < ?
    ORDER BY unixepoch(created_at) / 86400 DESC, id DESC LIMIT ?
"""  # noqa: S608 - the numbers are ours
_OPENING = f"""
    SELECT id << {PIECE_BITS} FROM messages WHERE session_id = ? AND indexed = 1 AND role = 'user' ORDER BY turn LIMIT ?
"""  # noqa: S608 - the numbers are ours


class Candidates:
    """Finds what is handed to the ranking."""

    def __init__(self, database: Database, entries: Entries) -> None:
        self._database = database
        self._entries = entries
        self._passages = Passages(database)

    def find(self, search: Search) -> Found:
        """Everything that may answer. A part of the index that cannot be read is left out, and `trouble` says so."""
        outside = frozenset(self._database.column(_LIVE, *search.live)) if search.live else frozenset()
        texts = self._entries.texts
        terms = {word: term for word in search.words if (term := words.expression(word))}
        trouble = ""
        counts: dict[str, int] = {}
        by_words: list[int] = []
        by_vector: list[int] = []
        cosines: dict[int, float] = {}
        rows = together = 0
        try:
            rows, together = texts.totals()
            counts = counts_of(texts, dict.fromkeys(terms.values()))
            by_words.extend(self._by_words(search, counts, outside))  # keeps what came before titles that are damaged
        except IndexDamagedError as error:
            trouble = error.message
        try:
            by_vector, cosines = self._by_vector(search, outside)
        except IndexDamagedError as error:
            trouble = error.message
        best_first = chain.from_iterable(zip_longest(by_words, by_vector))
        keys = [key for key in dict.fromkeys((*best_first, *self._by_time(search))) if key is not None]
        candidates = self._candidates(search, keys, cosines, outside)
        frequency = {word: counts[term] for word, term in terms.items() if term in counts}
        return Found(candidates, rows, together / rows if rows else 0.0, frequency, trouble)

    def _by_words(self, search: Search, counts: dict[str, int], outside: Collection[int]) -> Iterator[int]:
        """Rows that hold the rarest words of the question: among all, of its days, and of sessions called so."""
        terms, texts = list(counts), self._entries.texts
        span = between(self._database, search.since, search.until)
        for number, _ in best_rows(texts, terms, _BY_WORDS, span=span, counts=counts, outside=outside):
            yield number
        for period in search.periods:
            span = between(self._database, *period)
            for number, _ in best_rows(texts, terms, _OF_PERIOD, span=span, counts=counts, outside=outside):
                yield number
        for session_id, _ in best_rows(self._entries.labels.texts, terms, _SESSIONS):
            yield from self._database.column(_OPENING, session_id, _OF_SESSION)

    def _by_time(self, search: Search) -> Iterator[int]:
        """The newest of the days that the question speaks of, whatever they say."""
        for since, until in search.periods:
            days = (since.timestamp() // _DAY, until.timestamp() // _DAY)
            yield from self._database.column(_NEWEST, *days, to_text(since), to_text(until), _OF_PERIOD)

    def _by_vector(self, search: Search, outside: Collection[int]) -> tuple[list[int], dict[int, float]]:
        """Rows that are near the question, among all and of its days, and the cosines of many more."""
        best: list[int] = []
        known: dict[int, float] = {}
        if search.vector is not None:
            spans = [(_BY_VECTOR, search.since, search.until), *((_OF_PERIOD, *period) for period in search.periods)]
            for limit, since, until in spans:
                near = self._entries.vectors.nearest(
                    search.vector, search.embedder, since=since, until=until, outside=outside
                )
                best += sorted(near, key=near.__getitem__, reverse=True)[:limit]
                known |= near
        return best, known

    def _candidates(
        self, search: Search, keys: list[int], cosines: dict[int, float], outside: Collection[int]
    ) -> tuple[Candidate, ...]:
        """The rows as values, best guesses first, those beside the best among them."""
        pieces: dict[int, list[int]] = {}
        for key in keys:
            pieces.setdefault(key >> PIECE_BITS, []).append(key & PIECES - 1)
        sides, added = self._beside(list(pieces))
        first = list(range(_FIRST_PIECES))
        pieces |= {number: first for number in added if number not in pieces}
        for number in outside:
            pieces.pop(number, None)
        # Both bounds sort as text: "" before every date, "~" after.
        bounds = (to_text(search.since) if search.since else "", to_text(search.until) if search.until else "~")
        messages = self._passages.read(pieces, bounds)
        around = {number for one in messages for number in sides.get(one, ()) if number is not None}
        cosines = cosines | self._cosines(search, messages, pieces, around, cosines)
        near = self._passages.near(around, messages, cosines)
        titles = self._passages.labels({message.session_id for message in messages.values()})
        return tuple(
            _candidate(message, piece, text, titles, cosines, sides.get(number, (None, None)), near)
            for number, message in messages.items()
            for piece in pieces[number]
            if (text := message.piece(piece)) is not None
        )

    def _beside(self, best: list[int]) -> tuple[dict[int, Beside], list[int]]:
        """What stands beside the best; and the neighbours that are handed over themselves."""
        sides: dict[int, Beside] = {}
        added: list[int] = []
        around = self._passages.around(best[:_WITH_NEXT])
        for place, number in enumerate(best[:_WITH_NEXT]):
            before, after = around.get(number, ((), ()))
            sides[number] = (next(iter(before), None), next(iter(after), None))
            added += (*before[: place < _WITH_FORMER], *after[:1])
        for number, (before, after) in around.items():
            if before:
                sides.setdefault(before[0], (next(iter(before[1:]), None), number))
            if after:
                sides.setdefault(after[0], (number, next(iter(after[1:]), None)))
        return sides, added

    def _cosines(
        self,
        search: Search,
        messages: dict[int, Read],
        wanted: dict[int, list[int]],
        around: set[int],
        known: dict[int, float],
    ) -> dict[int, float]:
        """How near all of them are to the question; nothing without a vector, or where none can be read."""
        if search.vector is None:
            return {}
        rows = {one << PIECE_BITS | piece for one in messages for piece in wanted[one]}
        rows |= {number << PIECE_BITS for number in around}
        try:
            return self._entries.vectors.cosines(search.vector, search.embedder, rows - known.keys())
        except IndexDamagedError:
            return {}


def between(database: Database, since: datetime | None, until: datetime | None) -> Span:
    """Between which rows the messages of a time stand, both included; others may stand there too."""
    if since is None and until is None:
        return ALL
    days = (since.timestamp() // _DAY if since else -_EVER, until.timestamp() // _DAY if until else _EVER)
    first, last = database.rows(_BETWEEN, *days)[0]
    return (0, -1) if first is None else (first << PIECE_BITS, (last + 1 << PIECE_BITS) - 1)


def _candidate(
    message: Read,
    piece: int,
    text: str,
    titles: dict[int, str],
    cosines: dict[int, float],
    beside: Beside,
    near: dict[int, Near],
) -> Candidate:
    """One piece as the ranking reads it."""
    before, after = beside
    return Candidate(
        message.session_id,
        message.turn,
        message.id,
        piece,
        message.role,
        message.own,
        message.at,
        text,
        cosines.get(message.id << PIECE_BITS | piece),
        titles[message.session_id],
        near.get(before or 0),
        near.get(after or 0),
        len(message.text),
    )
