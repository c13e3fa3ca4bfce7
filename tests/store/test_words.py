"""Text as the index holds it, and questions that cannot fail."""

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.store import words
from memchat.store.connection import open_store

from tests.builders import add_turn

# Everything a keyboard, a cat or an attacker sends: FTS5's own syntax, controls, halves of pairs, many scripts.
ANYTHING = st.text(
    alphabet=st.one_of(
        st.characters(codec="utf-8"),
        st.characters(categories=["Cs", "Cc"]),
        st.sampled_from("\"'*^:(){}+-\0花生敏ก้ำ한글éß"),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("text", "plain", "pieces"),
    [
        ("allergic to peanuts", "allergic to peanuts", ""),
        ("花生過敏", " ", "花生 生过 过敏 敏"),
        ("我用Go寫程式", " Go ", "我用 用 写程 程式 式"),
        ("ＡＰＩ ﾃｽﾄ", "API  ", "テス スト ト"),
        ("서울에서", " ", "서울 울에 에서 서"),
    ],
)
def test_scripts_without_spaces_are_cut_into_pieces(text: str, plain: str, pieces: str) -> None:
    """The last character stands alone, so that each one begins a piece; traditional and simplified are one."""
    assert words.words_of(text) == plain
    assert words.pieces_of(text) == pieces


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("What did we decide about the rate limit?", ['"decide"', '"rate"', '"limit"']),
        ("What is it?", ['"what"', '"is"', '"it"']),
        ("Don't tell me Alice's plan", ['"alice"', '"plan"']),
        ("rock'n'roll", ["\"rock'n'roll\""]),
        ("Mei Mei mei", ['"mei"']),
        ("!?", []),
        ("हिन्दी में", ['"हिन्दी"', '"में"']),
    ],
)
def test_a_question_is_its_telling_words(query: str, terms: list[str]) -> None:
    """Stop words go, unless nothing else is there."""
    assert words.word_terms(query) == terms


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("我對花生過敏嗎？", ['"对花"', '"花生"', '"生过"', '"过敏"']),
        ("我不能吃什麼？", ['"能吃"', '"吃"*']),
        ("花", ['"花"*']),
        ("我會在", ['"我会"', '"会在"']),
        ("你是誰", ['"你是"', '"是谁"']),
        ("peanuts", []),
    ],
)
def test_a_chinese_question_is_its_telling_pieces(query: str, terms: list[str]) -> None:
    """Characters that only serve go, unless nothing else is there."""
    assert words.piece_terms(query) == terms


@given(ANYTHING)
@settings(max_examples=100, deadline=None)
def test_any_text_is_a_question(query: str) -> None:
    """Quotes, operators, control characters, broken Unicode: none raises, none finds by syntax."""
    store = open_store(None)
    add_turn(store, "peanuts 花生", "Noted.")
    for hit in store.index.search(query, limit=5):
        assert 0 < hit.relevance <= 1
    store.close()


@given(ANYTHING.filter(str.strip))
@settings(max_examples=100, deadline=None)
def test_quoting_makes_a_word_of_anything(word: str) -> None:
    """FTS5 reads no syntax in it."""
    connection = apsw.Connection(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5 (x)")
    quoted = words.quoted(word).encode("utf-8", "replace").decode()
    assert connection.execute("SELECT count(*) FROM t WHERE t MATCH ?", (quoted,)).fetchall() == [(0,)]
    connection.close()


def test_a_pasted_page_is_searched_by_its_beginning() -> None:
    """Ten megabytes must not make a query of a million words."""
    page = " ".join(f"word{number}" for number in range(1_000_000))
    assert words.word_terms(page) == [f'"word{number}"' for number in range(32)]
    assert len(words.piece_terms("".join(map(chr, range(0x4E00, 0x9000))))) == 32
