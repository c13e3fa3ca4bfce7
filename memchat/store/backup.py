"""Backups that memchat makes by itself, beside the database: before a migration, checked before they are trusted."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import apsw

from memchat import private_file
from memchat.errors import StoreError
from memchat.store.encryption import Key, unlock_connection


def back_up(path: Path, version: int, key: Key | None = None) -> Path:
    """Copy the database at `path`, while it is in use, to `<name>.backup-v<version>-<date>`; returns that path.

    With a key the file is encrypted with it, and so is the copy.

    Raises StoreError when the copy does not pass SQLite's integrity check, and apsw.Error when SQLite cannot copy.
    """
    # The date is for people who look into the folder; it is the machine's, whatever the chat's clock says.
    day = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    target = path.with_name(f"{path.name}.backup-v{version}-{day}")
    private_file.make_empty(target)
    try:
        _copy(path, target, key)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return target


def automatic(path: Path) -> list[Path]:
    """The backups that memchat made of the database at `path`, newest first."""
    try:
        found = [p for p in path.parent.iterdir() if p.name.startswith(f"{path.name}.backup-v") and p.is_file()]
    except OSError:
        return []
    return sorted(found, key=lambda p: (p.stat().st_mtime_ns, p.name), reverse=True)


def _copy(path: Path, target: Path, key: Key | None) -> None:
    """Page by page through SQLite, then read every page of the copy."""
    source = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    with closing(source), closing(apsw.Connection(str(target), flags=apsw.SQLITE_OPEN_READWRITE)) as copy:
        unlock_connection(source, key)
        unlock_connection(copy, key)
        with copy.backup("main", source, "main") as work:
            work.step()
        # Back to one file: a copy in WAL mode would want journals of its own when it is looked at.
        copy.execute("PRAGMA journal_mode = DELETE").fetchall()
        verdict = copy.execute("PRAGMA integrity_check(1)").fetchall()
    if verdict != [("ok",)]:
        raise StoreError(
            f"{path} is damaged: a backup of it did not pass the check, so nothing was changed.",
            "Copy the file somewhere safe, then move it away to start anew.",
        )
