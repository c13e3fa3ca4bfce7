"""Models, time, counting and keys: what the core asks of everything but storage."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from memchat.domain import (
    Completion,
    Context,
    ModelEvent,
    Task,
    ToolSpec,
)


class Clock(Protocol):
    """Time, as an argument."""

    def now(self) -> datetime:
        """This moment, aware, in the user's zone."""
        ...


class TokenCounter(Protocol):
    """Counts tokens as one model does, or estimates."""

    def count(self, text: str) -> int:
        """How many tokens `text` costs; 0 for the empty text."""
        ...


class ChatModel(Protocol):
    """A language model, or what stands in for one."""

    @property
    def name(self) -> str:
        """As the user names it: `openai/gpt-4o-mini`, `notebook`."""
        ...

    @property
    def host(self) -> str:
        """Where the words go: `api.openai.com`, `127.0.0.1:11434`; empty when they stay in this process."""
        ...

    @property
    def local(self) -> bool:
        """Whether the words stay on this computer."""
        ...

    @property
    def window(self) -> int:
        """The context window in tokens."""
        ...

    def stream(self, context: Context, tools: Sequence[ToolSpec]) -> Iterator[ModelEvent]:
        """Answer `context.user`. Text as it comes, whole tool calls, and one `Finish` at the end.

        Raises the `ModelError` and `ConfigError` families only. Closing the iterator ends the call.
        """
        ...

    def complete(self, task: Task, stop: Callable[[], bool]) -> Completion | None:
        """Answer `task` with one JSON object, as text; None once `stop()` is true, which ends the call.

        The text is what the model wrote: nobody has checked it. Raises as `stream` does.
        """
        ...


class KeyStore(Protocol):
    """Where provider keys lie."""

    def get(self, provider: str) -> str | None:
        """The key, or None."""
        ...

    def set(self, provider: str, key: str) -> str:
        """Keep it; returns where in words (`keyring`, or the file's path)."""
        ...

    def remove(self, provider: str) -> bool:
        """Whether there was one."""
        ...

    def providers(self) -> list[str]:
        """Those with a key, sorted."""
        ...
