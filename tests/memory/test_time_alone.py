"""A message that asks for a time's talk and nothing else, and those that only speak of a time."""

import pytest
from memchat.memory import time_alone
from memchat.memory.query import understand

from tests.conftest import NOW


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("What did we talk about on October 15?", "2026-10-15", "2026-10-16"),
        ("what did we discuss last week", "2026-11-09", "2026-11-16"),
        ("我們上個月聊了什麼", "2026-10-01", "2026-11-01"),
        ("上个月我们讨论了什么？", "2026-10-01", "2026-11-01"),
        ("¿De qué hablamos la semana pasada?", "2026-11-09", "2026-11-16"),
        ("Worüber haben wir letzte Woche gesprochen?", "2026-11-09", "2026-11-16"),
        ("what did I tell you yesterday?", "2026-11-21", "2026-11-22"),
    ],
)
def test_a_question_for_a_times_talk_is_told(text: str, since: str, until: str) -> None:
    """In four languages; the range is that time, and not the days after it."""
    query = understand(text, NOW)
    found = time_alone.range_of(query, NOW)
    assert found is not None
    assert [f"{moment:%Y-%m-%d}" for moment in found] == [since, until]
    assert time_alone.asks(query)


@pytest.mark.parametrize("text", ["last month", "How was your day yesterday?", "I am tired today", "上個月"])
def test_a_time_alone_asks_for_nothing(text: str) -> None:
    """It may stand in a search; a message with it brings nothing by itself."""
    query = understand(text, NOW)
    assert time_alone.range_of(query, NOW) is not None
    assert not time_alone.asks(query)


@pytest.mark.parametrize(
    "text", ["What did we decide about the API rate limit last month?", "See you tomorrow!", "rate limit", "", "花生"]
)
def test_other_words_or_no_past_time_are_another_question(text: str) -> None:
    """Then the time is one sign among others."""
    assert time_alone.range_of(understand(text, NOW), NOW) is None
