"""How replies look on Anthropic's wire and on Gemini's, as far as a chat needs them, with the caches of both.

Anthropic caches a prompt up to a mark, and finds what it has cached by looking back a few blocks from each mark; what
is below the smallest size is neither written nor read. Gemini caches by itself.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.servers.replies import Reply

Json = dict[str, Any]
LOOKS_BACK = 20  # blocks
SMALLEST = 1_024  # tokens


class MarkedCache:
    """What Anthropic's servers keep of the requests before: prefixes that ended at a mark."""

    def __init__(self) -> None:
        self._kept: set[str] = set()

    def usage(self, body: Mapping[str, Any]) -> tuple[int, int, int]:
        """Tokens of the request that were neither, that were read from the cache, and that were written to it."""
        blocks = _blocks(body)
        sizes = [(len(bare) + 3) // 4 for bare, _ in blocks]
        marks = [place for place, (_, marked) in enumerate(blocks) if marked]
        read = 0
        for mark in marks:
            for end in range(mark, max(-1, mark - LOOKS_BACK), -1):
                if _prefix(blocks, end) in self._kept:
                    read = max(read, sum(sizes[: end + 1]))
                    break
        reached = [mark for mark in marks if sum(sizes[: mark + 1]) >= SMALLEST]
        self._kept |= {_prefix(blocks, mark) for mark in reached}
        written = max(0, max((sum(sizes[: mark + 1]) for mark in reached), default=0) - read)
        return sum(sizes) - read - written, read, written


def anthropic_events(reply: Reply, body: Mapping[str, Any], cache: MarkedCache) -> Iterator[bytes]:
    """A streamed answer."""
    fresh, read, written = cache.usage(body)
    told = {"input_tokens": fresh, "cache_read_input_tokens": read, "cache_creation_input_tokens": written}
    start = {"id": "msg_1", "type": "message", "role": "assistant", "model": body["model"], "content": []}
    yield _event({"type": "message_start", "message": {**start, "usage": {**told, "output_tokens": 1}}})
    yield _event({"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}})
    for piece in reply.chunks():
        yield _event({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}})
    yield _event({"type": "content_block_stop", "index": 0})
    end = {"stop_reason": "end_turn", "stop_sequence": None}
    yield _event({"type": "message_delta", "delta": end, "usage": {"output_tokens": len(reply.chunks())}})
    yield _event({"type": "message_stop"})


def gemini_events(reply: Reply, body: Mapping[str, Any]) -> Iterator[bytes]:
    """A streamed answer; half of the prompt came from a cache."""
    prompt = len(json.dumps(body["contents"])) // 4
    said = {"content": {"role": "model", "parts": [{"text": reply.content}]}, "finishReason": "STOP", "index": 0}
    told = {"promptTokenCount": prompt, "cachedContentTokenCount": prompt // 2, "candidatesTokenCount": 2}
    value = {"candidates": [said], "usageMetadata": {**told, "totalTokenCount": prompt + 2}}
    yield b"data: " + json.dumps(value).encode() + b"\r\n\r\n"


def _blocks(body: Mapping[str, Any]) -> list[tuple[str, bool]]:
    """The request's blocks in the order in which they are cached, and whether each is marked."""
    system = body.get("system") or []
    found = [*(body.get("tools") or []), *(system if isinstance(system, list) else [{"text": system}])]
    for message in body["messages"]:
        content = message["content"]
        blocks = content if isinstance(content, list) else [{"type": "text", "text": content}]
        found += [{**block, "role": message["role"]} for block in blocks]
    bare = [{name: value for name, value in block.items() if name != "cache_control"} for block in found]
    return [(json.dumps(one, sort_keys=True), "cache_control" in block) for one, block in zip(bare, found, strict=True)]


def _prefix(blocks: list[tuple[str, bool]], end: int) -> str:
    return "\n".join(bare for bare, _ in blocks[: end + 1])


def _event(value: Json) -> bytes:
    return f"event: {value['type']}\ndata: {json.dumps(value)}\n\n".encode()
