"""What the index hands to the ranking: enough to find the answer, and nothing that must not be seen."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import Candidate, Found, Origin, Part, PartKind, Role, Search, SessionKind
from memchat.ports import Store
from memchat.store.choosing import RANKED
from memchat.store.connection import SqliteStore, open_store

from tests.builders import add_turn, spoken, typed
from tests.conftest import NOW
from tests.store.conftest import behind
from tests.store.test_words import ANYTHING

LONG = "\n\n".join(f"Chapter {name}. " + f"The {name} grows slowly in the shade of the wall. " * 9 for name in "abcdef")


def ask(store: Store, *words: str, **more: Any) -> Found:
    """What the index has for these words."""
    return store.index.candidates(Search(words, **more))


def texts(found: Found) -> list[str]:
    """The pieces, best guesses first."""
    return [one.text for one in found.candidates]


def one(found: Found, text: str) -> Candidate:
    """The candidate with this text."""
    [candidate] = [candidate for candidate in found.candidates if candidate.text == text]
    return candidate


def test_a_candidate_tells_all_that_ranking_asks(store: Store) -> None:
    """Who, when, where, under which title, and what stood beside it."""
    first = add_turn(store, "Where shall I go?", "Try Porto.")
    second = add_turn(store, "I went to Porto by train.", "How was it?", session_id=first.session_id)
    store.transcripts.rename(first.session_id, "Trips")
    store.transcripts.summarise(first.session_id, "", ["trains", "Portugal"])
    found = ask(store, "train")
    candidate = one(found, "I went to Porto by train.")
    assert (candidate.session_id, candidate.turn, candidate.message_id, candidate.piece) == (1, 2, second.user.id, 0)
    assert (candidate.role, candidate.own, candidate.at) == (Role.USER, True, NOW)
    assert candidate.title == "Trips · trains · Portugal"
    assert candidate.before is not None
    assert candidate.after is not None
    assert candidate.before.text == "Try Porto."
    assert candidate.after.text == "How was it?"
    assert (candidate.length, candidate.cosine) == (25, None)
    assert (found.rows, found.mean_words, found.trouble) == (4, 15 / 4, "")
    assert found.frequency == {"train": 1}


@pytest.mark.parametrize(
    ("asked", "lent", "unread"),
    [
        (("porto", "train"), (), True),
        (("porto", "train", "oars"), ("oars",), True),
        (("porto", "train", "oars"), (), False),
        (("porto", "train"), ("train",), False),
        (("porto",), (), False),
    ],
)
def test_where_a_message_holds_all_of_several_words_silent_neighbours_are_not_read(
    store: Store, asked: tuple[str, ...], lent: tuple[str, ...], *, unread: bool
) -> None:
    """They stand there without their words; the message itself, and who holds a word, is read as ever. What the message
    before lends is not among the several, nor missing.
    """
    for number in range(90):  # so many that not all that stands beside is handed over
        add_turn(store, f"The porto of house {number}.", "No porto." if number % 2 else "Fine.")
    add_turn(store, "A pair of oars.", "Good.")
    add_turn(store, "To Porto by train?", "Nice.")  # who asks does not tell
    found = ask(store, *asked, lent=frozenset(lent))
    assert "" not in {one.after.text for one in found.candidates if one.after is not None}
    add_turn(store, "To Porto by train.", "Nice.")
    found = ask(store, *asked, lent=frozenset(lent))
    beside = {one.after.text for one in found.candidates if one.after is not None}
    assert ("" in beside) is unread
    assert "No porto." in beside
    assert "To Porto by train." in texts(found)


def test_what_stands_beside_a_match_may_answer(store: Store) -> None:
    """A reply need not repeat the question's words."""
    turn = add_turn(store, "Which wine goes with duck?", "A Barolo.")
    add_turn(store, "Something else.", "Fine.", session_id=turn.session_id)
    add_turn(store, "In another conversation.", "Yes.")
    assert set(texts(ask(store, "duck"))) == {"Which wine goes with duck?", "A Barolo."}


def test_of_a_long_message_the_piece_that_matches_is_handed_over(store: Store) -> None:
    """Not all six pages of it; its neighbours show their beginning alone."""
    turn = add_turn(store, "Tell me about the garden.", LONG)
    add_turn(store, "Thanks!", "Welcome.", session_id=turn.session_id)
    add_turn(store, "d", "e")
    found = ask(store, "chapter", "d")
    pieces = [candidate for candidate in found.candidates if candidate.message_id == turn.messages[1].id]
    assert len(pieces) == 6
    assert sorted(piece.piece for piece in pieces) == list(range(6))
    assert all(piece.text.startswith("Chapter") and len(piece.text.split()) < 140 for piece in pieces)
    assert {piece.length for piece in pieces} == {len(LONG)}
    thanks = one(ask(store, "thanks"), "Thanks!")
    assert thanks.before is not None
    assert thanks.before.text == LONG[:600]
    assert found.frequency == {"chapter": 6, "d": 2}


def test_tools_and_withdrawn_turns_are_nobodys_neighbours(store: Store) -> None:
    """Only what is in the index stands beside anything; turns that were taken back leave no gap."""
    transcripts = store.transcripts
    turn = add_turn(store, "I grow walnuts.", "Nice.")
    gone = add_turn(store, "This was taken back.", "Oh.", session_id=turn.session_id)
    transcripts.set_leaf(turn.session_id, turn.messages[-1].id)
    user = transcripts.add_message(1, 3, Role.USER, typed("And almonds."), parent=turn.messages[-1].id, at=NOW)
    call = (Part(PartKind.TOOL_CALL, Origin.MODEL, "{}", name="recall"),)
    called = transcripts.add_message(1, 3, Role.ASSISTANT, call, parent=user.id, at=NOW)
    result = (Part(PartKind.TOOL_RESULT, Origin.TOOL, "walnuts"),)
    told = transcripts.add_message(1, 3, Role.TOOL, result, parent=called.id, at=NOW)
    transcripts.add_message(1, 3, Role.ASSISTANT, spoken("Both are nuts."), parent=told.id, at=NOW)
    found = ask(store, "almonds", "walnuts", "back")
    assert gone.user.id not in {candidate.message_id for candidate in found.candidates}
    almonds = one(found, "And almonds.")
    assert almonds.before is not None
    assert almonds.after is not None
    assert (almonds.before.text, almonds.after.text) == ("Nice.", "Both are nuts.")


def test_what_the_user_passed_on_is_not_his_own(store: Store) -> None:
    """Pasted text says nothing about him; a reply is the model's own."""
    session = store.transcripts.create_session(SessionKind.CHAT, at=NOW, model="m", host="", learn=True)
    parts = (*typed("Look at this:"), Part(PartKind.TEXT, Origin.PASTE, "I love walnuts"))
    user = store.transcripts.add_message(session.id, 1, Role.USER, parts, parent=None, at=NOW)
    store.transcripts.add_message(session.id, 1, Role.ASSISTANT, spoken("Walnuts, I see."), parent=user.id, at=NOW)
    found = ask(store, "walnuts")
    assert one(found, "Look at this:\n\nI love walnuts").own is False
    assert one(found, "Walnuts, I see.").own is True


def test_what_the_model_still_sees_is_not_found(store: Store) -> None:
    """From the first live turn on; what was folded before it is. Nor is it added as a neighbour."""
    turns = [add_turn(store, "walnuts 0", "Reply 0.")]
    turns += [add_turn(store, f"walnuts {n}", f"Reply {n}.", session_id=turns[0].session_id) for n in (1, 2)]
    add_turn(store, "walnuts elsewhere", "Yes.")
    found = texts(ask(store, "walnuts", live=(turns[0].session_id, 2)))
    assert set(found) == {"walnuts 0", "Reply 0.", "walnuts elsewhere", "Yes."}
    assert len(ask(store, "walnuts").candidates) == 8


def test_dates_shut_out_and_periods_bring_in(store: Store) -> None:
    """A bound holds for everything; a time that the question speaks of adds what was said then, whatever it was."""
    days = [NOW + timedelta(days=number) for number in range(3)]
    for number, day in enumerate(days):
        add_turn(store, f"walnuts {number}", "ok", at=day)
    add_turn(store, "rain", "ok then", at=days[1])
    assert set(texts(ask(store, "walnuts", since=days[1], until=days[2]))) == {"walnuts 1", "ok"}
    assert texts(ask(store, "walnuts", since=days[2] + timedelta(days=1))) == []
    found = texts(ask(store, "walnuts", periods=((days[1], days[2]),)))
    assert set(found) == {"walnuts 0", "walnuts 1", "walnuts 2", "rain", "ok then", "ok"}
    assert set(texts(ask(store, periods=((days[1], days[2]),)))) == {"walnuts 1", "ok", "rain", "ok then"}
    assert set(texts(ask(store, "almonds", periods=((days[2], days[2] + timedelta(days=9)),)))) == {"walnuts 2", "ok"}


def test_a_conversation_is_found_by_its_title(store: Store) -> None:
    """Title and topics may say what nobody said; then what the user began with is handed over."""
    turn = add_turn(store, "How many a second?", "Ten.")
    store.transcripts.entitle(turn.session_id, "Rate limits of the API")
    assert "How many a second?" in texts(ask(store, "rate", "limits"))
    store.transcripts.entitle(turn.session_id, "Something else")
    assert texts(ask(store, "rate", "limits")) == []


def test_a_title_is_found_among_many_messages_that_hold_its_words(store: Store) -> None:
    """More than are read at all: what opens such a conversation needs none of the words."""
    turn = add_turn(store, "How many a second?", "Ten.")
    store.transcripts.entitle(turn.session_id, "Rate limits of the API")
    for number in range(60):
        add_turn(store, f"The rate of {number} and no limits", "I see.")
    found = ask(store, "rate", "limits")
    assert "How many a second?" in texts(found)
    assert len(found.candidates) <= 90


def test_neighbours_of_other_days_take_no_place_where_days_are_asked_for(store: Store) -> None:
    """What was said before the day that is searched, in the same conversation."""
    old = add_turn(store, "The walnuts grow well", "They do.", at=NOW - timedelta(days=9))
    add_turn(store, "And how are the walnuts?", "Ripe.", at=NOW, session_id=old.session_id)
    found = ask(store, "walnuts", since=NOW - timedelta(days=2))
    assert texts(found) == ["And how are the walnuts?", "Ripe."]


@pytest.mark.parametrize("more", [{}, {"since": NOW - timedelta(days=1)}], ids=["ever", "since"])
def test_of_common_words_the_rarest_alone_are_looked_up(
    store: Store, monkeypatch: pytest.MonkeyPatch, more: dict[str, Any]
) -> None:
    """Among all, where they were counted before, and among some days, where reading them counts them."""
    monkeypatch.setattr("memchat.store.choosing.RANKED", 4)
    add_turn(store, "A kiln on the hill", "Lovely.")
    for number in range(8):
        add_turn(store, f"Hill {number}", "I see.")
    assert texts(ask(store, "kiln", "hill", **more))[:2] == ["A kiln on the hill", "Lovely."]
    assert texts(ask(store, "kiln", "hill", **more))[2:] == []
    assert texts(ask(store, "hill", **more))[:4] == ["Hill 7", "Hill 6", "Hill 5", "Hill 4"]


def test_frequencies_tell_of_each_word_as_it_was_asked(store: Store) -> None:
    """Both scripts, any case, any width; what nothing can be made of is left out."""
    add_turn(store, "我住在臺北，花生過敏", "The APIs")
    found = ask(store, "台北", "花生", "過敏", "ＡＰＩ", "!?", "almond", "能吃花生", "花")
    assert found.frequency == {"台北": 1, "花生": 1, "過敏": 1, "ＡＰＩ": 1, "almond": 0, "能吃花生": 0, "花": 1}


def test_a_word_that_the_index_holds_as_several_is_found_by_all_of_them(store: Store) -> None:
    """Wherever they stand: the index knows no places."""
    add_turn(store, "Rock'n'roll all night", "ok")
    add_turn(store, "a rock", "ok")
    assert ask(store, "rock'n'roll").frequency == {"rock'n'roll": 1}


@given(st.lists(ANYTHING, max_size=5), st.booleans())
@settings(max_examples=60, deadline=None)
def test_any_text_is_a_search(words: list[str], dated: bool) -> None:
    """None raises, none finds by syntax."""
    store = open_store(None)
    add_turn(store, "peanuts 花生", "Noted.")
    period = ((NOW, NOW + timedelta(days=1)),) if dated else ()
    found = store.index.candidates(Search(tuple(words), periods=period))
    assert len(found.candidates) == 2 if dated else len(found.candidates) <= 2
    assert store.index.memories(Search(tuple(words))) == {}
    store.close()


@pytest.mark.parametrize(
    "word", ["", " ", "x" * 100_000, "花" * 100_000, "word " * 20_000, "👍", "שלום", '"', "*", "\0"]
)
def test_hostile_words_are_quick_and_harmless(store: Store, word: str) -> None:
    """A hundred kilobytes, an emoji, right-to-left text, FTS5's own syntax."""
    add_turn(store, "peanuts", "Noted.")
    assert texts(ask(store, word)) == []


def test_many_matches_are_cut_to_a_few_hundred(memory: SqliteStore) -> None:
    """The rarest word decides; where even that one is in thousands, the newest are taken."""
    with memory.transaction():
        turn = add_turn(memory, "weather in Lisbon", "ok")
        parent = turn.messages[-1].id
        for number in range(3_100):
            message = memory.transcripts.add_message(
                turn.session_id, 1, Role.ASSISTANT, spoken(f"weather {number}"), parent=parent, at=NOW
            )
            parent = message.id
    found = ask(memory, "weather", "lisbon")
    assert "weather in Lisbon" in texts(found)
    assert found.frequency["weather"] == RANKED == 3_000
    newest = ask(memory, "weather")
    assert len(newest.candidates) < 300
    assert max(candidate.message_id for candidate in newest.candidates) == parent
    assert min(candidate.message_id for candidate in newest.candidates) > 1_000
    assert behind(memory).number("SELECT count(*) FROM words_of_messages_docsize") == 3_102
