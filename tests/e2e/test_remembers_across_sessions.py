"""What is told today is known tomorrow: over the notebook, and over a model on the wire."""

import json
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from memchat.bootstrap import ChatRequest

from tests.conftest import NOW, FrozenClock
from tests.e2e.conversing import an_app, say
from tests.e2e.running import NOTEBOOK, here, memchat, with_server
from tests.servers.openai_server import Server
from tests.servers.replies import Reply, Tool
from tests.servers.seen import Seen


@pytest.mark.parametrize(
    ("told", "question", "words"),
    [
        (
            "My name is Alice, I live in Taipei and I am allergic to peanuts",
            "What is my name, and what must I not eat?",
            ["Alice", "peanuts", "22 Nov"],
        ),
        ("我叫林美華，住在台北，對花生過敏。", "我不能吃什麼？", ["花生", "11 月 22 日"]),
        ("我叫林美华，住在台北，对花生过敏。", "我叫什么名字？", ["林美华"]),
    ],
)
def test_the_notebook_knows_tomorrow_what_it_was_told_today(
    clock: FrozenClock, told: str, question: str, words: list[str]
) -> None:
    """A chat is closed; the next day a new one answers from memory, with the day it was told."""
    with an_app(NOTEBOOK, clock) as app, closing(app.open_chat(ChatRequest())) as engine:
        say(engine, told)
    clock.set(NOW + timedelta(days=1))
    with an_app(NOTEBOOK, clock) as app, closing(app.open_chat(ChatRequest())) as engine:
        reply = say(engine, question)
    for word in words:
        assert word in reply


def test_one_shots_remember_one_another() -> None:
    """Each `ask` is a process of its own; what one was told the next one knows, and says where from."""
    told = memchat("ask", "My name is Alice, I live in Taipei and I am allergic to peanuts")
    assert told.code == 0
    assert "+ m1" in told.err
    asked = memchat("ask", "--json", "What is my name, and what must I not eat?")
    assert "Alice" in asked.json["answer"]
    assert "peanuts" in asked.json["answer"]
    assert {"m1", "m2", "m3"} <= {memory["id"] for memory in asked.json["memories"]}


def texts(seen: Seen, role: str) -> list[str]:
    """What the messages of one role say."""
    return [str(message["content"]) for message in seen.messages if message["role"] == role]


def test_the_second_session_begins_with_profile_and_summary(clock: FrozenClock, openai_server: Server) -> None:
    """Its first request carries the profile that the first session taught, and what that session was about."""
    remember = {"text": "Alice", "quote": "My name is Alice", "field": "display_name"}
    openai_server.script(
        Reply(tools=(Tool("remember", json.dumps(remember)),)), Reply("Nice to meet you."), Reply("Use a token bucket.")
    )
    env = with_server(openai_server)
    with an_app(env, clock) as app, closing(app.open_chat(ChatRequest())) as engine:
        say(engine, "My name is Alice.")
        say(engine, "How do I limit the rate of requests?")
    clock.set(NOW + timedelta(days=1))
    with an_app(env, clock) as app, closing(app.open_chat(ChatRequest())) as engine:
        say(engine, "Good morning!")
    first, second = openai_server.requests[0], openai_server.requests[-1]
    (head,) = texts(second, "system")
    assert "Alice" in head
    assert "How do I limit the rate of requests?" in head
    assert "token bucket" in head
    assert "Alice" not in texts(first, "system")[0]
    assert len(texts(second, "user")) == 1
    assert openai_server.left_over == 0


def as_bytes(messages: list[dict[str, Any]]) -> bytes:
    """Messages as they stand in a request, the end of the list left open."""
    return json.dumps(messages, ensure_ascii=False)[:-1].encode()


def test_a_turn_begins_byte_for_byte_like_the_one_before(clock: FrozenClock, openai_server: Server) -> None:
    """Up to the user's message all is the same, though memory has changed since; that message follows without its tail.

    So a provider's prefix cache hits all that was sent before.
    """
    env = with_server(openai_server)
    with an_app(env, clock) as app, closing(app.open_chat(ChatRequest())) as engine:
        say(engine, "Hello there.")
        remember = {"text": "Lisbon", "quote": "I live in Lisbon", "field": "location"}
        openai_server.script(Reply(tools=(Tool("remember", json.dumps(remember)),)), Reply("Noted."))
        say(engine, "I live in Lisbon now.")
        clock.advance(days=1)
        say(engine, "What is the weather like?")
        say(engine, "And tomorrow?")
    one, two, *_, third, fourth = (seen.messages for seen in openai_server.requests)
    for before, after in ((one, two), (third, fourth)):
        stable, said = before[:-1], before[-1]
        assert as_bytes(after).startswith(as_bytes(stable))
        follows = after[len(stable)]
        assert follows["role"] == said["role"] == "user"
        assert said["content"].endswith(follows["content"])
    tail = third[-1]["content"]
    assert "location is now" in tail
    assert "Lisbon" in tail
    assert fourth[len(third) - 1]["content"] == "What is the weather like?"


def test_a_named_session_goes_on_in_another_process(
    openai_server: Server, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`ask --session NAME` twice: the second request begins with the bytes of the first, and holds its answer."""
    env = with_server(openai_server)
    first = memchat("ask", "--session", "rates", "What is a token bucket?", env=env)
    second = here(capsys, "ask", "--session", "rates", "And a leaky one?", env=env)
    for done, question in ((first, "What is a token bucket?"), (second, "And a leaky one?")):
        assert done.code == 0, done.err
        assert done.out == f"You said: {question}\n"
    one, two = (seen.messages for seen in openai_server.requests)
    assert as_bytes(two).startswith(as_bytes(one[:-1]))
    assert [message["content"] for message in two[len(one) - 1 :]] == [
        "What is a token bucket?",
        "You said: What is a token bucket?",
        two[-1]["content"],
    ]
    assert two[-1]["content"].endswith("And a leaky one?")
    sessions = here(capsys, "sessions", "list", "--json").json
    assert [(session["name"], session["turns"]) for session in sessions] == [("rates", 2)]
    assert home.joinpath("memchat.db").stat().st_mode & 0o077 == 0
