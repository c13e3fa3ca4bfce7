"""Which words of a text carry meaning."""

import pytest
from memchat.memory.words import words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I live in Taipei", {"liv", "taipei"}),
        ("lives in TAIPEI", {"liv", "taipei"}),
        ("allergies, tried, working, boxes", {"allerg", "tri", "work", "box"}),
        ("我對花生過敏", {"对花", "花生", "生过", "过敏"}),
        ("我对花生过敏", {"对花", "花生", "生过", "过敏"}),
        ("用戶是人", {"人"}),
        ("使用者是人", {"人"}),
        ("", frozenset()),
        ("the user is", frozenset()),
        ("as us", frozenset()),
    ],
)
def test_content_words_are_folded_and_stemmed(text: str, found: set[str]) -> None:
    """Endings and empty words go; Chinese comes in pairs of characters, in one script."""
    assert words(text) == frozenset(found)
