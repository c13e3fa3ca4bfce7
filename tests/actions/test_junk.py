"""What memory could do without, in a real store: each kind, and what is none."""

from collections.abc import Sequence
from datetime import timedelta

from memchat.actions.junk import STALE, WAITS, Junk, Kind, junk
from memchat.domain import MemoryStatus, NewMemory, Origin, Source
from memchat.ports import Store

from tests.builders import add_note, add_turn
from tests.conftest import NOW

SECRET = "sk-ant-api03-" + "a1B2" * 20


def told(found: Sequence[Junk]) -> list[tuple[str, str]]:
    """Each as (id, why)."""
    return [(one.memory.ref, one.kind.value) for one in found]


def learned(store: Store, text: str, quote: str, *, status: MemoryStatus = MemoryStatus.ACTIVE) -> None:
    """A note that was said in the first turn."""
    message = store.transcripts.turns(1)[0].messages[0]
    part = message.parts[0]
    start = part.content.find(quote)
    span = (start, start + len(quote)) if start >= 0 else None
    source = Source(Origin.TYPED, NOW, quote, 1, 1, message.id, part.id, span)
    store.memories.add(NewMemory(text, source, status=status), NOW)


def test_clean_memory_is_no_junk(store: Store) -> None:
    """Set by hand, or said in words that are there."""
    add_turn(store, "I work on the billing API with Ines.")
    learned(store, "works on the billing API with Ines", "I work on the billing API with Ines")
    add_note(store, "Taipei", field="location")
    add_note(store, "allergic to peanuts")
    assert junk(store, NOW) == []


def test_what_says_the_same_twice_is_told_once(store: Store) -> None:
    """The newer one, with the older; also a value of the profile. What is pinned was meant so."""
    add_note(store, "Taipei", field="location")
    add_note(store, "lives in Taipei")
    add_note(store, "likes green tea")
    add_note(store, "likes green tea")
    add_note(store, "likes black tea")
    found = junk(store, NOW)
    assert told(found) == [("m2", "duplicate"), ("m4", "duplicate")]
    assert [one.other.ref for one in found if one.other] == ["m1", "m3"]
    assert found[1].remedy == "/undo m4 in a chat"
    store.memories.pin(4, True, NOW)
    assert told(junk(store, NOW)) == [("m2", "duplicate")]


def test_its_remedy_takes_only_the_one_away(store: Store) -> None:
    """Forgetting would erase the same words in the other."""
    from memchat.actions import memories

    add_note(store, "likes green tea")
    add_note(store, "likes green tea")
    memories.withdraw(store, "m2", NOW)
    assert junk(store, NOW) == []
    assert [one.ref for one in store.memories.active(NOW)] == ["m1"]


def test_what_was_not_said_for_a_year_may_hold_no_longer(store: Store) -> None:
    """A note; not what is pinned, nor a profile value, nor anything younger."""
    for text in ("knits", "sails", "paints"):
        add_note(store, text)
    add_note(store, "Taipei", field="location")
    store.memories.pin(2, True, NOW)
    later = NOW + STALE + timedelta(seconds=1)
    store.memories.add_source(3, Source(Origin.HAND, later), later)
    assert told(junk(store, NOW + STALE)) == []
    assert told(junk(store, later)) == [("m1", "stale")]


def test_what_waits_for_a_month_is_told(store: Store) -> None:
    """It is a person's to decide."""
    add_turn(store, "I might move.")
    learned(store, "might move", "I might move", status=MemoryStatus.PENDING)
    assert junk(store, NOW + WAITS) == []
    (one,) = junk(store, NOW + WAITS + timedelta(seconds=1))
    assert (one.kind, one.remedy) == (Kind.WAITING, "memchat memory review")


def test_what_rests_on_nothing_is_told(store: Store) -> None:
    """Its words are not there; which is meant so where the settings erase old words."""
    add_turn(store, "I keep bees.")
    learned(store, "keeps bees", "I never said this")
    (one,) = junk(store, NOW)
    assert (one.kind, one.remedy) == (Kind.UNSUPPORTED, "memchat memory why m1")
    assert junk(store, NOW, words_are_erased=True) == []


def test_a_secret_is_told_wherever_it_stands(store: Store) -> None:
    """In what was replaced too, and before anything else; its remedy erases it."""
    add_note(store, f"the key is {SECRET}")
    store.memories.end(1, NOW)
    add_note(store, "keeps bees", quote=f"keeps bees, and {SECRET}")
    found = junk(store, NOW)
    assert told(found) == [("m1", "secret-shaped"), ("m2", "secret-shaped")]
    assert found[0].remedy == "memchat forget m1"
    assert SECRET not in found[0].what
