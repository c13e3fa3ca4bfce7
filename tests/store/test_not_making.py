"""A database that is looked into and not made: what is there is opened, for what is not stands an empty one."""

from pathlib import Path

import pytest
from memchat.errors import StoreError
from memchat.store.connection import open_store

from tests.builders import add_turn
from tests.store.conftest import Opener


def test_what_is_not_there_is_empty_and_stays_away(path: Path) -> None:
    """No file, no folder; what is written goes with it."""
    store = open_store(path, make=False)
    assert store.path is None
    assert store.transcripts.sessions() == []
    add_turn(store)
    store.close()
    assert not path.parent.exists()


def test_what_is_there_is_opened(path: Path, opened: Opener) -> None:
    """As it always is."""
    add_turn(opened())
    store = open_store(path, make=False)
    assert store.path == path
    assert len(store.transcripts.sessions()) == 1
    store.close()


def test_a_link_that_leads_nowhere_is_told(path: Path) -> None:
    """It was to lead to a database: nobody shall read an empty one in its place."""
    path.parent.mkdir(parents=True)
    path.symlink_to(path.with_name("moved.db"))
    with pytest.raises(StoreError, match="leads to no file"):
        open_store(path, make=False)


def test_a_folder_that_may_not_be_read_is_told(plain_user: Path) -> None:
    """There may be a database in it."""
    (plain_user / "shut").mkdir()
    (plain_user / "shut").chmod(0o000)
    with pytest.raises(StoreError, match=r"cannot be opened|may not|denied"):
        open_store(plain_user / "shut" / "memchat.db", make=False)
    (plain_user / "shut").chmod(0o700)
