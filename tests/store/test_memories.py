"""Profile and notes: what holds, what held, and why."""

from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import Memory, MemoryStatus, NewMemory, Origin, Source
from memchat.errors import NotFoundError
from memchat.ports import Store
from memchat.store.connection import open_store

from tests.builders import add_note, add_turn
from tests.conftest import NOW

LATER = NOW + timedelta(hours=1)
LATEST = NOW + timedelta(hours=2)


def status(store: Store, memory: Memory) -> MemoryStatus:
    """Where it stands an hour after the last change."""
    return store.memories.get(memory.id).status(LATEST + timedelta(hours=1))


def test_a_memory_comes_back_with_its_sources(store: Store) -> None:
    """Every reason to believe it, oldest first."""
    turn = add_turn(store, "I live in Taipei.")
    source = Source(
        Origin.TYPED,
        NOW,
        "I live in Taipei",
        turn.session_id,
        1,
        turn.user.id,
        turn.user.parts[0].id,
        (0, 16),
        "openai/x",
        "v1",
    )
    new = NewMemory("Taipei", source, "location", MemoryStatus.PENDING, 7, True, LATER, "said so")
    memory = store.memories.add(new, NOW)
    assert store.memories.get(memory.id) == memory
    assert (memory.ref, memory.kind, memory.field, memory.text) == ("m1", "profile", "location", "Taipei")
    assert (memory.stored_status, memory.importance, memory.pinned) == (MemoryStatus.PENDING, 7, True)
    assert memory.created_at == memory.valid_from == memory.last_confirmed_at == NOW
    assert (memory.valid_to, memory.why, memory.sources) == (LATER, "said so", (source,))
    again = Source(Origin.HAND, LATER)
    refreshed = store.memories.add_source(memory.id, again, LATER)
    assert refreshed.sources == (source, again)
    assert (refreshed.last_confirmed_at, refreshed.valid_from) == (LATER, NOW)


def test_what_holds_now_is_profile_first_then_notes(store: Store) -> None:
    """Pending, quarantined, replaced, ended and taken back are not shown to anybody's model."""
    note = add_note(store, "allergic to peanuts")
    value = add_note(store, "Taipei", field="location")
    kept = store.memories.add(NewMemory("until Friday", Source(Origin.HAND, NOW), valid_to=LATEST), NOW)
    waits = NewMemory("p", Source(Origin.HAND, NOW), status=MemoryStatus.PENDING)
    pending = store.memories.add(waits, NOW)
    replaced, ended, withdrawn = (add_note(store, text) for text in ("r", "e", "w"))
    store.memories.supersede(replaced.id, note.id, LATER)
    store.memories.end(ended.id, LATER)
    store.memories.withdraw(withdrawn.id, LATER)
    assert [m.id for m in store.memories.active(LATER)] == [value.id, note.id, kept.id]
    assert [m.id for m in store.memories.active(LATEST)] == [value.id, note.id]
    assert [m.id for m in store.memories.all()] == [
        m.id for m in (note, value, kept, pending, replaced, ended, withdrawn)
    ]
    assert status(store, pending) is MemoryStatus.PENDING


def test_the_old_value_held_until_the_new_one_came(store: Store) -> None:
    """It stays in the history with its dates."""
    old = add_note(store, "Lisbon", field="location")
    new = add_note(store, "Taipei", field="location", at=LATER)
    store.memories.supersede(old.id, new.id, LATER)
    past = store.memories.get(old.id)
    assert (past.valid_to, past.superseded_by, status(store, old)) == (LATER, new.id, MemoryStatus.SUPERSEDED)
    assert [m.text for m in store.memories.history("location")] == ["Lisbon", "Taipei"]
    assert store.memories.history("") == []


def test_taking_a_memory_back_restores_what_it_replaced(store: Store) -> None:
    """With the end it had before, if it had one."""
    old = store.memories.add(NewMemory("in Lisbon", Source(Origin.HAND, NOW), valid_to=LATEST), NOW)
    new = add_note(store, "in Porto", at=LATER)
    store.memories.supersede(old.id, new.id, LATER)
    assert store.memories.get(old.id).valid_to == LATER
    store.memories.withdraw(new.id, LATER)
    assert status(store, new) is MemoryStatus.WITHDRAWN
    restored = store.memories.get(old.id)
    assert (restored.superseded_by, restored.valid_to) == (None, LATEST)
    assert restored.status(LATER) is MemoryStatus.ACTIVE


def test_taking_back_a_middle_version_leaves_the_newest_in_place(store: Store) -> None:
    """One value at a time: the first does not come back beside the third."""
    first, second, third = (add_note(store, city, field="location") for city in ("Lisbon", "Porto", "Taipei"))
    store.memories.supersede(first.id, second.id, NOW)
    store.memories.supersede(second.id, third.id, LATER)
    store.memories.withdraw(second.id, LATEST)
    assert store.memories.get(first.id).superseded_by == third.id
    assert [m.text for m in store.memories.active(LATEST)] == ["Taipei"]
    store.memories.withdraw(third.id, LATEST)
    assert [m.text for m in store.memories.active(LATEST)] == ["Lisbon"]


def test_what_changed_since_is_told(store: Store) -> None:
    """Born, ended, replaced, taken back or restored; a confirmation changes nothing."""
    quiet, ended, replaced, taken = (add_note(store, text) for text in ("q", "e", "r", "t"))
    store.memories.end(ended.id, LATER)
    born = add_note(store, "b", at=LATER)
    store.memories.supersede(replaced.id, born.id, LATER)
    store.memories.withdraw(taken.id, LATER)
    store.memories.add_source(quiet.id, Source(Origin.HAND, LATER), LATER)
    assert [m.id for m in store.memories.changed_since(NOW)] == [ended.id, replaced.id, taken.id, born.id]
    assert store.memories.changed_since(LATER) == []
    store.memories.withdraw(born.id, LATEST)
    assert [m.id for m in store.memories.changed_since(LATER)] == [replaced.id, born.id]


def test_what_a_turn_taught_is_known_for_undo(store: Store) -> None:
    """Only where that turn is the first source, and not what was taken back already."""
    turn = add_turn(store, "I live in Taipei.")
    said = Source(Origin.TYPED, NOW, "I live in Taipei", turn.session_id, 1, turn.user.id)
    taught = store.memories.add(NewMemory("Taipei", said, "location"), NOW)
    confirmed = add_note(store, "Taipei it is")
    store.memories.add_source(confirmed.id, said, LATER)
    undone = store.memories.add(NewMemory("x", said), NOW)
    store.memories.withdraw(undone.id, LATER)
    assert [m.id for m in store.memories.taught_by(turn.session_id, 1)] == [taught.id]
    assert store.memories.taught_by(turn.session_id, 2) == []


def test_taking_back_may_say_why(store: Store) -> None:
    """In place of the reason to keep it; without a word that one stays."""
    mine, own = (store.memories.add(NewMemory(text, Source(Origin.HAND, NOW), why="kept"), NOW) for text in "ab")
    store.memories.withdraw(mine.id, LATER)
    store.memories.withdraw(own.id, LATER, why="you asked again")
    assert [store.memories.get(one.id).why for one in (mine, own)] == ["kept", "you asked again"]
    assert status(store, own) is MemoryStatus.WITHDRAWN


def test_what_was_taken_back_comes_back_with_its_reason(store: Store) -> None:
    """As if it had never been away; only the change itself is told."""
    old = add_note(store, "Lisbon", field="location")
    source = Source(Origin.TYPED, NOW, "I moved to Porto")
    new = store.memories.add(NewMemory("Porto", source, "location", why="you said so"), LATER)
    store.memories.supersede(old.id, new.id, LATER)
    before = store.memories.all()
    assert store.memories.withdraw(new.id, LATEST, why="you asked again") == [old.id]
    assert store.memories.withdraw(new.id, LATEST, why="you took it back") == []
    store.memories.restore(new.id, LATEST, [old.id])
    assert store.memories.all() == before
    assert [m.id for m in store.memories.changed_since(LATER)] == [old.id, new.id]
    store.memories.withdraw(new.id, LATEST)
    store.memories.restore(new.id, LATEST)
    assert store.memories.get(new.id) == before[1]
    assert status(store, old) is MemoryStatus.ACTIVE


def test_a_middle_version_comes_back_to_its_place(store: Store) -> None:
    """Between the one before it and the one after it, whichever of them were taken back in the meantime."""
    ids = [add_note(store, city, field="location").id for city in ("Lisbon", "Porto", "Taipei")]
    store.memories.supersede(ids[0], ids[1], NOW)
    store.memories.supersede(ids[1], ids[2], NOW)
    before = store.memories.all()
    middle = store.memories.withdraw(ids[1], LATER)
    newest = store.memories.withdraw(ids[2], LATER)
    assert (middle, newest) == ([ids[0]], ids[:2])
    store.memories.restore(ids[2], LATEST, newest)
    store.memories.restore(ids[1], LATEST, middle)
    assert store.memories.all() == before


def test_what_was_replaced_meanwhile_stays_replaced(store: Store) -> None:
    """By another value; and nothing takes its own place."""
    old, new, other = (add_note(store, city, field="location") for city in ("Lisbon", "Porto", "Taipei"))
    store.memories.supersede(old.id, new.id, NOW)
    replaced = store.memories.withdraw(new.id, LATER)
    store.memories.supersede(old.id, other.id, LATER)
    store.memories.restore(new.id, LATEST, [*replaced, new.id, 99])
    assert store.memories.get(old.id).superseded_by == other.id
    assert store.memories.get(new.id).superseded_by is None


def waiting(store: Store, text: str, *, replaces: int | None = None, field: str = "") -> Memory:
    """A memory in the inbox."""
    source = Source(Origin.TYPED, NOW, text)
    new = NewMemory(text, source, field, MemoryStatus.PENDING, why="the wording is not yours", replaces=replaces)
    return store.memories.add(new, NOW)


def test_what_waits_knows_whose_place_it_takes(store: Store) -> None:
    """As long as that is there; one that is gone already is not named."""
    note = add_note(store, "likes tea")
    waits = waiting(store, "likes coffee", replaces=note.id)
    assert waits.replaces == note.id
    assert waiting(store, "likes rain", replaces=99).replaces is None
    store.erasure.erase_memory(note.id, NOW)
    assert store.memories.get(waits.id).replaces is None


def test_what_is_accepted_holds_from_then_on(store: Store) -> None:
    """With the person's word as one more source; others are told."""
    waits = waiting(store, "pediatrician", field="occupation")
    source = Source(Origin.HAND, LATER)
    accepted = store.memories.accept(waits.id, source, LATER)
    assert accepted == store.memories.get(waits.id)
    assert (accepted.stored_status, accepted.sources) == (MemoryStatus.ACTIVE, (*waits.sources, source))
    assert (accepted.valid_from, accepted.last_confirmed_at, accepted.created_at) == (LATER, LATER, NOW)
    assert store.memories.active(LATER) == [accepted]
    assert store.memories.changed_since(NOW) == [accepted]


def test_what_is_set_aside_waits(store: Store) -> None:
    """For a reason of its own; others are told."""
    note = add_note(store, "likes tea")
    aside = store.memories.set_aside(note.id, "more notes than memory.max_notes", LATER)
    assert (aside.stored_status, aside.why) == (MemoryStatus.PENDING, "more notes than memory.max_notes")
    assert store.memories.active(LATER) == []
    assert store.memories.changed_since(NOW) == [aside]


def test_a_pin_changes_nothing_that_holds(store: Store) -> None:
    """It stays until it is let go; nobody is told of a change."""
    note = add_note(store, "likes tea")
    assert store.memories.pin(note.id, True, LATER).pinned
    assert store.memories.get(note.id).pinned
    assert not store.memories.pin(note.id, False, LATER).pinned
    assert store.memories.get(note.id) == note
    assert store.memories.changed_since(NOW) == []


def test_notes_beyond_the_most_may_wait_the_least_important_first(store: Store) -> None:
    """Not pinned ones, not those by hand, not those that were confirmed; profile values do not count."""

    def learned(text: str, importance: int, *, pinned: bool = False, field: str = "") -> Memory:
        source = Source(Origin.TYPED, NOW, text)
        return store.memories.add(NewMemory(text, source, field, importance=importance, pinned=pinned), NOW)

    middle, low, last, kept = learned("m", 4), learned("l", 2), learned("z", 4), learned("k", 9)
    learned("pinned", 1, pinned=True)
    learned("Taipei", 1, field="location")
    confirmed = learned("confirmed", 1)
    store.memories.add_source(confirmed.id, Source(Origin.TYPED, LATER), LATER)
    store.memories.add(NewMemory("by hand", Source(Origin.HAND, NOW), importance=1), NOW)
    ended = learned("ended", 1)
    store.memories.end(ended.id, LATER)
    waiting(store, "waits")
    assert store.memories.surplus(LATER, 7) == []
    assert store.memories.surplus(LATER, 6) == [low]
    assert store.memories.surplus(LATER, 4) == [low, middle, last]
    assert store.memories.surplus(LATER, 0) == [low, middle, last, kept]
    assert store.memories.surplus(NOW, 7)[0] == store.memories.get(ended.id)


def after_the_talk(store: Store, text: str, *, by: str = "consolidation-1") -> Memory:
    """A memory that consolidation has kept."""
    source = Source(Origin.TYPED, NOW, text, model="openai/x", prompt_version=by)
    return store.memories.add(NewMemory(text, source), NOW)


def test_what_was_learned_after_the_talk_is_told_once(store: Store) -> None:
    """Not what was learned in the talk or set by hand, and not what was taken back."""
    told, by_tool = after_the_talk(store, "likes tea"), after_the_talk(store, "owns a cat", by="remember-1")
    add_note(store, "set by hand")
    later, gone = after_the_talk(store, "lives in Taipei", by="consolidation-2"), after_the_talk(store, "likes rain")
    store.memories.withdraw(gone.id, NOW)
    again = Source(Origin.TYPED, NOW, "I own a cat", prompt_version="consolidation-1")
    store.memories.add_source(by_tool.id, again, NOW)
    assert store.memories.untold() == [told, later]
    store.memories.told(told.id)
    assert store.memories.untold() == [later]
    store.memories.told(later.id)
    assert store.memories.untold() == []
    store.memories.told(told.id)
    assert store.memories.untold() == []
    assert store.memories.untold() == []
    newest = after_the_talk(store, "plays the harp")
    assert store.memories.untold() == [newest]


def test_a_memory_holds_from_when_it_was_said(store: Store) -> None:
    """It may be kept days later; then it was created, confirmed and changed."""
    said = NOW - timedelta(days=2)
    source = Source(Origin.TYPED, said, "I live in Taipei")
    kept = store.memories.add(NewMemory("Taipei", source, "location", valid_from=said), NOW)
    assert (kept.valid_from, kept.created_at, kept.last_confirmed_at) == (said, NOW, NOW)
    assert store.memories.changed_since(said) == [kept]
    assert add_note(store, "Now").valid_from == NOW


def test_what_is_not_there_is_not_found(store: Store) -> None:
    """Each method that takes an id says so."""
    memories, note = store.memories, add_note(store, "there")
    for act in (
        lambda: memories.get(7),
        lambda: memories.add_source(7, Source(Origin.HAND, NOW), NOW),
        lambda: memories.supersede(7, note.id, NOW),
        lambda: memories.supersede(note.id, 7, NOW),
        lambda: memories.end(7, NOW),
        lambda: memories.withdraw(7, NOW),
        lambda: memories.restore(7, NOW, [note.id]),
        lambda: memories.accept(7, Source(Origin.HAND, NOW), NOW),
        lambda: memories.set_aside(7, "too many notes", NOW),
        lambda: memories.pin(7, True, NOW),
    ):
        with pytest.raises(NotFoundError, match="no memory m7"):
            act()
    assert status(store, note) is MemoryStatus.ACTIVE


STEPS = st.lists(st.sampled_from(("learn", "wait", "accept", "back", "again")), max_size=14)


@given(STEPS, st.randoms(use_true_random=False))
@settings(max_examples=80)
def test_one_value_holds_whatever_is_learned_accepted_and_taken_back(steps: list[str], chance: Random) -> None:
    """A field of one value, where /redo ends with the next thing learned: no link points nowhere or in a circle."""
    store, at = open_store(None), NOW
    gone: list[tuple[int, list[int]]] = []
    for step in steps:
        at += timedelta(minutes=1)
        _take(step, store, gone, at, chance)
        known = {memory.id: memory for memory in store.memories.history("location")}
        active = [memory for memory in known.values() if memory.status(at) is MemoryStatus.ACTIVE]
        assert len(active) <= 1
        standing = [m for m in known.values() if m.stored_status is MemoryStatus.ACTIVE and m.withdrawn_at is None]
        assert bool(active) == bool(standing)
        assert all(_newest(known, memory_id) is not None for memory_id in known)
        for memory in known.values():
            if memory.withdrawn_at is None:
                replaced = store.memories.withdraw(memory.id, at, why="tried")
                store.memories.restore(memory.id, at, replaced)
        assert store.memories.history("location") == list(known.values())
    store.close()


def _newest(known: dict[int, Memory], memory_id: int) -> int | None:
    """Where the way from version to version ends; None when it never does."""
    for _ in known:
        after = known[memory_id].superseded_by
        if after is None:
            return memory_id
        memory_id = after
    return None


def _take(step: str, store: Store, gone: list[tuple[int, list[int]]], at: datetime, chance: Random) -> None:
    """One step, as memchat takes it; where it makes no sense nothing happens."""
    memories = store.memories
    known = memories.history("location")
    active = [memory for memory in known if memory.status(at) is MemoryStatus.ACTIVE]
    waits = [memory for memory in known if memory.status(at) is MemoryStatus.PENDING]
    here = [memory for memory in known if memory.withdrawn_at is None]
    source = Source(Origin.TYPED, at, "quote")
    if step == "wait":
        held = active[0].id if active else None
        memories.add(NewMemory("x", source, "location", MemoryStatus.PENDING, replaces=held), at)
    elif step == "back" and here:
        memory_id = chance.choice(here).id
        gone.append((memory_id, memories.withdraw(memory_id, at)))
    elif step == "again" and gone:
        memory_id, replaced = gone.pop()
        memories.restore(memory_id, at, replaced)
    elif step == "learn" or (step == "accept" and waits):
        gone.clear()
        new = memories.add(NewMemory("x", source, "location"), at) if step == "learn" else chance.choice(waits)
        if step == "accept":
            memories.accept(new.id, source, at)
        for old in active:
            memories.supersede(old.id, new.id, at)
