"""How a job comes out: its fate, why it is not done, and when it is tried again.

What stands here is shown by `memchat doctor` and kept in the database: ids, names and fixed phrases, never anyone's
words.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from memchat.domain import Job
from memchat.errors import (
    CutReplyError,
    KeyMissingError,
    MemchatError,
    NetworkError,
    ProviderError,
    RateLimitError,
    UnknownModelError,
)
from memchat.memory.consolidate import Kept
from memchat.ports import ChatModel

# How long a job waits after its first, second, ... attempt that did not come through, and after all later ones.
BACKOFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
# The same where the caller cut the call off for want of time: a script must not pay each time for calls it ends.
CUT_OFF, CUT_OFF_AT_MOST = timedelta(minutes=15), timedelta(days=1)

# Without the model, or its key, nothing is asked: the next look costs nothing, and may find it there again.
NO_MODEL = timedelta(minutes=10)
# Answers that broke off or were refused are paid for, and another is likely to be the same: so often it is tried.
IN_VAIN = 3

STOPPED = "stopped before the answer was there"
CHANGED = "the conversation changed while it was read"
TOO_LONG = "one turn alone does not fit the model's window"
UNREADABLE = "the answer could not be read"
OWN_FAULT = "a fault in memchat"
# Never the provider's own words, which may quote what somebody wrote. The first class that fits counts.
REASONS: tuple[tuple[type[MemchatError], str], ...] = (
    (KeyMissingError, "{where}: the key is missing or was refused"),
    (UnknownModelError, "{model} is not there"),
    (NetworkError, "{where} cannot be reached, or went silent"),
    (RateLimitError, "{where} asks to wait, or its quota is used up"),
    (CutReplyError, "{where} broke off in the middle of its answer"),
    (ProviderError, "{where} had trouble, or refused the request"),
    (MemchatError, "{model} could not answer"),
)


class Fate(StrEnum):
    """How a job came out of a run."""

    DONE = "done"
    WAITS = "waits"  # for what is missing: a key, the network, a quiet moment
    FAILED = "failed"
    STOPPED = "stopped"  # by the person or by time; it waits too


@dataclass(frozen=True, slots=True)
class Done:
    """What came of one job. `error` says why it is not done; `kept` is what was written, None when nothing was."""

    job: Job
    fate: Fate
    error: str = ""
    kept: Kept | None = None

    @property
    def at_once(self) -> bool:
        """Whether the job, if it is still there, is worth another look now: more turns are left, or they changed."""
        return self.fate is Fate.DONE or (self.error == CHANGED and not self.job.attempts)


def reason(error: MemchatError, model: ChatModel) -> str:
    """Why a call failed, in words that hold nothing of what anybody wrote."""
    phrase = next(phrase for kind, phrase in REASONS if isinstance(error, kind))
    return phrase.format(where=model.host or model.name, model=model.name)


def backoff(attempts: int) -> timedelta:
    """How long to wait when so many attempts came before."""
    return BACKOFF[min(attempts, len(BACKOFF) - 1)]


def cut_off(attempts: int) -> timedelta:
    """The same after a call that the caller cut off."""
    return min(CUT_OFF * (1 << min(attempts, 10)), CUT_OFF_AT_MOST)
