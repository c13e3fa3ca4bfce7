"""Who else may get at what memchat keeps: looked at file by file, and closed to others where it is the user's own."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from memchat import private_file
from memchat.config import Paths
from memchat.store import location

DRAFTS = "drafts"


class State(StrEnum):
    """What there is to say of a file or folder."""

    CLOSED = "closed"  # others could get at it until now
    OPEN = "open"  # others can, and only a person should change that
    FOREIGN = "foreign"  # it belongs to another user
    LINK = "link"  # it lies elsewhere
    NAMES = "names"  # it has several


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing to say: of which path, its rights as they were found, where it leads, how many names it has."""

    path: Path
    state: State
    mode: int = 0
    target: Path | None = None
    names: int = 1


def look(paths: Paths) -> list[Seen]:
    """All there is to say; empty where only the user can get at anything. Opens nothing and makes nothing.

    Files of the user's own that others can read or write are closed to them. The file of keys is not: whoever might
    have read it must be told of it, so `memchat.llm.keys` refuses it until a person has.
    """
    found: list[Seen] = []
    for folder in dict.fromkeys((paths.config.parent, paths.db.parent, paths.state, paths.keys)):
        found += _folder(folder, own=folder in (paths.state, paths.keys))
    keys = paths.keys / "keys.json"
    for file in dict.fromkeys((*_beside(paths.db), paths.config, *_below(paths.state / DRAFTS), keys)):
        found += _file(file, mend=file != keys, counted=file == paths.db)
    return found


def _folder(folder: Path, *, own: bool) -> Iterator[Seen]:
    """Of a folder that memchat has for itself, also that others may look into it; of each, that they may change it."""
    with suppress(OSError):
        if folder.is_symlink():
            yield Seen(folder, State.LINK, target=Path(os.path.realpath(folder)))
        info = folder.stat()
        mode = stat.S_IMODE(info.st_mode)
        if not private_file.is_trusted(info):
            yield Seen(folder, State.FOREIGN, mode)
        # In a folder like /tmp, marked sticky, others can add files but not take away ours.
        elif private_file.exposed(info) and (own or (mode & 0o022 and not mode & stat.S_ISVTX)):
            yield Seen(folder, State.OPEN, mode)


def _file(path: Path, *, mend: bool, counted: bool) -> Iterator[Seen]:
    with suppress(OSError):  # gone meanwhile, or on a disk that can only be read
        if path.is_symlink():
            yield Seen(path, State.LINK, target=Path(os.path.realpath(path)))
        info = path.stat()
        mode = stat.S_IMODE(info.st_mode)
        if not private_file.is_mine(info):
            yield Seen(path, State.FOREIGN, mode)
        elif stat.S_ISREG(info.st_mode):
            if counted and info.st_nlink > 1:
                yield Seen(path, State.NAMES, mode, names=info.st_nlink)
            if private_file.exposed(info):
                if mend:
                    path.chmod(mode & 0o700)
                yield Seen(path, State.CLOSED if mend else State.OPEN, mode)


def _beside(db: Path) -> Iterator[Path]:
    """The database and whatever is named after it, also where it is a link."""
    yield db
    for each in dict.fromkeys((db, Path(os.path.realpath(db)))):
        yield from location.beside(each)


def _below(drafts: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from sorted(each for each in drafts.rglob("*") if not each.is_dir())
