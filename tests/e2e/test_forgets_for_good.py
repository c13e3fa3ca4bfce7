"""Forgetting at a real terminal: the plan, the word yes, what came of it, in the shell and in a chat."""

import os
import sys

from memchat import config
from memchat.store.connection import open_store

from tests.builders import add_note, add_turn
from tests.e2e.running import memchat
from tests.e2e.terminal import Terminal, chat, kept


def command(*words: str, columns: int = 80) -> Terminal:
    """A command of memchat at a terminal."""
    return Terminal([sys.executable, "-m", "memchat", *words], rows=60, columns=columns)


def answers(person: Terminal, words: str) -> None:
    """At a question, which is no prompt of the chat."""
    person.types(words)
    person.presses("enter")


def seed() -> None:
    """Somebody whose editor is 林美華, and who knows a John."""
    store = kept()
    add_turn(store, "On Mondays John comes at 9, Johnny later.", "Noted.")
    add_turn(store, "編輯是林美華，稿子用 email 寄。", "記下了，林美华。")
    add_note(store, "John comes on Mondays at 9")
    add_note(store, "編輯是林美華")
    store.close()


def said(session: int) -> list[str]:
    """What a conversation holds now."""
    store = kept()
    try:
        return [message.text for message in store.transcripts.path(session)]
    finally:
        store.close()


def test_enter_leaves_all_as_it_is_and_yes_erases() -> None:
    """The screen of section 6, at 80 columns."""
    seed()
    with command("forget", "John") as person:
        person.sees('"John" is not an id, so this looks for the word.')
        person.sees("Looks alike, not included: Johnny (s1.1)")
        person.sees("Enter to leave all as it is:")
        person.presses("enter")
        assert person.leaves() == 7
    assert said(1)[0] == "On Mondays John comes at 9, Johnny later."
    with command("forget", "--match", "John") as person:
        person.sees("Enter to leave all as it is:")
        answers(person, "yes")
        person.sees('0 traces of "John"')
        person.sees("Outside memchat's reach, so still yours to do:")
        assert person.leaves() == 0
    assert said(1)[0] == "On Mondays [erased] comes at 9, Johnny later."


def test_a_text_typed_unseen_is_on_no_screen_but_in_the_plan() -> None:
    """At 40 columns, in Chinese, both scripts."""
    seed()
    with command("forget", "--match", "-", columns=40) as person:
        person.sees("Text to forget")
        answers(person, "林美華")
        person.sees("Type yes, or Enter")
        answers(person, "是")
        person.sees('0 traces of "林美華"')
        assert person.leaves() == 0
        assert all(len(line) <= 40 for line in person.everything)
    assert said(2) == ["編輯是[erased]，稿子用 email 寄。", "記下了，[erased]。"]


def test_some_can_be_left_out_at_the_question() -> None:
    """`yes without s1.1`."""
    seed()
    with command("forget", "John") as person:
        person.sees("Enter to leave all as it is:")
        answers(person, "yes without s1.1")
        person.sees("1 memory: m1")
        assert person.leaves() == 0
    assert said(1)[0] == "On Mondays John comes at 9, Johnny later."


def test_a_chat_goes_on_without_what_was_forgotten() -> None:
    """By a word, then the conversation itself: the next message begins another."""
    with chat() as person:
        person.sees_prompt()
        person.says("My cat is called Xerxes and I like rye bread.")
        person.sees_prompt(after="rye bread  ")
        person.says("/forget Xerxes")
        person.sees("Enter to leave all as it is:")
        answers(person, "yes")
        person.sees('0 traces of "Xerxes"')
        person.sees_prompt(after="cloud folders")
        assert said(1)[0] == "My cat is called [erased] and I like rye bread."
        person.says("/forget s1")
        person.sees("Conversations, whole")
        answers(person, "yes")
        person.sees("whole: s1")
        person.says("Hello again")
        person.sees("Hello.")
        person.quits()
    assert said(2)[0] == "Hello again"
    assert memchat("sessions", "show", "s1").code == 6


def test_the_next_start_finishes_what_was_killed_before_the_disk_was_clean() -> None:
    """A backup that was to be deleted goes with the next command."""
    seed()
    path = config.paths(os.environ).db
    store = open_store(path)
    store.database.rows("INSERT INTO meta VALUES ('to_clean', 1)")
    store.close()
    backup = path.with_name(f"{path.name}.backup-v3-x")
    backup.write_text("John")
    assert memchat("memory", "list").code == 0
    assert not backup.exists()
