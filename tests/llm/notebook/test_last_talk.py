"""What the notebook tells of the last conversations: from their summaries in the head, with day and place."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from memchat.domain import Origin, Part, PartKind, Passage, Role, Session, SessionKind, Turn
from memchat.llm.tokens import EstimateCounter
from memchat.memory.session import passages

from tests.conftest import NOW
from tests.llm.notebook.conftest import RECALL, a_context, a_line, calls_of, said_to

TWO_DAYS_AGO = NOW - timedelta(days=2)
TRIP = "Wanted: plan a trip to Porto in May\nResolved: let's go with Hotel Sol\nPending: book the flights"
TRIP_ZH = "Wanted: 排京都三天的行程\nResolved: 那就住民宿\nPending: 還沒買車票"


def shown(
    summary: str,
    *,
    number: int = 1,
    title: str = "A trip",
    at: datetime = TWO_DAYS_AGO,
    newer: str = "",
    origin: Origin = Origin.TYPED,
    reply: str = "Sure.",
) -> Passage:
    """The session as the head shows it; `newer` was said after the summary was made."""
    leaf = 9 if newer else 4
    session = Session(
        number, f"u{number}", SessionKind.CHAT, title, "", summary, (), at, at, "notebook", "", 5, True, leaf, 4
    )
    last = None
    if newer:
        user = replace(a_line("", Role.USER, session=number, turn=5), parts=(Part(PartKind.TEXT, origin, newer),), id=8)
        last = Turn(number, 5, (user, replace(a_line(reply, Role.ASSISTANT, session=number, turn=5), id=9)))
    return passages([(session, last)], NOW.tzinfo, EstimateCounter().count)[0]


@pytest.mark.parametrize(
    ("question", "summary", "answer"),
    [
        (
            "What did we talk about last time?",
            TRIP,
            (
                'On 20 Nov (s1), "A trip": you wanted: "plan a trip to Porto in May"; '
                'settled: "let\'s go with Hotel Sol"; still open: "book the flights".'
            ),
        ),
        ("Where did we leave off?", "Wanted: a trip", 'On 20 Nov (s1): you wanted: "a trip".'),
        (
            "上次我們聊了什麼？",
            TRIP_ZH,
            (
                "11 月 20 日（s1）「A trip」：你想要的：「排京都三天的行程」；"
                "定下來的：「那就住民宿」；還沒做的：「還沒買車票」。"
            ),
        ),
        ("上次我们聊了什么？", "Wanted: 排行程", "11 月 20 日（s1）「A trip」：你想要的：「排行程」。"),
        ("What did we do last time?", "They planned a trip.", "On 20 Nov (s1): A trip: They planned a trip."),
    ],
)
def test_the_last_talk_is_told_from_its_summary(question: str, summary: str, answer: str) -> None:
    """Wanted, settled and open told apart, with day and session; a summary without labels as it is."""
    assert said_to(a_context(question, shown(summary))) == answer
    assert calls_of(a_context(question, shown(summary))) == []


def test_what_came_after_the_summary_is_told_too() -> None:
    """The last words that the summary does not cover yet."""
    told = said_to(a_context("What did we talk about last time?", shown(TRIP, newer="What about Braga?")))
    assert told.endswith('still open: "book the flights"; you last said: "What about Braga?".')
    assert told.startswith("On 20 Nov (s1.5)")


def test_words_that_were_only_passed_on_are_not_the_users() -> None:
    """Piped text after a summary is neither the user's words nor a part of the summary."""
    text = "x; pending: sell the house; last request: sell"
    piped = shown(TRIP, newer=text, origin=Origin.STDIN)
    assert "sell" not in said_to(a_context("What did we talk about last time?", piped))
    assert said_to(a_context("What is still open?", piped)) == 'Still open: "book the flights" (20 Nov, s1.5)'


def test_a_session_without_a_summary_is_told_by_its_last_words() -> None:
    """As before there were summaries."""
    plain = shown("", newer="What about Braga?")
    assert said_to(a_context("What did we do last time?", plain)) == (
        'On 20 Nov you last said: "What about Braga?" (s1.5). I answered: "Sure."'
    )


@pytest.mark.parametrize(
    ("question", "head"),
    [
        ("What is still open?", "Still open:"),
        ("what's left to do", "Still open:"),
        ("Is there anything still pending?", "Still open:"),
        ("What do I still have to do?", "Still open:"),
        ("What's on my todo list?", "Still open:"),
        ("還有什麼沒做？", "還沒做的："),
        ("还有哪些事没完成？", "还没做的："),
        ("有什麼待辦？", "還沒做的："),
        ("還有什麼事要做嗎？", "還沒做的："),
    ],
)
def test_what_is_open_is_told_from_all_the_last_talks(question: str, head: str) -> None:
    """A line each, newest first, each with day and session; nothing is looked up for it."""
    older = shown("Wanted: x\nPending: call Ines", number=1, at=NOW - timedelta(days=3))
    newer = shown(TRIP, number=2, at=NOW - timedelta(days=1))
    told = said_to(a_context(question, older, newer))
    assert calls_of(a_context(question, older, newer), (RECALL,)) == []
    rows = told.splitlines()
    assert rows[0] == head
    assert ["book the flights" in rows[1], "s2" in rows[1], "call Ines" in rows[2], "s1" in rows[2]] == [True] * 4
    assert len(rows) == 3


def test_what_this_conversation_left_open_is_told_first() -> None:
    """By the same rules that make the summary, settled things left out."""
    before = (
        ("I still need to call the bank", "I keep that with this conversation."),
        ("I have to water the plants", "Saved."),
        ("I watered the plants", "Saved."),
    )
    context = a_context("What is still open?", shown(TRIP), before=before)
    assert said_to(context) == (
        'Still open:\n- "I still need to call the bank" (22 Nov, s2.1)\n- "book the flights" (20 Nov, s1)'
    )


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is still open?", "I know of nothing that is still open."),
        ("還有什麼沒做的？", "就我所知，沒有還沒做的事。"),
        ("还有什么没做的？", "就我所知，没有还没做的事。"),
    ],
)
def test_nothing_open_is_said_plainly(question: str, answer: str) -> None:
    """No list is better than a wrong one."""
    assert said_to(a_context(question, shown("Wanted: a trip"))) == answer


def test_a_reply_cut_off_leaves_the_question_open() -> None:
    """A turn whose rounds have tool messages and an empty reply."""
    context = a_context("What is still open?", before=(("Which trains go to Braga?", ""),))
    tool = a_line("{}", Role.TOOL, turn=1)
    context = replace(context, turns=(tool, *context.turns, tool))
    assert said_to(context) == 'Still open: "Which trains go to Braga?" (22 Nov, s2.1)'
