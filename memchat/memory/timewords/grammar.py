"""A little rewriting machine: tokens, each of a kind told by one letter, and rules that fold runs of them into one.

The kinds of a text's tokens, joined, are its shape: `two weeks ago` is `wUA`. A rule is a pattern over the shape. Where
it fits, its tokens become one; where its value does not exist (30 February) that is dead, and no later rule reads it.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from memchat.memory.timewords.spans import Span

DEAD = "."


class Token(NamedTuple):
    """What stands at `start` to `end` of the text; `value` is what its kind needs: a number, a Span, a Yearly."""

    kind: str
    value: Any
    start: int
    end: int


Values = dict[str, Any]
"""The values of a pattern's named groups; None for a group that took no part."""
Fold = Callable[[Values, date], object]


class Rule(NamedTuple):
    """`shape` matches kinds; `fold` makes the value from the named groups, each of one token, or None: it is dead.

    A Span's kind is told by its grain: `J` a year, `b` a month, `k` a week, else `P`; any other value's is `kind`.
    """

    shape: str
    fold: Fold
    kind: str = "Q"


@cache
def _compiled(shape: str) -> re.Pattern[str]:
    return re.compile(shape)


def folded_tokens(tokens: list[Token], rules: Sequence[Rule], today: date) -> list[Token]:
    """The tokens after all rules, each rule once from left to right, in their order."""
    shape = "".join([token.kind for token in tokens])
    for rule in rules:
        pattern = _compiled(rule.shape)
        if pattern.search(shape):
            tokens = _once(tokens, rule, pattern.finditer(shape), today)
            shape = "".join([token.kind for token in tokens])
    return tokens


def _once(tokens: list[Token], rule: Rule, places: Any, today: date) -> list[Token]:
    done: list[Token] = []
    here = 0
    for place in places:
        begin, end = place.span()
        done += tokens[here:begin]
        values = {
            name: None if place.start(name) < 0 else tokens[place.start(name)].value for name in place.re.groupindex
        }
        kind, value = _value(rule, values, today)
        done.append(Token(kind, value, tokens[begin].start, tokens[end - 1].end))
        here = end
    return done + tokens[here:]


def _value(rule: Rule, values: Values, today: date) -> tuple[str, object]:
    try:
        value = rule.fold(values, today)
    except (ValueError, OverflowError):
        value = None  # before the year 1 or after 9999
    if value is None or (isinstance(value, Span) and value.since >= value.until):
        return DEAD, None
    return ({"y": "J", "m": "b", "w": "k"}.get(value.grain, "P") if isinstance(value, Span) else rule.kind), value
