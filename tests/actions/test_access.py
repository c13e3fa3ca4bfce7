"""Who else may get at what memchat keeps: what doctor finds, closes and says."""

import os
import stat
from pathlib import Path

import pytest
from memchat import config
from memchat.actions import access
from memchat.actions.access import Seen, State
from memchat.store.connection import open_store

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has neither owners in numbers nor rights in bits")


@pytest.fixture
def paths(home: Path) -> config.Paths:
    """A home with a database, and everything that may lie beside it."""
    found = config.paths({"MEMCHAT_HOME": str(home)})
    open_store(found.db).close()
    for name in ("memchat.db.backup-v3-x", "memchat.db.replaced-x", ".memchat.db-unfinished", "config.toml"):
        (home / name).touch(0o600)
    (home / "drafts" / "a").mkdir(parents=True)
    (home / "drafts").chmod(0o700)
    (home / "drafts" / "a" / "profile.toml").touch(0o600)
    (home / "memchat.dbx").touch()  # not ours
    (home / "memchat.dbx").chmod(0o644)
    return found


def mode(path: Path) -> int:
    """The rights."""
    return stat.S_IMODE(path.stat().st_mode)


def test_nothing_is_said_where_only_the_user_can_get_at_anything(paths: config.Paths) -> None:
    """The usual case; nor where there is nothing yet."""
    assert access.look(paths) == []
    assert access.look(config.paths({"MEMCHAT_HOME": str(paths.state / "none")})) == []
    assert mode(paths.db.with_name("memchat.dbx")) == 0o644


def test_what_is_open_to_others_is_closed_and_told(paths: config.Paths) -> None:
    """Rights of the owner stay as they are; none are given."""
    ours = [each for each in paths.state.rglob("*") if each.is_file() and each.name != "memchat.dbx"]
    for each in ours:
        each.chmod(0o466)
    found = access.look(paths)
    assert {one.path for one in found} == set(ours)
    assert {(one.state, one.mode) for one in found} == {(State.CLOSED, 0o466)}
    assert {mode(each) for each in ours} == {0o400}
    assert access.look(paths) == []


def test_keys_that_others_may_have_read_are_left_for_a_person(paths: config.Paths) -> None:
    """Closing the file would hide that they may be known."""
    keys = paths.keys / "keys.json"
    keys.write_text("{}", "utf-8")
    keys.chmod(0o644)
    assert access.look(paths) == [Seen(keys, State.OPEN, 0o644)]
    assert mode(keys) == 0o644


def test_a_folder_of_ones_own_that_is_open_is_told(paths: config.Paths, tmp_path: Path) -> None:
    """One that lies elsewhere only when others may change it; one like /tmp is meant so."""
    paths.state.chmod(0o755)
    assert access.look(paths) == [Seen(paths.state, State.OPEN, 0o755)]
    assert mode(paths.state) == 0o755
    paths.state.chmod(0o700)
    shared = tmp_path / "shared"
    shared.mkdir()
    elsewhere = config.paths({"MEMCHAT_HOME": str(paths.state)}, db=shared / "x.db")
    for rights, told in ((0o755, []), (0o1777, []), (0o777, [Seen(shared, State.OPEN, 0o777)])):
        shared.chmod(rights)
        assert access.look(elsewhere) == told


def test_links_and_second_names_are_told(paths: config.Paths, tmp_path: Path) -> None:
    """Of the database, the configuration and the folder; what a link leads to is looked at, too."""
    moved = tmp_path / "moved.db"
    paths.db.rename(moved)
    paths.db.symlink_to(moved)
    os.link(moved, tmp_path / "second.db")
    moved.chmod(0o640)
    real = tmp_path / "real"
    paths.state.rename(real)
    paths.state.symlink_to(real)
    assert access.look(paths) == [
        Seen(paths.state, State.LINK, target=real),
        Seen(paths.db, State.LINK, target=moved),
        Seen(paths.db, State.NAMES, 0o640, names=2),
        Seen(paths.db, State.CLOSED, 0o640),
    ]


def test_what_belongs_to_another_user_is_told_and_left(paths: config.Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """As far as this process can tell, nothing here is its own."""
    if os.geteuid() == 0:
        for each in (paths.state, *paths.state.rglob("*")):
            os.chown(each, 12_345, 12_345)
    paths.db.chmod(0o644)
    monkeypatch.setattr(os, "geteuid", lambda: 54_321)
    found = access.look(paths)
    assert {one.state for one in found} == {State.FOREIGN}
    assert {paths.state, paths.db, paths.config} <= {one.path for one in found}
    assert mode(paths.db) == 0o644


def test_a_place_nobody_can_look_at_is_no_hindrance(paths: config.Paths) -> None:
    """What is wrong there is told by what needs it."""
    ring = paths.state / "ring"
    ring.symlink_to(ring)
    found = access.look(config.paths({"MEMCHAT_HOME": str(ring)}))
    assert all(one.state is State.LINK for one in found)
