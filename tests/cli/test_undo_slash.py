"""/undo and /redo as they are typed and told; tests/chat/test_undo_redo.py says what they do."""

import io
from contextlib import closing

import pytest
from memchat.bootstrap import App, ChatRequest
from memchat.cli.conversation import Conversation
from memchat.cli.keyboard import Interrupts
from memchat.cli.pasted import Line
from memchat.cli.terminal import Screen
from memchat.domain import INCOGNITO

from tests.builders import add_note
from tests.cli.chatting import asked, chatted
from tests.cli.screens import Keys


@pytest.mark.parametrize(
    ("undo", "left"),
    [
        ("/undo", ["First", "Second"]),
        ("/undo 1", ["First", "Second"]),
        ("/undo 2", ["First"]),
        ("／ｕｎｄｏ ３", []),
        ("/und 02", ["First"]),
    ],
)
def test_as_many_turns_go_as_are_named_and_come_again(app: App, undo: str, left: list[str]) -> None:
    """One, where no number is; full-width digits are digits. Each is told on a line of its own."""
    seen = chatted(app, "First", "Second", "Third", undo)
    gone = ["First", "Second", "Third"][len(left) :]
    assert asked(app) == left
    assert [f'Taken back: "{words}" and its reply.' in seen for words in gone] == [True] * len(gone)
    assert seen.count("Taken back") == len(gone)
    assert "/redo" in seen


def test_what_was_taken_back_comes_again_with_what_it_taught(app: App) -> None:
    """Newest first, turns and memories alike; then there is nothing more."""
    seen = chatted(app, "I live in Berlin.", "I live in Lisbon.", "/undo", "/undo m1", "/redo", "/redo", "/redo")
    assert asked(app) == ["I live in Berlin.", "I live in Lisbon."]
    assert [memory.text for memory in app.store.memories.active(app.clock.now())] == ["Lisbon"]
    told = seen.split("- m2  location: Lisbon: no longer known", 1)[1]
    places = [
        told.index(words)
        for words in (
            "m1  location: Berlin: holds again",
            "- m1  location: Berlin: no longer known",
            "+ m1  location: Berlin",
            'Back again: "I live in Lisbon." and its reply.',
            "+ m2  location: Lisbon",
            "m1  location: Berlin: until today",
            "error: There is nothing to bring back.",
        )
    ]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("undo", "error"),
    [
        ("/undo 4", "This conversation has only 3 turns, so nothing was taken back."),
        (f"/undo {'9' * 5000}", "This conversation has only 3 turns, so nothing was taken back."),
        ("/undo 0", "that is no number of turns"),
        ("/undo -1", "'-1' is no number of turns and no memory's id."),
        ("/undo m1 m2", "'m1 m2' is no number of turns and no memory's id."),
        ("/undo s1.2", "'s1.2' is no number of turns and no memory's id."),
        ("/undo ½", "'½' is no number of turns and no memory's id."),
        ("/undo m9", "There is no memory m9."),
        (f"/undo m{'9' * 40}", "There is no memory m999"),
    ],
)
def test_what_cannot_be_taken_back_is_told_and_changes_nothing(app: App, undo: str, error: str) -> None:
    """A wrong number, a wrong id, words."""
    seen = chatted(app, "First", "Second", "Third", undo, "/redo")
    assert error in seen
    assert "error: There is nothing to bring back." in seen
    assert asked(app) == ["First", "Second", "Third"]


def test_a_chat_that_keeps_nothing_takes_back_its_own_turns_only(app: App) -> None:
    """The memory on disk is not its to change."""
    add_note(app.store, "likes tea", at=app.clock.now())
    seen = chatted(app, "First", "/undo m1", "/undo", "/redo", mode=INCOGNITO)
    assert "error: This chat keeps nothing and does not open your memory." in seen
    assert 'Taken back: "First" and its reply.' in seen
    assert 'Back again: "First" and its reply.' in seen
    assert app.store.memories.get(1).withdrawn_at is None


def test_after_another_conversation_was_opened_there_is_nothing_to_redo(app: App) -> None:
    """What was taken back in one does not come back in the other."""
    seen = chatted(app, "First", "/new", "Second", "/undo", "/resume s1", "/redo")
    assert "error: There is nothing to bring back." in seen


def test_why_names_nothing_of_a_turn_that_was_taken_back(app: App) -> None:
    """Nor when it is back: what it looked up then is in `sessions show`."""
    screen = Screen({"TERM": "dumb"}, stdin=Keys(""), stdout=io.StringIO(), stderr=io.StringIO())
    chat = Conversation(app, ChatRequest(), screen, Interrupts())
    with closing(chat):
        chat.say(Line("I like jasmine tea"))
        chat.say(Line("What do I like?"))
        assert chat.shown
        for name in ("undo", "redo"):
            run_command(chat, name)
            assert chat.shown == ()


def run_command(chat: Conversation, name: str) -> None:
    """As the loop does."""
    from memchat.cli.slash import find
    from memchat.cli.slash_commands import COMMANDS
    from memchat.cli.slash_commands import run as run_one

    run_one(chat, find(name, COMMANDS), "")
