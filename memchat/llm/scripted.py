"""A model that says what a test tells it: it fails on a call nobody expected, and on steps nobody asked for.

    model = ScriptedModel([["Hello."], [ToolCall("1", "remember", "{}")], ["Noted."]])
    ...
    model.done()

A step is one call's reply: strings are text, events are passed on, an exception is raised where it stands. A `Finish`
is added when the step has none. The contexts and tools of every call are kept in `calls`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from memchat.domain import Context, Finish, ModelEvent, TextDelta, ToolCall, ToolSpec, Usage

Piece = str | ModelEvent | BaseException
Step = str | Sequence[Piece] | Callable[[Context], Sequence[Piece]]


@dataclass(frozen=True, slots=True)
class Called:
    """What one call was given."""

    context: Context
    tools: tuple[ToolSpec, ...]


class ScriptedModel:
    """A `ChatModel` that follows its steps."""

    def __init__(
        self,
        steps: Sequence[Step],
        *,
        name: str = "scripted",
        host: str = "",
        local: bool = True,
        window: int = 128_000,
    ) -> None:
        self._steps = list(steps)
        self._name = name
        self._host = host
        self._local = local
        self._window = window
        self.calls: list[Called] = []
        self.closed_early = 0

    @property
    def name(self) -> str:
        """As the user names it."""
        return self._name

    @property
    def host(self) -> str:
        """Where the words go."""
        return self._host

    @property
    def local(self) -> bool:
        """Whether they stay on this computer."""
        return self._local

    @property
    def window(self) -> int:
        """The context window in tokens."""
        return self._window

    def stream(self, context: Context, tools: Sequence[ToolSpec]) -> Iterator[ModelEvent]:
        """The next step. Raises AssertionError when there is none, at once, not at the first event."""
        self.calls.append(Called(context, tuple(tools)))
        if not self._steps:
            raise AssertionError(f"call {len(self.calls)} was not expected: {context.user.text!r}")
        step = self._steps.pop(0)
        pieces: Sequence[Piece] = [step] if isinstance(step, str) else step(context) if callable(step) else step
        return self._play(pieces)

    def done(self) -> None:
        """Raises AssertionError when steps are left over."""
        if self._steps:
            raise AssertionError(f"{len(self._steps)} steps were never asked for: {self._steps!r}")

    def _play(self, pieces: Sequence[Piece]) -> Iterator[ModelEvent]:
        finished, called = False, False
        try:
            for piece in pieces:
                if isinstance(piece, BaseException):
                    raise piece
                yield TextDelta(piece) if isinstance(piece, str) else piece
                finished = finished or isinstance(piece, Finish)
                called = called or isinstance(piece, ToolCall)
            if not finished:
                yield Finish("tool_calls" if called else "stop", Usage(10, 5))
        except GeneratorExit:
            self.closed_early += 1
            raise
