"""Sessions as rows: born, named, listed, and held open by one process at a time."""

import json
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime

from memchat.domain import Session, SessionKind
from memchat.errors import NotFoundError, SessionBusyError
from memchat.store import claims, moments
from memchat.store.database import Database, Row
from memchat.store.labels import Labels
from memchat.store.uids import new_uid

_SELECT = """
    SELECT s.id, s.uid, s.kind, s.title, s.name, s.summary, s.topics, s.created_at, s.created_offset, s.last_at,
        s.last_offset, s.model, s.host, coalesce(l.turns, 0), s.learn, s.leaf, s.consolidated_to
    FROM sessions s LEFT JOIN messages l ON l.id = s.leaf
"""
_NEWEST = """
    WHERE s.leaf IS NOT NULL AND s.kind IN (SELECT value FROM json_each(?1))
    ORDER BY s.last_at DESC, s.id DESC LIMIT ?2 OFFSET ?3
"""
# A conversation may be open in several terminals; who answers in it now stands in `meta`, as a claim does.
_ANSWERING = "answering.{}"
_INSERT = """
    INSERT INTO sessions (uid, kind, name, name_key, model, host, learn, created_at, created_offset, last_at,
        last_offset) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?8, ?9)
"""


class Sessions:
    """The rows of `sessions`. Methods that take an id raise NotFoundError when there is no such session."""

    def __init__(self, database: Database, labels: Labels) -> None:
        self._database = database
        self._labels = labels

    def create_session(
        self, kind: SessionKind, *, at: datetime, model: str, host: str, learn: bool, name: str = ""
    ) -> Session:
        """A new, empty session. Raises SessionBusyError when another one got that name just before."""
        with self._database.transaction():
            if name and self.session_named(name) is not None:
                raise SessionBusyError(
                    f'A session named "{name}" was started in another terminal a moment ago.',
                    "Choose another name, or leave it there first.",
                )
            values = (new_uid(at), kind, name, name_key(name), model, host, int(learn), *moments.to_columns(at))
            return self.session(self._database.insert(_INSERT, *values))

    def session(self, session_id: int) -> Session:
        """The session."""
        row = self._database.row(_SELECT + "WHERE s.id = ?", session_id)
        if row is None:
            raise _missing(session_id)
        return _session(row)

    def session_named(self, name: str) -> Session | None:
        """The session with this name; case and width are ignored."""
        row = self._database.row(_SELECT + "WHERE s.name_key = ? AND s.name_key <> ''", name_key(name))
        return None if row is None else _session(row)

    def sessions(
        self,
        *,
        kinds: Sequence[SessionKind] = (SessionKind.CHAT,),
        limit: int | None = None,
        skip: int = 0,
    ) -> list[Session]:
        """Sessions that hold a turn, newest activity first, without the first `skip` of them."""
        wanted = json.dumps([str(kind) for kind in kinds])
        found = self._database.rows(_SELECT + _NEWEST, wanted, -1 if limit is None else limit, skip)
        return [_session(row) for row in found]

    def rename(self, session_id: int, title: str) -> None:
        """Give it a title by hand, which no later one made by code replaces; an empty one leaves it to code again."""
        with self._labels.changing(session_id):
            self._update(session_id, "UPDATE sessions SET title = ?1, title_by_hand = (?1 <> '') WHERE id = ?2", title)

    def entitle(self, session_id: int, title: str) -> None:
        """Give it a title made by code or a model, unless it has one by hand."""
        with self._labels.changing(session_id):
            self._update(session_id, "UPDATE sessions SET title = iif(title_by_hand, title, ?) WHERE id = ?", title)

    def summarise(self, session_id: int, summary: str, topics: Sequence[str]) -> None:
        """Write down its summary and topics; a blank one is none."""
        told = json.dumps([topic for topic in topics if topic.strip()], ensure_ascii=False)
        with self._labels.changing(session_id):
            self._update(session_id, "UPDATE sessions SET summary = ?, topics = ? WHERE id = ?", summary, told)

    def set_model(self, session_id: int, model: str, host: str) -> None:
        """Record which model and host it goes to from now on."""
        self._update(session_id, "UPDATE sessions SET model = ?, host = ? WHERE id = ?", model, host)

    def claim(self, session_id: int, owner: str) -> bool:
        """Open it for `owner` (`host:pid:start`); False when a living other owner has it."""
        with self._database.transaction():
            if not self.free(session_id, owner):
                return False
            now = moments.to_text(datetime.now(UTC))
            self._update(session_id, "UPDATE sessions SET opened_by = ?, opened_at = ? WHERE id = ?", owner, now)
        return True

    def begin_turn(self, session_id: int, owner: str) -> bool:
        """Let `owner` answer in it, as the only one until `end_turn`; False while a living other owner does."""
        with self._database.transaction():
            if not self.answerable(session_id, owner):
                return False
            now = moments.to_text(datetime.now(UTC))
            self._database.rows(
                "INSERT OR REPLACE INTO meta VALUES (?, ?)", _ANSWERING.format(session_id), f"{owner} {now}"
            )
        return True

    def end_turn(self, session_id: int, owner: str) -> None:
        """`owner` is done; nothing happens when another answers."""
        self._database.rows(
            "DELETE FROM meta WHERE name = ? AND value GLOB ?", _ANSWERING.format(session_id), f"{owner} *"
        )

    def answerable(self, session_id: int, owner: str) -> bool:
        """Whether `owner` could begin a turn in it now."""
        found = self._database.column("SELECT value FROM meta WHERE name = ?", _ANSWERING.format(session_id))
        holder, _, since = str(found[0]).partition(" ") if found else ("", "", "")
        return not claims.holds(holder, since or None, owner)

    def release(self, session_id: int, owner: str) -> None:
        """Close it for `owner`; nothing happens when another has it."""
        self._database.rows(
            "UPDATE sessions SET opened_by = '', opened_at = NULL WHERE id = ? AND opened_by = ?", session_id, owner
        )

    def free(self, session_id: int, owner: str) -> bool:
        """Whether `owner` could claim it now."""
        row = self._database.row("SELECT opened_by, opened_at FROM sessions WHERE id = ?", session_id)
        if row is None:
            raise _missing(session_id)
        return not claims.holds(row[0], row[1], owner)

    def _leaf(self, session_id: int) -> int | None:
        """The newest message of its active path; each write asks for it, so nothing else is read."""
        found = self._database.column("SELECT leaf FROM sessions WHERE id = ?", session_id)
        if not found:
            raise _missing(session_id)
        leaf: int | None = found[0]
        return leaf

    def _update(self, session_id: int, sql: str, *values: object) -> None:
        """Change one session's row."""
        if not self._database.run(sql, *values, session_id):
            raise _missing(session_id)


def name_key(name: str) -> str:
    """What two spellings of one name share."""
    return unicodedata.normalize("NFKC", name).casefold()


def _missing(session_id: int) -> NotFoundError:
    """Said by every method that was asked for a session that is not there."""
    return NotFoundError(f"There is no session s{session_id}.", "memchat sessions list shows them.")


def _session(row: Row) -> Session:
    """A row of `_SELECT` as a value."""
    uid, kind, title, name, summary, topics = row[1:7]
    return Session(
        id=row[0],
        uid=uid,
        kind=SessionKind(kind),
        title=title,
        name=name,
        summary=summary,
        topics=tuple(json.loads(topics)),
        created_at=moments.from_columns(row[7], row[8]),
        last_at=moments.from_columns(row[9], row[10]),
        model=row[11],
        host=row[12],
        turns=row[13],
        learn=bool(row[14]),
        leaf=row[15],
        mark=row[16],
    )
