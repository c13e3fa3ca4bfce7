"""Marks for the caches of providers that want them, over the wire; and what was read from a cache and written to it."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memchat.domain import Context, Finish, Message, Origin, Part, PartKind, Role, ToolSpec, Usage
from memchat.llm import caching, messages
from memchat.llm.caching import LOOKS_BACK, least, points
from memchat.llm.counting import ModelCounter
from memchat.llm.prices import price_of
from memchat.llm.stream import tokens_told
from memchat.llm.windows import Route

from tests.llm.ways import KEY, a_call, a_context, a_model, a_result, a_saved, a_task
from tests.servers import replies
from tests.servers.openai_server import Server
from tests.servers.replies import Reply

RECALL = ToolSpec("recall", "Look something up.", {"type": "object", "properties": {"query": {"type": "string"}}})
HEAD = "You are memchat. " + "This is known about the user. " * 250  # 1,500 tokens
SHORT = "You are memchat."
CLAUDE = "anthropic/claude-sonnet-4-5"  # caches from 1,024 tokens


def a_way(server: Server, name: str) -> Route:
    """A way to the server in the dress of a provider."""
    provider, _, model = name.partition("/")
    own = provider in {"anthropic", "bedrock", "gemini", "ollama", "vertex_ai"}
    return Route(
        name=name,
        litellm_name=f"{'ollama_chat' if provider == 'ollama' else provider}/{model}",
        provider=provider,
        host=server.address,
        api_base=f"http://{server.address}" if own else server.url,
        key=KEY,
        local=True,
        window=200_000,
        keyless=True,
    )


def a_name(name: str) -> Route:
    """A way that nobody goes."""
    return Route(name, name, name.partition("/")[0], "", "", KEY, local=False)


def said(role: Role, text: str, number: int) -> Message:
    """A saved message."""
    origin = Origin.TYPED if role is Role.USER else Origin.MODEL
    return a_saved(role, Part(PartKind.TEXT, origin, text), number=number)


def past(turns: int, words: str = "and so on") -> tuple[Message, ...]:
    """So many turns that are over."""
    pairs = [
        (said(Role.USER, f"{n} {words}", 2 * n), said(Role.ASSISTANT, f"yes, {n}", 2 * n + 1)) for n in range(turns)
    ]
    return tuple(itertools.chain.from_iterable(pairs))


def marks_of(body: Mapping[str, Any]) -> list[str]:
    """The blocks of an Anthropic or OpenRouter request that carry a mark: `system`, or the message's place."""
    found = ["system" for block in body.get("system") or () if "cache_control" in block]
    for place, message in enumerate(body["messages"]):
        blocks = message["content"] if isinstance(message["content"], list) else []
        found += [f"{message['role']} {place}" for block in blocks if "cache_control" in block]
    return found


def usage_of(server: Server, name: str, context: Context, tools: Sequence[ToolSpec] = ()) -> Usage:
    """What one question cost."""
    *_, finish = a_model(a_way(server, name)).stream(context, tools)
    assert isinstance(finish, Finish)
    assert finish.usage is not None
    return finish.usage


# What reaches the server


def test_anthropic_is_told_to_cache_the_head_and_what_comes_before_the_newest_message(openai_server: Server) -> None:
    """The tail stands in the newest message, which is not marked: it is never sent again."""
    context = a_context("And now?", head=HEAD, turns=past(2), tail="[recalled] s1.4")
    usage_of(openai_server, CLAUDE, context, [RECALL])
    (seen,) = openai_server.requests
    assert seen.path == "/v1/messages"
    assert marks_of(seen.body) == ["system", "assistant 3"]
    assert [tool["name"] for tool in seen.body["tools"]] == ["recall"]
    assert seen.body["messages"][-1]["content"] == [{"type": "text", "text": "[recalled] s1.4\n\nAnd now?"}]


def test_openrouter_passes_the_marks_on_to_claude(openai_server: Server) -> None:
    """Under its own name for the model."""
    usage_of(openai_server, "openrouter/anthropic/claude-sonnet-4.5", a_context(head=HEAD, turns=past(1)))
    assert marks_of(openai_server.requests[0].body) == ["system 0", "assistant 2"]


def test_bedrock_gets_cache_points(openai_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Amazon's own word for a mark."""
    pytest.importorskip("boto3", reason="litellm signs requests to Amazon with it")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    monkeypatch.setenv("AWS_REGION_NAME", "us-east-1")
    route = a_way(openai_server, "bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0")
    with pytest.raises(Exception, match="no model"):
        list(a_model(route).stream(a_context(head=HEAD, turns=past(1)), ()))
    body = openai_server.others[0].body
    assert [next(iter(block)) for block in body["system"]] == ["text", "cachePoint"]
    content = [message["content"] for message in body["messages"]]
    assert [[next(iter(block)) for block in blocks] for blocks in content] == [
        ["text"],
        ["text", "cachePoint"],
        ["text"],
    ]


@pytest.mark.parametrize(
    "name",
    [
        "openai/gpt-4o",
        "openai/gpt-5.6",
        "gemini/gemini-2.5-flash",
        "ollama/qwen3",
        "deepseek/deepseek-chat",
        "mistral/mistral-large-latest",
        "openrouter/google/gemini-2.5-pro",
        "openrouter/openai/gpt-4o",
        "openai/claude-at-a-gateway",
    ],
)
def test_whoever_caches_by_himself_is_told_nothing(openai_server: Server, name: str) -> None:
    """Least of all Gemini, whose mark would make a cache that costs by the hour."""
    list(a_model(a_way(openai_server, name)).stream(a_context("And now?", head=HEAD, turns=past(3)), [RECALL]))
    (seen,) = openai_server.requests
    assert b"cache" not in seen.raw
    assert not [other.path for other in openai_server.others if "cache" in other.path]


def test_what_is_summed_up_in_the_background_is_not_marked(openai_server: Server) -> None:
    """Nobody sends it twice, and what is written to a cache costs more."""
    openai_server.script(replies.error(400, "no"))
    with pytest.raises(Exception, match="refused the request"):
        a_model(a_way(openai_server, CLAUDE)).complete(a_task("word " * 3_000), lambda: False)
    assert all(b"cache_control" not in seen.raw for seen in openai_server.requests)


def test_a_conversation_is_read_from_the_cache_turn_by_turn(openai_server: Server) -> None:
    """What one turn wrote the next one reads, all but the newest words; over ten turns nine tenths come from there."""
    usages = [usage_of(openai_server, CLAUDE, a_context("And?", head=HEAD, turns=past(n)), [RECALL]) for n in range(10)]
    assert (usages[0].cached_tokens, usages[0].written_tokens > 1_024) == (0, True)
    for before, now in itertools.pairwise(usages):
        assert now.cached_tokens == before.cached_tokens + before.written_tokens
        assert now.prompt_tokens > now.cached_tokens + now.written_tokens
    sent = sum(usage.prompt_tokens for usage in usages)
    assert sum(usage.cached_tokens for usage in usages) / sent > 0.85


def test_a_turn_full_of_tools_does_not_lose_the_cache(openai_server: Server) -> None:
    """Claude looks back only so far from a mark: a third one stands where the request before ended."""
    calls = [a_call(call_id=f"c{n}") for n in range(13)]
    results = [a_result(call_id=f"c{n}") for n in range(13)]
    turn = (said(Role.USER, "Look.", 10), a_saved(Role.ASSISTANT, *calls), a_saved(Role.TOOL, *results))
    busy = (*past(2), *turn, said(Role.ASSISTANT, "Found.", 13))
    first = usage_of(openai_server, CLAUDE, a_context("Look.", head=HEAD, turns=past(2)), [RECALL])
    then = usage_of(openai_server, CLAUDE, a_context("And?", head=HEAD, turns=busy), [RECALL])
    assert then.cached_tokens == first.written_tokens
    assert len(marks_of(openai_server.requests[1].body)) == 3


# Where, and from which size


def marked(context: Context, name: str = CLAUDE, tools: Sequence[ToolSpec] = ()) -> list[int]:
    """The places that are marked."""
    found = points(a_name(name), messages.render(context), messages.tool_list(tools), ModelCounter(name).request)
    assert all(point["location"] == "message" for point in found)
    return [point["index"] for point in found]


def test_only_what_reaches_the_smallest_size_is_marked() -> None:
    """A provider passes over less in silence; descriptions of tools stand before the head and count with it."""
    assert marked(a_context(head=SHORT, turns=past(3))) == []
    assert marked(a_context(head=HEAD, turns=past(3)), "anthropic/claude-haiku-4-5") == []
    assert marked(a_context(head=SHORT, turns=past(3, "word " * 500))) == [6]
    long = ToolSpec("recall", "Look something up. " * 300, {})
    assert marked(a_context(head=SHORT, turns=past(1)), tools=[long]) == [0, 2]


def test_a_first_message_has_the_head_marked_once() -> None:
    """And one without a head nothing."""
    assert marked(a_context(head=HEAD)) == [0]
    assert marked(a_context("word " * 2_000, head="")) == []
    assert marked(a_context(head="", turns=past(1, "word " * 2_000))) == [1]


def test_rounds_of_tools_do_not_move_the_marks() -> None:
    """They belong to the newest message."""
    rounds = (a_saved(Role.ASSISTANT, a_call()), a_saved(Role.TOOL, a_result()))
    assert marked(a_context(head=HEAD, turns=past(2), rounds=rounds)) == [0, 4]


@pytest.mark.parametrize(
    ("name", "smallest"),
    [
        ("anthropic/claude-sonnet-4-5", 1_024),
        ("anthropic/claude-opus-4-5", 4_096),
        ("anthropic/claude-haiku-4-5", 4_096),
        ("anthropic/claude-3-haiku-20240307", 2_048),
        ("anthropic/claude-of-next-year", 1_024),
        ("openrouter/anthropic/claude-opus-4.5", 4_096),
        ("openrouter/anthropic/claude-3.5-haiku", 2_048),
        ("bedrock/us.anthropic.claude-haiku-4-5-20251001-v1:0", 4_096),
        ("bedrock/amazon.nova-pro-v1:0", 1_024),
        ("bedrock/anthropic.claude-3-sonnet-20240229-v1:0", 0),
        ("bedrock/meta.llama3-1-8b-instruct-v1:0", 0),
        ("vertex_ai/claude-sonnet-4-5", 1_024),
        ("vertex_ai/gemini-2.5-pro", 0),
        ("azure_ai/claude-opus-4-5", 4_096),
        ("azure_ai/gpt-4o", 0),
        ("databricks/databricks-claude-sonnet-4-5", 1_024),
        ("openai/gpt-4o", 0),
        ("gemini/gemini-2.5-pro", 0),
    ],
)
def test_the_smallest_size_is_known_by_provider_and_model(name: str, smallest: int) -> None:
    """By litellm's list, else by family; where a mark would be an error, or cost something, there is none."""
    assert least(a_name(name)) == smallest


def test_every_family_has_a_size() -> None:
    """The last of each provider's is its common one: no name falls through."""
    for place, (part, _) in enumerate(caching._SMALLEST):
        assert not any(earlier in part for earlier, _ in caching._SMALLEST[:place]), part


@given(st.lists(st.integers(0, 30), max_size=8), st.booleans(), st.integers(0, 30))
def test_marks_stand_only_where_the_next_request_is_the_same(turns: list[int], head: bool, rounds: int) -> None:
    """Never in the newest user message or behind it, at most three, and what Claude cached last is in its sight."""
    kept: list[Message] = []
    for number, calls in enumerate(turns):
        called = [a_call(call_id=f"{number}.{n}") for n in range(calls)]
        results = [a_result(call_id=f"{number}.{n}") for n in range(calls)]
        tooled = (a_saved(Role.ASSISTANT, *called), a_saved(Role.TOOL, *results)) if calls else ()
        kept += [said(Role.USER, "word", 1), *tooled, said(Role.ASSISTANT, "yes", 2)]
    now = [a_call(call_id=f"now.{n}") for n in range(rounds)]
    context = a_context(head=HEAD if head else "", turns=kept, rounds=[a_saved(Role.ASSISTANT, *now)] if now else [])
    rendered = messages.render(context)
    newest = len(rendered) - 1 - bool(now)
    places = [point["index"] for point in points(a_name(CLAUDE), rendered, (), lambda *_: 5_000)]
    assert places == sorted(set(places))
    assert all(0 <= place < newest for place in places)
    assert len(places) <= 3
    assert bool(places) == (newest > 0)
    before = [place for place, message in enumerate(rendered[:newest]) if message["role"] == "user"]
    if before and before[-1] > 0:
        last = before[-1] - 1  # where the request before had its last mark
        near = min(place for place in places if place >= last)
        assert near == last or caching._blocks(rendered[last + 1 : near + 1]) < LOOKS_BACK


# What is told of it


@pytest.mark.parametrize(
    ("told", "usage"),
    [
        ({"prompt_tokens": 100, "prompt_tokens_details": {"cached_tokens": 60}}, Usage(100, 0, 60)),
        ({"prompt_tokens": 100, "cache_read_input_tokens": 60}, Usage(100, 0, 60)),
        ({"prompt_tokens": 100, "prompt_cache_hit_tokens": 60, "prompt_cache_miss_tokens": 40}, Usage(100, 0, 60)),
        ({"prompt_tokens": 100, "cached_tokens": 60}, Usage(100, 0, 60)),
        (
            {"prompt_tokens": 100, "cache_creation_input_tokens": 30, "cache_read_input_tokens": 60},
            Usage(100, 0, 60, written_tokens=30),
        ),
        (
            {"prompt_tokens": 100, "prompt_tokens_details": {"cached_tokens": 60, "cache_creation_tokens": 30}},
            Usage(100, 0, 60, written_tokens=30),
        ),
        (
            {"prompt_tokens": 100, "prompt_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 30}},
            Usage(100, 0, 0, written_tokens=30),
        ),
        ({"prompt_tokens": 21, "cache_read_input_tokens": 18_000}, Usage(18_021, 0, 18_000)),
        ({"prompt_tokens": 100, "prompt_tokens_details": {"cached_tokens": 160}}, Usage(100, 0, 100)),
        ({"prompt_tokens": 100, "prompt_tokens_details": None, "cached_tokens": "many"}, Usage(100)),
        ({}, Usage()),
    ],
)
def test_cached_tokens_are_read_under_all_their_names(told: Mapping[str, Any], usage: Usage) -> None:
    """They are part of the prompt's, also where a gateway tells them beside it."""
    assert tokens_told(told) == usage


@pytest.mark.parametrize("name", ["openai/gpt-4o", "openrouter/x", "deepseek/deepseek-chat", "xai/x"])
@pytest.mark.parametrize(
    "shape",
    [
        {"prompt_tokens_details": {"cached_tokens": 7}},
        {"prompt_cache_hit_tokens": 7, "prompt_cache_miss_tokens": 8},
        {"cache_read_input_tokens": 7},
        {"cached_tokens": 7},
    ],
    ids=["OpenAI", "DeepSeek", "Anthropic", "Moonshot"],
)
def test_cached_tokens_come_through_litellm(openai_server: Server, name: str, shape: dict[str, Any]) -> None:
    """Over the wire, whatever the provider calls them."""
    counts = {"prompt_tokens": 15, "completion_tokens": 5, "total_tokens": 20}
    openai_server.telling = lambda _body, _told: {**counts, **shape}
    openai_server.script(Reply("Fine."))
    assert usage_of(openai_server, name, a_context()).cached_tokens == 7


def test_gemini_tells_what_it_cached_by_itself(openai_server: Server) -> None:
    """Without having been asked."""
    usage = usage_of(openai_server, "gemini/gemini-2.5-flash", a_context(turns=past(5)))
    assert usage.cached_tokens == usage.prompt_tokens // 2 > 0


def test_what_is_written_to_a_cache_has_its_price() -> None:
    """Anthropic takes a quarter more for it, and a tenth for what is read."""
    price = {
        "input_cost_per_token": 3e-6,
        "output_cost_per_token": 15e-6,
        "cache_read_input_token_cost": 0.3e-6,
        "cache_creation_input_token_cost": 3.75e-6,
    }
    cost = price_of(Usage(1_000, 100, 600, written_tokens=300), price)
    assert cost == pytest.approx(100 * 3e-6 + 600 * 0.3e-6 + 300 * 3.75e-6 + 100 * 15e-6)
    assert Usage(1, 1, written_tokens=2).plus(Usage(1, 1, written_tokens=3)).written_tokens == 5
