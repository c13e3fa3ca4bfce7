"""Words that are like those of a question: `bicycle` in a text answers for `bike`."""

import re
import string
from collections.abc import Callable, Sequence

from memchat.memory.query import SPACELESS, Term

Likeness = Callable[[Sequence[str], Sequence[str]], Sequence[Sequence[float]]]
"""`ports.Lexicon.likeness`: for each of the first words its cosine to each of the others."""
# Any two words are so much alike. Between 0 and 0.5 our own chats show no difference to speak of.
_FLOOR = 0.2
# Of scripts without spaces nobody says where a word ends, and numbers are alike only by their looks.
_WORD = re.compile(f"(?:(?![{SPACELESS}0-9])[^\\W_])+")
_SHORTEST = 3
_APART = str.maketrans(dict.fromkeys(string.punctuation + string.digits, " "))


def alike(terms: Sequence[Term], texts: Sequence[str], likeness: Likeness) -> list[list[float]]:
    """For each text, for each term, how like to it the most like word is, 0 to 1; texts as `plain` makes them."""
    asked = [place for place, term in enumerate(terms) if _WORD.fullmatch(term.word)]
    held = [_words(text) for text in texts]
    known = [word for word in set().union(*held) if len(word) >= _SHORTEST]
    found = [[0.0] * len(terms) for _ in texts]
    if not asked or not known:
        return found
    among = set(known)
    held = [words & among for words in held]
    for place, row in zip(asked, likeness([terms[place].word for place in asked], known), strict=True):
        near = dict(zip(known, row, strict=True)).__getitem__
        for values, words in zip(found, held, strict=True):
            if words:
                values[place] = max(0.0, max(map(near, words)) - _FLOOR) / (1 - _FLOOR)
    return found


def _words(text: str) -> set[str]:
    """Its words, quickly where it is plain ASCII."""
    return set(text.translate(_APART).split()) if text.isascii() else set(_WORD.findall(text))
