"""Taking back at a real terminal: one memory, turns, and what a redo does; a model that would have one forgotten."""

import json
from datetime import UTC, datetime

import pytest

from tests.e2e.running import here, with_server
from tests.e2e.terminal import Terminal, chat, kept
from tests.servers.openai_server import Server
from tests.servers.replies import Reply, Tool

FACTS = "My name is Alice, I live in Taipei and I am allergic to peanuts"


def remembers(field: str, text: str, quote: str) -> Tool:
    """A call of `remember`."""
    return Tool("remember", json.dumps({"field": field, "text": text, "quote": quote}), id=f"call_{field}")


def forgets(*refs: str, reason: str = "you asked") -> Reply:
    """A reply that only proposes to forget these."""
    calls = [Tool("propose_forget", json.dumps({"id": ref, "reason": reason}), id=f"call_{ref}") for ref in refs]
    return Reply(tools=tuple(calls))


def chat_with(server: Server, *arguments: str) -> Terminal:
    """A chat that the loopback server answers."""
    env = {"OPENAI_API_KEY": "sk-test-key", "OPENAI_BASE_URL": server.url}
    return chat(*arguments, model="openai/test-model", env=env)


def active() -> list[str]:
    """What is known, as another process reads it."""
    store = kept()
    try:
        return [memory.text for memory in store.memories.active(datetime.now(UTC))]
    finally:
        store.close()


def asked() -> list[str]:
    """The messages on the active path of s1."""
    store = kept()
    try:
        return [turn.user.text for turn in store.transcripts.turns(1)]
    finally:
        store.close()


def test_the_undo_beside_a_line_takes_back_that_memory_alone() -> None:
    """As it stands at the line's edge, in full width too; /redo brings it back."""
    with chat() as person:
        person.sees_prompt()
        person.says(FACTS)
        person.sees_prompt(after="/undo m3")
        assert active() == ["Alice", "Taipei", "allergic to peanuts"]
        person.says("/undo m3")
        person.sees("- m3  allergic to peanuts: no longer known")
        assert active() == ["Alice", "Taipei"]
        assert asked() == [FACTS]
        person.says("/redo")
        person.sees("+ m3  allergic to peanuts", times=2)
        assert active() == ["Alice", "Taipei", "allergic to peanuts"]
        person.says("／undo ｍ２")
        person.sees("- m2  location: Taipei: no longer known")
        person.quits()
    assert active() == ["Alice", "allergic to peanuts"]
    assert asked() == [FACTS]


def test_turns_are_taken_back_and_brought_back() -> None:
    """With what they taught, and what that had replaced; until the next message."""
    with chat() as person:
        person.sees_prompt()
        person.says("I live in Berlin.")
        person.sees_prompt(after="/undo m1")
        person.says("I live in Lisbon.")
        person.sees_prompt(after="/undo m2")
        person.says("/undo")
        person.sees('Taken back: "I live in Lisbon." and its reply.')
        person.sees("- m2  location: Lisbon: no longer known")
        person.sees("m1  location: Berlin: holds again")
        assert active() == ["Berlin"]
        person.says("/redo")
        person.sees('Back again: "I live in Lisbon." and its reply.')
        person.sees_prompt(after="Back again:")
        assert active() == ["Lisbon"]
        person.says("/undo 3")
        person.sees("error: This conversation has only 2 turns")
        person.says("／undo ２")
        person.sees('Taken back: "I live in Berlin." and its reply.')
        person.sees_prompt(after='Taken back: "I live in Berlin."')
        assert (asked(), active()) == ([], [])
        person.says("/redo")
        person.sees('Back again: "I live in Berlin." and its reply.')
        person.says("/undo")
        person.sees("holds again", times=2)
        person.says("I like jasmine tea")
        person.sees_prompt(after="/undo m3")
        person.says("/redo")
        person.sees("error: There is nothing to bring back.")
        person.says("/undo two")
        person.sees("is no number of turns and no memory's id")
        person.quits()
    assert asked() == ["I live in Berlin.", "I like jasmine tea"]


def test_a_proposal_to_forget_is_asked_about_refused_and_agreed_to(openai_server: Server) -> None:
    """Enter, a slip and Ctrl-C leave all as it was; a yes erases, and the model never sees it again.

    A yes that was typed during the reply, for something else, erases nothing: it stands in the next input line instead.
    """
    openai_server.script(
        Reply(tools=(remembers("note", "likes jasmine tea", "I like jasmine tea"),)),
        Reply(text="Noted."),
        *(reply for _ in range(3) for reply in (forgets("m1"), Reply(text="I have put it to you."))),
        *(forgets("m1"), Reply(text="word " * 40, delay=0.03)),
        *(forgets("m1"), Reply(text="I have put it to you.")),
        Reply(text="Nothing of the kind."),
    )
    with chat_with(openai_server) as person:
        person.sees_prompt()
        person.says("I like jasmine tea")
        person.sees_prompt(after="/undo m1")
        for time, answer in enumerate(("", "y", "ctrl-c"), 1):
            person.says(f"Forget the tea, please, {time}")
            person.sees('The assistant proposes to forget m1 (its reason: "you asked").', times=time)
            person.sees("Erase? Type yes", times=time)
            person.types(answer if answer == "y" else "")
            person.presses("ctrl-c" if answer == "ctrl-c" else "enter")
            person.sees("Nothing was erased", times=time)
            person.sees_prompt()
        assert person.text.index("I have put it to you.") < person.text.index("The assistant proposes")
        assert active() == ["likes jasmine tea"]
        person.says("Forget that")
        person.sees("word word")
        person.types("yes")
        person.presses("enter")
        person.sees("Erase? Type yes", times=4)
        person.presses("enter")
        person.sees("Nothing was erased", times=4)
        person.waits(lambda: "> yes" in person.screen, "what was typed ahead is lost")
        assert active() == ["likes jasmine tea"]
        person.presses("ctrl-u")
        person.says("Forget it, I said")
        person.sees("Erase? Type yes", times=5)
        person.types("yes")
        person.presses("enter")
        person.sees("Erased    1 memory: m1;")
        person.sees_prompt(after="Erased")
        assert active() == []
        person.says("What do I like?")
        person.sees_prompt(after="Nothing of the kind.")
        person.quits()
    told = [message["content"] for message in openai_server.requests[3].body["messages"] if message["role"] == "tool"]
    assert json.loads(told[0])["status"] == "active"
    assert json.loads(told[-1]) == {
        "status": "asked",
        "id": "m1",
        "note": "the user will be asked after your reply; nothing is erased unless they type yes",
    }
    for message in openai_server.requests[-1].body["messages"]:
        assert "jasmine" not in json.dumps(message)


def test_a_hostile_model_can_ask_three_times_and_erase_nothing(openai_server: Server) -> None:
    """It proposes every id there is, in every round, with a reason that begs: three questions, nothing more."""
    refs = [f"m{number}" for number in range(1, 6)]
    begging = forgets(*refs, reason='done"). Type yes to go on.\n\nErased.\x1b[2J')
    openai_server.script(*(begging for _ in range(5)), Reply(text="All is forgotten."))
    with chat_with(openai_server) as person:
        for number in range(1, 5):
            person.says(f"/remember I own {number} cats and a dog")
            person.sees(f"+ m{number}  I own")
        person.says("Hello")
        for number in range(1, 4):
            person.sees(f"The assistant proposes to forget m{number}")
            person.sees("Erase? Type yes", times=number)
            person.presses("enter")
            person.sees("Nothing was erased", times=number)
        person.sees_prompt()
        assert "proposes to forget m4" not in person.text
        person.quits()
    assert len(active()) == 4


def test_whoever_asks_once_is_told_the_command(openai_server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """`memchat ask` asks nothing back: it names the command on standard error, and the id in the document."""
    env = with_server(openai_server)
    here(capsys, "memory", "add", "I like jasmine tea", env=env)
    openai_server.script(forgets("m1"), Reply(text="As you like."), forgets("m1"), Reply(text="As you like."))
    done = here(capsys, "ask", "Forget the tea", "--no-wait", env=env)
    assert (done.code, done.out) == (0, "As you like.\n")
    assert "memchat forget m1" in done.err
    assert here(capsys, "ask", "Forget the tea", "--json", "--no-wait", env=env).json["proposed_forget"] == ["m1"]
    assert active() == ["I like jasmine tea"]
