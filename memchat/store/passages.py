"""Many messages of the index read at once, with what stands beside them: a few statements, however many they are."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from memchat.domain import OWN_WORDS, Near, Origin, Role
from memchat.memory.pieces import ends
from memchat.store.database import Database, Row
from memchat.store.labels import label_of
from memchat.store.moments import read_columns
from memchat.store.numbering import PIECE_BITS

# Of a neighbour so much is read: about what a piece has.
_NEAR_CHARACTERS = 600
# So many on each side: what stands beside a neighbour that is handed over itself is among them.
_BESIDE = 2

# In the order of the loops: by the messages asked for, then by the parts' own index.
_MESSAGES = """
    SELECT m.id, m.session_id, m.turn, m.role, m.created_at, m.created_offset, m.cuts, p.position, p.origin, p.content
    FROM json_each(?) w CROSS JOIN messages m ON m.id = w.value CROSS JOIN parts p ON p.message_id = m.id
    WHERE m.indexed = 1 AND m.created_at >= ? AND m.created_at < ? AND p.kind = 'text' AND p.barred = 0
"""
_BEGINNINGS = f"""
    SELECT p.message_id, p.position, substr(p.content, 1, {_NEAR_CHARACTERS})
    FROM json_each(?) w CROSS JOIN parts p ON p.message_id = w.value
    WHERE p.kind = 'text' AND p.barred = 0
"""  # noqa: S608 - the numbers are ours
_AROUND = f"""
    SELECT w.value, (
        SELECT group_concat(id) FROM (
            SELECT n.id FROM messages n WHERE n.session_id = m.session_id AND n.indexed = 1
                AND n.turn <= m.turn AND (n.turn, n.id) < (m.turn, m.id)
            ORDER BY n.turn DESC, n.id DESC LIMIT {_BESIDE})
    ), (
        SELECT group_concat(id) FROM (
            SELECT n.id FROM messages n WHERE n.session_id = m.session_id AND n.indexed = 1
                AND n.turn >= m.turn AND (n.turn, n.id) > (m.turn, m.id)
            ORDER BY n.turn, n.id LIMIT {_BESIDE})
    )
    FROM json_each(?) w CROSS JOIN messages m ON m.id = w.value
"""  # noqa: S608 - the numbers are ours
_NEWEST = f"""
    SELECT substr(p.content, 1, {_NEAR_CHARACTERS}) FROM messages m CROSS JOIN parts p ON p.message_id = m.id
    WHERE m.indexed = 1 AND p.kind = 'text' AND p.barred = 0 ORDER BY m.id DESC LIMIT ?
"""  # noqa: S608 - the numbers are ours
_LABELS = "SELECT s.id, s.title, s.topics FROM json_each(?) w CROSS JOIN sessions s ON s.id = w.value"
# By the user himself, or by the model. As texts, which thousands of rows are compared with.
_SAID = frozenset(map(str, OWN_WORDS | {Origin.MODEL}))
_ROLES = {str(role): role for role in Role}
Around = tuple[Sequence[int], Sequence[int]]  # numbers of the messages before and after, the nearest first


class Read(NamedTuple):
    """A message of the index: its text, and where each of its pieces ends, as the database keeps it: `12,340`."""

    id: int
    session_id: int
    turn: int
    role: Role
    at: datetime
    own: bool
    text: str
    cuts: str

    def piece(self, number: int) -> str | None:
        """The text of one piece; None where there are not so many."""
        if "," not in self.cuts:  # as nearly always
            return None if number else self.text.strip()
        places = [0, *map(int, self.cuts.split(","))]
        return self.text[places[number] : places[number + 1]].strip() if number + 1 < len(places) else None


class Passages:
    """Reads messages, and writes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, message_ids: Collection[int], bounds: tuple[str, str]) -> dict[int, Read]:
        """Those of the messages that are in the index and were written within the bounds, at a time that is legible."""
        rows: dict[int, list[Row]] = {}
        for row in self._database.rows(_MESSAGES, json.dumps(list(message_ids)), *bounds):
            rows.setdefault(row[0], []).append(row)
        found = map(_read, rows.values())
        return {one.id: one for one in found if one is not None}

    def around(self, message_ids: Collection[int]) -> dict[int, Around]:
        """The messages of the index that stand before and after each in its conversation, two on each side."""
        rows = self._database.rows(_AROUND, json.dumps(list(message_ids)))
        return {number: (_numbers(before), _numbers(after)) for number, before, after in rows}

    def newest(self, limit: int) -> list[str]:
        """How the newest texts of the index begin, the newest first."""
        return self._database.column(_NEWEST, limit)

    def labels(self, session_ids: Collection[int]) -> dict[int, str]:
        """Title and topics of these sessions."""
        return {number: label_of(*label) for number, *label in self._database.rows(_LABELS, json.dumps([*session_ids]))}

    def near(
        self,
        message_ids: Collection[int],
        known: Mapping[int, Read],
        cosines: Mapping[int, float],
        *,
        silent: Collection[int] = (),
    ) -> dict[int, Near]:
        """How these messages begin; `cosines` of their first pieces, as far as there are any, by row number.

        Those that were read as a whole are `known`; those that are `silent` are not read at all.
        """
        parts: dict[int, list[tuple[int, str]]] = {}
        others = json.dumps([number for number in message_ids if number not in known and number not in silent])
        for number, position, text in self._database.rows(_BEGINNINGS, others):
            parts.setdefault(number, []).append((position, text))
        texts = {number: known[number].text for number in message_ids if number in known}
        texts |= dict.fromkeys(silent, "") | {number: _together(some) for number, some in parts.items()}
        return {
            number: Near(number, text[:_NEAR_CHARACTERS], cosines.get(number << PIECE_BITS))
            for number, text in texts.items()
        }


def _numbers(joined: str | None) -> list[int]:
    return [int(number) for number in joined.split(",")] if joined else []


def _read(parts: Sequence[Row]) -> Read | None:
    """A message of the rows of its parts; None where nobody can read when it was written."""
    number, session_id, turn, role, at, offset, cuts, _, origin, text = parts[0]
    own = origin in _SAID
    if len(parts) > 1:
        text = _together([(row[-3], row[-1]) for row in parts])
        own = all(row[-2] in _SAID for row in parts)
    moment = read_columns(at, offset)
    if moment is None:
        return None
    # One that waits for a reindex may not be cut yet.
    return Read(number, session_id, turn, _ROLES[role], moment, own, text, cuts or ",".join(map(str, ends(text))))


def _together(parts: Sequence[tuple[int, str]]) -> str:
    """A message's text of its parts, each with its position."""
    return parts[0][1] if len(parts) == 1 else "\n\n".join(text for _, text in sorted(parts))
