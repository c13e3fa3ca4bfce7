"""memchat sessions, with a real database."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from memchat.domain import SessionKind, Stretch

from tests.builders import add_turn
from tests.cli.shell import Shell


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    """memchat in this test's home."""
    return Shell(capsys)


@pytest.fixture
def talked(shell: Shell) -> Shell:
    """Two turns of a chat, and a one-shot."""
    store = shell.store()
    turn = add_turn(store, "我想寫第三章", "好。")
    add_turn(store, "Who leaves?", "She does.", session_id=turn.session_id)
    store.transcripts.rename(turn.session_id, "第三章")
    add_turn(store, "2+2?", "4", kind=SessionKind.ONESHOT)
    store.close()
    return shell


def test_no_conversations_is_one_line_or_an_empty_array(shell: Shell) -> None:
    """Exit 0 in both."""
    assert shell("sessions", "list").out.split() == ["No", "conversations", "yet."]
    assert shell("sessions", "--json").json == []


def test_conversations_are_listed_and_one_shots_folded(talked: Shell) -> None:
    """What `ask` left is a line below, or a row with --all."""
    text = talked("sessions").out
    assert "第三章" in text
    assert "1 asked with memchat ask" in text
    (one,) = talked("session", "list", "--json").json
    assert (one["id"], one["title"], one["kind"], one["turns"]) == ("s1", "第三章", "chat", 2)
    assert {session["id"] for session in talked("sessions", "list", "--all", "--json").json} == {"s1", "s2"}
    assert "(ask)" in talked("sessions", "list", "--all").out


def test_every_word_is_shown(talked: Shell) -> None:
    """All turns, or the one that is named; as JSON with roles and parts."""
    text = talked("sessions", "show", "s1").out
    assert all(words in text for words in ("我想寫第三章", "好。", "Who leaves?", "She does.", "s1.2"))
    assert "Who leaves?" not in talked("sessions", "show", "s1.1").out
    document = talked("sessions", "show", "1", "--json").json
    assert document["session"]["id"] == "s1"
    assert [turn["id"] for turn in document["turns"]] == ["s1.1", "s1.2"]
    user, reply = document["turns"][1]["messages"]
    assert (user["role"], user["parts"][0]["origin"], user["parts"][0]["content"]) == ("user", "typed", "Who leaves?")
    assert (reply["role"], reply["model"]) == ("assistant", "notebook")


def test_what_it_came_to_is_shown_with_how_far_that_goes(talked: Shell) -> None:
    """Before the words, and in every document; null where there is no summary."""
    assert talked("sessions", "--json").json[0]["summarised_to"] is None
    store = talked.store()
    store.transcripts.summarise(1, "Wanted: 第三章", ["novel"])
    first = store.transcripts.turns(1)[0]
    store.jobs.advance([Stretch(store.transcripts.session(1), (first,), None, first.messages[-1].id)])
    store.close()
    shown = talked("sessions", "show", "s1").out
    assert shown.index("Wanted  第三章") < shown.index("So far up to s1.1.") < shown.index("我想寫第三章")
    assert talked("sessions", "--json").json[0]["summarised_to"] == "s1.1"
    assert talked("sessions", "show", "s1", "--json").json["session"]["summarised_to"] == "s1.1"
    assert "## Summary up to s1.1" in talked("sessions", "export", "s1").out


def test_a_conversation_is_exported(talked: Shell) -> None:
    """Markdown, or the document of show; whole or one turn."""
    text = talked("sessions", "export", "s1").out
    assert text.startswith("# 第三章\n\n- Id: s1, conversation\n")
    assert text.endswith("> She does.\n")
    assert all(words in text for words in ("## s1.1", "> 我想寫第三章", "## s1.2", "**You**, ", "**notebook**, "))
    assert "第三章。" not in talked("sessions", "export", "s1.2").out
    assert "s1.2 alone, of 2" in talked("sessions", "export", "s1.2").out
    document = talked("sessions", "show", "s1", "--json").json
    assert talked("sessions", "export", "s1", "--format", "json").json == document
    assert talked("sessions", "export", "s1", "--json").json == document
    assert talked("sessions", "export", "s1", "--json", "--format", "json").json == document


def test_an_export_is_utf_8_whatever_the_terminal(talked: Shell) -> None:
    """Chinese and emoji reach the file in a process whose locale is ASCII."""
    done = subprocess.run(
        [sys.executable, "-m", "memchat", "sessions", "export", "s1"],
        capture_output=True,
        env={**os.environ, "LC_ALL": "C", "PYTHONPATH": str(Path(__file__).parents[2])},
        check=True,
    )
    assert "> 我想寫第三章" in done.stdout.decode("utf-8")


def test_a_conversation_is_renamed(talked: Shell) -> None:
    """The new title is told and listed; words need no quotes."""
    assert talked("sessions", "rename", "s1", "The", "third", "chapter").out == "  s1  The third chapter\n"
    assert talked("sessions", "rename", "s1", "第三章", "--json").json["title"] == "第三章"


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (("show", "s99"), 6),
        (("show", "nobody"), 6),
        (("show", "s1.9"), 6),
        (("export", "s99"), 6),
        (("export", "s1", "--format", "pdf"), 2),
        (("export", "s1", "--format", "md", "--json"), 2),
        (("export", "s1", "--db", "nowhere.db"), 5),
        (("rename", "s99", "x"), 6),
        (("rename", "s1", " "), 2),
        (("rename", "s1"), 2),
        (("show",), 2),
    ],
)
def test_wrong_input_is_two_lines_and_an_exit_code(talked: Shell, argv: tuple[str, ...], code: int) -> None:
    """What happened and what to do; standard output stays empty."""
    done = talked("sessions", *argv)
    assert (done.code, done.out) == (code, "")
    assert len(done.errors) == 2 or "--json" in argv


def test_no_command_of_memory_loads_what_it_does_not_need(talked: Shell) -> None:
    """litellm, tokenizers, rich, prompt-toolkit and TOML writers stay out of commands that only look."""
    script = """
import sys
from memchat.cli.app import run
for line in ("profile show", "memory list", "sessions list", "sessions show s1", "sessions export s1", "doctor"):
    assert run(line.split()) == 0
heavy = {"litellm", "openai", "tiktoken", "wordllama", "httpx", "rich", "prompt_toolkit", "tomlkit", "keyring"}
print(sorted(heavy & set(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stderr == "[]\n"
