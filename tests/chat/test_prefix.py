"""Whatever happens in a conversation, the next request begins with the one before, so that a provider's cache holds."""

import json
from contextlib import suppress
from datetime import datetime
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.chat.events import Text
from memchat.domain import Context, Limits, ToolCall
from memchat.errors import ModelError, NetworkError
from memchat.llm.messages import render
from memchat.llm.scripted import ScriptedModel, Step
from memchat.store.connection import open_store

from tests.builders import add_note, typed
from tests.chat.conftest import Lab, say, until
from tests.conftest import NOW, FrozenClock

# What may come between two messages, and how a reply may go.
BETWEEN = st.sampled_from(["nothing", "a note", "a day", "a new value"])
REPLIES = st.sampled_from(["plain", "long", "tool", "failed", "cut", "interrupted"])
MESSAGES = st.sampled_from(["Hello.", "I live in Taipei", "密碼：Tr0ub4dor&3", "word " * 150, "word " * 800])
LIMITS = Limits(max_turns=5, keep_turns=2, max_tokens=1_500)


def a_step(how: str) -> Step:
    """The reply of that kind."""
    call = ToolCall("1", "remember", '{"field": "location", "text": "Taipei", "quote": "I live in Taipei"}')
    steps: dict[str, Step] = {
        "plain": ["Yes."],
        "long": ["word " * 400],
        "tool": ["Let me see.", call],
        "failed": [NetworkError("no network")],
        "cut": ["Half", NetworkError("no network")],
        "interrupted": ["One ", "two."],
    }
    return steps[how]


def happens(lab: Lab, what: str, number: int) -> None:
    """Something between two messages."""
    moment: datetime = lab.clock.advance(days=1) if what == "a day" else lab.clock.advance(seconds=1)
    if what == "a note":
        add_note(lab.store, f"note {number}", at=moment)
    if what == "a new value":
        add_note(lab.store, f"Town {number}", field="location", at=moment)


def sent(context: Context) -> list[str]:
    """The request's messages as bytes, without the tail."""
    messages = render(context)
    messages[len(messages) - len(context.rounds) - 1]["content"] = context.user.text
    return [json.dumps(message) for message in messages]


def folded(context: Context) -> list[tuple[str, str]]:
    """What is folded: which turns, which parts."""
    return [(one.passage.ref, one.passage.text) for one in context.dropped if one.passage.layer == "session"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(BETWEEN, MESSAGES, REPLIES), min_size=2, max_size=12))
def test_each_request_begins_with_the_one_before(steps: list[tuple[str, str, str]]) -> None:
    """The messages up to a turn's user message, without its tail, begin the next turn's, except where turns fold."""
    store = open_store(None)
    lab = Lab(store, FrozenClock(NOW))
    script: list[Step] = []
    for _, _, how in steps:
        script += [a_step(how), "Noted."] if how == "tool" else [a_step(how)]
    model = ScriptedModel(script)
    engine = lab.engine(model, limits=LIMITS)
    contexts: list[Context] = []
    for number, (between, text, how) in enumerate(steps):
        happens(lab, between, number)
        calls = len(model.calls)
        with suppress(ModelError):
            if how == "interrupted":
                until(engine.run_turn(typed(text)), Text)
            else:
                say(engine, text)
        contexts.append(model.calls[calls].context)
    store.close()
    for before, after in pairwise(contexts):
        if folded(after) == folded(before):
            assert after.head == before.head
            first = sent(before)
            assert sent(after)[: len(first)] == first
    for call in model.calls:
        assert "[memchat]" not in "".join(message.text for message in call.context.turns)
        roles = [message["role"] for message in render(call.context) if message["role"] in {"user", "assistant"}]
        assert all(not (one == two == "user") for one, two in pairwise(roles))
