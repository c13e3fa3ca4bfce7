"""Days still to come, named in English or Chinese, made absolute: `next Friday` -> 2026-11-27."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from memchat.memory.chinese_numbers import bounds, number
from memchat.memory.language import folded
from memchat.memory.statements.days import coming_day

_MONTHS = ["january", "february", "march", "april", "may", "june", "july"]
_MONTHS += ["august", "september", "october", "november", "december"]
_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_SMALL = {word: n for n, word in enumerate(["zero", "one", "two", "three", "four", "five", "six", "seven"])}
_SMALL |= {"a": 1, "an": 1, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
_WHICH = r"(?P<which>this|next|coming|this coming)"
_NUMBER = r"(?P<n>\d{1,3}|" + "|".join(_SMALL) + ")"
_BARE = (
    r"\b(?:on|by|from|until|till|before|after) the (?P<bare>\d{1,2})(?:st|nd|rd|th)\b(?! (?:of|floor|time|grade|page))"
)
_EN = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:\bon )?\b(?P<iso>\d{4}-\d\d-\d\d)\b",
        rf"(?:\bon )?(?:the )?\b{_MONTH} (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year>20\d\d)\b)?",
        rf"(?:\bon )?(?:the )?\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? (?P<year>20\d\d)\b)?",
        _BARE,
        rf"\bin (?:early |late |mid-)?{_MONTH}(?: (?P<year>20\d\d)\b)?",
        rf"(?:\bon )?(?:{_WHICH} )?\b(?<!last )(?<!every )(?<!past )(?P<weekday>{'|'.join(_DAYS)})\b",
        r"\b(?P<word>tomorrow|the day after tomorrow)\b",
        r"\bnext (?P<unit>week|month|year)\b",
        rf"\bin {_NUMBER} (?P<unit>day|week|month|year)s?\b",
    )
)
_SOME_DAY = re.compile(r"\d|day\b|\b(?:tomorrow|next|in)\b")
"""Without one of these no pattern of `_EN` fits: one search instead of eight."""
_WEEKDAYS = "一二三四五六日"
_N = r"[\d〇零一二两三四五六七八九十]{1,3}"
_ZH = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<iso>\d{4}-\d\d-\d\d)",
        rf"(?:(?P<year>20\d\d|明|今|后)年 ?)?(?P<month>{_N}) ?月 ?(?P<day>{_N}) ?[日号]?",
        rf"(?P<next>下+)个?月 ?(?P<day>{_N}) ?[日号]",
        r"(?P<which>下下|下|这|本)?个?(?<![上每]个)(?<![上每])(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])(?!个)",
        rf"(?P<n>{_N}) ?(?P<unit>天|周|个星期|个礼拜|个月|年)[之以]?后",
        r"(?P<word>大后天|后天|明天|明早|明晚)",
        r"(?P<which>下)(?:个)?(?P<unit>周|星期|礼拜|月)",
        r"(?P<unit>明年)",
    )
)


@dataclass(frozen=True, slots=True)
class When:
    """A day to come, named at `start` to `end` of the text; `said` is it in absolute words: `on 2026-11-27`."""

    start: int
    end: int
    said: str


def date_in_english(text: str, today: date) -> When | None:
    """The first day to come that an English text names, or None. Days that are over are None."""
    low = folded(text)
    if not _SOME_DAY.search(low):
        return None
    for pattern in _EN:
        found = pattern.search(low)
        if found:
            said = _english(found.groupdict(), today)
            return When(found.start(), found.end(), said) if said else None
    return None


def date_in_chinese(text: str, today: date) -> When | None:
    """The first day to come that a Chinese text names, or None."""
    low = folded(text)
    for pattern in _ZH:
        found = pattern.search(low)
        if found:
            said = _chinese(found.groupdict(), today)
            return When(found.start(), found.end(), said) if said else None
    return None


def _english(named: dict[str, str | None], today: date) -> str:
    if month := _month(named.get("month")):
        return _in_month(month, named, today)
    if unit := named.get("unit"):
        count = named.get("n")
        if count is None:
            return _next(unit, today)
        return _ahead(int(count) if count.isdecimal() else _SMALL[count], unit, today)
    if bare := named.get("bare"):
        return _on(coming_day(int(bare), 0, 0, today))
    return _on(_day(named, today))


def _day(named: dict[str, str | None], today: date) -> date | None:
    if iso := named.get("iso"):
        return _iso(iso, today)
    if weekday := named.get("weekday"):
        return _weekday(_DAYS.index(weekday), today, 1 if named.get("which") == "next" else None)
    return today + timedelta(1 if named["word"] == "tomorrow" else 2)


def _in_month(month: int, named: dict[str, str | None], today: date) -> str:
    if day := named.get("day"):
        return _on(_day_of(int(day), month, named.get("year"), today))
    year = int(named.get("year") or today.year + (month < today.month))
    return f"in {year}-{month:02}" if (year, month) >= (today.year, today.month) else ""


def _chinese(named: dict[str, str | None], today: date) -> str:
    unit = named.get("unit") or ""
    if iso := named.get("iso"):
        return _bare(_iso(iso, today))
    if day := named.get("day"):
        return _bare(_chinese_day(named, number(day), today))
    if weekday := named.get("weekday"):
        weeks = {"下": 1, "下下": 2, "这": 0, "本": 0}.get(named.get("which") or "")
        return _bare(_weekday(_WEEKDAYS.index(weekday.replace("天", "日")), today, weeks))
    if word := named.get("word"):
        return _bare(today + timedelta({"大后天": 3, "后天": 2}.get(word, 1)))
    if count := named.get("n"):
        units = {"天": "day", "周": "week", "个星期": "week", "个礼拜": "week", "个月": "month", "年": "year"}
        return _ahead(bounds(count)[1], units[unit], today).removeprefix("on ").removeprefix("in ")
    units = {"明年": "year", "月": "month"}
    return _next(units.get(unit, "week"), today).removeprefix("in ").replace("the week of ", "") + (
        " 那周" if unit in {"周", "星期", "礼拜"} else ""
    )


def _chinese_day(named: dict[str, str | None], day: int, today: date) -> date | None:
    if ahead := named.get("next"):
        month = today.month + len(ahead)
        return _real(today.year + (month - 1) // 12, (month - 1) % 12 + 1, day)
    year = named.get("year")
    years = {"今": today.year, "明": today.year + 1, "后": today.year + 2}
    spelled = str(years.get(year, year)) if year else None
    return _day_of(day, number(named.get("month") or "0"), spelled, today)


def _month(word: str | None) -> int:
    if not word:
        return 0
    return next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(word[:3]))


def _iso(text: str, today: date) -> date | None:
    day = _real(int(text[:4]), int(text[5:7]), int(text[8:]))
    return day if day and day > today else None


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None  # 31 June, 29 February of a common year


def _day_of(day: int, month: int, year: str | None, today: date) -> date | None:
    """That day, in that year or when it comes next; None when it is over or there is no such day."""
    if year:
        found = _real(int(year), month, day)
        return found if found and found > today else None
    # A 29 February may be eight years away.
    return next((d for n in range(9) if (d := _real(today.year + n, month, day)) and d > today), None)


def _weekday(index: int, today: date, weeks: int | None) -> date | None:
    """That weekday: the next one, or that of the week `weeks` after this one; weeks begin on Monday."""
    if weeks is None:
        return today + timedelta((index - today.weekday() - 1) % 7 + 1)
    found = today + timedelta(index - today.weekday() + 7 * weeks)
    return found if found > today else None


def _next(unit: str, today: date) -> str:
    if unit == "week":
        return f"in the week of {today + timedelta(7 - today.weekday())}"
    if unit == "year":
        return f"in {today.year + 1}"
    return f"in {today.year + today.month // 12}-{today.month % 12 + 1:02}"


def _ahead(count: int, unit: str, today: date) -> str:
    if unit in {"day", "week"}:
        return _on(today + timedelta(count * (7 if unit == "week" else 1)))
    months = today.month - 1 + count * (12 if unit == "year" else 1)
    year, month = today.year + months // 12, months % 12 + 1
    return f"in {year}" if unit == "year" else f"in {year}-{month:02}"


def _on(day: date | None) -> str:
    return f"on {day}" if day else ""


def _bare(day: date | None) -> str:
    return str(day) if day else ""
