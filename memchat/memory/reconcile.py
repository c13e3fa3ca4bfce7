"""A checked draft against what is known -> Refresh | Supersede | Add | Ask | Ignore: code decides, no model."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from memchat.domain import Draft, Memory, MemoryStatus, Source, Verdict
from memchat.memory.phrases import negated
from memchat.memory.quoting import fold
from memchat.memory.words import words

MANY = {"goals": 3}
"""Fields that hold several values, and how many (memory.md, section 1); every other field holds one."""

NEWER = "you said something newer"
TAKEN_BACK = "you took it back"
LEARNED_BEFORE = "learned from these words before"
ASKED_AGAIN = "you asked again"
"""`Memory.why` of what a reply had taught that gave way to another: nobody took back the words it rests on."""
ENDED = {
    MemoryStatus.SUPERSEDED: NEWER,
    MemoryStatus.WITHDRAWN: TAKEN_BACK,
    MemoryStatus.EXPIRED: "it has ended since",
}

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


def reconcile(
    draft: Draft,
    verdict: Verdict,
    known: Sequence[Memory],
    fields: Sequence[str],
    now: datetime,
    *,
    said: Source | None = None,
) -> Outcome:
    """What becomes of `draft` beside `known` (memories of any status); `fields` are the configured profile fields.

    `said` is given for words that are taken in later than they were said: then what was learned from the same message,
    and what was said or taken back since, weighs more.
    """
    if verdict.status is None:
        return Ignore(verdict.why)
    if draft.field and draft.field not in fields:
        return Ignore(f"there is no profile field {draft.field}")
    same_field = [memory for memory in known if memory.field == draft.field]
    if said is not None and (why := _settled(draft, said, same_field, now)):
        return Ignore(why)
    active = [memory for memory in same_field if memory.status(now) is MemoryStatus.ACTIVE]
    if verdict.status is MemoryStatus.ACTIVE:
        return _proved(draft, verdict.why, active, said)
    waiting = [memory for memory in same_field if memory.status(now) in WAITING]
    twin = _twin(draft, active) or _twin(draft, waiting)
    # What waits never replaces anything: both are kept until the user decides.
    return Ignore(f"says what {twin.ref} says") if twin else Add(verdict.status, verdict.why)


def _proved(draft: Draft, why: str, active: Sequence[Memory], said: Source | None) -> Outcome:
    """What becomes of a draft that rests on the user's own words."""
    if twin := _twin(draft, active):
        return Refresh(twin)
    most = MANY.get(draft.field, 1)
    if not draft.field or len(active) < most:
        return Add(MemoryStatus.ACTIVE, why)
    if most == 1:
        return _instead(active[-1], why, said)
    held = ", ".join(f"{memory.ref} {memory.text}" for memory in active)
    return Ask(f"{draft.field} holds {most} already: {held}")


def _instead(old: Memory, why: str, said: Source | None) -> Outcome:
    """A new value for a field of one value: it takes the old one's place unless it was said before that."""
    if said is not None and _learned_from(old, said):
        return Ask(f"said together with {old.ref}")
    if said is not None and any(source.at > said.at for source in old.sources):
        return Ignore(NEWER)
    return Supersede(old, why)


def _settled(draft: Draft, said: Source, same_field: Sequence[Memory], now: datetime) -> str:
    """Why there is nothing left to decide: these words have taught already, or were overtaken; else empty."""
    same_field = [memory for memory in same_field if memory.withdrawn_at is None or memory.why != ASKED_AGAIN]
    learned = [memory for memory in same_field if _learned_from(memory, said) and _same(draft.text, memory.text)]
    if any(memory.withdrawn_at is None for memory in learned):
        return LEARNED_BEFORE
    if learned:
        return TAKEN_BACK
    single = draft.field != "" and draft.field not in MANY
    for memory in same_field:
        ended = memory.withdrawn_at or memory.valid_to
        if ended is None or not said.at < ended <= now:
            continue
        status = memory.status(now)
        if bare(memory.text) == bare(draft.text) or (single and status is MemoryStatus.EXPIRED):
            return ENDED[status]
    return ""


def _learned_from(memory: Memory, said: Source) -> bool:
    """Whether the message that `said` points to is among its sources."""
    return said.message_id is not None and any(source.message_id == said.message_id for source in memory.sources)


def _same(text: str, known: str) -> bool:
    """Whether two texts from one message say the same: one holds all words of the other, and no "not" parts them."""
    some, others = words(text), words(known)
    within = bool(some and others) and (some <= others or others <= some)
    return bare(text) == bare(known) or (within and negated(text) == negated(known))


def _twin(draft: Draft, known: Sequence[Memory]) -> Memory | None:
    """The known memory that says the same, case, width, white space and the last full stop aside."""
    wanted = bare(draft.text)
    return next((memory for memory in known if bare(memory.text) == wanted), None)


def bare(text: str) -> str:
    """What two texts share that say the same."""
    return fold(text).rstrip(".。!！ ")
