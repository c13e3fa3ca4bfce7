"""Words that are like those of a question: `bicycle` in a text answers for `bike`."""

import re
import string
from collections.abc import Callable, Collection, Sequence

from memchat.memory.query import SPACELESS, Term

Likeness = Callable[[Sequence[str], Sequence[Collection[str]]], Sequence[Sequence[float]]]
"""`ports.Lexicon.likeness`: for each text and each of the words, the cosine of the most like word in it."""
# Any two words are so much alike. Between 0 and 0.5 our own chats show no difference to speak of.
_FLOOR = 0.2
# Of scripts without spaces nobody says where a word ends, and numbers are alike only by their looks.
_WORD = re.compile(f"(?:(?![{SPACELESS}0-9])[^\\W_])+")
_SHORTEST = 3
_BETWEEN = str.maketrans(dict.fromkeys(string.punctuation + string.digits, " "))
_APART = "\0"  # between two texts


def alike(terms: Sequence[Term], texts: Sequence[str], likeness: Likeness) -> list[list[float]]:
    """For each text, for each term, how like to it the most like word is, 0 to 1; texts as `plain` makes them."""
    asked = [place for place, term in enumerate(terms) if _WORD.fullmatch(term.word)]
    held = words_of(texts)
    found = [[0.0] * len(terms) for _ in texts]
    if asked and any(held):
        near = likeness([terms[place].word for place in asked], held)
        for values, row in zip(found, near, strict=True):
            for place, cosine in zip(asked, row, strict=True):
                values[place] = max(0.0, cosine - _FLOOR) / (1 - _FLOOR)
    return found


def words_of(texts: Sequence[str]) -> list[list[str]]:
    """Of each text, as `plain` makes it, the words that are long enough; those of plain ASCII, as most are, at once."""
    low = _APART.join(text.replace(_APART, " ") for text in texts if text.isascii())
    apart = iter(low.translate(_BETWEEN).split(_APART))
    held = (next(apart).split() if text.isascii() else _WORD.findall(text) for text in texts)
    return [[word for word in words if len(word) >= _SHORTEST] for words in held]
