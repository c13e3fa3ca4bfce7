"""Days to come, reckoned: the next 13th, the end of next month, three weeks from today. Weeks end on Sunday.

Units are `d`, `w`, `m`, `y`, and `e` for a weekend.
"""

from calendar import monthrange
from datetime import date, timedelta

FARTHEST = timedelta(days=270)
"""To a plan whose day has no year: what is farther off was meant as the last such day ("we married on 3 October")."""


def real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None  # 31 June


def coming_day(day: int, month: int, year: int, today: date) -> date | None:
    """That day of that month, or of this one or the next; without a year when it comes next."""
    if year:
        return real(year, month, day)
    if month:
        coming = (real(today.year + n, month, day) for n in range(9))  # a 29 February may be eight years away
    else:
        coming = (real(today.year + (today.month + n - 1) // 12, (today.month + n - 1) % 12 + 1, day) for n in range(3))
    return next((found for found in coming if found is not None and found >= today), None)


def weekday(index: int, today: date, *, next_week: bool) -> date:
    if next_week:
        return today + timedelta(7 - today.weekday() + index)
    return today + timedelta((index - today.weekday() - 1) % 7 + 1)


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def end_of(unit: str, today: date, *, ahead: bool) -> date:
    """The last day of this week, weekend, month or year, or of the next; a day is today or tomorrow."""
    if unit == "y":
        return date(today.year + ahead, 12, 31)
    if unit == "m":
        month = today.month + ahead
        return month_end(today.year + month // 13, (month - 1) % 12 + 1)
    if unit == "d":
        return today + timedelta(ahead)
    return today + timedelta(6 - today.weekday() + 7 * ahead)


def ahead_of(count: int, unit: str, today: date) -> date | None:
    """So many days, weeks, months or years from today."""
    if unit in "dwe":
        return today + timedelta(count * (1 if unit == "d" else 7))
    months = today.year * 12 + today.month - 1 + count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    return real(year, month + 1, min(today.day, monthrange(year, month + 1)[1])) if year < 10_000 else None
