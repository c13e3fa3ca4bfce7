"""A database written anew under another key, or none, and put in the place of the old one: all of it or nothing.

The old file stays as it is until the new one is complete, checked and on disk; then one rename replaces it. Whoever is
killed in between leaves the old file or the new one, both whole.
"""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import apsw

from memchat import private_file, system
from memchat.errors import StoreError
from memchat.store import failures
from memchat.store.encryption import Key, address, unlock_connection
from memchat.store.location import remove_unfinished, unfinished

# How long to wait for another memchat that is just leaving.
_BUSY_MS = 2_000
_CHUNK = 1 << 20
_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"


def rewrite(path: Path, old: Key | None, new: Key | None) -> None:
    """Write the database at `path`, which `old` opens, anew under `new`; None is without encryption.

    Raises StoreError when somebody has it open, when it is damaged, has a second name, or
    cannot be written; then it is as it was.
    """
    with failures.explained(path):
        if (names := path.stat().st_nlink) > 1:
            raise StoreError(
                f"{path} has {names} names (hard links): under the others the old file would stay.",
                "Remove the other names first.",
            )
        # SQLite's locks end as soon as this process closes any descriptor of the file: this one is closed last.
        with path.open("r+b") as worn, closing(alone(path, old)) as connection:
            if path.stat().st_ino != os.fstat(worn.fileno()).st_ino:
                raise apsw.BusyError  # another encrypt was quicker
            with _beside(path) as target:
                _copy(connection, target, new)
                if system.windows():  # pragma: no cover - there a file that is open keeps its name
                    connection.close()
                    worn.close()
                target.replace(path)
                flush_folder(path.parent)
            if not worn.closed:  # pragma: no branch - it is only on Windows
                _wear_out(worn)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A new file, readable only by its owner, that is gone when it has taken nobody's place."""
    remove_unfinished(path)
    target = unfinished(path)
    private_file.make_empty(target)
    try:
        yield target
    finally:
        target.unlink(missing_ok=True)


def alone(path: Path, key: Key | None) -> Any:
    """A connection that nobody can be beside: out of WAL mode, which empties the journal, and locked until closed."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI)
    try:
        connection.set_busy_timeout(_BUSY_MS)
        unlock_connection(connection, key)
        connection.execute("PRAGMA temp_store = MEMORY").fetchall()
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()
        connection.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
        connection.execute("BEGIN EXCLUSIVE; COMMIT").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _copy(connection: Any, target: Path, key: Key | None) -> None:
    """Into `target`, encrypted before it reaches the disk; then every page and the number of rows are checked."""
    connection.execute("VACUUM INTO ?", (address(target, key),)).fetchall()
    with target.open("r+b") as file:
        os.fsync(file.fileno())
    with closing(apsw.Connection(str(target), flags=apsw.SQLITE_OPEN_READONLY)) as copy:
        unlock_connection(copy, key)
        verdict = copy.execute("PRAGMA integrity_check(1)").fetchall()
        if verdict != [("ok",)] or _numbers(copy) != _numbers(connection):
            raise _unsound(str(verdict[0][0]))


def _unsound(verdict: str) -> StoreError:
    """What is said of a copy that is not whole: mostly so is the file that it was made of."""
    return StoreError(
        f"The new file did not pass the check ({verdict}), so nothing was changed.",
        "Look at the database: memchat doctor; an index that is damaged: memchat doctor --reindex",
    )


def _numbers(connection: Any) -> dict[str, int]:
    """How many rows each table has, and what stands in the file's header."""
    asked = [f"PRAGMA {name}" for name in ("application_id", "user_version")]
    asked += [f'SELECT count(*) FROM "{name}"' for (name,) in connection.execute(_TABLES)]  # noqa: S608 - a table's name
    return {sql: connection.execute(sql).fetchall()[0][0] for sql in asked}


def _wear_out(file: Any) -> None:
    """Overwrite what lies under no name any more; whoever still waits for it finds no database there."""
    left = file.seek(0, os.SEEK_END)
    file.seek(0)
    while left > 0:
        left -= file.write(bytes(min(left, _CHUNK)))
    file.flush()
    os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """The rename itself reaches the disk, where the system has such a thing."""
    if system.posix():  # pragma: no branch - Windows opens no folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
