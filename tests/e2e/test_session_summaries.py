"""The last three conversations open the next one: over the loopback server, whatever it says, and beside 300 asks."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from memchat.bootstrap import App, ChatRequest
from memchat.chat.consolidating import Done, Fate
from memchat.domain import JobStatus, NewMemory, Origin, SessionKind, Source
from memchat.llm.tokens import TiktokenCounter

from tests.conftest import NOW, FrozenClock
from tests.e2e.conversing import an_app, say
from tests.e2e.running import here, with_server
from tests.e2e.terminal import chat
from tests.servers.consolidations import asked
from tests.servers.openai_server import Server
from tests.servers.replies import Body

HEAD_TOKENS = 1_000  # context.head_tokens
TALKS = (
    ("Plan the trip to Porto", "a trip to Porto in May", "the night train, 84 euros", "book a hotel near the river"),
    ("請幫我寫一封信給編輯", "寫一封信給編輯林美華", "語氣正式，週五前寄出", "附上第三章"),
    ("Which rate limit for trial keys?", "a rate limit for trial keys", "30 a minute", "tell Ines about trial keys"),
)


def summing(title: str, wanted: str, resolved: str, pending: str, **more: object) -> str:
    """What the model makes of one conversation."""
    summary = f"Wanted: {wanted}\nResolved: {resolved}\nPending: {pending}"
    return json.dumps({"title": title, "summary": summary, "topics": ["plans"], "facts": []} | more, ensure_ascii=False)


def leave(app: App, session_id: int) -> list[Done]:
    """A chat is left: what the screen's side of leaving does, without the screen."""
    app.store.jobs.enqueue_left(session_id, app.clock.now())
    return app.consolidator(app.store).run_pending()


@pytest.fixture
def app(openai_server: Server, clock: FrozenClock) -> Iterator[App]:
    """The loopback server answers."""
    with an_app(with_server(openai_server), clock) as opened:
        yield opened


def talked(app: App, server: Server, clock: FrozenClock) -> None:
    """Each of the talks in a chat of its own, which was left and is summed up."""
    for title, *parts in TALKS:
        server.consolidation = summing(title, *parts)
        with closing(app.open_chat(ChatRequest())) as engine:
            say(engine, title)
            assert engine.session is not None
            session_id = engine.session.id
        (done,) = leave(app, session_id)
        assert done.fate is Fate.DONE
        clock.advance(minutes=5)


def test_the_fourth_session_begins_with_the_summaries_of_three(
    app: App, openai_server: Server, clock: FrozenClock
) -> None:
    """At a terminal, left with Ctrl-D; wanted, resolved and pending of three chats stand apart in its head."""
    talked(app, openai_server, clock)
    with chat(env=with_server(openai_server)) as person:
        person.sees_prompt()
        person.says("Good morning!")
        person.sees_prompt(after="You said: Good morning!")
        person.quits()
    head = openai_server.requests[3].messages[0]["content"]
    for number, (title, wanted, resolved, pending) in enumerate(TALKS, 1):
        told = [
            f"wanted {json.dumps(wanted, ensure_ascii=False)}",
            f"resolved {json.dumps(resolved, ensure_ascii=False)}",
        ]
        told.append(f"pending {json.dumps(pending, ensure_ascii=False)}")
        assert f'(s{number}) "{title}": {"; ".join(told)}' in head
    assert "# Last conversations" in head
    assert TiktokenCounter("openai/test").count(head) <= HEAD_TOKENS
    assert len(openai_server.consolidations) == 4  # one call a session


@pytest.mark.no_cover  # so long that measuring it is half its time; shorter tests run every line of it
def test_three_hundred_asks_are_no_three_hundred_summaries(app: App, openai_server: Server, clock: FrozenClock) -> None:
    """Twelve calls for their facts, no summary, and the last three chats still open the next one."""
    talked(app, openai_server, clock)
    assert len(openai_server.consolidations) == len(TALKS)

    def only_facts(body: Body) -> str:
        how = asked(body)
        assert how is not None
        assert set(how.schema["properties"]) == {"facts"}
        return json.dumps({"facts": []})

    openai_server.consolidation = only_facts
    for number in range(300):
        with closing(app.open_chat(ChatRequest(kind=SessionKind.ONESHOT))) as engine:
            say(engine, f"What is {number} + {number}?")
        app.consolidator(app.store).run_pending(patient=False)
    assert len(openai_server.consolidations) == len(TALKS) + 300 // 25
    oneshots = app.store.transcripts.sessions(kinds=[SessionKind.ONESHOT])
    assert len(oneshots) == 300
    assert not any(session.summary or session.topics for session in oneshots)
    assert app.store.jobs.listing() == []
    with closing(app.open_chat(ChatRequest())) as engine:
        say(engine, "Where were we?")
    head = openai_server.requests[-1].messages[0]["content"]
    assert all(pending in head for *_, pending in TALKS)


def everything_known(app: App) -> list[tuple[str, str, str]]:
    """Each memory's field, text and status now."""
    now = app.clock.now()
    return [(memory.field, memory.text, memory.status(now)) for memory in app.store.memories.all()]


GARBAGE = [
    ("I am sorry, I cannot do that.", Fate.FAILED),
    ("", Fate.FAILED),
    ("{}", Fate.FAILED),
    ("[1, 2, 3]", Fate.FAILED),
    (json.dumps({"title": 3, "summary": ["x"], "topics": "none", "facts": {"op": "add"}}), Fate.FAILED),
    (json.dumps({"title": "Tea", "summary": None, "topics": [], "facts": []}), Fate.FAILED),
    ("\x00\x1b[2J\ud83d", Fate.FAILED),
    ("Sure! Here it is:\n```json\n" + summing("Tea", "tea", "green", "buy some") + "\n```\nAnything else?", Fate.DONE),
    (summing("Tea", "tea", "green", "buy some")[:-2], Fate.DONE),
    (summing("Tea", " ".join(f"tea{cup}" for cup in range(10_000)), "green", "buy some"), Fate.DONE),
    (
        summing(
            "Forget",
            "to forget everything",
            "all memories are to be erased now",
            "run memchat forget --all",
            facts=[
                {"op": op, "target": ref, "field": "note", "text": "", "turn": 1, "quote": "I like tea"}
                | {"importance": 9, "lasting": True}
                for op in ("retract", "update")
                for ref in ("m1", "m2", "m3", "*")
            ],
        ),
        Fate.DONE,
    ),
]


@pytest.mark.parametrize(("reply", "fate"), GARBAGE, ids=range(len(GARBAGE)))
def test_whatever_the_model_answers_nothing_known_is_lost(
    reply: str,
    fate: Fate,
    app: App,
    openai_server: Server,
    clock: FrozenClock,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Profile, notes and earlier summaries are as they were; `doctor` shows what failed, and does it again."""
    for field, text in (("display_name", "Alice"), ("", "allergic to peanuts"), ("location", "Taipei")):
        app.store.memories.add(NewMemory(text, Source(Origin.HAND, NOW), field), NOW)
    openai_server.consolidation = summing(*TALKS[0])
    with closing(app.open_chat(ChatRequest())) as engine:
        say(engine, "I like tea")
        assert engine.session is not None
        session_id = engine.session.id
        leave(app, session_id)
        known, before = everything_known(app), app.store.transcripts.session(session_id).summary
        assert len(known) == 3
        clock.advance(hours=1)
        say(engine, "And I like tea in the evening")
    openai_server.consolidation = reply
    (done,) = leave(app, session_id)
    assert done.fate is fate
    assert everything_known(app) == known
    now = app.store.transcripts.session(session_id)
    failed = here(capsys, "doctor", "--json", env=with_server(openai_server)).json["jobs"]
    if fate is Fate.DONE:
        assert failed == []
        assert TiktokenCounter("openai/test").count(now.summary) <= 200
        assert now.mark == now.leaf
        return
    assert (now.summary, now.mark == now.leaf) == (before, False)
    assert [(job["session"], job["status"]) for job in failed] == [(now.ref, "failed")]
    assert failed[0]["error"]
    assert len(openai_server.consolidations) == 3  # asked once more, with what was wrong
    openai_server.consolidation = summing(*TALKS[2])
    again = here(capsys, "doctor", "--retry", env=with_server(openai_server))
    assert again.code == 0, again.err
    now = app.store.transcripts.session(session_id)
    assert now.mark == now.leaf
    assert app.store.jobs.listing([JobStatus.FAILED]) == []


def test_a_day_later_the_summary_is_still_there(app: App, openai_server: Server, clock: FrozenClock) -> None:
    """A running summary is remade with what was said since: the one so far goes into the request for it."""
    openai_server.consolidation = summing(*TALKS[0])
    with closing(app.open_chat(ChatRequest())) as engine:
        say(engine, "Plan the trip to Porto")
        assert engine.session is not None
        session_id = engine.session.id
        leave(app, session_id)
        clock.set(NOW + timedelta(days=1))
        say(engine, "The hotel is booked")
    openai_server.consolidation = summing("Porto", "a trip to Porto", "train and hotel booked", "pack")
    leave(app, session_id)
    asked_for = openai_server.consolidations[-1].messages[-1]["content"]
    assert "book a hotel near the river" in asked_for
    assert "The hotel is booked" in asked_for
    assert "Plan the trip to Porto" not in asked_for.partition("# New turns")[2]
    assert app.store.transcripts.session(session_id).summary.endswith("Pending: pack")
