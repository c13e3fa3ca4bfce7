"""The providers memchat knows: their addresses, the environment variables they read, the names they go by.

The addresses are those litellm itself uses; they stand here so that they can be shown before anything is sent, and
passed explicitly. A provider that is not in the table still works when `[providers.NAME]` gives it an address, or when
litellm knows it: then litellm's own default address is used, and only the provider's name can be shown.
"""

import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol


class ProviderLike(Protocol):
    """What `[providers.NAME]` may say; see `config.ProviderSettings`."""

    @property
    def api_base(self) -> str: ...
    @property
    def key_env(self) -> str: ...
    @property
    def window(self) -> int: ...
    @property
    def num_ctx(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider. `address` is its own (empty when litellm alone knows it); `keys` and `addresses` are environment
    variables, first one first; `local` servers need no key; `default` is the model to begin with.
    """

    name: str
    address: str = ""
    keys: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    local: bool = False
    default: str = ""
    litellm_name: str = ""

    @property
    def prefix(self) -> str:
        """What litellm calls it."""
        return self.litellm_name or self.name


_TABLE = (
    Provider(
        "openai", "https://api.openai.com/v1", ("OPENAI_API_KEY",), ("OPENAI_BASE_URL", "OPENAI_API_BASE"),
        default="gpt-4o-mini",
    ),
    Provider(
        "anthropic", "https://api.anthropic.com", ("ANTHROPIC_API_KEY",), ("ANTHROPIC_BASE_URL", "ANTHROPIC_API_BASE"),
        default="claude-sonnet-4-5",
    ),
    Provider(
        "gemini", "https://generativelanguage.googleapis.com/v1beta", ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
        ("GEMINI_API_BASE",), default="gemini-2.5-flash",
    ),
    Provider(
        "openrouter", "https://openrouter.ai/api/v1", ("OPENROUTER_API_KEY",), ("OPENROUTER_API_BASE",),
        default="openai/gpt-4o-mini",
    ),
    Provider("mistral", "https://api.mistral.ai/v1", ("MISTRAL_API_KEY",), ("MISTRAL_API_BASE",)),
    Provider("groq", "https://api.groq.com/openai/v1", ("GROQ_API_KEY",), ("GROQ_API_BASE",)),
    Provider("deepseek", "https://api.deepseek.com/beta", ("DEEPSEEK_API_KEY",), ("DEEPSEEK_API_BASE",)),
    Provider("xai", "https://api.x.ai/v1", ("XAI_API_KEY",), ("XAI_API_BASE",)),
    Provider("together_ai", "https://api.together.xyz/v1", ("TOGETHER_API_KEY", "TOGETHERAI_API_KEY")),
    Provider("fireworks_ai", "https://api.fireworks.ai/inference/v1", ("FIREWORKS_API_KEY", "FIREWORKS_AI_API_KEY")),
    Provider("perplexity", "https://api.perplexity.ai", ("PERPLEXITY_API_KEY", "PERPLEXITYAI_API_KEY")),
    Provider("cerebras", "https://api.cerebras.ai/v1", ("CEREBRAS_API_KEY",), ("CEREBRAS_API_BASE",)),
    Provider(
        "ollama", "http://127.0.0.1:11434", ("OLLAMA_API_KEY",), ("OLLAMA_HOST", "OLLAMA_API_BASE"),
        local=True, litellm_name="ollama_chat",
    ),
    Provider("lm_studio", "http://127.0.0.1:1234/v1", (), ("LM_STUDIO_API_BASE",), local=True, litellm_name="openai"),
    Provider("llamacpp", "http://127.0.0.1:8080/v1", (), ("LLAMACPP_API_BASE",), local=True, litellm_name="openai"),
)  # fmt: skip
PROVIDERS: Mapping[str, Provider] = {provider.name: provider for provider in _TABLE}
# In this order the first one with a key answers when no model was ever chosen.
FIRST = ("openai", "anthropic", "gemini", "openrouter")
# Bare names by how they begin. A tag (`:8b`) always means a local model, and so does gpt-oss.
_BARE = (
    ("gpt-oss", ""),
    ("gpt-", "openai"),
    ("chatgpt-", "openai"),
    ("o1", "openai"),
    ("o3", "openai"),
    ("o4", "openai"),
    ("claude-", "anthropic"),
    ("gemini-", "gemini"),
)
LIST = "model_prices_and_context_window_backup.json"
# Providers that are let in by something else than a key: cloud accounts, device logins.
_OTHER_CREDENTIALS = frozenset(
    {"bedrock", "bedrock_converse", "sagemaker", "vertex_ai", "vertex_ai_beta", "github_copilot", "chatgpt", "oci"}
)


def bare_provider(name: str) -> str:
    """The provider a bare model name belongs to; empty when only a local server may have it."""
    if ":" in name:
        return ""
    return next((provider for start, provider in _BARE if name.startswith(start)), "")


def find(name: str, configured: Mapping[str, ProviderLike]) -> Provider | None:
    """The provider of that name: from the table, from the configuration, or one that litellm has code for."""
    if name in PROVIDERS:
        return PROVIDERS[name]
    variable = name.upper().replace("-", "_")
    generic = (f"{variable}_API_KEY",)
    if name in configured and configured[name].api_base:
        return Provider(name, keys=generic, litellm_name="openai")
    if name.replace("_", "").isalnum() and (bundled("llms") / name).is_dir():
        return Provider(name, keys=generic, addresses=(f"{variable}_API_BASE",))
    return None


def keyless(name: str) -> bool:
    """Whether litellm finds other credentials than a key for this provider."""
    return name in _OTHER_CREDENTIALS


def bundled(name: str) -> Path:
    """A file or folder of litellm's wheel, found without importing it."""
    spec = importlib.util.find_spec("litellm")
    return Path(spec.origin or "").parent / name if spec is not None else Path(name)


@cache
def listed(name: str) -> Mapping[str, Any]:
    """What litellm's bundled list says of a model, `provider/name` or its bare name; empty where it does not know it.

    Read without importing litellm, in some 20 ms for each name: all of it would be 10 MB to keep.
    """
    try:
        known = json.loads(bundled(LIST).read_bytes())
    except (OSError, ValueError):
        return {}
    return known.get(name) or known.get(name.partition("/")[2]) or {} if isinstance(known, dict) else {}


def chat_models() -> list[tuple[str, str]]:
    """Provider and name of every model that litellm's bundled list has for talking, sorted."""
    try:
        known = json.loads(bundled(LIST).read_bytes())
    except (OSError, ValueError):
        return []
    rows = known.items() if isinstance(known, dict) else ()
    talking = {
        (str(told.get("litellm_provider")), str(name).removeprefix(f"{told.get('litellm_provider')}/"))
        for name, told in rows
        if isinstance(told, dict) and told.get("mode") == "chat"
    }
    return sorted(talking)
