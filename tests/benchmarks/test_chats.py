"""The chats that recall is taught and examined with are as conversations.py says, and as many as it takes."""

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from memchat.domain import Role
from memchat.llm.tokens import EstimateCounter
from memchat.memory.masking import mask

from tests.benchmarks.abstention import messages
from tests.benchmarks.conversations import Conversation, read

CHATS = Path(__file__).parent / "chats"
TRAIN, HELD = sorted((CHATS / "train").glob("*.json")), sorted((CHATS / "held").glob("*.json"))
FILES = TRAIN + HELD
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
KINDS = {"single", "multi", "time", "inference", "who"}
TURNS = 60
LONG = 600  # tokens of a reply that is a page or a piece of code with its explanation
LANGUAGES = {"en", "zh", "zh-TW", "de", "es"}


def the_only(path: Path) -> Conversation:
    """The conversation of a file."""
    (conversation,) = read(path)
    return conversation


def raw(path: Path) -> dict[str, Any]:
    """The file as it stands."""
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def long_replies(conversation: Conversation) -> int:
    """How many replies are pages."""
    count = EstimateCounter().count
    return sum(said.role is Role.ASSISTANT and count(said.text) >= LONG for said in conversation.messages)


@each_file
def test_a_chat_has_sixty_turns_over_months(path: Path) -> None:
    """Each turn has two sides; the days ascend and are apart."""
    conversation = the_only(path)
    assert len(conversation.messages) == 2 * TURNS
    days = [sitting.at for sitting in conversation.sittings]
    assert 10 <= len(days) <= 16
    assert all(one.date() < after.date() for one, after in pairwise(days))
    assert 100 <= (days[-1] - days[0]).days <= 300


@each_file
def test_every_question_has_evidence_that_exists(path: Path) -> None:
    """No id was dropped or split while reading, none stands twice, and questions that need several turns have them."""
    conversation, found = the_only(path), raw(path)["questions"]
    assert [set(one["evidence"]) for one in found] == [question.evidence for question in conversation.questions]
    assert all(len(one["evidence"]) == len(set(one["evidence"])) and one["answer"] for one in found)
    assert len({question.text for question in conversation.questions}) == len(found) >= 16
    assert {question.kind for question in conversation.questions} == KINDS
    assert all(2 <= len(one.evidence) <= 4 for one in conversation.questions if one.kind == "multi")


@each_file
def test_a_question_is_asked_after_its_evidence(path: Path) -> None:
    """What has not been said yet cannot be found."""
    conversation = the_only(path)
    said_at = {said.key: sitting.at for sitting in conversation.sittings for said in sitting.messages}
    assert all(said_at[key] < one.asked_at for one in conversation.questions for key in one.evidence)


@each_file
def test_companions_have_names_and_assistants_write_pages(path: Path) -> None:
    """The two kinds of chats that recall has to serve."""
    conversation = the_only(path)
    assert raw(path)["name"] == path.stem
    assert conversation.language in LANGUAGES
    assert conversation.user
    if conversation.kind == "companion":
        assert conversation.assistant
        assert not long_replies(conversation)
    else:
        assert conversation.kind == "assistant"
        assert long_replies(conversation) >= 10
        assert any("```" in said.text for said in conversation.messages)


@each_file
def test_no_chat_holds_what_looks_like_a_secret(path: Path) -> None:
    """What is masked before it is saved could not be found again."""
    assert not [kinds for said in the_only(path).messages if (kinds := mask(said.text).kinds)]


def test_there_are_enough_chats_questions_and_languages() -> None:
    """At least 20 chats and 300 questions, ten with pages and code, some in Chinese, among those held back too."""
    conversations = [the_only(path) for path in FILES]
    assert len(conversations) >= 20
    assert sum(len(one.questions) for one in conversations) >= 300
    assert Counter(one.kind for one in conversations)["assistant"] >= 10
    for folder in (TRAIN, HELD):
        assert any(the_only(path).language.startswith("zh") for path in folder)
    assert not {path.stem for path in TRAIN} & {path.stem for path in HELD}


@pytest.mark.parametrize(
    ("kind", "least", "languages"), [("smalltalk", (200, 150), LANGUAGES), ("world", (40, 40), LANGUAGES - {"zh-TW"})]
)
def test_there_is_enough_small_talk_and_some_of_it_is_held_back(
    kind: str, least: tuple[int, int], languages: set[str]
) -> None:
    """Messages to learn from, in all languages, and others that nobody learned from; so with questions of the world."""
    learned, held = (messages(CHATS / name) for name in (f"{kind}.json", f"{kind}_held.json"))
    assert sum(map(len, learned.values())) >= least[0]
    assert sum(map(len, held.values())) >= least[1]
    assert set(learned) == set(held) == languages
    texts = [text.casefold() for some in learned.values() for text in some]
    assert not set(texts) & {text.casefold() for some in held.values() for text in some}
