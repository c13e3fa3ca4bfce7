"""A checked draft against what is known -> Refresh | Supersede | Add | Ask | Ignore: code decides, no model."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from memchat.domain import Draft, Memory, MemoryStatus, Verdict
from memchat.memory.quoting import fold

MANY = {"goals": 3}
"""Fields that hold several values, and how many (memory.md, section 1); every other field holds one."""

WAITING = (MemoryStatus.PENDING, MemoryStatus.QUARANTINED)


@dataclass(frozen=True, slots=True)
class Refresh:
    """The same fact is known: one more source, confirmed."""

    known: Memory


@dataclass(frozen=True, slots=True)
class Supersede:
    """A field of one value says something else now: the old value ends, with its history."""

    old: Memory
    why: str


@dataclass(frozen=True, slots=True)
class Add:
    """Something new, with the status of its verdict."""

    status: MemoryStatus
    why: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Code cannot settle it: it is kept pending, for the user to decide."""

    why: str


@dataclass(frozen=True, slots=True)
class Ignore:
    """Nothing is kept."""

    why: str


Outcome = Refresh | Supersede | Add | Ask | Ignore


def reconcile(draft: Draft, verdict: Verdict, known: Sequence[Memory], fields: Sequence[str], now: datetime) -> Outcome:
    """What becomes of `draft` beside `known` (memories of any status); `fields` are the configured profile fields."""
    if verdict.status is None:
        return Ignore(verdict.why)
    if draft.field and draft.field not in fields:
        return Ignore(f"there is no profile field {draft.field}")
    same_field = [memory for memory in known if memory.field == draft.field]
    active = [memory for memory in same_field if memory.status(now) is MemoryStatus.ACTIVE]
    if verdict.status is MemoryStatus.ACTIVE:
        return _proved(draft, verdict.why, active)
    waiting = [memory for memory in same_field if memory.status(now) in WAITING]
    twin = _twin(draft, active) or _twin(draft, waiting)
    # What waits never replaces anything: both are kept until the user decides.
    return Ignore(f"says what {twin.ref} says") if twin else Add(verdict.status, verdict.why)


def _proved(draft: Draft, why: str, active: Sequence[Memory]) -> Outcome:
    """What becomes of a draft that rests on the user's own words."""
    if twin := _twin(draft, active):
        return Refresh(twin)
    most = MANY.get(draft.field, 1)
    if not draft.field or len(active) < most:
        return Add(MemoryStatus.ACTIVE, why)
    if most == 1:
        return Supersede(active[-1], why)
    held = ", ".join(f"{memory.ref} {memory.text}" for memory in active)
    return Ask(f"{draft.field} holds {most} already: {held}")


def _twin(draft: Draft, known: Sequence[Memory]) -> Memory | None:
    """The known memory that says the same, case, width, white space and the last full stop aside."""
    wanted = _bare(draft.text)
    return next((memory for memory in known if _bare(memory.text) == wanted), None)


def _bare(text: str) -> str:
    return fold(text).rstrip(".。!！ ")
