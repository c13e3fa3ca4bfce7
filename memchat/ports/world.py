"""Models, time, counting and keys: what the core asks of everything but storage."""

from collections.abc import Callable, Collection, Iterator, Sequence
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
        """The context window in tokens. A server may have to be asked, the first time only."""
        ...

    @property
    def window_from(self) -> str:
        """Who says how large the window is, in words: `asked at 127.0.0.1:11434`. Empty where it is a safe guess."""
        ...

    @property
    def sees(self) -> bool:
        """Whether it reads pictures. A server may have to be asked: look only where there is a picture."""
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


class Embedder(Protocol):
    """Turns texts into vectors whose cosine tells how near their meanings are."""

    @property
    def name(self) -> str:
        """Which vectors these are. Vectors kept under another name cannot be compared with them."""
        ...

    @property
    def dim(self) -> int:
        """Numbers a vector; 0 where only the first answer tells."""
        ...

    @property
    def host(self) -> str:
        """Where the texts go, as `ChatModel.host`; empty when they stay in this process."""
        ...

    @property
    def local(self) -> bool:
        """Whether the texts stay on this computer."""
        ...

    @property
    def ready(self) -> bool:
        """Whether `embed` begins at once; until then whoever must not wait searches by words alone."""
        ...

    def warm(self) -> None:
        """Load what `embed` needs; meant for a thread of its own. Sends nothing. Raises EmbeddingError."""
        ...

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        """For each text `dim` signed bytes: its vector of length 1, times 127. All zero where there is nothing to say.

        Safe from several threads. Raises EmbeddingError.
        """
        ...


class Lexicon(Protocol):
    """Knows how near single words are to each other."""

    @property
    def ready(self) -> bool:
        """Whether `likeness` answers at once."""
        ...

    def likeness(self, words: Sequence[str], texts: Sequence[Collection[str]]) -> list[list[float]]:
        """For each of `texts`, as the words in it, and each of `words`: the cosine (-1 to 1) of the most like one.

        All words should be in small letters; to a text without any nothing is like, 0. Safe from several threads.
        Raises EmbeddingError.
        """
        ...

    def learn(self, words: Sequence[str]) -> None:
        """Make ready what `likeness` needs of these words: later it is quick where they come. Raises EmbeddingError."""
        ...
