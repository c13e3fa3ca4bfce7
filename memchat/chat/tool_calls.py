"""What every tool of a model shares: the moment of a call, what it gives back, arguments read and checked."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from memchat.domain import Context, Learned, Memory, Message, Passage, ToolCall, ToolSpec, Turn
from memchat.memory.quoting import clean, seen

if TYPE_CHECKING:
    from memchat.memory.context import ContextAssembler
    from memchat.memory.working import WorkingTurns
    from memchat.ports import ChatModel

SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Moment:
    """When a tool is called: for which message, by which model, and what stands in the request already.

    `first_live` is the oldest turn that is sent; `epoch` the erasure epoch the turn was assembled in; `count` counts
    tokens and `tokens` is what a result may cost. `before` are the turns before this one, oldest first. `proposed`
    fills with the ids of memories that the user will be asked about.
    """

    message: Message
    model: str
    now: datetime
    first_live: int
    epoch: int
    count: Callable[[str], int]
    tokens: int
    before: tuple[Turn, ...] = ()
    proposed: set[int] = field(default_factory=set)


def moment_of(
    context: Context, working: "WorkingTurns", model: "ChatModel", assembler: "ContextAssembler", epoch: int
) -> Moment:
    """When the tools are called that `model` calls in answer to the newest of the `working` turns."""
    return Moment(
        message=context.user,
        model=model.name,
        now=context.now,
        first_live=working.first_live,
        epoch=epoch,
        count=assembler.counter.count,
        tokens=assembler.limits.recall_tokens,
        before=tuple(working.past),
    )


@dataclass(frozen=True, slots=True)
class Result:
    """What a call gave: JSON for the model, one line for people, what was learned and what was shown.

    `proposed` is a memory that the model would have forgotten, and why; only the user erases.
    """

    content: str
    summary: str
    failed: bool = False
    learned: Learned | None = None
    shown: tuple[Passage, ...] = ()
    proposed: tuple[Memory, str] | None = None


class Tools(Protocol):
    """What a turn needs of its tools; `chat/tools.py` has them."""

    def specs(self) -> tuple[ToolSpec, ...]:
        """What the model is offered."""
        ...

    def run(self, call: ToolCall, moment: Moment) -> Result:
        """Do what the model asks, or tell it what is wrong with the call. Raises StoreError only."""
        ...


class BadCallError(Exception):
    """The model called a tool wrongly; the message is for the model."""


def arguments_of(text: str) -> dict[str, Any]:
    try:
        arguments = json.loads(text or "{}")
    except (ValueError, RecursionError):
        raise BadCallError("the arguments are no JSON") from None
    if not isinstance(arguments, dict):
        raise BadCallError("the arguments must be a JSON object")
    return arguments


def text_of(arguments: dict[str, Any], name: str) -> str:
    value = arguments.get(name)
    if not isinstance(value, str):
        raise BadCallError(f"{name} must be a string")
    return value


def short(text: str) -> str:
    line = clean(text)
    return line if len(line) <= SHOWN_CHARACTERS else line[: SHOWN_CHARACTERS - 1] + "…"


def as_json(value: object) -> str:
    """JSON of words that anybody wrote, what hides in them made visible."""
    return seen(json.dumps(value, ensure_ascii=False))


def masked_arguments(arguments: str, hide: Callable[[str], str]) -> str:
    """The arguments' JSON text with secrets masked; JSON stays JSON."""
    masked = hide(arguments)
    if masked == arguments:
        return arguments
    try:
        value = json.loads(arguments)
    except (ValueError, RecursionError):
        return masked
    return json.dumps(_masked_value(value, hide), ensure_ascii=False)


def _masked_value(value: Any, hide: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, list):
        return [_masked_value(one, hide) for one in value]
    if isinstance(value, dict):
        return {key: _named_value(key, one, hide) for key, one in value.items()}
    return value


def _named_value(key: str, value: Any, hide: Callable[[str], str]) -> Any:
    """A value beside its key: `{"password": ...}` tells a secret by the key alone."""
    if not isinstance(value, str):
        return _masked_value(value, hide)
    prefix = f"{key}="
    return hide(value) if hide(prefix + value) == prefix + value else hide(prefix + value).removeprefix(prefix)
