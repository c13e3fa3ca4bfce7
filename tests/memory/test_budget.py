"""Whole items within a budget, and a reason for each one left out."""

from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import Layer, Passage, Zone
from memchat.memory.budget import fit


def a_passage(number: int, tokens: int) -> Passage:
    """A passage of a given price."""
    return Passage(Layer.NOTE, Zone.HEAD, f"m{number}", "line", "text", tokens)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 50), max_size=20), st.integers(-5, 200))
def test_what_is_kept_fits_and_nothing_is_lost(prices: list[int], budget: int) -> None:
    """Kept and dropped are all that was offered, in order; the kept cost at most the budget; no dropped one fits."""
    offered = [a_passage(number, tokens) for number, tokens in enumerate(prices)]
    result = fit(offered, budget, "the head")
    dropped = [one.passage for one in result.dropped]
    assert sorted([*result.kept, *dropped], key=offered.index) == offered
    assert list(result.kept) == [passage for passage in offered if passage in result.kept]
    assert result.tokens <= max(0, budget)
    left = max(0, budget) - result.tokens
    assert all(passage.tokens > left for passage in dropped)


def test_a_reason_is_given_for_each_dropped_passage() -> None:
    """The reason names the budget; a smaller passage after a dropped one is still kept."""
    result = fit([a_passage(1, 9), a_passage(2, 5), a_passage(3, 1)], 10, "the head's 10 tokens")
    assert [passage.ref for passage in result.kept] == ["m1", "m3"]
    assert [(one.passage.ref, one.why) for one in result.dropped] == [("m2", "over the head's 10 tokens")]
