"""memchat doctor, with a real database, a loopback server and, for Ctrl-C, a process of its own."""

import io
import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from memchat.cli.app import run
from memchat.domain import JobStatus, Role

from tests.builders import add_turn, spoken, typed
from tests.cli.shell import Shell, unprivileged
from tests.e2e.running import PATIENCE, environment, here, seen_within, with_server
from tests.servers.openai_server import Server
from tests.servers.replies import Reply

SETTINGS = {"exists": False, "set_by": {"memory.enabled": "MEMCHAT_MEMORY__ENABLED", "model.name": "MEMCHAT_MODEL"}}
NOTEBOOK = {
    "use": "chat",
    "name": "notebook",
    "host": None,
    "local": True,
    "key_from": None,
    "address_from": None,
    "window": 32_768,
    "window_from": "memchat itself",
    "reached": None,
    "trouble": None,
}
CALM = "  No work failed, and none is left to do."


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """memchat in this test's home, where memory is on and the notebook answers."""
    monkeypatch.setenv("MEMCHAT_MEMORY__ENABLED", "true")
    monkeypatch.setenv("MEMCHAT_MODEL", "notebook")
    return Shell(capsys)


def left(shell: Shell, text: str = "I live in Taipei.", *, model: str = "notebook", host: str = "") -> int:
    """A conversation of an hour ago that was left, with a job; returns its id."""
    store = shell.store()
    at = datetime.now(UTC).astimezone() - timedelta(hours=1)
    session_id = add_turn(store, text, at=at).session_id
    store.transcripts.set_model(session_id, model, host)
    store.transcripts.rename(session_id, "Moving")
    assert store.jobs.enqueue_left(session_id, at)
    store.close()
    return session_id


def failed(shell: Shell) -> None:
    """Such a job, given up."""
    left(shell)
    store = shell.store()
    job = store.jobs.lease("here:1", datetime.now(UTC).astimezone())
    assert job is not None
    store.jobs.fail(job, "the answer could not be read")
    store.close()


def test_no_database_is_said_and_none_is_made(shell: Shell) -> None:
    """Neither by looking nor by trying again."""
    for argv in (("doctor",), ("doctor", "--retry")):
        done = shell(*argv)
        assert (done.code, done.err) == (0, "")
        assert "not there yet" in done.out
        assert shell(*argv, "--json").json == {
            "database": {"path": str(shell.paths.db), "exists": False, "bytes": None},
            "jobs": [],
            "not_begun": 0,
            "ignored": {},
            "index": None,
            "access": [],
            "junk": [],
            "keys": [],
            "keys_trouble": None,
            "disk": {"kind": "local", "name": None},
            "settings": SETTINGS | {"path": str(shell.paths.config)},
            "models": [NOTEBOOK],
        }
    assert not shell.paths.db.exists()
    assert shell("doctor", "--db", "nowhere.db").code == 5


def test_a_calm_database_is_two_lines(shell: Shell) -> None:
    """Where it is, how large, and that all is well."""
    shell("memory", "add", "one")
    first, last = shell("doctor").out.strip("\n").split("\n\n")
    assert first.startswith(f"  Database  {shell.paths.db}, ")
    assert last == CALM
    assert shell("doctor", "--retry").out.strip("\n") == CALM


def test_drafts_that_were_not_taken_are_counted_by_reason(shell: Shell) -> None:
    """The most frequent first, and that nothing of them is kept; the same in JSON, with --retry too."""
    store = shell.store()
    store.usages.record_ignored({"a supposition or a role": 2, "a question": 1_203}, datetime.now(UTC).astimezone())
    store.close()
    text = shell("doctor").out
    assert text.endswith(
        "  Ignored drafts: 1,205\n"
        "  1,203  a question\n"
        "      2  a supposition or a role\n"
        "  Nothing anybody wrote is kept of them.\n"
    )
    for argv in (("doctor", "--json"), ("doctor", "--retry", "--json")):
        assert shell(*argv).json["ignored"] == {"a question": 1_203, "a supposition or a role": 2}


INDEX = {"sound", "missing", "damaged", "astray", "waiting", "embedder", "host", "unembedded", "trouble"}


def test_the_index_is_looked_at(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it is whole, who measures meaning, and how many have no vectors yet; all of it in JSON."""
    shell("memory", "add", "one")
    text = shell("doctor").out
    assert "  Index     sound\n  Meaning   measured by wordllama" in text
    assert "1 message or memory is found by words alone yet" in text
    index = shell("doctor", "--json").json["index"]
    assert set(index) == INDEX
    assert (index["sound"], index["unembedded"], index["trouble"]) == (True, 1, None)
    monkeypatch.setenv("MEMCHAT_RECALL__EMBEDDING", "off")
    assert "Meaning   not measured: recall.embedding is off" in shell("doctor").out
    index = shell("doctor", "--retry", "--json").json["index"]
    assert (index["embedder"], index["unembedded"]) == (None, None)


def test_the_index_is_built_anew(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its progress on standard error, and vectors for all that had none; -q says nothing."""
    left(shell)
    done = shell("doctor", "--reindex")
    assert done.code == 0
    assert "  The index was built anew: 2 messages, 2 new vectors.\n" in done.out
    assert "found by words alone" not in done.out
    assert done.errors == ["  Indexing: 2 of 2", "  Vectors: 2"]
    done = shell("doctor", "--reindex", "-q")
    assert "2 messages, 0 new vectors" in done.out
    assert done.err == ""
    done = shell("doctor", "--reindex", "--json")
    assert (done.json["reindexed"], done.err) == ({"messages": 2, "vectors": 0}, "")
    monkeypatch.setenv("MEMCHAT_RECALL__EMBEDDING", "off")
    done = shell("doctor", "--reindex", "--retry", "--json")
    assert done.json["reindexed"] == {"messages": 2, "vectors": 0}
    assert len(done.json["retried"]) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there SIGINT is sent otherwise")
def test_ctrl_c_stops_a_rebuild_and_keeps_what_is_done(shell: Shell) -> None:
    """Exit 130, with what is done and how to go on; the same command then goes on, is stopped again, and ends it."""
    many(shell, 6_000)
    left = 12_000
    for flags in ((), ("--json",)):
        child = subprocess.Popen(
            [sys.executable, "-m", "memchat", "doctor", "--reindex", *flags],
            env=environment({}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert seen_within(PATIENCE, begun(shell, left - 1_000))
            child.send_signal(signal.SIGINT)
            out, err = child.communicate(timeout=PATIENCE)
        finally:
            child.kill()
        assert (child.returncode, out) == (130, "")
        assert "Traceback" not in err
        if flags:
            assert json.loads(err)["error"]["code"] == "interrupted"
        else:
            assert "messages are in the index, the newest first. What is done stays." in err
            assert err.splitlines()[-1] == "  To go on: memchat doctor --reindex"
        assert 0 < waiting(shell) < left
        left = waiting(shell)
    assert shell("doctor", "--json").json["index"]["sound"] is True
    assert shell("search", "number 5999", "--json").json
    assert shell("doctor", "--reindex", "--json").json["reindexed"]["messages"] == left
    assert waiting(shell) == 0


class Struck(io.StringIO):
    """Standard error of a process that Ctrl-C strikes while it says `at`."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self.at = at

    def write(self, text: str, /) -> int:
        """Write it, and be struck once."""
        written = super().write(text)
        if self.at and self.at in text:
            self.at = ""
            raise KeyboardInterrupt
        return written


@pytest.mark.parametrize(
    ("at", "told"),
    [("Indexing", "Stopped: all 2 messages are in the index"), ("Vectors", "messages are in the index, 2 new vectors")],
)
def test_ctrl_c_at_either_step_says_what_is_done(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, at: str, told: str
) -> None:
    """While words are taken in, and while vectors are made."""
    left(shell)
    monkeypatch.setattr(sys, "stderr", struck := Struck(at))
    assert run(("doctor", "--reindex")) == 130
    assert told in struck.getvalue()
    assert struck.getvalue().endswith("  To go on: memchat doctor --reindex\n")


def many(shell: Shell, turns: int) -> None:
    """A conversation of so many turns."""
    store = shell.store()
    at = datetime.now(UTC).astimezone() - timedelta(days=1)
    with store.transaction():
        parent = add_turn(store, at=at).messages[-1].id
        for number in range(2, turns + 1):
            for role, parts in ((Role.USER, typed(f"Turn number {number}.")), (Role.ASSISTANT, spoken("Noted."))):
                parent = store.transcripts.add_message(1, number, role, parts, parent=parent, at=at).id
    store.close()


def begun(shell: Shell, below: int) -> Callable[[], bool]:
    """Whether so few are left that a rebuild has begun, and not ended."""
    return lambda: 0 < waiting(shell) < below


def waiting(shell: Shell) -> int:
    """How many messages a rebuild has not come to."""
    with closing(sqlite3.connect(shell.paths.db)) as connection:
        (mark,) = connection.execute("SELECT value FROM meta WHERE name = 'to_reindex'").fetchone()
        (count,) = connection.execute("SELECT count(*) FROM messages WHERE indexed = 1 AND id <= ?", (mark,)).fetchone()
    return int(count)


@pytest.mark.skipif(sys.platform == "win32", reason="read-only folders are another thing there")
def test_a_file_that_can_only_be_read_is_looked_at_all_the_same(shell: Shell) -> None:
    """What cannot be checked says why; the rest is told."""
    left(shell)
    shell.paths.db.chmod(0o400)
    shell.paths.db.parent.chmod(0o500)
    command = [*unprivileged(), sys.executable, "-m", "memchat", "doctor"]
    done = subprocess.run(command, env=environment({}), capture_output=True, text=True, check=False)
    shell.paths.db.parent.chmod(0o700)
    assert (done.returncode, done.stderr) == (0, "")
    assert "  Index     " in done.stdout
    assert '"Moving", turn 1' in done.stdout


def test_what_failed_is_shown_and_done_again(shell: Shell) -> None:
    """With its reason; --retry does it in the foreground and tells what was learned."""
    failed(shell)
    text = shell("doctor").out
    assert '  s1    "Moving", turn 1\n        failed: the answer could not be read' in text
    assert "Now: memchat doctor --retry" in text
    (job,) = shell("doctor", "--json").json["jobs"]
    assert job["error"] == "the answer could not be read"
    assert (job["session"], job["turns"], job["status"], job["next_try"]) == ("s1", ["s1.1"], "failed", None)
    done = shell("doctor", "--retry")
    assert done.code == 0
    assert '  s1    "Moving", turn 1: done, 1 learned\n' in done.out
    assert "  + m1  location: Taipei\n" in done.out
    assert CALM in shell("doctor").out


def test_json_has_every_promised_key(shell: Shell) -> None:
    """Of the file, of each job, and of what came of a retry."""
    failed(shell)
    document = shell("doctor", "--json").json
    assert document["database"]["exists"] is True
    assert document["database"]["bytes"] > 0
    assert set(document["jobs"][0]) == {
        *("id", "kind", "session", "turns", "status", "since", "attempts", "error", "next_try", "model", "host"),
        "remedy",
    }
    document = shell("doctor", "--retry", "--json").json
    assert document["jobs"] == []
    (retried,) = document["retried"]
    assert set(retried) == {"id", "kind", "session", "turns", "fate", "error", "learned", "ignored"}
    assert (retried["fate"], retried["learned"][0]["text"], retried["turns"]) == ("done", "Taipei", ["s1.1"])


def test_what_still_cannot_be_done_is_exit_1_with_its_remedy(shell: Shell) -> None:
    """No key for the conversation's own model: it waits, and no other model is asked instead."""
    left(shell, model="openai/gpt-4o-mini", host="api.openai.com")
    done = shell("doctor", "--retry")
    assert done.code == 1
    assert '"Moving", turn 1: waits: ' in done.out
    assert "What is not done, and what mends it: memchat doctor" in done.out
    text = shell("doctor").out
    assert "waiting: " in text
    assert "next try" in text
    assert "memchat keys set openai" in text
    document = shell("doctor", "--retry", "--json")
    assert document.code == 1
    assert document.json["retried"][0]["fate"] == "waits"
    assert document.json["jobs"][0]["next_try"] is not None


def test_nothing_is_learned_while_memory_is_off(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking is allowed, doing is refused, and the job stays."""
    left(shell)
    monkeypatch.setenv("MEMCHAT_MEMORY__ENABLED", "false")
    done = shell("doctor", "--retry")
    assert (done.code, done.out, len(done.errors)) == (7, "", 2)
    assert "1 waiting" in shell("doctor").out


def test_garbage_from_a_server_fails_visibly(
    shell: Shell, openai_server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    """Asked twice, then given up: exit 1, the reason in doctor, nothing learned."""
    left(shell, model="openai/test", host=openai_server.address)
    openai_server.script_consolidations("no", "no")
    done = here(capsys, "doctor", "--retry", env=with_server(openai_server))
    assert done.code == 1, done
    assert "failed: the answer could not be read" in done.out
    assert len(openai_server.consolidations) == 2
    assert "failed: the answer could not be read" in shell("doctor").out
    assert shell("memory", "--json").json == []


@pytest.mark.skipif(sys.platform == "win32", reason="there SIGINT is sent otherwise")
def test_ctrl_c_stops_and_puts_the_job_back(shell: Shell, openai_server: Server) -> None:
    """Exit 130 without a traceback; the job is due again at once, untried."""
    left(shell, model="openai/test", host=openai_server.address)
    openai_server.script_consolidations(Reply("{}", hang_after=0))
    child = subprocess.Popen(
        [sys.executable, "-m", "memchat", "doctor", "--retry"],
        env=environment(with_server(openai_server)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert seen_within(PATIENCE, lambda: bool(openai_server.consolidations))
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=PATIENCE)
    finally:
        child.kill()
    assert child.returncode == 130, (out, err)
    assert (out, err.strip()) == ("", "")
    store = shell.store()
    (job,) = store.jobs.listing()
    store.close()
    assert (job.status, job.attempts) == (JobStatus.WAITING, 0)
    assert job.not_before <= datetime.now(UTC).astimezone()
