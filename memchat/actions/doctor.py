"""What memchat doctor looks at: the database file, and work for later that is not done; with remedies."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from memchat.actions import work
from memchat.actions.work import AGAIN, Work
from memchat.domain import JobStatus
from memchat.errors import ConfigError
from memchat.ports import ChatModel, Store

if TYPE_CHECKING:
    from memchat.chat.consolidating import Consolidator, Done


@dataclass(frozen=True, slots=True)
class Database:
    """The file, and its size in bytes with its journal; None when there is no file."""

    path: Path
    size: int | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A job that is not done. `remedy` is the command that helps, or a sentence with it; empty while it is under way.

    `left` where whoever was doing it is gone.
    """

    work: Work
    remedy: str
    left: bool = False


def database(path: Path) -> Database:
    """The file at `path`, which is not opened and not made."""
    if not path.exists():
        return Database(path, None)
    files = (path, path.with_name(f"{path.name}-wal"))
    return Database(path, sum(file.stat().st_size for file in files if file.exists()))


def unfinished(store: Store, model_for: Callable[[str, str], ChatModel], owner: str, now: datetime) -> list[Finding]:
    """Jobs that wait, failed or are being done, oldest first.

    Where one has to wait because of its model, `model_for` is asked what is missing.
    """
    jobs = store.jobs.listing()
    free = {job.id for job in store.jobs.takeable(owner, now)}
    return [_finding(work.about(store, job), model_for, free=job.id in free) for job in jobs]


def _finding(found: Work, model_for: Callable[[str, str], ChatModel], *, free: bool) -> Finding:
    """`free` where the job could be taken now: one that runs all the same was left."""
    job = found.job
    if job.status is JobStatus.RUNNING:
        return Finding(found, AGAIN if free else "", left=free)
    if job.status is JobStatus.WAITING and job.error:
        try:
            model_for(job.model, job.host)
        except ConfigError as error:
            return Finding(found, error.hint)
    return Finding(found, AGAIN)


def retry(consolidator: "Consolidator", now: datetime) -> "Iterator[tuple[Work, Done]]":
    """Do now whatever failed or waits, and tell of each as it is over. Raises StoreError."""
    consolidator.store.jobs.retry(now)
    return work.do(consolidator)
