"""Profile and notes, with every reason to believe them and everything that became of them."""

from collections.abc import Iterable
from datetime import datetime

from memchat.domain import Memory, MemoryStatus, NewMemory, Origin, Source, memory_ref
from memchat.errors import NotFoundError
from memchat.store.database import Database, Row
from memchat.store.moments import from_columns, maybe_from_columns, maybe_to_columns, to_columns, to_text
from memchat.store.uids import new_uid

_SELECT = """
    SELECT id, uid, field, text, status, importance, pinned, created_at, created_offset, valid_from, valid_from_offset,
        valid_to, valid_to_offset, last_confirmed_at, last_confirmed_offset, superseded_by, superseded_at,
        superseded_offset, withdrawn_at, withdrawn_offset, why
    FROM memories
"""
_ACTIVE = """
    WHERE status = 'active' AND withdrawn_at IS NULL AND superseded_by IS NULL AND (valid_to IS NULL OR valid_to > ?)
    ORDER BY field = '', id
"""
_TAUGHT = """
    WHERE withdrawn_at IS NULL AND EXISTS (
        SELECT 1 FROM sources s WHERE s.memory_id = memories.id AND s.session_id = ? AND s.turn = ?
            AND s.id = (SELECT min(id) FROM sources WHERE memory_id = memories.id))
    ORDER BY id
"""
# Whoever kept it names itself in the first source: `memory/consolidate.py` as consolidation-1 and so on.
_UNTOLD = """
    WHERE withdrawn_at IS NULL AND id > (SELECT value FROM meta WHERE name = 'told') AND (
        SELECT prompt_version LIKE 'consolidation%' FROM sources WHERE memory_id = memories.id ORDER BY id LIMIT 1)
    ORDER BY id
"""
_SOURCES = """
    SELECT memory_id, origin, at, at_offset, quote, session_id, turn, message_id, part_id, span_start, span_end, model,
        prompt_version
    FROM sources WHERE memory_id IN (SELECT value FROM json_each(?)) ORDER BY id
"""
_INSERT = """
    INSERT INTO memories (uid, field, text, status, importance, pinned, why, created_at, created_offset, valid_from,
        valid_from_offset, last_confirmed_at, last_confirmed_offset, changed_at, valid_to, valid_to_offset)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?8, ?9, ?8, ?12, ?13)
"""
_INSERT_SOURCE = """
    INSERT INTO sources (uid, memory_id, origin, at, at_offset, quote, session_id, turn, message_id, part_id,
        span_start, span_end, model, prompt_version)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_SUPERSEDE = """
    UPDATE memories SET superseded_by = ?1, superseded_at = ?2, superseded_offset = ?3,
        changed_at = max(?2, (SELECT n.changed_at FROM memories n WHERE n.id = ?1))
    WHERE id = ?4
"""
# What the withdrawn one had replaced is now replaced by what replaced that one, or by nothing.
_HAND_ON = """
    UPDATE memories SET changed_at = ?1,
        superseded_by = (SELECT w.superseded_by FROM memories w WHERE w.id = ?2),
        superseded_at = (SELECT w.superseded_at FROM memories w WHERE w.id = ?2),
        superseded_offset = (SELECT w.superseded_offset FROM memories w WHERE w.id = ?2)
    WHERE superseded_by = ?2
"""


class ProfileAndNotes:
    """The rows of `memories` and `sources`. Methods that take an id raise NotFoundError when it is not there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: NewMemory, at: datetime) -> Memory:
        """Keep a new memory with its first source; it holds from `new.valid_from`, or else from `at`."""
        values = (new_uid(at), new.field, new.text, new.status, new.importance, int(new.pinned), new.why)
        dates = (*to_columns(at), *to_columns(new.valid_from or at), *maybe_to_columns(new.valid_to))
        with self._database.transaction():
            memory_id = self._database.insert(_INSERT, *values, *dates)
            self._add_source(memory_id, new.source)
            return self.get(memory_id)

    def get(self, memory_id: int) -> Memory:
        """One memory with its sources."""
        found = self._read("WHERE id = ?", memory_id)
        if not found:
            raise _missing(memory_id)
        return found[0]

    def active(self, now: datetime) -> list[Memory]:
        """All that holds at `now`: profile values, then notes, oldest first."""
        return self._read(_ACTIVE, to_text(now))

    def all(self) -> list[Memory]:
        """Every memory there is, whatever its status, oldest first."""
        return self._read("ORDER BY id")

    def changed_since(self, at: datetime) -> list[Memory]:
        """Every memory created, ended, replaced, taken back or restored after `at`, oldest first."""
        return self._read("WHERE changed_at > ? ORDER BY id", to_text(at))

    def history(self, field: str) -> list[Memory]:
        """Every value a profile field ever had, oldest first."""
        return self._read("WHERE field = ? AND field <> '' ORDER BY id", field)

    def add_source(self, memory_id: int, source: Source, at: datetime) -> Memory:
        """One more reason to believe it; it is confirmed at `at`."""
        with self._database.transaction():
            self._update(
                memory_id,
                "UPDATE memories SET last_confirmed_at = ?, last_confirmed_offset = ? WHERE id = ?",
                *to_columns(at),
            )
            self._add_source(memory_id, source)
            return self.get(memory_id)

    def supersede(self, old_id: int, new_id: int, at: datetime) -> None:
        """`old` held until `at`, then `new`; `at` may be before either was written down."""
        with self._database.transaction():
            self.get(new_id)
            if not self._database.run(_SUPERSEDE, new_id, *to_columns(at), old_id):
                raise _missing(old_id)

    def end(self, memory_id: int, at: datetime) -> None:
        """It holds no longer; its history stays."""
        self._update(
            memory_id,
            "UPDATE memories SET valid_to = ?1, valid_to_offset = ?2, changed_at = ?1 WHERE id = ?3",
            *to_columns(at),
        )

    def withdraw(self, memory_id: int, at: datetime, *, why: str = "") -> None:
        """Take it back (undo): what it superseded holds again, or is superseded by what replaced this one.

        `why` takes the place of the reason to keep it.
        """
        when, offset = to_columns(at)
        with self._database.transaction():
            self._update(
                memory_id,
                "UPDATE memories SET withdrawn_at = ?1, withdrawn_offset = ?2, changed_at = ?1,"
                " why = CASE ?3 WHEN '' THEN why ELSE ?3 END WHERE id = ?4",
                *(when, offset, why),
            )
            self._database.rows(_HAND_ON, when, memory_id)

    def taught_by(self, session_id: int, turn: int) -> list[Memory]:
        """Memories whose first source is that turn and that are not withdrawn."""
        return self._read(_TAUGHT, session_id, turn)

    def untold(self) -> list[Memory]:
        """What consolidation has kept and nobody was told of yet, oldest first; what was withdrawn is left out."""
        return self._read(_UNTOLD)

    def told(self, memory_id: int) -> None:
        """All up to this one have been told of."""
        self._database.rows("UPDATE meta SET value = max(value, ?) WHERE name = 'told'", memory_id)

    def _read(self, condition: str, *values: object) -> list[Memory]:
        """Memories with their sources, in two statements however many there are."""
        rows = self._database.rows(_SELECT + condition, *values)
        sources = self._sources(row[0] for row in rows)
        return [_memory(row, tuple(sources.get(row[0], ()))) for row in rows]

    def _sources(self, memory_ids: Iterable[int]) -> dict[int, list[Source]]:
        """The sources of each memory, oldest first."""
        found: dict[int, list[Source]] = {}
        for row in self._database.rows(_SOURCES, f"[{','.join(map(str, memory_ids))}]"):
            found.setdefault(row[0], []).append(_source(row))
        return found

    def _add_source(self, memory_id: int, source: Source) -> None:
        """One row of `sources`."""
        start, end = source.span or (None, None)
        said = (source.quote, source.session_id, source.turn, source.message_id, source.part_id, start, end)
        values = (new_uid(source.at), memory_id, source.origin, *to_columns(source.at), *said)
        self._database.rows(_INSERT_SOURCE, *values, source.model, source.prompt_version)

    def _update(self, memory_id: int, sql: str, *values: object) -> None:
        """Change one memory's row."""
        if not self._database.run(sql, *values, memory_id):
            raise _missing(memory_id)


def _missing(memory_id: int) -> NotFoundError:
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
