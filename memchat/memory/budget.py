"""Passages and a budget -> what is kept and what is dropped, whole items only, each with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from memchat.domain import Dropped, Passage, ToolSpec
from memchat.memory.quoting import Count
from memchat.ports import ChatModel

# Of a request that the provider finds too large: what is sent to that model from then on.
BELIEVED_SHARE = 0.75


class Believed:
    """How much of a request each model turned out to read, where that is less than it promised."""

    def __init__(self) -> None:
        self._most: dict[tuple[str, str], int] = {}  # by name and host

    def refused(self, model: ChatModel, tokens: int) -> None:
        """The provider says that so many tokens do not fit."""
        key, believed = (model.name, model.host), int(tokens * BELIEVED_SHARE)
        self._most[key] = min(believed, self._most.get(key, believed))

    def most(self, model: ChatModel) -> int | None:
        """Tokens of one request that are believed to fit; None while nothing was refused."""
        return self._most.get((model.name, model.host))


@dataclass(frozen=True, slots=True)
class Fit:
    """What fits, in the order it was offered, and what does not."""

    kept: tuple[Passage, ...]
    dropped: tuple[Dropped, ...]

    @property
    def tokens(self) -> int:
        """What the kept passages cost."""
        return sum(passage.tokens for passage in self.kept)


def fit(passages: Sequence[Passage], budget: int, name: str) -> Fit:
    """Keep passages in the order offered, most important first, while they fit into `budget` tokens.

    One that does not fit is dropped whole, and smaller ones after it may still be kept. `name` is said in the reason:
    "over the head's 1,000 tokens".
    """
    kept: list[Passage] = []
    dropped: list[Dropped] = []
    left = max(0, budget)
    for passage in passages:
        if passage.tokens <= left:
            kept.append(passage)
            left -= passage.tokens
        else:
            dropped.append(Dropped(passage, f"over {name}"))
    return Fit(tuple(kept), tuple(dropped))


def offered(tools: Sequence[ToolSpec], count: Count) -> int:
    """The tokens of the tools that a request offers."""
    return sum(count(f"{tool.name} {tool.description} {tool.parameters}") for tool in tools)
