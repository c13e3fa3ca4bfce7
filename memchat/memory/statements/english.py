"""English first-person statements and what they teach. Precision before recall: what is unclear is left alone."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from memchat.memory.language import folded
from memchat.memory.statements import english_words as words
from memchat.memory.statements.dates import When, date_in_english
from memchat.memory.statements.english_grammar import ELIDED_OPENERS, HOW, OPENERS, spelled_out
from memchat.memory.statements.english_rules import DATED, RULES, STYLE
from memchat.memory.statements.rules import NOTE, Found, Rule, apply, read

# From such a word on, the message plays a role, tells a story or asks for work on a text: nothing after it is learned.
FRAME = re.compile(
    r"^(?:please |pls |now |ok,? |hey,? |hi,? |can you |could you |would you |will you )*"
    r"(?:translate|proofread|paraphrase|rewrite|rephrase|summari[sz]e|correct|fix|improve|check|fill in|say|repeat|"
    r"(?:write|tell|compose|draft|make up|continue|complete|create|give)(?: me| us)? (?:an?|the|my|some|this|\d+)\b|"
    r"(?:now )?you(?:'re| are) (?:now )?an? |dear \w+)"
    r"|\b(?:pretend|imagine|role-?play\w*|suppose|supposing|assume|assuming|hypothetically|let's say|act as|acting as|"
    r"for example|for instance|e\.g|once upon|how (?:do|would|can) (?:you|i|we) say|what does .{0,60} mean|"
    r"in (?:my|the|this|a) (?:story|novel|book|game|dream|film|movie|script|scene|play)|(?:my|the) (?:character|"
    r"narrator))\b"
    r"|\b(?:story|poem|lyrics|song|character|narrator|quote|example|dialogue|translation|prompt|sentence)s?\s*:"
)
# A sentence with one of these is no plain statement.
VETO = re.compile(
    r"\b(?:if(?! possible| you can| that helps| it matters)|unless|as though|wish|would|could|"
    r"might|should i|"
    r"shall i|maybe|perhaps|probably|possibly|in theory|kinda feel|feel like|guess|whether|"
    r"lol|ha(?:ha)+|jk|kidding|joking|lmao|rofl|xd|sarcasm|supposedly|dreamt|dreamed|almost|never mind|nvm|"
    r"according to|said no one|apparently|technically|allegedly)\b"
    r"|\b(?:you|he|she|they|people|someone|somebody|nobody|everybody|everyone|it|\w+'s|my \w+(?: \w+)?) "
    r"(?:said|says|say|told|tell|tells|thinks?|thought|claims?|claimed|wrote|believes?|asked|heard|assumed)\b"
    r"|\bi (?:said|told|wrote|lied)(?: to)? (?:him|her|them|my)\b"
    r"|[\U0001f602\U0001f923\U0001f61c\U0001f609\U0001f643\U0001f61d]|[;:]-?\)|/s$"
)
_PASSING = re.compile(
    r"\b(?:today|tonight|right now|for now|just now|this (?:morning|afternoon|evening|minute|moment)|for today|"
    r"yet|so far|temporarily)\b"
)
_LEAD = re.compile(
    r"(?:(?:(?:hi|hello|hey|hiya|greetings|good (?:morning|afternoon|evening|day))(?: there| again| memchat| "
    r"notebook)?|"
    r"well|so|ok|okay|oh|ah|yes|yeah|yep|no(?=[,.!:;])|nope|nah|heads up|"
    r"actually|sorry|by the way|btw|fyi|p\.s|ps|also|and|but|plus|then|"
    r"however|anyway|just so you know|for the record|to be clear|correction|in fact|currently|nowadays|these days|now|"
    r"as you know|as i said|i said(?: that)?|i (?:already )?told you(?: that)?|i mean|please|you should know(?: that)?|"
    r"let me introduce myself|a bit about me|about me|unfortunately|sadly|luckily|happily|honestly|to be honest|"
    r"(?:please )?(?:remember|note|keep in mind|don't forget|make a note)(?: that)?|i should (?:mention|say)(?: that)?|"
    r"(?:last|this) (?:week|month|year|spring|summer|autumn|fall|winter|\w+day)|yesterday|recently|lately|"
    r"(?:a|two|three|few|a few|several|\d+) (?:days|weeks|months|years|week|month|year) ago|"
    r"since (?:\w+ )?(?:19|20)\d\d|in (?:\w+ )?(?:19|20)\d\d|since last \w+|"
    r"from now on|in (?:the )?future|going forward|as of (?:now|\w+)|always)(?:[\s,:!.\u2026-]+|$))+"
)
_JOIN = r"(?:and|but|so|because|plus|also|though|although|while|then|or|&|yet|however)"
_BREAK = re.compile(
    rf"(?:\s*[,:\u2014\u2013(]|\s+-)\s*(?:{_JOIN}\s+)*(?=(?:{OPENERS})\b)"
    rf"|\s+{_JOIN}(?:\s+{_JOIN})*,?\s+(?=(?:{OPENERS})\b)"
)
_SELF = re.compile(r"(?:i|i'm|i've|i'll|i'd|we|we're|we've|we'll|my name|call me)\b")
_ELIDED = re.compile(rf"(?:{ELIDED_OPENERS})\b")
_APPOSITION = re.compile(r"[\s,]*(?:and\s+)?(?=(?:originally )?from\s|an?\s)")
_BIRTHDAY = re.compile(r"\b(?:birthday|born)\b")
_LIMIT = re.compile(r"\b(?:until|till|by|before|after|from|since|for)\s+$")
_LASTING = re.compile(
    r"\b(?:from now on|always|never|in (?:the )?future|every time|going forward|in general|generally)\b"
)
# "I live in Taipei, what should I see?": before the question stands a statement; "..., right?" is none.
QUESTION = re.compile(
    r"[,;:\u2014-]\s*(?:so |and |but )?(?=(?:what|where|who|how|which|when|why|(?:can|could|would|will|do) you|any)\b)"
)
_TELLS_TO_KEEP = re.compile(
    r"(?:please |pls )?(?:remember|keep in mind|don't forget|make a note|note)(?: down)?(?: that\s+|:\s*)(?P<v>\S.*)"
)


@cache
def _rules(kind: str) -> tuple[tuple[Rule, re.Pattern[str]], ...]:
    """The rules, compiled when first needed: `whole` clauses, those `elided` of their `I`, wishes of `style`, plans."""
    table = {"style": STYLE, "dated": DATED}.get(kind, RULES)
    return tuple((rule, re.compile(spelled_out(rule.pattern, elided=kind == "elided"))) for rule in read(table, words))


def statements(sentence: str, today: date, *, alone: bool) -> Iterator[Found]:
    """The facts in one sentence. `alone`: the message asks nothing, so a wish of style is no wish for one answer."""
    low = folded(sentence)
    if VETO.search(low):
        return
    found = list(_clauses(sentence, low, today, style=alone or bool(_LASTING.search(low))))
    if not found and (kept := _told_to_keep(sentence, low)):
        found = [kept]
    yield from found


def _clauses(sentence: str, low: str, today: date, *, style: bool) -> Iterator[Found]:
    mine, dated = False, None
    for start, end in _spans(low):
        when = date_in_english(sentence[start:end], today)
        if when and not low[start : start + when.start].strip() and not low[start + when.end : end].strip(" ,"):
            dated = start, when  # "Next Friday, ...": the day of the clause that follows
            continue
        elided = mine and bool(_ELIDED.match(low, start, end))
        whole = bool(_SELF.match(low, start, end))
        mine = whole or elided
        if dated is None and when:
            dated = start, when
        found = _plan(sentence, start, end, dated) if dated else _fact(sentence, start, end, style=style, elided=elided)
        dated = None
        if found is None:
            continue
        yield found
        more = _APPOSITION.match(low, found.end, end)
        if found.field == "display_name" and more:
            second = apply(_rules("elided"), sentence, more.end(), end, HOW)
            if second:
                yield second


def _fact(sentence: str, start: int, end: int, *, style: bool, elided: bool) -> Found | None:
    if _PASSING.search(folded(sentence[start:end])):
        return None
    found = apply(_rules("elided" if elided else "whole"), sentence, start, end, HOW)
    if found and found.field in {"display_name", "location"} and _carelessly_small(sentence[start:end], found.text):
        return None
    if found is None and style:
        found = apply(_rules("style"), sentence, start, end, HOW)
    return found


def _carelessly_small(clause: str, value: str) -> bool:
    """`I moved to tears`, `Call me old-fashioned`: who writes capitals writes names with them."""
    return value.islower() and not clause.islower() and not clause.lower().startswith("my name")


def _plan(sentence: str, start: int, end: int, dated: tuple[int, When]) -> Found | None:
    """A plan with its day, which stands before the clause, at its head or within it."""
    anchor, when = dated
    first, last = anchor + when.start, anchor + when.end
    if first > start:  # within
        if _BIRTHDAY.search(folded(sentence[start:end])):
            return _fact(sentence, start, end, style=False, elided=False)
        found = apply(_rules("dated"), sentence, start, end, HOW)
        if found is None:
            return None
        said = when.said if not _LIMIT.search(folded(sentence[start:first])) else when.said.split(" ", 1)[-1]
        text = found.text.replace(" ".join(sentence[first:last].split()), said, 1)
        return Found(NOTE, text, found.start, found.end)
    body = max(start, last)
    while body < end and sentence[body] in " ,":
        body += 1
    found = apply(_rules("dated"), sentence, body, end, HOW)
    return Found(NOTE, f"{found.text} {when.said}", first, found.end) if found else None


def _spans(low: str) -> Iterator[tuple[int, int]]:
    """The clauses of a sentence, greetings and asides at their head left out."""
    start = 0
    for gap in _BREAK.finditer(low):
        yield _after_lead(low, start, gap.start())
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
