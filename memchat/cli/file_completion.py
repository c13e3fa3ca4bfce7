"""Paths in the input line: behind an @, and behind /file."""

import os
import re
from collections.abc import Iterable

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from memchat.cli.cells import clean

_BEGUN = re.compile(r"""(?:^|(?<=[\s(\[{<"',;:])|(?<![\x00-\x7f]))@(?:"([^"\n]*)|([^\s"]*))\Z""")
_COMMAND = re.compile(r"\A[/／]fi(?:l|le)? +(?!drop )(.*)\Z")
# More entries of a folder than this nobody looks through.
_MOST = 500


def completes(begun: str) -> bool:
    """Whether what stands before the cursor is completed as it is typed: a command, or a path behind an @."""
    return begun[:1] in {"/", "／"} or _BEGUN.search(begun) is not None


class FileCompleter(Completer):
    """The files and folders whose names begin as the path does; hidden ones where their dot was written."""

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """A path with blanks behind an @ gets its quotation marks."""
        begun = document.text_before_cursor
        if command := _COMMAND.match(begun):
            typed, mark, back = command[1], "", len(command[1])
        elif found := _BEGUN.search(begun):
            typed, mark = found[1] or found[2] or "", "@"
            back = len(begun) - begun.rindex("@")
        else:
            return
        folder, start = os.path.split(typed)
        for name, is_folder in _entries(folder, start):
            path = os.path.join(folder, name) + ("/" if is_folder else "")  # noqa: PTH118 - as it was typed: ./ stays
            yield Completion(_written(path, mark, is_folder), -back, display=name + ("/" if is_folder else ""))


def _entries(folder: str, start: str) -> list[tuple[str, bool]]:
    """Names in a folder that begin so, and whether each is a folder; those that cannot be written are left out."""
    found: list[tuple[str, bool]] = []
    try:
        with os.scandir(os.path.expanduser(folder) or ".") as entries:  # noqa: PTH111 - a ~ of nobody stays
            for entry in entries:
                name = entry.name
                plain = clean(name) == name and name.isprintable() and '"' not in name
                shown = name.startswith(start) and (start.startswith(".") or not name.startswith("."))
                if plain and shown and (entry.is_dir() or entry.is_file()):
                    found.append((name, entry.is_dir()))
                    if len(found) == _MOST:
                        break
    except (OSError, ValueError):
        return []
    return sorted(found)


def _written(path: str, mark: str, is_folder: bool) -> str:
    """The path as it stands in the line; of a folder with blanks the closing mark is left to whoever goes on."""
    if mark and any(char.isspace() for char in path):
        return f'{mark}"{path}' + ("" if is_folder else '"')
    return mark + path
