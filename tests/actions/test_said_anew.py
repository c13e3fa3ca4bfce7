"""What was erased and is written by hand again waits for a yes: nothing comes back by a slip, and nothing is lost."""

from datetime import timedelta

import pytest
from memchat.actions import forgetting, inbox, memories, profile
from memchat.actions.forgetting import Wanted
from memchat.domain import Learned, MemoryStatus
from memchat.memory.words import words
from memchat.ports import Store

from tests.builders import add_note
from tests.conftest import NOW

Fields = tuple[str, ...]
LATER = NOW + timedelta(days=1)
WHY = "you erased this on 2026-11-22"


def buried(store: Store, text: str, field: str = "") -> None:
    """Known, and erased."""
    memory = add_note(store, text, field=field)
    forgetting.erase(store, forgetting.plan(store, (field,), Wanted(refs=(memory.ref,)), NOW), NOW)


def stands(learned: Learned) -> tuple[str, MemoryStatus, str]:
    """How it was kept."""
    return learned.memory.text, learned.memory.stored_status, learned.memory.why


def test_a_note_waits(store: Store, fields: Fields) -> None:
    """Also in other words that hold 70 % of it; accepted it holds, and written again it is confirmed."""
    buried(store, "allergic to peanuts")
    added = memories.add(store, "I am allergic to peanuts!", LATER)
    assert stands(added) == ("I am allergic to peanuts!", MemoryStatus.PENDING, WHY)
    assert store.memories.active(LATER) == []
    inbox.accept(store, fields, added.memory.ref, LATER)
    assert memories.add(store, "i am allergic to peanuts!", LATER).refreshed
    assert [memory.id for memory in store.memories.active(LATER)] == [added.memory.id]


def test_it_waits_once_however_often_it_is_written(store: Store) -> None:
    """The inbox does not fill; other words wait beside it."""
    buried(store, "allergic to peanuts")
    first = memories.add(store, "allergic to peanuts", LATER)
    assert memories.add(store, "Allergic to PEANUTS", LATER).memory.id == first.memory.id
    assert memories.add(store, "badly allergic to peanuts", LATER).memory.id != first.memory.id


def test_what_was_refused_for_good_waits_too(store: Store) -> None:
    """The reason says so."""
    store.tombstones.add("", words("the garden gate"), NOW, never=True)
    assert stands(memories.add(store, "the garden gate", LATER))[1:] == (
        MemoryStatus.PENDING,
        "you asked never to keep this",
    )


def test_a_profile_value_waits_and_the_old_one_holds(store: Store, fields: Fields) -> None:
    """Accepted it takes its place; `goals` as well as a field of one value."""
    buried(store, "Taipei", "location")
    profile.replace(store, fields, {"location": ["Porto"]}, NOW)
    [learned] = profile.replace(store, fields, {"location": ["Taipei"]}, LATER).learned
    assert stands(learned) == ("Taipei", MemoryStatus.PENDING, WHY)
    assert [memory.text for memory in profile.get(store, fields, "location", LATER)] == ["Porto"]
    inbox.accept(store, fields, learned.memory.ref, LATER)
    assert [memory.text for memory in profile.get(store, fields, "location", LATER)] == ["Taipei"]
    buried(store, "learn to sail", "goals")
    assert stands(profile.add_value(store, fields, "goals", "learn to sail", LATER))[1] is MemoryStatus.PENDING


@pytest.mark.parametrize("field", ["", "location"])
def test_a_reworded_memory_that_says_it_waits_beside_the_old(store: Store, fields: Fields, field: str) -> None:
    """The old words hold until the new are accepted."""
    buried(store, "Taipei harbour", field)
    old = add_note(store, "Porto", field=field)
    edited = memories.edit(store, fields, old.ref, "Taipei harbour", LATER)
    assert stands(edited) == ("Taipei harbour", MemoryStatus.PENDING, WHY)
    assert edited.memory.replaces == old.id
    assert [memory.id for memory in store.memories.active(LATER)] == [old.id]
    inbox.accept(store, fields, edited.memory.ref, LATER)
    assert [memory.text for memory in store.memories.active(LATER)] == ["Taipei harbour"]


def test_what_waits_may_be_reworded_and_holds(store: Store, fields: Fields) -> None:
    """Whoever rewords it in the inbox has decided."""
    buried(store, "allergic to peanuts")
    waits = memories.add(store, "allergic to peanuts", LATER).memory
    edited = memories.edit(store, fields, waits.ref, "allergic to peanuts since childhood", LATER)
    assert edited.memory.status(LATER) is MemoryStatus.ACTIVE


def test_without_a_tombstone_it_is_kept_at_once(store: Store) -> None:
    """As ever."""
    assert memories.add(store, "allergic to peanuts", LATER).memory.status(LATER) is MemoryStatus.ACTIVE
