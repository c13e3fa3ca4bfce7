"""memchat browse, mended: edited in place, pinned, decided about, renamed, forgotten, as the commands do it."""

import os
import shutil
from pathlib import Path

import pytest
from memchat.actions import memories, profile
from memchat.bootstrap import App, open_app
from memchat.domain import Memory, MemoryStatus, NewMemory, Origin, SessionKind, Source

from tests.builders import add_turn
from tests.cli.full_screen import Person, browse
from tests.conftest import FrozenClock


@pytest.fixture
def kept(app: App, clock: FrozenClock) -> App:
    """A conversation, two notes, and three that wait."""
    store, now = app.store, clock.now()
    turn = add_turn(store, "I keep bees and I like honey.", "Noted.", at=now)
    part = turn.user.parts[0]
    quoted = Source(Origin.TYPED, now, "keep bees", 1, 1, turn.user.id, part.id, (2, 11))
    store.memories.add(NewMemory("keeps bees", quoted), now)
    memories.add(store, "allergic to peanuts", now)
    for text in ("treats children", "works nights", "has a dog"):
        store.memories.add(NewMemory(text, Source(Origin.HAND, now), status=MemoryStatus.PENDING, why="unclear"), now)
    return app


def status(app: App, number: int) -> MemoryStatus:
    """Where a memory stands now."""
    return app.store.memories.get(number).status(app.clock.now())


def newest(app: App) -> Memory:
    """The memory that was kept last."""
    return app.store.memories.all()[-1]


def test_a_memory_is_edited_in_place(kept: App) -> None:
    """The words stand in the line; Enter keeps a new version, and the old one stays in its history."""

    async def edits(person: Person) -> None:
        await person.presses("2", "e")
        await person.sees("m2 > allergic to peanuts")
        await person.types(" and figs")
        await person.presses("enter")
        await person.sees("+ m6", "m2", "until today", "Its whole story:")
        await person.chooses("m6")

    browse(kept, edits)
    assert (newest(kept).text, status(kept, 2)) == ("allergic to peanuts and figs", MemoryStatus.SUPERSEDED)


@pytest.mark.parametrize("keys", [("escape",), ("enter",), (*["backspace"] * 40, "enter")])
def test_an_edit_that_is_left_or_changes_nothing_keeps_nothing(kept: App, keys: tuple[str, ...]) -> None:
    """Esc, the same words, or none at all."""

    async def leaves(person: Person) -> None:
        await person.presses("2", "e")
        await person.sees("m2 >")
        await person.presses(*keys)
        await person.sees("Nothing was changed.")

    browse(kept, leaves)
    assert newest(kept).id == 5


def test_a_field_gets_its_first_value_and_a_new_one(kept: App) -> None:
    """In the profile an empty field is edited as one that has a value."""

    async def edits(person: Person) -> None:
        await person.presses(*["down"] * 4, "e")
        await person.sees("location >")
        await person.types("Taipei")
        await person.presses("enter")
        await person.sees("+ m6", "location: Taipei")
        await person.presses("e", *["backspace"] * 6)
        await person.types("台北")
        await person.presses("enter")
        await person.sees("m7", "location: 台北")
        await person.chooses("台北")

    browse(kept, edits)
    assert [one.text for one in profile.get(kept.store, kept.fields, "location", kept.clock.now())] == ["台北"]


def test_a_zone_that_was_set_holds_at_once(kept: App) -> None:
    """Dates are shown in the zone of the profile."""

    async def edits(person: Person) -> None:
        await person.presses(*["down"] * 5, "e")
        await person.types("America/New_York")
        await person.presses("enter")
        await person.sees("America/New_York")
        await person.presses("2")
        await person.sees("21 Nov 2026 at 20:14")

    browse(kept, edits)


def test_a_secret_is_masked_and_said(kept: App) -> None:
    """As everywhere else."""

    async def edits(person: Person) -> None:
        await person.presses("2", "e")
        await person.types(" sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH")
        await person.presses("enter")
        await person.sees("[secret:", "A secret was replaced")

    browse(kept, edits)
    assert "sk-proj" not in newest(kept).text


def test_what_an_action_refuses_is_told_in_two_lines(kept: App, clock: FrozenClock) -> None:
    """A version that holds no longer cannot be reworded or pinned; the line is closed."""
    memories.edit(kept.store, kept.fields, "m2", "allergic to figs", clock.now())

    async def edits(person: Person) -> None:
        await person.presses("2", "o", "end", "up")
        await person.chooses("m2")
        await person.presses("p")
        await person.sees("error: m2 was replaced by m6.", "memchat memory show m6")
        await person.presses("e")
        await person.types("!")
        await person.presses("enter")
        await person.sees("error: m2 was replaced by m6.")

    browse(kept, edits, columns=120)


def test_p_pins_and_lets_go(kept: App) -> None:
    """What is pinned says so in its row, where there is room, and beside it."""

    async def pins(person: Person) -> None:
        await person.presses("2", "p")
        await person.sees("m2  allergic to peanuts: pinned, every chat carries it", "importance 5, pinned")
        await person.presses("p")
        await person.sees("no longer pinned")

    browse(kept, pins, columns=120)
    assert not kept.store.memories.get(2).pinned


def test_the_inbox_is_decided_by_a_key(kept: App) -> None:
    """Accept, reject, never; the number at the top goes down; elsewhere the keys say where to go."""

    async def decides(person: Person) -> None:
        await person.presses("2", "a")
        await person.sees("error: Nothing is to be decided about this.", "press 3")
        await person.presses("3")
        await person.sees("3 Inbox 3", "treats children", "works nights")
        await person.presses("a")
        await person.sees("+ m3", "3 Inbox 2")
        await person.presses("r")
        await person.sees("m4  works nights: rejected", "3 Inbox 1")
        await person.presses("n")
        await person.sees("m5  has a dog: never again", "Nothing waits.")

    browse(kept, decides)
    assert [status(kept, number) for number in (3, 4, 5)] == [
        MemoryStatus.ACTIVE,
        MemoryStatus.WITHDRAWN,
        MemoryStatus.WITHDRAWN,
    ]


def test_what_waits_is_accepted_in_other_words(kept: App) -> None:
    """e in the inbox: it holds in the words that are typed."""

    async def edits(person: Person) -> None:
        await person.presses("3", "e")
        await person.types(" and adults")
        await person.presses("enter")
        await person.sees("+ m6", "3 Inbox 2")

    browse(kept, edits)
    assert (newest(kept).text, status(kept, 6)) == ("treats children and adults", MemoryStatus.ACTIVE)


def test_a_conversation_gets_another_title(kept: App) -> None:
    """e on a conversation; it cannot be pinned."""

    async def edits(person: Person) -> None:
        await person.presses("4", "p")
        await person.sees("error: This is no memory that could be pinned.")
        await person.presses("e")
        await person.types("Bees 蜜蜂")
        await person.presses("enter")
        await person.sees("s1  Bees 蜜蜂")
        await person.chooses("Bees 蜜蜂")

    browse(kept, edits)


def test_a_paste_becomes_one_clean_line(kept: App) -> None:
    """Whatever is pasted into the line."""

    async def pastes(person: Person) -> None:
        await person.presses("2", "e")
        await person.sees("m2 >")
        person.program.screen.query_one("#line").insert_text_at_cursor(" x\x1b[2Jy\n\u202ez\tw")  # type: ignore[attr-defined]  # - Line
        await person.presses("enter")
        await person.sees("+ m6")

    browse(kept, pastes)
    assert newest(kept).text == "allergic to peanuts xy z w"


def test_forgetting_shows_its_plan_and_erases_after_the_word_yes(kept: App) -> None:
    """The same plan, act and receipt as `memchat forget`; the timeline tells it, and nothing else."""

    async def forgets(person: Person) -> None:
        await person.presses("2", "down", "f")
        await person.sees("To be erased for good.", "keeps bees", "s1.1", "Erase? Type yes")
        await person.types("yes")
        await person.presses("enter")
        await person.sees("Erased    1 memory: m1", "0 traces", "goes back")
        await person.presses("down", "up", "enter")
        await person.sees("1 of 1")
        assert "bees" not in person.text
        await person.presses("5")
        await person.sees("forgotten: a note of")
        await person.presses("e")
        await person.sees("error: This is no memory that could be reworded.")
        await person.presses("f")
        await person.sees("error: There is nothing here to forget.")
        await person.presses("home", "4", "5", "home")
        await person.sees("Its words are not kept", "memchat tombstones")

    browse(kept, forgets, columns=120)
    assert "[erased]" in kept.store.transcripts.path(1)[0].text
    assert "honey" in kept.store.transcripts.path(1)[0].text


@pytest.mark.parametrize("answer", ["", "y", "no", "ja"])
def test_any_other_answer_erases_nothing(kept: App, answer: str) -> None:
    """Enter alone, a slip of one letter, another word."""

    async def refuses(person: Person) -> None:
        await person.presses("2", "f")
        await person.sees("Erase? Type yes")
        await person.types(answer)
        await person.presses("enter")
        await person.sees("Nothing was erased. To erase, type the whole word: yes")

    browse(kept, refuses)
    assert status(kept, 2) is MemoryStatus.ACTIVE


def test_escape_leaves_the_plan_and_a_resize_folds_it_anew(kept: App) -> None:
    """PgDn reads on while the answer waits."""

    async def leaves(person: Person) -> None:
        await person.presses("2", "f")
        await person.sees("To be erased for good. There is no undo.")
        await person.resizes(40, 12)
        await person.sees("To be erased for good. There is no", "undo.")
        await person.presses("pagedown", "pagedown", "pageup", "down", "up")
        await person.sees("Copies of all this")
        await person.presses("escape")
        await person.sees("Nothing was erased.")

    browse(kept, leaves)
    assert status(kept, 2) is MemoryStatus.ACTIVE


def test_what_the_plan_names_can_be_left_as_it_is(kept: App, clock: FrozenClock) -> None:
    """`yes without s1.2`, as at the command line."""
    add_turn(kept.store, "Others keep bees.", "Yes.", session_id=1, at=clock.now())

    async def forgets(person: Person) -> None:
        await person.presses("2", "end", "f")
        await person.sees("keeps bees", "yes without")
        await person.types("yes without s1.2")
        await person.presses("enter")
        await person.sees("goes back")
        await person.presses("q")

    browse(kept, forgets, columns=120)
    assert [one.text for one in kept.store.transcripts.path(1)][::2] == [
        "I [erased] and I like honey.",
        "Others keep bees.",
    ]


def test_a_turn_and_a_conversation_are_forgotten_whole(kept: App, clock: FrozenClock) -> None:
    """From a search, and from the list."""
    add_turn(kept.store, "The lighthouse is white.", "Yes.", session_id=1, at=clock.now())
    add_turn(kept.store, "Asked once.", "Answered.", kind=SessionKind.ONESHOT, at=clock.now())

    async def forgets(person: Person) -> None:
        await person.presses("/")
        await person.types("lighthouse")
        await person.chooses("s1.2")
        await person.presses("enter", "f")
        await person.sees("Exchanges, whole")
        await person.types("yes")
        await person.presses("enter")
        await person.sees("goes back")
        await person.presses("escape")
        await person.sees("Nothing found.")
        await person.presses("4", "f")
        await person.sees("Conversations, whole")
        await person.types("是")
        await person.presses("enter")
        await person.sees("goes back")
        await person.presses("enter")
        await person.sees("No conversations yet.")

    browse(kept, forgets)


def test_what_went_meanwhile_is_told_in_place_of_a_plan(kept: App, clock: FrozenClock) -> None:
    """Somebody else has erased it."""

    async def forgets(person: Person) -> None:
        await person.presses("2")
        await person.chooses("m2")
        kept.store.erasure.erase_memory(2, clock.now())
        await person.presses("f")
        await person.sees("error: There is no memory m2.", "goes back")
        await person.presses("escape")
        await person.sees("1 of 1")

    browse(kept, forgets)


def test_what_was_said_since_the_plan_is_not_erased_unseen(kept: App, clock: FrozenClock) -> None:
    """The act refuses, and says to look again."""

    async def forgets(person: Person) -> None:
        await person.presses("2", "end", "f")
        await person.sees("Erase? Type yes")
        add_turn(kept.store, "I said: I keep bees.", "Yes.", at=clock.now())
        await person.types("yes")
        await person.presses("enter")
        await person.sees("error: Memory has changed since you looked.")
        await person.presses("q")

    browse(kept, forgets, columns=120)
    assert status(kept, 1) is MemoryStatus.ACTIVE


def test_where_there_is_no_database_nothing_is_written(app: App, home: Path) -> None:
    """A look makes none, and a value that is typed would be lost."""
    app.makes_db = False

    async def edits(person: Person) -> None:
        await person.presses("e")
        await person.sees("error: There is no memory yet.", "It begins with the first chat")

    browse(app, edits)
    assert not home.exists()


def test_a_database_that_can_only_be_read_is_browsed(kept: App, tmp_path: Path) -> None:
    """What would write says why it cannot; looking and searching work."""
    kept.close()
    readable = open_app(os.environ, db=Path(shutil.copy(kept.paths.db, tmp_path / "copy.db")))
    readable.store.database.rows("PRAGMA query_only = ON")  # type: ignore[attr-defined]  # - as `open_store` sets it

    async def looks(person: Person) -> None:
        await person.presses("2", "p")
        # Its first line folds where the path that it names is long.
        await person.sees("error:", "Make the file and its folder writable for you")
        await person.presses("/")
        await person.types("honey")
        await person.sees("s1.1")

    browse(readable, looks, columns=120)
    readable.close()
