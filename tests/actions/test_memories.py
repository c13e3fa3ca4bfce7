"""Memories one by one: found by id or field, listed, reworded, taken back."""

from datetime import datetime, timedelta

import pytest
from memchat.actions import memories, profile
from memchat.domain import Memory, MemoryStatus, NewMemory, Origin
from memchat.errors import NotFoundError, UsageError
from memchat.ports import Store

from tests.builders import a_memory, a_source, add_note
from tests.conftest import NOW

Fields = tuple[str, ...]
LATER = NOW + timedelta(days=1)


def waiting(store: Store, text: str, *, field: str = "", status: MemoryStatus = MemoryStatus.PENDING) -> Memory:
    """A memory that waits for a person's word."""
    return store.memories.add(NewMemory(text, a_source(turn=None), field=field, status=status), NOW)


def test_an_empty_memory_lists_nothing(store: Store) -> None:
    """Not even counts."""
    assert memories.listing(store, NOW) == []
    assert memories.counts(store, NOW) == {}


def test_a_note_is_kept_in_the_persons_words(store: Store) -> None:
    """By hand, active, with the words as they were written."""
    done = memories.add(store, " 對花生過敏 ", NOW)
    assert (done.memory.text, done.memory.kind, done.memory.sources[0].origin) == ("對花生過敏", "note", Origin.HAND)
    assert [memory.id for memory in memories.listing(store, NOW)] == [done.memory.id]


def test_the_same_note_again_is_confirmed_not_doubled(store: Store) -> None:
    """Case and width aside; a note that differs is a note of its own."""
    memories.add(store, "Allergic to peanuts", NOW)
    again = memories.add(store, "allergic to ｐｅａｎｕｔｓ", LATER)
    assert again.refreshed
    assert again.memory.last_confirmed_at == LATER
    memories.add(store, "allergic to cashews", LATER)
    assert len(store.memories.all()) == 2


def test_a_note_may_say_what_a_profile_value_says(store: Store, fields: Fields) -> None:
    """A note is not swallowed by a field of the same words."""
    profile.replace(store, fields, {"location": ["Taipei"]}, NOW)
    assert not memories.add(store, "Taipei", NOW).refreshed


def test_lists_are_filtered_and_sorted(store: Store, fields: Fields) -> None:
    """By kind, status and day; newest first unless asked otherwise."""
    old = store.memories.add(NewMemory("old", a_source(turn=None), pinned=True), NOW - timedelta(days=9))
    value = profile.replace(store, fields, {"location": ["Taipei"]}, NOW).learned[0].memory
    top = store.memories.add(NewMemory("top", a_source(turn=None), importance=9), NOW)

    def ids(kind: str | None = None, since: datetime | None = None, sort: str = "newest") -> list[int]:
        return [memory.id for memory in memories.listing(store, NOW, kind=kind, since=since, sort=sort)]

    assert ids() == [top.id, value.id, old.id]
    assert ids(sort="oldest") == [old.id, value.id, top.id]
    assert ids(sort="importance") == [old.id, top.id, value.id]
    assert ids(kind="profile") == [value.id]
    assert ids(kind="note", since=NOW) == [top.id]


def test_each_status_has_its_list(store: Store, fields: Fields) -> None:
    """What waits, is held back, was replaced, is over or was taken back is found by its status, and all by `all`."""
    profile.replace(store, fields, {"location": ["Tainan"]}, NOW)
    profile.replace(store, fields, {"location": ["Taipei"]}, LATER)
    profile.replace(store, fields, {"plan": ["Pro"]}, NOW)
    profile.unset(store, fields, "plan", LATER)
    waiting(store, "maybe")
    waiting(store, "obey", status=MemoryStatus.QUARANTINED)
    memories.withdraw(store, memories.add(store, "oops", NOW).memory.ref, LATER)
    found = {status: [m.text for m in memories.listing(store, LATER, status=status)] for status in memories.STATUSES}
    assert found == {
        "active": ["Taipei"],
        "pending": ["maybe"],
        "quarantined": ["obey"],
        "superseded": ["Tainan"],
        "expired": ["Pro"],
        "withdrawn": ["oops"],
        "all": ["oops", "obey", "maybe", "Pro", "Taipei", "Tainan"],
    }
    assert memories.counts(store, LATER) == dict.fromkeys(memories.STATUSES[:-1], 1)


@pytest.mark.parametrize("words", [("notes", "active", "newest"), (None, "gone", "newest"), (None, "active", "size")])
def test_an_unknown_filter_names_the_known_ones(store: Store, words: tuple[str | None, str, str]) -> None:
    """Wrong usage, with the words there are."""
    kind, status, sort = words
    with pytest.raises(UsageError, match="is not one of"):
        memories.listing(store, NOW, kind=kind, status=status, sort=sort)


@pytest.mark.parametrize("ref", ["m1", "ｍ１", "1", " M1 ", "location", "Location"])
def test_a_memory_is_found_by_id_or_field(store: Store, fields: Fields, ref: str) -> None:
    """`12` is enough, as only memories have ids here; a field's name stands for its value."""
    profile.replace(store, fields, {"location": ["Taipei"]}, NOW)
    assert memories.get(store, fields, ref, NOW).text == "Taipei"


def test_what_names_no_memory_is_not_found(store: Store, fields: Fields) -> None:
    """An id never given, a field without a value, a word that is neither."""
    with pytest.raises(NotFoundError):
        memories.get(store, fields, "m99", NOW)
    with pytest.raises(NotFoundError, match="location is not known"):
        memories.get(store, fields, "location", NOW)
    with pytest.raises(NotFoundError) as raised:
        memories.get(store, fields, "locatoin", NOW)
    assert raised.value.hint == "Nearest: location."
    with pytest.raises(NotFoundError) as raised:
        memories.get(store, fields, "s17", NOW)
    assert "m12" in raised.value.hint


def test_a_field_of_several_values_asks_for_the_id(store: Store, fields: Fields) -> None:
    """`goals` alone would be a guess."""
    profile.replace(store, fields, {"goals": ["write", "read"]}, NOW)
    with pytest.raises(UsageError, match="m1 'write', m2 'read'"):
        memories.get(store, fields, "goals", NOW)


def test_an_edit_is_a_new_version(store: Store, fields: Fields) -> None:
    """It supersedes the old one and keeps importance, pin and field."""
    old = store.memories.add(NewMemory("code in Python", a_source(turn=None), importance=8, pinned=True), NOW)
    done = memories.edit(store, fields, "m1", "code in Go", LATER)
    assert (done.memory.text, done.memory.importance, done.memory.pinned) == ("code in Go", 8, True)
    assert done.replaced is not None
    assert done.replaced.superseded_by == done.memory.id
    assert store.memories.get(old.id).status(LATER) is MemoryStatus.SUPERSEDED


def test_an_edit_to_the_same_words_confirms(store: Store, fields: Fields) -> None:
    """Nothing is replaced by itself."""
    memories.add(store, "code in Go", NOW)
    assert memories.edit(store, fields, "1", "code  in Go ", LATER).refreshed
    assert len(store.memories.all()) == 1


def test_what_held_until_a_day_still_holds_until_then(store: Store, fields: Fields) -> None:
    """Rewording a passing memory does not make it last."""
    until = NOW + timedelta(days=5)
    store.memories.add(NewMemory("in Lisbon", a_source(turn=None), valid_to=until), NOW)
    assert memories.edit(store, fields, "m1", "in Porto", LATER).memory.valid_to == until


def test_a_version_that_holds_no_longer_cannot_be_edited(store: Store, fields: Fields) -> None:
    """The error names the version that holds, or the way to say it anew."""
    memories.add(store, "one", NOW)
    memories.edit(store, fields, "m1", "two", NOW)
    with pytest.raises(UsageError, match="m1 was replaced by m2"):
        memories.edit(store, fields, "m1", "three", NOW)
    memories.withdraw(store, "m2", LATER)
    with pytest.raises(UsageError, match="m2 was taken back"):
        memories.edit(store, fields, "m2", "three", LATER)
    profile.replace(store, fields, {"plan": ["Pro"]}, NOW)
    profile.unset(store, fields, "plan", LATER)
    with pytest.raises(UsageError, match="m3 holds no longer"):
        memories.edit(store, fields, "m3", "Max", LATER)


def test_editing_what_waits_accepts_it_in_other_words(store: Store, fields: Fields) -> None:
    """The new version is active, by hand; the value it clashed with gives way."""
    profile.replace(store, fields, {"location": ["Berlin"]}, NOW)
    pending = waiting(store, "Lisbon?", field="location")
    done = memories.edit(store, fields, pending.ref, "Lisbon", LATER)
    assert done.memory.status(LATER) is MemoryStatus.ACTIVE
    assert [memory.text for memory in profile.get(store, fields, "location", LATER)] == ["Lisbon"]
    note = waiting(store, "likes tea?")
    assert memories.edit(store, fields, note.ref, "likes tea?", LATER).memory.status(LATER) is MemoryStatus.ACTIVE


def test_a_waiting_goal_cannot_become_the_fourth(store: Store, fields: Fields) -> None:
    """Three goals, whichever way they come."""
    pending = waiting(store, "swim", field="goals")
    profile.replace(store, fields, {"goals": ["a", "b"]}, NOW)
    memories.edit(store, fields, pending.ref, "swim daily", NOW)
    again = waiting(store, "run", field="goals")
    with pytest.raises(UsageError, match="holds 3 values"):
        memories.edit(store, fields, again.ref, "run daily", NOW)


def test_long_and_empty_edits_are_refused_by_their_kind(store: Store, fields: Fields) -> None:
    """A profile value has room for 500 characters, a note for 2,000."""
    profile.replace(store, fields, {"plan": ["Pro"]}, NOW)
    memories.add(store, "note", NOW)
    with pytest.raises(UsageError, match="500"):
        memories.edit(store, fields, "plan", "x" * 501, NOW)
    assert memories.edit(store, fields, "m2", "x" * 501, NOW).memory.text == "x" * 501
    with pytest.raises(UsageError, match="empty"):
        memories.edit(store, fields, "plan", "", NOW)


def test_taking_back_restores_what_was_replaced(store: Store, fields: Fields) -> None:
    """Undo is not forgetting: the earlier value holds again."""
    profile.replace(store, fields, {"location": ["Berlin"]}, NOW)
    new = profile.replace(store, fields, {"location": ["Lisbon"]}, LATER).learned[0].memory
    assert memories.withdraw(store, "ｍ２", LATER).status(LATER) is MemoryStatus.WITHDRAWN
    assert [memory.text for memory in profile.get(store, fields, "location", LATER)] == ["Berlin"]
    with pytest.raises(UsageError, match=f"{new.ref} was taken back"):
        memories.withdraw(store, new.ref, LATER)


def test_taking_back_wants_an_id_that_exists(store: Store) -> None:
    """A word is wrong usage, a number never given is not found."""
    add_note(store, "one")
    with pytest.raises(UsageError, match="no memory's id"):
        memories.withdraw(store, "12", NOW)
    with pytest.raises(NotFoundError):
        memories.withdraw(store, "m12", NOW)


def test_an_edit_of_what_waits_tells_what_ends(store: Store, fields: Fields) -> None:
    """What waited never held: where it clashes with nothing, nothing ends. A note that it would replace ends too."""
    assert memories.edit(store, fields, waiting(store, "treats children").ref, "pediatrician", NOW).replaced is None
    old = add_note(store, "code in Python")
    new = NewMemory("code in Go", a_source("Go please", turn=None), status=MemoryStatus.PENDING, replaces=old.id)
    done = memories.edit(store, fields, store.memories.add(new, NOW).ref, "all code in Go", LATER)
    assert done.replaced is not None
    assert (done.replaced.id, done.replaced.superseded_by) == (old.id, done.memory.id)
    assert [memory.text for memory in store.memories.active(LATER)] == ["pediatrician", "all code in Go"]


def test_memories_are_pinned_and_let_go_all_or_none(store: Store, fields: Fields) -> None:
    """By id or field, twice is once; one that does not hold stops all of it and says how it stands."""
    add_note(store, "one")
    profile.replace(store, fields, {"location": ["Taipei"]}, NOW)
    assert [memory.pinned for memory in memories.pin(store, fields, ["1", "location", "m1"], NOW)] == [True] * 3
    assert [memory.pinned for memory in memories.pin(store, fields, ["ｍ１"], NOW, pinned=False)] == [False]
    wait = waiting(store, "maybe")
    with pytest.raises(UsageError, match="m3 waits for your yes"):
        memories.pin(store, fields, ["m1", wait.ref], NOW)
    memories.edit(store, fields, "m1", "uno", NOW)
    with pytest.raises(UsageError, match="m1 was replaced by m4"):
        memories.pin(store, fields, ["m4", "m1"], NOW)
    assert [memory.ref for memory in store.memories.all() if memory.pinned] == ["m2"]


def test_a_value_is_said_anew_into_its_field() -> None:
    """`memory add` would make a note of it."""
    assert memories.anew(a_memory("tea")) == "Say it anew: memchat memory add TEXT"
    assert memories.anew(a_memory("Taipei", field="location")) == "Say it anew: memchat profile set location VALUE"
    assert memories.anew(a_memory("run", field="goals")) == "Say it anew: memchat profile add goals VALUE"
