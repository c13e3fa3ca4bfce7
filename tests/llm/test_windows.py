"""From a model's name to the way there: provider, address, key, window."""

import pytest
from memchat.errors import ConfigError, KeyMissingError, UnknownModelError
from memchat.llm.context_windows import find
from memchat.llm.providers import ProviderLike
from memchat.llm.windows import NO_KEY, Answerer, Route, choose_default, found_answerers, resolve

from tests.llm.ways import KEY, KeyRing, Settings
from tests.servers.openai_server import Server

# Nobody listens there: the servers a developer may run on the usual ports must not answer tests.
ALONE = {
    "OLLAMA_HOST": "127.0.0.1:9",
    "LM_STUDIO_API_BASE": "http://127.0.0.1:9/v1",
    "LLAMACPP_API_BASE": "http://127.0.0.1:9/v1",
}


def way(
    name: str,
    environ: dict[str, str] | None = None,
    providers: dict[str, ProviderLike] | None = None,
    **kept: str,
) -> Route:
    """The route of a name, with no server on this computer but those named."""
    return resolve(name, environ={**ALONE, **(environ or {})}, providers=providers or {}, keys=KeyRing(kept))


@pytest.mark.parametrize(
    ("name", "litellm_name", "host", "window"),
    [
        ("openai/gpt-4o-mini", "openai/gpt-4o-mini", "api.openai.com", 128_000),
        ("gpt-4o", "openai/gpt-4o", "api.openai.com", 128_000),
        ("o3-mini", "openai/o3-mini", "api.openai.com", 200_000),
        ("claude-sonnet-4-5", "anthropic/claude-sonnet-4-5", "api.anthropic.com", 200_000),
        ("gemini-2.5-flash", "gemini/gemini-2.5-flash", "generativelanguage.googleapis.com", 1_048_576),
        ("openrouter/openai/gpt-4o", "openrouter/openai/gpt-4o", "openrouter.ai", 128_000),
        ("mistral/mistral-large-latest", "mistral/mistral-large-latest", "api.mistral.ai", 262_144),
        ("mistral/unheard-of", "mistral/unheard-of", "api.mistral.ai", 8_192),
    ],
)
def test_a_name_means_a_provider(name: str, litellm_name: str, host: str, window: int) -> None:
    """With its prefix, or by how it begins; the address is told before anything is sent."""
    provider = litellm_name.partition("/")[0]
    route = resolve(name, environ=ALONE, providers={}, keys=KeyRing({provider: KEY}))
    assert (route.litellm_name, route.host, find(route).tokens) == (litellm_name, host, window)
    assert (route.name, route.provider, route.key, route.local) == (name, provider, KEY, False)
    assert route.api_base.startswith(f"https://{host}")


def test_the_providers_own_variables_come_first() -> None:
    """Key and address of the environment, before what memchat keeps and what the file says."""
    environ = {"OPENAI_API_KEY": "sk-env", "OPENAI_BASE_URL": "https://proxy.example/v1/"}
    route = way("gpt-4o", environ, {"openai": Settings(api_base="https://file.example/v1")}, openai="sk-kept")
    assert (route.key, route.api_base, route.host) == ("sk-env", "https://proxy.example/v1", "proxy.example")


@pytest.mark.parametrize(
    ("model", "variable"),
    [
        ("gpt-4o", "OPENAI_API_KEY"),
        ("claude-sonnet-4-5", "ANTHROPIC_API_KEY"),
        ("gemini-2.5-pro", "GEMINI_API_KEY"),
        ("gemini-2.5-pro", "GOOGLE_API_KEY"),
        ("openrouter/x", "OPENROUTER_API_KEY"),
        ("mistral/x", "MISTRAL_API_KEY"),
        ("cohere/x", "COHERE_API_KEY"),
    ],
)
def test_each_provider_reads_its_own_key(model: str, variable: str) -> None:
    """And no other's."""
    assert way(model, {variable: "sk-env"}).key == "sk-env"
    with pytest.raises(KeyMissingError):
        way(model, {"SOMEBODY_ELSES_API_KEY": "sk-env"})


def test_the_second_name_of_an_address_is_read_too() -> None:
    """OPENAI_API_BASE, as older tools call it."""
    assert way("gpt-4o", {"OPENAI_API_KEY": KEY, "OPENAI_API_BASE": "http://10.0.0.5/v1"}).host == "10.0.0.5"


def test_the_files_address_and_variable_are_used() -> None:
    """`[providers.NAME]` may give both, and the window."""
    settings = Settings(api_base="https://gateway.example/v1", key_env="WORK_KEY", window=32_000)
    route = way("openai/gpt-4o", {"WORK_KEY": "sk-work"}, {"openai": settings})
    assert (route.key, route.host, route.window) == ("sk-work", "gateway.example", 32_000)


def test_a_kept_key_does_not_follow_an_address_of_the_environment() -> None:
    """A variable set by somebody else's folder must not be able to fetch it: exit 3, and why."""
    with pytest.raises(KeyMissingError) as caught:
        way("gpt-4o", {"OPENAI_BASE_URL": "https://evil.example/v1"}, openai=KEY)
    assert "evil.example" in caught.value.message
    assert "OPENAI_API_KEY" in caught.value.hint
    local = way("gpt-4o", {"OPENAI_BASE_URL": "http://127.0.0.1:8080/v1"}, openai=KEY)
    assert local.key == NO_KEY


def test_a_missing_key_is_said_with_what_to_do() -> None:
    """Exit 3, never another model instead."""
    with pytest.raises(KeyMissingError) as caught:
        way("openai/gpt-4o")
    assert caught.value.exit_code == 3
    assert caught.value.hint == "memchat keys set openai, or set OPENAI_API_KEY"


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:1234", "[::1]:8080", "127.0.0.2"])
def test_this_computer_needs_no_key(host: str) -> None:
    """A placeholder is sent, for clients insist on one."""
    route = way("openai/local-model", {"OPENAI_BASE_URL": f"http://{host}/v1"})
    assert (route.local, route.key, route.host, route.keyless) == (True, NO_KEY, host, True)


@pytest.mark.parametrize("host", ["127.0.0.1.evil.example", "localhost.evil.example", "10.0.0.1", "127.1"])
def test_what_only_looks_like_this_computer_is_not(host: str) -> None:
    """The words would leave."""
    assert not way("openai/x", {"OPENAI_BASE_URL": f"http://{host}/v1", "OPENAI_API_KEY": KEY}).local


def test_an_address_in_words_shows_no_password() -> None:
    """User and password of an address are not part of its host."""
    environ = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "https://me:secret@gateway.example/v1"}
    assert way("gpt-4o", environ).host == "gateway.example"


@pytest.mark.parametrize("address", ["gateway.example/v1", "ftp://gateway.example", "http://"])
def test_an_address_that_is_none_is_said(address: str) -> None:
    """Named by where it stands."""
    with pytest.raises(ConfigError, match="OPENAI_BASE_URL"):
        way("gpt-4o", {"OPENAI_BASE_URL": address, "OPENAI_API_KEY": KEY})
    with pytest.raises(ConfigError, match=r"providers\.openai\.api_base"):
        way("gpt-4o", {"OPENAI_API_KEY": KEY}, {"openai": Settings(api_base=address)})


def test_a_provider_of_ones_own_speaks_openais_wire() -> None:
    """`[providers.lab]` with an address; its key under its own name."""
    lab: dict[str, ProviderLike] = {"lab": Settings(api_base="https://lab.example/v1/")}
    route = way("lab/meta-llama/Llama-3", {"LAB_API_KEY": "k"}, lab)
    assert (route.litellm_name, route.api_base) == ("openai/meta-llama/Llama-3", "https://lab.example/v1")
    assert (route.key, route.provider, way("lab/x", {}, lab, lab="kept").key) == ("k", "lab", "kept")


def test_a_provider_that_only_litellm_knows_is_let_through() -> None:
    """Without an address of ours; the host is then its name."""
    route = way("deepinfra/some-model", {"DEEPINFRA_API_KEY": "k"})
    assert (route.litellm_name, route.host, route.api_base) == ("deepinfra/some-model", "deepinfra", "")


def test_a_cloud_account_needs_no_key() -> None:
    """Amazon's and Google's own credentials are found by their own libraries."""
    route = way("bedrock/anthropic.claude-3")
    assert (route.key, route.keyless, route.local, route.host) == ("", True, False, "bedrock")


def test_a_provider_nobody_knows_is_said_with_the_nearest() -> None:
    """Or with the setting that would introduce it."""
    with pytest.raises(UnknownModelError) as caught:
        way("opanai/gpt-4o")
    assert caught.value.hint == "Did you mean openai/gpt-4o?"
    with pytest.raises(UnknownModelError) as caught:
        way("zzzz/gpt-4o")
    assert "[providers.zzzz]" in caught.value.hint


def ollama_at(server: Server) -> dict[str, str]:
    """The environment of a computer where Ollama runs."""
    return {"OLLAMA_HOST": server.address}


def test_a_bare_name_is_looked_for_on_this_computer(openai_server: Server) -> None:
    """Exact, as `latest`, or the only one of its family."""
    openai_server.models = ["qwen3:8b", "llama3:latest", "llama3:70b"]
    for name, model in (("qwen3:8b", "qwen3:8b"), ("qwen3", "qwen3:8b"), ("llama3", "llama3:latest")):
        route = way(name, ollama_at(openai_server))
        assert route.litellm_name == f"ollama_chat/{model}"
        assert (route.name, route.local, route.host) == (name, True, openai_server.address)
        assert (route.window, route.num_ctx, route.named) == (0, 0, True)


def test_a_model_that_is_not_pulled_is_said_with_the_command(openai_server: Server) -> None:
    """Exit 3, `ollama pull`."""
    with pytest.raises(UnknownModelError) as caught:
        way("qwen3", ollama_at(openai_server))
    assert (caught.value.exit_code, caught.value.hint) == (3, "ollama pull qwen3")


def test_without_any_local_server_the_ways_on_are_said() -> None:
    """Name the provider, or start Ollama."""
    with pytest.raises(UnknownModelError) as caught:
        way("qwen3")
    assert "openai/qwen3" in caught.value.hint
    assert "ollama pull qwen3" in caught.value.hint


def test_a_bare_name_on_an_openai_compatible_server_is_found(openai_server: Server) -> None:
    """LM Studio and llama.cpp list their models."""
    openai_server.models = ["smollm2"]
    route = way("smollm2", {"LM_STUDIO_API_BASE": openai_server.url})
    assert (route.litellm_name, route.api_base, route.local) == ("openai/smollm2", openai_server.url, True)


def test_gpt_oss_and_names_with_tags_mean_this_computer(openai_server: Server) -> None:
    """Though they begin like OpenAI's."""
    openai_server.models = ["gpt-oss:20b", "gpt-4o:mine"]
    assert way("gpt-oss", ollama_at(openai_server)).litellm_name == "ollama_chat/gpt-oss:20b"
    assert way("gpt-4o:mine", ollama_at(openai_server)).local


def test_ollama_is_told_its_context_by_the_settings() -> None:
    """`num_ctx`, else `window`; an Ollama elsewhere needs a key like anybody else."""
    for settings, size in ((Settings(num_ctx=32_768, window=1), 32_768), (Settings(window=16_384), 16_384)):
        assert way("ollama/qwen3", {}, {"ollama": settings}).num_ctx == size
    assert way("lm_studio/x", {}, {"lm_studio": Settings(window=4_096)}).num_ctx == 0
    far = way("ollama/qwen3", {"OLLAMA_HOST": "https://ollama.example", "OLLAMA_API_KEY": "k"})
    assert (far.api_base, far.local, far.key) == ("https://ollama.example", False, "k")


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:11434"),
        ("localhost:9999", "http://localhost:9999"),
        ("0.0.0.0", "http://127.0.0.1:11434"),  # noqa: S104 - what people set, not what we bind
        ("http://0.0.0.0:9999/", "http://127.0.0.1:9999"),
        ("[::]:9999", "http://127.0.0.1:9999"),
        ("[::1]:9999", "http://[::1]:9999"),
        ("https://ollama.example/base/", "https://ollama.example/base"),
    ],
)
def test_ollama_host_may_be_short(told: str, address: str) -> None:
    """As Ollama itself reads it; where a server listens on all addresses it is called on loopback."""
    route = way("ollama/qwen3", {"OLLAMA_HOST": told, "OLLAMA_API_KEY": "k"})
    assert route.api_base == address


def test_only_this_computer_and_addresses_that_a_person_named_may_be_asked() -> None:
    """Asking a provider's own address about a model would be a request that nobody expects."""
    assert way("lm_studio/x").named
    assert not way("gpt-4o", {"OPENAI_API_KEY": KEY}).named
    assert way("gpt-4o", {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "https://proxy.example/v1"}).named
    assert way("gpt-4o", {"OPENAI_API_KEY": KEY}, {"openai": Settings(api_base="https://proxy.example/v1")}).named
    assert not way("cohere/x", {"COHERE_API_KEY": KEY}).named


def test_the_first_provider_with_a_key_answers_when_none_was_chosen() -> None:
    """OpenAI, Anthropic, Gemini, OpenRouter, in this order; else the notebook."""
    assert choose_default({}, KeyRing(), {}) == "notebook"
    assert choose_default({"OPENROUTER_API_KEY": "k"}, KeyRing(), {}) == "openrouter/openai/gpt-4o-mini"
    assert (
        choose_default({"GOOGLE_API_KEY": "k", "OPENROUTER_API_KEY": "k"}, KeyRing(), {}) == "gemini/gemini-2.5-flash"
    )
    assert choose_default({"GEMINI_API_KEY": "k"}, KeyRing({"anthropic": "k"}), {}) == "anthropic/claude-sonnet-4-5"
    assert choose_default({"OPENAI_API_KEY": "k", "ANTHROPIC_API_KEY": "k"}, KeyRing(), {}) == "openai/gpt-4o-mini"
    assert choose_default({"MISTRAL_API_KEY": "k", "OPENAI_API_KEY": " "}, KeyRing(), {}) == "notebook"


def test_setup_is_told_who_could_answer(openai_server: Server) -> None:
    """Models of this computer first, then providers with a key, each with where it was found."""
    openai_server.models = ["qwen3:8b"]
    environ = {**ALONE, **ollama_at(openai_server), "ANTHROPIC_API_KEY": "k"}
    assert found_answerers(environ, KeyRing({"openai": "k"}), {}) == [
        Answerer("ollama/qwen3:8b", openai_server.address, local=True, why="on this computer"),
        Answerer("openai/gpt-4o-mini", "api.openai.com", local=False, why="key kept by memchat"),
        Answerer("anthropic/claude-sonnet-4-5", "api.anthropic.com", local=False, why="key found in ANTHROPIC_API_KEY"),
    ]
    assert found_answerers(ALONE, KeyRing(), {}) == []


def test_setup_names_the_host_that_is_configured(openai_server: Server) -> None:
    """`[providers.NAME]` moves a provider and names its key's variable: setup and the first choice follow."""
    openai_server.models = ["qwen3:8b"]
    providers = {
        "ollama": Settings(api_base=f"http://{openai_server.address}/"),
        "openai": Settings(api_base="https://proxy.example/v1", key_env="WORK_KEY"),
    }
    elsewhere = {name: address for name, address in ALONE.items() if name != "OLLAMA_HOST"}
    environ = {**elsewhere, "WORK_KEY": "k"}
    assert found_answerers(environ, KeyRing(), providers) == [
        Answerer("ollama/qwen3:8b", openai_server.address, local=True, why="on this computer"),
        Answerer("openai/gpt-4o-mini", "proxy.example", local=False, why="key found in WORK_KEY"),
    ]
    assert choose_default(environ, KeyRing(), providers) == "openai/gpt-4o-mini"
    assert choose_default(elsewhere, KeyRing(), providers) == "notebook"
    bare = resolve("qwen3", environ=environ, providers=providers, keys=KeyRing())
    assert (bare.litellm_name, bare.host) == ("ollama_chat/qwen3:8b", openai_server.address)
    assert resolve("gpt-4o", environ=environ, providers=providers, keys=KeyRing()).host == "proxy.example"


def test_a_configured_server_elsewhere_is_not_looked_into() -> None:
    """Nor is the usual port then, where somebody else may listen; the environment still comes first."""
    far = {"ollama": Settings(api_base="http://192.0.2.1:11434"), "lm_studio": Settings(api_base="nonsense")}
    environ = {name: address for name, address in ALONE.items() if name not in {"OLLAMA_HOST", "LM_STUDIO_API_BASE"}}
    assert found_answerers(environ, KeyRing(), far) == []


def test_a_kept_key_is_not_offered_where_it_would_not_go() -> None:
    """The environment sends the provider elsewhere: choosing it would only fail."""
    environ = {**ALONE, "OPENAI_BASE_URL": "https://proxy.example/v1"}
    assert choose_default(environ, KeyRing({"openai": "k"}), {}) == "notebook"
    assert found_answerers(environ, KeyRing({"openai": "k"}), {}) == []


def test_a_refused_key_is_mended_where_it_comes_from() -> None:
    """The environment comes first: a key kept with `memchat keys` would not be looked at."""
    assert (
        way("openai/x", {"OPENAI_API_KEY": "sk-1"}).mend_key == "It comes from OPENAI_API_KEY: set another one there."
    )
    assert way("openai/x", openai="sk-1").mend_key == "memchat keys set openai"


@pytest.mark.parametrize("key", ["sk\nx", "sk-é", "sk\x00"])
def test_a_key_of_impossible_characters_is_said_before_the_call(key: str) -> None:
    """As a key that does not work, exit 3, without repeating it."""
    with pytest.raises(KeyMissingError, match="holds characters") as caught:
        way("openai/x", {"OPENAI_API_KEY": key})
    assert "sk" not in caught.value.message + caught.value.hint


def test_a_provider_alone_names_no_model() -> None:
    """`openai/`."""
    with pytest.raises(UnknownModelError, match="names no model"):
        way("openai/", {"OPENAI_API_KEY": "sk-1"})
