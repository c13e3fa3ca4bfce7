"""One JSON object from a model: every way to ask, what is refused, when to stop; real HTTP through litellm."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from memchat.domain import Completion, Finish, ModelEvent, ReasoningDelta, TextDelta, ToolCall, Usage
from memchat.errors import (
    ContextWindowError,
    CutReplyError,
    KeyMissingError,
    MemchatError,
    NetworkError,
    ProviderError,
    RateLimitError,
    UnknownModelError,
)
from memchat.llm import structured
from memchat.llm.litellm_model import LiteLLMModel
from memchat.llm.structured import LONGEST, Way, answer, ways
from memchat.llm.windows import Route

from tests.llm.ways import KEY, SCHEMA, a_context, a_model, a_route, a_task, text_of
from tests.servers import consolidations, replies
from tests.servers.openai_server import Server
from tests.servers.replies import Reply, Tool, spoken

ROOT = Path(__file__).parent.parent.parent
# OpenAI's own client, litellm's handler, and Ollama's wire.
PROVIDERS = ("openai", "openrouter", "ollama_chat")
OBJECT = '{"title": "波多 \\"Porto\\"", "summary": "Wanted: a hotel\\nPending: the date", "facts": []}'


@pytest.fixture(autouse=True)
def _nothing_was_refused_yet() -> None:
    """A port may be another server's in the next test."""
    structured._REFUSED.clear()


def never() -> bool:
    """Go on."""
    return False


def a_way_to(server: Server, prefix: str = "openai", *, local: bool = True) -> Route:
    """The route in the dress of that provider."""
    provider = "ollama" if prefix == "ollama_chat" else prefix
    return replace(a_route(server, provider=provider, prefix=prefix, local=local), keyless=True)


def completed(model: LiteLLMModel) -> str:
    """The text of one completion."""
    done = model.complete(a_task(), never)
    assert done is not None
    return done.text


def asked_by(server: Server) -> list[str]:
    """How each request asked, in order."""
    return [_how(seen.body) for seen in server.consolidations]


def _how(body: dict[str, Any]) -> str:
    named = "tool_choice" if isinstance(body.get("tool_choice"), dict) else ""
    bound = "response_format" if body.get("response_format") or body.get("format") else ""
    words = "words" if "JSON schema" in spoken(body["messages"][0]["content"]) else ""
    return " ".join(filter(None, (bound, named, words)))


@pytest.mark.parametrize("prefix", PROVIDERS)
def test_a_server_on_this_computer_is_asked_by_schema_and_in_words(openai_server: Server, prefix: str) -> None:
    """Both in one request, for many servers drop a `response_format` without a word; usage is what was told."""
    openai_server.consolidation = OBJECT
    done = a_model(a_way_to(openai_server, prefix)).complete(a_task(), never)
    assert done is not None
    assert done.text == OBJECT
    assert done.usage is not None
    assert done.usage.completion_tokens == (len(OBJECT) + 3) // 4
    assert asked_by(openai_server) == ["response_format words"]
    assert openai_server.requests == []


def test_the_request_says_all_it_should_and_no_more(openai_server: Server) -> None:
    """No temperature, no tools; instructions and schema before the text, so that they are the same bytes each time."""
    completed(a_model(openai_server))
    seen = openai_server.consolidations[0]
    assert seen.headers["Authorization"] == f"Bearer {KEY}"
    body = seen.body
    system, user = body.pop("messages")
    assert body == {
        "model": "test-model",
        "stream": True,
        "stream_options": {"include_usage": True},
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "consolidation", "schema": SCHEMA, "strict": True},
        },
    }
    assert user == {"role": "user", "content": a_task().text}
    assert system["role"] == "system"
    assert system["content"].startswith("Sum it up.\n\nAnswer with one JSON object")
    assert json.loads(system["content"].partition("\n{")[2].join(("{", ""))) == SCHEMA


@pytest.mark.parametrize("prefix", PROVIDERS)
@pytest.mark.parametrize("refuses", [(), ("response_format",), ("response_format", "tools")], ids=["", "1", "2"])
def test_what_is_refused_gives_place_to_the_next_way(
    openai_server: Server, prefix: str, refuses: tuple[str, ...]
) -> None:
    """In the same call, and the same words come whichever way; Ollama is not asked to call a tool."""
    openai_server.refuses = frozenset(refuses)
    openai_server.consolidation = OBJECT
    model = a_model(a_way_to(openai_server, prefix), retries=2)
    assert completed(model) == OBJECT
    tried = ["response_format words", "tool_choice words", "words"]
    if prefix == "ollama_chat":
        del tried[1]
    last = min(len(refuses), len(tried) - 1)
    assert asked_by(openai_server) == tried[: last + 1]
    assert completed(model) == OBJECT
    assert asked_by(openai_server)[last + 1 :] == [tried[last]]


def test_a_refused_way_is_remembered_for_that_model_at_that_address_only(openai_server: Server) -> None:
    """Another model object knows it too; another model's name or server begins anew."""
    openai_server.refuses = frozenset({"response_format"})
    for _ in range(2):
        completed(a_model(openai_server))
    assert asked_by(openai_server) == ["response_format words", "tool_choice words", "tool_choice words"]
    other = replace(a_route(openai_server), litellm_name="openai/another")
    completed(a_model(other))
    assert asked_by(openai_server)[3:] == ["response_format words", "tool_choice words"]
    with Server() as elsewhere:
        completed(a_model(elsewhere))
        assert asked_by(elsewhere) == ["response_format words"]


def test_a_tool_that_must_be_called_carries_the_schema(openai_server: Server) -> None:
    """One tool, named as the task; what is handed to it is the completion, words beside it are not."""
    openai_server.refuses = frozenset({"response_format"})
    openai_server.script_consolidations(Reply("Here it is.", tools=(Tool("consolidation", OBJECT),)))
    assert completed(a_model(openai_server)) == OBJECT
    body = openai_server.consolidations[1].body
    assert body["tool_choice"] == {"type": "function", "function": {"name": "consolidation"}}
    assert [tool["function"]["parameters"] for tool in body["tools"]] == [SCHEMA]
    assert body["messages"][0]["content"].startswith("Sum it up.")


def test_a_model_that_writes_instead_of_calling_is_read_too(openai_server: Server) -> None:
    """Some servers accept the demand and do not keep to it."""
    openai_server.refuses = frozenset({"response_format"})
    openai_server.script_consolidations(Reply(OBJECT))
    assert completed(a_model(openai_server)) == OBJECT


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("openai/gpt-4o-mini", [Way.SCHEMA, Way.TOOL, Way.WORDS]),
        ("anthropic/claude-sonnet-4-5", [Way.SCHEMA, Way.TOOL, Way.WORDS]),
        ("gemini/gemini-2.5-flash", [Way.SCHEMA, Way.TOOL, Way.WORDS]),
        ("openai/gpt-4", [Way.TOOL, Way.WORDS]),
        ("groq/llama-3.3-70b-versatile", [Way.TOOL, Way.WORDS]),
        ("deepseek/deepseek-reasoner", [Way.SCHEMA, Way.WORDS]),
        ("openrouter/nobody/knows-it", [Way.SCHEMA, Way.TOOL, Way.WORDS]),
        ("together_ai/nobody/knows-it", [Way.WORDS]),
        ("ollama_chat/qwen3", [Way.SCHEMA, Way.WORDS]),
        ("nonsense/x", [Way.WORDS]),
    ],
)
def test_the_list_decides_for_models_elsewhere(openai_server: Server, name: str, expected: list[Way]) -> None:
    """By what litellm's list says and what it passes on; a model that the list says nothing of is tried with all."""
    provider = name.partition("/")[0].removesuffix("_chat")
    route = replace(a_route(openai_server, provider=provider, local=False), litellm_name=name)
    assert ways(route) == expected


def test_the_list_is_not_asked_about_this_computer(openai_server: Server) -> None:
    """A server here may call its model as it likes."""
    route = replace(a_route(openai_server), litellm_name="openai/o3-mini")
    assert ways(route) == [Way.SCHEMA, Way.TOOL, Way.WORDS]


def test_a_model_that_is_known_to_keep_to_a_schema_gets_it_once(openai_server: Server) -> None:
    """Not in words as well: that would be paid for."""
    route = replace(a_route(openai_server, local=False), litellm_name="openai/gpt-4o-mini")
    done = a_model(route).complete(a_task(), never)
    completed(a_model(replace(route, litellm_name="openai/gpt-4")))
    assert asked_by(openai_server) == ["response_format", "tool_choice"]
    assert done is not None
    assert done.usage is not None
    assert done.usage.cost is not None


@pytest.mark.parametrize("refuses", [(), ("response_format",)], ids=["schema", "tool"])
@pytest.mark.parametrize("local", [True, False], ids=["local", "remote"])
def test_longest_lengths_are_told_on_this_computer_only(openai_server: Server, local: bool, refuses: list[str]) -> None:
    """A small model's grammar must end; strict modes elsewhere refuse a schema that holds lengths."""
    text = {"type": "string", "maxLength": 40}
    topics = {"type": "array", "items": text, "maxItems": 8}
    union = {"anyOf": [text, {"type": "null"}]}
    bounded = {"type": "object", "properties": {"topics": topics, "title": union}, "required": ["topics", "title"]}
    openai_server.refuses, openai_server.consolidation = frozenset(refuses), OBJECT
    a_model(a_route(openai_server, local=local)).complete(replace(a_task(), schema=bounded), never)
    how = consolidations.asked(openai_server.consolidations[-1].body)
    assert how is not None
    assert ("maxLength" in json.dumps(how.schema), "maxItems" in json.dumps(how.schema)) == (local, local)
    assert list(how.schema["properties"]) == ["topics", "title"]


def test_asking_for_the_ways_asks_no_network(
    openai_server: Server, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """litellm's own question would ask an Ollama server, or log in somewhere; and nothing is printed."""
    tried: list[object] = []

    def note(*address: object, **_: object) -> list[object]:
        tried.append(address)
        return []

    monkeypatch.setattr(socket.socket, "connect", note)
    monkeypatch.setattr(socket, "getaddrinfo", note)
    for name in ("ollama_chat/x", "ollama/x", "lm_studio/x", "github_copilot/gpt-4o", "bedrock/x", "openai/llama-3-8b"):
        provider = name.partition("/")[0].removesuffix("_chat")
        ways(replace(a_route(openai_server, provider=provider, local=False), litellm_name=name))
    assert tried == []
    assert capfd.readouterr() == ("", "")


def test_an_option_of_the_user_counts_but_not_against_the_way(openai_server: Server) -> None:
    """`-o temperature=0` is sent; `-o response_format=...` would take the schema's place."""
    completed(a_model(openai_server, temperature=0, response_format={"type": "json_object"}))
    body = openai_server.consolidations[0].body
    assert body["temperature"] == 0
    assert body["response_format"]["type"] == "json_schema"


def test_ollama_is_told_its_window_here_too(openai_server: Server) -> None:
    """What the route needs is in every request."""
    completed(a_model(replace(a_way_to(openai_server, "ollama_chat"), num_ctx=16_384)))
    body = openai_server.consolidations[0].body
    assert body["options"]["num_ctx"] == 16_384
    assert body["format"] == SCHEMA


def test_thoughts_are_not_part_of_the_completion(openai_server: Server) -> None:
    """In a field of their own or in the content between tags."""
    openai_server.script_consolidations(
        Reply(OBJECT, reasoning="The user wants {a hotel}."), Reply(f"\n{OBJECT}", think="The user wants {a hotel}.")
    )
    model = a_model(openai_server)
    assert [completed(model), completed(model)] == [OBJECT, OBJECT]


LONG = json.dumps({"title": "x", "summary": "peanuts and other nuts " * 1_800, "facts": []})


@pytest.mark.parametrize("prefix", PROVIDERS)
def test_a_reply_of_ten_thousand_tokens_comes_whole(openai_server: Server, prefix: str) -> None:
    """Forty thousand characters; the pieces are not all alike, for a broken record litellm breaks off by itself."""
    openai_server.script_consolidations(
        Reply(pieces=tuple(LONG[start : start + 40] for start in range(0, len(LONG), 40)))
    )
    assert completed(a_model(a_way_to(openai_server, prefix))) == LONG


def test_ten_thousand_tokens_for_a_tool_come_whole(openai_server: Server) -> None:
    """In five hundred fragments of its arguments."""
    openai_server.refuses = frozenset({"response_format"})
    openai_server.consolidation = LONG
    assert completed(a_model(openai_server)) == LONG


@pytest.mark.parametrize("prefix", PROVIDERS)
def test_an_endless_reply_is_left(openai_server: Server, prefix: str) -> None:
    """At a hundred thousand characters; the server sees the client leave, and what came is returned."""
    openai_server.script_consolidations(Reply(pieces=("0123456789" * 300,) * 60, delay=0.01))
    done = a_model(a_way_to(openai_server, prefix)).complete(a_task(), never)
    assert done == Completion(("0123456789" * (LONGEST // 10))[:LONGEST], None)
    assert openai_server.consolidations[0].left.wait(2)


def test_endless_thoughts_are_left_too(openai_server: Server) -> None:
    """A model that thinks in a circle never comes to its answer."""
    openai_server.script_consolidations(Reply("never heard", reasoning="and again " * 30_000, delay=0.05))
    done = a_model(openai_server).complete(a_task(), never)
    assert done == Completion("", None)
    assert openai_server.consolidations[0].left.wait(2)


def test_an_endless_tool_call_is_left_too(openai_server: Server) -> None:
    """Its arguments as far as they came."""
    openai_server.refuses = frozenset({"response_format"})
    openai_server.script_consolidations(Reply(tools=(Tool("consolidation", '{"title": "' + "x" * 200_000),)))
    text = completed(a_model(openai_server))
    assert len(text) == LONGEST
    assert text.startswith('{"title": "xxx')


def test_an_empty_reply_that_ends_properly_is_a_completion(openai_server: Server) -> None:
    """Whether it is of use is for others to say."""
    openai_server.consolidation = ""
    assert completed(a_model(openai_server)) == ""


def test_usage_that_was_not_told_is_not_made_up(openai_server: Server) -> None:
    """As for a reply."""
    openai_server.script_consolidations(Reply(OBJECT, usage=False))
    assert a_model(openai_server).complete(a_task(), never) == Completion(OBJECT, None)


@pytest.mark.parametrize("reason", ["content_filter", "refusal"])
def test_a_filter_is_an_error(openai_server: Server, reason: str) -> None:
    """What came of the words is no answer."""
    openai_server.script_consolidations(Reply('{"title": "', finish=reason))
    with pytest.raises(ProviderError, match="would not answer"):
        completed(a_model(openai_server))


def test_an_answer_is_the_first_call_or_all_words() -> None:
    """Whatever events a reply is made of."""
    route = Route("m", "openai/m", "openai", "host", "", "", local=False, window=1)
    told = Usage(3, 4)
    said: list[ModelEvent] = [TextDelta("{"), ReasoningDelta("?"), TextDelta("}"), Finish("stop", told)]
    assert answer(said, route) == Completion("{}", told)
    called: list[ModelEvent] = [TextDelta("so: "), ToolCall("1", "a", "{1}"), ToolCall("2", "b", "{2}")]
    assert answer([*called, Finish("tool_calls")], route) == Completion("{1}")


@pytest.mark.parametrize("prefix", PROVIDERS)
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (replies.unauthorized(), KeyMissingError),
        (replies.forbidden(), KeyMissingError),
        (replies.no_model(), UnknownModelError),
        (replies.rate_limited(), RateLimitError),
        (replies.out_of_quota(), RateLimitError),
        (replies.server_error(500), ProviderError),
        (replies.server_error(503), ProviderError),
        (replies.error(400, "temperature is too hot"), ProviderError),
        (replies.window_exceeded(), ContextWindowError),
        (replies.error(400, "maximum context length exceeded (900 tokens in tools)"), ContextWindowError),
        (replies.error(413, "too large"), ContextWindowError),
        (replies.garbage(), ProviderError),
    ],
    ids=["401", "403", "404", "429", "quota", "500", "503", "400", "window", "window2", "413", "garbage"],
)
def test_faults_that_are_not_about_the_way_are_raised(
    openai_server: Server, prefix: str, fault: replies.Fault, kind: type[MemchatError]
) -> None:
    """The same errors as of a reply, after one request, and no way is given up for them."""
    openai_server.script_consolidations(fault)
    with pytest.raises(kind) as caught:
        completed(a_model(a_way_to(openai_server, prefix)))
    assert type(caught.value) is kind
    assert len(openai_server.consolidations) == 1
    assert not structured._REFUSED


@pytest.mark.parametrize(
    "fault",
    [
        replies.error(400, "'response_format.type' must be 'text'"),
        replies.error(400, "Invalid schema for response_format 'consolidation'"),
        replies.error(404, "No endpoints found that support structured_outputs"),
        replies.error(422, "Extra inputs are not permitted: body.response_format"),
        replies.error(500, "failed to parse grammar"),
    ],
    ids=["type", "schema", "404", "422", "grammar"],
)
def test_real_words_of_refusal_are_understood(openai_server: Server, fault: replies.Fault) -> None:
    """As servers have been seen to say it."""
    openai_server.script_consolidations(fault, OBJECT)
    assert completed(a_model(openai_server)) == OBJECT
    assert asked_by(openai_server) == ["response_format words", "tool_choice words"]


def test_words_cannot_be_refused(openai_server: Server) -> None:
    """The last way's error stands, whatever it says."""
    openai_server.refuses = frozenset({"response_format", "tools"})
    openai_server.consolidation = replies.error(400, "no tools here")
    openai_server.script_consolidations(replies.error(400, "no tools, no schema, no format"))
    with pytest.raises(ProviderError, match="no tools, no schema"):
        completed(a_model(openai_server))
    assert len(openai_server.consolidations) == 3


@pytest.mark.parametrize("fault", [replies.rate_limited("2"), replies.server_error(503), Reply("lost", cut_after=0)])
def test_what_may_pass_is_tried_again(openai_server: Server, fault: replies.Answer) -> None:
    """With the same pauses as for a reply, slept in slices."""
    openai_server.script_consolidations(fault, OBJECT)
    pauses: list[float] = []
    model = LiteLLMModel(a_route(openai_server), timeout=5, retries=1, sleep=pauses.append)
    assert completed(model) == OBJECT
    assert sum(pauses) == pytest.approx(2.0 if fault == replies.rate_limited("2") else 1.0)
    assert max(pauses) <= 0.2
    assert len(openai_server.consolidations) == 2


@pytest.mark.parametrize("prefix", PROVIDERS)
def test_half_a_reply_is_an_error(openai_server: Server, prefix: str) -> None:
    """A stream that breaks off is not tried again: it was paid for, and whoever asked decides."""
    openai_server.script_consolidations(Reply(OBJECT, cut_after=3))
    with pytest.raises(CutReplyError):
        completed(a_model(a_way_to(openai_server, prefix), retries=2))
    assert len(openai_server.consolidations) == 1


def test_silence_is_bounded(openai_server: Server) -> None:
    """Before the first byte, and between bytes."""
    openai_server.script_consolidations(Reply(OBJECT, wait=20), Reply(OBJECT, hang_after=2))
    with pytest.raises(NetworkError, match=r"0\.4 seconds"):
        completed(a_model(a_way_to(openai_server, local=False), timeout=0.4))
    with pytest.raises(CutReplyError):
        completed(a_model(openai_server, timeout=0.4))


def test_a_missing_key_is_seen_before_the_call(openai_server: Server) -> None:
    """Nothing is sent."""
    with pytest.raises(KeyMissingError):
        completed(a_model(a_route(openai_server, key="", local=False)))
    assert openai_server.consolidations == []


def stopped_when(seen: Callable[[], bool]) -> Callable[[], bool]:
    """A `stop` that turns true with `seen`, or after ten seconds, so that a failing test ends."""
    until = time.monotonic() + 10
    return lambda: seen() or time.monotonic() > until


def test_a_call_that_is_stopped_before_it_begins_is_none(openai_server: Server) -> None:
    """Nothing is sent; not even a key is looked for."""
    assert a_model(a_route(openai_server, key="", local=False)).complete(a_task(), lambda: True) is None
    assert openai_server.consolidations == []


@pytest.mark.parametrize("prefix", PROVIDERS)
def test_stop_while_a_local_server_reads_frees_it(openai_server: Server, prefix: str) -> None:
    """Before its first byte: it sees the client leave at once."""
    openai_server.script_consolidations(Reply(OBJECT, wait=20))
    stop = stopped_when(lambda: bool(openai_server.consolidations))
    began = time.monotonic()
    assert a_model(a_way_to(openai_server, prefix), timeout=30).complete(a_task(), stop) is None
    assert time.monotonic() - began < 8
    assert openai_server.consolidations[0].left.wait(2)


@pytest.mark.parametrize("prefix", PROVIDERS)
@pytest.mark.parametrize("local", [True, False], ids=["local", "remote"])
def test_stop_in_the_middle_ends_the_call(openai_server: Server, prefix: str, local: bool) -> None:
    """The connection is closed, also where bytes keep coming."""
    openai_server.script_consolidations(Reply("word " * 400, delay=0.05))
    began: list[float] = []

    def stop() -> bool:
        if openai_server.consolidations and not began:
            began.append(time.monotonic())
        return bool(began) and time.monotonic() - began[0] > 0.3

    assert a_model(a_way_to(openai_server, prefix, local=local)).complete(a_task(), stop) is None
    assert openai_server.consolidations[0].left.wait(2)
    assert len(openai_server.consolidations) == 1


def test_stop_between_two_tries_ends_the_waiting(openai_server: Server) -> None:
    """A Retry-After of half a minute does not hold up whoever leaves."""
    openai_server.script_consolidations(replies.rate_limited("30"), OBJECT)
    slept: list[float] = []
    model = LiteLLMModel(a_route(openai_server), timeout=5, retries=2, sleep=slept.append)
    assert model.complete(a_task(), lambda: len(slept) == 3) is None
    assert sum(slept) < 1
    assert len(openai_server.consolidations) == 1


def test_stop_after_a_refusal_asks_no_other_way(openai_server: Server) -> None:
    """The next way would be a call as well."""
    openai_server.refuses = frozenset({"response_format"})
    stop = stopped_when(lambda: bool(openai_server.consolidations))
    assert a_model(openai_server).complete(a_task(), stop) is None
    assert asked_by(openai_server) == ["response_format words"]


def test_stop_is_asked_in_the_calling_thread_only(openai_server: Server) -> None:
    """It may look at what belongs to that thread."""
    asking: set[threading.Thread] = set()

    def stop() -> bool:
        asking.add(threading.current_thread())
        return False

    assert a_model(openai_server).complete(a_task(), stop) is not None
    assert asking == {threading.current_thread()}


def test_a_chat_goes_on_beside_a_completion(openai_server: Server) -> None:
    """Two calls of one model object at a time do not know of each other."""
    openai_server.script_consolidations(Reply(OBJECT, wait=0.5))
    model = a_model(openai_server)
    done: list[str] = []
    beside = threading.Thread(target=lambda: done.append(completed(model)))
    beside.start()
    assert text_of(list(model.stream(a_context("Hello."), ()))) == "You said: Hello."
    beside.join(10)
    assert done == [OBJECT]


IMPORTING = """
import sys, time
sys.path.insert(0, {root!r})
from tests.llm.ways import a_model, a_task
from tests.servers.openai_server import Server
with Server() as server:
    began = time.monotonic()
    asked = []
    def stop():
        asked.append(1)
        return len(asked) > 2  # the second answer is given while litellm is imported
    done = a_model(server).complete(a_task(), stop)
    print(done, server.consolidations, "litellm" in sys.modules and hasattr(sys.modules["litellm"], "completion"))
"""


def test_stop_while_litellm_is_imported_sends_nothing() -> None:
    """Whoever leaves in the first second of a chat does not wait for an import; nothing is printed either."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORTING.format(root=str(ROOT))],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=dict(os.environ),
    )
    assert done.stdout == "None [] False\n", done
    assert done.stderr == ""


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The names that anybody asks the network for."""
    asked: list[object] = []
    found = socket.getaddrinfo

    def noted(host: Any, *more: Any, **named: Any) -> Any:
        asked.append(host)
        return found(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", noted)
    return asked


@pytest.mark.parametrize("name", ["openai/llama-3.2-3b-instruct", "openai/llama-2-7b"])
def test_no_tokenizer_is_fetched_for_a_llama(openai_server: Server, name: str, looked_up: list[object]) -> None:
    """litellm by itself asks a third host for it, to count tokens that nobody told; a name is enough to find out."""
    openai_server.script(Reply("Hello.", usage=False))
    model = a_model(replace(a_route(openai_server), litellm_name=name))
    assert text_of(list(model.stream(a_context(), ()))) == "Hello."
    completed(model)
    assert set(looked_up) <= {"127.0.0.1", "localhost"}
