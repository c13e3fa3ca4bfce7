"""Profile and notes, with every reason to believe them and everything that became of them."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from memchat.domain import Memory, NewMemory, Source
from memchat.memory.outcomes import DOUBTED
from memchat.store.database import Database
from memchat.store.memory_rows import MemoryRows, missing
from memchat.store.moments import maybe_to_columns, to_columns, to_text
from memchat.store.note_words import NoteWords
from memchat.store.uids import new_uid

_ACTIVE = """
    WHERE status = 'active' AND withdrawn_at IS NULL AND superseded_by IS NULL AND (valid_to IS NULL OR valid_to > ?)
    ORDER BY field = '', id
"""
_NOTES_HELD = """
    SELECT count(*) FROM memories
    WHERE field = '' AND status = 'active' AND withdrawn_at IS NULL AND superseded_by IS NULL
        AND (valid_to IS NULL OR valid_to > ?1)
"""
# `iif`: of the many that were written by hand not even the sources are counted.
_SURPLUS = """
    WHERE id IN (
        SELECT id FROM memories n
        WHERE field = '' AND status = 'active' AND withdrawn_at IS NULL AND superseded_by IS NULL
            AND (valid_to IS NULL OR valid_to > ?1) AND pinned = 0
            AND iif(EXISTS (SELECT 1 FROM sources s WHERE s.memory_id = n.id AND s.origin <> 'hand'),
                (SELECT count(*) FROM sources s WHERE s.memory_id = n.id), 0) = 1
        ORDER BY importance, id LIMIT ?2)
    ORDER BY importance, id
"""
_BESIDE = """
    WHERE id IN (SELECT value FROM json_each(?1)) OR id IN (SELECT memory_id FROM sources WHERE message_id = ?2)
        OR field = nullif(?3, '')
    ORDER BY id
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
    OR withdrawn_at IS NULL AND status = 'pending' AND substr(why, 1, length(?1)) = ?1
        AND changed_at > coalesce((SELECT value FROM meta WHERE name = 'told_doubts'), '')
    ORDER BY id
"""
_DOUBTS_TOLD = """
    INSERT INTO meta SELECT 'told_doubts', max(changed_at) FROM memories WHERE substr(why, 1, length(?1)) = ?1
        HAVING count(*) > 0
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""
_INSERT = """
    INSERT INTO memories (uid, field, text, status, importance, pinned, why, created_at, created_offset, valid_from,
        valid_from_offset, last_confirmed_at, last_confirmed_offset, changed_at, valid_to, valid_to_offset, replaces)
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?8, ?9, ?8, ?12, ?13, (SELECT id FROM memories WHERE id = ?14)
"""
_INSERT_SOURCE = """
    INSERT INTO sources (uid, memory_id, origin, at, at_offset, quote, session_id, turn, message_id, part_id,
        span_start, span_end, model, prompt_version)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_ACCEPT = """
    UPDATE memories SET status = 'active', valid_from = ?1, valid_from_offset = ?2, last_confirmed_at = ?1,
        last_confirmed_offset = ?2, changed_at = ?1
    WHERE id = ?3
"""
# The reason to keep it is there again when it is restored.
_WITHDRAW = """
    UPDATE memories SET withdrawn_at = ?1, withdrawn_offset = ?2, changed_at = ?1,
        why_before = iif(?3 = '', why_before, coalesce(why_before, why)), why = iif(?3 = '', why, ?3)
    WHERE id = ?4
"""
_RESTORE = """
    UPDATE memories SET withdrawn_at = NULL, withdrawn_offset = NULL, changed_at = ?1, why = coalesce(why_before, why),
        why_before = NULL
    WHERE id = ?2
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
# Of those that the withdrawn one had replaced: whatever is still as `_HAND_ON` left it.
_TAKE_BACK = """
    UPDATE memories SET changed_at = ?1, superseded_by = ?2,
        superseded_at = (SELECT r.valid_from FROM memories r WHERE r.id = ?2),
        superseded_offset = (SELECT r.valid_from_offset FROM memories r WHERE r.id = ?2)
    WHERE id IN (SELECT value FROM json_each(?3)) AND id <> ?2
        AND superseded_by IS (SELECT r.superseded_by FROM memories r WHERE r.id = ?2)
"""


class ProfileAndNotes(MemoryRows):
    """What is learned and what becomes of it. Methods that take an id raise NotFoundError when it is not there."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._words = NoteWords(database)

    def add(self, new: NewMemory, at: datetime) -> Memory:
        """Keep a new memory with its first source; it holds from `new.valid_from`, or else from `at`."""
        values = (new_uid(at), new.field, new.text, new.status, new.importance, int(new.pinned), new.why)
        dates = (*to_columns(at), *to_columns(new.valid_from or at), *maybe_to_columns(new.valid_to))
        with self._database.transaction():
            memory_id = self._database.insert(_INSERT, *values, *dates, new.replaces)
            self._add_source(memory_id, new.source)
            self._words.put(memory_id, new.text)
            return self.get(memory_id)

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
                raise missing(old_id)

    def end(self, memory_id: int, at: datetime) -> None:
        """It holds no longer; its history stays."""
        self._update(
            memory_id,
            "UPDATE memories SET valid_to = ?1, valid_to_offset = ?2, changed_at = ?1 WHERE id = ?3",
            *to_columns(at),
        )

    def withdraw(self, memory_id: int, at: datetime, *, why: str = "") -> list[int]:
        """Take it back (undo): what it superseded holds again, or is superseded by what replaced this one.

        `why` takes the place of the reason to keep it, until it is restored. Returns the ids of those that it had
        replaced.
        """
        when, offset = to_columns(at)
        with self._database.transaction():
            self._update(memory_id, _WITHDRAW, when, offset, why)
            replaced = self._database.column("SELECT id FROM memories WHERE superseded_by = ? ORDER BY id", memory_id)
            self._database.rows(_HAND_ON, when, memory_id)
        return replaced

    def restore(self, memory_id: int, at: datetime, replaced: Sequence[int] = ()) -> None:
        """Undo a withdrawal: it holds again, for the reason it had, and takes the place of `replaced` as before.

        Those that were replaced by something else meanwhile stay as they are.
        """
        when, _ = to_columns(at)
        with self._database.transaction():
            self._update(memory_id, _RESTORE, when)
            self._database.rows(_TAKE_BACK, when, memory_id, json.dumps(list(replaced)))

    def accept(self, memory_id: int, source: Source, at: datetime) -> Memory:
        """What waited holds from `at`, confirmed by `source`."""
        with self._database.transaction():
            self._update(memory_id, _ACCEPT, *to_columns(at))
            self._add_source(memory_id, source)
            return self.get(memory_id)

    def set_aside(self, memory_id: int, why: str, at: datetime) -> Memory:
        """What held waits for the user again, for the reason `why`."""
        with self._database.transaction():
            self._update(
                memory_id,
                "UPDATE memories SET status = 'pending', why = ?, changed_at = ? WHERE id = ?",
                *(why, to_text(at)),
            )
            return self.get(memory_id)

    def pin(self, memory_id: int, pinned: bool, at: datetime) -> Memory:
        """Pin it, or let it go. What holds is the same as before, so that nobody is told of a change."""
        with self._database.transaction():
            self._update(memory_id, "UPDATE memories SET pinned = ? WHERE id = ?", int(pinned))
            return self.get(memory_id)

    def beside(self, field: str, words: Collection[str], message_id: int | None = None) -> list[Memory]:
        """The memories that can decide about a draft, of whatever status, oldest first.

        Of its `field` all it ever held. Of notes those that share at least half of the draft's words or hold at least
        half of their own among them, at most 50. And whatever rests on the message.
        """
        alike = json.dumps(self._words.sharing(words))
        return self._read(_BESIDE, alike, message_id, field)

    def surplus(self, now: datetime, most: int) -> list[Memory]:
        """The active notes beyond `most` that may wait: least important first, then oldest.

        Left out are pinned ones, those written by hand, and those that were confirmed since they were learned.
        """
        over = self._database.number(_NOTES_HELD, to_text(now)) - most
        return self._read(_SURPLUS, to_text(now), over) if over > 0 else []

    def taught_by(self, session_id: int, turn: int) -> list[Memory]:
        """Memories whose first source is that turn and that are not withdrawn."""
        return self._read(_TAUGHT, session_id, turn)

    def untold(self) -> list[Memory]:
        """What consolidation has kept or doubted and nobody was told of, oldest first; withdrawn ones are left out."""
        return self._read(_UNTOLD, DOUBTED)

    def told(self, memory_id: int) -> None:
        """All up to this one have been told of, and all that is doubted."""
        with self._database.transaction():
            self._database.rows("UPDATE meta SET value = max(value, ?) WHERE name = 'told'", memory_id)
            self._database.rows(_DOUBTS_TOLD, DOUBTED)

    def _add_source(self, memory_id: int, source: Source) -> None:
        """One row of `sources`."""
        start, end = source.span or (None, None)
        said = (source.quote, source.session_id, source.turn, source.message_id, source.part_id, start, end)
        values = (new_uid(source.at), memory_id, source.origin, *to_columns(source.at), *said)
        self._database.rows(_INSERT_SOURCE, *values, source.model, source.prompt_version)

    def _update(self, memory_id: int, sql: str, *values: object) -> None:
        """Change one memory's row."""
        if not self._database.run(sql, *values, memory_id):
            raise missing(memory_id)
