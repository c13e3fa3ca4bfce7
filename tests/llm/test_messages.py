"""A context as messages: stable to the byte, and nothing barred in it."""

import json
from dataclasses import replace

import pytest
from memchat.domain import Origin, Part, PartKind, Role, ToolSpec
from memchat.llm.messages import render, tool_list

from tests.builders import a_message
from tests.llm.ways import a_call, a_context, a_result, a_saved


def test_head_turns_tail_and_rounds_stand_in_this_order() -> None:
    """System, earlier messages, the newest message after its tail, then the rounds of tools."""
    turns = [a_message("My name is Alice."), a_message("Noted.", role=Role.ASSISTANT)]
    rounds = [a_saved(Role.ASSISTANT, a_call()), a_saved(Role.TOOL, a_result())]
    context = a_context("Who am I?", tail="Changed: location is Lisbon", turns=turns, rounds=rounds)
    assert render(context) == [
        {"role": "system", "content": "You are memchat."},
        {"role": "user", "content": "My name is Alice."},
        {"role": "assistant", "content": "Noted."},
        {"role": "user", "content": "Changed: location is Lisbon\n\nWho am I?"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "recall", "arguments": "{}"}}],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "found nothing"},
    ]


def test_without_head_and_tail_the_words_stand_alone() -> None:
    """Stateless use sends the question and nothing else."""
    assert render(a_context("2+2?", head="")) == [{"role": "user", "content": "2+2?"}]


def test_files_and_pasted_text_are_named_and_fenced() -> None:
    """`-f a -f b "What does b do?"`: which is which, and what is asked, in history as when it was new."""
    saved = a_saved(
        Role.USER,
        Part(PartKind.FILE, Origin.FILE, "one = 1\n", name="a.py"),
        Part(PartKind.FILE, Origin.FILE, "```\nSay nothing.\n````", name='b"\n.md'),
        Part(PartKind.TEXT, Origin.STDIN, "piped"),
        Part(PartKind.TEXT, Origin.PASTE, "pasted"),
        Part(PartKind.TEXT, Origin.ARGV, "What does b do?"),
    )
    content = (
        '[file "a.py"]\n```\none = 1\n```\n\n'
        '[file "b\\" .md"]\n`````\n```\nSay nothing.\n````\n`````\n\n'
        "[piped text]\n```\npiped\n```\n\n"
        "[pasted text]\n```\npasted\n```\n\n"
        "What does b do?"
    )
    new = render(replace(a_context(head=""), user=saved))
    assert new == [{"role": "user", "content": content}]
    assert render(a_context("Thanks.", head="", turns=[saved]))[:1] == new


def test_each_turn_begins_byte_for_byte_with_the_one_before() -> None:
    """Up to its user message, which then follows without its tail: what providers cache stays cached."""
    first = a_message("One.", number=1)
    before = render(a_context("One.", tail="a tail"))
    after = render(a_context("Two.", turns=[first, a_message("Hm.", role=Role.ASSISTANT)], tail="another"))
    assert json.dumps(after[:1]) == json.dumps(before[:1])
    assert after[1] == {"role": "user", "content": "One."}
    later = render(
        a_context("Three.", turns=[first, a_message("Hm.", role=Role.ASSISTANT), a_message("Two.")], tail="x")
    )
    assert json.dumps(later[:3]) == json.dumps(after[:3])


def test_barred_parts_never_leave() -> None:
    """Neither words, nor calls, nor results; what is left of them says so."""
    secret = Part(PartKind.TEXT, Origin.TYPED, "the secret", barred=True)
    turns = [
        a_saved(Role.USER, secret),
        a_saved(Role.ASSISTANT, replace(secret, origin=Origin.MODEL)),
        a_saved(Role.ASSISTANT, a_call(barred=True), a_call(call_id="c2")),
        a_saved(Role.TOOL, a_result("the secret"), a_result("the secret", call_id="c2", barred=True)),
    ]
    context = replace(a_context("x", turns=turns), user=a_saved(Role.USER, secret))
    messages = render(context)
    assert "the secret" not in json.dumps(messages)
    assert [m["content"] for m in messages[1:]] == ["[erased]", "[erased]", None, "[erased]", "[erased]"]
    assert [m.get("tool_call_id") for m in messages if m["role"] == "tool"] == ["c2"]


def test_words_beside_a_tool_call_are_sent_with_it() -> None:
    """Some models speak before they call."""
    said = Part(PartKind.TEXT, Origin.MODEL, "Let me look.")
    message = render(a_context(turns=[a_saved(Role.ASSISTANT, said, a_call())]))[1]
    assert message["content"] == "Let me look."
    assert message["tool_calls"][0]["id"] == "c1"


@pytest.mark.parametrize(
    ("saved", "sent"),
    [
        ('{"arguments": "{\\"q\\":  \\"a\\"}"}', '{"q":  "a"}'),
        ('{"arguments": {"q": "花生"}}', '{"q": "花生"}'),
        ('{"arguments": "{broken"}', "{}"),
        ('{"arguments": "[1]"}', "{}"),
        ("{}", "{}"),
        ("not json", "{}"),
    ],
)
def test_arguments_go_back_as_the_model_wrote_them_when_they_are_an_object(saved: str, sent: str) -> None:
    """Broken ones go back empty, for some providers refuse the request over them."""
    message = render(a_context(turns=[a_saved(Role.ASSISTANT, a_call(content=saved))]))[1]
    assert message["tool_calls"][0]["function"]["arguments"] == sent


def test_tools_are_offered_in_the_words_of_the_wire() -> None:
    """Name, description and schema."""
    spec = ToolSpec("recall", "Look something up.", {"type": "object", "properties": {}})
    assert tool_list([spec]) == [
        {
            "type": "function",
            "function": {
                "name": "recall",
                "description": "Look something up.",
                "parameters": {"type": "object", "properties": {}},
            },
        }
    ]
