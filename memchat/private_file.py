"""Files and folders only their owner may read: made so from the first byte, whole or not at all, and never through a
link to somebody else's. All that systems do differently about owners and rights stands here.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from memchat import system

FILE, FOLDER = 0o600, 0o700
# Windows has none of these: there a file's folder says who may read it, and making a link takes an administrator.
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)  # opening a pipe waits for whoever writes into it
_BYTES = getattr(os, "O_BINARY", 0)
# Settings and keys are a few kilobytes; a device that never ends must.
_MOST = 4_000_000


def is_mine(found: os.stat_result) -> bool:
    """Whether a file is this user's. Where owners have no numbers every file is."""
    return not hasattr(os, "geteuid") or found.st_uid == os.geteuid()


def is_trusted(found: os.stat_result) -> bool:
    """Whether a file is this user's or the administrator's, who can do anything anyway."""
    return is_mine(found) or found.st_uid == 0


def exposed(found: os.stat_result) -> bool:
    """Whether others may do anything with a file. False where its rights are not told so."""
    return system.posix() and bool(stat.S_IMODE(found.st_mode) & 0o077)


def create(path: Path) -> int:
    """A descriptor, to read and write, of a file that is made with mode 0600 under any umask.

    Raises FileExistsError when anything has that name, be it a link; OSError.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_LINK | _BYTES, FILE)
    if stat.S_IMODE(os.fstat(handle).st_mode) != FILE and hasattr(os, "fchmod"):
        with suppress(OSError):  # a file system without rights
            os.fchmod(handle, FILE)  # the umask took the owner's own
    return handle


def make_empty(path: Path) -> None:
    """The same, closed: for what is to be opened by its name. Raises as `create` does."""
    os.close(create(path))


def make_folder(folder: Path) -> None:
    """Make `folder` and each missing one above it, with mode 0700 under any umask. Raises OSError.

    What is there stays as it is.
    """
    # mkdir's own `parents` would leave the upper ones to the umask.
    for each in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
        try:
            each.mkdir(mode=FOLDER)
        except FileExistsError:
            if not each.is_dir():
                raise
        else:
            if system.posix() and stat.S_IMODE(each.lstat().st_mode) != FOLDER:
                each.chmod(FOLDER)


def new_folder(within: Path) -> Path:
    """A new folder of mode 0700 under any umask, with a name that nobody can guess. Raises OSError.

    Raises PermissionError where `within` belongs to another user, who could put another in its place.
    """
    if not is_trusted(within.stat()):
        raise PermissionError(errno.EPERM, "its folder belongs to another user", str(within))
    folder = within / os.urandom(8).hex()
    make_folder(folder)
    return folder


def read(path: Path) -> tuple[bytes, os.stat_result]:
    """What a small file holds, and what it is. Raises OSError, also for what is no file, or somebody else's.

    A pipe is not waited for. The null device reads as an empty file: it is how some say that there is none.
    """
    handle = os.open(path, os.O_RDONLY | _NO_WAIT | _BYTES)
    try:
        found = os.fstat(handle)
        if not _is_null(found):
            _need_file(found, path)
            if not is_trusted(found):
                raise PermissionError(errno.EPERM, "it belongs to another user", str(path))
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read(_MOST + 1)
    finally:
        os.close(handle)
    if len(data) > _MOST:
        raise OSError(errno.EFBIG, "it is too large", str(path))
    return data, found


def replace(path: Path, text: str) -> None:
    """Put `text` into `path` with mode 0600, in a folder made 0700 when missing. Raises OSError; then nothing changed.

    It is written beside the file and moved into place, so a crash leaves the old file or the new one. A link to a file
    of one's own stays a link; one that leads to nothing, or to another's, is refused.
    """
    target = _own_target(path)
    make_folder(target.parent)
    with _beside(target) as (temporary, made):
        temporary.write_text(text, "utf-8", newline="\n")
        _finish(temporary, made)
        temporary.replace(target)


def way_out(error: OSError, folder: Path) -> str:
    """What to do when nothing could be written into `folder`: a sentence for people."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"Make room on the disk of {folder}, then try again."
    if error.errno == errno.EROFS:
        return "That disk can only be read: choose another place with MEMCHAT_HOME."
    return f"Make {folder} writable, or choose another place with MEMCHAT_HOME."


@contextmanager
def fresh(path: Path, *, instead: bool = False) -> Iterator[Path]:
    """Within it an empty file of mode 0600 beside `path`, to be written; after it that stands at `path`, whole.

    Whatever is raised within, nothing is left of it. Never goes through a link. Raises FileExistsError when something
    is there, unless it is a file of one's own and shall be replaced `instead`; IsADirectoryError for a folder; OSError.
    """
    _check_free(path, instead)
    with _beside(path) as (temporary, made):
        yield temporary
        _finish(temporary, made)
        _check_free(path, instead)
        if instead:
            temporary.replace(path)
        else:
            _put(temporary, path)


@contextmanager
def _beside(path: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """A new file in the folder of `path`, and what it is; gone in the end where it was not moved.

    Its name cannot be guessed, and is short: the real one may be as long as names get.
    """
    temporary = path.with_name(f".memchat-{os.urandom(8).hex()}")
    handle = create(temporary)
    try:
        made = os.fstat(handle)
    finally:
        os.close(handle)
    try:
        yield temporary, made
    finally:
        temporary.unlink(missing_ok=True)


def _finish(path: Path, made: os.stat_result) -> None:
    """See it on the disk. Raises OSError where it is not what was made: others may write into some folders."""
    handle = os.open(path, os.O_RDWR | _NO_LINK | _BYTES)
    try:
        if not os.path.samestat(made, os.fstat(handle)):
            raise OSError(errno.EPERM, "somebody else changes files in that folder", str(path))
        os.fsync(handle)
    finally:
        os.close(handle)


def _own_target(path: Path) -> Path:
    """Where `path` leads, links followed, if nothing is there yet or a file of one's own. Raises OSError."""
    target = Path(os.path.realpath(path))
    try:
        found = target.lstat()
    except FileNotFoundError:
        if path.is_symlink():
            raise OSError(errno.ENOENT, "it is a link that leads to no file", str(path)) from None
        return target
    _need_file(found, path)
    if not is_mine(found):
        raise PermissionError(errno.EPERM, "it belongs to another user", str(path))
    return target


def _need_file(found: os.stat_result, path: Path) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(found.st_mode):  # a device or a pipe would not be replaced, but lost
        raise OSError(errno.EINVAL, "it is not a file", str(path))


def _is_null(found: os.stat_result) -> bool:
    return stat.S_ISCHR(found.st_mode) and os.path.samestat(found, Path(os.devnull).stat())


def _check_free(path: Path, instead: bool) -> None:
    if "\0" in str(path):
        raise OSError(errno.EINVAL, "no name holds a zero byte")
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not (instead and stat.S_ISREG(found.st_mode) and is_mine(found)):
        raise FileExistsError(errno.EEXIST, "it is there already", str(path))


def _put(temporary: Path, path: Path) -> None:
    """Under its name, unless somebody was quicker."""
    try:
        os.link(temporary, path)  # unlike a rename it takes nobody's place
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        make_empty(path)
        temporary.replace(path)
