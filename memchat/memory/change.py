"""What a model says that it replaces or ends, and what the user's own words say: a change, a correction, one more."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from memchat.domain import Draft, Memory
from memchat.memory.language import HAN, folded
from memchat.memory.quoting import fold
from memchat.memory.statements.sentences import of_plain
from memchat.memory.words import words

UPDATE, RETRACT = "update", "retract"

HALF = 0.5
"""Of a memory's words that a statement must repeat to take its place: by the others it may be about something else."""
QUARTER = 0.25
"""Of a memory's words that make it worth asking the user whether it is meant."""

# Verbs by which a note is told: two notes that share one of these share nothing yet.
_TELLING = frozenset(("lik", "lov", "prefer", "us", "work", "liv", "hav", "want", "drink", "eat", "go", "喜欢", "喜歡"))


@dataclass(frozen=True, slots=True)
class Change:
    """A model wants to update or retract `target`: `op` is UPDATE or RETRACT. None: it names no memory it was shown."""

    op: str
    target: Memory | None


@cache
def _signs() -> re.Pattern[str]:
    """Words by which people say that something is no longer as it was; in folded letters."""
    return re.compile(
        r"\b(?:now(?:adays)?|no longer|no more|any ?more|any longer|instead|from now on|these days|used to|gave up|"
        r"given up|switch(?:ed|ing)?|chang(?:ed|ing)|quit|stop(?:ped)?|start(?:ed|ing)?|mov(?:ed|ing)|became|left|"
        r"replaced|sold|lost|correction)\b"
        "|现在|不再|改[成为用吃喝叫住做学]|改了|换[成了到]|戒|搬|开始|不.{0,6}了|停|辞|卖"
    )


def says_change(quote: str) -> bool:
    """Whether the words say outright that something has changed."""
    return _signs().search(folded(fold(quote))) is not None


@cache
def _corrections() -> re.Pattern[str]:
    """Words by which people take back what they have just said; in folded letters."""
    return re.compile(
        r"\b(?:sorry|i mean(?:t)?|(?:no|oh),? wait|wait,? no|no,|correction|actually|rather|scratch that|oops|typo|"
        r"perdon|quise decir|mejor dicho|ich meine)\b|不对|说错|打错|写错|更正|应该是|我是说|抱歉"
    )


@cache
def _additions() -> re.Pattern[str]:
    """Words by which people name one thing more, beside what is known; in folded letters."""
    return re.compile(
        r"\b(?:also|too|as well|besides|in addition|on the side|both|part[- ]time|second (?:job|home)|tambien|ademas|"
        r"auch|ausserdem)\b|也(?!算|成|是[^，。]{1,8}了)|兼|还(?=[在做当会])|另外|此外|同时|副业|业余"
    )


@cache
def _namings() -> re.Pattern[str]:
    """Words by which people say how they want to be called from now on, or that a name was wrong; in folded letters."""
    return re.compile(
        r"(?<!they )(?<!people )(?<!friends )(?<!everyone )\bcall me\b|\b(?:go(?:ing)? by|prefer|renamed|"
        r"chang(?:e|ed|ing)|no longer|any ?more|these days|from now on|instead|"
        r"(?:new|real|legal|full|married|maiden) name|legally|"
        r"actually|not|sorry|i mean(?:t)?|correct(?:ion)?|typo|mis-?spel\w+|spell\w*|wrong|llamame|nennt? mich)\b"
        r"|\b(?:is|'s|it's) now\b|\bnow (?:called|known|named)\b|\bnow\W*$"
        "|叫我|改[名叫成为]|现在|以后|今后|其实|不[是叫]|[真本全]名|更正|[打写说]错"
    )


def changes_name(said: str, new: str, old: str) -> bool:
    """Whether a message that names its writer `new` may take the place of the name `old`.

    It does where one name is a part of the other (`Mei`, `Mei Chen`), or where words beside it say that it changes or
    was wrong. A story begins with "My name is Elara", too.
    """
    some, others = _letters(new), _letters(old)
    if some <= others or others <= some:
        return True
    beside = [fold(one.text) for one in of_plain(said) if fold(new) in fold(one.text)]
    return any(_namings().search(folded(_plain(one))) for one in beside)


def _letters(name: str) -> frozenset[str]:
    """The words of a name, without accents: `José` is `Jose`. `Will` is one too, which elsewhere says nothing."""
    return words(_plain(name)) or frozenset(_plain(name).split())


def _plain(text: str) -> str:
    return "".join(letter for letter in fold(text) if not unicodedata.combining(letter))


def says_also(sentence: str) -> bool:
    """Whether the words add to what is known, as in "I also work as a DJ", and say of nothing that it changed."""
    return _additions().search(folded(_plain(sentence))) is not None and not says_change(sentence)


def corrects(between: str) -> bool:
    """Whether what stands between two statements takes the first of them back: `Berlin. Sorry, I live in Lisbon`."""
    return _corrections().search(folded(_plain(between))) is not None


def proves(draft: Draft, target: Memory) -> bool:
    """Whether the user's words, proved already, tell that `target` gave way to the draft: they name it, and a change.

    Half of its words must stand in the draft or its quote, and more than half of those that are not verbs of telling;
    the sentence that says that something changed must be about it.
    """
    wanted = words(target.text)
    said = words(f"{draft.text}\n{draft.quote}")
    telling = wanted - _TELLING
    return (
        bool(wanted)
        and len(wanted & said) >= HALF * len(wanted)
        and len(telling & said) > HALF * len(telling)
        and any(says_change(one.text) and telling & words(one.text) for one in of_plain(draft.quote))
    )


def touches(draft: Draft, target: Memory) -> bool:
    """Whether the draft and its quote have enough words in common with `target` to ask the user about both.

    Where one of them is Chinese and the other is not there are none to compare: then words of change are enough.
    """
    wanted = words(target.text)
    if bool(HAN.search(draft.text)) != bool(HAN.search(target.text)) and says_change(draft.quote):
        return True
    return bool(wanted) and len(wanted & words(f"{draft.text}\n{draft.quote}")) >= QUARTER * len(wanted)
