"""What people write by hand becomes one clean line, or a clear refusal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memchat.actions import wording
from memchat.errors import UsageError

KEY = "sk-proj-" + "a1B2c3D4" * 6


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x1b[31m\x1b[0m", "\u200b\u200d", "\u202e", "\x00"])
def test_nothing_visible_is_empty(text: str) -> None:
    """White space, controls and joiners make no value; the error tells how to let go of one."""
    with pytest.raises(UsageError, match="empty") as raised:
        wording.value(text, "location")
    assert raised.value.hint == "To let go of it: memchat profile unset location"
    with pytest.raises(UsageError, match="nothing to remember"):
        wording.note(text)
    with pytest.raises(UsageError, match="title is empty"):
        wording.title(text)


def test_control_characters_and_escapes_are_cleaned() -> None:
    """A value pasted from a coloured terminal is its words; an override of direction cannot hide others."""
    assert wording.value("\x1b[1mTai\x1b[0mpei\x07\r\n", "location") == "Taipei"
    assert wording.note("one\ntwo\x00three  \u202eevil") == "one two three evil"
    assert wording.note("\x1b]0;title\x07said") == "said"
    assert wording.note("broken \udcff byte") == "broken \ufffd byte"
    assert wording.note("tags\U000e0041\u2060hide") == "tags hide"


@pytest.mark.parametrize(
    ("keep", "limit"),
    [(lambda text: wording.value(text, "plan"), 500), (wording.note, 2_000), (wording.title, 120)],
)
def test_what_is_too_long_is_refused_with_its_limit(keep: object, limit: int) -> None:
    """At the limit it is kept, one over it is refused, 10 MB are refused as quickly."""
    assert callable(keep)
    assert len(keep("y" * limit)) == limit
    for length in (limit + 1, 10_000_000):
        with pytest.raises(UsageError, match=f"{limit:,} characters.*{length:,}"):
            keep("y" * length)


def test_a_value_takes_the_form_of_its_field() -> None:
    """Or it is refused with what it could be."""
    assert wording.value(" lisbon\n", "timezone") == "Europe/Lisbon"
    with pytest.raises(UsageError) as raised:
        wording.value("Lissabon", "timezone")
    assert raised.value.message == "'Lissabon' cannot be the value of timezone: not a time zone that is known."
    assert raised.value.hint == "Nearest: Europe/Lisbon."
    with pytest.raises(UsageError, match=r"'xxx.*\.\.\.' cannot be the value of preferred_language: longer"):
        wording.value("x" * 61, "preferred_language")


def test_secrets_are_masked_unless_the_settings_say_otherwise() -> None:
    """A key typed into `memory add` is not kept."""
    assert KEY not in wording.note(f"the key is {KEY}")
    assert "[secret:" in wording.note(f"the key is {KEY}")
    assert wording.value(KEY, "plan", mask_secrets=False) == KEY


@given(st.text(max_size=200))
def test_what_is_kept_is_one_line_and_stays_the_same(text: str) -> None:
    """Cleaning is done once for all: no line ends, no controls, and cleaning again changes nothing."""
    try:
        kept = wording.note(text)
    except UsageError:
        return
    assert len(kept.splitlines()) == 1
    assert "\x1b" not in kept
    assert wording.note(kept) == kept
    kept.encode("utf-8")
