"""/btw TEXT: a side question reads memory and the conversation; nothing of it is kept, sent again or learned."""

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from memchat.bootstrap import App, ChatRequest, open_app
from memchat.chat.aside import Aside
from memchat.cli.conversation import Conversation
from memchat.cli.keyboard import Interrupts
from memchat.cli.typed_history import TypedHistory
from memchat.domain import CONVERSATIONS_ONLY, INCOGNITO, Mode
from memchat.errors import UsageError

from tests.builders import add_note, typed
from tests.cli.chatting import asked, chatted
from tests.cli.screens import pipe
from tests.e2e.running import with_server
from tests.e2e.terminal import chat, kept
from tests.servers.openai_server import Server
from tests.servers.replies import Fault, Reply, Tool, window_exceeded


def test_it_reads_memory_and_keeps_nothing(app: App) -> None:
    """The notebook answers from what is remembered; the conversation holds what stood around it alone."""
    add_note(app.store, "Lisbon", field="location")
    seen = chatted(app, "Hello!", "/btw Where do I live?", "／ｂｔｗ　Where do I live?", "Bye!")
    assert seen.count("Lisbon") >= 2
    assert seen.count("Not kept: the next message goes on as if this had not been asked.") == 2
    assert asked(app) == ["Hello!", "Bye!"]
    assert not [turn for turn in app.store.transcripts.turns(1) if "Lisbon" in turn.reply]


def test_nothing_is_learned_from_it(app: App) -> None:
    """Neither at once nor after the talk, nor is it found again."""
    seen = chatted(app, "Hello!", "/btw I live in Porto and I am allergic to peanuts.", "Bye!")
    assert "+ m" not in seen
    assert app.store.memories.active(app.clock.now()) == []
    assert "Porto" not in "".join(app.store.typed.newest(50))
    chatted(app, "/quit")  # what a chat leaves undone the next one does
    assert app.store.memories.active(app.clock.now()) == []


def test_before_the_first_message_it_is_answered_too(app: App) -> None:
    """There is no conversation yet, and there is none afterwards."""
    add_note(app.store, "Lisbon", field="location")
    assert "Lisbon" in chatted(app, "/btw Where do I live?")
    assert app.store.transcripts.sessions() == []


@pytest.mark.parametrize("line", ["/btw", "/btw   ", "/b"])
def test_without_words_it_says_how(app: App, line: str) -> None:
    """Two lines, and the chat goes on."""
    assert "Like this: /btw what is a burst?" in chatted(app, line)


@pytest.mark.parametrize("mode", [INCOGNITO, CONVERSATIONS_ONLY])
def test_where_memory_is_not_read_it_is_not_read_here_either(app: App, mode: Mode) -> None:
    """A side question has no more rights than the chat."""
    add_note(app.store, "Lisbon", field="location")
    assert "Lisbon" not in chatted(app, "Hello!", "/btw Where do I live?", mode=mode)


def test_a_secret_in_it_is_masked_and_that_is_told(app: App) -> None:
    """One text: a side question is no way around the mask."""
    seen = chatted(app, "/btw is sk-proj-abcdefghijklmnopqrstuvwx0123456789ABCD valid?")
    assert "before it was saved or sent: openai-key." in seen


@pytest.fixture
def served(openai_server: Server) -> Iterator[App]:
    """memchat as it is after setup, with the loopback server."""
    with closing(open_app({**os.environ, **with_server(openai_server)})) as opened:
        yield opened


def test_over_the_wire_the_next_message_does_not_hold_it(openai_server: Server, home: Path) -> None:
    """It goes with the conversation so far; what comes after is sent as if it had never been asked."""
    with chat(env=with_server(openai_server), model="openai/test") as person:
        for line in ("First of all", "/btw tell me of cobalt", "Second of all"):
            person.says(line)
            person.sees_prompt(after=f"You said: {line.removeprefix('/btw ')}")
        person.sees("Not kept")
        person.quits()
    first, aside, second = openai_server.requests
    assert "First of all" in str(aside.body["messages"])
    assert "cobalt" in aside.raw.decode()
    assert "cobalt" not in second.raw.decode()
    assert second.body["messages"][: len(first.body["messages"])] == first.body["messages"]
    assert aside.body["tools"] == second.body["tools"]  # the provider's cache stays good
    assert not [seen for seen in openai_server.consolidations if "cobalt" in seen.raw.decode()]
    for file in home.rglob("*"):
        assert not file.is_file() or b"cobalt" not in file.read_bytes(), file
    with closing(kept()) as store:
        assert [call.purpose for call in store.usages.calls(1, 2)] == ["chat"]
        assert [one.purpose for one in store.usages.spent(1)].count("btw") == 1


def test_tools_that_write_do_nothing_and_those_that_look_do(openai_server: Server, served: App) -> None:
    """`remember` is answered with what it is; `recall` finds."""
    openai_server.script(
        Reply(tools=(Tool("remember", '{"field": "location", "value": "Porto", "quote": "I live in Porto"}', "a"),)),
        Reply(tools=(Tool("recall", '{"query": "Porto"}', "b"),)),
        Reply("So it is."),
    )
    assert "So it is." in chatted(served, "/btw I live in Porto")
    results = [one["content"] for one in openai_server.requests[2].body["messages"] if one["role"] == "tool"]
    assert "nothing is kept" in results[0]
    assert '"found"' in results[1]
    with closing(kept()) as store:
        assert store.memories.untold() == store.memories.active(datetime.now(UTC)) == []


def test_one_that_fails_says_that_nothing_is_kept(openai_server: Server, served: App) -> None:
    """There is nothing to /retry; the message before it still can be."""
    openai_server.script(Fault(status=500))
    seen = chatted(served, "/btw tell me of cobalt", "Hello there")
    assert "ask it again with /btw" in " ".join(seen.partition("You said")[0].split())
    assert "Your message is saved" not in seen
    assert "You said: Hello there" in seen


def test_ctrl_c_stops_it(openai_server: Server) -> None:
    """What came is gone, and the chat goes on."""
    openai_server.script(Reply("Well, cobalt and more", hang_after=3))
    with chat(env=with_server(openai_server), model="openai/test") as person:
        person.says("/btw tell me of it")
        person.sees("cobalt")
        person.presses("ctrl-c")
        person.sees_prompt(after="Stopped.")
        person.presses("up")  # until the next line it can be asked again
        person.sees("> /btw tell me of it")
        person.presses("ctrl-u")
        person.says("Hello there")
        person.sees_prompt(after="You said: Hello there")
        assert "What came is kept" not in person.text
        person.quits()
    with closing(kept()) as store:
        assert store.typed.newest(9) == ["Hello there"]


def test_one_that_is_refused_as_too_long_is_sent_once_more_with_less(openai_server: Server, served: App) -> None:
    """As any message."""
    turns = [f"Turn {number} " + "and so on " * 12 for number in range(4)]
    openai_server.script(*[Reply(f"You said: {turn}") for turn in turns], window_exceeded(), Reply("Short."))
    assert "Short." in chatted(served, *turns, "/btw tell me of cobalt")
    assert len(openai_server.requests) == 6
    assert len(openai_server.requests[5].raw) < len(openai_server.requests[4].raw)


def test_nothing_is_no_question(app: App) -> None:
    """Whoever calls it."""
    with closing(app.open_chat(ChatRequest())) as engine, pytest.raises(UsageError, match="empty"):
        Aside(engine.standing, typed("  "))


def test_a_chat_that_keeps_nothing_brings_it_back_as_its_other_lines(app: App) -> None:
    """Up in incognito: its own lines, the newest first, a side question among them."""
    history = TypedHistory(Conversation(app, ChatRequest(mode=INCOGNITO), pipe(), Interrupts()))
    for line in ("Hello there", "/btw tell me of cobalt", "/nonsense"):
        history.append_string(line)
    assert list(history.load_history_strings()) == ["/nonsense", "/btw tell me of cobalt", "Hello there"]
