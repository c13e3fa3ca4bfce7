"""A person chats in a terminal: keys, lines, commands, and what is remembered the next day."""

import os
import re
import sys
from contextlib import closing
from pathlib import Path

import apsw
import pytest
from memchat import config
from memchat.domain import Origin

from tests.e2e.running import here
from tests.e2e.terminal import Terminal, chat, kept

LETTER = "\n".join(f"Line {number} of a letter from Mei." for number in range(30))


def test_it_knows_tomorrow_who_you_are() -> None:
    """Told in one session, answered in the next, with the day it was told."""
    with chat() as person:
        person.sees("/help shows what else there is")
        person.sees_prompt()
        person.says("My name is Alice, I live in Taipei and I am allergic to peanuts")
        person.sees("/undo m1")
        person.sees_prompt(after="peanuts")
        person.quits()
    with chat() as person:
        person.sees("Last time:")
        person.sees_prompt()
        person.says("What is my name, and what must I not eat?")
        person.sees_prompt(after="not eat?\n\n")
        answer = person.text.split("not eat?", 1)[1]
        assert "Alice" in answer
        assert "peanuts" in answer
        assert re.search(r"\d{1,2} [A-Z][a-z]{2}|\d{4}|[A-Z][a-z]+ \d{1,2}", answer)
        person.quits()


def test_it_knows_tomorrow_who_you_are_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    """The same in Chinese, as it is typed in Taipei."""
    assert "m1" in here(capsys, "ask", "我叫林美華，住在台北，對花生過敏。").err
    with chat() as person:
        person.sees_prompt()
        person.says("我不能吃什麼？")
        person.sees_prompt(after="什麼？\n\n")
        assert "花生" in person.text.split("什麼？", 1)[1]


def test_a_paste_of_many_lines_is_one_message_and_known_as_a_paste() -> None:
    """Thirty lines pasted between two typed ones: one turn, three parts in order."""
    with chat() as person:
        person.sees_prompt()
        person.types("Keep this: ")
        person.pastes(LETTER)
        person.sees("Line 29")
        person.types(" Thanks.")
        person.presses("enter")
        person.sees_prompt(after="Thanks.")
        person.quits()
    store = kept()
    turns = store.transcripts.turns(1)
    assert len(turns) == 1
    assert [(part.origin, part.content) for part in turns[0].user.parts] == [
        (Origin.TYPED, "Keep this:"),
        (Origin.PASTE, LETTER),
        (Origin.TYPED, "Thanks."),
    ]
    store.close()


def test_a_long_paste_is_a_message_but_no_history() -> None:
    """A hundred kilobytes go into the transcript whole; Up brings back what a person could have typed."""
    document = "\n".join(f"Line {number} of a long document, word by word." for number in range(2_000))
    with chat() as person:
        person.sees_prompt()
        person.says("A first line")
        person.sees_prompt(after="line\n\n")
        person.pastes(document)
        person.sees("Line 1999")
        person.presses("enter")
        person.sees_prompt()
        person.presses("up")
        person.sees("> A first line", times=2)
    store = kept()
    assert store.transcripts.turns(1)[1].user.text == document
    assert store.typed.newest(10) == ["A first line"]
    store.close()


def test_a_new_line_does_not_send_and_what_only_looks_like_a_command_is_sent() -> None:
    """Ctrl+J, Alt+Enter and Esc Enter: two lines, one message. Nothing that was pasted is carried out, and a path or a
    leading space is no command either.
    """
    with chat() as person:
        person.sees_prompt()
        for number, keys in enumerate((["ctrl-j"], ["alt-enter"], ["escape", "enter"])):
            person.types(f"first {number}")
            person.presses(*keys)
            person.types(f"second {number}")
            person.sees(f"  second {number}")
            person.presses("enter")
            person.sees_prompt(after=f"second {number}")
        person.says("/usr/bin is full")
        person.sees_prompt(after="full\n\n")
        person.says(" /quit is a word")
        person.sees_prompt(after="word\n\n")
        person.pastes("/quit\n" + LETTER)
        person.sees("Line 29")
        person.presses("enter")
        person.sees_prompt(after="Line 29")
        person.quits()
    with closing(kept()) as store:
        *typed, pasted = [turn.user.text for turn in store.transcripts.turns(1)]
    newlines = [f"first {number}\nsecond {number}" for number in range(3)]
    assert typed == [*newlines, "/usr/bin is full", "/quit is a word"]
    assert pasted.startswith("/quit\nLine 0")


def test_triple_quotes_hold_lines_together() -> None:
    """Between them Enter is a new line."""
    with chat() as person:
        person.sees_prompt()
        for line in ('"""', "one", "", "two", '"""'):
            person.types(line)
            person.presses("enter")
        person.sees_prompt(after="two")
    store = kept()
    assert store.transcripts.turns(1)[0].user.text == "one\n\ntwo"
    store.close()


def test_up_brings_back_what_was_typed_in_another_run_and_another_terminal() -> None:
    """One history for all terminals, read anew for each line."""
    with chat() as first:
        first.sees_prompt()
        with chat() as second:  # only now: a terminal that nobody looks at does not tell where its cursor is
            second.sees_prompt()
            first.says("I like jasmine tea")
            first.sees_prompt(after="jasmine tea")
            second.says("/help")
            second.sees_prompt(after="/quit")
            second.presses("up")
            second.sees("> /help", times=2)
            second.presses("up")
            second.sees("> I like jasmine tea")
        first.quits()
    with chat() as person:
        person.sees_prompt()
        person.presses("ctrl-r")
        person.types("jasm")
        person.sees("> I like jasmine tea")
        person.presses("ctrl-g")  # out of the search, where Ctrl-D does not leave


def test_ctrl_c_clears_the_line_and_keeps_it_in_history() -> None:
    """Half-typed lines are not lost: typing between two Ctrl-C tells that nobody wants to leave."""
    with chat() as person:
        person.sees_prompt()
        for words in ("first half", "second half"):
            person.types(words)
            person.sees(f"> {words}")
            person.presses("ctrl-c")
            person.sees_prompt(after="Ctrl-C again leaves")
        person.presses("up")
        person.sees("> second half")
        person.presses("up")
        person.sees("> first half")


def test_ctrl_c_twice_leaves() -> None:
    """Two within two seconds (tests/cli/test_keyboard.py has the seconds)."""
    with chat() as person:
        person.sees_prompt()
        person.presses("ctrl-c")
        person.sees("Ctrl-C again leaves")
        person.types("not yet")  # then the next one is a first one again, and the second comes at the same stroke
        person.sees("> not yet")
        person.presses("ctrl-c", "ctrl-c")
        assert person.leaves() == 0


def test_an_unknown_command_stays_in_the_line_and_a_known_one_is_completed() -> None:
    """Nothing is sent; the nearest command is named, and the line can be mended.

    A slash opens the menu with a line of help each; Tab takes the only one.
    """
    with chat() as person:
        person.sees_prompt()
        person.types("/reme")
        person.sees("> /reme")
        person.sees_no("/rename")  # the menu of what was typed before has more in it
        person.sees("Keep a note in your own words.")
        person.presses("tab")
        person.sees("> /remember")
        person.types("I like tea")
        person.sees("> /remember I like tea")
        person.presses("enter")
        person.sees("+ m1  I like tea")
        person.sees_prompt()
        person.types("/halp")
        person.presses("enter")
        person.sees("Nearest: /help")
        person.sees("> /halp")
        person.presses("backspace", "backspace", "backspace")
        person.types("elp")
        person.presses("enter")
        person.sees("Erase a memory for good")
        person.sees_prompt()


def test_commands_show_and_change_memory() -> None:
    """/remember, /memory, /profile, /undo and /forget with its question, in full width too."""
    with chat() as person:
        person.sees_prompt()
        person.says("/remember I like jasmine tea")
        person.sees("+ m1  I like jasmine tea")
        person.says("／ｍｅｍｏｒｙ")
        person.sees("1 active.")
        person.says("/memory m1")
        person.sees("importance 5")
        person.says("My name is Alice")
        person.sees("display_name: Alice")
        person.says("/profile")
        person.sees("1 of 9 known")
        person.says("/forget m1")
        person.sees("Erase? Type yes")
        person.presses("enter")
        person.sees("Nothing was erased")
        person.says("/forget m1")
        person.sees("Erase? Type yes", times=2)
        person.presses("ctrl-c")
        person.sees("Nothing was erased", times=2)
        person.says("/forget ｍ１")
        person.sees("Erase? Type yes", times=3)
        person.types("ｙｅｓ")
        person.presses("enter")
        person.sees("Erased")
        person.says("/undo m2")
        person.sees("no longer known")
        person.says("/memory m1")
        person.sees("error: There is no memory m1")
        person.says("/quit")
        assert person.leaves() == 0


def test_a_turn_is_taken_back_with_what_it_taught() -> None:
    """/undo withdraws the message, the reply and the memory."""
    with chat() as person:
        person.sees_prompt()
        person.says("I am allergic to peanuts")
        person.sees_prompt(after="/undo m1")
        person.says("/undo")
        person.sees("Taken back:")
        person.sees("no longer known")
        person.says("/undo")
        person.sees("error:")
        person.quits()
    store = kept()
    assert store.memories.get(1).withdrawn_at is not None
    store.close()


def test_conversations_are_listed_named_and_gone_on_with() -> None:
    """/new, /sessions, /rename, /resume, /model."""
    with chat() as person:
        person.sees_prompt()
        person.says("/rename Too early")
        person.sees("no message yet")
        person.says("We spoke of rate limits")
        person.sees_prompt(after="limits\n\n")
        person.says("/rename Rate limits")
        person.sees("s1 is called Rate limits.")
        person.says("/new")
        person.sees("begins with your next message")
        person.says("Now something else")
        person.sees_prompt(after="else\n\n")
        person.sees("s2")
        person.says("/sessions")
        person.sees("Enter goes on with it")
        person.presses("escape")
        person.sees("Go on with one: /resume ID")
        person.says("/resume s1")
        person.sees("Rate limits, 1 turn")
        person.says("/model")
        person.sees("notebook answers, on this computer.")
        person.says("/why")
        person.sees("was shown nothing")
        person.says("/resume")
        person.sees("Something is missing")


def test_a_conversation_goes_on_where_it_was_left() -> None:
    """`-c`: what it was about stands above the prompt."""
    with chat() as person:
        person.sees_prompt()
        person.says("We spoke of rate limits")
        person.sees_prompt(after="limits\n\n")
        person.quits()
    with chat("-c") as person:
        person.sees("s1  We spoke of rate limits, 1 turn")
        person.sees("> We spoke of rate limits")
        person.sees_prompt()
        person.says("And of trial keys")
        person.sees_prompt(after="keys\n\n")
        person.quits()
    store = kept()
    assert len(store.transcripts.turns(1)) == 2
    store.close()


def test_a_file_goes_with_the_first_message(tmp_path: Path) -> None:
    """`-f`: it is named above the prompt and sent once."""
    notes = tmp_path / "notes.md"
    notes.write_text("The rate limit is 100.\n", "utf-8")
    with chat("-f", str(notes)) as person:
        person.sees("Goes with your first message:")
        person.sees_prompt()
        person.says("Keep this in mind")
        person.sees_prompt(after="mind\n\n")
        person.says("Thanks")
        person.sees_prompt(after="Thanks\n\n")
        person.quits()
    store = kept()
    first, second = store.transcripts.turns(1)
    assert [part.origin for part in first.user.parts] == [Origin.FILE, Origin.TYPED]
    assert len(second.user.parts) == 1
    store.close()


def test_incognito_leaves_nothing_behind(home: Path) -> None:
    """No database, no history, no log; the bottom line says so, and memory is not opened."""
    with chat("--incognito") as person:
        person.sees("incognito")
        person.sees_prompt()
        person.says("I like jasmine tea")
        person.sees_prompt(after="tea\n\n")
        person.presses("up")
        person.sees("> I like jasmine tea", times=2)
        person.presses("ctrl-u")
        person.says("/memory")
        person.sees("does not open your memory")
        person.says("/incognito")
        person.sees("incognito already")
        person.quits()
    assert not [path for path in home.rglob("*") if path.is_file()]


def test_a_chat_goes_incognito() -> None:
    """From then on nothing is kept, of the history of typing either."""
    with chat() as person:
        person.sees_prompt()
        person.says("Keep this")
        person.sees_prompt(after="this\n\n")
        person.says("/incognito")
        person.sees("nothing of this chat is kept")
        person.says("A secret of mine")
        person.sees_prompt(after="mine\n\n")
        person.quits()
    store = kept()
    assert store.typed.newest(10) == ["/incognito", "Keep this"]
    assert [turn.user.text for turn in store.transcripts.turns(1)] == ["Keep this"]
    store.close()


def test_a_secret_is_masked_in_history_too() -> None:
    """What was typed is kept masked wherever it is kept."""
    secret = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dF3hJ5"
    with chat() as person:
        person.sees_prompt()
        person.types(f"my key is {secret}")
        person.presses("enter")
        person.sees("A secret in your message was masked")
        person.sees_prompt()
    store = kept()
    assert secret not in store.typed.newest(1)[0]
    store.close()


def test_what_could_not_be_saved_stands_in_the_line_again() -> None:
    """The disk is full for a while: not a word is lost, what was pasted is still a paste, and Enter sends it."""
    with chat() as person:
        person.sees_prompt()
        with closing(apsw.Connection(str(config.paths(os.environ).db))) as full:
            full.set_busy_timeout(5_000)
            full.execute("CREATE TRIGGER no_room BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'no room'); END")
            person.types("Keep this: ")
            person.pastes(LETTER)
            person.sees("Line 29")
            person.presses("enter")
            person.sees("error: The database refused: no room")
            person.sees("Line 29 of a letter from Mei.", times=2)
            full.execute("DROP TRIGGER no_room")
        person.presses("enter")
        person.sees_prompt(after="no room")
        person.quits()
    store = kept()
    (turn,) = store.transcripts.turns(1)
    assert [part.origin for part in turn.user.parts] == [Origin.TYPED, Origin.PASTE]
    assert turn.user.parts[1].content == LETTER
    store.close()


def write_editor(folder: Path, body: str) -> str:
    """An editor that does what `body` says with the file `$1`."""
    path = folder / "editor"
    path.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    path.chmod(0o755)
    return str(path)


def test_the_editor_writes_into_the_line(tmp_path: Path) -> None:
    """Ctrl-X Ctrl-E and /edit: what was written stands in the line and is sent by Enter, as typed words."""
    editor = write_editor(tmp_path, 'printf "%s from the editor\\n" "$(cat "$1")" > "$1.new" && mv "$1.new" "$1"')
    with chat(env={"EDITOR": editor}) as person:
        person.sees_prompt()
        person.types("words")
        person.presses("ctrl-x", "ctrl-e")
        person.sees("> words from the editor")
        person.presses("enter")
        person.sees_prompt(after="editor\n\n")
        person.says("/edit more")
        person.sees("> more from the editor")
        person.presses("enter")
        person.sees_prompt(after="more from the editor\n\n")
    store = kept()
    assert [turn.user.text for turn in store.transcripts.turns(1)] == ["words from the editor", "more from the editor"]
    store.close()


def test_an_editor_that_fails_costs_no_word(tmp_path: Path) -> None:
    """The line stays as it was, and the error says what to do."""
    with chat(env={"EDITOR": write_editor(tmp_path, "exit 3")}) as person:
        person.sees_prompt()
        person.types("words")
        person.presses("ctrl-x", "ctrl-e")
        person.sees("with 3.")
        person.sees("> words")
        person.presses("ctrl-u")
        person.says("/edit")
        person.sees("with 3.", times=2)
        person.sees_prompt()


@pytest.mark.parametrize("mode", [(), ("--incognito",)])
def test_what_was_written_in_an_editor_that_fails_is_not_lost(tmp_path: Path, mode: tuple[str, ...]) -> None:
    """It stands in the line; no file is named, as none stays."""
    body = 'printf "all I wrote" > "$1"; exit 1'
    with chat(*mode, env={"EDITOR": write_editor(tmp_path, body)}) as person:
        person.sees_prompt()
        person.types("words")
        person.presses("ctrl-x", "ctrl-e")
        person.sees("with 1.")
        person.sees("> all I wrote")
        person.presses("ctrl-u")
        person.says("/edit words")
        person.sees("with 1.", times=2)
        person.sees("> all I wrote", times=1)
        assert "message.md" not in person.text


def test_what_turns_text_around_is_seen_in_the_line() -> None:
    """Characters nobody sees show as their numbers, in history too; what is sent is what was pasted."""
    with chat() as person:
        person.sees_prompt()
        person.pastes("I like \u202etea\u2069 best")
        person.sees("> I like <202e>tea<2069> best")
        person.presses(*["ctrl-b"] * 5)
        person.types("!")
        person.sees("> I like <202e>tea<2069>! best")
        person.presses("enter")
        person.sees_prompt(after="best\n\n")
        person.presses("up")
        person.sees("> I like <202e>tea<2069>! best", times=2)
        person.presses("ctrl-u")
        person.pastes("/ha\u202elp")
        person.presses("enter")
        person.sees("Nearest: /help")
        assert "\u202e" not in person.raw
    store = kept()
    assert store.transcripts.turns(1)[0].user.text == "I like \u202etea\u2069! best"
    store.close()


def test_twenty_columns_are_enough() -> None:
    """Nothing overflows, nothing is lost, on the smallest terminal."""
    with chat(rows=24, columns=20) as person:
        person.sees_prompt()
        person.types("I am allergic to peanuts")
        person.presses("enter")
        person.sees("/undo m1")
        person.sees_prompt()
        person.says("/help")
        person.sees_prompt(after="Leave.")
        person.says("/memory")
        person.sees_prompt(after="1 active.")
        assert all(len(row) <= 20 for row in person.everything)
        assert [row for row in person.screen if row][-1].endswith("remembering")
        person.quits()


def test_a_window_that_is_dragged_goes_on() -> None:
    """Narrower and wider while a line is being typed."""
    with chat() as person:
        person.sees_prompt()
        person.types("I like")
        person.sees("> I like")
        person.resizes(20, 40)
        person.types(" tea")
        person.sees("> I like tea")
        person.presses("enter")
        person.sees_prompt()


def test_vi_keys_where_they_are_wanted() -> None:
    """`--vi`: Escape and a command edit the line."""
    with chat("--vi") as person:
        person.sees_prompt()
        person.types("I like tae")
        person.sees("> I like tae")
        person.presses("escape")
        person.types("bcwtea")
        person.sees("> I like tea")


def test_a_terminal_that_is_too_plain_gets_plain_input() -> None:
    """`TERM=dumb`: each Enter sends a line, with a notice."""
    with chat(env={"TERM": "dumb", "EDITOR": "true"}) as person:
        person.sees("too plain for editing")
        person.sees("line.\n>")
        person.types('"""\nI like\ntea\n"""\n')
        person.sees("\n>", times=2)
        person.types("/halp\n")
        person.sees("error: There is no /halp.")
        person.sees("\n>", times=3)  # what is typed before the prompt is there has no echo
        person.types("/edit words\n")
        person.sees("\n> words\n")
        person.sees("\n>", times=5)
        person.types("half a line")
        person.presses("ctrl-c")
        person.sees("\n>", times=6)
        person.quits()
        assert "\x1b" not in person.raw
    store = kept()
    assert [turn.user.text for turn in store.transcripts.turns(1)] == ["I like\ntea", "words"]
    store.close()


def test_a_reader_of_the_output_gets_the_replies(tmp_path: Path) -> None:
    """`memchat | tee log`: plain input with a notice, the words in the log without paint."""
    log = tmp_path / "log"
    command = f'"{sys.executable}" -m memchat > "{log}"'
    env = {"MEMCHAT_MODEL": "notebook", "MEMCHAT_MEMORY__ENABLED": "true"}
    with Terminal(["/bin/sh", "-c", command], env=env) as person:
        person.sees("plain input")
        person.sees("\n>")
        person.types("I like tea\n")
        person.sees("+ m1")
        person.sees("\n>", times=2)  # Ctrl-D ends the input where a line is waited for; before, it is a character
        person.quits()
    words = log.read_text("utf-8")
    assert words.strip()
    assert "\x1b" not in words
