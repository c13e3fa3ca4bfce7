"""A file only its owner may read, written whole or not at all, as configuration and keys are; and folders for such."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def replace(path: Path, text: str) -> None:
    """Put `text` into `path` with mode 0600, in a folder made 0700 when missing. Raises OSError; then nothing changed.

    It is written beside the file and moved into place, so a crash leaves the old file or the new one. A link to a file
    kept elsewhere stays a link.
    """
    import tempfile

    target = Path(os.path.realpath(path))
    make_folder(target.parent)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)  # mkstemp makes it 0600
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def way_out(error: OSError, folder: Path) -> str:
    """What to do when nothing could be written into `folder`: a sentence for people."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"Make room on the disk of {folder}, then try again."
    if error.errno == errno.EROFS:
        return "That disk can only be read: choose another place with MEMCHAT_HOME."
    return f"Make {folder} writable, or choose another place with MEMCHAT_HOME."


def make_folder(folder: Path) -> None:
    """Make `folder` and each missing one above it, all with mode 0700; what is there stays as it is. Raises OSError."""
    # mkdir's own `parents` would leave the upper ones to the umask.
    for each in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
        each.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def fresh(path: Path, *, instead: bool = False) -> Iterator[Path]:
    """Within it an empty file of mode 0600 beside `path`, to be written; after it that stands at `path`, whole.

    Whatever is raised within, nothing is left of it. Never goes through a link. Raises FileExistsError when something
    is there, unless it is a file and shall be replaced `instead`; IsADirectoryError for a folder; OSError.
    """
    import tempfile

    _check_free(path, instead)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # mkstemp makes it 0600
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        _check_free(path, instead)
        if instead:
            temporary.replace(path)
        else:
            _put(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _check_free(path: Path, instead: bool) -> None:
    try:
        found = path.lstat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(found):
        raise IsADirectoryError(errno.EISDIR, "it is a folder", str(path))
    if not (instead and stat.S_ISREG(found)):  # a device or a pipe would not be replaced, but lost
        raise FileExistsError(errno.EEXIST, "it is there already", str(path))


def _put(temporary: Path, path: Path) -> None:
    """Under its name, unless somebody was quicker."""
    try:
        os.link(temporary, path)  # unlike a rename it takes nobody's place
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        temporary.replace(path)
