"""Who would answer, and remember: where words go, with whose key, how much is read at once, what is in the way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from memchat.config import Settings
from memchat.domain import NOTEBOOK
from memchat.errors import ConfigError, MemchatError

if TYPE_CHECKING:
    from memchat.llm.windows import Route
    from memchat.ports import KeyStore

BUILT_IN = "built in: no key, no network"
OFFLINE = "memchat -m notebook goes on without it."


class Reach(Protocol):
    """Why nobody answers at an address, in words; empty where somebody does."""

    def __call__(self, address: str, *, local: bool) -> str: ...


@dataclass(frozen=True, slots=True)
class Way:
    """One model. `use` says what for: `chat` or `memory`.

    `address_from` is the environment variable that names its address; `key_from` says in words where its key was found.
    `window` is in tokens, `window_from` says in words who says so and is empty for a guess. `reached` is None where
    there is nobody to ask. `trouble` is what is in the way, with what mends it.
    """

    use: str
    name: str
    host: str = ""
    local: bool = True
    key_from: str = ""
    address_from: str = ""
    window: int | None = None
    window_from: str = ""
    reached: bool | None = None
    trouble: MemchatError | None = None


def way(
    use: str,
    name: Callable[[], str],
    *,
    settings: Settings,
    environ: Mapping[str, str],
    keys: Callable[[], "KeyStore"],
    reach: Reach,
) -> Way:
    """How it stands with the model that `name` names; asks its address whether somebody is there, and nobody else."""
    called = ""
    try:
        called = name()
        if called == NOTEBOOK:
            return _notebook(use)
        from memchat.llm.windows import elsewhere, resolve

        route = resolve(called, environ=environ, providers=settings.providers, keys=keys())
    except ConfigError as error:  # a key, a model, an address
        return Way(use, called, trouble=error)
    if settings.privacy.local_only and not route.local:
        return _along(use, route, None, elsewhere("It", route))
    if not route.api_base:  # litellm alone knows where it is
        return _along(use, route, None, None)
    why = reach(route.api_base, local=route.local)
    trouble = ConfigError(f"{route.host} does not answer: {why}.", _mend(route)) if why else None
    return _along(use, route, not why, trouble)


def keys(settings: Settings, environ: Mapping[str, str], kept: Callable[[], "KeyStore"]) -> list[tuple[str, str]]:
    """Providers that have a key, and where it was found, in words; never the key. Raises ConfigError."""
    from memchat.llm.windows import keys_found

    return keys_found(environ, kept(), settings.providers)


def _along(use: str, route: "Route", reached: bool | None, trouble: MemchatError | None) -> Way:
    """Its window is asked for only where its server is there to be asked."""
    tokens, source = None, ""
    if reached is not False:
        from memchat.llm import context_windows

        window = context_windows.find(route)
        tokens, source = window.tokens, window.source
    return Way(
        use, route.name, route.host, route.local, route.key_from, route.address_from, tokens, source, reached, trouble
    )


def _notebook(use: str) -> Way:
    from memchat.llm.notebook.model import NotebookModel

    model = NotebookModel()
    return Way(use, NOTEBOOK, window=model.window, window_from=model.window_from)


def _mend(route: "Route") -> str:
    if route.address_from:
        return f"Unset {route.address_from}, or start what is meant to be there. {OFFLINE}"
    if route.local:
        start = "Start it: ollama serve" if route.provider == "ollama" else "Start its server"
        return f"{start}; or: {OFFLINE}"
    return f"Is there a network? {OFFLINE}"
