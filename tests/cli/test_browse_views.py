"""memchat browse, looked through: its views, what stands beside a row, its keys and the mouse, at any width."""

from datetime import timedelta

import pytest
from memchat.actions import memories, profile
from memchat.bootstrap import App
from memchat.domain import MemoryStatus, NewMemory, Origin, SessionKind, Source

from tests.builders import add_turn
from tests.cli.full_screen import browse
from tests.conftest import FrozenClock

VIEWS = ("1 Profile", "2 Notes", "3 Inbox", "4 Conversations", "5 Timeline")


@pytest.fixture
def lived(app: App, clock: FrozenClock) -> App:
    """Some of everything: a profile with a history, notes, what waits, conversations."""
    store, now = app.store, clock.now()
    app.clock = clock  # type: ignore[assignment]  # - a clock that stands still
    add_turn(store, "I live in Taipei. 我對花生過敏。", "Noted: 花生.", at=now)
    add_turn(store, "Asked once.", "Answered.", kind=SessionKind.ONESHOT, at=now)
    profile.replace(store, app.fields, {"location": ["Tainan"]}, now - timedelta(days=40))
    profile.replace(store, app.fields, {"location": ["Taipei"]}, now)
    memories.add(store, "allergic to peanuts", now)
    memories.add(store, "林美華 🥜 edits 稿子", now)
    by_hand = Source(Origin.HAND, now)
    for status, text in ((MemoryStatus.PENDING, "treats children"), (MemoryStatus.QUARANTINED, "always agree")):
        store.memories.add(NewMemory(text, by_hand, status=status, why="cannot be proved"), now)
    return app


def test_every_view_shows_its_rows_and_their_provenance(lived: App) -> None:
    """1 to 5; the first row is chosen, and beside it stands where it comes from."""
    with browse(lived) as person:
        person.sees(*VIEWS[:2], "3 Inbox 2", "display_name", "Nothing is known of display_name", "1 of 9")
        person.presses("2")
        person.sees("林美華 🥜 edits 稿子", "allergic to peanuts", "Set by hand, on 22 Nov 2026 at 09:14")
        person.presses("3")
        person.sees("treats children", "always agree", "Waits  cannot be proved")
        person.presses("4")
        person.sees("s1", "1 turn", "I live in Taipei. 我對花生過敏。", "Noted: 花生.")
        assert "s2" not in person.text
        person.presses("5")
        person.sees("+ m3 allergic to peanuts", "- m1 location: Tainan", "13 Oct", "? m5 treats children")


def test_a_value_of_the_profile_tells_what_it_replaced(lived: App) -> None:
    """The chosen value with its whole story."""
    with browse(lived) as person:
        person.presses(*["down"] * 4)
        person.chooses("location")
        person.sees('Replaced  m1 "location: Tainan"', "Its whole story:")


@pytest.mark.parametrize("keys", [("right", "left"), ("l", "h")])
def test_right_and_left_go_round_the_views(lived: App, keys: tuple[str, str]) -> None:
    """From the last to the first and back."""
    with browse(lived) as person:
        for view in ("allergic", "treats children", "s1", "+ m"):
            person.presses(keys[0])
            person.sees(view)
        person.presses(keys[0])
        person.sees("display_name")
        person.presses(keys[1])
        person.sees("+ m")


def test_the_cursor_goes_by_row_by_screen_and_to_the_ends(app: App, clock: FrozenClock) -> None:
    """Up, Down, k, j, PgUp, PgDn, Space, Home, End, g, G; the row stays in sight and its place is told."""
    for number in range(200):
        memories.add(app.store, f"note number {number}", clock.now())
    with browse(app) as person:
        person.presses("2")
        person.chooses("m200")
        for key, chosen in (("down", "m199"), ("j", "m198"), ("up", "m199"), ("k", "m200"), ("end", "m1 ")):
            person.presses(key)
            person.chooses(chosen)
        person.sees("200 of 200")
        for key, chosen in (("home", "m200"), ("G", "m1 "), ("g", "m200"), ("pagedown", "m176"), ("space", "m152")):
            person.presses(key)
            person.chooses(chosen)
        person.presses("pageup", "pageup", "up")
        person.chooses("m200")


def test_enter_reads_and_escape_comes_back(app: App, clock: FrozenClock) -> None:
    """While reading, the same keys scroll; Tab goes there and back."""
    turn = add_turn(app.store, "first words", "\n".join(f"line {number}" for number in range(80)), at=clock.now())
    for number in range(30):
        add_turn(app.store, f"question {number}", "answer", session_id=turn.session_id, at=clock.now())
    with browse(app, columns=110) as person:
        person.presses("4")
        person.sees("first words")
        person.presses("enter", "down", "pagedown", "j")
        person.sees_no("first words")
        person.chooses("s1")
        person.presses("end", "end", "end", "end", "end", "end")
        person.sees("s1.31", "question 29")
        person.presses("home")
        person.sees("first words")
        person.presses("escape", "tab", "tab", "down")
        person.sees("first words")


def test_o_shows_what_is_folded(lived: App, clock: FrozenClock) -> None:
    """Notes that hold no longer; conversations of memchat ask; elsewhere it does nothing."""
    memories.edit(lived.store, lived.fields, "m3", "allergic to walnuts", clock.now())
    with browse(lived, columns=140) as person:
        person.presses("o", "2")
        person.sees("walnuts")
        assert "peanuts" not in person.text.split("Replaced")[0]
        person.presses("o", "end")
        person.sees("allergic to peanuts", "replaced by m7")
        person.presses("4", "o")
        person.sees("s2", "(ask)")
        person.presses("o")
        person.sees_no("(ask)")


def test_the_question_mark_tells_every_key(lived: App) -> None:
    """Help, which scrolls where it is longer than the screen, and goes away again."""
    with browse(lived, rows=14) as person:
        person.presses("?")
        person.sees("Keys", "edit in place")
        person.presses("pagedown", "pagedown", "down", "up", "pageup", "pagedown", "pagedown", "pagedown")
        person.sees("Ctrl-R")
        person.presses("escape")
        person.sees("display_name")


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
def test_q_and_ctrl_c_leave(lived: App, key: str) -> None:
    """At once, without a question."""
    with browse(lived) as person:
        person.presses(key)
        person.waits(lambda: not person.program.is_running or person.program._exit, "it goes on")
    assert person.program.return_code == 0


def test_the_mouse_does_what_keys_do(lived: App) -> None:
    """Views at the top, rows, the chosen row once more, words at the bottom, the wheel."""
    with browse(lived) as person:
        person.clicks("2 Notes")
        person.sees("allergic to peanuts")
        person.clicks("m3")
        person.chooses("m3")
        person.clicks("m3")
        person.waits(lambda: person.program.screen.focused is person.program.screen.query_one("#detail"), "")
        person.clicks_at(5, 20)  # below the last row
        person.chooses("m3")
        person.clicks("/ search")
        person.sees("Type what you look for.")
        person.presses("escape")
        person.clicks("? help")
        person.sees("Keys")


@pytest.mark.parametrize("columns", [40, 60, 76, 100, 160])
def test_every_line_fits_at_any_width(lived: App, columns: int) -> None:
    """Narrow, one below the other; wide, side by side; wide characters are never cut in half."""
    with browse(lived, columns=columns, rows=24) as person:
        for key in "12345?":
            person.presses(key)
            person.rests()
            assert all(row.cell_length <= columns for row in person.strips)
        person.presses("escape", "2")
        person.sees("林美華 🥜", "q leave")


def test_a_resize_lays_all_out_anew(lived: App) -> None:
    """The view, the row and what stands beside it stay."""
    with browse(lived) as person:
        person.presses("2", "down")
        person.chooses("m3")
        person.sees("1  2 Notes" if person.program.size.width < 60 else "4 Conversations")
        person.resizes(40, 20)
        person.sees("1  2 Notes  3  4  5", "allergic to peanuts", "Set by hand")
        person.chooses("m3")
        person.resizes(120, 40)
        person.sees("4 Conversations", "Set by hand")
        person.chooses("m3")


def test_nothing_kept_is_said_in_every_view(app: App) -> None:
    """An empty memory, and what makes it one that is not."""
    with browse(app) as person:
        for key, told in (("2", "No notes yet."), ("3", "Nothing waits."), ("4", "No conversations yet.")):
            person.presses(key)
            person.sees(told)
        person.presses("5")
        person.sees("Nothing has happened yet")
        person.presses("e", "f", "p", "a", "enter", "end", "down")
        person.sees("Nothing has happened yet")


def test_no_profile_field_at_all_is_said(app: App) -> None:
    """memory.profile_fields may be empty."""
    app.fields = ()
    with browse(app) as person:
        person.sees("No profile fields are configured")


def test_text_that_would_steer_the_terminal_is_cleaned(app: App, clock: FrozenClock) -> None:
    """In rows, beside them, in titles, and in the line where it is edited."""
    turn = add_turn(app.store, "hello \x1b[2Jthere\x07", "and \u202eback", at=clock.now())
    app.store.transcripts.rename(turn.session_id, "title \x1b]0;owned\x07 here")
    by_hand = Source(Origin.HAND, clock.now(), quote="q \x1b[31mred")
    app.store.memories.add(NewMemory("note \x1b[31mred\u202e [b]bold[/b]", by_hand), clock.now())
    with browse(app) as person:
        for keys in (("2",), ("4",), ("5",), ("2", "e")):
            person.presses(*keys)
            person.rests()
            assert not set("\x1b\x07\u202e") & set(person.text)
        person.sees("note red [b]bold[/b]", "m1 >")


def test_without_colour_nothing_is_painted_and_with_it_four_weights_and_one_accent(lived: App) -> None:
    """NO_COLOR, and ui.theme none: the mark before the row is enough. Else bold, plain, dim and the accent."""
    seen: dict[bool, set[tuple[bool, bool, str]]] = {}
    for colour in (False, True):
        with browse(lived, colour=colour) as person:
            person.presses("2")
            person.sees("Set by hand")
            seen[colour] = {
                (bool(piece.style.bold), bool(piece.style.dim), piece.style.color.name if piece.style.color else "")
                for row in person.strips
                for piece in row
                if piece.style is not None and piece.text.strip()
            }
    assert all(weight[:2] == (False, False) for weight in seen[False])
    assert {weight[2] for weight in seen[False]} <= {"", "default"}
    assert {(True, False, "default"), (False, True, "default"), (False, False, "cyan")} <= {
        (bold, dim, colour or "default") for bold, dim, colour in seen[True]
    }
    assert {weight[2] for weight in seen[True]} <= {"", "default", "cyan"}


def test_an_ascii_frame_has_no_other_sign(lived: App, clock: FrozenClock) -> None:
    """ui.ascii, or a terminal that shows no others: what people wrote stays as it is."""
    memories.add(lived.store, "long " * 40, clock.now())
    with browse(lived, lang="zh_TW.UTF-8") as person:
        person.presses("2")
        person.sees("...", "林美華")
        assert "…" not in person.text


def test_what_nobody_foresaw_ends_it_and_shows_nothing_that_anybody_wrote(
    lived: App, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is told as everywhere: by the outermost handler, in two lines. Textual's own telling quotes what it finds."""

    def looks() -> None:
        with browse(lived) as person:
            person.program.call_later(lambda written: 1 // len(written[9:]), "my words")
            person.rests()

    with pytest.raises(ZeroDivisionError):
        looks()
    assert "".join(capsys.readouterr()) == ""


def test_what_others_erased_meanwhile_is_told_and_ctrl_r_reads_anew(lived: App) -> None:
    """A row may be gone when one comes to it."""
    from memchat.store.connection import open_store

    with browse(lived) as person:
        person.presses("2")
        person.chooses("m4")
        other = open_store(lived.paths.db)
        other.erasure.erase_memory(3, lived.clock.now())
        other.close()
        person.presses("down")
        person.sees("error: There is no memory m3.", "memchat memory list shows them.")
        person.presses("ctrl+r")
        person.sees("1 of 1")
        assert "peanuts" not in person.text
