"""What is left on the disk after an erasure: the journal is emptied, copies that memchat made by itself are deleted."""

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import apsw

from memchat.errors import StoreError
from memchat.store import backup
from memchat.store.database import Database

if TYPE_CHECKING:
    from memchat.store.word_places import Words

# Stands there from an erasure until its words are off the disk: whoever is killed in between leaves it to the next.
MARK = "INSERT OR REPLACE INTO meta VALUES ('to_clean', 1)"
_MARKED = "SELECT 1 FROM meta WHERE name = 'to_clean'"
_DONE = "DELETE FROM meta WHERE name = 'to_clean'"


def clean(database: Database) -> list[tuple[Path, OSError]]:
    """Empty the journal and delete the copies; returns what could not be deleted, which the next start tries again."""
    emptied = empty_journal(database)
    left = []
    for copy in copies(database.path) if database.path else ():
        try:
            copy.unlink(missing_ok=True)
        except OSError as error:
            left.append((copy, error))
    if emptied and not left:
        with suppress(StoreError):  # another process writes just now
            database.rows(_DONE)
            empty_journal(database)
    return left


def finish(database: Database) -> None:
    """Do what somebody was killed before; nothing where nothing is left to do, or nothing can be written."""
    if not database.read_only and database.column(_MARKED):
        clean(database)


def empty_journal(database: Database) -> bool:
    """Whether nothing is left in it. Where somebody reads just now, SQLite empties it when the last one leaves."""
    with suppress(apsw.Error):
        return not database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()[0][0]
    return False


def copies(path: Path) -> list[Path]:
    """What memchat made by itself of the database at `path`: backups, and what a restore replaced."""
    from memchat.store.restoring import replaced_by

    return [*backup.automatic(path), *replaced_by(path)]


def redact(path: Path, sought: "Words") -> None:
    """Put marks in place of words in a file of text; what lay there is overwritten. Raises OSError."""
    with path.open("r+b") as file:
        old = file.read()
        new = sought.without(old.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        if new != old:
            for data in (bytes(len(old)), new):
                file.seek(0)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            file.truncate()
