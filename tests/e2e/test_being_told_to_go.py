"""SIGTERM, a window that closes, streams that were never there: nothing is lost, and nothing is complained of."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from memchat.domain import Message, MessageStatus

from tests.e2e.running import PATIENCE, asking, begun, environment, memchat, seen_within, with_server
from tests.e2e.terminal import Terminal, chat, kept
from tests.servers.openai_server import Server
from tests.servers.replies import Reply

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows ends programs otherwise")
ENDS = [signal.SIGTERM, signal.SIGHUP] if os.name == "posix" else []


def reply() -> Message:
    """The newest reply that was kept."""
    with closing(kept()) as store:
        return store.transcripts.turns(1)[-1].messages[-1]


@pytest.mark.parametrize("number", ENDS)
def test_the_part_that_came_is_kept(openai_server: Server, number: int) -> None:
    """On stdout, its line ended, and in the transcript; the exit code is the one a shell gives."""
    with asking(openai_server) as process:
        words = begun(process)
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (128 + number, b"")
    assert (words + out).startswith(b"word word")
    assert (words + out).endswith(b"\n")
    kept_reply = reply()
    assert kept_reply.status is MessageStatus.INTERRUPTED
    assert (words + out).decode().strip() in kept_reply.text


def test_under_json_it_is_an_object_on_stderr(openai_server: Server) -> None:
    """It says by what; stdout is empty."""
    with asking(openai_server, "--json") as process:
        assert seen_within(PATIENCE, lambda: bool(openai_server.requests))
        process.terminate()
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (143, b"")
    assert b'"message": "Ended by SIGTERM."' in err
    assert b'"exit": 143' in err


def test_what_nohup_ignores_stays_ignored(openai_server: Server) -> None:
    """`nohup memchat ask ...` outlives its terminal."""
    openai_server.script(Reply("word " * 30, delay=0.02))
    process = subprocess.Popen(
        [sys.executable, "-m", "memchat", "ask", "Talk."],
        stdin=subprocess.DEVNULL,
        bufsize=0,  # else what is read ahead would be lost to `communicate`
        stdout=subprocess.PIPE,
        env=environment(with_server(openai_server)),
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),  # noqa: PLW1509 - no lock is taken in it
    )
    assert process.stdout is not None
    process.stdout.read(4)
    process.send_signal(signal.SIGHUP)
    out, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert out.count(b"word") >= 29


def begins(person: Terminal, env: Mapping[str, str]) -> None:
    """Wait for the first prompt."""
    if "TERM" in env:
        person.sees("line.\n>")
    else:
        person.sees_prompt()


@contextmanager
def replying(server: Server, **env: str) -> Iterator[Terminal]:
    """A chat in the middle of a reply."""
    server.script(Reply("word " * 10_000, delay=0.02))
    with chat(model="openai/test-model", env={"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": server.url, **env}) as person:
        begins(person, env)
        person.types("Talk.\r")
        person.sees("word word word")
        yield person


@pytest.mark.parametrize("env", [{}, {"TERM": "dumb"}], ids=["full", "plain"])
def test_a_chat_that_is_told_to_go_keeps_the_reply(openai_server: Server, env: dict[str, str]) -> None:
    """It leaves at once, and the terminal is left as it was."""
    with replying(openai_server, **env) as person:
        person.process.kill(signal.SIGTERM)
        assert person.leaves() == 143
        assert "Traceback" not in person.text
    assert reply().status is MessageStatus.INTERRUPTED
    assert "word word word" in reply().text


def test_a_window_that_closes_keeps_the_reply(openai_server: Server) -> None:
    """Nobody reads the terminal any more: that is no error on top of it."""
    with replying(openai_server) as person:
        with Path(os.devnull).open("rb+", buffering=0) as nothing:
            os.dup2(nothing.fileno(), person.process.child_fd)  # the terminal goes, which sends SIGHUP
        assert seen_within(PATIENCE, lambda: not person.process.isalive())
        assert (person.process.exitstatus, person.process.signalstatus) == (129, None)
    assert reply().status is MessageStatus.INTERRUPTED


@pytest.mark.parametrize("env", [{}, {"TERM": "dumb"}], ids=["full", "plain"])
def test_at_the_prompt_it_leaves_as_ctrl_d_does(env: dict[str, str]) -> None:
    """The line that was begun is in the history; the terminal echoes and reads lines again."""
    with chat(env=env) as person:
        begins(person, env)
        person.types("half a line")
        person.sees("half a line")
        person.process.kill(signal.SIGTERM)
        assert person.leaves() == 143
        assert "Traceback" not in person.text
    if not env:
        with closing(kept()) as store:
            assert store.typed.newest(1) == ["half a line"]


@pytest.mark.parametrize("streams", [(0,), (1,), (2,), (1, 2), (0, 1, 2)])
@pytest.mark.parametrize("words", [("config", "show"), ("memory", "list", "--json"), ("ask", "I live in Porto.")])
def test_streams_that_were_never_there_are_no_reason_to_fail(words: tuple[str, ...], streams: tuple[int, ...]) -> None:
    """`>&-`, `2>&-`, `<&-`: what goes there goes nowhere, and what was asked for is done."""

    def close() -> None:
        for number in streams:
            os.close(number)

    done = memchat(*words, before=close)
    assert (done.code, "Traceback" in done.err) == (0, False)
    if 1 not in streams:
        assert done.out


def test_a_closed_stdout_writes_into_no_other_file(home: Path) -> None:
    """Descriptor 1 is free then: the database must not get it, and with it what is printed."""
    assert memchat("ask", "I live in Porto.", before=lambda: os.close(1)).code == 0
    assert memchat("memory", "add", "keeps bees", before=lambda: os.closerange(1, 3)).code == 0
    assert (home / "memchat.db").read_bytes()[:16] == b"SQLite format 3\0"
    assert memchat("doctor", "--json").json["index"]["sound"] is True
