"""Why a memory is believed: its words in their message, how it was learned and checked, what became of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from memchat.actions import inbox, memories, profile, provenance
from memchat.actions.provenance import AROUND, Found, Story, Telling
from memchat.domain import (
    Layer,
    Memory,
    MemoryStatus,
    NewMemory,
    Origin,
    Passage,
    Source,
    Turn,
    Zone,
)
from memchat.errors import NotFoundError
from memchat.ports import Store

from tests.builders import add_note, add_turn
from tests.conftest import NOW

Fields = tuple[str, ...]
LATER = NOW + timedelta(days=1)


def source_of(turn: Turn, quote: str, *, version: str = "1", model: str = "qwen3:8b") -> Source:
    """Where a quote stands in the user's message of a turn."""
    part = turn.user.parts[0]
    start = part.content.index(quote)
    span = (start, start + len(quote))
    return Source(Origin.TYPED, NOW, quote, turn.session_id, turn.number, turn.user.id, part.id, span, model, version)


def learn(
    store: Store,
    text: str,
    quote: str,
    said: str,
    *,
    field: str = "",
    status: MemoryStatus = MemoryStatus.ACTIVE,
    version: str = "1",
) -> Memory:
    """A memory from a turn of its own."""
    source = source_of(add_turn(store, said), quote, version=version)
    why = "" if status is MemoryStatus.ACTIVE else "not in your words"
    return store.memories.add(NewMemory(text, source, field, status, why=why, valid_from=NOW), NOW)


def told(store: Store, memory: Memory) -> Story:
    """Its story, tomorrow."""
    return provenance.story(store, ("location", "goals"), memory.ref, LATER)


def only(store: Store, memory: Memory) -> Telling:
    """Its first source."""
    return provenance.tellings(store, memory)[0]


def test_the_words_are_found_in_their_message(store: Store) -> None:
    """With what stands before and after them, and the conversation's title."""
    memory = learn(store, "Go", "show me Go", "Trial keys get 30. And show me Go, not Python.")
    store.transcripts.rename(1, "Rate limits")
    telling = only(store, memory)
    assert (telling.before, telling.quote, telling.after) == ("Trial keys get 30. And ", "show me Go", ", not Python.")
    assert (telling.title, telling.more, telling.found) == ("Rate limits", (False, False), Found.THERE)


def test_of_a_long_message_only_the_surroundings_are_told(store: Store) -> None:
    """Whole words where words have blanks between them, else whole characters."""
    memory = learn(store, "tea", "I like tea", "blah " * 200 + "I like tea" + " moreover" * 200)
    telling = only(store, memory)
    assert telling.more == (True, True)
    assert len(telling.before) <= AROUND
    assert telling.before.startswith("blah blah")
    assert telling.after.endswith("moreover moreover")
    memory = learn(store, "茶", "我喜歡茶", "天氣" * 500 + "我喜歡茶" + "天氣" * 500)
    telling = only(store, memory)
    assert (telling.before, telling.after) == ("天氣" * (AROUND // 2), "天氣" * (AROUND // 2))


def test_words_that_were_erased_are_told_so(store: Store) -> None:
    """The message is there, the words are not; or they stand elsewhere in it than they did."""
    memory = learn(store, "tea", "I like tea", "I like tea.")
    [source] = memory.sources
    moved = store.memories.add(NewMemory("x", replace(source, span=(1, 11))), NOW)
    assert (only(store, moved).found, only(store, moved).quote) == (Found.THERE, "I like tea")
    gone = store.memories.add(NewMemory("y", replace(source, quote="I loathe tea")), NOW)
    assert (only(store, gone).found, only(store, gone).quote) == (Found.ERASED, "I loathe tea")
    bare = store.memories.add(NewMemory("z", replace(source, quote="", span=None)), NOW)
    assert only(store, bare).found is Found.ERASED
    other = store.memories.add(NewMemory("w", replace(source, part_id=None)), NOW)
    assert only(store, other).found is Found.ERASED


def test_a_message_that_is_gone_is_told_so(store: Store) -> None:
    """Its conversation may be gone too; what was set by hand never had one."""
    source = Source(Origin.TYPED, NOW, "I like tea", 7, 1)
    lost = replace(add_note(store, "tea"), sources=(source,))
    assert (only(store, lost).found, only(store, lost).title) == (Found.GONE, "")
    lost = replace(lost, sources=(replace(source, message_id=99),))
    assert (only(store, lost).found, only(store, lost).quote) == (Found.GONE, "I like tea")
    assert only(store, add_note(store, "by hand")).found is Found.THERE
    brought = Source(Origin.IMPORT, NOW, "I like tea")
    assert only(store, replace(lost, sources=(brought,))).found is Found.THERE


@pytest.mark.parametrize(
    ("source", "field", "learned"),
    [
        (
            Source(Origin.TYPED, NOW, "x", model="qwen3:8b", prompt_version="1"),
            "",
            "at once, by the remember tool, with",
        ),
        (Source(Origin.TYPED, NOW, "x", prompt_version="consolidation-1", model="m"), "", "after the talk, with m"),
        (Source(Origin.HAND, NOW), "location", "by hand"),
        (Source(Origin.HAND, NOW), "", "by hand: /remember or memory add"),
        (Source(Origin.IMPORT, NOW), "", "imported"),
    ],
)
def test_how_it_was_learned(store: Store, source: Source, field: str, learned: str) -> None:
    """At once, after the talk, or by hand, and with which model."""
    memory = store.memories.add(NewMemory("x", source, field), NOW)
    assert told(store, memory).learned.startswith(learned)
    assert "nobody knows" in provenance.how_learned(replace(memory, sources=()))


def test_what_was_checked(store: Store, fields: Fields) -> None:
    """By code, by the person, not yet, not at all."""
    proved = learn(store, "tea", "I like tea", "I like tea.")
    assert told(store, proved).checked == "quote found in your message; about you; lasting; no secret"
    assert told(store, add_note(store, "by hand")).checked == "you wrote it yourself"
    wait = learn(store, "a", "I treat children", "I treat children", status=MemoryStatus.PENDING)
    assert told(store, wait).checked == "not used until you accept it: not in your words"
    held = learn(store, "b", "obey", "obey", status=MemoryStatus.QUARANTINED)
    assert told(store, held).checked == "held back: not in your words"
    assert "taken back: you rejected it" in told(store, inbox.reject(store, held.ref, LATER)).checked
    memories.withdraw(store, proved.ref, LATER)
    assert told(store, proved).checked == "taken back"
    kept = store.memories.add(NewMemory("e", Source(Origin.TYPED, NOW), why="quote found in your message"), NOW)
    memories.withdraw(store, kept.ref, LATER)
    assert told(store, kept).checked == "taken back"
    came = store.memories.add(NewMemory("c", Source(Origin.IMPORT, NOW)), NOW)
    assert told(store, came).checked == "nothing: it came as it is"
    plain = store.memories.add(NewMemory("d", Source(Origin.TYPED, NOW), status=MemoryStatus.PENDING), NOW)
    assert told(store, plain).checked == "not used until you accept it"
    assert fields


def test_what_was_accepted_keeps_both_wordings(store: Store, fields: Fields) -> None:
    """The memory's own text, the person's words, and the day of the yes, which is no confirmation."""
    wait = learn(store, "pediatrician", "I treat children", "I treat children.", status=MemoryStatus.PENDING)
    inbox.accept(store, fields, wait.ref, LATER)
    story = told(store, wait)
    assert (story.memory.text, story.tellings[0].quote) == ("pediatrician", "I treat children")
    assert (story.accepted_at, story.checked, story.confirmed) == (LATER, "you accepted it", 0)
    store.memories.add_source(wait.id, Source(Origin.HAND, LATER + timedelta(hours=1)), LATER + timedelta(hours=1))
    assert told(store, wait).confirmed == 1


def test_what_is_confirmed_by_hand_was_not_accepted_by_that(store: Store) -> None:
    """Neither what code proved, nor what was set by hand twice in one moment."""
    proved = learn(store, "tea", "I like tea", "I like tea.")
    memories.add(store, "tea", LATER)
    assert (told(store, proved).accepted_at, told(store, proved).confirmed) == (None, 1)
    memories.add(store, "by hand", NOW)
    again = memories.add(store, "by hand", NOW).memory
    assert (told(store, again).accepted_at, told(store, again).confirmed) == (None, 1)


def test_the_whole_story_holds_every_version_in_order(store: Store, fields: Fields) -> None:
    """What it replaced, what replaced it, and all others of the chain."""
    for text in ("Tainan", "Taipei", "Lisbon"):
        profile.replace(store, fields, {"location": [text]}, NOW)
    story = provenance.story(store, fields, "m2", LATER)
    assert [memory.text for memory in story.versions] == ["Tainan", "Taipei", "Lisbon"]
    assert [memory.text for memory in story.replaced] == ["Tainan"]
    assert story.replaced_by is not None
    assert story.replaced_by.text == "Lisbon"
    assert story.status is MemoryStatus.SUPERSEDED
    newest = provenance.story(store, fields, "location", LATER)
    assert (newest.memory.text, newest.replaced_by) == ("Lisbon", None)


def test_how_often_it_was_used(store: Store) -> None:
    """In how many turns, and which was the newest."""
    memory = add_note(store, "likes tea")
    assert (told(store, memory).shown, told(store, memory).last_shown) == (0, "")
    first = add_turn(store)
    add_turn(store, session_id=first.session_id)
    shown = Passage(Layer.NOTE, Zone.HEAD, memory.ref, "likes tea", "likes tea", 3)
    for number in (1, 2):
        store.usages.record_shown(first.session_id, number, [shown], NOW)
    assert (told(store, memory).shown, told(store, memory).last_shown) == (2, "s1.2")


def test_what_is_not_there_has_no_story(store: Store, fields: Fields) -> None:
    """An id never given."""
    with pytest.raises(NotFoundError):
        provenance.story(store, fields, "m99", NOW)
