"""Asking again without one thing of memory: the request less that, the old reply as it was, nothing learned, booked."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memchat.chat.comparing import Difference, Kind, difference
from memchat.chat.engine import ChatEngine
from memchat.chat.events import Assembled, Compacted, Event, ForgetProposed, MemoryChanged, Text, ToolUsed, TurnFinished
from memchat.chat.without import Trial, without
from memchat.domain import (
    CONVERSATIONS_ONLY,
    INCOGNITO,
    NO_LEARN,
    Context,
    Finish,
    Layer,
    Limits,
    Mode,
    NewMemory,
    Origin,
    Passage,
    Source,
    ToolCall,
    Usage,
    Zone,
)
from memchat.errors import ContextWindowError, NetworkError, NotFoundError
from memchat.llm.messages import render
from memchat.llm.notebook.model import NotebookModel
from memchat.llm.scripted import ScriptedModel
from memchat.memory import prompt
from memchat.memory.recalling import Recall
from memchat.ports import Store

from tests.builders import a_message, add_note, add_turn
from tests.chat.conftest import FIELDS, Lab, say
from tests.conftest import NOW

DAY = timedelta(days=1)
USAGE = Usage(100, 10, 40, 0.5)


def far(*steps: object) -> ScriptedModel:
    """A model elsewhere that follows these steps."""
    return ScriptedModel(list(steps), name="far", host="far.example", local=False)  # type: ignore[arg-type]  # - whatever a step may be


def tried(trial: Trial) -> list[Event]:
    """All of it."""
    with closing(trial.run()) as events:
        return list(events)


def everything(store: Store) -> tuple[object, ...]:
    """All that a trial must not touch: messages, memories, what turns were shown, jobs."""
    sessions = store.transcripts.sessions()
    told = [(one, store.transcripts.path(one.id), store.usages.shown(one.id, 1)) for one in sessions]
    return told, store.memories.all(), store.transcripts.next_turn(1), store.erasure.epoch()


def calls(store: Store) -> list[tuple[str, int, Usage]]:
    """What was booked for the first turn of the second conversation."""
    return [(call.purpose, call.memory_tokens, call.usage) for call in store.usages.calls(2, 1)]


@pytest.fixture
def talked(lab: Lab) -> Lab:
    """A conversation of last week about rate limits, two notes and a profile value."""
    add_turn(lab.store, "We settle on a rate limit of 100 requests a minute for each key.", "Noted.", at=NOW - 7 * DAY)
    add_note(lab.store, "prefers code examples in Go", at=NOW - DAY)
    add_note(lab.store, "Lisbon", field="location", at=NOW - DAY)
    return lab


def recalling(lab: Lab, model: ScriptedModel) -> ChatEngine:
    """A conversation in which past turns come along by themselves."""
    engine = lab.engine(model)
    recall = Recall(lab.store, fields=FIELDS)
    engine.standing.assembler._recall = lambda: recall
    return engine


ASKED = "What did we decide about the rate limit?"


@pytest.mark.parametrize(
    ("ref", "gone", "stays"),
    [
        ("m1", "prefers code examples in Go", "Lisbon"),
        ("m2", "Lisbon", "prefers code examples in Go"),
        ("s1", "(s1)", "Lisbon"),
        ("s1.1", "(s1.1)", "Lisbon"),
    ],
)
def test_the_request_is_the_same_less_that_one_thing(talked: Lab, ref: str, gone: str, stays: str) -> None:
    """A note, a profile value, a summary, a past turn: its lines go, and not a byte beside them."""
    model = far("100 a minute.", "I do not know.")
    engine = recalling(talked, model)
    say(engine, ASKED)
    trial = Trial(engine.standing, ref)
    tried(trial)
    first, second = (call.context for call in model.calls)
    assert [one["role"] for one in render(first)] == [one["role"] for one in render(second)]
    lines = [line for message in render(first) for line in message["content"].split("\n")]
    left = [line for message in render(second) for line in message["content"].split("\n")]
    assert any(gone in line for line in lines)
    assert not any(gone in line for line in left)
    assert any(stays in line for line in left)
    assert set(left) - set(lines) <= {prompt.NOTHING_KNOWN}
    assert {one.ref for one in first.kept} - {one.ref for one in second.kept} == {ref}
    assert model.calls[0].tools == model.calls[1].tools
    assert (trial.before, trial.reply, trial.turn.ref) == ("100 a minute.", "I do not know.", "s2.1")
    assert {one.ref for one in trial.left_out} == {ref}


def test_nothing_of_it_is_kept_but_what_it_cost(talked: Lab) -> None:
    """The old reply stands, is what the next request begins with, and no memory is written."""
    fact = ToolCall("1", "remember", json.dumps({"field": "note", "text": "likes tea", "quote": "I like tea"}))
    forget = ToolCall("2", "propose_forget", json.dumps({"id": "m1", "reason": "asked"}))
    steps = ([fact, forget, Finish("tool_calls", USAGE)], ["No Go.", Finish("stop", USAGE)], "And on.")
    model = far(["In Go.", Finish("stop", USAGE)], *steps)
    engine = talked.engine(model)
    say(engine, "Which language? I like tea.")
    before = everything(talked.store)
    shown = engine.standing.head()
    seen = tried(Trial(engine.standing, "m1"))
    assert everything(talked.store) == before
    assert not [event for event in seen if isinstance(event, MemoryChanged | ForgetProposed)]
    assert [type(event) for event in (seen[0], seen[-1])] == [Assembled, TurnFinished]
    results = json.loads(model.calls[2].context.rounds[-1].parts[0].content)
    assert "nothing is written" in results["note"]
    assert [purpose for purpose, _, _ in calls(talked.store)] == ["chat", "without", "without"]
    assert [usage for _, _, usage in calls(talked.store)] == [USAGE] * 3
    assert engine.standing.head() is shown
    say(engine, "Go on.")
    assert [message.text for message in model.calls[3].context.turns] == ["Which language? I like tea.", "In Go."]
    model.done()


def test_what_is_left_out_is_not_found_by_a_tool_either(talked: Lab) -> None:
    """`recall` and `read_session` look as ever, and do not find it; other things they do."""
    add_turn(talked.store, "The rate limit for trial keys is 30.", "Noted.", session_id=1, at=NOW - DAY)
    looks = [
        ToolCall("1", "recall", json.dumps({"query": "rate limit"})),
        ToolCall("2", "read_session", json.dumps({"id": "s1"})),
        ToolCall("3", "recall", "no json"),
    ]
    engine = recalling(talked, model := far("100.", looks, "30."))
    say(engine, ASKED)
    seen = tried(Trial(engine.standing, "s1.1"))
    told = "".join(part.content for message in model.calls[2].context.rounds for part in message.parts)
    assert "s1.2" in told
    assert "s1.1" not in told
    assert [event.failed for event in seen if isinstance(event, ToolUsed)] == [False, False, True]
    assert calls(talked.store)[-1][0] == "without"


def test_what_a_tool_had_shown_can_be_left_out(talked: Lab) -> None:
    """It was no part of the first request, and the reply rests on it all the same."""
    look = ToolCall("1", "recall", json.dumps({"query": "rate limit"}))
    engine = talked.engine(far(look, "100.", look, "I do not know."), tools={})
    say(engine, "Look it up, please.")
    trial = Trial(engine.standing, "s1.1")
    assert trial.left_out == ()
    tried(trial)
    assert trial.reply == "I do not know."


def test_what_has_changed_since_goes_too(talked: Lab) -> None:
    """A memory is left out in every form in which it stands in the request."""
    engine = talked.engine(model := far("Yes.", "In Porto.", "Nowhere."))
    say(engine, "Hello, are you there?")
    talked.clock.advance(minutes=1)
    new = talked.store.memories.add(NewMemory("Porto", Source(Origin.HAND, talked.clock.now()), "location"), NOW + DAY)
    talked.store.memories.supersede(2, new.id, talked.clock.now())
    say(engine, "Where do I live?")
    assert '[memchat] Changed since above: location is now "Porto"' in model.calls[1].context.tail
    tried(Trial(engine.standing, new.ref))
    assert model.calls[2].context.tail == ""
    assert '"Lisbon"' in model.calls[2].context.head


def test_with_the_last_line_its_heading_goes(lab: Lab) -> None:
    """And when nothing is left, the head says that nothing is known, as it would have."""
    add_note(lab.store, "Lisbon", field="location", at=NOW - DAY)
    engine = lab.engine(model := far("Yes.", "No."))
    say(engine, "Do I live anywhere?")
    assert "# About the user" in model.calls[0].context.head
    tried(Trial(engine.standing, "m1"))
    assert "# About the user" not in model.calls[1].context.head
    assert model.calls[1].context.head.endswith(prompt.NOTHING_KNOWN)


def test_without_a_reply_or_without_that_in_it_there_is_nothing_to_try(talked: Lab) -> None:
    """Nothing said, nothing answered, nothing of the kind shown: said, and nobody is asked."""
    engine = talked.engine(model := far(NetworkError("No network."), "Yes."))
    with pytest.raises(NotFoundError, match="nothing to ask again"):
        Trial(engine.standing, "m1")
    with pytest.raises(NetworkError):
        say(engine, "Hello?")
    with pytest.raises(NotFoundError, match="no reply to stand beside"):
        Trial(engine.standing, "m1")
    list(engine.retry())
    for ref in ("m9", "s9.9", "s2.1"):
        with pytest.raises(NotFoundError, match=f"{ref} was not shown"):
            Trial(engine.standing, ref)
    assert len(model.calls) == 2


@pytest.mark.parametrize("mode", [INCOGNITO, CONVERSATIONS_ONLY])
def test_a_chat_that_reads_nothing_has_nothing_to_leave_out(talked: Lab, mode: Mode) -> None:
    """What is known is no part of its requests."""
    engine = talked.engine(far("Yes."), mode=mode)
    say(engine, "Hello?")
    with pytest.raises(NotFoundError, match="m1 was not shown"):
        Trial(engine.standing, "m1")


def test_a_chat_that_learns_nothing_can_try(talked: Lab) -> None:
    """`--no-learn` reads as ever."""
    engine = talked.engine(far("Yes.", "No."), mode=NO_LEARN)
    say(engine, "Hello?")
    assert [event.text for event in tried(Trial(engine.standing, "m1")) if isinstance(event, Text)] == ["No."]


def test_the_notebook_answers_without_it(talked: Lab) -> None:
    """It reads the passages, not the text: these go, too."""
    engine = talked.engine(NotebookModel())
    say(engine, "Where do I live?")
    trial = Trial(engine.standing, "m2")
    tried(trial)
    assert "Lisbon" in trial.before
    assert "Lisbon" not in trial.reply
    assert trial.reply


def test_what_was_erased_since_is_not_sent_again(talked: Lab) -> None:
    """Another process forgets a memory: the head that held it is not used for the trial."""
    engine = talked.engine(model := far("Yes.", "No."))
    say(engine, "Hello?")
    talked.store.erasure.erase_memory(1, NOW)
    tried(Trial(engine.standing, "m2"))
    assert "Go" not in model.calls[1].context.head.split("Today is")[1]


def test_a_trial_that_is_broken_off_or_fails_is_paid_for(talked: Lab) -> None:
    """Half a reply costs what came of it, by our own count; a call without an answer is booked with nothing."""
    engine = talked.engine(far("Yes.", ["No, ", "not", " so"], NetworkError("No network.")))
    say(engine, "Hello?")
    before = everything(talked.store)
    with closing(Trial(engine.standing, "m1").run()) as events:
        assert any(isinstance(event, Text) for event in events)
    with pytest.raises(NetworkError):
        tried(Trial(engine.standing, "m1"))
    assert everything(talked.store) == before
    usages = [usage for purpose, _, usage in calls(talked.store) if purpose == "without"]
    assert usages[0].completion_tokens > 0
    assert usages[1] == Usage()


def test_a_request_that_does_not_fit_is_folded_for_the_trial_alone(talked: Lab) -> None:
    """One shorter one is sent, as a retry would send it; the conversation itself stays as it was till its next turn."""
    too_long = ContextWindowError("Too long.")
    model = far(*["Yes."] * 8, too_long, "No.", "Yes.")
    engine = talked.engine(model, limits=Limits(max_tokens=2_000))
    for number in range(8):
        say(engine, f"Question {number}: {'word ' * 100}")
    trial = Trial(engine.standing, "m1")
    tried(trial)
    assert trial.reply == "No."
    assert "prefers code" not in model.calls[9].context.head
    assert len(model.calls[9].context.turns) < len(model.calls[8].context.turns)
    assert engine.folded == ()
    events = say(engine, "Go on.")
    assert any(isinstance(event, Compacted) for event in events)  # what was refused would be refused again


def test_a_trial_is_folded_as_a_retry_is(talked: Lab) -> None:
    """To half of what was refused, not to half of what the model promised."""
    too_long = ContextWindowError("Too long.")
    model = far(*["Yes."] * 8, too_long, "No.", too_long, "No.")
    engine = talked.engine(model, limits=Limits(max_tokens=100_000))
    for number in range(8):
        say(engine, f"Question {number}: {'word ' * 100}")
    tried(Trial(engine.standing, "m1"))
    list(engine.retry())
    trial, retried = model.calls[9].context, model.calls[11].context
    assert 0 < trial.folded <= retried.folded


def test_a_trial_knows_what_the_model_turned_out_to_read(talked: Lab) -> None:
    """It is not refused again for what was learned before."""
    model = far(*["Yes."] * 9)
    engine = talked.engine(model, limits=Limits(max_tokens=100_000))
    for number in range(8):
        say(engine, f"Question {number}: {'word ' * 100}")
    engine.assembler.believed.refused(model, 1_000)
    tried(Trial(engine.standing, "m1"))
    assert model.calls[8].context.folded > 0


def passages(*lines: str) -> tuple[Passage, ...]:
    """One a line, `m1` and so on; the first half in the head."""
    half = len(lines) // 2
    zones = [Zone.HEAD if number < half else Zone.TAIL for number in range(len(lines))]
    return tuple(
        Passage(Layer.NOTE, zone, f"m{number}", f"- {line} (m{number})", line, 1)
        for number, (zone, line) in enumerate(zip(zones, lines, strict=True), 1)
    )


@given(st.lists(st.sampled_from(["tea", "Go", "# Notes", "Lisbon"]), min_size=1, max_size=8), st.integers(1, 9))
def test_whatever_stands_in_a_request_only_its_lines_go(words: Sequence[str], number: int) -> None:
    """What is not there takes nothing away; the rest keeps its order."""
    kept = passages(*words)
    head = "You are memchat.\n\n# Notes\n" + "\n".join(one.line for one in kept if one.zone is Zone.HEAD)
    tail = prompt.tail([one.line.removeprefix("- ") for one in kept if one.zone is Zone.TAIL])
    context = Context(head, (), tail, a_message(), NOW, kept=kept)
    less = without(context, f"m{number}")
    text = f"{less.head}\n{less.tail}"
    assert f"(m{number})" not in text
    assert [one.ref for one in less.kept] == [f"m{n}" for n in range(1, len(words) + 1) if n != number]
    assert all(one.line.removeprefix("- ") in text for one in less.kept)
    assert less.head.startswith("You are memchat.")
    if number > len(words):
        assert less == context


def test_two_replies_are_compared_by_lines_and_sentences() -> None:
    """What stays, what goes, what comes, in order; Chinese, too. Blanks are nothing."""
    before = "The limit is 100. Trial keys get 30.\n\n- paid\n- trial\n好。就這樣。"
    after = "The limit is 100. Trial keys get 20.\n- paid\n- trial\n好。那樣。"
    assert difference(before, after) == [
        Difference(Kind.SAME, ("The limit is 100.",)),
        Difference(Kind.GONE, ("Trial keys get 30.",)),
        Difference(Kind.NEW, ("Trial keys get 20.",)),
        Difference(Kind.SAME, ("- paid", "- trial", "好。")),
        Difference(Kind.GONE, ("就這樣。",)),
        Difference(Kind.NEW, ("那樣。",)),
    ]
    assert difference("The same.\n\n", "The same.") == []
    assert difference("", "New.") == [Difference(Kind.NEW, ("New.",))]


def _joined(differences: Sequence[Difference], *kinds: Kind) -> Iterator[str]:
    for one in differences:
        if one.kind in kinds:
            yield from one.pieces


@given(st.text("ab. \n。", max_size=30), st.text("ab. \n。", max_size=30))
def test_both_replies_stand_in_their_difference(before: str, after: str) -> None:
    """Same and gone are the one, same and new the other, but for blanks."""
    found = difference(before, after)
    if found:
        assert "".join(_joined(found, Kind.SAME, Kind.GONE)).replace(" ", "") == "".join(before.split())
        assert "".join(_joined(found, Kind.SAME, Kind.NEW)).replace(" ", "") == "".join(after.split())
    else:
        assert before.split() == after.split()


def test_a_trial_tells_what_it_cost(talked: Lab) -> None:
    """As the provider counted, or by our own count, which says so."""
    engine = talked.engine(far("Yes.", ["No.", Finish("stop", USAGE)], ["No.", Finish("stop")]))
    say(engine, "Hello?")
    known, guessed = Trial(engine.standing, "m1"), Trial(engine.standing, "m1")
    tried(known)
    tried(guessed)
    assert (known.usage, known.estimated) == (USAGE, False)
    assert guessed.estimated
    assert replace(guessed.usage, prompt_tokens=0) == Usage(0, 1)
