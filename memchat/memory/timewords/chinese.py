"""The grammar of times in Chinese: which words, in which order, name which stretch.

The letters are those of `chinese_words`; rules apply in their order, each from left to right over the whole text.
"""

from datetime import date
from functools import cache

from memchat.memory.timewords import folds, spans
from memchat.memory.timewords.grammar import Rule, Values
from memchat.memory.timewords.spans import Span

_FOUND = "[PJbk]"
_EACH = "[MQsHh]"


def _lately(v: Values, today: date) -> Span | None:
    _low, high, unit = v["c"]
    return spans.lately(high, unit, today)


def _the_days_before(v: Values, today: date) -> Span | None:
    """前几天 are some days before today, 前两天 one to three."""
    low, high, unit = v["c"]
    return spans.ago(1, high + (low == high), unit, today)


def _ago(v: Values, today: date) -> Span | None:
    low, high, unit = v["c"]
    return spans.ago(low, high, unit, today)


def _year(v: Values, today: date) -> Span:
    return spans.months(v["y"], 1, 12, "y")


def _year_from_today(v: Values, today: date) -> Span:
    return _year({"y": today.year + v["y"]}, today)


def _period(v: Values, today: date) -> Span | None:
    unit, offset = v["r"]
    return spans.relative(unit, offset, today)


def _weekday(v: Values, today: date) -> Span:
    weeks, index = v["w"]
    if weeks is None:
        return spans.weekday(index, 1, today)
    return folds.relative_weekday({"r": weeks, "w": index}, today) if weeks >= 0 else _week_before(weeks, index, today)


def _week_before(weeks: int, index: int, today: date) -> Span:
    return folds.in_week({"k": spans.relative("w", weeks, today), "w": index}, today)


def _weekday_in(v: Values, today: date) -> Span:
    return folds.in_week({"k": v["k"], "w": v["w"][1]}, today)


def _nth_weekday(v: Values, today: date) -> object:
    number, index = v["v"]
    return folds.nth_weekday({"m": v["m"], "n": number, "w": index}, today)


def _nth_week(v: Values, today: date) -> object:
    return folds.nth_in({"m": v["m"], "n": v["n"], "u": "w"}, today)


def _nth_week_in(v: Values, _today: date) -> Span | None:
    return spans.nth(v["n"], 7, v["b"])


def _edge_of_each(v: Values, today: date) -> object:
    return folds.edge_of_each({"q": v["q"], "e": v["e"][1]}, today)


def _edge(v: Values, today: date) -> Span | None:
    """去年底, 上个月月底, and 去年年底, where the year is said twice."""
    return spans.edge(v["e"][1], v["p"], today)


def _edge_of_unit(v: Values, today: date) -> Span | None:
    unit, which = v["e"]
    return folds.edge_of_unit({"u": unit, "e": which}, today) if unit else None


def _beside(v: Values, today: date) -> Span:
    low, high, unit = v["c"]
    return folds.beside({"n": low, "m": high, "u": unit, "s": v["s"], "p": v["p"]}, today)


_RULES = (
    Rule("x[oYMdnsHEWrJpcCDOhqN]*", folds.nothing, "."),  # 每年三月, 每週五早上
    Rule("(?P<d>D)", folds.day_from_today),
    Rule("(?P<o>O)", folds.part_from_today),
    Rule("(?P<c>v)", _ago),
    Rule("l(?P<c>c)(?!A)", _lately),
    Rule("(?P<c>c)A", _ago),
    Rule("(?P<r>r)", _period),
    Rule("(?P<y>N)", _year_from_today),
    Rule("(?P<y>Y)", _year),
    Rule("(?P<k>k)o?(?P<w>W)", _weekday_in),
    Rule("(?P<w>W)", _weekday),
    # Days and their ranges, edges, halves.
    Rule("(?P<m>M)(?P<d>[dn])R(?P<e>[dn])", folds.days_of_month),
    Rule("(?P<m>M)(?P<d>[dn])", folds.day_of_month),
    Rule("(?P<b>b)o?(?P<d>d)", folds.day_in),
    Rule("(?P<m>M)o?(?P<v>y)", _nth_weekday),
    Rule("(?P<m>M)o?(?P<n>w)", _nth_week),
    Rule("(?P<b>b)o?(?P<n>w)", _nth_week_in),
    Rule("(?P<q>M)o?(?P<e>E)", _edge_of_each),
    Rule("(?:(?<=[iF])|(?<=[QPC]R))(?P<c>C)", folds.figures),
    Rule("(?P<c>C)(?=[otAZSpR])", folds.figures),
    Rule(f"F?(?P<a>{_EACH})R(?P<b>{_EACH})", folds.through),
    # In which year.
    Rule(f"(?P<y>J)o?(?P<q>{_EACH[:-1]}qg])", folds.in_year),
    Rule("(?P<r>T)(?P<q>[sH])", folds.relative_each),
    Rule("(?:(?<=[iF])|(?<=iQ))(?P<q>[sH])", folds.latest),
    Rule("(?P<q>[sH])(?=o?[tAZSf])", folds.latest),
    Rule("(?P<q>[MQhq])", folds.latest),
    Rule("(?<=[iF])(?P<d>d)", folds.the_third),
    Rule("(?P<d>d)(?=[tp])", folds.the_third),
    Rule(f"(?P<p>{_FOUND})o?(?P<e>E)", _edge),
    Rule("(?P<e>E)", _edge_of_unit),
    Rule("(?P<p>P)[ot]*(?P<part>p)", folds.daypart),
    # Put together.
    Rule(f"(?P<p>{_FOUND})(?P<s>[AZf])(?P<c>c)", _beside),
    Rule("f(?P<c>c)", _the_days_before),
    Rule(f"F?(?P<a>{_FOUND})[RK](?P<b>{_FOUND})(?:o?t)", folds.between),
    Rule(f"F?(?P<a>{_FOUND})R(?P<b>{_FOUND})", folds.between),
    Rule(f"F(?P<p>{_FOUND})[RSZ]?", folds.since),
    Rule(f"(?P<p>{_FOUND})R?S", folds.since),
    Rule(f"(?P<p>{_FOUND})A", folds.before),
    Rule(f"(?P<p>{_FOUND})Z", folds.after),
)


@cache
def rules() -> tuple[Rule, ...]:
    """All of them, in their order."""
    return _RULES
