"""What `backup` does, and where what is exported may be written: a new file of its owner's, whole or not at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from memchat import private_file
from memchat.errors import MemchatError, RefusedError
from memchat.ports import Store


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that passed the check, and its bytes."""

    path: Path
    size: int


def back_up(
    store: Store, path: Path, *, instead: bool = False, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> Backup:
    """Copy the database to `path` while it is in use. `progress` hears how many pages are done, of how many.

    Raises RefusedError (something is there, which is replaced only `instead`), StoreError.
    """
    with new_file(path, instead=instead) as target:
        store.records.back_up(target, progress)
        size = target.stat().st_size
    return Backup(path, size)


@contextmanager
def new_file(path: Path, *, instead: bool = False) -> Iterator[Path]:
    """Within it a private file beside `path`, which stands there in the end. Raises RefusedError, MemchatError."""
    try:
        with private_file.fresh(path, instead=instead) as target:
            yield target
    except FileExistsError:
        hint = "--force replaces a file." if not path.is_symlink() else "It is a link: name the file itself."
        raise RefusedError(f"{path} is there already; nothing was written.", f"Choose another name. {hint}") from None
    except IsADirectoryError:
        raise RefusedError(f"{path} is a folder; nothing was written.", "Name a file in it.") from None
    except OSError as error:
        raise MemchatError(
            f"{path} could not be written ({error.strerror or type(error).__name__}).",
            private_file.way_out(error, path.parent).replace(" with MEMCHAT_HOME", ""),
        ) from error
