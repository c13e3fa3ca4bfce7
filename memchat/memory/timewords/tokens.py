"""A text cut into words, numbers and dates in figures, for the rules of one language."""

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from memchat.memory.statements.days import real
from memchat.memory.timewords import spans
from memchat.memory.timewords.grammar import DEAD, Token
from memchat.memory.timewords.lexicon import Lexicon, plain
from memchat.memory.timewords.spans import Span

YEARS = range(1900, 2100)
"""Four figures outside these are no year of a talk."""
_UNKNOWN = (DEAD, None)
_MARKS = {",": ",", "-": "-", "–": "-", "—": "-"}


class Cut(NamedTuple):
    """A word as written, without accents; figures and marks have the `kind` and `value` of all languages."""

    word: str
    start: int
    end: int
    kind: str = ""
    value: object = None


@cache
def _pattern() -> re.Pattern[str]:
    before = r"(?<![A-Za-z\d_./-])"
    return re.compile(
        # 2026-03-03, 2026/3/3, 2026-03; not within an address or a version
        rf"{before}(?P<y>(?:19|20)\d\d)(?P<sep>[-/.])(?P<m>\d{{1,2}})(?:(?P=sep)(?P<d>\d{{1,2}}))?(?!\d|[./-]\d)"
        # 3/4/2026, 3.4.2026, 3-4-26
        rf"|{before}(?P<a>\d{{1,2}})(?P<sep2>[-/.])(?P<b>\d{{1,2}})(?P=sep2)(?P<yy>\d{{4}}|\d\d)(?![A-Za-z\d_]|[./-]\d)"
        # 3/4, and 3.4. of German
        rf"|{before}(?P<c>\d{{1,2}})(?:/(?P<slash>\d{{1,2}})(?![A-Za-z\d_/%]|\.\d)|\.(?P<point>\d{{1,2}})\.(?![A-Za-z\d_]))"
        # 1,000 and 3.5 and 10:30 count no days
        r"|(?P<junk>\d+(?:[.,:]\d+)+)"
        r"|(?P<n>\d{1,4}+)(?:(?P<th>st|nd|rd|th|\.?[ºª])(?!\w)|(?<!\d{3})(?P<dot>\.)(?=[^\S\n]?[^\W\d_])|(?!\w))"
        # Friday's, Nov. 5
        r"|(?P<word>(?:[^\W\d_][\u0300-\u036f]*+)++(?![\d_]))"
        r"(?:['’]s\b|(?<=[A-Za-z]{3})(?<![A-Za-z]{5})\.(?= ?\d))?"
        r"|(?P<odd>\w+)|(?P<mark>[^\w\s]|\n)"
    )


def cut(text: str, *, month_first: bool) -> list[Cut]:
    """Its words and figures in order; `3/4` is 4 March where the month is said first, else 3 April."""
    return [_cut(match, month_first=month_first) for match in _pattern().finditer(text)]


def _cut(match: re.Match[str], *, month_first: bool) -> Cut:
    start, end = match.span()
    word = match["word"] or match["odd"]
    if word:
        return Cut(plain(word), start, start + len(word))
    if match["mark"]:
        return Cut("", start, end, _MARKS.get(match["mark"], "!"))
    if match["junk"]:
        return Cut("", start, end, DEAD)
    if match["n"]:
        return _number(match)
    kind, value = _iso(match) if match["y"] else _local(match, month_first=month_first)
    return Cut("", start, end, kind, value)


def _number(match: re.Match[str]) -> Cut:
    number = int(match["n"])
    kind = "n" if 1 <= number <= 31 else "Y" if number in YEARS else "w"
    if kind == "n" and (match["th"] or match["dot"]):
        kind = "h" if match["th"] else "d"
    return Cut("", match.start(), match.end(), kind, number)


def _iso(match: re.Match[str]) -> tuple[str, Span | None]:
    year, month = int(match["y"]), int(match["m"])
    if match["d"]:
        return _day(year, month, int(match["d"]))
    if match["sep"] == "-" and len(match["m"]) == 2 and 1 <= month <= 12:
        return "b", spans.months(year, month, 1, "m")
    return DEAD, None


def _local(match: re.Match[str], *, month_first: bool) -> tuple[str, object]:
    """Month, day and year or 0 for what needs a word before it; a whole day where the year has four figures."""
    first, second = int(match["a"] or match["c"]), int(match["b"] or match["slash"] or match["point"])
    pointed = match["point"] or match["sep2"] == "."
    month, day = (first, second) if month_first and not pointed else (second, first)
    if month > 12:
        month, day = day, month
    year = int(match["yy"] or 0)
    if (first, second) == (24, 7) or (month_first and pointed and 0 < year < 100):
        return DEAD, None  # around the clock; a version
    if year > 99 or (year and match["sep2"] == "/"):
        return _day(year if year > 99 else 2000 + year, month, day)
    return "C", (month, day, 2000 + year if year else 0)


def _day(year: int, month: int, day: int) -> tuple[str, Span | None]:
    found = real(year, month, day) if year in YEARS else None
    return ("P", spans.days(found, 1, "d")) if found else (DEAD, None)


def named(cuts: Sequence[Cut], words: Lexicon) -> list[Token]:
    """What each is in one language; words that the table has joined (`new year`) become one."""
    found: list[Token] = []
    before = ""
    for word, start, end, kind, value in cuts:
        if kind:
            found.append(Token(kind, value, start, end))
            before = ""
            continue
        both = f"{before} {word.lower()}"
        if before and both in words:
            found[-1] = Token(words[both][0], words[both][1], found[-1].start, end)
            before = both
            continue
        known = words.get(word) or words.get(word.lower()) or _UNKNOWN
        found.append(Token(known[0], known[1], start, end))
        before = word.lower()
    return found
