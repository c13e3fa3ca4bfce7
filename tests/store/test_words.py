"""Text as the index holds it, and words that cannot fail."""

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.store import words

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


@given(ANYTHING.filter(str.strip))
@settings(max_examples=100, deadline=None)
def test_quoting_makes_a_word_of_anything(word: str) -> None:
    """FTS5 reads no syntax in it."""
    connection = apsw.Connection(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5 (x)")
    quoted = words.quoted(word).encode("utf-8", "replace").decode()
    assert connection.execute("SELECT count(*) FROM t WHERE t MATCH ?", (quoted,)).fetchall() == [(0,)]
    connection.close()
