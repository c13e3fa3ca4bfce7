"""Whose a key is, and whose an address: a key goes to its own provider, never to another one's address.

A gateway or a server of one's own may well be given a provider's key; it is nobody's in the table. What is refused is
the mistake: OpenAI's key on its way to Groq, because an address was changed and the key was not.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from memchat.llm.providers import PROVIDERS, Provider

# How keys begin that say whose they are; the longer beginning first. From the providers' own documentation.
_BEGINNINGS = (
    ("sk-ant-", "anthropic"),
    ("sk-or-", "openrouter"),
    ("sk-proj-", "openai"),
    ("sk-svcacct-", "openai"),
    ("sk-admin-", "openai"),
    ("AIza", "gemini"),
    ("gsk_", "groq"),
    ("xai-", "xai"),
    ("pplx-", "perplexity"),
    ("csk-", "cerebras"),
    ("fw_", "fireworks_ai"),
)
# "OpenAI" in base64, which stands in the middle of each of its keys, the oldest included.
_OPENAI = "T3BlbkFJ"

# What OpenAI's client takes out of the environment by itself, and sends to any address that it is given.
OPENAIS_OWN = ("OPENAI_ORG_ID", "OPENAI_ORGANIZATION", "OPENAI_PROJECT_ID", "OPENAI_CUSTOM_HEADERS", "OPENAI_ADMIN_KEY")


def own_headers(provider: Provider, address: str, environ: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Names and values of headers that the environment sets for OpenAI; none for another, by name or by `address`."""
    if provider.name != "openai" or provider_at(address) not in {"", provider.name}:
        return ()
    told = [line.partition(":") for line in environ.get("OPENAI_CUSTOM_HEADERS", "").splitlines()]
    found = {name.strip(): value.strip() for name, colon, value in told if colon and name.strip()}
    organization = environ.get("OPENAI_ORG_ID") or environ.get("OPENAI_ORGANIZATION") or ""
    for name, value in (
        ("OpenAI-Organization", organization),
        ("OpenAI-Project", environ.get("OPENAI_PROJECT_ID", "")),
    ):
        if value.strip():
            found[name] = value.strip()
    return tuple(found.items())


def owner_of(key: str) -> str:
    """The provider whose key it visibly is; empty where it does not say."""
    if _OPENAI in key:
        return "openai"
    return next((name for start, name in _BEGINNINGS if key.startswith(start)), "")


def provider_at(address: str) -> str:
    """The provider whose own address that is; empty for a gateway's, a server's of one's own."""
    host = urlsplit(address).hostname
    own = (each for each in PROVIDERS.values() if not each.local)
    return next((each.name for each in own if host == urlsplit(each.address).hostname), "")


def stranger(provider: Provider, key: str, address: str, *, together: bool) -> str:
    """The provider at `address` that the key must not go to; empty where it may.

    A key that does not say whose it is belongs to the `provider` it was given for, unless address and key were set
    `together`: then whoever set them means the pair.
    """
    there = provider_at(address)
    owner = owner_of(key) or (there if together else provider.name)
    return there if there and key and owner != there else ""
