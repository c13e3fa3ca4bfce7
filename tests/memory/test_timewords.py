"""Times in words: the ranges they mean, and the many words that are none."""

import dataclasses
import unicodedata
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from memchat.memory.timewords import READ, Period, periods
from memchat.memory.timewords.english import english
from memchat.memory.timewords.german import german
from memchat.memory.timewords.spanish import spanish

GOLDEN = Path(__file__).parent / "golden" / "timewords.txt"
LANGUAGES = ("English", "Chinese", "Spanish", "German")
ZONES = st.sampled_from(["Asia/Taipei", "Europe/Berlin", "America/New_York", "America/Santiago", "UTC"])
MOMENTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31))  # noqa: DTZ001 - hypothesis draws the zone
HAN = (
    "上下個这月週周星期礼拜一二三五六日天年去前今明後昨晚早號半幾几每从到以來底初中旬季春夏聖誕節元旦國慶在的那時候3/41"
)
FIGURES = ["1", "3.", "3rd", "29", "31", "2024", "2026-02-30", "3/4", "3.3.", "24/7", "1.10.26", "'", "-", ",", "."]
WORDS = sorted({*english(), *spanish(), *german(), *HAN, *FIGURES})


def rows() -> list[tuple[str, str, str, str, str]]:
    """Section, expression, now, zone, expected."""
    found, section = [], ""
    for line in GOLDEN.read_text("utf-8").splitlines():
        if line.startswith("#"):
            section = line.removeprefix("# ")
        else:
            expression, now, zone, expected = line.split(" | ")
            found.append((section, expression, now, zone, expected))
    return found


ROWS = rows()


def written(moment: datetime) -> str:
    """A day, and the time of day where it is not midnight."""
    return moment.strftime("%Y-%m-%dT%H:%M").removesuffix("T00:00")


def ranges(found: tuple[Period, ...]) -> str:
    """As in the golden file."""
    return "; ".join(f"{written(one.since)} {written(one.until)}" for one in found) or "-"


@pytest.mark.parametrize(("section", "expression", "now", "zone", "expected"), ROWS)
def test_an_expression_means_the_range_in_the_golden_file(
    section: str, expression: str, now: str, zone: str, expected: str
) -> None:
    """Four languages, seen from several days and zones; sentences without a time name none."""
    moment = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(zone))
    assert ranges(periods(expression, moment)) == expected, section


def test_the_golden_file_holds_enough_of_both() -> None:
    """At least 160 expressions and 60 sentences without one, in each of the four languages."""
    told = [section for section, *_, expected in ROWS if expected != "-"]
    silent = [section for section, *_, expected in ROWS if section.startswith("No time is named") and expected == "-"]
    assert len(told) >= 160
    assert len(silent) >= 60
    for language in LANGUAGES:
        assert sum(section.startswith(language) for section in told) >= 40
        assert sum(section.endswith(language) for section in silent) >= 15


def test_a_period_says_which_words_named_it(now: datetime) -> None:
    """The span is that of the words, in the text as it was written, in its order."""
    text = "🎉 Was it last month, or 去年夏天, or — perhaps — am 3. März?"
    assert [text[one.start : one.end] for one in periods(text, now)] == ["last month", "去年夏天", "3. März"]


def test_a_period_cannot_be_changed(now: datetime) -> None:
    """It is a value."""
    (found,) = periods("yesterday", now)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.start = 3  # type: ignore[misc]  # - the point of the test


def test_both_chinese_scripts_cases_accents_and_widths_mean_the_same(now: datetime) -> None:
    """As people type on phones."""
    for one, other in (
        ("上個月三號", "上个月三号"),
        ("LAST WEEK", "last week"),
        ("IN MARCH 2025", "in March 2025"),
        ("la semana próxima", "la semana proxima"),
        ("nächsten Monat", "naechsten Monat"),
        ("el próximo sábado", unicodedata.normalize("NFD", "el próximo sábado")),
        ("３月３號", "3月3号"),
    ):
        assert ranges(periods(one, now)) == ranges(periods(other, now)) != "-"


@pytest.mark.parametrize(
    ("expression", "zone", "day", "hours"),
    [
        ("today", "Europe/Berlin", "2026-03-29", 23),
        ("heute", "Europe/Berlin", "2026-10-25", 25),
        ("今天", "America/New_York", "2026-03-08", 23),
        ("last night", "Europe/Berlin", "2026-03-29", 11),
        ("hoy", "America/Santiago", "2026-09-06", 23),
    ],
)
def test_a_day_on_which_clocks_change_is_as_long_as_it_is(expression: str, zone: str, day: str, hours: int) -> None:
    """Bounds are of the wall clock, also where midnight itself is left out."""
    (found,) = periods(expression, datetime.fromisoformat(f"{day}T15:00").replace(tzinfo=ZoneInfo(zone)))
    assert found.until.astimezone(UTC) - found.since.astimezone(UTC) == timedelta(hours=hours)


def test_of_a_long_text_both_ends_are_read(now: datetime) -> None:
    """What is pasted in between is not: the work stays the same."""
    paste = "row 3 of 7 | 2026-03-03T10:00 | 上個月 | March 3 \n" * 2_500
    text = f"What did we say last week about this? {paste} Compare it to the day before yesterday."
    found = periods(text, now)
    assert len(text) > 100_000
    assert text[found[0].start : found[0].end] == "last week"
    assert text[found[-1].start : found[-1].end] == "the day before yesterday"
    assert all(one.end <= READ or one.start >= len(text) - READ for one in found)


@pytest.mark.parametrize(
    "text", ["上" * 100_000, "每" * 100_000, "1." * 50_000, "a\u0301" * 50_000, "last " * 20_000, ""]
)
def test_what_only_looks_like_time_without_end_names_none(text: str, now: datetime) -> None:
    """Such a text is over in milliseconds; a rule that tried each end for each beginning would take minutes."""
    assert periods(text, now) == ()


def test_before_and_after_the_calendar_there_is_nothing() -> None:
    """Year 1 has no last year, year 9999 no next."""
    first, last = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
    assert periods("last year", first) == periods("9000 years ago", first) == periods("三百年前", first) == ()
    assert periods("next year", last) == periods("下個月", last) == ()
    assert periods("9999 months ago", datetime(2026, 1, 1, tzinfo=UTC))[0].since.year == 1192


def check(text: str, now: datetime) -> None:
    """What holds of every text."""
    found = periods(text, now)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    for one in found:
        assert one.since.tzinfo is one.until.tzinfo is now.tzinfo
        assert one.since < one.until


@given(text=st.text(), now=MOMENTS, zone=ZONES)
def test_no_text_raises_and_ranges_are_ordered_in_the_zone_of_now(text: str, now: datetime, zone: str) -> None:
    """Whatever somebody types."""
    check(text, now.replace(tzinfo=ZoneInfo(zone)))


@settings(max_examples=400)
@given(words=st.lists(st.sampled_from(WORDS), max_size=14), join=st.sampled_from([" ", "", ", "]), now=MOMENTS)
@example(words=["from", "3/4", "to", "29", "February", "2025"], join=" ", now=datetime(2026, 3, 3))  # noqa: DTZ001 - UTC below
def test_no_order_of_time_words_raises(words: list[str], join: str, now: datetime) -> None:
    """Each rule with what it was not made for."""
    check(join.join(words), now.replace(tzinfo=UTC))
