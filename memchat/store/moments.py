"""Moments as the database keeps them: UTC in RFC 3339 with milliseconds, and the offset that was local then.

Text sorts by time, so SQL can compare it.
"""

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache


def to_columns(at: datetime) -> tuple[str, int]:
    """`("2026-11-22T01:14:00.000Z", 480)`: the moment in UTC and the local offset in minutes.

    Raises ValueError for a datetime without a zone.
    """
    offset = at.utcoffset()
    if offset is None:
        raise ValueError("a moment needs its time zone")
    return to_text(at), int(offset.total_seconds() // 60)


def to_text(at: datetime) -> str:
    """`2026-11-22T01:14:00.000Z`, cut to milliseconds."""
    # isoformat is several times quicker than strftime; the last six characters are "+00:00".
    return at.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


@lru_cache(maxsize=4096)
def from_columns(text: str, offset: int) -> datetime:
    """The moment with the offset that was local then. Rows of one day share many, hence the cache."""
    return datetime.fromisoformat(text).astimezone(_zone(offset))


def read_columns(text: str, offset: int) -> datetime | None:
    """The same; None where these columns hold no moment: somebody may have written into the file by other means."""
    try:
        return from_columns(text, offset)
    except (ValueError, OverflowError):
        return None


def maybe_to_columns(at: datetime | None) -> tuple[str | None, int | None]:
    """The same for a moment that may be missing."""
    return (None, None) if at is None else to_columns(at)


def maybe_from_columns(text: str | None, offset: int | None) -> datetime | None:
    """The same for columns that may be empty."""
    return None if text is None else from_columns(text, offset or 0)


@lru_cache(maxsize=64)
def _zone(offset: int) -> timezone:
    """A person lives in few of them, and rows are read by the thousand."""
    return timezone(timedelta(minutes=offset))
