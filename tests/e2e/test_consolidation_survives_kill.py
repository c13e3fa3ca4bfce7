"""A consolidation killed at any step: after the next start each turn is summarised once, and no fact is there twice."""

import json
import re
import signal
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from memchat.chat.consolidating import Fate
from memchat.domain import JobStatus, Role, Session, SessionKind
from memchat.ports import Store
from memchat.store.connection import open_store

from tests.builders import spoken, typed
from tests.conftest import NOW, FrozenClock
from tests.e2e.conversing import an_app
from tests.e2e.forking import forked
from tests.e2e.running import PATIENCE, seen_within, with_server
from tests.servers.openai_server import Server
from tests.servers.replies import Body, Reply
from tests.servers.replies import spoken as text_of

TURNS = 30  # one call takes 25, another the rest
# The others are tried out within one process: tests/chat/test_survives_death.py.
STEPS = [
    "after:lease",
    "before:complete",
    "after:complete",
    "after:add",
    "after:advance",
    "before:commit",
    "after:commit",
]


def tallied(body: Body) -> str:
    """Sums up by counting: the marks of the summary so far, then those of the new turns; a fact for each of these."""
    text = text_of(body["messages"][-1]["content"])
    before, _, new = text.partition("# New turns")
    _, _, so_far = before.partition("# Summarised before")
    turns = re.findall(r'^turn (\d+).*\nuser: "I like fruit number k(\d+)', new, re.MULTILINE)
    facts = [
        {
            "op": "add",
            "target": None,
            "field": "note",
            "text": f"likes fruit number k{mark}",
            "turn": int(turn),
            "quote": f"I like fruit number k{mark}",
            "importance": 6,
            "lasting": True,
        }
        for turn, mark in turns
    ]
    marks = [*re.findall(r"k\d+", so_far), *(f"k{mark}" for _, mark in turns)]
    summary = f"Wanted: to name fruit.\nResolved: {' '.join(marks)}"
    return json.dumps({"title": "Fruit", "summary": summary, "topics": ["fruit"], "facts": facts})


def talked(path: Path, host: str) -> None:
    """A chat of thirty turns that nobody has summed up: its window was closed."""
    with closing(open_store(path)) as store, store.transaction():
        session = store.transcripts.create_session(SessionKind.CHAT, at=NOW, model="openai/test", host=host, learn=True)
        leaf = None
        for turn in range(1, TURNS + 1):
            text = typed(f"I like fruit number k{turn}.")
            leaf = store.transcripts.add_message(session.id, turn, Role.USER, text, parent=leaf, at=NOW).id
            reply = spoken("Good to know.")
            leaf = store.transcripts.add_message(session.id, turn, Role.ASSISTANT, reply, parent=leaf, at=NOW).id


def whole(store: Store) -> Session:
    """The session, once it is proved that each turn is in its summary once, and each fact in memory once."""
    session = store.transcripts.session(1)
    assert re.findall(r"k\d+", session.summary) == [f"k{turn}" for turn in range(1, TURNS + 1)]
    assert session.mark == session.leaf
    memories = store.memories.all()
    assert sorted(memory.text for memory in memories) == sorted(
        f"likes fruit number k{turn}" for turn in range(1, TURNS + 1)
    )
    assert all(len(memory.sources) == 1 for memory in memories)
    assert store.jobs.listing() == []
    assert len(store.jobs.listing([JobStatus.DONE])) == 1
    return session


def next_start(env: dict[str, str]) -> None:
    """What the next chat does in the background; then all is proved to be there once."""
    with an_app(env, FrozenClock(datetime.now(UTC) + timedelta(minutes=1))) as app:
        app.store.jobs.sweep(app.owner, app.clock.now())
        assert {done.fate for done in app.consolidator(app.store).run_pending()} <= {Fate.DONE}
        whole(app.store)


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_each_turn_is_summarised_exactly_once(step: str, openai_server: Server, home: Path) -> None:
    """The next start takes the dead owner's job at once and finds either all of a range written or nothing of it."""
    openai_server.consolidation = tallied
    env = with_server(openai_server)
    talked(home / "memchat.db", urlsplit(openai_server.url).netloc)
    with forked("tests.e2e.dying", step, env=env) as process:
        assert process.wait() == -signal.SIGKILL
    next_start(env)


def test_killed_while_the_model_answers_nothing_is_lost(openai_server: Server, home: Path) -> None:
    """The call is under way and never answered; the job runs again."""
    openai_server.consolidation = Reply("never said", wait=20)
    env = with_server(openai_server)
    talked(home / "memchat.db", urlsplit(openai_server.url).netloc)
    with forked("tests.e2e.dying", "never:reached", env=env) as process:
        assert seen_within(PATIENCE, lambda: len(openai_server.consolidations) == 1)
        process.kill()
        assert process.wait() == -signal.SIGKILL
    with closing(open_store(home / "memchat.db")) as store:
        assert store.transcripts.session(1).summary == ""
        assert [job.status for job in store.jobs.listing()] == [JobStatus.RUNNING]
    openai_server.consolidation = tallied
    next_start(env)
