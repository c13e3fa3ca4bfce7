"""Whether a model reads pictures: as the server that has it says, or by litellm's bundled list.

No picture is sent to a model of which nobody says that it does: some providers answer with an error, others as if
there were none. What servers say was read off their documentation: Ollama (`/api/show`: `capabilities`), LM Studio
(`/api/v0/models/NAME`: `type` is `vlm`), llama.cpp (`/props`: `modalities.vision`).
"""

from collections.abc import Mapping
from typing import Any

from memchat.llm.fetching import fetch
from memchat.llm.providers import listed
from memchat.llm.windows import Route


def sees(route: Route) -> bool:
    """Asks the network only where a server of a known kind leads there that a person chose: see the module."""
    provider, _, model = route.litellm_name.partition("/")
    root = route.api_base.rstrip("/").removesuffix("/v1")
    if route.provider == "ollama":
        return "vision" in (
            _asked(route, f"{root}/api/show", {"model": model, "name": model}).get("capabilities") or ()
        )
    if route.provider == "lm_studio":
        return _asked(route, f"{root}/api/v0/models/{model}").get("type") == "vlm"
    if route.provider == "llamacpp":
        modalities = _asked(route, f"{root}/props").get("modalities")
        return isinstance(modalities, Mapping) and modalities.get("vision") is True
    # OpenRouter and their like put the maker's name before the model's, which the list has without.
    return any(
        listed(name).get("supports_vision") is True for name in {route.litellm_name, f"{provider}/{_last(model)}"}
    )


def _last(model: str) -> str:
    return model.rpartition("/")[2]


def _asked(route: Route, url: str, body: object = None) -> Mapping[str, Any]:
    """The object that the route's server answers with; empty when there is none."""
    found = fetch(url, local=route.local, key=route.key, body=body) if route.named else None
    return found if isinstance(found, Mapping) else {}
