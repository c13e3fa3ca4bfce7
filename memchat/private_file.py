"""A file only its owner may read, written whole or not at all, as configuration and keys are; and folders for such."""

import errno
import os
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
