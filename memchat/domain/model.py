"""What a model says and costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

NOTEBOOK = "notebook"
"""The name of the model that is built in: it needs no key and no network, and knows only what one says."""


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool as a model is told of it; `parameters` is a JSON schema of an object."""

    name: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next characters of the reply."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """The next characters of the model's reasoning: never stored, never sent again."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A whole tool call, its fragments folded. `arguments` is the JSON text as the model wrote it."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counted them, `cost` in US dollars where the price is known.

    Of the prompt's tokens `cached_tokens` were read from the provider's cache, and `written_tokens` put into it at a
    price of their own; most providers tell no such thing.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    cost: float | None = None
    written_tokens: int = 0

    def plus(self, other: "Usage") -> "Usage":
        """The sum; a cost is known when either is."""
        cost = None if self.cost is None and other.cost is None else (self.cost or 0) + (other.cost or 0)
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cached_tokens + other.cached_tokens,
            cost,
            self.written_tokens + other.written_tokens,
        )


@dataclass(frozen=True, slots=True)
class Finish:
    """The last event of a stream. `reason` is stop, length, tool_calls or content_filter; `usage` if it was told."""

    reason: str
    usage: Usage | None = None


ModelEvent = TextDelta | ReasoningDelta | ToolCall | Finish


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One call to a model, for the books. `purpose` is chat, without, btw or consolidation."""

    purpose: str
    model: str
    host: str
    usage: Usage
    at: datetime
    session_id: int | None = None
    turn: int | None = None
    memory_tokens: int = 0
