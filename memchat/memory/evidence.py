"""What tells whether the past holds an answer at all, in numbers of about 0 to 1, for `ranking.SURE` to weigh. Pure.

Unlike the signals these compare with nothing: words that are rare in this store and stand in the best passages, names,
and whether it is about the two who talk. `Describer.evidence` adds what only the passages tell: a likeness, the time.

Only what a message says itself is evidence. The words of the message before help to search, but in the middle of a talk
they are found nearly always: with them a quarter of all small talk and a third of the questions about the world showed
something there. They count where the message asks after them: "And when was that?".
"""

import math
from collections.abc import Mapping, Sequence

from memchat.domain import Found
from memchat.memory.plain import plain
from memchat.memory.query import Query

_MANY_WORDS = 4


def clues(query: Query, found: Found, idf: Sequence[float], held: Sequence[Sequence[bool]]) -> Mapping[str, float]:
    """What the message is, and what of it the best passages hold: `held` has for each of them a place for each term,
    as `idf`, what the term is worth in this store.
    """
    own = [term.own or query.leans for term in query.terms]
    there = [[one and mine for one, mine in zip(places, own, strict=True)] for places in held]
    worth = [sum(value for value, one in zip(idf, places, strict=True) if one) for places in there]
    stems = [{term.stem for term, one in zip(query.terms, places, strict=True) if one} for places in there]
    names = query.names or [{term.stem} for term in query.terms if term.capital]
    named = any(name <= some for name in names for some in stems)
    unknown = sum(not found.frequency.get(term.word) for term in query.terms if term.own)
    return {
        "mass": max(worth, default=0.0) / math.log(2 + found.rows),
        "words": min(max(map(len, stems), default=0), _MANY_WORDS) / _MANY_WORDS,
        "name": float(named),
        "unknown": unknown / max(1, sum(term.own for term in query.terms)),
        "about us": float(query.asked is not None or query.ours),
        "named": float(query.named),
        "task": float(query.task),
        "past": float(query.past),
        "general": float(query.general and not named),
    }


def repeats(text: str, query: Query) -> bool:
    """Whether a text is the very message that is asked: who said it before has answered nothing with it."""
    mine = query.text.strip()
    return abs(len(text) - len(mine)) < len(mine) and plain(text).strip() == plain(mine)
