"""memchat tombstones: what a keyed hash can tell of what was erased, and taking it away."""

import os
from contextlib import closing
from datetime import timedelta

import pytest
from memchat.cli import tombstone_commands, tombstone_view
from memchat.cli.app import State
from memchat.cli.terminal import Screen
from memchat.domain import Tombstone
from memchat.errors import RefusedError
from memchat.memory.words import words
from memchat.store.tombstones import Graves

from tests.cli.screens import Tty, pipe
from tests.cli.shell import Shell
from tests.conftest import NOW
from tests.store.conftest import behind

DAY = timedelta(days=1)


@pytest.fixture
def buried(shell: Shell) -> Shell:
    """A note that was erased, a city that was, and what is never to be learned."""
    with closing(shell.store()) as store:
        store.tombstones.add("", words("allergic to peanuts"), NOW)
        store.tombstones.add("location", words("Taipei"), NOW + DAY)
        store.tombstones.add("", words("the garden gate"), NOW + 2 * DAY, never=True)
        Graves(behind(store)).bury("message", ["uid-1", "uid-2"], NOW)
    return shell


def test_the_list_tells_what_a_hash_allows(buried: Shell) -> None:
    """Newest first: the day, the field, how many words, erased or never; a noun alone lists; none of the words."""
    for line in (("tombstones",), ("tombstones", "list")):
        done = buried(*line)
        assert done.code == 0
        rows = [row.split() for row in done.out.splitlines() if row.endswith(("never", "erased"))]
        assert rows == [
            ["24", "Nov", "note", "2", "words", "never"],
            ["23", "Nov", "location", "1", "word", "erased"],
            ["22", "Nov", "note", "2", "words", "erased"],
        ]
        assert "memchat tombstones clear" in done.out
        for word in ("peanut", "aipei", "garden", "uid-"):
            assert word not in done.out


def test_the_list_as_json(buried: Shell) -> None:
    """An array; the field of a note is null; without any it is empty."""
    found = buried("tombstones", "--json").json
    assert [{name: one[name] for name in ("at", "field", "words", "reason")} for one in found] == [
        {"at": "2026-11-24T01:14:00Z", "field": None, "words": 2, "reason": "never"},
        {"at": "2026-11-23T01:14:00Z", "field": "location", "words": 1, "reason": "erased"},
        {"at": "2026-11-22T01:14:00Z", "field": None, "words": 2, "reason": "erased"},
    ]
    assert len({one["uid"] for one in found}) == 3
    buried("tombstones", "clear", "--yes")
    assert buried("tombstones", "list", "--json").json == []
    assert "Nothing was erased or refused for good." in buried("tombstones").out


def test_looking_makes_no_database(shell: Shell) -> None:
    """Neither list nor clear."""
    assert shell("tombstones").code == 0
    assert shell("tombstones", "clear", "--yes").out == (
        "  Cleared: 0 tombstones. What you erased or refused may be learned again.\n"
    )
    assert not shell.paths.db.exists()


def test_clear_wants_a_yes(buried: Shell) -> None:
    """Where nobody can be asked: exit 7, two lines, and with --json one object; all is as it was."""
    done = buried("tombstones", "clear")
    assert (done.code, done.out, len(done.errors)) == (7, "", 2)
    assert buried("tombstones", "clear", "--json").code == 7
    assert len(buried("tombstones", "--json").json) == 3


def test_clear_takes_every_trace_and_every_key(buried: Shell) -> None:
    """Also of whole rows, and the keys of imports; what was erased may be learned again."""
    with closing(buried.store()) as store:
        behind(store).rows("INSERT INTO meta VALUES ('tombstone_key.2', x'00')")
        [before] = behind(store).column("SELECT value FROM meta WHERE name = 'tombstone_key'")
    assert buried("tombstones", "clear", "--yes", "--json").json == {"cleared": 3}
    with closing(buried.store()) as store:
        assert behind(store).rows("SELECT * FROM tombstones") == []
        assert behind(store).column("SELECT name FROM meta WHERE name GLOB 'tombstone*'") == ["tombstone_key"]
        assert behind(store).column("SELECT value FROM meta WHERE name = 'tombstone_key'") != [before]
        assert store.tombstones.find("", words("allergic to peanuts")) is None
        assert not Graves(behind(store)).buried("message")("uid-1")
        store.tombstones.add("", words("allergic to peanuts"), NOW)
        assert store.tombstones.find("", words("allergic to peanuts")) is not None


@pytest.mark.parametrize(("answer", "left"), [("", 3), ("y", 3), ("no", 3), ("yes", 0), ("ＹＥＳ", 0), ("好", 0)])
def test_on_a_terminal_the_whole_word_is_asked_for(buried: Shell, answer: str, left: int) -> None:
    """Enter and a slipped `y` change nothing."""
    stdin = Tty(f"{answer}\n")
    screen = Screen({"TERM": "xterm", "NO_COLOR": "1"}, stdin=stdin, stdout=Tty(), stderr=Tty())
    state = State(screen, dict(os.environ))
    context = type("Context", (), {"obj": state})()
    if left:
        with pytest.raises(RefusedError, match="Nothing was cleared"):
            tombstone_commands.clear(context)
    else:
        tombstone_commands.clear(context)
    state.close()
    assert len(buried("tombstones", "--json").json) == left


def test_a_field_of_another_configuration_is_cleaned_before_it_is_shown() -> None:
    """It came with an import."""
    [_, line, *_] = tombstone_view.listing(pipe(), [Tombstone("u", "evil\x1b[31m", 2, NOW)], NOW)
    assert "\x1b" not in line
