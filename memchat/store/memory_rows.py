"""How memories are read: rows of `memories` and `sources` as values."""

from collections.abc import Iterable

from memchat.domain import Memory, MemoryStatus, Origin, Source, memory_ref
from memchat.errors import NotFoundError
from memchat.store.database import Database, Row
from memchat.store.moments import from_columns, maybe_from_columns

_SELECT = """
    SELECT id, uid, field, text, status, importance, pinned, created_at, created_offset, valid_from, valid_from_offset,
        valid_to, valid_to_offset, last_confirmed_at, last_confirmed_offset, superseded_by, superseded_at,
        superseded_offset, withdrawn_at, withdrawn_offset, why, replaces
    FROM memories
"""
_SOURCES = """
    SELECT memory_id, origin, at, at_offset, quote, session_id, turn, message_id, part_id, span_start, span_end, model,
        prompt_version
    FROM sources WHERE memory_id IN (SELECT value FROM json_each(?)) ORDER BY id
"""


class MemoryRows:
    """Memories with every reason to believe them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, memory_id: int) -> Memory:
        """One memory with its sources; raises NotFoundError."""
        found = self._read("WHERE id = ?", memory_id)
        if not found:
            raise missing(memory_id)
        return found[0]

    def _read(self, condition: str, *values: object) -> list[Memory]:
        """Memories with their sources, in two statements at most however many there are."""
        rows = self._database.rows(_SELECT + condition, *values)
        sources = self._sources(row[0] for row in rows) if rows else {}
        return [_memory(row, tuple(sources.get(row[0], ()))) for row in rows]

    def _sources(self, memory_ids: Iterable[int]) -> dict[int, list[Source]]:
        """The sources of each memory, oldest first."""
        found: dict[int, list[Source]] = {}
        for row in self._database.rows(_SOURCES, f"[{','.join(map(str, memory_ids))}]"):
            found.setdefault(row[0], []).append(_source(row))
        return found


def missing(memory_id: int) -> NotFoundError:
    """Said by every method that was asked for a memory that is not there."""
    return NotFoundError(f"There is no memory {memory_ref(memory_id)}.", "memchat memory list shows them.")


def _memory(row: Row, sources: tuple[Source, ...]) -> Memory:
    """A row of `_SELECT` as a value; it ended when it was replaced or when it was to end, whichever came first."""
    ends = [at for at in (maybe_from_columns(*row[11:13]), maybe_from_columns(*row[16:18])) if at is not None]
    return Memory(
        id=row[0],
        uid=row[1],
        field=row[2],
        text=row[3],
        stored_status=MemoryStatus(row[4]),
        importance=row[5],
        pinned=bool(row[6]),
        created_at=from_columns(*row[7:9]),
        valid_from=from_columns(*row[9:11]),
        valid_to=min(ends, default=None),
        last_confirmed_at=from_columns(*row[13:15]),
        superseded_by=row[15],
        withdrawn_at=maybe_from_columns(*row[18:20]),
        why=row[20],
        sources=sources,
        replaces=row[21],
    )


def _source(row: Row) -> Source:
    """A row of `_SOURCES` as a value."""
    return Source(
        origin=Origin(row[1]),
        at=from_columns(row[2], row[3]),
        quote=row[4],
        session_id=row[5],
        turn=row[6],
        message_id=row[7],
        part_id=row[8],
        span=None if row[9] is None else (row[9], row[10]),
        model=row[11],
        prompt_version=row[12],
    )
