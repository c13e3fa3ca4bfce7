"""Who has a session open: a claim names a process, and holds as long as that process lives.

These are facts about this machine, so they are read from it and not from the chat's clock.
"""

import os
import sys
import time
from datetime import UTC, datetime, timedelta

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
    host, pid = _split(holder)
    if pid is None or host != _split(asking)[0]:
        return datetime.now(UTC) - claimed < _FAR_CLAIM
    return claimed > _started() - _BOOT_SLACK and alive(pid)


def alive(pid: int) -> bool:
    """Whether a process with this number runs on this computer."""
    if sys.platform == "win32":  # pragma: no cover - there a signal would end the process, so its handle is asked
        import ctypes

        handle = ctypes.windll.kernel32.OpenProcess(0x1000, 0, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
        if not handle:
            return False
        code = ctypes.c_ulong()
        ctypes.windll.kernel32.GetExitCodeProcess(handle, ctypes.byref(code))
        ctypes.windll.kernel32.CloseHandle(handle)
        return code.value == 259  # STILL_ACTIVE
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True  # somebody else's, or not for us to know
    return True


def _started() -> datetime:
    """When this computer started: process numbers begin anew then. Long ago where the system does not tell."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    up = time.time() if clock is None else time.clock_gettime(clock)
    return datetime.fromtimestamp(time.time() - up, UTC)


def _split(owner: str) -> tuple[str, int | None]:
    """`host:pid[:start]` -> host and pid; no pid when it is not written so."""
    host, _, rest = owner.partition(":")
    pid = rest.partition(":")[0]
    return host, int(pid) if pid.isascii() and pid.isdigit() and int(pid) > 0 else None
