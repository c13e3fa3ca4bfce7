"""What happens during a turn, as values: `ChatEngine.run_turn` yields these and never prints."""

from dataclasses import dataclass

from memchat.domain import Context, Learned, Memory, Passage, Session, Usage


@dataclass(frozen=True, slots=True)
class TurnStarted:
    """The message is saved. `masked` names the kinds of secrets that were replaced in it, in order."""

    session: Session
    turn: int
    masked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assembled:
    """What the model will see, and what was left out."""

    context: Context


@dataclass(frozen=True, slots=True)
class Compacted:
    """From here on the model reads less of this conversation: older turns, and parts of newer ones, are folded.

    Of `turns` in all, `first` to `last` (`s17.1`), it reads a summary, a model's where `summed_up`, else one made by
    code; `parts` of the `kept` turns, the newest included, are references. `fewer` turns are kept than were to be.
    `why` says why, for people. What is saved is not changed.
    """

    turns: int
    first: str
    last: str
    parts: int
    kept: int
    summed_up: bool
    fewer: bool
    why: str


@dataclass(frozen=True, slots=True)
class Text:
    """The next characters of the reply, for the screen at once."""

    text: str


@dataclass(frozen=True, slots=True)
class Reasoning:
    """The next characters of the model's reasoning."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolUsed:
    """A tool ran. `summary` is one line for people; `failed` when its result is an error for the model."""

    name: str
    summary: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class MemoryChanged:
    """Memory learned something, or confirmed it."""

    learned: Learned


@dataclass(frozen=True, slots=True)
class ForgetProposed:
    """The model would have a memory forgotten, for a `reason` in its own words. Nothing is erased: ask the user."""

    memory: Memory
    reason: str


@dataclass(frozen=True, slots=True)
class TurnFinished:
    """The reply is saved. `finish_reason` as the provider says; `shown` are the tail's passages and those recalled.

    `sent` are the tokens of the newest of its requests, `usage` those of all.
    """

    reply: str
    finish_reason: str
    usage: Usage
    memory_tokens: int
    shown: tuple[Passage, ...]
    learned: tuple[Learned, ...]
    estimated: bool = False  # the provider told no usage: tokens are our count
    sent: int = 0


Event = (
    TurnStarted | Assembled | Compacted | Text | Reasoning | ToolUsed | MemoryChanged | ForgetProposed | TurnFinished
)
