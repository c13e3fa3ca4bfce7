"""One question, one answer, in this process: streams, notices, what is kept; tests/e2e looks at it from outside."""

import io
import json
import signal
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest
from memchat.cli.app import run
from memchat.domain import Job, JobStatus

from tests.builders import add_turn
from tests.cli.screens import Tty
from tests.cli.shell import Shell
from tests.conftest import NOW
from tests.servers.openai_server import Server
from tests.servers.replies import Body, Reply, Tool

PATIENCE = 60.0  # seconds that a model takes which nobody waits for


class Piped(io.TextIOWrapper):
    """A stdin with these bytes in it."""

    def __init__(self, data: bytes = b"") -> None:
        super().__init__(io.BytesIO(data), "utf-8")


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """memchat in a home where it may remember, the notebook answering, nothing on stdin."""
    monkeypatch.setenv("MEMCHAT_MODEL", "notebook")
    monkeypatch.setenv("MEMCHAT_MEMORY__ENABLED", "true")
    monkeypatch.setattr("sys.stdin", Piped())
    return Shell(capsys)


@pytest.fixture
def server(openai_server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The loopback server as the model that answers; failures are not tried again."""
    monkeypatch.setenv("MEMCHAT_MODEL", "openai/test")
    monkeypatch.setenv("MEMCHAT_MODEL__RETRIES", "0")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    monkeypatch.setenv("OPENAI_BASE_URL", openai_server.url)
    return openai_server


@pytest.mark.parametrize("flags", [[], ["--no-stream"]])
def test_the_answer_alone_is_on_stdout(shell: Shell, server: Server, flags: list[str]) -> None:
    """As it comes or at the end, the same."""
    server.script(Reply("Four.\n\n"))
    done = shell("ask", *flags, "2+2?")
    assert (done.code, done.out, done.err) == (0, "Four.\n", "")


def test_what_could_steer_a_terminal_is_left_out(shell: Shell, server: Server) -> None:
    """A pipe may end at a terminal: the answer is cleaned all the same."""
    server.script(Reply(pieces=("red \x1b[3", "1mfish\x07", "\n")))
    assert shell("ask", "Sing.").out == "red fish\n"


def test_what_was_learned_is_told_on_stderr(shell: Shell) -> None:
    """And left out with -q."""
    assert "+ m1  display_name: Alice" in shell("ask", "My name is Alice.").err
    assert shell("-q", "ask", "I live in Taipei.").err == ""


def test_json_names_what_was_learned_and_used(shell: Shell) -> None:
    """By id; the next document carries it among the memories."""
    assert shell("ask", "--json", "My name is Alice.").json["learned"] == ["m1"]
    document = shell("ask", "--json", "What is my name?").json
    (memory,) = [one for one in document["memories"] if one["id"] == "m1"]
    assert memory["text"] == "Alice"
    assert document["turn"] == "s2.1"


def test_a_session_goes_on_by_name_and_with_c(shell: Shell) -> None:
    """`--session NAME` starts or resumes a chat; `-c` takes the newest one; a bare ask is a one-shot of its own."""
    refs = [
        shell("ask", "--json", *flags, "Hello there.").json["turn"]
        for flags in (["--session", "plan"], [], ["--session", "PLAN"], ["-c"], ["--session", "s1"])
    ]
    assert refs == ["s1.1", "s2.1", "s1.2", "s1.3", "s1.4"]
    assert [one["kind"] for one in shell("sessions", "list", "--all", "--json").json] == ["chat", "oneshot"]


def test_reasoning_is_shown_only_when_asked_for(shell: Shell, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise one line says that there was some; it is in the document only with `--reasoning`."""
    monkeypatch.setenv("MEMCHAT_UI__SHOW_MEMORY", "off")
    for _ in range(4):
        server.script(Reply("Four.", reasoning="two and two"))
    hidden = shell("ask", "2+2?")
    assert hidden.out == "Four.\n"
    assert "two and two" not in hidden.err
    assert "--reasoning" in hidden.err
    shown = shell("ask", "--reasoning", "2+2?")
    assert (shown.out, shown.err) == ("Four.\n", "two and two\n")
    assert shell("ask", "--json", "--reasoning", "2+2?").json["reasoning"] == "two and two"
    assert "reasoning" not in shell("ask", "--json", "2+2?").json


def test_without_a_code_block_all_of_it_is_printed(shell: Shell, server: Server) -> None:
    """And a notice says so; with one, only that."""
    server.script(Reply("No code here."), Reply("```\n1\n```\nthen\n```\n2\n```\n"))
    none = shell("ask", "-x", "How?")
    assert none.out == "No code here.\n"
    assert "no code block" in none.err
    assert shell("ask", "-x", "How?").out == "2\n"


def test_usage_is_told_on_stderr(shell: Shell, server: Server) -> None:
    """With -u, as the provider counted."""
    done = shell("ask", "-u", "2+2?")
    assert f"{sum(4 + (len(m['content']) + 3) // 4 for m in server.requests[0].messages)} tokens in" in done.err


def test_a_reply_cut_at_its_length_limit_is_done_with_a_notice(shell: Shell, server: Server) -> None:
    """Exit 0."""
    server.script(Reply("One, two,", finish="length"))
    done = shell("ask", "Count.")
    assert (done.code, done.out) == (0, "One, two,\n")
    assert "length limit" in done.err


def test_a_secret_is_masked_and_it_is_said(shell: Shell, server: Server) -> None:
    """What is sent and kept is one text; the notice names the kind, not the secret; under --json, too."""
    secret = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH"
    for flags in ([], ["--json"]):
        done = shell("ask", *flags, f"Use {secret} please.")
        assert "masked" in done.err
        assert secret not in done.err
    assert all(secret.encode() not in seen.raw for seen in server.requests)
    assert secret.encode() not in shell.paths.db.read_bytes()


@pytest.mark.parametrize("flags", [[], ["--no-stream"], ["-x"]])
def test_what_came_of_a_broken_reply_is_printed(shell: Shell, server: Server, flags: list[str]) -> None:
    """Then the two lines, exit 4; under --json an error stands alone."""
    server.script(Reply("one two three four", cut_after=3), Reply("one two three four", cut_after=3))
    done = shell("ask", *flags, "Count.")
    assert (done.code, done.out) == (4, "one two\n")
    told = shell("ask", "--json", "Count.")
    assert (told.code, told.out) == (4, "")
    assert json.loads(told.err)["error"]["exit"] == 4


def test_files_and_pipe_are_somebodys_text(
    shell: Shell, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are sent, and their origin is kept: nothing is learned from them."""
    (tmp_path / "a.txt").write_text("My name is Mallory.", "utf-8")
    monkeypatch.setattr("sys.stdin", Piped(b"I live in Atlantis.\n"))
    shell("ask", "-f", str(tmp_path / "a.txt"), "Who is this?")
    content = server.requests[0].messages[-1]["content"]
    assert content.index("Mallory") < content.index("Atlantis") < content.index("Who is this?")
    (turn,) = shell("sessions", "show", "s1", "--json").json["turns"]
    assert [part["origin"] for part in turn["messages"][0]["parts"]] == ["file", "stdin", "argv"]
    monkeypatch.setenv("MEMCHAT_MODEL", "notebook")
    assert shell("ask", "--json", "-f", str(tmp_path / "a.txt"), "Read it.").json["learned"] == []


def test_a_dash_reads_a_terminal_to_its_end(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `cat` does; without the dash a terminal is left alone."""

    class Keyboard(Piped):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Keyboard(b"Hello there.\n"))
    assert shell("ask", "-").code == 0
    monkeypatch.setattr("sys.stdin", Keyboard(b"never read"))
    assert shell("ask", "Hello you.").code == 0
    assert b"never read" not in shell.paths.db.read_bytes()


def test_a_closed_stdin_is_no_input(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Started by something that gives no stdin at all."""
    monkeypatch.setattr("sys.stdin", None)
    assert shell("ask", "Hello you.").code == 0
    assert shell("ask", "-").code == 2


def test_on_a_terminal_the_answer_is_rendered(
    shell: Shell, server: Server, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bold is bold; with --plain the model's own text stands."""
    assert shell.paths
    for flags, wanted in (([], "  Very big"), (["--plain"], "Very **big**\n")):
        server.script(Reply("Very **big**"))
        out = Tty()
        monkeypatch.setattr("sys.stdout", out)
        monkeypatch.setenv("NO_COLOR", "1")
        assert run(["ask", *flags, "How big?"]) == 0
        assert wanted in out.getvalue()
        assert ("**" in out.getvalue().split("\x1b[J")[-1]) is bool(flags)
    capsys.readouterr()


class Stopped(io.StringIO):
    """A stdout at which somebody presses Ctrl-C as the first words come."""

    hit = False

    def write(self, text: str, /) -> int:
        if not self.hit:
            self.hit = True
            raise KeyboardInterrupt
        return super().write(text)


def test_ctrl_c_is_130_and_the_part_is_kept(shell: Shell, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """No notice, no traceback."""
    server.script(Reply("one two three"))
    with monkeypatch.context() as patched:
        patched.setattr("sys.stdout", Stopped())
        assert run(["ask", "Count."]) == 130
    (turn,) = shell("sessions", "show", "s1", "--json").json["turns"]
    assert [message["status"] for message in turn["messages"]] == ["complete", "interrupted"]


def test_never_asked_is_said_once_and_nothing_is_kept(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless nothing was to be kept anyway."""
    monkeypatch.delenv("MEMCHAT_MEMORY__ENABLED")
    done = shell("ask", "--json", "Hello there.")
    assert "memchat setup" in done.err
    assert (done.json["session"], done.json["turn"]) == (None, None)
    assert "memchat setup" in shell("ask", "Hello there.").err
    assert shell("ask", "--incognito", "Hello there.").err == ""
    assert not shell.paths.db.exists()


def test_an_error_under_json_stands_alone_even_before_setup(
    shell: Shell, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The notice that nothing is kept would make stderr something else than JSON."""
    monkeypatch.delenv("MEMCHAT_MEMORY__ENABLED")
    server.script(Reply("one two three four", cut_after=3))
    done = shell("ask", "--json", "Count.")
    assert (done.code, done.out) == (4, "")
    assert json.loads(done.err)["error"]["exit"] == 4


def test_a_tool_that_runs_is_no_news_for_a_script(shell: Shell, server: Server) -> None:
    """What it taught is told."""
    arguments = json.dumps({"text": "Alice", "quote": "My name is Alice", "field": "display_name"})
    server.script(Reply("One moment.", tools=(Tool("remember", arguments),)), Reply("Hello, Alice."))
    done = shell("ask", "My name is Alice.")
    assert done.out == "One moment.\n\nHello, Alice.\n"
    assert "+ m1" in done.err


# What waits to be summed up


def due(shell: Shell, model: str, host: str) -> None:
    """A conversation that was left, and nothing was done about it yet."""
    with closing(shell.store()) as store:
        turn = add_turn(store, "Please plan the trip to Porto")
        store.transcripts.set_model(turn.session_id, model, host)
        store.jobs.enqueue_left(turn.session_id, NOW)


def jobs(shell: Shell) -> list[Job]:
    """All there are."""
    with closing(shell.store()) as store:
        return store.jobs.listing(tuple(JobStatus))


def test_what_waits_is_summed_up_once_the_answer_is_there(shell: Shell, server: Server) -> None:
    """In silence: streams and exit code are those of an answer alone."""
    for flags in ([], ["--json"]):
        due(shell, "openai/test", server.address)
        done = shell("ask", *flags, "2+2?")
        assert (done.code, done.err) == (0, "")
        assert "You said: 2+2?" in done.out
        assert jobs(shell)[-1].status is JobStatus.DONE
    with closing(shell.store()) as store:
        assert "Porto" in store.transcripts.session(1).summary


@pytest.mark.parametrize("flags", [["--no-wait"], ["--no-learn"], ["--incognito"], ["--stateless"]])
def test_nothing_is_done_for_whoever_will_not_wait_or_learn(shell: Shell, server: Server, flags: list[str]) -> None:
    """Not a look is spent on it."""
    due(shell, "openai/test", server.address)
    assert shell("ask", *flags, "2+2?").code == 0
    assert server.consolidations == []
    assert [job.status for job in jobs(shell)] == [JobStatus.WAITING]


def test_what_is_not_due_yet_is_left_alone(shell: Shell, server: Server) -> None:
    """It was tried before and waits for its time."""
    due(shell, "openai/test", server.address)
    with closing(shell.store()) as store:
        job = store.jobs.lease("elsewhere:1", NOW)
        assert job is not None
        store.jobs.put_back(job, "not now", datetime.now(UTC) + timedelta(hours=1), tried=True)
    assert shell("ask", "2+2?").code == 0
    assert server.consolidations == []


def test_a_slow_model_is_waited_for_two_seconds_and_not_asked_again_at_once(shell: Shell, server: Server) -> None:
    """Then it is put back, counted, for later: a script does not pay each time for calls it ends."""
    due(shell, "openai/test", server.address)
    server.consolidation = Reply("{}", wait=PATIENCE)
    done = shell("ask", "2+2?")
    assert (done.code, done.out, done.err) == (0, "You said: 2+2?\n", "")
    assert server.consolidations[0].left.wait(PATIENCE)
    (job,) = jobs(shell)
    assert (job.status, job.attempts) == (JobStatus.WAITING, 1)
    assert job.not_before > datetime.now(UTC) + timedelta(minutes=10)
    assert shell("ask", "2+2?").code == 0
    assert len(server.consolidations) == 1


def test_ctrl_c_after_the_answer_is_no_failure(shell: Shell, server: Server) -> None:
    """It ends the waiting at once; what was asked for is there, so the exit code is 0."""
    due(shell, "openai/test", server.address)

    def press(body: Body) -> Reply:
        del body
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        return Reply("{}", wait=PATIENCE)

    server.consolidation = press
    done = shell("ask", "2+2?")
    assert (done.code, done.out, done.err) == (0, "You said: 2+2?\n", "")
    assert [job.status for job in jobs(shell)] == [JobStatus.WAITING]


def test_a_row_that_nobody_can_read_does_not_cost_the_answer(shell: Shell) -> None:
    """What it makes of the summing up is a fault that nobody foresaw: the job fails, by its kind alone."""
    due(shell, "notebook", "")
    with closing(shell.store()) as store:
        add_turn(store, "And one more thing", session_id=1)
        store.jobs.enqueue_left(1, NOW)
    with closing(apsw.Connection(str(shell.paths.db))) as other:
        other.execute("UPDATE messages SET created_at = 'no date' WHERE id = 1")
    for _ in range(2):
        done = shell("ask", "Hello there.")
        assert (done.code, done.err) == (0, "")
    assert [(job.status, job.error) for job in jobs(shell)] == [(JobStatus.FAILED, "a fault in memchat (ValueError)")]


def test_what_fails_behind_the_answer_is_not_the_answers_failure(
    shell: Shell, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job waits or fails, with its reason; a database that refuses tells nothing here either."""
    due(shell, "anthropic/claude-sonnet-4-5", "api.anthropic.com")  # there is no key for it
    due(shell, "openai/test", server.address)
    server.consolidation = "no JSON at all"
    done = shell("ask", "2+2?")
    assert (done.code, done.out, done.err) == (0, "You said: 2+2?\n", "")
    assert [job.status for job in jobs(shell)] == [JobStatus.WAITING, JobStatus.FAILED]
    due(shell, "notebook", "")
    with closing(apsw.Connection(str(shell.paths.db))) as other:
        other.execute("CREATE TRIGGER no BEFORE UPDATE ON jobs BEGIN SELECT RAISE(ABORT, 'no room'); END")
    monkeypatch.setenv("MEMCHAT_MODEL", "notebook")
    done = shell("ask", "Hello there.")
    assert (done.code, done.err) == (0, "")
