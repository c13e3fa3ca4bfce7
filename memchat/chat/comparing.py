"""How two replies to the same message differ: piece by piece, what stays, goes and comes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_SENTENCE = re.compile(r"(?<=[.!?…])[ \t]+(?=\S)|(?<=[。！？])(?=\S)")


class Kind(StrEnum):
    """What became of pieces of the reply that stands."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Difference:
    """Pieces of two replies in a row that are the same, or only in one of them."""

    kind: Kind
    pieces: tuple[str, ...]


def difference(before: str, after: str) -> list[Difference]:
    """Two replies piece by piece, a piece being a line, of long ones a sentence: what stays, goes and comes, in order.

    Empty for two that are the same.
    """
    import difflib  # here, since few replies are compared

    old, new = _pieces(before), _pieces(after)
    if old == new:
        return []
    found = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(Difference(Kind.SAME, tuple(old[a:b])))
        else:
            found += [Difference(Kind.GONE, tuple(old[a:b]))] if b > a else []
            found += [Difference(Kind.NEW, tuple(new[c:d]))] if d > c else []
    return found


def _pieces(text: str) -> Sequence[str]:
    return [piece for line in text.splitlines() for one in _SENTENCE.split(line) if (piece := one.strip())]
