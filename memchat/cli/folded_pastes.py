"""Long pastes in the input line: their first and last line show, and one mark that stands for all between."""

import re

from memchat.cli.pasted import Line, Span, joined

# More lines of a paste than this are folded: the line shall not fill the screen.
SHOWN_LINES = 40
_MARK = re.compile(r"\[(?P<number>\d+): [\d,]+ more lines\]")


class FoldedPastes:
    """What the marks in one input line stand for."""

    def __init__(self) -> None:
        self._folded: dict[str, str] = {}

    def begin(self) -> None:
        """A new line."""
        self._folded = {}

    def fold(self, pasted: str) -> str:
        """A paste as it stands in the line."""
        lines = pasted.split("\n")
        last = len(lines) - 1 - (not lines[-1])  # a line end at the end is no line to show
        if last < SHOWN_LINES:
            return pasted
        mark = f"[{len(self._folded) + 1}: {last - 1:,} more lines]"
        self._folded[mark] = "\n".join(lines[1:last])
        return "\n".join((lines[0], mark, *lines[last:]))

    def mark_before(self, text: str) -> str:
        """The mark that `text` ends with; empty when it ends with none."""
        return next((mark for mark in self._folded if text.endswith(mark)), "")

    def whole(self, line: Line) -> Line:
        """The line as it was meant: each mark gives way to what it stands for, which counts as pasted."""
        found = [mark for mark in _MARK.finditer(line.text) if mark[0] in self._folded]
        if not found:
            return line
        pieces, moves, pasted, at = [], [], list(line.pasted), 0
        for mark in found:
            start, end = mark.span()
            pieces += [line.text[at:start], self._folded[mark[0]]]
            moves.append((end, len(self._folded[mark[0]]) - (end - start)))
            pasted.append((start, end))
            at = end
        text = "".join([*pieces, line.text[at:]])

        def moved(spans: list[Span]) -> tuple[Span, ...]:
            return tuple((_moved(a, moves), _moved(b, moves)) for a, b in joined(spans))

        return Line(text, moved(pasted), line.unsent, moved(list(line.small)))


def _moved(place: int, moves: list[tuple[int, int]]) -> int:
    """Where a place is once the marks before it have given way."""
    return place + sum(shift for end, shift in moves if end <= place)
