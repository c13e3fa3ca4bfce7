"""Who the user is: profile, notes, what changed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from memchat.domain import Layer, Memory, Zone
from memchat.memory import user

from tests.builders import a_memory
from tests.conftest import NOW, TAIPEI


def words(text: str) -> int:
    """A token is a word."""
    return len(text.split())


def changes(before: list[Memory], after: list[Memory], changed: list[Memory]) -> list[tuple[str, str, str]]:
    """Reference, line and reason of each change."""
    return [(one.ref, one.line, one.why) for one in user.changes(before, after, changed, NOW, words)]


def test_the_profile_stands_in_the_order_of_its_fields() -> None:
    """Values of fields that are not configured are left out, and said to be."""
    active = [
        a_memory("Taipei", field="location", number=1),
        a_memory("Alice", field="display_name", number=2),
        a_memory("red", field="colour", number=3),
        a_memory("a note", number=4),
    ]
    found = user.profile_passages(active, ("display_name", "location"), NOW, words)
    assert [one.line for one in found] == [
        '- display_name: "Alice" (m2, 2026-11-22)',
        '- location: "Taipei" (m1, 2026-11-22)',
    ]
    assert [(one.layer, one.zone, one.source, one.quote) for one in found[:1]] == [
        (Layer.PROFILE, Zone.HEAD, "s1.1", "Alice")
    ]
    (left,) = user.unconfigured(active, ("display_name", "location"), NOW, words)
    assert (left.passage.ref, left.why) == ("m3", "its field is not in memory.profile_fields")


def test_notes_lead_pinned_first_then_newest_and_most_important() -> None:
    """At most notes_shown, pinned ones counted; the others are dropped with the setting's name."""
    old = NOW - timedelta(days=180)
    notes = [
        a_memory("old", number=1, at=old),
        a_memory("pinned", number=2, at=old, pinned=True, importance=1),
        a_memory("weighty", number=3, at=old, importance=10),
        a_memory("new", number=4),
        a_memory("Taipei", field="location", number=5),
    ]
    pinned, others, left = user.leading_notes(notes, 3, NOW, words)
    assert [one.text for one in pinned] == ["pinned"]
    assert [one.text for one in others] == ["new", "weighty"]
    assert [(one.passage.text, one.why) for one in left] == [("old", "over memory.notes_shown = 3")]


def test_a_memory_without_sources_is_dated_by_its_creation() -> None:
    """As imports may leave them."""
    bare = replace(a_memory("tea", number=7), sources=())
    passage = user.passage(bare, Zone.TAIL, NOW, words, why="recall")
    assert (passage.line, passage.source, passage.quote) == ('- "tea" (m7, 2026-11-22)', "", "")
    (gone,) = user.changes([bare], [], [], NOW, words)
    assert (gone.at, gone.quote) == (NOW, "")


def test_matching_goes_by_shared_words() -> None:
    """The field's name counts; no shared word, no match; more shared words first."""
    active = [
        a_memory("likes green tea", number=1),
        a_memory("tea merchant", field="occupation", number=2),
        a_memory("Taipei", field="location", number=3),
    ]
    found = user.matching(active, "Which green tea?", NOW, words)
    assert [(one.ref, one.score) for one in found] == [("m1", 1.0), ("m2", 0.5)]
    assert [one.ref for one in user.matching(active, "my location", NOW, words)] == ["m3"]
    assert user.matching(active, "???", NOW, words) == []


def test_a_changed_value_names_the_old_one() -> None:
    """location is now Lisbon (was Berlin), also over a value in between."""
    berlin = a_memory("Berlin", field="location", number=1)
    porto = replace(a_memory("Porto", field="location", number=2), superseded_by=3)
    lisbon = a_memory("Lisbon", field="location", number=3)
    links = [replace(berlin, superseded_by=2), porto, lisbon]
    expected = [("m3", 'Changed since above: location is now "Lisbon" (was "Berlin") (m3)', "replaces m1")]
    assert changes([berlin], [lisbon], links) == expected
    assert changes([berlin], [lisbon], [lisbon]) == expected
    assert changes([], [lisbon], [lisbon]) == [("m3", 'Changed since above: location is now "Lisbon" (m3)', "new")]


def test_notes_are_followed_by_their_links_only() -> None:
    """A new note takes the place of the one it replaced, and of no other."""
    tea, milk = a_memory("drinks tea", number=1), a_memory("drinks milk", number=2)
    coffee = a_memory("drinks coffee", number=3)
    assert changes([tea, milk], [coffee], [replace(milk, superseded_by=3), coffee]) == [
        ("m3", 'Changed since above: noted "drinks coffee" (was "drinks milk") (m3, 2026-11-22)', "replaces m2"),
        ("m1", 'Changed since above: "drinks tea" (m1) holds no longer', "ended"),
    ]


def test_what_ended_is_told_and_what_stayed_is_not() -> None:
    """An ended value gives no new text."""
    goal = a_memory("run", field="goals", number=1)
    note = a_memory("tea", number=2)
    assert changes([goal, note], [note], []) == [
        ("m1", 'Changed since above: goals "run" (m1) holds no longer', "ended")
    ]
    (gone,) = user.changes([goal], [], [], NOW, words)
    assert (gone.text, gone.layer, gone.zone, gone.field) == ("", Layer.CHANGE, Zone.TAIL, "goals")


def test_the_profile_may_name_the_zone() -> None:
    """A value that names no zone is passed over."""
    nowhere = a_memory("somewhere warm", field="timezone", number=1)
    bad = a_memory("../etc", field="timezone", number=2)
    taipei = a_memory("Asia/Taipei", field="timezone", number=3)
    assert user.zone([nowhere, bad, a_memory("note", number=4), taipei]) == TAIPEI
    assert user.zone([nowhere]) is None
    offset = replace(nowhere, text="UTC+08:00")
    assert NOW.astimezone(user.zone([offset])) == NOW


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (180, "(m1, 2026-05-26)"),
        (181, "(m1, 2026-05-25, not confirmed for 5 months)"),
        (320, "(m1, 2026-01-06, not confirmed for 10 months)"),
        (725, "(m1, 2024-11-27, not confirmed for 23 months)"),
        (1_100, "(m1, 2023-11-18, not confirmed for 3 years)"),
    ],
)
def test_what_nobody_confirmed_for_long_says_so(days: int, told: str) -> None:
    """In whole months, then years; the model can ask whether it is still so."""
    old = a_memory("Berlin", field="location", at=NOW - timedelta(days=days))
    (found,) = user.profile_passages([old], ("location",), NOW, words)
    assert found.line == f'- location: "Berlin" {told}'
    confirmed = replace(old, last_confirmed_at=NOW)
    (found,) = user.profile_passages([confirmed], ("location",), NOW, words)
    assert "not confirmed" not in found.line


def test_what_holds_for_a_time_says_until_when() -> None:
    """On the day as it is where the user is; its age does not matter."""
    away = replace(a_memory("in Lisbon", number=6), valid_to=NOW + timedelta(days=4, hours=14, minutes=45))
    note = user.passage(away, Zone.HEAD, NOW, words, why="note")
    assert note.line == '- "in Lisbon" (m6, 2026-11-22, until 2026-11-26)'
    old = replace(away, last_confirmed_at=NOW - timedelta(days=999))
    assert "not confirmed" not in user.passage(old, Zone.HEAD, NOW, words, why="note").line
    assert user.changes([away], [], [], NOW, words)[0].line == 'Changed since above: "in Lisbon" (m6) holds no longer'
