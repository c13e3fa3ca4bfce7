"""/file: what goes with the next message."""

import re
from typing import TYPE_CHECKING

from memchat.cli.layout import GAP, entry, prose
from memchat.cli.slash import first_word
from memchat.cli.terminal import one_line
from memchat.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from memchat.cli.conversation import Conversation

DROP = "drop"
ALL = "all"
_HINT = "Like this: /file notes.md"
_NOTHING, _HOW = "Nothing is attached.", "/file PATH sends a text or a picture with your next message."


def file(chat: "Conversation", argument: str) -> None:
    """`/file PATH` attaches, `/file` lists, `/file drop N|NAME|all` takes back."""
    word, rest = first_word(argument)
    if word == DROP:
        _drop(chat, rest.strip())
    elif argument:
        _attach(chat, argument)
    else:
        _list(chat)


def _attach(chat: "Conversation", written: str) -> None:
    """Raises UsageError, ContextWindowError: then nothing was attached."""
    from memchat.cli import attachments
    from memchat.cli.file_reading import read_file

    name, path = _found(written)
    part = read_file(path, name, hint=_HINT, pipes=False)
    if any((part.kind, part.content, part.name) == (one.kind, one.content, one.name) for one in chat.attached):
        chat.tell(f"{one_line(name)} is attached already.")
        return
    attachments.check(chat.app, attachments.reader(chat.engine), [*chat.attached, part], chat.attached)
    chat.attached += (part,)
    more = f" {len(chat.attached)} files in all: /file" if len(chat.attached) > 1 else ""
    chat.tell(f"Goes with your next message: {attachments.told(chat.engine, part)}.{more}")


def _found(written: str) -> "tuple[str, Path]":
    """The path that was meant: as it was written, in quotation marks, or as terminals write one dragged into them."""
    from memchat.cli.mentions import real

    for name in (written, written.strip("\"'"), re.sub(r"\\(.)", r"\1", written)):
        if name and (path := real(name)):
            return name, path
    raise UsageError(f"There is no file {one_line(written)}.", _HINT)


def _list(chat: "Conversation") -> None:
    from memchat.cli import attachments

    screen = chat.screen
    if not chat.attached:
        chat.tell(f"{_NOTHING} {_HOW}")
        return
    column = len(str(len(chat.attached))) + GAP
    lines = prose(screen, "Goes with your next message:")
    for number, part in enumerate(chat.attached, 1):
        lines += entry(screen, str(number), attachments.told(chat.engine, part), column)
    chat.print([*lines, "", *prose(screen, "/file drop 1 takes one back, /file drop all each of them.")])


def _drop(chat: "Conversation", what: str) -> None:
    """Raises UsageError, NotFoundError."""
    from memchat.actions.references import fold

    if not what:
        raise UsageError("Something is missing after the command.", "Like this: /file drop 1, /file drop all")
    attached, wanted = chat.attached, fold(what)
    if wanted == ALL and not attached:
        raise NotFoundError(_NOTHING, _HOW)
    if wanted == ALL:
        chosen = set(range(len(attached)))
    elif wanted.isascii() and wanted.isdecimal() and 0 < int(wanted[:9]) <= len(attached):
        chosen = {int(wanted) - 1}
    else:
        chosen = {place for place, part in enumerate(attached) if part.name == what}
    if not chosen:
        raise NotFoundError(f"{one_line(what)} is not attached.", "/file lists what is.")
    chat.attached = tuple(part for place, part in enumerate(attached) if place not in chosen)
    names = ", ".join(one_line(attached[place].name) for place in sorted(chosen))
    chat.tell(f"No longer goes with your next message: {names}.")
