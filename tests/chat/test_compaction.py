"""Compaction: a long conversation goes on within its limit, and what was said is still found."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from memchat.chat.engine import ChatEngine
from memchat.chat.events import Compacted, Event, TurnFinished
from memchat.chat.tools import ToolBox
from memchat.domain import (
    NO_LEARN,
    NORMAL,
    Completion,
    Context,
    Finish,
    JobStatus,
    Limits,
    Mode,
    ModelEvent,
    Origin,
    Part,
    PartKind,
    SessionKind,
    Task,
    TextDelta,
    ToolCall,
    ToolSpec,
)
from memchat.errors import ContextWindowError, NotFoundError, SessionBusyError
from memchat.llm.messages import render
from memchat.memory.budget import Believed
from memchat.memory.context import ContextAssembler
from memchat.memory.recalling import Recall

from tests.builders import add_note, typed
from tests.chat.conftest import FIELDS, Lab, Words, an_answer, run_pending, say

SMALL = Limits(max_turns=6, keep_turns=3, max_tokens=4_000)


def tokens(context: Context, tools: Sequence[ToolSpec]) -> int:
    """What the request costs by the words in it, its tools too."""
    offered = sum(len(f"{one.name} {one.description} {one.parameters}".split()) for one in tools)
    return offered + sum(len(str(message.get("content") or "").split()) + 4 for message in render(context))


class Reader:
    """A model that reads `reads` tokens, whatever it promises, and sums up by keeping every sentence with "decided"."""

    name, host, local, sees, window_from = "reader", "far.example", False, False, "a test"

    def __init__(self, reply: str = "Yes.", *, window: int = 128_000, reads: int | None = None) -> None:
        self.window = window
        self.reads = window if reads is None else reads
        self.reply = reply
        self.asked: list[Context] = []
        self.sizes: list[int] = []
        self.refused: list[int] = []
        self.tasks: list[Task] = []
        self.calls: dict[int, ToolCall] = {}  # by turn: what is called before it is answered

    def stream(self, context: Context, tools: Sequence[ToolSpec]) -> Iterator[ModelEvent]:
        """The reply; a tool's call before it where one is wanted."""
        size = tokens(context, tools)
        if size > self.reads:
            self.refused.append(size)
            raise ContextWindowError("The request does not fit.")
        self.asked.append(context)
        self.sizes.append(size)
        if not context.rounds and (call := self.calls.get(context.user.turn)):
            yield call
            yield Finish("tool_calls")
            return
        yield TextDelta(self.reply)
        yield Finish("stop")

    def complete(self, task: Task, stop: Callable[[], bool]) -> Completion | None:
        """A summary."""
        assert not stop()
        self.tasks.append(task)
        said = [task.material.summary.removeprefix("Resolved: ")]
        said += [turn.user.text for _, turn in task.material.turns if "decided" in turn.user.text]
        summary = " ".join(one for one in said if one) or "nothing yet"
        return Completion(an_answer(f"Resolved: {summary}"))


def talking(lab: Lab, model: Reader, *, limits: Limits | None = None, mode: Mode = NORMAL, **more: Any) -> ChatEngine:
    """A conversation in which past exchanges are recalled."""

    def recall() -> Recall:
        return Recall(lab.store, fields=FIELDS)

    return ChatEngine(
        store=lab.store,
        model=model,
        assembler=ContextAssembler(
            store=lab.store, counter=Words(), limits=limits or Limits(), fields=FIELDS, mode=mode, recall=recall
        ),
        toolbox=ToolBox(store=lab.store, mode=mode, fields=FIELDS, recall=recall),
        clock=lab.clock,
        mode=mode,
        kind=SessionKind.CHAT,
        owner="here:1",
        **more,
    )


def sum_up(lab: Lab, model: Reader) -> int:
    """What the background does between two turns; how often the model was asked."""
    before = len(model.tasks)
    run_pending(lab, model)
    return len(model.tasks) - before


def compacted(events: Sequence[Event]) -> list[Compacted]:
    """What was told of compactions."""
    return [event for event in events if isinstance(event, Compacted)]


def go_on(lab: Lab, engine: ChatEngine, turns: int, text: str = "Next.", *, sums_up: bool = True) -> list[Compacted]:
    """So many turns, summed up in between; the compactions."""
    told: list[Compacted] = []
    for number in range(turns):
        lab.clock.advance(minutes=1)
        told += compacted(say(engine, f"{text} {number}"))
        if sums_up and isinstance(engine.model, Reader):
            sum_up(lab, engine.model)
    return told


# The switch


def test_the_turns_switch_to_the_summary_that_is_ready(lab: Lab) -> None:
    """At 30 live turns; asked for at 25, in between not a byte moves; the newest 10 stay."""
    model = Reader()
    engine = talking(lab, model)
    say(engine, "We decided on Zephyr.")
    assert go_on(lab, engine, 29) == []
    assert [len(task.material.turns) for task in model.tasks] == [25]
    (told,) = go_on(lab, engine, 1)
    assert (told.turns, told.first, told.last, told.kept) == (20, "s1.1", "s1.20", 11)
    assert (told.summed_up, told.fewer, told.parts, told.why) == (True, False, 0, "over 30 turns")
    first, second, third, *_ = model.asked[-1].turns
    assert first.text == (
        "[Earlier in this conversation: 20 turns, s1.1 to s1.20, saved and not repeated here. "
        'Summed up: resolved "We decided on Zephyr.".]'
    )
    assert (second.text, third.text) == ("[understood]", "Next. 19")
    assert len(lab.store.transcripts.turns(1)) == 31
    assert len(engine.folded) == 20


def test_what_the_summary_does_not_hold_follows_it(lab: Lab) -> None:
    """At 71 it reaches to turn 50; turns 51 to 60 are told word for word."""
    model = Reader()
    engine = talking(lab, model)
    told = go_on(lab, engine, 71)
    assert [one.turns for one in told] == [20, 40, 60]
    assert len(model.tasks) == 2
    words = model.asked[-1].turns[0].text
    assert 'Summed up: resolved "nothing yet". Not summed up, word for word: s1.5' in words
    assert 's1.60 "Next. 59"' in words
    assert 's1.50 "' not in words
    assert "s1.61" not in words


def test_not_ready_in_time_code_makes_the_summary(lab: Lab) -> None:
    """Nobody waits for a model: decisions, files and the newest requests stand in, in at most 200 tokens."""
    model = Reader()
    engine = talking(lab, model, limits=SMALL)
    say(engine, "Which limit? " + "Please say. " * 40)
    say(engine, [*typed("Look."), Part(PartKind.FILE, Origin.FILE, "One line.", name="notes.md")])
    say(engine, "Well. We decided on 100 a minute. And now?")
    (told,) = go_on(lab, engine, 4, sums_up=False)
    assert not told.summed_up
    words = model.asked[-1].turns[0].text
    assert 's1.2 file "notes.md"' in words
    assert 's1.3 "We decided on 100 a minute."' in words
    assert 's1.1 "Which limit? Please say.' in words
    assert len(words.split()) <= 200


def test_the_head_is_built_anew_at_a_compaction(lab: Lab) -> None:
    """And only there: what was learned since stands in it, and no longer in the tail."""
    model = Reader()
    engine = talking(lab, model, limits=SMALL)
    say(engine, "Hello.")
    add_note(lab.store, "drinks tea", at=lab.clock.advance(minutes=1))
    go_on(lab, engine, 5)
    assert "drinks tea" in model.asked[-1].tail
    assert "drinks tea" not in model.asked[-1].head
    assert len(go_on(lab, engine, 1)) == 1
    assert "drinks tea" in model.asked[-1].head
    assert model.asked[-1].tail == ""


def test_where_nothing_is_learned_nothing_is_asked(lab: Lab) -> None:
    """With --no-learn the summary is made by code each time."""
    model = Reader()
    engine = talking(lab, model, limits=SMALL, mode=NO_LEARN)
    told = go_on(lab, engine, 13)
    assert [one.summed_up for one in told] == [False] * 3
    assert model.tasks == []
    assert lab.store.jobs.listing(tuple(JobStatus)) == []


# When a summary is asked for


@pytest.mark.no_cover  # so long that measuring it is half its time; shorter tests run every line of it
def test_large_turns_are_summed_up_at_three_quarters_of_the_limit(lab: Lab) -> None:
    """And then each time as much more was said as one request may hold: each call is worth its tokens."""
    model = Reader("word " * 1_000)
    engine = talking(lab, model)
    told = go_on(lab, engine, 60, "word " * 490)
    calls = [len(task.material.turns) for task in model.tasks]
    assert sum(calls[:1]) <= 12
    assert len(calls) <= 60 * 1_500 / 24_000 + 1
    assert all(one.summed_up for one in told if one.turns)
    assert max(model.sizes) <= 24_000
    assert len(told) <= 60 / 9


def test_a_conversation_of_few_turns_is_summed_up_in_time_as_well(lab: Lab) -> None:
    """Five sixths of context.max_turns, whatever that is."""
    model = Reader()
    engine = talking(lab, model, limits=SMALL)
    told = go_on(lab, engine, 20)
    assert all(one.summed_up for one in told)


# Limits


@pytest.mark.no_cover  # so long that measuring it is half its time; shorter tests run every line of it
def test_500_turns_keep_the_limit_and_the_decision_of_turn_3(lab: Lab) -> None:
    """In the running summary, and by recall where no summary holds it."""
    model = Reader("word " * 120)
    engine = talking(lab, model)
    go_on(lab, engine, 2)
    say(engine, "We decided that the code name is Zephyr.")
    go_on(lab, engine, 496, "word " * 60)
    assert max(model.sizes) <= 24_000
    assert 'resolved "We decided that the code name is Zephyr."' in model.asked[-1].turns[0].text
    say(engine, "Which code name?")
    assert engine.session is not None
    assert engine.session.turns == 500
    assert "Zephyr" in model.asked[-1].turns[0].text


@pytest.mark.no_cover  # so long that measuring it is half its time; shorter tests run every line of it
def test_the_decision_of_turn_3_is_recalled_where_no_model_sums_up(lab: Lab) -> None:
    """500 turns later, from the transcript."""
    model = Reader("word " * 20)
    engine = talking(lab, model)
    go_on(lab, engine, 2)
    say(engine, "The code name is Zephyr.")
    go_on(lab, engine, 496, "Something else", sums_up=False)
    assert "Zephyr" not in str(model.asked[-1].turns)
    say(engine, "Which code name was it?")
    assert "Zephyr" in model.asked[-1].tail
    assert max(model.sizes) <= 24_000


@pytest.mark.parametrize(
    ("window", "reads"),
    [(8_192, 8_192), (1_000_000, 1_000_000), (4_096, 4_096), (128_000, 6_000), (16_000, 3_000)],
    ids=["8k", "1M", "an unknown one, guessed", "one that lies", "one that lies more"],
)
@pytest.mark.no_cover  # so long that measuring it is half its time; shorter tests run every line of it
def test_every_window_holds_200_turns(lab: Lab, window: int, reads: int) -> None:
    """Never over what the model reads; one that lies refuses at most a few times, for that is remembered."""
    model = Reader("word " * 90, window=window, reads=reads)
    engine = talking(lab, model)
    for number in range(200):
        lab.clock.advance(minutes=1)
        if number % 9 == 8:
            model.calls[number + 1] = ToolCall("1", "recall", '{"query": "word"}')
        events = say(engine, f"word {'word ' * 60} {number}")
        assert isinstance(events[-1], TurnFinished)
        sum_up(lab, model)
    assert max(model.sizes) <= min(reads, 24_000)
    assert len(model.refused) <= (2 if reads < window else 0)


def test_a_window_that_lies_is_remembered(lab: Lab) -> None:
    """One compaction, one retry; the next turn does not fail again, also after another model has answered."""
    model, other = Reader("word " * 300, reads=2_000), Reader("Fine.")
    other.name = "other"
    engine = talking(lab, model)
    told = go_on(lab, engine, 12, "Go on.", sums_up=False)
    assert len(model.refused) == 1
    assert told
    engine.use(other)
    say(engine, "And you?")
    engine.use(model)
    go_on(lab, engine, 3)
    assert len(model.refused) == 1


def test_what_a_model_turned_out_to_read_is_known_to_all_who_ask(lab: Lab) -> None:
    """The assembler tells it to whoever weighs a request: /context, and what checks the size of a file."""
    model = Reader("word " * 300, reads=2_000)
    engine = talking(lab, model)
    assert engine.assembler.believed.most(model) is None
    go_on(lab, engine, 12, "Go on.", sums_up=False)
    believed = engine.assembler.believed.most(model)
    assert believed is not None
    assert believed <= 2_000
    assert engine.assembler.believed.most(Reader(window=9)) == believed  # by name and host, not by the object
    other = Reader()
    other.name = "other"
    assert engine.assembler.believed.most(other) is None


def test_a_fold_for_a_request_that_failed_is_told_with_the_next_reply_once(lab: Lab) -> None:
    """Nobody reads less from a request that was not answered."""
    model = Reader()
    engine = talking(lab, model, limits=SMALL)
    go_on(lab, engine, 6)
    reads, model.reads = model.reads, 0
    events: list[Event] = []
    with pytest.raises(ContextWindowError):
        events.extend(engine.run_turn(typed("Hello?")))
    model.reads = reads
    engine.assembler.believed = Believed()
    assert engine.folded
    assert compacted(events) == []
    (told,) = compacted(say(engine, "Hello again?"))
    assert told.turns == len(engine.folded)
    assert compacted(say(engine, "And again?")) == []


def test_what_cannot_be_folded_further_is_a_clear_error(lab: Lab) -> None:
    """One retry and no more; the message is saved."""
    model = Reader(reads=100)
    engine = talking(lab, model)
    with pytest.raises(ContextWindowError):
        say(engine, "Hello.")
    assert len(model.refused) == 2
    assert [turn.user.text for turn in engine.turns] == ["Hello."]


def test_tools_are_counted(lab: Lab) -> None:
    """What is offered to a remote model is part of the request."""
    model = Reader("word " * 90)
    engine = talking(lab, model, limits=Limits(max_tokens=1_500))
    go_on(lab, engine, 30, "word " * 20)
    assert max(model.sizes) <= 1_500


def test_a_message_too_long_for_the_window_folds_nothing(lab: Lab) -> None:
    """It is not sent, so the turns before it stay as they are."""
    model = Reader(window=4_000)
    engine = talking(lab, model)
    go_on(lab, engine, 3)
    with pytest.raises(ContextWindowError):
        say(engine, "word " * 5_000)
    assert engine.folded == ()
    events = say(engine, "Then this.")
    (told,) = compacted(events)
    assert (told.turns, told.parts) == (0, 1)
    assert model.asked[-1].turns[0].text == "Next. 0"


def test_when_few_turns_fit_it_is_said(lab: Lab) -> None:
    """Fewer than context.keep_turns, for they are long."""
    model = Reader("Yes. " * 150)
    engine = talking(lab, model, limits=Limits(max_tokens=2_000))
    told = go_on(lab, engine, 12, "word " * 180, sums_up=False)
    assert told[-1].fewer
    assert told[-1].kept < 10


# On demand


def test_compacting_on_demand(lab: Lab) -> None:
    """All but the newest turns, at once; the next message goes with it, and nothing is folded twice."""
    model = Reader()
    engine = talking(lab, model, limits=SMALL)
    with pytest.raises(NotFoundError):
        engine.compact()
    say(engine, "We decided on Zephyr.")
    assert engine.compact() is None
    go_on(lab, engine, 4)
    told = engine.compact()
    assert told is not None
    assert (told.turns, told.kept, told.why) == (2, 3, "asked for")
    assert [turn.number for turn in engine.folded] == [1, 2]
    assert engine.compact() is None
    assert compacted(say(engine, "On.")) == []
    assert model.asked[-1].folded == 2
    assert "Zephyr" in model.asked[-1].turns[0].text


def test_a_retry_of_a_folded_turn_sends_it(lab: Lab) -> None:
    """With context.keep_turns at 0 nothing stays; what is asked again stands in the request, and all before it."""
    model = Reader()
    engine = talking(lab, model, limits=Limits(keep_turns=0))
    go_on(lab, engine, 2)
    told = engine.compact()
    assert told is not None
    assert (told.turns, told.kept) == (2, 0)
    assert compacted(list(engine.retry())) == []
    assert [message.text for message in model.asked[-1].turns] == ["Next. 0", "Yes."]
    assert engine.folded == ()


def test_no_compaction_of_what_was_changed_elsewhere(lab: Lab) -> None:
    """It would be another conversation than the one on the screen."""
    engine = talking(lab, Reader(), limits=SMALL)
    go_on(lab, engine, 5)
    other = talking(lab, Reader(), session=lab.store.transcripts.session(1))
    other.undo()
    with pytest.raises(SessionBusyError):
        engine.compact()


# What undoes a fold


def test_an_undo_leaves_the_fold_where_it_is(lab: Lab) -> None:
    """So that the provider's cache holds; only an undo into the folded turns, or into what was summed up, unfolds."""
    model = Reader()
    engine = talking(lab, model, limits=SMALL)
    go_on(lab, engine, 9)
    folded, before = len(engine.folded), model.asked[-1]
    assert folded
    engine.undo()
    say(engine, "Otherwise.")
    assert model.asked[-1].turns == before.turns
    assert model.asked[-1].head == before.head
    engine.undo(9 - folded)
    say(engine, "Anew.")
    assert model.asked[-1].folded == 0


def test_a_summary_of_what_was_withdrawn_is_not_sent(lab: Lab) -> None:
    """It reaches further than the fold: an undo into it drops it from the request, too."""
    model = Reader()
    engine = talking(lab, model, limits=SMALL)
    go_on(lab, engine, 4)
    say(engine, "We decided on Zephyr.")
    sum_up(lab, model)
    go_on(lab, engine, 2)
    assert len(engine.folded) == 3
    assert "Zephyr" in model.asked[-1].turns[0].text
    engine.undo(3)
    say(engine, "Anew.")
    assert "Zephyr" not in json.dumps(render(model.asked[-1]))


def test_an_erasure_and_a_resume_fold_anew(lab: Lab) -> None:
    """What the summary said may have been erased; who comes back gets the newest turns."""
    model = Reader()
    engine = talking(lab, model, limits=SMALL)
    go_on(lab, engine, 9)
    assert len(engine.folded) == 3 + 0
    note = add_note(lab.store, "secret", at=lab.clock.now())
    lab.store.erasure.erase_memory(note.id, lab.clock.now())
    (told,) = compacted(say(engine, "Again."))
    assert told.turns == 6
    resumed = talking(lab, model, limits=SMALL, session=lab.store.transcripts.session(1))
    (told,) = compacted(say(resumed, "I am back."))
    assert told.turns == 7


# Looking up what is folded


def test_a_model_opens_what_a_reference_stands_for(lab: Lab) -> None:
    """A file of a kept turn, by the id that the reference names."""
    model = Reader()
    engine = talking(lab, model, limits=SMALL)
    body = "".join(f"Line {number} of the file says nothing.\n" for number in range(200))
    file = Part(PartKind.FILE, Origin.FILE, body + "The password policy is ninety days.\n" + body, name="policy.md")
    go_on(lab, engine, 3)
    say(engine, [*typed("What does it say?"), file])
    model.calls[8] = ToolCall("1", "read_session", '{"id": "s1.4", "question": "password policy days"}')
    go_on(lab, engine, 4)
    context = model.asked[-1]
    reference = next(message.text for message in context.turns if "left out here" in message.text)
    assert '[left out here: file "policy.md" of about' in reference
    assert "saved as s1.4" in reference
    opened = json.loads(context.rounds[-1].parts[0].content)["turns"]
    assert any(one["speaker"] == 'file "policy.md"' and "ninety days" in one["text"] for one in opened)
    assert sum(len(one["text"].split()) for one in opened) <= 600
