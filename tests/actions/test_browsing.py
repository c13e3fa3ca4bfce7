"""What a person looks through: pages, what is found while they type, and where the words stand."""

from memchat.actions import browsing
from memchat.actions.browsing import Finder, Hits
from memchat.memory.recalling import Recall
from memchat.ports import Store

from tests.builders import add_note, add_turn
from tests.conftest import NOW


def look(store: Store, words: str) -> Hits:
    """What is there for these words."""
    return Finder(store, Recall(store), len).look(words, NOW)


def test_the_last_turn_of_a_conversation_is_known_without_reading_it(store: Store) -> None:
    """0 for one that holds none."""
    turn = add_turn(store)
    add_turn(store, session_id=turn.session_id)
    session = store.transcripts.session(1)
    assert (browsing.last_turn(store, session), browsing.count_talks(store)) == (2, 1)
    store.transcripts.set_leaf(1, None)
    empty = store.transcripts.session(1)
    assert browsing.last_turn(store, empty) == 0


def test_whole_words_come_before_beginnings_and_each_turn_once(store: Store) -> None:
    """What recall finds first, then the newest that only begin so; with a blank after it the word is whole."""
    add_turn(store, "The light is on.", "A light, yes.")
    add_turn(store, "The lighthouse is white.", "Yes.")
    assert [one.ref for one in look(store, "light").passages] == ["s1.1", "s2.1"]
    assert [one.ref for one in look(store, "light ").passages] == ["s1.1"]
    assert [one.ref for one in look(store, "lighth").passages] == ["s2.1"]


def test_memories_are_found_whatever_their_status(store: Store) -> None:
    """By any part of their words; nothing is looked for where nothing is typed."""
    add_note(store, "allergic to peanuts")
    store.memories.withdraw(add_note(store, "peanut butter").id, NOW)
    assert [one.ref for one in look(store, "anut").memories] == ["m2", "m1"]
    assert look(store, "  ") == Hits("  ")


def test_where_the_words_stand(store: Store) -> None:
    """Whole words as a search marks them, else where one begins so; signs alone stand nowhere."""
    add_turn(store, "nothing", "of this")
    text = "Lighthouses and light"
    assert browsing.spans(text, look(store, "light")) == [(16, 21)]
    assert browsing.spans(text, look(store, "ligh")) == [(0, 4), (16, 20)]
    assert browsing.spans(text, look(store, "?!")) == []


def test_of_a_long_text_the_first_place_is_found_wherever_it_is(store: Store) -> None:
    """In scripts with blanks and without."""
    add_turn(store, "nothing", "of this")
    long = f"{'so and so on ' * 80}the lighthouse is white {'and on ' * 80}"
    (first, last), *_ = browsing.spans(long, look(store, "lightho"))
    assert long[first:last] == "lightho"
    chinese = f"{'今天天氣很好' * 90}花生過敏{'今天天氣很好' * 90}"
    assert [chinese[a:b] for a, b in browsing.spans(chinese, look(store, "花生過敏"))] == ["花生過敏"]
    assert browsing.spans(long, look(store, "zebra")) == []


def test_of_one_letter_only_memories_are_looked_for(store: Store) -> None:
    """Half of all messages hold a word that begins so; a sign of Chinese is a word."""
    add_note(store, "x-ray")
    add_turn(store, "x marks the spot 花", "yes")
    assert ([one.ref for one in look(store, "x").memories], look(store, "x").passages) == (["m1"], ())
    assert [one.ref for one in look(store, "花").passages] == ["s1.1"]


def test_an_index_that_is_gone_is_told(store: Store) -> None:
    """What is remembered is found all the same."""
    add_note(store, "allergic to peanuts")
    add_turn(store, "peanuts", "yes")
    store.database.rows("DROP TABLE words_of_messages_idx")  # type: ignore[attr-defined]  # - damage is done by hand
    found = look(store, "peanu")
    assert [one.ref for one in found.memories] == ["m1"]
    assert "index" in found.trouble
