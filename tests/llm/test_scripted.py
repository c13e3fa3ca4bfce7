"""The scripted model holds tests to what they said."""

from collections.abc import Generator
from typing import cast

import pytest
from memchat.domain import Finish, ModelEvent, TextDelta, ToolCall, Usage
from memchat.errors import NetworkError
from memchat.llm.scripted import ScriptedModel

from tests.llm.ways import a_context


def test_steps_are_played_in_order_and_end_with_a_finish() -> None:
    """Text, events, and whatever a function makes of the context."""
    call = ToolCall("1", "recall", "{}")
    model = ScriptedModel(["Hello.", [call], lambda context: [context.user.text, Finish("length")]])
    context = a_context("Echo this.")
    assert list(model.stream(context, ())) == [TextDelta("Hello."), Finish("stop", Usage(10, 5))]
    assert list(model.stream(context, ())) == [call, Finish("tool_calls", Usage(10, 5))]
    assert list(model.stream(context, ())) == [TextDelta("Echo this."), Finish("length")]


def test_an_unexpected_call_fails_at_once() -> None:
    """Not at its first event, which nobody may ask for."""
    model = ScriptedModel([])
    with pytest.raises(AssertionError, match="call 1 was not expected: 'Who is there"):
        model.stream(a_context("Who is there?"), ())


def test_steps_left_over_fail() -> None:
    """A call that never came is a bug as well."""
    model = ScriptedModel(["one", "two"])
    list(model.stream(a_context(), ()))
    with pytest.raises(AssertionError, match="1 steps were never asked for"):
        model.done()
    list(model.stream(a_context(), ()))
    model.done()
    assert [called.tools for called in model.calls] == [(), ()]


def test_an_exception_is_raised_where_it_stands() -> None:
    """What came before it has come."""
    stream = ScriptedModel([["Hel", NetworkError("gone")]]).stream(a_context(), ())
    assert next(stream) == TextDelta("Hel")
    with pytest.raises(NetworkError, match="gone"):
        next(stream)


def test_closing_early_is_noticed() -> None:
    """The engine closes what it does not read to the end."""
    model = ScriptedModel([["a", "b"]], name="m", host="h", local=False, window=5)
    stream = cast("Generator[ModelEvent]", model.stream(a_context(), ()))
    next(stream)
    stream.close()
    assert model.closed_early == 1
    assert (model.name, model.host, model.local, model.window) == ("m", "h", False, 5)
