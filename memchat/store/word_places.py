"""Where words that are to be erased stand in a text: whole words, with case, width and accents folded.

In scripts without spaces any place that holds them counts. Both Chinese scripts are one, as in the index.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

from memchat.memory.language import folded
from memchat.store.redaction import MARK, Span, merged, redact
from memchat.store.words import spaceless

# JSON: what tools were asked and gave. Its keys are memchat's own words.
JSON_KINDS = frozenset({"tool_call", "tool_result"})
_OWN_KEYS_LISTED = """
arguments at error field found id memories not_shown note query question quote reason ref session since source
speaker status text title turns until why
"""
OWN_KEYS = frozenset(_OWN_KEYS_LISTED.split())
_MARK = re.compile(re.escape(MARK))
_DEPTH = 100  # of JSON, also of JSON within JSON; what is deeper is taken as text

# Nobody sees them, within a word neither: soft hyphens, joiners, marks of direction, tags. What turns the direction
# round is seen: the letters behind it stand in another order.
_UNSEEN = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u2060-\u2064\u206a-\u206f\ufeff\U000e0000-\U000e007f]")
# One letter in several characters, as some systems write the names of files: kana with its mark, a Korean syllable.
_APART = re.compile("[\u3099\u309a\uff9e\uff9f\u1100-\u11ff]")
_LETTERS = re.compile(
    "(?:[\u1100-\u115f][\u1160-\u11a7]|[\uac00-\ud7a3])[\u11a8-\u11ff]?|.[\u3099\u309a\uff9e\uff9f]?", re.DOTALL
)
_BLOCKS = (range(0x80, 0x3100), range(0xA66F, 0xAC00), range(0xFB1E, 0xFF00), range(0xE0000, 0xE0080))
_MARKS = dict.fromkeys(code for code in chain(*_BLOCKS) if unicodedata.combining(chr(code)) or _UNSEEN.match(chr(code)))


class Words:
    """Phrases, ready to be looked for in many texts. Without phrases nothing is found."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self.phrases = tuple(dict.fromkeys(filter(None, map(str.strip, phrases))))
        lows = sorted({" ".join(low_of(phrase).split()) for phrase in self.phrases} - {""}, key=len, reverse=True)
        self._quick = re.compile("|".join(re.escape(_quick(low.split()[0])) for low in lows) or r"(?!)")
        self._pattern = re.compile("|".join(re.escape(low).replace("\\ ", r"\s+") for low in lows) or r"(?!)")

    def places(self, text: str) -> list[Span]:
        """Where they stand, in order; those that touch are one. A mark that stands there already is no place."""
        if not text.isascii() and self._quick.search(_quick(text)) is None:
            return []
        low, at = _low(text)
        found = self._pattern.search(low)
        if found is None:
            return []
        marks = [mark.span() for mark in _MARK.finditer(text)]
        spans = []
        while found is not None:
            start, end = found.span()
            span = (start, end) if at is None else (at[start], _end(text, at, end))
            whole = not _joined(low, start) and not _joined(low, end)
            if whole and not any(first <= span[0] and span[1] <= last for first, last in marks):
                spans.append(span)
                found = self._pattern.search(low, end)
            else:
                found = self._pattern.search(low, start + 1)
        return merged(spans)

    def hold(self, text: str) -> bool:
        """Whether any of them stands there."""
        return bool(self.places(text))

    def without(self, text: str) -> str:
        """The text with a mark in place of each."""
        return redact(text, self.places(text))

    def alike(self, text: str) -> set[str]:
        """The words of the text that only begin with one of them, as they are written: `Johnny` for `John`."""
        low, at = _low(text)
        found = set()
        for match in self._pattern.finditer(low):
            start, end = match.span()
            if _joined(low, start) or not _joined(low, end):
                continue
            while end < len(low) and _joins(low[end]):
                end += 1
            found.add(text[start:end] if at is None else text[at[start] : _end(text, at, end)])
        return found


def low_of(text: str) -> str:
    """The text as it is compared."""
    return _low(text)[0]


def said(kind: str, content: str) -> Iterator[str]:
    """The texts of a part's content: all of it, or of JSON its values, and the keys that are not memchat's own."""
    value = _read(content) if kind in JSON_KINDS else None
    if value is None:
        yield content
    else:
        yield from _texts(value, _DEPTH)


def changed(kind: str, content: str, change: Callable[[str], str]) -> str:
    """The content with its texts changed; JSON stays JSON. What has nothing to change stays as it was written."""
    value = _read(content) if kind in JSON_KINDS else None
    if value is None:
        return change(content)
    new = _walk(value, change, _DEPTH)
    return content if new == value else json.dumps(new, ensure_ascii=False)


def _read(content: str) -> Any:
    """The value of a text that is JSON of several values; None for any other."""
    if content[:1] not in {"{", "["}:
        return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _texts(value: Any, depth: int) -> Iterator[str]:
    inner = _read(value) if isinstance(value, str) else None
    if inner is not None and depth:
        yield from _texts(inner, depth - 1)
    elif isinstance(value, dict) and depth:
        yield from (key for key in value if key not in OWN_KEYS)
        for one in value.values():
            yield from _texts(one, depth - 1)
    elif isinstance(value, list) and depth:
        for one in value:
            yield from _texts(one, depth - 1)
    else:
        yield _plain(value)


def _walk(value: Any, change: Callable[[str], str], depth: int) -> Any:
    inner = _read(value) if isinstance(value, str) else None
    if inner is not None and depth:
        new = _walk(inner, change, depth - 1)
        return value if new == inner else json.dumps(new, ensure_ascii=False)
    if isinstance(value, dict) and depth:
        return {k if k in OWN_KEYS else change(k): _walk(one, change, depth - 1) for k, one in value.items()}
    if isinstance(value, list) and depth:
        return [_walk(one, change, depth - 1) for one in value]
    plain = _plain(value)
    left = change(plain)
    return value if left == plain else left


def _plain(value: Any) -> str:
    """A value as text; what is neither text nor number, and not too deep to be looked into, says nothing."""
    if isinstance(value, str):
        return value
    return "" if value is None or isinstance(value, bool) else json.dumps(value, ensure_ascii=False)


def _low(text: str) -> tuple[str, Sequence[int] | None]:
    """The text folded, and which character of it each of the folded ones comes from; None where it is the same one."""
    if text.isascii():
        return text.lower(), None
    letters: list[str] = []
    places: list[int] = []
    apart = _APART.search(text) is not None
    several = ((found.start(), found[0]) for found in _LETTERS.finditer(text)) if apart else enumerate(text)
    for place, character in several:
        for low in _one(character):
            letters.append(low)
            places.append(place)
    return "".join(letters), places


def _quick(text: str) -> str:
    """Folded further than `_low` folds, without places, and ten times as fast: what is not found here is nowhere."""
    apart = unicodedata.normalize("NFKD", text).translate(_MARKS)
    return folded(apart.casefold()).translate(_MARKS)


@lru_cache(8192)
def _one(character: str) -> str:
    """A letter folded; a lone accent is nothing, nor is what nobody sees. Marks of scripts without spaces make other
    letters, and stay.
    """
    if _UNSEEN.match(character):
        return ""
    whole = unicodedata.normalize("NFKC", character)
    if not spaceless(whole):
        apart = unicodedata.normalize("NFKD", character)
        if any(map(unicodedata.combining, apart)):
            whole = "".join(one for one in apart if not unicodedata.combining(one))
    return folded(whole.casefold())


def _end(text: str, at: Sequence[int], end: int) -> int:
    """Where the next letter begins: past the accents that stand apart behind the last one."""
    return max(at[end], at[end - 1] + 1) if end < len(at) else len(text)


def _joined(text: str, place: int) -> bool:
    """Whether the characters on both sides of a place belong to one word."""
    return 0 < place < len(text) and _joins(text[place - 1]) and _joins(text[place])


def _joins(character: str) -> bool:
    return (character.isalnum() or unicodedata.category(character)[0] == "M") and not spaceless(character)
