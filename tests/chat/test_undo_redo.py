"""Taking back and bringing back: the newest turns with what they taught, one memory alone, and what forbids it."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.chat.engine import ChatEngine
from memchat.domain import (
    Completion,
    Context,
    Finish,
    Memory,
    MemoryStatus,
    ModelEvent,
    NewMemory,
    Origin,
    Source,
    Task,
    TextDelta,
    ToolCall,
    ToolSpec,
)
from memchat.errors import MemchatError, NetworkError, NotFoundError, SessionBusyError, UsageError
from memchat.llm.scripted import ScriptedModel
from memchat.store.connection import open_store

from tests.builders import add_note, found
from tests.chat.conftest import Lab, say
from tests.conftest import NOW, FrozenClock

LIVE = "I live in "


class Attentive:
    """A model that remembers where people say they live, and answers anything else with a number of its own."""

    window_from, sees = "a test", False

    name, host, local, window = "attentive", "", True, 128_000

    def __init__(self) -> None:
        self.answers = 0
        self.deaf = False

    def stream(self, context: Context, tools: Sequence[ToolSpec]) -> Iterator[ModelEvent]:
        """One tool call for a place, then the answer."""
        said = context.user.text
        if said.startswith(LIVE) and not context.rounds and not self.deaf:
            arguments = {"field": "location", "text": said.removeprefix(LIVE).rstrip("."), "quote": said}
            yield ToolCall("1", "remember", json.dumps(arguments))
        else:
            self.answers += 1
            yield TextDelta(f"Answer {self.answers}.")
        yield Finish("stop")

    def complete(self, task: Task, stop: Callable[[], bool]) -> Completion | None:
        """Nobody asks it to sum up."""
        raise AssertionError("asked to sum up")


def path(lab: Lab) -> list[tuple[str, str]]:
    """The active path: what was asked, and what was answered."""
    return [(turn.user.text, turn.reply) for turn in lab.store.transcripts.turns(1)]


def known(lab: Lab) -> list[str]:
    """What holds now."""
    return [memory.text for memory in lab.store.memories.active(lab.clock.now())]


def everything(lab: Lab) -> object:
    """All that an undo or a redo could change, as values."""
    found = [replace(memory, withdrawn_at=None) for memory in lab.store.memories.all()]
    withdrawn = [memory.id for memory in lab.store.memories.all() if memory.withdrawn_at is not None]
    session = lab.store.transcripts.session(1)
    return lab.store.transcripts.path(1), found, withdrawn, (session.title, session.leaf, session.turns)


def moved(lab: Lab, *said: str) -> ChatEngine:
    """Somebody who has said this, a minute apart."""
    engine = lab.engine(Attentive())
    for words in said:
        say(engine, words)
        lab.clock.advance(minutes=1)
    return engine


# What is taken back, and brought back


def test_several_turns_are_taken_back_at_once_and_brought_back_at_once(lab: Lab) -> None:
    """What they had taught goes and comes with them, and the value of before holds in between."""
    engine = moved(lab, "Hello.", "I live in Berlin.", "Well.", "I live in Lisbon.")
    before = everything(lab)
    undone = engine.undo(3)
    assert undone.texts == ("I live in Berlin.", "Well.", "I live in Lisbon.")
    assert [memory.text for memory in undone.memories] == ["Berlin", "Lisbon"]
    assert undone.again == ()
    assert path(lab) == [("Hello.", "Answer 1.")]
    assert known(lab) == []
    redone = engine.redo()
    assert redone.texts == undone.texts
    assert [memory.text for memory in redone.memories] == ["Berlin", "Lisbon"]
    assert redone.replaced == ()
    assert everything(lab) == before
    assert engine.turns == tuple(lab.store.transcripts.turns(1))


def test_what_holds_again_is_told(lab: Lab) -> None:
    """And, when it is brought back, what no longer does."""
    engine = moved(lab, "I live in Berlin.", "I live in Lisbon.")
    assert [memory.text for memory in engine.undo().again] == ["Berlin"]
    redone = engine.redo()
    assert [memory.text for memory in redone.memories] == ["Lisbon"]
    assert [(old.text, old.superseded_by) for old in redone.replaced] == [("Berlin", 2)]


def test_undos_are_redone_one_after_the_other_the_newest_first(lab: Lab) -> None:
    """Turns and single memories alike."""
    engine = moved(lab, "I live in Berlin.", "I live in Lisbon.", "Hello.")
    states = [everything(lab)]
    for memory_id in (None, 2, None, 1):
        _ = engine.undo() if memory_id is None else engine.undo_memory(memory_id)
        states.append(everything(lab))
    assert known(lab) == []
    while len(states) > 1:
        states.pop()
        engine.redo()
        assert everything(lab) == states[-1]
    with pytest.raises(NotFoundError, match="nothing to bring back"):
        engine.redo()


def test_a_memory_alone_is_taken_back_and_brought_back(lab: Lab) -> None:
    """The turn stays; what it had replaced holds again meanwhile, whatever was learned after it."""
    engine = moved(lab, "I live in Berlin.", "I live in Lisbon.", "I live in Porto.")
    before = everything(lab)
    undone = engine.undo_memory(2)
    assert [memory.text for memory in undone.memories] == ["Lisbon"]
    assert undone.again == ()
    assert known(lab) == ["Porto"]
    assert len(path(lab)) == 3
    assert [memory.text for memory in engine.redo().memories] == ["Lisbon"]
    assert everything(lab) == before


def test_a_pending_memory_is_taken_back_too(lab: Lab) -> None:
    """It waited, and waits again."""
    waiting = NewMemory("treats children", Source(Origin.TYPED, NOW), status=MemoryStatus.PENDING)
    lab.store.memories.add(waiting, NOW)
    engine = lab.engine(Attentive())
    engine.undo_memory(1)
    assert lab.store.memories.get(1).status(NOW) is MemoryStatus.WITHDRAWN
    assert engine.redo().memories[0].status(NOW) is MemoryStatus.PENDING


def test_the_title_made_of_withdrawn_words_comes_back_with_them(lab: Lab) -> None:
    """One given by hand in between stays."""
    engine = moved(lab, "Plan the trip.")
    engine.undo()
    assert lab.store.transcripts.session(1).title == ""
    engine.redo()
    assert lab.store.transcripts.session(1).title == "Plan the trip"
    engine.undo()
    lab.store.transcripts.rename(1, "Journeys")
    engine.redo()
    assert lab.store.transcripts.session(1).title == "Journeys"


def test_what_was_taken_back_is_not_found_until_it_is_back(lab: Lab) -> None:
    """The index follows the active path."""
    engine = moved(lab, "The oolong is in the tin.")
    engine.undo()
    assert found(lab.store, "oolong") == []
    engine.redo()
    assert "The oolong is in the tin." in [one.text for one in found(lab.store, "oolong")]


def test_a_summary_over_what_was_taken_back_is_made_anew_after_a_redo(lab: Lab) -> None:
    """Undo drops it with the mark; after a redo all is new to the next consolidation, so nothing is lost."""
    engine = moved(lab, "First.", "Second.")
    store, now = lab.store, lab.clock.now()
    store.jobs.enqueue_left(1, now)
    job = store.jobs.lease("here:1", now)
    assert job is not None
    store.transcripts.summarise(1, "Wanted: two things.", ("things",))
    store.jobs.advance(store.jobs.stretches(job, 25))
    store.jobs.finish(job, now, {})
    engine.undo()
    engine.redo()
    session = store.transcripts.session(1)
    assert (session.summary, session.topics, session.mark) == ("", (), None)
    assert store.jobs.enqueue_left(1, lab.clock.advance(minutes=1))


def test_the_next_message_goes_on_behind_what_was_brought_back(lab: Lab) -> None:
    """The request holds it as if nothing had happened."""
    model = ScriptedModel(["One.", "Two.", "Three."])
    engine = lab.engine(model)
    say(engine, "First.")
    say(engine, "Second.")
    engine.undo(2)
    engine.redo()
    say(engine, "Third.")
    assert [message.text for message in model.calls[-1].context.turns] == ["First.", "One.", "Second.", "Two."]


def test_the_model_is_told_what_holds_again_and_nothing_of_what_came_back(lab: Lab) -> None:
    """Its head was built before: after an undo the tail corrects it, after a redo there is nothing to correct."""
    add_note(lab.store, "Berlin", field="location", at=NOW - timedelta(days=1))
    model = ScriptedModel(["One.", "Two.", "Three.", "Four."])
    engine = lab.engine(model)
    say(engine, "First.")
    engine.undo_memory(1)
    lab.clock.advance(minutes=1)
    say(engine, "Second.")
    assert "location" in model.calls[1].context.tail
    lab.clock.advance(minutes=1)
    engine.undo()
    lab.clock.advance(minutes=1)
    engine.redo()
    say(engine, "Third.")
    assert model.calls[2].context.tail == model.calls[1].context.tail


def test_a_memory_that_came_back_before_the_next_message_is_no_change(lab: Lab) -> None:
    """The head still says what holds."""
    add_note(lab.store, "Berlin", field="location", at=NOW - timedelta(days=1))
    model = ScriptedModel(["One.", "Two."])
    engine = lab.engine(model)
    say(engine, "First.")
    lab.clock.advance(minutes=1)
    engine.undo_memory(1)
    engine.redo()
    lab.clock.advance(minutes=1)
    say(engine, "Second.")
    assert "Berlin" in model.calls[1].context.head
    assert model.calls[1].context.tail == ""


# What cannot be taken back


@pytest.mark.parametrize(("count", "error"), [(3, NotFoundError), (0, UsageError), (-1, UsageError)])
def test_a_wrong_number_of_turns_changes_nothing(lab: Lab, count: int, error: type[MemchatError]) -> None:
    """More than there are, or none."""
    engine = moved(lab, "I live in Berlin.", "Hello.")
    before = everything(lab)
    with pytest.raises(error, match="taken back"):
        engine.undo(count)
    assert everything(lab) == before
    with pytest.raises(NotFoundError):
        engine.redo()


def test_how_many_there_are_is_told(lab: Lab) -> None:
    """With the command that takes them all."""
    engine = moved(lab, "Hello.")
    with pytest.raises(NotFoundError) as told:
        engine.undo(2)
    assert told.value.message == "This conversation has only 1 turn, so nothing was taken back."
    assert told.value.hint == "All of it: /undo 1"


def test_a_memory_is_taken_back_once(lab: Lab) -> None:
    """And one that is not there not at all."""
    engine = moved(lab, "I live in Berlin.")
    engine.undo_memory(1)
    with pytest.raises(UsageError, match="m1 was taken back already"):
        engine.undo_memory(1)
    with pytest.raises(NotFoundError):
        engine.undo_memory(7)


# What forbids a redo


def test_the_next_message_settles_what_was_taken_back(lab: Lab) -> None:
    """Also one that nobody answers."""
    engine = moved(lab, "First.", "Second.")
    engine.undo()
    say(engine, "Third.")
    with pytest.raises(NotFoundError, match="nothing to bring back"):
        engine.redo()
    assert [asked for asked, _ in path(lab)] == ["First.", "Third."]


def test_an_empty_message_settles_nothing(lab: Lab) -> None:
    """It was never said."""
    engine = moved(lab, "First.")
    engine.undo()
    with pytest.raises(UsageError):
        say(engine, " ")
    engine.redo()
    assert [asked for asked, _ in path(lab)] == ["First."]


def test_a_retry_settles_what_was_taken_back_unless_it_fails(lab: Lab) -> None:
    """A call without a word changes nothing, so there is still something to bring back."""
    engine = lab.engine(ScriptedModel(["One.", "Two.", [NetworkError("no network")], "Uno."]))
    say(engine, "First.")
    say(engine, "Second.")
    engine.undo()
    with pytest.raises(NetworkError):
        list(engine.retry())
    engine.redo()
    engine.undo()
    list(engine.retry())
    with pytest.raises(NotFoundError, match="nothing to bring back"):
        engine.redo()
    assert path(lab) == [("First.", "Uno.")]


def test_a_new_conversation_settles_it_too(lab: Lab) -> None:
    """What was taken back elsewhere does not come back here."""
    engine = moved(lab, "First.")
    engine.undo()
    engine.new()
    with pytest.raises(NotFoundError, match="nothing to bring back"):
        engine.redo()


def test_nothing_is_brought_back_after_an_erasure(lab: Lab) -> None:
    """It may hold what was erased."""
    note = add_note(lab.store, "allergic to walnuts", at=NOW - timedelta(days=1))
    engine = moved(lab, "I live in Berlin.")
    engine.undo()
    lab.store.erasure.erase_memory(note.id, lab.clock.advance(minutes=1))
    before = everything(lab)
    for _ in range(2):
        with pytest.raises(MemchatError, match="erased since"):
            engine.redo()
    assert everything(lab) == before


def test_nothing_is_brought_back_beside_what_was_said_elsewhere(lab: Lab) -> None:
    """Another terminal went on with the conversation: its words stay."""
    engine = moved(lab, "First.", "Second.")
    engine.undo()
    say(lab.engine(ScriptedModel(["Else."]), session=lab.store.transcripts.session(1)), "Elsewhere.")
    before = everything(lab)
    with pytest.raises(SessionBusyError, match="changed elsewhere"):
        engine.redo()
    assert everything(lab) == before


def by_hand(lab: Lab, text: str) -> Memory:
    """As `profile set location` does."""
    now = lab.clock.advance(minutes=1)
    new = lab.store.memories.add(NewMemory(text, Source(Origin.HAND, now), field="location"), now)
    for old in lab.store.memories.history("location"):
        if old.id != new.id and old.status(now) is MemoryStatus.ACTIVE:
            lab.store.memories.supersede(old.id, new.id, now)
    return new


@pytest.mark.parametrize("first", ["I live in Berlin.", "Hello."])
@pytest.mark.parametrize("alone", [False, True])
def test_nothing_is_brought_back_beside_a_value_set_meanwhile(lab: Lab, first: str, alone: bool) -> None:
    """A field of one value would have two; whether the value of before was replaced, or there was none."""
    engine = moved(lab, first, "I live in Lisbon.")
    _ = engine.undo_memory(lab.store.memories.all()[-1].id) if alone else engine.undo()
    by_hand(lab, "Porto")
    before = everything(lab)
    with pytest.raises(MemchatError, match="Memory has changed since"):
        engine.redo()
    assert everything(lab) == before
    assert known(lab) == ["Porto"]


def test_a_note_kept_meanwhile_forbids_nothing(lab: Lab) -> None:
    """It clashes with nothing that comes back."""
    engine = moved(lab, "I live in Berlin.")
    engine.undo()
    add_note(lab.store, "likes tea", at=lab.clock.now())
    engine.redo()
    assert known(lab) == ["Berlin", "likes tea"]


def test_a_fault_half_way_brings_nothing_back_and_may_be_tried_again(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """One transaction: the memory does not come without its turn."""
    engine = moved(lab, "I live in Berlin.")
    engine.undo()
    before = everything(lab)

    def full(session_id: int, message_id: int | None) -> None:
        raise MemchatError("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(lab.store.transcripts, "set_leaf", full)
        with pytest.raises(MemchatError, match="full"):
            engine.redo()
    assert everything(lab) == before
    engine.redo()
    assert known(lab) == ["Berlin"]


# Whatever is done


@dataclass
class Expected:
    """What a person would expect: turns with the memory each taught, and which memories were taken back."""

    turns: list[tuple[str, str, int | None]] = field(default_factory=list)
    places: dict[int, str] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    undone: list[tuple[list[tuple[str, str, int | None]], set[int]]] = field(default_factory=list)

    def keep(self) -> None:
        """Before an undo: what a redo shall bring back."""
        self.undone.append((list(self.turns), set(self.gone)))

    def replaced(self) -> dict[int, int | None]:
        """Of each memory that stands: which one replaced it, the next that stands."""
        standing = [number for number in self.places if number not in self.gone]
        return dict(zip(standing, [*standing[1:], None], strict=False))


ACTS = st.one_of(
    st.just(("live", 0)),
    st.just(("talk", 0)),
    st.just(("retry", 0)),
    st.just(("redo", 0)),
    st.just(("redo", 0)),
    st.tuples(st.just("undo"), st.integers(1, 3)),
    st.tuples(st.just("undo_memory"), st.integers(1, 5)),
)
CITIES = (
    "Berlin",
    "Lisbon",
    "Porto",
    "Oslo",
    "Lima",
    "Taipei",
    "Vienna",
    "Madrid",
    "Dublin",
    "Prague",
    "Tokyo",
    "Rome",
)


@settings(max_examples=80, deadline=None)
@given(st.lists(ACTS, min_size=3, max_size=12))
def test_path_and_memory_are_what_a_person_expects(acts: list[tuple[str, int]]) -> None:
    """After any acts: the turns on the path, what is found, what holds, what replaced what, what was taken back."""
    with closing(open_store(None)) as store:
        lab = Lab(store, FrozenClock(NOW))
        model, want = Attentive(), Expected()
        engine = lab.engine(model)
        for step, (act, number) in enumerate(acts):
            lab.clock.advance(minutes=1)
            do(engine, model, want, act, number, CITIES[step])
            compare(lab, want)


def do(engine: ChatEngine, model: Attentive, want: Expected, act: str, number: int, city: str) -> None:
    """One act on both."""
    if act in {"live", "talk"}:
        words = f"{LIVE}{city}." if act == "live" else f"Tell me of {city}."
        say(engine, words)
        taught = len(want.places) + 1 if act == "live" else None
        if taught:
            want.places[taught] = city
        want.turns.append((words, f"Answer {model.answers}.", taught))
        want.undone.clear()
    elif act == "retry":
        retry(engine, model, want)
    elif act == "redo":
        if not want.undone:
            with pytest.raises(NotFoundError):
                engine.redo()
            return
        engine.redo()
        want.turns, want.gone = want.undone.pop()
    elif act == "undo":
        if number > len(want.turns):
            with pytest.raises(NotFoundError):
                engine.undo(number)
            return
        want.keep()
        engine.undo(number)
        want.gone |= {taught for _, _, taught in want.turns[-number:] if taught}
        del want.turns[-number:]
    elif number in want.places and number not in want.gone:
        want.keep()
        engine.undo_memory(number)
        want.gone.add(number)
    else:
        with pytest.raises((NotFoundError, UsageError)):
            engine.undo_memory(number)


def retry(engine: ChatEngine, model: Attentive, want: Expected) -> None:
    """Asked again, the model calls no tool: what the old reply had taught is withdrawn with it."""
    if not want.turns:
        with pytest.raises(NotFoundError):
            list(engine.retry())
        return
    model.deaf = True
    list(engine.retry())
    model.deaf = False
    words, _, taught = want.turns.pop()
    want.turns.append((words, f"Answer {model.answers}.", taught))
    want.gone |= {taught} if taught else set()
    want.undone.clear()


def compare(lab: Lab, want: Expected) -> None:
    """The store is as expected."""
    memories = lab.store.memories.all()
    assert {memory.id: memory.text for memory in memories} == want.places
    assert {memory.id for memory in memories if memory.withdrawn_at is not None} == want.gone
    standing = {memory.id: memory for memory in memories if memory.withdrawn_at is None}
    assert {number: memory.superseded_by for number, memory in standing.items()} == want.replaced()
    for memory in standing.values():
        until: datetime | None = standing[memory.superseded_by].valid_from if memory.superseded_by else None
        assert memory.valid_to == until
    if not lab.store.transcripts.sessions() and not want.turns:
        return
    assert path(lab) == [(words, answer) for words, answer, _ in want.turns]
    for city in CITIES:
        with_city = {one.text for one in found(lab.store, city) if city in one.text}
        assert with_city == {words for words, _, _ in want.turns if city in words}


def test_the_model_that_property_rests_on_teaches_what_it_should(lab: Lab) -> None:
    """Else the property would be about nothing."""
    moved(lab, *(f"{LIVE}{city}." for city in CITIES))
    assert [memory.text for memory in lab.store.memories.all()] == list(CITIES)
    assert known(lab) == [CITIES[-1]]
