"""What may answer a question: pieces that share its rarest words, that are near it, of its days, and beside these.

Nothing is scored here beyond what chooses a hundred among all (`shortlist.py`): `memory/ranking.py` does that.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, zip_longest
from math import inf

from memchat.domain import Candidate, Found, Near, Search
from memchat.errors import IndexDamagedError
from memchat.store import words
from memchat.store.choosing import Holding, counts_of, holding
from memchat.store.database import Database
from memchat.store.entries import Entries
from memchat.store.moments import to_text
from memchat.store.numbering import PIECE_BITS, PIECES
from memchat.store.passages import Passages, Read
from memchat.store.shortlist import ALONE, BEGINNING, Beside, Known, shortlist
from memchat.store.signs import Signs
from memchat.store.texts import ALL, Span

# Of each kind so many are thought of, and with what stands beside them so many are read: every one of these takes its
# time, and again when it is ranked. The first ones, by words and by likeness in turns, are read in any case. On our own
# chats as much is found as with all of some 180 read; 70 by likeness instead of 30 find a point more among the first
# ten, and one conversation in a thousand less.
_BY_WORDS = 60
_BY_VECTOR = 30
_READ_FIRST = 60
_READ = 90
_OF_PERIOD = 30
# An answer may share no word with the question, the message before it does: what stands after so many of the best
# guesses is read, and handed over too; and what stands before so many. Of a long one, its first pieces. With fewer,
# one in 500 questions finds its conversation no longer among the first ten.
_WITH_NEXT = 60
_WITH_FORMER = 30
# A question may say what a conversation was about: of the best by title and topics, what the user said first.
_SESSIONS = 3
_OF_SESSION = 4
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
        terms = {word: term for word in search.words if (term := words.expression(word))}
        span, *spans = (between(self._database, *one) for one in ((search.since, search.until), *search.periods))
        guess, trouble = _Guess(span, spans), ""
        try:
            self._by_words(guess, search, list(dict.fromkeys(terms.values())), outside)
        except IndexDamagedError as error:
            trouble = error.message
        try:
            self._by_vector(guess, search, outside)
        except IndexDamagedError as error:
            trouble = error.message
        best_first = chain.from_iterable(zip_longest(guess.by_words, guess.by_vector))
        rows = [row for row in dict.fromkeys((*best_first, *guess.openings, *self._by_time(search))) if row is not None]
        candidates = self._candidates(search, rows, guess, outside)
        frequency = {word: guess.counts[term] for word, term in terms.items() if term in guess.counts}
        mean = guess.words / guess.rows if guess.rows else 0.0
        return Found(candidates, guess.rows, mean, frequency, trouble, guess.least)

    def _by_words(self, guess: "_Guess", search: Search, terms: Sequence[str], outside: Collection[int]) -> None:
        """Rows that hold the rarest words of the question: among all, of its days, and of sessions called so."""
        texts, titles = self._entries.texts, self._entries.labels.texts
        guess.rows, guess.words = texts.totals()
        guess.counts = counts_of(texts, terms)
        lent = set(terms).difference(words.expression(word) for word in search.words if word not in search.lent)
        counted = guess.span == ALL
        guess.held = holding(texts, terms, guess.counts, span=guess.span, counted=counted, lent=lent)
        guess.by_words += guess.held.best(_BY_WORDS, outside=outside)
        for span in guess.spans:
            guess.by_words += holding(texts, terms, guess.counts, span=span).best(_OF_PERIOD, outside=outside)
        for session_id in holding(titles, terms, guess.counts).best(_SESSIONS):
            guess.openings += self._database.column(_OPENING, session_id, _OF_SESSION)

    def _by_time(self, search: Search) -> Iterator[int]:
        """The newest of the days that the question speaks of, whatever they say."""
        for since, until in search.periods:
            days = (since.timestamp() // _DAY, until.timestamp() // _DAY)
            yield from self._database.column(_NEWEST, *days, to_text(since), to_text(until), _OF_PERIOD)

    def _by_vector(self, guess: "_Guess", search: Search, outside: Collection[int]) -> None:
        """Rows that are near the question, among all and of its days, and the cosines of many more."""
        if search.vector is None:
            return
        guess.signs = self._entries.vectors.of(search.embedder, len(search.vector))
        if guess.signs is None:
            return
        spans = [(_BY_VECTOR, search.since, search.until), *((_OF_PERIOD, *period) for period in search.periods)]
        for limit, since, until in spans:
            near = guess.signs.nearest(search.vector, since=since, until=until, outside=outside)
            guess.by_vector += sorted(near, key=near.__getitem__, reverse=True)[:limit]
            guess.cosines |= near

    def _candidates(
        self, search: Search, rows: list[int], guess: "_Guess", outside: Collection[int]
    ) -> tuple[Candidate, ...]:
        """Those that are worth reading, and of what stands beside the best, as values, best guesses first."""
        best = dict.fromkeys(row >> PIECE_BITS for row in rows)
        sides, added = self._beside(list(best))
        others = (number for number in dict.fromkeys(added) if number not in best)
        rows = [*rows, *(number << PIECE_BITS | piece for number in others for piece in range(BEGINNING))]
        begin, end = guess.span
        rows = [row for row in rows if begin <= row <= end and row >> PIECE_BITS not in outside]
        if guess.signs is not None and search.vector is not None:
            around = {number << PIECE_BITS for pair in sides.values() for number in pair if number is not None}
            guess.cosines |= guess.signs.cosines(search.vector, around.union(rows) - guess.cosines.keys())
        known = Known(guess.held, guess.cosines, sides, guess.spans, frozenset(guess.openings))
        rows = [row for row in rows if known.there(row)]
        pieces: dict[int, list[int]] = {}
        rows, guess.least = shortlist(rows, known, first=_READ_FIRST, most=_READ)
        for row in rows:
            pieces.setdefault(row >> PIECE_BITS, []).append(row & PIECES - 1)
        # Both bounds sort as text: "" before every date, "~" after.
        bounds = (to_text(search.since) if search.since else "", to_text(search.until) if search.until else "~")
        return self._read(pieces, bounds, known)

    def _read(self, pieces: dict[int, list[int]], bounds: tuple[str, str], known: Known) -> tuple[Candidate, ...]:
        """These pieces of messages, with what stands beside them."""
        from memchat.memory.traits import asks  # here, for it brings much along that the first prompt does not need

        messages = self._passages.read(pieces, bounds)
        beside = {number for one in messages for number in known.sides.get(one, ALONE) if number is not None}
        # Where one message holds all that is asked for, and does not ask for it as well, the ranking looks for nothing
        # else in what stands beside others.
        telling = [one for one, message in messages.items() if not asks(message.text)]
        whole = known.held.whole(number << PIECE_BITS | piece for number in telling for piece in pieces[number])
        silent = {number for number in beside.difference(messages) if whole and not known.speaks(number)}
        near = self._passages.near(beside, messages, known.cosines, silent=silent)
        titles = self._passages.labels({message.session_id for message in messages.values()})
        return tuple(
            _candidate(message, piece, text, titles, known, near)
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


@dataclass
class _Guess:
    """What a question found before anything is read: rows, best first, and what is known of them.

    `span` is where rows of the time stand that is searched, `spans` of those it speaks of; `rows` and `words` count
    those of the index.
    """

    span: Span
    spans: list[Span]
    rows: int = 0
    words: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    held: Holding = field(default_factory=Holding)
    by_words: list[int] = field(default_factory=list)
    openings: list[int] = field(default_factory=list)
    signs: Signs | None = None
    by_vector: list[int] = field(default_factory=list)
    cosines: dict[int, float] = field(default_factory=dict)
    least: tuple[float, float] = (inf, inf)


def between(database: Database, since: datetime | None, until: datetime | None) -> Span:
    """Between which rows the messages of a time stand, both included; others may stand there too."""
    if since is None and until is None:
        return ALL
    days = (since.timestamp() // _DAY if since else -_EVER, until.timestamp() // _DAY if until else _EVER)
    first, last = database.rows(_BETWEEN, *days)[0]
    return (0, -1) if first is None else (first << PIECE_BITS, (last + 1 << PIECE_BITS) - 1)


def _candidate(
    message: Read, piece: int, text: str, titles: Mapping[int, str], known: Known, near: Mapping[int, Near]
) -> Candidate:
    """One piece as the ranking reads it."""
    before, after = known.sides.get(message.id, ALONE)
    return Candidate(
        message.session_id,
        message.turn,
        message.id,
        piece,
        message.role,
        message.own,
        message.at,
        text,
        known.cosines.get(message.id << PIECE_BITS | piece),
        titles[message.session_id],
        near.get(before or 0),
        near.get(after or 0),
        len(message.text),
    )
