"""Models over the wire: real HTTP on loopback, through litellm, with every fault a provider has shown."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from memchat.domain import Finish, ModelEvent, ReasoningDelta, Role, TextDelta, ToolCall, ToolSpec, Usage
from memchat.errors import (
    ContextWindowError,
    CutReplyError,
    KeyMissingError,
    MemchatError,
    NetworkError,
    ProviderError,
    RateLimitError,
    UnknownModelError,
    UsageError,
)
from memchat.llm import loading
from memchat.llm.litellm_model import LiteLLMModel
from memchat.llm.prices import price_of
from memchat.llm.reading import Reading, Silence, Wire

from tests.builders import a_message
from tests.e2e.running import PATIENCE, seen_within
from tests.llm.ways import KEY, a_call, a_context, a_model, a_result, a_route, a_saved, text_of
from tests.servers import replies
from tests.servers.openai_server import LONGEST_HANG, Server
from tests.servers.replies import Reply, Tool

ROOT = Path(__file__).parent.parent.parent
RECALL = ToolSpec("recall", "Look something up.", {"type": "object", "properties": {"query": {"type": "string"}}})
# The two ways through litellm: OpenAI's own client, and litellm's handler; and Ollama's wire.
PROVIDERS = ("openai", "openrouter", "ollama_chat")
NOTICED = 5.0  # seconds in which the server must have seen its client leave


def model_for(server: Server, prefix: str, *, retries: int = 0, timeout: float = 5) -> LiteLLMModel:
    """The model behind the server, reached in the way of that provider."""
    provider = "ollama" if prefix == "ollama_chat" else prefix
    return a_model(a_route(server, provider=provider, prefix=prefix), retries=retries, timeout=timeout)


def ask(model: LiteLLMModel, text: str = "Hello there.") -> list[ModelEvent]:
    """All events of one question."""
    return list(model.stream(a_context(text), ()))


def failing(model: LiteLLMModel, kind: type[MemchatError]) -> tuple[MemchatError, str]:
    """The error of one question, and the words that came before it."""
    heard: list[ModelEvent] = []
    with pytest.raises(kind) as caught:
        heard.extend(model.stream(a_context(), ()))
    assert type(caught.value) is kind
    for line in (caught.value.message, caught.value.hint):
        assert line
        assert "\n" not in line
        assert KEY not in line
    return caught.value, text_of(heard)


@pytest.mark.parametrize("prefix", PROVIDERS)
def test_text_comes_in_pieces_and_ends_with_usage(openai_server: Server, prefix: str) -> None:
    """The words as they come, then one Finish with what the provider counted."""
    openai_server.script(Reply("Good morning, Alice."))
    events = ask(model_for(openai_server, prefix))
    assert [e.text for e in events if isinstance(e, TextDelta)] == ["Good ", "morning, ", "Alice."]
    finish = events[-1]
    assert isinstance(finish, Finish)
    assert finish.reason == "stop"
    assert finish.usage == Usage(prompt_tokens=15, completion_tokens=5, cached_tokens=0, cost=None)


@pytest.mark.parametrize("prefix", PROVIDERS)
def test_parallel_tool_calls_are_folded(openai_server: Server, prefix: str) -> None:
    """Two calls, their arguments in interleaved fragments, come out whole and in order."""
    tools = (Tool("recall", '{"query": "peanuts and other nuts"}', "a"), Tool("recall", '{"query": "台北"}', "b"))
    openai_server.script(Reply("Let me look.", tools=tools))
    events = list(model_for(openai_server, prefix).stream(a_context(), [RECALL]))
    calls = [event for event in events if isinstance(event, ToolCall)]
    assert [(call.name, json.loads(call.arguments)) for call in calls] == [
        ("recall", {"query": "peanuts and other nuts"}),
        ("recall", {"query": "台北"}),
    ]
    assert len({call.id for call in calls}) == 2
    assert text_of(events) == "Let me look."
    assert isinstance(events[-1], Finish)
    assert events[-1].reason == "tool_calls"
    assert replies.offered(openai_server.requests[0].body) == ["recall"]


@pytest.mark.parametrize("prefix", PROVIDERS)
def test_a_round_of_tools_is_sent_back(openai_server: Server, prefix: str) -> None:
    """The call and its result follow the newest message; the model answers them."""
    rounds = [a_saved(Role.ASSISTANT, a_call()), a_saved(Role.TOOL, a_result("You said: peanuts"))]
    events = list(model_for(openai_server, prefix).stream(a_context(rounds=rounds), [RECALL]))
    assert text_of(events) == "Done."
    sent = openai_server.requests[0].messages
    assert [message["role"] for message in sent] == ["system", "user", "assistant", "tool"]
    assert sent[3]["content"] == "You said: peanuts"


def test_reasoning_is_kept_apart(openai_server: Server) -> None:
    """In a field of its own, or in the content between tags."""
    openai_server.script(
        Reply("Yes.", reasoning="Let me think about it."),
        Reply("Yes.", reasoning="Let me think about it.", reasoning_field="reasoning"),
        Reply("\n\nYes.", think="Let me think about it."),
    )
    model = a_model(openai_server)
    for _ in range(3):
        events = ask(model)
        assert "".join(e.text for e in events if isinstance(e, ReasoningDelta)) == "Let me think about it."
        assert text_of(events) == "Yes."


def test_the_cached_prefix_is_told(openai_server: Server) -> None:
    """The second request begins with the first one's messages up to its user message: those come from the cache."""
    model = a_model(openai_server)
    head = "You are memchat. " * 20
    list(model.stream(a_context("One.", head=head, tail="only now"), ()))
    turns = [a_message("One."), a_message("You said: One.", role=Role.ASSISTANT)]
    events = list(model.stream(a_context("Two.", head=head, turns=turns), ()))
    first, second = openai_server.requests
    assert first.messages[:1] == second.messages[:1]
    assert second.messages[1] == {"role": "user", "content": "One."}
    assert isinstance(events[-1], Finish)
    assert events[-1].usage is not None
    assert events[-1].usage.cached_tokens == 4 + len(head) // 4


def test_the_request_says_all_it_should_and_no_more(openai_server: Server) -> None:
    """Model, messages, stream with usage; tools only when there are any; options as given; the key as a bearer."""
    list(a_model(openai_server, temperature=0.5, top_p=0.9).stream(a_context(), ()))
    request = openai_server.requests[0]
    assert request.body == {
        "model": "test-model",
        "messages": [
            {"role": "system", "content": "You are memchat."},
            {"role": "user", "content": "Hello there."},
        ],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.5,
        "top_p": 0.9,
    }
    assert request.headers["Authorization"] == f"Bearer {KEY}"


def test_the_same_context_is_the_same_request(openai_server: Server) -> None:
    """Byte for byte: what is promised of stateless use."""
    model = a_model(openai_server)
    ask(model)
    ask(model)
    assert openai_server.requests[0].raw == openai_server.requests[1].raw


def test_ollama_is_told_its_window(openai_server: Server) -> None:
    """Without `num_ctx` it would cut the request silently."""
    route = replace(a_route(openai_server, provider="ollama", prefix="ollama_chat"), num_ctx=16_384)
    ask(a_model(route))
    assert openai_server.requests[0].path == "/api/chat"
    assert openai_server.requests[0].body["options"]["num_ctx"] == 16_384


def test_a_schema_for_the_reply_goes_through(openai_server: Server) -> None:
    """`response_format` as an option; the reply is an instance of it."""
    schema = {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]}
    wanted = {"type": "json_schema", "json_schema": {"name": "title", "schema": schema, "strict": True}}
    assert json.loads(text_of(ask(a_model(openai_server, response_format=wanted)))) == {"title": ""}


@pytest.mark.parametrize("name", ["api_base", "api_key", "model", "stream", "timeout", "fallbacks"])
def test_options_cannot_move_the_words(openai_server: Server, name: str) -> None:
    """`-o api_base=...` would send them elsewhere: exit 2."""
    with pytest.raises(UsageError, match=name):
        LiteLLMModel(a_route(openai_server), timeout=5, retries=0, options={name: "x"})


def test_usage_that_was_not_told_is_not_made_up(openai_server: Server) -> None:
    """litellm counts by itself then; that is an estimate, and the engine has its own."""
    openai_server.script(Reply("Yes.", usage=False))
    assert ask(a_model(openai_server))[-1] == Finish("stop")


def test_a_reply_at_its_length_limit_says_so(openai_server: Server) -> None:
    """`length` is an end like any other."""
    openai_server.script(Reply("Once upon", finish="length"))
    events = ask(a_model(openai_server))
    assert isinstance(events[-1], Finish)
    assert events[-1].reason == "length"


def test_a_huge_reply_comes_whole(openai_server: Server) -> None:
    """Half a million characters in a thousand chunks."""
    pieces = tuple(f"{number:>9} " * 50 for number in range(1_000))
    openai_server.script(Reply(pieces=pieces))
    assert text_of(ask(a_model(openai_server))) == "".join(pieces)


def test_a_reply_that_repeats_itself_comes_whole(openai_server: Server) -> None:
    """A ruled line is many equal chunks; litellm by itself would break it off at a hundred."""
    openai_server.script(Reply(pieces=("-----",) * 400))
    assert text_of(ask(a_model(openai_server))) == "-----" * 400


def test_a_huge_question_goes_whole(openai_server: Server) -> None:
    """Two megabytes."""
    text = "peanuts " * 250_000
    openai_server.script(Reply("Many."))
    ask(a_model(openai_server), text)
    assert openai_server.requests[0].messages[-1]["content"] == text


@pytest.mark.parametrize("prefix", PROVIDERS)
@pytest.mark.parametrize(
    ("fault", "kind", "says"),
    [
        (replies.unauthorized(), KeyMissingError, "refused the key"),
        (replies.forbidden(), KeyMissingError, "refused the key"),
        (replies.no_model(), UnknownModelError, "test-model"),
        (replies.rate_limited(), RateLimitError, "too many requests"),
        (replies.rate_limited("3600"), RateLimitError, "asks to wait 3600 seconds"),
        (replies.out_of_quota(), RateLimitError, "quota"),
        (replies.server_error(500), ProviderError, "(500): The server had an error"),
        (replies.server_error(503), ProviderError, "(503)"),
        (replies.error(400, "temperature is too hot"), ProviderError, "(400): temperature is too hot"),
        (replies.window_exceeded(), ContextWindowError, "does not fit"),
        (replies.error(413, "too large"), ContextWindowError, "does not fit"),
        (replies.garbage(), ProviderError, "no reply"),
    ],
    ids=["401", "403", "404", "429", "429wait", "quota", "500", "503", "400", "window", "413", "garbage"],
)
def test_faults_become_our_errors(
    openai_server: Server, prefix: str, fault: replies.Fault, kind: type[MemchatError], says: str
) -> None:
    """Whatever class litellm makes of it, the status and the cause decide."""
    openai_server.script(fault)
    error, heard = failing(model_for(openai_server, prefix), kind)
    assert says in error.message
    assert heard == ""
    assert len(openai_server.requests) == 1


def test_a_model_that_is_not_pulled_says_how_to_get_it(openai_server: Server) -> None:
    """The command stands in the hint."""
    openai_server.script(replies.no_model())
    error, _ = failing(model_for(openai_server, "ollama_chat"), UnknownModelError)
    assert error.hint == "ollama pull test-model"


def test_an_answer_without_choices_is_an_error(openai_server: Server) -> None:
    """Not an empty reply."""
    openai_server.script(Reply(empty_choices=True, usage=False))
    failing(a_model(openai_server), ProviderError)


def test_an_empty_reply_that_ends_properly_is_a_reply(openai_server: Server) -> None:
    """A model may have nothing to say."""
    openai_server.script(Reply(""))
    events = ask(a_model(openai_server))
    assert [type(event) for event in events] == [Finish]


@pytest.mark.parametrize("prefix", PROVIDERS)
@pytest.mark.parametrize("clean", [False, True], ids=["broken", "ended early"])
def test_a_stream_that_breaks_keeps_what_came(openai_server: Server, prefix: str, clean: bool) -> None:
    """Also when the body ends properly in the middle, where litellm says stop."""
    openai_server.script(Reply("One two three four.", cut_after=3, clean_cut=clean))
    _, heard = failing(model_for(openai_server, prefix, retries=2), CutReplyError)
    assert heard.startswith("One two ")
    assert len(openai_server.requests) == 1


def test_half_a_tool_call_is_never_given_out(openai_server: Server) -> None:
    """A call whose arguments broke off must not run."""
    tool = Tool("forget_everything", '{"sure": true, "really": "yes, all of it"}')
    openai_server.script(Reply(tools=(tool,), cut_after=3))
    heard: list[ModelEvent] = []
    with pytest.raises(CutReplyError):
        heard.extend(a_model(openai_server).stream(a_context(), [RECALL]))
    assert heard == []


def test_words_held_back_as_a_possible_tag_are_kept_when_the_stream_breaks(openai_server: Server) -> None:
    """`<thi` might have been a tag; it was not."""
    openai_server.script(Reply(pieces=("<thi", "x"), cut_after=2))
    _, heard = failing(a_model(openai_server), CutReplyError)
    assert heard == "<thi"


@pytest.mark.parametrize("prefix", PROVIDERS)
def test_silence_in_the_middle_is_a_cut_reply(openai_server: Server, prefix: str) -> None:
    """On this computer too, where the first byte may take ten minutes: between bytes the limit is the setting's."""
    openai_server.script(Reply("One two three four.", hang_after=2))
    began = time.monotonic()
    _, heard = failing(model_for(openai_server, prefix, timeout=1), CutReplyError)
    assert heard.startswith("One ")
    assert time.monotonic() - began < LONGEST_HANG / 2


def test_silence_before_the_first_byte_is_a_network_error(openai_server: Server) -> None:
    """A host that says nothing at all, away from this computer; it is not asked again."""
    openai_server.script(Reply("One.", wait=20))
    pauses: list[float] = []
    model = LiteLLMModel(a_route(openai_server, local=False), timeout=0.4, retries=2, sleep=pauses.append)
    error, _ = failing(model, NetworkError)
    assert "0.4 seconds" in error.message
    assert pauses == []
    assert seen_within(PATIENCE, lambda: len(openai_server.requests) == 1)  # it may still be on its way there


def test_a_local_model_may_think_longer_before_its_first_byte(openai_server: Server) -> None:
    """Twice the limit between bytes."""
    openai_server.script(Reply("One.", wait=2))
    assert text_of(ask(a_model(openai_server, timeout=1))) == "One."


@pytest.mark.parametrize(
    "fault",
    [
        replies.rate_limited("2"),
        replies.server_error(500),
        replies.server_error(503),
        Reply("lost", cut_after=0),
    ],
    ids=["429", "500", "503", "closed"],
)
def test_what_may_pass_is_tried_again(openai_server: Server, fault: replies.Answer) -> None:
    """With the pause the provider asks for, else with growing ones; the second try answers."""
    openai_server.script(fault, fault, Reply("Here."))
    pauses: list[float] = []
    model = LiteLLMModel(a_route(openai_server), timeout=5, retries=2, sleep=pauses.append)
    assert text_of(ask(model)) == "Here."
    assert pauses == ([2.0, 2.0] if fault == replies.rate_limited("2") else [1.0, 3.0])
    assert len(openai_server.requests) == 3


def test_retries_end(openai_server: Server) -> None:
    """After as many tries as the setting says, the error stands."""
    openai_server.script(*[replies.server_error()] * 3)
    failing(a_model(openai_server, retries=2), ProviderError)
    assert len(openai_server.requests) == 3


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (replies.unauthorized(), KeyMissingError),
        (replies.out_of_quota(), RateLimitError),
        (replies.rate_limited("31"), RateLimitError),
        (replies.window_exceeded(), ContextWindowError),
    ],
)
def test_what_will_not_pass_is_not_tried_again(
    openai_server: Server, fault: replies.Fault, kind: type[MemchatError]
) -> None:
    """Nor is a wait of more than half a minute."""
    openai_server.script(fault)
    failing(a_model(openai_server, retries=2), kind)
    assert len(openai_server.requests) == 1


def test_nobody_at_the_address_is_a_network_error(openai_server: Server) -> None:
    """Refused at once; asked again, for a server may be starting."""
    pauses: list[float] = []
    route = a_route(openai_server, address="http://127.0.0.1:9/v1")
    error, _ = failing(LiteLLMModel(route, timeout=5, retries=1, sleep=pauses.append), NetworkError)
    assert "cannot be reached" in error.message
    assert pauses == [1.0]


def test_a_missing_key_is_seen_before_the_call(openai_server: Server) -> None:
    """litellm would call it an internal error."""
    error, _ = failing(a_model(a_route(openai_server, key="", local=False)), KeyMissingError)
    assert error.hint == "memchat keys set openai"
    assert openai_server.requests == []


def test_a_proxy_never_gets_words_for_this_computer(openai_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment says of proxies."""
    with Server() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://{proxy.address}")
        for prefix in PROVIDERS:
            ask(model_for(openai_server, prefix))
        assert proxy.requests == proxy.others == []


def test_a_redirect_to_elsewhere_is_not_followed(openai_server: Server) -> None:
    """A server on this computer cannot hand the words on."""
    with Server() as elsewhere:
        target = {"Location": f"{elsewhere.url}/chat/completions"}
        openai_server.script(replies.Fault(307, b"", target))
        failing(a_model(openai_server), ProviderError)
        assert elsewhere.requests == []


@pytest.mark.parametrize("prefix", PROVIDERS)
@pytest.mark.parametrize("local", [True, False], ids=["local", "remote"])
def test_closing_the_iterator_closes_the_connection(openai_server: Server, prefix: str, local: bool) -> None:
    """In the middle of a slow reply the server sees its client leave."""
    openai_server.script(Reply("word " * 200, delay=0.05))
    provider = "ollama" if prefix == "ollama_chat" else prefix
    model = a_model(replace(a_route(openai_server, provider=provider, prefix=prefix), local=local, keyless=True))
    with closing(cast("Generator[ModelEvent]", model.stream(a_context(), ()))) as events:
        next(events)
    assert openai_server.requests[0].left.wait(NOTICED)


@pytest.mark.parametrize("prefix", PROVIDERS)
def test_giving_up_before_the_first_byte_frees_a_local_server(openai_server: Server, prefix: str) -> None:
    """It sees the client leave while it still reads the prompt, and needs not read on."""
    openai_server.script(Reply("late", wait=20))
    model = model_for(openai_server, prefix)
    request = model._asked(a_context(), ())
    wire = Wire(openai_server.url)
    reading = Reading(loading.litellm, lambda: model._start(request, wire), lambda _: wire.sever())
    reading.wait()
    assert seen_within(PATIENCE, lambda: len(openai_server.requests) == 1)
    with pytest.raises(Silence):
        reading.next(0.1)
    assert not openai_server.requests[0].left.is_set()
    reading.close()
    assert openai_server.requests[0].left.wait(NOTICED)


INTERRUPTED = """
import os, signal, sys, threading, time
sys.path.insert(0, {root!r})
from tests.llm.ways import a_context, a_model
from tests.servers.openai_server import Server
from tests.servers.replies import Reply

signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may have it ignored
with Server() as server:
    server.script(Reply("One two three.", {how}))
    heard = []
    def interrupt():
        while not {until}:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)
    threading.Thread(target=interrupt, daemon=True).start()
    try:
        for event in a_model(server, timeout=30).stream(a_context(), ()):
            heard.append(event.text)
    except KeyboardInterrupt:
        gone = server.requests[0].left.wait(5)
        print("interrupted", heard, gone)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a signal cannot be sent to oneself there")
@pytest.mark.parametrize(
    ("how", "until", "heard"),
    [("hang_after=2", "heard", ["One "]), ("wait=20", "server.requests", [])],
    ids=["in the middle", "before the first byte"],
)
def test_ctrl_c_in_a_read_comes_through_and_ends_the_call(how: str, until: str, heard: list[str]) -> None:
    """KeyboardInterrupt reaches whoever reads, at once; the server sees the client leave; nothing is printed."""
    script = INTERRUPTED.format(root=str(ROOT), how=how, until=until)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.strip() == f"interrupted {heard} True"
    assert done.stderr == ""


QUIET = """
import os, sys
sys.path.insert(0, {root!r})
from memchat.llm import litellm_model
assert "litellm" not in sys.modules and "openai" not in sys.modules and "httpx" not in sys.modules
from tests.llm.ways import a_context, a_model
from tests.servers import replies
from tests.servers.openai_server import Server
from memchat.errors import MemchatError
import threading

threads = [threading.Thread(target=litellm_model.warm) for _ in range(3)]
[thread.start() for thread in threads]
with Server() as server:
    model = a_model(server)
    for answer in (replies.Reply("Fine.", usage=False), replies.Reply(empty_choices=True), replies.unauthorized(),
                   replies.server_error(), replies.garbage(), replies.Reply("a b c", cut_after=2)):
        server.script(answer)
        try:
            list(model.stream(a_context(), ()))
        except MemchatError:
            pass
    assert len(server.requests) == 6
import litellm
assert os.environ.get("OPENAI_BASE_URL") is None, "a stray .env was read"
assert litellm.telemetry is False
"""


def test_nothing_is_printed_and_no_stray_env_file_is_read(tmp_path: Path) -> None:
    """Neither on stdout nor on stderr, for calls that succeed and that fail, from three threads that warm up at once;
    a `.env` in the folder one happens to stand in, which would redirect the words, is not read.
    """
    (tmp_path / ".env").write_text("OPENAI_BASE_URL=http://127.0.0.1:9/stolen\nOPENAI_API_BASE=http://127.0.0.1:9\n")
    script = tmp_path / "quiet.py"
    script.write_text(QUIET.format(root=str(ROOT)), "utf-8")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI")}
    done = subprocess.run(
        [sys.executable, "-W", "default", str(script)],
        cwd=tmp_path,
        env={**environ, "LITELLM_MODE": "DEV"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "litellm" not in done.stderr.lower(), done.stderr


def test_a_price_is_known_or_none() -> None:
    """Cached tokens cost what the list says of them; a model without a price costs nothing that could be told."""
    price = {"input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6, "cache_read_input_token_cost": 5e-7}
    assert price_of(Usage(1_000, 100, 400), price) == pytest.approx(600 * 2e-6 + 400 * 5e-7 + 100 * 8e-6)
    assert price_of(Usage(1_000, 100, 400), {"input_cost_per_token": 2e-6, "output_cost_per_token": 8e-6}) == (
        pytest.approx(1_000 * 2e-6 + 100 * 8e-6)
    )
    assert price_of(Usage(1, 1, 0), {}) is None


def test_a_remote_model_with_a_price_costs_something(openai_server: Server) -> None:
    """By litellm's bundled list; a local one has no cost."""
    route = replace(a_route(openai_server, local=False), litellm_name="openai/gpt-4o")
    finish = ask(a_model(route))[-1]
    assert isinstance(finish, Finish)
    assert finish.usage is not None
    assert finish.usage.cost is not None
    assert finish.usage.cost > 0


def test_a_model_tells_who_it_is(openai_server: Server) -> None:
    """What the bottom line shows."""
    model = a_model(openai_server)
    assert (model.name, model.host, model.local, model.window) == (
        "openai/test-model",
        openai_server.address,
        True,
        8_192,
    )
    assert model.messages(a_context("x", head="")) == [{"role": "user", "content": "x"}]
