"""What a person looks for: the days as people write them, where the words stand, and one list of all that is found."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memchat.actions import searching
from memchat.actions.searching import marks, terms
from memchat.errors import UsageError
from memchat.memory.recalling import Recall
from memchat.ports import Store

from tests.actions.conftest import Words
from tests.builders import add_note, add_turn
from tests.conftest import NOW, TAIPEI

COUNT = Words().count


def day(text: str) -> datetime:
    """The first moment of a day in Taipei."""
    return datetime.fromisoformat(text).replace(tzinfo=TAIPEI)


@pytest.mark.parametrize(
    ("said", "since", "until"),
    [
        ("2026-03-03", "2026-03-03", "2026-03-04"),
        ("２０２６-０３-０３", "2026-03-03", "2026-03-04"),
        ("2026-12-31", "2026-12-31", "2027-01-01"),
        ("2024-02-29", "2024-02-29", "2024-03-01"),
        ("2026-02", "2026-02-01", "2026-03-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("yesterday", "2026-11-21", "2026-11-22"),
        ("last month", "2026-10-01", "2026-11-01"),
        ("上個月", "2026-10-01", "2026-11-01"),
        ("2026-03-03T10:00", "2026-03-03T10:00", "2026-03-03T10:00"),
        ("0001-01-01", "1900-01-01", "1900-01-01"),
        ("9999-12-31", "2900-01-01", "2900-01-01"),
        ("9999-12", "2900-01-01", "2900-01-01"),
    ],
)
def test_days_and_times_in_words_have_a_beginning_and_an_end(said: str, since: str, until: str) -> None:
    """`--since` is the first moment, `--until` the one after the last; the calendar's ends are brought within reach."""
    asked = searching.wanted("x", NOW, since=said)
    assert (asked.since, asked.until) == (day(since), None)
    asked = searching.wanted("x", NOW, until=said)
    assert (asked.since, asked.until) == (None, day(until))


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (" \n", {}),
        ("x", {"kind": "files"}),
        ("x", {"since": "soonish"}),
        ("x", {"until": "2026-02-30"}),
        ("x", {"since": "yesterday and last month"}),
        ("x", {"since": "2026-03-03", "until": "2026-03-02"}),
    ],
)
def test_what_cannot_be_searched_for_is_refused(words: str, given: dict[str, str]) -> None:
    """No words, no such place, no time, two times, times the wrong way round: with what to write instead."""
    with pytest.raises(UsageError) as caught:
        searching.wanted(words, NOW, **given)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("rate limit", "Rate limits: limited by Ines's limiter", ["Rate", "limits", "limited", "limiter"]),
        ("what did we decide?", "We decided on Go", ["decided"]),
        ("花生過敏", "我对花生过敏，住在台北。", ["花生过敏"]),
        ("café", "Cafe CAFÉ coffee", ["Cafe", "CAFÉ"]),
        ("한국어", "저는 한국어를 배워요", ["한국어"]),
        ("ﬁnance", "the ﬁnance team", ["ﬁnance"]),
        ("Ｒｕｓｔ", "Rust is a language", ["Rust"]),
        ("!!!", "nothing at all!!!", []),
        ("the of and", "the of and", []),
        ("", "", []),
    ],
)
def test_the_words_of_a_search_are_found_in_any_form(query: str, text: str, found: list[str]) -> None:
    """Endings, case, accents, width and Chinese script aside; neighbours are one mark."""
    assert [text[start:end] for start, end in marks(text, terms(query, NOW))] == found


@given(st.text(max_size=60), st.text(max_size=200))
def test_marks_lie_in_the_text_in_order_and_apart(query: str, text: str) -> None:
    """Whatever is searched for in whatever text; what is marked holds a character."""
    end = -1
    for start, stop in marks(text, terms(query, NOW)):
        assert end < start < stop <= len(text)
        end = stop


@pytest.fixture
def talks(store: Store) -> Store:
    """Two conversations half a year apart, and two memories."""
    add_turn(store, "What about the rate limit?", "You settled on 100 a minute.", at=NOW - timedelta(days=200))
    add_turn(store, "The rate limit of trial keys is 30.", "Noted.", at=NOW - timedelta(days=2))
    add_note(store, "wants a rate limit of 100", at=NOW - timedelta(days=3))
    add_note(store, "allergic to peanuts", at=NOW - timedelta(days=3))
    return store


def refs(store: Store, words: str, limit: int = searching.LIMIT, **more: str) -> Sequence[str]:
    """What is found, best first."""
    asked = searching.wanted(words, NOW, **more)
    return [one.ref for one in searching.search(store, Recall(store), asked, NOW, COUNT, limit).found]


def test_memories_and_conversations_are_one_list(talks: Store) -> None:
    """Or one kind of them; never more than asked for."""
    assert {"s1.1", "s2.1", "m1"} <= set(refs(talks, "rate limit"))
    assert "m2" not in refs(talks, "rate limit")
    assert refs(talks, "rate limit", kind="memories") == ["m1"]
    assert set(refs(talks, "rate limit", kind="sessions")) == {"s1.1", "s2.1"}
    assert len(refs(talks, "rate limit", limit=1)) == 1
    assert refs(talks, "rate limit", limit=1, kind="memories") == ["m1"]


def test_days_shut_out_what_was_said_before_or_after(talks: Store) -> None:
    """The day itself is included, at both ends."""
    told = (NOW - timedelta(days=2)).date().isoformat()
    assert set(refs(talks, "rate limit", since=told, kind="sessions")) == {"s2.1"}
    assert set(refs(talks, "rate limit", until=told, kind="sessions")) == {"s1.1", "s2.1"}
    assert set(refs(talks, "rate limit", since="last month", until="yesterday", kind="sessions")) == {"s2.1"}
    assert refs(talks, "rate limit", until="2025-01-01") == []


@pytest.mark.parametrize(
    "words", ['"', "AND OR NOT", "a* ^b", "😀", "الحد", "台", "x" * 100_000, "\x00", "(((", "don't"]
)
def test_any_words_may_be_searched_for(talks: Store, words: str) -> None:
    """Signs that an index takes for operators, one character, a page of one word."""
    assert isinstance(refs(talks, words), list)
