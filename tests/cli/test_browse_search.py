"""memchat browse, searched as one types: the newest answer only, beginnings of words, and back to where one was."""

from datetime import timedelta

import pytest
from memchat.actions import memories
from memchat.bootstrap import App
from memchat.bootstrap.beside import recall_by_words

from tests.builders import add_turn
from tests.cli.full_screen import Person, browse
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

    async def searches(person: Person) -> None:
        await person.presses("2", "down")
        await person.chooses("m1")
        await person.presses("/")
        await person.sees("Type what you look for.", "/ ")
        await person.types("rate limit")
        await person.chooses("s1.1")
        await person.sees("We decided on a rate limit", "Search")
        await person.types(" zebra crossing")
        await person.presses(*["backspace"] * 25)
        await person.sees("Type what you look for.")
        await person.types("peanuts")
        await person.chooses("m2")
        await person.sees("allergic to peanuts", "Set by hand")
        await person.presses("escape")
        await person.sees("2 of 2")
        await person.chooses("m1")

    browse(told, searches)


def test_a_word_that_is_not_finished_finds_already(told: App) -> None:
    """Three letters of a word are enough for what was said, one for what is remembered."""

    async def searches(person: Person) -> None:
        await person.presses("/")
        await person.types("lightho")
        await person.sees("m1", "s1.14", "…")
        assert "the lighthouse" in next(row for row in person.rows if "s1.14" in row)
        await person.presses("down")
        await person.chooses("s1.14")
        await person.sees("and so on and so on")

    browse(told, searches)


def test_chinese_is_found_by_one_sign(told: App) -> None:
    """Both scripts; the day is of another year."""

    async def searches(person: Person) -> None:
        await person.presses("/")
        await person.types("花")
        await person.chooses("s2.1")
        await person.types("生过")
        await person.sees("18 Oct 2025", "我對花生過敏")

    browse(told, searches, columns=120)


def test_nothing_found_is_said(told: App) -> None:
    """And the way back is open."""

    async def searches(person: Person) -> None:
        await person.presses("/")
        await person.types("zzz")
        await person.sees("Nothing found.")
        await person.presses("enter", "escape")
        await person.sees("display_name")

    browse(told, searches)


def test_enter_keeps_the_list_and_slash_changes_the_words(told: App) -> None:
    """Then rows are chosen, read, edited as anywhere else; numbers leave the search."""

    async def searches(person: Person) -> None:
        await person.presses("/")
        await person.types("lighthouse")
        await person.sees("s1.14")
        await person.presses("enter", "j")
        await person.chooses("s1.14")
        await person.presses("enter", "up")
        await person.sees("number 11")  # what was said before comes into sight above
        await person.presses("escape", "k", "e")
        await person.sees("m1 > likes lighthouses")
        await person.types(" by the sea")
        await person.presses("enter")
        await person.sees("+ m3", "likes lighthouses by the sea")
        await person.presses("/")
        await person.sees("/ lighthouse")
        await person.presses("escape", "/", "escape", "right")
        await person.sees("allergic to peanuts")

    browse(told, searches, columns=120)


def test_from_a_search_left_and_right_lead_to_the_views(told: App) -> None:
    """The first to the right, the last to the left."""

    async def turns(person: Person) -> None:
        for key, seen in (("right", "display_name"), ("left", "+ m2")):
            await person.presses("/")
            await person.types("peanuts")
            await person.presses("enter", key)
            await person.sees(seen)

    browse(told, turns)


def test_a_turn_in_the_middle_is_read_from_there_and_back_to_the_beginning(told: App) -> None:
    """Earlier turns come into sight when one goes up."""

    async def reads(person: Person) -> None:
        await person.presses("/")
        await person.types("lighthouse keeper")
        await person.sees("s1.14")
        await person.presses("enter", "end", "enter")
        for _ in range(8):
            await person.presses("pageup")
        await person.sees("We decided on a rate limit")
        await person.presses("up")
        await person.sees("s1.1")

    browse(told, reads)


def test_a_part_of_the_index_that_is_damaged_is_told(told: App) -> None:
    """What is there is shown, and the line says what is not."""
    told.store.database.rows("DROP TABLE words_of_messages_data")  # type: ignore[attr-defined]  # - damage is done by hand

    async def searches(person: Person) -> None:
        await person.presses("/")
        await person.types("lighthouse")
        await person.sees("m1", "likes lighthouses", "index")

    browse(told, searches)


def test_a_click_on_a_view_leaves_the_search(told: App) -> None:
    """As one expects of words that can be clicked; a click on the words of the line changes nothing."""

    async def clicks(person: Person) -> None:
        await person.presses("/")
        await person.types("peanuts")
        await person.chooses("m2")
        await person.clicks("5 Timeline")
        await person.sees("+ m2")
        assert "/ peanuts" not in person.text
        await person.presses("?")
        await person.sees("Keys")

    browse(told, clicks)


def test_letters_are_letters_while_a_line_is_open(told: App) -> None:
    """What would act on a row, or leave, is typed; Up, Down and pages choose among what was found."""

    async def types(person: Person) -> None:
        await person.presses("/")
        await person.types("qarnefpo?15 gG")
        await person.sees("/ qarnefpo?15 gG")
        await person.presses(*["backspace"] * 20)
        await person.types("number")
        await person.sees("s1.13")
        first = person.chosen
        await person.presses("down", "down", "up", "pagedown", "pageup", "pageup")
        await person.chooses(first)

    browse(told, types)
    assert len(told.store.memories.all()) == 2


def test_what_is_typed_goes_to_no_embedding_model(told: App) -> None:
    """Wherever it is: half a word is nobody's business, and each key would wait for it."""
    assert told.finding.embedder is not None
    assert recall_by_words(told, told.store)._embedder is None
