"""One turn from text to saved; what every ending leaves behind; the next session."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from memchat.chat.events import (
    Assembled,
    MemoryChanged,
    Reasoning,
    Text,
    ToolUsed,
    TurnFinished,
    TurnStarted,
)
from memchat.domain import (
    CONVERSATIONS_ONLY,
    INCOGNITO,
    NO_LEARN,
    NORMAL,
    STATELESS,
    Completion,
    Context,
    Finish,
    Limits,
    MemoryStatus,
    MessageStatus,
    Mode,
    ModelEvent,
    Origin,
    Part,
    PartKind,
    ReasoningDelta,
    Role,
    SessionKind,
    Task,
    TextDelta,
    ToolCall,
    ToolSpec,
    Usage,
)
from memchat.errors import (
    ContextWindowError,
    CutReplyError,
    KeyMissingError,
    NetworkError,
    NotFoundError,
    ProviderError,
    SessionBusyError,
    StoreError,
    UsageError,
)
from memchat.llm.scripted import ScriptedModel, Step
from memchat.store.connection import SqliteStore, open_store

from tests.builders import add_note, found, typed
from tests.chat.conftest import Lab, say, summed_up, until
from tests.conftest import NOW, FrozenClock


def a_fact(
    call_id: str = "1", text: str = "Taipei", quote: str = "I live in Taipei", field: str = "location"
) -> ToolCall:
    """A call of `remember`."""
    return ToolCall(call_id, "remember", json.dumps({"field": field, "text": text, "quote": quote}))


def saved(lab: Lab, session_id: int = 1) -> list[str]:
    """The active path in short: role, status, words."""
    return [f"{message.role} {message.status}: {message.text}" for message in lab.store.transcripts.path(session_id)]


def shown(lab: Lab, session_id: int, turn: int) -> list[str]:
    """What a turn is recorded to have been shown, as `m1` or `s1`."""
    rows = cast("SqliteStore", lab.store)._database.rows(  # the books have no reader before a later issue
        "SELECT memory_id, of_session_id, of_turn FROM shown WHERE session_id = ? AND turn = ? ORDER BY id",
        session_id,
        turn,
    )
    return [f"m{m}" if m else f"s{s}" + (f".{t}" if t else "") for m, s, t in rows]


def booked(lab: Lab) -> list[tuple[str, int, int, int]]:
    """Model calls: model, turn, tokens there and back."""
    rows = cast("SqliteStore", lab.store)._database.rows(  # the books have no reader before a later issue
        "SELECT model, turn, prompt_tokens, completion_tokens FROM model_calls ORDER BY id"
    )
    return [tuple(row) for row in rows]


class Faulty:
    """A model that fails in its own way."""

    window_from, sees = "a test", False

    name, host, local, window = "faulty", "far.example", False, 128_000

    def __init__(self, events: Sequence[ModelEvent | BaseException]) -> None:
        self.events = events

    def stream(self, context: Context, tools: Sequence[ToolSpec]) -> Iterator[ModelEvent]:
        """What it was told; an iterator that cannot be closed."""
        return iter(map(self._pass, self.events))

    def complete(self, task: Task, stop: Callable[[], bool]) -> Completion | None:
        """It is asked for none."""
        raise AssertionError(task.name)

    def _pass(self, event: ModelEvent | BaseException) -> ModelEvent:
        if isinstance(event, BaseException):
            raise event
        return event


# A turn


def test_a_turn_is_saved_assembled_streamed_and_persisted(lab: Lab) -> None:
    """The events in their order, and what stands in the store afterwards."""
    model = ScriptedModel(
        [[ReasoningDelta("hm"), "Hello ", "Alice.", Finish("stop", Usage(20, 3, 4, 0.5))]], host="h", local=False
    )
    engine = lab.engine(model)
    assert engine.mode == NORMAL
    events = say(engine, "I am Alice. How are you?")
    assert [type(event) for event in events] == [TurnStarted, Assembled, Reasoning, Text, Text, TurnFinished]
    started, finished = events[0], events[-1]
    assert isinstance(started, TurnStarted)
    assert isinstance(finished, TurnFinished)
    assert (started.turn, started.masked, started.session.title) == (1, (), "I am Alice")
    assert (finished.reply, finished.finish_reason, finished.usage) == ("Hello Alice.", "stop", Usage(20, 3, 4, 0.5))
    assert not finished.estimated
    assert saved(lab) == ["user complete: I am Alice. How are you?", "assistant complete: Hello Alice."]
    reply = lab.store.transcripts.path(1)[-1]
    assert (reply.model, reply.host, reply.parts[0].origin) == ("scripted", "h", Origin.MODEL)
    assert booked(lab) == [("scripted", 1, 20, 3)]
    session = lab.store.transcripts.session(1)
    assert (session.kind, session.model, session.host, session.learn) == (SessionKind.CHAT, "scripted", "h", True)
    assert engine.session == session
    model.done()


def test_the_message_is_saved_before_the_model_is_called(lab: Lab) -> None:
    """At the first event it is in the store, whatever comes then."""
    model = ScriptedModel([])
    with closing(lab.engine(model).run_turn(typed("Hello."))) as turn:
        assert isinstance(next(turn), TurnStarted)
        assert saved(lab) == ["user complete: Hello."]
    assert model.calls == []


def test_turns_are_numbered_and_hang_together(lab: Lab) -> None:
    """Each message under the one before; the session knows how many turns there are."""
    engine = lab.engine(ScriptedModel(["One.", "Two."]))
    say(engine, "First.")
    lab.clock.advance(minutes=1)
    say(engine, "Second.")
    path = lab.store.transcripts.path(1)
    assert [message.turn for message in path] == [1, 1, 2, 2]
    assert [message.parent for message in path] == [None, *(message.id for message in path[:-1])]
    assert [turn.reply for turn in engine.turns] == ["One.", "Two."]
    assert engine.session == lab.store.transcripts.session(1)


def test_the_second_request_begins_with_the_first(lab: Lab) -> None:
    """Byte for byte up to turn 1's user message, which follows without its tail."""
    model = ScriptedModel(["One.", "Two."])
    engine = lab.engine(model)
    lab.clock.advance(seconds=1)
    until(engine.run_turn(typed("First.")), TurnStarted)
    add_note(lab.store, "drinks tea", at=lab.clock.advance(seconds=1))
    say(engine, "Second.")
    say(engine, "Third.")
    first, second = (call.context for call in model.calls)
    assert second.head == first.head
    assert second.turns[: len(first.turns)] == first.turns
    assert second.turns[len(first.turns)] == first.user
    assert "[memchat]" not in "".join(message.text for message in second.turns)


@pytest.mark.parametrize("parts", [(), typed("  \n "), typed("")])
def test_an_empty_message_is_refused(lab: Lab, parts: tuple[Part, ...]) -> None:
    """And no session comes to be."""
    engine = lab.engine(ScriptedModel([]))
    with pytest.raises(UsageError, match="empty"):
        list(engine.run_turn(parts))
    assert engine.session is None


def test_a_secret_is_masked_before_it_is_saved_or_sent(lab: Lab) -> None:
    """In every part but pictures; in the reply; the kinds are told."""
    model = ScriptedModel(["Your card 5500000000000004 is noted."])
    card = "4111111111111111"
    parts = (
        Part(PartKind.TEXT, Origin.TYPED, f"pay with {card} please"),
        Part(PartKind.FILE, Origin.FILE, f"{card} password=Tr0ub4dor&3", name="a.txt"),
        Part(PartKind.IMAGE, Origin.FILE, card, mime="image/png"),
    )
    events = say(lab.engine(model), parts)
    assert isinstance(events[0], TurnStarted)
    assert events[0].masked == ("card", "card", "password")
    assert events[0].session.title == "pay with [secret:card] please"
    kept = [part.content for part in model.calls[0].context.user.parts]
    assert kept == ["pay with [secret:card] please", "[secret:card] password=[secret:password]", card]
    assert saved(lab)[1] == "assistant complete: Your card [secret:card] is noted."
    assert isinstance(events[-1], TurnFinished)
    assert events[-1].reply == "Your card [secret:card] is noted."


def test_masking_can_be_switched_off(lab: Lab) -> None:
    """privacy.mask_secrets = false, and incognito: what is said is sent."""
    engine = lab.engine(ScriptedModel(["5500000000000004"]), mask_secrets=False)
    say(engine, "4111111111111111")
    assert saved(lab) == ["user complete: 4111111111111111", "assistant complete: 5500000000000004"]


# Tools


def test_a_tool_runs_and_the_model_goes_on(lab: Lab) -> None:
    """Calls and results are saved in order, with what the model said before and after."""
    model = ScriptedModel([["Let me see.", a_fact()], ["", "Noted."]])
    events = say(lab.engine(model), "I live in Taipei")
    kinds = [type(event) for event in events]
    assert kinds == [TurnStarted, Assembled, Text, MemoryChanged, ToolUsed, Text, Text, TurnFinished]
    finished = events[-1]
    assert isinstance(finished, TurnFinished)
    assert finished.reply == "Let me see.\n\nNoted."
    assert "".join(event.text for event in events if isinstance(event, Text)) == finished.reply
    assert [learned.memory.text for learned in finished.learned] == ["Taipei"]
    assert finished.usage == Usage(20, 10)
    roles = [(message.role, [part.kind for part in message.parts]) for message in lab.store.transcripts.path(1)]
    assert roles == [
        (Role.USER, [PartKind.TEXT]),
        (Role.ASSISTANT, [PartKind.TEXT, PartKind.TOOL_CALL]),
        (Role.TOOL, [PartKind.TOOL_RESULT]),
        (Role.ASSISTANT, [PartKind.TEXT]),
    ]
    again = model.calls[1].context
    assert [message.role for message in again.rounds] == [Role.ASSISTANT, Role.TOOL]
    assert json.loads(again.rounds[1].parts[0].content)["id"] == "m1"
    assert (again.head, again.user) == (model.calls[0].context.head, model.calls[0].context.user)


def test_several_calls_of_one_reply_are_answered_one_by_one(lab: Lab) -> None:
    """In one message, each by its id; a bad call does not stop the others."""
    model = ScriptedModel(
        [[a_fact("a"), ToolCall("b", "fly", "{}"), ToolCall("c", "recall", '{"query": "tea"}')], "Done."]
    )
    events = say(lab.engine(model), "I live in Taipei")
    used = [(event.name, event.failed) for event in events if isinstance(event, ToolUsed)]
    assert used == [("remember", False), ("fly", True), ("recall", False)]
    results = model.calls[1].context.rounds[1].parts
    assert [part.call_id for part in results] == ["a", "b", "c"]


def test_after_five_rounds_the_model_must_answer(lab: Lab) -> None:
    """The sixth call offers no tools; calls it makes all the same are left alone."""
    call = ToolCall("1", "recall", '{"query": "tea"}')
    model = ScriptedModel([[call]] * 5 + [["Enough.", call]])
    events = say(lab.engine(model), "Look.")
    assert [len(called.tools) for called in model.calls] == [4, 4, 4, 4, 4, 0]
    assert isinstance(events[-1], TurnFinished)
    assert events[-1].reply == "Enough."
    assert len([event for event in events if isinstance(event, ToolUsed)]) == 5


def test_a_model_that_falls_silent_after_its_tools_has_not_answered(lab: Lab) -> None:
    """What the tools did stays, and is marked as a turn that failed; what was said before them is an answer."""
    engine = lab.engine(ScriptedModel([[a_fact()], [" "], ["Let me see.", a_fact()], []]))
    with pytest.raises(ProviderError, match=r"scripted answered nothing\."):
        say(engine, "I live in Taipei")
    assert [memory.text for memory in lab.store.memories.active(NOW)] == ["Taipei"]
    assert [(message.role, message.status) for message in lab.store.transcripts.path(1)] == [
        (Role.USER, MessageStatus.COMPLETE),
        (Role.ASSISTANT, MessageStatus.FAILED),
        (Role.TOOL, MessageStatus.COMPLETE),
    ]
    events = say(engine, "I live in Taipei")
    assert isinstance(events[-1], TurnFinished)
    assert events[-1].reply == "Let me see."


def test_secrets_in_a_tool_call_are_masked(lab: Lab) -> None:
    """JSON stays JSON, so that the call can be sent again."""
    deep = '[1, {"token": "a1b2c3d4e5f6", "deep": ["4111111111111111"]}]'
    arguments = f'{{"query": "my password=Tr0ub4dor&3\\", and more", "n": {deep}}}'
    model = ScriptedModel(
        [[ToolCall("1", "recall", arguments), ToolCall("2", "recall", "password=Tr0ub4dor&3")], "Done."]
    )
    say(lab.engine(model), "Look.")
    first, second = (json.loads(part.content)["arguments"] for part in model.calls[1].context.rounds[0].parts)
    assert "Tr0ub4dor" not in first + second
    told = json.loads(first)
    assert told["query"] == 'my password=[secret:password]", and more'
    assert told["n"] == [1, {"token": "[secret:key]", "deep": ["[secret:card]"]}]
    assert second == "password=[secret:password]"


def test_what_is_recalled_is_recorded_as_shown(lab: Lab) -> None:
    """And told at the end of the turn, with what the tail held; the head is recorded with its first turn."""
    note = add_note(lab.store, "likes green tea", at=NOW - timedelta(days=2))
    add_note(lab.store, "Berlin", field="location", at=NOW - timedelta(days=2))
    call = ToolCall("1", "recall", '{"query": "green tea"}')
    engine = lab.engine(ScriptedModel([[call], "Green tea.", "Yes."]))
    events = say(engine, "What do I drink?")
    assert isinstance(events[-1], TurnFinished)
    assert [passage.ref for passage in events[-1].shown] == [note.ref]
    assert events[-1].memory_tokens == sum(
        len(line.split()) + 1
        for line in (
            '- location: "Berlin" (m2, 2026-11-20)',
            '- "likes green tea" (m1, 2026-11-20)',
            '- "likes green tea" (m1, 2026-11-20)',
        )
    )
    assert shown(lab, 1, 1) == ["m2", "m1", "m1"]
    add_note(lab.store, "drinks coffee", at=lab.clock.advance(minutes=1))
    events = say(engine, "And now?")
    assert isinstance(events[-1], TurnFinished)
    assert [passage.ref for passage in events[-1].shown] == ["m3"]
    assert shown(lab, 1, 2) == ["m3"]
    resumed = lab.engine(ScriptedModel(["Yes."]), session=lab.store.transcripts.session(1))
    say(resumed, "And today?")
    assert shown(lab, 1, 3) == ["m2", "m3", "m1"]


def test_a_head_that_was_never_sent_is_not_recorded(lab: Lab) -> None:
    """It is written down with the first turn that reached the model."""
    add_note(lab.store, "drinks tea", at=NOW - timedelta(days=1))
    engine = lab.engine(ScriptedModel(["Fine."], window=1_000))
    with pytest.raises(ContextWindowError):
        say(engine, "word " * 5_000)
    assert shown(lab, 1, 1) == []
    say(engine, "Hello.")
    assert shown(lab, 1, 2) == ["m1"]


# How a turn may end


def test_a_failure_before_the_first_word_leaves_the_message(lab: Lab) -> None:
    """Nothing of the reply is saved; the next request says that there was none."""
    model = ScriptedModel([[NetworkError("no network")], "Here."])
    engine = lab.engine(model)
    with pytest.raises(NetworkError):
        say(engine, "First.")
    assert saved(lab) == ["user complete: First."]
    assert booked(lab) == [("scripted", 1, 0, 0)]  # nothing was paid for, but the words may have gone out
    say(engine, "Second.")
    assert [message.text for message in model.calls[1].context.turns] == ["First.", "[no reply]"]
    assert [message.turn for message in lab.store.transcripts.path(1)] == [1, 2, 2]


@pytest.mark.parametrize("error", [CutReplyError("cut"), KeyMissingError("refused")])
def test_a_failure_keeps_the_part_that_came(lab: Lab, error: Exception) -> None:
    """Marked as failed, and booked by our own count."""
    engine = lab.engine(ScriptedModel([["Half a ", "reply", error]]))
    with pytest.raises(type(error)):
        say(engine, "Hello.")
    assert saved(lab) == ["user complete: Hello.", "assistant failed: Half a reply"]
    ((_, _, there, back),) = booked(lab)
    assert there > 50
    assert back == 3


def test_an_interruption_inside_the_model_keeps_the_part_that_came(lab: Lab) -> None:
    """Ctrl-C while the model is waited for."""
    engine = lab.engine(Faulty([TextDelta("Half"), KeyboardInterrupt()]))
    with pytest.raises(KeyboardInterrupt):
        say(engine, "Hello.")
    assert saved(lab) == ["user complete: Hello.", "assistant interrupted: Half"]


def test_closing_the_turn_keeps_the_part_that_came(lab: Lab) -> None:
    """Ctrl-C while the screen is drawn; the model's stream is closed."""
    model = ScriptedModel([["One ", "two ", "three."]])
    until(lab.engine(model).run_turn(typed("Hello.")), Text)
    assert saved(lab) == ["user complete: Hello.", "assistant interrupted: One "]
    assert model.closed_early == 1


def test_an_interruption_between_tools_leaves_a_call_open(lab: Lab) -> None:
    """What ran is saved; the next request repairs the rest."""
    model = ScriptedModel([["Wait.", a_fact("a"), ToolCall("b", "recall", '{"query": "x"}')], "Here."])
    engine = lab.engine(model)
    until(engine.run_turn(typed("I live in Taipei")), ToolUsed)
    path = lab.store.transcripts.path(1)
    assert [message.status for message in path[1:]] == [MessageStatus.INTERRUPTED, MessageStatus.COMPLETE]
    say(engine, "Go on.")
    assert [message.role for message in model.calls[1].context.turns] == [
        "user",
        "assistant",
        "tool",
        "tool",
        "assistant",
    ]
    assert model.calls[1].context.turns[3].parts[0].call_id == "b"


def test_a_model_that_says_nothing_is_an_error(lab: Lab) -> None:
    """The message is saved; the reason, if there is one, is told."""
    engine = lab.engine(ScriptedModel([[Finish("content_filter", Usage(9, 0))], [" \n", Finish("stop")], []]))
    with pytest.raises(ProviderError, match=r"scripted answered nothing \(content_filter\)\."):
        say(engine, "Hello.")
    with pytest.raises(ProviderError, match=r"scripted answered nothing\."):
        say(engine, "Hello?")
    assert saved(lab) == ["user complete: Hello.", "user complete: Hello?"]
    assert booked(lab)[0] == ("scripted", 1, 9, 0)


def test_a_stream_without_an_end_or_usage_is_counted_here(lab: Lab) -> None:
    """Usage is an estimate, and said to be one."""
    events = say(lab.engine(Faulty([TextDelta("One two three.")])), "Hello.")
    assert isinstance(events[-1], TurnFinished)
    assert events[-1].estimated
    assert events[-1].finish_reason == ""
    assert events[-1].usage.completion_tokens == 3
    assert booked(lab)[0][0] == "faulty"


def test_a_reply_cut_at_its_length_limit_is_whole(lab: Lab) -> None:
    """The finish reason tells."""
    events = say(lab.engine(ScriptedModel([["Once upon", Finish("length", Usage(1, 2))]])), "Tell.")
    assert isinstance(events[-1], TurnFinished)
    assert events[-1].finish_reason == "length"
    assert saved(lab)[1] == "assistant complete: Once upon"


def test_the_books_hold_the_estimate_of_every_round(lab: Lab) -> None:
    """A later round costs what the earlier ones added."""
    first: Step = [a_fact(), Finish("tool_calls")]
    events = say(lab.engine(ScriptedModel([first, ["Noted.", Finish("stop")]])), "I live in Taipei")
    (_, _, there, back), (_, _, more, least) = booked(lab)
    assert there < more
    assert (back > 1, least) == (True, 1)
    assert isinstance(events[-1], TurnFinished)
    assert events[-1].usage == Usage(there + more, back + least)


# Too much


def test_a_message_larger_than_the_window_is_saved_and_refused(lab: Lab) -> None:
    """Before any call; afterwards a reference stands for it."""
    model = ScriptedModel(["Fine."], window=1_000)
    engine = lab.engine(model)
    with pytest.raises(ContextWindowError):
        say(engine, "word " * 5_000)
    assert model.calls == []
    assert len(saved(lab)[0]) > 20_000
    events = say(engine, "Hello.")
    (assembled,) = [event for event in events if isinstance(event, Assembled)]
    assert assembled.context.turns[0].text.startswith("[left out here: text of about 5,000 tokens, saved as s1.1")


def test_the_provider_may_find_it_too_large_once(lab: Lab) -> None:
    """Then half is tried, and told; the second time it is an error."""
    too_large = ContextWindowError("too large")
    model = ScriptedModel(["One.", [too_large], "Two.", [too_large], [too_large]])
    engine = lab.engine(model, limits=Limits(max_tokens=1_200))
    say(engine, "word " * 600)
    events = say(engine, "Second.")
    contexts = [event.context for event in events if isinstance(event, Assembled)]
    assert [len(context.turns[0].text) > 1_000 for context in contexts] == [True, False]
    assert isinstance(events[-1], TurnFinished)
    assert events[-1].reply == "Two."
    with pytest.raises(ContextWindowError):
        say(engine, "Third.")
    model.done()


def test_too_large_after_words_have_come_is_an_error(lab: Lab) -> None:
    """Nothing is said twice."""
    engine = lab.engine(ScriptedModel([["Half", ContextWindowError("too large")]]))
    with pytest.raises(ContextWindowError):
        say(engine, "Hello.")
    assert saved(lab)[1] == "assistant failed: Half"


def test_rounds_survive_a_refold(lab: Lab) -> None:
    """What the tools gave is in the shorter request too."""
    model = ScriptedModel([[a_fact()], [ContextWindowError("too large")], "Noted."])
    say(lab.engine(model), "I live in Taipei")
    assert [len(call.context.rounds) for call in model.calls] == [0, 2, 2]


def test_a_long_conversation_never_overflows(lab: Lab) -> None:
    """At most max_turns are sent, the line about the others first."""
    model = ScriptedModel([f"Reply {n}." for n in range(12)])
    engine = lab.engine(model, limits=Limits(max_turns=5, keep_turns=2))
    for number in range(12):
        say(engine, f"Message {number}.")
    sent = [call.context for call in model.calls]
    assert [context.folded for context in sent] == [0, 0, 0, 0, 0, 3, 3, 3, 6, 6, 6, 9]
    assert "9 turns, s1.1 to s1.9" in sent[-1].turns[0].text
    assert [dropped.passage.ref for dropped in sent[-1].dropped] == ["s1.1-9"]


# Sessions


def test_a_resumed_session_goes_on_with_a_new_head(lab: Lab) -> None:
    """Turns are numbered on; what changed since stands in the head."""
    say(lab.engine(ScriptedModel(["One."])), "First.")
    add_note(lab.store, "drinks tea", at=lab.clock.advance(hours=1))
    lab.clock.advance(hours=1)
    model = ScriptedModel(["Two."], name="other")
    engine = lab.engine(model, session=lab.store.transcripts.session(1))
    assert [turn.reply for turn in engine.turns] == ["One."]
    say(engine, "Second.")
    context = model.calls[0].context
    assert [message.text for message in context.turns] == ["First.", "One."]
    assert "drinks tea" in context.head
    assert context.tail == ""
    assert [message.turn for message in lab.store.transcripts.path(1)] == [1, 1, 2, 2]
    assert lab.store.transcripts.session(1).model == "other"
    assert lab.store.transcripts.session(1).title == "First"


def test_the_next_session_knows_the_last(lab: Lab) -> None:
    """What was learned and what was asked stand in its head."""
    engine = lab.engine(ScriptedModel([[a_fact()], "Noted.", "Taipei."]))
    say(engine, "I live in Taipei")
    engine.new()
    assert engine.turns == ()
    lab.clock.advance(days=1)
    events = say(engine, "Where do I live?")
    assert isinstance(events[1], Assembled)
    head = events[1].context.head
    assert '- location: "Taipei" (m1, 2026-11-22)' in head
    assert '- 2026-11-22 (s1) "I live in Taipei": last request "I live in Taipei"; last reply "Noted."' in head
    assert engine.session is not None
    assert engine.session.id == 2


def test_a_session_is_open_in_one_terminal(lab: Lab, store_path: Path, clock: FrozenClock) -> None:
    """A living other owner keeps it; closing, or leaving it, gives it free."""
    import os
    import socket

    here, there = (f"{socket.gethostname()}:{pid}" for pid in (os.getpid(), os.getppid()))
    store = open_store(store_path)
    own = Lab(store, clock)
    engine = own.engine(ScriptedModel(["One."]), owner=here)
    say(engine, "First.")
    session = store.transcripts.session(1)
    other = open_store(store_path)
    with pytest.raises(SessionBusyError, match="s1 is open in another terminal"):
        Lab(other, clock).engine(ScriptedModel([]), owner=there, session=session)
    engine.close()
    engine.close()
    resumed = Lab(other, clock).engine(ScriptedModel(["Two."]), owner=there, session=session)
    say(resumed, "Second.")
    with pytest.raises(SessionBusyError):
        own.engine(ScriptedModel([]), owner=here, session=session)
    resumed.new()
    own.engine(ScriptedModel([]), owner=here, session=session)
    store.close()
    other.close()


@pytest.fixture
def store_path(tmp_path: Path) -> Path:
    """A file for stores that two processes share."""
    return tmp_path / "memchat.db"


def test_a_new_session_may_have_a_name(lab: Lab) -> None:
    """The name goes to the first session only."""
    engine = lab.engine(ScriptedModel(["One.", "Two."]), name="work", kind=SessionKind.ONESHOT)
    say(engine, "First.")
    engine.new()
    say(engine, "Second.")
    assert [lab.store.transcripts.session(number).name for number in (1, 2)] == ["work", ""]
    assert lab.store.transcripts.session(1).kind is SessionKind.ONESHOT


def test_another_model_takes_over(lab: Lab) -> None:
    """Before the first message and after; the session records where the words go, once they do."""
    first, second = ScriptedModel([], name="first"), ScriptedModel(["One."], name="second", host="far.example")
    engine = lab.engine(first)
    engine.use(second)
    assert engine.model is second
    say(engine, "Hello.")
    third = ScriptedModel(["Two."], name="third")
    engine.use(third)
    assert engine.session is not None
    for session in (engine.session, lab.store.transcripts.session(1)):
        assert (session.model, session.host) == ("second", "far.example")
    say(engine, "And you?")
    assert [message.model for message in lab.store.transcripts.path(1) if message.role is Role.ASSISTANT] == [
        "second",
        "third",
    ]
    assert lab.store.transcripts.session(1).host == ""
    assert engine.session == lab.store.transcripts.session(1)


def test_an_erasure_elsewhere_makes_head_and_turns_anew(lab: Lab) -> None:
    """The next request holds nothing of what was erased."""
    note = add_note(lab.store, "drinks tea", at=NOW - timedelta(days=1), quote="tea")
    model = ScriptedModel(["One.", "Two."])
    engine = lab.engine(model)
    say(engine, "First.")
    lab.store.erasure.erase_memory(note.id, lab.clock.advance(minutes=1))
    say(engine, "Second.")
    before, after = (call.context for call in model.calls)
    assert "drinks tea" in before.head
    assert "drinks tea" not in after.head + after.tail
    assert [message.text for message in after.turns] == ["First.", "One."]


# Modes


@pytest.mark.parametrize("mode", [INCOGNITO, STATELESS, CONVERSATIONS_ONLY], ids=lambda mode: mode.name)
def test_without_reading_there_are_neither_tools_nor_memories(lab: Lab, mode: Mode) -> None:
    """The store that the mode is given holds the turn all the same."""
    add_note(lab.store, "drinks tea")
    model = ScriptedModel(["Hello."])
    say(lab.engine(model, mode=mode), "Hi.")
    assert model.calls[0].tools == ()
    assert "drinks tea" not in model.calls[0].context.head
    assert not lab.store.transcripts.session(1).learn


def test_stateless_requests_are_the_same_for_the_same_input(lab: Lab) -> None:
    """Whatever the day."""
    models = ScriptedModel(["Four."]), ScriptedModel(["Four."])
    for model in models:
        say(lab.engine(model, mode=STATELESS), "2+2?")
        lab.clock.advance(days=1)
    first, second = (model.calls[0].context for model in models)
    assert (first.head, first.tail, first.turns) == (second.head, second.tail, second.turns)


def test_without_learning_there_is_no_remember(lab: Lab) -> None:
    """And what was said is kept in a session that nothing is learned from."""
    model = ScriptedModel([[a_fact()], "Well."])
    say(lab.engine(model, mode=NO_LEARN), "I live in Taipei")
    assert [spec.name for spec in model.calls[0].tools] == ["recall", "read_session", "propose_forget"]
    assert lab.store.memories.all() == []
    assert not lab.store.transcripts.session(1).learn


# Retry and undo


def test_retry_answers_beside_the_old_reply(lab: Lab) -> None:
    """What the old one taught is withdrawn, and may be learned anew; the old reply stays in the database."""
    add_note(lab.store, "Berlin", field="location", at=NOW - timedelta(days=1))
    model = ScriptedModel([[a_fact()], "Noted.", [a_fact()], "Taipei, then."])
    engine = lab.engine(model)
    say(engine, "I live in Taipei")
    lab.clock.advance(minutes=1)
    events = list(engine.retry())
    assert isinstance(events[0], TurnStarted)
    assert events[0].turn == 1
    assert model.calls[2].context.tail == ""
    assert [message.text for message in lab.store.transcripts.path(1) if message.text] == [
        "I live in Taipei",
        "Taipei, then.",
    ]
    statuses = [memory.status(lab.clock.now()) for memory in lab.store.memories.all()]
    assert statuses == [MemoryStatus.SUPERSEDED, MemoryStatus.WITHDRAWN, MemoryStatus.ACTIVE]
    say_again = lab.store.transcripts.path(1)
    assert say_again[0].id == say_again[1].parent
    assert found(lab.store, "Noted") == []
    assert len(engine.turns) == 1


def test_retry_of_an_unanswered_message_with_another_model(lab: Lab) -> None:
    """As after a failure: /retry notebook."""
    engine = lab.engine(ScriptedModel([[NetworkError("no network")]]))
    with pytest.raises(NetworkError):
        say(engine, "Hello.")
    notebook = ScriptedModel(["Here."], name="notebook")
    list(engine.retry(notebook))
    assert saved(lab) == ["user complete: Hello.", "assistant complete: Here."]
    assert lab.store.transcripts.session(1).model == "notebook"
    assert engine.session == lab.store.transcripts.session(1)
    assert engine.model is notebook


@pytest.mark.parametrize("named", [False, True], ids=["the same model", "another"])
def test_a_retry_that_fails_changes_nothing(lab: Lab, named: bool) -> None:
    """No network, no word: reply, model and what was taught stand as they were, on disk and in the next request."""
    failing: Step = [NetworkError("no network")]
    model = ScriptedModel([[a_fact()], "Noted.", *([] if named else [failing]), "Go on."])
    engine = lab.engine(model)
    say(engine, "I live in Taipei")
    before = (saved(lab), lab.store.memories.all(), lab.store.transcripts.session(1))
    lab.clock.advance(minutes=1)
    other = ScriptedModel([failing], name="other", host="far.example") if named else None
    with pytest.raises(NetworkError):
        list(engine.retry(other))
    assert (saved(lab), lab.store.memories.all(), lab.store.transcripts.session(1)) == before
    assert engine.model is model
    say(engine, "And now?")
    assert [message.text for message in model.calls[-1].context.turns if message.text] == ["I live in Taipei", "Noted."]


def test_what_is_said_under_no_learn_is_marked_in_a_session_that_learns(lab: Lab) -> None:
    """A session of yesterday goes on with --no-learn: no later pass may learn from today's words."""
    engine = lab.engine(ScriptedModel(["One."]))
    say(engine, "First.")
    engine.close()
    again = lab.engine(ScriptedModel(["Two."]), mode=NO_LEARN, session=engine.session)
    say(again, "Second.")
    database = cast("SqliteStore", lab.store)._database  # the mark is for a later pass: no port reads it yet
    assert database.column("SELECT learn FROM messages ORDER BY id") == [1, 1, 0, 0]


def test_there_must_be_something_to_retry_or_undo(lab: Lab) -> None:
    """An empty conversation has neither."""
    engine = lab.engine(ScriptedModel([]))
    with pytest.raises(NotFoundError, match="ask again"):
        list(engine.retry())
    with pytest.raises(NotFoundError, match="undo"):
        engine.undo()
    engine.close()


def test_undo_withdraws_the_turn_and_what_it_taught(lab: Lab) -> None:
    """What it had replaced holds again; the next message goes on in its place, under a number of its own."""
    add_note(lab.store, "Berlin", field="location", at=NOW - timedelta(days=1))
    model = ScriptedModel(["One.", [a_fact()], "Noted.", "Three."])
    engine = lab.engine(model)
    say(engine, "First.")
    lab.clock.advance(minutes=1)
    say(engine, "I live in Taipei")
    undone = engine.undo()
    assert undone.texts == ("I live in Taipei",)
    assert [memory.text for memory in undone.memories] == ["Taipei"]
    assert [memory.text for memory in undone.again] == ["Berlin"]
    assert [memory.text for memory in lab.store.memories.active(lab.clock.now())] == ["Berlin"]
    assert saved(lab) == ["user complete: First.", "assistant complete: One."]
    assert engine.session is not None
    assert engine.session.turns == 1
    lab.clock.advance(minutes=1)
    say(engine, "Third.")
    assert [message.turn for message in lab.store.transcripts.path(1)] == [1, 1, 3, 3]
    assert lab.store.transcripts.session(1).turns == 2
    assert [message.text for message in model.calls[-1].context.turns] == ["First.", "One."]
    assert model.calls[-1].context.tail == ""


def test_undoing_everything_leaves_an_empty_session(lab: Lab) -> None:
    """Which goes on as if nothing had been said: its title is withdrawn too, and made of the next message."""
    engine = lab.engine(ScriptedModel(["One.", "Two."]))
    say(engine, "My hidden wish.")
    engine.undo()
    with pytest.raises(NotFoundError):
        engine.undo()
    assert saved(lab) == []
    assert engine.session is not None
    assert (engine.session.title, engine.session.turns) == ("", 0)
    say(engine, "Second.")
    assert saved(lab) == ["user complete: Second.", "assistant complete: Two."]
    assert lab.store.transcripts.session(1).title == "Second"
    assert lab.store.transcripts.path(1)[0].turn == 2


def test_a_title_given_by_hand_outlives_undo(lab: Lab) -> None:
    """It is not made of the withdrawn words."""
    engine = lab.engine(ScriptedModel(["One.", "Two."]))
    say(engine, "My hidden wish.")
    lab.store.transcripts.rename(1, "Wishes")
    engine.undo()
    say(engine, "Second.")
    assert lab.store.transcripts.session(1).title == "Wishes"


def test_a_title_made_of_withdrawn_words_goes_with_them(lab: Lab) -> None:
    """A model has named the conversation after all of it; undoing what it had not read changes no title."""
    engine = lab.engine(ScriptedModel(["One.", "Two.", "Three.", "Four."]))
    for words in ("First.", "My hidden wish."):
        say(engine, words)
    job = summed_up(lab, "Hidden wish")
    assert job.session_id == 1
    say(engine, "Third.")
    engine.undo()
    assert lab.store.transcripts.session(1).title == "Hidden wish"
    engine.undo()
    session = lab.store.transcripts.session(1)
    assert (session.title, session.summary, session.mark) == ("First", "", None)


# What comes due


def test_a_job_is_made_with_the_reply_that_makes_25(lab: Lab) -> None:
    """Not with the message before it, which may still be withdrawn or answered again."""
    engine = lab.engine(ScriptedModel(["Yes."] * 25))
    for number in range(24):
        say(engine, f"word{number}")
    with closing(engine.run_turn(typed("The last."))) as turn:
        next(turn)
        assert lab.store.jobs.listing() == []
        list(turn)
    [job] = lab.store.jobs.listing()
    assert (job.session_id, job.up_to) == (1, lab.store.transcripts.session(1).leaf)


@pytest.mark.parametrize("mode", [NO_LEARN, CONVERSATIONS_ONLY, INCOGNITO])
def test_no_job_is_made_where_nothing_is_learned(lab: Lab, mode: Mode) -> None:
    """Whoever asked not to be learned from pays for no second call."""
    engine = lab.engine(ScriptedModel(["Yes."] * 26), mode=mode)
    for number in range(26):
        say(engine, f"word{number}")
    assert lab.store.jobs.listing() == []


def test_no_job_is_made_when_no_reply_came(lab: Lab) -> None:
    """The 25th message waits for its answer."""
    engine = lab.engine(ScriptedModel([*["Yes."] * 24, [NetworkError("no network")], "Yes."]))
    for number in range(24):
        say(engine, f"word{number}")
    with pytest.raises(NetworkError):
        say(engine, "The last.")
    assert lab.store.jobs.listing() == []
    list(engine.retry())
    assert len(lab.store.jobs.listing()) == 1


def test_what_was_said_under_no_learn_is_in_no_later_head(lab: Lab) -> None:
    """Neither as the last request of a session that is learned from, nor as the title of one begun anew."""
    for words in ("Plan the trip.", "Write a poem."):
        engine = lab.engine(ScriptedModel([f"{words} Yes.", "No."]))
        say(engine, words)
        engine.close()
        lab.clock.advance(minutes=1)
        quiet = lab.engine(ScriptedModel(["Hush."]), mode=NO_LEARN, session=engine.session)
        if words == "Write a poem.":
            quiet.undo()
        say(quiet, "My hidden wish.")
        quiet.close()
        lab.clock.advance(days=1)
    model = ScriptedModel(["Hello."])
    say(lab.engine(model), "Hi.")
    head = model.calls[0].context.head
    assert 'last request "Plan the trip."; last reply "Plan the trip. Yes."' in head
    assert not any(word in head for word in ("hidden", "poem", "Hush"))
    assert lab.store.transcripts.session(2).title == ""


# When the disk fails


def test_a_message_that_cannot_be_saved_is_not_sent(tmp_path: Path, clock: FrozenClock) -> None:
    """No words leave that would be lost here; no half a session stays."""
    store = open_store(tmp_path / "memchat.db")
    store._database.rows("PRAGMA query_only = ON")
    model = ScriptedModel([])
    engine = Lab(store, clock).engine(model)
    with pytest.raises(StoreError):
        say(engine, "Hello.")
    assert engine.session is None
    assert model.calls == []
    store.close()


def test_a_picture_needs_no_words(lab: Lab) -> None:
    """A picture alone is a message; its session has no title."""
    say(lab.engine(ScriptedModel(["A cat."])), (Part(PartKind.IMAGE, Origin.FILE, "abc", mime="image/png"),))
    assert lab.store.transcripts.session(1).title == ""
