"""What memchat has cost and saved, on the screen: at 80 columns, at 40, at every width, in a pipe."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from memchat.actions.usage import Report, Row, Saved, Spending, Week
from memchat.cli import usage_view
from memchat.cli.money import money
from memchat.domain import Usage

from tests.cli.screens import pipe, terminal, widest
from tests.conftest import NOW

TODAY = NOW.date()
NAME = "openrouter/some/unheard-of-model"


def spending(sent: int, cached: int, written: int, cost: float | None, calls: int = 12, unpriced: int = 0) -> Spending:
    """What calls came to, a tenth of it memory."""
    return Spending(calls, Usage(sent, written, cached, cost), sent // 10, unpriced)


MINI = spending(48_120, 43_790, 2_310, 0.0214)
UNHEARD = spending(9_900, 8_910, 200, None, 1, 1)
OLDER = spending(24_000, 0, 900, 0.01)
NOTEBOOK = replace(spending(0, 0, 0, None, 27), stayed=27)  # tool rounds are calls, too
LEARNING = spending(6_100, 0, 300, 0.0009, 2)
DAYS = (
    Row(TODAY, "gpt-4o-mini", "api.openai.com", MINI),
    Row(TODAY, NAME, "openrouter.ai", UNHEARD),
    Row(TODAY, "notebook", "", NOTEBOOK),
    Row(TODAY - timedelta(days=330), "gpt-4o-mini", "api.openai.com", OLDER),
)
MODELS = (
    Row(None, "gpt-4o-mini", "api.openai.com", MINI.plus(OLDER)),
    Row(None, NAME, "openrouter.ai", UNHEARD),
    Row(None, "notebook", "", NOTEBOOK),
)
TOLD = Report(
    since=DAYS[-1].day,
    total=MINI.plus(UNHEARD).plus(OLDER).plus(NOTEBOOK),
    days=DAYS,
    models=MODELS,
    answers=MINI.plus(UNHEARD).plus(OLDER),
    upkeep=LEARNING,
    saved=Saved(3, 120, 231_000, 980_000),
    weeks=(Week(date(2026, 11, 16), 12, 3, 1, 0), Week(date(2025, 12, 29), 4, 0, 0, 1)),
    answered_here=4,
)


def test_the_screen_at_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sum, days and models with bars, memory's share, what was saved, weeks."""
    assert usage_view.report(terminal(monkeypatch, 80), TOLD, NOW) == [
        "",
        "  Since 27 Dec 2025: 25 calls, 82,020 tokens sent, 64 % from the cache, 3,410",
        "  written, $0.0314.",
        "  The notebook was asked 4 times: nothing left this computer.",
        "  Not in the cost: 1 call without a known price.",
        "",
        "  DAY          MODEL                    SENT  CACHED  WRITTEN     COST",
        "  22 Nov       gpt-4o-mini            48,120    91 %    2,310  $0.0214  ████████",
        "               openrouter/some/unhe…   9,900    90 %      200        -  ██",
        "  27 Dec 2025  gpt-4o-mini            24,000     0 %      900  $0.0100  ████",
        "",
        "  MODEL                               SENT  CACHED  WRITTEN     COST",
        "  gpt-4o-mini                       72,120    61 %    3,210  $0.0314  ██████████",
        "  openrouter/some/unheard-of-model   9,900    90 %      200        -  █",
        "",
        "  What memory cost, in tokens",
        "    shown with messages       8,202  10 % of what they sent",
        "    summing up, learning      6,100  in 2 calls, $0.0009",
        "",
        "  Beside resending everything, in 120 turns of 3 chats",
        "    sent                      231,000  ███",
        "    everything, about         980,000  ██████████████",
        "    saved                     749,000  76 %",
        "",
        "  WEEK OF      LEARNED  CONFIRMED  SUPERSEDED  FORGOTTEN",
        "  16 Nov            12          3           1          0  ██████████████",
        "  29 Dec 2025        4          0           0          1  █████",
    ]


def test_the_screen_at_40_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers stand below their names, bars where there is room."""
    lines = usage_view.report(terminal(monkeypatch, 40), TOLD, NOW)
    assert widest(lines) <= 40
    assert lines[lines.index("  22 Nov gpt-4o-mini") :] == [
        "  22 Nov gpt-4o-mini",
        "    48,120 sent, 91 % cached, $0.0214",
        "    openrouter/some/unheard-of-model",
        "    9,900 sent, 90 % cached, -",
        "  27 Dec 2025 gpt-4o-mini",
        "    24,000 sent, 0 % cached, $0.0100",
        "",
        "  gpt-4o-mini",
        "    72,120 sent, 61 % cached, $0.0314",
        "  openrouter/some/unheard-of-model",
        "    9,900 sent, 90 % cached, -",
        "",
        "  What memory cost, in tokens",
        "    shown with messages   8,202",
        "      10 % of what they sent",
        "    summing up, learning  6,100",
        "      in 2 calls, $0.0009",
        "",
        "  Beside resending everything, in 120",
        "  turns of 3 chats",
        "    sent               231,000  ██",
        "    everything, about  980,000  ████████",
        "    saved              749,000  76 %",
        "",
        "  16 Nov: 12 learned, 3 confirmed, 1",
        "  superseded",
        "  29 Dec 2025: 4 learned, 1 forgotten",
    ]


def test_in_a_pipe_names_are_whole_and_the_columns_stand() -> None:
    """Nothing is cut where nobody looks at a terminal."""
    lines = usage_view.report(pipe(), TOLD, NOW)
    assert "               openrouter/some/unheard-of-model   9,900    90 %      200        -  ███" in lines
    assert "  22 Nov       gpt-4o-mini                       48,120    91 %    2,310  $0.0214  ██████████████" in lines


def test_the_frame_has_an_ascii_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bars and dots, too."""
    text = "\n".join(usage_view.report(terminal(monkeypatch, 80, lang="zh_TW.UTF-8"), TOLD, NOW))
    assert "  ######" in text
    assert text.isascii()


def test_nothing_was_sent_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the notebook has answered: its words went nowhere."""
    screen = terminal(monkeypatch, 80)
    nothing = Report(None, Spending(), (), (), Spending(), Spending(), None, ())
    assert usage_view.report(screen, nothing, NOW) == ["", "  Nothing was sent yet."]
    once = replace(spending(0, 0, 0, None, 3), stayed=3)
    row = Row(TODAY, "notebook", "", once)
    local = replace(nothing, since=TODAY, total=once, days=(row,), models=(row,), answers=once, answered_here=1)
    assert usage_view.report(screen, local, NOW) == [
        "",
        "  The notebook was asked once: nothing left this computer.",
    ]
    assert usage_view.report(screen, local, NOW, once, 1)[1] == "  This conversation: 1 turn by the notebook."
    assert usage_view.report(screen, local, NOW, Spending())[1] == "  This conversation: nothing sent yet."
    learning = replace(local, upkeep=spending(10, 0, 1, None, 1))  # memory_name may be another model
    assert "    shown with messages        0" in usage_view.report(screen, learning, NOW)


def test_of_many_days_and_weeks_the_newest_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """And how many more there are; one day alone needs no table of models."""
    days = tuple(Row(TODAY - timedelta(days=n), "gpt-4o-mini", "api.openai.com", MINI) for n in range(20))
    weeks = tuple(Week(date(2026, 11, 16) - timedelta(days=7 * n), 1) for n in range(9))
    lines = usage_view.report(terminal(monkeypatch, 80), replace(TOLD, days=days, weeks=weeks), NOW)
    assert sum(line.endswith("█") and "gpt-4o-mini " in line for line in lines) == usage_view.DAYS + 1
    assert "  and 6 rows before: --json" in lines
    assert lines[-1] == "  and 1 week before: --json"
    alone = usage_view.report(terminal(monkeypatch, 80), replace(TOLD, days=DAYS[:2]), NOW)
    assert sum("MODEL" in line for line in alone) == 1


def test_what_was_never_done_has_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody was asked to sum up."""
    text = "\n".join(usage_view.report(terminal(monkeypatch, 80), replace(TOLD, upkeep=Spending()), NOW))
    assert "shown with messages" in text
    assert "summing up" not in text


def test_in_the_chat_its_own_sum_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a sentence."""
    lines = usage_view.report(terminal(monkeypatch, 80), TOLD, NOW, MINI)
    assert lines[1:3] == [
        "  This conversation: 12 calls, 48,120 tokens sent, 91 % from the cache, 2,310",
        "  written, $0.0214.",
    ]


def test_what_was_not_saved_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the reason; never hidden."""
    lines = usage_view.report(terminal(monkeypatch, 80), replace(TOLD, saved=Saved(1, 1, 980, 110), weeks=()), NOW)
    assert lines[-6:] == [
        "  Beside resending everything, in 1 turn of 1 chat",
        "    sent                      980  ██████████████",
        "    everything, about         110  ██",
        "    sent more, by about       870",
        "    Short chats pay for instructions, tools and what is remembered; long ones",
        "    earn it.",
    ]
    bare = replace(TOLD, answers=replace(MINI, memory_tokens=0), saved=Saved(1, 1, 980, 110), weeks=())
    lines = usage_view.report(terminal(monkeypatch, 80), bare, NOW)
    assert lines[-1] == "    Short chats pay for instructions and tools; long ones earn it."


@pytest.mark.parametrize(
    ("cost", "text"),
    [
        (None, "-"),
        (0.0, "$0.0000"),
        (0.00001, "<$0.0001"),
        (0.00113, "$0.0011"),
        (0.25, "$0.2500"),
        (1_234.5, "$1,234.50"),
    ],
)
def test_money_is_never_0_for_what_cost_something(cost: float | None, text: str) -> None:
    """And a dash where it is not known."""
    assert money(cost) == text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(min_size=1, max_size=60),
    st.integers(32, 140),
    st.integers(0, 10**9),
    st.one_of(st.none(), st.floats(0, 10_000)),
)
def test_nothing_passes_the_edge(
    monkeypatch: pytest.MonkeyPatch, model: str, columns: int, sent: int, cost: float | None
) -> None:
    """Whatever the names, numbers and the width."""
    one = spending(sent, sent // 2, sent // 3, cost)
    rows = (Row(TODAY, model, "a.example", one), Row(TODAY - timedelta(days=400), model, "a.example", MINI))
    told = replace(
        TOLD,
        total=one,
        days=rows,
        models=(*rows, Row(None, "gpt", "b.example", MINI)),
        answers=one,
        upkeep=one,
        saved=Saved(sent, sent, sent, 980_000),
        weeks=(Week(TODAY, sent, sent, sent, sent),),
    )
    assert widest(usage_view.report(terminal(monkeypatch, columns), told, NOW, one)) <= columns
