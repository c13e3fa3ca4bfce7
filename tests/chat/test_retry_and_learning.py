"""Asking again, beside what is learned: the old reply goes with what it did itself, the user's words stay said."""

import json

import pytest
from memchat.chat.engine import ChatEngine
from memchat.domain import MemoryStatus, Role, ToolCall
from memchat.llm.scripted import ScriptedModel, Step
from memchat.memory.reconcile import ASKED_AGAIN

from tests.builders import add_note
from tests.chat.conftest import Desk, Lab, Summing, a_fact, an_answer, say

SAID = "I am allergic to peanuts."
FACT = "allergic to peanuts"
REMEMBER = ToolCall("1", "remember", json.dumps({"field": "note", "text": FACT, "quote": SAID[:-1]}))
ACTIVE, WITHDRAWN = MemoryStatus.ACTIVE, MemoryStatus.WITHDRAWN


class Person:
    """Somebody with one conversation, which is summed up by the book each time it is left."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.answers = Summing()
        self.ignored: dict[str, int] = {}

    def opens(self, *steps: Step, resume: bool = False) -> ChatEngine:
        """The chat, or the same again."""
        session = self.desk.store.transcripts.session(1) if resume else None
        return Lab(self.desk.store, self.desk.clock).engine(ScriptedModel(steps), session=session)

    def leaves(self, engine: ChatEngine) -> None:
        """It is consolidated a minute later."""
        engine.close()
        self.desk.clock.advance(minutes=1)
        self.desk.store.jobs.enqueue_left(1, self.desk.clock.now())
        (done,) = self.desk.consolidator(self.answers).run_pending()
        assert done.kept is not None
        self.ignored = dict(done.kept.ignored)
        self.desk.clock.advance(minutes=1)

    def memories(self) -> list[tuple[str, MemoryStatus]]:
        """All there are, and where they stand."""
        now = self.desk.clock.now()
        return [(memory.text, memory.status(now)) for memory in self.desk.store.memories.all()]


@pytest.fixture
def person(desk: Desk) -> Person:
    """On a file of their own."""
    return Person(desk)


def test_what_was_learned_after_the_talk_survives_a_retry(person: Person) -> None:
    """It rests on the user's own message, which stays: neither withdrawn nor, later, doubled."""
    engine = person.opens("I see.")
    say(engine, SAID)
    person.leaves(engine)
    before = person.desk.store.memories.all()
    assert person.memories() == [(FACT, ACTIVE)]
    engine = person.opens("Noted, then.", resume=True)
    list(engine.retry())
    assert person.desk.store.memories.all() == before
    person.leaves(engine)
    assert person.desk.store.memories.all() == before
    assert person.ignored == {"learned from these words before": 1}


def test_what_a_reply_taught_and_lost_is_learned_after_the_talk(person: Person) -> None:
    """The new reply called no tool: nobody took back what was said."""
    engine = person.opens([REMEMBER], "Noted.", "Shall I look for recipes?")
    say(engine, SAID)
    person.desk.clock.advance(minutes=1)
    list(engine.retry())
    assert person.memories() == [(FACT, WITHDRAWN)]
    assert person.desk.store.memories.get(1).why == ASKED_AGAIN
    person.leaves(engine)
    assert person.memories() == [(FACT, WITHDRAWN), (FACT, ACTIVE)]
    again = person.opens("And so?", resume=True)
    list(again.retry())
    person.leaves(again)
    assert person.memories() == [(FACT, WITHDRAWN), (FACT, ACTIVE)]


def test_words_of_another_message_do_not_suffer_either(person: Person) -> None:
    """The same was said before, in a turn that nobody has learned from yet."""
    engine = person.opens("I see.", [REMEMBER], "Noted.", "Fine.")
    say(engine, SAID)
    person.desk.clock.advance(minutes=1)
    say(engine, SAID)
    person.desk.clock.advance(minutes=1)
    list(engine.retry())
    person.leaves(engine)
    assert person.memories() == [(FACT, WITHDRAWN), (FACT, ACTIVE)]
    assert [source.ref for source in person.desk.store.memories.get(2).sources] == ["s1.1", "s1.2"]


@pytest.mark.parametrize("retried", [False, True])
def test_what_the_user_takes_back_stays_so(person: Person, retried: bool) -> None:
    """Before a retry or after one: by hand is by hand, and no other reply teaches it again."""
    steps: list[Step] = [[REMEMBER], "Noted."]
    engine = person.opens(*steps, *steps, "I see.")
    say(engine, SAID)
    if retried:
        list(engine.retry())
    held = person.desk.store.memories.active(person.desk.clock.now())
    person.desk.store.memories.withdraw(held[0].id, person.desk.clock.now())
    if not retried:
        list(engine.retry())
        assert person.desk.store.memories.active(person.desk.clock.now()) == []
    list(engine.retry())
    person.leaves(engine)
    assert all(status is WITHDRAWN for _, status in person.memories())
    assert person.ignored == {"you took it back": 1}
    assert person.desk.store.usages.ignored() == {"you took it back": 1 if retried else 2}


def test_undo_takes_back_both(person: Person) -> None:
    """The message itself is withdrawn, whoever had learned from it."""
    engine = person.opens([REMEMBER], "Noted.", resume=False)
    say(engine, SAID)
    person.answers = Summing(lambda task: an_answer("Tea.", a_fact("likes tea", "I like tea", 2)))
    engine.close()
    engine = person.opens("Yes.", resume=True)
    say(engine, "I like tea.")
    person.leaves(engine)
    assert person.memories() == [(FACT, ACTIVE), ("likes tea", ACTIVE)]
    engine = person.opens(resume=True)
    assert [memory.text for memory in engine.undo().memories] == ["likes tea"]
    assert [memory.text for memory in engine.undo().memories] == [FACT]
    assert person.memories() == [(FACT, WITHDRAWN), ("likes tea", WITHDRAWN)]
    assert ASKED_AGAIN not in {memory.why for memory in person.desk.store.memories.all()}


def test_a_value_that_a_lost_reply_had_replaced_is_replaced_again(person: Person) -> None:
    """Berlin holds again while nobody has learned from the message, then Lisbon does."""
    add_note(person.desk.store, "Berlin", field="location", at=person.desk.clock.now())
    person.desk.clock.advance(minutes=1)
    words = "I live in Lisbon."
    call = ToolCall("1", "remember", json.dumps({"field": "location", "text": "Lisbon", "quote": words[:-1]}))
    person.answers = Summing(lambda task: an_answer("Tea.", a_fact("Lisbon", words[:-1], field="location")))
    engine = person.opens([call], "Noted.", "A fine place.")
    say(engine, words)
    person.desk.clock.advance(minutes=1)
    list(engine.retry())
    assert [one.text for one in person.desk.store.memories.active(person.desk.clock.now())] == ["Berlin"]
    person.leaves(engine)
    assert [one.text for one in person.desk.store.memories.active(person.desk.clock.now())] == ["Lisbon"]
    assert [message.role for message in person.desk.store.transcripts.path(1)] == [Role.USER, Role.ASSISTANT]
