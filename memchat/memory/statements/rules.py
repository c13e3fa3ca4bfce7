"""What a rule of learning is: a pattern for one clause, what it teaches, and how to tell sense from idiom."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import ModuleType

from memchat.memory.language import folded

NOTE = "note"
"""The field of what is no profile value."""


@dataclass(frozen=True, slots=True)
class Found:
    """One fact: where it goes, its plain value, and the words it rests on, `start` to `end` of the sentence.

    `until` is the last day on which it holds, where its words name one.
    """

    field: str
    text: str
    start: int
    end: int
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern for the begin of a clause, in folded letters; its group `v` is the value.

    `say` is the text to keep: `{v}` and the pattern's other groups, which `verbs` may turn into the third person.
    `accept` looks at the value as it was typed.
    """

    pattern: str
    say: str = "{v}"
    field: str = NOTE
    accept: Callable[[str], bool] | None = None
    ends: str = ""


@dataclass(frozen=True, slots=True)
class Language:
    """How the rules of one language are read: what ends a value, what is trimmed from it, verbs turned around."""

    ends: Mapping[str, re.Pattern[str]]
    trim: str
    verbs: Mapping[str, str]

    def said(self, name: str, sentence: str, start: int, matched: re.Match[str]) -> str:
        """A group as it was typed; "I like" becomes "likes", except in the group `x`, which stays."""
        first, last = matched.span(name)
        typed = sentence[start + first : start + last] if first >= 0 else ""
        return typed if name == "x" else self.verbs.get(folded(typed), typed)


_HOLE = re.compile(r"<([A-Z_]+)>")


def filled(pattern: str, parts: Mapping[str, str]) -> str:
    """The pattern with each `<NAME>` replaced by its part, which may hold names itself."""
    while _HOLE.search(pattern):
        pattern = _HOLE.sub(lambda hole: parts[hole[1]], pattern)
    return pattern


def read(table: str, *words: ModuleType) -> tuple[Rule, ...]:
    """The rules of a table: `field accept ends: what to keep`, then indented lines that make one pattern.

    `accept` names a predicate of one of `words`; `-` stands for none, what to keep is `{v}` unless told. `#` begins a
    comment.
    """
    rules: list[Rule] = []
    for line in table.splitlines():
        if line.startswith(" "):
            rules[-1] = replace(rules[-1], pattern=rules[-1].pattern + line.strip())
        elif line and not line.startswith("#"):
            head, _, say = line.partition(": ")
            field, accept, ends = head.split()
            test = None if accept == "-" else next(getattr(one, accept) for one in words if hasattr(one, accept))
            rules.append(Rule("", say or "{v}", field, test, ends.replace("-", "")))
    return tuple(rules)


def patterns(table: str) -> dict[str, str]:
    """The patterns of a table: a name, then indented alternatives, one a line; `+ ` goes on with the line above."""
    found: dict[str, str] = {}
    name = ""
    for line in table.splitlines():
        body = line.strip()
        if body and not line.startswith(" "):
            name = body
        elif body.startswith("+ "):
            found[name] += body[2:]
        elif body:
            found[name] = f"{found[name]}|{body}" if name in found else body
    return found


def apply(
    rules: Iterable[tuple[Rule, re.Pattern[str]]],
    sentence: str,
    begin: int,
    end: int,
    how: Language,
    *,
    lead: str = "",
    low: str = "",
) -> Found | None:
    """What the first fitting rule finds in the clause from `begin` to `end`, or None.

    `lead`: words that the clause has in common with the one before and does not repeat, such as `i `. `low`: the
    sentence in folded letters, where they are at hand.
    """
    clause = lead + (low[begin:end] if low else folded(sentence[begin:end]))
    start = begin - len(lead)
    for rule, pattern in rules:
        matched = pattern.match(clause)
        if matched is None:
            continue
        first, last = matched.span("v")
        cut = how.ends[rule.ends].search(clause, first, last)
        last = cut.start() if cut else last
        first, last = _trimmed(clause, first, last, how.trim)
        value = sentence[start + first : start + last]
        if not value or (rule.accept and not rule.accept(value)):
            continue
        said = {name: how.said(name, sentence, start, matched) for name in matched.re.groupindex}
        text = rule.say.format(**(said | {"v": value}))
        # What the pattern takes after the value belongs to the quote: "on the Pro [plan]".
        whole = last if cut else last + len(clause[last : matched.end()].rstrip(how.trim))
        return Found(rule.field, " ".join(text.split()), begin, start + whole)
    return None


def _trimmed(clause: str, first: int, last: int, trim: str) -> tuple[int, int]:
    while first < last and _is_edge(clause[first], trim):
        first += 1
    while last > first and _is_edge(clause[last - 1], trim):
        last -= 1
    return first, last


def _is_edge(letter: str, trim: str) -> bool:
    """Signs, blanks and little pictures at the ends of a value say nothing."""
    return letter in trim or unicodedata.category(letter) in {"So", "Sk", "Mn", "Cf", "Zs"}
