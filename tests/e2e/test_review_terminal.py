"""The inbox at a real terminal: memory review accepts, edits and rejects, and /review does the same in the chat."""

import sys
from datetime import UTC, datetime, timedelta

from memchat.domain import MemoryStatus, NewMemory, Origin, Source

from tests.builders import add_turn
from tests.e2e.terminal import Terminal, chat, kept

QUESTION = "? help:"


def waits(*facts: tuple[str, str, str, str]) -> None:
    """Memories that wait: text, field, message, quote; each from a turn of yesterday."""
    store = kept()
    at = datetime.now(UTC).astimezone() - timedelta(days=1)
    for text, field, said, quote in facts:
        turn = add_turn(store, said, at=at)
        part, start = turn.user.parts[0], said.index(quote)
        span = (start, start + len(quote))
        source = Source(Origin.TYPED, at, quote, turn.session_id, 1, turn.user.id, part.id, span, "qwen3:8b", "1")
        new = NewMemory(text, source, field, MemoryStatus.PENDING, why="not in your words", valid_from=at)
        store.memories.add(new, at)
    store.close()


def active() -> list[str]:
    """What holds now."""
    store = kept()
    found = [memory.text for memory in store.memories.active(datetime.now(UTC))]
    store.close()
    return found


FACTS = (
    ("Taipei", "location", "我現在住台北。", "我現在住台北"),
    ("pediatrician", "", "I treat children, mostly.", "I treat children"),
    ("likes rain", "", "Rain again!", "Rain"),
    ("likes snow", "", "Snow again!", "Snow"),
)


def test_memory_review_accepts_edits_and_rejects() -> None:
    """One after the other, read in any width; Ctrl-D ends, what was decided stays."""
    waits(*FACTS)
    with Terminal([sys.executable, "-m", "memchat", "memory", "review"], env={"NO_COLOR": "1"}) as person:
        person.sees(QUESTION)
        person.sees("1 of 4")
        person.sees("[我現在住台北]。")
        person.types("是\r")
        person.sees("+ m1  location: Taipei")
        person.sees(QUESTION, times=2)
        person.types("e\r")
        person.sees("The words you want")
        person.types("treats sick children\r")
        person.sees("+ m5  treats sick children")
        person.sees(QUESTION, times=3)
        person.types("ｒ\r")
        person.sees("likes rain: rejected")
        person.sees(QUESTION, times=4)
        person.presses("ctrl-d")
        person.sees("1 accepted, 1 reworded, 1 rejected; 1 still waits.")
        assert person.leaves() == 0
    assert active() == ["Taipei", "treats sick children"]


def test_ctrl_c_ends_the_review_on_a_narrow_terminal() -> None:
    """Forty columns; the first word stays decided, the second memory waits on, the quote is marked by paint."""
    waits(*FACTS[:2])
    command = [sys.executable, "-m", "memchat", "memory", "review"]
    with Terminal(command, columns=40) as person:
        person.sees("q ?:")
        person.sees("我現在住台北")
        assert "\x1b[7m我現在住台北\x1b[0m" in person.raw
        person.types("n\r")
        person.sees("never again")
        person.sees("q ?:", times=2)
        person.presses("ctrl-c")
        person.sees("1 never again; 1 still waits.")
        assert person.leaves() == 0
    assert active() == []


def test_review_in_the_chat_decides_too() -> None:
    """/review between two messages; /why shows both wordings of what was accepted."""
    waits(*FACTS[1:3])
    with chat(env={"NO_COLOR": "1"}) as person:
        person.says("/review")
        person.sees(QUESTION)
        person.types("a\r")
        person.sees("+ m1  pediatrician")
        person.sees(QUESTION, times=2)
        person.presses("ctrl-c")
        person.sees_prompt(after="1 accepted; 1 still waits.")
        person.says("/why m1")
        person.sees("[I treat children], mostly.")
        person.sees("You accepted it")
        person.sees_prompt(after="Read on")
        person.quits()
    assert active() == ["pediatrician"]
