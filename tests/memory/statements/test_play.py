"""When a game or a role is being played, and when it is over."""

import pytest
from memchat.memory.statements.play import LONGEST, playing

OPENED = [
    "Let's play a game",
    "You are a dungeon master and I'm a dwarf called Brunhild",
    "pretend you're my landlord",
    "act as a customs officer and interview me",
    "I'll be the patient, you're the doctor",
    "role-play: a job interview",
    "我們來玩角色扮演",
    "你當老師，我當學生",
    "你來演店員，我來演客人",
    "finge que eres mi casero",
]
NOT_OPENED = [
    "act as a senior engineer and review this function",
    "You are right, and I'm glad",
    "I play the piano and my sister plays the flute",
    "let's eat",
    "what is a role in postgres",
    "我們來吃飯",
    "ok stop pretending",
]
CLOSED = ["game over", "end scene", "hahaha ok stop", "back to work stuff", "遊戲結束", "不玩了", "說正經的", "basta"]


@pytest.mark.parametrize("text", OPENED)
def test_a_game_opens(text: str) -> None:
    """It is under way from its first message on."""
    assert playing([text])
    assert playing([text, "I raise my hammer"])


@pytest.mark.parametrize("text", NOT_OPENED)
def test_what_is_no_game_opens_none(text: str) -> None:
    """A role for the assistant alone is none, nor a word that games use too."""
    assert not playing([text])


@pytest.mark.parametrize("text", CLOSED)
def test_a_game_is_closed_in_words(text: str) -> None:
    """And another one may open after it."""
    assert not playing([OPENED[0], "I raise my hammer", text])
    assert playing([OPENED[0], text, OPENED[1]])


def test_a_game_that_nobody_closes_runs_out() -> None:
    """People stop playing without a word."""
    assert playing([OPENED[0], *["and then?"] * LONGEST])
    assert not playing([OPENED[0], *["and then?"] * (LONGEST + 1)])
