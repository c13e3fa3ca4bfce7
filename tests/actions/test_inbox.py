"""What waits for a person's word: beside what it is seen, and what becomes of it."""

from datetime import timedelta

import pytest
from memchat.actions import inbox, memories, profile
from memchat.domain import Learned, Memory, MemoryStatus, NewMemory, Origin, Source
from memchat.errors import NotFoundError, UsageError
from memchat.memory.words import words
from memchat.ports import Store

from tests.builders import add_note
from tests.conftest import NOW

Fields = tuple[str, ...]
LATER = NOW + timedelta(days=1)


def waits(
    store: Store,
    text: str,
    *,
    field: str = "",
    quote: str = "I treat children",
    replaces: int | None = None,
    status: MemoryStatus = MemoryStatus.PENDING,
    valid_to: timedelta | None = None,
) -> Memory:
    """A memory that waits, from the person's own words of yesterday."""
    source = Source(Origin.TYPED, NOW - timedelta(days=1), quote)
    until = None if valid_to is None else NOW + valid_to
    new = NewMemory(text, source, field, status, why="not in your words", replaces=replaces, valid_to=until)
    return store.memories.add(new, NOW)


def standing(store: Store, memory: Memory) -> MemoryStatus:
    """Where it stands tomorrow."""
    return store.memories.get(memory.id).status(LATER)


def test_what_waits_is_listed_oldest_first(store: Store, fields: Fields) -> None:
    """Pending and quarantined; what holds, was taken back, or whose time is over while it waited does not."""
    add_note(store, "holds")
    first = waits(store, "pediatrician")
    held = waits(store, "always obey", status=MemoryStatus.QUARANTINED)
    waits(store, "in Lisbon until Friday", valid_to=timedelta(hours=1))
    gone = waits(store, "gone")
    memories.withdraw(store, gone.ref, NOW)
    assert [one.memory.id for one in inbox.waiting(store, LATER)] == [first.id, held.id]
    assert all(one.beside == () for one in inbox.waiting(store, LATER))
    assert fields


def test_a_waiting_value_is_seen_beside_the_one_that_holds(store: Store, fields: Fields) -> None:
    """A field of one value: what it holds now; values that ended are no clash."""
    profile.replace(store, fields, {"location": ["Tainan"]}, NOW)
    taipei = profile.replace(store, fields, {"location": ["Taipei"]}, NOW).learned[0].memory
    waits(store, "Lisbon", field="location")
    assert [other.id for other in inbox.waiting(store, NOW)[0].beside] == [taipei.id]


def test_a_waiting_goal_is_seen_beside_three_but_not_beside_two(store: Store, fields: Fields) -> None:
    """Only a full field is in its way; of a full one that it replaces a part of, only that part."""
    profile.replace(store, fields, {"goals": ["write", "read"]}, NOW)
    goal = waits(store, "swim", field="goals")
    assert inbox.beside(store, goal, NOW).beside == ()
    profile.replace(store, fields, {"goals": ["write", "read", "run"]}, NOW)
    assert [other.text for other in inbox.beside(store, goal, NOW).beside] == ["write", "read", "run"]
    [run] = [memory for memory in store.memories.history("goals") if memory.text == "run"]
    other = waits(store, "run a marathon", field="goals", replaces=run.id)
    assert [memory.text for memory in inbox.beside(store, other, NOW).beside] == ["run"]


def test_a_note_that_would_replace_another_is_seen_beside_its_newest_version(store: Store, fields: Fields) -> None:
    """Reworded since; taken back or erased since, it stands alone."""
    old = add_note(store, "code in Python")
    new = waits(store, "code in Go", replaces=old.id)
    edited = memories.edit(store, fields, old.ref, "code in Python 3", NOW).memory
    assert [memory.id for memory in inbox.beside(store, new, NOW).beside] == [edited.id]
    memories.withdraw(store, edited.ref, NOW)
    assert [memory.id for memory in inbox.beside(store, new, NOW).beside] == [old.id]
    memories.withdraw(store, old.ref, NOW)
    assert inbox.beside(store, new, NOW).beside == ()
    store.erasure.erase_memory(old.id, NOW)
    assert inbox.beside(store, new, NOW).beside == ()


def test_what_is_accepted_holds_with_both_wordings(store: Store, fields: Fields) -> None:
    """From the moment of the word; its own source stays, the person's word is added."""
    memory = waits(store, "pediatrician")
    done = inbox.accept(store, fields, "ｍ１", LATER)
    assert done == Learned(store.memories.get(memory.id))
    assert done.memory.status(LATER) is MemoryStatus.ACTIVE
    assert done.memory.valid_from == done.memory.last_confirmed_at == LATER
    assert [(source.origin, source.quote) for source in done.memory.sources] == [
        (Origin.TYPED, "I treat children"),
        (Origin.HAND, ""),
    ]


def test_an_accepted_value_replaces_the_one_that_held(store: Store, fields: Fields) -> None:
    """With its history; taking the new one back brings the old one back."""
    old = profile.replace(store, fields, {"location": ["Taipei"]}, NOW).learned[0].memory
    new = waits(store, "Lisbon", field="location")
    done = inbox.accept(store, fields, new.ref, LATER)
    assert done.replaced is not None
    assert (done.replaced.id, done.replaced.valid_to, done.replaced.superseded_by) == (old.id, LATER, new.id)
    shown = profile.show(store, fields, LATER, as_of=NOW)
    assert [memory.text for memory in shown["location"]] == ["Taipei"]
    memories.withdraw(store, new.ref, LATER)
    assert [memory.text for memory in profile.get(store, fields, "location", LATER)] == ["Taipei"]


def test_an_accepted_note_replaces_what_it_was_proposed_for(store: Store, fields: Fields) -> None:
    """The newest version of that."""
    old = add_note(store, "code in Python")
    new = waits(store, "code in Go", replaces=old.id)
    edited = memories.edit(store, fields, old.ref, "code in Python 3", NOW).memory
    done = inbox.accept(store, fields, new.ref, LATER)
    assert done.replaced is not None
    assert done.replaced.id == edited.id
    assert [memory.text for memory in store.memories.active(LATER)] == ["code in Go"]


def test_a_fourth_goal_is_refused_and_the_three_are_named(store: Store, fields: Fields) -> None:
    """It goes on waiting; one that replaces a goal has its place."""
    profile.replace(store, fields, {"goals": ["write", "read", "run"]}, NOW)
    goal = waits(store, "swim", field="goals")
    with pytest.raises(UsageError, match="holds 3 values already: m1 'write', m2 'read', m3 'run'"):
        inbox.accept(store, fields, goal.ref, LATER)
    assert standing(store, goal) is MemoryStatus.PENDING
    better = waits(store, "run a marathon", field="goals", replaces=3)
    inbox.accept(store, fields, better.ref, LATER)
    held = profile.get(store, fields, "goals", LATER)
    assert [memory.text for memory in held] == ["write", "read", "run a marathon"]


def test_one_that_waits_for_room_is_simply_confirmed(store: Store, fields: Fields) -> None:
    """A note over memory.max_notes: kept by the person's word, and not put aside again."""
    source = Source(Origin.TYPED, NOW, "I like tea")
    note = store.memories.add(NewMemory("likes tea", source), NOW)
    store.memories.set_aside(note.id, "over memory.max_notes", NOW)
    done = inbox.accept(store, fields, note.ref, LATER)
    assert (done.memory.status(LATER), done.replaced) == (MemoryStatus.ACTIVE, None)
    assert store.memories.surplus(LATER, 0) == []


@pytest.mark.parametrize("field", ["", "location", "goals"])
def test_what_holds_already_is_confirmed_not_doubled(store: Store, fields: Fields, field: str) -> None:
    """Said by hand while it waited: one memory, with the words of both."""
    memory = waits(store, "Taipei.", field=field, quote="我住台北")
    held = add_note(store, "taipei", field=field)
    add_note(store, "Taipei", field="plan")
    done = inbox.accept(store, fields, memory.ref, LATER)
    assert (done.memory.id, done.refreshed) == (held.id, True)
    assert [source.quote for source in done.memory.sources] == ["", "我住台北", ""]
    assert standing(store, memory) is MemoryStatus.SUPERSEDED
    assert inbox.waiting(store, LATER) == []


def test_what_is_rejected_is_taken_back_with_the_reason(store: Store) -> None:
    """It may be said anew; no tombstone is left."""
    memory = waits(store, "pediatrician")
    done = inbox.reject(store, memory.ref, LATER)
    assert (done.status(LATER), done.why) == (MemoryStatus.WITHDRAWN, "you rejected it")
    assert store.tombstones.find("", words("pediatrician")) is None


def test_never_leaves_a_tombstone(store: Store) -> None:
    """Whoever proposes the same words again meets it."""
    memory = waits(store, "treats sick children", status=MemoryStatus.QUARANTINED)
    done = inbox.never(store, "1", LATER)
    assert (done.id, done.status(LATER)) == (memory.id, MemoryStatus.WITHDRAWN)
    grave = store.tombstones.find("", words("treats a sick child and children"))
    assert grave is not None
    assert (grave.never, grave.at) == (True, LATER)


@pytest.mark.parametrize("act", ["accept", "reject", "never"])
def test_only_what_waits_can_be_decided(store: Store, fields: Fields, act: str) -> None:
    """The error says how it stands: in use, replaced, rejected, taken back, over, never there."""
    add_note(store, "holds")
    memories.edit(store, fields, "m1", "holds more", NOW)
    inbox.reject(store, waits(store, "rejected").ref, NOW)
    memories.withdraw(store, waits(store, "taken back").ref, NOW)
    waits(store, "over", valid_to=timedelta(hours=1))

    def decide(ref: str) -> object:
        if act == "accept":
            return inbox.accept(store, fields, ref, LATER)
        return {"reject": inbox.reject, "never": inbox.never}[act](store, ref, LATER)

    for ref, told in (
        ("m2", "m2 does not wait: it is in use"),
        ("m1", "m1 was replaced by m2"),
        ("m3", "m3 does not wait: you rejected it"),
        ("m4", "m4 was taken back"),
        ("m5", "m5 holds no longer"),
    ):
        with pytest.raises(UsageError, match=told):
            decide(ref)
    with pytest.raises(NotFoundError):
        decide("m99")
    with pytest.raises(NotFoundError):
        decide("nonsense")


def test_a_field_names_what_waits_for_it(store: Store, fields: Fields) -> None:
    """Not what it holds; where nothing or more than one waits it says so. One named twice is one."""
    profile.replace(store, fields, {"location": ["Taipei"]}, NOW)
    with pytest.raises(NotFoundError, match="Nothing waits for location"):
        inbox.named(store, fields, ["location"], NOW)
    one = waits(store, "Lisbon", field="location")
    assert [found.memory.id for found in inbox.named(store, fields, ["Location", one.ref], NOW)] == [one.id]
    waits(store, "Porto", field="location")
    with pytest.raises(UsageError, match="2 values wait for location: m2 'Lisbon', m3 'Porto'"):
        inbox.named(store, fields, ["location"], NOW)
    assert inbox.accept(store, fields, "m3", LATER).memory.text == "Porto"


def test_what_only_waited_is_not_shown_as_the_value_before(store: Store, fields: Fields) -> None:
    """Reworded in the inbox: before it was what held, not what nobody had accepted."""
    profile.replace(store, fields, {"location": ["Berlin"]}, NOW)
    done = memories.edit(store, fields, waits(store, "Lisboa", field="location").ref, "Lisbon", LATER)
    before = profile.replaced(store, profile.show(store, fields, LATER))
    assert before[done.memory.id].text == "Berlin"
