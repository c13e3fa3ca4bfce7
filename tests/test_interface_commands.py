"""What the page on the interface promises of the command line, where no room of its own holds it: in real processes."""

import json
import os
import re
from contextlib import closing

import pytest
from memchat.cli.routes import COMMANDS

from tests.builders import add_note, add_turn
from tests.cli.shell import Shell, after_setup
from tests.e2e.plain_terminal import plainly
from tests.e2e.running import NOTEBOOK, here, memchat, seen_within, with_server
from tests.e2e.terminal import chat, kept
from tests.servers.openai_server import Server
from tests.servers.replies import Reply

# Everything that shows something, as it is asked; `browse` is a screen, and takes none.
SHOWS = [
    "profile show",
    "profile get location",
    "profile history location",
    "memory list",
    "memory list --status all",
    "memory show m1",
    "memory why m1",
    "memory review",
    "memory learn --dry-run",
    "sessions list",
    "sessions show s1",
    "sessions export s1 --format json",
    "search tea",
    "context tea",
    "context --last",
    "tombstones list",
    "usage",
    "doctor",
    "config show",
    "config path",
    "keys list",
    "models",
    "forget --match tea --dry-run",
    "ask hello",
]
SECRET = "Reply in Latin only."


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """memchat after one conversation, with a note and a profile value."""
    shell = after_setup(capsys, monkeypatch)
    store = shell.store()
    add_turn(store, "I like tea.", "Noted.")
    add_note(store, "likes tea")
    add_note(store, "Taipei", field="location")
    store.close()
    return shell


@pytest.mark.parametrize("line", SHOWS)
def test_everything_that_shows_something_is_one_document(shell: Shell, line: str) -> None:
    """`--json` before and after: stdout is JSON and nothing else, and the same twice."""
    after = shell(*line.split(), "--json")
    before = shell("--json", *line.split())
    assert (after.code, before.code) == (0, 0), after.err
    assert isinstance(after.json, dict | list)
    assert type(before.json) is type(after.json)


def test_what_shows_something_is_all_there() -> None:
    """A command that is added without standing in the list fails here, unless it only writes."""
    writes = {"export", "import", "backup", "restore", "encrypt", "decrypt", "setup", "chat", "browse"}
    named = {line.split()[0] for line in SHOWS}
    assert {name for name in COMMANDS if name not in writes} == named


@pytest.mark.parametrize("line", ["memory list", "sessions list", "search xyzzy", "tombstones list", "keys list"])
def test_an_empty_list_is_an_empty_array(
    line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 0: nothing found is an answer."""
    shell = after_setup(capsys, monkeypatch)
    shell.store().close()
    done = shell(*line.split(), "--json")
    assert (done.code, done.json) == (0, [])


@pytest.mark.parametrize(
    ("line", "code", "name"),
    [
        ("memory show m99", 6, "not_found"),
        ("profile get nowhere", 6, ""),
        ("forget m1", 7, ""),
        ("memory list --status odd", 2, "usage"),
        ("ask hello -m openai/gpt-4o", 3, ""),
    ],
)
def test_a_failure_is_an_object_on_stderr(shell: Shell, line: str, code: int, name: str) -> None:
    """stdout is empty, the object has the four keys, and its exit code is the process's."""
    done = shell(*line.split(), "--json")
    assert (done.code, done.out) == (code, "")
    error = json.loads(done.err)["error"]
    assert set(error) == {"code", "message", "hint", "exit"}
    assert error["exit"] == code
    assert name in error["code"]
    assert error["message"]


def test_system_text_goes_to_the_model(openai_server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """`-s` and `--system`, beside memchat's own."""
    for flag in ("-s", "--system"):
        openai_server.script(Reply("Salve."))
        done = here(capsys, "ask", flag, SECRET, "hello", "--stateless", env=with_server(openai_server))
        assert (done.code, done.out) == (0, "Salve.\n"), done
        assert SECRET in openai_server.requests[-1].body["messages"][0]["content"]


def test_no_stream_prints_the_answer_in_one_piece(openai_server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """At its end; of one that breaks off what came, as without it, and the exit code says so."""
    openai_server.script(Reply("one two three", cut_after=2), Reply("one two three"))
    broken = memchat("ask", "--no-stream", "count", env=with_server(openai_server))
    assert (broken.code, broken.out.strip()) == (4, "one")
    done = here(capsys, "ask", "--no-stream", "count", env=with_server(openai_server))
    assert (done.code, done.out) == (0, "one two three\n")


def test_extract_and_usage_have_long_names(openai_server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    """`-x` is `--extract`, `-u` is `--usage`."""
    for words in (("-x", "-u"), ("--extract", "--usage")):
        openai_server.script(Reply("Do:\n```sh\nls\n```\n"))
        done = here(capsys, "ask", *words, "how?", env=with_server(openai_server))
        assert (done.code, done.out) == (0, "ls\n"), done
        assert "tokens" in done.err


def test_continue_goes_on_with_the_newest(shell: Shell) -> None:
    """`-c` is `--continue`."""
    for flag in ("-c", "--continue"):
        assert shell("ask", flag, "hello").code == 0
    assert len(shell("sessions", "show", "s1", "--json").json["turns"]) == 3


def test_config_path_is_one_line(shell: Shell) -> None:
    """For `$EDITOR "$(memchat config path)"`; with `--json` a document."""
    assert shell("config", "path").out == f"{shell.paths.config}\n"
    assert str(shell.paths.config) in shell("config", "path", "--json").out


@pytest.mark.parametrize("line", [line for line in SHOWS if not line.startswith("ask")])
def test_what_is_no_terminal_gets_plain_lines(shell: Shell, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No colour, no carriage return, and no word broken off, however narrow a terminal would be."""
    monkeypatch.setenv("COLUMNS", "20")
    shell("memory", "add", "this is a note that is much longer than any narrow terminal would ever take on one line")
    done = shell(*line.split())
    assert done.code == 0
    assert not re.search(r"[\x1b\r\x08]", done.out + done.err)
    if line == "memory list":
        assert "much longer than any narrow terminal would ever take on one line" in done.out


@pytest.mark.parametrize(
    ("env", "painted"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False), ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False)],
)
def test_colour_is_what_the_environment_says(
    env: dict[str, str], painted: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a real terminal; and in a pipe FORCE_COLOR alone paints."""
    add = here(capsys, "memory", "add", "likes tea")
    assert add.code == 0
    with chat("memory", "list", env=env) as person:
        person.sees("likes tea")
        assert person.leaves() == 0
        assert ("\x1b[" in person.raw) is painted
    piped = here(capsys, "memory", "list", env={**NOTEBOOK, **env})
    assert "\x1b" not in piped.out
    forced = here(capsys, "memory", "list", env={**NOTEBOOK, **env, "FORCE_COLOR": "1"})
    assert ("\x1b[" in forced.out) is ("NO_COLOR" not in env)


def test_the_profile_and_a_memory_have_their_promised_keys(shell: Shell) -> None:
    """Every configured field, null when unknown, `goals` an array; dates in UTC as RFC 3339 has them."""
    profile = shell("profile", "show", "--json").json
    assert set(profile["location"]) >= {"value", "id", "valid_from", "source"}
    assert (profile["display_name"], profile["goals"]) == (None, [])
    memory = shell("memory", "show", "m1", "--json").json
    promised = {"id", "uid", "kind", "field", "text", "status", "importance", "pinned", "created_at", "valid_from"}
    assert set(memory) >= promised | {"valid_to", "last_confirmed_at", "superseded_by", "sources"}
    assert set(memory["sources"][0]) >= {"origin", "session", "turn", "quote", "model"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", memory["created_at"])


def test_help_and_quit_in_the_chat() -> None:
    """`/help` lists all, `/quit` and `/exit` leave; three letters are enough for the first of these."""
    with chat(rows=60) as person:
        person.sees_prompt()
        person.says("/help")
        for name in ("/remember", "/forget", "/undo", "/quit"):
            person.sees(name)
        person.sees_prompt()
        person.says("/qui")
        assert person.leaves() == 0
    left = plainly(typed=("/exit", "What is said after it?"))
    assert (left.code, left.out) == (0, "")
    with closing(kept()) as store:
        assert store.transcripts.sessions() == []


def test_pin_and_unpin_in_the_chat(shell: Shell) -> None:
    """`/pin m1`, `/unpin m1`, as `memory pin` and `memory unpin`."""
    with chat() as person:
        person.sees_prompt()
        for command, pinned in (("/pin m1", True), ("/unpin m1", False)):
            person.says(command)
            assert seen_within(30, lambda: is_pinned() is pinned)  # noqa: B023 - asked at once
            person.sees_prompt()
        person.presses("ctrl-d")
        assert person.leaves() == 0
    assert shell("memory", "show", "m1", "--json").json["pinned"] is False


def is_pinned() -> bool:
    """Whether m1 is, in this home's database."""
    with closing(kept()) as store:
        return store.memories.get(1).pinned


@pytest.mark.skipif(os.name != "posix", reason="Windows has no pseudo-terminals")
def test_ctrl_d_on_an_empty_line_leaves() -> None:
    """Exit 0; on a line with words it is a key like others."""
    with chat() as person:
        person.sees_prompt()
        person.types("words")
        person.sees("> words")
        person.presses("ctrl-d")
        person.presses("ctrl-u", "ctrl-d")
        assert person.leaves() == 0
