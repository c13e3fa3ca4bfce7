"""Long texts in pieces: nothing lost, nothing blank, about as long as wanted, cut where a reader would."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.memory.pieces import MOST, cut, ends

SENTENCES = st.sampled_from(
    [
        "The gateway answers 429 after ten requests in a second. ",
        "Yes!\n",
        "\n\n",
        "   \t ",
        "我對花生過敏，所以不能吃這個。",
        "def f(x):\n    return x + 1\n",
        "https://example.org/" + "a/b?c=d&" * 40,
        "x" * 900,
        "word " * 130,
        "「真的嗎？」",
        "\u0e01\u0e49" * 150,
        "\U00020bb7" * 300,
    ]
)
TEXTS = st.one_of(st.text(max_size=400), st.lists(SENTENCES, max_size=30).map("".join))


def squeezed(text: str) -> str:
    """Without white space."""
    return "".join(text.split())


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_nothing_is_lost_and_nothing_is_blank(text: str) -> None:
    """The pieces together are the text; a blank text has none."""
    pieces = cut(text)
    assert squeezed("".join(pieces)) == squeezed(text)
    assert all(piece and piece == piece.strip() for piece in pieces)
    places = ends(text)
    assert places == sorted(set(places))
    assert places[-1:] == ([len(text)] if text.strip() else [])
    assert cut(text) == pieces


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_no_piece_is_much_longer_than_wanted(text: str) -> None:
    """At most 140 words, or 280 characters of a script without spaces, or 140 times twelve letters."""
    for piece in cut(text):
        assert len(piece.split()) <= 140
        assert len(squeezed(piece)) <= 140 * 12


def test_a_short_text_is_one_piece() -> None:
    """A little more than 100 words is not worth a second."""
    assert cut("  Hello.\n") == ["Hello."]
    text = "one two three. " * 46
    assert cut(text) == [text.strip()]
    assert len(cut("one two three. " * 48)) == 2


def test_paragraphs_stay_together() -> None:
    """A blank line is the best place, then a line's end, then a sentence's."""
    paragraph = "It rained all day in Porto. " * 12
    text = "\n\n".join([paragraph.strip()] * 4)
    assert cut(text) == [paragraph.strip()] * 4


@pytest.mark.parametrize(
    ("text", "longest"),
    [
        ("word " * 1000, 100),
        ("花生過敏" * 500, 100),
        ("x" * 20_000, 100),
        ("我不能吃花生。" * 200, 100),
        ("a/b," * 3_000, 100),
    ],
)
def test_text_without_paragraphs_is_cut_all_the_same(text: str, longest: int) -> None:
    """About evenly: each piece but the last has at least half of what it may have."""
    pieces = cut(text)
    sizes = [len(squeezed(piece)) for piece in pieces]
    assert len(pieces) > 5
    assert max(sizes[:-1]) <= longest * 12
    assert min(sizes[:-1]) * 2 >= max(sizes[:-1])


def test_a_sentence_of_chinese_ends_at_its_full_stop() -> None:
    """Also where a closing quotation mark follows."""
    sentence = "他說：「我今天在台北車站等了你一個小時，雨下得很大，電話也打不通。」"
    pieces = cut(sentence * 40)
    assert len(pieces) > 5
    assert all(piece.endswith("」") and piece.startswith("他說") for piece in pieces)


def test_a_heading_is_no_piece_of_its_own() -> None:
    """It stays with what it stands above."""
    pieces = cut("# Plan\n\n" + "word " * 98 + "end.\n\n" + "more " * 99)
    assert pieces[0].startswith("# Plan\n\nword")
    assert len(pieces) == 2


def test_what_comes_after_two_thousand_pieces_is_left_out() -> None:
    """A pasted library must not fill the index."""
    text = "word. " * 100 * (MOST + 50)
    pieces = cut(text)
    assert len(pieces) == MOST
    assert ends(text)[-1] < len(text)


@pytest.mark.parametrize("filler", [" ", "\n", "x", "花", "a. ", "。", "\u200b", " \n"])
def test_a_megabyte_of_anything_takes_no_longer_than_a_megabyte_of_words(filler: str) -> None:
    """No pattern walks over the same characters again and again."""
    began = time.process_time()
    cut(filler * (1_000_000 // len(filler)) + "end")
    assert time.process_time() - began < 30  # half a second; hours, where one did
