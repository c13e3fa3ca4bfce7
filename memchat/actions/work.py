"""Work for later as people see it: what a job is about, and doing jobs now, one after the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from memchat.domain import Job, Session, turn_ref
from memchat.ports import Store

if TYPE_CHECKING:
    from memchat.chat.consolidating import Consolidator, Done

# More turns than anybody has: a job's stretches are asked for whole.
ALL_TURNS = 1_000_000
# The command that does now whatever failed or waits.
AGAIN = "memchat doctor --retry"


@dataclass(frozen=True, slots=True)
class Work:
    """A job, the conversation it is about (None for one-shots), and its turns still to be taken in, oldest first."""

    job: Job
    session: Session | None
    turns: tuple[tuple[int, int], ...]  # session and number

    @property
    def refs(self) -> tuple[str, ...]:
        """The turns as people name them: `s17.4`."""
        return tuple(turn_ref(*place) for place in self.turns)


def about(store: Store, job: Job) -> Work:
    """What a job is about, as things stand now; no words are read for it."""
    return of(store, job, store.jobs.places(job))


def of(store: Store, job: Job, turns: Sequence[tuple[int, int]]) -> Work:
    """A job with the turns that it was found to be about."""
    session = None if job.session_id is None else store.transcripts.session(job.session_id)
    return Work(job, session, tuple(turns))


def do(consolidator: "Consolidator", *, session_id: int | None = None) -> Iterator[tuple[Work, "Done"]]:
    """Do what is due, and tell of each job as it is over: what it was about, and what came of it.

    With `session_id` that conversation's only, due or not. A job that must wait is tried once. Raises StoreError;
    Ctrl-C leaves the job under way to be done later.
    """
    from memchat.chat.consolidating import Fate

    store = consolidator.store
    jobs = [job for job in store.jobs.listing() if session_id in (None, job.session_id)]
    open_ = {job.id: about(store, job) for job in jobs}
    tried: set[int] = set()
    while done := consolidator.run_one(
        lambda: False, session_id=session_id, early=session_id is not None, passing=tried
    ):
        after = about(store, done.job)
        work = open_.get(done.job.id, after)
        open_[done.job.id] = after
        if done.fate is not Fate.DONE:
            yield work, done
            if not done.at_once:
                tried.add(done.job.id)
            continue
        yield replace(work, turns=tuple(place for place in work.turns if place not in set(after.turns))), done


def told(store: Store, all_done: "Sequence[Done]") -> None:
    """What was learned here has been told, so that the next chat need not; unless there is more that it must tell."""
    shown = {change.memory.id for done in all_done if done.kept for change in done.kept.learned}
    untold = [memory.id for memory in store.memories.untold()]
    if untold and shown.issuperset(untold):
        store.memories.told(untold[-1])
