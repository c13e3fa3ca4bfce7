"""Why a memory is believed, on the screen: the turn with the quote marked, and its whole story, at every width."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from memchat.actions.provenance import Found, Story, Telling
from memchat.cli import why_view
from memchat.cli.terminal import Screen, width
from memchat.domain import MemoryStatus, Origin, Source

from tests.builders import a_memory
from tests.cli.screens import pipe, terminal, widest
from tests.conftest import NOW

DAY = timedelta(days=1)
REVERSE, RESET = "\x1b[7m", "\x1b[0m"
SOURCE = Source(Origin.TYPED, NOW, "from now on show me Go, not Python", 21, 2, model="qwen3:8b", prompt_version="1")
TELLING = Telling(SOURCE, "Rate limits", "Trial keys get 30. And ", SOURCE.quote, ".")
OLD = replace(a_memory("prefers code examples in Python", number=5, at=NOW - 51 * DAY), valid_to=NOW, superseded_by=12)
GO = a_memory(number=12, importance=6, sources=(SOURCE,))
STORY = Story(GO, MemoryStatus.ACTIVE, (OLD, GO), (TELLING, replace(TELLING)), (OLD,), None, 2, "s21.6")
LONG = "今天天氣很好，" * 30


def a_story(*tellings: Telling, status: MemoryStatus = MemoryStatus.ACTIVE, **changes: object) -> Story:
    """A story of one memory with these sources."""
    memory = replace(GO, sources=tuple(telling.source for telling in tellings), stored_status=status, **changes)  # type: ignore[arg-type]  # - any field of a memory
    return Story(memory, status, (memory,), tellings, (), None, 0, "")


def shown(screen: Screen, story: Story) -> str:
    """The whole screen, runs of blanks as one."""
    return " ".join(" ".join(why_view.why(screen, story, NOW)).split())


def test_the_screen_is_as_it_was_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """screens.md, section 5, line by line."""
    story = replace(STORY, tellings=(TELLING, Telling(Source(Origin.HAND, NOW))))
    assert why_view.why(terminal(monkeypatch, 80), story, NOW) == [
        "",
        "  m12  prefers code examples in Go                          note, importance 6",
        "",
        '  You said, on 22 Nov 2026 at 09:14, in s21.2 "Rate limits":',
        "",
        "      Trial keys get 30. And [from now on show me Go, not Python].",
        "",
        "  Set by hand, on 22 Nov 2026 at 09:14.",
        "",
        "  Learned   at once, by the remember tool, with qwen3:8b",
        "  Checked   quote found in your message; about you; lasting; no secret",
        '  Replaced  m5 "prefers code examples in Python", which held from 2 Oct to 22',
        "            Nov",
        "  Used      2 times, last in s21.6; confirmed once",
        "",
        "  Its whole story:",
        "  m5   prefers code examples in Python",
        '       from 2 Oct to 22 Nov; you said, 2 Oct, s1.1: "prefers code examples in',
        '       Python"',
        "  m12  prefers code examples in Go",
        '       from 22 Nov until now; you said, 22 Nov, s21.2: "from now on show me Go,',
        '       not Python"',
        "",
        '  Wrong?  memchat memory edit m12 "..."    or    memchat forget m12',
        "  Read on:  memchat sessions show s21.2",
    ]


def test_the_quote_is_in_reverse_video_where_there_is_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Line by line where it is folded; without colour, and in a pipe, it stands in brackets."""
    assert (
        f"And {REVERSE}from now on show me Go, not Python{RESET}."
        in why_view.passage(terminal(monkeypatch, 80, colour=True), TELLING)[0]
    )
    narrow = why_view.passage(terminal(monkeypatch, 30, colour=True), TELLING)
    marked = [line.split(REVERSE)[1].split(RESET)[0] for line in narrow if REVERSE in line]
    assert " ".join(marked) == TELLING.quote
    assert all(line.count(REVERSE) == line.count(RESET) for line in narrow)
    forced = Screen({"FORCE_COLOR": "1"}, stdin=pipe().stdin, stdout=pipe().stdout, stderr=pipe().stderr)
    assert f"And {REVERSE}{TELLING.quote}{RESET}." in why_view.passage(forced, TELLING)[0]
    assert why_view.passage(pipe(), TELLING) == ["      Trial keys get 30. And [from now on show me Go, not Python]."]


def test_of_a_long_message_a_few_lines_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two before, two after, and that there is more; of a quote without end its beginning."""
    screen = terminal(monkeypatch, 40)
    telling = Telling(SOURCE, "", LONG, "我住台北", LONG, more=(True, True))
    lines = why_view.passage(screen, telling)
    assert 6 <= len(lines) <= 8
    assert "[我住台北]" in "".join(line.strip() for line in lines)
    assert (lines[0].strip(), lines[-1].strip()) == ("…", "…")
    assert len(why_view.passage(screen, replace(telling, before="", quote=LONG, more=(False, True)))) == 7
    assert why_view.passage(pipe(), telling) == [f"      … {LONG}[我住台北]{LONG} …"]


@pytest.mark.parametrize("columns", [120, 80, 60, 40, 20])
@pytest.mark.parametrize("colour", [True, False])
def test_every_screen_fits_its_terminal(monkeypatch: pytest.MonkeyPatch, columns: int, colour: bool) -> None:
    """In cells, Chinese too; with and without paint."""
    screen = terminal(monkeypatch, columns, colour=colour)
    chinese = Telling(replace(SOURCE, quote="我對花生過敏"), "關於午餐的一次很長很長的談話", LONG, "我對花生過敏", LONG)
    memory = replace(GO, text="對花生過敏" * 8, pinned=True, sources=(chinese.source,))
    story = replace(STORY, memory=memory, versions=(OLD, memory), tellings=(chinese,) * 9)
    assert widest(why_view.why(screen, story, NOW)) <= columns
    assert widest(why_view.why(screen, story, NOW, in_chat=True)) <= columns


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.text(max_size=60), quote=st.text(min_size=1, max_size=60), after=st.text(max_size=60))
def test_no_words_break_the_frame(monkeypatch: pytest.MonkeyPatch, before: str, quote: str, after: str) -> None:
    """Controls, marks, wide signs: lines stay lines, fit, and hold no paint but the mark."""
    for colour in (True, False):
        screen = terminal(monkeypatch, 40, colour=colour)
        lines = why_view.passage(screen, Telling(SOURCE, "", before, quote, after))
        bare = "".join(lines).replace(REVERSE, "").replace(RESET, "")
        assert "\n" not in bare
        assert "\x1b" not in bare
        assert all(width(line) <= 40 for line in lines)


def test_words_that_are_gone_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Erased since, or the whole message not there; then there is nothing to read on."""
    screen = terminal(monkeypatch, 80)
    text = shown(screen, a_story(replace(TELLING, before="", after="", found=Found.ERASED)))
    assert "[from now on show me Go, not Python] These words were erased from it since." in text
    assert "Read on" not in text
    text = shown(screen, a_story(Telling(replace(SOURCE, quote=""), found=Found.GONE)))
    assert "in s21.2. These words are gone: the message is not there." in text


def test_what_was_accepted_shows_both_wordings_and_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory's text above, the person's words below, and who let it hold."""
    yes = Telling(Source(Origin.HAND, NOW), accepted=True)
    text = shown(terminal(monkeypatch, 80), a_story(TELLING, yes, why="not in your words"))
    assert "m12 prefers code examples in Go" in text
    assert "[from now on show me Go, not Python]" in text
    assert "You accepted it, on 22 Nov 2026 at 09:14." in text
    assert "Checked you accepted it on 22 Nov; it had waited: not in your words" in text
    assert "confirmed" not in text


def test_how_it_stands_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replaced by another, holding until a day, replacing what never held, used once, waiting."""
    screen = terminal(monkeypatch, 80)
    never = replace(OLD, stored_status=MemoryStatus.PENDING)
    story = Story(OLD, MemoryStatus.SUPERSEDED, (OLD, GO), (TELLING,), (never,), GO, 1, "s21.6")
    text = shown(screen, story)
    assert 'Now m12 "prefers code examples in Go", from 22 Nov' in text
    assert "which waited from 2 Oct, never used" in text
    assert "Used once, last in s21.6" in text
    assert "Holds until 27 Nov" in shown(screen, a_story(TELLING, valid_to=NOW + 5 * DAY))
    waits = a_story(TELLING, status=MemoryStatus.PENDING, why="not in your words")
    text = shown(screen, waits)
    assert "not used until you accept it: not in your words" in text
    assert "Right or wrong? memchat memory review m12" in text
    assert "Used not yet" in text
    assert "Right or wrong?  /review" in "\n".join(why_view.why(screen, waits, NOW, in_chat=True))
    assert "/undo m12" in "\n".join(why_view.why(screen, STORY, NOW, in_chat=True))


def test_of_what_was_said_very_often_the_first_and_the_last_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """And how many there are besides; a memory that lost its sources is shown all the same."""
    screen = terminal(monkeypatch, 80)
    often = [replace(TELLING, source=replace(SOURCE, turn=number)) for number in range(1, 10)]
    text = shown(screen, a_story(*often))
    assert [number for number in range(1, 10) if f"in s21.{number} " in text] == [1, 7, 8, 9]
    assert "And 5 times more." in text
    assert "confirmed 8 times" in text
    bare = replace(GO, sources=())
    assert "nobody knows" in shown(screen, Story(bare, MemoryStatus.ACTIVE, (OLD, bare), (), (), None, 0, ""))


def test_words_from_elsewhere_are_not_put_into_the_persons_mouth(monkeypatch: pytest.MonkeyPatch) -> None:
    """From a file, imported; dates of another year carry it once."""
    screen = terminal(monkeypatch, 80)
    source = replace(SOURCE, origin=Origin.FILE, at=NOW - 400 * DAY)
    assert "From file, on 18 Oct 2025 at 09:14, in s21.2" in shown(screen, a_story(replace(TELLING, source=source)))


def test_what_holds_no_longer_names_no_way_to_reword_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken back, on which day; replaced, by what. Only forgetting is left to do."""
    screen = terminal(monkeypatch, 80)
    gone = a_story(TELLING, withdrawn_at=NOW, why="quote found in your message")
    text = shown(screen, replace(gone, status=MemoryStatus.WITHDRAWN))
    assert "Checked taken back, on 22 Nov" in text
    assert "It holds no longer. Gone for good: memchat forget m12" in text
    assert "memory edit" not in text
    assert "Read on" not in text  # the turn may have been taken back with it
    newer = a_memory("prefers code examples in Rust", number=13)
    past = replace(a_story(TELLING, superseded_by=13), status=MemoryStatus.SUPERSEDED, replaced_by=newer)
    past = replace(past, versions=(past.memory, newer))
    text = " ".join(" ".join(why_view.why(screen, past, NOW, in_chat=True)).split())
    assert "It holds no longer. m13 does. Gone for good: /forget m12" in text
    assert 'Now m13 "prefers code examples in Rust"' in text
    last = a_memory("prefers code examples in Zig", number=14)
    newer = replace(newer, superseded_by=14)
    text = shown(screen, replace(past, replaced_by=newer, versions=(past.memory, newer, last)))
    assert 'Then m13 "prefers code examples in Rust"' in text
    assert "It holds no longer. m14 does." in text
    assert "takes it back" not in text
