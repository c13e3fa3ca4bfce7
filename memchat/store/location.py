"""Where the database file lies: found or made, private to its owner, and refused when it is somebody else's."""

import contextlib
import os
import stat
from pathlib import Path

from memchat import private_file, system
from memchat.errors import StoreError
from memchat.store.encryption import PAGE, looks_encrypted

# Stands in bytes 68 to 71 of the file, for `file(1)` and for us: "mchA", read as a number.
APPLICATION_ID = int.from_bytes(b"mchA", "big")
# What `encrypt` and `decrypt` write beside the file until they put it in its place.
UNFINISHED = "-unfinished"
# What SQLite keeps beside a database while it is open, or left behind by a crash.
JOURNALS = ("-wal", "-shm", "-journal")
_MAGIC = b"SQLite format 3\0"


def locate(path: Path) -> Path:
    """The real path of the database, made empty (0600, in folders of 0700) when there is none.

    One of ours that others may read, as copies and restored backups are, becomes private; the folder is left alone.
    Of one that is encrypted only its key can tell whose it is.

    Raises StoreError when it cannot be used: a folder, somebody else's, not written by memchat; whatever it is, it is
    not touched. Raises OSError when the file system refuses.
    """
    if not path.is_symlink() and not path.exists():
        private_file.make_folder(path.parent)
        _make_file(path)
    path = checked(path)
    _make_private(path)
    return path


def checked(path: Path) -> Path:
    """The real path of the database that lies there, which is left as it is. Raises as `locate` does."""
    if path.is_symlink():
        path = _target(path)
    if not path.is_file():
        raise StoreError(f"{path} is not a file.", "Choose another database with --db.")
    _check_owner(path)
    check_header(path)
    return path


def beside(path: Path) -> list[Path]:
    """What is named after the database at `path`: journals, backups, what was replaced, what was not finished.

    Nothing where its folder cannot be read.
    """
    begins = tuple(f"{name}{end}" for name in (path.name, f".{path.name}") for end in "-.")
    with contextlib.suppress(OSError):
        return sorted(one for one in path.parent.iterdir() if one.name.startswith(begins))
    return []


def lies_at(path: Path) -> bool:
    """Whether anything lies there, be it a link that leads nowhere. Raises OSError where that cannot be told."""
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


def unfinished(path: Path) -> Path:
    """Where the file that shall take the place of the one at `path` is written."""
    return path.with_name(f".{path.name}{UNFINISHED}")


def remove_unfinished(path: Path) -> None:
    """Remove what a killed `encrypt` or `decrypt` left beside the database; of the latter it can be read by anybody."""
    left = unfinished(path)
    with contextlib.suppress(OSError):  # a folder that can only be read: nothing is written there either
        left.unlink(missing_ok=True)


def _target(link: Path) -> Path:
    """Where a link leads; only to a file of the same user, so that nobody can send one's words elsewhere."""
    hint = "Remove the link, or name the file itself with --db."
    try:
        path = link.resolve(strict=True)
    except (OSError, RuntimeError):  # nothing there; a loop of links is a RuntimeError before Python 3.13
        raise StoreError(f"{link} is a link that leads to no file.", hint) from None
    if not path.is_file():
        raise StoreError(f"{link} is a link that leads to no file.", hint)
    if not private_file.is_mine(path.stat()):
        raise StoreError(f"{link} is a link to a file of another user.", hint)
    return path


def _make_file(path: Path) -> None:
    """An empty file, readable by its owner only; SQLite gives its journals the same rights."""
    with contextlib.suppress(FileExistsError):  # another memchat was quicker
        private_file.make_empty(path)


def _check_owner(path: Path) -> None:
    """Refuse another user's database, and one beside which another user has laid a journal: SQLite would take it in."""
    for each in (path, *(path.with_name(f"{path.name}{end}") for end in JOURNALS)):
        with contextlib.suppress(FileNotFoundError):
            if not private_file.is_mine(each.lstat()):
                hint = "Choose another with --db, or have a copy of it made that is yours: memchat backup FILE"
                raise StoreError(f"{each} belongs to another user.", hint)


def _make_private(path: Path) -> None:
    """Take the rights of others from the user's own database and its journals; the owner's stay as they are."""
    if not system.posix():
        return
    for each in (path, *(path.with_name(f"{path.name}{end}") for end in JOURNALS)):
        # Journals come and go, and a disk that can only be read keeps its rights: it can still be read.
        with contextlib.suppress(OSError):
            found = each.lstat()
            mode = stat.S_IMODE(found.st_mode)
            if stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and mode & 0o077:
                each.chmod(mode & 0o700)


def check_header(path: Path) -> None:
    """Refuse what memchat did not write before SQLite opens it: opening alone may change a file."""
    with path.open("rb") as file:
        header, size = file.read(PAGE), os.fstat(file.fileno()).st_size
    ours = header[68:72] == APPLICATION_ID.to_bytes(4, "big")
    if header and not (header.startswith(_MAGIC) and ours) and not looks_encrypted(header, size):
        raise StoreError(
            f"{path} is not a memchat database.", "Choose another file with --db. This one was not changed."
        )
