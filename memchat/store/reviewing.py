"""What `import --review` makes of a record: facts wait for the user, and nobody learns from words out of a file."""

from typing import Any

from memchat.domain import OWN_WORDS, MemoryStatus, Origin
from memchat.memory import phrases
from memchat.memory.outcomes import BINDING

IMPORTED = "it came from an import"
"""`Memory.why` of what waits because it was imported with `--review`."""


def reviewed(kind: str, row: dict[str, Any], now: str) -> dict[str, Any] | None:
    """The row as it may be taken in, of a file that is not trusted; None for what is left out.

    Conversations come without what was made of them, memories as far as they hold at `now`; the books, what was typed
    and what must not be learned stay away.
    """
    match kind:
        case "session":
            return row | {"learn": 0, "summary": "", "topics": "[]", "consolidated_to": None}
        case "message":
            return row | {"learn": 0}
        case "part" | "source":
            return row | {"origin": str(Origin.IMPORT)} if row["origin"] in {*OWN_WORDS, Origin.HAND} else row
        case "memory":
            return _waiting(row) if _holds(row, now) else None
        case "blob":
            return row
        case _:
            return None


def believed(kind: str, row: dict[str, Any]) -> dict[str, Any]:
    """The row of a file that is trusted: a memory that would bind the assistant is set aside all the same."""
    if kind != "memory" or row["status"] != MemoryStatus.ACTIVE or not phrases.binds(row["text"]):
        return row
    return row | {"status": str(MemoryStatus.QUARANTINED), "why": BINDING}


def _holds(row: dict[str, Any], now: str) -> bool:
    ended = row["valid_to"] is not None and row["valid_to"] <= now
    return row["withdrawn_at"] is None and row["superseded_by"] is None and not ended


def _waiting(row: dict[str, Any]) -> dict[str, Any]:
    kept = MemoryStatus.QUARANTINED if row["status"] == MemoryStatus.QUARANTINED else MemoryStatus.PENDING
    return row | {"status": str(kept), "pinned": 0, "why": IMPORTED, "why_before": None, "replaces": None}
