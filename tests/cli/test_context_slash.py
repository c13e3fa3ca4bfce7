"""/context: what the next message would show, in every mode, as the chat stands; and that it is what then is sent."""

import pytest
from memchat.bootstrap import App
from memchat.domain import INCOGNITO, NO_LEARN

from tests.builders import add_note, add_turn
from tests.cli.chatting import chatted
from tests.cli.shell import Shell
from tests.e2e.running import with_server
from tests.e2e.terminal import chat
from tests.servers.openai_server import Server
from tests.servers.replies import Reply


def test_what_would_be_sent_is_told_and_nothing_is_saved(app: App) -> None:
    """With words what they would bring along; without, what every message carries."""
    add_turn(app.store, "We decided on a rate limit of 100 a minute.", "Noted.")
    add_note(app.store, "allergic to peanuts")
    seen = chatted(app, "/context", "/context what did we decide about the rate limit?", "Hello!", "/context")
    empty, asked, after = seen.split("Would go to notebook")[1:]
    assert "no turn yet" in empty
    assert "s1.1" not in empty.split("Left out")[0].split("Tail")[1]
    assert "    s1.1  " in asked
    assert "1 turn" in after
    assert "What the last reply was shown: /why" in after
    assert [session.turns for session in app.store.transcripts.sessions()] == [1, 1]


def test_what_was_learned_here_is_told_in_the_tail(app: App) -> None:
    """The head of a chat stays as it was: a memory of now comes with the message, as it would be sent."""
    seen = chatted(app, "Hello!", "/remember I am allergic to peanuts", "/context")
    tail = seen.split("Tail, for this question")[1]
    assert "new" in tail
    assert "peanuts" in tail


@pytest.mark.parametrize("mode", [INCOGNITO, NO_LEARN])
def test_it_works_in_every_mode(app: App, mode: object) -> None:
    """Where nothing is read nothing of memory is in it."""
    add_note(app.store, "allergic to peanuts")
    seen = chatted(app, "Hello!", "/context", mode=mode)  # type: ignore[arg-type]  # - a parameter of pytest's
    assert "1 turn" in seen
    assert ("notes" in seen.split("Head, the same")[1].split("\n  Tail")[0]) == (mode is NO_LEARN)


def test_a_secret_is_masked_here_too(app: App) -> None:
    """It is said, and it does not stand on the screen again."""
    seen = chatted(app, "/context my key is sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD")
    assert "A secret in your message was masked" in seen


def test_on_a_real_terminal_it_is_what_then_is_sent(openai_server: Server, shell: Shell) -> None:
    """The next request holds what was told, no more; a second look costs the provider nothing."""
    assert shell("profile", "set", "location", "Lisbon").code == 0
    openai_server.script(Reply(text="Four."), Reply(text="Six."))
    with chat(model="openai/test", columns=80, rows=40, env=with_server(openai_server)) as person:
        person.says("2+2?")
        person.sees_prompt(after="Four.")
        for times, columns in enumerate((80, 40), 1):
            person.resizes(40, columns)
            person.says("/context And 3+3?")
            person.sees("What the last reply", times=times)
            person.sees_prompt()
            told = person.text.rpartition("> /context And 3+3?")[2]
            flat = " ".join(told.split())
            assert f"Would go to openai/test at {openai_server.address}. Nothing was sent." in flat
            assert "This conversation 1 turn" in flat
            assert "profile 1 field" in flat
            assert all(len(row) <= columns for row in told.splitlines())
        person.says("And 3+3?")
        person.sees_prompt(after="Six.")
        person.quits()
    assert len(openai_server.requests) == 2
    first, second = (request.body["messages"] for request in openai_server.requests)
    assert second[: len(first)] == first
    assert [message["role"] for message in second] == ["system", "user", "assistant", "user"]
