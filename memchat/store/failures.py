"""What SQLite and the file system complain about, in plain words: the one place where their errors become ours."""

import errno
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw

from memchat.errors import IndexDamagedError, StoreError
from memchat.store import backup
from memchat.store.recall_schema import SHADOWS, TEXT_TABLES, VECTOR_TABLES

_RETRY = "What was saved before is safe. Mend that, then try again."
# First match counts. `{name}` is the database's path.
_PLAIN: tuple[tuple[tuple[type[Exception], ...], str, str], ...] = (
    (
        (apsw.FullError,),
        "The disk is full: nothing more can be saved in {name}.",
        "Free some space, then try again. What was saved before is safe.",
    ),
    (
        (apsw.ReadOnlyError,),
        "{name} can only be read: nothing can be saved.",
        "Make the file and its folder writable for you, or choose another file with --db.",
    ),
    (
        (apsw.BusyError, apsw.LockedError),
        "{name} is in use: another memchat is writing to it.",
        "Wait a moment, then try again.",
    ),
    (
        (apsw.NotADBError,),
        "{name} is not a memchat database.",
        "Choose another file with --db. This one was not changed.",
    ),
    (
        (apsw.CantOpenError, apsw.PermissionsError, apsw.AuthError),
        "{name} cannot be opened.",
        "Look whether you may read and write the file and its folder, or choose another file with --db.",
    ),
    ((apsw.IOError,), "{name} cannot be read or written: the disk gave an error.", _RETRY),
    ((apsw.NoMemError,), "There is not enough memory for the database.", "Close other programs, then try again."),
    ((apsw.TooBigError,), "The text is too large for the database.", "Send it in smaller pieces."),
)
# SQLite names the table, or one of those that FTS5 keeps beside it.
_GONE = re.compile(
    rf"(?:no such table|vtable constructor failed): (?:main\.)?(?:{'|'.join(TEXT_TABLES + VECTOR_TABLES)})"
)
# Said when the row that tells FTS5's version is gone or wrong; only our two tables are of that kind.
_UNREADABLE = "invalid fts5 file format"
# Said of a row that FTS5 has no room for, its list of segments being wrong; of our own tables it is said what was.
_NO_ROOM = "constraint failed"
_THERE = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN (SELECT value FROM json_each(?))"
_SYSTEM = {
    errno.ENOSPC: apsw.FullError,
    errno.EDQUOT: apsw.FullError,
    errno.EROFS: apsw.ReadOnlyError,
}


def explain(error: Exception, path: Path | None) -> StoreError:
    """The StoreError for an `apsw.Error` or `OSError` met while using the database at `path` (None: in memory)."""
    name = _name(path)
    kind = type(error)
    if _of_index(error):
        return index_damaged(path)
    if isinstance(error, OSError):
        kind = _SYSTEM.get(error.errno or 0, apsw.CantOpenError)
    if issubclass(kind, apsw.CorruptError):
        return StoreError(f"{name} is damaged.", _rescue(path))
    for kinds, message, hint in _PLAIN:
        if issubclass(kind, kinds):
            reason = f" ({error.strerror})" if isinstance(error, OSError) and kind is apsw.CantOpenError else ""
            return StoreError(message.format(name=name).removesuffix(".") + reason + ".", hint)
    return StoreError(f"The database refused: {error}.", "This is a fault in memchat: please report it.")


def index_damaged(path: Path | None) -> IndexDamagedError:
    """What is said of an index that has to be built anew."""
    return IndexDamagedError(
        f"{_name(path)} has a search index that is missing or damaged; nothing that was said is lost.",
        "Build it anew: memchat doctor --reindex",
    )


def index_lacks_tables(connection: Any) -> bool:
    """Whether the open connection's database lacks a table that FTS5 keeps; False where that cannot be told."""
    try:
        there: int = connection.execute(_THERE, (json.dumps(SHADOWS),)).fetchall()[0][0]
    except apsw.Error:
        return False
    return there < len(SHADOWS)


def _name(path: Path | None) -> str:
    return "The database in memory" if path is None else str(path)


def _of_index(error: Exception) -> bool:
    """Whether only the index is concerned: FTS5 says that its own tables contradict one another, or one is gone."""
    if getattr(error, "extendedresult", 0) == apsw.SQLITE_CORRUPT_VTAB:
        return True
    text = str(error)
    if isinstance(error, apsw.ConstraintError):
        return text == _NO_ROOM
    return isinstance(error, apsw.SQLError) and (_GONE.search(text) is not None or text.startswith(_UNREADABLE))


@contextmanager
def explained(path: Path | None) -> Iterator[None]:
    """Within it, errors of SQLite and of the file system come out as StoreError."""
    try:
        yield
    except (apsw.Error, OSError) as error:
        raise explain(error, path) from error
    except UnicodeEncodeError as error:  # SQLite takes names in UTF-8
        raise StoreError(
            f"{_name(path)} cannot be opened: a name on the way there holds bytes that are no UTF-8.",
            "Rename it, or choose another file with --db.",
        ) from error


def _rescue(path: Path | None) -> str:
    """What to do with a damaged file: the newest automatic backup by name, if there is one."""
    found = [] if path is None else backup.automatic(path)
    if not found:
        return "Keep a copy of the file, then move it away to start anew: there is no automatic backup."
    return f"Keep a copy of the file, then copy the newest backup over it: {found[0]}"
