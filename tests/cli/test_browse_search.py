"""memchat browse, searched as one types: the newest answer only, beginnings of words, and back to where one was."""

from datetime import timedelta

import pytest
from memchat.actions import memories
from memchat.bootstrap import App
from memchat.bootstrap.beside import recall_by_words

from tests.builders import add_turn
from tests.cli.full_screen import browse
from tests.conftest import FrozenClock


@pytest.fixture
def told(app: App, clock: FrozenClock) -> App:
    """Two conversations and two notes."""
    first = add_turn(app.store, "We decided on a rate limit of 100 a minute.", "Noted.", at=clock.now())
    for number in range(12):
        add_turn(app.store, f"Something else, number {number}.", "Yes.", session_id=first.session_id, at=clock.now())
    add_turn(
        app.store, f"{'and so on ' * 30} the lighthouse keeper", "Mm.", session_id=first.session_id, at=clock.now()
    )
    add_turn(app.store, "我對花生過敏，住在台北。", "好。", at=clock.now() - timedelta(days=400))
    memories.add(app.store, "likes lighthouses", clock.now())
    memories.add(app.store, "allergic to peanuts", clock.now())
    return app


def test_what_is_typed_filters_at_once_and_escape_goes_back(told: App) -> None:
    """Memories first, then past exchanges; beside the chosen one its provenance, or the talk from there on."""
    with browse(told) as person:
        person.presses("2", "down")
        person.chooses("m1")
        person.presses("/")
        person.sees("Type what you look for.", "/ ")
        person.types("rate limit")
        person.chooses("s1.1")
        person.sees("We decided on a rate limit", "Search")
        person.types(" zebra crossing")
        person.presses(*["backspace"] * 25)
        person.sees("Type what you look for.")
        person.types("peanuts")
        person.chooses("m2")
        person.sees("allergic to peanuts", "Set by hand")
        person.presses("escape")
        person.sees("2 of 2")
        person.chooses("m1")


def test_a_word_that_is_not_finished_finds_already(told: App) -> None:
    """Three letters of a word are enough for what was said, one for what is remembered."""
    with browse(told) as person:
        person.looks_for("lightho")
        person.sees("m1", "s1.14", "…")
        assert "the lighthouse" in next(row for row in person.rows if "s1.14" in row)
        person.presses("down")
        person.chooses("s1.14")
        person.sees("and so on and so on")


def test_chinese_is_found_by_one_sign(told: App) -> None:
    """Both scripts; the day is of another year."""
    with browse(told, columns=120) as person:
        person.looks_for("花")
        person.chooses("s2.1")
        person.types("生过")
        person.sees("18 Oct 2025", "我對花生過敏")


def test_nothing_found_is_said(told: App) -> None:
    """And the way back is open."""
    with browse(told) as person:
        person.looks_for("zzz")
        person.sees("Nothing found.")
        person.presses("enter", "escape")
        person.sees("display_name")


def test_enter_keeps_the_list_and_slash_changes_the_words(told: App) -> None:
    """Then rows are chosen, read, edited as anywhere else; numbers leave the search."""
    with browse(told, columns=120) as person:
        person.looks_for("lighthouse")
        person.sees("s1.14")
        person.presses("enter", "j")
        person.chooses("s1.14")
        person.presses("enter", "up")
        person.sees("number 11")  # what was said before comes into sight above
        person.presses("escape", "k", "e")
        person.sees("m1 > likes lighthouses")
        person.answers(" by the sea")
        person.sees("+ m3", "likes lighthouses by the sea")
        person.presses("/")
        person.sees("/ lighthouse")
        person.presses("escape", "/", "escape", "right")
        person.sees("allergic to peanuts")


def test_from_a_search_left_and_right_lead_to_the_views(told: App) -> None:
    """The first to the right, the last to the left."""
    with browse(told) as person:
        for key, seen in (("right", "display_name"), ("left", "+ m2")):
            person.looks_for("peanuts")
            person.presses("enter", key)
            person.sees(seen)


def test_a_turn_in_the_middle_is_read_from_there_and_back_to_the_beginning(told: App) -> None:
    """Earlier turns come into sight when one goes up."""
    with browse(told) as person:
        person.looks_for("lighthouse keeper")
        person.sees("s1.14", "Mm.")
        person.presses("enter", "end", "enter")
        for _ in range(8):
            person.presses("pageup")
        person.sees("We decided on a rate limit")
        person.presses("up")
        person.sees("s1.1")


def test_a_part_of_the_index_that_is_damaged_is_told(told: App) -> None:
    """What is there is shown, and the line says what is not."""
    told.store.database.rows("DROP TABLE words_of_messages_data")  # type: ignore[attr-defined]  # - damage is done by hand
    with browse(told) as person:
        person.looks_for("lighthouse")
        person.sees("m1", "likes lighthouses", "index")


def test_a_click_on_a_view_leaves_the_search(told: App) -> None:
    """As one expects of words that can be clicked; a click on the words of the line changes nothing."""
    with browse(told) as person:
        person.looks_for("peanuts")
        person.chooses("m2")
        person.clicks("5 Timeline")
        person.sees("+ m2")
        assert "/ peanuts" not in person.text
        person.presses("?")
        person.sees("Keys")


def test_letters_are_letters_while_a_line_is_open(told: App) -> None:
    """What would act on a row, or leave, is typed; Up, Down and pages choose among what was found."""
    with browse(told) as person:
        person.looks_for("qarnefpo?15 gG")
        person.sees("/ qarnefpo?15 gG")
        person.presses(*["backspace"] * 20)
        person.types("number")
        person.sees("s1.13")
        first = person.chosen
        person.presses("down", "down", "up", "pagedown", "pageup", "pageup")
        person.chooses(first)
    assert len(told.store.memories.all()) == 2


def test_what_is_typed_goes_to_no_embedding_model(told: App) -> None:
    """Wherever it is: half a word is nobody's business, and each key would wait for it."""
    assert told.finding.embedder is not None
    assert recall_by_words(told, told.store)._embedder is None
