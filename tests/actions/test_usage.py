"""What memchat has cost and saved: sums by day and model, memory's share, resending everything, weeks of memory."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.actions import usage
from memchat.actions.usage import Prices, Saved, Spending, Week
from memchat.domain import CONVERSATIONS_ONLY, ModelCall, Usage
from memchat.memory import prompt
from memchat.ports import Store
from memchat.store.connection import open_store

from tests.actions.conftest import Words
from tests.builders import add_note, add_turn
from tests.conftest import NOW

DAY = timedelta(days=1)
CALL = ModelCall("chat", "far", "far.example", Usage(100, 10, 90, 0.5), NOW, memory_tokens=20)
HERE = "127.0.0.1:11434"
INSTRUCTIONS = len(prompt.instructions(CONVERSATIONS_ONLY, None).split())


def a_cent(model: str, tokens: Usage) -> float | None:
    """A cent a hundred tokens of the one model that has a price."""
    return tokens.prompt_tokens / 10_000 if model == "priced" else None


PRICES = Prices(a_cent, lambda host: host.startswith("127."))


def told(store: Store) -> usage.Report:
    """The report, counting words as tokens."""
    return usage.report(store, Words().count, PRICES, NOW)


def book(store: Store, *calls: ModelCall) -> None:
    """Write them down."""
    for call in calls:
        store.usages.record_call(call)


def test_of_nothing_there_is_a_report_too(store: Store) -> None:
    """All empty, no share of nothing."""
    report = told(store)
    assert (report.since, report.total, report.days, report.models) == (None, Spending(), (), ())
    assert (report.saved, report.weeks, report.shown) == (None, (), 0)
    assert report.total.cached_share is None


def test_calls_are_summed_by_day_and_model(store: Store) -> None:
    """Days are those of the reader's zone, the newest first, of a day the largest first."""
    midnight = NOW.replace(hour=0, minute=0)
    book(store, CALL, replace(CALL, at=midnight), replace(CALL, at=midnight - timedelta(minutes=1)))
    book(store, replace(CALL, model="larger", usage=Usage(500, 1)))
    report = told(store)
    rows = [(row.day, row.model, row.spending.calls, row.spending.usage.prompt_tokens) for row in report.days]
    today = NOW.date()
    assert rows == [(today, "larger", 1, 500), (today, "far", 2, 200), (today - DAY, "far", 1, 100)]
    assert [(row.day, row.model, row.spending.calls) for row in report.models] == [
        (None, "larger", 1),
        (None, "far", 3),
    ]
    assert report.since == today - DAY
    assert (report.total.calls, report.total.usage.prompt_tokens) == (4, 800)
    assert report.total.cached_share == pytest.approx(270 / 800)


def test_of_what_stays_here_turns_are_counted(store: Store) -> None:
    """Rounds of tools and a second try are calls, but no questions; of calls those that left are told apart."""
    local = replace(CALL, host="", usage=Usage())
    turn = add_turn(store)
    other = add_turn(store)
    for number, one in ((1, turn), (1, turn), (1, turn), (2, turn), (1, other)):
        book(store, replace(local, session_id=one.session_id, turn=number))
    book(store, replace(local, purpose="consolidation"), CALL)
    report = told(store)
    assert report.answered_here == 3
    assert store.usages.answered_here(turn.session_id) == 2
    assert (report.total.calls, report.total.stayed, report.total.sent) == (7, 6, 1)


def test_a_cost_that_was_not_booked_is_looked_up_and_never_0(store: Store) -> None:
    """A call that was broken off has a price by now; one without a known price is counted, one here is not."""
    nobody_told = Usage(100, 10)
    book(store, CALL, replace(CALL, model="priced", usage=nobody_told), replace(CALL, usage=nobody_told))
    book(store, replace(CALL, model="priced", host=HERE, usage=nobody_told))
    book(store, replace(CALL, model="notebook", host="", usage=Usage()), replace(CALL, usage=Usage()))
    report = told(store)
    told_of = {(row.model, row.host): row.spending for row in report.models}
    assert {row: one.usage.cost for row, one in told_of.items()} == {
        ("far", "far.example"): 0.5,
        ("priced", "far.example"): 0.01,
        ("priced", HERE): None,
        ("notebook", ""): None,
    }
    assert [row for row, one in told_of.items() if one.unpriced] == [("far", "far.example")]
    assert report.total.usage.cost == pytest.approx(0.51)
    assert report.total.unpriced == 1


def test_what_memory_cost_is_told_apart(store: Store) -> None:
    """Passages that went along with answers and trials, and the calls that were made for memory alone."""
    learned = replace(CALL, purpose="consolidation", memory_tokens=0, usage=Usage(700, 30, 0, 0.25))
    book(store, CALL, replace(CALL, purpose="without"), learned)
    report = told(store)
    assert (report.answers.calls, report.shown) == (2, 40)
    assert (report.upkeep.calls, report.upkeep.usage) == (1, Usage(700, 30, 0, 0.25))
    assert report.answers.plus(report.upkeep) == report.total


def test_one_conversation_is_summed_alone(store: Store) -> None:
    """What was said elsewhere is not in it."""
    turn = add_turn(store)
    book(store, CALL, replace(CALL, session_id=turn.session_id, turn=1))
    assert usage.here(store, turn.session_id, PRICES) == Spending(1, CALL.usage, 20, 0)


def long_talk(store: Store, turns: int, sent: int, text: str = "ten words are here so that they can be counted") -> int:
    """A conversation of so many turns, each answered by a call of so many tokens; its id."""
    turn = add_turn(store, text, text)
    for _ in range(turns - 1):
        turn = add_turn(store, text, text, session_id=turn.session_id)
    for number in range(1, turns + 1):
        book(store, replace(CALL, session_id=turn.session_id, turn=number, usage=Usage(sent)))
    return turn.session_id


def test_resending_everything_is_all_that_was_said_before_and_the_question(store: Store) -> None:
    """Of turn k the 20 words of each turn before and its own 10, and instructions: 10, 30, 50, ... words."""
    long_talk(store, 30, 200)
    expected = sum(20 * before + 10 for before in range(30)) + 30 * INSTRUCTIONS
    saved = told(store).saved
    assert saved is not None
    assert (saved.chats, saved.turns, saved.sent) == (1, 30, 6_000)
    assert saved.everything == pytest.approx(expected, rel=0.01)
    assert saved.tokens == saved.everything - 6_000 > 0


def test_a_short_chat_saves_nothing_and_says_so(store: Store) -> None:
    """Memory costs first: what was spared is below zero, never hidden."""
    long_talk(store, 1, 900)
    saved = told(store).saved
    assert saved == Saved(1, 1, 900, INSTRUCTIONS + 10)
    assert saved.tokens < 0


def test_the_notebook_sends_nothing_so_it_saves_nothing(store: Store) -> None:
    """There is nothing to compare."""
    turn = add_turn(store)
    book(store, replace(CALL, session_id=turn.session_id, turn=1, host="", usage=Usage()))
    assert told(store).saved is None


def test_of_very_many_conversations_the_longest_tell_how_words_are_counted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others get the mean rate; one whose words are gone gets a usual one."""
    monkeypatch.setattr(usage, "SAMPLED", 1)
    long_talk(store, 5, 10)
    long_talk(store, 1, 10)
    counted: list[str] = []

    def count(text: str) -> int:
        counted.append(text)
        return len(text.split())

    saved = usage.saved(store, count)
    assert saved is not None
    assert len(counted) == 2  # the instructions and one conversation
    assert saved.everything == pytest.approx(
        sum(20 * before + 10 for before in range(5)) + 10 + 6 * INSTRUCTIONS, rel=0.01
    )
    empty = open_store(None)
    session_id = long_talk(empty, 1, 10, text="")
    rates = usage._rates(empty, empty.usages.resent(), count)
    empty.close()
    assert rates == {session_id: 0.25}


def test_what_became_of_memories_is_told_by_the_week(store: Store) -> None:
    """Weeks begin on Mondays in the reader's zone, the newest first; those in which nothing happened are left out."""
    monday = NOW.replace(hour=0, minute=0) - timedelta(days=6)  # NOW is a Sunday
    old = add_note(store, "likes tea", at=monday - timedelta(minutes=1))
    new = add_note(store, "likes coffee", at=monday)
    store.memories.supersede(old.id, new.id, monday)
    store.erasure.erase_memory(add_note(store, "lives in Porto", at=monday - 30 * DAY).id, NOW)
    assert told(store).weeks == (
        Week(date(2026, 11, 16), learned=1, superseded=1, forgotten=1),
        Week(date(2026, 11, 9), learned=1),
    )


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["chat", "consolidation", "without"]),
            st.sampled_from(["far", "priced", "notebook"]),
            st.integers(0, 1_000),
            st.one_of(st.none(), st.floats(0, 1)),
            st.integers(-3_000, 3_000),
        ),
        max_size=12,
    )
)
def test_whatever_was_booked_all_sums_agree(booked: list[tuple[str, str, int, float | None, int]]) -> None:
    """Days, models, and answers with upkeep each come to the total."""
    store = open_store(None)
    for purpose, model, tokens, cost, minutes in booked:
        at = NOW + timedelta(minutes=minutes)
        book(store, replace(CALL, purpose=purpose, model=model, usage=Usage(tokens, 1, 0, cost), at=at))
    report = told(store)
    store.close()
    for rows in (report.days, report.models):
        assert sum(row.spending.calls for row in rows) == report.total.calls == len(booked)
        assert sum(row.spending.usage.prompt_tokens for row in rows) == report.total.usage.prompt_tokens
        assert sum(row.spending.unpriced for row in rows) == report.total.unpriced
        costs = [row.spending.usage.cost for row in rows]
        known = [cost for cost in costs if cost is not None]
        assert report.total.usage.cost == (pytest.approx(sum(known)) if known else None)
    assert report.answers.calls + report.upkeep.calls == report.total.calls
