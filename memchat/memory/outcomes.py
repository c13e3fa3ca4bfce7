"""What may become of a draft, and the fixed phrases that say why it is ignored: they are counted and shown."""

from dataclasses import dataclass
from datetime import datetime

from memchat.domain import Grave, Memory, MemoryStatus

NO_FIELD = "no such profile field"
NEWER = "you said something newer"
TAKEN_BACK = "you took it back"
REJECTED = "you rejected it"
REFUSED = "you rejected it for good"
"""Both also `Memory.why` of what was rejected in the inbox, the second with *never*."""
EXPIRED = "it has ended since"
LEARNED_BEFORE = "learned from these words before"
"""Nothing is turned away: it is kept already, by the tool or by consolidation before."""
KNOWN = "known already"
IN_PROFILE = "your profile says it"
BINDING = "tries to bind the assistant"
"""Of what is set aside, whoever wrote it."""
WAITS = "it waits already"
TOO_MANY = "too many unproved from one message"
NOT_ENDED = "nothing shows that it ended"
NEVER = "you asked never to keep this"
ERASED = "you erased this"

ASKED_AGAIN = "you asked again"
"""`Memory.why` of what a reply had taught that gave way to another: nobody took back the words it rests on."""
WRITE_IS_ASK = "memory.write is ask"
"""`Verdict.why` of what is proved, and waits because everything does."""
DOUBTED = "you may have ended it"
"""`Memory.why` of what held and waits again begins so: words said since may be its end, in a way no rule reads."""
ENDED = {
    MemoryStatus.SUPERSEDED: NEWER,
    MemoryStatus.WITHDRAWN: TAKEN_BACK,
    MemoryStatus.EXPIRED: EXPIRED,
}
WAITING = (MemoryStatus.PENDING, MemoryStatus.QUARANTINED)


@dataclass(frozen=True, slots=True)
class Refresh:
    """The same fact is known: one more source, confirmed."""

    known: Memory


@dataclass(frozen=True, slots=True)
class Supersede:
    """It takes the place of `old`, which ends with its history; `settles` is what says no more than it."""

    old: Memory
    why: str
    settles: tuple[Memory, ...] = ()


@dataclass(frozen=True, slots=True)
class Add:
    """Something new, with the status of its verdict; `settles` is what says no more than it."""

    status: MemoryStatus
    why: str
    settles: tuple[Memory, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """Code cannot settle it: it is kept pending, for the user to decide; accepted, it takes the place of `replaces`."""

    why: str
    replaces: Memory | None = None


@dataclass(frozen=True, slots=True)
class Ignore:
    """Nothing is kept; `why` is a fixed phrase."""

    why: str


Outcome = Refresh | Supersede | Add | Ask | Ignore


def erased_on(grave: Grave, now: datetime) -> str:
    """Why what was erased, and is said anew, waits: with the day, in the zone of `now`."""
    return f"you erased this on {grave.at.astimezone(now.tzinfo).date()}"
