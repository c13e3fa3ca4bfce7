"""What `import` does: reads the lines of an export, checks each, and takes all of them in, or none.

The file may come from anywhere: nothing in it is believed, and no line may be larger than the largest memchat writes.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from memchat.domain import Cleaned, Taken
from memchat.errors import MemchatError
from memchat.ports import Store

# A message of 64 MB, the most that is read from a pipe, in JSON.
LINE_BYTES = 128 * 1024 * 1024
_STEP = 500  # lines between two looks at the progress
_NOTHING = "Nothing was imported."
_BOM = b"\xef\xbb\xbf"


class _JsonError(ValueError):
    """JSON that is valid, and means two things at once or nothing."""


def take_in(
    store: Store,
    file: BinaryIO,
    now: datetime,
    *,
    review: bool = False,
    mask_secrets: bool = True,
    progress: Callable[[int], None] = lambda _read: None,
) -> Taken:
    """Take a whole export in, in one transaction. `progress` hears how many bytes were read.

    Raises MemchatError that names the line which cannot be taken, and StoreError; then nothing has changed.
    """
    records = _records(file, progress)
    number, head = next(records, (1, None))
    if head is None:
        raise MemchatError(
            "The file is empty: no memchat export.", f"memchat import reads what memchat export wrote. {_NOTHING}"
        )
    clean = _masked if mask_secrets else None
    with store.records.intake(head, clean=clean, review=review, at=now) as intake:
        for number, record in records:
            intake.take(record, number)
        return intake.finish()


def _records(file: BinaryIO, progress: Callable[[int], None]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each line's number and object. Raises MemchatError."""
    number = read = 0
    while line := file.readline(LINE_BYTES + 1):
        number += 1
        read += len(line)
        if len(line) > LINE_BYTES:
            raise _refused(number, f"it is longer than {LINE_BYTES // (1024 * 1024)} MB")
        yield number, _object(line.removeprefix(_BOM) if number == 1 else line, number)
        if number % _STEP == 0:
            progress(read)


def _object(line: bytes, number: int) -> dict[str, Any]:
    if not line.endswith(b"\n"):
        # A file that was cut off, or one whose last line somebody wrote without its end: the counts tell them apart.
        line += b"\n"
    try:
        found = _decoder.decode(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise _refused(number, "it is not UTF-8") from None
    except _JsonError as error:
        raise _refused(number, str(error)) from None
    except RecursionError:
        raise _refused(number, "it is nested too deeply") from None
    except ValueError:  # also a number of more digits than Python reads
        raise _refused(number, "it is no JSON") from None
    if not isinstance(found, dict):
        raise _refused(number, "it is no JSON object")
    return found


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object each of whose keys stands once: of two values readers choose different ones."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _JsonError("a key stands in it twice")
    return found


def _no_number(word: str) -> float:
    raise _JsonError(f"{word} is no number")


_decoder = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number)


def _refused(number: int, why: str) -> MemchatError:
    return MemchatError(f"Line {number:,}: {why}.", f"memchat import reads what memchat export wrote. {_NOTHING}")


def _masked(text: str) -> Cleaned:
    """The text without its secrets."""
    from memchat.memory.masking import MARK, mask

    found = mask(text)
    lengths = (len(MARK) + len(kind) + 1 for kind in found.kinds)
    return Cleaned(found.text, tuple((*span, length) for span, length in zip(found.spans, lengths, strict=True)))
