"""The user's own words, cut into sentences, without what they only quote."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import Origin, Part, PartKind, Role
from memchat.memory.statements.sentences import BLANK, LOOKED_AT, SENTENCE, own_words, sentences, without_quotes

from tests.llm.notebook.conftest import a_line


def test_only_typed_and_given_text_is_the_users_own() -> None:
    """Pasted, piped, attached and barred parts are left out."""
    parts = (
        Part(PartKind.TEXT, Origin.TYPED, "typed"),
        Part(PartKind.TEXT, Origin.PASTE, "pasted"),
        Part(PartKind.TEXT, Origin.ARGV, "given"),
        Part(PartKind.FILE, Origin.TYPED, "file"),
        Part(PartKind.TEXT, Origin.TYPED, "barred", barred=True),
    )
    assert own_words(replace(a_line("", Role.USER), parts=parts)) == "typed\n\ngiven"


def test_sentences_end_where_people_end_them() -> None:
    """Abbreviations, decimals and initials end nothing; question marks are remembered."""
    text = "I saw Dr. Wu at 3.5 km. Why? 我住在台北。你呢？J. Smith wrote; fine…\nNew line"
    found = [(one.text, one.asks) for one in sentences(text)]
    assert found == [
        ("I saw Dr. Wu at 3.5 km", False),
        ("Why", True),
        ("我住在台北", False),
        ("你呢", True),
        ("J. Smith wrote", False),
        ("fine", False),
        ("New line", False),
    ]
    assert all(text[one.start :].startswith(one.text) for one in sentences(text))


def test_quoted_words_are_blanked_in_place() -> None:
    """Offsets stay, apostrophes quote nothing."""
    assert without_quotes('I\'m "not" me') == f"I'm {BLANK * 5} me"
    assert without_quotes("it's Ana's") == "it's Ana's"
    assert without_quotes("他說「好」。") == f"他說{BLANK * 3}。"
    assert without_quotes("a\n> b\nc") == f"a\n{BLANK * 3}\nc"


def test_long_text_and_long_sentences_are_cut() -> None:
    """The work is bounded."""
    assert sum(len(one.text) for one in sentences("a" * 10 * LOOKED_AT)) == SENTENCE
    assert all(one.start < LOOKED_AT for one in sentences("word. " * LOOKED_AT))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.sampled_from("aI.?! \n\"'`>「」“”我。？；")))
def test_every_sentence_stands_in_the_text_at_its_place(text: str) -> None:
    """Apart from what was blanked, letter by letter."""
    plain = without_quotes(text)
    for one in sentences(text):
        assert plain[one.start : one.start + len(one.text)] == one.text
