"""A `Context` as the messages of OpenAI's wire: the same context, the same bytes.

One system message (the frozen head), the earlier messages from their saved parts, the newest user message with the
tail before the person's own words, then the rounds of tool calls since. Each message is rendered by itself, so what
was sent up to one turn begins, byte for byte, what is sent at the next. Files and pasted or piped text stand in fences
under their names, so that they pass for nobody's request; a picture stands behind its name, and of one that the model
cannot see only the name is sent. Barred parts never leave: `[erased]` stands for a message or a result of which nothing
else is left.
"""

import json
from collections.abc import Sequence
from typing import Any

from memchat.domain import Context, Message, Part, PartKind, Role, ToolSpec
from memchat.memory.pictures import data_url
from memchat.memory.quoting import ERASED, as_sent, named

Rendered = dict[str, Any]
_SAID = frozenset({PartKind.TEXT, PartKind.FILE, PartKind.IMAGE})


def render(context: Context, *, sees: bool = True) -> list[Rendered]:
    """All messages of one request, in order; `sees` is whether the model reads pictures."""
    messages: list[Rendered] = []
    if context.head:
        messages.append({"role": "system", "content": context.head})
    messages += history(context.turns, sees=sees)
    messages.append({"role": "user", "content": _content(context.user, sees, context.tail)})
    messages += history(context.rounds, sees=sees)
    return messages


def holds_pictures(context: Context) -> bool:
    """Whether any message of the request has a picture."""
    return any(part.kind is PartKind.IMAGE for message in (*context.turns, context.user) for part in message.parts)


def history(messages: Sequence[Message], *, sees: bool = True) -> list[Rendered]:
    """Saved messages; a tool's result is left out when its call is not there, for providers refuse an orphan."""
    rendered: list[Rendered] = []
    called: set[str] = set()
    for message in messages:
        if message.role is Role.USER:
            rendered.append({"role": "user", "content": _content(message, sees)})
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


def _content(message: Message, sees: bool, tail: str = "") -> str | list[Rendered]:
    """What a user's message says, behind the `tail`: one text, or where it has pictures, texts and pictures in turn."""
    blocks: list[Rendered] = []
    words: list[str] = []
    for part in message.parts:
        if part.barred or part.kind not in _SAID:
            continue
        pictured = part.kind is PartKind.IMAGE
        words.append(as_sent(part, message) if sees or not pictured else f"[{named(part)}, which you cannot see]")
        if pictured and sees:
            url = {"type": "image_url", "image_url": {"url": data_url(part)}}
            blocks += [_text("\n\n".join(([tail] if tail and not blocks else []) + words)), url]
            words = []
    if not blocks:
        text = "\n\n".join(words) or ERASED
        return f"{tail}\n\n{text}" if tail else text
    return [*blocks, _text("\n\n".join(words))] if words else blocks


def _text(words: str) -> Rendered:
    return {"type": "text", "text": words}


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
