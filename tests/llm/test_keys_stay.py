"""Keys stay where they belong: with their own provider, and out of everything that is printed."""

import dataclasses
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from memchat import config
from memchat.actions.setup import Elsewhere
from memchat.config import ProviderSettings
from memchat.errors import ConfigError, KeyMissingError, MemchatError
from memchat.llm import redirects
from memchat.llm.belonging import owner_of, provider_at
from memchat.llm.keys import Keys
from memchat.llm.litellm_model import LiteLLMModel
from memchat.llm.providers import PROVIDERS
from memchat.llm.windows import NO_KEY, Route, choose_default, resolve

from tests.llm.ways import a_context
from tests.servers.openai_server import Server
from tests.servers.replies import Fault

ALONE = {"OLLAMA_HOST": "http://127.0.0.1:9", "LM_STUDIO_API_BASE": "http://127.0.0.1:9/v1"}
OPENAI = "sk-proj-abcT3BlbkFJdef0123456789"
OLD_OPENAI = "sk-abcdefghT3BlbkFJijklmnop"
GROQ = "gsk_0123456789abcdef"
UNTOLD = "sk-0123456789abcdef"
AT_GROQ = "https://api.groq.com/openai/v1"
AT_DEEPSEEK = "https://api.deepseek.com/v1"


class Ring:
    """Keys that memchat keeps."""

    def __init__(self, **keys: str) -> None:
        self._keys = keys

    def get(self, provider: str) -> str | None:
        return self._keys.get(provider)

    def set(self, provider: str, key: str) -> str:
        self._keys[provider] = key
        return "this test"

    def remove(self, provider: str) -> bool:
        return self._keys.pop(provider, None) is not None

    def providers(self) -> list[str]:
        return sorted(self._keys)


def way(model: str, environ: dict[str, str], settings: ProviderSettings | None = None, **kept: str) -> Route:
    """The way to a model, with these settings of OpenAI."""
    providers = {} if settings is None else {"openai": settings}
    return resolve(model, environ={**ALONE, **environ}, providers=providers, keys=Ring(**kept))


@pytest.mark.parametrize("key", [OPENAI, OLD_OPENAI])
@pytest.mark.parametrize(
    "address", [AT_GROQ, "https://API.GROQ.com/openai/v1", AT_DEEPSEEK, "https://openrouter.ai/api/v1"]
)
def test_a_key_does_not_go_to_another_provider(key: str, address: str) -> None:
    """Wherever address and key come from; the error names neither."""
    at = ProviderSettings(api_base=address)
    ways: list[Callable[[], Route]] = [
        lambda: way("openai/x", {"OPENAI_API_KEY": key, "OPENAI_BASE_URL": address}),
        lambda: way("openai/x", {"OPENAI_API_KEY": key}, at),
        lambda: way("openai/x", {}, at, openai=key),
        lambda: way("openai/x", {"WORK": key}, ProviderSettings(api_base=address, key_env="WORK")),
    ]
    for each in ways:
        with pytest.raises(KeyMissingError) as caught:
            each()
        assert key not in f"{caught.value.message} {caught.value.hint} {caught.value!r}"
        assert "does not go" in caught.value.message


def test_a_key_that_does_not_say_whose_it_is_belongs_to_whom_it_was_given_for() -> None:
    """Kept as OpenAI's, it is OpenAI's; but who sets address and key together means the pair."""
    at = ProviderSettings(api_base=AT_DEEPSEEK)
    for environ, kept in (({"OPENAI_API_KEY": UNTOLD}, {}), ({}, {"openai": UNTOLD})):
        with pytest.raises(KeyMissingError, match="deepseek"):
            way("openai/x", environ, at, **kept)
    pair = way("openai/x", {"OPENAI_API_KEY": UNTOLD, "OPENAI_BASE_URL": AT_DEEPSEEK})
    named = way("openai/x", {"WORK": UNTOLD}, ProviderSettings(api_base=AT_DEEPSEEK, key_env="WORK"))
    assert (pair.key, named.key) == (UNTOLD, UNTOLD)


def test_a_key_goes_to_its_own_provider_under_any_name_and_to_ones_own_gateway() -> None:
    """Groq speaks OpenAI's language, and a gateway is nobody's in the table."""
    assert way("openai/x", {"OPENAI_API_KEY": GROQ, "OPENAI_BASE_URL": AT_GROQ}).key == GROQ
    assert way("openai/x", {}, ProviderSettings(api_base=AT_GROQ), openai=GROQ).key == GROQ
    assert way("openai/x", {"OPENAI_API_KEY": OPENAI}, ProviderSettings(api_base="https://gw.example/v1")).key == OPENAI
    assert way("openai/x", {"OPENAI_API_KEY": OPENAI}).key == OPENAI


def test_a_key_that_would_not_go_is_not_chosen() -> None:
    """Before setup the first provider with a key answers: one whose key fits its address."""
    environ = {**ALONE, "OPENAI_API_KEY": OPENAI, "OPENAI_BASE_URL": AT_GROQ}
    assert choose_default(environ, Ring(), {}) == "notebook"


def test_every_provider_of_the_table_is_known_by_its_address() -> None:
    """And those on this computer are nobody's."""
    for provider in PROVIDERS.values():
        assert provider_at(provider.address) == ("" if provider.local else provider.name)
    assert {owner_of(key) for key in ("sk-ant-x", "sk-or-x", "AIzaX", "plain")} == {
        "anthropic",
        "openrouter",
        "gemini",
        "",
    }


def test_nothing_that_holds_a_key_shows_it(home: Path) -> None:
    """Neither as text nor as a representation, whoever prints it."""
    keys = Keys(home)
    keys.set("openai", OPENAI)
    route = way("openai/x", {"OPENAI_API_KEY": OPENAI})
    (home / "config.toml").write_text('[providers.lab]\napi_base = "https://me:geheim@lab.example/v1"\n', "utf-8")
    settings = config.load(config.paths({"MEMCHAT_HOME": str(home)}), {})
    at_lab = dataclasses.replace(route, api_base="https://me:geheim@lab.example/v1")
    model = LiteLLMModel(route, timeout=1, retries=0)
    for value in (keys, keys._read(), route, at_lab, settings, Elsewhere(key=OPENAI), model):
        for text in (str(value), repr(value), f"{value}", f"{[value]}"):
            assert OPENAI not in text
            assert "geheim" not in text


def test_what_the_environment_adds_for_openai_does_not_go_to_another_provider() -> None:
    """Also where its own key and address were set for OpenAI; a gateway gets it."""
    own = {"OPENAI_API_KEY": GROQ, "OPENAI_CUSTOM_HEADERS": "X-Secret: secretive"}
    assert way("openai/x", {**own, "OPENAI_BASE_URL": AT_GROQ}).headers == ()
    assert way("openai/x", {**own, "OPENAI_BASE_URL": "https://gate.example/v1"}).headers == (
        ("X-Secret", "secretive"),
    )


def test_an_address_that_is_none_is_told_without_its_password() -> None:
    """`me:word@host` in the place of an address."""
    with pytest.raises(ConfigError) as caught:
        way("openai/x", {"OPENAI_API_KEY": OPENAI, "OPENAI_BASE_URL": "ftp://me:geheim@lab.example"})
    assert "geheim" not in caught.value.message
    assert "lab.example" in caught.value.message


@pytest.fixture
def two() -> Iterator[tuple[Server, Server]]:
    """One server that is meant, and one that is not."""
    with Server() as legit, Server() as evil:
        yield legit, evil


def sent(server: Server) -> list[str]:
    """Every header that it saw."""
    return [
        value for seen in (*server.requests, *server.others, *server.consolidations) for value in seen.headers.values()
    ]


def ask(route: Route) -> None:
    """One question, whatever comes of it."""
    list(LiteLLMModel(route, timeout=10, retries=0).stream(a_context(), ()))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("model", ["openai/m", "anthropic/claude-3-haiku-20240307", "gemini/gemini-2.0-flash"])
@pytest.mark.parametrize("remote", [False, True], ids=["local", "remote"])
def test_a_redirect_takes_neither_words_nor_key_elsewhere(
    two: tuple[Server, Server], status: int, model: str, remote: bool
) -> None:
    """Whichever header a provider wants its key in; the error names the host."""
    legit, evil = two
    provider = model.partition("/")[0]
    legit.script(Fault(status=status, headers={"Location": f"{evil.url}/taken"}))
    address = legit.url if provider == "openai" else f"http://{legit.address}"
    route = Route(model, model, provider, legit.address, address, OPENAI, local=not remote)
    with pytest.raises(MemchatError) as caught:
        ask(route)
    assert (evil.requests, evil.others) == ([], [])
    assert evil.address in caught.value.message
    assert OPENAI not in "".join(traceback.format_exception(caught.value)) or remote


def test_every_client_stays(two: tuple[Server, Server]) -> None:
    """Also one that a library makes by itself, and asks to follow."""
    import httpx

    redirects.refuse()
    redirects.refuse()
    legit, evil = two
    legit.script(Fault(status=307, headers={"Location": evil.url}))
    with httpx.Client(follow_redirects=True) as client:
        body = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
        assert client.post(f"{legit.url}/chat/completions", json=body, follow_redirects=True).status_code == 307
    assert (evil.requests, evil.others) == ([], [])


def test_a_provider_of_ones_own_does_not_get_openais_key(
    two: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`[providers.lab] api_base`: what OpenAI's client finds in the environment is not for it."""
    lab, _ = two
    secrets = {
        "OPENAI_API_KEY": OPENAI,
        "OPENAI_ADMIN_KEY": "sk-admin-0123456789",
        "OPENAI_ORG_ID": "org-secretive",
        "OPENAI_ORGANIZATION": "org-secretive",
        "OPENAI_PROJECT_ID": "proj-secretive",
        "OPENAI_CUSTOM_HEADERS": "X-Secret: custom-secretive",
        "ANTHROPIC_API_KEY": "sk-ant-0123456789",
    }
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    providers = {"lab": ProviderSettings(api_base=lab.url)}
    route = resolve("lab/m", environ={**ALONE, **secrets}, providers=providers, keys=Ring(openai=OPENAI))
    assert route.key == NO_KEY
    ask(route)
    headers = sent(lab)
    assert f"Bearer {NO_KEY}" in headers
    assert not [value for value in headers if "secretive" in value or "0123456789" in value]


def test_what_openais_client_is_told_in_the_environment_goes_to_openai(
    two: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Organization, project and headers of one's own, as ever; from the environment that memchat was given."""
    openai, _ = two
    environ = {
        "OPENAI_API_KEY": UNTOLD,
        "OPENAI_BASE_URL": openai.url,
        "OPENAI_ORG_ID": "org-1",
        "OPENAI_PROJECT_ID": "proj-1",
        "OPENAI_CUSTOM_HEADERS": "X-Team: blue\nnonsense\n: none",
    }
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    ask(resolve("openai/m", environ={**ALONE, **environ}, providers={}, keys=Ring()))
    (seen,) = openai.requests
    told = {name.lower(): value for name, value in seen.headers.items()}
    assert (told["openai-organization"], told["openai-project"], told["x-team"]) == ("org-1", "proj-1", "blue")
    assert told["authorization"] == f"Bearer {UNTOLD}"
