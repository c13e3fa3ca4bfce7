"""Forgetting while another process chats: its next request holds nothing of it, and its conversation goes on."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from memchat.actions import forgetting, memories
from memchat.actions.forgetting import Wanted
from memchat.domain import MemoryStatus
from memchat.store.connection import SqliteStore, open_store

from tests.chat.conftest import FIELDS
from tests.conftest import NOW
from tests.e2e.forking import forked
from tests.e2e.running import with_server
from tests.servers.openai_server import Server
from tests.servers.replies import Body, Reply
from tests.store.conftest import files_with

WORD = "walnuts"
Say = Callable[[str], str]


@pytest.fixture
def store(home: Path) -> Iterator[SqliteStore]:
    """The same database, in this process."""
    with closing(open_store(home / "memchat.db")) as opened:
        yield opened


@pytest.fixture
def say(store: SqliteStore, openai_server: Server) -> Iterator[Say]:
    """A chat in a process of its own; what came of each message."""
    openai_server.answer = lambda body: Reply(f"Noted: {json.dumps(body['messages'][-1]['content'])[-80:]}")
    with forked("tests.e2e.chatting", env=with_server(openai_server)) as process:
        assert process.out.readline() == "ready\n"

        def one(text: str) -> str:
            process.into.write(f"{text}\n")
            process.into.flush()
            return process.out.readline().strip()

        yield one
        process.into.close()
        assert process.wait() == 0


def forget(store: SqliteStore, wanted: Wanted) -> forgetting.Receipt:
    """Plan and act."""
    return forgetting.erase(store, forgetting.plan(store, FIELDS, wanted, NOW), NOW)


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(matches=(WORD,)),
        Wanted(refs=("m1",)),
        Wanted(matches=(WORD,), turns=True),
        Wanted(matches=(WORD,), keep_transcript=True),
        Wanted(session="s1"),
        Wanted(everything=True),
    ],
    ids=["words", "memory", "turns", "kept for its person", "session", "all"],
)
def test_its_next_request_no_longer_holds_it(
    say: Say, store: SqliteStore, openai_server: Server, home: Path, wanted: Wanted
) -> None:
    """Head, turns, tail: all is read afresh; and no file holds a byte of it while both have the database open."""
    if not wanted.session:  # what is written by hand rests on no conversation
        memories.add(store, f"allergic to {WORD}", NOW)
    for text in (f"I am allergic to {WORD}, you know.", f"What about {WORD} for dinner?"):
        assert say(text).startswith("done")
    assert WORD in openai_server.requests[-1].raw.decode()
    receipt = forget(store, wanted)
    assert receipt.traces == 0
    if not wanted.keep_transcript:
        assert files_with(home, WORD) == []
    assert say("Thank you. What is on Monday?").startswith("done")
    assert WORD not in openai_server.requests[-1].raw.decode()
    assert say("And on Tuesday?").startswith("done")
    assert WORD not in openai_server.requests[-1].raw.decode()
    assert "What is on Monday?" in openai_server.requests[-1].raw.decode()


def test_a_reply_that_was_under_way_is_not_kept(
    say: Say, store: SqliteStore, openai_server: Server, home: Path
) -> None:
    """It was made of words that are erased: nothing of it is saved, and the chat says why."""
    memories.add(store, f"allergic to {WORD}", NOW)
    asked, erased = threading.Event(), threading.Event()

    def slow(_: Body) -> Reply:
        asked.set()
        assert erased.wait(30)
        return Reply(f"No {WORD} for you.")

    openai_server.answer = slow
    told: list[str] = []
    talking = threading.Thread(target=lambda: told.append(say("What may I not eat?")))
    talking.start()
    assert asked.wait(30)
    forget(store, Wanted(matches=(WORD,)))
    erased.set()
    talking.join(30)
    assert told[0].startswith("failed Something was erased meanwhile")
    assert files_with(home, WORD) == []
    openai_server.answer = lambda _: Reply("Good day.")
    assert say("Hello?") == "done Good day."


def test_all_that_is_erased_leaves_a_chat_that_works(say: Say, store: SqliteStore, home: Path) -> None:
    """The conversation that it had open is gone; the next message begins another, under a new id."""
    assert say(f"I am allergic to {WORD}.").startswith("done")
    assert forget(store, Wanted(everything=True)).traces == 0
    assert say("Hello again.").startswith("done")
    [session] = store.transcripts.sessions()
    assert (session.id, session.turns) == (2, 1)
    assert [one for one in store.memories.all() if one.stored_status is MemoryStatus.ACTIVE] == []
    assert files_with(home, WORD) == []
