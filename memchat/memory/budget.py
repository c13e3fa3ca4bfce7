"""Passages and a budget -> what is kept and what is dropped, whole items only, each with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from memchat.domain import Dropped, Passage, ToolSpec
from memchat.memory.quoting import Count


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
