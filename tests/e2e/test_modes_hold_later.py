"""What a mode promised holds later, too: no pass learns from --no-learn, and where only conversations are kept nothing
is learned, summed up or recalled by anybody."""

import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.plain_terminal import plainly
from tests.e2e.running import NOTEBOOK, Done, here, tree, with_server
from tests.e2e.terminal import Terminal, chat, kept
from tests.servers.openai_server import Server
from tests.servers.replies import Reply, Tool

Captured = pytest.CaptureFixture[str]
TOLD = "My name is Alice and I live in Porto."
CONVERSATIONS = {"MEMCHAT_MODEL": "notebook", "MEMCHAT_MEMORY__ENABLED": "false"}
NEVER_ASKED = {"MEMCHAT_MODEL": "notebook"}


def known() -> list[str]:
    """All that is remembered."""
    with closing(kept()) as store:
        return [memory.text for memory in store.memories.active(datetime.now(UTC))]


def done(capsys: Captured, *words: str, env: dict[str, str] = NOTEBOOK) -> Done:
    """It must end well."""
    ended = here(capsys, *words, env=env)
    assert ended.code == 0, ended
    return ended


@pytest.mark.parametrize("first", [["--no-learn"], []])
def test_what_was_said_under_no_learn_is_never_learned_from(home: Path, capsys: Captured, first: list[str]) -> None:
    """A conversation begun or gone on with so; gone on with again as ever, learned from at will, retried, exported."""
    del home
    done(capsys, "ask", *first, "--session", "talk", "Hello there.")
    done(capsys, "ask", "--no-learn", "--session", "talk", TOLD)
    done(capsys, "ask", "--session", "talk", "I work as a nurse.")
    retried = plainly("--session", "talk", typed=("/retry",))
    assert (retried.code, retried.out != "", "error" in retried.err) == (0, True, False), retried
    done(capsys, "memory", "learn")
    done(capsys, "doctor", "--retry")
    named = here(capsys, "memory", "learn", "--session", "talk")
    assert named.code == (7 if first else 0)
    assert "Alice" not in known()
    assert "Porto" not in known()
    with closing(kept()) as store:
        assert "Porto" not in store.transcripts.session(1).summary
    assert "Porto" in done(capsys, "search", "Porto").out  # the words are kept, and found


def test_a_model_that_remembers_all_the_same_is_not_let(openai_server: Server, capsys: Captured) -> None:
    """The tool is not on offer under --no-learn, and calling it does nothing."""
    openai_server.script(
        Reply(tools=(Tool("remember", '{"field": "location", "text": "Porto", "quote": "I live in Porto"}', "a"),)),
        Reply("Done."),
    )
    done(capsys, "ask", "--no-learn", TOLD, env=with_server(openai_server))
    offered = [tool["function"]["name"] for tool in openai_server.requests[0].body["tools"]]
    assert "remember" not in offered
    assert "recall" in offered
    assert known() == []


def test_where_only_conversations_are_kept_they_are_kept_and_found(home: Path, capsys: Captured) -> None:
    """Nothing is learned, summed up or recalled: at once, later, by a command, in a chat."""
    del home
    done(capsys, "ask", TOLD, env=CONVERSATIONS)
    with chat(env=CONVERSATIONS) as person:
        person.says("I am allergic to peanuts.")
        person.sees_prompt()
        person.says("What am I allergic to? Where do I live?")
        person.sees_prompt()
        person.quits()
    assert here(capsys, "memory", "learn", env=CONVERSATIONS).code == 7
    assert here(capsys, "doctor", "--retry", env=CONVERSATIONS).code == 7
    assert known() == []
    with closing(kept()) as store:
        assert store.jobs.listing() == []
        assert [store.transcripts.session(number).summary for number in (1, 2)] == ["", ""]
        assert not any(store.transcripts.session(number).learn for number in (1, 2))
        assert store.usages.shown(2, 2) == []
    assert "Porto" in done(capsys, "search", "Porto", env=CONVERSATIONS).out
    assert done(capsys, "ask", "Hello there.").code == 0  # memory is switched on: what was said before teaches nothing
    done(capsys, "memory", "learn")
    assert known() == []


def test_where_only_conversations_are_kept_a_request_holds_nothing_else(
    openai_server: Server, capsys: Captured
) -> None:
    """No profile, no note, no summary, no past exchange, no tool, and no call beside the answer."""
    done(capsys, "ask", TOLD)
    env = {**with_server(openai_server), "MEMCHAT_MEMORY__ENABLED": "false"}
    done(capsys, "ask", "--session", "talk", "Where do I live?", env=env)
    done(capsys, "ask", "--session", "talk", "And what is my name?", env=env)
    first, second = openai_server.requests
    for seen in (first, second):
        assert b"Porto" not in seen.raw
        assert "tools" not in seen.body
    assert b"Where do I live?" in second.raw  # the conversation itself goes on
    assert openai_server.consolidations == []


@pytest.mark.parametrize(
    ("more", "question"),
    [
        ({}, True),
        ({"MEMCHAT_MEMORY__ENABLED": "true"}, False),
        ({"MEMCHAT_MEMORY__ENABLED": "false"}, False),
        ({"MEMCHAT_PRIVACY__SAVE_TRANSCRIPTS": "false"}, False),
    ],
)
@pytest.mark.parametrize("where", ["environment", "file"])
def test_what_may_be_kept_is_asked_only_where_nothing_answers_it(
    home: Path, capsys: Captured, more: dict[str, str], question: bool, where: str
) -> None:
    """By environment or by file; a script is told that nothing is kept only where nobody ever said so."""
    env = {**NEVER_ASKED, **more}
    if where == "file":
        env = dict(NEVER_ASKED)
        home.mkdir()
        for name, value in more.items():
            section, key = name.removeprefix("MEMCHAT_").lower().split("__")
            (home / "config.toml").write_text(f"[{section}]\n{key} = {value}\n", "utf-8")
    told = done(capsys, "ask", "Hello there.", env=env).err
    assert ("memchat was never told" in told) is question
    plain = plainly(typed=("^C",), env=env)
    assert ("What may I keep?" in plain.out + plain.err) is question
    assert ("Write something" in plain.out + plain.err) is not question
    if question:
        assert plain.code == 130
    if where == "file" or "MEMCHAT_PRIVACY__SAVE_TRANSCRIPTS" in more:
        return  # what is on a terminal that can do more is the same question
    command = [sys.executable, "-m", "memchat"]
    with Terminal(command, env=env) as person:  # not `chat`, which is set up already
        person.waits(lambda: "What may I keep?" in person.text or "Write something" in person.text, "nothing came")
        assert ("What may I keep?" in person.text) is question
        if question:
            person.presses("ctrl-c")
            assert person.leaves() == 130
        else:
            person.sees_prompt()
            person.quits()


@pytest.mark.parametrize("mode", ["--stateless", "--incognito"])
def test_ten_asks_over_the_wire_change_no_file(
    home: Path, tmp_path: Path, openai_server: Server, mode: str, capsys: Captured
) -> None:
    """With litellm in this process: the requests hold nothing of memory, and of stateless ones each is the same."""
    done(capsys, "ask", TOLD)
    before = tree(tmp_path)
    for _ in range(10):
        done(capsys, "ask", mode, "What is my name?", env=with_server(openai_server))
    assert tree(tmp_path) == before
    assert len(openai_server.requests) == 10
    assert not [seen for seen in openai_server.requests if b"Alice" in seen.raw]
    if mode == "--stateless":
        assert len({seen.raw for seen in openai_server.requests}) == 1
        assert f"{datetime.now(UTC):%Y}".encode() not in openai_server.requests[0].raw
    assert home.exists()
