"""The profile: one value a field, three goals, and a history that nothing is lost from."""

from datetime import timedelta

import pytest
from memchat.actions import profile
from memchat.domain import MemoryStatus, NewMemory, Origin
from memchat.errors import NotFoundError, UsageError
from memchat.ports import Store

from tests.builders import a_source, add_note
from tests.conftest import NOW, FrozenClock

Fields = tuple[str, ...]
DAY = timedelta(days=1)


def texts(store: Store, fields: Fields, name: str) -> list[str]:
    """What a field holds now."""
    return [memory.text for memory in profile.get(store, fields, name, NOW + 30 * DAY)]


def test_an_empty_profile_has_every_field_and_no_value(store: Store, fields: Fields) -> None:
    """Each configured field is there, in order, with nothing in it."""
    assert profile.show(store, fields, NOW) == {field: [] for field in fields}
    assert list(profile.show(store, fields, NOW)) == list(fields)


def test_a_value_is_set_by_hand(store: Store, fields: Fields) -> None:
    """It is active at once, and its source says that a hand set it."""
    (done,) = profile.replace(store, fields, {"location": ["台北"]}, NOW).learned
    assert (done.memory.text, done.memory.field, done.refreshed, done.replaced) == ("台北", "location", False, None)
    assert done.memory.sources[0].origin is Origin.HAND
    assert texts(store, fields, "location") == ["台北"]


def test_words_for_a_field_of_one_value_are_one_value(store: Store, fields: Fields) -> None:
    """`profile set location New York` needs no quotes."""
    profile.replace(store, fields, {"location": ["New", "York"]}, NOW)
    assert texts(store, fields, "location") == ["New York"]


def test_a_new_value_supersedes_the_old_and_tells_it(store: Store, fields: Fields, clock: FrozenClock) -> None:
    """The old one held until now; it stays in the history and is shown as what was before."""
    profile.replace(store, fields, {"location": ["Tainan"]}, NOW)
    later = clock.advance(days=2)
    (done,) = profile.replace(store, fields, {"location": ["Taipei"]}, later).learned
    assert done.replaced is not None
    assert done.replaced.text == "Tainan"
    assert done.replaced.status(later) is MemoryStatus.SUPERSEDED
    assert [memory.text for memory in profile.history(store, fields, "location")] == ["Tainan", "Taipei"]
    before = profile.replaced(store, profile.show(store, fields, later))
    assert {number: old.text for number, old in before.items()} == {done.memory.id: "Tainan"}


def test_setting_the_same_value_again_confirms_it(store: Store, fields: Fields, clock: FrozenClock) -> None:
    """No second copy: one more source, and a later day of confirmation."""
    profile.replace(store, fields, {"location": ["Taipei"]}, NOW)
    later = clock.advance(days=1)
    (done,) = profile.replace(store, fields, {"location": ["Taipei"]}, later).learned
    assert done.refreshed
    assert done.memory.last_confirmed_at == later
    assert len(done.memory.sources) == 2
    assert len(profile.history(store, fields, "location")) == 1


def test_a_corrected_spelling_is_a_new_value(store: Store, fields: Fields) -> None:
    """Who sets `Taipei` over `taipei` wants the capital."""
    profile.replace(store, fields, {"location": ["taipei"]}, NOW)
    profile.replace(store, fields, {"location": ["Taipei"]}, NOW + DAY)
    assert texts(store, fields, "location") == ["Taipei"]


def test_two_values_of_a_single_field_become_one(store: Store, fields: Fields) -> None:
    """A field that was `goals`-like in an older configuration holds one value after it is set."""
    for text in ("Berlin", "Lisbon"):
        add_note(store, text, field="location")
    done = profile.replace(store, fields, {"location": ["Lisbon"]}, NOW + DAY)
    assert [learned.refreshed for learned in done.learned] == [True]
    assert [memory.text for memory in done.ended] == ["Berlin"]
    assert texts(store, fields, "location") == ["Lisbon"]


def test_goals_are_set_together(store: Store, fields: Fields) -> None:
    """Those named stay or come, those no longer named end; a value named twice is one."""
    profile.replace(store, fields, {"goals": ["write", "read", "write"]}, NOW)
    done = profile.replace(store, fields, {"goals": ["read", "rest"]}, NOW + DAY)
    assert [(one.memory.text, one.refreshed) for one in done.learned] == [("read", True), ("rest", False)]
    assert [memory.text for memory in done.ended] == ["write"]
    assert texts(store, fields, "goals") == ["read", "rest"]


def test_a_fourth_goal_is_refused_naming_the_three(store: Store, fields: Fields) -> None:
    """Nothing is dropped silently: the person chooses."""
    for goal in ("write", "read", "rest"):
        profile.add_value(store, fields, "goals", goal, NOW)
    with pytest.raises(UsageError) as raised:
        profile.add_value(store, fields, "goals", "swim", NOW)
    assert all(goal in raised.value.message for goal in ("m1 'write'", "m2 'read'", "m3 'rest'"))
    with pytest.raises(UsageError, match="at most 3"):
        profile.replace(store, fields, {"goals": ["a", "b", "c", "d"]}, NOW)
    assert texts(store, fields, "goals") == ["write", "read", "rest"]


def test_adding_a_goal_that_is_there_confirms_it(store: Store, fields: Fields) -> None:
    """Case and width do not make a second goal, not even when there are three."""
    for goal in ("Read more", "write", "rest"):
        profile.add_value(store, fields, "goals", goal, NOW)
    done = profile.add_value(store, fields, "goals", "ｒｅａｄ more", NOW + DAY)
    assert done.refreshed
    assert done.memory.text == "Read more"


def test_add_gives_a_single_field_its_first_value_only(store: Store, fields: Fields) -> None:
    """A second value is refused with the way to replace the first."""
    assert profile.add_value(store, fields, "location", "Taipei", NOW).memory.text == "Taipei"
    with pytest.raises(UsageError, match="one value") as raised:
        profile.add_value(store, fields, "location", "Porto", NOW)
    assert raised.value.hint == "Replace it: memchat profile set location VALUE"


def test_unset_ends_a_value_and_keeps_its_history(store: Store, fields: Fields) -> None:
    """The value held until then; it is no longer shown."""
    profile.replace(store, fields, {"plan": ["Pro"]}, NOW)
    (ended,) = profile.unset(store, fields, "plan", NOW + DAY)
    assert ended.status(NOW + DAY) is MemoryStatus.EXPIRED
    assert texts(store, fields, "plan") == []
    assert [memory.text for memory in profile.history(store, fields, "plan")] == ["Pro"]


def test_unsetting_what_is_not_set_is_not_found(store: Store, fields: Fields) -> None:
    """Exit 6, and how to set it."""
    with pytest.raises(NotFoundError, match="plan is not known"):
        profile.unset(store, fields, "plan", NOW)


def test_the_profile_of_an_earlier_day(store: Store, fields: Fields) -> None:
    """`--as-of` shows what held then: not what came later, and what has ended since."""
    profile.replace(store, fields, {"location": ["Tainan"]}, NOW)
    profile.replace(store, fields, {"plan": ["Pro"]}, NOW)
    profile.replace(store, fields, {"location": ["Taipei"]}, NOW + 2 * DAY)
    profile.unset(store, fields, "plan", NOW + 2 * DAY)
    then = profile.show(store, fields, NOW + 3 * DAY, as_of=NOW + DAY)
    assert [memory.text for memory in then["location"]] == ["Tainan"]
    assert [memory.text for memory in then["plan"]] == ["Pro"]
    before = profile.show(store, fields, NOW + 3 * DAY, as_of=NOW - DAY)
    assert before["location"] == []


def test_what_waits_or_was_taken_back_is_no_value(store: Store, fields: Fields) -> None:
    """Pending and withdrawn memories are in the history, never in the profile of any day."""
    store.memories.add(NewMemory("Porto", a_source(turn=None), field="location", status=MemoryStatus.PENDING), NOW)
    taken = add_note(store, "Rome", field="location")
    store.memories.withdraw(taken.id, NOW + DAY)
    assert texts(store, fields, "location") == []
    assert profile.show(store, fields, NOW, as_of=NOW + timedelta(hours=1))["location"] == []
    assert len(profile.history(store, fields, "location")) == 2


def test_the_history_of_all_fields_goes_field_by_field(store: Store, fields: Fields) -> None:
    """Without a name every field's values follow one another in the configured order."""
    profile.replace(store, fields, {"goals": ["write"]}, NOW)
    profile.replace(store, fields, {"display_name": ["Alice"]}, NOW)
    assert [memory.field for memory in profile.history(store, fields)] == ["display_name", "goals"]


def test_nothing_changes_when_one_of_several_values_is_wrong(store: Store, fields: Fields) -> None:
    """All fields are one transaction: a wrong one leaves the others as they were."""
    with pytest.raises(UsageError):
        profile.replace(store, fields, {"location": ["Taipei"], "plan": ["x" * 501]}, NOW)
    with pytest.raises(UsageError):
        profile.replace(store, fields, {"location": ["Taipei"], "plan": [""]}, NOW)
    assert store.memories.all() == []


def test_wrong_fields_and_empty_values_are_refused(store: Store, fields: Fields) -> None:
    """Each tells what to do instead."""
    with pytest.raises(NotFoundError) as raised:
        profile.replace(store, fields, {"locaton": ["x"]}, NOW)
    assert "location" in raised.value.hint
    with pytest.raises(UsageError, match="empty"):
        profile.replace(store, fields, {"location": [" "]}, NOW)
    with pytest.raises(UsageError, match="empty"):
        profile.add_value(store, fields, "goals", "", NOW)


def test_a_secret_is_masked_before_it_is_kept(store: Store, fields: Fields) -> None:
    """Unless the settings say otherwise."""
    key = "sk-proj-" + "a1B2c3D4" * 6
    assert key not in profile.replace(store, fields, {"plan": [key]}, NOW).learned[0].memory.text
    assert profile.replace(store, fields, {"plan": [key]}, NOW, mask_secrets=False).learned[0].memory.text == key


@pytest.mark.parametrize(
    ("said", "zone", "hours"),
    [("Europe/Lisbon", "Europe/Lisbon", 0), ("lisbon", "Europe/Lisbon", 0), ("utc+9", "UTC+09:00", 9)],
)
def test_dates_are_shown_in_the_zone_of_the_profile(
    store: Store, fields: Fields, said: str, zone: str, hours: int
) -> None:
    """It is kept by its whole name, however it was written."""
    profile.replace(store, fields, {"timezone": [said]}, NOW)
    assert texts(store, fields, "timezone") == [zone]
    offset = NOW.astimezone(profile.zone(store, NOW)).utcoffset()
    assert offset == timedelta(hours=hours)


@pytest.mark.parametrize("said", ["somewhere warm", "../../etc/passwd", "America"])
def test_what_is_no_timezone_is_refused(store: Store, fields: Fields, said: str) -> None:
    """And one that an older memchat kept is no error: the system's zone is used."""
    with pytest.raises(UsageError, match="not a time zone that is known") as raised:
        profile.replace(store, fields, {"timezone": [said]}, NOW)
    assert said in raised.value.message
    assert "Asia/Taipei" in raised.value.hint or "Nearest" in raised.value.hint
    add_note(store, said, field="timezone")
    assert profile.zone(store, NOW) == NOW.tzinfo


def test_without_a_timezone_the_zone_is_the_systems(store: Store) -> None:
    """An empty profile shows dates where the computer is."""
    assert profile.zone(store, NOW) == NOW.tzinfo
