"""A file, or what is piped in, as a part of a message: a text or a picture, told by its content and not by its name."""

import base64
import codecs
import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from memchat.domain import Origin, Part, PartKind
from memchat.errors import UsageError
from memchat.memory.pictures import mime_of, pixels

# What is piped in at most. More than any model reads, less than what would make this computer swap: `yes | memchat ask`
# has to end.
MAX_BYTES = 64_000_000
# A file's: more text than the largest windows hold.
FILE_BYTES = 10_000_000
# A picture's: Anthropic takes no larger one, and others not many more.
PICTURE_BYTES = 5_000_000
CHECK = "Check the path after -f."
# A mark at the beginning, and how the text behind it is encoded. UTF-32's first: it begins as UTF-16's does.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What people give by mistake: where it begins so, what that is, and what to do about it.
_KNOWN = (
    (0, b"%PDF-", "a PDF", "Turn it into text first: pdftotext FILE"),
    (0, b"PK\x03\x04", "an office document or a ZIP archive", "Save what is in it as text first."),
    (0, b"\xd0\xcf\x11\xe0", "an office document", "Save it as text first."),
    (0, b"\x1f\x8b", "a compressed file", "Unpack it first: gunzip FILE"),
    (0, b"\x7fELF", "a program", "Send text, in UTF-8."),
    (0, b"SQLite format 3\x00", "a database", "Send text, in UTF-8."),
    (0, b"II*\x00", "a TIFF picture", "Save it as PNG or JPEG first."),
    (0, b"MM\x00*", "a TIFF picture", "Save it as PNG or JPEG first."),
    (4, b"ftyphei", "a HEIC picture", "Save it as PNG or JPEG first."),
    (4, b"ftypavif", "an AVIF picture", "Save it as PNG or JPEG first."),
    (4, b"ftyp", "a film or a recording", "Send text, in UTF-8."),
)
# Looked at to tell UTF-16 without a mark.
_SAMPLE = 4_096
# What no text holds; tabs, line and page ends, and the escape of coloured logs it does.
_CONTROLS = bytes(set(range(32)) - {8, 9, 10, 11, 12, 13, 27})


def read_file(path: Path, name: str = "", *, hint: str = CHECK, pipes: bool = True) -> Part:
    """A file as a part that is marked as somebody's; `name` is what it is called, else its path.

    Raises UsageError: missing, a folder, a device, a pipe where `pipes` are not waited for, too large, no text and no
    picture. `hint` is what to do about a path that leads nowhere.
    """
    name = name or os.fsencode(path).decode("utf-8", "replace")  # a name may hold bytes that are no text
    with _failing(name, hint):
        data = _bytes_of(path, name, pipes=pipes)
    return part_of(data, Origin.FILE, name)


def look_at(path: Path, name: str, *, hint: str = CHECK) -> int:
    """The bytes of a file that `read_file` would read, which is not opened. Raises UsageError as that does."""
    with _failing(name, hint):
        info = path.stat()
        _need_file(info, name)
        return info.st_size


def part_of(data: bytes, origin: Origin, name: str) -> Part:
    """Bytes as a picture, a file's text, or piped text. Raises UsageError for what is neither text nor picture."""
    if mime := mime_of(data):
        if len(data) > PICTURE_BYTES:
            raise too_large(name, PICTURE_BYTES, "Save the picture in fewer pixels.")
        part = Part(PartKind.IMAGE, origin, base64.b64encode(data).decode("ascii"), name=name, mime=mime)
        if pixels(part) is None:
            kind = mime.removeprefix("image/").upper()
            raise UsageError(f"{name} begins like a {kind} picture, and is damaged.", "Save the picture anew.")
        return part
    text = decode(data, name)
    if origin is Origin.STDIN:
        return Part(PartKind.TEXT, origin, text.rstrip("\r\n"))
    return Part(PartKind.FILE, origin, text, name=name)


def read_bytes(stream: BinaryIO, name: str, most: int = MAX_BYTES) -> bytes:
    """All of it. Raises UsageError when there is more than `most`: nothing is cut in silence."""
    data = stream.read(most + 1)
    if len(data) > most:
        raise too_large(name, most, "Send a part of it: head -c 1000000")
    return data


def decode(data: bytes, name: str) -> str:
    """Text in UTF-8, or in UTF-16 or UTF-32 that is marked or looks like it, without the mark.

    Raises UsageError that says at which byte it is no text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding, name).removeprefix("\ufeff")
    for start, begins, what, hint in _KNOWN:
        if data.startswith(begins, start):
            raise UsageError(f"{name} is not text but {what}.", hint)
    if b"\x00" in data:
        encoding = _unmarked(data)
        if not encoding:
            place = data.index(b"\x00")
            raise UsageError(f"{name} is not text (a zero byte at byte {place}).", "Send text, in UTF-8.")
        return _decoded(data, encoding, name)
    return _decoded(data, "utf-8", name)


def size_of(count: int) -> str:
    """Bytes in words: `812 bytes`, `3.1 kB`, `10.5 MB`."""
    if count < 1_000:
        return f"{count} bytes" if count != 1 else "1 byte"
    number, unit = (count / 1_000, "kB") if count < 1_000_000 else (count / 1_000_000, "MB")
    return f"{number:.1f}".removesuffix(".0") + f" {unit}"


def too_large(name: str, most: int, hint: str) -> UsageError:
    """It has more than `most` bytes, and may not."""
    return UsageError(f"{name} is larger than {size_of(most)}.", hint)


def _bytes_of(path: Path, name: str, *, pipes: bool) -> bytes:
    """What the file holds. Raises OSError, UsageError."""
    info = path.stat()
    if pipes and stat.S_ISFIFO(info.st_mode):  # -f <(git diff)
        with path.open("rb") as pipe:
            return read_bytes(pipe, name, FILE_BYTES)
    _need_file(info, name)
    # Should it have become a pipe since, nobody waits for who may never write into it.
    with open(path, "rb", opener=_without_waiting) as file:
        _need_file(os.fstat(file.fileno()), name)
        return read_bytes(file, name, FILE_BYTES)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


@contextlib.contextmanager
def _failing(name: str, hint: str) -> Iterator[None]:
    """What the system says of a path, in two lines."""
    try:
        yield
    except FileNotFoundError:
        raise UsageError(f"There is no file {name}.", hint) from None
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}.", hint) from None
    except ValueError:  # a zero character in it
        raise UsageError(f"{name!r} is no path.", hint) from None


def _need_file(info: os.stat_result, name: str) -> None:
    """Raises UsageError for what is no file, or a larger one than is taken."""
    mode = info.st_mode
    if stat.S_ISREG(mode):
        if info.st_size > FILE_BYTES:
            raise too_large(name, FILE_BYTES, "Send a part of it: head -c 1000000 FILE > PART")
        return
    if stat.S_ISDIR(mode):
        raise UsageError(f"{name} is a folder, not a file.", "Name one file in it.")
    what = "a pipe" if stat.S_ISFIFO(mode) else "a socket" if stat.S_ISSOCK(mode) else "a device"
    raise UsageError(f"{name} is {what}, not a file.", "Save what it gives to a file first.")


def _decoded(data: bytes, encoding: str, name: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8":
            message = f"{name} is marked as {encoding[:6].upper()}, and is not valid (at byte {error.start})."
            raise UsageError(message, "Send text, in UTF-8.") from None
        if _controls(data):
            raise UsageError(f"{name} is not text (at byte {error.start}).", "Send text, in UTF-8.") from None
        hint = "Turn it into UTF-8 first; from Big5: iconv -f BIG5 -t UTF-8"
        raise UsageError(f"{name} is not valid UTF-8 (at byte {error.start}).", hint) from None
    if "\x00" in text:
        raise UsageError(f"{name} is not text (a zero character in it).", "Send text, in UTF-8.")
    return text


def _unmarked(data: bytes) -> str:
    """UTF-16 by its zero bytes, which in most languages stand at every second place and nowhere else; else empty."""
    sample = data[:_SAMPLE]
    if len(data) % 2:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    few = len(sample) // 2 // 3
    encoding = "utf-16-le" if odd > few and not even else "utf-16-be" if even > few and not odd else ""
    try:
        text = data.decode(encoding) if encoding else "\x00"
    except UnicodeDecodeError:
        return ""
    return "" if _controls(text.encode()) else encoding


def _controls(data: bytes) -> bool:
    """Whether it holds what no text does."""
    return data.translate(None, _CONTROLS) != data
