"""How replies look on OpenAI's wire and on Ollama's: chunks, whole answers, usage with cached prefixes."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.servers.replies import Reply, spoken

Json = dict[str, Any]
ARGUMENT_PIECE = 7  # characters of a tool's arguments a chunk carries: small, so that folding is really tested
MOST_PIECES = 500  # of the same arguments: longer ones come in longer pieces


def tokens(message: Mapping[str, Any]) -> int:
    """A message's tokens by this server's own book: four to open it, and one for each four characters."""
    calls = json.dumps(message.get("tool_calls")) if message.get("tool_calls") else ""
    return 4 + (len(spoken(message.get("content"))) + len(calls) + 3) // 4


class PrefixCache:
    """What automatic caching would hit: the longest run of leading messages that an earlier request began with.

    Real providers count from 1,024 tokens and in steps of 128; this one counts each message, to be visible in small
    tests.
    """

    def __init__(self) -> None:
        self._seen: dict[str, list[list[str]]] = {}

    def hit(self, model: str, messages: Sequence[Mapping[str, Any]]) -> int:
        """Cached tokens of this request; the request itself is remembered."""
        keys = [json.dumps(message, sort_keys=True) for message in messages]
        best = 0
        for earlier in self._seen.setdefault(model, []):
            same = 0
            while same < min(len(keys), len(earlier)) and keys[same] == earlier[same]:
                same += 1
            best = max(best, same)
        self._seen[model].append(keys)
        return sum(tokens(message) for message in messages[:best])


def usage(reply: Reply, messages: Sequence[Mapping[str, Any]], cached: int) -> Json:
    """The usage object of OpenAI's wire."""
    prompt = sum(tokens(message) for message in messages)
    said = (len(reply.content) + len(reply.reasoning) + sum(len(tool.arguments) for tool in reply.tools) + 3) // 4
    return {
        "prompt_tokens": prompt,
        "completion_tokens": said,
        "total_tokens": prompt + said,
        "prompt_tokens_details": {"cached_tokens": cached},
    }


def tool_calls(reply: Reply) -> list[Json]:
    """The calls, whole, as in an answer that is not streamed."""
    return [
        {
            "id": tool.id or f"call_{number}",
            "type": "function",
            "function": {"name": tool.name, "arguments": tool.arguments},
        }
        for number, tool in enumerate(reply.tools)
    ]


def tool_fragments(reply: Reply) -> Iterator[Json]:
    """The calls in fragments by index, parallel calls interleaved: first ids and names, then arguments in pieces."""
    calls = tool_calls(reply)
    for index, call in enumerate(calls):
        head = {"index": index, **call, "function": {"name": call["function"]["name"], "arguments": ""}}
        yield {"tool_calls": [head]}
    longest = max((len(tool.arguments) for tool in reply.tools), default=0)
    step = max(ARGUMENT_PIECE, longest // MOST_PIECES)
    for start in range(0, longest, step):
        for index, tool in enumerate(reply.tools):
            piece = tool.arguments[start : start + step]
            if piece:
                yield {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}


def chunks(reply: Reply, model: str, told: Json | None) -> Iterator[Json]:
    """A streamed answer, chunk by chunk; `told` is the usage, when it was asked for."""
    if reply.empty_choices:
        yield _chunk(model, [])
        return
    yield from (dict(raw) for raw in reply.extra)
    for delta in deltas(reply):
        yield _chunk(model, [{"index": 0, "delta": delta, "finish_reason": None}])
    if reply.finish_reason:
        yield _chunk(model, [{"index": 0, "delta": {}, "finish_reason": reply.finish_reason}])
    if told is not None:
        yield {**_chunk(model, []), "usage": told}


def deltas(reply: Reply) -> Iterator[Json]:
    """What each chunk adds."""
    yield {"role": "assistant", "content": ""}
    for piece in _thirds(reply.reasoning):
        yield {reply.reasoning_field: piece}
    for piece in reply.chunks():
        yield {"content": piece}
    yield from tool_fragments(reply)


def events(values: Iterator[Json]) -> Iterator[bytes]:
    """Server-sent events, and the mark of the end."""
    for value in values:
        yield b"data: " + json.dumps(value).encode() + b"\n\n"
    yield b"data: [DONE]\n\n"


def page(path: str, models: Sequence[str], pages: Mapping[str, Any]) -> Any:
    """What the server says of its models at a path: `pages` first; None where there is nothing."""
    own = {
        "/v1/models": {"object": "list", "data": [{"id": name, "object": "model"} for name in models]},
        "/api/tags": {"models": [{"name": name, "model": name} for name in models]},
        "/api/show": {"template": "{{ .Tools }}", "model_info": {"llama.context_length": 8192}, "details": {}},
    }
    return {**own, **pages}.get(path)


def whole(reply: Reply, model: str, told: Json | None) -> Json:
    """The same answer in one piece."""
    message: Json = {"role": "assistant", "content": reply.content or None}
    if reply.reasoning:
        message[reply.reasoning_field] = reply.reasoning
    if reply.tools:
        message["tool_calls"] = tool_calls(reply)
    choice = {"index": 0, "message": message, "finish_reason": reply.finish_reason or None}
    answer = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": model}
    answer["choices"] = [] if reply.empty_choices else [choice]
    return answer if told is None else {**answer, "usage": told}


def ollama_lines(reply: Reply, model: str, told: Json) -> Iterator[Json]:
    """The same answer on Ollama's own wire: JSON lines, tool calls whole, counts in the last line."""
    for delta in deltas(reply):
        text = delta.get("content", "")
        thought = delta.get(reply.reasoning_field, "")
        if text or thought:
            yield _line(model, {"role": "assistant", "content": text, **({"thinking": thought} if thought else {})})
    if reply.tools:
        calls = [{"function": {"name": t.name, "arguments": json.loads(t.arguments)}} for t in reply.tools]
        yield _line(model, {"role": "assistant", "content": "", "tool_calls": calls})
    yield {
        **_line(model, {"role": "assistant", "content": ""}),
        "done": True,
        "done_reason": "length" if reply.finish_reason == "length" else "stop",
        "prompt_eval_count": told["prompt_tokens"],
        "eval_count": told["completion_tokens"],
    }


def _line(model: str, message: Json) -> Json:
    return {"model": model, "created_at": "2026-11-22T01:14:00Z", "message": message, "done": False}


def _chunk(model: str, choices: list[Json]) -> Json:
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": model, "choices": choices}


def _thirds(text: str) -> list[str]:
    """The text in about three pieces."""
    step = max(1, (len(text) + 2) // 3)
    return [text[start : start + step] for start in range(0, len(text), step)]
