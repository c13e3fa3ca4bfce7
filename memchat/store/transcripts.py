"""Every conversation, message by message: a tree for each session, and which path through it is active."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from memchat.domain import Message, MessageStatus, Origin, Part, PartKind, Role, Turn
from memchat.errors import NotFoundError, SessionBusyError
from memchat.store import moments
from memchat.store.database import Database, Row
from memchat.store.entries import Entries
from memchat.store.sessions import Sessions
from memchat.store.uids import new_uid

# A message has one row for each of its parts, and one with empty columns when it has none.
_COLUMNS = """
    SELECT m.id, m.uid, m.session_id, m.turn, m.role, m.status, m.created_at, m.created_offset, m.parent, m.model,
        m.host, p.kind, p.origin, p.content, p.name, p.mime, p.call_id, p.barred, p.id
"""
_ONE = _COLUMNS + "FROM messages m LEFT JOIN parts p ON p.message_id = m.id WHERE m.id = ? ORDER BY p.position"
_SEVERAL = """
    FROM json_each(?) wanted JOIN messages m ON m.id = wanted.value LEFT JOIN parts p ON p.message_id = m.id
    ORDER BY wanted.key, p.position
"""
# What rests on turns that are no longer on the path.
_DROP_SUMMARY = "UPDATE sessions SET summary = '', topics = '[]', consolidated_to = NULL WHERE id = ?"
# From the leaf up to the root; `far` counts the steps.
_PATH = """
    WITH RECURSIVE up (id, parent, far) AS (
        SELECT m.id, m.parent, 0 FROM sessions s JOIN messages m ON m.id = s.leaf WHERE s.id = ?
        UNION ALL
        SELECT m.id, m.parent, far + 1 FROM up JOIN messages m ON m.id = up.parent
    )
"""
# Up to the first user message, or the first that may be learned from (?2 is 0 or 1), and then the turn it opens.
_LAST_TURN = """
    WITH RECURSIVE walk (id, parent, turn, opens, far) AS (
        SELECT m.id, m.parent, m.turn, m.role = 'user' AND m.learn >= ?2, 0
        FROM sessions s JOIN messages m ON m.id = s.leaf WHERE s.id = ?1
        UNION ALL
        SELECT m.id, m.parent, m.turn, m.role = 'user' AND m.learn >= ?2, far + 1
        FROM walk JOIN messages m ON m.id = walk.parent WHERE NOT walk.opens
    ), up (id, far) AS (
        SELECT w.id, w.far FROM walk w JOIN walk o ON o.opens AND o.turn = w.turn
            JOIN messages m ON m.id = w.id AND m.learn >= ?2
    )
"""
# What hung under a message on the active path now hangs under another.
_PUT_BETWEEN = "UPDATE messages SET parent = ? WHERE parent = ? AND id IN (SELECT id FROM up)"
_IDS = "SELECT id FROM up"
_ALONG = """
    FROM up JOIN messages m ON m.id = up.id LEFT JOIN parts p ON p.message_id = m.id ORDER BY far DESC, p.position
"""
_BETWEEN = """
    FROM up JOIN messages m ON m.id = up.id LEFT JOIN parts p ON p.message_id = m.id WHERE m.turn BETWEEN ? AND ?
    ORDER BY far DESC, p.position
"""
_ALL_TURNS = 2**62
_TITLING = """
    FROM up JOIN messages m ON m.id = up.id JOIN sessions s ON s.id = m.session_id
        LEFT JOIN parts p ON p.message_id = m.id
    WHERE m.role = 'user' AND m.learn >= s.learn ORDER BY far DESC, p.position
"""
_ADD_MESSAGE = """
    INSERT INTO messages (uid, session_id, parent, turn, turns, role, status, model, host, learn, created_at,
        created_offset) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_ADD_PART = """
    INSERT INTO parts (uid, message_id, position, kind, origin, content, name, mime, call_id, barred)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


class SessionTranscripts(Sessions):
    """Sessions with their messages; what joins or leaves an active path joins or leaves the index."""

    def __init__(self, database: Database, index: Entries) -> None:
        super().__init__(database, index.labels)
        self._index = index

    def add_message(  # noqa: PLR0913 - a message is born with all of this
        self,
        session_id: int,
        turn: int,
        role: Role,
        parts: Sequence[Part],
        *,
        parent: int | None,
        at: datetime,
        status: MessageStatus = MessageStatus.COMPLETE,
        model: str = "",
        host: str = "",
        learn: bool = True,
    ) -> Message:
        """Save a message under `parent`, the leaf, index its text unless barred, and make it the leaf.

        Another process may have written or withdrawn something since the caller looked. Where the path goes on after
        `parent`, what belongs to its turn is put in between and the leaf stays; where it no longer holds `parent`, the
        message is kept beside it. Returns it as it was saved: moments cut to milliseconds, text that is no valid
        Unicode mended. Raises NotFoundError when the session, or `parent` within it, is not there, and SessionBusyError
        for a new turn that would not be the newest.
        """
        uid, (when, offset) = new_uid(at), moments.to_columns(at)
        with self._database.transaction():
            ends = self._ends_path(session_id, parent, turn)
            turns = self._turns_with(parent, turn)
            message_id = self._database.insert(
                _ADD_MESSAGE, uid, session_id, parent, turn, turns, role, status, model, host, int(learn), when, offset
            )
            kept = tuple(self._add_part(message_id, place, part, at) for place, part in enumerate(parts))
            leaf = message_id if ends else None
            self._database.rows(
                "UPDATE sessions SET leaf = coalesce(?, leaf), last_at = ?, last_offset = ? WHERE id = ?",
                *(leaf, when, offset, session_id),
            )
            if ends or self._database.run(_PATH + _PUT_BETWEEN, session_id, message_id, parent):
                self._index.put(message_id)
        moment = moments.from_columns(when, offset)
        return Message(message_id, uid, session_id, turn, role, kept, status, moment, parent, model, host)

    def message(self, message_id: int) -> Message:
        """One message, on an active path or not; raises NotFoundError."""
        found = _messages(self._database.rows(_ONE, message_id))
        if not found:
            raise NotFoundError(f"There is no message {message_id}.", "memchat sessions list shows all conversations.")
        return found[0]

    def messages(self, message_ids: Sequence[int]) -> list[Message]:
        """These messages, in this order."""
        return _messages(self._database.rows(_COLUMNS + _SEVERAL, json.dumps(list(message_ids))))

    def path(self, session_id: int) -> list[Message]:
        """The active path, root to leaf; empty for a session without messages."""
        return _messages(self._database.rows(_PATH + _COLUMNS + _ALONG, session_id))

    def turns(self, session_id: int, *, first: int = 1, last: int | None = None) -> list[Turn]:
        """The active path, grouped into turns: those numbered `first` to `last`, both included."""
        between = (first, _ALL_TURNS if last is None else last)
        found = _messages(self._database.rows(_PATH + _COLUMNS + _BETWEEN, session_id, *between))
        return [
            Turn(session_id, number, tuple(messages))
            for number, messages in groupby(found, key=lambda message: message.turn)
        ]

    def next_turn(self, session_id: int) -> int:
        """The number of the next turn: one more than any there ever was, withdrawn ones too."""
        return 1 + self._database.number("SELECT coalesce(max(turn), 0) FROM messages WHERE session_id = ?", session_id)

    def last_turn(self, session_id: int, *, learned_only: bool = False) -> Turn | None:
        """The newest turn of the active path, without reading the rest; or the newest that may be learned from."""
        found = _messages(self._database.rows(_LAST_TURN + _COLUMNS + _ALONG, session_id, int(learned_only)))
        return Turn(session_id, found[0].turn, tuple(found)) if found else None

    def titling(self, session_id: int) -> list[Message]:
        """The user's messages of the active path that a title may be made of, oldest first.

        What was said under `--no-learn` is left out, unless all of the session is kept out of later heads.
        """
        return _messages(self._database.rows(_PATH + _COLUMNS + _TITLING, session_id))

    def set_leaf(self, session_id: int, message_id: int | None) -> None:
        """Move the active path's end; None empties it. The messages stay; what left the path leaves the index.

        When the mark leaves the path, summary, topics and mark are dropped: they rest on what was withdrawn. Raises
        NotFoundError when the session, or that message within it, is not there.
        """
        with self._database.transaction():
            if self._leaf(session_id) == message_id:
                return
            if message_id is not None:
                self._within(session_id, message_id)
            before = self._path_ids(session_id)
            self._update(session_id, "UPDATE sessions SET leaf = ? WHERE id = ?", message_id)
            after = self._path_ids(session_id)
            for left in sorted(before - after):
                self._index.drop(left)
            for joined in sorted(after - before):
                self._index.put(joined)
            if self.session(session_id).mark in before - after:
                self.drop_summary(session_id)

    def drop_summary(self, session_id: int) -> None:
        """Drop summary, topics and mark: what they rest on is gone, so all that is left is learned from anew."""
        with self._labels.forgetting(session_id):
            self._update(session_id, _DROP_SUMMARY)

    def _path_ids(self, session_id: int) -> set[int]:
        """The messages of the active path."""
        return set(self._database.column(_PATH + _IDS, session_id))

    def _within(self, session_id: int, message_id: int) -> Message:
        """The message; raises NotFoundError when that session does not hold it."""
        found = self.message(message_id)
        if found.session_id != session_id:
            raise NotFoundError(
                f"s{session_id} holds no message {message_id}.", f"memchat sessions show s{session_id} shows all."
            )
        return found

    def _ends_path(self, session_id: int, parent: int | None, turn: int) -> bool:
        """Whether a message under `parent` comes at the end of the active path; one of another turn must."""
        if self._leaf(session_id) == parent:
            return True
        if parent is None or self._within(session_id, parent).turn != turn:
            raise SessionBusyError(
                f"Conversation s{session_id} was changed elsewhere meanwhile.",
                f"memchat sessions show s{session_id} shows it as it is now; then try again.",
            )
        return False

    def _turns_with(self, parent: int | None, turn: int) -> int:
        """How many turns the path has with a message of `turn` under `parent`."""
        row = self._database.row("SELECT turn, turns FROM messages WHERE id = ?", parent)
        return 1 if row is None else int(row[1]) + (row[0] != turn)

    def _add_part(self, message_id: int, place: int, part: Part, at: datetime) -> Part:
        """Save one part; returns it with its id."""
        kept = replace(part, content=_valid(part.content), name=_valid(part.name))
        values = (kept.kind, kept.origin, kept.content, kept.name, kept.mime, kept.call_id, int(kept.barred))
        return replace(kept, id=self._database.insert(_ADD_PART, new_uid(at), message_id, place, *values))


def _messages(rows: list[Row]) -> list[Message]:
    """Rows of `_COLUMNS`, a message's parts next to one another, as values."""
    return [_message(list(group)) for _, group in groupby(rows, key=lambda row: row[0])]


def _message(rows: list[Row]) -> Message:
    """The rows of one message as a value."""
    number, uid, session_id, turn, role, status, at, offset, parent, model, host = rows[0][:11]
    return Message(
        id=number,
        uid=uid,
        session_id=session_id,
        turn=turn,
        role=Role(role),
        parts=tuple(_part(row) for row in rows if row[18] is not None),
        status=MessageStatus(status),
        created_at=moments.from_columns(at, offset),
        parent=parent,
        model=model,
        host=host,
    )


def _part(row: Row) -> Part:
    """The part in a row of `_COLUMNS`."""
    kind, origin, content, name, mime, call_id, barred, number = row[11:19]
    return Part(PartKind(kind), Origin(origin), content, name, mime, call_id, bool(barred), number)


def _valid(text: str) -> str:
    """Half of a surrogate pair, as broken input leaves behind, cannot be saved: it becomes U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
