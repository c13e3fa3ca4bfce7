"""What the frozen head says of notes that are not in it."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import NORMAL, Dropped, Layer, Limits
from memchat.memory.head import Head, Heads
from memchat.ports import Store
from memchat.store.connection import open_store

from tests.builders import add_note, add_turn
from tests.conftest import NOW

ROOM = 12_800  # of a request
SPARE = 60  # words that stand around the passages at most, their headings and this line among them


class Words:
    """A token is a word."""

    def count(self, text: str) -> int:
        """How many."""
        return len(text.split())


def a_head(store: Store, limits: Limits | None = None, *, looks_up: bool = True) -> Head:
    """The head of session 99, now."""
    heads = Heads(
        store=store,
        counter=Words(),
        limits=limits or Limits(),
        fields=("location",),
        mode=NORMAL,
        system=None,
        looks_up=looks_up,
    )
    return heads.build(99, ROOM, NOW)


def notes(dropped: tuple[Dropped, ...]) -> int:
    """How many of these are notes."""
    return sum(one.passage.layer is Layer.NOTE for one in dropped)


def fill(store: Store, number: int) -> None:
    """So many notes, a value, two conversations."""
    add_note(store, "Berlin", field="location")
    for one in range(number):
        add_note(store, f"note number {one}, all alike")
    add_turn(store, "What of the rate limit?", "100 a minute.", at=NOW - timedelta(days=2))
    add_turn(store, "And trial keys?", "30 a minute.", at=NOW - timedelta(days=1))


def test_of_notes_that_all_fit_nothing_is_said(store: Store) -> None:
    """The line costs nothing then."""
    fill(store, 3)
    head = a_head(store)
    assert "more note" not in head.text
    assert head.dropped == ()


@pytest.mark.parametrize(
    ("shown", "looks_up", "line"),
    [
        (4, True, "1 more note is kept; `recall` finds it."),
        (2, True, "3 more notes are kept; `recall` finds them."),
        (2, False, "3 more notes are kept, not shown here."),
    ],
)
def test_how_many_more_there_are_stands_behind_the_notes(store: Store, shown: int, looks_up: bool, line: str) -> None:
    """With the tool that finds them, where the model has it."""
    fill(store, 5)
    head = a_head(store, Limits(notes_shown=shown), looks_up=looks_up)
    section = next(block for block in head.text.split("\n\n") if block.startswith("# Notes\n"))
    assert section.split("\n")[-1] == line
    assert section.count("\n- ") == shown


def test_where_no_note_is_shown_nothing_is_not_known(store: Store) -> None:
    """The line alone stands under its heading."""
    add_note(store, "allergic to peanuts")
    head = a_head(store, Limits(notes_shown=0))
    assert head.text.endswith("# Notes\n1 more note is kept; `recall` finds it.")
    assert head.kept == ()


@settings(max_examples=50)
@given(number=st.integers(0, 40), tokens=st.integers(250, 700), shown=st.integers(0, 50))
def test_the_line_is_in_the_budget(number: int, tokens: int, shown: int) -> None:
    """Whatever fits: the head keeps its limit, and the line tells as many as were left out, or there is none."""
    store = open_store(None)
    fill(store, number)
    head = a_head(store, Limits(head_tokens=tokens, notes_shown=shown))
    least = a_head(store, Limits(head_tokens=1)).tokens
    assert head.tokens <= max(tokens, least)
    left_out = notes(head.dropped)
    assert ("more note" in head.text) <= bool(left_out)
    assert not left_out or f"{left_out} more note" in head.text or head.tokens + SPARE > tokens
    store.close()
