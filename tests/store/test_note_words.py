"""Which memories can decide about a draft: found by their words, without reading all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import Memory, MemoryStatus, NewMemory, Origin, Source
from memchat.memory.words import words
from memchat.ports import Store
from memchat.store.connection import SqliteStore, open_store

from tests.builders import add_note, add_turn
from tests.conftest import NOW
from tests.store.conftest import behind


def texts(store: Store, draft: str, message_id: int | None = None) -> list[str]:
    """The notes beside a draft."""
    return [memory.text for memory in store.memories.beside("", words(draft), message_id)]


@pytest.mark.parametrize(
    ("note", "draft"),
    [
        ("prefers code examples in Go", "prefers code examples in Go"),
        ("prefers code examples in Go", "wants code examples in Go"),
        ("allergic to peanuts", "is allergic to peanuts and shellfish"),
        ("is allergic to peanuts, shellfish, strawberries and milk", "allergic to milk"),
        ("likes tea", "tea is what she drinks at the office every morning, and likes"),
        ("vegan", "is vegan since the summer of 2019, like her sister"),
        ("對花生過敏", "對花生過敏，很嚴重"),
        ("對花生過敏", "對花生和蝦過敏"),
    ],
)
def test_a_note_that_shares_half_the_words_is_found(store: Store, note: str, draft: str) -> None:
    """Half of the draft's, or half of the note's own."""
    add_note(store, "plays the harp")
    add_note(store, note)
    assert texts(store, draft) == [note]


@pytest.mark.parametrize("draft", ["prefers long walks", "code of the front door", "", "it is", "\ud83d"])
def test_a_note_that_shares_less_is_not(store: Store, draft: str) -> None:
    """One word of several proves nothing."""
    add_note(store, "prefers code examples in Go")
    assert texts(store, draft) == []


def test_notes_of_every_status_are_found_and_profile_values_are_not(store: Store) -> None:
    """What was taken back or waits decides too; oldest first, with their sources."""
    first, second, third = (add_note(store, f"likes green tea {number}") for number in (1, 2, 3))
    add_note(store, "green tea", field="location")
    waits = store.memories.add(
        NewMemory("green tea", Source(Origin.TYPED, NOW, "green tea"), status=MemoryStatus.PENDING), NOW
    )
    store.memories.supersede(first.id, second.id, NOW)
    store.memories.withdraw(second.id, NOW)
    found = store.memories.beside("", words("green tea"))
    assert found == [store.memories.get(one.id) for one in (first, second, third, waits)]


def test_of_a_field_all_it_ever_held_is_beside(store: Store) -> None:
    """Whatever the words; with the notes that share them, and all that the same message taught, each once."""
    turn = add_turn(store, "I live in Taipei, work as a baker and like tea.")
    add_note(store, "Berlin", field="work_context")
    cities = [add_note(store, city, field="location") for city in ("Lisbon", "Taipei")]
    store.memories.withdraw(cities[0].id, NOW)
    taught = [
        store.memories.add(NewMemory(text, said_in(turn.user.id), field=field), NOW)
        for text, field in (("likes tea", ""), ("baker", "occupation"), ("Porto", "location"))
    ]
    told = add_note(store, "lives in Porto")
    add_note(store, "likes green tea")
    found = store.memories.beside("location", words("Porto"), turn.user.id)
    assert found == [store.memories.get(one.id) for one in (*cities, *taught, told)]
    assert store.memories.beside("goals", words("Berlin")) == []


def said_in(message_id: int) -> Source:
    """Words of that message."""
    return Source(Origin.TYPED, NOW, "quote", 1, 1, message_id)


def test_what_the_same_message_taught_is_beside(store: Store) -> None:
    """Also what it only confirmed, and values of the profile: too much may wait of one message."""
    turns = [add_turn(store, "I like tea."), add_turn(store, "Hello.")]
    here, there = (turn.user.id for turn in turns)
    from_here = store.memories.add(NewMemory("drinks tea", said_in(here)), NOW)
    value = store.memories.add(NewMemory("Taipei", said_in(here), "location"), NOW)
    store.memories.add(NewMemory("likes rain", said_in(there)), NOW)
    confirmed = store.memories.add(NewMemory("owns a cat", said_in(there)), NOW)
    store.memories.add_source(confirmed.id, said_in(here), NOW)
    alike = add_note(store, "plays the harp")
    assert texts(store, "the harp", here) == [from_here.text, value.text, confirmed.text, alike.text]
    assert texts(store, "the harp") == [alike.text]


def many(store: Store, number: int, text: str) -> list[Memory]:
    """So many notes, numbered."""
    with store.transaction():
        return [add_note(store, f"{text} no{place}x") for place in range(number)]


def test_among_many_alike_the_nearest_are_found(store: Store) -> None:
    """At most fifty, and the same text among them, however old it is."""
    same = add_note(store, "often drinks green tea")
    many(store, 700, "often drinks green tea with Mei and her sister")
    other = add_note(store, "black coffee")
    found = store.memories.beside("", words("often drinks green tea"))
    assert len(found) == 50
    assert found[0] == same
    assert other not in found
    assert texts(store, "often drinks black coffee") == [other.text]


def test_a_rare_word_finds_its_note_among_common_ones(store: Store) -> None:
    """What all notes share chooses none of them."""
    crowd = many(store, 600, "often likes")
    assert texts(store, f"often likes no{123}x indeed") == [crowd[123].text]


def test_the_words_leave_with_the_note(memory: SqliteStore) -> None:
    """No other row keeps them; nowhere do they stand as they are written."""
    kept, gone = add_note(memory, "likes green tea"), add_note(memory, "keeps quokkas")
    rows = behind(memory).rows("SELECT memory_id, among, typeof(word) FROM memory_words ORDER BY memory_id")
    assert rows == [(kept.id, 3, "integer")] * 3 + [(gone.id, 2, "integer")] * 2
    behind(memory).rows("DELETE FROM memories WHERE id = ?", gone.id)
    assert behind(memory).column("SELECT memory_id FROM memory_words") == [kept.id] * 3


WORDS = st.sampled_from(["tea", "rain", "cat", "harp", "green", "often", "drinks", "owns", "花生", "過敏", "台北"])
TEXTS = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)


@given(st.lists(TEXTS, max_size=12), TEXTS)
@settings(max_examples=60)
def test_nothing_that_shares_half_is_missed(notes: list[str], draft: str) -> None:
    """Of a person's usual number of notes it finds exactly those."""
    store = open_store(None)
    wanted = words(draft)
    for note in notes:
        add_note(store, note)
    alike = [
        note
        for note in notes
        for shared in [2 * len(words(note) & wanted)]
        if shared and (shared >= len(wanted) or shared >= len(words(note)))
    ]
    assert texts(store, draft) == alike
    store.close()
