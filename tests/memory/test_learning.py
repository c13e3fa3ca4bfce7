"""From a verdict to a memory, in the real store."""

from dataclasses import replace
from datetime import timedelta

import pytest
from memchat.domain import Draft, Memory, MemoryStatus, Origin, Source, Verdict
from memchat.memory.consolidation_prompt import VERSION
from memchat.memory.learning import Rules, after_the_talk, keep, source_of
from memchat.memory.reconcile import Add, Ask, Refresh, Supersede
from memchat.ports import Store

from tests.builders import a_message, add_note
from tests.conftest import NOW

SAID = NOW - timedelta(days=2)
DRAFT = Draft("Lisbon", "I live in Lisbon", "location", importance=7, valid_to=NOW + timedelta(days=9))
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
