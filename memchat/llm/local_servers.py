"""Model servers on this computer: who listens, and which models they have. Loopback only, quick, through no proxy."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from memchat.llm.addresses import is_loopback
from memchat.llm.fetching import fetch
from memchat.llm.providers import PROVIDERS, Provider, ProviderLike


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A server that answered: its provider's name in our table, its address, the models it has."""

    provider: str
    address: str
    models: tuple[str, ...]


def address_of(provider: Provider, environ: Mapping[str, str]) -> str:
    """A local server's address: the environment's, else the usual one. `OLLAMA_HOST` may lack scheme and port."""
    told = next((environ[name].strip() for name in provider.addresses if environ.get(name, "").strip()), "")
    if not told:
        return provider.address
    address = told if "://" in told else f"http://{told}"
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:  # `resolve` tells what is wrong with it
        return address
    # 0.0.0.0 is where a server listens, not where one can call it.
    host = "127.0.0.1" if parts.hostname in {"0.0.0.0", "::", None} else parts.hostname  # noqa: S104 - compared only
    if ":" in str(host):
        host = f"[{host}]"
    usual = urlsplit(provider.address)
    port = parts.port or (usual.port if parts.scheme == "http" and "://" not in told else None)
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "") + parts.path.rstrip("/")


def ollama(environ: Mapping[str, str], providers: Mapping[str, ProviderLike]) -> LocalServer | None:
    """The Ollama server of this computer, when one runs."""
    address = _asked_at(PROVIDERS["ollama"], environ, providers)
    models = _names(fetch(f"{address}/api/tags"), "models") if is_loopback(address) else None
    return None if models is None else LocalServer("ollama", address, models)


def others(environ: Mapping[str, str], providers: Mapping[str, ProviderLike]) -> list[LocalServer]:
    """OpenAI-compatible servers where LM Studio and llama.cpp are said, or else usually, to listen."""
    found = []
    for provider in (PROVIDERS["lm_studio"], PROVIDERS["llamacpp"]):
        address = _asked_at(provider, environ, providers)
        models = _names(fetch(f"{address}/models"), "data") if is_loopback(address) else None
        if models is not None:
            found.append(LocalServer(provider.name, address, models))
    return found


def _asked_at(provider: Provider, environ: Mapping[str, str], providers: Mapping[str, ProviderLike]) -> str:
    """Where a local server is looked for: the environment's address, the configuration's, the usual one."""
    told = any(environ.get(name, "").strip() for name in provider.addresses)
    configured = providers[provider.name].api_base.strip().rstrip("/") if provider.name in providers else ""
    return address_of(provider, environ) if told or not configured else configured


def match(name: str, models: tuple[str, ...]) -> str | None:
    """The model a bare name means: itself, its `latest`, or the only one of its family."""
    for exact in (name, f"{name}:latest"):
        if exact in models:
            return exact
    family = [model for model in models if model.partition(":")[0] == name]
    return family[0] if len(family) == 1 else None


def _names(answer: object, key: str) -> tuple[str, ...] | None:
    """The names in a list of models; None when the answer is no such list."""
    rows = answer.get(key) if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        return None
    found = [row.get("name") or row.get("id") for row in rows if isinstance(row, dict)]
    return tuple(str(name) for name in found if name)
