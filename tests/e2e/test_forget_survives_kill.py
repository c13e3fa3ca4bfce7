"""`kill -9` between any two steps of forgetting: after the next start everything of it is erased, or nothing."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from memchat.store.connection import open_store
from memchat.store.encryption import Key, from_passphrase
from memchat.store.rewriting import rewrite

from tests.e2e.dying_forget import PASSPHRASE
from tests.e2e.forgetting_world import FACTS, World, decrypted
from tests.e2e.running import ROOT, environment

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a process is forked for each death")

DEATHS = 40
# What memchat makes by itself: before a migration, and of what a restore replaced.
COPIES = ("memchat.db.backup-v3-20261101", "memchat.db.replaced-20261101T091400Z")
FACT, OTHER = FACTS[0], FACTS[1]
Dies = Callable[[Path, int], tuple[int, int]]


@pytest.fixture
def dies() -> Iterator[Dies]:
    """Forgets in a database, and dies at a line: its exit code, and how many lines ran."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.dying_forget"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment({}),
        cwd=ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    asked, told = process.stdin, process.stdout

    def die(path: Path, line: int) -> tuple[int, int]:
        asked.write(f"{path} {line} {FACT.word}\n")
        asked.flush()
        code, ran = told.readline().split()
        return int(code), int(ran)

    yield die
    asked.close()
    assert process.wait() == 0
    told.close()


@pytest.fixture(params=["plain", "encrypted"])
def key(request: pytest.FixtureRequest) -> Key | None:
    """Of the database, if it has one."""
    return from_passphrase(PASSPHRASE) if request.param == "encrypted" else None


@pytest.fixture
def lived(tmp_path: Path, key: Key | None) -> Path:
    """A database with a life in it: told, asked for, summed up; the word stands in all of its corners."""
    folder = tmp_path / "lived"
    folder.mkdir()
    path = folder / "memchat.db"
    world = World(folder, open_store(path))
    world.parrot.remembers = True
    world.say(f"{FACT.told} {OTHER.told}")
    world.parrot.remembers = False
    world.say(FACT.asked)
    world.consolidate()
    world.leave()
    world.say("Hello again.")
    world.close()
    if key is not None:
        rewrite(path, None, key)
    for made in COPIES:
        shutil.copy(path, folder / made)
    return path


def test_everything_or_nothing_is_erased(lived: Path, key: Key | None, tmp_path: Path, dies: Dies) -> None:
    """Wherever it is killed. What is erased leaves no byte behind, once memchat was opened again; the rest is whole."""
    code, lines = dies(copied(lived, tmp_path / "first"), 0)
    assert (code, lines > 300) == (0, True)
    fates, whole = set(), sorted(_before(lived, key))
    # All over it, and the end line by line: there the disk is cleaned.
    places = {1 + number * lines // DEATHS for number in range(DEATHS)} | set(range(max(1, lines - 15), lines + 1))
    for place in sorted(places):
        path = copied(lived, tmp_path / f"died-{place}")
        assert dies(path, place)[0] == -9
        with closing(open_store(path, unlock=lambda _: _the(key))) as store:
            world = World(path.parent, store)
            left = world.rows_with([FACT.word])
            fates.add(bool(left))
            assert world.sound(), place
            assert world.rows_with([OTHER.word]), place
            if left:
                assert sorted(left) == whole, place
            else:
                assert world.terms_with([FACT.word]) == [], place
        if not left:
            assert _bytes_with(path, key, FACT.word) == [], place
            assert {each.name for each in path.parent.iterdir()} & set(COPIES) == set(), place
        shutil.rmtree(path.parent)
    assert fates == {True, False}


def copied(lived: Path, folder: Path) -> Path:
    """A copy to die in."""
    shutil.copytree(lived.parent, folder)
    return folder / lived.name


def _before(lived: Path, key: Key | None) -> list[str]:
    with closing(open_store(lived, unlock=lambda _: _the(key))) as store:
        return World(lived.parent, store).rows_with([FACT.word])


def _bytes_with(path: Path, key: Key | None, word: str) -> list[str]:
    """The files beside and of the database that hold the word."""
    found = [each.name for each in path.parent.iterdir() if word.encode() in each.read_bytes()]
    if key is not None and word.encode() in decrypted(path, key, path.with_name("plain.db")):
        found.append("decrypted")
    return found


def _the(key: Key | None) -> Key:
    """The key, where somebody asks for it: nobody does for a plain file."""
    assert key is not None
    return key
