"""memchat usage and /usage: over a real database, through litellm to a real server, at a real terminal."""

import sys
from dataclasses import replace

import pytest
from memchat.bootstrap import App
from memchat.domain import INCOGNITO, ModelCall, Usage

from tests.builders import add_note, add_turn
from tests.cli.chatting import chatted
from tests.cli.shell import Shell
from tests.conftest import NOW
from tests.e2e.running import here, with_server
from tests.e2e.terminal import Terminal, chat
from tests.servers.openai_server import Server
from tests.servers.replies import Reply

CALL = ModelCall("chat", "gpt-4o-mini", "api.openai.com", Usage(1_000_000, 0, 0), NOW, memory_tokens=100)
SPENDING = {
    "calls",
    "prompt_tokens",
    "cached_tokens",
    "cached_share",
    "completion_tokens",
    "memory_tokens",
    "cost",
    "unpriced",
}
WEEK = {"week", "learned", "confirmed", "superseded", "forgotten"}
SAVED = {"chats", "turns", "sent_tokens", "everything_tokens", "saved_tokens", "saved_share"}


def seed(shell: Shell) -> None:
    """A chat of one turn, a call whose cost was never booked, one without a price, one for memory; a note."""
    store = shell.store()
    turn = add_turn(store)
    store.usages.record_call(replace(CALL, session_id=turn.session_id, turn=1))
    store.usages.record_call(replace(CALL, model="somebody/elses", host="b.example"))
    store.usages.record_call(replace(CALL, purpose="consolidation", usage=Usage(10, 1), memory_tokens=0))
    add_note(store, "allergic to peanuts")
    store.close()


def test_json_has_every_key_and_unknown_prices_are_null(shell: Shell) -> None:
    """A cost that was not booked is looked up in the bundled list: 15 cents a million."""
    seed(shell)
    document = shell("usage", "--json").json
    assert set(document) == {"since", "total", "days", "models", "memory", "saved", "weeks", "answered_here"}
    assert set(document["total"]) == SPENDING
    assert all(set(row) == {"day", "model", "host", *SPENDING} for row in document["days"])
    assert all(set(row) == {"model", "host", *SPENDING} for row in document["models"])
    assert set(document["memory"]) == {"shown_tokens", "shown_share", "calls"}
    assert set(document["memory"]["calls"]) == SPENDING
    assert set(document["saved"]) == SAVED
    assert all(set(week) == WEEK for week in document["weeks"])
    costs = {row["model"]: row["cost"] for row in document["models"]}
    assert costs == {"gpt-4o-mini": pytest.approx(0.1500021), "somebody/elses": None}
    assert document["total"]["unpriced"] == 1
    assert (document["memory"]["shown_tokens"], document["memory"]["calls"]["prompt_tokens"]) == (200, 10)
    assert document["weeks"] == [{"week": "2026-11-16", "learned": 1, "confirmed": 0, "superseded": 0, "forgotten": 0}]
    assert document["since"] == "2026-11-22"


def test_of_an_empty_database_there_is_a_document_too(shell: Shell) -> None:
    """Lists are empty, sums 0, what cannot be told null; exit 0."""
    done = shell("usage", "--json")
    assert done.code == 0
    assert (done.json["since"], done.json["days"], done.json["saved"], done.json["weeks"]) == (None, [], None, [])
    assert (done.json["total"]["calls"], done.json["total"]["cost"]) == (0, None)
    assert "Nothing was sent yet." in shell("usage").out


def test_a_database_that_is_not_there_is_an_error(shell: Shell) -> None:
    """As for every command that only looks."""
    assert shell("usage", "--db", "/nowhere/memchat.db").code == 5


def test_the_screen_tells_the_same(shell: Shell) -> None:
    """In a pipe; tests/cli/test_usage_view.py has the widths."""
    seed(shell)
    out = shell("usage").out
    assert "gpt-4o-mini" in out
    assert "$0.1500" in out
    assert "Not in the cost: 1 call without a known price." in out
    assert "What memory cost, in tokens" in out


def test_what_was_asked_over_the_wire_is_in_the_books(
    openai_server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the provider counted: tokens, and of the second message what its cache held."""
    env = with_server(openai_server)
    assert here(capsys, "ask", "--session", "talk", "2+2?", "--no-wait", env=env).code == 0
    asked = here(capsys, "ask", "-c", "And 3+3?", "--no-wait", "--json", env=env).json["usage"]
    total = here(capsys, "usage", "--json", env=env).json["total"]
    assert asked["cached_tokens"] > 0
    assert total["calls"] == 2
    assert total["cached_tokens"] == asked["cached_tokens"]
    assert total["prompt_tokens"] > asked["prompt_tokens"]
    assert (total["cost"], total["unpriced"]) == (None, 0)  # a server on this computer has no price


def test_u_says_tokens_cached_memory_and_cost(openai_server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """interface.md, section 1: `-u`."""
    env = with_server(openai_server)
    assert here(capsys, "memory", "add", "allergic to peanuts", env=env).code == 0
    assert here(capsys, "ask", "--session", "talk", "2+2?", "--no-wait", env=env).code == 0
    err = here(capsys, "ask", "-c", "-u", "And 3+3?", "--no-wait", env=env).err
    assert " tokens in (" in err
    assert " cached, " in err
    assert " memory), " in err
    assert " out" in err


def test_in_the_chat_this_conversation_comes_first(app: App) -> None:
    """Before its first message there is only the whole."""
    seen = chatted(app, "/usage", "Hello!", "/usage")
    first, second = seen.split("Hello", 1)
    assert "This conversation" not in first
    assert "Nothing was sent yet." in first
    assert "This conversation: 1 turn by the notebook.\n" in second
    assert "The notebook was asked once: nothing left this computer." in second
    assert "Nothing was sent yet." not in second


def test_the_document_counts_the_calls_that_the_screen_counts(shell: Shell) -> None:
    """Those that left this process; what the notebook answered is told beside them, in turns."""
    seed(shell)
    assert shell("ask", "--no-wait", "2+2?").code == 0
    document = shell("usage", "--json").json
    assert "3 calls, " in shell("usage").out
    assert (document["total"]["calls"], document["answered_here"]) == (3, 1)
    assert {row["model"]: row["calls"] for row in document["models"]} == {
        "gpt-4o-mini": 2,
        "somebody/elses": 1,
        "notebook": 0,
    }
    assert document["memory"]["calls"]["calls"] == 1


def test_what_keeps_nothing_does_not_open_the_books(app: App) -> None:
    """The command says so, and the chat goes on."""
    assert "error: This chat keeps nothing" in chatted(app, "/usage", mode=INCOGNITO)


def test_it_stands_on_a_real_terminal(openai_server: Server, shell: Shell) -> None:
    """In the chat and from the shell: nothing is broken by the edge."""
    openai_server.script(Reply(text="Four."))
    env = with_server(openai_server)
    with chat(model="openai/test", columns=80, rows=40, env=env) as person:
        person.says("2+2?")
        person.sees_prompt(after="Four.")
        for times, columns in enumerate((80, 40), 1):
            person.resizes(40, columns)
            person.says("/usage")
            person.sees("Beside resending", times=times)
            person.sees_prompt()
            told = person.text.rpartition("> /usage")[2]
            assert "This conversation: 1 call," in told
            assert "openai/test" in told
        person.quits()
    for columns in (80, 40):
        with Terminal([sys.executable, "-m", "memchat", "usage"], columns=columns, rows=40, env=env) as person:
            person.sees("sent")
            assert person.leaves() == 0
            rows = [row for row in person.everything if row]
            assert any("sent" in row for row in rows)
            assert all(row.startswith("  ") for row in rows)
    assert shell("usage", "--json").json["saved"]["turns"] == 1
