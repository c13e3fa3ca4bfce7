"""What one call to litellm is made of: the messages, the way to the model, and what the user set with `-o`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from memchat.domain import ToolSpec
from memchat.errors import ContextWindowError, UsageError
from memchat.llm import caching, context_windows, messages
from memchat.llm.context_windows import Window
from memchat.llm.counting import ModelCounter
from memchat.llm.windows import Route

# What -o may not set: it would send the words, or the key, somewhere else, or take the stream out of our hands.
RESERVED = frozenset(
    {
        "api_base", "base_url", "api_key", "api_version", "client", "custom_llm_provider", "fallbacks", "headers",
        "extra_headers", "max_retries", "messages", "mock_response", "model", "model_list", "num_retries", "stream",
        "stream_options", "timeout", "tools",
    }
)  # fmt: skip
ANSWER = 2_048  # tokens that are kept free for the answer where the request itself demands room for both

Request = dict[str, Any]


def check(options: Mapping[str, object]) -> None:
    """Raises UsageError for an option that is not the user's to set."""
    for name in options:
        if name in RESERVED:
            raise UsageError(f"-o {name} cannot be set.", "It is memchat's own: see memchat ask --help for its flags.")


def own(route: Route, options: Mapping[str, object]) -> tuple[Route, dict[str, object]]:
    """The route and the options, where `-o num_ctx` is the route's own affair: the window depends on it."""
    size = options.get("num_ctx")
    if route.provider != "ollama" or not isinstance(size, int) or size <= 0:
        return route, dict(options)
    return replace(route, num_ctx=size), {name: value for name, value in options.items() if name != "num_ctx"}


def plain(route: Route, rendered: Sequence[Mapping[str, Any]], options: Mapping[str, object]) -> Request:
    """A request of these messages, as they stand."""
    return {
        "model": route.litellm_name,
        "messages": list(rendered),
        "stream": True,
        "stream_options": {"include_usage": True},
        "api_base": route.api_base or None,
        "api_key": route.key or None,
        "num_retries": 0,
        "max_retries": 0,
        # A provider that does not know one of OpenAI's options answers without it.
        "drop_params": True,
        **options,
    }


def with_tools(request: Request, tools: Sequence[ToolSpec]) -> Request:
    """The same with tools on offer."""
    return {**request, "tools": messages.tool_list(tools)} if tools else request


def marked(request: Request, route: Route, counter: ModelCounter) -> Request:
    """The same, marked where a provider shall cache that wants to be told."""
    marks = caching.points(route, request["messages"], request.get("tools", ()), counter.request)
    return {**request, "cache_control_injection_points": marks} if marks else request


def with_room(request: Request, route: Route, window: Window, counter: ModelCounter) -> Request:
    """The same; from Ollama a context is demanded that holds it, since Ollama cuts what is too long without a word.

    Raises ContextWindowError where the model cannot hold it.
    """
    if not window.num_ctx or "num_ctx" in request:
        return request
    tokens = counter.request(request["messages"], request.get("tools", ()))
    if tokens > window.tokens:
        raise ContextWindowError(
            f"{route.name} reads {window.tokens:,} tokens, and this has about {tokens:,}.",
            "Send a shorter message, raise num_ctx, or choose a model with a larger window (/model NAME).",
        )
    answer = request.get("max_tokens")
    room = answer if isinstance(answer, int) and answer > 0 else ANSWER
    wanted = counter.at_most(request["messages"], request.get("tools", ())) + room
    return {**request, "num_ctx": context_windows.num_ctx(route, window, wanted)}
