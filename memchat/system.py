"""Which system this is. Only here it is asked, at each call, so that a test can play another."""

import os
import sys
import time


def windows() -> bool:
    """Rights are the folder's, an open file keeps its name, a console is no terminal device."""
    return sys.platform == "win32"


def mac() -> bool:
    """POSIX, with its own tools."""
    return sys.platform == "darwin"


def posix() -> bool:
    """Files have an owner and rights in bits, folders can be opened."""
    return os.name == "posix"


def terminal() -> str:
    """The name under which a process opens the terminal that it was started in, whatever its standard streams are."""
    return "CONIN$" if windows() else "/dev/tty"


def up_for() -> float | None:
    """Seconds since this computer was started, sleep counted; None where the system does not tell."""
    if windows():
        return time.monotonic()  # GetTickCount64, which counts from there
    # Linux' other clocks stand still in sleep; macOS' CLOCK_MONOTONIC does not.
    clock = getattr(time, "CLOCK_BOOTTIME", None) or (getattr(time, "CLOCK_MONOTONIC", None) if mac() else None)
    return None if clock is None else time.clock_gettime(clock)
