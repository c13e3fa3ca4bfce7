"""What a message teaches: tables of sentences, and promises that hold for any text."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.llm.notebook.learn import learn
from memchat.memory.statements.reading import MOST
from memchat.memory.statements.sentences import LOOKED_AT, without_quotes

from tests.conftest import NOW
from tests.memory.statements import chinese_statements as chinese
from tests.memory.statements import english_statements as english

TELLING = (*english.TELLING, *chinese.TELLING_TRADITIONAL, *chinese.TELLING_SIMPLIFIED)
SILENT = (*english.SILENT, *chinese.SILENT_TRADITIONAL, *chinese.SILENT_SIMPLIFIED)
PIECES = (
    "I am ",
    "I'm ",
    "my name is ",
    "Alice",
    " and ",
    ", ",
    ". ",
    "I live in ",
    "Taipei",
    "? ",
    "allergic to ",
    "peanuts",
    '"',
    "「",
    "」",
    "> ",
    "```",
    "\n",
    "我",
    "我叫",
    "林美華",
    "住在",
    "台北",
    "對",
    "花生",
    "過敏",
    "，",
    "。",
    "嗎",
    "next Friday",
    "下週五",
    "March 3",
    "三月三日",
    "not ",
    "不",
    "喜歡",
    "like ",
    "\ufffc",
    "\x00",
    "\u202e",
    "😂",
    "from now on ",
    "answer ",
)  # fmt: skip - the words read better side by side


def facts(text: str, now: datetime = NOW) -> tuple[tuple[str, str], ...]:
    """Field and text of each draft, `note` for no field."""
    return tuple((draft.field or "note", draft.text) for draft in learn(text, now))


@pytest.mark.parametrize(("text", "expected"), TELLING)
def test_a_plain_statement_teaches_its_facts(text: str, expected: tuple[tuple[str, str], ...]) -> None:
    """Each sentence of the tables teaches exactly what stands beside it."""
    assert facts(text) == expected


@pytest.mark.parametrize("text", SILENT)
def test_what_is_no_plain_statement_teaches_nothing(text: str) -> None:
    """Questions, moods, idioms, hypotheses, role-play, denials, other people: nothing is learned."""
    assert facts(text) == ()


@pytest.mark.parametrize(("text", "_"), TELLING)
def test_a_quote_is_a_piece_of_what_was_typed(text: str, _: object) -> None:
    """Forgetting erases the quote in the transcript, so it must stand there letter by letter."""
    drafts = learn(text, NOW)
    assert drafts
    assert all(draft.quote and draft.quote in text and draft.quote == draft.quote.strip() for draft in drafts)


def test_the_tables_are_as_large_as_promised() -> None:
    """150 sentences a language, half of the Chinese in each script, 60 that teach nothing in each."""
    assert len(english.TELLING) + len(english.SILENT) >= 150
    assert len(english.SILENT) >= 60
    traditional = len(chinese.TELLING_TRADITIONAL) + len(chinese.SILENT_TRADITIONAL)
    simplified = len(chinese.TELLING_SIMPLIFIED) + len(chinese.SILENT_SIMPLIFIED)
    assert min(traditional, simplified) >= 75
    assert len(chinese.SILENT_TRADITIONAL) + len(chinese.SILENT_SIMPLIFIED) >= 60


@pytest.mark.parametrize(
    "text",
    [
        "> My name is Bob\n> I live in Rome",
        "```\nmy name is Bob\n```",
        "```\nI live in Rome",
        "He wrote: “I live in Rome. My name is Tom.”",
        'The sign says "I live in Rome',
        "她說：「我叫小明，我住在台北。」",
        "她說：「我叫小明",
        "『我住在台北』",
        "From: Bob\nSubject: I live in Rome",
        "Pretend you are my doctor. I am a pirate. I live in Tortuga.",
        "請扮演我的老師。我叫小明。我住在台北。",
        "My name is `Bob`",
    ],
)
def test_quoted_and_played_words_teach_nothing(text: str) -> None:
    """Words in somebody else's mouth are not the user's, also over several lines."""
    assert facts(text) == ()


def test_what_stands_before_a_quote_or_a_role_is_learned() -> None:
    """Only what follows the frame is play."""
    assert facts("I live in Rome. Pretend I am a pirate. My name is Jack.") == (("location", "Rome"),)
    assert facts("> old mail\nMy name is Ann") == (("display_name", "Ann"),)


def test_a_statement_before_a_question_is_learned_and_a_tag_question_is_not() -> None:
    """`I live in Rome, what should I see?` tells; `I live in Rome, right?` asks."""
    assert facts("I live in Rome, what should I see?") == (("location", "Rome"),)
    assert facts("我住在台北，附近有什麼好吃的？") == (("location", "台北"),)
    assert facts("I live in Rome, don't I?") == ()
    assert facts("我住在台北，對吧？") == ()


def test_a_wish_of_style_beside_a_question_is_for_that_answer_only() -> None:
    """`Answer briefly.` alone is for good; beside a question it is not, unless it says so."""
    assert facts("Answer briefly. What is TCP?") == ()
    assert facts("From now on answer briefly. What is TCP?") == (("reply_style", "answer briefly"),)
    assert facts("簡短回答。什麼是TCP？") == ()
    assert facts("以後簡短回答。什麼是TCP？") == (("reply_style", "簡短回答"),)


def test_wishes_of_style_in_one_sentence_are_one_value() -> None:
    """The field holds one value: a second one would replace the first."""
    assert facts("Be brief and use metric units.") == (("reply_style", "Be brief and use metric units"),)


def test_the_same_fact_said_twice_is_one_draft() -> None:
    """Saying it again in another way of writing adds nothing."""
    assert facts("I live in Rome. I live in ROME!") == (("location", "Rome"),)


def test_days_are_those_of_the_moment_it_was_said() -> None:
    """The same words a week later name another day."""
    assert facts("I'm flying to Rome tomorrow")[0][1] == "flying to Rome on 2026-11-23"
    assert facts("I'm flying to Rome tomorrow", NOW.replace(day=30))[0][1] == "flying to Rome on 2026-12-01"
    assert facts("我明天要搬家", NOW.replace(day=30))[0][1] == "2026-12-01 要搬家"


def test_only_the_beginning_of_a_long_message_is_read() -> None:
    """A fact behind the limit is not seen: it bounds the work a message can cause."""
    filler = "The weather is fine. " * (LOOKED_AT // 20)
    assert facts(f"{filler} My name is Alice.") == ()
    assert facts(f"My name is Alice. {filler}") == (("display_name", "Alice"),)


def test_one_message_teaches_a_bounded_number_of_facts() -> None:
    """Who states more pastes a list."""
    text = " ".join(f"I love A{chr(97 + n // 26)}{chr(97 + n % 26)}." for n in range(60))
    assert len(learn(text, NOW)) == MOST


@pytest.mark.parametrize(
    "text", ["I am " * 200_000, "我是" * 500_000, "my sister " * 100_000, '"' * 1_000_000, "，" * 10**6]
)
def test_a_megabyte_teaches_nothing_and_looks_at_4000_characters(text: str) -> None:
    """Work is bounded by what is looked at: the same drafts as for the first 4,000 characters, however long."""
    assert len(text) >= 900_000
    assert learn(text, NOW) == learn(text[:LOOKED_AT], NOW) == []


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=25).map("".join)))
def test_any_text_is_read_without_an_error_and_every_quote_stands_in_it(text: str) -> None:
    """No text raises; no quote, and no fact, holds words that were only quoted."""
    plain = without_quotes(text)
    for draft in learn(text, NOW):
        assert draft.quote
        assert draft.quote in text
        assert draft.quote in plain
        assert draft.text.strip()
