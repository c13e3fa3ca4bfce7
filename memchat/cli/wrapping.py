"""Where lines break: by cells, at spaces and between wide characters, never inside a grapheme."""

import re
from itertools import pairwise

from memchat.cli.cells import graphemes, plain_width, sign_width

_WORD = re.compile(r"\S+")

# Signs that may not begin a line in Chinese and Japanese typesetting, and those that may not end one.
_NEVER_FIRST = frozenset("、。，．,.;:!?)]}：；！？）］｝〕〉》」』】〙〗…‥・ー々〻’”%％")
_NEVER_LAST = frozenset("([{（［｛〔〈《「『【〘〖‘“$")
TAB = "    "


def break_offsets(text: str, cells: int, *, code: bool = False) -> list[int]:
    """Where one line of text is to be cut so that each piece takes at most `cells`.

    Spaces at a cut may hang over the edge; in `code` they count like any sign and words are no reason to break early.
    A single grapheme wider than `cells` stands alone and overflows.
    """
    if text.isascii():
        return _ascii_offsets(text, max(cells, 1), code=code)
    if not code and plain_width(text) is not None:
        return _plain_offsets(text, cells)
    return _grapheme_offsets(text, cells, code=code)


def _plain_offsets(text: str, cells: int) -> list[int]:
    """The same where each sign stands alone, as in Chinese: where to break is asked at the end of a row only."""
    offsets: list[int] = []
    start = 0
    while True:
        at = start + cells // 2  # so many fit, whatever they are
        used = plain_width(text[start:at]) or 0
        while at < len(text) and (used + sign_width(text[at]) <= cells or at == start or text[at].isspace()):
            used += sign_width(text[at])
            at += 1
        if at >= len(text):
            return offsets
        cut = at
        while cut > start and not _may_break(
            text[cut - 1], sign_width(text[cut - 1]), text[cut], sign_width(text[cut])
        ):
            cut -= 1
        start = cut if cut > start else at
        offsets.append(start)


def _ascii_offsets(text: str, cells: int, *, code: bool) -> list[int]:
    """The same where each sign takes one cell, as in most replies: word by word, ten times as fast."""
    if code:
        return list(range(cells, len(text), cells))
    offsets: list[int] = []
    start = 0
    for word in _WORD.finditer(text) if len(text) > cells else ():
        while word.end() - start > cells:
            start = word.start() if word.start() > start else start + cells
            offsets.append(start)
    return offsets


def _grapheme_offsets(text: str, cells: int, *, code: bool) -> list[int]:
    offsets: list[int] = []
    start = offset = used = chance_used = 0
    chance, previous, before = -1, "", 0
    for cluster, wide in graphemes(text):
        if code or _may_break(previous, before, cluster, wide):
            chance, chance_used = offset, used
        while used + wide > cells and offset > start and (code or not cluster.isspace()):
            start, used = (chance, used - chance_used) if chance > start else (offset, 0)
            chance_used = 0
            offsets.append(start)
        used += wide
        offset += len(cluster)
        previous, before = cluster, wide
    return offsets


def wrap(text: str, cells: int) -> list[str]:
    """`text` as lines of at most `cells`, its own line ends kept; at least one line."""
    lines = []
    for line in text.replace("\t", TAB).split("\n"):
        edges = [0, *break_offsets(line, cells), len(line)]
        lines += [line[a:b].rstrip() for a, b in pairwise(edges)]
    return lines


def _may_break(previous: str, before: int, cluster: str, wide: int) -> bool:
    """Whether a line may end between two graphemes that take `before` and `wide` cells."""
    if not previous or cluster.isspace():
        return False
    if previous.isspace():
        return True
    return max(before, wide) == 2 and cluster not in _NEVER_FIRST and previous not in _NEVER_LAST
