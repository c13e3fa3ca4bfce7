"""What is read of what was found: the best guesses, told before anything is read."""

from collections.abc import Mapping, Sequence
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memchat.store.choosing import Holding
from memchat.store.numbering import PIECE_BITS
from memchat.store.shortlist import Beside, Known, shortlist
from memchat.store.texts import Span

HELD = st.lists(st.tuples(st.sampled_from([1.5, 2.0, 3.5]), st.sets(st.integers(1, 60))), max_size=5)


def row(message: int, piece: int = 0) -> int:
    """The number of a piece."""
    return message << PIECE_BITS | piece


def holding(*terms: tuple[float, Sequence[int]]) -> Holding:
    """Terms by their worth and the rows that hold them."""
    held = Holding()
    for worth, rows in terms:
        held.add(worth, rows)
    return held


def known(
    held: Holding | None = None,
    cosines: Mapping[int, float] | None = None,
    sides: Mapping[int, Beside] | None = None,
    spans: Sequence[Span] = (),
    openings: frozenset[int] = frozenset(),
) -> Known:
    """What is known, of rows of which not much is."""
    return Known(held or Holding(), cosines or {}, sides or {}, spans, openings)


@given(HELD, st.integers(1, 40), st.frozensets(st.integers(0, 3)))
def test_the_best_hold_what_is_worth_most(
    terms: list[tuple[float, set[int]]], limit: int, outside: frozenset[int]
) -> None:
    """Whatever the terms have in common; of equals the newest, and nothing of what the model still sees."""
    held = holding(*((worth, [row(number // 16, number % 16) for number in rows]) for worth, rows in terms))
    every = {row(number // 16, number % 16) for _, rows in terms for number in rows if number // 16 not in outside}
    worth = {one: held.worth(held.terms[one]) for one in every}
    assert held.best(limit, outside=outside) == sorted(every, key=lambda one: (worth[one], one))[::-1][:limit]
    assert held.total == sum(one for one, _ in terms)
    assert all(0 < one <= held.total for one in worth.values())


def test_a_word_beside_a_row_counts_where_it_adds_something() -> None:
    """One that the row holds itself is worth no more for standing beside it, too."""
    held = holding((2.0, [row(1), row(2), row(3)]), (1.0, [row(4)]))
    told = known(held, sides={1: (None, 3), 2: (None, 4)})
    assert shortlist([row(5), row(1), row(2)], told, first=0, most=1)[0] == [row(2)]


def test_few_rows_are_all_read() -> None:
    """And nothing at all, where nothing was found."""
    assert shortlist([row(3), row(1)], known(), first=0, most=2) == ([row(3), row(1)], (inf, inf))
    assert shortlist([], known(), first=0, most=2) == ([], (inf, inf))


@pytest.mark.parametrize(
    "told",
    [
        known(holding((2.0, [row(7)]))),
        known(holding((2.0, [row(50)])), sides={7: (50, None)}),
        known(holding((2.0, [row(50)])), sides={7: (None, 50)}),
        known(cosines={row(7): 0.5, row(8): 0.1}),
        known(cosines={row(7): 0.1, row(1): 0.1, row(2): 0.2, row(50): 0.5}, sides={7: (None, 50)}),
        known(spans=[(row(7), row(8) - 1)]),
        known(openings=frozenset([row(7)])),
    ],
    ids=["its words", "words before it", "words after it", "near", "beside what is near", "its time", "its title"],
)
def test_whatever_speaks_for_a_row_brings_it_in(told: Known) -> None:
    """Each by itself, and in its place; the first ones are read in any case."""
    rows = [row(number) for number in range(1, 10)]
    assert shortlist(rows, told, first=2, most=4)[0] == [row(1), row(2), row(3), row(7)]
    assert shortlist(rows, told, first=4, most=4)[0] == [row(1), row(2), row(3), row(4)]


def test_what_answers_counts_more_than_what_asks_beside_it() -> None:
    """What follows a message with the question's words comes before what precedes one."""
    told = known(holding((2.0, [row(50), row(60)])), sides={5: (None, 50), 6: (60, None)})
    assert shortlist([row(number) for number in range(1, 10)], told, first=0, most=1)[0] == [row(6)]


def test_the_least_is_that_of_all() -> None:
    """Also of what is not read, for how near the others are is seen against it; not of what has no vector yet."""
    told = known(cosines={row(1): 0.75, row(2): 0.25, row(3): 0.5, row(50): -0.5}, sides={3: (50, None)})
    rows, least = shortlist([row(number) for number in range(1, 5)], told, first=0, most=1)
    assert rows == [row(1)]
    assert least == pytest.approx((0.25, 0.2))


def test_a_piece_that_no_message_has_takes_no_place() -> None:
    """Where the first piece has a vector, the others have one, too; before that nobody knows."""
    told = known(holding((2.0, [row(3, 1)])), cosines={row(1): 0.5, row(2): 0.5, row(2, 1): 0.1, row(3): 0.5})
    assert [told.there(row(number, 1)) for number in range(1, 5)] == [False, True, True, True]
    assert all(told.there(row(number)) for number in range(1, 5))
