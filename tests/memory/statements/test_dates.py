"""Days to come, named in words, made absolute. Today is Sunday, 22 November 2026."""

from datetime import date

import pytest
from memchat.memory.statements.dates import date_in_chinese, date_in_english

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("next Friday", "on 2026-11-27"),
        ("on Friday", "on 2026-11-27"),
        ("this coming Monday", "on 2026-11-23"),
        ("on Sunday", "on 2026-11-29"),
        ("tomorrow", "on 2026-11-23"),
        ("the day after tomorrow", "on 2026-11-24"),
        ("on March 3", "on 2027-03-03"),
        ("on the 3rd of March", "on 2027-03-03"),
        ("Dec 24th", "on 2026-12-24"),
        ("March 3, 2028", "on 2028-03-03"),
        ("Feb 29", "on 2028-02-29"),
        ("on 2027-01-05", "on 2027-01-05"),
        ("in May", "in 2027-05"),
        ("in late December", "in 2026-12"),
        ("in May 2030", "in 2030-05"),
        ("next week", "in the week of 2026-11-23"),
        ("next month", "in 2026-12"),
        ("next year", "in 2027"),
        ("in two weeks", "on 2026-12-06"),
        ("in 3 days", "on 2026-11-25"),
        ("in 3 months", "in 2027-02"),
        ("in a year", "in 2027"),
    ],
)
def test_an_english_day_to_come_is_made_absolute(text: str, said: str) -> None:
    """`next Friday` is the Friday of the next week, a bare `Friday` the next one there is."""
    found = date_in_english(f"We leave {text}, early.", TODAY)
    assert found is not None
    assert found.said == said


@pytest.mark.parametrize(
    "text",
    ["last Friday", "every Friday", "March 3 2020", "June 31", "I may go", "in May 2020", "2020-01-01", "2027-13-01"],
)
def test_an_english_day_that_is_over_or_is_none_is_not_found(text: str) -> None:
    """Nothing is made of days that are over, come each week, or do not exist."""
    assert date_in_english(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("下週五", "2026-11-27"),
        ("下周五", "2026-11-27"),
        ("星期一", "2026-11-23"),
        ("下下禮拜三", "2026-12-02"),
        ("明天", "2026-11-23"),
        ("後天", "2026-11-24"),
        ("大后天", "2026-11-25"),
        ("三月三日", "2027-03-03"),
        ("12月25號", "2026-12-25"),
        ("十二月三十一日", "2026-12-31"),
        ("明年三月三日", "2027-03-03"),
        ("2028年2月29日", "2028-02-29"),
        ("下個月三號", "2026-12-03"),
        ("下下个月15号", "2027-01-15"),
        ("兩週後", "2026-12-06"),
        ("三天后", "2026-11-25"),
        ("三个月后", "2027-02"),
        ("两年后", "2028"),
        ("下週", "2026-11-23 那周"),
        ("下個月", "2026-12"),
        ("明年", "2027"),
        ("2027-01-05", "2027-01-05"),
    ],
)
def test_a_chinese_day_to_come_is_made_absolute(text: str, said: str) -> None:
    """Both scripts, digits and Chinese numerals."""
    found = date_in_chinese(f"我{text}要搬家", TODAY)
    assert found is not None
    assert found.said == said


@pytest.mark.parametrize("text", ["上週五", "每週五", "這週五", "二月三十日", "2020年3月3日", "今天", "2020-01-01"])
def test_a_chinese_day_that_is_over_or_is_none_is_not_found(text: str) -> None:
    """Nothing is made of days that are over, come each week, or do not exist."""
    assert date_in_chinese(text, TODAY) is None


def test_the_place_in_the_text_is_told() -> None:
    """Start and end are offsets of the text as it was typed."""
    text = "We fly on March 3 to Rome"
    found = date_in_english(text, TODAY)
    assert found is not None
    assert text[found.start : found.end] == "on March 3"
