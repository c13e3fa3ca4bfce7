"""memchat browse in a real terminal: seen by an emulator, by keys, with wide characters, resized, and left tidily."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.builders import add_note, add_turn
from tests.e2e.terminal import Terminal, kept

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
SETTINGS = {"MEMCHAT_MODEL": "notebook", "MEMCHAT_MEMORY__ENABLED": "true"}
PASSPHRASE = "correct horse"


def browse(rows: int = 24, columns: int = 80, **env: str) -> Terminal:
    """`memchat browse` on a terminal."""
    command = [sys.executable, "-m", "memchat", "browse"]
    return Terminal(command, rows=rows, columns=columns, env={**SETTINGS, **env})


@pytest.fixture
def lived(home: Path) -> Path:
    """A conversation and two notes."""
    store = kept()
    add_turn(store, "We decided on a rate limit of 100 a minute.", "林美華 agrees \U0001f95c.")
    add_note(store, "allergic to peanuts \U0001f95c 花生過敏")
    add_note(store, "likes bees")
    store.close()
    return home


def test_the_memory_is_looked_through_searched_and_mended_by_keys(lived: Path) -> None:
    """Views, search as one types, edit in place, forget with its plan; q gives the terminal back as it was."""
    with browse() as person:
        person.sees("1 Profile  2 Notes  3 Inbox  4 Conversations  5 Timeline")
        person.types("2")
        person.sees("likes bees")
        person.presses("down")
        person.waits(lambda: any(row.startswith("> m1") for row in person.screen), "m1 is not chosen")
        person.sees("Set by hand")
        person.types("/rate lim")
        person.sees("s1.1")
        person.sees("林美華 agrees")
        person.presses("escape")
        person.sees_no("s1.1")
        person.types("e")
        person.sees("m1 > allergic")
        person.types("!")
        person.presses("enter")
        person.sees("+ m3")
        person.types("2")
        person.presses("down")
        person.waits(lambda: any(row.startswith("> m2") for row in person.screen), "m2 is not chosen")
        person.types("f")
        person.sees("To be erased for good.")
        person.sees("Erase? Type yes")
        person.types("yes")
        person.presses("enter")
        person.sees("0 traces")
        person.presses("escape")
        person.sees("1 of 1")
        person.types("q")
        assert person.leaves() == 0
        assert "1 Profile" not in person.raw.rpartition("\x1b[?1049l")[2]
    store = kept()
    assert [one.text for one in store.memories.active(datetime.now(UTC))] == [
        "allergic to peanuts \U0001f95c 花生過敏!"
    ]
    store.close()


def test_a_narrow_terminal_a_resize_and_a_database_that_breaks(lived: Path) -> None:
    """40 columns show one below the other; dragged wide, side by side; what breaks beneath it is told in two lines."""
    with browse(rows=28, columns=40) as person:
        person.sees("1 Profile  2  3  4  5")
        person.types("4")
        person.sees("We decided on a rate limit")
        person.sees("林美華 agrees \U0001f95c.")
        person.resizes(24, 100)
        person.sees("1 Profile  2 Notes  3 Inbox  4 Conversations  5 Timeline")
        person.sees("林美華 agrees \U0001f95c.")
        store = kept()
        store.database.rows("ALTER TABLE memories RENAME TO gone")  # type: ignore[attr-defined]  # - damage by hand
        store.close()
        person.types("2")
        assert person.leaves() == 5
        told = person.raw.rpartition("\x1b[?1049l")[2]
        assert "The database refused" in told
        assert "Traceback" not in told


def test_an_encrypted_memory_asks_for_its_passphrase_first(lived: Path) -> None:
    """Before the full screen begins; searching opens it once more without asking."""
    done = subprocess.run(
        [sys.executable, "-m", "memchat", "encrypt", "--no-keyring"],
        input=f"{PASSPHRASE}\n",
        text=True,
        capture_output=True,
        env={**os.environ, **SETTINGS},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with browse() as person:
        person.sees("assphrase")
        assert "1 Profile" not in person.text
        person.types(PASSPHRASE)
        person.presses("enter")
        person.sees("1 Profile")
        person.types("/bees")
        person.sees("likes bees")
        person.presses("ctrl-c")
        assert person.leaves() == 0


def test_a_terminal_that_cannot_be_drawn_on_is_told_so(lived: Path) -> None:
    """Two lines, and 2."""
    with browse(TERM="dumb") as person:
        person.sees("error: memchat browse needs a whole terminal.")
        assert person.leaves() == 2
