"""Typed or pasted: the line is followed through every edit."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.cli.pasted import PASTE_CHARACTERS, Line, PastedSpans, fence_open, is_paste, message_parts
from memchat.domain import Origin

LETTER = "\n".join(f"Line {number} of a letter." for number in range(30))


def line_after(*texts: str) -> PastedSpans:
    """A line that became each of these texts in turn."""
    line = PastedSpans()
    line.begin()
    for text in texts:
        line.changed(text)
    return line


def origins(text: str, line: PastedSpans) -> list[tuple[Origin, str]]:
    """The parts of a message."""
    return [(part.origin, part.content) for part in message_parts(text, line.spans)]


@pytest.mark.parametrize(
    ("text", "pasted"),
    [
        ("x" * PASTE_CHARACTERS, False),
        ("x" * (PASTE_CHARACTERS + 1), True),
        ("one\ntwo", False),
        ("one\ntwo\n", False),
        ("one\ntwo\nthree", True),
    ],
)
def test_a_paste_is_over_two_lines_or_200_characters(text: str, pasted: bool) -> None:
    """The limits of memory.md section 3."""
    assert is_paste(text) is pasted


def test_words_around_a_paste_stay_typed() -> None:
    """Before, paste, after: three parts in order."""
    text = f"Look at this:\n{LETTER}\nWhat does it mean?"
    line = line_after("Look at this:\n", f"Look at this:\n{LETTER}", text)
    assert origins(text, line) == [
        (Origin.TYPED, "Look at this:"),
        (Origin.PASTE, LETTER),
        (Origin.TYPED, "What does it mean?"),
    ]


def test_what_is_typed_into_a_paste_belongs_to_it() -> None:
    """Cautious: a word within somebody's text is not told apart from it."""
    text = LETTER.replace("Line 7", "Line seven")
    assert origins(text, line_after(LETTER, text)) == [(Origin.PASTE, text)]


def test_text_before_a_paste_moves_it() -> None:
    """The cursor goes back and something is typed in front."""
    text = f"So: {LETTER}"
    assert origins(text, line_after(LETTER, text)) == [(Origin.TYPED, "So:"), (Origin.PASTE, LETTER)]


def test_what_is_cut_away_is_gone_and_the_rest_still_a_paste() -> None:
    """Cutting at either end of a paste leaves a paste, cutting it out leaves none."""
    text = f"a {LETTER} b"
    start = text.index("Line 3")
    assert line_after("a  b", text, text[start:]).spans == [(0, len(LETTER) - start + 2)]
    assert line_after("a  b", text, text[: start + 4]).spans == [(2, start + 4)]
    assert line_after("a  b", text, "a  b").spans == []


def test_an_editor_is_a_hand() -> None:
    """What was written in the editor is typed, what was pasted before stays pasted."""
    line = line_after(f"a {LETTER}")
    text = f"a {LETTER}\n" + "My own words, many of them.\n" * 20
    line.changed(text, typed=True)
    assert [origin for origin, _ in origins(text, line)] == [Origin.PASTE, Origin.TYPED]


def test_two_pastes_side_by_side_are_pastes() -> None:
    """One after the other, nothing between."""
    text = LETTER + LETTER.upper()
    assert [origin for origin, _ in origins(text, line_after(LETTER, text))] == [Origin.PASTE] * 2


@given(st.randoms(use_true_random=False), st.integers(1, 25))
@settings(max_examples=100, deadline=None)
def test_no_edit_turns_pasted_words_into_typed_ones(rng: random.Random, edits: int) -> None:
    """Typing in lower case, pasting in capitals: whatever happens, no capital ends up in a typed part."""
    line, text = PastedSpans(), ""
    for _ in range(edits):
        at = rng.randint(0, len(text))
        act = rng.choice(("type", "paste", "cut"))
        if act == "type":
            text = text[:at] + rng.choice("ab \n") + text[at:]
        elif act == "paste":
            text = text[:at] + "".join(rng.choice("XYZ\n") for _ in range(250)) + text[at:]
        else:
            text = text[:at] + text[at + rng.randint(0, 300) :]
        line.changed(text)
    typed = "".join(part.content for part in message_parts(text, line.spans) if part.origin is Origin.TYPED)
    assert not set(typed) & set("XYZ")
    ends = [0, *(edge for span in line.spans for edge in span), len(text)]
    assert ends == sorted(ends)


def test_a_line_of_megabytes_is_followed_in_no_time() -> None:
    """Ten megabytes pasted and a word typed behind them: comparing them takes halves, not characters."""
    huge = "0123456789" * 1_000_000
    line = line_after(huge, huge + "x", huge + "xy")
    assert line.spans == [(0, len(huge))]


@pytest.mark.parametrize(
    ("text", "waits"),
    [('"""', True), ('"""a', True), ('"""a\nb"""', False), ('""""', True), ('""""""', False), ("a", False)],
)
def test_triple_quotes_wait_for_their_end(text: str, waits: bool) -> None:
    """Enter is a new line between them."""
    assert fence_open(text) is waits


def test_triple_quotes_are_no_part_of_the_message() -> None:
    """What stands between them is, with its empty lines; the paste within as well."""
    text = f'"""\nmine\n\n{LETTER}\n"""'
    line = line_after('"""', '"""\nmine', '"""\nmine\n\n', text.removesuffix('\n"""'), text)
    assert origins(text, line) == [(Origin.TYPED, "mine"), (Origin.PASTE, LETTER)]
    assert message_parts('"""\n\n"""') == ()
    assert message_parts("  \n") == ()
    assert [part.content for part in message_parts("  hello ")] == ["hello"]


def test_a_line_that_comes_back_remembers_what_was_pasted() -> None:
    """What could not be sent stands in the next line: no word of a paste has become typed, whatever is added."""
    sent = f"mine {LETTER}"
    line = PastedSpans()
    line.begin(Line(sent, ((5, len(sent)),), unsent=True))
    for text in (sent, f"{sent} too"):
        line.changed(text)
        assert origins(text, line)[1] == (Origin.PASTE, LETTER)


def test_a_paste_is_no_command() -> None:
    """What a line begins with decides, unless it was pasted."""
    assert Line("/quit now").command == ("quit", "now")
    assert Line("/quit now", ((0, 9),)).command is None
    assert Line("/quit now", ((6, 9),)).command == ("quit", "now")
