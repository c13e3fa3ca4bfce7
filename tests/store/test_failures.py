"""Errors of SQLite and of the file system, as people read them."""

import errno
from pathlib import Path

import apsw
import pytest
from memchat.errors import IndexDamagedError, StoreError
from memchat.store.failures import explain, explained, index_lacks_tables


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (apsw.FullError("x"), "disk is full"),
        (apsw.ReadOnlyError("x"), "can only be read"),
        (apsw.BusyError("x"), "another memchat is writing"),
        (apsw.LockedError("x"), "another memchat is writing"),
        (apsw.CorruptError("x"), "is damaged"),
        (apsw.NotADBError("x"), "not a memchat database"),
        (apsw.CantOpenError("x"), "cannot be opened"),
        (apsw.IOError("x"), "the disk gave an error"),
        (apsw.NoMemError("x"), "not enough memory"),
        (apsw.TooBigError("x"), "too large"),
        (apsw.SQLError("no such column: x"), "no such column: x"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk is full"),
        (OSError(errno.EROFS, "Read-only file system"), "can only be read"),
        (PermissionError(errno.EACCES, "Permission denied"), r"cannot be opened \(Permission denied\)"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_failure_is_one_plain_line_and_one_hint(error: Exception, said: str, tmp_path: Path) -> None:
    """What happened, and what to do now."""
    path = tmp_path / "memchat.db"
    told = explain(error, path)
    with pytest.raises(StoreError, match=said) as caught, explained(path):
        raise error
    assert caught.value.message == told.message
    assert told.hint
    assert "\n" not in told.message + told.hint
    assert told.exit_code == 5


def test_a_database_in_memory_has_no_path_and_no_backup() -> None:
    """It is named as what it is."""
    told = explain(apsw.CorruptError("x"), None)
    assert told.message == "The database in memory is damaged."
    assert "no automatic backup" in told.hint


def test_a_folder_that_cannot_be_listed_has_no_backups(tmp_path: Path) -> None:
    """The error about the file matters more than one about its folder."""
    assert "no automatic backup" in explain(apsw.CorruptError("x"), tmp_path / "gone" / "memchat.db").hint


@pytest.mark.parametrize(
    ("text", "of_index"),
    [
        ("no such table: words_of_messages", True),
        ("no such table: main.words_of_sessions", True),
        ("vtable constructor failed: words_of_messages", True),
        ("no such table: vectors", True),
        ("no such table: messages", False),
        ("no such column: words_of_messages", False),
    ],
)
def test_a_missing_index_is_no_damaged_database(text: str, of_index: bool) -> None:
    """It can be built anew; a missing table of conversations cannot."""
    told = explain(apsw.SQLError(text), None)
    assert isinstance(told, IndexDamagedError) is of_index
    assert ("memchat doctor --reindex" in told.hint) is of_index


def test_what_cannot_be_looked_at_is_not_said_to_lack_tables() -> None:
    """Then SQLite's own word about the file stands."""
    connection = apsw.Connection(":memory:")
    assert index_lacks_tables(connection)
    connection.close()
    assert not index_lacks_tables(connection)
