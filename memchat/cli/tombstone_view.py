"""What is not learned again, as lines of text and as JSON: dates, fields and numbers, for the words are not kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from memchat.cli.json_view import date
from memchat.cli.layout import GAP, MARGIN, columns, day, many, prose
from memchat.cli.terminal import Screen, one_line, pad
from memchat.domain import Tombstone

QUESTION = "Clear? Type yes, or Enter to leave all as it is: "
NOTE = "note"


def reason(one: Tombstone) -> str:
    """Why it is not learned again."""
    return "never" if one.never else "erased"


def tombstone_json(one: Tombstone) -> dict[str, Any]:
    """As `tombstones list --json` shows it; `field` is null for a note."""
    return {
        "uid": one.uid,
        "at": date(one.at),
        "field": one.field or None,
        "words": one.words,
        "reason": reason(one),
    }


def listing(screen: Screen, found: Sequence[Tombstone], now: datetime) -> list[str]:
    """One line each: the day, the field, how many words, and whether it was erased or refused for good."""
    if not found:
        return ["", *prose(screen, "Nothing was erased or refused for good.")]
    rows = [(day(one.at, now), one_line(one.field) or NOTE, many(one.words, "word"), reason(one)) for one in found]
    wide = columns(rows)
    lines = ["".join(pad(text, cells + GAP) for text, cells in zip(row, wide, strict=True)).rstrip() for row in rows]
    told = "The words are not kept: a keyed hash of each is. What holds 70 % of them is not learned."
    return ["", *(MARGIN + line for line in lines), "", *prose(screen, told), *prose(screen, _CLEAR)]


def warning(screen: Screen, found: Sequence[Tombstone]) -> list[str]:
    """What clearing means, before the question."""
    return ["", *prose(screen, f"{_count(len(found))}. Without them what you erased or refused may be learned again.")]


def cleared(screen: Screen, count: int) -> list[str]:
    """What was done."""
    return prose(screen, f"Cleared: {_count(count)}. What you erased or refused may be learned again.")


def _count(count: int) -> str:
    return many(count, "tombstone")


_CLEAR = "To let all of it be learned again: memchat tombstones clear"
