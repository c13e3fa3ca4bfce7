"""`privacy.local_only`, held at the last step: no connection of this process leaves the computer, whoever opens it.

Models and embedders elsewhere are refused by name long before (`models.build`, `llm/embedding.py`). This is for what no
list foresees: a name that a resolver sends elsewhere, a redirect, a library that fetches something by itself. Not even
the name of another computer is looked up.
"""

import sys
from typing import Any

from memchat.llm import addresses

_CONNECTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_LOOKS_UP = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})


class ElsewhereError(OSError):
    """Something tried to reach another computer. An OSError, as any network that is not there."""


class Loopback:
    """The guard, up from the start where `on`. Python's own sockets are guarded, which is all that memchat sends by."""

    def __init__(self, *, on: bool) -> None:
        self._on = on
        if on:  # such a hook stays as long as the process: one that is closed lets everything pass
            sys.addaudithook(self._hear)

    def close(self) -> None:
        """Let everything pass again."""
        self._on = False

    def _hear(self, event: str, told: tuple[Any, ...]) -> None:
        if not self._on or not event.startswith("socket."):
            return
        if event in _CONNECTS and isinstance(told[1], tuple) and not is_here(told[1][0]):
            raise ElsewhereError("privacy.local_only is on, and this would leave the computer")
        if event in _LOOKS_UP and not is_here(told[0]):
            raise ElsewhereError("privacy.local_only is on, and this name would be asked of another computer")


def is_here(host: object) -> bool:
    """Whether a host, as a socket is given it, is this computer: a loopback number, `localhost`, or none at all."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
    return not name or addresses.is_here(name)
