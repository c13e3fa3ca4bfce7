"""What is asked of the index for one question, and what it hands to the ranking: plain values, nothing scored yet."""

from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import NamedTuple

from memchat.domain.conversation import Role
from memchat.domain.request import Dropped, Passage

# What a word of the question, and a likeness to it, is worth that stands in the message before the answer or after it:
# from nothing to 0.9. Those two away brought nothing more on our own chats.
WORD_BESIDE = 0.7
LIKE_BESIDE = 0.6


@dataclass(frozen=True, slots=True)
class Search:
    """One question to the index.

    `words` are words, or two-character pieces of scripts without spaces, in any spelling; any text will do. Those that
    are `lent` are of the message before, and help. `vector` is the question as the embedder of this name and `dim`
    gives it: signed bytes, one a dimension. `since` (included) and `until` (not) shut out what is not between;
    `periods` are such ranges that the question speaks of, whose exchanges are handed over beside the rest. `live` is a
    session and its first turn that the model still sees: from there on nothing of it is found.
    """

    words: tuple[str, ...]
    vector: bytes | None = None
    embedder: str = ""
    periods: tuple[tuple[datetime, datetime], ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    live: tuple[int, int] | None = None
    lent: frozenset[str] = frozenset()


class Near(NamedTuple):
    """A message beside a found one: its first 600 characters, or nothing where these cannot matter, and how near its
    first piece is to the question.

    Like `Candidate` a named tuple: a question makes hundreds of both, and of these each costs a fifth.
    """

    message_id: int
    text: str
    cosine: float | None = None


class Candidate(NamedTuple):
    """One piece of one past message that may answer.

    `own` is False for words that the user only passed on; `text` is the piece alone, `length` counts the characters of
    the whole message. `cosine` is -1 to 1, None without a vector. `title` holds the session's title and topics.
    `before` and `after` stand beside it in its conversation.
    """

    session_id: int
    turn: int
    message_id: int
    piece: int
    role: Role
    own: bool
    at: datetime
    text: str
    cosine: float | None = None
    title: str = ""
    before: Near | None = None
    after: Near | None = None
    length: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What the index has for a `Search`, in no order that means anything.

    `rows` counts the pieces it holds, `mean_words` their mean length in words; `frequency` tells for each word of the
    search how many pieces hold it, of some thousands no more. `trouble` says what part of the index could not be read.
    `least` is the least cosine of all that were looked at, also of those that are not handed over: of a piece, and of
    one with those beside it, which count `LIKE_BESIDE`.
    """

    candidates: tuple[Candidate, ...]
    rows: int
    mean_words: float
    frequency: dict[str, int]
    trouble: str = ""
    least: tuple[float, float] = (inf, inf)


@dataclass(frozen=True, slots=True)
class Closeness:
    """How near a memory is to a question.

    `words` is the share of the question's words that it holds, 0 to 1, where rare ones count more; `cosine` is None
    without a vector.
    """

    words: float = 0.0
    cosine: float | None = None


@dataclass(frozen=True, slots=True)
class Unembedded:
    """Something that has no vectors yet: a message, or a memory when `memory_id` is set, as its pieces."""

    message_id: int
    memory_id: int
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndexHealth:
    """What a look at the index found: tables that are not there, tables that are damaged, messages out of step.

    `astray` counts messages that are in the index and should not be, or the other way round; `waiting` those that a
    reindex has not come to yet, which is nothing wrong.
    """

    missing: tuple[str, ...] = ()
    damaged: tuple[str, ...] = ()
    astray: int = 0
    waiting: int = 0

    @property
    def sound(self) -> bool:
        """Whether nothing has to be mended."""
        return not (self.missing or self.damaged or self.astray)


@dataclass(frozen=True, slots=True)
class Recalled:
    """What was found for a message, best first, and what was left out, with its reason.

    `trouble` is a line for people when something could not be used: words alone were searched, or vectors alone.
    """

    kept: tuple[Passage, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    trouble: str = ""
