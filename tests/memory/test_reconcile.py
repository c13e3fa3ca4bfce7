"""What becomes of a draft beside what is known."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import Draft, Memory, MemoryStatus, Verdict
from memchat.memory.reconcile import Add, Ask, Ignore, Outcome, Refresh, Supersede, reconcile

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
