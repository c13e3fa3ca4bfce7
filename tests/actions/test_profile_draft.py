"""The profile as TOML: a draft that says where values came from, and is read back strictly."""

import tomllib
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.actions import profile
from memchat.actions.profile_draft import apply_toml, to_toml
from memchat.domain import NewMemory
from memchat.errors import NotFoundError, UsageError
from memchat.ports import Store

from tests.builders import a_source, add_turn
from tests.conftest import NOW

Fields = tuple[str, ...]
LATER = NOW + timedelta(days=1)


def drafted(store: Store, fields: Fields) -> tuple[str, profile.Profile]:
    """The draft of the profile as it stands, and what it shows."""
    shown = profile.show(store, fields, NOW)
    return to_toml(shown, NOW), shown


def test_the_draft_names_every_field_and_its_source(store: Store, fields: Fields) -> None:
    """A comment beside each value tells who said it, when and where."""
    add_turn(store, "我住在台北")
    store.memories.add(NewMemory("台北", a_source("我住在台北"), field="location"), NOW)
    profile.replace(store, fields, {"goals": ["write", 'read "more"']}, NOW)
    draft, _ = drafted(store, fields)
    assert 'location = "台北" # you said, 2026-11-22, s1.1' in draft
    assert '"write", # set by hand, 2026-11-22' in draft
    assert 'plan = "" # not known' in draft
    read = tomllib.loads(draft)
    assert list(read) == list(fields)
    assert read["goals"] == ["write", 'read "more"']


def test_an_untouched_draft_changes_nothing(store: Store, fields: Fields) -> None:
    """Opening and closing the editor does not even confirm a value."""
    profile.replace(store, fields, {"goals": ["write", "read"]}, NOW)
    draft, shown = drafted(store, fields)
    assert apply_toml(store, fields, draft, shown, LATER) == profile.Changes()
    assert all(memory.last_confirmed_at == NOW for memory in store.memories.all())


def test_what_was_changed_is_saved(store: Store, fields: Fields) -> None:
    """A new value, a changed one, an emptied one and a goal less, all at once."""
    profile.replace(store, fields, {"location": ["Berlin"]}, NOW)
    profile.replace(store, fields, {"plan": ["Pro"]}, NOW)
    profile.replace(store, fields, {"goals": ["write", "read"]}, NOW)
    _, shown = drafted(store, fields)
    draft = 'display_name = "Alice"\nlocation = "Lisbon"\nplan = ""\ngoals = ["read"]\n'
    done = apply_toml(store, fields, draft, shown, LATER)
    assert [one.memory.text for one in done.learned] == ["Alice", "Lisbon", "read"]
    assert {memory.text for memory in done.ended} == {"Pro", "write"}
    held = {field: [memory.text for memory in values] for field, values in profile.show(store, fields, LATER).items()}
    assert held["location"] == ["Lisbon"]
    assert held["goals"] == ["read"]


def test_a_line_taken_out_ends_its_value(store: Store, fields: Fields) -> None:
    """The draft is the profile: what is not in it no longer holds."""
    profile.replace(store, fields, {"location": ["Berlin"]}, NOW)
    _, shown = drafted(store, fields)
    done = apply_toml(store, fields, 'display_name = "Alice"', shown, LATER)
    assert [memory.text for memory in done.ended] == ["Berlin"]


def test_a_draft_without_any_field_changes_nothing(store: Store, fields: Fields) -> None:
    """Emptying the file is how people get out of an editor; it must not end the whole profile."""
    profile.replace(store, fields, {"location": ["Berlin"]}, NOW)
    _, shown = drafted(store, fields)
    assert apply_toml(store, fields, "# nothing\n", shown, LATER) == profile.Changes()


def test_what_another_terminal_changed_meanwhile_stays(store: Store, fields: Fields) -> None:
    """Only what the person changed in the draft is saved."""
    profile.replace(store, fields, {"location": ["Berlin"]}, NOW)
    draft, shown = drafted(store, fields)
    profile.replace(store, fields, {"location": ["Lisbon"]}, NOW)
    apply_toml(store, fields, draft.replace('plan = ""', 'plan = "Pro"'), shown, LATER)
    assert [memory.text for memory in profile.get(store, fields, "location", LATER)] == ["Lisbon"]


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        ('location = "Ber', "no TOML: Unterminated string"),
        ("location = 3", "location must be text in quotes"),
        ("goals = [1, 2]", "goals must be a list"),
        ('[location]\ncity = "x"', "must be text"),
        ('goals = ["a", "b", "c", "d"]', "at most 3"),
        (f'plan = "{"x" * 501}"', "500 characters"),
        ('plan = ["a", "b", "c"]\nlocation = {}', "must be text"),
    ],
)
def test_a_wrong_draft_is_refused_whole(store: Store, fields: Fields, draft: str, words: str) -> None:
    """The error says what is wrong; nothing is changed."""
    with pytest.raises(UsageError, match=words):
        apply_toml(store, fields, draft, profile.show(store, fields, NOW), LATER)
    assert store.memories.all() == []


def test_an_unknown_field_in_the_draft_names_the_nearest(store: Store, fields: Fields) -> None:
    """Nothing is dropped in silence."""
    with pytest.raises(NotFoundError) as raised:
        apply_toml(store, fields, 'locaton = "x"\nplan = "y"', profile.show(store, fields, NOW), LATER)
    assert raised.value.hint == "Nearest: location."
    assert store.memories.all() == []


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=3, unique=True))
def test_any_value_survives_the_draft(values: list[str]) -> None:
    """Quotes, backslashes, line ends and emoji come back as they were kept."""
    from memchat.store.connection import open_store

    opened = open_store(None)
    try:
        profile.replace(opened, ("goals",), {"goals": values}, NOW)
    except UsageError:
        return  # nothing visible in one of them
    draft, shown = drafted(opened, ("goals",))
    assert tomllib.loads(draft)["goals"] == [memory.text for memory in shown["goals"]]
    assert apply_toml(opened, ("goals",), draft, shown, LATER) == profile.Changes()
    opened.close()
