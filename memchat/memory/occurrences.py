"""How often the words of a question stand in a text: quick enough for a thousand texts a question."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from memchat.memory.query import Term, plain
from memchat.memory.stems import stem

_WORD = re.compile(r"[^\W_]+")
_HAN_A_WORD = 2  # characters of a script without spaces say about as much as a word
_CHANGING = frozenset("ieyl")
"""Last letters of stems that words may write otherwise: `hobbi` is of hobby, `flexibl` of flexibility."""
_SHORTEST = 3


class Read(NamedTuple):
    """A text as it is compared: how often each word of the question stands in it, and its length in words."""

    text: str
    counts: tuple[int, ...]
    any: bool
    words: int


class Reader:
    """Reads texts for the words of one question, each text once."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self._terms = [(_beginning(term.stem), term.stem, term.stem.isascii()) for term in terms]
        self._beginnings = [beginning for beginning, _, _ in self._terms]
        self._none = (0,) * len(terms)
        self._read: dict[tuple[int, int], Read] = {}

    def read(self, key: tuple[int, int], text: str) -> Read:
        """The text, which is known by `key` from then on."""
        found = self._read.get(key)
        if found is None:
            found = self._read[key] = self._fresh(text)
        return found

    def _fresh(self, text: str) -> Read:
        low = plain(text)
        words = low.count(" ") + 1
        if not low.isascii():
            words += sum(character > "\u2fff" for character in low) // _HAN_A_WORD
        for beginning in self._beginnings:
            if beginning in low:
                counts = tuple(
                    _stems(low, begins, wanted) if spaced else low.count(wanted)
                    for begins, wanted, spaced in self._terms
                )
                return Read(low, counts, any(counts), words)
        return Read(low, self._none, False, words)


def _beginning(wanted: str) -> str:
    """What every word with this stem begins with."""
    return wanted[:-1] if wanted.isascii() and len(wanted) >= _SHORTEST and wanted[-1] in _CHANGING else wanted


def _stems(low: str, beginning: str, wanted: str) -> int:
    """How many words of the text have that stem."""
    count = 0
    place = low.find(beginning)
    while place >= 0:
        if not place or not low[place - 1].isalnum():
            word = _WORD.match(low, place)
            count += word is not None and (word[0] == wanted or stem(word[0]) == wanted)
        place = low.find(beginning, place + 1)
    return count
