"""What tokens cost by the price list in litellm's wheel."""

from collections.abc import Mapping
from typing import Any

from memchat.domain import Usage
from memchat.llm.providers import listed


def price(model: str, usage: Usage) -> float | None:
    """US dollars for these tokens of the model as the user names it; None where no price is known.

    The prices are those of the installed litellm: what a provider charged at the time may have been another.
    """
    return price_of(usage, listed(model))


def price_of(usage: Usage, price: Mapping[str, Any]) -> float | None:
    """What the tokens cost at a price list's entry (US dollars a token); None where it names no price.

    Higher prices for very long prompts are not looked at: what memchat sends is far below them.
    """
    fresh, said = price.get("input_cost_per_token"), price.get("output_cost_per_token")
    if fresh is None or said is None:
        return None
    cached = price.get("cache_read_input_token_cost", fresh)
    written = price.get("cache_creation_input_token_cost", fresh)
    uncached = max(0, usage.prompt_tokens - usage.cached_tokens - usage.written_tokens)
    prompt = uncached * fresh + usage.cached_tokens * cached + usage.written_tokens * written
    return float(prompt + usage.completion_tokens * said)
