"""A `Context` as the messages of OpenAI's wire: the same context, the same bytes.

One system message (the frozen head), the earlier messages from their saved parts, the newest user message with the
tail before the person's own words, then the rounds of tool calls since. Each message is rendered by itself, so what
was sent up to one turn begins, byte for byte, what is sent at the next. Files and pasted or piped text stand in fences
under their names, so that they pass for nobody's request. Barred parts never leave: `[erased]` stands for a message or
a result of which nothing else is left.
"""

import json
from collections.abc import Sequence
from typing import Any

from memchat.domain import Context, Message, Part, PartKind, Role, ToolSpec
from memchat.memory.quoting import ERASED, as_sent

Rendered = dict[str, Any]


def render(context: Context) -> list[Rendered]:
    """All messages of one request, in order."""
    messages: list[Rendered] = []
    if context.head:
        messages.append({"role": "system", "content": context.head})
    messages += history(context.turns)
    words = _words(context.user) or ERASED
    messages.append({"role": "user", "content": f"{context.tail}\n\n{words}" if context.tail else words})
    messages += history(context.rounds)
    return messages


def history(messages: Sequence[Message]) -> list[Rendered]:
    """Saved messages; a tool's result is left out when its call is not there, for providers refuse an orphan."""
    rendered: list[Rendered] = []
    called: set[str] = set()
    for message in messages:
        if message.role is Role.USER:
            rendered.append({"role": "user", "content": _words(message) or ERASED})
        elif message.role is Role.ASSISTANT:
            rendered.append(_assistant(message))
            called |= {call["id"] for call in rendered[-1].get("tool_calls", ())}
        else:
            rendered += [_result(part) for part in message.parts if _is_result(part) and part.call_id in called]
    return rendered


def tool_list(tools: Sequence[ToolSpec]) -> list[Rendered]:
    """The tools as the wire offers them."""
    return [
        {
            "type": "function",
            "function": {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)},
        }
        for tool in tools
    ]


def _words(message: Message) -> str:
    kinds = {PartKind.TEXT, PartKind.FILE}
    return "\n\n".join(as_sent(part, message) for part in message.parts if part.kind in kinds and not part.barred)


def _assistant(message: Message) -> Rendered:
    calls = [_call(part) for part in message.parts if part.kind is PartKind.TOOL_CALL and not part.barred]
    if calls:
        return {"role": "assistant", "content": message.text or None, "tool_calls": calls}
    return {"role": "assistant", "content": message.text or ERASED}


def _call(part: Part) -> Rendered:
    return {
        "id": part.call_id,
        "type": "function",
        "function": {"name": part.name, "arguments": _arguments(part.content)},
    }


def _arguments(content: str) -> str:
    """The arguments' JSON text, as the model wrote it.

    What is no object goes back as an empty one, since some providers parse it and refuse the whole request.
    """
    try:
        saved = json.loads(content)
        value = saved.get("arguments") if isinstance(saved, dict) else None
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return text if isinstance(json.loads(text), dict) else "{}"
    except ValueError:
        return "{}"


def _is_result(part: Part) -> bool:
    return part.kind is PartKind.TOOL_RESULT


def _result(part: Part) -> Rendered:
    return {"role": "tool", "tool_call_id": part.call_id, "content": ERASED if part.barred else part.content}
