"""Which of the rows that were found are read: guessed by what is known before, for reading them takes the most time."""

from collections.abc import Iterator, Mapping, Sequence
from math import inf
from typing import NamedTuple

from memchat.domain import LIKE_BESIDE, WORD_BESIDE
from memchat.store.choosing import Holding
from memchat.store.numbering import PIECE_BITS
from memchat.store.texts import Span

Beside = tuple[int | None, int | None]
"""The numbers of the messages before and after one in its conversation."""
ALONE: Beside = (None, None)

BEGINNING = 2
"""Pieces that are read of what stands beside a message."""

# What is known is worth about what the ranking, which was learnt, makes of it (`memory/ranking.py`): the question's
# words in a row or beside it, and before it; how near it is, and it with those beside it. What is of the time that is
# asked for, or opens a conversation that is called so, comes before all that has only its words.
_WORDS, _BEFORE, _NEAR, _STRETCH, _NAMED = 4.4, 1.2, 0.8, 1.6, 8.0


class Known(NamedTuple):
    """What is known of rows that nobody has read: which hold words of the question, how near they are to it, what
    stands beside their messages, where rows of a time stand that it speaks of, and which open a conversation that is
    called what it asks for.
    """

    held: Holding
    cosines: Mapping[int, float]
    sides: Mapping[int, Beside]
    spans: Sequence[Span] = ()
    openings: frozenset[int] = frozenset()

    def there(self, row: int) -> bool:
        """Whether the message has such a piece, as far as anybody can tell: where the first has a vector, all have."""
        first = row >> PIECE_BITS << PIECE_BITS
        return row == first or row in self.cosines or row in self.held.terms or first not in self.cosines

    def speaks(self, number: int) -> bool:
        """Whether a message holds any word of the question where it begins."""
        return any((number << PIECE_BITS | piece) in self.held.terms for piece in range(BEGINNING))

    def named(self, row: int) -> bool:
        """Whether the question names its time, or its conversation."""
        return row in self.openings or any(begin <= row <= end for begin, end in self.spans)

    def described(self, rows: Sequence[int]) -> Iterator[tuple[float, float | None, float | None]]:
        """What the question's words are worth in each and beside it; how near it is, alone and with those beside it."""
        terms, worth, near = self.held.terms.get, self.held.worth, self.cosines.get
        total = self.held.total or 1.0
        for row in rows:
            sides = self.sides.get(row >> PIECE_BITS, ALONE)
            before, after = ((side or 0) << PIECE_BITS for side in sides)  # 0 is no row
            own, former = terms(row, 0), terms(before, 0)
            around = worth(own) + WORD_BESIDE * worth((former | terms(after, 0)) & ~own)
            like = near(row)
            stretch = None if like is None else like + LIKE_BESIDE * (near(before, 0.0) + near(after, 0.0))
            yield (_WORDS * around + _BEFORE * worth(former)) / total, like, stretch


def shortlist(rows: Sequence[int], known: Known, *, first: int, most: int) -> tuple[list[int], tuple[float, float]]:
    """So many of the rows, best guesses first, as are worth reading, in their order; the `first` of them are.

    And of all the least likeness, of a row alone and with those beside it; infinite where nobody knows any.
    """
    if not rows:
        return [], (inf, inf)
    words, near, stretch = zip(*known.described(rows), strict=True)
    (alone, least), (beside, lowest) = _spread(near), _spread(stretch)
    if len(rows) <= most:
        return list(rows), (least, lowest)
    scores = {
        place: words[place] + _NEAR * alone[place] + _STRETCH * beside[place] + _NAMED * known.named(rows[place])
        for place in range(first, len(rows))
    }
    chosen = sorted(scores, key=lambda place: -scores[place])[: most - first]
    return [*rows[:first], *(rows[place] for place in sorted(chosen))], (least, lowest)


def _spread(values: Sequence[float | None]) -> tuple[list[float], float]:
    """From 0 for the least to 1 for the most, and 0 for what has no value; and the least."""
    low = min((value for value in values if value is not None), default=inf)
    span = max((value for value in values if value is not None), default=inf) - low
    return [0.0 if value is None else (value - low) / (span or 1.0) for value in values], low
