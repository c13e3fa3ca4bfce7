"""What a model is shown and why: passages, contexts, modes, limits."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from memchat.domain.conversation import Message


class Layer(StrEnum):
    """Which layer of memory offered a passage."""

    PROFILE = "profile"
    NOTE = "note"
    SESSION = "session"
    EPISODE = "episode"
    CHANGE = "change"

    @property
    def of_talk(self) -> bool:
        """Whether it holds what was talked about, and not what is known: past exchanges and summaries of them."""
        return self in (Layer.EPISODE, Layer.SESSION)


class Zone(StrEnum):
    """Where in the request a passage stands: the frozen head or the tail of the newest message."""

    HEAD = "head"
    TAIL = "tail"


@dataclass(frozen=True, slots=True)
class Passage:
    """One thing a layer offers to the request.

    `line` is what would stand in the request; `text` the bare words; `tokens` counts `line`; `score` is 0 to 1;
    `source` names the turn it rests on (`s3.1`), `at` its day, `quote` the user's own words; `why` says what found it.
    """

    layer: Layer
    zone: Zone
    ref: str
    line: str
    text: str
    tokens: int
    score: float = 1.0
    at: datetime | None = None
    source: str = ""
    quote: str = ""
    field: str = ""
    why: str = ""
    speaker: str = ""  # of an episode: user, assistant, or pasted for what the user gave without having said it
    title: str = ""  # of an episode: its conversation's


@dataclass(frozen=True, slots=True)
class Dropped:
    """A passage that was left out, and why."""

    passage: Passage
    why: str


@dataclass(frozen=True, slots=True)
class Context:
    """What one call shows the model: frozen head, working turns, and the tail before the newest user message.

    `turns` are the repaired messages before the newest user message; `user` is that message, as saved; `rounds` are
    tool calls and results since. `tail` is never saved. `dropped` is shown by `/context`.
    """

    head: str
    turns: tuple[Message, ...]
    tail: str
    user: Message
    now: datetime
    rounds: tuple[Message, ...] = ()
    kept: tuple[Passage, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    folded: int = 0  # older turns that are saved but not sent this time
    trouble: str = ""  # why the past could be searched in part only, for people


@dataclass(frozen=True, slots=True)
class Mode:
    """What a chat may do with memory: show it to the model, save the words, learn from them.

    `dated` is False only for stateless use, whose request must be the same for the same input.
    """

    name: str
    reads: bool
    saves: bool
    learns: bool
    dated: bool = True


NORMAL = Mode("normal", reads=True, saves=True, learns=True)
NO_LEARN = Mode("no-learn", reads=True, saves=True, learns=False)
CONVERSATIONS_ONLY = Mode("conversations-only", reads=False, saves=True, learns=False)
# Where the one who answers may not be shown what is kept, for nobody was there to be asked.
WITHHELD = Mode("withheld", reads=False, saves=True, learns=True)
INCOGNITO = Mode("incognito", reads=False, saves=False, learns=False)
STATELESS = Mode("stateless", reads=False, saves=False, learns=False, dated=False)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much memory may cost, in tokens and turns; the settings `context.*` and `memory.*_shown`."""

    max_turns: int = 30
    max_tokens: int = 24_000
    head_tokens: int = 1_000
    recall_tokens: int = 600
    keep_turns: int = 10
    summaries_shown: int = 3
    notes_shown: int = 50
