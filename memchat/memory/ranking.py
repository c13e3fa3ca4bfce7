"""Which of the pieces that the index found answer the question best, and how sure it is that any does. Pure.

`signals.py` describes each piece by a few numbers; the weighted sum of them orders the messages. The weights were
learnt by tests/benchmarks/learn_ranking.py on our own conversations, those of tests/benchmarks/chats/train, and on
nothing else; no name, topic or word of any chat is in them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from memchat.domain import Candidate, Found, Memory
from memchat.memory.alike import Likeness
from memchat.memory.query import Query
from memchat.memory.signals import Described, Describer
from memchat.memory.traits import Ages, Columns

__all__ = ["AUTO", "SURE", "WEIGHTS", "Ages", "Ranked", "ordered", "rank", "sure", "weighed"]

WEIGHTS: Mapping[str, float] = {
    "words": 0.64,
    "before": 0.8,
    "answer": 0.9,
    "window": 3.72,
    "session": 0.55,
    "near": 0.82,
    "stretch": 0.92,
    "talk": 1.39,
    "named": 0.95,
    "addressed": 0.8,
    "length": 2.7,
    "long": -0.58,
    "asks": -0.91,
    "when": 0.65,
    "many": 0.64,
    "where": 0.79,
    "during": 1.71,
    "day": 4.02,
    # Not learnt. Age alone: of two that answer equally well the newer comes first, and no more, for left out the
    # learnt -0.4 did better on chats that were not learnt from. No chat holds notes: odds of 0.8 to 1.2 (memory.md).
    "age": -0.2,
    "importance": 0.2,
}
SURE: Mapping[str, float] = {
    "": -3.4,
    "mass": 1.53,
    "words": 1.54,
    "name": 0.98,
    "unknown": -1.45,
    "strange": -1.68,
    "likeness": 2.25,
    "about us": 2.36,
    "named": 2.77,
    "time": 1.5,
    "day": 0.71,
    "task": -3.85,
    "past": 1.37,
    "general": -1.92,
}
AUTO = 0.45
"""How sure it must be that something answers before anything is shown. With it 97 % of our own chats' questions show
something; of small talk and questions about the world 1.5 %, and 6 % in one store that holds all of these chats."""
# So many messages are looked at again for words that are like those of the question: the best, and the best of so many
# other conversations. With 12 and 8 two points fewer of the evidence of our held chats are among the first ten, with 8
# and 6 three; more find no more.
_CLOSER = 16
_CLOSER_SESSIONS = 14
# With odds of less, against the best, a passage is not shown beside it. Of the evidence of our own chats 68.0 % are
# shown then instead of 68.2; of what is shown on LoCoMo's questions a fifth goes.
_LEAST = 0.02
_AWAY = 0.5  # the least share of it that the score of a lesser one keeps: the order is by score, too

# What passages are said to have been found by: the signals that say so, by the weight they had.
_REASONS = {
    "the time you named": ("during", "day"),
    "words": ("words", "before", "answer", "window", "session"),
    "meaning": ("near", "stretch", "talk"),
}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A message by its best piece. `score` is 0 to 1: of the best, how sure it is that something answers; of the
    others less. `odds`, 0 to 1, are those of this one against the best. `shown` says that it is sure enough, and this
    one not too far behind.
    """

    candidate: Candidate
    score: float
    odds: float
    shown: bool
    described: Described

    @property
    def why(self) -> str:
        """What it was found by, in words."""
        worth = {
            reason: sum(WEIGHTS[name] * self.described[name] for name in names) for reason, names in _REASONS.items()
        }
        if worth["the time you named"] > 1:
            return "the time you named"
        if not self.described["words"]:
            return "meaning" if worth["meaning"] > worth["words"] else "words beside it"
        return "words and meaning" if worth["meaning"] > 0 else "words"


def rank(
    query: Query,
    found: Found,
    now: datetime,
    *,
    ages: Ages | None = None,
    threshold: float | None = None,
    memories: Mapping[int, Memory] | None = None,
    likeness: Likeness | None = None,
) -> list[Ranked]:
    """The messages found, best first; of equals the newest first.

    `memories` are those among the candidates, by their message numbers. `threshold` is what the best needs, 0 to 1, for
    any to be shown; None is `AUTO`. `likeness` tells how near single words are to each other; without it only the
    words themselves count.
    """
    if not found.candidates:
        return []
    describer = Describer(query, found, now, ages=ages, memories=memories)
    order = ordered(describer, likeness)
    top = order[0][0]
    certain = sure(describer.evidence(one for _, one in order))
    shown = certain >= (AUTO if threshold is None else threshold)
    odds = [math.exp(score - top) for score, _ in order]
    return [
        Ranked(one.candidate, certain * (_AWAY + (1 - _AWAY) * chance), chance, shown and chance >= _LEAST, one)
        for chance, (_, one) in zip(odds, order, strict=True)
    ]


def ordered(describer: Describer, likeness: Likeness | None) -> list[tuple[float, Described]]:
    """Each message by its best piece, with its weighed signals, best first; of equals the newest first."""
    scores = weighed(describer.columns)
    order = _best_first(describer.candidates, scores)
    if order and likeness is not None and not describer.whole(order[0]):
        first = order[:_CLOSER]
        sessions = {describer.candidates[place].session_id for place in first}
        for place in order[_CLOSER:]:
            session = describer.candidates[place].session_id
            if len(first) < _CLOSER + _CLOSER_SESSIONS and session not in sessions:
                sessions.add(session)
                first.append(place)
        describer.look_closer(first, likeness)
        scores = weighed(describer.columns)
        order.sort(key=lambda place: (-scores[place], -describer.candidates[place].message_id))
    return [(scores[place], describer[place]) for place in order]


def _best_first(candidates: Sequence[Candidate], scores: Sequence[float]) -> list[int]:
    """The places of the best piece of each message."""
    best: dict[int, int] = {}
    for place in sorted(range(len(scores)), key=lambda place: (-scores[place], -candidates[place].message_id)):
        best.setdefault(candidates[place].message_id, place)
    return list(best.values())


def weighed(columns: Columns) -> list[float]:
    """The weighted sums that order pieces, added up in the order of the signals."""
    import numpy as np

    (size,) = {len(column) for column in columns.values()}
    total = np.zeros(size)
    for name, column in columns.items():
        total += WEIGHTS[name] * column
    found: list[float] = total.tolist()
    return found


def sure(evidence: Mapping[str, float]) -> float:
    """How sure it is, 0 to 1, that something answers."""
    return 1 / (1 + math.exp(-SURE[""] - sum(SURE[name] * value for name, value in evidence.items())))
