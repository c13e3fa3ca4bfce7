"""What a message refers to: something named, something said before, or nothing in particular ("What causes tides?").

English, Spanish and German; of other languages these say nothing. Messages come in small letters without accents
(plain.py), where the letters do not matter.
"""

import re
from collections.abc import Sequence

from memchat.memory.function_words import stop_words
from memchat.memory.timewords import Period

BACK = re.compile(
    r"\b(it|its|that|this|those|these|he|him|his|she|her|they|them|their|there|then|one|ones|eso|esa|ese|ella|ello"
    r"|das|dies\w*|er|ihn|ihm|damals|dort)\b|它|他|她|那|这|這"
)
AGAIN = re.compile(r"(?:and|und|y)\b|那|还有|還有")
"""How a question begins that goes on from the one before."""
# Not at the beginning of a sentence, where every word is written so. Words side by side are one name: Berlin Wall.
_TITLE = r"(?:Dr|Mr|Mrs|Ms|Prof|St|Sr|Sra)\.?"
_NAME = re.compile(rf"(?<=[a-z0-9,;:'\"’)] )(?:{_TITLE} )?([A-Z][^\W_]+(?:[ -][A-Z][^\W_]+)*)")
# What somebody knows already; the articles of German and Spanish stand before everything.
_KNOWN = re.compile(r"\b(the|jen\w*|sein\w*|ihr\w*|est[aeo]|aquel\w*|sus?|lo|le)\b")
# "The height of a tree", "the tallest tree": known by what follows, not because it was spoken of.
_KNOWN_BY_ITSELF = re.compile(
    r"\bthe (?:[\w'-]+ ){1,3}(?:of|in|between|on) (?!(?:the|my|our|this|that|these|those|his|her|their|your) )"
    r"|\bthe (?:\w+est|most \w+|first)\b"
)


def names_in(text: str, times: Sequence[Period]) -> list[list[str]]:
    """What is written like a name, word by word, without titles; in German every noun is.

    What names one of the `times` in the text is none: Monday.
    """
    told = [name for name in _NAME.finditer(text) if not any(_meet(name, one) for one in times)]
    return [re.split("[ -]", name[1]) for name in told]


def _meet(name: re.Match[str], time: Period) -> bool:
    return time.start < name.end(1) and name.start(1) < time.end


def general(low: str, words: list[str]) -> bool:
    """Whether the message, of these words, speaks of nothing in particular; who is named or addressed is left out."""
    if not stop_words(words).intersection(words) or BACK.search(low):
        return False
    return not _KNOWN.search(_KNOWN_BY_ITSELF.sub(" ", low))
