"""What a person looks through, a page at a time: conversations, notes, what waits, what happened; and what is typed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from memchat.actions import searching
from memchat.actions.searching import Span
from memchat.domain import Event, Memory, Passage, Session, SessionKind, Shelf, Turn
from memchat.errors import IndexDamagedError
from memchat.memory.plain import plain
from memchat.memory.query import Term
from memchat.memory.quoting import Count

if TYPE_CHECKING:
    from memchat.memory.recalling import Recall
    from memchat.ports import Store

# Of each kind at most so many are shown while somebody types: what they mean is among them, or the next letter tells.
MOST = 30
# Characters of a message in which the words are marked: more than a row shows. And letters that tell where to look.
_LOOKED_AT = 400
_LEAST = 3
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found for what is typed: memories that hold it, newest first, and past exchanges, best first.

    `trouble` is a line for people where a part of the index could not be used.
    """

    words: str
    memories: tuple[Memory, ...] = ()
    passages: tuple[Passage, ...] = ()
    terms: tuple[Term, ...] = ()
    trouble: str = ""


def count_talks(store: "Store", *, oneshots: bool = False) -> int:
    """How many conversations there are, with `oneshots` those of `memchat ask` too."""
    return store.pages.count_sessions(_kinds(oneshots))


def talks(store: "Store", skip: int, limit: int, *, oneshots: bool = False) -> list[Session]:
    """Some of them, newest activity first."""
    return store.transcripts.sessions(kinds=_kinds(oneshots), limit=limit, skip=skip)


def turns(store: "Store", session: Session, first: int, last: int) -> list[Turn]:
    """Some turns of a conversation, those that were taken back left out."""
    return store.transcripts.turns(session.id, first=first, last=last)


def last_turn(store: "Store", session: Session) -> int:
    """The number of its newest turn; 0 without one."""
    newest = store.transcripts.last_turn(session.id)
    return newest.number if newest else 0


def count(store: "Store", shelf: Shelf, now: datetime) -> int:
    """How many memories stand there."""
    return store.pages.count_memories(shelf, now)


def memories(store: "Store", shelf: Shelf, now: datetime, skip: int, limit: int) -> list[Memory]:
    """Some of them."""
    return store.pages.memories(shelf, now, skip=skip, limit=limit)


def count_events(store: "Store", now: datetime) -> int:
    """How much happened to memories."""
    return store.pages.count_events(now)


def events(store: "Store", now: datetime, skip: int, limit: int) -> list[Event]:
    """Some of it, the newest first."""
    return store.pages.events(now, skip=skip, limit=limit)


class Finder:
    """Looks for what somebody has typed so far: the last word may be the beginning of one."""

    def __init__(self, store: "Store", recall: "Recall", count: Count) -> None:
        self._store = store
        self._recall = recall
        self._count = count

    def look(self, words: str, now: datetime) -> Hits:
        """First what recall finds, then what only begins so, the newest first; of one letter memories alone.

        Raises StoreError.
        """
        if not words.strip():
            return Hits(words)
        held = tuple(self._store.pages.holding(words, MOST))
        if len(words) == 1 and words.isascii():  # more is coming: half of all messages hold a word that begins so
            return Hits(words, held)
        result = searching.search(self._store, self._recall, searching.wanted(words, now), now, self._count, MOST)
        best, trouble = _each_once([one for one in result.found if one.layer.of_talk]), result.trouble
        if len(best) < MOST and not words.endswith(" "):
            try:
                begun = self._store.pages.beginning(_WORD.findall(words), MOST)
            except IndexDamagedError as error:
                begun, trouble = [], error.message
            best = _each_once((*best, *begun))[:MOST]
        return Hits(words, held, tuple(best), searching.terms(words, now), trouble)


def spans(text: str, hits: Hits) -> list[Span]:
    """Where words of the search first stand in a text; or where one begins as the last of them does.

    Of a long text only what is around the first is looked at: each key that is typed asks for many of them.
    """
    typed = _WORD.findall(hits.words)
    start = _near(text, [*(term.stem for term in hits.terms), *typed[-1:]])
    part = text[start : start + _LOOKED_AT]
    found = searching.marks(part, hits.terms)
    if not found and typed:
        begun, long = plain(typed[-1]), len(typed[-1])
        starts = (one.start() for one in _WORD.finditer(part) if plain(one[0]).startswith(begun))
        found = [(at, at + long) for at in starts]
    return [(start + first, start + last) for first, last in found]


def _near(text: str, wanted: Sequence[str]) -> int:
    """Shortly before the first place where one of them may begin, behind a blank; the beginning of a short text."""
    if len(text) <= _LOOKED_AT:
        return 0
    low = text.lower()
    place = min((at for word in wanted if (at := low.find(word.lower()[:_LEAST])) >= 0), default=0)
    start = max(place - _LOOKED_AT // 4, 0)
    return max(text.find(" ", start, place), start)


def _kinds(oneshots: bool) -> tuple[SessionKind, ...]:
    return tuple(SessionKind) if oneshots else (SessionKind.CHAT,)


def _each_once(passages: Sequence[Passage]) -> list[Passage]:
    """Of each turn the first."""
    found: dict[str, Passage] = {}
    for passage in passages:
        found.setdefault(passage.ref, passage)
    return list(found.values())
