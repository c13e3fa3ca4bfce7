"""What a field of an export may hold, each check with what it must be in words: nothing in a file is believed.

A check gives what the column holds, or raises ValueError, whose text completes "must be ...".
"""

import base64
import binascii
import json
import re
from collections.abc import Callable
from functools import partial

from memchat.store import moments

Check = Callable[[object], object]

# Ids go on from the highest there is: one from a file must leave room, also for `numbering.py`.
MOST_ID = 1 << 40
MOST_NUMBER = 1 << 53  # what JSON's readers agree on
UID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
HASH = re.compile(r"[0-9a-f]{32}")
LONGEST_OFFSET = 1439  # minutes: a zone is less than a day away
LONGEST_LABEL = 10_000  # characters of a name of something; memchat itself makes none of a hundredth of that
_LIST_LENGTH = 10_000


def a_text(value: object, most: int | None = None) -> str:
    """A text, of `most` characters where that is told."""
    if not isinstance(value, str):
        raise ValueError("a text")  # noqa: TRY004 - one kind of error for whoever reads a line
    if most is not None and len(value) > most:
        raise ValueError(f"a text of at most {most:,} characters")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("a text without halves of characters") from None
    return value


def matching(pattern: re.Pattern[str], what: str, value: object) -> str:
    """A text of this pattern, described as `what`."""
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(what)
    return value


def a_moment(value: object) -> str:
    """A moment as the database writes it."""
    text = matching(_MOMENT, "a moment like 2026-11-22T01:14:00.000Z", value)
    # Year 1 and 9999 would leave the calendar in some zones.
    if not "0002" <= text[:4] <= "9998" or moments.read_columns(text, 0) is None:
        raise ValueError("a moment that there was")
    return text


def is_moment(value: object) -> bool:
    """Whether this is a moment as lines hold it."""
    try:
        return bool(a_moment(value))
    except ValueError:
        return False


def a_whole(low: int, high: int, value: object) -> int:
    """A whole number from `low` to `high`."""
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ValueError(f"a whole number from {low:,} to {high:,}")
    return value


def a_number(value: object) -> float:
    """A number, not infinite."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < float("inf"):
        raise ValueError("a number")
    return float(value)


def a_flag(value: object) -> int:
    """True or false, as 1 or 0."""
    if not isinstance(value, bool):
        raise ValueError("true or false")  # noqa: TRY004 - one kind of error for whoever reads a line
    return int(value)


def one_of(known: tuple[str, ...], value: object) -> str:
    """One of a few words."""
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"one of {', '.join(known)}")
    return value


def a_list(item: Check, value: object) -> str:
    """A list of what `item` checks, as JSON."""
    if not isinstance(value, list) or len(value) > _LIST_LENGTH:
        raise ValueError(f"a list of at most {_LIST_LENGTH:,}")
    return json.dumps([item(one) for one in value], ensure_ascii=False)


def some_bytes(value: object) -> bytes:
    """Bytes in base64."""
    try:
        return base64.b64decode(a_text(value), validate=True)
    except binascii.Error:
        raise ValueError("bytes in base64") from None


def maybe(check: Check, value: object) -> object:
    """Null, or what `check` checks."""
    return None if value is None else check(value)


def or_null(check: Check) -> Check:
    """The check for what may be null."""
    return partial(maybe, check)
