"""The notebook behind the port of any model: the same calls, the same order, no cost, no network."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from memchat.domain import Finish, TextDelta, ToolCall, ToolSpec, Usage
from memchat.llm.notebook.model import CHUNK, NotebookModel

from tests.llm.notebook.conftest import BOTH, RECALL, REMEMBER, a_context, a_fact, after, all_kept, calls_of, said_to

ALICE = "My name is Alice, I live in Taipei and I am allergic to peanuts"


def test_it_is_a_model_that_lives_in_this_process() -> None:
    """No host, local, a window like others."""
    model = NotebookModel()
    assert (model.name, model.host, model.local, model.window) == ("notebook", "", True, 32_768)


def test_each_fact_is_one_call_of_remember_with_the_users_words() -> None:
    """Field, plain text and quote, then the end of the round; no word of the reply before the results."""
    context = a_context(ALICE)
    events = list(NotebookModel().stream(context, BOTH))
    assert events[-1] == Finish("tool_calls", Usage())
    calls = [event for event in events[:-1] if isinstance(event, ToolCall)]
    assert len(calls) == len(events) - 1
    assert len({call.id for call in calls}) == 3
    assert [(call.name, json.loads(call.arguments)) for call in calls] == [
        ("remember", {"field": "display_name", "text": "Alice", "quote": "My name is Alice"}),
        ("remember", {"field": "location", "text": "Taipei", "quote": "I live in Taipei"}),
        ("remember", {"field": "note", "text": "allergic to peanuts", "quote": "I am allergic to peanuts"}),
    ]


def test_the_reply_comes_in_pieces_and_costs_nothing() -> None:
    """Streamed text adds up to the reply; the usage is zero."""
    events = list(NotebookModel().stream(a_context("Who are you?"), BOTH))
    pieces = [event.text for event in events if isinstance(event, TextDelta)]
    assert len(pieces) > 2
    assert max(map(len, pieces)) <= CHUNK
    assert events[-1] == Finish("stop", Usage())


def test_it_calls_tools_in_one_round_only() -> None:
    """With results at hand it answers, whatever they say."""
    context = a_context("I live in Rome. What did we decide about tea?")
    calls = calls_of(context)
    assert [call.name for call in calls] == ["remember", "recall"]
    assert json.loads(calls[1].arguments) == {"query": "What did we decide about tea"}
    again = NotebookModel().stream(after(context, calls, all_kept), BOTH)
    assert not [event for event in again if isinstance(event, ToolCall)]


def test_what_the_head_answers_is_not_looked_up() -> None:
    """Recall is for what is not shown already."""
    known = a_fact("Alice", field="display_name")
    assert calls_of(a_context("What is my name?", known)) == []
    assert [call.name for call in calls_of(a_context("What is my name?"))] == ["recall"]


def test_a_field_that_is_not_configured_becomes_a_note_in_the_users_words() -> None:
    """The schema of the tool says which fields there are."""
    schema = {"type": "object", "properties": {"field": {"enum": ["display_name", "note"]}}}
    fewer = ToolSpec("remember", "", schema)
    calls = calls_of(a_context("I live in Taipei"), (fewer,))
    expected = {"field": "note", "text": "I live in Taipei", "quote": "I live in Taipei"}
    assert [json.loads(call.arguments) for call in calls] == [expected]
    silent = ToolSpec("remember", "", {})
    assert json.loads(calls_of(a_context("I live in Taipei"), (silent,))[0].arguments)["field"] == "location"


def test_without_recall_on_offer_nothing_is_looked_up() -> None:
    """`recall.enabled = false` takes the tool away."""
    assert calls_of(a_context("What did we decide about tea?"), (REMEMBER,)) == []
    assert calls_of(a_context("I live in Rome"), (RECALL,)) == []


@pytest.mark.parametrize(
    "nonsense", [None, 5, [], {"found": "x", "memories": [1, {"ref": 2}]}, {"found": [{"at": "2026-13-99"}]}]
)
def test_results_that_cannot_be_read_do_no_harm(nonsense: object) -> None:
    """A tool that answers nonsense is a tool that found nothing."""
    assert said_to(a_context("What is my name?"), results=lambda *_: nonsense)


def test_calls_and_results_that_are_no_json_do_no_harm() -> None:
    """What another program wrote into the rounds is data too: the call counts as empty, and nothing was kept."""
    context = a_context("I live in Rome")
    rounds = after(context, calls_of(context), all_kept).rounds
    broken = tuple(replace(m, parts=tuple(replace(part, content="{no json") for part in m.parts)) for m in rounds)
    events = NotebookModel().stream(replace(context, rounds=broken), BOTH)
    assert "".join(e.text for e in events if isinstance(e, TextDelta)) == 'I did not keep "": ?.'
    alone = replace(context, rounds=rounds[1:])
    assert "".join(e.text for e in NotebookModel().stream(alone, BOTH) if isinstance(e, TextDelta)).startswith("I keep")


def test_the_same_context_gets_the_same_reply() -> None:
    """Nothing random: a golden conversation stays golden."""
    assert said_to(a_context("The sky is grey.")) == said_to(a_context("The sky is grey."))


def test_naming_the_model_loads_no_rules_and_nothing_heavy() -> None:
    """The prompt is drawn before the rules are needed."""
    script = (
        "import sys; from memchat.llm.notebook.model import NotebookModel; NotebookModel();"
        "print([m for m in sys.modules if m.startswith('memchat.llm.notebook.') or m in ('litellm', 'rich')])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['memchat.llm.notebook.model']"
