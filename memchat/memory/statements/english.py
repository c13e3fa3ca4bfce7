"""English first-person statements and what they teach. Precision before recall: what is unclear is left alone."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from types import ModuleType

from memchat.memory.language import folded
from memchat.memory.statements import english_names as names
from memchat.memory.statements import english_things as things
from memchat.memory.statements import english_trades as trades
from memchat.memory.statements import english_words as words
from memchat.memory.statements.dates import When, date_in_english
from memchat.memory.statements.english_change_rules import NEWLY
from memchat.memory.statements.english_clauses import (
    I_AM,
    I_HAVE,
    OTHERS,
    missing_subject,
    shared_subject,
    spans,
)
from memchat.memory.statements.english_everyday_rules import (
    EVERYDAY_CHANGES,
    EVERYDAY_LIFE,
    EVERYDAY_PROFILE,
)
from memchat.memory.statements.english_fiction import FICTION
from memchat.memory.statements.english_grammar import HOW
from memchat.memory.statements.english_grammar import spelled_out as as_pattern
from memchat.memory.statements.english_life_rules import LIFE
from memchat.memory.statements.english_moment_rules import DATED, STYLE
from memchat.memory.statements.english_rules import CHANGES, FOLLOWING, PROFILE
from memchat.memory.statements.english_silence import FRAME, PASSING, SHORT, TASK, UNSAID, VETO, WISHED
from memchat.memory.statements.english_spelling import Spelled, spelled_out
from memchat.memory.statements.english_telling_rules import TELLING_LIFE, TELLING_PROFILE, TELLING_STYLE
from memchat.memory.statements.english_whole import told_by_all
from memchat.memory.statements.english_wish_rules import EVERYDAY_STYLE
from memchat.memory.statements.rules import NOTE, Found, Rule, apply, read

__all__ = ["FICTION", "FRAME", "OTHERS", "QUESTION", "TASK", "UNSAID", "statements"]

_SELF = re.compile(r"(?:i|i'm|im|i've|ive|i'll|i'd|we|we're|we've|we'll|my name|call me)\b")
_FIRST = re.compile(
    r"(?:(?P<being>i'm|im|we're|(?:i|we) (?:am|are))|(?P<having>i've|ive|we've|(?:i|we) have)|(?P<doing>i|i'll|"
    r"i'd|we|"
    r"we'll)|(?P<my>my|our))\b"
)
_GAP = re.compile(r"[\s,]*(?:[a-z][\w'/ -]{2,40},\s*(?=(?:at|for|in|with) an? ))?")
_BIRTHDAY = re.compile(r"\b(?:birthday|born)\b")
_LIMIT = re.compile(r"\b(until|till|by|before|after|from|since|for)\s+$")
_UNTIL = {"until", "till"}
_CAPITAL = {"display_name", "location"}
_LASTING = re.compile(
    r"\b(?:from now on|always|never|in (?:the )?future|every time|going forward|in general|generally)\b"
)
# "I live in Taipei, what should I see?": before the question stands a statement; "..., right?" is none.
_ASKING = (
    r"(?:what|where|who|how|which|when|why|whats|wheres|hows)(?:'s)?|(?:can|could|would|will|do) (?:you|u)|any|got any|"
    r"thoughts|(?:is|are|does|do|did|has|have|should|shall|can|will|am)(?! (?:i|it|we|that|this|they)\s*$)"
)
QUESTION = re.compile(
    rf"(?<= from now on)(?=$|,)|[,;:\u2014-]\s*(?:so |and |but )?(?=(?:{_ASKING})\b)|\s+(?:so|and|"
    rf"but) (?=(?:{_ASKING}) )"
)
_REQUEST = re.compile(r"(?:(?:so|and|also|ok|hey),? )*(?:can|could|would|will) (?:you|we|u) (?:please |just |also )*")
_AND = re.compile(r"[\s,]*(?:and|&)\s+(?:to )?")
_FURTHER = re.compile(r"(?:have|live|work|study|teach|speak|own|play|be|keep)\b")
_ENDED = re.compile(r"(?:not|no longer) (?:an? )?\w+(?: any ?more| any longer)?$")
_NAMED = re.compile(r"\b(?:call|called|calls|names?|named|known)\b")
_CALLED = re.compile(r"\b(?:will do|is fine|works|is ok|is okay|for short)\b")
_TELLS_TO_KEEP = re.compile(
    r"(?:please |pls )?(?:remember|keep in mind|don't forget|make a note|note)(?: down)?(?: that\s+|:\s*)(?P<v>\S.*)"
)


_TABLES: dict[str, tuple[str, tuple[ModuleType, ...]]] = {
    "changes": (NEWLY + CHANGES + EVERYDAY_CHANGES, (words, trades, things, names)),
    "profile": (PROFILE + EVERYDAY_PROFILE + TELLING_PROFILE, (words, trades, names)),
    "life": (LIFE + EVERYDAY_LIFE + TELLING_LIFE, (things, words, trades, names)),
    "style": (TELLING_STYLE + STYLE + EVERYDAY_STYLE, (words, trades)),
    "dated": (DATED, (words,)),
    "following": (FOLLOWING, (words, trades)),
}
_OPENS_SELF = re.compile(r"(?:\(\?:)?<(?:I|IM|HAVE|GOT)>")
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
    return rule, re.compile(as_pattern(rule.pattern))


def _openings(pattern: str) -> set[str]:
    if pattern.startswith(("my ", "(?:my|our) ", "our ")):
        return {"my"}
    if pattern.startswith("<THEY>"):
        return {"my", "other"}
    if not _OPENS_SELF.match(pattern):
        return {"being", "having", "doing", "my", "other"}
    found = {"other"} if "<BARE>" in pattern else set()
    found |= {"being"} if "<IM>" in pattern else set()
    found |= {"having"} if "<HAVE>" in pattern else set()
    return found | ({"doing", "having"} if "<I>" in pattern or "<GOT>" in pattern else set())


def statements(sentence: str, today: date, *, alone: bool, mine: bool = True) -> Iterator[Found]:
    """The facts in one sentence. `alone`: the message asks nothing, so a wish of style is no wish for one answer.

    `mine`: nobody else was spoken of, so a sentence without a subject has `I` for it.
    """
    said = spelled_out(sentence, folded(sentence))
    low = said.low
    asked = QUESTION.search(low)
    whole = told_by_all(said.text, low)
    begin = _requested(low)
    if VETO.search(low) or WISHED.search(low, begin, asked.start() if asked else len(low)):
        yield from (_as_typed(one, said) for one in whole)
        return
    found = list(_clauses(said.text, low, today, style=alone or bool(_LASTING.search(low)), alone=mine))
    found = whole + [one for one in found if not any(one.field == other.field for other in whole)]
    if any(one.text.endswith(" again") for one in found):  # "not vegetarian any more" is told by what is eaten again
        found = [one for one in found if not _ENDED.match(one.text)]
    if not found and (kept := _told_to_keep(said.text, low)):
        found = [kept]
    yield from (_as_typed(one, said) for one in found)


def _requested(low: str) -> int:
    """Where a request for all answers to come begins, behind its `could you`; 0 for anything else."""
    asked = _REQUEST.match(low)
    return asked.end() if asked and _LASTING.search(low) else 0


def _as_typed(found: Found, said: Spelled) -> Found:
    return replace(found, start=said.typed(found.start), end=said.typed(found.end, end=True))


def _clauses(sentence: str, low: str, today: date, *, style: bool, alone: bool) -> Iterator[Found]:
    mine, dated = False, None
    aim: Found | None = None
    for place, (start, end) in enumerate(spans(low)):
        lead = shared_subject(low, start, end) if mine else ""
        if not lead and alone and place == 0:
            lead = missing_subject(low, start, end)
        mine = bool(lead or _SELF.match(low, start, end))
        clause = Clause(sentence, low, start, end, lead)
        further = bool(aim and _AND.fullmatch(low, aim.end, start) and _FURTHER.match(low, start, end))
        found = _further_aim(sentence, start, end) if further else clause.read("changes")
        if found is None:
            when = date_in_english(sentence[start:end], today)
            if when and not low[start : start + when.start].strip() and not low[start + when.end : end].strip(" ,"):
                dated = start, when  # "Next Friday, ...": the day of the clause that follows
                continue
            if dated is None and when:
                dated = start, when
            found = _plan(clause, dated) if dated else _fact(clause, style=style)
        dated = None
        aim = found if found and found.field == "goals" else None
        if found and _CALLED.search(low, start, end) and found.field == "display_name" and not _NAMED.search(low):
            continue
        if found and not (found.field in _CAPITAL and _carelessly_small(sentence[start:end], found.text)):
            yield found
            yield from _following(found, clause)


def _further_aim(sentence: str, start: int, end: int) -> Found | None:
    """What stands behind an aim and its `and`: `[my goal is to run a marathon and] have the house paid for`."""
    value = sentence[start:end].strip(" ,.")
    return Found("goals", value, start, start + len(value)) if trades.is_aim(value) else None


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
            if self.lead == I_HAVE:
                return "having"
            return "being" if self.lead == I_AM or self.low.startswith("am ", self.start) else "doing"
        first = _FIRST.match(self.low, self.start, self.end)
        return first.lastgroup or "other" if first else "other"


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


def _told_to_keep(sentence: str, low: str) -> Found | None:
    """`Remember that the bins go out on Tuesdays`: whatever it is, the user asks for it to be kept."""
    told = _TELLS_TO_KEEP.match(low)
    if told is None:
        return None
    value = sentence[told.start("v") : told.end("v")].strip(" ,:")
    if len(value.split()) < 3 or not words.is_short(value.split()[0]):
        return None
    return Found(NOTE, value, told.start("v"), told.start("v") + len(value))
