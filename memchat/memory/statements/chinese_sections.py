"""The Chinese rules at work: which section may read a clause, and what its first fitting rule finds there."""

import re
from dataclasses import replace
from functools import cache

from memchat.memory.statements import chinese_bare_words as bare_words
from memchat.memory.statements import chinese_life_words as life_words
from memchat.memory.statements import chinese_words as words
from memchat.memory.statements.chinese_grammar import HOW, openings, spelled_out
from memchat.memory.statements.chinese_rules import BARE_MARKS, SECTIONS, STYLE, Section
from memchat.memory.statements.rules import Found, Rule, apply, read


@cache
def _rules(section: Section) -> tuple[tuple[Rule, re.Pattern[str], str], ...]:
    """The rules of a section with how each begins, compiled when first needed."""
    return tuple(
        (rule, re.compile(rest), begins)
        for rule in read(section.table, words, life_words, bare_words)
        for begins, rest in (spelled_out(rule.pattern),)
    )


def first_fitting(section: Section, sentence: str, low: str, start: int, end: int) -> Found | None:
    """What the first fitting rule of the section finds in the clause from `start` to `end`, or None."""
    after = openings(low, start, end)
    places = {"<W><A>": after, "<W>": after[-1:], "": [start]}
    for rule, pattern, begins in _rules(section):
        for place in places[begins]:
            if pattern.match(low, place, end) and (
                found := apply(((rule, pattern),), sentence, place, end, HOW, low=low)
            ):
                return replace(found, start=start)
    return None


@cache
def section_marks() -> tuple[tuple[Section, re.Pattern[str]], ...]:
    return tuple((section, re.compile(section.marks)) for section in SECTIONS)


@cache
def style_marks() -> re.Pattern[str]:
    return re.compile(STYLE.marks)


@cache
def worth_reading() -> re.Pattern[str]:
    """Without one of these nothing can be learned: most sentences are passed over here."""
    return re.compile(f"[我俺咱]|本人|{SECTIONS[1].marks}|[记备]|{BARE_MARKS}")


@cache
def worth_bare() -> re.Pattern[str]:
    return re.compile(BARE_MARKS)
