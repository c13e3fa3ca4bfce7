"""Learning from conversations now: what would be sent where and at what cost, and then doing it."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, cast

from memchat.actions import sessions, work
from memchat.actions.work import ALL_TURNS, Work
from memchat.domain import Job, Mode, Session, SessionKind, Stretch, Task, Turn, Usage
from memchat.errors import ConfigError, ContextWindowError, RefusedError, StoreError, UsageError
from memchat.memory import consolidate
from memchat.memory.context import request_limit
from memchat.memory.learning import Rules
from memchat.ports import ChatModel, Store, TokenCounter

if TYPE_CHECKING:
    from memchat.chat.consolidating import Consolidator, Done

# What one answer is taken to cost: a summary of at most 200 tokens, a title, topics and a few facts.
ANSWER_TOKENS = 400


@dataclass(frozen=True, slots=True)
class Estimator:
    """Finds out who would be asked, and what that costs.

    `model_for` and `counter_for` as the Consolidator has them; `price` gives US dollars, None where no price is known.
    """

    model_for: Callable[[str, str], ChatModel]
    counter_for: Callable[[ChatModel], TokenCounter]
    rules: Rules
    max_tokens: int
    price: Callable[[ChatModel, Usage], float | None]


@dataclass(frozen=True, slots=True)
class Planned:
    """What would be asked for one job: `model` at `host`, in `calls` requests of `tokens` tokens together.

    `cost` is in US dollars, None where no price is known. `error` and `hint` say why nobody can be asked as things are.
    """

    work: Work
    model: str
    host: str
    calls: int = 0
    tokens: int = 0
    cost: float | None = None
    error: str = ""
    hint: str = ""


class _LookedError(Exception):
    """Ends a transaction that was only there to look."""


def check(mode: Mode) -> None:
    """Raises RefusedError where memory is switched off."""
    if not mode.learns:
        raise RefusedError("Memory is off: nothing is summed up and nothing learned.", "To switch it on: memchat setup")


def named(store: Store, ref: str) -> Session:
    """The conversation to learn from. Raises NotFoundError, RefusedError (--no-learn), UsageError (a one-shot)."""
    session = sessions.get(store, ref)
    if session.kind is SessionKind.ONESHOT:
        raise UsageError(
            f"{session.ref} is one question of memchat ask; those are taken together.",
            "All of them: memchat memory learn",
        )
    if not session.learn:
        raise RefusedError(
            f"{session.ref} was held with --no-learn: nothing is learned from it.",
            "To keep one thing of it: memchat memory add TEXT",
        )
    return session


def plan(store: Store, session: Session | None, estimator: Estimator, owner: str, now: datetime) -> list[Planned]:
    """What there is to learn from, in all conversations or in one; nothing is changed.

    Left out is what another process is doing right now.
    """
    return [one for job in _ahead(store, session, owner, now) if (one := _planned(store, job, estimator, now))]


def not_begun(store: Store, owner: str, now: datetime) -> int:
    """How many jobs there would be besides those there are, of what a crash or a closed window left: none is made."""
    found = 0
    with contextlib.suppress(_LookedError, StoreError), store.transaction():  # StoreError: it can only be read
        found = store.jobs.sweep(owner, now)
        raise _LookedError
    return found


def _ahead(store: Store, session: Session | None, owner: str, now: datetime) -> list[Job]:
    """The jobs that there would be. They are made to look at them, and unmade; their words are not read meanwhile."""
    jobs: list[Job] = []
    number = None if session is None else session.id
    with contextlib.suppress(_LookedError), store.transaction():
        _enqueue(store, session, owner, now)
        jobs = store.jobs.takeable(owner, now, session_id=number, early=number is not None)
        raise _LookedError
    return [replace(job, lease_owner=owner) for job in jobs]  # as they will be read


def learn(
    consolidator: "Consolidator", session: Session | None, owner: str, now: datetime
) -> "Iterator[tuple[Work, Done]]":
    """Do it, and tell of each job as it is over. Raises StoreError."""
    _enqueue(consolidator.store, session, owner, now)
    return work.do(consolidator, session_id=None if session is None else session.id)


def _enqueue(store: Store, session: Session | None, owner: str, now: datetime) -> None:
    """Make everything due that is new or failed before."""
    if session is None:
        store.jobs.sweep(owner, now)
        store.jobs.retry(now)
    else:
        store.jobs.enqueue_left(session.id, now)
        store.jobs.retry(now, session.id)


def _planned(store: Store, job: Job, estimator: Estimator, now: datetime) -> Planned | None:
    """Who would be asked, how often, and what that costs; None where there is no turn to learn from."""
    stretches = store.jobs.stretches(job, ALL_TURNS)
    found = work.of(store, job, [(turn.session_id, turn.number) for one in stretches for turn in one.turns])
    if not found.turns:
        return None
    talk = consolidate.asking(stretches, estimator.rules)
    if talk is None:
        return Planned(found, job.model, job.host, cost=0.0)
    try:
        model = estimator.model_for(talk.model, talk.host)
    except ConfigError as error:
        return Planned(found, talk.model, talk.host, error=error.message, hint=error.hint)
    planned = Planned(found, model.name, model.host)
    try:
        calls = list(_calls(store, stretches, model, estimator, now))
    except ContextWindowError as error:
        return replace(planned, error=error.message, hint=error.hint)
    usage = Usage(sum(calls), ANSWER_TOKENS * len(calls))
    return replace(planned, calls=len(calls), tokens=usage.prompt_tokens, cost=estimator.price(model, usage))


def _calls(
    store: Store, stretches: Sequence[Stretch], model: ChatModel, estimator: Estimator, now: datetime
) -> Iterator[int]:
    """The tokens of each request, one after the other."""
    known, count = store.memories.active(now), estimator.counter_for(model).count
    limit = request_limit(estimator.max_tokens, model.window)
    left = [(stretch, turn) for stretch in consolidate.telling(stretches) for turn in stretch.turns]
    while left:
        prepared = consolidate.prepare(
            _stretches(left[: consolidate.TURNS]), known, estimator.rules, now, count=count, limit=limit
        )
        yield consolidate.tokens(cast("Task", prepared.task), count)  # there are turns, so there is a question
        left = left[sum(len(stretch.turns) for stretch in prepared.stretches) :]


def _stretches(turns: Sequence[tuple[Stretch, Turn]]) -> list[Stretch]:
    """The stretches that these turns are of, with these turns alone."""
    whole = {stretch.session.id: stretch for stretch, _ in turns}
    return [replace(stretch, turns=tuple(turn for of, turn in turns if of is stretch)) for stretch in whole.values()]
