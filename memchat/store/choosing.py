"""Which words of a question are looked for: the rarest, so that a search in a hundred thousand turns reads few rows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from math import log

from memchat.store.numbering import PIECE_BITS
from memchat.store.texts import ALL, Span, Texts

# So many rows are read for a question; each costs a part of a microsecond, and every turn searches.
RANKED = 3_000


def counts_of(texts: Texts, terms: Iterable[str], span: Span = ALL) -> dict[str, int]:
    """How many rows hold each term, counted up to `RANKED`."""
    return {term: texts.count(term, span, RANKED) for term in terms}


def best_rows(
    texts: Texts,
    terms: Sequence[str],
    limit: int,
    *,
    span: Span = ALL,
    counts: Mapping[str, int] | None = None,
    outside: Collection[int] = (),
) -> list[tuple[int, float]]:
    """The rows within the span that hold the rarest of the terms, with what these are worth together, best first.

    Of equals the newest come first; where even the rarest stands in too many rows, the newest are all. `counts` is what
    `counts_of` gave for all rows; pieces of the messages `outside` are left out.
    """
    if counts is None or span != ALL:
        counts = counts_of(texts, terms, span)
    rows, _ = texts.totals()
    scores: dict[int, float] = {}
    total = 0
    for term in sorted(terms, key=lambda term: counts[term]):
        if counts[term] and (not total or total + counts[term] <= RANKED):
            total += counts[term]
            worth = log(1 + rows / counts[term])
            for number in texts.holding(term, span, RANKED):
                scores[number] = scores.get(number, 0.0) + worth
    if outside:
        scores = {number: score for number, score in scores.items() if number >> PIECE_BITS not in outside}
    if len(scores) > limit:  # most are shut out by their scores alone, which takes a third of the time
        least = sorted(scores.values())[-limit]
        scores = {number: score for number, score in scores.items() if score >= least}
    return sorted(scores.items(), key=lambda pair: (pair[1], pair[0]), reverse=True)[:limit]
