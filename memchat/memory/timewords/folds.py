"""What the rules for times in words make of what they found: from values, seen from a day, to a stretch.

Values come by the names of the rule's groups; each function gives a Span, or a Yearly for what comes each year, or None
where there is no such day.
"""

from datetime import date, timedelta

from memchat.memory.statements.days import real
from memchat.memory.timewords import spans
from memchat.memory.timewords.grammar import Values
from memchat.memory.timewords.spans import BEGINNING, DAY, Span, Yearly, each_day, each_month, midnight


def yearly(value: int | Yearly) -> Yearly:
    return each_month(value) if isinstance(value, int) else value


def nothing(_values: Values, _today: date) -> None:
    return None


def counts(v: Values) -> tuple[int, int]:
    """How many: from, to; one where no number is said."""
    few: tuple[int, int] | None = v.get("f")
    number = v.get("n") or 1
    return few or (number, v.get("m") or number)


def ago(v: Values, today: date) -> Span | None:
    return spans.ago(*counts(v), v["u"], today)


def halves_ago(v: Values, today: date) -> Span | None:
    """Half a year ago, a year and a half ago."""
    halves = v["h"] + 2 * (v.get("n") or 0)
    low, high, unit = {"y": (6, 6, "m"), "m": (2, 2, "w"), "w": (3, 4, "d")}.get(v["u"], (0, 0, ""))
    return spans.ago(halves * low, halves * high, unit, today) if unit else None


def lately(v: Values, today: date) -> Span | None:
    return spans.lately(counts(v)[1], v["u"], today)


def other_day(v: Values, today: date) -> Span | None:
    return spans.ago(1, 10 if v["u"] == "d" else 3, v["u"], today)


def day_from_today(v: Values, today: date) -> Span:
    return spans.days(today + timedelta(v["d"]), 1, "d")


def day_before(v: Values, today: date) -> Span | None:
    """Antes de ayer; "antes de hoy" is no day."""
    return spans.days(today - 2 * DAY, 1, "d") if v["d"] == -1 else None


def after_tomorrow(_values: Values, today: date) -> Span:
    return spans.days(today + 2 * DAY, 1, "d")


def morning(_values: Values, _today: date) -> str:
    return "morning"


def added(v: Values, _today: date) -> int:
    """Twenty and one."""
    total: int = v["t"] + (v["d"] or 0)
    return total


def named(v: Values, _today: date) -> int:
    month: int = v["m"]
    return month


def this_part(v: Values, today: date) -> Span | None:
    return part_from_today({"o": (0, v["p"])}, today)


def before_last(v: Values, today: date) -> Span | None:
    return spans.relative(v["u"], -2, today)


def weekday_before_last(v: Values, today: date) -> Span:
    return spans.weekday(v["w"], 2, today)


def part_from_today(v: Values, today: date) -> Span | None:
    """Tonight, last night: (offset, part)."""
    offset, part = v["o"]
    return spans.part_of_day(spans.days(today + timedelta(offset), 1, "d"), part)


def last_part(v: Values, today: date) -> Span | None:
    late = v["p"] in {"evening", "night"}
    return part_from_today({"o": (-1, v["p"])}, today) if late else None


def relative(v: Values, today: date) -> Span | None:
    return spans.relative(v["u"], v["r"], today)


def weekday(v: Values, today: date) -> Span:
    return spans.weekday(v["w"], v.get("n") or 1, today)


def relative_weekday(v: Values, today: date) -> Span:
    if v["r"] < 0:
        return spans.weekday(v["w"], -v["r"], today)
    return in_week({"k": spans.relative("w", v["r"], today), "w": v["w"]}, today)


def in_week(v: Values, _today: date) -> Span:
    return spans.days(v["k"].since.date() + timedelta(v["w"]), 1, "d")


def coming_weekday(v: Values, today: date) -> Span:
    return spans.days(spans.weekday(v["w"], 1, today).since.date() + timedelta(7 + 7 * (v["w"] == today.weekday())), 1)


def weekday_part(v: Values, today: date) -> Span | None:
    index, part = v["c"]
    return spans.part_of_day(spans.weekday(index, 1, today), part)


def weekend(_v: Values, today: date) -> Span | None:
    """The last one that has begun."""
    return spans.relative("e", 0 if today.weekday() >= 5 else -1, today)


def day_of_month(v: Values, _today: date) -> Yearly | None:
    day = each_day(v["m"], v["d"])
    return day if real(2024, v["m"], v["d"]) else None  # a leap year: it has every day there is


def days_of_month(v: Values, _today: date) -> Yearly | None:
    return each_day(v["m"], v["d"], v["e"] - v["d"] + 1) if v["d"] < v["e"] and real(2024, v["m"], v["e"]) else None


def figures(v: Values, today: date) -> Span | Yearly | None:
    """3/4: (month, day, year or 0)."""
    month, day, year = v["c"]
    each = day_of_month({"m": month, "d": day}, today)
    return each(year) if each and year else each


def the_third(v: Values, today: date) -> Span | None:
    """The last 3rd of a month, today or before."""
    firsts = [spans.months(today.year, today.month - back, 1).since for back in range(3)]
    found = (real(first.year, first.month, v["d"]) for first in firsts)
    return next((spans.days(day, 1, "d") for day in found if day and day <= today), None)


def day_in(v: Values, _today: date) -> Span | None:
    month = v["b"].since
    day = real(month.year, month.month, v["d"])
    return spans.days(day, 1, "d") if day else None


def nth_in(v: Values, _today: date) -> Yearly | None:
    """The first week of March, its last day."""
    each, number, width = yearly(v["m"]), v.get("n") or 0, {"d": 1, "w": 7}.get(v["u"])
    if width is None:
        return None

    def of(year: int) -> Span | None:
        month = each(year)
        return spans.nth(number, width, month) if month else None

    return of


def nth_weekday(v: Values, _today: date) -> Yearly:
    """The first Monday of October, the last one."""
    each, number = yearly(v["m"]), v.get("n") or 0

    def of(year: int) -> Span | None:
        month = each(year)
        return spans.nth_weekday(number, v["w"], month) if month else None

    return of


def quarter(v: Values, _today: date) -> Yearly:
    return spans.each_quarter(v["n"])


def edge_of_each(v: Values, today: date) -> Yearly:
    each = yearly(v["q"])

    def of(year: int) -> Span | None:
        span = each(year)
        return spans.edge(v["e"], span, today) if span else None

    return of


def month_named(v: Values, _today: date) -> Yearly | None:
    return each_month(v["m"]) if v["u"] == "m" else None


def through(v: Values, _today: date) -> Yearly:
    return spans.through(yearly(v["a"]), yearly(v["b"]))


def in_year(v: Values, _today: date) -> Span | None:
    year = v["y"] if isinstance(v["y"], int) else v["y"].since.year
    return yearly(v["q"])(year)


def relative_each(v: Values, today: date) -> Span | None:
    each = yearly(v["q"])
    if v["r"] == 0:
        return each(today.year)
    return spans.ended(each, today) if v["r"] < 0 else spans.coming(each, today)


def latest(v: Values, today: date) -> Span | None:
    return spans.latest(yearly(v["q"]), today)


def year(v: Values, today: date) -> Span | None:
    return spans.months(v["y"], 1, 12, "y") if v.get("u") in {None, "y"} else None


def years(v: Values, today: date) -> Span | None:
    return Span(spans.months(v["a"], 1, 12).since, spans.months(v["b"], 1, 12).until)


def edge_of_year(v: Values, today: date) -> Span | None:
    return spans.edge(v["e"], spans.months(v["y"], 1, 12, "y"), today)


def edge(v: Values, today: date) -> Span | None:
    return spans.edge(v["e"], v["p"], today)


def edge_of_unit(v: Values, today: date) -> Span | None:
    """The end of the month: the last one that has begun."""
    for offset in (0, -1):
        span = spans.relative(v["u"], offset, today)
        found = spans.edge(v["e"], span, today) if span else None
        if found and found.since.date() <= today:
            return found
    return None


def beside(v: Values, _today: date) -> Span:
    """Two days before it, the week after it."""
    (low, high), unit = counts(v), v["u"]
    if v["s"] == "after":
        after = v["p"].until.date()
        return Span(midnight(spans.shifted(after, low - 1, unit)), midnight(spans.shifted(after, high, unit)))
    before = v["p"].since.date()
    return Span(midnight(spans.shifted(before, -high, unit)), midnight(spans.shifted(before, 1 - low, unit)))


def week_of(v: Values, _today: date) -> Span:
    day = v["p"].since.date()
    return spans.days(day - timedelta(day.weekday()), 7, "w") if v["u"] == "w" else v["p"]


def daypart(v: Values, _today: date) -> Span:
    found: Span = v["p"]
    return spans.part_of_day(found, v["part"]) or found


def between(v: Values, _today: date) -> Span:
    return Span(min(v["a"].since, v["b"].since), max(v["a"].until, v["b"].until))


def since(v: Values, today: date) -> Span:
    return Span(v["p"].since, midnight(today + DAY))


def before(v: Values, _today: date) -> Span:
    return Span(BEGINNING, v["p"].since)


def after(v: Values, today: date) -> Span:
    return Span(v["p"].until, midnight(today + DAY))


def until(v: Values, today: date) -> Span:
    ahead: bool = v["p"].until > midnight(today + DAY)
    return Span(midnight(today) if ahead else BEGINNING, v["p"].until)
