"""What a person looks for in all that was said and all that is remembered, in which days, and where the words stand."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING

from memchat.actions.references import fold, moment, session_place, shorten
from memchat.domain import Passage
from memchat.errors import UsageError
from memchat.memory.plain import plain
from memchat.memory.query import SPACELESS, Term, understand
from memchat.memory.quoting import Count
from memchat.memory.stems import stem
from memchat.memory.timewords import Period, periods

if TYPE_CHECKING:
    from memchat.memory.recalling import Recall
    from memchat.ports import Store

LIMIT = 20
# Looked through where only one kind is wanted: the other takes places, too.
DEEP = 5 * LIMIT
# How sure recall must be, 0 to 1, of what holds none of the words: without a bound something is always nearest. Of 64
# questions of our own chats none lost evidence that had been among the first 20, and of words about other things 93 %
# brought nothing instead of 20 hits; from 0.025 to 0.1 that is the same.
LEAST = 0.025
KINDS = ("memories", "sessions")
EARLIEST, LATEST = 1900, 2900  # years
_WORDS = re.compile(rf"(?:(?![{SPACELESS}])[^\W_])+")
_RUNS = re.compile(f"[{SPACELESS}]+")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: the words, where (`memories`, `sessions`, or empty for both), and between which moments.

    `since` is included, `until` is not.
    """

    words: str
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What was found, best first. `trouble` is a line for people where a part of the index could not be used."""

    found: tuple[Passage, ...]
    trouble: str = ""


def wanted(words: str, now: datetime, *, kind: str = "", since: str = "", until: str = "") -> Wanted:
    """What was asked for, as people write it: days, or times in words ("last month"), of which `until` means the end.

    Raises UsageError: no words, an unknown kind, what is no time, times the wrong way round.
    """
    if not words.strip():
        raise UsageError("There is nothing to search for.", 'Write it after the command: memchat search "rate limit"')
    if kind and kind not in KINDS:
        raise UsageError(f"{shorten(kind)!r} is no place to search in.", "Places: memories and sessions.")
    first = _span(since, now)[0] if since else None
    last = _span(until, now)[1] if until else None
    if first is not None and last is not None and first >= last:
        raise UsageError(f"{shorten(until)!r} is before {shorten(since)!r}.", "Turn --since and --until round.")
    return Wanted(words, kind, first, last)


def search(store: "Store", recall: "Recall", asked: Wanted, now: datetime, count: Count, limit: int = LIMIT) -> Result:
    """At most `limit` passages, memories and conversations in one list, best first. `recall` looks into `store`.

    Raises StoreError.
    """
    depth = DEEP if asked.kind else limit
    seen = recall.look(asked.words, now, since=asked.since, until=asked.until, limit=depth, count=count)
    searched = terms(asked.words, now)
    title = cache(lambda number: store.transcripts.session(number).title)
    found = [
        passage
        for passage in (_titled(one, title) for one in seen.kept)
        if (not asked.kind or _kind(passage) == asked.kind)
        and (passage.score >= LEAST or marks(f"{passage.field} {passage.title} {passage.text}", searched))
    ]
    return Result(tuple(found[:limit]), seen.trouble)


def _titled(passage: Passage, title: Callable[[int], str]) -> Passage:
    """With the title of the conversation that it is from."""
    place = session_place(passage.source) if passage.source else None
    return replace(passage, title=title(place[0])) if place else passage


def _kind(passage: Passage) -> str:
    return "sessions" if passage.layer.of_talk else "memories"


def _span(text: str, now: datetime) -> tuple[datetime, datetime]:
    """From when until just before when; one moment is a span of no length. Raises UsageError."""
    month = _MONTH.fullmatch(fold(text))
    try:
        begins, ends = (moment(f"{fold(text)}-01" if month else text, now, end=end) for end in (False, True))
    except UsageError:
        return _in_words(text, now)
    begins, ends = _sayable(begins), _sayable(ends)
    if begins == ends:
        return begins, ends
    # The first moment of the day after.
    after = (begins + timedelta(days=31)).replace(day=1) if month else begins + timedelta(days=1)
    return begins, datetime.combine(after.date(), time.min, begins.tzinfo)


def _sayable(at: datetime) -> datetime:
    """The ends of the calendar cannot be turned into other zones, and nobody talked to memchat then."""
    if EARLIEST <= at.year <= LATEST:
        return at
    return datetime(EARLIEST if at.year < EARLIEST else LATEST, 1, 1, tzinfo=at.tzinfo)


def _in_words(text: str, now: datetime) -> tuple[datetime, datetime]:
    """The time that the words name, alone among them."""
    found: tuple[Period, ...] = periods(text, now)
    if len(found) != 1:
        raise UsageError(
            f"{shorten(text)!r} is no time.", 'Write it as 2026-11-12, 2026-11, yesterday, "last month", 上個月.'
        )
    return found[0].since, found[0].until


# Where the words stand


def terms(words: str, now: datetime) -> tuple[Term, ...]:
    """The words of a search that are worth marking in what it found."""
    return understand(words, now).terms


def marks(text: str, searched: Sequence[Term]) -> list[Span]:
    """Where words of the search stand in `text`, endings, accents, case and Chinese script aside, in order.

    Spans (start, end) in characters; those that touch are one.
    """
    stems = {term.stem for term in searched}
    found = [word.span() for word in _WORDS.finditer(text) if stem(plain(word[0])) in stems]
    pieces = [one for one in stems if _RUNS.search(one)]
    for run in _RUNS.finditer(text) if pieces else ():
        found += ((run.start() + start, run.start() + end) for start, end in _places(run[0], pieces))
    joined: list[Span] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _places(run: str, pieces: Sequence[str]) -> Iterator[Span]:
    """Where pieces stand in a run of a script without blanks, each compared as it is folded."""
    folded = [(letter, place) for place, character in enumerate(run) for letter in plain(character)]
    low = "".join(letter for letter, _ in folded)
    for piece in pieces:
        start = low.find(piece)
        while start >= 0:
            yield folded[start][1], folded[start + len(piece) - 1][1] + 1
            start = low.find(piece, start + 1)
