"""Which words of a question are looked for: the rarest, so that a search in a hundred thousand turns reads few rows."""

from collections.abc import Collection, Iterable, Mapping
from math import log

from memchat.store.numbering import PIECE_BITS
from memchat.store.texts import ALL, Span, Texts

# So many rows are read for a question; each costs a part of a microsecond, and every turn searches.
RANKED = 3_000


def counts_of(texts: Texts, terms: Iterable[str]) -> dict[str, int]:
    """How many rows hold each term, counted up to `RANKED`."""
    return {term: texts.count(term, RANKED) for term in terms}


class Holding:
    """Rows that hold the rarest terms of a question, and what these are worth together: the rarer, the more."""

    def __init__(self) -> None:
        self._worth: list[float] = []
        self._sums: dict[int, float] = {0: 0.0}
        self._own = 0
        self.terms: dict[int, int] = {}
        """Which terms a row holds, a bit for each; nothing of rows that hold none."""

    @property
    def total(self) -> float:
        """What all terms are worth together."""
        return self.worth((1 << len(self._worth)) - 1)

    def add(self, worth: float, rows: Collection[int], *, own: bool = True) -> None:
        """One more term, and the rows that hold it; `own` says that the question itself has it."""
        bit = 1 << len(self._worth)
        self._worth.append(worth)
        self._own |= bit if own else 0
        terms = dict.fromkeys(rows, bit)
        for row in terms.keys() & self.terms.keys():
            terms[row] |= self.terms[row]
        self.terms.update(terms)

    def worth(self, terms: int) -> float:
        """What these are worth together; each combination is added up once, in order."""
        if terms not in self._sums:
            self._sums[terms] = sum(worth for place, worth in enumerate(self._worth) if terms >> place & 1)
        return self._sums[terms]

    def whole(self, rows: Iterable[int]) -> bool:
        """Whether one of the rows holds all the question's own terms, of several."""
        own = self._own
        return own.bit_count() > 1 and any(self.terms.get(row, 0) & own == own for row in rows)

    def best(self, limit: int, *, outside: Collection[int] = ()) -> list[int]:
        """The rows that are worth most, best first, of equals the newest; without pieces of the messages `outside`."""
        held = self.terms
        if outside:
            first = min(outside) << PIECE_BITS  # these are the newest: nearly all rows come before them
            held = {row: terms for row, terms in held.items() if row < first or row >> PIECE_BITS not in outside}
        alike: dict[int, list[int]] = {terms: [] for terms in set(held.values())}
        for row, terms in held.items():
            alike[terms].append(row)
        found: list[tuple[float, int]] = []
        for terms in sorted(alike, key=self.worth, reverse=True):
            worth = self.worth(terms)
            if len(found) >= limit and worth < found[-1][0]:
                break  # most rows are shut out by what they hold, and never put in order
            found += [(worth, row) for row in sorted(alike[terms], reverse=True)]
        return [row for _, row in sorted(found, reverse=True)[:limit]]


def holding(
    texts: Texts,
    terms: Iterable[str],
    counts: Mapping[str, int],
    *,
    span: Span = ALL,
    counted: bool = False,
    lent: Collection[str] = (),
) -> Holding:
    """The rows within the span that hold the rarest of the terms, which is the order of `counts`; those that are `lent`
    are not the question's own.

    Where even the rarest stands in too many rows, these are its newest. `counted` says that `counts` are those of these
    very rows, so that none is read in vain.
    """
    every, _ = texts.totals()
    found, total = Holding(), 0
    for term in sorted(terms, key=lambda term: counts[term]):
        room = RANKED - total
        if counted and total and counts[term] > room:
            break
        rows = texts.holding(term, span, RANKED if not total else room + 1)
        if len(rows) > room:
            break
        if rows:
            total += len(rows)
            found.add(log(1 + every / len(rows)), rows, own=term not in lent)
    return found
