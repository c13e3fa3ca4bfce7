"""Where a long message is cut for the index: pieces of about 100 words, at the ends of paragraphs and sentences."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import accumulate, chain, pairwise

# Pieces of about 100 words find more than whole messages do where replies are long (recall: hit rate at ten 47 against
# 42 % on chats with long replies); a little more is not worth a second piece.
_WORDS = 100
_WHOLE = 140
# No message makes more; what comes after them is not found by its words.
MOST = 2_000

# Two characters of a script without spaces say about as much as a word; so do twelve letters of code or of a link.
_CHARACTERS = 2
_LETTERS = 12
_SPACELESS = (
    "[\u0e01-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af]"
)
# A full stop counts where a blank follows, its full-width sister anywhere, with what closes behind it. Each begins with
# a character that can be looked for, and none walks over the same ones twice: a megabyte of blanks is no trouble.
_SENTENCE = re.compile(r"(?:\n|[.!?;:…][^\S\n])\s*|[。！？；]+[」』”）]*\s*")
_PLACE = re.compile(r"\s+|[、，,/;&=|]")
# What has no place to be cut at is cut anywhere, after so many characters.
_ANYWHERE = 100

_Segment = tuple[int, int]  # where it ends, and how good a place that is: 0 within a sentence to 3 at a blank line


@cache
def _spaceless() -> re.Pattern[str]:
    """Compiled when it is needed: that takes milliseconds, and the first prompt comes before."""
    return re.compile(_SPACELESS)


def cut(text: str) -> list[str]:
    """The pieces in order, white space around them left out; one for a short text, none for a blank one."""
    return [text[start:end].strip() for start, end in pairwise((0, *ends(text)))]


def ends(text: str) -> list[int]:
    """Where each piece ends, and the next begins: ascending places in the text, none for a blank one.

    No piece is blank. The last end is the text's, unless there are more than 2,000 pieces.
    """
    if not text or text.isspace():
        return []
    if len(text) <= _WHOLE or _weight(text) <= _WHOLE:
        return [len(text)]
    segments = list(_segments(text))
    starts = (0, *(end for end, _ in segments[:-1]))
    weights = [_weight(text[start:end]) for start, (end, _) in zip(starts, segments, strict=True)]
    return _packed(segments, [0.0, *accumulate(weights)])[:MOST]


def _weight(text: str) -> float:
    """How much it says, in words; white space says nothing."""
    words = text.split()
    spaceless = 0 if text.isascii() else len(_spaceless().findall(text))
    return max(len(words), (sum(map(len, words)) - spaceless) / _LETTERS) + spaceless / _CHARACTERS


def _segments(text: str) -> Iterator[_Segment]:
    """Sentences and lines, and parts of those that alone are longer than a piece."""
    start = 0
    for end, goodness in chain(_places(_SENTENCE, text, 0, len(text)), ((len(text), 3),)):
        if end > start:
            if end - start > _WORDS and _weight(text[start:end]) > _WORDS:
                yield from _parts(text, start, end)
            yield end, goodness
            start = end


def _parts(text: str, start: int, end: int) -> Iterator[_Segment]:
    """Places within a long sentence, the end left out."""
    for place, _ in chain(_places(_PLACE, text, start, end), ((end, 0),)):
        yield from ((one, 0) for one in range(start + _ANYWHERE, place, _ANYWHERE))
        if start < place < end:
            yield place, 0
        start = place


def _places(pattern: re.Pattern[str], text: str, start: int, end: int) -> Iterator[_Segment]:
    """Where the pattern ends, with the goodness of the place."""
    for match in pattern.finditer(text, start, end):
        yield match.end(), min(3, 1 + match.group().count("\n"))


def _packed(segments: list[_Segment], sums: list[float]) -> list[int]:
    """As many segments to a piece as make about 100 words; `sums[n]` is the weight of the first n."""
    packed: list[int] = []
    first, whole = 0, sums[-1]
    while whole - sums[first] > _WHOLE:
        first = _next(segments, sums, first)
        packed.append(segments[first - 1][0])
    return [*packed, segments[-1][0]]


def _next(segments: list[_Segment], sums: list[float], first: int) -> int:
    """The segment that the piece after `first` begins with: the last best place between a half and a whole piece."""
    least, most = sums[first] + _WORDS / 2, sums[first] + _WORDS
    low = bisect_left(sums, least, first + 1)
    high = bisect_right(sums, most, first + 1)
    if low < high:
        return max(range(low, high), key=lambda place: (segments[place - 1][1], place))
    # The next segment is too much, but half a piece would be too little.
    return low if sums[low] - sums[first] <= _WHOLE else max(high - 1, first + 1)
