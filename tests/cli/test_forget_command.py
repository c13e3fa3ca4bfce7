"""memchat forget in every form: what is shown, what is asked for in scripts, what goes, how it ends."""

import io
import json
import sqlite3
import sys
from pathlib import Path

import pytest
from memchat.cli.forget_view import left_out, ranges

from tests.builders import add_note, add_turn
from tests.cli.shell import Shell, script


@pytest.fixture
def planned(shell: Shell) -> Shell:
    """Two talks about John, one about Johnny, two memories, a backup of memchat's own."""
    store = shell.store()
    first = add_turn(store, "On Mondays John comes at 9.", "Noted.")
    add_turn(store, "And Johnny calls on Fridays.", "ok", session_id=first.session_id)
    add_turn(store, "JOHN is late.", "Poor John.", session_id=first.session_id)
    other = add_turn(store, "John's mother is ill.", "I am sorry.")
    store.transcripts.rename(other.session_id, "A hard hour with John")
    store.transcripts.summarise(first.session_id, "Wanted: a plan with John.", ["week"])
    add_note(store, "John comes on Mondays at 9")
    add_note(store, "likes tea")
    store.close()
    shell.paths.db.with_name("memchat.db.backup-v3-20261102T000000Z").write_text("John")
    return shell


def test_a_word_is_found_wherever_it_stands(planned: Shell) -> None:
    """The tree: memories, summaries, titles, turns, copies, what only looks alike."""
    done = planned("forget", "--match", "John", "--dry-run")
    assert done.code == 0
    for line in (
        "Memories, whole",
        "m1  John comes on Mondays at 9",
        "Summaries, rewritten without it",
        "A hard hour with John",
        "4 in 2 talks",
        "s1.1 s1.3 s2.1",
        "1 backup of",
        "Looks alike, not included: Johnny (s1.2)",
    ):
        assert line in done.out, line
    assert "In all 5" in done.err
    assert "likes tea" not in done.out


def test_a_script_says_how_many_it_expects(planned: Shell) -> None:
    """Without a number, or with another, nothing goes: exit 7. With it all goes, and is looked for."""
    for more in ((), ("--expect", "4")):
        done = planned("forget", "--match", "John", "--yes", *more)
        assert (done.code, len(done.errors)) == (7, 2)
        assert "5 in all" in done.err
    done = planned("forget", "--match", "John", "--yes", "--expect", "5", "--json")
    assert done.code == 0
    receipt = done.json
    assert (receipt["memories"], receipt["places"], receipt["summaries"], receipt["traces"]) == (["m1"], 4, 1, 0)
    assert [Path(one).name for one in receipt["deleted"]] == ["memchat.db.backup-v3-20261102T000000Z"]
    assert receipt["checked"]["bytes"] > 4096
    again = planned("forget", "--match", "John", "--yes")
    assert (again.code, again.out) == (6, "")
    assert 'Nothing holds "John": 0 memories, 0 conversations, 0 traces in' in again.err
    assert "Johnny calls" in planned("sessions", "show", "s1").out


def test_a_word_where_an_id_was_meant_is_looked_for(planned: Shell) -> None:
    """And that is said first."""
    done = planned("forget", "John", "--dry-run")
    assert done.out.lstrip().startswith('"John" is not an id, so this looks for the word.')
    assert "are not ids, so this looks for the words" in planned("forget", "John", "tea", "--dry-run").out


def test_a_text_that_no_shell_keeps(planned: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """From standard input, one a line."""
    monkeypatch.setattr("sys.stdin", Piped("John\n\n  likes tea \n"))
    document = planned("forget", "--match", "-", "--dry-run", "--json").json
    assert document["words"] == ["John", "likes tea"]
    assert [memory["id"] for memory in document["memories"]] == ["m2", "m1"]
    monkeypatch.setattr("sys.stdin", Piped("\n"))
    assert planned("forget", "--match", "-").code == 2


class Piped(io.TextIOWrapper):
    """Standard input that a program writes into."""

    def __init__(self, text: str) -> None:
        super().__init__(io.BytesIO(text.encode()), "utf-8")


def test_exchanges_go_whole_where_that_is_asked_for(planned: Shell) -> None:
    """The turn is gone, not only the word."""
    done = planned("forget", "--match", "John", "--turns", "--yes", "--expect", "4")
    assert done.code == 0
    assert "whole: s1.1 s1.3 s2.1" in done.out
    talk = planned("sessions", "show", "s1").out
    assert "Johnny calls" in talk
    assert "Mondays" not in talk


def test_what_is_left_out_stays(planned: Shell) -> None:
    """An exchange, a conversation, a memory."""
    done = planned(
        "forget", "--match", "John", "--without", "s1.1", "--without", "s2", "--without", "m1", "--yes", "--expect", "2"
    )
    assert done.code == 0, done.err
    talk = planned("sessions", "show", "s1").out
    assert "John comes at 9" in talk
    assert "[erased] is late" in talk
    assert [memory["id"] for memory in planned("memory", "list", "--json").json] == ["m2", "m1"]
    assert planned("forget", "John", "--without", "x").code == 2


def test_words_are_kept_for_the_person_alone(planned: Shell) -> None:
    """sessions show has them, search does not."""
    done = planned("forget", "--match", "John", "--keep-transcript", "--yes", "--expect", "5")
    assert done.code == 0, done.out + done.err
    assert "kept for you alone" in done.out
    assert "John is late" in planned("sessions", "show", "s1").out.replace("JOHN", "John")
    assert planned("search", "Mondays").code == 6 or "s1.1" not in planned("search", "Mondays").out


def test_a_conversation_goes_whole(planned: Shell) -> None:
    """By its id, by the option, by one of its turns."""
    assert planned("forget", "--session", "s2", "--yes").code == 0
    assert planned("sessions", "show", "s2").code == 6
    assert planned("forget", "s1.2", "--yes").code == 0
    assert "Fridays" not in planned("sessions", "show", "s1").out
    assert planned("sessions", "rm", "s1", "--yes").code == 0
    assert planned("sessions", "list", "--json").json == []
    assert [memory["id"] for memory in planned("memory", "list", "--json").json] == ["m2", "m1"]


def test_what_was_said_before_a_day_goes(planned: Shell) -> None:
    """Conversations alone: what was learned stays."""
    assert planned("forget", "--before", "2020-01-01", "--yes").code == 6
    done = planned("forget", "--before", "2999-01-01", "--yes")
    assert done.code == 0
    assert planned("sessions", "list", "--json").json == []
    assert len(planned("memory", "list", "--json").json) == 2
    assert planned("forget", "--before", "soon").code == 2


def test_everything_goes(planned: Shell) -> None:
    """memchat works on, and the folder holds nothing of it."""
    shown = planned("forget", "--all", "--dry-run").out
    assert "Memories, all" in shown
    assert planned("forget", "--all").code == 7
    done = planned("forget", "--all", "--yes")
    assert done.code == 0
    assert "everything: 2 memories, 2 conversations" in done.out
    everything = b"".join(file.read_bytes() for file in planned.paths.db.parent.iterdir() if file.is_file())
    for word in (b"John", b"Mondays", b"mother", b"likes tea", b"hard hour"):
        assert word not in everything
    assert planned("memory", "add", "likes rye").code == 0
    with sqlite3.connect(planned.paths.db) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--match", ""), 2),
        (("--match", "   "), 2),
        (("--match", "a"), 2),
        (("--match", "..."), 2),
        (("--match", "x" * 10_000_000), 2),
        (("--match", "\U0001f600"), 6),
        (("--match", "%"), 2),
        (("--match", "_x"), 6),
        (("--match", '" OR 1=1 --'), 6),
        (("--match", "J\u202eohn"), 6),
        (("--all", "m1"), 2),
        (("m1", "--turns", "--keep-transcript"), 2),
        (("--session", "s1", "--keep-transcript"), 2),
        (("--session", "nothing"), 6),
        (("s1.99",), 6),
        (("s" + "9" * 30,), 6),
    ],
)
def test_what_cannot_be_meant_is_refused(planned: Shell, words: tuple[str, ...], code: int) -> None:
    """Nothing, one letter, a book, half an attack: two lines, and nothing is erased."""
    done = planned("forget", *words, "--yes")
    assert (done.code, done.out, len(done.errors)) == (code, "", 2 if done.errors[1:] else 1)
    assert all(len(line) < 300 for line in done.errors)
    assert len(planned("memory", "list", "--json").json) == 2


@pytest.mark.parametrize("word", ["chat", "typed", "erased", "note", "the", "text", "memchat", "SELECT", "role"])
def test_a_word_of_memchats_own_can_be_forgotten(shell: Shell, word: str) -> None:
    """The tables and their own words stay; what somebody said does not."""
    store = shell.store()
    add_turn(store, f"Say {word} to me, the chat is a note that was typed.", f"{word}!")
    add_note(store, f"says {word} often")
    store.close()
    count = shell("forget", word, "--dry-run", "--json").json["count"]
    done = shell("forget", "--match", word, "--yes", "--expect", str(count), "--json")
    assert done.code == 0, done.out
    assert done.json["traces"] == 0
    assert shell("sessions", "show", "s1").code == 0
    assert shell("doctor").code == 0
    assert word not in shell("sessions", "show", "s1", "--json").json["turns"][0]["messages"][0]["parts"][0][
        "content"
    ].replace("[erased]", "")


def test_a_trace_that_is_left_is_said(planned: Shell) -> None:
    """A file of the database's name that cannot be changed: exit 1, and which it is."""
    stray = planned.paths.db.with_name("memchat.db-copy-of-mine")
    stray.write_text("about John")
    done = planned("forget", "--match", "John", "--yes", "--expect", "5")
    assert done.code == 1
    assert '1 trace of "John"' in done.out
    assert "memchat.db-copy-of-mine" in done.out.replace("\n            ", "")
    assert "yours to delete" in done.out
    assert "may have it open" not in done.out


def test_a_backup_alone_is_reason_enough(shell: Shell) -> None:
    """No row holds the word, but a copy that memchat made does: it goes."""
    shell("memory", "add", "likes tea")
    backup = shell.paths.db.with_name("memchat.db.backup-v3-20261102T000000Z")
    backup.write_text("Zebedee")
    done = shell("forget", "--match", "Zebedee", "--yes", "--expect", "0")
    assert done.code == 0, done.err
    assert not backup.exists()


def test_drafts_that_hold_the_words_lose_them(planned: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are memchat's own files."""
    monkeypatch.setenv("EDITOR", script(tmp_path, "path.write_text('location = John')"))
    planned("profile", "edit")
    done = planned("forget", "--match", "John", "--yes", "--expect", "5")
    assert done.code == 0
    assert [draft.read_text() for draft in planned.drafts()] == ["location = [erased]"]


def test_everything_takes_drafts_along(planned: Shell) -> None:
    """They hold parts of memory, in whatever words: nobody could look for them."""
    draft = planned.paths.state / "drafts" / "1f" / "profile.toml"
    draft.parent.mkdir(parents=True)
    draft.write_text("name = Ann")
    done = planned("forget", "--all", "--yes")
    assert done.code == 0
    assert not draft.exists()
    assert "drafts" not in done.out


def test_without_a_tombstone_it_can_be_learned_again(planned: Shell) -> None:
    """As it was asked for."""
    done = planned("forget", "m1", "--no-tombstone", "--yes")
    assert done.code == 0
    assert "Blocked" not in done.out


def test_turns_in_a_row_are_one() -> None:
    """`s11.1-9`."""
    assert ranges(["s8.2", "s8.5", "s11.1", "s11.2", "s11.3", "s12"]) == ["s8.2", "s8.5", "s11.1-3", "s12"]


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        ("yes without s1.2 m9", ("s1.2", "m9")),
        ("Ｙｅｓ  WITHOUT s1", ("s1",)),
        ("yes", None),
        ("yes without", None),
        ("", None),
        ("no without s1", None),
    ],
)
def test_an_answer_may_leave_some_out(answer: str, left: tuple[str, ...] | None) -> None:
    """Beside the word yes."""
    assert left_out(answer) == left


def test_the_plan_is_a_document(planned: Shell) -> None:
    """With everything that the screen tells."""
    document = planned("forget", "--match", "John", "--dry-run", "--json").json
    assert document["count"] == 5
    assert document["places"] == ["s1.1", "s1.3", "s2.1"]
    assert document["summaries"] == ["s1"]
    assert document["titles"] == ["s2"]
    assert document["looks_alike"] == [{"word": "Johnny", "ref": "s1.2"}]
    assert json.dumps(document)
    assert sys.version_info


def test_a_word_where_an_id_was_meant_is_expected_as_with_match(planned: Shell) -> None:
    """A slip of the finger (`forget Joh --yes`) erases nothing that was not counted."""
    done = planned("forget", "John", "--yes")
    assert (done.code, len(done.errors)) == (7, 2)
    assert "--yes --expect 5" in done.err
    assert planned("forget", "John", "--yes", "--expect", "5").code == 0
    assert planned("forget", "m2", "--yes").code == 0
