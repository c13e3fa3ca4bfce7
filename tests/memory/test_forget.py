"""Which phrases say a memory, and which words are its own."""

from dataclasses import replace

import pytest
from memchat.domain import Memory
from memchat.memory import forget

from tests.builders import a_memory, a_source


def memory(text: str, quote: str = "", number: int = 1) -> Memory:
    """A memory that rests on a quote."""
    return replace(a_memory(text, number=number), sources=(a_source(quote),))


def rare(_: str, __: int) -> int:
    """Every word is rare."""
    return 0


def test_what_it_says_and_rests_on_goes_and_so_do_its_own_words() -> None:
    """Words that say nothing by themselves stay; so do those that a kept memory needs."""
    gone = memory("sister Xanthippe lives in Porto", "My sister Xanthippe lives in Porto with Bob")
    kept = memory("likes Porto", "I like Porto", number=2)
    assert forget.phrases([gone], [kept], rare) == (
        "sister Xanthippe lives in Porto",
        "My sister Xanthippe lives in Porto with Bob",
        "sister",
        "Xanthippe",
        "Bob",
    )


def test_a_kept_memory_that_says_the_same_keeps_its_words() -> None:
    """Only the row goes then."""
    assert forget.phrases([memory("likes green tea")], [memory("likes green tea, no milk", number=2)], rare) == ()


def test_everyday_words_are_no_ones_own() -> None:
    """A word that stands in many exchanges says nothing of one fact."""
    found = forget.phrases([memory("codes in Zig")], [], lambda word, most: most if word == "codes" else 0)
    assert found == ("codes in Zig", "Zig")


def test_short_words_count_only_as_names_or_numbers() -> None:
    """`lua` may be anything, `Lua` is a language."""
    assert forget.phrases([memory("Lua")], [], rare) == ("Lua",)
    assert forget.phrases([memory("fun")], [], rare) == ()
    assert forget.phrases([memory("B12")], [], rare) == ("B12",)


def test_of_han_the_pairs_that_may_be_words() -> None:
    """花生 is one; what holds 對 or 在 joins others."""

    found = forget.phrases([memory("對花生過敏", "我對花生過敏")], [], rare)
    assert "花生" in found
    assert not [one for one in found if len(one) == 2 and "對" in one]


@pytest.mark.parametrize(
    ("phrase", "tells"),
    [
        ("Alice", False),
        ("my Alice", True),
        ("peanuts.", False),
        ("台北市", False),
        ("我住台北", True),
        ("ピーナ", False),
        ("ピーナッツ", True),
        ("แพ้ถั่ว", True),
        ("[erased] x", False),
    ],
)
def test_two_words_or_four_characters_tell(phrase: str, tells: bool) -> None:
    """A single word may mean another elsewhere; a mark is no word."""
    assert forget.telling(phrase) is tells


def test_words_of_its_own_are_counted() -> None:
    """A page that was remembered is not taken apart word by word."""
    page = " ".join(f"Word{number}" for number in range(60))
    assert len(forget.phrases([memory(page)], [], rare)) <= 9


def test_what_a_quote_that_goes_holds_is_nobody_elses() -> None:
    """Two facts of one sentence: the words of the one that goes are not kept for the other's sake."""
    gone = memory("Xanthippe", "my cat Xanthippe")
    kept = memory("likes tea", "I like tea and my cat Xanthippe", number=2)
    assert "Xanthippe" in forget.phrases([gone], [kept], rare)
