"""What a question is made of: words from the command line, piped text, files; and the model options beside it."""

import json
import math
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from memchat.domain import Origin, Part, PartKind
from memchat.errors import UsageError

# More than any model reads, less than what would make this computer swap: `yes | memchat ask` has to end.
MAX_BYTES = 64 * 1024 * 1024
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
    Raises UsageError for what cannot be read as text, and for a question without a word.
    """
    parts = [read_file(path) for path in files]
    if stdin is not None:
        piped = decode(read_bytes(stdin, "stdin"), "stdin").rstrip("\r\n")
        if piped.strip():
            parts.append(Part(PartKind.TEXT, Origin.STDIN, piped))
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


def read_file(path: Path) -> Part:
    """A text file as a part that is marked as somebody's text; raises UsageError (missing, a folder, not text)."""
    name = os.fsencode(path).decode("utf-8", "replace")  # a name may hold bytes that are no text
    try:
        with path.open("rb") as file:
            data = read_bytes(file, name)
    except FileNotFoundError:
        raise UsageError(f"There is no file {name}.", "Check the path after -f.") from None
    except IsADirectoryError:
        raise UsageError(f"{name} is a folder, not a file.", "Give one file after each -f.") from None
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}.", "Check the path after -f.") from None
    return Part(PartKind.FILE, Origin.FILE, decode(data, name), name=name)


def read_bytes(stream: BinaryIO, name: str) -> bytes:
    """All of it; raises UsageError when it is larger than anything a model reads."""
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UsageError(f"{name} is larger than {MAX_BYTES >> 20} MB.", "Send a part of it: head -c 1000000")
    return data


def decode(data: bytes, name: str) -> str:
    """UTF-8 text, without a byte order mark; raises UsageError that says at which byte it is no text."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is not valid UTF-8 (at byte {error.start}).", "Send text, in UTF-8.") from None
    if "\x00" in text:
        place = data.index(b"\x00")
        raise UsageError(f"{name} is not text (a zero byte at byte {place}).", "Send text, in UTF-8.")
    return text.removeprefix("\ufeff")
