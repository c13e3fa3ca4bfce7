"""`memchat ask` in a pipeline: the answer alone on stdout, all else on stderr, and exit codes to build on."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.e2e.piping import fed
from tests.e2e.running import (
    NOTEBOOK,
    PATIENCE,
    ROOT,
    Done,
    asking,
    begun,
    fails,
    here,
    memchat,
    seen_within,
    with_server,
)
from tests.servers.openai_server import Server
from tests.servers.replies import Answer, Reply, no_model, rate_limited, server_error, unauthorized

CODE = "So:\n\n```python\nprint(1)\n```\n\nor\n\n```sh\necho 2\n```\n\nDone."


def test_json_is_one_document_and_nothing_else(openai_server: Server) -> None:
    """`echo "2+2?" | memchat ask --json`: each promised key with its type."""
    openai_server.script(Reply("Four.", reasoning="two and two"))
    done = memchat("ask", "--json", stdin=b"2+2?\n", env=with_server(openai_server))
    assert done.code == 0, done.err
    assert done.err == ""
    document = done.json
    assert document["answer"] == "Four."
    assert document["session"] == "s1"
    assert document["turn"] == "s1.1"
    assert document["model"] == "openai/test"
    assert document["memories"] == document["learned"] == []
    assert document["finish_reason"] == "stop"
    assert set(document["usage"]) == {
        "prompt_tokens", "completion_tokens", "cached_tokens", "memory_tokens", "cost"
    }  # fmt: skip
    assert document["usage"]["prompt_tokens"] > 0
    assert "reasoning" not in document
    assert openai_server.requests[0].messages[-1]["content"].endswith("2+2?")


def test_piped_text_goes_before_the_prompt(openai_server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """And only the answer comes out, as it comes, with one line end; what else there is to say stands on stderr."""
    done = fed(capsys, "一段文字\n".encode(), "ask", "-u", "What is this?", env=with_server(openai_server))
    assert done.out == "You said: What is this?\n"
    content = openai_server.requests[0].messages[-1]["content"]
    assert content.index("一段文字") < content.index("What is this?")
    assert "tokens in" in done.err


def test_the_last_code_block_alone_can_be_had(openai_server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """`-x`: what `sh` could run; the model's options reach it."""
    openai_server.script(Reply(CODE))
    env = with_server(openai_server)
    done = here(capsys, "ask", "-x", "-o", "temperature=0.5", "-o", "stop=END", "How?", env=env)
    assert done.out == "echo 2\n"
    assert openai_server.requests[0].body["temperature"] == 0.5
    assert openai_server.requests[0].body["stop"] == "END"


@pytest.mark.parametrize(
    ("answer", "code", "word"),
    [
        (unauthorized(), 3, "key"),
        (no_model("test"), 3, "test"),
        (rate_limited(), 4, "too many"),
        (server_error(), 4, "500"),
    ],
    ids=["wrong key", "unknown model", "rate limit", "server error"],
)
def test_what_the_provider_refuses_has_its_exit_code(
    openai_server: Server, answer: Answer, code: int, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two lines on stderr, nothing on stdout; the question is kept all the same."""
    openai_server.script(answer)
    done = here(capsys, "ask", "--session", "kept", "Hello there.", env=with_server(openai_server))
    fails(done, code, word)
    assert "Hello there." in here(capsys, "sessions", "show", "--json", "s1").out


def test_an_error_under_json_is_an_object_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    """stdout stays empty; the object names code, message, hint and exit code. Nobody listens at the port."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        env = {
            **NOTEBOOK,
            "MEMCHAT_MODEL": "openai/test",
            "OPENAI_API_KEY": "sk-test",
            "OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1",
            "MEMCHAT_MODEL__RETRIES": "0",
        }
        done = here(capsys, "ask", "--json", "hello there", env=env)
    assert done.code == 4
    assert set(done.error) == {"code", "message", "hint", "exit"}
    assert done.error["code"] == "network"
    assert done.error["exit"] == 4


@pytest.mark.parametrize("fault", [{"cut_after": 4}, {"hang_after": 4}], ids=["cut", "silent"])
def test_of_a_reply_that_breaks_off_what_came_is_kept(
    openai_server: Server, fault: dict[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    """It is on stdout and in the transcript, the exit code is 4."""
    openai_server.script(Reply("one two three four five six", **fault))  # type: ignore[arg-type]  # - a field's name
    done = here(capsys, "ask", "Count.", env=with_server(openai_server, MEMCHAT_MODEL__TIMEOUT="1"))
    assert done.code == 4
    assert done.out == "one two three\n"
    assert len(done.err.splitlines()) == 2
    transcript = here(capsys, "sessions", "show", "--json", "s1").json
    assert "one two three" in transcript["turns"][0]["messages"][1]["parts"][0]["content"]
    assert [message["status"] for message in transcript["turns"][0]["messages"]] == ["complete", "failed"]


@pytest.mark.parametrize(
    ("words", "stdin"),
    [
        (["ask"], None),
        (["ask", ""], None),
        (["ask", " \n"], None),
        (["ask", "-"], b""),
        ([], None),
        ([], b"\n"),
        (["frobnicate"], None),
        (["ask", "--no-such-flag", "hi"], None),
        (["ask", "-o", "temperature", "hi"], None),
        (["ask", "-f", "not/there.txt", "hi"], None),
        (["ask", "-f", ".", "hi"], None),
        (["ask", "-c", "--session", "x", "hi"], None),
        (["ask", "--session", " ", "hi"], None),
        (["ask", "hi"], b"abc\xff"),
    ],
    ids=str,
)
def test_wrong_usage_is_exit_2(words: list[str], stdin: bytes | None, capsys: pytest.CaptureFixture[str]) -> None:
    """Two lines each, and nothing is asked or kept."""
    fails(here(capsys, *words) if stdin is None else fed(capsys, stdin, *words), 2)
    assert here(capsys, "sessions", "list", "--all", "--json").json == []


def test_a_process_tells_wrong_usage_by_its_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    """Without any words, with a word that is no text, and with bytes that are none."""
    for done in (memchat(), memchat("ask", b"caf\xe9"), memchat("ask", "hi", stdin=b"abc\xff")):
        fails(done, 2)
    assert here(capsys, "sessions", "list", "--all", "--json").json == []


def test_what_is_not_there_is_exit_6(capsys: pytest.CaptureFixture[str]) -> None:
    """No conversation to go on with, no session of that number."""
    fails(here(capsys, "ask", "-c", "hi"), 6)
    fails(memchat("ask", "--session", "s99", "hi"), 6)


def test_text_that_is_no_command_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    """`memchat "..."` is `ask`; so is a pipe without any words, and a word that is not ASCII."""
    for done in (here(capsys, "hello you"), fed(capsys, b"hello you\n"), memchat("你好")):
        assert done.code == 0, done.err
        assert done.out.strip()
    assert len(here(capsys, "sessions", "list", "--all", "--json").json) == 3


def test_local_refuses_what_would_leave_the_computer(capsys: pytest.CaptureFixture[str]) -> None:
    """`--local` with a model elsewhere: exit 3, before a word is sent; the notebook may answer."""
    env = {**NOTEBOOK, "OPENAI_API_KEY": "sk-test"}
    fails(here(capsys, "ask", "--local", "-m", "openai/gpt-4o", "hi", env=env), 3, "api.openai.com")
    assert here(capsys, "ask", "--local", "hi", env=env).code == 0


def test_in_a_pipe_no_screen_library_is_loaded() -> None:
    """Start-up is a feature: an answer that nobody renders needs neither rich nor prompt-toolkit, nor litellm here."""
    command = [sys.executable, "-X", "importtime", "-m", "memchat", "ask", "Hello there."]
    environ = {**os.environ, **NOTEBOOK}
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env=environ, cwd=ROOT, check=True)
    names = {line.rpartition(b"|")[2].strip().split(b".")[0] for line in done.stderr.splitlines()}
    assert b"memchat" in names
    assert not names & {b"rich", b"prompt_toolkit", b"litellm", b"tiktoken", b"httpx"}


@pytest.fixture
def slow(openai_server: Server) -> Iterator[subprocess.Popen[bytes]]:
    """Such an `ask`, whose words go to stdout as they come."""
    with asking(openai_server) as process:
        yield process


def test_ctrl_c_keeps_the_part_that_came(slow: subprocess.Popen[bytes], capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 130; the part is on stdout, its line ended, and in the transcript."""
    words = begun(slow)
    slow.send_signal(signal.SIGINT)
    out, err = slow.communicate(timeout=PATIENCE)
    done = Done(slow.returncode, (words + out).decode(), err.decode())
    assert (done.code, done.err) == (130, "")
    assert done.out.startswith("word word")
    assert done.out.endswith("\n")
    shown = here(capsys, "sessions", "show", "--json", "s1").json
    reply = shown["turns"][0]["messages"][1]
    assert reply["status"] == "interrupted"
    assert done.out.strip() in reply["parts"][0]["content"]


def test_ctrl_c_under_json_is_an_object_on_stderr(openai_server: Server) -> None:
    """Exit 130 and nothing on stdout: what came is kept, but half a document is none."""
    with asking(openai_server, "--json") as process:
        assert seen_within(PATIENCE, lambda: bool(openai_server.requests))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE)
    done = Done(process.returncode, out.decode(), err.decode())
    assert (done.code, done.error["code"], done.error["exit"]) == (130, "interrupted", 130)


def test_a_reader_that_leaves_ends_it_quietly(slow: subprocess.Popen[bytes]) -> None:
    """`memchat ask ... | head -1`: no complaint, and no minutes of tokens nobody reads."""
    assert slow.stdout is not None
    assert slow.stderr is not None
    slow.stdout.read(1)
    slow.stdout.close()
    assert slow.wait(PATIENCE) == 141
    assert slow.stderr.read() == b""
