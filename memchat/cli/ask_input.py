"""What a question is made of: words from the command line, piped text, files; and the model options beside it."""

import json
import math
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from memchat.cli.file_reading import part_of, read_bytes, read_file
from memchat.domain import Origin, Part, PartKind
from memchat.errors import UsageError

_OPTION = re.compile(r"[A-Za-z_][\w.-]*\Z", re.ASCII)


def parse_options(pairs: Sequence[str]) -> dict[str, object]:
    """`["temperature=0.2", "stop=END"]` -> `{"temperature": 0.2, "stop": "END"}`: JSON where it is JSON, else text.

    Raises UsageError for a pair without `=` or with a bad name, and for numbers like NaN and 1e999. Which names are
    the user's to set the model knows.
    """
    options: dict[str, object] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        name = name.strip()
        if not equals or not _OPTION.match(name):
            raise UsageError(f"-o {pair!r} is not KEY=VALUE.", "Write it like: -o temperature=0.2")
        options[name] = _value(name, value)
    return options


def _value(name: str, text: str) -> object:
    endless: list[str] = []

    def number(digits: str) -> float:
        if not math.isfinite(float(digits)):
            endless.append(digits)
        return float(digits)

    try:
        value: object = json.loads(text, parse_float=number, parse_constant=number)
    except (ValueError, RecursionError):
        return text
    if endless:  # said only now: it may have been the beginning of a text
        raise UsageError(
            f"-o {name}: {endless[0][:20]} is no number that can be sent.", "Like this: -o temperature=0.2"
        )
    return value


def gather(prompt: str | None, files: Sequence[Path], stdin: BinaryIO | None) -> tuple[Part, ...]:
    """The parts of the question, in the order the model reads them: files, piped text, then the prompt.

    `prompt` "-" stands for stdin alone. `stdin` is None where a person sits at it and did not ask for it to be read.
    Raises UsageError for what is neither text nor picture, and for a question without a word.
    """
    parts = [read_file(path) for path in files]
    if stdin is not None:
        piped = part_of(read_bytes(stdin, "stdin"), Origin.STDIN, "stdin")
        if piped.content.strip():
            parts.append(piped)
    words = "" if prompt is None or prompt == "-" else argument(prompt, "The prompt")
    if words.strip():
        parts.append(Part(PartKind.TEXT, Origin.ARGV, words))
    if not any(part.content.strip() for part in parts):
        raise UsageError("There is no question: the prompt is empty.", 'Write it after the command: memchat ask "..."')
    return tuple(parts)


def argument(words: str, what: str) -> str:
    """Words from the command line as text, also where Python took the shell's encoding for another; else UsageError."""
    try:
        words.encode("utf-8")
    except UnicodeEncodeError:
        try:
            return os.fsencode(words).decode("utf-8")
        except UnicodeError as error:
            place = getattr(error, "start", 0)
            hint = "Check the terminal's encoding."
            raise UsageError(f"{what} is not valid UTF-8 (at byte {place}).", hint) from None
    return words
