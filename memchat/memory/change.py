"""What a model says that it replaces or ends, and whether the user's own words say so."""

import re
from dataclasses import dataclass
from functools import cache

from memchat.domain import Draft, Memory
from memchat.memory.language import folded
from memchat.memory.quoting import fold
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


def proves(draft: Draft, target: Memory) -> bool:
    """Whether the user's words, proved already, tell that `target` gave way to the draft: they name it, and a change.

    Half of its words must stand in the draft or its quote, and more than half of those that are not verbs of telling.
    """
    wanted = words(target.text)
    said = words(f"{draft.text}\n{draft.quote}")
    telling = wanted - _TELLING
    return (
        bool(wanted)
        and len(wanted & said) >= HALF * len(wanted)
        and len(telling & said) > HALF * len(telling)
        and says_change(draft.quote)
    )


def touches(draft: Draft, target: Memory) -> bool:
    """Whether the draft and its quote have enough words in common with `target` to ask the user about both."""
    wanted = words(target.text)
    return bool(wanted) and len(wanted & words(f"{draft.text}\n{draft.quote}")) >= QUARTER * len(wanted)
