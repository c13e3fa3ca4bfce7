"""Which model a name means, where its words go, and with which key: `resolve` makes a `Route`.

Needs no litellm. The network is touched only for a bare name that no provider claims: servers on this computer are
asked whether they have it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from memchat.domain import NOTEBOOK
from memchat.errors import ConfigError, KeyMissingError, UnknownModelError
from memchat.llm import local_servers
from memchat.llm.addresses import host_of, is_address, is_loopback
from memchat.llm.belonging import own_headers, stranger
from memchat.llm.local_servers import LocalServer
from memchat.llm.providers import FIRST, PROVIDERS, Provider, ProviderLike, bare_provider, find, keyless
from memchat.ports import KeyStore

NO_KEY = "no-key-needed"  # sent to servers on this computer, whose clients insist on one
_FOUND_IN = "key found in "


@dataclass(frozen=True, slots=True)
class Route:
    """A model and the way to it. `host` is what people are told: the provider's name where the address is litellm's own
    default and `api_base` empty. `local` says whether it is this computer; `named` whether it is that, or an address
    that a person named, and may be asked about the model. `window` and `num_ctx` are tokens as the settings tell them,
    0 where they do not; `keyless` when no key is needed.
    """

    name: str
    litellm_name: str
    provider: str
    host: str
    api_base: str = field(repr=False)  # some hold a password
    key: str = field(repr=False)
    local: bool
    window: int = 0
    num_ctx: int = 0
    named: bool = False
    keyless: bool = False
    mend_key: str = ""  # what to do about a key that is refused
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # that go along, names and values
    key_from: str = ""  # in words; empty where there is none
    address_from: str = ""  # the environment variable that names it; empty where none does


@dataclass(frozen=True, slots=True)
class Answerer:
    """Somebody who could answer: a model's name, its host, and where it was found, in words."""

    name: str
    host: str
    local: bool
    why: str


def resolve(name: str, *, environ: Mapping[str, str], providers: Mapping[str, ProviderLike], keys: KeyStore) -> Route:
    """The way to a model. Raises UnknownModelError, KeyMissingError; ConfigError for an address that is none."""
    provider, model, address = _find(name, environ, providers)
    settings = providers.get(provider.name)
    address, from_environ = _address(provider, address, environ, settings)
    local = bool(address) and is_loopback(address)
    free = local or keyless(provider.name)
    key, where = _key(provider, environ, settings, keys, saved=not from_environ)
    if there := _stranger(provider, key, where, address, bool(from_environ), settings):
        raise _strange(provider, where, there)
    if not key and not free:
        raise _missing(provider, address if from_environ else "")
    if not key.isascii() or not key.isprintable():
        raise KeyMissingError(
            f"The key for {provider.name} holds characters that no key has.", _mended(provider.name, where)
        )
    window = settings.window if settings is not None else 0
    return Route(
        name=name,
        litellm_name=f"{provider.prefix}/{model}",
        provider=provider.name,
        host=host_of(address) or provider.name,
        api_base=address,
        key=key or (NO_KEY if local else ""),
        local=local,
        window=window,
        num_ctx=((settings.num_ctx if settings is not None else 0) or window) if provider.name == "ollama" else 0,
        named=local or (bool(address) and address != provider.address),
        keyless=free,
        mend_key=_mended(provider.name, where),
        headers=own_headers(provider, address, environ),
        key_from=where,
        address_from=from_environ,
    )


def elsewhere(
    who: str, route: Route, hint: str = "Choose a model on this computer: memchat -m notebook, or a local server."
) -> ConfigError:
    """Why a model on another computer is not asked where `privacy.local_only` is on."""
    return ConfigError(f"{who} would send your words to {route.host}, and privacy.local_only is on.", hint)


def choose_default(environ: Mapping[str, str], keys: KeyStore, providers: Mapping[str, ProviderLike]) -> str:
    """The model when none was ever chosen: the first well-known provider with a key, else the notebook."""
    for name in FIRST:
        if _reached(PROVIDERS[name], environ, keys, providers)[1]:
            return f"{name}/{PROVIDERS[name].default}"
    return NOTEBOOK


def found_answerers(
    environ: Mapping[str, str], keys: KeyStore, providers: Mapping[str, ProviderLike]
) -> list[Answerer]:
    """Who could answer right now: models of servers on this computer, then providers with a key.

    Raises ConfigError for an address that is none.
    """
    ollama = local_servers.ollama(environ, providers)
    servers = [server for server in (ollama, *local_servers.others(environ, providers)) if server]
    found = [
        Answerer(f"{server.provider}/{model}", host_of(server.address), local=True, why="on this computer")
        for server in servers
        for model in server.models
    ]
    for name in FIRST:
        provider = PROVIDERS[name]
        address, key, why = _reached(provider, environ, keys, providers)
        if key:
            model = f"{name}/{provider.default}"
            found.append(Answerer(model, host_of(address), local=is_loopback(address), why=why))
    return found


def keys_found(
    environ: Mapping[str, str], keys: KeyStore, providers: Mapping[str, ProviderLike]
) -> list[tuple[str, str]]:
    """Providers that have a key, and where that was found, in words. Raises ConfigError for an address that is none."""
    names = dict.fromkeys([*PROVIDERS, *providers, *keys.providers()])
    known = [provider for provider in (find(name, providers) for name in names) if provider is not None]
    found = [(one.name, _reached(one, environ, keys, providers)) for one in known]
    return [(name, why) for name, (_, key, why) in found if key]


def _reached(
    provider: Provider, environ: Mapping[str, str], keys: KeyStore, providers: Mapping[str, ProviderLike]
) -> tuple[str, str, str]:
    """The address of a provider, the key that goes there, and where that was found."""
    settings = providers.get(provider.name)
    address, from_environ = _address(provider, "", environ, settings)
    key, where = _key(provider, environ, settings, keys, saved=not from_environ)
    if _stranger(provider, key, where, address, bool(from_environ), settings):
        return address, "", ""
    return address, key, where


def _find(name: str, environ: Mapping[str, str], providers: Mapping[str, ProviderLike]) -> tuple[Provider, str, str]:
    """The provider, the model's name there, and the address when a server on this computer was asked."""
    first, slash, rest = name.partition("/")
    if slash and not rest:
        raise UnknownModelError(f"{name} names no model.", f"Write it like: {first}/NAME")
    if slash:
        provider = find(first, providers)
        if provider is not None:
            return provider, rest, ""
    claimed = bare_provider(name)
    if claimed and not slash:
        return PROVIDERS[claimed], name, ""
    server, model = _on_this_computer(name, environ, providers)
    if server is not None:
        return PROVIDERS[server.provider], model, server.address
    ollama = local_servers.ollama(environ, providers) is not None
    raise _unknown(name, first if slash else "", providers, ollama=ollama)


def _on_this_computer(
    name: str, environ: Mapping[str, str], providers: Mapping[str, ProviderLike]
) -> tuple[LocalServer | None, str]:
    ollama = local_servers.ollama(environ, providers)
    for server in ([ollama] if ollama else []) + local_servers.others(environ, providers):
        model = local_servers.match(name, server.models)
        if model is not None:
            return server, model
    return None, ""


def _unknown(name: str, first: str, providers: Mapping[str, ProviderLike], *, ollama: bool) -> UnknownModelError:
    near = get_close_matches(first, [*PROVIDERS, *providers], n=1) if first else []
    if near:
        return UnknownModelError(f"There is no provider {first}.", f"Did you mean {near[0]}/{name.partition('/')[2]}?")
    if first:
        hint = f"Give it an address in the configuration: [providers.{first}] api_base"
        return UnknownModelError(f"There is no provider {first}.", hint)
    if ollama:
        return UnknownModelError(f"{name} is not on this computer.", f"ollama pull {name}")
    hint = f"Name the provider too (openai/{name}), or start Ollama and run: ollama pull {name}"
    return UnknownModelError(f"No provider and no server on this computer is known to have {name}.", hint)


def _address(
    provider: Provider, found: str, environ: Mapping[str, str], settings: ProviderLike | None
) -> tuple[str, str]:
    """Where the words go, and the environment variable that said so; empty where none did."""
    told = next((variable for variable in provider.addresses if environ.get(variable, "").strip()), "")
    if provider.local and (told or found):
        address, from_environ = found or local_servers.address_of(provider, environ), told
    elif told:
        address, from_environ = environ[told].strip().rstrip("/"), told
    else:
        configured = settings.api_base.strip().rstrip("/") if settings is not None else ""
        address, from_environ = configured or provider.address, ""
    if address and not is_address(address):
        where = told or f"providers.{provider.name}.api_base"
        raise ConfigError(f"{where} is no address: {_shown(address)}", "It begins with http:// or https://")
    return address, from_environ


def _key(
    provider: Provider, environ: Mapping[str, str], settings: ProviderLike | None, keys: KeyStore, *, saved: bool
) -> tuple[str, str]:
    """The key and where it was found, or nothing and nothing.

    A key that memchat keeps belongs to the provider's own address: where the environment names another (`saved`
    False), it stays here, for a variable set by somebody else's folder must not be able to fetch it.
    """
    for variable in provider.keys:
        if environ.get(variable, "").strip():
            return environ[variable].strip(), f"{_FOUND_IN}{variable}"
    kept = keys.get(provider.name) if saved else None
    if kept:
        return kept, "key kept by memchat"
    named = settings.key_env if settings is not None else ""
    key = environ.get(named, "").strip() if named else ""
    return key, f"{_FOUND_IN}{named}" if key else ""


def _stranger(
    provider: Provider, key: str, where: str, address: str, from_environ: bool, settings: ProviderLike | None
) -> str:
    """The provider that the key must not go to; empty where it may."""
    named = settings is not None and bool(settings.key_env) and where == f"{_FOUND_IN}{settings.key_env}"
    return stranger(provider, key, address, together=named or (from_environ and where.startswith(_FOUND_IN)))


def _strange(provider: Provider, where: str, there: str) -> KeyMissingError:
    place = where.removeprefix(_FOUND_IN) if where.startswith(_FOUND_IN) else "memchat keys"
    return KeyMissingError(
        f"The address set for {provider.name} is {there}'s, where the key in {place} does not go.",
        f"Name the model {there}/NAME with a key of {there}, or set the address anew.",
    )


def _shown(address: str) -> str:
    """An address that is none, without the password that may be in it."""
    return address.rpartition("@")[2]


def _mended(provider: str, where: str) -> str:
    """What to do about a key that does not work: the environment comes first, so a kept one would not be looked at."""
    variable = where.removeprefix(_FOUND_IN) if where.startswith(_FOUND_IN) else ""
    return f"It comes from {variable}: set another one there." if variable else f"memchat keys set {provider}"


def _missing(provider: Provider, foreign: str) -> KeyMissingError:
    variable = provider.keys[0] if provider.keys else ""
    if foreign:
        message = f"The environment sends {provider.name} to {host_of(foreign)}, where the kept key does not go."
        return KeyMissingError(
            message, f"Set {variable}, or put the address into [providers.{provider.name}] api_base."
        )
    hint = f"memchat keys set {provider.name}" + (f", or set {variable}" if variable else "")
    return KeyMissingError(f"There is no key for {provider.name}.", hint)
