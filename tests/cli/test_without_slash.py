"""/without ID as it is typed and told, with the notebook and over the wire, at a real terminal, in every mode."""

import io
import json
import os
from contextlib import closing
from typing import Any

import pytest
from memchat.bootstrap import App, ChatRequest, open_app
from memchat.chat.comparing import Difference, Kind
from memchat.cli import without_slash
from memchat.cli.conversation import Conversation
from memchat.cli.keyboard import Interrupts
from memchat.cli.terminal import Screen
from memchat.domain import CONVERSATIONS_ONLY, INCOGNITO, NO_LEARN, Mode

from tests.builders import add_note, typed
from tests.cli.chatting import chatted
from tests.cli.screens import Keys, terminal, widest
from tests.e2e.running import with_server
from tests.e2e.terminal import Terminal, chat, kept
from tests.servers.openai_server import Server
from tests.servers.replies import Fault, Reply, Tool

TABLE = "Here is a table for Lisbon. Trial keys get 30.\n\nAnything else?"
OTHER = "Here is a table. Trial keys get 30.\n\nWhere do you live?"


def test_the_notebook_is_asked_again_without_a_field(app: App) -> None:
    """By the field's name, by the bare number, full-width; the reply that stands is told beside the other."""
    add_note(app.store, "Lisbon", field="location")
    seen = chatted(app, "Where do I live?", "/without location", "/without １", "／ｗｉｔｈｏｕｔ Ｍ１")
    assert seen.count('s1.1 again, without m1 "location: Lisbon":') == 3
    told = seen.split("again, without")[1]
    assert "Only in the reply that stands: -   Only in this one: +" in " ".join(told.split("\n"))
    assert "  - " in told
    assert "Lisbon" in told.split("  - ")[1].splitlines()[0]
    assert "The reply above stays, and nothing of this one is kept" in told
    assert "It cost" not in told  # nothing was sent
    assert [turn.number for turn in app.store.transcripts.turns(1)] == [1]


def test_the_same_answer_says_so(app: App) -> None:
    """It made no difference."""
    add_note(app.store, "Lisbon", field="location")
    add_note(app.store, "likes jasmine tea")
    assert without_slash.SAME in chatted(app, "Where do I live?", "/without m2")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/without", "error: Something is missing after the command."),
        ("/without m9", "error: There is no memory m9."),
        ("/without s9.1", "error: s9.1 was not shown to the last reply."),
        ("/without s9", "error: s9 was not shown to the last reply."),
        ("/without shoe_size", "error:"),
    ],
)
def test_what_was_not_shown_cannot_be_left_out(app: App, line: str, told: str) -> None:
    """Said in two lines, and the chat goes on."""
    seen = chatted(app, "Hello!", line, "/usage")
    assert told in seen
    assert "again, without" not in seen
    assert "This conversation: 1 turn by the notebook" in seen


@pytest.mark.parametrize("mode", [INCOGNITO, CONVERSATIONS_ONLY])
def test_where_memory_is_not_read_there_is_nothing_to_leave_out(app: App, mode: Mode) -> None:
    """Whatever is named: the memory is not even looked at."""
    add_note(app.store, "Lisbon", field="location")
    assert "error: This chat is shown nothing of memory." in chatted(app, "Hello!", "/without m1", mode=mode)


def test_where_nothing_is_learned_it_works(app: App) -> None:
    """`--no-learn` reads as ever."""
    add_note(app.store, "Lisbon", field="location")
    seen = chatted(app, "Where do I live?", "/without m1", mode=NO_LEARN)
    assert "again, without m1" in seen
    assert "The reply above stays" in seen


def test_a_prefix_of_why_stays_why(app: App) -> None:
    """One letter is not enough for the new command."""
    assert "has no reply yet" in chatted(app, "/w")


def started(server: Server) -> None:
    """A field, and two answers: with it and without."""
    with closing(kept()) as store:
        add_note(store, "Lisbon", field="location")
    server.script(Reply(text=TABLE), Reply(text=OTHER))


def test_both_replies_stand_on_a_real_terminal(openai_server: Server) -> None:
    """Over the wire: the request less one line, the other reply, the difference; then the talk goes on from the old.

    At eighty columns, and again once the window was made half as wide.
    """
    started(openai_server)
    openai_server.script(Reply(text=OTHER))
    with chat_with(openai_server) as person:
        person.says("A table, please.")
        person.sees_prompt(after="Anything else?")
        for times, columns in enumerate((80, 40), 1):
            person.resizes(40, columns)
            person.says("/without m1")
            person.sees("tokens in", times=times)
            person.sees_prompt()
            rows = "\n".join(person.everything).rpartition("> /without m1")[2].splitlines()
            flat = " ".join(" ".join(rows).split())
            for words in (
                's1.1 again, without m1 "location: Lisbon":',
                "- Here is a table for Lisbon. + Here is a table. 1 line the same",
                "1 line the same - Anything else? + Where do you live?",
                "The reply above stays, and nothing of this one is kept: the next message goes on from there.",
            ):
                assert words in flat, columns
            assert all(len(row) <= columns for row in rows)
        person.says("Go on.")
        person.sees_prompt(after="You said: Go on.")
        person.says("/why")
        person.sees_prompt(after="was shown of")
        person.quits()
    first, second, narrow, third = [request.body for request in openai_server.requests]
    assert narrow == second
    assert "Lisbon" in first["messages"][0]["content"]
    assert "Lisbon" not in second["messages"][0]["content"]
    assert len(first["messages"][0]["content"]) - len(second["messages"][0]["content"]) < 100
    assert second["tools"] == first["tools"]
    assert second["messages"][1:] == first["messages"][1:]
    assert third["messages"][:2] == first["messages"]
    assert third["messages"][2] == {"role": "assistant", "content": TABLE}
    assert [call.purpose for call in kept().usages.calls(1, 1)] == ["chat", "without", "without"]


def chat_with(server: Server, *, columns: int = 80) -> Terminal:
    """A chat that the loopback server answers."""
    return chat(model="openai/test", columns=columns, rows=40, env=with_server(server))


def test_a_trial_teaches_nothing(openai_server: Server) -> None:
    """The model would remember: nothing is written, nothing said of it."""
    started(openai_server)
    fact = {"field": "note", "text": "likes tables", "quote": "A table"}
    openai_server.script(Reply(tools=(Tool("remember", json.dumps(fact)),)), Reply(text="Fine."))
    with closing(open_app({**os.environ, **with_server(openai_server)})) as app:
        seen = chatted(app, "A table, please.", "/without m1", "/without m1")
    assert seen.index("Anything else?") < seen.index("Where do you live?") < seen.index("Fine.")
    assert "likes tables" not in seen
    assert [memory.text for memory in kept().memories.all()] == ["Lisbon"]


def test_ctrl_c_stops_a_trial_and_an_error_ends_it(openai_server: Server) -> None:
    """What came stays on the screen, the old reply in the conversation; the error is told, and the chat goes on."""
    started(openai_server)
    openai_server._script.pop()
    openai_server.script(Reply(text="Half of it and more", hang_after=3), Fault(500, b"{}"), Reply(text="On we go."))
    with chat_with(openai_server) as person:
        person.says("A table, please.")
        person.sees_prompt(after="Anything else?")
        person.says("/without m1")
        person.sees("Half")
        person.presses("ctrl-c")
        person.sees_prompt(after="Stopped.")
        assert "nothing of this one is kept" not in person.text
        assert "  Stopped. The reply above stays. It cost about " in person.text
        person.says("/without m1")
        person.sees_prompt(after="error:")
        assert "/retry" not in person.text
        told = person.text.rpartition("> /without m1")[2]
        assert "--model" not in told
        assert "The reply above stays. /model notebook goes on offline." in told
        assert "\n\n\n" not in told.partition("error:")[0]
        person.says("Go on.")
        person.sees_prompt(after="On we go.")
        person.quits()
    assert [turn.reply for turn in kept().transcripts.turns(1)] == [TABLE, "On we go."]
    purposes = [call.purpose for call in kept().usages.calls(1, 1)]
    assert purposes == ["chat", "without", "without"]


def test_two_ctrl_c_leave_from_a_trial_too(app: App) -> None:
    """As during any reply."""
    add_note(app.store, "Lisbon", field="location")
    both = io.StringIO()
    chat = Conversation(
        app, ChatRequest(), Screen({"TERM": "dumb"}, stdin=Keys(""), stdout=both, stderr=both), Interrupts()
    )
    with closing(chat):
        list(chat.engine.run_turn(typed("Where do I live?")))
        chat.interrupts.leaving = True
        chat.engine.use(Interrupting())
        without_slash.without(chat, "m1")
        assert chat.leaving
    assert "Stopped." in both.getvalue()


class Interrupting:
    """A model during whose answer Ctrl-C is pressed."""

    name, host, local, window, window_from, sees = "slow", "far.example", False, 128_000, "a test", False

    def stream(self, context: Any, tools: Any) -> Any:
        """Never comes to its first word."""
        raise KeyboardInterrupt

    def complete(self, task: Any, stop: Any) -> Any:
        """It is asked for none."""
        raise AssertionError(task.name)


@pytest.mark.parametrize("columns", [120, 80, 40, 20])
def test_a_difference_fits_every_terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """Long pieces are folded below their sign, Chinese too."""
    pieces = ("Trial keys get thirty requests a minute, and no burst at all.", "我們決定速率限制：每分鐘一百次。" * 3)
    told = [Difference(kind, pieces) for kind in Kind]
    lines = without_slash.compared(terminal(monkeypatch, columns), told)
    assert widest(lines) <= columns
    assert sum(line.startswith("  - ") for line in lines) == 2
    assert sum(line.startswith("  + ") for line in lines) == 2
    assert "    2 lines the same" in lines
