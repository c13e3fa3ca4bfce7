"""Learning from conversations now: what would be sent where and at what cost, and then doing it."""

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from memchat.actions import sessions, work
from memchat.actions.work import AGAIN, ALL_TURNS, Work
from memchat.domain import JobStatus, Mode, Session, SessionKind, Stretch, Turn, Usage
from memchat.errors import ConfigError, ContextWindowError, RefusedError, UsageError
from memchat.memory import consolidate
from memchat.memory.context import WINDOW_SHARE
from memchat.memory.learning import Rules
from memchat.ports import ChatModel, Store, TokenCounter

if TYPE_CHECKING:
    from memchat.chat.consolidating import Consolidator, Done

# What one answer is taken to cost: a summary of at most 200 tokens, a title, topics and a few facts.
ANSWER_TOKENS = 400


@dataclass(frozen=True, slots=True)
class Ways:
    """How to find out who would be asked, and what that costs.

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


def plan(store: Store, session: Session | None, ways: Ways, owner: str, now: datetime) -> list[Planned]:
    """What there is to learn from, in all conversations or in one; nothing is changed.

    Left out is what another process is doing right now.
    """
    found: list[tuple[Work, list[Stretch]]] = []
    with contextlib.suppress(_LookedError), store.transaction():
        _enqueue(store, session, owner, now)
        number = None if session is None else session.id
        while job := store.jobs.lease(owner, now, session_id=number, early=number is not None):
            found.append((work.about(store, job), store.jobs.stretches(job, ALL_TURNS)))
            store.jobs.fail(job, "")  # out of the line, as if it were done
        raise _LookedError
    planned = [_planned(store, one, stretches, ways, now) for one, stretches in found if one.turns]
    failed = [job for job in store.jobs.listing((JobStatus.FAILED,)) if session and job.session_id == session.id]
    return planned + [
        Planned(
            work.about(store, job), job.model, job.host, error=f"failed before: {job.error}", hint=f"Again: {AGAIN}"
        )
        for job in failed
        if not planned
    ]


def learn(
    consolidator: "Consolidator", session: Session | None, owner: str, now: datetime
) -> "Iterator[tuple[Work, Done]]":
    """Do it, and tell of each job as it is over. Raises StoreError."""
    with consolidator.store.transaction():
        _enqueue(consolidator.store, session, owner, now)
    return work.do(consolidator, session_id=None if session is None else session.id)


def _enqueue(store: Store, session: Session | None, owner: str, now: datetime) -> None:
    """Make everything due that is new; where no conversation is named also what failed before."""
    if session is None:
        store.jobs.sweep(owner, now)
        store.jobs.retry(now)
    else:
        store.jobs.enqueue_left(session.id, now)


def _planned(store: Store, found: Work, stretches: Sequence[Stretch], ways: Ways, now: datetime) -> Planned:
    """Who would be asked, how often, and what that costs."""
    talk = stretches[0].session
    try:
        model = ways.model_for(talk.model, talk.host)
    except ConfigError as error:
        return Planned(found, talk.model, talk.host, error=error.message, hint=error.hint)
    planned = Planned(found, model.name, model.host)
    try:
        calls = list(_calls(store, stretches, model, ways, now))
    except ContextWindowError as error:
        return replace(planned, error=error.message, hint=error.hint)
    usage = Usage(sum(calls), ANSWER_TOKENS * len(calls))
    return replace(planned, calls=len(calls), tokens=usage.prompt_tokens, cost=ways.price(model, usage))


def _calls(store: Store, stretches: Sequence[Stretch], model: ChatModel, ways: Ways, now: datetime) -> Iterator[int]:
    """The tokens of each request, one after the other."""
    known, count = store.memories.active(now), ways.counter_for(model).count
    limit = min(ways.max_tokens, int(model.window * WINDOW_SHARE))
    left = [(stretch, turn) for stretch in stretches for turn in stretch.turns]
    while left:
        prepared = consolidate.prepare(
            _stretches(left[: consolidate.TURNS]), known, ways.rules, now, count=count, limit=limit
        )
        task = prepared.task
        yield sum(map(count, (task.instructions, task.text, json.dumps(task.schema)))) if task else 0
        left = left[sum(len(stretch.turns) for stretch in prepared.stretches) :]


def _stretches(turns: Sequence[tuple[Stretch, Turn]]) -> list[Stretch]:
    """The stretches that these turns are of, with these turns alone."""
    whole = {stretch.session.id: stretch for stretch, _ in turns}
    return [replace(stretch, turns=tuple(turn for of, turn in turns if of is stretch)) for stretch in whole.values()]
