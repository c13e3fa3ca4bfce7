"""Stretches of the calendar: this week, the last March that has begun, two months ago. Weeks begin on Monday.

Units are `d`, `w`, `m`, `y`, `e` for a weekend, `q` for a quarter. Times are those of the wall clock, without a zone.
What lies outside the calendar raises ValueError or OverflowError.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from memchat.memory.statements.days import ahead_of, real

DAY = timedelta(days=1)
BEGINNING = datetime(1970, 1, 1)  # noqa: DTZ001 - of the wall clock; where "before Christmas" begins: before any chat
# Of a day: the hours from and to which it reaches. Generous: who says "last night" may mean one o'clock.
PARTS = {
    "small hours": (0, 6),
    "morning": (4, 12),
    "noon": (11, 14),
    "afternoon": (12, 18),
    "evening": (17, 24),
    "night": (18, 30),
}
START, MIDDLE, END, EARLIER = 0, 1, 2, 3
# What "a few" and the like count: from, to.
COUPLE, FEW, MANY = (2, 3), (2, 6), (3, 9)
_SEASON_MONTHS = 3


class Span(NamedTuple):
    """From `since` until just before `until`; `grain` is the unit it is one of, or empty."""

    since: datetime
    until: datetime
    grain: str = ""


Yearly = Callable[[int], Span | None]
"""What comes each year, a month or Christmas: the one of that year, None where there is none (29 February)."""


def midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def days(first: date, count: int, grain: str = "") -> Span:
    return Span(midnight(first), midnight(first + timedelta(count)), grain)


def months(year: int, month: int, count: int, grain: str = "") -> Span:
    """So many whole months; month 13 is the next year's January, 0 the last year's December."""
    first, after = (date((year * 12 + n) // 12, n % 12 + 1, 1) for n in (month - 1, month - 1 + count))
    return Span(midnight(first), midnight(after), grain)


def shifted(day: date, count: int, unit: str) -> date:
    """So many units later; 31 March and one month back is the last of February."""
    found = ahead_of(count, unit, day)
    if found is None:
        raise OverflowError("outside the calendar")
    return found


def relative(unit: str, offset: int, today: date) -> Span | None:
    """This week, month, quarter ... (`offset` 0), the last (-1), the one after the next (2)."""
    monday = today - timedelta(today.weekday()) + timedelta(7 * offset)
    if unit == "y":
        return months(today.year + offset, 1, 12, "y")
    if unit == "m":
        return months(today.year, today.month + offset, 1, "m")
    if unit == "q":
        return months(today.year, (today.month - 1) // 3 * 3 + 1 + 3 * offset, 3, "q")
    if unit == "e":
        return days(monday + 5 * DAY, 2, "e")
    return days(monday, 7, "w") if unit == "w" else None


def ago(low: int, high: int, unit: str, today: date) -> Span | None:
    """What people call so many units ago: all that rounds to it, so half a unit to either side; days are exact."""
    if unit in "eq":
        near, far = relative(unit, -low, today), relative(unit, -high, today)
        return Span(far.since, near.until) if near and far else None
    near_by, half = {"d": (0, "d"), "w": (3, "d"), "m": (15, "d"), "y": (6, "m")}[unit]
    first = shifted(shifted(today, -high, unit), -near_by, half)
    last = shifted(shifted(today, -low, unit), near_by, half)
    return Span(midnight(first), midnight(min(last, today) + DAY), "d" if unit == "d" and low == high else "")


def lately(count: int, unit: str, today: date) -> Span | None:
    """The last so many units, today with them."""
    if unit == "q":
        count, unit = 3 * count, "m"
    return Span(midnight(shifted(today, -count, unit)), midnight(today + DAY))


def weekday(index: int, back: int, today: date) -> Span:
    """That weekday (0 is Monday) before today, the `back`-th such."""
    return days(today - timedelta((today.weekday() - index - 1) % 7 + 1 + 7 * (back - 1)), 1, "d")


def part_of_day(span: Span, part: str) -> Span | None:
    """The morning of that day."""
    first, last = PARTS[part]
    if span.grain != "d":
        return None
    return Span(span.since + timedelta(hours=first), span.since + timedelta(hours=last), "t")


def edge(which: int, span: Span, today: date) -> Span | None:
    """The beginning, middle or end of it: days 1-10, 11-20 and the rest of a month; a quarter at each end of a year."""
    first = span.since.date()
    if which == EARLIER:
        return Span(span.since, max(midnight(first + DAY), min(span.until, midnight(today + DAY))))
    if span.grain == "y":
        begin, count = ((1, 3), (5, 4), (10, 3))[which]
        return months(first.year, begin, count)
    if span.grain == "m":
        since = span.since + 10 * which * DAY
        return Span(since, span.until if which == END else since + 10 * DAY)
    if span.grain == "w":
        begin, count = ((0, 2), (2, 2), (4, 3))[which]
        return days(first + begin * DAY, count)
    if span.grain == "q":
        return months(first.year, first.month + which, 1)
    return None


def nth(number: int, width: int, span: Span) -> Span | None:
    """The first week of a month (`width` 7) is its days 1-7, the fifth what is left; number 0 is the last."""
    begin = span.since + (number - 1) * width * DAY if number else span.until - width * DAY
    if span.grain != "m" or not span.since <= begin < span.until:
        return None
    return Span(begin, min(begin + width * DAY, span.until), "d" if width == 1 else "")


def nth_weekday(number: int, index: int, span: Span) -> Span | None:
    """The first Monday in it; number 0 is the last."""
    first, last = span.since.date(), span.until.date() - DAY
    if number:
        found = first + timedelta((index - first.weekday()) % 7 + 7 * (number - 1))
    else:
        found = last - timedelta((last.weekday() - index) % 7)
    return days(found, 1, "d") if found <= last else None


def latest(each: Yearly, today: date) -> Span | None:
    """The last one that has begun; a 29 February may be eight years back."""
    found = (each(year) for year in range(today.year + 1, today.year - 9, -1))
    return next((span for span in found if span and span.since.date() <= today), None)


def ended(each: Yearly, today: date) -> Span | None:
    """The last one that is over."""
    found = (each(year) for year in range(today.year + 1, today.year - 9, -1))
    return next((span for span in found if span and span.until.date() <= today), None)


def coming(each: Yearly, today: date) -> Span | None:
    """The next one."""
    found = (each(year) for year in range(today.year - 1, today.year + 9))
    return next((span for span in found if span and span.since.date() > today), None)


def each_month(month: int) -> Yearly:
    return lambda year: months(year, month, 1, "m")


def each_season(number: int) -> Yearly:
    """Spring (0) is March to May, as in the north; a winter counts to the year in which it begins."""
    return lambda year: months(year, _SEASON_MONTHS * (number + 1), _SEASON_MONTHS, "q")


def each_quarter(number: int) -> Yearly:
    return lambda year: months(year, 3 * number - 2, 3, "q") if 1 <= number <= 4 else None


def each_day(month: int, day: int, count: int = 1) -> Yearly:
    """That day, or so many from it on."""

    def of(year: int) -> Span | None:
        first = real(year, month, day)
        return days(first, count, "d" if count == 1 else "") if first else None

    return of


def through(first: Yearly, last: Yearly) -> Yearly:
    """From the one to the other, both with them; where the first comes later in the year, it is the year's before."""

    def of(year: int) -> Span | None:
        a, b = first(year), last(year)
        if a and b and b.until <= a.since:
            a = first(year - 1)
        return Span(a.since, b.until) if a and b else None

    return of
