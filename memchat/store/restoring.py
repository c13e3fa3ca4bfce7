"""A backup put in the place of the database: checked, brought up to date, without what was erased since.

Everything is done on a copy beside the database; then two names change. Whoever is killed in between leaves the old
file or the new one, both whole, and the replaced one stays under a dated name.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import apsw

from memchat import private_file, system
from memchat.domain import Restored
from memchat.errors import LockedError, NewerDatabaseError, NotFoundError, StoreError
from memchat.store import in_use, rewriting
from memchat.store.connection import open_store, settled
from memchat.store.database import Database
from memchat.store.encryption import Key, address, is_encrypted
from memchat.store.erased_since import ErasedSince
from memchat.store.failures import explained
from memchat.store.location import APPLICATION_ID, check_header, lies_at, locate, unfinished
from memchat.store.migrations import MIGRATIONS, migrate

Unlock = Callable[[Path], Key]
_UNCHANGED = "Nothing was changed."


def restore(path: Path, backup: Path, unlock: Unlock, at: datetime) -> Restored:
    """Put the backup in the place of the database at `path`.

    Raises NotFoundError (no such file), StoreError (no database of memchat's, damaged, the database is open elsewhere),
    NewerDatabaseError, LockedError; then nothing was changed.
    """
    _check(backup)
    with explained(path):
        there = lies_at(path)
        path = locate(path)  # makes an empty one, so that the folder is there and private
        try:
            return _restore(path, backup, unlock, at, there=there and path.stat().st_size > 0)
        except BaseException:
            if not there and path.stat().st_size == 0:
                path.unlink()
            raise


def replaced_by(path: Path) -> list[Path]:
    """The databases that a restore has replaced, which lie beside the one at `path`, the newest first."""
    try:
        found = [each for each in path.parent.iterdir() if each.name.startswith(f"{path.name}.replaced-")]
    except OSError:
        return []
    return sorted(found, key=lambda each: each.name, reverse=True)


def _restore(path: Path, backup: Path, unlock: Unlock, at: datetime, *, there: bool) -> Restored:
    if there and path.samefile(backup):
        raise StoreError(f"{backup} is the database itself.", f"Name a backup of it. {_UNCHANGED}")
    _check_alone(path)
    known, key = _read_current(path, unlock, there=there)
    with _copied(path, backup) as copy:
        version = _prepare(copy, backup, unlock)
        memories, conversations, blocked, redacted, back = _without_erased(copy, unlock, known, at)
        target = _keyed(copy, unlock, key)
        name = _swap(path, target, key, there=there)
    return Restored(name, memories, conversations, blocked, redacted, back, version)


def _check(backup: Path) -> None:
    """Refuse what is no backup before anything else is looked at."""
    with explained(backup):
        if not lies_at(backup):
            raise NotFoundError(f"There is no file {backup}.", f"Check the path. {_UNCHANGED}")
        if not backup.is_file() or backup.stat().st_size == 0:
            raise StoreError(f"{backup} is not a memchat database.", f"Name a backup. {_UNCHANGED}")
        check_header(backup)


def _check_alone(path: Path) -> None:
    if others := in_use.others(path):
        named = ", ".join(f"{one.name or 'a program'} (process {one.pid})" for one in others)
        raise StoreError(f"{path} is open in {named}. {_UNCHANGED}", "Leave there first, then try again.")


def _read_current(path: Path, unlock: Unlock, *, there: bool) -> tuple[ErasedSince | None, Key | None]:
    """What was erased in the database as it is now, and its key; None where it cannot be read."""
    if not there:
        return ErasedSince(), None
    try:
        with closing(open_store(path, unlock=unlock)) as store:
            database = store.records.database
            return ErasedSince.of(database), database.key
    except (NewerDatabaseError, LockedError):
        raise
    except StoreError:  # a damaged one is what backups are for
        return None, None


@contextmanager
def _copied(path: Path, backup: Path) -> Iterator[Path]:
    """A copy of the backup beside the database, which is gone when it has taken nobody's place."""
    copy = unfinished(path)  # whoever is killed leaves it to the next start, which removes it
    journal = copy.with_name(f"{copy.name}-wal")
    own = (copy, journal, copy.with_name(f"{copy.name}-shm"), copy.with_name(f"{copy.name}-encrypted"))
    for each in own:
        each.unlink(missing_ok=True)
    try:
        _copy(backup, copy)
        beside = backup.with_name(f"{backup.name}-wal")
        if beside.is_file():
            _copy(beside, journal)
        yield copy
    finally:
        for each in own:
            each.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as read, os.fdopen(private_file.create(target), "wb") as written:
        shutil.copyfileobj(read, written, 1 << 20)


def _prepare(copy: Path, backup: Path, unlock: Unlock) -> int:
    """Check the copy and bring it up to date; returns which version it had, 0 where it was the newest."""
    with _opened(copy, unlock) as (connection, key):
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()
        database = Database(connection, None, key=key)  # no path: a copy needs no backup before it is migrated
        if database.number("PRAGMA application_id") != APPLICATION_ID:
            raise StoreError(f"{backup} is not a memchat database.", f"Name a backup. {_UNCHANGED}")
        version = database.number("PRAGMA user_version")
        if version > len(MIGRATIONS):
            raise NewerDatabaseError(
                f"{backup} was written by a newer memchat (database version {version}, this one knows"
                f" {len(MIGRATIONS)}).",
                f"Install the newest memchat: pip install --upgrade memchat. {_UNCHANGED}",
            )
        if database.column("PRAGMA integrity_check(1)") != ["ok"]:
            raise StoreError(f"{backup} is damaged: it did not pass the check.", f"Take another. {_UNCHANGED}")
        migrate(database)
        return version if version < len(MIGRATIONS) else 0


def _without_erased(
    copy: Path, unlock: Unlock, known: ErasedSince | None, at: datetime
) -> tuple[int, int, int | None, int, int]:
    """Take out what was erased since; memories, conversations, how many stay away, places, and what comes back."""
    with closing(open_store(copy, unlock=unlock)) as store:
        blocked: int | None = None
        redacted = back = 0
        if known is not None:
            blocked, redacted, back = known.apply(store.records, at)
        database = store.records.database
        memories = database.number("SELECT count(*) FROM memories")
        conversations = database.number("SELECT count(*) FROM sessions WHERE leaf IS NOT NULL")
    with _opened(copy, unlock) as (connection, _):
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()
    return memories, conversations, blocked, redacted, back


def _keyed(copy: Path, unlock: Unlock, key: Key | None) -> Path:
    """The copy, encrypted where the database is encrypted and the backup was not."""
    if key is None or is_encrypted(copy):
        return copy
    target = copy.with_name(f"{copy.name}-encrypted")
    private_file.make_empty(target)
    with _opened(copy, unlock, uri=True) as (connection, _):
        connection.execute("VACUUM INTO ?", (address(target, key),)).fetchall()
    return target


def _swap(path: Path, target: Path, key: Key | None, *, there: bool) -> str:
    """Put the target in the place of the database; returns the name that one has now."""
    with target.open("rb+") as file:
        os.fsync(file.fileno())
    if not there:
        target.replace(path)
        rewriting.flush_folder(path.parent)
        return ""
    name = _free_name(path)
    with _held(path, key) as let_go:
        _check_alone(path)
        if system.windows():  # there a file that is open keeps its name
            let_go()
        try:
            os.link(path, name)
        except OSError:  # a file system without hard links: for a moment there is none
            path.rename(name)
        for end in ("-wal", "-shm"):
            with suppress(FileNotFoundError):
                path.with_name(path.name + end).rename(name.with_name(name.name + end))
        target.replace(path)
        rewriting.flush_folder(path.parent)
    return str(name)


@contextmanager
def _held(path: Path, key: Key | None) -> Iterator[Callable[[], None]]:
    """Within it nobody else can open the database, until it is let go; one that is damaged nobody can anyway."""
    try:
        connection = rewriting.alone(path, key)
    except apsw.BusyError:
        raise
    except apsw.Error:
        connection = None
    let_go: Callable[[], None] = connection.close if connection is not None else lambda: None
    try:
        yield let_go
    finally:
        let_go()


def _free_name(path: Path) -> Path:
    day = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    names = (path.with_name(f"{path.name}.replaced-{day}{end}") for end in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(each for each in names if not lies_at(each))


@contextmanager
def _opened(path: Path, unlock: Unlock, *, uri: bool = False) -> Iterator[tuple[Any, Key | None]]:
    key = unlock(path) if is_encrypted(path) else None
    flags = apsw.SQLITE_OPEN_READWRITE | (apsw.SQLITE_OPEN_URI if uri else 0)
    with closing(settled(apsw.Connection(str(path), flags=flags), key)) as connection:
        yield connection, key
