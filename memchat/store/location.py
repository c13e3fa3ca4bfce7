"""Where the database file lies: found or made, private to its owner, and refused when it is somebody else's."""

import contextlib
import os
import stat
from pathlib import Path

from memchat.errors import StoreError
from memchat.store.encryption import PAGE, looks_encrypted

# Stands in bytes 68 to 71 of the file, for `file(1)` and for us: "mchA", read as a number.
APPLICATION_ID = int.from_bytes(b"mchA", "big")
# What `encrypt` and `decrypt` write beside the file until they put it in its place.
UNFINISHED = "-unfinished"
_MAGIC = b"SQLite format 3\0"


def locate(path: Path) -> Path:
    """The real path of the database, made empty (0600, in folders of 0700) when there is none.

    One of ours that others may read, as copies and restored backups are, becomes private; the folder is left alone.
    Of one that is encrypted only its key can tell whose it is.

    Raises StoreError when it cannot be used: a folder, a link to somebody else's, not written by memchat; whatever
    it is, it is not touched. Raises OSError when the file system refuses.
    """
    if path.is_symlink():
        path = _target(path)
    elif not path.exists():
        _make_folders(path.parent)
        _make_file(path)
    if not path.is_file():
        raise StoreError(f"{path} is not a file.", "Choose another database with --db.")
    check_header(path)
    _make_private(path)
    return path


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
    # Windows has no such numbers: there a link needs an administrator.
    if path.stat().st_uid != getattr(os, "geteuid", int)():
        raise StoreError(f"{link} is a link to a file of another user.", hint)
    return path


def _make_folders(folder: Path) -> None:
    """Each missing folder, for its owner only; mkdir's own `parents` would leave the upper ones to the umask."""
    for each in reversed([f for f in (folder, *folder.parents) if not f.exists()]):
        each.mkdir(mode=0o700, exist_ok=True)
        each.chmod(0o700)


def _make_file(path: Path) -> None:
    """An empty file, readable by its owner only whatever the umask; SQLite gives its journals the same rights."""
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, stat.S_IRUSR | stat.S_IWUSR)
    except FileExistsError:
        return  # another memchat was quicker
    os.close(handle)
    path.chmod(0o600)


def _make_private(path: Path) -> None:
    """Take the rights of others from the user's own database and its journals; the owner's stay as they are."""
    if os.name != "posix":
        return
    for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
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
