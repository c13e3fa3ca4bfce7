"""The past is found when it is asked for, shown with its date, and never taken for anything new."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

import pytest
from memchat.bootstrap import App, ChatRequest
from memchat.chat.events import Assembled, TurnFinished
from memchat.domain import Context, Layer, Zone

from tests.builders import add_turn, typed
from tests.conftest import NOW, FrozenClock
from tests.e2e.conversing import an_app
from tests.e2e.running import NOTEBOOK, memchat, with_server
from tests.servers.openai_server import Server
from tests.servers.replies import Reply, Tool

DECISION = "Let's settle it: the API rate limit is 100 requests a minute for each key, with a burst of 20."
CHATTER = (
    ("How do I rename a branch in git?", "git branch -m old new"),
    ("What should I cook tonight?", "Perhaps a risotto with mushrooms."),
    ("The tests of the billing service are slow", "Run them in parallel with pytest-xdist."),
    ("My knee hurts after running", "Rest it for a few days, and see somebody if it does not pass."),
    ("Recommend me a novel", "Try one by Ursula K. Le Guin."),
)


def talk(app: App, text: str, reply: str, at: datetime) -> None:
    """One session of one turn."""
    add_turn(app.store, text, reply=reply, at=at)


@pytest.fixture
def app(clock: FrozenClock, openai_server: Server) -> Iterator[App]:
    """39 sessions over as many days, the decision in the third."""
    with an_app(with_server(openai_server), clock) as app:
        begun = NOW - timedelta(days=40)
        for day in range(39):
            told, reply = (DECISION, "Noted: 100 a minute.") if day == 2 else CHATTER[day % len(CHATTER)]
            talk(app, told, reply, begun + timedelta(days=day))
        yield app


def assembled(app: App, text: str) -> tuple[Context, TurnFinished]:
    """What a new chat sends for the message, and how it ended."""
    with closing(app.open_chat(ChatRequest())) as engine, closing(engine.run_turn(typed(text))) as events:
        seen = list(events)
    (context,) = [one.context for one in seen if isinstance(one, Assembled)]
    (finished,) = [one for one in seen if isinstance(one, TurnFinished)]
    return context, finished


def newest(server: Server) -> str:
    """The newest user message, as the wire carried it."""
    (found,) = [str(m["content"]) for m in server.requests[-1].messages if m["role"] == "user"][-1:]
    return found


def test_a_decision_of_session_3_is_in_the_request_of_session_40(app: App, openai_server: Server) -> None:
    """With its date and its place, before the user's own words; and the turn says what it was shown."""
    openai_server.script(Reply("100 a minute."))
    context, finished = assembled(app, "What did we decide about the API rate limit?")
    day = (NOW - timedelta(days=38)).date()
    told = newest(openai_server)
    assert f'[memchat] On {day} (s3.1) you were told: "{DECISION}"' in told
    assert told.endswith("What did we decide about the API rate limit?")
    assert "s3.1" in [passage.ref for passage in finished.shown]
    rows = app.store.usages.shown(40, 1)
    assert "s3.1" in {row.ref for row in rows if row.zone is Zone.TAIL}
    assert sum(passage.tokens for passage in context.kept if passage.zone is Zone.TAIL) <= 600


@pytest.mark.parametrize("words", ["thanks!", "謝謝！", "ok, make it shorter", "Hello there", "gracias", "👍"])
def test_thanks_bring_nothing(app: App, openai_server: Server, words: str) -> None:
    """The request of session 40 holds the words alone: a tail of 0 tokens."""
    openai_server.script(Reply("You are welcome."))
    context, _ = assembled(app, words)
    assert context.tail == ""
    assert newest(openai_server) == words


def test_a_named_time_finds_that_days_talk_and_not_anothers(app: App) -> None:
    """`last month`, 上個月 and a day."""
    october = [one for one in app.recall().look("last month", NOW, count=len).kept if one.layer is Layer.EPISODE]
    assert october
    assert {one.at.astimezone(NOW.tzinfo).month for one in october if one.at} == {10}
    chinese = [
        one for one in app.recall().look("我們上個月聊了什麼", NOW, count=len).kept if one.layer is Layer.EPISODE
    ]
    assert {one.at.astimezone(NOW.tzinfo).month for one in chinese if one.at} == {10}
    day = (NOW - timedelta(days=38)).date()
    found = app.recall().look(f"What did we talk about on {day:%B} {day.day}?", NOW, count=len).kept
    assert {one.at.astimezone(NOW.tzinfo).date() for one in found[:2] if one.at} == {day}


def test_what_was_recalled_is_neither_indexed_nor_learned_again(app: App, openai_server: Server) -> None:
    """It stands in the tail, which nobody saves; a model that repeats it as a fact is not believed."""
    line = {"field": "note", "text": "API rate limit is 100 requests a minute", "quote": DECISION}
    openai_server.script(Reply(tools=(Tool("remember", json.dumps(line)),)), Reply("As I said: 100."))
    assembled(app, "What did we decide about the API rate limit?")
    assert app.store.memories.all() == []
    session = app.store.transcripts.session(40)
    assert [DECISION in message.text for message in app.store.transcripts.path(session.id)].count(True) == 0
    hits = [one.ref for one in app.recall().look("burst of 20", NOW, count=len).kept]
    assert hits[:1] == ["s3.1"]
    assert "s40.1" not in hits


def test_the_model_reads_on_in_a_session(app: App, openai_server: Server) -> None:
    """`read_session` gives what was said there, in order, as data with its place."""
    call = Tool("read_session", json.dumps({"id": "s3", "question": "rate limit"}))
    openai_server.script(Reply(tools=(call,)), Reply("100 a minute."))
    _, finished = assembled(app, "Read it again please: the rate limit")
    (result,) = [m for m in openai_server.requests[-1].messages if m["role"] == "tool"]
    told = json.loads(str(result["content"]))
    assert [(one["ref"], one["speaker"]) for one in told["turns"]] == [("s3.1", "user"), ("s3.1", "assistant")]
    assert told["turns"][0]["text"] == DECISION
    assert "s3.1" in [passage.ref for passage in finished.shown]


def test_recall_can_be_switched_off(clock: FrozenClock, openai_server: Server) -> None:
    """Nothing recalled by itself, and no tools for it; search still works."""
    env = with_server(openai_server) | {"MEMCHAT_RECALL__ENABLED": "false"}
    with an_app(env, clock) as app:
        talk(app, DECISION, "Noted.", NOW - timedelta(days=9))
        openai_server.script(Reply("I do not know."))
        context, _ = assembled(app, "What did we decide about the API rate limit?")
        assert context.tail == ""
        offered = {tool["function"]["name"] for tool in openai_server.requests[-1].body["tools"]}
        assert offered.isdisjoint({"recall", "read_session"})
        assert app.recall().look("rate limit", NOW, count=len).kept[0].ref == "s1.1"


def test_the_notebook_answers_from_a_past_talk() -> None:
    """Without any model: the exchange is found by its words and told with its day."""
    memchat("ask", "We settled on 100 requests a minute for the public API, burst 20.", env=NOTEBOOK)
    asked = memchat("ask", "--json", "What did we settle on for the public API?", env=NOTEBOOK)
    assert asked.code == 0
    assert "100 requests a minute" in asked.json["answer"]


def test_words_alone_are_searched_where_the_embedder_fails(clock: FrozenClock, openai_server: Server) -> None:
    """A named embedder whose key is missing costs its part only, and is told."""
    env = with_server(openai_server) | {"MEMCHAT_RECALL__EMBEDDING": "gemini/text-embedding-004"}
    with an_app(env, clock) as app:
        talk(app, DECISION, "Noted.", NOW - timedelta(days=9))
        found = app.recall().look("rate limit", NOW, count=len)
        assert found.kept[0].ref == "s1.1"
        assert found.trouble
