"""What every tool of a model shares: the moment of a call, what it gives back, arguments read and checked."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from memchat.domain import Learned, Memory, Message, Passage, Turn
from memchat.memory.quoting import clean

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
    return json.dumps(value, ensure_ascii=False)
