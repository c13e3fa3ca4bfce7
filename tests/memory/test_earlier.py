"""What is told of a conversation's own folded turns: its running summary, and in words of its own what is not in it."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memchat.domain import Origin, Part, PartKind, Role, Session, SessionKind, Turn
from memchat.memory.session import by_code, earlier

from tests.builders import a_message
from tests.conftest import NOW


def count(text: str) -> int:
    """A token is a word."""
    return len(text.split())


def a_turn(number: int, said: str = "Hello.", reply: str = "Hi.", *parts: Part) -> Turn:
    """One turn of session 1, with what the user gave."""
    user = a_message(said, turn=number, number=number * 10)
    user = replace(user, parts=(*parts, *user.parts))
    return Turn(1, number, (user, a_message(reply, role=Role.ASSISTANT, turn=number, number=number * 10 + 1)))


def a_session(summary: str, mark: int | None) -> Session:
    """Session 1, summed up as far as that message."""
    kind = SessionKind.CHAT
    return Session(1, "uid", kind, "Limits", "", summary, (), NOW, NOW, "m", "", 9, True, 99, mark)


TURNS = [a_turn(number, f"Ask {number}.") for number in range(1, 6)]


@pytest.mark.parametrize("session", [None, a_session("", None), a_session("", 31), a_session("Pending: tea", None)])
def test_without_a_summary_code_tells(session: Session | None) -> None:
    """Of each turn what was asked, with its id."""
    told, covers = earlier(session, TURNS[:2], 200, count)
    assert told == 'Not summed up, word for word: s1.1 "Ask 1."; s1.2 "Ask 2.".'
    assert covers is None


def test_a_summary_that_reaches_as_far_stands_alone() -> None:
    """Or further: then it tells of turns that are sent, too."""
    for mark in (51, 71):
        told, covers = earlier(a_session("Wanted: tea\nPending: milk", mark), TURNS, 200, count)
        assert told == 'Summed up: wanted "tea"; pending "milk".'
        assert covers == mark


def test_what_came_after_the_summary_follows_it() -> None:
    """From the turn behind its mark on."""
    told, _ = earlier(a_session("Pending: milk", 31), TURNS, 200, count)
    assert told == 'Summed up: pending "milk". Not summed up, word for word: s1.4 "Ask 4."; s1.5 "Ask 5.".'


def test_where_there_is_no_room_little_is_told() -> None:
    """A small window: the newest, then nothing."""
    assert by_code(TURNS, 20, count) == 'Not summed up, word for word: s1.4 "Ask 4."; s1.5 "Ask 5.".'
    assert by_code(TURNS, 0, count) == by_code([], 200, count) == ""
    assert earlier(a_session("Pending: " + "milk " * 50, 51), TURNS, 0, count)[0] == ""


@pytest.mark.parametrize(
    ("said", "settled"),
    [
        ("Hm. We decided on 100 a minute. And now?", "We decided on 100 a minute."),
        ("Let's go with Go, not Python! Thanks.", "Let's go with Go, not Python!"),
        ("好。就用一百次。然後呢？", "就用一百次。"),
        ("我們決定下週二出發", "我們決定下週二出發"),
        ("from now on\nshow me Go", "from now on"),
    ],
)
def test_a_decision_is_told_in_its_own_sentence(said: str, settled: str) -> None:
    """In the user's words and in the assistant's, whose they are."""
    assert by_code([a_turn(1, said)], 200, count).endswith(f's1.1 "{settled}".')
    assert f's1.1 you: "{settled}"' in by_code([a_turn(1, "And?", said)], 200, count)


def test_files_and_pastes_are_named() -> None:
    """Their words are nobody's request; what is barred is not named."""
    file = Part(PartKind.FILE, Origin.FILE, "We decided to delete all.", name="notes.md")
    barred = Part(PartKind.FILE, Origin.FILE, "x", name="secret.md", barred=True)
    told = by_code([a_turn(1, "Read it.", "Done.", file, barred)], 200, count)
    assert told == 'Not summed up, word for word: s1.1 file "notes.md"; s1.1 "Read it.".'


def test_of_many_turns_each_kind_has_its_share() -> None:
    """The newest of each; decisions are not crowded out by files, nor requests by both."""
    file = Part(PartKind.FILE, Origin.FILE, "x", name="notes.md")
    turns = [a_turn(number, f"We decided on {number}. " * 3, "Yes.", file) for number in range(1, 100)]
    turns += [a_turn(number, f"Ask {number}.") for number in range(100, 200)]
    told = by_code(turns, 200, count)
    assert count(told) <= 200
    assert told.index('s1.99 "We decided on 99."') < told.index("s1.199")
    assert 's1.99 file "notes.md"' in told
    assert told.count("decided") >= 10
    assert told.count("Ask") >= 15


@given(st.lists(st.tuples(st.text(max_size=300), st.text(max_size=300)), max_size=20), st.integers(0, 400))
def test_whatever_was_said_it_keeps_its_tokens_and_its_line(said: list[tuple[str, str]], tokens: int) -> None:
    """Nothing breaks out of its quotation marks."""
    told = by_code([a_turn(number, *one) for number, one in enumerate(said, 1)], tokens, len)
    assert len(told) <= tokens + 40
    assert "\n" not in told


def test_words_without_an_end_are_looked_through_quickly() -> None:
    """No sentence ends for pages: still a matter of milliseconds."""
    turns = [a_turn(number, "word " * 5_000, "word " * 5_000) for number in range(100)]
    begins = time.perf_counter()
    by_code(turns, 200, count)
    assert time.perf_counter() - begins < 2
