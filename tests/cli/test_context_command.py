"""memchat context: what would be sent, with a real database, and what was; no model is asked."""

from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.e2e.running import memchat, with_server
from tests.servers.openai_server import Server


@pytest.fixture
def shell(decided: Shell) -> Shell:
    """memchat after one conversation, with one note."""
    return decided


KEYS = {"model", "host", "limit", "window", "window_from", "total_tokens", "tokens", "turn", "messages", "passages"}


def test_what_would_be_sent_is_shown(shell: Shell) -> None:
    """By zone, with what recall found for the question and why."""
    done = shell("context", "What", "did we decide about the rate limit?")
    assert (done.code, done.err) == (0, "")
    assert "Would go to notebook, on this computer. Nothing was sent." in done.out
    assert "notes              1 of 1 shown" in done.out
    assert "    s1.1  22 Nov" in done.out
    assert "In all" in done.out


def test_json_has_every_promised_key(shell: Shell) -> None:
    """The messages as they would be sent, and each passage with its score and why."""
    document = shell("context", "What did we decide about the rate limit?", "--json").json
    assert set(document) == KEYS
    assert [message["role"] for message in document["messages"]] == ["system", "user"]
    assert document["messages"][1]["content"].endswith("What did we decide about the rate limit?")
    assert document["total_tokens"] == sum(document["tokens"].values())
    passages = {one["id"]: one for one in document["passages"]}
    keys = {"layer", "zone", "id", "tokens", "score", "kept", "why", "text", "at"}
    assert all(set(one) == keys for one in passages.values())
    assert (passages["m1"]["layer"], passages["m1"]["zone"], passages["m1"]["kept"]) == ("note", "head", True)
    assert (passages["s1.1"]["layer"], passages["s1.1"]["zone"]) == ("episode", "tail")
    assert (document["model"], document["host"], document["turn"]) == ("notebook", "", None)


def test_thanks_brings_no_tail(shell: Shell) -> None:
    """Small talk is shown nothing of the past."""
    document = shell("context", "thanks!", "--json").json
    assert document["tokens"]["tail"] == 0
    assert {one["zone"] for one in document["passages"] if one["kept"]} == {"head"}


def test_the_request_itself_can_be_seen(shell: Shell, tmp_path: Path) -> None:
    """--raw is the body, nothing else; also of what is piped in and of a file."""
    assert set(shell("context", "Hello?", "--raw").json) == {"model", "messages"}
    body = shell("context", "--raw").json
    assert [message["role"] for message in body["messages"]] == ["system"]
    notes = tmp_path / "notes.md"
    notes.write_text("Porto", "utf-8")
    body = shell("context", "Where?", "-f", str(notes), "-s", "Be brief.", "--raw").json
    assert "Porto" in body["messages"][1]["content"]
    assert "Be brief." in body["messages"][0]["content"]
    for piped, words in ((b"2+2?", "2+2?"), (b"\n", None)):
        messages = memchat("context", "--raw", stdin=piped).json["messages"]
        assert (messages[1]["content"] if len(messages) > 1 else None) == words


def test_nothing_is_saved_and_nobody_is_asked(
    shell: Shell, openai_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No session, no row, no byte of a request."""
    before = shell("sessions", "--all", "--json").json
    for name, value in with_server(openai_server).items():
        monkeypatch.setenv(name, value)
    document = shell("context", "What did we decide?", "--json").json
    assert (document["model"], document["host"]) == ("openai/test", openai_server.address)
    assert document["tokens"]["tools"] > 0
    assert "tools" in shell("context", "What?", "--raw").json
    assert shell("context", "x", "-c").code == 0
    assert openai_server.requests == []
    assert shell("sessions", "--all", "--json").json == before


def test_a_conversation_is_looked_ahead_from_where_it_is(shell: Shell) -> None:
    """-c and --session; its turns are sent, and their words are not recalled as well."""
    for argv in (("-c",), ("--session", "s1")):
        document = shell("context", "And the rate limit?", *argv, "--json").json
        assert [message["role"] for message in document["messages"]] == ["system", "user", "assistant", "user"]
        assert "s1.1" not in {one["id"] for one in document["passages"] if one["kept"]}
    assert "1 turn " in shell("context", "x", "-c").out


def test_a_mode_that_reads_nothing_shows_nothing(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """--incognito, --stateless, and before anything was chosen."""
    for flag in ("--incognito", "--stateless"):
        assert shell("context", "the rate limit?", flag, "--json").json["passages"] == []
    monkeypatch.setenv("MEMCHAT_MEMORY__ENABLED", "ask")
    done = shell("context", "the rate limit?", "--json")
    assert done.json["passages"] == []


def test_a_secret_is_masked_and_told(shell: Shell) -> None:
    """As it would be before it is sent."""
    done = shell("context", "the key is sk-proj-abcdefghijklmnopqrstuvwxyz0123456789", "--raw")
    assert "sk-proj" not in done.out
    assert "secret" in done.err


def test_what_could_not_be_used_is_said(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """An embedder without a key: words alone were searched, here as in search."""
    monkeypatch.setenv("MEMCHAT_RECALL__EMBEDDING", "openai/text-embedding-3-small")
    for command in ("context", "search"):
        done = shell(command, "the rate limit")
        first, second = done.errors
        assert (done.code, second) == (0, "  What mends it: memchat doctor")
        assert "key" in first
        assert "s1.1" in done.out


def asked(shell: Shell) -> None:
    """A one-shot that was answered."""
    assert shell("ask", "What did we decide about the rate limit?").code == 0


def test_what_was_really_shown_is_told(shell: Shell) -> None:
    """--last, --turn, and the newest of one conversation."""
    asked(shell)
    document = shell("context", "--last", "--json").json
    assert set(document) == KEYS
    assert (document["turn"], document["limit"]) == ("s2.1", None)
    assert document["messages"][0] == {"role": "user", "content": "What did we decide about the rate limit?"}
    assert [message["role"] for message in document["messages"][1:]] == ["assistant", "tool"]  # it looked it up
    assert document["total_tokens"] == 0  # the notebook is sent nothing
    assert {("m1", "head"), ("s1.1", "tail")} <= {(one["id"], one["zone"]) for one in document["passages"]}
    assert shell("context", "--turn", "s2.1", "--json").json == document
    assert shell("context", "--last", "--session", "s1", "--json").json["turn"] == "s1.1"
    text = shell("context", "--last").out
    assert "s2.1" in text
    assert "answered by notebook, was shown of memory:" in text
    nothing = shell("context", "--turn", "s1.1").out
    assert "was shown nothing of memory." in nothing
    assert "tokens" not in nothing


Argv = tuple[str, ...]


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (("",), 2),
        (("x", "-c", "--session", "s1"), 2),
        (("x", "--incognito", "-c"), 2),
        (("x", "--last"), 2),
        (("--last", "--raw"), 2),
        (("--last", "-m", "notebook"), 2),
        (("--turn", "s1.1", "--last"), 2),
        (("--turn", "s1.1", "-c"), 2),
        (("--turn", "s1"), 2),
        (("--turn", "s1.9"), 6),
        (("--turn", "s9.1"), 6),
        (("x", "--session", "s9"), 6),
        (("x", "-m", "openai/gpt-4o-mini"), 3),
        (("x", "-f", "nowhere.md"), 2),
        (("--last", "--db", "nowhere.db"), 5),
    ],
)
def test_what_cannot_be_shown_is_two_lines_and_an_exit_code(shell: Shell, argv: Argv, code: int) -> None:
    """What happened and what to do; standard output stays empty."""
    done = shell("context", *argv)
    assert (done.code, done.out, len(done.errors)) == (code, "", 2)


def test_what_was_sent_is_not_kept_word_for_word(shell: Shell) -> None:
    """`--last --raw` says so, and what there is instead; no prompt is spoken of that was not there."""
    for past in (("--last",), ("--turn", "s1.1")):
        done = shell("context", *past, "--raw")
        assert done.errors[0] == "error: What was sent is not kept word for word."
        assert "memchat context --raw PROMPT" in done.errors[1]


def test_without_a_turn_there_is_nothing_to_tell(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 6."""
    assert Shell(capsys)("context", "--last").code == 6
