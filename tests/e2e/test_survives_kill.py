"""`kill -9` at any moment: what was sent is there, the database is whole, and the next start goes on."""

import os
import random
import signal
import time
from pathlib import Path

import apsw
import pytest

from tests.e2e.forking import forked
from tests.e2e.running import NOTEBOOK, PATIENCE, here, memchat, seen_within, with_server
from tests.e2e.talker import PLACES
from tests.servers.openai_server import Server
from tests.servers.replies import Reply

KILLS = 24
MOST = 4  # messages that are waited for before a kill
LONGEST = 0.3  # seconds of talk after them: some twenty turns


def killed_after(messages: int, seconds: float) -> list[str]:
    """Let the talker send so many messages and talk on, kill it; the lines it had told, a line cut in two left out.

    The messages are what a slow disk has to manage; the seconds are what makes the moment any moment.
    """
    with forked("tests.e2e.talker", "talk", "100000", env=NOTEBOOK) as process:
        assert process.out.readline() == "ready\n"
        told: list[str] = []
        while sum(line.startswith("sent") for line in told) < messages:
            told.append(process.out.readline())
            assert told[-1], "the talker ended by itself"
        time.sleep(seconds)  # the moment of the kill is what is tried out
        process.kill()
        assert process.wait() == -signal.SIGKILL
        told += process.out.readlines()
    return [line for line in told if line.endswith("\n")]


def look(path: Path) -> tuple[set[str], set[str]]:
    """The user's messages and those that are answered, read from the file itself once it is proved whole."""
    connection = apsw.Connection(str(path))
    try:
        assert connection.execute("PRAGMA integrity_check").get == "ok"
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        messages = connection.execute(
            "SELECT m.id, m.role, m.parent, p.content FROM messages m JOIN parts p ON p.message_id = m.id"
        ).fetchall()
    finally:
        connection.close()
    said = {number: str(text) for number, role, _, text in messages if role == "user"}
    return set(said.values()), {said[parent] for _, role, parent, _ in messages if role != "user" and parent in said}


def test_what_was_acknowledged_survives_any_kill(home: Path) -> None:
    """Two dozen kills at random moments of one growing session; each start goes on where the last one was killed."""
    moments = random.Random(2026)
    sent: set[str] = set()
    done: set[str] = set()
    for _ in range(KILLS):
        for line in killed_after(moments.randint(0, MOST), moments.uniform(0, LONGEST)):
            kind, _, text = line.rstrip("\n").partition(" ")
            (sent if kind == "sent" else done).add(text)
        kept, answered = look(home / "memchat.db")
        assert sent <= kept
        assert done <= answered
    assert len(sent) > KILLS
    last = memchat("ask", "--session", "talk", "--json", "Where do I live?").json
    assert last["session"] == "s1"
    assert last["answer"].startswith(PLACES)


@pytest.mark.parametrize(
    "reply", [Reply("never said", wait=20), Reply("word " * 500, delay=0.05)], ids=["wait", "talk"]
)
def test_a_message_without_reply_is_repaired_at_the_next_start(
    openai_server: Server, home: Path, reply: Reply, capsys: pytest.CaptureFixture[str]
) -> None:
    """Killed while the model thinks or talks: the question is kept, and the next request says that none answered it."""
    env = with_server(openai_server)
    openai_server.script(reply)
    with forked("memchat", "ask", "--session", "talk", "What is a token bucket?", env=env) as process:
        process.into.close()
        assert seen_within(PATIENCE, lambda: len(openai_server.requests) == 1)
        if not reply.wait:
            os.read(process.out.fileno(), 1)
        process.kill()
        assert process.wait() == -signal.SIGKILL
    kept, _ = look(home / "memchat.db")
    assert kept == {"What is a token bucket?"}
    after = here(capsys, "ask", "--session", "talk", "Are you there?", env=env)
    assert after.out == "You said: Are you there?\n"
    *_, question, nothing, again = openai_server.requests[-1].messages
    assert question["content"] == "What is a token bucket?"
    assert (nothing["role"], nothing["content"]) == ("assistant", "[no reply]")
    assert again["content"].endswith("Are you there?")
