"""Which notes are one: the table of pairs, and what holds for all texts."""

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from memchat.memory.likeness import Likeness, denied, likeness, says_value, turned

from tests.memory.likeness_pairs import PAIRS

NOTES = sorted({note for one, other, _ in PAIRS for note in (one, other)})
PIECES = sorted({word for note in NOTES for word in note.split()})
TEXTS = st.one_of(
    st.sampled_from(NOTES), st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join), st.text(max_size=40)
)


@pytest.mark.parametrize(("new", "old", "wanted"), PAIRS)
def test_pairs_of_notes_relate_as_people_say(new: str, old: str, wanted: Likeness) -> None:
    """Seen from both sides."""
    assert likeness(new, old) is wanted
    assert likeness(old, new) is turned(wanted)


def test_the_table_is_as_large_as_its_measure_says() -> None:
    """In two languages, each relation among them."""
    assert len(PAIRS) == 96
    assert sum(any("\u4e00" <= letter <= "\u9fff" for letter in new) for new, _, _ in PAIRS) >= 25
    assert {wanted for _, _, wanted in PAIRS} == set(Likeness)


@pytest.mark.parametrize(
    ("new", "old", "wanted"),
    [
        ("", "", Likeness.SAME),
        ("…", "…", Likeness.SAME),
        ("…", "!", Likeness.OTHER),
        ("is the", "is a", Likeness.OTHER),
        ("", "likes tea", Likeness.OTHER),
        ("was a nurse", "Was a nurse.", Likeness.SAME),
        ("allergic to peanuts", "very allergic to peanuts", Likeness.LESS),
        ("likes tea, green", "likes tea", Likeness.MORE),
        ("tea likes Ana", "Ana likes tea", Likeness.OTHER),
        ("does not work at Acme as an engineer", "does not work as an engineer at Acme", Likeness.OTHER),
        ("not vegan because of milk", "vegan", Likeness.CONTRARY),
        ("favourite drink is green tea", "favorite drink is green tea", Likeness.SAME),
        ("our organ", "or organ", Likeness.OTHER),
        ("stack here is Python and Rust", "stack is Python and Rust", Likeness.SAME),
    ],
)  # fmt: skip - a table
def test_texts_with_few_words_are_compared_by_their_letters(new: str, old: str, wanted: Likeness) -> None:
    """And corners of the rules."""
    assert likeness(new, old) is wanted


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS)
def test_both_sides_see_the_same(one: str, other: str) -> None:
    """Same, contrary and other are so from both sides; more is less from the other."""
    assert likeness(one, other) is turned(likeness(other, one))


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_every_text_says_what_it_says(text: str) -> None:
    """Whatever it is."""
    assert likeness(text, text) is Likeness.SAME


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(NOTES), st.sampled_from(NOTES), st.sampled_from(["case", "width", "end", "blanks"]))
@example("eats meat", "vegan", "width")
def test_case_width_and_punctuation_change_nothing(one: str, other: str, dress: str) -> None:
    """However either of the two is written."""
    dressed = {
        "case": one.upper(),
        "width": "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" and c not in "'-" else c for c in one),
        "end": f"{one}.",
        "blanks": f"  {one.replace(' ', '   ')} ",
    }[dress]
    assert likeness(dressed, one) is Likeness.SAME
    assert likeness(dressed, other) is likeness(one, other)


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS, st.integers(0, 99), st.integers(0, 99))
def test_other_numbers_are_another_fact(one: str, other: str, some: int, others: int) -> None:
    """A text with another number is never the same."""
    new, old = f"{one} {some}", f"{other} {others}"
    figures = [re.findall(r"\d+", unicodedata.normalize("NFKC", text)) for text in (new, old)]
    if sorted(figures[0]) != sorted(figures[1]):
        assert likeness(new, old) is not Likeness.SAME


@pytest.mark.parametrize(
    ("note", "field", "value", "wanted"),
    [
        ("lives in Taipei", "location", "Taipei", True),
        ("Taipei", "location", "taipei", True),
        ("住在台北", "location", "台北", True),
        ("名字叫小美", "display_name", "小美", True),
        ("is called Alice", "display_name", "Alice", True),
        ("works as a nurse", "occupation", "nurse", True),
        ("location: Taipei", "location", "Taipei", True),
        ("stack is Python, Rust and Go", "work_context", "stack here is Python, Rust and Go", True),
        ("edits after lunch", "work_context", "writes mornings, edits after lunch", True),
        ("edits", "work_context", "edits novels", False),
        ("edits after", "work_context", "writes mornings, edits after", False),
        ("not vegan", "location", "vegan", False),
        ("works in Taipei", "location", "Taipei", False),
        ("no longer lives in Taipei", "location", "Taipei", False),
        ("lives in Taipei with Mei", "location", "Taipei", False),
        ("lives in Porto", "location", "Taipei", False),
        ("likes Go", "favourite_language", "…", False),
        ("favourite language: Go", "favourite_language", "Go", True),
    ],
)
def test_a_note_may_say_only_what_the_profile_says(note: str, field: str, value: str, wanted: bool) -> None:
    """The value, and words by which its field is told."""
    assert says_value(note, field, value) is wanted


def test_denied_is_what_is_not_or_no_longer() -> None:
    """In both languages."""
    assert [denied(text) for text in ("not vegan", "was a nurse", "不吃素", "vegan")] == [True, True, True, False]


def test_what_begins_otherwise_says_something_else() -> None:
    """A word in front takes away more often than it adds."""
    assert likeness("except green tea", "green tea") is Likeness.OTHER
    assert likeness("green tea", "except green tea") is Likeness.OTHER
