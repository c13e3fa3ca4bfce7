"""What memchat doctor looks at: the database file, the index, and work for later that is not done; with remedies."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from memchat.actions import work
from memchat.actions.work import AGAIN, Work
from memchat.domain import IndexHealth, JobStatus
from memchat.errors import ConfigError, StoreError
from memchat.ports import ChatModel, Embedder, Store

if TYPE_CHECKING:
    from memchat.chat.consolidating import Consolidator, Done

# What has no vectors is counted up to here: each costs a look at its text.
COUNTED = 1_000
# Texts of one step: some ten milliseconds with the bundled embedder, one request with another.
BATCH = 64


@dataclass(frozen=True, slots=True)
class Database:
    """The file, and its size in bytes with its journal; None when there is no file."""

    path: Path
    size: int | None


@dataclass(frozen=True, slots=True)
class Findable:
    """How past words are found. `embedder` is empty where words alone are searched, `trouble` why, if not by choice.

    `health` is None where it cannot be checked, for the reason in `unchecked`. `unembedded` counts what has no vectors
    by the embedder yet, up to `COUNTED`; None where that cannot be told.
    """

    health: IndexHealth | None
    embedder: str = ""
    host: str = ""
    unembedded: int | None = None
    trouble: str = ""
    unchecked: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A job that is not done. `remedy` is the command that helps, or a sentence with it; empty while it is under way.

    `left` where whoever was doing it is gone.
    """

    work: Work
    remedy: str
    left: bool = False


def database(path: Path) -> Database:
    """The file at `path`, which is not opened and not made. Raises StoreError where nobody can look, or a link ends."""
    files = (path, path.with_name(f"{path.name}-wal"))
    try:
        if not path.is_symlink() and not path.exists():
            return Database(path, None)
        return Database(path, sum(file.stat().st_size for file in files if file == path or file.exists()))
    except FileNotFoundError:
        raise StoreError(f"{path} is a link that leads to no file.", "Remove the link.") from None
    except OSError as error:
        raise StoreError(f"{path} cannot be looked at ({error.strerror}).", "Choose another with --db.") from error


def index(store: Store, embedder: Embedder | None, trouble: str = "") -> Findable:
    """Whether the index is whole, and what it still lacks. Reads all of it."""
    health, unchecked, bare = None, "", None
    try:
        health = store.index.health()
        # Only the first answer of some tells how long their vectors are; and where tables are missing, all are.
        if embedder is not None and embedder.dim and not health.missing:
            bare = len(store.index.unembedded(embedder.name, embedder.dim, COUNTED))
    except StoreError as error:  # a damaged file, or one that can only be read, is no reason to look at nothing else
        unchecked = error.message
    if embedder is None:
        return Findable(health, trouble=trouble, unchecked=unchecked)
    return Findable(health, embedder.name, embedder.host, bare, trouble, unchecked)


def reindex(store: Store, progress: Callable[[int, int], None]) -> None:
    """Build the index anew, or go on where that was stopped; `progress` hears how many messages are done, of how many.

    Whatever stops it, what is done stays. Raises StoreError.
    """
    health = store.index.health()
    if health.sound and health.waiting:
        store.index.resume(progress)
    else:
        store.index.rebuild(progress)


def embed(store: Store, embedder: Embedder, progress: Callable[[int], None]) -> int:
    """Give all that has none its vectors; returns to how many, which `progress` hears as it goes.

    Raises StoreError, EmbeddingError; what is done stays.
    """
    embedder.warm()
    if not embedder.dim:
        embedder.embed(["memchat"])
    done = 0
    while listed := store.index.unembedded(embedder.name, embedder.dim, BATCH):
        vectors = iter(embedder.embed([text for one in listed for text in one.texts]))
        kept = store.index.embed(
            embedder.name, embedder.dim, [(one, [next(vectors) for _ in one.texts]) for one in listed]
        )
        if not kept:  # all of it was changed or erased meanwhile; the next look would find no other
            break
        done += kept
        progress(done)
    return done


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
