"""How much a model reads: who is asked, in which order, how large a context Ollama is told to make."""

import json
import socket
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from memchat.domain import Finish
from memchat.errors import ContextWindowError
from memchat.llm import fetching, providers, window_probes
from memchat.llm.context_windows import AGAIN, SAFE_WINDOW, Window, find, num_ctx
from memchat.llm.litellm_model import LiteLLMModel
from memchat.llm.windows import Route, resolve
from memchat.memory import window_told

from tests.llm.ways import KEY, KeyRing, a_context, a_model, a_task
from tests.servers import replies
from tests.servers.openai_server import Server
from tests.servers.replies import Fault, Reply

MODEL = "test-model"


def a_way(server: Server, provider: str = "openai", *, local: bool = True, window: int = 0, num_ctx: int = 0) -> Route:
    """A way to the server that says nothing of the window, unless the settings do."""
    prefix = {"ollama": "ollama_chat", "lm_studio": "openai", "llamacpp": "openai"}.get(provider, provider)
    return Route(
        name=f"{provider}/{MODEL}",
        litellm_name=f"{prefix}/{MODEL}",
        provider=provider,
        host=server.address,
        api_base=f"http://{server.address}" if provider == "ollama" else server.url,
        key=KEY,
        local=local,
        named=True,
        keyless=local,
        window=window,
        num_ctx=num_ctx,
    )


def listing(**row: object) -> dict[str, Any]:
    """A list of models with one row."""
    return {"object": "list", "data": [{"id": MODEL, "object": "model", **row}]}


def showing(longest: int = 0, parameters: str = "", info: Mapping[str, object] = {}) -> dict[str, Any]:
    """What Ollama shows of a model."""
    own = {"llama.context_length": longest} if longest else {}
    return {"model_info": {"general.architecture": "llama", **own, **info}, "parameters": parameters}


def asked_paths(server: Server) -> list[str]:
    """What was asked of the server beside chats."""
    return [seen.path for seen in server.others]


# Servers that speak OpenAI's wire


@pytest.mark.parametrize(
    ("row", "window"),
    [
        ({"max_model_len": 40_960}, 40_960),
        ({"context_length": 163_840, "top_provider": {"context_length": 163_840}}, 163_840),
        ({"context_window": 131_072}, 131_072),
        ({"meta": {"n_ctx": 16_384, "n_ctx_train": 131_072}}, 16_384),
        ({"meta": {"n_ctx_train": 32_768}}, 32_768),
        ({"loaded_context_length": 6_000, "max_context_length": 262_144}, 6_000),
        ({"context_length": "40960"}, 40_960),
        ({"context_length": "much", "n_ctx": float("inf"), "context_window": 9_000}, 9_000),
    ],
    ids=["vLLM", "OpenRouter", "Groq", "llama.cpp", "older llama.cpp", "LM Studio", "in quotes", "no numbers"],
)
def test_the_list_of_models_says_how_much_is_read(openai_server: Server, row: Mapping[str, Any], window: int) -> None:
    """Each server has its own word for it; what the server holds itself to comes before what the model could do."""
    openai_server.pages["/v1/models"] = listing(**row)
    assert find(a_way(openai_server)) == Window(window, f"asked at {openai_server.address}")


def test_llama_cpp_says_at_its_own_page_what_it_was_started_with(openai_server: Server) -> None:
    """What the model was trained for would be a promise that the server does not keep."""
    openai_server.pages["/v1/models"] = listing(meta={"n_ctx_train": 131_072})
    openai_server.pages["/props"] = {"default_generation_settings": {"n_ctx": 4_096}}
    assert find(a_way(openai_server, "llamacpp")).tokens == 4_096


def test_lm_studio_says_at_its_own_page_what_it_has_loaded(openai_server: Server) -> None:
    """Of a model that is not loaded nobody knows how it will be: a guess, and it is asked again later."""
    moment = [0.0]
    route = a_way(openai_server, "lm_studio")
    openai_server.pages["/api/v0/models"] = listing(max_context_length=262_144, state="not-loaded")
    assert find(route, now=lambda: moment[0]) == Window(SAFE_WINDOW, "")
    openai_server.pages["/api/v0/models"] = listing(max_context_length=262_144, loaded_context_length=32_000)
    assert find(route, now=lambda: moment[0]).tokens == SAFE_WINDOW
    moment[0] = AGAIN
    assert find(route, now=lambda: moment[0]).tokens == 32_000


def test_far_servers_list_what_the_model_can_do(openai_server: Server) -> None:
    """Mistral's word is LM Studio's too, where it means something else: it counts only for servers elsewhere."""
    openai_server.pages["/v1/models"] = listing(max_context_length=131_072)
    assert find(a_way(openai_server, "mistral", local=False)).tokens == 131_072
    assert find(a_way(openai_server, "lm_studio")).tokens == SAFE_WINDOW


def test_the_right_row_is_read(openai_server: Server) -> None:
    """By the model's name; a single model answers to any name, of several none is taken for another."""
    rows = [{"id": "other", "context_length": 1_000}, {"id": MODEL, "context_length": 2_000}]
    openai_server.pages["/v1/models"] = {"data": rows}
    assert find(a_way(openai_server)).tokens == 2_000
    openai_server.pages["/v1/models"] = {"data": rows[:1]}
    assert find(replace(a_way(openai_server), litellm_name="openai/any")).tokens == 1_000
    openai_server.pages["/v1/models"] = {"data": [*rows, {"id": "third"}]}
    assert find(replace(a_way(openai_server), litellm_name="openai/fourth")).tokens == SAFE_WINDOW


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["data", "id", "meta", "n_ctx", "n_ctx_train", "context_length", "model_info", "parameters", "x.context_length"]
    ), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=JSON)
def test_whatever_a_server_answers_is_a_size_or_none(openai_server: Server, answer: Any) -> None:
    """Somebody else's JSON: never an error, never a number below nothing or beyond reason."""
    openai_server.pages |= dict.fromkeys(("/v1/models", "/props", "/api/v0/models", "/api/show"), answer)
    size = window_probes.openai_compatible(openai_server.url, MODEL, KEY, local=True)
    shown = window_probes.ollama(f"http://{openai_server.address}", MODEL, KEY, local=True)
    assert 0 <= size <= 100_000_000
    assert shown is None or (0 <= shown.longest <= 100_000_000 and shown.num_ctx >= 0)


def test_the_settings_come_first_and_nobody_is_asked(openai_server: Server) -> None:
    """`[providers.NAME] window`."""
    openai_server.pages["/v1/models"] = listing(max_model_len=40_960)
    assert find(a_way(openai_server, window=5_000)) == Window(5_000, "[providers.openai] window")
    assert asked_paths(openai_server) == []


def test_nobody_is_asked_at_an_address_that_no_person_named(openai_server: Server) -> None:
    """A provider's own address gets requests for answers, no others; litellm's list says what is known."""
    openai_server.pages["/v1/models"] = listing(max_model_len=40_960)
    route = replace(a_way(openai_server, local=False), named=False, litellm_name="openai/gpt-4o-mini")
    assert find(route) == Window(128_000, "litellm's list of models")
    newer = replace(route, litellm_name="openai/gpt-4o-of-next-year")
    assert find(newer) == Window(128_000, "its family of models")
    assert find(replace(route, litellm_name="openai/unheard-of")) == Window(SAFE_WINDOW, "")
    assert asked_paths(openai_server) == []


def test_a_named_address_that_says_nothing_leaves_it_to_the_list(openai_server: Server) -> None:
    """A gateway before OpenAI lists names only."""
    route = replace(a_way(openai_server, local=False), litellm_name="openai/gpt-4o-mini")
    assert find(route).tokens == 128_000
    assert asked_paths(openai_server) == ["/v1/models"]


def test_a_known_name_on_this_computer_is_not_taken_for_the_famous_one(openai_server: Server) -> None:
    """Whatever somebody calls gpt-4o here need not read what that one reads."""
    assert find(replace(a_way(openai_server), litellm_name="openai/gpt-4o")).tokens == SAFE_WINDOW


def test_an_unreadable_list_means_a_safe_guess(monkeypatch: pytest.MonkeyPatch, openai_server: Server) -> None:
    """litellm may be installed otherwise than we know."""
    monkeypatch.setattr(providers, "bundled", lambda _: Path("nowhere"))
    providers.listed.cache_clear()
    route = replace(a_way(openai_server, local=False), named=False, litellm_name="mistral/mistral-large-latest")
    assert find(route) == Window(SAFE_WINDOW, "")
    providers.listed.cache_clear()


# When, how long, how often


def test_nothing_is_asked_before_it_is_needed_and_then_once(openai_server: Server) -> None:
    """Neither at `resolve` nor when the model is made; remembered for the process, across models of the same name."""
    openai_server.pages["/v1/models"] = listing(max_model_len=40_960)
    environ = {"LM_STUDIO_API_BASE": openai_server.url}
    made = [
        LiteLLMModel(resolve(f"lm_studio/{MODEL}", environ=environ, providers={}, keys=KeyRing()), timeout=5, retries=0)
        for _ in range(2)
    ]
    assert asked_paths(openai_server) == []
    assert [(model.window, model.window_from) for model in made] == [(40_960, f"asked at {openai_server.address}")] * 2
    assert asked_paths(openai_server) == ["/v1/models"]


def test_a_server_that_was_not_there_is_asked_again(openai_server: Server) -> None:
    """It may have been started since; not at each message, for each would wait for nothing."""
    moment = [0.0]
    route = replace(a_way(openai_server), api_base="http://127.0.0.1:9/v1")
    assert find(route, now=lambda: moment[0]).source == ""
    found = replace(a_way(openai_server), litellm_name="openai/again")
    assert find(found, now=lambda: moment[0]).source == ""
    openai_server.pages["/v1/models"] = listing(max_model_len=40_960)
    asked = len(asked_paths(openai_server))
    moment[0] = AGAIN - 1
    assert find(found, now=lambda: moment[0]).source == ""
    assert len(asked_paths(openai_server)) == asked
    moment[0] = AGAIN
    assert find(found, now=lambda: moment[0]).tokens == 40_960


def test_a_silent_server_is_asked_once(openai_server: Server) -> None:
    """It took the connection and says nothing: its second of patience is waited for once, not three times."""
    for route in (a_way(openai_server), a_way(openai_server, "ollama")):
        with closing(socket.create_server(("127.0.0.1", 0))) as silent:
            base = f"http://127.0.0.1:{silent.getsockname()[1]}"
            assert find(replace(route, api_base=base)).source == ""
            silent.setblocking(False)
            silent.accept()[0].close()
            with pytest.raises(BlockingIOError):
                silent.accept()


def test_the_key_is_not_carried_elsewhere_by_a_redirect(openai_server: Server) -> None:
    """Whoever answers at the address must not be able to send it on."""
    with Server() as elsewhere, closing(socket.create_server(("127.0.0.1", 0))) as turning:
        import threading

        def turn() -> None:
            connection, _ = turning.accept()
            with connection:
                connection.recv(4_096)
                to = f"http://{elsewhere.address}/v1/models"
                connection.sendall(f"HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode())

        thread = threading.Thread(target=turn, daemon=True)
        thread.start()
        assert fetching.fetch(f"http://127.0.0.1:{turning.getsockname()[1]}/v1/models", key=KEY) is None
        thread.join(5)
        assert elsewhere.others == []


def test_the_key_goes_with_the_question(openai_server: Server) -> None:
    """A server that wants one for answers wants it here too."""
    find(a_way(openai_server))
    assert openai_server.others[0].headers["Authorization"] == f"Bearer {KEY}"


# Ollama


def test_ollama_is_asked_what_the_model_can_hold(openai_server: Server) -> None:
    """All of that is the window; a request demands as much of it as it needs."""
    openai_server.pages["/api/show"] = showing(131_072)
    assert find(a_way(openai_server, "ollama")) == Window(
        131_072, f"asked at {openai_server.address}", num_ctx=8_192, grows=True
    )
    assert openai_server.others[0].body["model"] == MODEL


@pytest.mark.parametrize(
    ("told", "shown", "window"),
    [
        (32_768, showing(131_072), 32_768),
        (32_768, showing(8_192), 8_192),
        (32_768, showing(), 32_768),
        (32_768, {"error": "no such model"}, 32_768),
        (0, showing(131_072, 'stop  "<eot>"\nnum_ctx                        16384\n'), 16_384),
        (0, showing(4_096, "num_ctx 16384"), 4_096),
        (0, showing(2_048), 2_048),
        (0, showing(info={"mllama.context_length": 40_960, "mllama.vision.context_length": 6_404}), 40_960),
    ],
    ids=["set", "set too large", "set, nothing shown", "set, not there", "Modelfile", "too large", "small", "other"],
)
def test_ollamas_window_is_never_more_than_the_model_or_the_person_allows(
    openai_server: Server, told: int, shown: dict[str, Any], window: int
) -> None:
    """Beyond what the model can, Ollama cuts in silence whatever it is told."""
    openai_server.pages["/api/show"] = shown
    found = find(a_way(openai_server, "ollama", num_ctx=told))
    assert (found.tokens, bool(found.source)) == (window, True)
    assert num_ctx(a_way(openai_server, "ollama", num_ctx=told), found, 1_000_000) == window


def test_an_ollama_that_does_not_answer_is_told_a_safe_context(openai_server: Server) -> None:
    """Without any it would take its own 4,096."""
    route = replace(a_way(openai_server, "ollama"), api_base="http://127.0.0.1:9")
    assert find(route) == Window(SAFE_WINDOW, "", num_ctx=SAFE_WINDOW)


def test_the_context_doubles_and_does_not_shrink(openai_server: Server) -> None:
    """Ollama loads a model anew for each other size."""
    openai_server.pages["/api/show"] = showing(50_000)
    route = a_way(openai_server, "ollama")
    window = find(route)
    wanted = [100, 8_192, 8_193, 100, 30_000, 45_000, 1_000_000, 100]
    assert [num_ctx(route, window, tokens) for tokens in wanted] == [
        8_192, 8_192, 16_384, 16_384, 32_768, 50_000, 50_000, 50_000,
    ]  # fmt: skip


def ollama_options(server: Server) -> list[int]:
    """The contexts that were demanded."""
    return [seen.body["options"]["num_ctx"] for seen in server.requests]


def test_each_request_demands_a_context_that_holds_it(openai_server: Server) -> None:
    """Over the wire: what was sent, and room for the answer, fits into what was demanded."""
    openai_server.pages["/api/show"] = showing(131_072)
    model = a_model(a_way(openai_server, "ollama"))
    for words in (10, 5_000, 14_000, 10):
        openai_server.script(Reply("Fine."))
        *_, finish = model.stream(a_context("word " * words), ())
        assert isinstance(finish, Finish)
        assert finish.usage is not None
        assert finish.usage.prompt_tokens + 1_000 < ollama_options(openai_server)[-1]
    assert ollama_options(openai_server) == [8_192, 16_384, 32_768, 32_768]


def test_a_request_that_ollama_would_cut_is_not_sent(openai_server: Server) -> None:
    """The chat folds and tries once more, or says it: nothing is lost in silence."""
    model = a_model(a_way(openai_server, "ollama", num_ctx=2_048))
    with pytest.raises(ContextWindowError, match=r"reads 2,048 tokens, and this has about 3,\d\d\d") as caught:
        list(model.stream(a_context("word " * 3_000), ()))
    assert "num_ctx" in caught.value.hint
    assert openai_server.requests == []


def test_what_the_user_sets_with_a_flag_is_the_window(openai_server: Server) -> None:
    """`-o num_ctx=4096`: so that what is sent is measured by it."""
    openai_server.pages["/api/show"] = showing(131_072)
    model = LiteLLMModel(a_way(openai_server, "ollama"), timeout=5, retries=0, options={"num_ctx": 4_096})
    assert model.window == 4_096
    list(model.stream(a_context(), ()))
    assert ollama_options(openai_server) == [4_096]
    odd = LiteLLMModel(a_way(openai_server, "ollama"), timeout=5, retries=0, options={"num_ctx": "all"})
    list(odd.stream(a_context(), ()))
    assert openai_server.requests[-1].body["options"]["num_ctx"] == "all"  # for Ollama to refuse
    elsewhere = LiteLLMModel(a_way(openai_server), timeout=5, retries=0, options={"num_ctx": 4_096})
    assert elsewhere.window == SAFE_WINDOW


def test_the_room_for_the_answer_is_what_the_user_wants(openai_server: Server) -> None:
    """`-o max_tokens=9000` needs a context for it."""
    openai_server.pages["/api/show"] = showing(131_072)
    model = LiteLLMModel(a_way(openai_server, "ollama"), timeout=5, retries=0, options={"max_tokens": 9_000})
    list(model.stream(a_context(), ()))
    assert ollama_options(openai_server) == [16_384]


def test_what_is_asked_in_the_background_has_room_too(openai_server: Server) -> None:
    """A summing up of a long conversation."""
    openai_server.pages["/api/show"] = showing(131_072)
    model = a_model(a_way(openai_server, "ollama"))
    assert model.complete(a_task("word " * 9_000), lambda: False) is not None
    (seen,) = openai_server.consolidations
    assert seen.body["options"]["num_ctx"] == 16_384


# What people are told


def test_a_guess_is_said_with_the_setting_that_ends_it(openai_server: Server) -> None:
    """And what is known is not said."""
    guessed = a_model(a_way(openai_server))
    assert (guessed.window, guessed.window_from) == (SAFE_WINDOW, "")
    assert window_told.note(guessed) == (
        "How much openai/test-model reads at once is not known; 8,192 tokens are assumed. "
        "Set window under [providers.openai]."
    )
    bare = a_model(replace(a_way(openai_server), name="qwen3"))
    assert window_told.note(bare).endswith("Set window under [providers.NAME].")
    assert window_told.note(a_model(a_way(openai_server, window=9_000))) == ""


def test_a_body_that_is_no_json_is_no_answer(openai_server: Server) -> None:
    """Nor is a status that says no."""
    assert fetching.fetch(f"{openai_server.url}/nothing") is None
    garbage = replies.garbage()
    openai_server.script(garbage)
    body = {"messages": [{"role": "user", "content": "x"}], "model": "x"}
    assert fetching.fetch(f"{openai_server.url}/chat/completions", body=body) is None
    assert json.loads(openai_server.requests[0].raw) == body
    openai_server.script(Fault(status=200, body=b"[" * 200_000))
    assert fetching.fetch(f"{openai_server.url}/chat/completions", body=body) is None
