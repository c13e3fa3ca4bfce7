"""What plain Spanish sentences teach, for proof only: the built-in notebook learns none of it."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import Draft, MemoryStatus
from memchat.memory.statements import spanish
from memchat.memory.statements.reading import Statement, framed, statements
from memchat.memory.verify import verify

from tests.builders import a_message
from tests.conftest import NOW
from tests.memory.statements.spanish_statements import SILENT, TELLING

PIECES = ("soy ", "vivo en ", "Lima", ", ", " y ", "tengo ", "¿", "?", "ñ", "años", "toco el violín", "«", "»", "no ")


def read(text: str) -> list[tuple[str, str]]:
    return [(one.field or "note", one.text) for one in statements(text, NOW, spanish=True)]


@pytest.mark.parametrize(("said", "facts"), TELLING, ids=[row[0] for row in TELLING])
def test_a_plain_statement_tells_its_facts(said: str, facts: tuple[tuple[str, str], ...]) -> None:
    """Each fact goes to its field, in the user's own words."""
    assert read(said) == list(facts)


@pytest.mark.parametrize("said", SILENT)
def test_what_is_no_plain_statement_tells_nothing(said: str) -> None:
    """Questions, suppositions, the past, idioms, moods, others: nothing is proved by them."""
    assert read(said) == []


@pytest.mark.parametrize("said", [row[0] for row in TELLING if not row[0].startswith("My")])
def test_the_notebook_learns_no_spanish(said: str) -> None:
    """It promises English and Chinese only."""
    assert statements(said, NOW) == []


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=12))
@settings(max_examples=100, deadline=None)
def test_what_is_read_stands_in_the_text(parts: list[str]) -> None:
    """Offsets point into the text as it was typed."""
    text = "".join(parts)
    for one in statements(text, NOW, spanish=True):
        assert 0 <= one.start < one.end <= len(text)


def test_a_day_that_comes_again_is_no_end() -> None:
    """`Los miércoles` is each of them."""
    (one,) = statements("los miércoles bailo salsa", NOW, spanish=True)
    assert one.valid_to is None


def test_a_spanish_text_to_work_on_is_told_to_be_one() -> None:
    """So what a model draws from it is turned away, and does not wait."""
    assert framed("te pego el cuento de Paloma: vivo en un faro", 60)
    assert not framed("I live in Málaga", 60)


def test_an_end_that_is_named_is_kept() -> None:
    """22 November 2026 is a Sunday: the martes after it is the 24th."""
    (one,) = statements("estamos en Valencia hasta el martes", NOW, spanish=True)
    assert one.valid_to is not None
    assert one.valid_to.date() == datetime(2026, 11, 24, tzinfo=NOW.tzinfo).date()


def test_the_words_it_rests_on_are_the_typed_ones() -> None:
    """Accents are folded one letter to one letter."""
    text = "Canción: ¡qué frío! Vivo en Málaga"
    assert statements("¡Qué frío! Vivo en Málaga", NOW, spanish=True) == [Statement("location", "Málaga", 11, 25)]
    assert [text[one.start : one.end] for one in statements(text, NOW, spanish=True)] == ["Vivo en Málaga"]


def test_a_move_told_in_spanish_is_proved() -> None:
    """So that the new city takes the old one's place at once."""
    verdict = verify(Draft("Halifax", "ya vivo en Halifax", "location"), a_message("hola. ya vivo en Halifax"))
    assert verdict.status is MemoryStatus.ACTIVE


def test_where_somebody_comes_from_is_no_place_of_living() -> None:
    """A model that files it under location proves nothing."""
    verdict = verify(Draft("Oaxaca", "soy de Oaxaca", "location"), a_message("soy de Oaxaca"))
    assert verdict.status is not MemoryStatus.ACTIVE


def test_english_and_chinese_are_not_taken_for_spanish() -> None:
    """They are told by their words, before anything else is looked at."""
    assert not spanish.MAY_BE.search("i work at a bakery in berlin and like tea")
    assert not spanish.MAY_BE.search("我住在台北")
