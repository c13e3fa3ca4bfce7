"""Which conversation `-c` and `--session` mean."""

import pytest
from memchat.actions import resuming
from memchat.domain import SessionKind
from memchat.errors import NotFoundError, SessionBusyError, UsageError
from memchat.ports import Store

from tests.builders import add_turn
from tests.conftest import NOW

HERE = "here:1"
CHATS = (SessionKind.CHAT,)


@pytest.mark.parametrize("ref", ["s1", "S1", "ｓ１", "1", "１", " s1 "])
def test_an_id_is_read_as_everywhere(store: Store, ref: str) -> None:
    """With and without its letter, in any width and case."""
    add_turn(store)
    found, name = resuming.find(store, ref, mask_secrets=True)
    assert found is not None
    assert (found.ref, name) == ("s1", "")


@pytest.mark.parametrize("ref", ["17", "s17", "s" + "9" * 5_000, "9" * 5_000])
def test_an_id_that_is_none_starts_nothing(store: Store, ref: str) -> None:
    """A number is never a name, so that a slip of the finger does not open a second conversation."""
    with pytest.raises(NotFoundError) as caught:
        resuming.find(store, ref, mask_secrets=True)
    assert len(caught.value.message) < 100


def test_a_number_that_is_no_id_is_told_why_it_is_no_name(store: Store) -> None:
    """What to do now: look, or choose a word."""
    with pytest.raises(NotFoundError) as caught:
        resuming.find(store, "17", mask_secrets=True)
    assert "s17" in caught.value.message
    assert "no name" in caught.value.hint


def test_a_turn_is_no_conversation(store: Store) -> None:
    """`s1.1` would go on in the middle: exit 2, with the id of the whole."""
    add_turn(store)
    with pytest.raises(UsageError) as caught:
        resuming.find(store, "s1.1", mask_secrets=True)
    assert caught.value.hint.endswith("s1")


def test_any_other_word_is_a_name(store: Store) -> None:
    """Found again when there is one; else a new conversation is called so."""
    named = store.transcripts.create_session(SessionKind.CHAT, at=NOW, model="m", host="", learn=True, name="Rates")
    assert resuming.find(store, "ＲＡＴＥＳ", mask_secrets=True) == (named, "")
    assert resuming.find(store, " Ｎew one ", mask_secrets=True) == (None, "New one")
    assert resuming.find(store, "s1x", mask_secrets=True) == (None, "s1x")


def test_a_secret_in_a_name_is_masked_unless_that_is_switched_off(store: Store) -> None:
    """A name is stored; the same words find it again."""
    secret = "password=Tr0ub4dor&3"
    assert resuming.find(store, secret, mask_secrets=True) == (None, "password=[secret:password]")
    assert resuming.find(store, secret, mask_secrets=False) == (None, secret)


def test_the_newest_of_the_kinds_that_is_not_open_elsewhere(store: Store) -> None:
    """One-shots are gone on with only where they are asked for."""
    chat, shot = add_turn(store, at=NOW), add_turn(store, at=NOW, kind=SessionKind.ONESHOT)
    assert resuming.newest(store, HERE, CHATS).id == chat.session_id
    assert resuming.newest(store, HERE, tuple(SessionKind)).id == shot.session_id
    assert store.transcripts.claim(shot.session_id, "elsewhere:1")
    assert resuming.newest(store, HERE, tuple(SessionKind)).id == chat.session_id
    with pytest.raises(NotFoundError):
        resuming.newest(store, HERE, ())


def test_when_each_is_open_elsewhere_that_is_said(store: Store) -> None:
    """Exit 5, and which: there is a conversation, it is only not free."""
    turn = add_turn(store)
    assert store.transcripts.claim(turn.session_id, "elsewhere:1")
    with pytest.raises(SessionBusyError, match="s1 is open in another terminal"):
        resuming.newest(store, HERE, CHATS)


def test_a_name_has_the_length_of_a_title(store: Store) -> None:
    """A new one of 120 characters is taken, a longer one refused."""
    assert resuming.find(store, "n" * 120, mask_secrets=True) == (None, "n" * 120)
    with pytest.raises(UsageError, match="may have 120 characters; this has 100,000"):
        resuming.find(store, "名" * 100_000, mask_secrets=True)
