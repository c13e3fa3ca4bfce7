"""Ids, field names and dates as people write them: read after NFKC, refused with what was meant."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from memchat.errors import NotFoundError, UsageError

# Digits that any SQLite row id has room for (2**63 - 1 has 19); a longer number names nothing.
DIGITS = 18
_MEMORY = re.compile(r"m([0-9]+)")
_SESSION = re.compile(r"s([0-9]+)(?:\.([0-9]+))?")
_BARE = re.compile(r"[0-9]+")
# How much of a wrong id an error repeats.
SHOWN = 40


def fold(text: str) -> str:
    """`text` as ids, names and answers are compared: NFKC, no case, no white space around it."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def shorten(text: str) -> str:
    """The start of what somebody wrote, on one line, for an error message."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[:SHOWN] + "..."


def memory_number(ref: str, *, bare: bool = False) -> int | None:
    """12 for `m12`, with `bare` for `12` too; None when `ref` is no memory's id. Raises NotFoundError: too large."""
    folded = fold(ref)
    found = _MEMORY.fullmatch(folded)
    if found:
        return _number(found[1], ref, "memory")
    return _number(folded, ref, "memory") if bare and _BARE.fullmatch(folded) else None


def session_place(ref: str, *, bare: bool = False) -> tuple[int, int | None] | None:
    """(17, None) for `s17`, (17, 4) for `s17.4`, with `bare` for `17` too; None when `ref` is no session's id."""
    folded = fold(ref)
    found = _SESSION.fullmatch(folded)
    if found:
        turn = found[2]
        return _number(found[1], ref, "session"), None if turn is None else _number(turn, ref, "turn")
    return (_number(folded, ref, "session"), None) if bare and _BARE.fullmatch(folded) else None


def _number(digits: str, ref: str, noun: str) -> int:
    if len(digits) > DIGITS:
        raise NotFoundError(f"There is no {noun} {shorten(ref)}.", "Ids look like m12 and s17.4.")
    return int(digits)


def known_field(name: str, fields: Iterable[str]) -> str | None:
    """The profile field `name` stands for, whatever its case, width, or `-` for `_`; None when there is none."""
    wanted = fold(name).replace("-", "_")
    return next((field for field in fields if fold(field).replace("-", "_") == wanted), None)


def field_name(name: str, fields: Sequence[str]) -> str:
    """The profile field that `name` stands for. Raises NotFoundError naming the nearest, or all there are."""
    field = known_field(name, fields)
    if field is None:
        near = nearest(name, fields)
        hint = f"Nearest: {near}." if near else f"Fields: {', '.join(fields) or 'none are configured'}."
        raise NotFoundError(f"There is no profile field {shorten(name)!r}.", hint)
    return field


def nearest(name: str, fields: Iterable[str]) -> str:
    """The field whose name is most like `name`, or the empty string."""
    import difflib

    by_fold = {fold(field): field for field in fields}
    found = difflib.get_close_matches(fold(name)[: DIGITS * 4].replace("-", "_"), by_fold, n=1)
    return by_fold[found[0]] if found else ""


def moment(text: str, now: datetime, *, end: bool = False) -> datetime:
    """A date or time as people write it, in the zone of `now` where it names none.

    `2026-11-12`, `2026-11-12T09:14`, RFC 3339, `today`, `yesterday`. A day means its first moment, with `end` its
    last. Raises UsageError.
    """
    folded = fold(text)
    today = now.date()
    days = {"today": today, "yesterday": today - timedelta(days=1)}
    try:
        day = days.get(folded) or date.fromisoformat(folded)
        return datetime.combine(day, time.max if end else time.min, now.tzinfo)
    except ValueError:
        pass  # not a day alone: it may carry a time
    try:
        read = datetime.fromisoformat(folded.upper())
    except ValueError:
        raise UsageError(
            f"{shorten(text)!r} is no date.", "Write it as 2026-11-12, or 2026-11-12T09:14, today, yesterday."
        ) from None
    return read if read.tzinfo else read.replace(tzinfo=now.tzinfo)
