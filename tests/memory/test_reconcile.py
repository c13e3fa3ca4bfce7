"""What becomes of a draft beside what is known."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import Draft, Memory, MemoryStatus, Origin, Source, Verdict
from memchat.memory.reconcile import (
    ASKED_AGAIN,
    TAKEN_BACK,
    Add,
    Ask,
    Ignore,
    Outcome,
    Refresh,
    Supersede,
    reconcile,
)

from tests.builders import a_memory
from tests.conftest import NOW

FIELDS = ("location", "goals")
ACTIVE = Verdict(MemoryStatus.ACTIVE, "quote found")
PENDING = Verdict(MemoryStatus.PENDING, "not in your words")
QUARANTINED = Verdict(MemoryStatus.QUARANTINED, "an order")


def outcome(draft: Draft, verdict: Verdict, *known: Memory) -> Outcome:
    """Reconcile now, with two fields."""
    return reconcile(draft, verdict, known, FIELDS, NOW)


def test_what_is_ignored_stays_ignored_with_its_reason() -> None:
    """A verdict without a status is passed on; so is a field nobody configured."""
    assert outcome(Draft("x", "x"), Verdict(None, "a question")) == Ignore("a question")
    assert outcome(Draft("red", "red", "colour"), ACTIVE) == Ignore("there is no profile field colour")


def test_a_new_note_is_added_and_the_same_words_refresh_it() -> None:
    """Case, width, white space and the full stop aside, the same text is the same fact."""
    note = a_memory("allergic to peanuts")
    assert outcome(Draft("likes tea", "I like tea"), ACTIVE, note) == Add(MemoryStatus.ACTIVE, "quote found")
    assert outcome(Draft("Allergic to  ＰＥＡＮＵＴＳ.", "q"), ACTIVE, note) == Refresh(note)


def test_a_single_value_is_superseded_and_history_does_not_count() -> None:
    """location holds one value: a new one replaces the active one, whatever was before."""
    before = replace(a_memory("Tainan", field="location", number=1), superseded_by=2)
    active = a_memory("Taipei", field="location", number=2)
    draft = Draft("Lisbon", "I live in Lisbon", "location")
    assert outcome(draft, ACTIVE, before, active) == Supersede(active, "quote found")
    assert outcome(draft, ACTIVE, before) == Add(MemoryStatus.ACTIVE, "quote found")
    assert outcome(replace(draft, text="tainan"), ACTIVE, before, active) == Supersede(active, "quote found")


def test_what_waits_never_supersedes() -> None:
    """A pending draft stands beside the active value; said twice, it waits once."""
    active = a_memory("Taipei", field="location", number=1)
    draft = Draft("Lisbon", "Lisbon it is", "location")
    assert outcome(draft, PENDING, active) == Add(MemoryStatus.PENDING, "not in your words")
    waiting = a_memory("lisbon", field="location", number=2, status=MemoryStatus.PENDING)
    assert outcome(draft, PENDING, active, waiting) == Ignore("says what m2 says")
    assert outcome(replace(draft, text="Taipei"), PENDING, active) == Ignore("says what m1 says")
    assert outcome(draft, QUARANTINED, active) == Add(MemoryStatus.QUARANTINED, "an order")
    assert outcome(draft, ACTIVE, active, waiting) == Supersede(active, "quote found")


def test_goals_hold_three_and_the_fourth_asks() -> None:
    """The fourth goal waits for the user, who is told which three there are."""
    goals = [a_memory(f"goal {n}", field="goals", number=n) for n in (1, 2, 3)]
    draft = Draft("goal 4", "q", "goals")
    assert outcome(draft, ACTIVE, *goals[:2]) == Add(MemoryStatus.ACTIVE, "quote found")
    assert outcome(draft, ACTIVE, *goals) == Ask("goals holds 3 already: m1 goal 1, m2 goal 2, m3 goal 3")
    assert outcome(replace(draft, text="Goal 2"), ACTIVE, *goals) == Refresh(goals[1])


TEXTS = st.sampled_from(["Taipei", "taipei ", "Lisbon", "Berlin", "Tainan."])
STATUSES = st.sampled_from([MemoryStatus.ACTIVE, MemoryStatus.PENDING, MemoryStatus.QUARANTINED])


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(TEXTS, st.sampled_from(["", "location", "goals"]), STATUSES, st.booleans()), max_size=6),
    TEXTS,
    st.sampled_from(["", "location", "goals"]),
    STATUSES,
)
def test_code_never_replaces_on_weak_ground(
    rows: list[tuple[str, str, MemoryStatus, bool]], text: str, field: str, status: MemoryStatus
) -> None:
    """Only a proved draft refreshes or supersedes, only what is active in its own field; notes supersede nothing."""
    known = [
        replace(
            a_memory(old, field=where, number=n, status=stored),
            valid_to=NOW - timedelta(days=1) if over else None,
        )
        for n, (old, where, stored, over) in enumerate(rows, 1)
    ]
    result = reconcile(Draft(text, "q", field), Verdict(status, "why"), known, FIELDS, NOW)
    match result:
        case Refresh(one) | Supersede(one):
            assert status is MemoryStatus.ACTIVE
            assert one.status(NOW) is MemoryStatus.ACTIVE
            assert one.field == field
            assert isinstance(result, Refresh) or field == "location"
        case Add(kept):
            assert kept is status
        case Ask():
            assert field == "goals"
        case Ignore():
            assert status is not MemoryStatus.ACTIVE


@pytest.mark.parametrize("field", ["", "location"])
def test_an_ended_value_may_be_learned_again(field: str) -> None:
    """What held once and holds no longer is no twin."""
    ended = replace(a_memory("Taipei", field=field), valid_to=NOW)
    assert outcome(Draft("Taipei", "q", field), ACTIVE, ended) == Add(MemoryStatus.ACTIVE, "quote found")


# Words that are taken in later than they were said.

HOUR = timedelta(hours=1)
SAID = Source(Origin.TYPED, NOW - 2 * HOUR, "q", session_id=1, turn=1, message_id=7)


def from_message(memory: Memory, number: int = 7, at: datetime = NOW - 2 * HOUR) -> Memory:
    """The memory as learned from that message."""
    return replace(memory, sources=(replace(SAID, message_id=number, at=at),))


def later(draft: Draft, *known: Memory, verdict: Verdict = ACTIVE) -> Outcome:
    """What becomes of words said two hours ago in message 7."""
    return reconcile(draft, verdict, known, FIELDS, NOW, said=SAID)


LISBON = Draft("Lisbon", "I live in Lisbon", "location")
TEA = Draft("likes green tea", "I like green tea")


def test_what_was_said_since_is_not_superseded() -> None:
    """The value that holds rests on newer words; older ones give way as ever."""
    newer = from_message(a_memory("Berlin", field="location"), 9, NOW - HOUR)
    assert later(LISBON, newer) == Ignore("you said something newer")
    confirmed = replace(newer, sources=(replace(SAID, message_id=1, at=NOW - 9 * HOUR), *newer.sources))
    assert later(LISBON, confirmed) == Ignore("you said something newer")
    older = from_message(a_memory("Berlin", field="location"), 5, NOW - 3 * HOUR)
    assert later(LISBON, older) == Supersede(older, "quote found")
    assert later(replace(LISBON, text="berlin"), newer) == Refresh(newer)
    assert outcome(LISBON, ACTIVE, newer) == Supersede(newer, "quote found")


@pytest.mark.parametrize(
    ("known", "text"),
    [
        ("likes green tea", "Likes green tea."),
        ("likes green tea in the morning", "likes green tea"),
        ("green tea", "likes green tea"),
        ("我喜歡綠茶", "喜歡綠茶"),
        ("…", "…"),
    ],
)
def test_no_words_teach_twice(known: str, text: str) -> None:
    """Whatever became of what they taught: the same words in one message make one memory."""
    memory = from_message(a_memory(known, number=3))
    ends: list[dict[str, Any]] = [
        {},
        {"stored_status": MemoryStatus.PENDING},
        {"superseded_by": 4, "valid_to": NOW - 3 * HOUR},
        {"valid_to": NOW - 3 * HOUR},
    ]
    draft = replace(TEA, text=text)
    for end in ends:
        for verdict in (ACTIVE, PENDING, QUARANTINED):
            assert later(draft, replace(memory, **end), verdict=verdict) == Ignore("learned from these words before")
    back = replace(memory, withdrawn_at=NOW - HOUR)
    assert later(draft, back) == Ignore("you took it back")
    assert later(draft, back, replace(memory, id=4)) == Ignore("learned from these words before")


@pytest.mark.parametrize("text", ["dislikes coffee", "does not like green tea", "likes green apples", ""])
def test_one_message_may_teach_several_things(text: str) -> None:
    """Other words, or the same with a "not", are another fact."""
    known = from_message(a_memory("likes green tea"))
    assert later(replace(TEA, text=text), known) == Add(MemoryStatus.ACTIVE, "quote found")


def test_two_values_of_one_message_are_for_the_user_to_decide() -> None:
    """Code cannot tell "I lived in Berlin, I live in Lisbon" apart."""
    live = from_message(a_memory("Berlin", field="location", number=2), 7, NOW - HOUR)
    assert later(LISBON, live) == Ask("said together with m2")


def test_what_ended_since_stays_ended() -> None:
    """Taken back, replaced or unset after the words were said, wherever else they stood."""
    tea = from_message(a_memory("likes green tea"), 5)
    assert later(TEA, replace(tea, withdrawn_at=NOW - HOUR)) == Ignore("you took it back")
    replaced = replace(tea, superseded_by=9, valid_to=NOW - HOUR)
    assert later(TEA, replaced) == Ignore("you said something newer")
    assert later(TEA, replace(tea, valid_to=NOW - HOUR)) == Ignore("it has ended since")
    unset = from_message(a_memory("Berlin", field="location"), 5)
    assert later(LISBON, replace(unset, valid_to=NOW - HOUR)) == Ignore("it has ended since")


@pytest.mark.parametrize("number", [7, 5], ids=["this message", "another"])
def test_what_went_with_a_reply_was_not_taken_back(number: int) -> None:
    """Who asks again takes back what the reply did, not what they said themselves."""
    tea = replace(from_message(a_memory("likes green tea"), number), withdrawn_at=NOW - HOUR)
    assert later(TEA, tea) == Ignore(TAKEN_BACK)
    assert later(TEA, replace(tea, why=ASKED_AGAIN)) == Add(MemoryStatus.ACTIVE, "quote found")
    again = replace(tea, id=4)
    assert later(TEA, replace(tea, why=ASKED_AGAIN), again) == Ignore(TAKEN_BACK)
    still = from_message(a_memory("likes green tea", number=4))
    assert later(TEA, replace(tea, why=ASKED_AGAIN), still) == Ignore("learned from these words before")


def test_what_ended_before_may_be_learned_again() -> None:
    """Or is still to end; nor does one note's or goal's end concern another."""
    added = Add(MemoryStatus.ACTIVE, "quote found")
    tea = from_message(a_memory("likes green tea"), 5)
    assert later(TEA, replace(tea, withdrawn_at=NOW - 3 * HOUR)) == added
    assert later(TEA, replace(tea, valid_to=NOW - 3 * HOUR)) == added
    assert later(TEA, replace(tea, text="likes coffee", valid_to=NOW - HOUR)) == added
    assert later(TEA, replace(tea, valid_to=NOW + HOUR)) == Refresh(replace(tea, valid_to=NOW + HOUR))
    goal = from_message(a_memory("run", field="goals"), 5)
    assert later(Draft("read", "q", "goals"), replace(goal, valid_to=NOW - HOUR)) == added
    unset = from_message(a_memory("Berlin", field="location"), 5)
    assert later(LISBON, replace(unset, withdrawn_at=NOW - HOUR)) == added


def test_what_has_no_message_is_no_reason() -> None:
    """A memory set by hand and a source without a message have nothing in common."""
    by_hand = replace(a_memory("likes green tea"), sources=(Source(Origin.HAND, NOW - 9 * HOUR),))
    nowhere = replace(SAID, message_id=None)
    assert reconcile(TEA, ACTIVE, [by_hand], FIELDS, NOW, said=nowhere) == Refresh(by_hand)
