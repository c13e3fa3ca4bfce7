"""In which language, and in which script, something is written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.memory.language import ENGLISH, OTHER, SIMPLIFIED, TRADITIONAL, folded, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I live in Taipei", ENGLISH),
        ("2+2?", ENGLISH),
        ("", ENGLISH),
        ("我對花生過敏", TRADITIONAL),
        ("我对花生过敏", SIMPLIFIED),
        ("I like 臭豆腐 and 滷肉飯", TRADITIONAL),
        ("Olá, eu moro em Lisboa", OTHER),
        ("Me llamo Ana y vivo en Madrid", OTHER),
        ("Ich heiße Anna", OTHER),
        ("Je m'appelle Ana", OTHER),
        ("私は東京に住んでいます", OTHER),
        ("저는 서울에 살아요", OTHER),
        ("Меня зовут Анна", OTHER),
    ],
)
def test_the_language_of_a_text_is_told_by_its_letters_and_small_words(text: str, language: str) -> None:
    """English, the two Chinese scripts, or another language."""
    assert language_of(text) == language


def test_shared_characters_take_the_script_of_what_was_written_before() -> None:
    """我住在台北 is written the same in both."""
    assert language_of("我住在台北") == TRADITIONAL
    assert language_of("我住在台北", ["hello", "这个"]) == SIMPLIFIED
    assert language_of("我住在台北", ["這個", "这个"]) == TRADITIONAL


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_folding_keeps_every_offset(text: str) -> None:
    """What is found in the folded text stands at the same place of the typed one."""
    assert len(folded(text)) == len(text)
