"""The new turns of a session: those on its active path after its mark, as far as they are whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from memchat.domain import Role, Session, Stretch, Turn
from memchat.store import claims
from memchat.store.database import Database, Row
from memchat.store.transcripts import SessionTranscripts

# From the leaf up to the mark (?2), which is left out.
_NEW = """
    WITH RECURSIVE up (id, parent, turn, turns, role, learn, far) AS (
        SELECT m.id, m.parent, m.turn, m.turns, m.role, m.learn, 0
        FROM sessions s JOIN messages m ON m.id = s.leaf WHERE s.id = ?1 AND m.id IS NOT ?2
        UNION ALL
        SELECT m.id, m.parent, m.turn, m.turns, m.role, m.learn, far + 1
        FROM up JOIN messages m ON m.id = up.parent WHERE m.id IS NOT ?2
    )
"""
_MESSAGES = "SELECT turn, turns, id, role, learn FROM up ORDER BY far DESC"
# Up to the first message that may be learned from.
_LEARNABLE = """
    WITH RECURSIVE up (parent, opens) AS (
        SELECT m.parent, m.role = 'user' AND m.learn
        FROM sessions s JOIN messages m ON m.id = s.leaf WHERE s.id = ?1 AND m.id IS NOT s.consolidated_to
        UNION ALL
        SELECT m.parent, m.role = 'user' AND m.learn
        FROM up JOIN messages m ON m.id = up.parent JOIN sessions s ON s.id = ?1
        WHERE NOT up.opens AND m.id IS NOT s.consolidated_to
    )
    SELECT count(*) FROM up WHERE opens
"""
# From the leaf up to that message, if the path holds it.
_ON_PATH = """
    WITH RECURSIVE up (id, parent) AS (
        SELECT m.id, m.parent FROM sessions s JOIN messages m ON m.id = s.leaf WHERE s.id = ?1
        UNION ALL
        SELECT m.id, m.parent FROM up JOIN messages m ON m.id = up.parent WHERE up.id <> ?2
    )
    SELECT count(*) FROM up WHERE id = ?2
"""
_HOLDER = "SELECT opened_by, opened_at FROM sessions WHERE id = ?"


@dataclass(frozen=True, slots=True)
class _Whole:
    """The messages of one whole turn, or what came late to the turn of the mark."""

    number: int
    ids: tuple[int, ...]
    learn: bool


class NewTurns:
    """Reads what is new in sessions; writes nothing."""

    def __init__(self, database: Database, transcripts: SessionTranscripts) -> None:
        self._database = database
        self._transcripts = transcripts

    def stretch(self, session_id: int, turns: int, *, within: int | None, asking: str) -> Stretch | None:
        """The oldest new turns, at most `turns` that may be learned from; None when there are none.

        With `within` only among that many first turns of the path. `asking` is an owner of this computer.
        """
        session = self._transcripts.session(session_id)
        chosen: list[_Whole] = []
        learned = 0
        for whole in self._whole(session, within, asking):
            learned += whole.learn
            if learned > turns:
                break
            chosen.append(whole)
        if not chosen:
            return None
        ids = [number for whole in chosen if whole.learn for number in whole.ids]
        by_turn = groupby(self._transcripts.messages(ids), key=lambda message: message.turn)
        kept = tuple(Turn(session.id, number, tuple(messages)) for number, messages in by_turn)
        return Stretch(session, kept, session.mark, chosen[-1].ids[-1])

    def numbers(self, session_id: int, *, within: int | None, asking: str) -> list[int]:
        """Of the turns that `stretch` would give, all of them: their numbers alone."""
        session = self._transcripts.session(session_id)
        return [whole.number for whole in self._whole(session, within, asking) if whole.learn]

    def learnable(self, session_id: int) -> bool:
        """Whether any message after the mark may be learned from."""
        return bool(self._database.number(_LEARNABLE, session_id))

    def unmoved(self, stretch: Stretch) -> bool:
        """Whether the session's mark is where it was when the stretch was read, and its end still on the path."""
        mark = self._database.column("SELECT consolidated_to FROM sessions WHERE id = ?", stretch.session.id)
        on_path = self._database.number(_ON_PATH, stretch.session.id, stretch.up_to)
        return mark == [stretch.mark] and bool(on_path)

    def held(self, session_id: int, asking: str) -> bool:
        """Whether a living process has it open, also that of `asking`."""
        opened_by, opened_at = self._database.rows(_HOLDER, session_id)[0]
        return claims.held(opened_by, opened_at, asking)

    def _whole(self, session: Session, within: int | None, asking: str) -> Iterator[_Whole]:
        """The new turns that are whole, oldest first.

        The newest is not while its reply is on the way: its message stands alone, and somebody has the session open.
        """
        rows = self._database.rows(_NEW + _MESSAGES, session.id, session.mark)
        groups = [list(group) for _, group in groupby(rows, key=lambda row: row[0])]
        if groups and len(groups[-1]) == 1 and groups[-1][0][3] == Role.USER and self.held(session.id, asking):
            groups.pop()
        for group in groups:
            if within is None or group[0][1] <= within:
                yield _whole_of(group)


def _whole_of(group: list[Row]) -> _Whole:
    """The messages of one turn: `turn, turns, id, role, learn` each."""
    opens = group[0]
    return _Whole(opens[0], tuple(row[2] for row in group), learn=opens[3] == Role.USER and bool(opens[4]))
