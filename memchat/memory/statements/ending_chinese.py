"""The last day of what a Chinese sentence says, in folded simplified letters; `ending.py` says what that is."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

from memchat.memory.chinese_numbers import bounds, number
from memchat.memory.statements.dates import date_in_chinese
from memchat.memory.statements.days import FARTHEST, ahead_of, coming_day, end_of, month_end, real

_N = r"[\d一二两三四五六七八九十]{1,3}"
_HAN_UNITS = {"天": "d", "日": "d", "周": "w", "星期": "w", "礼拜": "w", "月": "m", "年": "y"}
_HAN_UNIT = r"个?(?P<unit>天|日|周|星期|礼拜|月|年)"
_HAN_UNTIL = r"(?:直到|待到|住到|到|至)"
_HAN_PERIOD = r"(?P<which>下|这|本|今)?个?(?P<unit>周末|周|星期|礼拜|月|年)(?P<end>底)?(?![一二三四五六日天\d])"
_HAN_LASTS = (
    rf"(?:未来|接下来|再|还要?|还会)(?:的|有|待|住|留|休息)*(?P<count>{_N}){_HAN_UNIT}(?![前以之])",
    rf"(?:待|住|出差|请假|旅行|旅游|休假|放假)(?P<count>{_N}){_HAN_UNIT}(?![前])",
)
_HAN_NO_END = r"生日|出生|以来|开始|起$|起[，,]|每|之前|以前|前$|前[，,]|自从|纪念日|后[就再]"
_HAN_PAST = r"去年|昨|前天|曾|上个?(?:周|星期|礼拜|月)|以来|[过完]了|搬了|搬家了|结婚了|[住待]了"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def last_day(low: str, today: date) -> date | None:
    low = low.replace(" ", "")
    if _compiled(_HAN_PAST).search(low):
        return None
    for until in _compiled(_HAN_UNTIL).finditer(low):
        if found := _han_day(low[until.end() :], low[: until.start()], today):
            return found
    if _compiled(_HAN_NO_END).search(low):
        return None
    for pattern in _HAN_LASTS:
        if match := _compiled(pattern).search(low):
            return ahead_of(bounds(match["count"])[1], _HAN_UNITS[match["unit"]], today)
    return _han_plan(low, today)


def _han_day(after: str, before: str, today: date) -> date | None:
    """The day that stands directly behind 到; 十號 alone is a day of the month named before it, or of the next."""
    when = date_in_chinese(after, today)
    if when is not None and when.start == 0:
        return _said(when.said)
    if match := _compiled(rf"({_N})[日号]").match(after):
        months = _compiled(rf"({_N})月").findall(before)
        return coming_day(number(match[1]), number(months[-1]) if months else 0, 0, today)
    if match := _compiled(_HAN_PERIOD).match(after):
        return _han_period(match.groupdict(), today)
    if match := _compiled(rf"({_N})月底?").match(after):
        month = number(match[1])
        return month_end(today.year + (month < today.month), month) if 1 <= month <= 12 else None
    return today if after.startswith("今天") else None


def _han_plan(low: str, today: date) -> date | None:
    when = date_in_chinese(low, today)
    if when is not None:
        found = _said(when.said)
        dated = _compiled(r"\d{4}|[今明后]年").search(low)
        return None if found is None or (not dated and found - today > FARTHEST) else found
    match = _compiled(rf"(?<![上每几]){_HAN_PERIOD}").search(low)
    return _han_period(match.groupdict(), today) if match and (match["which"] or match["end"]) else None


def _han_period(named: Mapping[str, str | None], today: date) -> date | None:
    unit = named["unit"] or ""
    return end_of("w" if unit == "周末" else _HAN_UNITS[unit], today, ahead=named["which"] == "下")


def _said(said: str) -> date | None:
    """The last day of what `dates.py` has made absolute: `2026-11-27`, `2026-12`, `2027`, `2026-11-23 那周`."""
    year, month, day = (*map(int, re.findall(r"\d+", said)), 0, 0)[:3]
    if not month:
        return date(year, 12, 31)
    found = real(year, month, day) if day else month_end(year, month)
    return found + timedelta(6) if found and said.endswith("那周") else found
