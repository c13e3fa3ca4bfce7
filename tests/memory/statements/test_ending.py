"""Until when something holds, read from the words."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.memory.statements.ending import last_day

from tests.memory.statements.endings import ENDINGS, TODAY

WORDS = sorted({word for words, _ in ENDINGS for word in words.split()})


@pytest.mark.parametrize(("words", "ends"), ENDINGS)
def test_what_holds_for_a_time_ends_with_its_last_day(words: str, ends: str) -> None:
    """Four languages: until, for so long, on a day; and what only sounds like it."""
    assert last_day(words, TODAY) == (date.fromisoformat(ends) if ends else None)


def test_case_width_and_accents_do_not_matter() -> None:
    """As people type on phones."""
    wanted = date(2026, 12, 5)
    assert last_day("IN LISBON UNTIL 5 DEC", TODAY) == wanted
    assert last_day("in Lisbon until ５ Dec", TODAY) == wanted
    assert last_day("proximas dos semanas en Roma", TODAY) == last_day("PRÓXIMAS dos semanas en Roma", TODAY)


@pytest.mark.parametrize(
    ("today", "words", "ends"),
    [
        (date(2026, 12, 31), "away until next month", date(2027, 1, 1)),
        (date(2026, 12, 31), "away until the end of next month", date(2027, 1, 31)),
        (date(2027, 1, 31), "away for the next month", date(2027, 2, 28)),
        (date(2026, 11, 22), "in Lisbon until Sunday", date(2026, 11, 29)),
        (date(2026, 11, 22), "in Lisbon this week", date(2026, 11, 22)),
        (date(2026, 12, 20), "on leave until the 31st", date(2026, 12, 31)),
        (date(2027, 1, 31), "on leave until the 30th", date(2027, 3, 30)),
        (date(2026, 12, 1), "in Rome until 29 February", date(2028, 2, 29)),
        (date(2026, 12, 30), "我請假到下個月三號", date(2027, 1, 3)),
        (date(2026, 12, 30), "我住這裡到一月底", date(2027, 1, 31)),
    ],
)
def test_months_and_years_turn(today: date, words: str, ends: date) -> None:
    """Short months, leap days, the turn of the year."""
    assert last_day(words, today) == ends


@pytest.mark.parametrize(
    "words",
    [
        "away until 31 June",
        "until 32.13.",
        "until 13.13.2027",
        "until 2026-13-45",
        "",
        "until",
        "到",
        "in 999 years",
        "I am here until 2019",
        "in December 2020",
        "我下週五之前要交",
    ],
)  # fmt: skip - a list of words
def test_what_is_no_day_is_no_end(words: str) -> None:
    """Nor does it raise."""
    found = last_day(words, TODAY)
    assert found is None or found.year == TODAY.year + 999


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=8), st.integers(0, 3_000))
def test_an_end_is_never_over(said: list[str], days: int) -> None:
    """Whatever is said whenever: nothing raises, and what is learned today does not end before today."""
    today = TODAY + timedelta(days)
    for words in (" ".join(said), "".join(said)):
        found = last_day(words, today)
        assert found is None or found >= today


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    """No text raises."""
    for words in (text, f"until {text}", f"到{text}"):
        assert last_day(words, TODAY) is None or isinstance(last_day(words, TODAY), date)
