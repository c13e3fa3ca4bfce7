"""Whose a database is, and what lies beside it: another user's is refused, by the owner's number or, as root, truly."""

import contextlib
import os
import stat
from pathlib import Path

import pytest
from memchat.errors import StoreError
from memchat.store.connection import open_store
from memchat.store.encryption import Key
from memchat.store.failures import explained
from memchat.store.location import JOURNALS, checked, locate
from memchat.store.vault import Vault

from tests.store.conftest import Opener

STRANGER = 12_345
pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has neither owners in numbers nor rights in bits")


@pytest.fixture
def made(path: Path) -> Path:
    """A database that nobody has open."""
    open_store(path).close()
    return path


def give_away(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To another user: truly, where that is allowed, else as far as this process can tell."""
    if os.geteuid() == 0:
        os.chown(path, STRANGER, STRANGER)
    else:
        mine = os.geteuid()
        monkeypatch.setattr(os, "geteuid", lambda: mine + 1)


def test_another_users_database_is_refused(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However wide its rights are; they stay as they are, and nothing is made beside it."""
    made.chmod(0o666)
    before = made.read_bytes()
    give_away(made, monkeypatch)
    for act in (lambda: open_store(made), lambda: locate(made), lambda: checked(made)):
        with pytest.raises(StoreError, match="belongs to another user"):
            act()
    assert (made.read_bytes(), stat.S_IMODE(made.stat().st_mode)) == (before, 0o666)
    assert [each.name for each in made.parent.iterdir()] == [made.name]


@pytest.mark.parametrize("end", JOURNALS)
def test_another_users_journal_is_refused(made: Path, end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite takes in whatever a journal says."""
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    journal = made.with_name(f"{made.name}{end}")
    journal.write_bytes(b"planted")
    give_away(journal, monkeypatch)
    with pytest.raises(StoreError, match="belongs to another user"):
        open_store(made)
    assert journal.read_bytes() == b"planted"


@pytest.mark.parametrize("end", ["-wal", "-journal"])
def test_a_link_in_the_place_of_a_journal_is_not_written_through(made: Path, tmp_path: Path, end: str) -> None:
    """What it leads to stays as it was, whatever SQLite says of it."""
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    made.with_name(f"{made.name}{end}").symlink_to(victim)
    with contextlib.suppress(StoreError):
        open_store(made).close()
    assert victim.read_bytes() == b"precious"


def never(path: Path) -> Key:
    """Nobody is asked for a key."""
    raise AssertionError(path)


def test_a_vault_waits_for_no_pipe(path: Path) -> None:
    """`encrypt` looks at the file before it is opened as a database."""
    path.parent.mkdir()
    os.mkfifo(path)
    with pytest.raises(StoreError, match="is not a file"):
        assert not Vault(path, never).encrypted


def test_a_name_that_is_no_text_is_told(path: Path, opened: Opener) -> None:
    """SQLite takes names in UTF-8."""
    with pytest.raises(StoreError, match="no UTF-8"):
        opened(path.with_name(os.fsdecode(b"caf\xe9.db")))
    with pytest.raises(StoreError, match="no UTF-8"), explained(None):
        "\udce9".encode()
