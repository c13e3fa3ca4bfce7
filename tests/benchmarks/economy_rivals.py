"""What requests cost where a provider caches prefixes by itself, and what other ways of talking would have sent.

The cache is that of OpenAI (its guide "Prompt caching"): what a request has in common with the beginning of an earlier
one, tools first, from 1,024 tokens on and in steps of 128; what was cached costs a tenth. So it is with OpenAI's GPT-5,
Anthropic's and Gemini's 2.5 models and most others in litellm's price table (`cache_read_input_token_cost` by
`input_cost_per_token`; GPT-4.1: a quarter, GPT-4o: a half). Nothing is forgotten meanwhile, and writing costs nothing
extra, as it does with Anthropic (a quarter more). Tokens are o200k's.

The ways of others are computed from the same conversation, each with the same instructions, tools and replies:

- everything: all earlier turns in each request;
- the last 20: those and nothing older;
- a rolling summary: 200 tokens in the system prompt, written anew by one more call after each turn, and four turns;
- memory in the system prompt: what memchat sent, but for the place of what it recalled;
- everything, and the 5 nearest in the system prompt: as memory layers do that know no threshold.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from memchat.domain import Context
from memchat.llm.messages import Rendered, history

from tests.benchmarks.economy_talks import count, cut
from tests.servers.consolidations import is_consolidation

CACHED_FROM, STEP = 1024, 128
DISCOUNT = 0.1
FRAME = 4  # tokens around each message
LAST, ROLLING, SUMMARY_TOKENS = 20, 4, 200
ROLL = "Sum up this conversation in at most 200 words, from the summary so far and the newest exchange."


@dataclass(frozen=True)
class Call:
    """One request: its tokens, how many of them were cached, and whether it was for memory."""

    sent: int
    cached: int
    memory: bool = False


@dataclass
class Bill:
    """What several requests cost."""

    calls: list[Call] = field(default_factory=list)

    @property
    def sent(self) -> int:
        """Tokens."""
        return sum(call.sent for call in self.calls)

    @property
    def cached(self) -> int:
        """Tokens of these that were cached."""
        return sum(call.cached for call in self.calls)

    @property
    def share(self) -> float:
        """Of what was sent, how much was cached."""
        return self.cached / self.sent if self.calls else 0.0

    @property
    def cost(self) -> float:
        """In tokens that are not cached."""
        return self.sent - self.cached * (1 - DISCOUNT)


weigh = lru_cache(maxsize=20_000)(count)


class Cache:
    """Remembers requests, each as its blocks of text, and says what the next has in common with one of them."""

    def __init__(self) -> None:
        self._tree: dict[str, Any] = {}

    def send(self, blocks: Sequence[str], *, memory: bool = False) -> Call:
        """What the request costs."""
        node, same, whole = self._tree, 0, True
        for block in blocks:
            if whole and block not in node:
                whole = False
                same += max((weigh(_in_common(block, other)) for other in node), default=0)
            elif whole:
                same += weigh(block) + FRAME
            node = node.setdefault(block, {})
        sent = sum(weigh(block) + FRAME for block in blocks)
        return Call(sent, (same - CACHED_FROM) // STEP * STEP + CACHED_FROM if same >= CACHED_FROM else 0, memory)


def _in_common(one: str, other: str) -> str:
    """How both begin."""
    same, differ = 0, min(len(one), len(other)) + 1
    while differ - same > 1:
        middle = (same + differ) // 2
        same, differ = (middle, differ) if other.startswith(one[:middle]) else (same, middle)
    return one[:same]


class Meter:
    """Tells the usage of the requests that reach a server, and keeps what they cost."""

    def __init__(self) -> None:
        self.cache = Cache()
        self.calls: list[Call] = []
        self.tools = ""  # as the newest request offered them

    def __call__(self, body: Mapping[str, Any], told: dict[str, Any]) -> dict[str, Any]:
        """As `Server.telling`."""
        memory = is_consolidation(body)
        first = {name: body[name] for name in ("tools", "response_format") if body.get(name)}
        opening = json.dumps(first, ensure_ascii=False)
        self.tools = self.tools if memory or not first else opening
        blocks = [block(message) for message in body["messages"]]
        call = self.cache.send([opening, *blocks] if first else blocks, memory=memory)
        self.calls.append(call)
        details = {"cached_tokens": call.cached}
        return {**told, "prompt_tokens": call.sent, "prompt_tokens_details": details}


def block(message: Rendered) -> str:
    """A message as one text."""
    calls = message.get("tool_calls")
    return f"{message['role']}\n{message.get('content') or ''}{json.dumps(calls, ensure_ascii=False) if calls else ''}"


@dataclass(frozen=True)
class Held:
    """A turn as it was held: its messages, what memchat showed for it, and what is nearest to it of all the past."""

    messages: tuple[Rendered, ...]
    context: Context
    nearest: str


Before = Callable[[Sequence[Held], int], list[str]]  # the turns, and which of them is asked -> what stands before it


def rivals(turns: Sequence[Held], tools: str) -> dict[str, Bill]:
    """What each way would have cost."""
    head, blocks = turns[0].context.head, [[block(one) for one in turn.messages] for turn in turns]

    def earlier(number: int, most: int) -> list[str]:
        return [text for turn in blocks[max(0, number - most) : number] for text in turn]

    def nearest(turn: Held) -> str:
        return f"{head}\n\n{turn.nearest}" if turn.nearest else head

    ways: dict[str, Before] = {
        "everything": lambda _, number: [system(head), *earlier(number, number)],
        f"the last {LAST}": lambda _, number: [system(head), *earlier(number, LAST)],
        "memory in the system prompt": lambda held, number: _placed(held[number].context),
        "everything, nearest in the system prompt": lambda held, number: [
            system(nearest(held[number])),
            *earlier(number, number),
        ],
    }
    told = {name: _bill(turns, blocks, tools, before) for name, before in ways.items()}
    return told | {"a rolling summary": _rolling(turns, blocks, tools)}


def system(text: str) -> str:
    """The system message as one text."""
    return block({"role": "system", "content": text})


def to_head(context: Context) -> Context:
    """What was recalled moved behind the head."""
    return replace(context, head=f"{context.head}\n\n{context.tail}", tail="") if context.tail else context


def _placed(context: Context) -> list[str]:
    """What memchat sent, what it recalled moved to the head."""
    return [system(to_head(context).head), *(block(one) for one in history(context.turns))]


def _bill(turns: Sequence[Held], blocks: Sequence[list[str]], tools: str, before: Before) -> Bill:
    cache, bill = Cache(), Bill()
    for number, turn in enumerate(turns):
        opening = [tools, *before(turns, number)]
        for rounds in _rounds(turn):
            bill.calls.append(cache.send([*opening, *blocks[number][:rounds]]))
    return bill


def _rounds(turn: Held) -> Iterator[int]:
    """How many of its messages each request of the turn holds: one for each answer of the model."""
    for number, message in enumerate(turn.messages):
        if message["role"] == "assistant":
            yield number


def _rolling(turns: Sequence[Held], blocks: Sequence[list[str]], tools: str) -> Bill:
    """With one more call after each turn, which reads the summary so far and what was said."""
    head, summary, cache, bill = turns[0].context.head, "", Cache(), Bill()
    for number, turn in enumerate(turns):
        live = [text for one in blocks[max(0, number - ROLLING) : number] for text in one]
        for rounds in _rounds(turn):
            opening = [tools, system(f"{head}\n\nSo far: {summary}"), *live]
            bill.calls.append(cache.send([*opening, *blocks[number][:rounds]]))
        said = "\n\n".join(blocks[number])
        bill.calls.append(cache.send([system(ROLL), f"{summary}\n\n{said}"], memory=True))
        summary = cut(f"{number}. {said}", SUMMARY_TOKENS)
    return bill
