"""memchat search and /search, with a real database."""

import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from memchat.bootstrap import App, ChatRequest, open_app
from memchat.cli import slash_commands
from memchat.cli.conversation import Conversation
from memchat.cli.keyboard import Interrupts
from memchat.cli.slash import find
from memchat.domain import INCOGNITO

from tests.builders import add_note, add_turn
from tests.cli.screens import pipe
from tests.cli.shell import Shell

NOW = datetime.now(UTC).astimezone()


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Two conversations, a long time apart, and two memories."""
    monkeypatch.setenv("MEMCHAT_MEMORY__ENABLED", "true")
    monkeypatch.setenv("MEMCHAT_MODEL", "notebook")
    shell = Shell(capsys)
    store = shell.store()
    add_turn(store, "What about the rate limit?", "You settled on 100 requests a minute.", at=NOW - timedelta(days=300))
    store.transcripts.rename(1, "Rate limits")
    add_turn(store, "我對花生過敏，住在台北。", "記下了。", at=NOW - timedelta(days=2))
    add_note(store, "wants a rate limit of 100", at=NOW - timedelta(days=3))
    add_note(store, "Taipei", field="location", at=NOW - timedelta(days=3))
    store.close()
    return shell


def test_memories_and_conversations_are_one_list(shell: Shell) -> None:
    """With id, day, who said it, the conversation's title, its words; and how to read on."""
    done = shell("search", "rate", "limit")
    assert (done.code, done.err) == (0, "")
    assert ', you, "Rate limits"\n' in done.out
    assert "What about the rate limit?\n" in done.out
    assert "note, by hand\n        wants a rate limit of 100\n" in done.out
    assert done.out.endswith("  Read on:  memchat sessions show s1.1    memchat memory why m1\n")
    assert "花生" not in done.out


def test_both_scripts_find_the_words(shell: Shell) -> None:
    """Simplified words find traditional ones."""
    for words in ("花生", "过敏", "台北"):
        assert "我對花生過敏" in shell("search", words).out


def test_json_is_an_array_with_the_promised_keys(shell: Shell) -> None:
    """Best first; none is [] and exit 0."""
    hits = shell("search", "rate limit", "--json").json
    keys = {"id", "kind", "field", "text", "at", "speaker", "session", "source", "title", "score", "why"}
    assert all(set(hit) == keys for hit in hits)
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    (talk,) = (hit for hit in hits if hit["kind"] == "episode" and hit["speaker"] == "user")
    assert (talk["id"], talk["session"], talk["title"]) == ("s1.1", "s1", "Rate limits")
    (note,) = (hit for hit in hits if hit["id"] == "m1")
    assert (note["kind"], note["session"], note["speaker"]) == ("note", None, None)
    (place,) = (hit for hit in shell("search", "Taipei", "--in", "memories", "--json").json if hit["field"])
    assert (place["kind"], place["field"], place["text"]) == ("profile", "location", "Taipei")
    done = shell("search", "frobnicate", "--json")
    assert (done.code, done.out, done.err) == (0, "[]\n", "")
    assert shell("search", "frobnicate").out == "  Nothing found.\n"


def test_one_kind_and_some_days_may_be_named(shell: Shell) -> None:
    """As days, or in words; the end of the last one is included."""

    def ids(*more: str) -> set[str]:
        return {hit["id"] for hit in shell("search", "rate limit", *more, "--json").json}

    assert ids("--in", "memories") == {"m1"}
    assert ids("--in", "sessions") == {"s1.1"}
    told = (NOW - timedelta(days=300)).date().isoformat()
    assert ids("--until", told) == {"s1.1"}
    assert ids("--since", told, "--until", told) == {"s1.1"}
    assert ids("--since", "last week") == {"m1"}


@pytest.mark.parametrize(
    "argv",
    [
        ("",),
        ("x", "--in", "files"),
        ("x", "--since", "soonish"),
        ("x", "--since", "2026-02-02", "--until", "2026-02-01"),
        (),
    ],
)
def test_wrong_words_are_exit_2_and_two_lines(shell: Shell, argv: tuple[str, ...]) -> None:
    """What is wrong, and what to write; nothing on standard output."""
    done = shell("search", *argv)
    assert (done.code, done.out, len(done.errors)) == (2, "", 2)


def test_a_database_that_is_not_there_is_exit_5(shell: Shell) -> None:
    """One that was named and mistyped."""
    assert shell("search", "x", "--db", "nowhere.db").code == 5


def test_a_damaged_index_is_told_and_mended(shell: Shell) -> None:
    """An answer all the same, or two lines, and never an exception; `doctor` mends it."""
    with sqlite3.connect(shell.paths.db) as connection:
        connection.execute("DROP TABLE words_of_messages_data")
    connection.close()
    done = shell("search", "rate limit")
    assert done.code in {0, 5}
    assert done.err
    assert "Traceback" not in done.err
    assert shell("doctor", "--json").json["index"]["sound"] is False
    assert "Now: memchat doctor --reindex" in shell("doctor").out
    assert shell("doctor", "--reindex", "-q").code == 0
    assert shell("doctor", "--json").json["index"]["sound"] is True
    done = shell("search", "rate limit")
    assert (done.code, done.err) == (0, "")
    assert "What about the rate limit?" in done.out


# In the chat


def said(app: App, words: str, **more: object) -> tuple[str, str]:
    """What /search shows, and the error it shows."""
    chat = Conversation(app, ChatRequest(**more), screen := pipe(), Interrupts())  # type: ignore[arg-type]  # - any field of a request
    slash_commands.run(chat, find("search", slash_commands.COMMANDS), words)
    chat.close()
    return screen.stdout.getvalue(), screen.stderr.getvalue()  # type: ignore[attr-defined]  # - a screen of StringIO


def test_the_chat_searches_the_same(shell: Shell, app: App) -> None:
    """A shorter list, with the chat's own way to read on."""
    out, err = said(app, "rate limit")
    assert err == ""
    assert "What about the rate limit?" in out
    assert "    /why m1" in out
    assert said(app, "frobnicate")[0].strip() == "Nothing found."


def test_the_chat_says_what_could_not_be_used(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words alone were searched, and why."""
    monkeypatch.setenv("MEMCHAT_RECALL__EMBEDDING", "openai/text-embedding-3-small")
    with closing(open_app(os.environ)) as app:
        out, err = said(app, "rate limit")
    assert "What about the rate limit?" in out
    assert "key" in err
    assert err.endswith("  What mends it: memchat doctor\n")


def test_the_chat_needs_words_and_a_memory(shell: Shell, app: App) -> None:
    """Two lines for neither; a chat that keeps nothing does not look."""
    assert "/search rate limit" in said(app, "")[1]
    assert "does not open your memory" in said(app, "rate limit", mode=INCOGNITO)[1]


def test_help_lists_it(shell: Shell) -> None:
    """Of the shell and of the chat."""
    assert "--since" in shell("search", "--help").out
    assert find("sea", slash_commands.COMMANDS).usage == "/search WORDS"
    assert json.dumps(shell("--help").out).count("  search ") == 1
