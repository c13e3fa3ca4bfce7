"""The books: model calls, what each turn was shown, and why drafts were not taken."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from memchat.domain import Layer, ModelCall, Passage, Usage, Zone, memory_ref, turn_ref
from memchat.store.moments import from_columns, to_columns, to_text
from memchat.store.tallies import Tallies
from memchat.store.uids import new_uid

# A memory, a past turn, a past session.
_REF = re.compile(r"m([0-9]+)|s([0-9]+)(?:\.([0-9]+))?")

# What another process erased in the meantime is not written down: there is nothing left to name.
_ADD_CALL = """
    INSERT INTO model_calls (uid, purpose, model, host, session_id, turn, prompt_tokens, completion_tokens,
        cached_tokens, memory_tokens, cost, at, at_offset)
    VALUES (?, ?, ?, ?, (SELECT id FROM sessions WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?)
"""
_ADD_SHOWN = """
    INSERT INTO shown (uid, session_id, turn, memory_id, of_session_id, of_turn, layer, zone, score, tokens, at,
        at_offset)
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12
    WHERE EXISTS (SELECT 1 FROM sessions WHERE id = ?2)
        AND (EXISTS (SELECT 1 FROM memories WHERE id = ?4) OR EXISTS (SELECT 1 FROM sessions WHERE id = ?5))
"""
# A head is written down with the first turn that carries it, so it is the newest up to the turn.
_HEAD_SHOWN = """
    SELECT memory_id, of_session_id, of_turn, layer, zone, score, tokens FROM shown
    WHERE session_id = ?1 AND zone = 'head' AND (turn, at) = (
        SELECT turn, max(at) FROM shown WHERE session_id = ?1 AND zone = 'head' AND turn = (
            SELECT max(turn) FROM shown WHERE session_id = ?1 AND zone = 'head' AND turn <= ?2))
    ORDER BY id
"""
# Of a turn that was asked again what was shown to the reply that stands: the first after that began; else the last.
_TAIL_SHOWN = """
    WITH RECURSIVE up (id, turn, role, created_at, parent) AS (
        SELECT m.id, m.turn, m.role, m.created_at, m.parent FROM sessions s JOIN messages m ON m.id = s.leaf
        WHERE s.id = ?1
        UNION ALL
        SELECT m.id, m.turn, m.role, m.created_at, m.parent FROM up JOIN messages m ON m.id = up.parent
    ), began (at) AS (SELECT min(created_at) FROM up WHERE turn = ?2 AND role = 'assistant')
    SELECT memory_id, of_session_id, of_turn, layer, zone, score, tokens FROM shown
    WHERE session_id = ?1 AND turn = ?2 AND zone = 'tail' AND at = (
        SELECT CASE WHEN began.at IS NULL THEN max(s.at) ELSE min(s.at) END FROM shown s, began
        WHERE s.session_id = ?1 AND s.turn = ?2 AND s.zone = 'tail' AND s.at >= coalesce(began.at, ''))
    ORDER BY id
"""
_CALLS = """
    SELECT purpose, model, host, prompt_tokens, completion_tokens, cached_tokens, cost, at, at_offset, memory_tokens
    FROM model_calls WHERE session_id = ? AND turn = ? ORDER BY id
"""
# The turns that were shown a memory and still stand on the active path of their conversation, the newest first.
_TURNS_SHOWN = """
    WITH RECURSIVE seen (session_id, turn, shown_at) AS MATERIALIZED (
        SELECT session_id, turn, max(id) FROM shown WHERE memory_id = ? GROUP BY session_id, turn
    ), up (session_id, turn, parent) AS (
        SELECT m.session_id, m.turn, m.parent FROM sessions s JOIN messages m ON m.id = s.leaf
        WHERE s.id IN (SELECT session_id FROM seen)
        UNION ALL
        SELECT m.session_id, m.turn, m.parent FROM up JOIN messages m ON m.id = up.parent
    )
    SELECT session_id, turn FROM seen WHERE (session_id, turn) IN (SELECT session_id, turn FROM up)
    ORDER BY shown_at DESC
"""
_IGNORE = """
    INSERT INTO ignored VALUES (?1, ?2, ?3)
    ON CONFLICT (why) DO UPDATE SET number = number + ?2, last_at = max(last_at, ?3)
"""
# The calls, and what tells of one whose end was never written: a message on its way, a job's words, a session's newest
# model.
_HOSTS = """
    SELECT host, min(at), max(at) FROM (
        SELECT host, at FROM model_calls WHERE at >= ?1
        UNION ALL SELECT host, created_at FROM messages WHERE created_at >= ?1
        UNION ALL SELECT host, at FROM sendings WHERE at >= ?1
        UNION ALL SELECT host, last_at FROM sessions WHERE last_at >= ?1 AND leaf IS NOT NULL)
    WHERE host <> '' GROUP BY host ORDER BY min(at), host
"""


class Books(Tallies):
    """Model calls and what was shown."""

    def record_call(self, call: ModelCall) -> None:
        """Write down one model call."""
        told = call.usage
        tokens = (told.prompt_tokens, told.completion_tokens, told.cached_tokens, call.memory_tokens)
        self._database.rows(
            _ADD_CALL,
            *(new_uid(call.at), call.purpose, call.model, call.host, call.session_id, call.turn),
            *(*tokens, told.cost, *to_columns(call.at)),
        )

    def record_shown(self, session_id: int, turn: int, passages: Sequence[Passage], at: datetime) -> None:
        """Write down which memories (`m12`) and episodes (`s17.4`, `s17`) a turn was shown; other passages are not."""
        with self._database.transaction():
            for passage in passages:
                if named := _REF.fullmatch(passage.ref):
                    about = [number and int(number) for number in named.groups()]
                    how = (passage.layer, passage.zone, passage.score, passage.tokens)
                    self._database.rows(_ADD_SHOWN, new_uid(at), session_id, turn, *about, *how, *to_columns(at))

    def shown(self, session_id: int, turn: int) -> list[Passage]:
        """What a turn of the active path was shown, head first: refs, layers, scores and tokens, without their words.

        What was erased since is gone from it.
        """
        rows = [
            *self._database.rows(_HEAD_SHOWN, session_id, turn),
            *self._database.rows(_TAIL_SHOWN, session_id, turn),
        ]
        return [
            Passage(Layer(layer), Zone(zone), _named(*about), "", "", tokens, score)
            for *about, layer, zone, score, tokens in rows
        ]

    def calls(self, session_id: int, turn: int) -> list[ModelCall]:
        """The calls that were made for a turn, oldest first; of one that was asked again those of each time."""
        return [
            ModelCall(purpose, model, host, Usage(*told), from_columns(at, offset), session_id, turn, memory_tokens)
            for purpose, model, host, *told, at, offset, memory_tokens in self._database.rows(_CALLS, session_id, turn)
        ]

    def times_shown(self, memory_id: int) -> tuple[int, str]:
        """How many turns of the active paths were shown the memory, and the newest of them (`s21.6`, or empty)."""
        found = self._database.rows(_TURNS_SHOWN, memory_id)
        return len(found), turn_ref(*found[0]) if found else ""

    def record_ignored(self, reasons: Mapping[str, int], at: datetime) -> None:
        """Count drafts that were not taken, by reason: fixed phrases, never anybody's words."""
        counted = {why: number for why, number in reasons.items() if number > 0}
        if not counted:
            return
        with self._database.transaction():
            for why, number in counted.items():
                self._database.rows(_IGNORE, why, number, to_text(at))

    def ignored(self) -> dict[str, int]:
        """How many drafts were not taken so far, by reason, the most frequent first."""
        return dict(self._database.rows("SELECT why, number FROM ignored ORDER BY number DESC, why"))

    def hosts_since(self, at: datetime) -> list[tuple[str, datetime, datetime]]:
        """Every host that words went to since `at`, with the first and the last time in UTC, the earliest first.

        From all that was ever said, also what was withdrawn or answered again.
        """
        return [
            (host, from_columns(first, 0), from_columns(last, 0))
            for host, first, last in self._database.rows(_HOSTS, to_text(at))
        ]


def _named(memory_id: int | None, session_id: int, turn: int | None) -> str:
    """`m12`, `s17.4` or `s17`."""
    if memory_id is not None:
        return memory_ref(memory_id)
    return f"s{session_id}" if turn is None else turn_ref(session_id, turn)
