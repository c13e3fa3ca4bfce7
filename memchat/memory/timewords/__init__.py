"""Times in words, "last month", 三月三號, "hace dos semanas", as stretches of time in the user's zone.

English, Chinese in both scripts, Spanish and German. What names no year is the last one that has begun: "in March", "on
Friday" look back, for what is looked for has been said. Weeks begin on Monday.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from memchat.memory.language import HAN, OTHER, language_of
from memchat.memory.timewords import chinese, western
from memchat.memory.timewords.chinese_words import chinese_tokens
from memchat.memory.timewords.english import english
from memchat.memory.timewords.german import german
from memchat.memory.timewords.grammar import Rule, Token, folded_tokens
from memchat.memory.timewords.spanish import spanish
from memchat.memory.timewords.tokens import cut, named

READ = 4_000
"""Characters read at each end of a long text: a question stands before or behind what is pasted."""
_TELLING = frozenset("UgDMOWv9cyRamsGHCPbY4<ph")
"""Kinds of which a time has at least one."""
_FOUND = frozenset("PJbk")


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` until just before `until`, named by the characters from `start` to before `end` of the text."""

    since: datetime
    until: datetime
    start: int
    end: int


def periods(text: str, now: datetime) -> tuple[Period, ...]:
    """The stretches of time that a text names, in its order, none within another; in the zone of `now`, an aware time.

    Of a text of over 8,000 characters the first and the last 4,000 are read. Days that do not exist name nothing.
    """
    found: list[Token] = []
    for offset, piece in _pieces(text):
        found += (one._replace(start=one.start + offset, end=one.end + offset) for one in _read(piece, now.date()))
    periods = (
        Period(
            one.value.since.replace(tzinfo=now.tzinfo), one.value.until.replace(tzinfo=now.tzinfo), one.start, one.end
        )
        for one in _longest(found)
    )
    return tuple(sorted(periods, key=lambda period: period.start))


def _pieces(text: str) -> list[tuple[int, str]]:
    if len(text) <= 2 * READ:
        return [(0, text)]
    return [(0, text[:READ]), (len(text) - READ, text[-READ:])]


def _read(text: str, today: date) -> Iterator[Token]:
    cuts = cut(text, month_first=_month_first(text))
    for language in (english, spanish, german):
        tokens = named(cuts, language())
        if any(token.kind in _TELLING for token in tokens):
            yield from _told(tokens, western.rules(), today)
    if HAN.search(text):
        yield from _told(chinese_tokens(text), chinese.rules(), today)


def _told(tokens: list[Token], rules: Sequence[Rule], today: date) -> Iterator[Token]:
    return (token for token in folded_tokens(tokens, rules, today) if token.kind in _FOUND)


def _month_first(text: str) -> bool:
    """Whether `3/4` is 4 March: in English and in Chinese, whose dates go from the year down."""
    if not _local_date().search(text) or HAN.search(text):
        return True
    words = [cut.word.lower() for cut in cut(text, month_first=True) if cut.word]
    known, *others = (sum(word in language() for word in words) for language in (english, spanish, german))
    return known >= max(others) and language_of(text) != OTHER


@cache
def _local_date() -> re.Pattern[str]:
    return re.compile(r"\d[-/.]\d")


def _longest(found: list[Token]) -> list[Token]:
    """Where languages read the same words, the reading that takes most of them."""
    taken: set[int] = set()
    kept: list[Token] = []
    for one in sorted(found, key=lambda token: token.start - token.end):
        if one.start not in taken and one.end - 1 not in taken:
            taken.update(range(one.start, one.end))
            kept.append(one)
    return kept
