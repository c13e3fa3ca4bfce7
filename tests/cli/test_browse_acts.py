"""memchat browse, mended: edited in place, pinned, decided about, renamed, forgotten, as the commands do it."""

import os
import shutil
from pathlib import Path

import pytest
from memchat.actions import memories, profile
from memchat.bootstrap import App, open_app
from memchat.domain import Memory, MemoryStatus, NewMemory, Origin, SessionKind, Source

from tests.builders import add_turn
from tests.cli.full_screen import browse
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
    with browse(kept) as person:
        person.presses("2", "e")
        person.sees("m2 > allergic to peanuts")
        person.answers(" and figs")
        person.sees("+ m6", "m2", "until today", "Its whole story:")
        person.chooses("m6")
    assert (newest(kept).text, status(kept, 2)) == ("allergic to peanuts and figs", MemoryStatus.SUPERSEDED)


@pytest.mark.parametrize("keys", [("escape",), ("enter",), (*["backspace"] * 40, "enter")])
def test_an_edit_that_is_left_or_changes_nothing_keeps_nothing(kept: App, keys: tuple[str, ...]) -> None:
    """Esc, the same words, or none at all."""
    with browse(kept) as person:
        person.presses("2", "e")
        person.sees("m2 >")
        person.presses(*keys)
        person.sees("Nothing was changed.")
    assert newest(kept).id == 5


def test_a_field_gets_its_first_value_and_a_new_one(kept: App) -> None:
    """In the profile an empty field is edited as one that has a value."""
    with browse(kept) as person:
        person.presses(*["down"] * 4, "e")
        person.sees("location >")
        person.answers("Taipei")
        person.sees("+ m6", "location: Taipei")
        person.presses("e", *["backspace"] * 6)
        person.answers("台北")
        person.sees("m7", "location: 台北")
        person.chooses("台北")
    assert [one.text for one in profile.get(kept.store, kept.fields, "location", kept.clock.now())] == ["台北"]


def test_a_zone_that_was_set_holds_at_once(kept: App) -> None:
    """Dates are shown in the zone of the profile."""
    with browse(kept) as person:
        person.presses(*["down"] * 5, "e")
        person.answers("America/New_York")
        person.sees("America/New_York")
        person.presses("2")
        person.sees("21 Nov 2026 at 20:14")


def test_a_secret_is_masked_and_said(kept: App) -> None:
    """As everywhere else."""
    with browse(kept) as person:
        person.presses("2", "e")
        person.answers(" sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH")
        person.sees("[secret:", "A secret was replaced")
    assert "sk-proj" not in newest(kept).text


def test_what_an_action_refuses_is_told_in_two_lines(kept: App, clock: FrozenClock) -> None:
    """A version that holds no longer cannot be reworded or pinned; the line is closed."""
    memories.edit(kept.store, kept.fields, "m2", "allergic to figs", clock.now())
    with browse(kept, columns=120) as person:
        person.presses("2", "o", "end", "up")
        person.chooses("m2")
        person.presses("p")
        person.sees("error: m2 was replaced by m6.", "memchat memory show m6")
        person.presses("e")
        person.answers("!")
        person.sees("error: m2 was replaced by m6.")


def test_p_pins_and_lets_go(kept: App) -> None:
    """What is pinned says so in its row, where there is room, and beside it."""
    with browse(kept, columns=120) as person:
        person.presses("2", "p")
        person.sees("m2  allergic to peanuts: pinned, every chat carries it", "importance 5, pinned")
        person.presses("p")
        person.sees("no longer pinned")
    assert not kept.store.memories.get(2).pinned


def test_the_inbox_is_decided_by_a_key(kept: App) -> None:
    """Accept, reject, never; the number at the top goes down; elsewhere the keys say where to go."""
    with browse(kept) as person:
        person.presses("2", "a")
        person.sees("error: Nothing is to be decided about this.", "press 3")
        person.presses("3")
        person.sees("3 Inbox 3", "treats children", "works nights")
        person.presses("a")
        person.sees("+ m3", "3 Inbox 2")
        person.presses("r")
        person.sees("m4  works nights: rejected", "3 Inbox 1")
        person.presses("n")
        person.sees("m5  has a dog: never again", "Nothing waits.")
    assert [status(kept, number) for number in (3, 4, 5)] == [
        MemoryStatus.ACTIVE,
        MemoryStatus.WITHDRAWN,
        MemoryStatus.WITHDRAWN,
    ]


def test_what_waits_is_accepted_in_other_words(kept: App) -> None:
    """e in the inbox: it holds in the words that are typed."""
    with browse(kept) as person:
        person.presses("3", "e")
        person.answers(" and adults")
        person.sees("+ m6", "3 Inbox 2")
    assert (newest(kept).text, status(kept, 6)) == ("treats children and adults", MemoryStatus.ACTIVE)


def test_a_conversation_gets_another_title(kept: App) -> None:
    """e on a conversation; it cannot be pinned."""
    with browse(kept) as person:
        person.presses("4", "p")
        person.sees("error: This is no memory that could be pinned.")
        person.presses("e")
        person.answers("Bees 蜜蜂")
        person.sees("s1  Bees 蜜蜂")
        person.chooses("Bees 蜜蜂")


def test_a_paste_becomes_one_clean_line(kept: App) -> None:
    """Whatever is pasted into the line."""
    with browse(kept) as person:
        person.presses("2", "e")
        person.sees("m2 >")
        person.program.screen.query_one("#line").insert_text_at_cursor(" x\x1b[2Jy\n\u202ez\tw")  # type: ignore[attr-defined]  # - Line
        person.presses("enter")
        person.sees("+ m6")
    assert newest(kept).text == "allergic to peanuts xy z w"


def test_forgetting_shows_its_plan_and_erases_after_the_word_yes(kept: App) -> None:
    """The same plan, act and receipt as `memchat forget`; the timeline tells it, and nothing else."""
    with browse(kept, columns=120) as person:
        person.presses("2", "down", "f")
        person.sees("To be erased for good.", "keeps bees", "s1.1", "Erase? Type yes")
        person.answers("yes")
        person.sees("Erased    1 memory: m1", "0 traces", "goes back")
        person.presses("down", "up", "enter")
        person.sees("1 of 1")
        person.sees_no("bees")
        person.presses("5")
        person.sees("forgotten: a note of")
        person.presses("e")
        person.sees("error: This is no memory that could be reworded.")
        person.presses("f")
        person.sees("error: There is nothing here to forget.")
        person.presses("home", "4", "5", "home")
        person.sees("Its words are not kept", "memchat tombstones")
    assert "[erased]" in kept.store.transcripts.path(1)[0].text
    assert "honey" in kept.store.transcripts.path(1)[0].text


@pytest.mark.parametrize("answer", ["", "y", "no", "ja"])
def test_any_other_answer_erases_nothing(kept: App, answer: str) -> None:
    """Enter alone, a slip of one letter, another word."""
    with browse(kept) as person:
        person.presses("2", "f")
        person.sees("Erase? Type yes")
        person.answers(answer)
        person.sees("Nothing was erased. To erase, type the whole word: yes")
    assert status(kept, 2) is MemoryStatus.ACTIVE


def test_escape_leaves_the_plan_and_a_resize_folds_it_anew(kept: App) -> None:
    """PgDn reads on while the answer waits."""
    with browse(kept) as person:
        person.presses("2", "f")
        person.sees("To be erased for good. There is no undo.")
        person.resizes(40, 12)
        person.sees("To be erased for good. There is no", "undo.")
        person.presses("pagedown", "pagedown", "pageup", "down", "up")
        person.sees("Copies of all this")
        person.presses("escape")
        person.sees("Nothing was erased.")
    assert status(kept, 2) is MemoryStatus.ACTIVE


def test_what_the_plan_names_can_be_left_as_it_is(kept: App, clock: FrozenClock) -> None:
    """`yes without s1.2`, as at the command line."""
    add_turn(kept.store, "Others keep bees.", "Yes.", session_id=1, at=clock.now())
    with browse(kept, columns=120) as person:
        person.presses("2", "end", "f")
        person.sees("keeps bees", "yes without")
        person.answers("yes without s1.2")
        person.sees("goes back")
        person.presses("q")
    assert [one.text for one in kept.store.transcripts.path(1)][::2] == [
        "I [erased] and I like honey.",
        "Others keep bees.",
    ]


def test_a_turn_and_a_conversation_are_forgotten_whole(kept: App, clock: FrozenClock) -> None:
    """From a search, and from the list."""
    add_turn(kept.store, "The lighthouse is white.", "Yes.", session_id=1, at=clock.now())
    add_turn(kept.store, "Asked once.", "Answered.", kind=SessionKind.ONESHOT, at=clock.now())
    with browse(kept) as person:
        person.looks_for("lighthouse")
        person.chooses("s1.2")
        person.presses("enter", "f")
        person.sees("Exchanges, whole")
        person.answers("yes")
        person.sees("goes back")
        person.presses("escape")
        person.sees("Nothing found.")
        person.presses("4", "f")
        person.sees("Conversations, whole")
        person.answers("是")
        person.sees("goes back")
        person.presses("enter")
        person.sees("No conversations yet.")


def test_what_went_meanwhile_is_told_in_place_of_a_plan(kept: App, clock: FrozenClock) -> None:
    """Somebody else has erased it."""
    with browse(kept) as person:
        person.presses("2")
        person.chooses("m2")
        kept.store.erasure.erase_memory(2, clock.now())
        person.presses("f")
        person.sees("error: There is no memory m2.", "goes back")
        person.presses("escape")
        person.sees("1 of 1")


def test_what_is_being_erased_is_waited_for(kept: App) -> None:
    """Ctrl-C cannot stop it any more: who left would not see what came of it."""
    with browse(kept) as person:
        person.presses("2", "f")
        person.sees("Erase? Type yes")
        with kept.store.transaction():  # somebody else writes: erasing has to wait
            person.answers("yes")
            person.presses("ctrl+c", "escape", "q")
            person.sees("Erasing, and looking whether anything is left...")
        person.sees("Erased    1 memory: m2", "goes back")
        person.presses("ctrl+c")
        person.waits(lambda: person.program._exit, "it goes on")


def test_on_a_narrow_screen_an_error_and_the_question_are_folded(kept: App, clock: FrozenClock) -> None:
    """Nothing of either is cut off at the edge, also when that moves."""
    with browse(kept, columns=100) as person:
        person.presses("2", "end", "f")
        person.sees("Erase? Type yes, or Enter to leave all as it is:")
        person.resizes(30, 24)
        person.sees("leave all as it is:")
        add_turn(kept.store, "I said: I keep bees.", "Yes.", at=clock.now())
        person.answers("yes")
        person.sees("since you looked.")
        person.presses("q")


def test_what_was_said_since_the_plan_is_not_erased_unseen(kept: App, clock: FrozenClock) -> None:
    """The act refuses, and says to look again."""
    with browse(kept, columns=120) as person:
        person.presses("2", "end", "f")
        person.sees("Erase? Type yes")
        add_turn(kept.store, "I said: I keep bees.", "Yes.", at=clock.now())
        person.answers("yes")
        person.sees("error: Memory has changed since you looked.")
        person.presses("q")
    assert status(kept, 1) is MemoryStatus.ACTIVE


def test_where_there_is_no_database_nothing_is_written(app: App, home: Path) -> None:
    """A look makes none, and a value that is typed would be lost."""
    app.makes_db = False
    with browse(app) as person:
        person.presses("e")
        person.sees("error: There is no memory yet.", "It begins with the first chat")
    assert not home.exists()


def test_a_database_that_can_only_be_read_is_browsed(kept: App, tmp_path: Path) -> None:
    """What would write says why it cannot; looking and searching work."""
    kept.close()
    readable = open_app(os.environ, db=Path(shutil.copy(kept.paths.db, tmp_path / "copy.db")))
    readable.store.database.rows("PRAGMA query_only = ON")  # type: ignore[attr-defined]  # - as `open_store` sets it
    with browse(readable, columns=120) as person:
        person.presses("2", "p")
        # Its first line folds where the path that it names is long.
        person.sees("error:", "Make the file and its folder writable for you")
        person.looks_for("honey")
        person.sees("s1.1")
    readable.close()
