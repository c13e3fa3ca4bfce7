"""One conversation in two terminals: turns are serial, and what came from the other is shown."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from tests.e2e.terminal import Terminal, kept
from tests.e2e.test_terminal_reply import chat_with
from tests.servers.openai_server import Server
from tests.servers.replies import Reply


def test_what_is_said_in_one_terminal_is_shown_in_the_other(openai_server: Server) -> None:
    """While a line is being written there; the line stays, and goes to a model that has read both."""
    openai_server.script(Reply(text="Hello one."), Reply(text="Two, **boldly**."), Reply(text="Three."))
    with chat_with(openai_server) as first:
        first.says("This is the first message")
        first.sees_prompt(after="Hello one.")
        with chat_with(openai_server, "--session", "s1") as second:
            second.sees("This is the first message")
            second.sees_prompt()
            second.types("half a tho")
            second.sees("> half a tho")
            first.says("Said in the first terminal")
            first.sees_prompt(after="Two, boldly.")
            second.sees("s1.2, in another terminal:")
            second.sees("Two, boldly.")
            second.sees("> half a tho")
            second.types("ught")
            second.presses("enter")
            second.sees_prompt(after="Three.")
            first.sees("s1.3, in another terminal:")
            first.sees("> half a thought")
            first.sees("Three.")
            assert second.text.count("Two, boldly.") == 1
            assert first.text.count("Two, boldly.") == 1
            second.quits()
        first.sees_prompt()
        first.quits()
    read = str(openai_server.requests[-1].messages)
    assert "Said in the first terminal" in read
    assert "boldly" in read


@contextmanager
def at_once(server: Server, answer: str) -> Iterator[tuple[Terminal, Terminal]]:
    """Two terminals in one conversation: the first is being answered, at length, and the second has sent a message."""
    server.script(Reply(text="One."), Reply(text=answer, delay=0.05), Reply(text="Mine."))
    with chat_with(server) as first, chat_with(server) as second:
        second.sees_prompt()
        first.says("This is the first message")
        first.sees_prompt(after="One.")
        second.says("/resume s1")
        second.sees_prompt(after="s1  This is the first message")
        first.says("A long one, please")
        first.sees("word word")
        second.says("And mine")
        second.sees("Another terminal is being answered in this conversation; then comes yours.")
        yield first, second


def test_turns_of_one_conversation_are_serial(openai_server: Server) -> None:
    """What is sent while the other terminal is answered waits for that reply, and its request holds it."""
    with at_once(openai_server, "word " * 60 + "finis") as (first, second):
        second.sees_prompt(after="Mine.")
        assert second.text.index("finis") < second.text.index("Mine.")
        first.sees("s1.3, in another terminal:")
        first.sees("Mine.")
    assert "finis" in str(openai_server.requests[-1].messages)
    with closing(kept()) as store:
        assert [turn.user.text for turn in store.transcripts.turns(1)] == [
            "This is the first message",
            "A long one, please",
            "And mine",
        ]
        assert store.transcripts.answerable(1, "here:1")


def test_whoever_does_not_want_to_wait_gets_the_line_back(openai_server: Server) -> None:
    """Ctrl-C while the other terminal is answered: nothing was sent."""
    with at_once(openai_server, "word " * 400) as (first, second):
        second.presses("ctrl-c")
        second.sees("> And mine", times=2)
        second.presses("ctrl-u")
        first.presses("ctrl-c")
        first.sees("Stopped.")
        first.sees_prompt()
    assert len(openai_server.requests) == 2
