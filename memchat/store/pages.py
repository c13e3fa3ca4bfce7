"""Page by page: counts and rows for whoever looks through a database that may hold a hundred thousand turns."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from memchat.domain import Event, Happened, Layer, Memory, Message, Passage, Role, SessionKind, Shelf, Zone
from memchat.memory.plain import plain
from memchat.store import words as terms
from memchat.store.database import Database
from memchat.store.memory_rows import MemoryRows
from memchat.store.moments import from_columns, to_text
from memchat.store.numbering import PIECE_BITS
from memchat.store.texts import ALL, Texts
from memchat.store.transcripts import SessionTranscripts

# A shorter beginning merges a large part of the index: of a hundred thousand turns one letter takes 0.1 s, two 0.04.
LEAST_LETTERS = 3

_SESSIONS = "SELECT count(*) FROM sessions WHERE leaf IS NOT NULL AND kind IN (SELECT value FROM json_each(?))"
_HELD = "withdrawn_at IS NULL AND superseded_by IS NULL AND (valid_to IS NULL OR valid_to > ?1)"
_ON = {
    Shelf.NOTES: f"WHERE field = '' AND status = 'active' AND {_HELD}",
    Shelf.ALL_NOTES: "WHERE field = '' AND ?1 <> ''",
    Shelf.WAITING: f"WHERE status <> 'active' AND {_HELD}",
}
_ORDER = {Shelf.NOTES: "id DESC", Shelf.ALL_NOTES: "id DESC", Shelf.WAITING: "id"}
# What was erased is told by its tombstone alone. What waited and was accepted is learned on the day it was said, and
# what never held is not told as ended.
_EVENTS = """
    SELECT 'learned' what, created_at at, created_offset offset, id, '' field, 0 words FROM memories
    WHERE status = 'active'
    UNION ALL
    SELECT 'waits', created_at, created_offset, id, '', 0 FROM memories
    WHERE status <> 'active' AND withdrawn_at IS NULL AND superseded_by IS NULL
    UNION ALL
    SELECT 'superseded', superseded_at, superseded_offset, id, '', 0 FROM memories
    WHERE superseded_by IS NOT NULL AND withdrawn_at IS NULL AND superseded_at IS NOT NULL
    UNION ALL
    SELECT 'ended', valid_to, valid_to_offset, id, '', 0 FROM memories
    WHERE valid_to <= ?1 AND superseded_by IS NULL AND withdrawn_at IS NULL AND status = 'active'
    UNION ALL
    SELECT 'taken back', withdrawn_at, withdrawn_offset, id, '', 0 FROM memories WHERE withdrawn_at IS NOT NULL
    UNION ALL
    SELECT iif(never, 'refused', 'forgotten'), at, at_offset, NULL, field, json_array_length(hashes)
    FROM tombstones WHERE field NOT GLOB ':*'
"""
_SOME_EVENTS = f"""
    SELECT what, at, offset, id, field, words FROM ({_EVENTS})
    ORDER BY at DESC, coalesce(id, 0) DESC, what = 'learned' LIMIT ?3 OFFSET ?2
"""  # noqa: S608 - the statement is ours
_TEXTS = "SELECT id, field, text FROM memories ORDER BY id DESC"


class SqlitePages:
    """Reads, and writes nothing."""

    def __init__(self, database: Database, transcripts: SessionTranscripts) -> None:
        self._database = database
        self._transcripts = transcripts
        self._memories = _Rows(database)

    def count_sessions(self, kinds: Sequence[SessionKind]) -> int:
        """How many sessions of these kinds hold a turn."""
        return self._database.number(_SESSIONS, json.dumps([str(kind) for kind in kinds]))

    def count_memories(self, shelf: Shelf, now: datetime) -> int:
        """How many memories stand there at `now`."""
        sql = f"SELECT count(*) FROM memories {_ON[shelf]}"  # noqa: S608 - the condition is ours
        return self._database.number(sql, to_text(now))

    def memories(self, shelf: Shelf, now: datetime, *, skip: int, limit: int) -> list[Memory]:
        """Some of them: notes newest first, what waits oldest first."""
        return self._memories.where(
            f"{_ON[shelf]} ORDER BY {_ORDER[shelf]} LIMIT ?3 OFFSET ?2", to_text(now), skip, limit
        )

    def holding(self, fragment: str, limit: int) -> list[Memory]:
        """Memories of whatever status whose field or words hold `fragment`, case, width and accents aside."""
        wanted = _folded(fragment.strip())
        if not wanted:
            return []
        found = [number for number, field, text in self._database.rows(_TEXTS) if wanted in _folded(f"{field} {text}")]
        return self._memories.numbered(found[:limit])

    def count_events(self, now: datetime) -> int:
        """How much happened to memories up to `now`."""
        return self._database.number(f"SELECT count(*) FROM ({_EVENTS})", to_text(now))  # noqa: S608 - ours

    def events(self, now: datetime, *, skip: int, limit: int) -> list[Event]:
        """Some of it, the newest first."""
        rows = self._database.rows(_SOME_EVENTS, to_text(now), skip, limit)
        held = {memory.id: memory for memory in self._memories.numbered([row[3] for row in rows if row[3] is not None])}
        return [
            Event(Happened(what), from_columns(at, offset), held.get(number), field, count)
            for what, at, offset, number, field, count in rows
        ]

    def beginning(self, words: Sequence[str], limit: int) -> list[Passage]:
        """Past messages that hold all of the words, the last of which may be the beginning of one, newest first."""
        asked = _expression(words)
        if not asked:
            return []
        keys = Texts(self._database, "words_of_messages").holding(asked, ALL, limit)
        messages = self._transcripts.messages(list(dict.fromkeys(key >> PIECE_BITS for key in keys)))
        return [_passage(message) for message in messages]


class _Rows(MemoryRows):
    """Memories by a condition, and by number."""

    def where(self, condition: str, *values: object) -> list[Memory]:
        """Those it holds for, in its order."""
        return self._read(condition, *values)

    def numbered(self, numbers: Sequence[int]) -> list[Memory]:
        """These, in this order."""
        wanted = "WHERE id IN (SELECT value FROM json_each(?))"
        found = {memory.id: memory for memory in self._read(wanted, json.dumps(sorted(set(numbers))))}
        return [found[number] for number in dict.fromkeys(numbers) if number in found]


@lru_cache(maxsize=16_384)
def _folded(text: str) -> str:
    """As two texts are compared; each key that is typed looks at all of them."""
    return plain(text)


def _expression(words: Sequence[str]) -> str:
    """What FTS5 is asked; empty where the last word is too short a beginning, and nothing can be asked for."""
    asked = [expression for word in words[:-1] if (expression := terms.expression(word))]
    last = words[-1] if words else ""
    if last.isalnum() and not any(map(terms.spaceless, last)):
        if len(last) < LEAST_LETTERS:
            return ""
        asked.append(terms.quoted(last) + "*")
    elif expression := terms.expression(last):
        asked.append(expression)
    return " AND ".join(asked)


def _passage(message: Message) -> Passage:
    """A message as what was found of it."""
    speaker = "user" if message.role is Role.USER else "assistant"
    ref = f"s{message.session_id}.{message.turn}"
    return Passage(Layer.EPISODE, Zone.TAIL, ref, "", message.text, 0, at=message.created_at, speaker=speaker)
