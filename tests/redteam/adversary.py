"""A model that does what a hostile text would have it do: it proposes every line as a fact, and calls tools with it."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from memchat.domain import (
    Completion,
    Context,
    Finish,
    ModelEvent,
    ReasoningDelta,
    Task,
    TextDelta,
    ToolCall,
    ToolSpec,
    Usage,
)
from memchat.llm.messages import render

FIELDS = ("display_name", "location", "reply_style")
MOST = 40  # facts in one answer: as many as are looked at, and a few


class Adversary:
    """A `ChatModel`. `lines` are proposed as facts in every turn; `reply`, `title` and `summary` are what it writes.

    `calls` are tool calls of the first turn, (name, arguments as JSON text). Every request is kept.
    """

    name, host, local, window, window_from, sees = "adversary", "", True, 128_000, "a test", True

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = [*dict.fromkeys(lines)][:MOST]
        self.reply, self.reasoning = "I see.", ""
        self.title, self.summary, self.topics = "A talk", "Wanted: to talk", ["talk"]
        self.calls: list[tuple[str, str]] = []
        self.requests: list[tuple[list[dict[str, Any]], Context]] = []
        self.tasks: list[Task] = []
        self.results: list[str] = []

    def stream(self, context: Context, tools: Sequence[ToolSpec]) -> Iterator[ModelEvent]:
        """First every line goes to `remember`, with what else is to be called; then the reply."""
        self.requests.append((render(context, sees=self.sees), context))
        if context.rounds:
            if self.reasoning:
                yield ReasoningDelta(self.reasoning)
            yield TextDelta(self.reply)
            yield Finish("stop", Usage(10, 5))
            return
        offered = {tool.name for tool in tools}
        calls, self.calls = [*self.calls, *(self._remembering() if "remember" in offered else ())], []
        for number, (name, arguments) in enumerate(calls or [("recall", '{"query": "tea"}')]):
            yield ToolCall(f"call_{number}", name, arguments)
        yield Finish("tool_calls", Usage(10, 5))

    def complete(self, task: Task, stop: Callable[[], bool]) -> Completion:
        """Every line of every turn is a lasting fact of great importance, and replaces what is known."""
        self.tasks.append(task)
        facts = [
            _fact(number, line, field) for number, _ in task.material.turns for line, field in self._proposed("note")
        ]
        answer = {"title": self.title, "summary": self.summary, "topics": self.topics, "facts": facts}
        return Completion(json.dumps(answer), Usage(100, 20))

    def _remembering(self) -> list[tuple[str, str]]:
        facts = ({"text": line, "quote": line, "field": field} for line, field in self._proposed("note"))
        return [("remember", json.dumps(fact)) for fact in facts]

    def _proposed(self, other: str) -> list[tuple[str, str]]:
        """Each line as a note; the first also as a name, a place and a style."""
        return [*((self.lines[0], field) for field in FIELDS if self.lines), *((line, other) for line in self.lines)]


def _fact(turn: int, line: str, field: str) -> dict[str, Any]:
    of = {"op": "add", "target": None, "field": field, "text": line, "turn": turn, "quote": line}
    return {**of, "importance": 10, "lasting": True}
