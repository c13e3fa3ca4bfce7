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
    "小滿要玩武俠 你當店小二 我和她是客人 開始",
    "陪我练一下面试",
    "模擬一場口試好了",
    "你来当面试官，问我三题",
    "finge que eres mi casero",
    "ok now play interviewer, ill play the guy theyre scared of",
    "lets do a bit. im isaac newton n ur the apple",
    "mock interview, you are a publisher, i play the candidate",
    "we're doing a murder mystery supper, help me rehearse",
    "stay in character from here",
]
NOT_OPENED = [
    "act as a senior engineer and review this function",
    "You are right, and I'm glad",
    "I play the piano and my sister plays the flute",
    "let's eat",
    "what is a role in postgres",
    "我們來吃飯",
    "我週六都去玩桌球",
    "面試官人很好，我是第一個",
    "ok stop pretending",
    "I play the trumpet.",
    "I play the saxophone in a band",
    "I want to play the ukulele",
    "I have a mock interview on Friday",
    "our dnd campaign is every thursday",
    "we went to a murder mystery supper",
    "I pretend to like my boss, I can't pretend forever",
    "i play the bass at church",
    "i'll play a game with my son later",
    "my job interview is on friday",
    "lets do a list of boxes first",
]
CLOSED = ["game over", "end scene", "hahaha ok stop", "back to work stuff", "遊戲結束", "不玩了", "說正經的", "basta"]
CLOSED += ["ok curtain. thats going in my last lesson", "haha ok stop. real me again", "ha thatll do"]


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
