"""The scripted model holds tests to what they said."""

from collections.abc import Generator
from typing import cast

import pytest
from memchat.domain import Completion, Finish, ModelEvent, TextDelta, ToolCall, Usage
from memchat.errors import NetworkError
from memchat.llm.scripted import ScriptedModel

from tests.llm.ways import a_context, a_task


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


def never() -> bool:
    """Go on."""
    return False


def test_a_completion_is_a_step_like_any_other() -> None:
    """A string, pieces with what they cost, whatever a function makes of the task; the task is kept."""
    model = ScriptedModel(["{}", ['{"a', '": 1}', Finish("stop", Usage(7, 3))], lambda task: task.text.upper()])
    assert model.complete(a_task(), never) == Completion("{}", Usage(10, 5))
    assert model.complete(a_task(), never) == Completion('{"a": 1}', Usage(7, 3))
    assert model.complete(a_task("abc"), never) == Completion("ABC", Usage(10, 5))
    assert [called.task.text for called in model.calls] == [a_task().text, a_task().text, "abc"]
    model.done()


def test_replies_and_completions_share_one_script() -> None:
    """In the order in which they are asked for; each call tells which it was."""
    model = ScriptedModel(["Hello.", "{}"])
    list(model.stream(a_context(), ()))
    model.complete(a_task(), never)
    assert (model.calls[0].context, model.calls[1].task) == (a_context(), a_task())
    with pytest.raises(TypeError, match="for a reply"):
        _ = model.calls[0].task
    with pytest.raises(TypeError, match="for the task consolidation"):
        _ = model.calls[1].context


def test_a_completion_raises_what_its_step_says() -> None:
    """An exception alone, or one among the pieces; and AssertionError for a call that nobody expected."""
    model = ScriptedModel([NetworkError("gone"), ["{", NetworkError("cut")]])
    for why in ("gone", "cut"):
        with pytest.raises(NetworkError, match=why):
            model.complete(a_task(), never)
    with pytest.raises(AssertionError, match="call 3 was not expected: 'Sum"):
        model.complete(a_task("Sum."), never)


def test_a_completion_that_is_stopped_is_none() -> None:
    """Before the call, which then never was; or in its middle."""
    answers = iter([True, False, False, True])
    model = ScriptedModel([["{", "}"]])
    assert model.complete(a_task(), lambda: next(answers)) is None
    assert model.calls == []
    assert model.complete(a_task(), lambda: next(answers)) is None
    assert len(model.calls) == 1
    assert model.closed_early == 1
