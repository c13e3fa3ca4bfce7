"""Who has a session open: a claim names a process, and holds as long as that process lives.

These are facts about this machine, so they are read from it and not from the chat's clock.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from memchat import system
from memchat.store.moments import from_columns

# Another computer's processes cannot be asked; whoever chats there has surely slept once in this time.
_FAR_CLAIM = timedelta(hours=12)
# Clocks are set while a computer starts; a claim this much older than the start was made before it.
_BOOT_SLACK = timedelta(minutes=1)


def holds(holder: str, since: str | None, asking: str) -> bool:
    """Whether `holder` (`host:pid` or `host:pid:start`), who claimed at `since`, keeps `asking` out."""
    if not holder or holder == asking:
        return False
    claimed = from_columns(since, 0) if since else datetime.fromtimestamp(0, UTC)
    host, pid, start = _split(holder)
    if pid is None or host != _split(asking)[0]:
        return datetime.now(UTC) - claimed < _FAR_CLAIM
    return claimed > _started() - _BOOT_SLACK and alive(pid) and _same(start, started(pid))


def held(holder: str, since: str | None, asking: str) -> bool:
    """Whether `holder`, who claimed at `since`, is still there, also where it is `asking` itself.

    Where nobody in particular asks, the claim is taken for one of this computer.
    """
    # The computer without a process: nobody's claim is the asker's own.
    return holds(holder, since, _split(asking or holder)[0] + ":")


def started(pid: int) -> str:
    """When a process of this computer started, in the system's own count; empty where the system does not tell."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return ""
    # proc(5): the 22nd field, counted from behind the command's name, which may hold blanks and brackets.
    fields = told.rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 else ""


def alive(pid: int) -> bool:
    """Whether a process with this number runs on this computer."""
    if system.windows():  # pragma: no cover - there a signal would end the process, so its handle is asked
        import ctypes

        kernel: Any = vars(ctypes)["windll"].kernel32
        handle = kernel.OpenProcess(0x1000, 0, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
        if not handle:
            return False
        code = ctypes.c_ulong()
        kernel.GetExitCodeProcess(handle, ctypes.byref(code))
        kernel.CloseHandle(handle)
        return bool(code.value == 259)  # STILL_ACTIVE
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True  # somebody else's, or not for us to know
    return True


def _started() -> datetime:
    """When this computer started: process numbers begin anew then. Long ago where the system does not tell."""
    up = system.up_for()
    return datetime.fromtimestamp(0 if up is None else time.time() - up, UTC)


def _same(claimed: str, found: str) -> bool:
    """Whether two starts may be of one process: a number that has come up again is another's."""
    return not claimed or not found or claimed == found


def _split(owner: str) -> tuple[str, int | None, str]:
    """`host:pid[:start]` -> host, pid and start; no pid when it is not written so, no start when none was told."""
    host, _, rest = owner.partition(":")
    pid, _, start = rest.partition(":")
    return host, int(pid) if pid.isascii() and pid.isdigit() and int(pid) > 0 else None, start
