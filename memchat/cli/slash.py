"""Slash commands: the registry that writes its own help, and what a line that starts with `/` means."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from memchat.errors import UsageError

if TYPE_CHECKING:
    from memchat.cli.conversation import Conversation

# What ends a word of a command: also the blank of a Chinese or Japanese keyboard.
_BLANK = re.compile("[ \t\n\u3000]")


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name, what stands after it (`ID`, `[MODEL]`), one line of help, and what it does.

    `least` letters of the name must be written, so that nothing is left or erased by a slip.
    """

    name: str
    argument: str
    help: str
    run: "Callable[[Conversation, str], None]"
    aliases: tuple[str, ...] = ()
    least: int = 1

    @property
    def usage(self) -> str:
        """`/undo [N|ID]`."""
        return f"/{self.name} {self.argument}".rstrip()


def first_word(line: str) -> tuple[str, str]:
    """The line up to its first blank, and what stands behind that."""
    word, *rest = _BLANK.split(line, maxsplit=1)
    return word, "".join(rest)


def split(line: str) -> tuple[str, str] | None:
    """The command's name as written and what follows it; None when the line is a message.

    A message starts with a space or `//`, or holds a second `/` in its first word, as a path does.
    """
    word, rest = first_word(line)
    word = unicodedata.normalize("NFKC", word)
    if not word.startswith("/") or "/" in word[1:]:
        return None
    return word[1:].strip().casefold(), rest.strip()


def find(word: str, commands: Sequence[Command]) -> Command:
    """The command a name or its unique beginning stands for. Raises UsageError naming the nearest."""
    named = {name: command for command in commands for name in (command.name, *command.aliases)}
    if word in named:
        return named[word]
    begun = {name: command for name, command in named.items() if word and name.startswith(word)}
    able = {name: command for name, command in begun.items() if len(word) >= command.least}
    if len({command.name for command in able.values()}) == 1:
        return next(iter(able.values()))
    if able:
        raise UsageError(f"/{word} is short for several commands.", f"Which one: {_listed(able)}?")
    if begun:
        raise UsageError(f"/{word} is too short.", f"Write more of it: {_listed(begun)}.")
    raise UsageError(f"There is no /{word}.", _nearest(word, named))


def need(argument: str, example: str) -> None:
    """Raises UsageError, with an example, for a command whose argument was left out."""
    if not argument:
        raise UsageError("Something is missing after the command.", f"Like this: {example}")


def _listed(names: "dict[str, Command]") -> str:
    return ", ".join(f"/{name}" for name in sorted(names))


def _nearest(word: str, names: "dict[str, Command]") -> str:
    import difflib

    near = difflib.get_close_matches(word, names, n=1, cutoff=0.5)
    return (
        f"Nearest: /{near[0]}. A space before it sends it as a message."
        if near
        else ("/help lists them. A space before it sends it as a message.")
    )
