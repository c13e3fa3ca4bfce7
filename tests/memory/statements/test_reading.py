"""The statements of a whole message: places, ends, what is quoted or to be worked on."""

from datetime import datetime, time

import pytest
from memchat.memory.statements.reading import MOST, Statement, framed, statements, warm

from tests.conftest import NOW, TAIPEI


@pytest.mark.parametrize(
    "text",
    [
        'I like "jazz" music',
        'Remember: the "bins" go out on Tuesdays',
        'I am allergic to "latex" and nuts',
        "我喜歡「爵士」音樂",
    ],
)
def test_a_statement_with_a_quoted_word_says_nothing(text: str) -> None:
    """What is quoted was blanked before it was read: the rest would say something else."""
    assert statements(text, NOW) == []


def test_a_statement_rests_on_its_own_words() -> None:
    """Its place is in characters of the message, whatever stands before."""
    text = "Hello. By the way, I live in Lisbon. 我對花生過敏。"
    found = statements(text, NOW)
    assert [(one.field, one.text) for one in found] == [("location", "Lisbon"), ("", "對花生過敏")]
    assert [text[one.start : one.end] for one in found] == ["I live in Lisbon", "我對花生過敏"]


def test_what_ends_with_a_day_holds_to_its_last_moment() -> None:
    """In the zone of the one who speaks."""
    (found,) = statements("I'm in Lisbon until Friday.", NOW)
    assert found.valid_to == datetime.combine(datetime(2026, 11, 27, tzinfo=TAIPEI), time.max, TAIPEI)


def test_spanish_is_read_only_where_it_is_asked_for() -> None:
    """The notebook does not promise it; proving does."""
    assert statements("Vivo en Lisboa.", NOW) == []
    assert [(one.field, one.text) for one in statements("Vivo en Lisboa.", NOW, spanish=True)] == [
        ("location", "Lisboa")
    ]


def test_a_list_of_facts_is_cut_and_each_is_told_once() -> None:
    """Who states more pastes a list."""
    teas = "black green white red jasmine mint ginger lemon rose iced oolong rooibos sage"
    many = ". ".join(f"I like {one} tea" for one in teas.split())
    assert len(statements(many, NOW)) == MOST
    assert len(statements("I live in Lisbon. As I said, I live in Lisbon.", NOW)) == 1


def test_what_follows_a_task_on_a_text_is_framed() -> None:
    """Only from there on."""
    text = "I live in Lisbon. Translate: I live in Rome."
    assert not framed(text, 10)
    assert framed(text, len(text))
    warm()
    assert isinstance(statements("I live in Lisbon", NOW)[0], Statement)
