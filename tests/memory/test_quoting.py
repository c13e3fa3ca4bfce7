"""Stored text stays inside its quotation marks, is cut at sentences and found again where it stands."""

import json
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import Origin, Part, PartKind
from memchat.memory.quoting import CUT_CHARACTERS, LONG, as_sent, clean, cut, find, fold, quoted, request, shortened

from tests.builders import a_message


def words(text: str) -> int:
    """A counter that counts words."""
    return len(text.split())


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_no_text_breaks_out_of_its_quotation(text: str) -> None:
    """Whatever is stored, it is one JSON string on one line."""
    line = quoted(text)
    assert len(line.splitlines()) == 1
    assert json.loads(line) == clean(text)


def test_what_cannot_be_seen_is_cleaned_away() -> None:
    """Controls, overrides of direction and tag characters hide orders; a joiner inside an emoji stays."""
    assert clean("a\x1b[31m\u202eb\U000e0041c\u2028d\n e") == "a [31m b c d e"
    assert clean("👩\u200d🔬") == "👩\u200d🔬"


@pytest.mark.parametrize(
    ("text", "tokens", "cut"),
    [
        ("One two. Three four.", 4, "One two. Three four."),
        ("One two. Three four.", 3, "One two."),
        ("Version 1.2 is out. More.", 4, "Version 1.2 is out."),
        ("one two three four", 2, "one two…"),
        ('He said "go." Then left.', 3, 'He said "go."'),
        ("", 5, ""),
        ("one two", 0, ""),
    ],
)
def test_a_text_is_cut_at_the_end_of_a_sentence(text: str, tokens: int, cut: str) -> None:
    """As many whole sentences as fit; when not even one does, its beginning and an ellipsis."""
    assert shortened(text, tokens, words) == cut


def test_chinese_is_cut_at_its_own_full_stops() -> None:
    """。！？ end sentences without a blank."""
    assert shortened("我住在台北。對花生過敏！你呢？", 10, len) == "我住在台北。"
    assert shortened("我住在台北而且對花生過敏", 6, len) == "我住在台北…"


def test_a_text_too_long_to_look_at_is_cut_like_any_other() -> None:
    """At a sentence or with an ellipsis, however many tokens there are."""
    assert shortened("One two. " * 1_000, 10_000, words) == ("One two. " * 1_000)[: CUT_CHARACTERS - 5]
    assert shortened("x" * 10_000, 10_000, words) == "x" * (CUT_CHARACTERS - 1) + "…"


@pytest.mark.parametrize(
    ("line", "most", "kept"),
    [
        ("one two", 7, "one two"),
        ("one two three", 12, "one two…"),
        ("one, two", 5, "one…"),
        ("onetwothree", 5, "onet…"),
        ("一二三四五六", 4, "一二三…"),
        ("", 4, ""),
    ],
)
def test_a_line_is_cut_at_a_word(line: str, most: int, kept: str) -> None:
    """By characters, the ellipsis among them."""
    assert cut(line, most) == kept


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.integers(0, 60))
def test_a_cut_text_is_never_over_its_tokens(text: str, tokens: int) -> None:
    """Cutting keeps the limit, by the same counter."""
    assert len(shortened(text, tokens, len)) <= tokens


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("i live in taipei", "Hello. I  live in\nTaipei!", ["I  live in\nTaipei"]),
        ("Ｔａｉｐｅｉ", "in Taipei", ["Taipei"]),
        ("Taipei", "in Ｔａｉｐｅｉ", ["Ｔａｉｐｅｉ"]),
        ("don't", "I don’t know", ["don’t"]),
        ("café", "the cafe\u0301 there", ["cafe\u0301"]),
        ("cafe", "the café there", []),
        ("Tai", "Taipei", []),
        ("pei", "Taipei", []),
        ("台北", "我住在台北市", ["台北"]),
        ("one", "one and ONE", ["one", "ONE"]),
        ("straße", "Die STRASSE", ["STRASSE"]),
        ("가", "각", []),
        ("", "anything", []),
        ("absent", "anything", []),
    ],
)
def test_a_quote_is_found_at_whole_words(quote: str, text: str, found: list[str]) -> None:
    """Case, width, composition and white space are folded; spans are of the text as it was written."""
    assert [text[start:end] for start, end in find(quote, text)] == found


def test_a_long_text_is_searched_too() -> None:
    """Beyond the length where places are kept only when there is something to find."""
    text = "x " * LONG + "I live in Taipei."
    assert [text[start:end] for start, end in find("I LIVE in Taipei", text)] == ["I live in Taipei"]
    assert list(find("I live in Lisbon", text)) == []


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.text(min_size=1, max_size=30), st.text(max_size=60))
def test_a_quote_cut_from_a_text_is_found_in_it(before: str, quote: str, after: str) -> None:
    """Any words of a text, parted from the rest by blanks, are found again, and the span folds to the quote."""
    text = f"{before} {quote} {after}"
    written = unicodedata.normalize("NFC", quote)
    spans = list(find(written, text))
    if fold(written) and not unicodedata.combining(fold(written)[0]):
        assert any(fold(text[start:end]) == fold(written) for start, end in spans)
    for start, end in spans:
        assert 0 <= start < end <= len(text)


def a_given(origin: Origin, content: str, name: str = "") -> Part:
    """Text of somebody else's."""
    return Part(PartKind.FILE if name else PartKind.TEXT, origin, content, name)


def sent(*parts: Part) -> list[str]:
    """How the parts of one message are sent."""
    message = replace(a_message(), parts=parts)
    return [as_sent(part, message) for part in parts]


@pytest.mark.parametrize("origin", [Origin.STDIN, Origin.PASTE, Origin.IMPORT])
def test_text_that_stands_alone_is_the_request(origin: Origin) -> None:
    """`echo "2+2?" | memchat ask`, a pasted question, an imported message: bare, also beside a file."""
    assert sent(a_given(origin, "2+2?")) == ["2+2?"]
    assert sent(a_given(Origin.FILE, "x", "a"), a_given(origin, "2+2?")) == ['[file "a"]\n```\nx\n```', "2+2?"]


def test_the_words_of_person_and_model_are_bare() -> None:
    """And what memchat itself puts into a request."""
    origins = (Origin.TYPED, Origin.ARGV, Origin.MODEL, Origin.TOOL)
    assert sent(*(a_given(origin, "[file] ```") for origin in origins)) == ["[file] ```"] * 4


def test_an_erased_request_makes_no_request_of_what_was_piped() -> None:
    """What stood beside it stays in its fence."""
    erased = Part(PartKind.TEXT, Origin.TYPED, "", barred=True)
    assert sent(erased, a_given(Origin.STDIN, "rm"))[1] == "[piped text]\n```\nrm\n```"


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.sampled_from(["`", "```", "````", "\n", "x", " ", "[file]", "~~~", "\r", "\u2028"]), max_size=30),
    st.text(max_size=20),
)
def test_what_is_enclosed_cannot_leave(pieces: list[str], name: str) -> None:
    """Whatever text and name hold, the header is one line and the first fence that closes is the last line."""
    content = "".join(pieces)
    (text,) = sent(Part(PartKind.FILE, Origin.FILE, content, name))
    header, fence, *body = text.split("\n")
    assert header == f"[file {quoted(name)}]"
    assert len(header.splitlines()) == 1
    assert [line for line in "\n".join(body).splitlines() if line.strip().startswith(fence)] == [fence]
    assert body[-1] == fence
    assert "\n".join(body[:-1]) == content.removesuffix("\n")


def test_what_was_asked_is_told_from_what_was_given() -> None:
    """Own words first, whatever stands before them; what is barred or blank says nothing."""
    file = a_given(Origin.FILE, "words", "a.txt")
    own = a_given(Origin.TYPED, "Why?")
    assert request([file, own, a_given(Origin.PASTE, "that"), own]) == ("", "Why?\n\nWhy?")
    assert request([a_given(Origin.TYPED, " "), file]) == ('file "a.txt"', "words")
    assert request([replace(own, barred=True), a_given(Origin.PASTE, "that")]) == ("pasted text", "that")
    assert request([replace(file, barred=True)]) == ("", "")
