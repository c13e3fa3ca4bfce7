"""What profile, memories and forgetting look like, at every width."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from memchat.actions.forgetting import Place, Plan, Receipt, Sent
from memchat.cli import forget_view, layout, render
from memchat.cli.terminal import width
from memchat.domain import Memory, MemoryStatus, Origin, Source

from tests.builders import a_memory
from tests.cli.screens import pipe, terminal, widest
from tests.conftest import NOW

DAY = timedelta(days=1)
WIDTHS = (120, 80, 60, 40, 20)


def said(*, days: int = 10, session: int = 3, origin: Origin = Origin.TYPED, quote: str = "") -> tuple[Source, ...]:
    """One source, some days ago."""
    if origin is Origin.HAND:
        return (Source(Origin.HAND, NOW - days * DAY),)
    return (Source(origin, NOW - days * DAY, quote, session_id=session, turn=1),)


ALICE = a_memory("Alice", field="display_name", number=1, sources=said())
TAINAN = replace(
    a_memory("Tainan", field="location", number=3, at=NOW - 20 * DAY), valid_to=NOW - 2 * DAY, superseded_by=4
)
TAIPEI = a_memory("台北", field="location", number=4, at=NOW - 2 * DAY, sources=said(days=2, session=9))
WRITE = a_memory("每天早上寫作兩個小時，下午修改，晚上讀葡萄牙語的小說", field="goals", number=5, sources=said())
READ = a_memory("read more", field="goals", number=6, sources=said(origin=Origin.HAND))
PROFILE = {"display_name": [ALICE], "location": [TAIPEI], "plan": [], "goals": [WRITE, READ]}
NOTES = [
    a_memory("prefers code examples in Go", number=12),
    a_memory("allergic to peanuts", number=11, pinned=True, at=NOW - 10 * DAY),
    a_memory("編輯是林美華，稿子用 email 寄", number=10, at=NOW - 8 * DAY),
    a_memory("works on the billing API with Ines and Tom and everybody else who is in", number=8, at=NOW - 50 * DAY),
    a_memory("sister Mei lives in Porto", number=7, at=NOW - 400 * DAY, sources=said(origin=Origin.HAND)),
    replace(a_memory("in Lisbon", number=6), valid_to=NOW + 4 * DAY),
]
PLAN = Plan(((TAINAN, TAIPEI), (NOTES[1],)), (Place("s8.2", "Planning"), Place("s11.12", "")), (), count=3)


def test_the_profile_shows_values_sources_and_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """The screen of screens.md section 3: value, who said it when, where; the value before; what is known."""
    lines = render.profile(terminal(monkeypatch, 80), PROFILE, {4: TAINAN}, NOW, tokens=94)
    assert lines == [
        "",
        "  display_name   Alice                                 you said, 12 Nov     s3.1",
        "  location       台北                                  you said, 20 Nov     s9.1",
        "                 before: Tainan, until 20 Nov",
        "  plan           -",
        "  goals          每天早上寫作兩個小時，下午修改，晚上  you said, 12 Nov     s3.1",
        "                 讀葡萄牙語的小說",
        "                 read more                             set by hand, 12 Nov",
        "",
        "  3 of 4 known, 94 tokens in every chat.",
        "  Wrong?  memchat profile set FIELD VALUE     the old value stays in its history",
        "  Gone for good, history too:  memchat forget FIELD",
    ]


def test_an_empty_profile_says_how_to_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two lines, not a table of dashes; also where no field is configured."""
    screen = terminal(monkeypatch, 80)
    lines = render.profile(screen, {"display_name": []}, {}, NOW, tokens=0)
    assert lines[1:] == [
        '  Nothing yet. Say it in a chat ("call me Alice"), or',
        "  memchat profile set display_name VALUE",
    ]
    assert "FIELD VALUE" in render.profile(screen, {}, {}, NOW, tokens=0)[-1]


def test_memories_are_listed_in_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids in one column, Chinese aligned, long notes cut with a sign, tags at the right."""
    assert render.memories(terminal(monkeypatch, 80), NOTES, NOW) == [
        "",
        "  ID    WHAT                                                SINCE        SOURCE",
        "  m12   prefers code examples in Go                         today        s1.1",
        "  m11   allergic to peanuts                         pinned  12 Nov       s1.1",
        "  m10   編輯是林美華，稿子用 email 寄                       14 Nov       s1.1",
        "  m8    works on the billing API with Ines and Tom and ev…  3 Oct        s1.1",
        "  m7    sister Mei lives in Porto                           18 Oct 2025  by hand",
        "  m6    in Lisbon                              4 days left  today        s1.1",
    ]


def test_a_pipe_gets_whole_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is cut or wrapped where no terminal shows it."""
    monkeypatch.setenv("COLUMNS", "20")
    lines = render.memories(pipe(), NOTES, NOW)
    assert len(lines) == len(NOTES) + 2
    assert any(NOTES[3].text in line for line in lines)
    profile = render.profile(pipe(), PROFILE, {}, NOW, tokens=1)
    assert any(WRITE.text in line for line in profile)


@pytest.mark.parametrize("columns", WIDTHS)
def test_every_screen_fits_its_terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """From 120 columns down to 20 no line is wider than the terminal, and every word is there."""
    screen = terminal(monkeypatch, columns)
    sent = (Sent("api.openai.com", NOW - 3 * DAY, NOW),)
    screens = [
        render.profile(screen, PROFILE, {4: TAINAN}, NOW, tokens=94),
        render.memories(screen, NOTES, NOW),
        render.summary(screen, {"active": 6, "pending": 1, "superseded": 4}),
        render.memory(screen, [TAINAN, TAIPEI], TAIPEI, NOW, {9: "A long title of a conversation"}),
        render.history(screen, [TAINAN, TAIPEI, WRITE], NOW),
        forget_view.plan(screen, PLAN, NOW),
        forget_view.receipt(screen, Receipt(("m1", "m2"), 2, sent), NOW, drafts="/home/alice/drafts"),
    ]
    for lines in screens:
        assert widest(lines) <= columns
    shown = "".join("".join(lines).replace(" ", "") for lines in screens)
    assert "台北" in shown
    assert "allergictopeanuts" in shown


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1, max_size=80), columns=st.integers(20, 130))
def test_no_words_break_the_columns(monkeypatch: pytest.MonkeyPatch, text: str, columns: int) -> None:
    """Whatever a memory says - controls, marks, emoji, wide signs - rows stay rows and fit."""
    screen = terminal(monkeypatch, columns)
    note = a_memory(text, number=12)
    value = a_memory(text, field="location", number=13)
    for lines in (
        render.memories(screen, [note], NOW),
        render.profile(screen, {"location": [value]}, {}, NOW, tokens=1),
    ):
        assert widest(lines) <= columns
        assert not any("\n" in line or "\x1b" in line for line in lines)


def test_the_terminals_colours_do_not_move_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paint takes no cells: with and without it the same words stand at the same places."""
    plain = render.memories(terminal(monkeypatch, 80), NOTES, NOW)
    painted = render.memories(terminal(monkeypatch, 80, colour=True), NOTES, NOW)
    assert "\x1b[36m" in painted[2]
    assert [width(line) for line in painted] == [width(line) for line in plain]


def test_the_frame_is_ascii_where_it_must_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that may draw the ellipsis wide gets three dots."""
    lines = render.memories(terminal(monkeypatch, 80, lang="zh_TW.UTF-8"), NOTES, NOW)
    assert "…" not in "".join(lines)
    assert "..." in lines[5]


@pytest.mark.parametrize(
    ("memory", "tag"),
    [
        (TAINAN, "replaced by m4"),
        (replace(ALICE, valid_to=NOW - DAY), "until 21 Nov"),
        (replace(ALICE, withdrawn_at=NOW), "taken back"),
        (replace(ALICE, stored_status=MemoryStatus.PENDING), "pending"),
        (replace(ALICE, valid_to=NOW + timedelta(hours=1)), "last day"),
        (replace(ALICE, valid_to=NOW + DAY), "1 day left"),
    ],
)
def test_where_a_memory_stands_is_told_beside_it(monkeypatch: pytest.MonkeyPatch, memory: Memory, tag: str) -> None:
    """Replaced, over, taken back, waiting or passing: the list says so."""
    (*_, row) = render.memories(terminal(monkeypatch, 80), [memory], NOW)
    assert tag in row


def test_a_profile_value_in_the_list_names_its_field(monkeypatch: pytest.MonkeyPatch) -> None:
    """`location: 台北` is not mistaken for a note."""
    assert "location: 台北" in render.memories(terminal(monkeypatch, 80), [TAIPEI], NOW)[-1]
    assert render.memories(terminal(monkeypatch, 80), [], NOW) == []


def test_the_summary_counts_what_is_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits, is held back, was replaced or is over is one flag away."""
    screen = terminal(monkeypatch, 80)
    assert render.summary(screen, {"active": 6})[1] == "  6 active."
    assert render.summary(screen, {"active": 6, "pending": 2, "expired": 1})[1] == (
        "  6 active. 2 wait: memchat memory review. 1 over: --status expired."
    )
    assert render.summary(screen, {"quarantined": 1, "superseded": 4})[1] == (
        "  0 active. 1 waits: memchat memory review. 4 replaced: --status superseded."
    )
    assert "1 waits: /review." in render.summary(screen, {"pending": 1}, review="/review")[1]


def test_what_was_pinned_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what was let go."""
    assert render.pinned(terminal(monkeypatch, 80), [NOTES[1], TAIPEI]) == [
        "  m11  allergic to peanuts: pinned, every chat carries it",
        "  m4   location: 台北: no longer pinned",
    ]


def test_one_memory_tells_why_it_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who said it in which words and where, since when it holds, what it replaced, how to mend it."""
    shown = replace(TAIPEI, sources=(*said(days=2, session=9, quote="我住在台北"), *said(days=0, origin=Origin.HAND)))
    shown = replace(shown, last_confirmed_at=NOW, why="about you; lasting")
    text = "\n".join(render.memory(terminal(monkeypatch, 80), [TAINAN, shown], shown, NOW, {9: "Moving"}))
    for part in (
        "m4  location: 台北",
        "profile, importance 5",
        'You said, 20 Nov 09:14, in s9.1 "Moving"',
        '"我住在台北"',
        "Set by hand, 22 Nov 09:14",
        "Status     active, from 20 Nov",
        "Why        about you; lasting",
        'Replaced   m3 "location: Tainan", from 2 Nov',
        "Confirmed  22 Nov",
        "memchat forget m4",
    ):
        assert part in text


def test_an_old_version_tells_what_holds_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """A replaced memory points to the one that replaced it; a pinned one says so; text from a file says so."""
    old = replace(TAINAN, pinned=True, sources=said(origin=Origin.FILE))
    text = "\n".join(render.memory(terminal(monkeypatch, 80), [old, TAIPEI], old, NOW, {}))
    assert 'Now        m4 "location: 台北", from 20 Nov' in text
    assert "superseded, from 2 Nov until 20 Nov" in text
    assert "importance 5, pinned" in text
    assert "From file" in text


def test_history_tells_from_when_to_when(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every value with its days and the words it rests on; what was taken back or waits says so."""
    screen = terminal(monkeypatch, 80)
    taken = replace(ALICE, withdrawn_at=NOW)
    asked = replace(TAIPEI, id=5, stored_status=MemoryStatus.PENDING, sources=said(days=0, quote="台北？"))
    never = replace(asked, id=6, superseded_by=7, sources=())
    lines = render.history(screen, [taken, TAINAN, TAIPEI, asked, never], NOW)
    assert lines == [
        "",
        "  display_name",
        "  m1  Alice",
        "      from 22 Nov, taken back; you said, 12 Nov, s3.1",
        "",
        "  location",
        "  m3  Tainan",
        '      from 2 Nov to 20 Nov; you said, 2 Nov, s1.1: "Tainan"',
        "  m4  台北",
        "      from 20 Nov until now; you said, 20 Nov, s9.1",
        "  m5  台北",
        '      from 20 Nov, pending; you said, 22 Nov, s3.1: "台北？"',
        "  m6  台北",
        "      waited from 20 Nov, never used; 20 Nov",
    ]
    assert render.history(screen, [], NOW)[-1] == "  No history yet: nothing was ever known here."


def test_the_plan_shows_versions_and_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every memory that would go, which version it is, and the turns whose words become [erased]."""
    assert forget_view.plan(terminal(monkeypatch, 80), PLAN, NOW) == [
        "",
        "  To be erased for good. There is no undo.",
        "",
        "  Memories, whole                                                        3",
        "    m3   location: Tainan (replaced by m4)",
        "    m4   location: 台北",
        "    m11  allergic to peanuts (pinned)",
        "  Conversations, the words it was told in become [erased]     3 in 2 talks",
        "    s8.2 s11.12",
        "  Copies of all this",
        "    search index, history of typing",
        "",
        "  The sentences around stay. To erase exchanges whole: --turns",
        "  To leave some as they are, answer: yes without s8.2",
    ]


def test_the_plan_of_what_was_set_by_hand_touches_no_conversation(monkeypatch: pytest.MonkeyPatch) -> None:
    """No heading without a row; a value that ended says since when."""
    ended = replace(ALICE, valid_to=NOW - DAY)
    text = "\n".join(forget_view.plan(terminal(monkeypatch, 80), Plan(((ended,),), (), ()), NOW))
    assert "Conversations" not in text
    assert "Alice (until 21 Nov)" in text


def test_the_receipt_says_what_it_does_not_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    """Honest: hosts with their days, replies, exports, scrollback; drafts only where there are some."""
    screen = terminal(monkeypatch, 80)
    sent = (Sent("api.a.com", NOW - 3 * DAY, NOW), Sent("api.b.com", NOW, NOW))
    text = "\n".join(forget_view.receipt(screen, Receipt(("m1",), 1, sent, talks=1), NOW))
    for part in (
        "1 memory: m1;",
        "1 place in 1 conversation became [erased]",
        "api.a.com may have been sent it, 19 Nov to 22 Nov",
        "api.b.com may have been sent it, 22 Nov (",
        "files you exported, and backups you made",
        "shell history",
    ):
        assert part in text
    assert "drafts" not in text
    assert "Blocked" not in text
    blocked = forget_view.receipt(screen, Receipt(("m1",), 1, sent, blocked=True), NOW)
    assert "  Blocked   it will not be learned again from old text" in blocked
    assert "drafts kept in /d" in "\n".join(forget_view.receipt(screen, Receipt(("m1",), 0, ()), NOW, drafts="/d"))


def test_days_are_told_in_the_readers_zone() -> None:
    """An evening in UTC is the next morning in Taipei; a day of another year carries its year."""
    evening = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
    assert layout.day(evening, NOW) == "22 Nov"
    assert layout.day(evening, NOW, near=True) == "today"
    assert layout.day(evening - 365 * DAY, NOW) == "22 Nov 2025"
    assert layout.hour(evening, NOW) == "04:00"


def test_a_memory_without_a_source_is_still_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that lost a source shows the day of creation instead of failing."""
    bare = replace(ALICE, sources=())
    assert layout.voice(bare, NOW) == "22 Nov"
    assert render.memories(terminal(monkeypatch, 80), [bare], NOW)[-1].endswith("today")


def test_a_source_that_is_neither_hand_nor_own_words_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """What came from an import or a tool is not put into the person's mouth."""
    assert layout.voice(replace(ALICE, sources=said(origin=Origin.IMPORT)), NOW) == "imported, 12 Nov"
    assert layout.voice(replace(ALICE, sources=said(origin=Origin.STDIN)), NOW) == "from stdin, 12 Nov"
    bare = replace(ALICE, sources=(Source(Origin.IMPORT, NOW),))
    assert render.memories(terminal(monkeypatch, 80), [bare], NOW)[-1].endswith("import")


def test_what_mends_a_memory_is_what_can_be_done_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits is decided about; what was taken back, or replaced, can only be forgotten."""
    screen = terminal(monkeypatch, 80)
    waits = a_memory("treats children", number=3, status=MemoryStatus.PENDING)
    assert render.memory(screen, [waits], waits, NOW, {})[-1] == "  Right or wrong?  memchat memory review m3"
    gone = replace(a_memory("tea", number=4), withdrawn_at=NOW)
    assert render.memory(screen, [gone], gone, NOW, {})[-1] == "  Gone for good:  memchat forget m4"
