"""Numbers in Chinese: read in one place, by all who need them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memchat.memory.chinese_numbers import bounds, number
from memchat.memory.statements.dates import date_in_chinese
from memchat.memory.statements.ending_chinese import last_day
from memchat.memory.timewords import periods

from tests.conftest import NOW

DIGITS = "〇一二三四五六七八九"


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("31", 31),
        ("３", 3),
        ("三", 3),
        ("两", 2),
        ("零", 0),
        ("十", 10),
        ("十五", 15),
        ("二十", 20),
        ("三十一", 31),
        ("二〇二五", 2025),
        ("一九", 19),
        ("2十", 20),
        ("2五", 25),
    ],
)
def test_a_number_is_read_however_it_is_written(word: str, value: int) -> None:
    """In figures, by tens, digit by digit, mixed."""
    assert number(word) == value


@pytest.mark.parametrize("word", ["", "几", "半年", "十几"])
def test_what_is_no_number_is_refused(word: str) -> None:
    """A ValueError, as `int` has it."""
    with pytest.raises(ValueError, match="invalid literal"):
        number(word)


@pytest.mark.parametrize(
    ("word", "least", "most"),
    [("两三", 2, 3), ("三五", 3, 5), ("十五六", 15, 16), ("二十七八", 27, 28), ("二三十", 20, 30), ("三十一", 31, 31)],
)
def test_two_digits_side_by_side_are_a_guess(word: str, least: int, most: int) -> None:
    """Two or three, never twenty-three."""
    assert bounds(word) == (least, most)


@given(st.integers(1, 99))
def test_every_number_below_a_hundred_is_itself(value: int) -> None:
    """By tens, as people write it."""
    tens, ones = divmod(value, 10)
    word = f"{DIGITS[tens] if tens > 1 else ''}{'十' if tens else ''}{DIGITS[ones] if ones else ''}"
    assert number(word) == value
    assert bounds(word) == (value, value)


def test_a_guess_is_read_as_one_wherever_time_is_read() -> None:
    """What lies ahead by its later end, so that nothing ends too soon; what is past from the one to the other."""
    today = NOW.date()
    for word, least, most in (("两三", 2, 3), ("十五六", 15, 16), ("二三十", 20, 30)):
        when = date_in_chinese(f"{word}天后去东京", today)
        assert when is not None
        assert when.said == str(today + timedelta(most))
        assert last_day(f"我在东京待{word}天", today) == today + timedelta(most)
        [period] = periods(f"{word}天前说的", NOW)
        assert (period.since.date(), period.until.date()) == (today - timedelta(most), today - timedelta(least - 1))
