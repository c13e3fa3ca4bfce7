"""Where a provider shall cache the prompt: marks for those that want them, and for all others nothing.

Claude, wherever it runs, and Amazon's Nova cache only up to a mark (Anthropic's page "Prompt caching"; Bedrock's
"Prompt caching for faster model inference"). OpenAI, DeepSeek, Groq, xAI, llama.cpp, Ollama and the rest cache by
themselves what begins alike. Gemini does too, and a mark there would make litellm create a stored cache that costs by
the hour.

The marks stand at the end of the frozen head, and at the message before the newest user message: up to there the next
request will be the same, byte for byte, while the newest one may carry a tail that is never sent again. They are
litellm's `cache_control_injection_points`: the messages themselves stay as they are.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from memchat.llm.providers import listed
from memchat.llm.windows import Route

# By what litellm calls them: who passes a mark on to Claude. Vertex AI and Azure have Claude beside Gemini and GPT.
_BEDROCK = frozenset({"bedrock", "bedrock_converse"})
_CLAUDE_AT = _BEDROCK | {"anthropic", "vertex_ai", "azure_ai", "openrouter", "databricks"}
# The fewest tokens that are cached, where litellm's list (`prompt_cache_min_tokens`) does not say: Anthropic's page on
# prompt caching, "Cache limitations", and for Nova that of Bedrock. The first that the name holds counts.
_SMALLEST = (
    ("opus-5", 512),
    ("fable", 1_024),  # 512 at Anthropic, 1,024 on Bedrock
    ("mythos", 512),
    ("opus-4-7", 2_048),
    ("opus-4-6", 4_096),
    ("opus-4-5", 4_096),
    ("haiku-4-5", 4_096),
    ("haiku", 2_048),
    ("claude", 1_024),
    ("nova", 1_024),
)
# Claude looks back so many blocks from a mark for what it has cached before (Anthropic's page): a turn with more calls
# of tools than that gets a third mark, where the request before had its second.
LOOKS_BACK = 20

Points = list[dict[str, Any]]
Cost = Callable[[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]], int]


def points(
    route: Route, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]], cost: Cost
) -> Points:
    """The places to mark, as litellm wants them; empty where the provider wants none or what is cached is too small.

    `cost` counts the tokens of messages with tools, which stand before the head in a cache.
    """
    smallest = least(route)
    if not smallest:
        return []
    return [
        {"location": "message", "index": place}
        for place in _places(messages)
        if cost(messages[: place + 1], tools) >= smallest
    ]


def least(route: Route) -> int:
    """The fewest tokens that the model's provider caches up to a mark; 0 where it wants no marks."""
    provider, _, model = route.litellm_name.partition("/")
    name = model.lower().replace(".", "-")
    claude = provider in _CLAUDE_AT and "claude" in name
    if not claude and not (provider in _BEDROCK and "nova" in name):
        return 0
    entry = listed(route.litellm_name)
    # Others pass over a mark that they cannot use: Bedrock refuses the request.
    if provider in _BEDROCK and entry and not entry.get("supports_prompt_caching"):
        return 0
    told = entry.get("prompt_cache_min_tokens")
    return told if isinstance(told, int) and told > 0 else next(size for part, size in _SMALLEST if part in name)


def _places(messages: Sequence[Mapping[str, Any]]) -> list[int]:
    """The head, where the request before had its last mark if that is far, and the message before the newest user's."""
    asked = [place for place, message in enumerate(messages) if message["role"] == "user"]
    ends = [place - 1 for place in asked[-2:] if place > 0]
    if len(ends) == 2 and _blocks(messages[ends[0] + 1 : ends[1] + 1]) < LOOKS_BACK:
        del ends[0]
    head = [0] if messages[0]["role"] == "system" else []
    return sorted({*head, *ends})


def _blocks(messages: Sequence[Mapping[str, Any]]) -> int:
    """How many blocks the messages are at Anthropic: texts, calls of tools, results."""
    return sum(bool(message.get("content")) + len(message.get("tool_calls") or ()) for message in messages)
