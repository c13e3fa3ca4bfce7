"""How much a model reads at once, and who says so: the settings, its server, litellm's list, its family, or a guess.

Looked up when it is first needed, which is the first message, and remembered for the life of the process; a server that
did not answer is asked again after a while. For Ollama, which cuts what is too long without a word, it is also said how
large a context each request has to demand.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from memchat.llm import window_probes
from memchat.llm.providers import listed
from memchat.llm.windows import Route

SAFE_WINDOW = 8_192  # tokens; what even small local models hold
AGAIN = 60.0  # seconds after which a server that did not answer is asked once more
# Providers whose addresses answer `GET /models` as OpenAI does; asked only where a person named the address.
_LISTING = frozenset(
    {"openai", "openrouter", "mistral", "groq", "deepseek", "xai", "together_ai", "fireworks_ai", "cerebras"}
)
# Windows of common families in tokens, from their makers' pages, for names that litellm's list does not have yet.
_FAMILIES = (
    ("gpt-4o", 128_000),
    ("gpt-4.1", 1_047_576),
    ("gpt-5", 272_000),
    ("o1", 200_000),
    ("o3", 200_000),
    ("o4", 200_000),
    ("claude-", 200_000),
    ("gemini-", 1_048_576),
)


@dataclass(frozen=True, slots=True)
class Window:
    """`tokens` the model reads; `source` says in words who says so, and is empty for a guess.

    `num_ctx` is what a request to Ollama demands, 0 for others; where it `grows`, more is demanded for a longer one.
    """

    tokens: int
    source: str
    num_ctx: int = 0
    grows: bool = False


_found: dict[tuple[object, ...], tuple[Window, float]] = {}
_demanded: dict[tuple[str, str], int] = {}  # of Ollama: by model and address
_lock = Lock()


def find(route: Route, *, now: Callable[[], float] = time.monotonic) -> Window:
    """The window of the model behind a route. May ask its server, for a second or three. Safe from several threads."""
    key = (route.litellm_name, route.api_base, route.window, route.num_ctx)
    with _lock:
        found = _found.get(key)
        if found is None or (not found[0].source and now() - found[1] >= AGAIN):
            found = _found[key] = (_looked_up(route), now())
        return found[0]


def num_ctx(route: Route, window: Window, tokens: int) -> int:
    """The context that a request of so many tokens, its answer included, has to demand of Ollama.

    It doubles when it has to and does not shrink again, for Ollama loads the model anew for each other size.
    """
    place = (route.litellm_name, route.api_base)
    with _lock:
        size = window.num_ctx
        if window.grows:
            size = max(size, _demanded.get(place, 0))
            while size < tokens:
                size *= 2
        size = min(size, window.tokens)
        _demanded[place] = size
        return size


def _looked_up(route: Route) -> Window:
    model = route.litellm_name.partition("/")[2]
    if route.provider == "ollama":
        return _of_ollama(route, model)
    if route.window:
        return Window(route.window, f"[providers.{route.provider}] window")
    asked = route.named and route.litellm_name.partition("/")[0] in _LISTING
    if asked and (size := window_probes.openai_compatible(route.api_base, model, route.key, local=route.local)):
        return Window(size, f"asked at {route.host}")
    if not route.local and (size := _listed(route.litellm_name)):
        return Window(size, "litellm's list of models")
    bare = model.rpartition("/")[2]
    size = 0 if route.local else next((tokens for start, tokens in _FAMILIES if bare.startswith(start)), 0)
    return Window(size, "its family of models") if size else Window(SAFE_WINDOW, "")


def _of_ollama(route: Route, model: str) -> Window:
    """The setting, else what the Modelfile sets, else all the model can; never more than it can."""
    shown = window_probes.ollama(route.api_base, model, route.key, local=route.local) if route.named else None
    longest = shown.longest if shown else 0
    if route.num_ctx:
        size = min(route.num_ctx, longest or route.num_ctx)
        return Window(size, f"[providers.{route.provider}] num_ctx", size)
    if shown and shown.num_ctx:
        size = min(shown.num_ctx, longest or shown.num_ctx)
        return Window(size, f"its Modelfile, asked at {route.host}", size)
    if longest:
        return Window(longest, f"asked at {route.host}", min(SAFE_WINDOW, longest), grows=True)
    return Window(SAFE_WINDOW, "", SAFE_WINDOW)


def _listed(name: str) -> int:
    entry = listed(name)
    size = entry.get("max_input_tokens") or entry.get("max_tokens") or 0
    return size if isinstance(size, int) else 0
