"""From a provider's chunks to our events: text, reasoning kept apart, tool calls whole, usage, the reason of the end.

Pure: no clock, no network. A `Fold` is fed chunk by chunk; chunks are litellm's (objects) or plain mappings, both in
the shape of OpenAI's wire. However a provider cuts the same reply, the events joined are the same.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from memchat.domain import Finish, ModelEvent, ReasoningDelta, TextDelta, ToolCall, Usage

OPEN = "<think>"
CLOSE = "</think>"
# Providers' own words for the four reasons we know; litellm translates most, not all.
REASONS = {
    "end_turn": "stop",
    "eos": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_length": "length",
    "function_call": "tool_calls",
    "tool_use": "tool_calls",
    "safety": "content_filter",
    "refusal": "content_filter",
}
KNOWN = frozenset({"stop", "length", "tool_calls", "content_filter"})


def read(value: object, name: str) -> Any:
    """A field of a chunk, whether it is a mapping or an object; None when it is not there."""
    if isinstance(value, Mapping):
        return value.get(name)
    return getattr(value, name, None)


class Thinking:
    """Parts `<think>...</think>` at the start of the content from the words after it, across any cut.

    Later tags are the model's own words: somebody may well ask about HTML.
    """

    def __init__(self) -> None:
        self._held = ""
        self._state = "start"  # start, think, after, text

    def feed(self, piece: str) -> Iterator[ModelEvent]:
        """The next characters of the content."""
        self._held += piece
        if self._state == "start":
            self._begin()
        if self._state == "think":
            yield from self._think()
        if self._state == "after":
            self._held = self._held.lstrip()
            self._state = "text" if self._held else "after"
        if self._state == "text" and self._held:
            yield TextDelta(self._take(len(self._held)))

    def end(self) -> Iterator[ModelEvent]:
        """What was held back, when nothing comes any more."""
        if self._held:
            kind = ReasoningDelta if self._state == "think" else TextDelta
            yield kind(self._take(len(self._held)))

    def _begin(self) -> None:
        """Decide whether the content opens with a tag, as soon as that can be told."""
        bare = self._held.lstrip()
        if bare.startswith(OPEN):
            self._held = bare.removeprefix(OPEN)
            self._state = "think"
        elif not OPEN.startswith(bare):
            self._state = "text"

    def _think(self) -> Iterator[ModelEvent]:
        """Give out reasoning, but hold back what may be the start of the closing tag."""
        thought, closed, rest = self._held.partition(CLOSE)
        if closed:
            self._held = rest
            self._state = "after"
        else:
            keep = _overlap(thought, CLOSE)
            thought = self._take(len(thought) - keep)
        if thought:
            yield ReasoningDelta(thought)

    def _take(self, length: int) -> str:
        taken, self._held = self._held[:length], self._held[length:]
        return taken


def _overlap(text: str, tag: str) -> int:
    """How many characters at the end of `text` begin `tag`."""
    for length in range(min(len(text), len(tag) - 1), 0, -1):
        if text.endswith(tag[:length]):
            return length
    return 0


@dataclass(slots=True)
class _Call:
    """One tool call while its fragments come in."""

    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)


class ToolCalls:
    """Folds tool-call fragments by their index.

    Seen in the wild and handled: no id at all, the id and the name repeated with each fragment, the name in pieces, no
    index, each parallel call at index 0 with an id of its own, arguments as an object.
    """

    def __init__(self) -> None:
        self._calls: list[_Call] = []
        self._at: dict[int, _Call] = {}

    def feed(self, fragment: object) -> str:
        """One fragment; returns what it adds to the arguments."""
        function = read(fragment, "function")
        name = read(function, "name") or ""
        arguments = read(function, "arguments") or ""
        if not isinstance(arguments, str):
            arguments = json.dumps(arguments, ensure_ascii=False)
        identity = read(fragment, "id") or ""
        call = self._find(read(fragment, "index"), identity, name)
        if name and not (call.arguments or (identity and name == call.name)):
            call.name += name
        call.id = call.id or identity
        if arguments:
            call.arguments.append(arguments)
        return arguments

    def whole(self) -> list[ToolCall]:
        """The calls in the order in which they began."""
        return [
            ToolCall(call.id or f"call_{number}", call.name, "".join(call.arguments))
            for number, call in enumerate(self._calls)
        ]

    def _find(self, index: int | None, identity: str, name: str) -> _Call:
        """The call a fragment belongs to; a new one when it opens one."""
        if index is None:
            same = [call for call in self._calls if identity and call.id == identity]
            call = same[0] if same else (self._calls[-1] if self._calls else None)
            opens = call is None or bool(name and not same and (identity or call.arguments))
        else:
            call = self._at.get(index)
            opens = call is None or bool(name and identity and call.id and call.id != identity)
        if call is None or opens:
            call = _Call()
            self._calls.append(call)
            if index is not None:
                self._at[index] = call
        return call


class Fold:
    """One reply, folded. `spoke` tells whether anything of it came, `length` how many characters, thoughts and
    arguments of tools included.
    """

    def __init__(self) -> None:
        self.spoke = False
        self.length = 0
        self._thinking = Thinking()
        self._calls = ToolCalls()
        self._reason = ""
        self._usage: Usage | None = None

    def feed(self, chunk: object) -> Iterator[ModelEvent]:
        """The events of one chunk."""
        usage = read(chunk, "usage")
        if usage is not None:
            self._usage = tokens_told(usage)
        choices: Sequence[object] = read(chunk, "choices") or ()
        if not choices:
            return
        self._reason = read(choices[0], "finish_reason") or self._reason
        delta = read(choices[0], "delta")
        thought = read(delta, "reasoning_content") or read(delta, "reasoning") or ""
        if isinstance(thought, str) and thought:
            self._heard(thought)
            yield ReasoningDelta(thought)
        content = read(delta, "content") or ""
        if content:
            self._heard(content)
            yield from self._thinking.feed(content)
        for fragment in read(delta, "tool_calls") or ():
            self._heard(self._calls.feed(fragment))

    def _heard(self, piece: str) -> None:
        self.spoke = True
        self.length += len(piece)

    def rest(self) -> Iterator[ModelEvent]:
        """Words held back while they might have been a tag: also owed when the stream broke."""
        yield from self._thinking.end()

    def end(self, *, told: bool = True) -> Iterator[ModelEvent]:
        """What is left, the tool calls, and `Finish`; `told` False leaves usage out that nobody told."""
        yield from self.rest()
        calls = self._calls.whole()
        yield from calls
        yield Finish(_reason(self._reason, called=bool(calls)), self._usage if told else None)


def tokens_told(usage: object) -> Usage:
    """Usage as the provider told it, without a cost.

    Cached tokens under all the names they have been seen by: OpenAI's, Anthropic's, DeepSeek's, Moonshot's. They are
    part of the prompt's; a gateway that tells them beside it, as Anthropic itself does, is set right.
    """
    details = read(usage, "prompt_tokens_details")
    cached = _first(
        (details, "cached_tokens"),
        (usage, "cache_read_input_tokens"),
        (usage, "prompt_cache_hit_tokens"),
        (usage, "cached_tokens"),
    )
    written = _first(
        (details, "cache_write_tokens"),
        (details, "cache_creation_tokens"),
        (usage, "cache_creation_input_tokens"),
    )
    prompt = int(read(usage, "prompt_tokens") or 0)
    if cached + written > prompt:
        beside = _first((usage, "cache_read_input_tokens"), (usage, "cache_creation_input_tokens"))
        prompt += cached + written if beside else 0
        cached, written = min(cached, prompt), written if beside else 0
    return Usage(prompt, int(read(usage, "completion_tokens") or 0), cached, written_tokens=written)


def _first(*places: tuple[object, str]) -> int:
    """The first number above 0 that stands in one of the places."""
    numbers = (read(value, name) for value, name in places)
    return next((int(number) for number in numbers if isinstance(number, int | float) and number > 0), 0)


def _reason(reason: str, *, called: bool) -> str:
    """One of the four reasons; some servers say stop though they call tools, and the other way round."""
    plain = reason.lower()
    plain = REASONS.get(plain, plain)
    if plain not in KNOWN:
        plain = "stop"
    if plain in {"stop", "tool_calls"}:
        plain = "tool_calls" if called else "stop"
    return plain
