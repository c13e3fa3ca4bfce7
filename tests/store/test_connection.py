"""Opening a database: private, safe, and refused in plain words when it cannot be used."""

import os
import sqlite3
import threading
from pathlib import Path

import apsw
import pytest
from memchat import system
from memchat.errors import NewerDatabaseError, NotFoundError, StoreError
from memchat.ports import Store
from memchat.store import location
from memchat.store.connection import SqliteStore, _use_wal, open_store
from memchat.store.database import Database
from memchat.store.location import _make_file, locate
from memchat.store.recall_schema import TEXT_TABLES

from tests.builders import add_note, add_turn, found
from tests.conftest import NOW
from tests.store.conftest import Opener, behind, sound


def mode(path: Path) -> int:
    """The permission bits."""
    return path.stat().st_mode & 0o777


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
@pytest.mark.parametrize("mask", [0o000, 0o022, 0o277], ids=oct)
def test_a_new_database_is_private_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    """File and journal 0600, each new folder 0700."""
    path = tmp_path / "one" / "two" / "memchat.db"
    before = os.umask(mask)
    try:
        store = open_store(path)
        add_turn(store)
    finally:
        os.umask(before)
    assert {mode(file) for file in path.parent.iterdir()} == {0o600}
    assert [mode(folder) for folder in (path.parent, path.parent.parent)] == [0o700, 0o700]
    store.close()


def test_importing_and_asking_for_no_file_make_none(home: Path) -> None:
    """A store in memory leaves no trace on disk."""
    store = open_store(None)
    add_turn(store)
    store.close()
    assert store.path is None
    assert not home.exists()


def test_each_connection_has_the_safe_settings(opened: Opener) -> None:
    """They are SQLite's defaults on no system, and last only as long as a connection."""
    opened().close()
    database = behind(opened())
    wanted = {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 2,
        "secure_delete": 1,
        "trusted_schema": 0,
        "busy_timeout": 5000,
    }
    assert {name: database.rows(f"PRAGMA {name}")[0][0] for name in wanted} == wanted


def test_the_index_forgets_at_once(filed: SqliteStore, opened: Opener) -> None:
    """FTS5 keeps deleted words until it merges, unless told otherwise."""
    database = behind(opened())
    for table in TEXT_TABLES:
        setting = database.rows(f"SELECT v FROM {table}_config WHERE k = 'secure-delete'")  # noqa: S608 - our names
        assert setting == [(1,)]


def test_what_was_saved_is_there_again(opened: Opener) -> None:
    """Closing and opening loses nothing."""
    store = opened()
    add_turn(store, "I live in Taipei.", "Noted.")
    store.close()
    [session] = opened().transcripts.sessions()
    assert session.turns == 1


def test_closing_twice_does_nothing_and_leaves_one_file(filed: SqliteStore, path: Path) -> None:
    """The journal is folded into the file."""
    add_turn(filed)
    filed.close()
    filed.close()
    assert [file.name for file in path.parent.iterdir()] == ["memchat.db"]


def test_a_store_is_used_by_the_thread_that_opened_it(memory: Store) -> None:
    """Two threads on one connection would commit each other's halves."""
    raised: list[BaseException] = []

    def use() -> None:
        try:
            memory.transcripts.sessions()
        except RuntimeError as error:
            raised.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert len(raised) == 1


def test_a_link_to_ones_own_database_is_followed(path: Path, tmp_path: Path, opened: Opener) -> None:
    """People keep the file elsewhere."""
    opened().close()
    link = tmp_path / "link.db"
    link.symlink_to(path)
    assert opened(link).path == path


def test_a_link_to_nothing_is_refused(tmp_path: Path) -> None:
    """Following it would make a file wherever it points."""
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(StoreError, match="leads to no file"):
        open_store(link)
    assert not (tmp_path / "elsewhere.db").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no user numbers")
def test_a_link_to_a_folder_is_refused(tmp_path: Path) -> None:
    """It leads somewhere, and to no file."""
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path)
    with pytest.raises(StoreError, match="leads to no file"):
        open_store(link)


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    """A loop leads to no file either."""
    link = tmp_path / "link.db"
    link.symlink_to(link)
    with pytest.raises(StoreError, match="leads to no file"):
        open_store(link)


def test_bytes_that_are_no_text_are_damage(path: Path, opened: Opener) -> None:
    """What memchat never wrote: said as damage, never a traceback."""
    store = opened(path)
    add_note(store, "tea")
    behind(store).run("UPDATE memories SET text = CAST(x'ff41' AS TEXT)")
    with pytest.raises(StoreError, match="is damaged"):
        store.memories.all()


def test_a_link_to_somebody_elses_file_is_refused(
    path: Path, tmp_path: Path, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can send one's words into a file of their own."""
    opened().close()
    link = tmp_path / "link.db"
    link.symlink_to(path)
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    with pytest.raises(StoreError, match="another user"):
        open_store(link)


@pytest.mark.parametrize(
    "content", [b"x", b"My diary, which is no database.\n" * 40, b"SQLite format 3\0", os.urandom(8191)]
)
def test_a_file_that_is_no_database_is_refused_untouched(path: Path, content: bytes) -> None:
    """Noise, too, unless it is whole pages: that may be an encrypted one."""
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(StoreError, match="not a memchat database") as caught:
        open_store(path)
    assert caught.value.hint
    assert [file.name for file in path.parent.iterdir()] == ["memchat.db"]
    assert path.read_bytes() == content


def test_another_programs_database_is_refused_untouched(path: Path) -> None:
    """Even when it is SQLite in WAL mode, which opening would change."""
    path.parent.mkdir()
    foreign = sqlite3.connect(path)
    foreign.execute("PRAGMA journal_mode = WAL")
    foreign.execute("CREATE TABLE recipes (name TEXT)")
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    with pytest.raises(StoreError, match="not a memchat database"):
        open_store(path)
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before
    foreign.close()


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    """It says so, instead of SQLite's `unable to open`."""
    with pytest.raises(StoreError, match="is not a file"):
        open_store(tmp_path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A file stands where a folder should be."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(tmp_path / "file" / "memchat.db")


def test_an_empty_file_becomes_a_database(path: Path, opened: Opener) -> None:
    """As a start that was killed at once leaves it."""
    path.parent.mkdir()
    path.touch()
    assert opened().transcripts.sessions() == []


def test_a_database_of_a_newer_memchat_is_refused(opened: Opener) -> None:
    """An old program must not write into it."""
    store = opened()
    behind(store).rows("PRAGMA user_version = 99")
    store.close()
    with pytest.raises(NewerDatabaseError, match=r"newer memchat \(database version 99"):
        opened()


def test_a_truncated_database_is_told_with_its_newest_backup(opened: Opener, path: Path) -> None:
    """The one who reads it at night needs the file's name."""
    store = opened()
    for number in range(30):
        add_turn(store, f"Message {number}. " * 50)
    store.close()
    os.truncate(path, 8192)
    with pytest.raises(StoreError, match="is damaged") as caught:
        opened()
    assert "no automatic backup" in caught.value.hint
    older, newer = (path.with_name(f"memchat.db.backup-v1-{day}") for day in ("20260101T0", "20260201T0"))
    for backup, age in ((older, 1), (newer, 2)):
        backup.write_bytes(b"")
        os.utime(backup, (age, age))
    with pytest.raises(StoreError) as caught:
        opened()
    assert str(newer) in caught.value.hint


def test_a_damaged_page_is_told_when_it_is_read(opened: Opener, path: Path) -> None:
    """Opening reads only the beginning; the error comes with the row."""
    store = opened()
    add_turn(store)
    page = behind(store).number("SELECT rootpage FROM sqlite_schema WHERE name = 'sessions'")
    store.close()
    content = bytearray(path.read_bytes())
    content[4096 * (page - 1) : 4096 * page] = b"\xff" * 4096
    path.write_bytes(content)
    store = opened()
    with pytest.raises(StoreError, match="is damaged"):
        store.transcripts.sessions()


def test_the_second_of_two_that_make_a_file_finds_it(path: Path) -> None:
    """Two terminals, started at once."""
    path.parent.mkdir()
    path.write_text("made by the first")
    _make_file(path)
    assert path.read_text() == "made by the first"


def test_a_file_that_can_only_be_read_is_read(plain_user: Path, opened: Opener) -> None:
    """Saving is what fails, in plain words; the file is byte for byte the same afterwards."""
    path = plain_user / "memchat.db"
    store = opened(path)
    add_turn(store)
    store.close()
    before = path.read_bytes()
    path.chmod(0o400)
    reading = opened(path)
    assert behind(reading).read_only
    assert behind(reading).number("PRAGMA query_only") == 1
    assert len(reading.transcripts.sessions()) == 1
    with pytest.raises(StoreError, match="can only be read"):
        add_turn(reading)
    reading.close()
    assert path.read_bytes() == before


def test_a_folder_that_can_only_be_read_is_read(plain_user: Path, opened: Opener) -> None:
    """As on a read-only disk: SQLite cannot make its journal there."""
    path = plain_user / "memchat.db"
    store = opened(path)
    add_turn(store)
    store.close()
    plain_user.chmod(0o500)
    reading = opened(path)
    assert len(reading.transcripts.sessions()) == 1
    with pytest.raises(StoreError, match="can only be read"):
        add_turn(reading)


def test_words_that_only_the_journal_holds_are_not_passed_over(plain_user: Path, opened: Opener) -> None:
    """Better an error than a conversation without its end."""
    path = plain_user / "memchat.db"
    store = opened(path)
    add_turn(store)
    journal = path.with_name("memchat.db-wal").read_bytes()
    store.close()
    path.with_name("memchat.db-wal").write_bytes(journal)
    plain_user.chmod(0o500)
    with pytest.raises(StoreError, match="holds changes that cannot be read"):
        opened(path)


def test_a_file_that_may_not_be_read_is_told(plain_user: Path, opened: Opener) -> None:
    """Whose it is, only the user can find out."""
    path = plain_user / "memchat.db"
    opened(path).close()
    path.chmod(0o000)
    with pytest.raises(StoreError, match="cannot be opened"):
        opened(path)


def test_a_full_disk_keeps_what_was_saved(filed: SqliteStore, path: Path) -> None:
    """The message that did not fit is gone as a whole; the next one fits when there is room again."""
    store = filed
    add_turn(store, "before")
    database = behind(filed)
    pages = database.number("PRAGMA page_count")
    database.rows(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="disk is full"):
        add_turn(store, "too much " * 10_000)
    with pytest.raises(StoreError, match="disk is full"), store.transaction(), store.transaction():
        add_turn(store, "too much " * 10_000)
    database.rows("PRAGMA max_page_count = 1000000")
    add_turn(store, "after")
    assert [turn.text for turn in store.transcripts.path(1)] == ["before", "Hello!"]
    assert found(store, "much") == []
    assert {one.text for one in found(store, "before after")} == {"before", "after", "Hello!"}
    store.close()
    assert sound(path)


def test_another_writer_is_waited_for_and_then_told(filed: SqliteStore, path: Path) -> None:
    """Two terminals write into one file; a hung one is named."""
    behind(filed).rows("PRAGMA busy_timeout = 1")
    other = apsw.Connection(str(path))
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another memchat is writing"):
        add_turn(filed)
    other.execute("ROLLBACK")
    add_turn(filed)
    other.close()


def test_switching_to_a_write_ahead_log_waits_for_others(opened: Opener, path: Path) -> None:
    """SQLite itself does not wait there; a file copied from a backup may need the switch."""
    opened().close()
    reader = apsw.Connection(str(path))
    reader.execute("PRAGMA journal_mode = DELETE").fetchall()
    reader.execute("BEGIN").fetchall()
    reader.execute("SELECT * FROM sessions").fetchall()
    database = Database(apsw.Connection(str(path)), path)
    with pytest.raises(apsw.BusyError):
        _use_wal(database, patience=0.02)
    release = threading.Timer(0.05, reader.execute, ("COMMIT",))
    release.start()
    _use_wal(database)
    release.join()
    assert database.rows("PRAGMA journal_mode") == [("wal",)]
    reader.close()
    database.close()


def failing(store: Store, text: str) -> None:
    """A transaction that writes, then fails."""
    with store.transaction():
        add_note(store, text)
        raise ZeroDivisionError


def test_transactions_are_all_or_nothing_and_nest(memory: Store) -> None:
    """What fails within is undone alone when it is caught, and with the rest when it is not."""
    with memory.transaction():
        add_note(memory, "kept")
        with pytest.raises(ZeroDivisionError):
            failing(memory, "undone")
    with pytest.raises(ZeroDivisionError), memory.transaction():
        failing(memory, "undone too")
    assert [note.text for note in memory.memories.all()] == ["kept"]


def test_a_number_larger_than_any_id_is_simply_not_found(memory: Store) -> None:
    """Somebody types `m` and twenty digits."""
    with pytest.raises(NotFoundError):
        memory.memories.get(10**30)
    assert memory.memories.active(NOW) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
@pytest.mark.parametrize(("before", "after"), [(0o644, 0o600), (0o660, 0o600), (0o440, 0o400), (0o600, 0o600)])
def test_a_database_that_others_may_read_becomes_private(tmp_path: Path, before: int, after: int) -> None:
    """As a restored copy is; its journals too. The folder, which we did not make, is left alone."""
    path = tmp_path / "memchat.db"
    store = open_store(path)
    add_turn(store)
    files = [path, path.with_name("memchat.db-wal"), path.with_name("memchat.db-shm")]
    for file in files:
        file.chmod(before)
    tmp_path.chmod(0o755)
    locate(path)
    assert [mode(file) for file in files] == [after] * 3
    assert mode(tmp_path) == 0o755
    store.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_what_is_not_ours_keeps_its_rights(tmp_path: Path) -> None:
    """A file of another program is refused untouched; a link beside the database is not followed."""
    foreign, linked = tmp_path / "notes.db", tmp_path / "linked"
    for file in (foreign, linked):
        file.write_text("not ours " * 20, "utf-8")
        file.chmod(0o644)
    with pytest.raises(StoreError, match="not a memchat database"):
        open_store(foreign)
    path = tmp_path / "memchat.db"
    open_store(path).close()
    path.with_name("memchat.db-wal").symlink_to(linked)
    locate(path)
    assert (mode(foreign), mode(linked)) == (0o644, 0o644)


def test_a_system_without_such_rights_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows keeps files private by their folder."""
    path = tmp_path / "memchat.db"
    open_store(path).close()
    path.chmod(0o644)
    monkeypatch.setattr(system, "posix", lambda: False)
    location._make_private(path)
    assert mode(path) == 0o644 or os.name == "nt"
