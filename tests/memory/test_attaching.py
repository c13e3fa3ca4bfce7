"""What goes with a message is measured against the model before anything is sent."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import Limits, Origin, Part, PartKind
from memchat.errors import ContextWindowError
from memchat.memory.attaching import FRAME, Window, check, passed_on, tokens_of
from memchat.memory.pictures import picture_tokens

from tests.builders import typed
from tests.pictures import a_picture

SMALL = Window("tiny", 8_192, Limits())  # room for 5,553


def count(text: str) -> int:
    """A token is four letters."""
    return (len(text) + 3) // 4


def a_file(letters: int, name: str = "log.txt") -> Part:
    """A text file of so many letters."""
    return Part(PartKind.FILE, Origin.FILE, "x" * letters, name=name)


def test_the_room_leaves_the_answer_its_share() -> None:
    """A fifth of the window is for tools and answer, and memory has its own part, in a small window less."""
    assert SMALL.room == 5_553
    assert Window("m", 128_000, Limits()).room == 101_400
    assert Window("m", 1_000, Limits()).room == 400


def test_where_a_model_refused_a_request_no_more_fits_than_is_believed_since() -> None:
    """Never more than it promised."""
    assert Window("m", 128_000, Limits(), most=4_500).room == 3_500
    assert Window("m", 8_192, Limits(), most=100_000).room == SMALL.room


def test_what_fits_passes() -> None:
    """Up to the last token."""
    check([a_file((5_553 - FRAME) * 4)], SMALL, count)


def test_what_is_too_large_says_how_large_and_how_much_fits() -> None:
    """And what to do about it, in two lines."""
    with pytest.raises(ContextWindowError) as caught:
        check([a_file(4_000_000), *typed("What is it?")], SMALL, count)
    assert caught.value.message == "log.txt is too large for tiny: about 1,000,000 tokens, and 5,553 fit."
    assert caught.value.hint == (
        "Send a part of it (head -c 20000), or choose a model with a larger window (-m NAME, /model NAME)."
    )


def test_several_are_too_large_together() -> None:
    """Then the largest is named, for it is what to begin with."""
    parts = [a_file(12_000, "one.txt"), a_file(16_000, "two.txt"), *typed("Compare.")]
    with pytest.raises(ContextWindowError) as caught:
        check(parts, SMALL, count)
    assert caught.value.message == (
        "What goes with your message, most of it two.txt, is too large for tiny: about 7,030 tokens, and 5,553 fit."
    )
    assert caught.value.hint.startswith("Send less,")


def test_a_paste_may_be_most_of_it() -> None:
    """It is no file, but it is what makes the message too large: no file is blamed, nor to be taken back."""
    paste, small = Part(PartKind.TEXT, Origin.PASTE, "x" * 21_000), a_file(4_000)
    with pytest.raises(ContextWindowError) as caught:
        check([small, paste], SMALL, count, [small])
    assert caught.value.message.startswith("What goes with your message, most of it what you pasted, is too large")
    assert caught.value.hint.startswith("Send less,")
    with pytest.raises(ContextWindowError, match=r"^What you wrote is too large for tiny") as caught:
        check([small, *typed("x" * 80_000)], SMALL, count)
    assert caught.value.hint.startswith("Send less,")


def test_what_is_attached_can_be_taken_back() -> None:
    """By its number; a file that is not attached yet cannot."""
    large, small = a_file(40_000), a_file(4_000)
    with pytest.raises(ContextWindowError) as caught:
        check([small, large], SMALL, count, [small, large])
    assert caught.value.hint.startswith("Take it back (/file drop 2), or choose a model")
    with pytest.raises(ContextWindowError) as caught:
        check([small, large], SMALL, count, [small])
    assert caught.value.hint.startswith("Send a part of it")


def test_a_window_that_is_assumed_is_called_so() -> None:
    """With the setting that ends the guess."""
    with pytest.raises(ContextWindowError) as caught:
        check([a_file(40_000)], Window("ollama/tiny", 8_192, Limits(), assumed=True), count)
    assert caught.value.message.endswith("about 10,000 tokens, and 5,553 fit of 8,192 that are assumed.")
    assert caught.value.hint.endswith("If it reads more, set window under [providers.ollama].")


def test_piped_text_has_no_name() -> None:
    """It is called what it is."""
    with pytest.raises(ContextWindowError, match=r"^The piped text is too large for tiny"):
        check([Part(PartKind.TEXT, Origin.STDIN, "y\n" * 30_000)], SMALL, count)


def test_a_model_without_room_takes_nothing() -> None:
    """The smallest of windows raises no other error."""
    with pytest.raises(ContextWindowError, match="and nothing fits"):
        check([a_file(4)], Window("none", 0, Limits()), count)


def test_words_alone_are_not_refused() -> None:
    """They are saved first; the engine tells when they do not fit."""
    check([*typed("x" * 100_000), Part(PartKind.TEXT, Origin.PASTE, "x" * 100_000)], SMALL, count)
    assert passed_on(typed("x")) == []
    assert passed_on([*typed("x"), a_file(3), a_picture(), Part(PartKind.TEXT, Origin.STDIN, "x")]) == [1, 2, 3]


def test_a_picture_costs_its_tiles() -> None:
    """Not its letters, of which there are many."""
    picture = a_picture()
    assert tokens_of(picture, count) == picture_tokens(picture) + FRAME == 267


@given(st.integers(0, 300_000))
@settings(max_examples=30)
def test_a_long_text_is_reckoned_from_its_beginning(letters: int) -> None:
    """Once it is known to be too large nobody counts on; the number told is near enough."""
    seen: list[int] = []

    def counted(text: str) -> int:
        seen.append(len(text))
        return count(text)

    said = tokens_of(a_file(letters), counted, 5_000)
    assert said == pytest.approx(letters / 4 + FRAME, abs=2 * FRAME * max(1, letters / 50_000))
    assert sum(seen) <= 50_000 or letters <= 50_000
