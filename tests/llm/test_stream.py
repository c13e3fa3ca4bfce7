"""From chunks to events: whatever the cut, the same reply."""

import itertools
import json
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import Finish, ModelEvent, ReasoningDelta, TextDelta, ToolCall, Usage
from memchat.llm.stream import Fold

BOUNDED = settings(max_examples=100, deadline=None)


def chunk(delta: dict[str, Any], *, finish: str | None = None) -> dict[str, Any]:
    """One chunk of OpenAI's wire."""
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def fold(chunks: Iterable[object], *, told: bool = True) -> list[ModelEvent]:
    """All events of a reply."""
    one = Fold()
    events = [event for part in chunks for event in one.feed(part)]
    return events + list(one.end(told=told))


def joined(events: Iterable[ModelEvent]) -> tuple[str, str, list[ToolCall], Finish]:
    """A reply without its cuts: reasoning, text, tool calls, the end."""
    found = list(events)
    finish = found[-1]
    assert isinstance(finish, Finish)
    return (
        "".join(e.text for e in found if isinstance(e, ReasoningDelta)),
        "".join(e.text for e in found if isinstance(e, TextDelta)),
        [e for e in found if isinstance(e, ToolCall)],
        finish,
    )


def cut(text: str, places: Iterable[int]) -> list[str]:
    """The text cut at these places, empty pieces too."""
    marks = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    return [text[a:b] for a, b in itertools.pairwise(marks)]


places = st.lists(st.integers(0, 400), max_size=12)
# What a model may say around tags: words, blanks, and everything that looks like a tag and is none.
words = st.text(alphabet=st.sampled_from(list("ab <>/thinktok\n中")), max_size=30)


@BOUNDED
@given(content=st.one_of(words, words.map(lambda w: f"<think>{w}</think>\n\nyes {w}"), st.text(max_size=40)), at=places)
def test_any_cut_of_the_content_gives_the_same_reply(content: str, at: list[int]) -> None:
    """However the content is cut, reasoning and text joined are the same, and no character is lost or made up."""
    whole = joined(fold([chunk({"content": content})]))
    assert joined(fold(chunk({"content": piece}) for piece in cut(content, at))) == whole
    if "<think>" not in content:
        assert whole[:2] == ("", content)


@BOUNDED
@given(thought=st.text(alphabet="ab <>/think\n", max_size=30), said=st.text(alphabet="ab <>\n", max_size=30), at=places)
def test_thinking_at_the_start_is_reasoning(thought: str, said: str, at: list[int]) -> None:
    """`<think>` at the start of the content opens reasoning, up to the first closing tag."""
    thought = thought.replace("</think>", "")
    content = f" \n<think>{thought}</think>\n\n{said}"
    reasoning, text, _, _ = joined(fold(chunk({"content": piece}) for piece in cut(content, at)))
    assert (reasoning, text) == (thought, said.lstrip())


@BOUNDED
@given(
    arguments=st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=10), max_size=3), min_size=1, max_size=3),
    at=places,
    repeated=st.booleans(),
    order=st.randoms(use_true_random=False),
)
def test_any_cut_of_parallel_tool_calls_gives_the_same_calls(
    arguments: list[dict[str, str]], at: list[int], repeated: bool, order: Any
) -> None:
    """Fragments of parallel calls, interleaved in any way and with or without repeated ids and names, fold alike."""
    texts = [json.dumps(value) for value in arguments]
    queues: list[list[dict[str, Any]]] = []
    for index, text in enumerate(texts):
        head = {"index": index, "id": f"id{index}", "function": {"name": f"tool{index}", "arguments": ""}}
        again = {"id": f"id{index}", "name": f"tool{index}"} if repeated else {"id": None, "name": None}
        rest = [
            {"index": index, "id": again["id"], "function": {"name": again["name"], "arguments": piece}}
            for piece in cut(text, at)
        ]
        queues.append([head, *rest])
    heads = [queue.pop(0) for queue in queues]
    fragments = list(heads)
    while any(queues):
        fragments.append(order.choice([queue for queue in queues if queue]).pop(0))
    calls = joined(fold(chunk({"tool_calls": [fragment]}) for fragment in fragments))[2]
    assert calls == [ToolCall(f"id{i}", f"tool{i}", text) for i, text in enumerate(texts)]


def test_a_tag_in_the_middle_is_the_models_own_words() -> None:
    """Only the start of the content can open reasoning."""
    content = "In HTML one writes <think>so</think>."
    assert joined(fold([chunk({"content": content})]))[:2] == ("", content)


def test_thinking_that_is_never_closed_is_reasoning_to_the_end() -> None:
    """A reply cut at its length limit inside its thinking has no text."""
    assert joined(fold([chunk({"content": "<think>well, </thi"})]))[:2] == ("well, </thi", "")


def test_half_a_tag_at_the_end_is_text() -> None:
    """What only looked like a tag is given out when nothing follows."""
    assert joined(fold([chunk({"content": "<thi"})]))[:2] == ("", "<thi")


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
def test_reasoning_in_a_field_of_its_own_is_kept_apart(name: str) -> None:
    """Both names that servers use for it."""
    events = fold([chunk({name: "hmm"}), chunk({"content": "yes"})])
    assert joined(events)[:2] == ("hmm", "yes")


def test_a_reasoning_field_that_is_no_text_is_left_alone() -> None:
    """Some providers put an object there."""
    assert joined(fold([chunk({"reasoning": {"effort": "low"}, "content": "yes"})]))[:2] == ("", "yes")


def test_usage_after_the_finish_is_told() -> None:
    """The usage chunk comes last, without choices."""
    usage = {"prompt_tokens": 12, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 8}}
    events = fold([chunk({"content": "yes"}), chunk({}, finish="stop"), {"choices": [], "usage": usage}])
    assert events[-1] == Finish("stop", Usage(12, 3, 8))


def test_usage_that_nobody_told_is_left_out() -> None:
    """`told` False drops numbers that a library made up."""
    usage = {"prompt_tokens": 12, "completion_tokens": 3}
    assert fold([chunk({"content": "yes"}), {"choices": [], "usage": usage}], told=False)[-1] == Finish("stop")


def test_cached_tokens_in_anthropics_words_are_read() -> None:
    """`cache_read_input_tokens`."""
    usage = {"prompt_tokens": 12, "completion_tokens": 3, "cache_read_input_tokens": 9}
    assert fold([{"choices": [], "usage": usage}])[-1] == Finish("stop", Usage(12, 3, 9))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("stop", "stop"),
        ("end_turn", "stop"),
        ("length", "length"),
        ("MAX_TOKENS", "length"),
        ("content_filter", "content_filter"),
        ("SAFETY", "content_filter"),
        ("tool_calls", "stop"),
        ("something new", "stop"),
        ("", "stop"),
    ],
)
def test_reasons_are_one_of_four(said: str, meant: str) -> None:
    """Whatever a provider calls it; `tool_calls` without a call is a stop."""
    assert fold([chunk({"content": "yes"}, finish=said)])[-1] == Finish(meant)


def test_stop_with_a_tool_call_is_tool_calls() -> None:
    """Ollama says stop when it calls a tool."""
    call = {"index": 0, "id": "a", "function": {"name": "recall", "arguments": "{}"}}
    assert fold([chunk({"tool_calls": [call]}, finish="stop")])[-1] == Finish("tool_calls")


def test_a_call_without_id_gets_one() -> None:
    """Deterministic, by its place."""
    fragments = [{"index": 0, "function": {"name": "a"}}, {"index": 0, "function": {"arguments": "{}"}}]
    assert joined(fold(chunk({"tool_calls": [f]}) for f in fragments))[2] == [ToolCall("call_0", "a", "{}")]


def test_a_name_in_pieces_is_put_together() -> None:
    """Some servers stream the name too."""
    fragments = [
        {"index": 0, "id": "x", "function": {"name": "remem"}},
        {"index": 0, "function": {"name": "ber"}},
        {"index": 0, "function": {"arguments": "{}"}},
    ]
    assert joined(fold(chunk({"tool_calls": [f]}) for f in fragments))[2] == [ToolCall("x", "remember", "{}")]


def test_parallel_calls_all_at_index_nought_are_told_apart_by_their_ids() -> None:
    """As servers behind a translation layer send them."""
    fragments = [
        {"index": 0, "id": "x", "function": {"name": "a", "arguments": "{}"}},
        {"index": 0, "id": "y", "function": {"name": "a", "arguments": '{"b":1}'}},
    ]
    calls = joined(fold([chunk({"tool_calls": fragments})]))[2]
    assert calls == [ToolCall("x", "a", "{}"), ToolCall("y", "a", '{"b":1}')]


def test_calls_without_any_index_are_told_apart() -> None:
    """By their ids, else by a new name after arguments."""
    by_id = [
        {"id": "x", "function": {"name": "a", "arguments": '{"k":'}},
        {"id": "y", "function": {"name": "b", "arguments": "{}"}},
        {"id": "x", "function": {"arguments": "1}"}},
    ]
    assert joined(fold([chunk({"tool_calls": by_id})]))[2] == [ToolCall("x", "a", '{"k":1}'), ToolCall("y", "b", "{}")]
    nameless = [
        {"function": {"name": "a", "arguments": '{"k":'}},
        {"function": {"arguments": "1}"}},
        {"function": {"name": "b", "arguments": "{}"}},
    ]
    calls = joined(fold([chunk({"tool_calls": nameless})]))[2]
    assert calls == [ToolCall("call_0", "a", '{"k":1}'), ToolCall("call_1", "b", "{}")]


def test_arguments_that_come_as_an_object_become_json() -> None:
    """As Ollama's own wire has them."""
    fragment = {"index": 0, "id": "x", "function": {"name": "a", "arguments": {"q": "台北"}}}
    assert joined(fold([chunk({"tool_calls": [fragment]})]))[2] == [ToolCall("x", "a", '{"q": "台北"}')]


def test_objects_are_read_like_mappings() -> None:
    """litellm's chunks are objects."""
    delta = SimpleNamespace(content="yes", tool_calls=None)
    one = SimpleNamespace(choices=[SimpleNamespace(delta=delta, finish_reason="length")], usage=None)
    assert joined(fold([one])) == ("", "yes", [], Finish("length"))


def test_a_reply_that_broke_gives_out_what_was_held_back() -> None:
    """`rest` owes the characters that might have been a tag, and no half tool call."""
    one = Fold()
    call = {"index": 0, "id": "x", "function": {"name": "a", "arguments": '{"k'}}
    events = list(one.feed(chunk({"content": "<thi"}))) + list(one.feed(chunk({"tool_calls": [call]})))
    assert events == []
    assert list(one.rest()) == [TextDelta("<thi")]
    assert one.spoke


def test_all_that_came_is_counted() -> None:
    """Words, thoughts and arguments of tools, in characters: what is endless can be left."""
    one = Fold()
    call = {"index": 0, "id": "x", "function": {"name": "a", "arguments": '{"k'}}
    deltas = ({"content": "<think>"}, {"content": "hi"}, {"reasoning_content": "mm"}, {"tool_calls": [call]})
    assert [(list(one.feed(chunk(delta))), one.length)[1] for delta in deltas] == [7, 9, 11, 14]
