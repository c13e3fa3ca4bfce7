"""Secrets -> `[secret:kind]`, before anything is stored or sent. The rules are a table: `secret_rules.py`.

10 MB of text must pass in about a second: a rule's pattern runs only when one of its literals is in the text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from memchat.domain import Part, PartKind
from memchat.memory.secret_forms import Rule
from memchat.memory.secret_rules import RULES

Span = tuple[int, int]

MARK = "[secret:"
KEY_BLOCK_CHARACTERS = 20_000  # the longest private key block in use, an RSA 16384 key, has about 13,000


@dataclass(frozen=True, slots=True)
class Masked:
    """`text` as it may be stored; `kinds` of what was replaced, in order; `spans` of each in the given text."""

    text: str
    kinds: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    kind: str


def mask(text: str) -> Masked:
    """Replace every secret that a rule knows.

    What is left when one secret is cut out may show another that hid behind it, so the search is repeated until it
    finds nothing: masking twice changes nothing.
    """
    found: list[_Found] = []  # in places of the given text
    current = text
    while new := _search(current):
        found = _merged(found, new)
        current = _replaced(text, found)
    return Masked(current, tuple(f.kind for f in found), tuple((f.start, f.end) for f in found))


def masked_part(part: Part) -> tuple[Part, tuple[str, ...]]:
    """The part as it may be stored and sent, its words and its name, and the kinds of what was replaced.

    A picture's content is no text and stays.
    """
    words = Masked(part.content) if part.kind is PartKind.IMAGE else mask(part.content)
    name = mask(part.name)
    kinds = (*name.kinds, *words.kinds)
    return (replace(part, content=words.text, name=name.text) if kinds else part), kinds


def masked_parts(parts: Sequence[Part]) -> tuple[list[Part], tuple[str, ...]]:
    """The parts of a message as they may be stored and sent, and the kinds of what was replaced, in order."""
    masked = [masked_part(part) for part in parts]
    return [part for part, _ in masked], tuple(kind for _, kinds in masked for kind in kinds)


def _search(text: str) -> list[_Found]:
    """Secrets in `text`, in order, none overlapping: the earlier rule of the table wins, then the earlier place."""
    lowered: str | None = None
    found = [_Found(start, end, "private-key") for start, end in _key_blocks(text)]
    for rule in RULES:
        if rule.folded:
            # One lower-case character for each character, so that places agree; U+0130 alone would give two.
            lowered = text.replace("\u0130", "i").lower() if lowered is None else lowered
        found += _by_rule(rule, text, lowered if rule.folded and lowered is not None else text)
    kept: list[_Found] = []
    for one in sorted(found, key=lambda f: f.start):
        if kept and one.start < kept[-1].end:
            continue
        kept.append(one)
    return kept


def _by_rule(rule: Rule, text: str, searched: str) -> Iterator[_Found]:
    if not any(hint in searched for hint in rule.hints):
        return
    for match in rule.compiled.finditer(searched):
        start, end = match.span(rule.group)
        if MARK in text[max(0, match.start() - 1) : match.end()] or (
            rule.accept is not None and not rule.accept(text, start, end)
        ):
            continue
        yield _Found(start, end, rule.kind)


@cache
def _key_block() -> tuple[re.Pattern[str], re.Pattern[str]]:
    name = r"[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
    # A block that was cut off: its lines of base64, whatever their line ends.
    return re.compile(f"-----BEGIN {name}(?:(?:\\\\n|\\s){{0,4}}[A-Za-z0-9+/=]{{16,}})*"), re.compile(
        f"-----END {name}"
    )


def _key_blocks(text: str) -> Iterator[Span]:
    """Private key blocks, to their end, or as far as they came."""
    if "PRIVATE KEY" not in text:
        return
    begin, end = _key_block()
    place = 0
    closed = end.search(text)
    while opened := begin.search(text, place):
        while closed and closed.start() < opened.end():
            closed = end.search(text, closed.end())
        whole = closed is not None and closed.end() - opened.start() <= KEY_BLOCK_CHARACTERS
        place = closed.end() if closed and whole else opened.end()
        yield opened.start(), place


def _replaced(text: str, found: list[_Found]) -> str:
    pieces: list[str] = []
    place = 0
    for one in found:
        pieces += (text[place : one.start], MARK, one.kind, "]")
        place = one.end
    return "".join((*pieces, text[place:]))


def _merged(old: list[_Found], new: list[_Found]) -> list[_Found]:
    """`new`, found in the text where `old` are already replaced, moved back to places of the given text."""
    if not old:
        return new
    moved = []
    shift, number = 0, 0
    for one in new:
        # No secret holds a placeholder, so each new one lies whole between two old ones.
        while number < len(old) and old[number].start + shift < one.start:
            before = old[number]
            shift += len(MARK) + len(before.kind) + 1 - (before.end - before.start)
            number += 1
        moved.append(_Found(one.start - shift, one.end - shift, one.kind))
    return sorted((*old, *moved), key=lambda f: f.start)
