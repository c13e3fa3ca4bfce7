"""Counts and shares in words, the same on every screen."""

import pytest
from memchat.cli.layout import many, percent


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (many(0, "turn"), "0 turns"),
        (many(1, "turn"), "1 turn"),
        (many(1_204, "turn"), "1,204 turns"),
        (many(1, "memory", "memories"), "1 memory"),
        (many(2, "memory", "memories"), "2 memories"),
        (percent(3, 4), "75 %"),
        (percent(0, 4), "0 %"),
        (percent(1, 1_000), "under 1 %"),
        (percent(1, 100), "1 %"),
        (percent(1, 0), "-"),
    ],
)
def test_counts_and_shares(told: str, text: str) -> None:
    """One and several, thousands; something is never nothing, and of nothing there is no share."""
    assert told == text
