"""How the database got its shape: numbered steps, each in one transaction.

A step is never changed once released; the next one is added to `MIGRATIONS`. `PRAGMA user_version` counts the
steps done.
"""

from collections.abc import Callable, Sequence

from memchat.errors import NewerDatabaseError, StoreError
from memchat.store import backup, schema
from memchat.store.database import Database
from memchat.store.failures import explained

Migration = Callable[[Database], None]

# How long to wait for another memchat that is migrating: a large database takes a while to copy.
_PATIENCE_MS = 60_000


def first(database: Database) -> None:
    """Everything memchat 0.1 keeps, and the tables that later versions fill."""
    database.rows(schema.TABLES)


MIGRATIONS: tuple[Migration, ...] = (first,)


def migrate(database: Database, *, upto: int | None = None, steps: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring the database to version `upto` (the newest known when None), with a backup before the first step.

    A database that another process migrates meanwhile is waited for. Raises NewerDatabaseError when it is already
    past what `steps` knows, and StoreError when it cannot be written; a step that fails leaves nothing behind.
    """
    target = len(steps) if upto is None else upto
    version = database.number("PRAGMA user_version")
    _refuse_newer(database, version, len(steps))
    if version >= target:
        return
    if database.read_only:
        raise StoreError(
            f"{database.path} was written by an older memchat and cannot be brought up to date: it can only be read.",
            "Make the file and its folder writable for you, then try again.",
        )
    usual = database.number("PRAGMA busy_timeout")
    database.rows(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
    try:
        safe = version == 0
        while _step(database, target, steps, safe=safe):
            safe = True
    finally:
        database.rows(f"PRAGMA busy_timeout = {usual}")


def _step(database: Database, target: int, steps: Sequence[Migration], *, safe: bool) -> bool:
    """One step, unless another process has done it meanwhile; False when there is none left."""
    with database.transaction():
        version = database.number("PRAGMA user_version")
        _refuse_newer(database, version, len(steps))
        if version >= target:
            return False
        if not safe and database.path is not None:
            with explained(database.path):
                backup.back_up(database.path, version)
        steps[version](database)
        database.rows(f"PRAGMA user_version = {version + 1}")
    return True


def _refuse_newer(database: Database, version: int, known: int) -> None:
    """Nothing good comes of an old program writing into a new database."""
    if version > known:
        raise NewerDatabaseError(
            f"{database.path} was written by a newer memchat (database version {version}, this one knows {known}).",
            "Install the newest memchat: pip install --upgrade memchat",
        )
