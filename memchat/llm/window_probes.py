"""How much a model reads at once, as the server that has it says: Ollama, and servers that speak OpenAI's wire.

Asked are this computer and addresses that a person named, nobody else, at the first message and not before. What the
fields mean was read off the servers themselves and their documentation: llama.cpp (`/v1/models`: `meta.n_ctx` is what
it was started with, `meta.n_ctx_train` what the model could; older ones tell only the latter there, and the former at
`/props`), vLLM (`max_model_len`), LM Studio (`/api/v0/models`: `loaded_context_length`, `max_context_length`),
OpenRouter (`context_length`), Groq (`context_window`), Mistral (`max_context_length`), Ollama (`/api/show`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from memchat.llm.fetching import fetch

# What a server holds itself to, before what the model could do elsewhere.
_HELD = ("loaded_context_length", "n_ctx", "max_model_len", "context_length", "context_window", "max_input_tokens")
_NUM_CTX = re.compile(r"^num_ctx\s+\"?([0-9]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Shown:
    """What Ollama shows of a model, in tokens: the longest context it can have, and what its Modelfile sets; else 0."""

    longest: int = 0
    num_ctx: int = 0


def ollama(address: str, model: str, key: str, *, local: bool) -> Shown | None:
    """What Ollama says of the model; None when nobody answers."""
    shown = fetch(f"{address.rstrip('/')}/api/show", local=local, key=key, body={"model": model, "name": model})
    if not isinstance(shown, dict):
        return None
    info = shown.get("model_info")
    info = info if isinstance(info, dict) else {}
    own = info.get(f"{info.get('general.architecture')}.context_length")
    longest = _size(own) or max((_size(info[name]) for name in info if name.endswith(".context_length")), default=0)
    told = _NUM_CTX.search(str(shown.get("parameters") or ""))
    return Shown(longest, int(told[1]) if told else 0)


def openai_compatible(address: str, model: str, key: str, *, local: bool) -> int:
    """Tokens, as the list of models says, or what llama.cpp and LM Studio say elsewhere; 0 when nobody does."""
    base = address.rstrip("/")
    listed = fetch(f"{base}/models", local=local, key=key)
    if not isinstance(listed, dict):
        return 0  # nobody is there, or no such server: the other questions would only take time
    row = _row(listed, model)
    if held := _held(row):
        return held
    root = base.removesuffix("/v1")
    trained = _size(_meta(row).get("n_ctx_train"))
    if trained:
        return _slot(fetch(f"{root}/props", local=local, key=key)) or trained
    if local:  # LM Studio, which is always somebody's own computer
        told = _row(fetch(f"{root}/api/v0/models", local=local, key=key), model)
        return _size(told.get("loaded_context_length"))
    return _size(row.get("max_context_length"))


def _held(row: Mapping[str, Any]) -> int:
    meta = _meta(row)
    return next((size for name in _HELD if (size := _size(row.get(name)) or _size(meta.get(name)))), 0)


def _row(listed: object, model: str) -> Mapping[str, Any]:
    """The model's row of a list; where there is but one model, which answers to any name, that one's."""
    rows = listed.get("data") if isinstance(listed, dict) else None
    rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    named = [row for row in rows if model in (row.get("id"), row.get("name"))]
    chosen = named or (rows if len(rows) == 1 else [])
    return chosen[0] if chosen else {}


def _meta(row: Mapping[str, Any]) -> Mapping[str, Any]:
    meta = row.get("meta")
    return meta if isinstance(meta, dict) else {}


def _slot(props: object) -> int:
    """What one conversation gets of llama.cpp's context."""
    settings = props.get("default_generation_settings") if isinstance(props, dict) else None
    return _size(settings.get("n_ctx")) if isinstance(settings, dict) else 0


def _size(value: object) -> int:
    """A number of tokens; 0 for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return 0
    try:
        size = int(value)
    except (ValueError, OverflowError):
        return 0
    return size if 0 < size <= _MOST else 0


_MOST = 100_000_000  # tokens; what is said beyond is a mistake
