"""English first-person statements and what they teach. Precision before recall: what is unclear is left alone."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import ModuleType

from memchat.memory.language import folded
from memchat.memory.statements import english_things as things
from memchat.memory.statements import english_trades as trades
from memchat.memory.statements import english_words as words
from memchat.memory.statements.dates import When, date_in_english
from memchat.memory.statements.english_grammar import ELIDED_BEING, ELIDED_OPENERS, HOW, OPENERS, spelled_out
from memchat.memory.statements.english_life_rules import LIFE
from memchat.memory.statements.english_moment_rules import DATED, STYLE
from memchat.memory.statements.english_rules import CHANGES, FOLLOWING, PROFILE
from memchat.memory.statements.english_silence import FRAME, PASSING, SHORT, TASK, UNSAID, VETO, WISHED
from memchat.memory.statements.rules import NOTE, Found, Rule, apply, read

__all__ = ["FRAME", "QUESTION", "TASK", "UNSAID", "statements"]

_LEAD = re.compile(
    r"(?:(?:(?:hi|hello|hey|hiya|greetings|good (?:morning|afternoon|evening|day))(?: there| again| memchat| "
    r"notebook)?|"
    r"well|so|ok|okay|oh|ah|yes|yeah|yep|no(?=[,.!:;])|nope|nah|heads up|"
    r"actually|sorry|by the way|btw|fyi|p\.s|ps|also|and|but|plus|then|"
    r"however|anyway|just so you know|for the record|to be clear|correction|in fact|currently|nowadays|these "
    r"days|now|"
    r"as you know|as i said|i said(?: that)?|i (?:already )?told you(?: that)?|i mean|please|you should "
    r"know(?: that)?|"
    r"let me introduce myself|a bit about me|about me|unfortunately|sadly|luckily|happily|honestly|to be honest|"
    r"(?:please )?(?:remember|note|keep in mind|don't forget|make a note)(?: that)?|i should (?:mention|"
    r"say)(?: that)?|"
    r"(?:last|this) (?:week|month|year|spring|summer|autumn|fall|winter|\w+day)|yesterday|recently|lately|"
    r"(?:a|two|three|few|a few|several|\d+) (?:days|weeks|months|years|week|month|year) ago|"
    r"since (?:(?:\w+ )?(?:19|20)\d\d|january|february|march|april|may|june|july|august|september|october|november|"
    r"december|then)|in (?:\w+ )?(?:19|20)\d\d|since last \w+|"
    r"from now on|in (?:the )?future|going forward|as of (?:now|(?:this|last) \w+|\w+)|always|"
    r"just)(?:[\s,:!.\u2026-]+|$))+"
)
_JOIN = r"(?:and|but|so|because|plus|also|though|although|while|then|or|&|yet|however)"
_BREAK = re.compile(
    rf"(?:\s*[,:\u2014\u2013(]|\s+-)\s*(?:{_JOIN}\s+)*(?=(?:{OPENERS})\b)"
    rf"|\s+{_JOIN}(?:\s+{_JOIN})*,?\s+(?=(?:{OPENERS})\b)"
)
# What stands before a colon without making what follows it somebody's words or a text to work on.
_INTRODUCES = re.compile(
    r"(?:about me|about myself|thing|things|fact|facts|news|update|background|context|intro|info|reminder|goals?|"
    r"resolution|title)(?: \w+){0,4}$"
)
_SELF = re.compile(r"(?:i|i'm|im|i've|ive|i'll|i'd|we|we're|we've|we'll|my name|call me)\b")
_FIRST = re.compile(
    r"(?:(?P<being>i'm|im|we're|(?:i|we) (?:am|are))|(?P<having>i've|ive|we've|(?:i|we) have)|(?P<doing>i|i'll|"
    r"i'd|we|"
    r"we'll)|(?P<my>my))\b"
)
_ELIDED = re.compile(rf"(?:{ELIDED_OPENERS})\b")
_ELIDED_BEING = re.compile(rf"(?:{ELIDED_BEING})\b")
_I_AM = "i'm "
_GAP = re.compile(r"[\s,]*")
_BIRTHDAY = re.compile(r"\b(?:birthday|born)\b")
_LIMIT = re.compile(r"\b(until|till|by|before|after|from|since|for)\s+$")
_UNTIL = {"until", "till"}
_CAPITAL = {"display_name", "location"}
_LASTING = re.compile(
    r"\b(?:from now on|always|never|in (?:the )?future|every time|going forward|in general|generally)\b"
)
# "I live in Taipei, what should I see?": before the question stands a statement; "..., right?" is none.
QUESTION = re.compile(
    r"[,;:\u2014-]\s*(?:so |and |but )?(?=(?:what|where|who|how|which|when|why|(?:can|could|would|will|do) you|"
    r"any|got any|thoughts|"
    r"(?:is|are|does|do|did|has|have|should|shall|can|will|am)(?! (?:i|it|we|that|this|they)\s*$))\b)"
)
_TELLS_TO_KEEP = re.compile(
    r"(?:please |pls )?(?:remember|keep in mind|don't forget|make a note|note)(?: down)?(?: that\s+|:\s*)(?P<v>\S.*)"
)


_TABLES: dict[str, tuple[str, tuple[ModuleType, ...]]] = {
    "changes": (CHANGES, (words, trades, things)),
    "profile": (PROFILE, (words, trades)),
    "life": (LIFE, (things, words, trades)),
    "style": (STYLE, (words,)),
    "dated": (DATED, (words,)),
    "following": (FOLLOWING, (words, trades)),
}
_OPENS_SELF = re.compile(r"(?:\(\?:)?<(?:I|IM|HAVE)>")
_AFTER = {"display_name", "occupation", "work_context"}
"""Fields after whose value more may follow in the same clause."""


@cache
def _read(table: str) -> tuple[Rule, ...]:
    rules, modules = _TABLES[table]
    return read(rules, *modules)


@cache
def _rules(table: str, opening: str = "") -> tuple[tuple[Rule, re.Pattern[str]], ...]:
    """The rules of a table for clauses of that opening, compiled when first needed: no other rule could fit them.

    `opening`: `being` ("I am ..."), `having` ("I have ..."), `doing` ("I ..."), `my`, `other`; empty for all of them.
    """
    return tuple(_compiled(rule) for rule in _read(table) if not opening or opening in _openings(rule.pattern))


@cache
def _compiled(rule: Rule) -> tuple[Rule, re.Pattern[str]]:
    return rule, re.compile(spelled_out(rule.pattern))


def _openings(pattern: str) -> set[str]:
    if pattern.startswith("my "):
        return {"my"}
    if not _OPENS_SELF.match(pattern):
        return {"being", "having", "doing", "my", "other"}
    found = {"other"} if "<BARE>" in pattern else set()
    found |= {"being"} if "<IM>" in pattern else set()
    found |= {"having"} if "<HAVE>" in pattern else set()
    return found | ({"doing", "having"} if "<I>" in pattern else set())


def statements(sentence: str, today: date, *, alone: bool) -> Iterator[Found]:
    """The facts in one sentence. `alone`: the message asks nothing, so a wish of style is no wish for one answer."""
    low = folded(sentence)
    asked = QUESTION.search(low)
    if VETO.search(low) or WISHED.search(low, 0, asked.start() if asked else len(low)):
        return
    found = list(_clauses(sentence, low, today, style=alone or bool(_LASTING.search(low))))
    if not found and (kept := _told_to_keep(sentence, low)):
        found = [kept]
    yield from found


def _clauses(sentence: str, low: str, today: date, *, style: bool) -> Iterator[Found]:
    mine, dated = False, None
    for start, end in _spans(low):
        lead = _lead(low, start, end) if mine else ""
        mine = bool(lead or _SELF.match(low, start, end))
        clause = Clause(sentence, low, start, end, lead)
        found = clause.read("changes")
        if found is None:
            when = date_in_english(sentence[start:end], today)
            if when and not low[start : start + when.start].strip() and not low[start + when.end : end].strip(" ,"):
                dated = start, when  # "Next Friday, ...": the day of the clause that follows
                continue
            if dated is None and when:
                dated = start, when
            found = _plan(clause, dated) if dated else _fact(clause, style=style)
        dated = None
        if found and not (found.field in _CAPITAL and _carelessly_small(sentence[start:end], found.text)):
            yield found
            yield from _following(found, clause)


@dataclass(frozen=True, slots=True)
class Clause:
    """Characters `start` to `end` of a sentence, which `low` is in small letters; `lead`: its `I`, where left out."""

    sentence: str
    low: str
    start: int
    end: int
    lead: str = ""

    def read(self, table: str) -> Found | None:
        """What the first fitting rule of a table for clauses of this opening finds."""
        return self._apply(_rules(table, self.opening()), self.start)

    def any(self, table: str, start: int) -> Found | None:
        """The same with all rules of the table, from `start` on."""
        return self._apply(_rules(table), start)

    def _apply(self, rules: Iterable[tuple[Rule, re.Pattern[str]]], start: int) -> Found | None:
        lead = self.lead if start == self.start else ""
        return apply(rules, self.sentence, start, self.end, HOW, lead=lead, low=self.low)

    def has(self, pattern: re.Pattern[str]) -> bool:
        """Whether the pattern is found in the clause."""
        return pattern.search(self.low, self.start, self.end) is not None

    def opening(self) -> str:
        """Which rules could fit it; see `_rules`."""
        if self.lead:
            return "being" if self.lead == _I_AM or self.low.startswith("am ", self.start) else "doing"
        first = _FIRST.match(self.low, self.start, self.end)
        return first.lastgroup or "other" if first else "other"


def _lead(low: str, start: int, end: int) -> str:
    """The subject of a clause that shares it with the one before: `I live in Rome and [I] work at Acme`."""
    if _ELIDED_BEING.match(low, start, end):
        return _I_AM
    return "i " if _ELIDED.match(low, start, end) else ""


def _fact(clause: Clause, *, style: bool) -> Found | None:
    if clause.has(PASSING):
        return None
    found = clause.read("profile") or clause.read("life")
    if found and found.field != "goals" and clause.has(SHORT):
        return None
    if found is None and style and clause.opening() == "other":
        found = clause.any("style", clause.start)
    return found


def _following(found: Found, clause: Clause) -> Iterator[Found]:
    """What stands right behind a name, a trade or an employer: "..., a nurse", "at Acme", "here in Berlin"."""
    last: Found | None = found
    while last and last.field in _AFTER:
        gap = _GAP.match(clause.low, last.end, clause.end)
        more = clause.any("following", gap.end() if gap else last.end)
        last = None
        if more and not PASSING.search(folded(more.text)) and more.field != found.field:
            last = Found(more.field, more.text, found.start, more.end)
            yield last


def _carelessly_small(clause: str, value: str) -> bool:
    """`I moved to tears`, `Call me old-fashioned`: who writes capitals writes names with them."""
    return value.islower() and not clause.islower() and not clause.lower().startswith("my name")


def _plan(clause: Clause, dated: tuple[int, When]) -> Found | None:
    """A plan with its day, which stands before the clause, at its head or within it."""
    anchor, when = dated
    first, last = anchor + when.start, anchor + when.end
    if first > clause.start:
        return _plan_within(clause, first, last, when.said)
    body = max(clause.start, last)
    while body < clause.end and clause.sentence[body] in " ,":
        body += 1
    found = clause.any("dated", body)
    return Found(NOTE, f"{found.text} {when.said}", first, found.end) if found else None


def _plan_within(clause: Clause, first: int, last: int, said: str) -> Found | None:
    """A clause that names its day from `first` to `last`, `said` in figures."""
    if clause.has(_BIRTHDAY):
        return _fact(clause, style=False)
    found = clause.any("dated", clause.start)
    if found is None:
        other = _fact(clause, style=False)
        return other if other and other.field == "goals" else None
    limit = _LIMIT.search(clause.low[clause.start : first])
    if limit and limit[1] in _UNTIL:
        return found  # its end is told in figures beside it
    text = found.text.replace(
        " ".join(clause.sentence[first:last].split()), said.split(" ", 1)[-1] if limit else said, 1
    )
    return Found(NOTE, text, found.start, found.end)


def _spans(low: str) -> Iterator[tuple[int, int]]:
    """The clauses of a sentence, greetings and asides at their head left out."""
    start = 0
    for gap in _BREAK.finditer(low):
        first, last = _after_lead(low, start, gap.start())
        yield first, last
        if ":" in gap.group() and first < last and not _INTRODUCES.search(low, first, last):
            return  # "my headline: I'm a nurse" is a text, not a statement
        start = gap.end()
    yield _after_lead(low, start, len(low))


def _after_lead(low: str, start: int, end: int) -> tuple[int, int]:
    lead = _LEAD.match(low, start, end)
    return (lead.end() if lead else start), end


def _told_to_keep(sentence: str, low: str) -> Found | None:
    """`Remember that the bins go out on Tuesdays`: whatever it is, the user asks for it to be kept."""
    told = _TELLS_TO_KEEP.match(low)
    if told is None:
        return None
    value = sentence[told.start("v") : told.end("v")].strip(" ,:")
    if len(value.split()) < 3 or not words.is_short(value.split()[0]):
        return None
    return Found(NOTE, value, told.start("v"), told.start("v") + len(value))
