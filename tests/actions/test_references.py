"""Ids, names and dates: what people write, and what is meant by it."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memchat.actions.references import (
    field_name,
    fold,
    known_field,
    memory_number,
    moment,
    nearest,
    session_place,
    shorten,
)
from memchat.errors import NotFoundError, UsageError

from tests.conftest import TAIPEI


@pytest.mark.parametrize("ref", ["m12", "M12", " m12 ", "ｍ１２", "Ｍ12", "m012"])
def test_a_memory_id_is_read_whatever_its_case_and_width(ref: str) -> None:
    """`ｍ１２` from a Chinese keyboard is m12."""
    assert memory_number(ref) == 12


@pytest.mark.parametrize("ref", ["12", "m", "m1.2", "s12", "m12x", "mm12", "", "m-1", "m١٢", "m 12"])
def test_what_is_no_memory_id_is_none(ref: str) -> None:
    """Only the letter and ASCII digits make an id."""
    assert memory_number(ref) is None


def test_a_bare_number_is_an_id_only_where_one_kind_is_possible() -> None:
    """`12` is m12 for `memory show`, not for `forget`."""
    assert memory_number("12", bare=True) == 12
    assert memory_number("12") is None


def test_a_number_no_database_can_hold_names_nothing() -> None:
    """Twenty digits would overflow SQLite; the answer is exit 6, never a crash."""
    with pytest.raises(NotFoundError):
        memory_number("m" + "9" * 5_000)
    with pytest.raises(NotFoundError):
        session_place("s" + "9" * 20)
    with pytest.raises(NotFoundError):
        session_place("s1." + "9" * 20)


@pytest.mark.parametrize(
    ("ref", "place"),
    [
        ("s17", (17, None)),
        ("Ｓ１７", (17, None)),
        ("s17.4", (17, 4)),
        ("ｓ１７．４", (17, 4)),
        ("17", None),
        ("s17.", None),
    ],
)
def test_a_session_and_its_turn_are_read(ref: str, place: tuple[int, int | None] | None) -> None:
    """`s17` is a session, `s17.4` its fourth turn, full-width or not."""
    assert session_place(ref) == place


def test_a_bare_number_can_be_a_session() -> None:
    """`sessions show 17`."""
    assert session_place("17", bare=True) == (17, None)
    assert session_place("seventeen", bare=True) is None


def test_a_field_is_known_by_any_spelling_of_its_name(fields: tuple[str, ...]) -> None:
    """Case, width and `-` for `_` do not matter."""
    assert field_name("Display-Name", fields) == "display_name"
    assert field_name("ｇｏａｌｓ", fields) == "goals"
    assert known_field("color", fields) is None


def test_an_unknown_field_names_the_nearest(fields: tuple[str, ...]) -> None:
    """A typing error costs one look at the hint."""
    with pytest.raises(NotFoundError) as raised:
        field_name("locaton", fields)
    assert raised.value.hint == "Nearest: location."


def test_an_unknown_field_like_no_other_names_them_all(fields: tuple[str, ...]) -> None:
    """Where nothing is near, the list helps; a profile without fields says so."""
    with pytest.raises(NotFoundError, match="shoe size") as raised:
        field_name("shoe size", fields)
    assert "preferred_language" in raised.value.hint
    with pytest.raises(NotFoundError) as raised:
        field_name("x", ())
    assert raised.value.hint == "Fields: none are configured."


def test_long_words_are_shortened_in_errors() -> None:
    """An error stays a line whatever was pasted."""
    assert shorten("a\nb") == "a b"
    assert len(shorten("x" * 10_000)) < 50


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-12", datetime(2026, 11, 12, tzinfo=TAIPEI)),
        ("２０２６-11-12", datetime(2026, 11, 12, tzinfo=TAIPEI)),
        ("today", datetime(2026, 11, 22, tzinfo=TAIPEI)),
        ("Yesterday", datetime(2026, 11, 21, tzinfo=TAIPEI)),
        ("2026-11-12T09:14", datetime(2026, 11, 12, 9, 14, tzinfo=TAIPEI)),
        ("2026-11-12T01:14:00Z", datetime(2026, 11, 12, 9, 14, tzinfo=TAIPEI)),
    ],
)
def test_dates_are_read_in_the_readers_zone(text: str, expected: datetime, now: datetime) -> None:
    """A day alone is its first moment where the reader is."""
    assert moment(text, now) == expected


def test_the_end_of_a_day_is_its_last_moment(now: datetime) -> None:
    """`--as-of 2026-11-12` includes what was learned that evening."""
    assert moment("2026-11-12", now, end=True) > datetime(2026, 11, 12, 23, 59, 59, tzinfo=TAIPEI)


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "12 Nov", "9" * 100])
def test_what_is_no_date_is_wrong_usage(text: str, now: datetime) -> None:
    """The hint shows how dates are written."""
    with pytest.raises(UsageError, match="no date") as raised:
        moment(text, now)
    assert "2026-11-12" in raised.value.hint


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_ids(text: str) -> None:
    """Whatever is written where an id belongs, the answer is a number, nothing, or NotFoundError."""
    fold(text)
    nearest(text, ("location", "goals"))
    try:
        number, place = memory_number(text, bare=True), session_place(text, bare=True)
    except NotFoundError:
        return
    assert number is None or number >= 0
    assert place is None or place[0] >= 0
