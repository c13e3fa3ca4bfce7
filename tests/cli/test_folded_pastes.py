"""Long pastes in the input line: folded on the screen, whole in what is sent."""

from hypothesis import given
from hypothesis import strategies as st
from memchat.cli.folded_pastes import SHOWN_LINES, FoldedPastes
from memchat.cli.pasted import Line

LETTER = "\n".join(f"Line {number}" for number in range(10_000))


def test_a_long_paste_shows_its_ends_and_how_much_is_between() -> None:
    """Three lines instead of ten thousand; a line end at the end stays one."""
    folded = FoldedPastes()
    assert folded.fold(LETTER) == "Line 0\n[1: 9,998 more lines]\nLine 9999"
    assert folded.fold(LETTER + "\n") == "Line 0\n[2: 9,998 more lines]\nLine 9999\n"
    assert folded.fold("a\nb") == "a\nb"
    assert folded.mark_before("Line 0\n[2: 9,998 more lines]") == "[2: 9,998 more lines]"
    assert folded.mark_before("[3: 9,998 more lines]") == ""


def test_what_is_sent_is_whole_and_known_as_pasted() -> None:
    """Words around it stay typed; a mark alone, cut out of its paste, stands for pasted words all the same."""
    folded = FoldedPastes()
    short = folded.fold(LETTER)
    start, end = len("See: "), len("See: ") + len(short)
    whole = folded.whole(Line(f"See: {short} Thanks.", ((start, end),), small=((end + 1, end + 3),)))
    assert whole.text == f"See: {LETTER} Thanks."
    assert whole.pasted == ((start, start + len(LETTER)),)
    assert [whole.text[a:b] for a, b in whole.small] == ["Th"]
    alone = folded.whole(Line("[1: 9,998 more lines]"))
    assert alone.pasted == ((0, len(alone.text)),)
    assert alone.text.startswith("Line 1\n")


def test_a_mark_that_nobody_pasted_is_text() -> None:
    """Typed by hand, or from the line before: it stands for nothing."""
    folded = FoldedPastes()
    folded.fold(LETTER)
    assert folded.whole(Line("[7: 9,998 more lines]")) == Line("[7: 9,998 more lines]")
    folded.begin()
    assert folded.whole(Line("[1: 9,998 more lines]")) == Line("[1: 9,998 more lines]")


@given(st.lists(st.tuples(st.integers(1, 3 * SHOWN_LINES), st.booleans(), st.text("ab ", max_size=4)), max_size=4))
def test_no_paste_loses_a_character(pastes: list[tuple[int, bool, str]]) -> None:
    """However many there are, with words between."""
    folded, shown, meant = FoldedPastes(), "", ""
    for lines, ended, between in pastes:
        text = "\n".join("xy"[number % 2] for number in range(lines)) + "\n" * ended
        shown += folded.fold(text) + between
        meant += text + between
    assert folded.whole(Line(shown)).text == meant
