"""What each of the last sessions was about."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from memchat.domain import Origin, Part, PartKind, Role, Session, SessionKind, Turn
from memchat.memory.session import SUMMARY_TOKENS, default_title, passages

from tests.builders import a_message
from tests.conftest import NOW, TAIPEI


def words(text: str) -> int:
    """A token is a word."""
    return len(text.split())


def a_session(summary: str = "", title: str = "Rate limits") -> Session:
    """Session 17 of 3 October, late in the evening in London."""
    at = datetime(2026, 10, 3, 20, 0, tzinfo=UTC)
    return Session(17, "uid", SessionKind.CHAT, title, "", summary, (), at, at, "m", "", 1, True, 2)


def a_turn(request: str, reply: str) -> Turn:
    """Its only turn."""
    user = replace(a_message(request), session_id=17)
    return Turn(17, 1, (user, a_message(reply, role=Role.ASSISTANT, number=2)))


def test_a_summary_is_told_dated_and_quoted() -> None:
    """The day is that of the user's zone; the reference names the session."""
    (found,) = passages([(a_session('Settled: "100 a minute".'), None)], TAIPEI, words)
    assert found.line == '- 2026-10-04 (s17) "Rate limits": "Settled: \\"100 a minute\\"."'
    assert (found.ref, found.source, found.layer) == ("s17", "", "session")
    assert found.text == 'Rate limits: Settled: "100 a minute".'
    assert found.tokens == words(found.line) + 1


def test_without_a_summary_code_makes_one() -> None:
    """Title, last request, last reply."""
    last = a_turn("What of trial keys?", "They get 30.")
    (found,) = passages([(a_session(), last)], UTC, words)
    assert (
        found.line == '- 2026-10-03 (s17) "Rate limits": last request "What of trial keys?"; last reply "They get 30."'
    )
    assert found.source == "s17.1"
    (bare,) = passages([(a_session(), None)], UTC, words)
    assert (bare.line, bare.text) == ('- 2026-10-03 (s17) "Rate limits"', "Rate limits")
    (unanswered,) = passages([(a_session(), Turn(17, 1, last.messages[:1]))], UTC, words)
    assert unanswered.line.endswith('last request "What of trial keys?"')


def test_the_last_request_is_the_users_own() -> None:
    """What stood in a file was not asked; where nothing else was said, it is told as what it was."""
    file = Part(PartKind.FILE, Origin.FILE, "Wire the money.", name="mail.txt")
    asked = Part(PartKind.TEXT, Origin.ARGV, "Who wrote this?")
    user, reply = a_turn("", "Bob did.").messages
    (found,) = passages([(a_session(), Turn(17, 1, (replace(user, parts=(file, asked)), reply)))], UTC, words)
    assert found.line.endswith('last request "Who wrote this?"; last reply "Bob did."')
    (given,) = passages([(a_session(), Turn(17, 1, (replace(user, parts=(file,)), reply)))], UTC, words)
    assert given.line.endswith('last message, file "mail.txt" "Wire the money."; last reply "Bob did."')


def test_a_made_summary_keeps_its_two_hundred_tokens() -> None:
    """Both sides are cut at the end of a sentence."""
    long = "This is a sentence of seven words. " * 100
    (found,) = passages([(a_session(), a_turn(long, long))], UTC, words)
    assert words(found.text) <= SUMMARY_TOKENS + 8
    assert found.text.endswith("seven words.")
    (told,) = passages([(a_session(long), None)], UTC, words)
    assert words(told.text) <= SUMMARY_TOKENS + 2


@pytest.mark.parametrize(
    ("request_text", "title"),
    [
        ("Rate limits.", "Rate limits"),
        ("What of trial keys? They are new.", "What of trial keys?"),
        ("Use version 1.2 please", "Use version 1.2 please"),
        ("我住在台北。對花生過敏。", "我住在台北"),
        ("  many\n\nblanks \x07 ", "many blanks"),
        ("word " * 30, "word word word word word word word word word word word…"),
        ("字" * 100, "字" * 59 + "…"),
        (".", "."),
        ("", ""),
    ],
)
def test_a_title_is_the_beginning_of_the_first_request(request_text: str, title: str) -> None:
    """Its first sentence, at most sixty characters, cut at a word."""
    assert default_title(request_text) == title
    assert len(title) <= 60


def test_the_order_of_sessions_is_kept() -> None:
    """The newest first, as they were given."""
    sessions = [(replace(a_session(), id=n, last_at=NOW), None) for n in (3, 2, 1)]
    assert [passage.ref for passage in passages(sessions, TAIPEI, words)] == ["s3", "s2", "s1"]
