"""Conversations: listed, read, named."""

from datetime import timedelta

import pytest
from memchat.actions import sessions
from memchat.domain import SessionKind, Stretch
from memchat.errors import NotFoundError, UsageError
from memchat.ports import Store

from tests.builders import add_turn
from tests.conftest import NOW


def test_no_conversations_is_an_empty_list(store: Store) -> None:
    """Nothing was said yet."""
    assert sessions.listing(store) == []


def test_conversations_come_newest_first_and_one_shots_on_demand(store: Store) -> None:
    """`--all` shows what `ask` left, too; a limit cuts the end."""
    for days, kind in enumerate((SessionKind.CHAT, SessionKind.ONESHOT, SessionKind.CHAT)):
        add_turn(store, at=NOW + timedelta(days=days), kind=kind)
    assert [one.ref for one in sessions.listing(store)] == ["s3", "s1"]
    assert [one.ref for one in sessions.listing(store, all=True)] == ["s3", "s2", "s1"]
    assert [one.ref for one in sessions.listing(store, limit=1)] == ["s3"]


@pytest.mark.parametrize("ref", ["s1", "Ｓ１", "1", "s1.1", "s1.9", "diary", "Diary"])
def test_a_conversation_is_found_by_id_or_name(store: Store, ref: str) -> None:
    """Its own id, the id of one of its turns, or the name it was given."""
    opened = store.transcripts.create_session(
        SessionKind.CHAT, at=NOW, model="notebook", host="", learn=True, name="diary"
    )
    add_turn(store, session_id=opened.id)
    assert sessions.get(store, ref).id == opened.id


def test_what_names_no_conversation_is_not_found(store: Store) -> None:
    """Ids never given, names never used, turns never had."""
    add_turn(store)
    for ref in ("s9", "nobody", "m1", ""):
        with pytest.raises(NotFoundError):
            sessions.get(store, ref)
    with pytest.raises(NotFoundError, match="s1 has no turn 7; it has 1"):
        sessions.turns(store, "s1.7")


def test_turns_are_read_all_or_one(store: Store) -> None:
    """`s1` is every turn, `s1.2` the second."""
    first = add_turn(store, "one")
    add_turn(store, "two", session_id=first.session_id)
    assert [turn.user.text for turn in sessions.turns(store, "s1")] == ["one", "two"]
    assert [turn.user.text for turn in sessions.turns(store, "s1.2")] == ["two"]
    assert [turn.user.text for turn in sessions.turns(store, "1")] == ["one", "two"]


def test_how_far_a_summary_goes(store: Store) -> None:
    """The newest turn it covers; said to the reader only where there are newer ones."""
    first = add_turn(store, "one")
    second = add_turn(store, "two", session_id=first.session_id)

    def reach() -> tuple[str, str]:
        session = sessions.get(store, "s1")
        return sessions.summarised_to(store, session), sessions.summarised_partly(store, session)

    assert reach() == ("", "")
    store.transcripts.summarise(1, "Wanted: x", ["x"])
    assert reach() == ("", "")
    for turn, expected in ((first, ("s1.1", "s1.1")), (second, ("s1.2", ""))):
        session = sessions.get(store, "s1")
        store.jobs.advance([Stretch(session, (turn,), session.mark, turn.messages[-1].id)])
        assert reach() == expected


def test_a_title_is_given_clean(store: Store) -> None:
    """One line, no controls, no secrets."""
    add_turn(store)
    assert sessions.rename(store, "s1", " Rate\nlimits\x1b[0m ").title == "Rate limits"
    key = "sk-proj-" + "a1B2c3D4" * 6
    assert key not in sessions.rename(store, "s1", key).title


def test_an_empty_or_endless_title_is_refused(store: Store) -> None:
    """The old one stays."""
    add_turn(store)
    sessions.rename(store, "s1", "Good")
    for wrong in ("", " ", "x" * 121):
        with pytest.raises(UsageError):
            sessions.rename(store, "s1", wrong)
    with pytest.raises(NotFoundError):
        sessions.rename(store, "s2", "Fine")
    assert sessions.get(store, "s1").title == "Good"
