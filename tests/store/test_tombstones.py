"""What must not be learned again: known by its words, which nobody can read back."""

from datetime import timedelta
from pathlib import Path

import pytest
from memchat.domain import Grave
from memchat.memory.words import words
from memchat.ports import Store
from memchat.store.connection import SqliteStore, open_store

from tests.conftest import NOW
from tests.store.conftest import Opener, behind, files_with

LATER = NOW + timedelta(days=1)
TEN = [f"word{number}" for number in range(10)]


@pytest.mark.parametrize(
    ("erased", "said"),
    [
        ("allergic to peanuts", "I am allergic to peanuts!"),
        ("allergic to peanuts", "The user has an allergic reaction to peanuts"),
        ("likes hiking in the Alps", "hikes in the Alps and likes it"),
        ("對花生過敏", "我對花生過敏，很嚴重"),
    ],
)
def test_what_holds_the_words_is_known_again(store: Store, erased: str, said: str) -> None:
    """In another form, in a longer sentence, for another field."""
    store.tombstones.add("", words(erased), NOW)
    assert store.tombstones.find("", words(said)) == Grave(NOW)
    assert store.tombstones.find("work_context", words(said)) == Grave(NOW)


@pytest.mark.parametrize("said", ["allergic to cats", "likes peanuts", "對貓過敏", "", "it is"])
def test_what_shares_less_is_not(store: Store, said: str) -> None:
    """One word of two is half; a draft without words holds nothing."""
    store.tombstones.add("", words("allergic to peanuts"), NOW)
    store.tombstones.add("", words("對花生過敏"), NOW)
    assert store.tombstones.find("", words(said)) is None


def test_seven_words_of_ten_are_enough(store: Store) -> None:
    """Six are not, however much else the draft says."""
    store.tombstones.add("", TEN, NOW)
    assert store.tombstones.find("", TEN[:7]) == Grave(NOW)
    assert store.tombstones.find("", [*TEN[:6], "more", "and", "more still"]) is None


def test_a_single_word_counts_for_its_own_field_alone(store: Store) -> None:
    """Who erased their city may still tell of a journey there; a note is a field of its own."""
    store.tombstones.add("location", {"taipei"}, NOW)
    store.tombstones.add("", {"vegan"}, NOW)
    assert store.tombstones.find("location", {"taipei", "now"}) == Grave(NOW)
    assert store.tombstones.find("", {"taipei"}) is None
    assert store.tombstones.find("work_context", {"taipei"}) is None
    assert store.tombstones.find("", {"vegan", "long"}) == Grave(NOW)
    assert store.tombstones.find("location", {"vegan"}) is None


def test_the_newest_of_several_counts(store: Store) -> None:
    """With its own date."""
    store.tombstones.add("", {"allergic", "peanut"}, NOW)
    assert store.tombstones.find("", {"allergic", "peanut"}) == Grave(NOW)
    store.tombstones.add("", {"peanut", "allergic"}, LATER)
    store.tombstones.add("", {"other", "thing"}, LATER + timedelta(days=1), never=True)
    assert store.tombstones.find("", {"allergic", "peanut"}) == Grave(LATER)


def test_never_is_never_whatever_was_erased_since(store: Store) -> None:
    """Written by hand after all and erased again, it is still not to be learned."""
    store.tombstones.add("", {"allergic", "peanut"}, NOW, never=True)
    store.tombstones.add("", {"allergic", "peanut"}, LATER)
    assert store.tombstones.find("", {"allergic", "peanut"}) == Grave(NOW, never=True)


def test_nothing_is_written_down_for_nothing(memory: SqliteStore) -> None:
    """A text of empty words alone would be a tombstone for all."""
    memory.tombstones.add("", (), NOW)
    assert behind(memory).rows("SELECT * FROM tombstones") == []
    assert memory.tombstones.find("", {"tea"}) is None


def test_half_a_character_harms_nothing(store: Store) -> None:
    """Models cut emoji in two."""
    store.tombstones.add("", {"tea", "\ud83d"}, NOW)
    assert store.tombstones.find("", {"\ud83d", "tea"}) == Grave(NOW)


def test_the_words_cannot_be_read_back(filed: SqliteStore, path: Path, opened: Opener) -> None:
    """They stand nowhere in the file; without its key the same words look different."""
    filed.tombstones.add("display_name", words("Xanthippe of Porto"), NOW)
    [(field, hashes)] = behind(filed).rows("SELECT field, hashes FROM tombstones")
    assert field == "display_name"
    assert opened().tombstones.find("", words("Xanthippe of Porto")) == Grave(NOW)
    for word in ("anthipp", "porto", "Porto"):
        assert files_with(path.parent, word) == []
    other = open_store(None)
    other.tombstones.add("display_name", words("Xanthippe of Porto"), NOW)
    assert behind(other).column("SELECT hashes FROM tombstones") != [hashes]
    keys = [
        key for one in (filed, other) for key in behind(one).column("SELECT value FROM meta WHERE name LIKE '%_key'")
    ]
    assert [len(key) for key in keys] == [32] * 4
    assert len(set(keys)) == 4
    other.close()
