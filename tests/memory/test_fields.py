"""Values of the profile's fields in one form."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.memory import fields
from memchat.memory.fields import NoValueError, normal, zone

from tests.conftest import NOW


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Europe/Lisbon", "Europe/Lisbon"),
        ("europe/lisbon", "Europe/Lisbon"),
        ("Lisbon", "Europe/Lisbon"),
        ("taipei", "Asia/Taipei"),
        ("new york", "America/New_York"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("台北", "Asia/Taipei"),
        ("UTC", "UTC"),
        ("gmt", "UTC"),
        ("UTC+8", "UTC+08:00"),
        ("ＵＴＣ＋８", "UTC+08:00"),
        ("+0530", "UTC+05:30"),
        ("utc-3:30", "UTC-03:30"),
        ("-0:30", "UTC-00:30"),
        ("EST", "EST"),
        ("uk time", "Europe/London"),
        ("Pacific", "America/Los_Angeles"),
        ("台灣時間", "Asia/Taipei"),
    ],
)
def test_a_zone_is_kept_by_its_name(said: str, kept: str) -> None:
    """As people name it: by its place, its offset, in any case; said in the kept form it stays."""
    assert normal("timezone", said) == kept
    assert normal("timezone", kept) == kept
    assert zone(said) is not None
    assert NOW.astimezone(zone(said)) == NOW.astimezone(zone(kept))


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("Europe/Lisbonn", "Nearest: Europe/Lisbon, Europe/London, Europe/Tallinn."),
        ("somewhere warm", "Name it like Asia/Taipei, Lisbon or UTC+8."),
        ("../../etc/passwd", "Name it like Asia/Taipei, Lisbon or UTC+8."),
        ("UTC+15", "Name it like Asia/Taipei, Lisbon or UTC+8."),
        ("", "Name it like Asia/Taipei, Lisbon or UTC+8."),
    ],
)
def test_what_is_no_zone_is_refused_with_the_nearest(said: str, hint: str) -> None:
    """In a few fixed words."""
    with pytest.raises(NoValueError, match="not a time zone that is known") as raised:
        normal("timezone", said)
    assert (raised.value.why, raised.value.hint) == (fields.NO_ZONE, hint)
    assert zone(said) is None


def test_a_zone_tells_the_time() -> None:
    """An offset, a place, and the folder of places, which is none."""
    assert NOW.astimezone(zone("UTC-3")).utcoffset() == timedelta(hours=-3)
    assert datetime(2026, 7, 1, tzinfo=zone("Lisbon")).utcoffset() == timedelta(hours=1)
    assert zone("America") is None


def test_a_language_is_short_and_other_fields_hold_text() -> None:
    """As it is written: nobody's language is unknown here."""
    assert normal("preferred_language", "Tiếng Việt, a bit of English") == "Tiếng Việt, a bit of English"
    with pytest.raises(NoValueError, match="over 60 characters") as raised:
        normal("preferred_language", "x" * 61)
    assert "reply_style" in raised.value.hint
    assert normal("location", "x" * 500) == "x" * 500
    assert normal("favourite_colour", "Lisbon") == "Lisbon"


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30))
def test_any_text_is_a_zone_or_refused(text: str) -> None:
    """Nothing else is raised; what is kept is kept as it is."""
    try:
        kept = normal("timezone", text)
    except NoValueError:
        assert zone(text) is None
        return
    assert normal("timezone", kept) == kept
