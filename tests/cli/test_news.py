"""What was learned while nobody looked, as it is told at the start, at the prompt and by /memory new."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from memchat.cli import news
from memchat.domain import Learned, Memory, MemoryStatus

from tests.builders import a_memory, a_source
from tests.cli.screens import pipe, terminal, widest
from tests.conftest import NOW


def waiting(number: int, text: str = "treats children", why: str = "the meaning cannot be proved") -> Memory:
    """A memory that waits."""
    source = a_source("I treat children", at=NOW - timedelta(days=2), turn=3)
    return replace(a_memory(text, number=number, status=MemoryStatus.PENDING, sources=(source,)), why=why)


def spaced(line: str) -> str:
    """The line with every run of blanks as one."""
    return " ".join(line.split())


@pytest.mark.parametrize(
    ("ago", "day"),
    [
        (timedelta(hours=9), "last time"),
        (timedelta(hours=9, minutes=15), "yesterday"),
        (timedelta(days=10), "12 Nov"),
        (timedelta(days=400), "18 Oct 2025"),
        (timedelta(days=-1), "last time"),
    ],
)
def test_the_start_counts_from_the_last_day_of_talk(monkeypatch: pytest.MonkeyPatch, ago: timedelta, day: str) -> None:
    """In the days of the person's own zone; a clock that was set back is no reason to name tomorrow."""
    screen = terminal(monkeypatch, 80)
    lines = news.since(screen, [a_memory(number=13)], NOW - ago, NOW)
    assert lines == [f"  Since {day}: 1 learned (m13).".ljust(67) + "/memory new"]


def test_the_start_counts_what_holds_and_what_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the screens show it; what was replaced meanwhile is neither."""
    screen = terminal(monkeypatch, 80)
    replaced = replace(a_memory(number=12), superseded_by=13)
    found = [replaced, *(a_memory(number=number) for number in (13, 14, 15)), waiting(16)]
    (line,) = news.since(screen, found, NOW - timedelta(days=1), NOW)
    assert spaced(line) == "Since yesterday: 3 learned (m13 to m15), 1 waits for you. /memory new"
    assert news.since(screen, [replaced], None, NOW) == []
    (line,) = news.since(screen, [waiting(1), waiting(2)], None, NOW)
    assert spaced(line) == "Since last time: 2 wait for you. /review"


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ((3,), "(m3)"),
        ((3, 4), "(m3, m4)"),
        ((3, 5, 8), "(m3, m5, m8)"),
        ((3, 4, 5), "(m3 to m5)"),
        ((1, 3, 5, 7, 9, 11), "(m1 to m11)"),
    ],
)
def test_a_row_of_ids_is_told_by_its_ends(numbers: tuple[int, ...], told: str) -> None:
    """Few that are no row one by one."""
    assert told in news.since(pipe(), [a_memory(number=number) for number in numbers], None, NOW)[0]


def test_what_was_learned_beside_the_talk_has_receipts(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the way back; what waits is one line that points to the list; more than five are only counted."""
    screen = terminal(monkeypatch, 80)
    old = replace(a_memory("Berlin", field="location", number=5), valid_to=NOW - timedelta(days=2), superseded_by=12)
    change = Learned(a_memory("Lisbon", field="location", number=12), replaced=old)
    lines = news.learned(screen, [change, Learned(waiting(13))], NOW)
    assert spaced(lines[0]) == "+ m12 location: Lisbon /undo m12"
    assert lines[1] == "    m5   location: Berlin: until 20 Nov"
    assert lines[2] == "  m13 waits for you: treats children".ljust(71) + "/review"
    many = [Learned(a_memory(number=number)) for number in range(1, 7)]
    (line,) = news.learned(screen, many, NOW)
    assert spaced(line) == "Meanwhile: 6 learned (m1 to m6). /memory new"
    note = waiting(2)
    (line,) = news.learned(screen, [*many, Learned(a_memory(number=9), aside=(note, waiting(30)))], NOW)
    assert spaced(line) == "Meanwhile: 6 learned (m1 to m9), 2 wait for you. /memory new"
    told = news.learned(screen, [Learned(note), Learned(a_memory(number=9), aside=(note, waiting(30)))], NOW)
    assert " ".join(told).count("m2 ") == 1
    assert spaced(told[2]) == "? m30 treats children waits: /review"
    assert news.learned(screen, [Learned(replace(each.memory, superseded_by=9)) for each in many], NOW) == []


def test_the_list_has_sources_reasons_and_the_way_to_correct(monkeypatch: pytest.MonkeyPatch) -> None:
    """First what was learned, then what waits with the words it rests on."""
    screen = terminal(monkeypatch, 80)
    text = "\n".join(news.listing(screen, [a_memory(number=12)], [waiting(13)], NOW))
    assert "prefers code examples in Go" in text
    assert "s1.1" in text
    assert "/undo m12" in text
    assert "/forget m12" in text
    assert "1 waits for you" in text
    assert "the meaning cannot be proved" in text
    assert 'you said, 20 Nov, s1.3, "I treat children"' in text
    assert "/review" in text


def test_the_list_of_one_kind_says_nothing_of_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """And with neither that there is neither."""
    screen = terminal(monkeypatch, 80)
    assert "wait" not in "\n".join(news.listing(screen, [a_memory(number=12)], [], NOW))
    alone = "\n".join(news.listing(screen, [], [waiting(13), replace(waiting(14, why=""), sources=())], NOW))
    assert "2 wait for you" in alone
    assert "/forget" not in alone
    assert news.listing(screen, [], [], NOW) == ["  Nothing new, and nothing waits for you."]


@pytest.mark.parametrize("columns", [20, 40, 80, 200])
def test_news_fit_any_terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """Chinese too, measured in cells."""
    screen = terminal(monkeypatch, columns)
    long = "對花生過敏，而且住在台北的大安區附近，每天早上寫作，下午編輯，晚上讀葡萄牙文"
    found = [a_memory(long, number=number, field="work_context") for number in (1, 2, 3)]
    wait = [waiting(4, long, long)]
    lines = [
        *news.since(screen, [*found, *wait], NOW - timedelta(days=1), NOW),
        *news.learned(screen, [Learned(memory) for memory in (*found, *wait)], NOW),
        *news.listing(screen, found, wait, NOW),
    ]
    assert widest(lines) <= columns


def test_what_a_memory_says_cannot_steer_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its words come from a model and from transcripts."""
    screen = terminal(monkeypatch, 80)
    bad = waiting(4, "red \x1b[31mfish\nand chips", "be\x1bcause")
    lines = [*news.learned(screen, [Learned(bad)], NOW), *news.listing(screen, [bad], [bad], NOW)]
    assert "\x1b" not in "".join(lines)
    assert "\n" not in "".join(lines)


def test_a_moment_is_seen_in_the_zone_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half past eleven in the evening in London is the next morning in Taipei."""
    screen = terminal(monkeypatch, 80)
    evening = datetime.fromisoformat("2026-11-21T15:59:00+00:00")  # 23:59 in Taipei
    assert "yesterday" in news.since(screen, [a_memory()], evening, NOW)[0]
    assert "last time" in news.since(screen, [a_memory()], evening + timedelta(minutes=2), NOW)[0]
