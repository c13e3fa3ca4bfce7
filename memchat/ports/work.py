"""What the core asks of the list of work for later."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from memchat.domain import Job, JobStatus, Stretch


class Jobs(Protocol):
    """Work for later, leased by number: whoever lost the lease can no longer write."""

    def enqueue_due(self, session_id: int, turns: int, at: datetime) -> bool:
        """Enqueue when `turns` new turns have gathered in that session, or in all one-shots together; whether it did.

        Part of the transaction that saves a turn.
        """
        ...

    def enqueue_left(self, session_id: int, at: datetime) -> bool:
        """The conversation was left: enqueue whatever may be learned from in it; whether there was anything."""
        ...

    def sweep(self, owner: str, at: datetime, *, most: int | None = None) -> int:
        """Enqueue what a crash or a closed window left, and the one-shots: how many jobs.

        Of conversations the newest `most`; the others are for a later sweep. Left alone are sessions that a living
        other owner, or `owner`, holds open, and stretches that have failed. It is many transactions, so that others
        can write in between.
        """
        ...

    def lease(
        self,
        owner: str,
        at: datetime,
        *,
        session_id: int | None = None,
        early: bool = False,
        passing: Collection[int] = (),
    ) -> Job | None:
        """Take a job that is due at `at`, or whose lease has run out or whose owner is dead; None without one.

        What somebody left undone comes first, then the newest conversation, one-shots last.

        With `session_id` that session's only; `early` takes what waits for a later moment too. Jobs in `passing` are
        left alone.
        """
        ...

    def takeable(self, owner: str, at: datetime, *, session_id: int | None = None, early: bool = False) -> list[Job]:
        """What `lease` would give, one after the other, if each were done; nothing is taken, nothing locked."""
        ...

    def any_due(self, at: datetime) -> bool:
        """Whether a job waits that is due at `at`."""
        ...

    def sending(self, job: Job, host: str, at: datetime) -> None:
        """Write down, before the call, where the words go."""
        ...

    def stretches(self, job: Job, turns: int) -> list[Stretch]:
        """The new turns that a job is about, the oldest `turns` at most; of one-shots several sessions'.

        Empty when nothing is left to do. Stretches without a turn that may be learned from only move the mark.
        """
        ...

    def places(self, job: Job) -> list[tuple[int, int]]:
        """Session and number of each turn that a job is to learn from, oldest first; their words are not read.

        As `stretches` also of a job that was made and found in a transaction that was rolled back since.
        """
        ...

    def holds(self, job: Job, stretches: Sequence[Stretch]) -> bool:
        """Whether the lease still counts, nothing was erased since, and every stretch is as it was read."""
        ...

    def advance(self, stretches: Sequence[Stretch]) -> None:
        """Move the marks of these sessions to the ends of their stretches."""
        ...

    def finish(self, job: Job, at: datetime, result: Mapping[str, Any]) -> None:
        """It is done, unless new turns are left for it: then it waits again, and is due. Clears failed jobs it covers.

        Does nothing when the lease is lost, as do the next two.
        """
        ...

    def put_back(self, job: Job, error: str, not_before: datetime, *, tried: bool) -> None:
        """It waits until `not_before`, for the reason given; `tried` counts an attempt."""
        ...

    def fail(self, job: Job, error: str) -> None:
        """It is given up until somebody asks for it (`memchat doctor --retry`)."""
        ...

    def retry(self, at: datetime, session_id: int | None = None) -> int:
        """Failed jobs wait again and all that waits is due at once, for no reason any more: how many.

        With `session_id` that session's only.
        """
        ...

    def listing(
        self, statuses: Sequence[JobStatus] = (JobStatus.WAITING, JobStatus.RUNNING, JobStatus.FAILED)
    ) -> list[Job]:
        """Jobs of these statuses, oldest first."""
        ...
