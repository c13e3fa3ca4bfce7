"""Work for later: who does it, under which lease, and what came of it."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from memchat.domain import Job, JobKind, JobStatus, Stretch
from memchat.store import claims
from memchat.store.database import Database, Row
from memchat.store.enqueue import Enqueueing
from memchat.store.moments import from_columns, to_columns, to_text
from memchat.store.stretches import NewTurns
from memchat.store.transcripts import SessionTranscripts
from memchat.store.uids import new_uid

# A call with its retries takes minutes; whoever holds a job longer was suspended, or is no longer there to ask.
_LEASE = timedelta(minutes=30)

_SELECT = """
    SELECT j.id, j.kind, j.status, j.session_id, j.up_to, coalesce(s.model, j.model), coalesce(s.host, j.host),
        j.attempts, j.error, j.not_before, j.created_at, j.created_offset, j.lease_number, j.lease_owner, j.result
    FROM jobs j LEFT JOIN sessions s ON s.id = j.session_id
"""
_AMONG = "(?1 IS NULL OR session_id = ?1) AND id NOT IN (SELECT value FROM json_each(?2))"
_RUNNING = f"""
    SELECT id, lease_owner, leased_at, lease_until FROM jobs WHERE status = 'running' AND {_AMONG}
    ORDER BY not_before, id
"""  # noqa: S608 - pieces of our own
# The newest conversations first, for they open the next one; one-shots, of which only facts are wanted, last.
_NEXT = f"""
    SELECT id FROM jobs WHERE status = 'waiting' AND not_before <= ?3 AND {_AMONG}
    ORDER BY session_id IS NULL, session_id DESC, id LIMIT ?4
"""  # noqa: S608 - pieces of our own
_ANY_DUE = "SELECT EXISTS (SELECT 1 FROM jobs WHERE status = 'waiting' AND not_before <= ?)"
_TAKE = """
    UPDATE jobs SET status = 'running', lease_owner = ?1, lease_number = lease_number + 1, leased_at = ?2,
        lease_until = ?3, erasure_epoch = (SELECT value FROM meta WHERE name = 'erasure_epoch')
    WHERE id = ?4
"""
_IF_HELD = " WHERE id = ? AND lease_number = ? AND status = 'running'"
_LET_GO = "lease_owner = '', leased_at = NULL, lease_until = NULL"
_HOLDS = f"""
    SELECT count(*) FROM jobs {_IF_HELD}
        AND erasure_epoch = (SELECT value FROM meta WHERE name = 'erasure_epoch')
"""  # noqa: S608 - pieces of our own
_WITH_STATUS = "WHERE j.status IN (SELECT value FROM json_each(?)) ORDER BY j.id"
_WANTED = "JOIN json_each(?) wanted ON wanted.value = j.id ORDER BY wanted.key"
# One-shots belong to a job whole, or not yet.
_ONESHOT_SESSIONS = """
    SELECT id FROM sessions
    WHERE model = ? AND host = ? AND leaf <= ?
        AND kind = 'oneshot' AND learn = 1 AND leaf IS NOT NULL AND consolidated_to IS NOT leaf
    ORDER BY leaf
"""
_PATH_TO = "SELECT turns FROM messages WHERE id = ?"
_ALL = -1  # SQLite's word for no limit
_NO_END = "~"  # sorts after every date


class _Only(NamedTuple):
    """Which jobs are looked at: one session's, if it is named, and none of those in a JSON list of ids."""

    session_id: int | None
    passing: str


class SqliteJobs(Enqueueing):
    """The rows of `jobs`. Whoever lost the lease changes nothing any more."""

    def __init__(self, database: Database, transcripts: SessionTranscripts) -> None:
        super().__init__(database, NewTurns(database, transcripts))

    def lease(
        self,
        owner: str,
        at: datetime,
        *,
        session_id: int | None = None,
        early: bool = False,
        passing: Collection[int] = (),
    ) -> Job | None:
        """As `ports.Jobs.lease`, in one transaction."""
        with self._database.transaction():
            only = _Only(session_id, json.dumps([*passing]))
            job_id = next(self._takeable(owner, at, only, early=early, most=1), None)
            if job_id is None:
                return None
            # Whether the owner lives is asked of the computer, so the computer's own time goes with it.
            now, until = to_text(datetime.now(UTC)), to_text(at + _LEASE)
            self._database.rows(_TAKE, owner, now, until, job_id)
            return _job(self._database.rows(_SELECT + "WHERE j.id = ?", job_id)[0])

    def takeable(self, owner: str, at: datetime, *, session_id: int | None = None, early: bool = False) -> list[Job]:
        """What `lease` would give, one after the other, if each were done; nothing is taken, nothing locked."""
        ids = [*self._takeable(owner, at, _Only(session_id, "[]"), early=early, most=_ALL)]
        return [_job(row) for row in self._database.rows(_SELECT + _WANTED, json.dumps(ids))]

    def any_due(self, at: datetime) -> bool:
        """Whether a job waits that is due at `at`."""
        return bool(self._database.number(_ANY_DUE, to_text(at)))

    def sending(self, job: Job, host: str, at: datetime) -> None:
        """Write down, before the call, where the words go; nothing when they stay in this process."""
        if host:
            self._database.rows(
                "INSERT INTO sendings (uid, host, at, at_offset) VALUES (?, ?, ?, ?)",
                *(new_uid(at), host, *to_columns(at)),
            )

    def stretches(self, job: Job, turns: int) -> list[Stretch]:
        """The new turns that a job is about, the oldest `turns` at most; of one-shots several sessions'.

        Empty when nothing is left to do. Stretches without a turn that may be learned from only move the mark.
        """
        return list(self._stretches(job, turns))

    def places(self, job: Job) -> list[tuple[int, int]]:
        """Session and number of each turn that a job is to learn from, oldest first; their words are not read."""
        return [
            (session_id, number)
            for session_id, within in self._sessions(job)
            for number in self._new_turns.numbers(session_id, within=within, asking=job.lease_owner)
        ]

    def holds(self, job: Job, stretches: Sequence[Stretch]) -> bool:
        """Whether the lease still counts, nothing was erased since, and every stretch is as it was read."""
        leased = self._database.number(_HOLDS, job.id, job.lease_number)
        return bool(leased) and all(self._new_turns.unmoved(stretch) for stretch in stretches)

    def advance(self, stretches: Sequence[Stretch]) -> None:
        """Move the marks of these sessions to the ends of their stretches."""
        with self._database.transaction():
            for stretch in stretches:
                self._database.rows(
                    "UPDATE sessions SET consolidated_to = ? WHERE id = ?", stretch.up_to, stretch.session.id
                )

    def finish(self, job: Job, at: datetime, result: Mapping[str, Any]) -> None:
        """It is done, unless new turns are left for it: then it waits again, and is due."""
        with self._database.transaction():
            left = next(self._stretches(job, 1), None) is not None
            status = JobStatus.WAITING if left else JobStatus.DONE
            self._close(
                job,
                "status = ?, not_before = ?, attempts = 0, error = '', result = ?",
                *(status, to_text(at), json.dumps(dict(result))),
            )

    def put_back(self, job: Job, error: str, not_before: datetime, *, tried: bool) -> None:
        """It waits until `not_before`, for the reason given; `tried` counts an attempt."""
        self._close(
            job,
            "status = 'waiting', error = ?, not_before = ?, attempts = attempts + ?",
            *(error, to_text(not_before), int(tried)),
        )

    def fail(self, job: Job, error: str) -> None:
        """It is given up until somebody asks for it, or more is said; counts an attempt."""
        self._close(job, "status = 'failed', error = ?, attempts = attempts + 1", error)

    def retry(self, at: datetime, session_id: int | None = None) -> int:
        """As `ports.Jobs.retry`."""
        return self._database.run(
            "UPDATE jobs SET status = 'waiting', not_before = ?1, attempts = 0, error = ''"
            " WHERE status IN ('failed', 'waiting') AND (?2 IS NULL OR session_id = ?2)",
            *(to_text(at), session_id),
        )

    def listing(
        self, statuses: Sequence[JobStatus] = (JobStatus.WAITING, JobStatus.RUNNING, JobStatus.FAILED)
    ) -> list[Job]:
        """Jobs of these statuses, oldest first."""
        wanted = json.dumps([str(status) for status in statuses])
        return [_job(row) for row in self._database.rows(_SELECT + _WITH_STATUS, wanted)]

    def _takeable(self, owner: str, at: datetime, only: _Only, *, early: bool, most: int) -> Iterator[int]:
        """What somebody left undone, though it runs: its lease is over, or its owner gone, or asking; then what waits.

        Of that `most`, and with `early` also what waits for a later moment.
        """
        for job_id, holder, since, until in self._database.rows(_RUNNING, *only):
            if until <= to_text(at) or not claims.holds(holder, since, owner):
                yield job_id
        yield from self._database.column(_NEXT, *only, _NO_END if early else to_text(at), most)

    def _stretches(self, job: Job, turns: int) -> Iterator[Stretch]:
        """One after the other, as they are asked for; the job's end as it is now."""
        for session_id, within in self._sessions(job):
            stretch = self._new_turns.stretch(session_id, turns, within=within, asking=job.lease_owner)
            if stretch is None:
                continue
            yield stretch
            turns -= len(stretch.turns)
            if turns <= 0:
                return

    def _sessions(self, job: Job) -> list[tuple[int, int | None]]:
        """The sessions of a job, and how long their paths are as far as it goes; None: as long as they are."""
        up_to = self._up_to(job)
        if job.session_id is None:
            return [(number, None) for number in self._database.column(_ONESHOT_SESSIONS, job.model, job.host, up_to)]
        return [(job.session_id, turns) for turns in self._database.column(_PATH_TO, up_to)]

    def _close(self, job: Job, changes: str, *values: object) -> None:
        """End the lease with these changes, if it still counts."""
        self._database.rows(f"UPDATE jobs SET {changes}, {_LET_GO}{_IF_HELD}", *values, job.id, job.lease_number)  # noqa: S608 - ours


def _job(row: Row) -> Job:
    """A row of `_SELECT` as a value; moments with the offset that was local when the job was made."""
    return Job(
        id=row[0],
        kind=JobKind(row[1]),
        status=JobStatus(row[2]),
        session_id=row[3],
        up_to=row[4],
        model=row[5],
        host=row[6],
        attempts=row[7],
        error=row[8],
        not_before=from_columns(row[9], row[11]),
        created_at=from_columns(row[10], row[11]),
        lease_number=row[12],
        lease_owner=row[13],
        result=json.loads(row[14]),
    )
