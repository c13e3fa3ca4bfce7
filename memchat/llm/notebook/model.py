"""NotebookModel: answers without a language model, without a key, without a network, through the port of any model.

It learns by rule through the same `remember` tool, finds through the same `recall`, and says what it does not know.
"""

import json
from collections.abc import Callable, Iterator, Sequence

from memchat.domain import NOTEBOOK, Completion, Context, Finish, ModelEvent, Task, TextDelta, ToolCall, ToolSpec, Usage

CHUNK = 24
"""Characters of one streamed piece: the reply is there at once, but a screen that streams shall see pieces."""


class NotebookModel:
    """The built-in model. `window` is in tokens; it never sends a word anywhere."""

    name = NOTEBOOK
    host = ""
    local = True
    window = 32_768
    window_from = "memchat itself"
    sees = False

    def stream(self, context: Context, tools: Sequence[ToolSpec]) -> Iterator[ModelEvent]:
        """First the tool calls the message needs, if tools are on offer; then the answer from what they gave back."""
        # The rules cost a tenth of a second to load: at the first message, not while the prompt is being drawn.
        from memchat.llm.notebook.answer import reply
        from memchat.llm.notebook.facts import tool_answers

        calls = [] if context.rounds else list(_calls(context, tools))
        if calls:
            yield from calls
            yield Finish("tool_calls", Usage())
            return
        names = frozenset(tool.name for tool in tools)
        text = reply(context, tool_answers(context.rounds), names)
        for start in range(0, len(text), CHUNK):
            yield TextDelta(text[start : start + CHUNK])
        yield Finish("stop", Usage())

    def complete(self, task: Task, stop: Callable[[], bool]) -> Completion | None:
        """The consolidation by rule, from the task's values; it takes a few milliseconds and costs nothing."""
        if stop():
            return None
        from memchat.llm.notebook.summarise import consolidated

        return Completion(json.dumps(consolidated(task.material), ensure_ascii=False), Usage())


def _calls(context: Context, tools: Sequence[ToolSpec]) -> Iterator[ToolCall]:
    """One `remember` for each fact, one `recall` for each question that what is shown does not answer."""
    from memchat.llm.notebook.answer import searches
    from memchat.llm.notebook.learn import learn, placed
    from memchat.memory.statements.sentences import own_words

    by_name = {tool.name: tool for tool in tools}
    number = 0
    if "remember" in by_name:
        fields = _fields(by_name["remember"])
        for draft in learn(own_words(context.user), context.now):
            number += 1
            field, text = placed(draft, fields)
            arguments = {"field": field, "text": text, "quote": draft.quote}
            yield _call(context, number, "remember", arguments)
    if "recall" in by_name:
        for query in searches(context, frozenset(by_name)):
            number += 1
            yield _call(context, number, "recall", {"query": query})


def _call(context: Context, number: int, name: str, arguments: dict[str, str]) -> ToolCall:
    call_id = f"notebook-{context.user.turn}-{number}"
    return ToolCall(call_id, name, json.dumps(arguments, ensure_ascii=False))


def _fields(tool: ToolSpec) -> frozenset[str]:
    """The profile fields the `remember` tool takes, as its schema lists them; empty when it lists none."""
    properties = tool.parameters.get("properties")
    field = properties.get("field") if isinstance(properties, dict) else None
    named = field.get("enum") if isinstance(field, dict) else None
    return frozenset(str(one) for one in named) if isinstance(named, list | tuple) else frozenset()
