"""Counting as the model counts: a server with another tokenizer, learned from what it tells, over the wire."""

import json
import random
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.bootstrap.models import counter_for
from memchat.domain import Finish, Message, Origin, Part, PartKind, Role, TextDelta, ToolSpec
from memchat.llm import counting, messages
from memchat.llm.counting import MOST, NEWEST, ModelCounter, counter_of
from memchat.llm.litellm_model import LiteLLMModel
from memchat.llm.notebook.model import NotebookModel
from memchat.llm.tokens import EstimateCounter, TiktokenCounter
from memchat.memory.pictures import MOST_TOKENS

from tests.llm.ways import a_call, a_context, a_model, a_result, a_route, a_saved
from tests.servers.openai_server import Server
from tests.servers.replies import Reply, spoken

TABLE = TiktokenCounter("openai/gpt-4o")
TOOLS = [
    ToolSpec("recall", "Look something up in past conversations. " * 8, {"type": "object", "properties": {}}),
    ToolSpec("remember", "Keep a fact about the user. " * 8, {"type": "object", "properties": {}}),
]
HEAD = "You are memchat, a chat that remembers. The user lives in Taipei and is allergic to peanuts. " * 20
ENGLISH = [
    "the table",
    "is complete",
    "now, and",
    "paid keys",
    "may make a",
    "hundred requests",
    "a minute.",
    "Trial keys",
]
CHINESE = ["我對花生過敏", "所以午餐吃了牛肉麵", "下午三點要和編輯開會", "討論第三章的結尾"]
CODE = ["def fold(self) -> int:\n", "    return sum(part.size for part in self.parts)\n", "x = {'a': [1, 2, 3]}\n"]
NEAR = 0.03

Book = Callable[[str], float]  # another's tokens of a text


def words(generator: random.Random, language: list[str], pieces: int) -> str:
    """What somebody may write."""
    return " ".join(generator.choices(language, k=max(1, pieces)))


def told_by(book: Book, *, frame: int, beside: int) -> Callable[[Mapping[str, Any], dict[str, Any]], dict[str, Any]]:
    """Usage as a server with its own tokenizer and its own frames tells it."""

    def telling(body: Mapping[str, Any], told: dict[str, Any]) -> dict[str, Any]:
        tools = book(json.dumps(body.get("tools") or ""))
        prompt = round(beside + tools + sum(frame + book(spoken(one.get("content"))) for one in body["messages"]))
        return {**told, "prompt_tokens": prompt}

    return telling


def talk(server: Server, model: LiteLLMModel, turns: int, *, most: int, seed: int = 1) -> list[float]:
    """How far the estimate was off, turn by turn; the conversation folds to its newest ten turns when it is long."""
    generator = random.Random(seed)
    past: list[Message] = []
    errors = []
    for number in range(turns):
        language = generator.choice([ENGLISH, ENGLISH, ENGLISH, CHINESE, CODE])
        context = a_context(words(generator, language, generator.randint(1, most)), head=HEAD, turns=past)
        reply = words(generator, generator.choice([ENGLISH, ENGLISH, CODE]), generator.randint(1, most))
        server.script(Reply(pieces=(reply,)))  # in one piece: this is not about streams
        expected = model.tokens(context, TOOLS)
        *_, finish = model.stream(context, TOOLS)
        assert isinstance(finish, Finish)
        assert finish.usage is not None
        errors.append(abs(expected / finish.usage.prompt_tokens - 1))
        answer = Part(PartKind.TEXT, Origin.MODEL, reply)
        past += [context.user, a_saved(Role.ASSISTANT, answer, number=2 * number + 2)]
        if len(past) >= 50:
            past = past[-20:]
    return errors


@pytest.mark.parametrize(("frame", "beside"), [(4, 3), (0, 0), (12, 400)])
@pytest.mark.parametrize("factor", [0.75, 1.0, 1.35, 2.4])
def test_after_ten_turns_a_request_is_estimated_within_three_in_a_hundred(
    openai_server: Server, factor: float, frame: int, beside: int
) -> None:
    """Whatever the server's tokens are, and what it writes around them; also after the conversation was folded."""
    openai_server.telling = told_by(lambda text: factor * TABLE.count(text), frame=frame, beside=beside)
    errors = talk(openai_server, a_model(a_route(openai_server)), 40, most=120)
    assert max(errors[10:]) <= NEAR, [round(error, 3) for error in errors]
    assert errors[0] > NEAR or (factor, beside) in {(1.0, 3), (1.0, 0)}


@pytest.mark.parametrize("most", [15, 120, 900], ids=["short turns", "turns", "long turns"])
def test_a_tokenizer_of_another_kind_is_learned_too(openai_server: Server, most: int) -> None:
    """One that costs by the byte, as older ones do for scripts they do not know: near enough where texts are mixed."""
    openai_server.telling = told_by(lambda text: len(text.encode()) / 3.4, frame=6, beside=60)
    errors = talk(openai_server, a_model(a_route(openai_server)), 40, most=most)
    late = sorted(errors[10:])
    assert late[len(late) // 2] <= NEAR
    assert late[-1] <= 3 * NEAR


def test_openais_own_models_are_counted_by_their_own_table(openai_server: Server) -> None:
    """Only what their servers write around the words is learned; a text costs what it costs."""
    openai_server.telling = told_by(TABLE.count, frame=7, beside=250)
    model = a_model(a_route(openai_server), retries=0)
    exact = counter_of("openai/gpt-4o", openai_server.url)
    before = exact.count(HEAD)
    context = a_context("Hello.", head=HEAD)
    rendered, tools = model.messages(context), messages.tool_list(TOOLS)
    exact.learn(rendered, tools, 900)
    assert exact.count(HEAD) == before == TABLE.count(HEAD)
    assert exact.request(rendered, tools) == 900


@pytest.mark.parametrize(
    ("name", "exact"),
    [
        ("openai/gpt-4o", True),
        ("openai/gpt-5-mini", True),
        ("openrouter/openai/gpt-4.1", True),
        ("azure/gpt-4o", True),
        ("openai/o3-mini", True),
        ("openai/chatgpt-4o-latest", True),
        ("anthropic/claude-sonnet-4-5", False),
        ("ollama_chat/qwen3:8b", False),
        ("openai/oxygen", False),
        ("openai/o1x", False),
    ],
)
def test_only_openais_models_are_known_by_their_table(name: str, exact: bool) -> None:
    """All others are estimates that have to be learned."""
    counter = ModelCounter(name)
    counter.learn([{"role": "user", "content": HEAD}], (), 2 * TABLE.count(HEAD))
    assert (counter.count(HEAD) == TABLE.count(HEAD)) is exact


def test_nothing_costs_nothing_and_anything_something() -> None:
    """Whatever was learned."""
    counter = ModelCounter("x/y")
    for told in (400, 900):
        counter.learn([{"role": "user", "content": HEAD}], (), told)
        assert counter.count("") == 0
        assert counter.count(" ") >= 1
        assert counter.request([{"role": "user", "content": ""}]) >= 1


def test_counts_are_of_one_scale_while_an_answer_comes(openai_server: Server) -> None:
    """What is folded is decided by them: they change between requests only."""
    openai_server.telling = told_by(lambda text: 2 * TABLE.count(text), frame=4, beside=0)
    model = a_model(a_route(openai_server))
    events = model.stream(a_context("Hello.", head=HEAD), ())
    counts = {model.counter.count(HEAD) for event in events if isinstance(event, TextDelta)}
    assert counts == {TABLE.count(HEAD)}
    assert model.counter.count(HEAD) == pytest.approx(2 * TABLE.count(HEAD), rel=NEAR)


def test_what_was_learned_serves_the_next_model_of_that_name(openai_server: Server) -> None:
    """A conversation that is opened anew, `/model` and back: not another model, nor the same elsewhere."""
    openai_server.telling = told_by(lambda text: 2 * TABLE.count(text), frame=4, beside=0)
    route = a_route(openai_server)
    list(a_model(route).stream(a_context("Hello.", head=HEAD), ()))
    again = a_model(route)
    assert counter_for(again) is again.counter
    assert again.counter.count(HEAD) > 1.9 * TABLE.count(HEAD)
    assert a_model(a_route(openai_server, provider="openrouter")).counter.count(HEAD) == TABLE.count(HEAD)
    with Server() as other:
        assert a_model(other).counter.count(HEAD) == TABLE.count(HEAD)


def test_the_notebook_is_counted_without_a_table() -> None:
    """It has no tokens of its own, and must start at once."""
    assert isinstance(counter_for(NotebookModel()), EstimateCounter)


def test_the_messages_do_not_depend_on_what_was_learned(openai_server: Server) -> None:
    """The same conversation is the same bytes, whatever its tokens are said to be: the provider's cache stays good."""
    for factor in (1.0, 2.0, 0.6):
        openai_server.telling = told_by(TABLE.count, frame=0, beside=round(800 * factor))
        list(a_model(a_route(openai_server)).stream(a_context("Hello.", head=HEAD), TOOLS))
    assert len({seen.raw for seen in openai_server.requests}) == 1


# What is no measure


def learned(*told: int) -> ModelCounter:
    """A counter that was told so many tokens for one growing conversation."""
    counter = ModelCounter("x/y")
    for number, tokens in enumerate(told):
        counter.learn([{"role": "user", "content": HEAD * (number + 1)}], (), tokens)
    return counter


def sizes(count: int) -> list[int]:
    """What the same conversation really costs at a server whose tokens are half as large again."""
    return [round(1.5 * TABLE.count(HEAD * (number + 1))) for number in range(count)]


def test_one_odd_answer_does_not_bend_what_was_learned() -> None:
    """A server that told of another request, or forgot half."""
    straight, odd = sizes(8), sizes(8)
    odd[5] = odd[5] * 2 // 3
    assert learned(*odd).count(HEAD) == pytest.approx(learned(*straight).count(HEAD), rel=NEAR)


def test_an_answer_that_cannot_be_is_not_learned_from() -> None:
    """Old Ollama tells only what its cache did not hold; others tell nothing or everything."""
    for told in (0, 1, 20, 10 * TABLE.count(HEAD)):
        assert learned(told).count(HEAD) == TABLE.count(HEAD)


def test_a_request_of_a_few_words_is_not_learned_from() -> None:
    """It tells of its frames."""
    counter = ModelCounter("x/y")
    counter.learn([{"role": "user", "content": "Hi."}], (), 14)
    assert counter.count(HEAD) == TABLE.count(HEAD)


def test_pictures_are_counted_but_not_learned_from() -> None:
    """Each provider counts them in its own way, and that is no measure for words."""
    counter = ModelCounter("x/y")
    blocks = [{"type": "text", "text": HEAD}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA"}}]
    asked = [{"role": "user", "content": blocks}]
    assert counter.request(asked) == pytest.approx(TABLE.count(HEAD) + MOST_TOKENS, abs=10)
    counter.learn(asked, (), 2 * counter.request(asked))
    assert counter.count(HEAD) == TABLE.count(HEAD)


def test_calls_of_tools_and_their_results_are_counted(openai_server: Server) -> None:
    """They are part of the request as much as words."""
    model = a_model(a_route(openai_server))
    rounds = (
        a_saved(Role.ASSISTANT, a_call(content=json.dumps({"arguments": json.dumps({"query": HEAD})}))),
        a_saved(Role.TOOL, a_result(HEAD)),
    )
    bare = model.tokens(a_context(), ())
    assert model.tokens(a_context(rounds=rounds), ()) == pytest.approx(bare + 2 * TABLE.count(HEAD), rel=NEAR)
    assert model.tokens(a_context(), TOOLS) > bare + TABLE.count(TOOLS[0].description + TOOLS[1].description)


def test_what_must_not_be_exceeded_is_counted_with_room() -> None:
    """Half as much again for words that the model has not counted yet, little for those that it has."""
    counter = ModelCounter("x/y")
    asked = [{"role": "user", "content": HEAD}]
    assert counter.at_most(asked) > 1.5 * counter.request(asked)
    counter.learn(asked, (), counter.request(asked))
    assert counter.at_most(asked) < 1.1 * counter.request(asked)
    longer = [*asked, {"role": "user", "content": HEAD}]
    assert counter.at_most(longer) > 1.2 * counter.request(longer)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(100, 50_000), st.floats(0.5, 3.5)), min_size=1, max_size=NEWEST))
def test_whatever_is_told_the_scale_stays_within_reason(answers: list[tuple[int, float]]) -> None:
    """No answers make words free, or cost more than any tokenizer would."""
    pairs = [(counted, round(counted * factor)) for counted, factor in answers]
    for exact in (False, True):
        factor, _ = counting._fitted(pairs, exact=exact)
        assert 0.49 <= factor <= MOST + 0.01


def test_counting_forgets_old_texts_before_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that runs for weeks; the counts are the same."""
    monkeypatch.setattr(counting, "_KEPT", 3)
    counter = ModelCounter("x/y")
    asked = [{"role": "user", "content": f"message {number}"} for number in range(8)]
    assert counter.request(asked) == ModelCounter("x/y").request(asked)
    assert len(counter._known) <= 3


def test_what_was_counted_is_not_counted_again(openai_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a long conversation each text once: what was sent before is known."""
    model = a_model(a_route(openai_server))
    past = [a_saved(Role.USER, Part(PartKind.TEXT, Origin.TYPED, f"{number} {HEAD}")) for number in range(60)]
    read: list[str] = []

    def noting(counter: type[EstimateCounter | TiktokenCounter]) -> None:
        count = counter.count

        def noted(self: Any, text: str) -> int:
            read.append(text)
            return count(self, text)

        monkeypatch.setattr(counter, "count", noted)

    noting(EstimateCounter)
    noting(TiktokenCounter)
    told = model.tokens(a_context("Hello.", head=HEAD, turns=past), TOOLS)
    assert len(read) >= len(past)
    read.clear()
    assert model.tokens(a_context("Hello.", head=HEAD, turns=past), TOOLS) == told
    assert not read
    model.tokens(a_context("And now?", head=HEAD, turns=past), TOOLS)
    assert read == ["And now?"]
