"""Which words of an input line were typed and which were pasted: only the former may teach memchat anything."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from memchat.cli.slash import split
from memchat.domain import Origin, Part, PartKind

# memory.md section 3: a paste is over 2 lines or 200 characters. A smaller one passes for typed.
PASTE_LINES = 2
PASTE_CHARACTERS = 200
FENCE = '"""'

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """What stands in an input line, or was sent from it: the text and which spans of it were pasted.

    `unsent`: it was sent, and could not be saved. `small` are the pastes that are too small to be told from typing by
    their size: they may teach, but name no file.
    """

    text: str = ""
    pasted: tuple[Span, ...] = ()
    unsent: bool = False
    small: tuple[Span, ...] = ()

    @property
    def command(self) -> tuple[str, str] | None:
        """The slash command it is, name and argument; None for a message. What a paste begins with is no command."""
        return None if self.pasted and self.pasted[0][0] == 0 else split(self.text)

    def typed(self, place: int) -> bool:
        """Whether the character at `place` was typed."""
        return not any(start <= place < end for start, end in (*self.pasted, *self.small))

    def then(self, text: str, *, pasted: bool) -> "Line":
        """The line with more below it."""
        below = len(self.text) + 1
        end = below + len(text)
        return replace(self, text=f"{self.text}\n{text}", pasted=(*self.pasted, *([(below, end)] if pasted else [])))


def is_paste(piece: str) -> bool:
    """Whether what came into the line at one stroke is too much to have been typed."""
    return len(piece) > PASTE_CHARACTERS or piece.rstrip("\n").count("\n") + 1 > PASTE_LINES


class PastedSpans:
    """Follows an input line through its edits. `spans` are (start, end) in characters, in order, apart.

    `small` are those of pastes that only the terminal could tell from typing.
    """

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.small: list[Span] = []
        self._text = ""

    def changed(self, text: str, *, typed: bool = False, pasted_at: int | None = None) -> None:
        """The line is `text` now. What came in is a paste when it is large, unless it is known to be `typed`.

        `pasted_at`: the terminal says that it is one, however small, and put in at this place.
        """
        old, self._text = self._text, text
        start = _common(old, text) if pasted_at is None else pasted_at
        tail = _common(old[start:][::-1], text[start:][::-1])
        end, stop = len(old) - tail, len(text) - tail
        shift = stop - end
        spans = [span for a, b in self.spans for span in _moved(a, b, start, end, shift)]
        small = [span for a, b in self.small for span in _moved(a, b, start, end, shift)]
        if not typed and is_paste(text[start:stop]):
            spans.append((start, stop))
        elif pasted_at is not None and stop > start:
            small.append((start, stop))
        self.spans, self.small = joined(spans), joined(small)

    def begin(self, line: Line = Line()) -> None:
        """A new line, which begins with this one."""
        self.spans, self.small, self._text = [*line.pasted], [*line.small], line.text


def message_parts(text: str, spans: Sequence[Span] = ()) -> tuple[Part, ...]:
    """The parts of a message in order, typed and pasted ones apart; triple quotes around it all are left out.

    Empty when there is nothing but white space.
    """
    start, end = _inside_fence(text)
    parts: list[Part] = []
    at = start
    for a, b in [*spans, (end, end)]:
        first, last = min(max(a, at), end), min(max(b, at), end)
        _add(parts, text[at:first], Origin.TYPED)
        _add(parts, text[first:last], Origin.PASTE)
        at = last
    return tuple(parts)


def fence_open(text: str) -> bool:
    """Whether a triple quote at the start still waits for its end."""
    stripped = text.strip()
    return stripped.startswith(FENCE) and not (len(stripped) >= 2 * len(FENCE) and stripped.endswith(FENCE))


def _inside_fence(text: str) -> Span:
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    if text[start:end].startswith(FENCE) and not fence_open(text):
        return start + len(FENCE), end - len(FENCE)
    return 0, len(text)


def _add(parts: list[Part], piece: str, origin: Origin) -> None:
    if not piece.strip():
        return
    # A paste keeps its indentation, words typed around it need none.
    body = piece.strip() if origin is Origin.TYPED else piece.strip("\n")
    parts.append(Part(PartKind.TEXT, origin, body))


def _common(one: str, other: str) -> int:
    """How many characters two texts share at their start; by halves, as texts of megabytes are pasted."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _moved(a: int, b: int, start: int, end: int, shift: int) -> list[Span]:
    """Where the span from `a` to `b` is after old characters `start` to `end` gave way to `shift` more."""
    if b <= start:
        return [(a, b)]
    if a >= end:
        return [(a + shift, b + shift)]
    # What is changed within a paste stays part of it; what sticks out on either side remains.
    left = a if a < start else start if b <= end else end + shift
    right = b + shift if b > end else start
    return [(left, right)] if left < right else []


def joined(spans: list[Span]) -> list[Span]:
    """Spans that overlap as one, in order."""
    found: list[Span] = []
    for a, b in sorted(spans):
        if found and a < found[-1][1]:
            found[-1] = (found[-1][0], max(b, found[-1][1]))
        else:
            found.append((a, b))
    return found
