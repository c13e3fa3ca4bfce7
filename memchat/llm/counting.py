"""What a request costs in a model's own tokens: counted with a table, and set right by the usage that comes back.

OpenAI's own models are counted by their own table, so only what a request costs beside its words is learned: how a
provider writes out messages and tools is not published. For all others the same table is a near guess: a factor on the
words is learned too, for each model, from its newest answers. Learning happens when an answer is over: within one
request all counts are of one scale.
"""

import json
import re
from collections import deque
from collections.abc import Mapping, Sequence
from statistics import median
from threading import Lock
from typing import Any

from memchat.llm.tokens import TiktokenCounter
from memchat.memory.folding import MESSAGE_TOKENS
from memchat.memory.pictures import MOST_TOKENS

REPLY = 3  # what opens and closes the reply, by the same page as a message's `MESSAGE_TOKENS`
CALL = 8  # around a tool call's name and arguments; learned with the rest
NEWEST = 12  # answers that are learned from
# Answers whose own count is further off are no measure: a server that leaves out what its cache held, a picture.
LEAST, MOST = 0.5, 3.5
WORTH = 100  # tokens; shorter requests tell of their frames only
SURE, UNSURE = 1.05, 0.5
# Two requests tell how the words count only when one is larger by this share; else they tell of both together.
APART = 0.1
# How far below nothing a line may begin, as a share of a request: some leave out what is offered or write it shorter.
BELOW = 0.1
ODD = 0.3  # an answer that tells so much more or less than those before is no beginning for the next estimate
STEP = 0.01  # smaller changes of how words count are not worth counting a conversation anew
_KEPT = 5_000  # messages whose counts are kept
_OWN_TABLE = re.compile(r"^(ft:)?(gpt-|chatgpt-|o[1-9](-|$))")


class ModelCounter:
    """A `TokenCounter` of one model."""

    def __init__(self, litellm_name: str) -> None:
        self._table = TiktokenCounter(litellm_name)
        self._exact = bool(_OWN_TABLE.match(litellm_name.rpartition("/")[2]))
        self._answers: deque[tuple[int, int]] = deque(maxlen=NEWEST)
        self._known: dict[int, int] = {}
        self._scale: tuple[float, float] = (1.0, 0.0)  # on each token, and beside them all
        self._factor = 1.0  # the same on each token, as single texts are counted
        self._newest: tuple[list[int], int, int] = ([], 0, 0)  # the newest answer's messages, as counted and as told

    def count(self, text: str) -> int:
        """The tokens of a text; 0 for the empty one, at least 1 for any other.

        The same for the same text until the model is found to count otherwise by one in a hundred.
        """
        counted = self._counted_once(text)
        return max(1, round(counted * self._factor)) if counted else 0

    def request(self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]] = ()) -> int:
        """What a request of these messages and tools costs, as they are sent: the frames around them included.

        What begins as the newest answer's request did costs what that was told to cost, and what is new besides: of a
        conversation in several languages, each of which the model counts in another way, only that is estimated.
        """
        factor, beside = self._scale
        known, known_counted, told = self._newest
        counted = self._counted(messages, tools)
        line = counted * factor + beside
        same = 0
        for message, key in zip(messages, known, strict=False):
            if _key(message) != key:
                break
            same += 1
        if not same or same < len(known) / 2 or abs(told - (known_counted * factor + beside)) > ODD * told:
            return max(1, round(line))
        return max(1, round(told + (counted - known_counted) * factor))

    def at_most(self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]] = ()) -> int:
        """What the request may cost where it must not cost more: as `request`, and half as much again for all that is
        longer than what the model has counted itself.
        """
        unseen = max(0, self._counted(messages, tools) - max((known for known, _ in self._answers), default=0))
        return round(self.request(messages, tools) * SURE + unseen * self._scale[0] * UNSURE)

    def learn(self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]], told: int) -> None:
        """The provider counted `told` tokens for this request."""
        counted = self._counted(messages, tools)
        if counted < WORTH or not LEAST <= told / counted <= MOST or any(_pictures(message) for message in messages):
            return
        self._answers.append((counted, told))
        self._newest = [_key(message) for message in messages], counted, told
        self._scale = _fitted(list(self._answers), exact=self._exact)
        if abs(self._scale[0] / self._factor - 1) > STEP:
            self._factor = self._scale[0]

    def _counted(self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]]) -> int:
        """By the table alone."""
        offered = self._counted_once(json.dumps(list(tools), ensure_ascii=False)) if tools else 0
        return REPLY + offered + sum(self._message(message) for message in messages)

    def _message(self, message: Mapping[str, Any]) -> int:
        content = message.get("content")
        blocks = content if isinstance(content, list) else [{"text": content or ""}]
        words = sum(self._counted_once(str(block.get("text") or "")) for block in blocks)
        calls = [call["function"] for call in message.get("tool_calls") or ()]
        pictures = _pictures(message) * MOST_TOKENS
        return (
            MESSAGE_TOKENS
            + words
            + pictures
            + sum(CALL + self._counted_once(f"{call['name']} {call['arguments']}") for call in calls)
        )

    def _counted_once(self, text: str) -> int:
        """Each text is counted once: all but the newest were sent before."""
        key = hash(text)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            known = self._known[key] = self._table.count(text)
        return known


def counter_of(litellm_name: str, address: str) -> ModelCounter:
    """The one counter of this process for a model at an address: what one conversation has learned serves the next."""
    with _lock:
        return _counters.setdefault((litellm_name, address), ModelCounter(litellm_name))


_counters: dict[tuple[str, str], ModelCounter] = {}
_lock = Lock()


def _key(message: Mapping[str, Any]) -> int:
    return hash(json.dumps(message, sort_keys=True, default=str))


def _pictures(message: Mapping[str, Any]) -> int:
    content = message.get("content")
    return sum(block.get("type") == "image_url" for block in content) if isinstance(content, list) else 0


def _fitted(answers: Sequence[tuple[int, int]], *, exact: bool) -> tuple[float, float]:
    """The line through the newest answers that a single odd one does not bend: its slope, and where it begins.

    The slope is the median of those between any two (Theil-Sen), the beginning the median of what is left.
    """
    if exact:
        return 1.0, median(told - counted for counted, told in answers)
    slopes = [
        (told - other_told) / (counted - other)
        for place, (counted, told) in enumerate(answers)
        for other, other_told in answers[:place]
        if abs(counted - other) >= APART * max(counted, other)
    ]
    if slopes and LEAST <= (slope := median(slopes)) <= MOST:
        beside = median(told - slope * counted for counted, told in answers)
        # Nobody pays for words that are not there: texts of several kinds look like it, which no line fits.
        if beside >= -BELOW * median(told for _, told in answers):
            return slope, beside
    return median(told / counted for counted, told in answers), 0.0
