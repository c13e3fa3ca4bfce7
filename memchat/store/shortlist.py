"""Which of the rows that were found are read: guessed by what is known before, for reading them takes the most time."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from memchat.domain import LIKE_BESIDE, WORD_BESIDE
from memchat.store.choosing import Holding
from memchat.store.numbering import PIECE_BITS
from memchat.store.texts import Span

Beside = tuple[int | None, int | None]
"""The numbers of the messages before and after one in its conversation."""
ALONE: Beside = (None, None)

# What is known is worth about what the ranking, which was learnt, makes of it (`memory/ranking.py`): the question's
# words in a row or beside it, and before it; how near it is, and it with those beside it; that it is of the time.
_WORDS, _BEFORE, _NEAR, _STRETCH, _TIME = 4.4, 1.2, 0.8, 1.6, 4.0


class Known(NamedTuple):
    """What is known of rows that nobody has read: which hold words of the question, how near they are to it, what
    stands beside their messages, and where rows of a time stand that it speaks of.
    """

    held: Holding
    cosines: Mapping[int, float]
    sides: Mapping[int, Beside]
    spans: Sequence[Span]


def shortlist(rows: Sequence[int], known: Known, *, first: int, most: int) -> tuple[list[int], tuple[float, float]]:
    """So many of the rows, best guesses first, as are worth reading, in their order; the `first` of them are.

    And of all the least likeness, of a row alone and with those beside it.
    """
    if not rows:
        return [], (0.0, 0.0)
    words, near, stretch = zip(*_described(rows, known), strict=True)
    least = (min(near), min(stretch))
    if len(rows) <= most:
        return list(rows), least
    scores = [
        word + _NEAR * one + _STRETCH * other + _TIME * any(begin <= row <= end for begin, end in known.spans)
        for row, word, one, other in zip(rows, words, _spread(near), _spread(stretch), strict=True)
    ]
    chosen = sorted(range(first, len(rows)), key=lambda place: -scores[place])[: most - first]
    return [*rows[:first], *(rows[place] for place in sorted(chosen))], least


def _described(rows: Sequence[int], known: Known) -> Iterator[tuple[float, float, float]]:
    """What the question's words are worth in each row and beside it, how near it is, and that with those beside it."""
    terms, worth, near = known.held.terms.get, known.held.worth, known.cosines.get
    total = known.held.total or 1.0
    for row in rows:
        sides = known.sides.get(row >> PIECE_BITS, ALONE)
        before, after = ((side or 0) << PIECE_BITS for side in sides)  # 0 is no row
        own, former = terms(row, 0), terms(before, 0)
        around = worth(own) + WORD_BESIDE * worth((former | terms(after, 0)) & ~own)
        like = near(row, 0.0)
        stretch = like + LIKE_BESIDE * (near(before, 0.0) + near(after, 0.0))
        yield (_WORDS * around + _BEFORE * worth(former)) / total, like, stretch


def _spread(values: Sequence[float]) -> list[float]:
    """From 0 for the least to 1 for the most."""
    low, high = min(values), max(values)
    return [(value - low) / ((high - low) or 1.0) for value in values]
