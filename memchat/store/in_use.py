"""Which other processes have a database open: asked of the system, for SQLite tells only that there are some."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

# lsof looks at every process; one that a dead network disk holds up must not hold us up.
_PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class Process:
    """A process of this computer; `name` is empty where the system does not tell."""

    pid: int
    name: str


def others(path: Path) -> list[Process]:
    """Processes besides this one that have the database or its journal open, by number.

    Only those that the system lets us see: of another user's mostly none. Empty where it tells nothing at all.
    """
    files = [each for each in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))) if each.exists()]
    found = _from_proc(files) if Path("/proc/self/fd").is_dir() else _from_lsof(files)
    return sorted((one for one in found if one.pid != os.getpid()), key=lambda one: one.pid)


def _from_proc(files: list[Path]) -> list[Process]:
    """proc(5): each process has a folder, with a link for each file that it has open."""
    wanted = {(each.stat().st_dev, each.stat().st_ino) for each in files}
    folders = [folder for folder in Path("/proc").iterdir() if folder.name.isdigit()]
    return [Process(int(each.name), _name(each)) for each in folders if any(file in wanted for file in _open_in(each))]


def _open_in(folder: Path) -> Iterator[tuple[int, int]]:
    """Device and number of each file that a process has open; nothing of one that is not ours to look at, or gone."""
    try:
        descriptors = list((folder / "fd").iterdir())
    except OSError:
        return
    for each in descriptors:
        try:
            found = each.stat()
        except OSError:  # closed meanwhile
            continue
        yield found.st_dev, found.st_ino


def _name(folder: Path) -> str:
    """What was started, as far as a person would know it again: `memchat`, not the Python that runs it."""
    try:
        words = (folder / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return ""
    return "memchat" if "memchat" in {Path(word).name for word in words[:3]} else Path(words[0]).name


def _from_lsof(files: list[Path]) -> list[Process]:
    """lsof(8) with output for programs: a line `p` with the number, then a line `c` with the name of each process."""
    try:
        told = subprocess.run(  # noqa: S603 - no shell, and the names of our own files
            ["lsof", "-w", "-F", "pc", "--", *map(str, files)],  # noqa: S607 - it lies elsewhere on each system
            env={"PATH": os.environ.get("PATH", os.defpath)},  # no key of anybody's is its business
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return []
    lines = [line for line in told.splitlines() if line[:1] in {"p", "c"}]
    return [Process(int(p[1:]), c[1:]) for p, c in pairwise(lines) if p[0] == "p" and c[0] == "c"]
