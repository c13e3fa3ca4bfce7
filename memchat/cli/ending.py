"""Being told to go by the system: SIGTERM, the window that closes (SIGHUP), Ctrl-Break on Windows.

It is taken as Ctrl-C is: what came of a reply is saved, a job under way is put back, the terminal is as it was. Only
then memchat ends, and nothing is waited for.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# Systems have some of these. What is ignored (`nohup`) stays ignored, as what somebody else handles stays his.
_NAMES = ("SIGTERM", "SIGHUP", "SIGBREAK")
_asked = 0


class EndedError(KeyboardInterrupt):
    """The system told memchat to go."""


def asked() -> bool:
    """Whether it did: nobody is asked anything, and nothing is begun any more."""
    return bool(_asked)


def words() -> str:
    """`Ended by SIGTERM.`"""
    return f"Ended by {signal.Signals(_asked).name}." if _asked else "Interrupted by Ctrl-C."


def exit_code(code: int) -> int:
    """As a shell tells it of a program that a signal ended, 128 and its number; else `code`."""
    return 128 + _asked if _asked else code


@contextmanager
def heard() -> Iterator[None]:
    """Within it those signals raise EndedError, the first of them only: saving shall not be interrupted."""
    global _asked  # noqa: PLW0603 - a signal is the process's, so who was told is the process, too
    _asked = 0
    before = {}
    if threading.current_thread() is threading.main_thread():  # no other may handle signals
        numbers = [number for name in _NAMES if (number := getattr(signal, name, None)) is not None]
        before = {number: signal.signal(number, _told) for number in numbers if _untouched(number)}
    try:
        yield
    finally:
        for number, handler in before.items():
            # Once told, memchat is on its way out: a second one, as windows send, shall not say that it was killed.
            signal.signal(number, signal.SIG_IGN if _asked else handler)


def _untouched(number: signal.Signals) -> bool:
    return signal.getsignal(number) is signal.SIG_DFL


def _told(number: int, _frame: FrameType | None) -> None:
    global _asked
    first, _asked = not _asked, _asked or number
    if first:
        raise EndedError
