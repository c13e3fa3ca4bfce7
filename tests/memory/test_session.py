"""What each of the last sessions was about."""

from collections.abc import Callable
from dataclasses import astuple, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import Origin, Part, PartKind, Role, Session, SessionKind, Turn
from memchat.llm.tokens import EstimateCounter
from memchat.memory.session import SUMMARY_TOKENS, Summary, default_title, fitted, parts, passages

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


THREE = "Wanted: a limit for trial keys.\nResolved: they get 30.\nPending: tell Ines."


@pytest.mark.parametrize(
    ("summary", "told"),
    [
        (THREE, Summary("a limit for trial keys.", "they get 30.", "tell Ines.")),
        (THREE.replace("\n", " "), Summary("a limit for trial keys.", "they get 30.", "tell Ines.")),
        ("Pending: tell Ines.", Summary(pending="tell Ines.")),
        ("Wanted: tea\nResolved: none.\nPending: -", Summary(wanted="tea")),
        ("- **Wanted:** tea\n- __pending__： 打電話給林小姐", Summary("tea", "", "打電話給林小姐")),
        ("1. WANTED : tea\n2) Resolved: Wanted: no label here", Summary("tea", "Wanted: no label here")),
        ("想知道限額。Pending: 告訴林小姐", Summary(pending="告訴林小姐", rest="想知道限額。")),
        ("Pending: one\nPending: two\n  lines", Summary(pending="one two lines")),
        ("They talked of tea.\n\n \nThen of Porto.", Summary(rest="They talked of tea.\nThen of Porto.")),
        ("What is pending: nothing much", Summary(rest="What is pending: nothing much")),
        ("Unwanted: tea", Summary(rest="Unwanted: tea")),
        ("None.", Summary()),
        ("-\nWanted: tea", Summary(wanted="tea")),
        ("沒有。\nPending: 無", Summary()),
        ("\u200bWanted: tea\u202e\x1b", Summary("tea")),
        ("", Summary()),
    ],
)
def test_a_summary_is_read_by_its_labels(summary: str, told: Summary) -> None:
    """At the beginning of a line or a sentence, whatever marks a model puts around; without labels it is kept whole."""
    assert parts(summary) == told
    assert parts(told.text) == told


def test_what_was_wanted_resolved_and_is_pending_is_told_apart() -> None:
    """Each in quotation marks of its own, in the head and for people."""
    (found,) = passages([(a_session(THREE), None)], UTC, words)
    assert found.line == (
        '- 2026-10-03 (s17) "Rate limits": wanted "a limit for trial keys."; resolved "they get 30."; '
        'pending "tell Ines."'
    )
    assert found.text == ("Rate limits: wanted: a limit for trial keys.; resolved: they get 30.; pending: tell Ines.")
    (mixed,) = passages([(a_session('They talked.\nPending: tell "Ines".'), None)], UTC, words)
    assert mixed.line.endswith('"Rate limits": "They talked."; pending "tell \\"Ines\\"."')


def test_what_came_after_the_summary_stands_in_for_itself() -> None:
    """Request and reply follow the summary; where it covers them they are not told twice."""
    last = a_turn("And guests?", "They get 5.")
    marked = replace(a_session(THREE), mark=0)
    (found,) = passages([(marked, last)], UTC, words)
    assert found.line.endswith('pending "tell Ines."; last request "And guests?"; last reply "They get 5."')
    (lost,) = passages([(replace(marked, mark=None), last)], UTC, words)
    assert lost.line == found.line
    (covered,) = passages([(replace(marked, mark=2), last)], UTC, words)
    assert covered.line.endswith('pending "tell Ines."')


def test_summary_and_newer_words_share_the_two_hundred_tokens() -> None:
    """The newer words take at most eighty; what is pending stays whole."""
    long = "This is a sentence of seven words. " * 100
    summary = f"Wanted: {long}\nResolved: {long}\nPending: tell Ines."
    (found,) = passages([(replace(a_session(summary), mark=0), a_turn(long, long))], UTC, words)
    assert SUMMARY_TOKENS // 2 < words(found.text) <= SUMMARY_TOKENS + 12
    assert 'seven words."; resolved "This is' in found.line
    assert 'pending "tell Ines."; last request "This is' in found.line


def test_a_long_summary_keeps_a_share_of_each_part() -> None:
    """Small parts whole, the others what is left in equal shares; cut at the end of a sentence."""
    long = "This is a sentence of seven words. " * 40
    made = parts(fitted(f"Wanted: tea.\nResolved: {long}\nPending: {long}", words))
    assert made.wanted == "tea."
    assert 80 < words(made.resolved) < 100
    assert 80 < words(made.pending) < 100
    made = parts(fitted(f"Wanted: {long}\nResolved: {long}\nPending: {long[:350]}", words))
    assert made.pending == long[:349]
    assert 50 < words(made.wanted) <= words(made.resolved) < 70


def test_a_chinese_summary_is_cut_at_its_full_stop() -> None:
    """Characters are counted here."""
    made = fitted("Wanted: " + "想知道限額。" * 40 + "\nPending: 告訴林小姐。", len)
    assert made.endswith("想知道限額。\nPending: 告訴林小姐。")
    assert 190 < len(made) <= SUMMARY_TOKENS


def test_a_summary_that_fits_is_kept_word_for_word() -> None:
    """Only its labels are brought into line."""
    assert fitted(THREE.replace("Wanted", "* **wanted**"), words) == THREE
    assert fitted("Just this, without labels", words) == "Just this, without labels"
    long = fitted(f"{THREE}\nWanted: {'Seven words stand in this one sentence. ' * 40}", words)
    assert fitted(long, words) == long


PIECE = st.one_of(
    st.text(st.sampled_from("ab .!?。！？\n你好:"), max_size=60),
    st.integers(0, 150).map("Seven words stand in this sentence. ".__mul__),
    st.integers(0, 300).map("長".__mul__),
)
LABELLED = st.lists(st.tuples(st.sampled_from(["", "Wanted: ", "Resolved: ", "Pending: "]), PIECE), max_size=5)


@settings(max_examples=100, deadline=None)
@given(LABELLED, st.sampled_from([words, len, lambda text: (len(text) + 3) // 4, EstimateCounter().count]))
def test_a_fitted_summary_keeps_its_bounds(pieces: list[tuple[str, str]], count: Callable[[str], int]) -> None:
    """At most 200 tokens; what is pending whole if it fits alone; all else whole, or cut at a sentence or `…`."""
    summary = "\n".join(label + words_ for label, words_ in pieces)
    before, text = parts(summary), fitted(summary, count)
    after = parts(text)
    assert count(text) <= SUMMARY_TOKENS
    assert before.text == text or len(text) < len(before.text)
    if before.pending and count(f"Pending: {before.pending}") <= SUMMARY_TOKENS:
        assert after.pending == before.pending
    for was, now in zip(astuple(before), astuple(after), strict=True):
        ended = was.startswith(f"{now}\n") or (was.startswith(now) and now[-1:] in {*".!?。！？"})
        assert now in {was, ""} or now.endswith("…") or ended
