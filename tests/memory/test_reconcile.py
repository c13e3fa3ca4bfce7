"""What becomes of a draft beside what is known."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import Draft, Grave, Memory, MemoryStatus, Origin, Part, PartKind, Source, Verdict
from memchat.memory.change import RETRACT, UPDATE, Change
from memchat.memory.outcomes import REJECTED, Add, Ask, Ignore, Outcome, Refresh, Supersede
from memchat.memory.reconcile import ASKED_AGAIN, TAKEN_BACK, WAITING_MOST, WRITE_IS_ASK, reconcile

from tests.builders import a_memory
from tests.conftest import NOW

FIELDS = ("location", "goals")
ACTIVE = Verdict(MemoryStatus.ACTIVE, "quote found")
PENDING = Verdict(MemoryStatus.PENDING, "not in your words")
QUARANTINED = Verdict(MemoryStatus.QUARANTINED, "an order")


ADDED = Add(MemoryStatus.ACTIVE, "quote found")


def outcome(draft: Draft, verdict: Verdict, *known: Memory, **more: Any) -> Outcome:
    """Reconcile now, with two fields."""
    return reconcile(draft, verdict, known, FIELDS, NOW, **more)


def test_what_is_ignored_stays_ignored_with_its_reason() -> None:
    """A verdict without a status is passed on; so is a field nobody configured."""
    assert outcome(Draft("x", "x"), Verdict(None, "a question")) == Ignore("a question")
    assert outcome(Draft("red", "red", "colour"), ACTIVE) == Ignore("no such profile field")


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
    """A pending draft stands beside the active value whose place it would take; said twice, it waits once."""
    active = a_memory("Taipei", field="location", number=1)
    draft = Draft("Lisbon", "Lisbon it is", "location")
    assert outcome(draft, PENDING, active) == Ask("not in your words", active)
    assert outcome(draft, PENDING) == Add(MemoryStatus.PENDING, "not in your words")
    waiting = a_memory("lisbon", field="location", number=2, status=MemoryStatus.PENDING)
    assert outcome(draft, PENDING, active, waiting) == Ignore("it waits already")
    assert outcome(replace(draft, text="Taipei"), PENDING, active) == Ignore("known already")
    assert outcome(draft, QUARANTINED, active) == Add(MemoryStatus.QUARANTINED, "an order")


def test_what_is_proved_settles_what_waited() -> None:
    """There is nothing left to decide; what says something else goes on waiting."""
    active = a_memory("Taipei", field="location", number=1)
    waiting = a_memory("lisbon", field="location", number=2, status=MemoryStatus.PENDING)
    other = a_memory("Porto", field="location", number=3, status=MemoryStatus.PENDING)
    draft = Draft("Lisbon", "I live in Lisbon", "location")
    assert outcome(draft, ACTIVE, active, waiting, other) == Supersede(active, "quote found", (waiting,))
    cat = a_memory("has a cat", number=4, status=MemoryStatus.PENDING)
    named = Draft("has a cat named Tofu", "I have a cat named Tofu")
    assert outcome(named, ACTIVE, cat) == Add(MemoryStatus.ACTIVE, "quote found", (cat,))


def test_goals_hold_three_and_the_fourth_asks() -> None:
    """The fourth goal waits for the user, who is told which three there are."""
    goals = [a_memory(f"goal {n}", field="goals", number=n) for n in (1, 2, 3)]
    draft = Draft("goal 4", "q", "goals")
    assert outcome(draft, ACTIVE, *goals[:2]) == Add(MemoryStatus.ACTIVE, "quote found")
    assert outcome(draft, ACTIVE, *goals) == Ask("goals holds 3 already: m1 goal 1, m2 goal 2, m3 goal 3")
    assert outcome(replace(draft, text="Goal 2"), ACTIVE, *goals) == Refresh(goals[1])


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


@pytest.mark.parametrize("text", ["dislikes coffee", "likes green apples", ""])
def test_one_message_may_teach_several_things(text: str) -> None:
    """Other words are another fact; the same with a "not" are for the user to decide."""
    known = from_message(a_memory("likes green tea"))
    assert later(replace(TEA, text=text), known) == ADDED
    assert later(replace(TEA, text="does not like green tea"), known) == Ask("said together with m1", known)


def test_two_values_of_one_message_are_for_the_user_to_decide() -> None:
    """Code cannot tell "I lived in Berlin, I live in Lisbon" apart."""
    live = from_message(a_memory("Berlin", field="location", number=2), 7, NOW - HOUR)
    assert later(LISBON, live) == Ask("said together with m2", live)


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


def test_what_was_rejected_does_not_come_again() -> None:
    """The same message is not asked about twice; the same words in another one may be."""
    rejected = replace(
        from_message(a_memory("likes green tea", status=MemoryStatus.PENDING)), withdrawn_at=NOW - HOUR, why=REJECTED
    )
    for verdict in (ACTIVE, PENDING):
        assert later(TEA, rejected, verdict=verdict) == Ignore("you rejected it")
    elsewhere = from_message(rejected, 5, NOW - 9 * HOUR)
    assert later(TEA, replace(elsewhere, withdrawn_at=NOW - 3 * HOUR), verdict=PENDING) == Add(
        MemoryStatus.PENDING, "not in your words"
    )


# Notes that say more, less, or the contrary.

CAT = a_memory("has a cat", number=3)


def test_a_richer_note_takes_the_place_of_the_poorer() -> None:
    """And a poorer one confirms the richer."""
    named = Draft("has a cat named Tofu", "I have a cat named Tofu")
    assert outcome(named, ACTIVE, CAT) == Supersede(CAT, "quote found")
    rich = replace(CAT, text="has a cat named Tofu")
    assert outcome(Draft("has a cat", "I have a cat"), ACTIVE, rich) == Refresh(rich)
    assert outcome(Draft("has a cat", "my cat"), PENDING, rich) == Ignore("known already")
    assert outcome(named, PENDING, CAT) == Ask("not in your words", CAT)
    assert outcome(named, QUARANTINED, CAT) == Add(MemoryStatus.QUARANTINED, "an order")


def test_what_was_said_later_denies_what_was_said_before() -> None:
    """Not the other way round; and what only waits denies nothing."""
    meat = from_message(a_memory("eats meat"), 5, NOW - 3 * HOUR)
    draft = Draft("no longer eats meat", "I no longer eat meat")
    assert outcome(draft, ACTIVE, meat) == Supersede(meat, "quote found")
    assert later(draft, meat) == Supersede(meat, "quote found")
    newer = from_message(meat, 9, NOW - HOUR)
    assert later(draft, newer) == Ignore("you said something newer")
    assert outcome(draft, PENDING, meat) == Ask("not in your words", meat)
    veg = a_memory("不再吃素")
    assert outcome(Draft("吃素", "我吃素"), ACTIVE, veg) == Supersede(veg, "quote found")


def test_a_richer_note_that_was_said_before_stands_beside() -> None:
    """Nothing is lost, and nothing ends before it began."""
    newer = from_message(CAT, 9, NOW - HOUR)
    assert later(Draft("has a cat named Tofu", "q"), newer) == ADDED


def test_goals_say_more_too() -> None:
    """A goal that is told more exactly takes the place of the vaguer one, also when there are three."""
    goals = [a_memory(text, field="goals", number=n) for n, text in enumerate(("run", "read", "rest"), 1)]
    draft = Draft("read in Portuguese", "I want to read in Portuguese", "goals")
    assert outcome(draft, ACTIVE, *goals) == Supersede(goals[1], "quote found")


def test_a_note_that_the_profile_says_is_not_kept() -> None:
    """In whatever state its verdict; a note that says more is."""
    lives = a_memory("Taipei", field="location", number=4)
    for verdict in (ACTIVE, PENDING):
        assert outcome(Draft("lives in Taipei", "I live in Taipei"), verdict, lives) == Ignore("your profile says it")
    assert outcome(Draft("lives in Taipei with Mei", "q"), ACTIVE, lives) == ADDED
    gone = replace(lives, superseded_by=5)
    assert outcome(Draft("lives in Taipei", "q"), ACTIVE, gone) == ADDED


def test_a_value_settles_the_note_that_says_only_that() -> None:
    """The other way round: the note was learned from the same message before the value was."""
    note, other = a_memory("lives in Lisbon", number=4), a_memory("lives in Porto", number=5)
    waits = a_memory("Lisbon", number=6, status=MemoryStatus.PENDING)
    gone = replace(note, id=7, withdrawn_at=NOW)
    settled = Add(MemoryStatus.ACTIVE, "quote found", (note, waits))
    assert outcome(LISBON, ACTIVE, note, other, waits, gone) == settled
    assert outcome(LISBON, PENDING, note) == Add(MemoryStatus.PENDING, "not in your words")


# What holds for a time.

FRIDAY = NOW + timedelta(days=5)


def test_the_end_of_what_is_known_may_be_said_later() -> None:
    """The same words with an end take the place of those without; said again, they confirm."""
    pro = a_memory("Pro", field="plan", number=2)
    draft = Draft("Pro", "I am on Pro until Friday", "plan", valid_to=FRIDAY)
    asked = reconcile(draft, ACTIVE, [pro], ("plan",), NOW)
    assert asked == Supersede(pro, "quote found")
    ends = replace(pro, valid_to=FRIDAY)
    assert reconcile(draft, ACTIVE, [ends], ("plan",), NOW) == Refresh(ends)
    assert reconcile(replace(draft, valid_to=None), ACTIVE, [ends], ("plan",), NOW) == Refresh(ends)
    newer = from_message(pro, 9, NOW - HOUR)
    assert reconcile(draft, ACTIVE, [newer], ("plan",), NOW, said=SAID) == Refresh(newer)


def test_what_holds_for_a_week_does_not_end_what_holds_for_good() -> None:
    """After Friday the field would be empty: the user decides."""
    home = a_memory("Taipei", field="location", number=2)
    draft = Draft("Lisbon", "I am in Lisbon until Friday", "location", valid_to=FRIDAY)
    assert outcome(draft, ACTIVE, home) == Ask("it holds only until 2026-11-27", home)
    away = replace(home, valid_to=FRIDAY)
    assert outcome(draft, ACTIVE, away) == Supersede(away, "quote found")


# What was erased.


def test_what_is_never_to_be_kept_is_not() -> None:
    """However it was said; only what holds already, because the user wrote it down since, is confirmed."""
    grave = Grave(NOW - HOUR, never=True)
    for verdict in (ACTIVE, PENDING, QUARANTINED):
        assert outcome(TEA, verdict, grave=grave) == Ignore("you asked never to keep this")
    held = a_memory("likes green tea")
    assert outcome(TEA, ACTIVE, held, grave=grave) == Refresh(held)


def test_what_was_erased_and_is_said_anew_asks() -> None:
    """What was said before the erasure is not: erased words lie in old turns too."""
    grave = Grave(NOW - HOUR)
    assert outcome(TEA, ACTIVE, grave=grave) == Ask("you erased this on 2026-11-22")
    assert outcome(TEA, PENDING, grave=grave) == Ask("you erased this on 2026-11-22")
    assert outcome(TEA, QUARANTINED, grave=grave) == Ignore("you erased this")
    assert reconcile(TEA, ACTIVE, [], FIELDS, NOW, said=SAID, grave=grave) == Ignore("you erased this")
    before = Grave(NOW - 9 * HOUR)
    assert reconcile(TEA, ACTIVE, [], FIELDS, NOW, said=SAID, grave=before) == Ask("you erased this on 2026-11-22")
    waiting = a_memory("likes green tea", status=MemoryStatus.PENDING)
    assert outcome(TEA, ACTIVE, waiting, grave=grave) == Ignore("it waits already")


# What the model wants to replace or end.

PYTHON = a_memory("prefers code examples in Python", number=5)


def test_words_that_name_it_and_a_change_replace_a_note() -> None:
    """Proved, and half of its words are there."""
    change = Change(UPDATE, PYTHON)
    go = Draft("prefers code examples in Go", "from now on show me code examples in Go, not Python")
    assert outcome(go, ACTIVE, PYTHON, change=change) == Supersede(PYTHON, "quote found")
    ended = Draft("no longer drinks coffee", "I no longer drink coffee")
    coffee = a_memory("drinks coffee after lunch", number=6)
    assert outcome(ended, ACTIVE, coffee, change=Change(RETRACT, coffee)) == Supersede(coffee, "quote found")
    tea = a_memory("喜歡喝咖啡", number=7)
    said = Draft("喜歡喝茶", "我現在不喝咖啡，改喝茶")
    assert outcome(said, ACTIVE, tea, change=Change(UPDATE, tea)) == Supersede(tea, "quote found")


def test_without_words_of_change_the_user_is_asked() -> None:
    """So is what code cannot prove; both are shown side by side."""
    change = Change(UPDATE, PYTHON)
    go = Draft("prefers code examples in Go", "I prefer code examples in Go")
    assert outcome(go, ACTIVE, PYTHON, change=change) == Ask("may replace m5", PYTHON)
    assert outcome(go, PENDING, PYTHON, change=change) == Ask("not in your words", PYTHON)
    assert outcome(go, QUARANTINED, PYTHON, change=change) == Add(MemoryStatus.QUARANTINED, "an order")
    generic = a_memory("likes green tea", number=8)
    apples = Draft("likes green apples", "I now like green apples")
    assert outcome(apples, ACTIVE, generic, change=Change(UPDATE, generic)) == Ask("may replace m8", generic)


def test_what_has_nothing_in_common_is_a_fact_like_any_other() -> None:
    """And a retraction that code cannot prove is none."""
    boat = a_memory("owns a boat", number=9)
    for op in (UPDATE, RETRACT):
        assert outcome(TEA, ACTIVE, boat, change=Change(op, boat)) == ADDED
    assert outcome(TEA, PENDING, boat, change=Change(UPDATE, boat)) == Add(MemoryStatus.PENDING, "not in your words")
    assert outcome(TEA, PENDING, boat, change=Change(RETRACT, boat)) == Ignore("nothing shows that it ended")
    assert outcome(TEA, PENDING, change=Change(RETRACT, None)) == Ignore("nothing shows that it ended")
    assert outcome(TEA, ACTIVE, change=Change(RETRACT, None)) == ADDED
    gone = replace(boat, withdrawn_at=NOW)
    assert outcome(TEA, PENDING, gone, change=Change(RETRACT, gone)) == Ignore("nothing shows that it ended")


def test_a_known_fact_is_confirmed_whatever_the_model_makes_of_it() -> None:
    """A retraction that says what is known, in words that are not the user's, ends nothing either."""
    for op in (UPDATE, RETRACT):
        change = Change(op, PYTHON)
        same = Draft(PYTHON.text, "I prefer code examples in Python")
        assert outcome(same, ACTIVE, PYTHON, change=change) == Refresh(PYTHON)
        why = "nothing shows that it ended" if op == RETRACT else "known already"
        assert outcome(same, PENDING, PYTHON, change=change) == Ignore(why)
    part = Draft("code examples", "code examples are fine")
    assert outcome(part, PENDING, PYTHON, change=Change(RETRACT, PYTHON)) == Ignore("nothing shows that it ended")
    assert outcome(part, PENDING, PYTHON, change=Change(UPDATE, PYTHON)) == Ask("not in your words", PYTHON)


def test_the_contrary_needs_no_other_sign() -> None:
    """ "I am not vegetarian" says what changed."""
    veg = a_memory("vegetarian", number=5)
    draft = Draft("not vegetarian", "I am not vegetarian")
    assert outcome(draft, ACTIVE, veg, change=Change(RETRACT, veg)) == Supersede(veg, "quote found")


def test_a_field_of_one_value_changes_as_ever() -> None:
    """Whatever the model calls it."""
    berlin = a_memory("Berlin", field="location", number=2)
    for op in (UPDATE, RETRACT):
        assert outcome(LISBON, ACTIVE, berlin, change=Change(op, berlin)) == Supersede(berlin, "quote found")
    assert outcome(LISBON, PENDING, berlin, change=Change(UPDATE, berlin)) == Ask("not in your words", berlin)


# The inbox.


def test_one_message_fills_no_inbox() -> None:
    """Of what code cannot prove three drafts wait, quarantined ones counted; what is proved is kept all the same."""
    waiting = [
        from_message(a_memory(f"fact {n}", number=n, status=status))
        for n, status in enumerate((MemoryStatus.PENDING, MemoryStatus.QUARANTINED, MemoryStatus.PENDING), 1)
    ]
    assert len(waiting) == WAITING_MOST
    too_many = Ignore("too many unproved from one message")
    assert later(TEA, *waiting, verdict=PENDING) == too_many
    assert later(TEA, *waiting, verdict=QUARANTINED) == too_many
    assert outcome(TEA, PENDING, *waiting, message_id=7) == too_many
    assert outcome(TEA, PENDING, *waiting, message_id=8) == Add(MemoryStatus.PENDING, "not in your words")
    assert later(TEA, *waiting, verdict=ACTIVE) == ADDED
    settled = replace(waiting[0], withdrawn_at=NOW - 9 * HOUR)
    assert later(TEA, settled, *waiting[1:], verdict=PENDING) == Add(MemoryStatus.PENDING, "not in your words")


def test_where_everything_waits_nothing_is_too_much() -> None:
    """`memory.write = ask`: what is proved waits because it was asked for."""
    ask = Verdict(MemoryStatus.PENDING, WRITE_IS_ASK)
    waiting = [
        from_message(replace(a_memory(f"fact {n}", number=n, status=MemoryStatus.PENDING), why=WRITE_IS_ASK))
        for n in range(1, 9)
    ]
    assert later(TEA, *waiting, verdict=ask) == Add(MemoryStatus.PENDING, WRITE_IS_ASK)
    assert later(TEA, *waiting, verdict=PENDING) == Add(MemoryStatus.PENDING, "not in your words")


# Whatever a model proposes.

TEXTS = st.sampled_from(
    [
        "Taipei",
        "taipei ",
        "Lisbon",
        "Tainan.",
        "likes tea",
        "likes tea with milk",
        "no longer likes tea",
        "does not like tea",
        "has a cat",
        "has a cat named Tofu",
        "run",
        "read",
        "",
        "吃素",
        "不再吃素",
    ]
)  # fmt: skip - a list of words
PLACES = st.sampled_from(["", "location", "goals"])
VERDICTS = st.sampled_from([ACTIVE, ACTIVE, PENDING, QUARANTINED])
PROPOSALS = st.lists(
    st.tuples(TEXTS, PLACES, VERDICTS, st.sampled_from(["add", UPDATE, RETRACT]), st.integers(0, 9), st.booleans()),
    max_size=12,
)


def holding(known: Sequence[Memory]) -> set[int]:
    """Ids of what holds."""
    return {memory.id for memory in known if memory.status(NOW) is MemoryStatus.ACTIVE}


def carried_out(result: Outcome, draft: Draft, known: list[Memory], minute: int) -> list[Memory]:
    """What is known once it is written down, as `learning.keep` does."""
    number = len(known) + 1
    source = replace(SAID, message_id=100 + minute, at=NOW + timedelta(minutes=minute))
    if isinstance(result, Ignore | Refresh):
        return known
    status = MemoryStatus.PENDING
    ended: set[int] = set()
    if isinstance(result, Add | Supersede):
        status = result.status if isinstance(result, Add) else MemoryStatus.ACTIVE
        ended = {one.id for one in result.settles} | ({result.old.id} if isinstance(result, Supersede) else set())
    new = replace(a_memory(draft.text, field=draft.field, number=number, status=status), sources=(source,))
    return [*(replace(one, superseded_by=number) if one.id in ended else one for one in known), new]


@settings(max_examples=100, deadline=None)
@given(PROPOSALS)
def test_proposals_alone_lose_nothing_that_holds(proposed: list[tuple[str, str, Verdict, str, int, bool]]) -> None:
    """One value in a field of one, three goals; nothing ends without a proved successor; the same again confirms."""
    known: list[Memory] = []
    for minute, (text, field, verdict, op, target, quoted) in enumerate(proposed):
        aims = known and op != "add"
        change = Change(op, known[target % len(known)]) if aims else None
        draft = Draft(text, f"now {text}" if quoted else "q", field)
        result = outcome(draft, verdict, *known, change=change, message_id=100 + minute)
        after = carried_out(result, draft, known, minute)
        lost = holding(known) - holding(after)
        assert not lost or (verdict is ACTIVE and isinstance(result, Supersede | Add))
        assert all(after[number - 1].superseded_by in holding(after) for number in lost)
        again = outcome(draft, verdict, *after, change=change, message_id=200 + minute)
        assert isinstance(again, Refresh | Ignore)
        if isinstance(result, Supersede | Refresh) or (isinstance(result, Add) and verdict is ACTIVE):
            assert isinstance(again, Refresh)
        known = after
    held = [memory for memory in known if memory.id in holding(known)]
    assert sum(memory.field == "location" for memory in held) <= 1
    assert sum(memory.field == "goals" for memory in held) <= 3


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(TEXTS, PLACES, st.sampled_from(list(MemoryStatus)[:3]), st.booleans()), max_size=6), TEXTS)
def test_code_never_replaces_on_weak_ground(rows: list[tuple[str, str, MemoryStatus, bool]], text: str) -> None:
    """Only a proved draft refreshes or supersedes, only what is active and in its own field."""
    known = [
        replace(
            a_memory(old, field=where, number=n, status=stored),
            valid_to=NOW - timedelta(days=1) if over else None,
        )
        for n, (old, where, stored, over) in enumerate(rows, 1)
    ]
    for field in ("", "location", "goals"):
        for verdict in (ACTIVE, PENDING, QUARANTINED):
            result = outcome(Draft(text, "q", field), verdict, *known)
            if isinstance(result, Refresh | Supersede):
                one = result.known if isinstance(result, Refresh) else result.old
                assert verdict is ACTIVE
                assert one.status(NOW) is MemoryStatus.ACTIVE
                assert one.field == field
            if isinstance(result, Add):
                assert result.status is verdict.status


def said_here(text: str, number: int, span: tuple[int, int], **more: Any) -> Memory:
    """A memory that rests on these characters of message 7."""
    source = Source(Origin.TYPED, NOW, text, 1, 1, message_id=7, part_id=70, span=span)
    return replace(a_memory(text, number=number, at=NOW - timedelta(hours=1), **more), sources=(source,))


def a_place(verdict: Verdict, said: str, quote: str, part_id: int = 70) -> Verdict:
    """The verdict with the place of `quote` in a part of message 7."""
    start = said.index(quote)
    part = Part(PartKind.TEXT, Origin.TYPED, said, id=part_id)
    return replace(verdict, part=part, span=(start, start + len(quote)))


def test_the_tool_may_say_more_of_the_same_message() -> None:
    """Then the richer words take the place at once; what says otherwise is for the user to decide."""
    cat = said_here("has a cat", 1, (0, 11))
    draft = Draft("has a cat named Tofu", "I have a cat named Tofu")
    assert outcome(draft, ACTIVE, cat, message_id=7) == Supersede(cat, "quote found")
    other = replace(draft, text="does not have a cat")
    assert outcome(other, ACTIVE, cat, message_id=7) == Ask("said together with m1", cat)
    assert outcome(other, ACTIVE, cat, message_id=8) == Supersede(cat, "quote found")


def test_the_same_words_are_asked_about_once() -> None:
    """After the talk, of the very words that the tool asked about; other words of that message are others."""
    said, late = "I treat children, often for free.", Source(Origin.TYPED, NOW, message_id=7)
    waiting = said_here("pediatrician", 1, (0, 16), status=MemoryStatus.PENDING)
    draft = Draft("doctor of kids", "q")

    def asked(quote: str, verdict: Verdict = PENDING, part_id: int = 70, **more: Any) -> Outcome:
        return outcome(draft, a_place(verdict, said, quote, part_id), waiting, **more)

    added = Add(MemoryStatus.PENDING, "not in your words")
    assert asked("treat children", said=late) == Ignore("it waits already")
    assert asked("treat children", message_id=7) == added  # a model may take two things from one sentence
    assert asked(", often for free", said=late) == added
    assert asked("treat children", part_id=71, said=late) == added
    assert asked("treat children", replace(PENDING, why=WRITE_IS_ASK), said=late) == Ignore("it waits already")
    assert outcome(draft, a_place(ACTIVE, said, "treat children"), waiting, said=late) == ADDED


def test_of_two_values_the_words_between_them_decide() -> None:
    """A correction takes the first back, whichever of them is named first; without one the user decides."""
    lisbon = Draft("Lisbon", "q", "location")
    for said, berlin, expected in (
        ("I live in Berlin. Sorry, I live in Lisbon.", "I live in Berlin", Supersede),
        ("I live in Berlin.Sorry, I live in Lisbon.", "I live in Berlin.", Supersede),
        ("I live in Lisbon. No wait, I live in Berlin.", "I live in Berlin", Ignore),
        ("I live in Lisbon. I live in Berlin.", "I live in Berlin", Ask),
        ("I live in Berlin and I live in Lisbon.", "I live in Berlin", Ask),
        ("Sorry: I live in Berlin and I live in Lisbon.", "I live in Berlin", Ask),
        ("Sorry: I live in Lisbon and I live in Berlin.", "I live in Berlin", Ask),
    ):
        start = said.index(berlin)
        old = said_here("Berlin", 1, (start, start + len(berlin)), field="location")
        found = outcome(lisbon, a_place(ACTIVE, said, "I live in Lisbon"), old, message_id=7)
        assert isinstance(found, expected), said
        assert found != Ignore("learned from these words before")


@pytest.mark.parametrize("text", ["doctor of kids", "pediatrician"])
def test_what_was_taken_back_stays_away_with_its_very_words(text: str) -> None:
    """Unproved and reworded, in another field too; what a reply lost is nobody's wish, and proved words are others."""
    said = "I treat children, often for free."
    back = replace(said_here("pediatrician", 1, (0, 16)), withdrawn_at=NOW)
    for draft in (Draft(text, "q"), Draft(text, "q", "location")):
        for verdict, quote, known, expected in (
            (PENDING, "treat children", back, Ignore("you took it back")),
            (PENDING, "treat children", replace(back, why=ASKED_AGAIN), Add(MemoryStatus.PENDING, "not in your words")),
            (PENDING, "often for free", replace(back, text="x"), Add(MemoryStatus.PENDING, "not in your words")),
            (ACTIVE, "treat children", replace(back, text="x"), ADDED),
        ):
            assert outcome(draft, a_place(verdict, said, quote), known, message_id=7) == expected
