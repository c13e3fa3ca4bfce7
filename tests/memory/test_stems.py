"""English endings come off as FTS5 takes them off, so that what is found is also recognised."""

import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.memory.stems import stem

ENDINGS = (
    *("", "s", "es", "ies", "sses", "ed", "ing", "eed", "ational", "ization", "fulness", "biliti", "bility", "icate"),
    *("alize", "ement", "ion", "tion", "sion", "ly", "y", "e", "ll", "er", "ic", "ative", "logy", "ousli", "ness"),
)


def porter(words: list[str]) -> list[str]:
    """What FTS5 keeps of each word."""
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5 (word, tokenize = 'porter ascii')")
        connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab (t, instance)")
        connection.executemany("INSERT INTO t (rowid, word) VALUES (?, ?)", enumerate(words))
        found = dict(connection.execute("SELECT doc, term FROM v"))
    return [found[number] for number in range(len(words))]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("hiking hiked hikes hike", "hike"),
        ("hobby hobbies", "hobbi"),
        ("flexible flexibility", "flexibl"),
        ("hopping hopped hop hops", "hop"),
        ("falling falls fall", "fall"),
        ("national nationally", "nation"),
        ("agreed agree", "agre"),
        ("controlling", "control"),
        ("conflated conflating conflate", "conflat"),
        ("yes", "ye"),
        ("at", "at"),
        ("花生", "花生"),
        ("größe", "größe"),
    ],
)
def test_words_of_one_root_have_one_stem(words: str, wanted: str) -> None:
    """Plurals, times and kinds of a word are one; short words and other alphabets stay."""
    assert {stem(word) for word in words.split()} == {wanted}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.text("abcdeiloprstuvxz", min_size=1, max_size=12), st.sampled_from(ENDINGS)), min_size=1))
def test_every_word_ends_as_fts5_ends_it(parts: list[tuple[str, str]]) -> None:
    """Whatever the word, both cut it alike."""
    words = [beginning + ending for beginning, ending in parts]
    assert [stem(word) for word in words] == porter(words)


def test_a_run_of_letters_without_end_is_no_trouble() -> None:
    """What is longer than any word stays as it is."""
    assert stem("y" * 100_000) == "y" * 100_000
