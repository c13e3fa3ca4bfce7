"""How often the words of a question stand in texts: all of them read at once, for a question has hundreds."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from memchat.memory.plain import plain
from memchat.memory.query import Term
from memchat.memory.stems import stem

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile("[\u3000-\U0010ffff]+")
_HAN_A_WORD = 2  # characters of a script without spaces say about as much as a word
_CHANGING = frozenset("ieyl")
"""Last letters of stems that words may write otherwise: `hobbi` is of hobby, `flexibl` of flexibility."""
_SHORTEST = 3
_APART = "\0"  # between two texts: no word goes on over it


@dataclass(frozen=True, slots=True)
class Read:
    """Texts as they are compared, a row each; the last row is of no text, for what has none beside it.

    `counts` has a column for each word of the question, how often it stands there; `words` are the lengths in words.
    """

    texts: Sequence[str]
    counts: "npt.NDArray[np.int64]"
    words: "npt.NDArray[np.float64]"


def read(texts: Sequence[str], terms: Sequence[Term]) -> Read:
    """The texts, and how often each of the words stands in each."""
    import numpy as np

    low = list(map(plain, texts))
    whole = _APART + _APART.join([*low, ""])
    begins = np.fromiter(accumulate(map(len, low), lambda place, size: place + size + 1, initial=1), np.int64)
    counts = np.zeros((len(low) + 1, len(terms)), np.int64)
    for column, term in enumerate(terms):
        if places := list(_places(whole, term.stem)):
            rows = np.searchsorted(begins, places, side="right") - 1
            counts[:, column] = np.bincount(rows, minlength=len(counts))
    words = np.array([*map(_length, low), 0], np.float64)
    return Read(low, counts, words)


def _length(low: str) -> int:
    """In words."""
    spaced = low.count(" ") + 1
    return spaced if low.isascii() else spaced + sum(map(len, _HAN.findall(low))) // _HAN_A_WORD


def _places(whole: str, wanted: str) -> Iterator[int]:
    """Where a word with that stem begins; of scripts without spaces, where it stands."""
    if not wanted.isascii():
        place = whole.find(wanted)
        while place >= 0:
            yield place
            place = whole.find(wanted, place + len(wanted))
        return
    beginning = _beginning(wanted)
    place = whole.find(beginning)
    while place >= 0:
        if not whole[place - 1].isalnum():
            word = _WORD.match(whole, place)
            if word is not None and (word[0] == wanted or stem(word[0]) == wanted):
                yield place
        place = whole.find(beginning, place + 1)


def _beginning(wanted: str) -> str:
    """What every word with this stem begins with."""
    return wanted[:-1] if len(wanted) >= _SHORTEST and wanted[-1] in _CHANGING else wanted
