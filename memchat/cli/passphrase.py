"""Asking for the passphrase of an encrypted database: hidden, at the terminal, also while standard input is a pipe."""

import os
from collections.abc import Callable
from pathlib import Path

from memchat import system
from memchat.cli.streams import is_terminal
from memchat.cli.terminal import Screen, clean
from memchat.errors import LockedError, RefusedError

HIDDEN = "what you type does not show"


def asker(screen: Screen) -> Callable[[Path, bool], str] | None:
    """Who asks for the passphrase of a file, and says so when the one before was wrong; None where nobody answers."""
    if not (screen.can_ask or (screen.piped and is_terminal(screen.stderr) and _has_terminal())):
        return None

    def ask(path: Path, wrong: bool) -> str:
        again = "That does not open it. " if wrong else ""
        try:
            return hidden(screen, f"{again}Passphrase of {path.name} ({HIDDEN}): ")
        except RefusedError:
            raise LockedError(
                f"{path} is encrypted, and no passphrase was given.", "There is no way in without it."
            ) from None

    return ask


def hidden(screen: Screen, question: str) -> str:
    """What is typed after `question`, unseen. Raises RefusedError for none."""
    if screen.can_ask:
        return screen.ask_hidden(question)
    import getpass  # standard input is a pipe with words in it: it asks the terminal itself

    try:
        return getpass.getpass(screen.frame(clean(question)))
    except EOFError:
        raise RefusedError("No answer was given.", "Nothing was changed.") from None


def _has_terminal() -> bool:
    """Whether the process has a terminal of its own to ask at; without one getpass would read the pipe."""
    try:
        os.close(os.open(system.terminal(), os.O_RDWR | getattr(os, "O_NOCTTY", 0)))
    except OSError:
        return False
    return True
