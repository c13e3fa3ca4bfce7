"""Where words stand in a text, what is left when they are erased, and where the rest stands then."""

import json
import re
from collections.abc import Iterable, Sequence

from memchat.memory.quoting import ERASED
from memchat.store.words import spaceless

MARK = ERASED
Span = tuple[int, int]

# In JSON the letter before a word may be the end of an escape: in "\nJohn" the n does not belong to John.
_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|.)\Z")


def forms(phrase: str) -> list[str]:
    """The phrase, and how it looks inside JSON and inside JSON within JSON, as tool calls hold it."""
    found = {phrase: None}
    for plain in (False, True):
        once = json.dumps(phrase, ensure_ascii=plain)[1:-1]
        found |= {once: None, json.dumps(once)[1:-1]: None}
    return list(found)


def occurrences(phrase: str, text: str) -> list[Span]:
    """Where the phrase stands in the text, exactly and as whole words."""
    found = []
    start = text.find(phrase) if phrase else -1
    while start >= 0:
        end = start + len(phrase)
        if not _joined(text, start) and not _joined(text, end):
            found.append((start, end))
        start = text.find(phrase, start + 1)
    return found


def everywhere(phrases: Iterable[str], text: str) -> list[Span]:
    """Where any of the phrases stands in the text, in any of its forms; spans that touch are one."""
    return merged(span for phrase in phrases for form in forms(phrase) for span in occurrences(form, text))


def merged(spans: Iterable[Span]) -> list[Span]:
    """In order, those that overlap or touch made one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


class Wounds:
    """What is to be erased, by part: its message, its text, and the spans."""

    def __init__(self) -> None:
        self.parts: dict[int, tuple[int, str, list[Span]]] = {}

    @property
    def messages(self) -> set[int]:
        """Those that the parts are of."""
        return {message_id for message_id, _, _ in self.parts.values()}

    def add(self, part_id: int, message_id: int, content: str, spans: Iterable[Span]) -> None:
        """More spans of one part."""
        _, _, known = self.parts.get(part_id, (message_id, content, []))
        if found := merged([*known, *spans]):
            self.parts[part_id] = (message_id, content, found)


def redact(text: str, erased: Sequence[Span]) -> str:
    """The text with a mark in place of each span; the spans are `merged`."""
    for start, end in reversed(erased):
        text = text[:start] + MARK + text[end:]
    return text


def moved(kept: Span, text: str, erased: Sequence[Span]) -> Span | None:
    """Where the words of a kept span stand after `redact(text, erased)`; None when none of them is left."""
    start, end = kept
    for first, last in erased:
        if first <= start < last:
            start = _skip(text, last, end, 1)
    for first, last in reversed(erased):  # what is passed over on the way back may end in the span before
        if first < end <= last:
            end = _skip(text, first, start, -1)
    if start >= end:
        return None
    return start + _shift(start, erased), end + _shift(end, erased)


def _skip(text: str, place: int, limit: int, step: int) -> int:
    """From the edge of what was erased past the comma or space that joined it to the rest."""
    while (limit - place) * step > 0 and not text[min(place, place + step)].isalnum():
        place += step
    return place


def _shift(place: int, erased: Sequence[Span]) -> int:
    """By how many characters a place moves when what stands before it is replaced by marks."""
    return sum(len(MARK) - (last - first) for first, last in erased if last <= place)


def _joined(text: str, place: int) -> bool:
    """Whether the characters on both sides of a place belong to one word."""
    if not 0 < place < len(text) or _ESCAPE.search(text[max(0, place - 6) : place]):
        return False
    return all(c.isalnum() and not spaceless(c) for c in text[place - 1 : place + 1])
