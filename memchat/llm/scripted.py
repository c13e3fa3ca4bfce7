"""A model that says what a test tells it: it fails on a call nobody expected, and on steps nobody asked for.

    model = ScriptedModel([["Hello."], [ToolCall("1", "remember", "{}")], ["Noted."]])
    ...
    model.done()

A step is one call's reply: strings are text, events are passed on, an exception is raised where it stands. A `Finish`
is added when the step has none. A step may be a function of the call's context, or of its task. What every call was
given is kept in `calls`.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from memchat.domain import Completion, Context, Finish, ModelEvent, Task, TextDelta, ToolCall, ToolSpec, Usage

Piece = str | ModelEvent | BaseException
Reply = Piece | Sequence[Piece]
Step = Reply | Callable[[Any], Reply]  # Any: a function gets a Context or a Task, whichever call it answers


@dataclass(frozen=True, slots=True)
class Called:
    """What one call was given: a context with tools, or a task."""

    asked: Context | Task
    tools: tuple[ToolSpec, ...] = ()

    @property
    def context(self) -> Context:
        """Of a call for a reply; raises TypeError for another."""
        if isinstance(self.asked, Task):
            raise TypeError(f"this call was for the task {self.asked.name}")
        return self.asked

    @property
    def task(self) -> Task:
        """Of a call for a completion; raises TypeError for another."""
        if isinstance(self.asked, Context):
            raise TypeError("this call was for a reply")
        return self.asked


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
        window_from: str = "its script",
        sees: bool = False,
    ) -> None:
        self._steps = list(steps)
        self._name = name
        self._host = host
        self._local = local
        self._window = window
        self._window_from = window_from
        self._sees = sees
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

    @property
    def window_from(self) -> str:
        """Who says how large that is; empty for a guess."""
        return self._window_from

    @property
    def sees(self) -> bool:
        """Whether it reads pictures."""
        return self._sees

    def stream(self, context: Context, tools: Sequence[ToolSpec]) -> Iterator[ModelEvent]:
        """The next step. Raises AssertionError when there is none, at once, not at the first event."""
        return self._play(self._next(Called(context, tuple(tools)), context.user.text))

    def complete(self, task: Task, stop: Callable[[], bool]) -> Completion | None:
        """The next step's text as a completion. `stop` is asked before the call, which it spares, and at each piece."""
        if stop():
            return None
        words: list[str] = []
        usage: Usage | None = None
        with closing(self._play(self._next(Called(task), task.text))) as events:
            for event in events:
                if stop():
                    return None
                if isinstance(event, TextDelta):
                    words.append(event.text)
                if isinstance(event, Finish):
                    usage = event.usage
        return Completion("".join(words), usage)

    def done(self) -> None:
        """Raises AssertionError when steps are left over."""
        if self._steps:
            raise AssertionError(f"{len(self._steps)} steps were never asked for: {self._steps!r}")

    def _next(self, called: Called, words: str) -> Sequence[Piece]:
        self.calls.append(called)
        if not self._steps:
            raise AssertionError(f"call {len(self.calls)} was not expected: {words!r}")
        step = self._steps.pop(0)
        reply: Reply = step(called.asked) if callable(step) else step
        return reply if isinstance(reply, Sequence) and not isinstance(reply, str) else [reply]

    def _play(self, pieces: Sequence[Piece]) -> Generator[ModelEvent]:
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
