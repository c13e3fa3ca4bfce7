"""What a search found, on the screen: at every width, in colour and without, in Chinese."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from memchat.actions.searching import Result, terms
from memchat.cli import search_view
from memchat.cli.cells import PAINT

from tests.cli.passages import CHINESE, LONG, NOTE, PLACE, TALK
from tests.cli.screens import pipe, terminal, widest
from tests.conftest import NOW

ALL = Result((TALK, CHINESE, NOTE, PLACE))
BOLD, RESET = "\x1b[1m", "\x1b[0m"


def test_the_screen_at_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A heading and the words around those that were searched, hit by hit; then how to read on."""
    assert search_view.results(terminal(monkeypatch, 80), ALL, "settled keys", NOW) == [
        "",
        '  s17.4  3 Oct, the assistant, "Rate limits"',
        "         …we looked at what others do, and at the load of the last weeks,",
        "         before anything else. Then you settled on 100 requests a minute for",
        "         each key, with a burst of 20. Whether trial keys should get less …",
        "",
        '  s3.12  18 Oct 2025, you, "速率限制與試用金鑰的討論，還有其他很多事情"',
        "         我們決定速率限制：每分鐘一百次，試用金鑰三十次。",
        "",
        "  m8     2 Oct, note, from s17.1",
        "         works on the billing API with Ines",
        "",
        "  m2     22 Nov, profile, by hand",
        "         location: Taipei",
        "",
        "  Read on:  memchat sessions show s17.4    memchat memory why m8",
    ]


def test_the_screen_at_40_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything folds or is cut inside of the edge."""
    lines = search_view.results(terminal(monkeypatch, 40), ALL, "速率限制", NOW)
    assert widest(lines) <= 40
    assert lines[6:9] == [
        '  s3.12  18 Oct 2025, you, "速率限制與…',
        "         我們決定速率限制：每分鐘一百",
        "         次，試用金鑰三十次。",
    ]
    assert lines[-3:] == ["  Read on:", "    memchat sessions show s17.4", "    memchat memory why m8"]


def test_the_searched_words_are_bold_where_there_is_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """In every form they have, on whatever line they stand; nothing is painted elsewhere."""
    screen = terminal(monkeypatch, 80, colour=True)
    text = "\n".join(search_view.snippet(screen, LONG, terms("request limits", NOW), 60))
    assert f"{BOLD}requests{RESET}" in text or f"{BOLD}limits{RESET}" in text
    (line,) = search_view.snippet(screen, CHINESE.text, terms("速率限制", NOW), 60)
    assert line.startswith(f"我們決定{BOLD}速率限制{RESET}：")
    assert search_view.snippet(terminal(monkeypatch, 80), "a limit", terms("limit", NOW), 60) == ["a limit"]


def test_a_word_that_is_folded_is_bold_on_both_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chinese breaks anywhere."""
    screen = terminal(monkeypatch, 80, colour=True)
    first, second = search_view.snippet(screen, "我們決定速率限制了", terms("速率限制", NOW), 12)
    assert (first, second) == (f"我們決定{BOLD}速率{RESET}", f"{BOLD}限制{RESET}了")


def test_of_long_words_the_lines_with_most_marks_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the middle, with dots for what is left out before and after."""
    screen = terminal(monkeypatch, 80)
    shown = search_view.snippet(screen, LONG, terms("gateway March Ines", NOW), 60)
    assert len(shown) == search_view.LINES
    assert shown[0].startswith("… ")
    assert "gateway" in " ".join(shown)
    assert "Ines" in " ".join(shown)
    middle = search_view.snippet(screen, "x " * 300 + "needle" + " y" * 300, terms("needle", NOW), 40)
    assert "needle" in middle[1]
    assert (middle[0][0], middle[-1][-1]) == ("…", "…")


def test_in_a_pipe_every_hit_is_two_lines() -> None:
    """Whole, without wrapping or paint."""
    lines = search_view.results(pipe(), Result((TALK,)), "minute", NOW)
    assert lines[1:3] == ['  s17.4  3 Oct, the assistant, "Rate limits"', f"         {LONG}"]
    assert not PAINT.search("".join(lines))


def test_the_chat_has_its_own_ways_to_read_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """/why for a memory; each kind only where it was found."""
    screen = terminal(monkeypatch, 80)
    assert search_view.results(screen, ALL, "x", NOW, in_chat=True)[-1].endswith("show s17.4    /why m8")
    assert search_view.results(screen, Result((NOTE,)), "x", NOW)[-1] == "  Read on:  memchat memory why m8"
    assert search_view.results(screen, Result((TALK,)), "x", NOW)[-1] == "  Read on:  memchat sessions show s17.4"


def test_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line."""
    assert search_view.results(terminal(monkeypatch, 80), Result(()), "x", NOW) == ["  Nothing found."]


def test_what_was_pasted_and_what_has_no_day_or_title_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is made up."""
    bare = replace(TALK, at=None, title="", speaker="pasted")
    assert search_view.results(terminal(monkeypatch, 80), Result((bare,)), "x", NOW)[1] == "  s17.4  you, pasted"


def test_a_title_that_the_words_begin_with_is_not_said_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a conversation's first words are its title until it has another."""
    found = replace(TALK, text="Rate limits: 100 or 200?", speaker="user")
    assert search_view.results(terminal(monkeypatch, 80), Result((found,)), "x", NOW)[1] == "  s17.4  3 Oct, you"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=400), st.text(max_size=40), st.integers(20, 120))
def test_nothing_passes_the_edge(monkeypatch: pytest.MonkeyPatch, text: str, words: str, columns: int) -> None:
    """Whatever was said, searched for, or the terminal's width; and what can steer a terminal is gone."""
    screen = terminal(monkeypatch, columns, colour=True)
    found = replace(TALK, text=text, title=text[:50])
    lines = search_view.results(screen, Result((found,)), words, NOW)
    assert widest([line for line in lines if "memchat sessions" not in line]) <= columns
    assert "\x1b" not in PAINT.sub("", "".join(lines))
