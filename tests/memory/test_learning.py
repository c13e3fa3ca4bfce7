"""From a verdict to a memory, in the real store."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from memchat.domain import Draft, Memory, MemoryStatus, NewMemory, Origin, Source, Verdict
from memchat.memory.change import Change
from memchat.memory.consolidation_prompt import VERSION
from memchat.memory.learning import Rules, after_the_talk, as_kept, decide, keep, make_room, source_of
from memchat.memory.outcomes import Add, Ask, Ignore, Outcome, Refresh, Supersede
from memchat.memory.words import words
from memchat.ports import Store

from tests.builders import a_message, add_note
from tests.conftest import NOW

SAID = NOW - timedelta(days=2)
DRAFT = Draft("Lisbon", "I live in Lisbon", "location", importance=7, valid_to=NOW + timedelta(days=9))
NOTE = Draft("has a cat named Tofu", "I have a cat named Tofu")
SOURCE = Source(Origin.TYPED, SAID, "I live in Lisbon", model="m", prompt_version="v")


def stored(store: Store, memory: Memory) -> Memory:
    """As it is in the database."""
    return store.memories.get(memory.id)


@pytest.mark.parametrize(("write", "status"), [("auto", "active"), ("ask", "pending"), ("off", "active")])
def test_in_ask_what_is_proved_waits(write: str, status: str) -> None:
    """With the place it was found at; what is not proved stays what it is."""
    rules = Rules(("location",), write)
    part = a_message("I live in Lisbon").parts[0]
    proved = Verdict(MemoryStatus.ACTIVE, "quote found", part, (0, 16))
    allowed = rules.allowed(proved)
    assert (allowed.status, allowed.part, allowed.span) == (MemoryStatus(status), part, (0, 16))
    for other in (Verdict(None, "a question"), Verdict(MemoryStatus.QUARANTINED, "an order")):
        assert rules.allowed(other) == other


def test_a_source_names_the_words_and_where_they_stand() -> None:
    """Cut out of the part as the user wrote them; without a place there is no quote."""
    message = a_message("So: I LIVE in Lisbon.", turn=4, number=9)
    verdict = Verdict(MemoryStatus.ACTIVE, "quote found", message.parts[0], (4, 20))
    source = source_of(verdict, message, at=SAID, model="m", version="v")
    assert source == replace(
        SOURCE, quote="I LIVE in Lisbon", session_id=1, turn=4, message_id=9, part_id=9, span=(4, 20)
    )
    nowhere = source_of(Verdict(None, "no quote"), message, at=SAID, model="m", version="v")
    assert (nowhere.quote, nowhere.origin, nowhere.part_id) == ("", Origin.MODEL, None)


def test_what_was_kept_after_the_talk_is_told_by_its_first_source(store: Store) -> None:
    """A tool's memory stays the tool's, though consolidation confirms it later; one without a source is nobody's."""
    by_prompt, by_tool = replace(SOURCE, prompt_version=VERSION), replace(SOURCE, prompt_version="1")
    kept = keep(store.memories, DRAFT, Add(MemoryStatus.ACTIVE, "why"), by_prompt, NOW).memory
    assert after_the_talk(kept)
    tool = keep(store.memories, DRAFT, Add(MemoryStatus.ACTIVE, "why"), by_tool, NOW).memory
    confirmed = keep(store.memories, DRAFT, Refresh(tool), by_prompt, NOW).memory
    assert len(confirmed.sources) == 2
    assert not after_the_talk(confirmed)
    assert not after_the_talk(add_note(store, "by hand"))
    assert not after_the_talk(replace(kept, sources=()))


def test_what_is_new_holds_from_when_it_was_said(store: Store) -> None:
    """It is kept now, and was true before."""
    learned = keep(store.memories, DRAFT, Add(MemoryStatus.QUARANTINED, "an order"), SOURCE, NOW)
    memory = stored(store, learned.memory)
    assert (learned.replaced, learned.refreshed) == (None, False)
    assert (memory.field, memory.text, memory.importance, memory.why) == ("location", "Lisbon", 7, "an order")
    assert (memory.created_at, memory.valid_from, memory.valid_to) == (NOW, SAID, DRAFT.valid_to)
    assert memory.stored_status is MemoryStatus.QUARANTINED
    assert memory.sources == (SOURCE,)


def test_what_replaces_another_ends_it_when_it_was_said(store: Store) -> None:
    """At no moment do both hold, and at none neither."""
    old = add_note(store, "Berlin", field="location", at=SAID - timedelta(days=9))
    learned = keep(store.memories, DRAFT, Supersede(old, "quote found"), SOURCE, NOW)
    assert learned.replaced == stored(store, old)
    assert learned.replaced is not None
    assert (learned.replaced.superseded_by, learned.replaced.valid_to) == (learned.memory.id, SAID)
    assert store.memories.active(NOW) == [learned.memory]
    assert learned.memory.valid_from == SAID


def test_what_asks_is_pending(store: Store) -> None:
    """Beside what holds."""
    learned = keep(store.memories, DRAFT, Ask("goals holds 3 already"), SOURCE, NOW)
    assert (learned.memory.stored_status, learned.memory.why) == (MemoryStatus.PENDING, "goals holds 3 already")


@pytest.mark.parametrize("days", [-9, -1])
def test_what_is_known_gets_one_more_source(store: Store, days: int) -> None:
    """It is confirmed when that was said, unless it was confirmed later."""
    known = add_note(store, "Lisbon", field="location", at=NOW + timedelta(days=days))
    learned = keep(store.memories, DRAFT, Refresh(known), SOURCE, NOW)
    assert (learned.refreshed, learned.memory.id, len(learned.memory.sources)) == (True, known.id, 2)
    assert stored(store, known).last_confirmed_at == max(SAID, known.last_confirmed_at)


def test_what_waits_names_what_it_would_replace(store: Store) -> None:
    """Nothing ends by it."""
    old = add_note(store, "Berlin", field="location")
    learned = keep(store.memories, DRAFT, Ask("not in your words", old), SOURCE, NOW)
    assert (learned.memory.stored_status, learned.memory.replaces) == (MemoryStatus.PENDING, old.id)
    assert learned.replaced is None
    assert store.memories.active(NOW) == [old]


def test_what_is_proved_settles_what_waited(store: Store) -> None:
    """It leaves the inbox, and comes back when the proved one is taken back."""
    waiting = keep(store.memories, NOTE, Ask("not in your words"), SOURCE, NOW).memory
    learned = keep(store.memories, NOTE, Add(MemoryStatus.ACTIVE, "why", (waiting,)), SOURCE, NOW)
    assert learned.replaced is None
    assert stored(store, waiting).superseded_by == learned.memory.id
    store.memories.withdraw(learned.memory.id, NOW)
    assert stored(store, waiting).status(NOW) is MemoryStatus.PENDING


def test_what_takes_a_place_matters_as_much(store: Store) -> None:
    """Pinned stays pinned, and the more important of the two counts."""
    trifle = store.memories.add(NewMemory("has a dog", SOURCE, importance=2), NOW)
    assert keep(store.memories, NOTE, Supersede(trifle, "why"), SOURCE, NOW).memory.importance == NOTE.importance
    old = store.memories.add(NewMemory("has a cat", SOURCE, importance=8, pinned=True), NOW)
    waiting = keep(store.memories, NOTE, Ask("not in your words"), SOURCE, NOW).memory
    learned = keep(store.memories, NOTE, Supersede(old, "why", (waiting,)), SOURCE, NOW)
    assert (learned.memory.pinned, learned.memory.importance) == (True, 8)
    assert learned.replaced == stored(store, old)
    assert stored(store, waiting).status(NOW) is MemoryStatus.SUPERSEDED


def test_notes_beyond_the_most_wait_for_the_user(store: Store) -> None:
    """The least important first; those it is told of are the ones that wait, the new one too if it matters least."""
    for number in (3, 4, 5, 6):
        store.memories.add(NewMemory(f"note {number}", SOURCE, importance=number), NOW)
    add = Add(MemoryStatus.ACTIVE, "why")
    first, second = (
        keep(store.memories, replace(NOTE, text=text, importance=importance), add, SOURCE, NOW)
        for text, importance in (("has a cat", 5), ("trifle", 1))
    )
    kept, trifle = make_room(store.memories, [first, second], NOW, 4)
    assert [(note.text, note.stored_status, note.why) for note in trifle.aside] == [
        ("trifle", MemoryStatus.PENDING, "over memory.max_notes: keep it or reject it"),
        ("note 3", MemoryStatus.PENDING, "over memory.max_notes: keep it or reject it"),
    ]
    assert (kept, kept.aside) == (first, ())
    assert trifle.memory == trifle.aside[0] == stored(store, second.memory)


def test_room_is_made_where_a_note_was_added(store: Store) -> None:
    """Not for values of the profile, for what waits, for what confirms or replaces."""
    old = add_note(store, "has a cat")
    known = store.memories.add(NewMemory("note", SOURCE), NOW)
    for draft, outcome in (
        (DRAFT, Add(MemoryStatus.ACTIVE, "why")),
        (NOTE, Add(MemoryStatus.PENDING, "why")),
        (NOTE, Ask("why")),
        (NOTE, Refresh(known)),
        (NOTE, Supersede(old, "why")),
    ):
        learned = (keep(store.memories, draft, outcome, SOURCE, NOW),)
        assert make_room(store.memories, learned, NOW, 1) == learned
    assert make_room(store.memories, (), NOW, 1) == ()


@pytest.mark.parametrize(
    ("field", "text", "status", "kept", "becomes", "why"),
    [
        ("timezone", "lisbon", MemoryStatus.ACTIVE, "Europe/Lisbon", MemoryStatus.ACTIVE, "w"),
        ("timezone", "warm", MemoryStatus.ACTIVE, "warm", MemoryStatus.PENDING, "not a time zone that is known"),
        (
            "timezone",
            "warm",
            MemoryStatus.QUARANTINED,
            "warm",
            MemoryStatus.QUARANTINED,
            "not a time zone that is known",
        ),
        ("timezone", "warm", None, "warm", None, "w"),
        ("", "lisbon", MemoryStatus.ACTIVE, "lisbon", MemoryStatus.ACTIVE, "w"),
    ],
)  # fmt: skip - a table
def test_a_draft_takes_the_form_of_its_field(
    field: str, text: str, status: MemoryStatus | None, kept: str, becomes: MemoryStatus | None, why: str
) -> None:
    """What is no value of it waits; the draft that the verdict names is the one that counts."""
    draft = Draft(text, "q", field)
    for verdict in (Verdict(status, "w"), Verdict(status, "w", draft=draft)):
        proposed = draft if verdict.draft is None else Draft("other", "q", "plan")
        found, judged = as_kept(proposed, verdict)
        assert (found.text, judged.status, judged.why) == (kept, becomes, why)


def test_everything_waits_where_the_user_wants_to_be_asked() -> None:
    """With the draft that it is about."""
    verdict = Verdict(MemoryStatus.ACTIVE, "why", draft=DRAFT)
    assert Rules((), "ask").allowed(verdict) == Verdict(MemoryStatus.PENDING, "memory.write is ask", draft=DRAFT)
    assert Rules(()).allowed(verdict) == verdict


def test_a_decision_sees_what_can_decide(store: Store) -> None:
    """The notes that share words, the values of the profile, what was erased, and what the model points at."""
    rules = Rules(("location",))
    proved = Verdict(MemoryStatus.ACTIVE, "why")

    def decided(text: str, verdict: Verdict = proved, **more: Any) -> Outcome:
        return decide(store, Draft(text, f"now {text}"), verdict, SOURCE, rules, NOW, **more)

    cat, lives = add_note(store, "has a cat"), add_note(store, "Taipei", field="location")
    boat = add_note(store, "owns an old wooden boat")
    assert decided("has a cat named Tofu") == Supersede(cat, "why")
    assert decided("lives in Taipei") == Ignore("your profile says it")
    assert decided("lives in Taipei", profile=[lives]) == Ignore("your profile says it")
    assert decided("lives in Taipei", profile=[]) == Add(MemoryStatus.ACTIVE, "why")
    pending = Verdict(MemoryStatus.PENDING, "not in your words")
    swims = "swims in a wooden pool"
    assert decided(swims, pending, change=Change("update", boat)) == Ask("not in your words", boat)
    assert decided(swims, pending) == Add(MemoryStatus.PENDING, "not in your words")
    assert decided(swims, pending, change=Change("retract", None)) == Ignore("nothing shows that it ended")
    assert decided("owns an old wooden boat", change=Change("update", boat)) == Refresh(boat)
    gone = replace(boat, id=999)
    assert decided(swims, change=Change("update", gone)) == Add(MemoryStatus.ACTIVE, "why")
    store.tombstones.add("", words("likes green tea"), NOW - timedelta(days=1))
    assert decided("likes green tea") == Ask("you erased this on 2026-11-21")
    assert decided("likes green tea", late=True) == Ignore("you erased this")
