"""When work for later comes to be: enough new turns, a conversation that was left, what a crash left behind."""

from dataclasses import dataclass
from datetime import datetime

from memchat.domain import Job, JobKind, JobStatus, SessionKind
from memchat.store import claims
from memchat.store.database import Database
from memchat.store.moments import to_columns, to_text
from memchat.store.stretches import NewTurns
from memchat.store.uids import new_uid

# The length of the active path, and how much of it is behind the mark.
_STATE = """
    SELECT s.kind, s.model, s.host, s.leaf, l.turns, coalesce(k.turns, 0)
    FROM sessions s JOIN messages l ON l.id = s.leaf LEFT JOIN messages k ON k.id = s.consolidated_to
    WHERE s.id = ? AND s.learn = 1
"""
_OPEN = (
    "SELECT j.id, j.status, j.up_to, m.turns FROM jobs j JOIN messages m ON m.id = j.up_to WHERE j.status <> 'done' "
)
_OF_SESSION = "AND j.session_id = ? AND j.kind = 'consolidate'"
_OF_ONESHOTS = "AND j.session_id IS NULL AND j.model = ? AND j.host = ? AND j.kind = 'oneshots'"
# The same words as in the partial indexes, or SQLite would not use them.
_TO_LEARN = "learn = 1 AND leaf IS NOT NULL AND consolidated_to IS NOT leaf"
# One-shots that were answered after message ?3: how many turns of them are new, counted up to ?4.
_GATHERED = f"""
    SELECT sum(turns), max(leaf) FROM (
        SELECT s.leaf, l.turns - coalesce(k.turns, 0) AS turns
        FROM (SELECT leaf, consolidated_to FROM sessions
              WHERE kind = 'oneshot' AND {_TO_LEARN} AND model = ?1 AND host = ?2 AND leaf > ?3 ORDER BY leaf DESC) s
        JOIN messages l ON l.id = s.leaf AND l.role <> 'user' LEFT JOIN messages k ON k.id = s.consolidated_to
        LIMIT ?4)
"""  # noqa: S608 - pieces of our own
_CHATS = f"""
    SELECT s.id, s.leaf, s.opened_by, s.opened_at FROM sessions s
    WHERE s.id < ? AND s.kind = 'chat' AND {_TO_LEARN} AND NOT EXISTS (
        SELECT 1 FROM jobs j WHERE j.session_id = s.id AND j.kind = 'consolidate' AND j.status <> 'done'
            AND j.up_to = s.leaf)
    ORDER BY s.id DESC LIMIT ?
"""  # noqa: S608 - pieces of our own
_ONESHOTS = f"""
    SELECT model, host, leaf, opened_by, opened_at FROM sessions INDEXED BY oneshots_to_learn
    WHERE kind = 'oneshot' AND {_TO_LEARN} ORDER BY model, host, leaf
"""  # noqa: S608 - pieces of our own
_INSERT = """
    INSERT INTO jobs (uid, kind, session_id, up_to, model, host, erasure_epoch, not_before, created_at, created_offset)
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, value, ?7, ?7, ?8 FROM meta WHERE name = 'erasure_epoch'
"""
# What runs is not broken off: it looks at `up_to` again when it is done. What failed is worth another try.
_MOVE = """
    UPDATE jobs SET up_to = ?1, not_before = ?2, status = iif(status = 'failed', 'waiting', status),
        attempts = iif(status = 'failed', 0, attempts), error = iif(status = 'failed', '', error)
    WHERE id = ?3
"""
# A sweep over thousands of sessions lets others write in between.
_AT_ONCE = 100
_NEWEST = 2**63 - 1  # no session has a larger number


@dataclass(frozen=True, slots=True)
class _OpenJob:
    """A job that is not done, and the length of the path up to where it goes."""

    id: int
    status: JobStatus
    up_to: int
    turns: int


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a job is to be about."""

    kind: JobKind
    session_id: int | None
    model: str = ""
    host: str = ""


class Enqueueing:
    """Makes jobs, or moves those there are; never two for the same turns."""

    def __init__(self, database: Database, new_turns: NewTurns) -> None:
        self._database = database
        self._new_turns = new_turns

    def enqueue_due(self, session_id: int, turns: int, at: datetime) -> bool:
        """Enqueue when `turns` new turns have gathered in that session, or in all one-shots together; whether it did.

        Where a job waits, runs or has failed, those after it are counted. Part of the transaction that saves a turn.
        """
        state = self._database.row(_STATE, session_id)
        if state is None:
            return False
        kind, model, host, leaf, length, learned = state
        if kind == SessionKind.ONESHOT:
            return self._gathered(_Wanted(JobKind.ONESHOTS, None, model, host), turns, at)
        if length - learned < turns:
            return False
        wanted = _Wanted(JobKind.CONSOLIDATE, session_id)
        with self._database.transaction():
            job = self._open(wanted)
            if job is not None and length - max(learned, job.turns) < turns:
                return False
            self._put(wanted, job, leaf, at)
        return True

    def enqueue_left(self, session_id: int, at: datetime) -> bool:
        """The conversation was left: enqueue whatever may be learned from in it; whether there was anything.

        One-shots are for the next sweep. What has failed, and nothing was said since, is not tried again.
        """
        with self._database.transaction():
            state = self._database.row(_STATE, session_id)
            if state is None or state[0] != SessionKind.CHAT or not self._new_turns.learnable(session_id):
                return False
            wanted, leaf = _Wanted(JobKind.CONSOLIDATE, session_id), state[3]
            job = self._open(wanted)
            if job is None or job.up_to != leaf:
                self._put(wanted, job, leaf, at)
                return True
            return job.status is not JobStatus.FAILED

    def sweep(self, owner: str, at: datetime, *, most: int | None = None) -> int:
        """Enqueue what a crash or a closed window left, and the one-shots: how many jobs.

        Of conversations the newest `most`; the others are for a later sweep. Left alone are sessions that a living
        other owner, or `owner`, holds open, and stretches that have failed or are enqueued already. Turns that may not
        be learned from are passed over here.
        """
        oneshots, chats, last = self._sweep_oneshots(owner, at), 0, _NEWEST
        while True:
            with self._database.transaction():
                found = self._database.rows(_CHATS, last, _AT_ONCE)
                for session_id, leaf, opened_by, opened_at in found:
                    if chats == most:
                        return oneshots + chats
                    if not claims.held(opened_by, opened_at, owner):
                        chats += self._sweep_chat(session_id, leaf, at)
            if len(found) < _AT_ONCE:
                return oneshots + chats
            last = found[-1][0]

    def _sweep_chat(self, session_id: int, leaf: int, at: datetime) -> bool:
        """One conversation that nobody has open; whether a job came of it."""
        if not self._new_turns.learnable(session_id):
            self._database.rows("UPDATE sessions SET consolidated_to = ? WHERE id = ?", leaf, session_id)
            return False
        wanted = _Wanted(JobKind.CONSOLIDATE, session_id)
        self._put(wanted, self._open(wanted), leaf, at)
        return True

    def _sweep_oneshots(self, owner: str, at: datetime) -> int:
        """The one-shots of each model and host; how many jobs came of them."""
        made = 0
        with self._database.transaction():
            newest = {
                (model, host): leaf
                for model, host, leaf, opened_by, opened_at in self._database.rows(_ONESHOTS)
                if not claims.held(opened_by, opened_at, owner)
            }
            for (model, host), leaf in newest.items():
                wanted = _Wanted(JobKind.ONESHOTS, None, model, host)
                job = self._open(wanted)
                if job is None or job.up_to < leaf:
                    self._put(wanted, job, leaf, at)
                    made += 1
        return made

    def _gathered(self, wanted: _Wanted, turns: int, at: datetime) -> bool:
        """Enqueue the one-shots of one model and host when `turns` of them have come since the last job."""
        with self._database.transaction():
            job = self._open(wanted)
            row = self._database.rows(_GATHERED, wanted.model, wanted.host, job.up_to if job else 0, turns)[0]
            if (row[0] or 0) < turns:
                return False
            self._put(wanted, job, row[1], at)
        return True

    def _up_to(self, job: Job) -> int | None:
        """Where a job goes: as far as it did when it was read, or further if more was said since.

        It may be done by now, or have been made, or moved on, in a transaction that was rolled back.
        """
        found = self._open(_Wanted(job.kind, job.session_id, job.model, job.host))
        return max((end for end in (job.up_to, found and found.up_to) if end), default=None)

    def _open(self, wanted: _Wanted) -> _OpenJob | None:
        """The job for it that is not done; there is one at most."""
        if wanted.session_id is None:
            row = self._database.row(_OPEN + _OF_ONESHOTS, wanted.model, wanted.host)
        else:
            row = self._database.row(_OPEN + _OF_SESSION, wanted.session_id)
        return None if row is None else _OpenJob(row[0], JobStatus(row[1]), row[2], row[3])

    def _put(self, wanted: _Wanted, job: _OpenJob | None, up_to: int, at: datetime) -> None:
        """A new job, or the one there is moved on and made due."""
        if job is not None:
            self._database.rows(_MOVE, up_to, to_text(at), job.id)
            return
        about = (wanted.kind, wanted.session_id, up_to, wanted.model, wanted.host)
        self._database.rows(_INSERT, new_uid(at), *about, *to_columns(at))
