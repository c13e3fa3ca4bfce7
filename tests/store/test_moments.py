"""Moments in columns."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memchat.store import moments

OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
FIRST, LAST = datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2200-01-01")
MOMENTS = st.datetimes(FIRST, LAST, timezones=OFFSETS)


@given(MOMENTS)
def test_a_moment_comes_back_to_the_millisecond_with_its_offset(at: datetime) -> None:
    """What was local then stays known, though the zone's rules may change."""
    back = moments.from_columns(*moments.to_columns(at))
    assert back == at.replace(microsecond=at.microsecond // 1000 * 1000)
    assert back.utcoffset() == at.utcoffset()


@given(MOMENTS, MOMENTS)
def test_the_text_sorts_by_time(one: datetime, other: datetime) -> None:
    """SQL compares the text alone."""
    if one + timedelta(milliseconds=1) <= other:
        assert moments.to_text(one) < moments.to_text(other)


def test_the_text_is_rfc_3339_in_utc(now: datetime) -> None:
    """As scripts read it."""
    assert moments.to_columns(now) == ("2026-11-22T01:14:00.000Z", 480)


def test_a_missing_moment_is_empty_columns() -> None:
    """Most memories have no end."""
    assert moments.maybe_to_columns(None) == (None, None)
    assert moments.maybe_from_columns(None, None) is None
    assert moments.maybe_from_columns(*moments.maybe_to_columns(datetime(2026, 1, 1, tzinfo=UTC))) is not None


def test_a_moment_without_zone_is_a_fault() -> None:
    """It could mean any hour of the day."""
    with pytest.raises(ValueError, match="time zone"):
        moments.to_columns(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the fault
