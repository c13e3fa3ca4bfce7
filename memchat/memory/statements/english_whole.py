"""What an English sentence tells as a whole, where no single clause does: what one cannot eat, a name others use."""

import re
from collections.abc import Callable
from functools import cache

from memchat.memory.statements.english_grammar import HOW, spelled_out
from memchat.memory.statements.english_things import is_habit
from memchat.memory.statements.english_words import is_bare_name
from memchat.memory.statements.rules import NOTE, Found

_PART = r"(?:lips?|throat|tongue|face|mouth|eyes?|skin|hands|stomach|gums|ears)"
_REACTS = (
    rf"my {_PART} (?:always |usually )?(?:swells?|itch(?:es)?|burns?|closes?|tingles?|puffs?|blisters?|goes|go)"
    r"(?: up| out| shut| numb| red| all)*|i (?:come|break) out in (?:hives|a rash|spots|welts|blotches)|"
    r"i (?:can't|cannot) breathe|i get (?:hives|a rash|cramps|migraines|ill|sick|asthma)"
)
_EATEN = r"(?:if|when|whenever|every time|as soon as|once) i (?:even )?(?:eat|touch|drink|taste|swallow|have|smell)"
_SAID_SO = (
    r"people|folks?|friends|colleagues|coworkers|mates|crew|lads|kids|students|neighbou?rs|family|team|everyone|"
    r"everybody|they|guys"
)
_CHORES = frozenset(
    ["dishes", "homework", "chores", "it", "work", "that", "this", "report", "reports", "laundry", "job", "thing"]
)
_NOT_SAID = frozenset(
    [
        "yes",
        "no",
        "hello",
        "hi",
        "hey",
        "thanks",
        "sorry",
        "please",
        "ok",
        "cheers",
        "goodbye",
        "bye",
        "welcome",
        "good",
        "it",
        "that",
    ]
)


def _is_said(value: str) -> bool:
    return is_bare_name(value) and value.lower() not in _NOT_SAID


def _is_pastime(value: str) -> bool:
    return is_habit(value) and not _CHORES & set(value.lower().split())


def _is_child(value: str) -> bool:
    return is_bare_name(value.split("-", maxsplit=1)[0])


def _is_anything(value: str) -> bool:
    return bool(value)


# Field, what to keep, pattern, and what the value must be as it was typed.
_TABLE: tuple[tuple[str, str, str, Callable[[str], bool]], ...] = (
    (
        NOTE,
        "{v}: {k}",
        (
            rf"^(?:(?!\b<FOOD>\b).)*?\b(?P<v><FOOD>)\b(?:(?!\b<FOOD>\b|\b(?:he|she|"
            rf"they)\b).)*?\b(?P<k>{_REACTS}) {_EATEN} (?:it|them|any)$"
        ),
        _is_anything,
    ),
    (NOTE, "{v}: {k}", rf"^(?:.*,\s)?(?P<k>{_REACTS}) {_EATEN} (?P<v><FOOD>)$", _is_anything),
    (
        NOTE,
        "{v} {k}",
        (
            r"\b(?P<v><FOOD>|latex) (?P<k>(?:once )?(?:puts?|lands?|landed|sends?|sent) me in (?:an ambulance|(?:the )?"
            r"hospital|a&e|the er|intensive care))(?=$|[,.]| (?:back|in|last|once|every|and|so|when|twice)\b)"
        ),
        _is_anything,
    ),
    (
        NOTE,
        "{k} {v} {x}",
        (
            r"(?:^|,\s|\bfor )(?P<v>[\w-]+(?: [\w-]+)?), which i (?P<k>do|play|practi[sc]e|teach|study) (?:for )?"
            r"(?P<x>(?:[\w'-]+ ){0,4}?(?:<OFTEN>)(?: before \w+| after \w+| in the \w+)?)(?=$|,| )"
        ),
        _is_pastime,
    ),
    (
        NOTE,
        "{k} is {v}",
        (
            r"^(?:(?:and|oh|yes|ah),? )?(?:that's|this is|that is|it's) (?:my|"
            r"our) (?P<k>(?!partner)<KIN>),? (?P<v>[\w-]+)(?=$|,| and\b)"
        ),
        _is_child,
    ),
    (
        "display_name",
        "{v}",
        (
            r"^(?:(?:.{0,30}\b(?:here|name|i'm|it's)\b.{0,40}, )?(?:(?:and|but|though|although) )?"
            r"(?:(?:at|around|in|on) "
            rf"(?:work|home|school|site|the \w+|our \w+),? )?(?:(?:the|my|most) )?(?:\w+ )?(?:{_SAID_SO})(?: (?:here|"
            rf"at work|"
            r"around here))? (?:all |mostly |usually )*just (?:say|use|go with|go for|shorten it to) )(?P<v>[\w-]+)$"
        ),
        _is_said,
    ),
)
_HINT = re.compile(
    r" i (?:even )?(?:eat|touch|drink|taste|swallow|have|smell) | me in |which i | just |(?:is|'s) (?:my|our) "
)


@cache
def _patterns() -> tuple[tuple[str, str, re.Pattern[str], Callable[[str], bool]], ...]:
    return tuple((field, say, re.compile(spelled_out(pattern)), accept) for field, say, pattern, accept in _TABLE)


def told_by_all(sentence: str, low: str) -> list[Found]:
    """What the sentence tells, `low` being it in small letters."""
    if not _HINT.search(low):
        return []
    for field, say, pattern, accept in _patterns():
        found = pattern.search(low)
        if found and accept(sentence[slice(*found.span("v"))]):
            said = {name: sentence[slice(*found.span(name))] for name in found.groupdict()}
            said = {name: HOW.verbs.get(typed, typed) for name, typed in said.items()}
            start = min(found.start(name) for name in said)
            return [Found(field, say.format(**said), start, found.end())]
    return []
