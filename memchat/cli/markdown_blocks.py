"""Where a Markdown block ends, decided line by line while the text is still coming.

Cautious: a block is given out only when no later line can belong to it. The pieces of a list are its outermost items,
so that a long list appears item by item. Nothing is lost or changed: the blocks' texts in order are the text, blank
lines between blocks left out.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

_FENCE = re.compile(r"\s*(?P<mark>`{3,}|~{3,})(?P<info>.*)")
_HEADING = re.compile(r" {0,3}#{1,6}(\s|$)")
_RULE = re.compile(r" {0,3}(?:(?:\*\s*){3,}|(?:_\s*){3,}|(?:-\s*){3,})$")
_ITEM = re.compile(r"(?P<lead> {0,3})(?P<marker>[-*+]|\d{1,9}[.)])(?P<space>\s+|$)(?P<rest>.*)")
_QUOTE = re.compile(r" {0,3}>")
_CODE_INDENT = 4


class _Kind(Enum):
    """What the block that is being collected is, as far as its end is concerned."""

    PARAGRAPH = auto()  # tables too: both end at a blank line
    QUOTE = auto()
    ITEM = auto()
    FENCE = auto()
    INDENTED = auto()
    LINE = auto()  # headings and rules: one line


@dataclass(frozen=True, slots=True)
class Block:
    """A finished block. `gap` says that a blank line belongs before it, which only the items of a tight list lack."""

    text: str
    gap: bool


class BlockSplitter:
    """Fed with text in any pieces, gives back each block once it is finished."""

    def __init__(self) -> None:
        self._partial: list[str] = []
        self._lines: list[str] = []
        self._kind: _Kind | None = None
        self._fence = ""
        self._inner = 0  # how far an item's content is indented
        self._blanks = 0
        self._gap = False
        self._before: _Kind | None = None
        self._finished: list[Block] = []

    @property
    def pending(self) -> str:
        """What has come and is not in a finished block yet."""
        return "\n".join([*self._lines, "".join(self._partial)])

    @property
    def gap(self) -> bool:
        """Whether a blank line belongs before what is pending, as far as one can tell yet."""
        return self._before is not _Kind.ITEM or self._gap or self._kind not in (None, _Kind.ITEM)

    def feed(self, text: str) -> list[Block]:
        """The blocks that `text` finished, in order. The cost is that of `text`, however much came before."""
        if "\n" not in text:
            self._partial.append(text)
            return []
        first, *others = text.split("\n")
        self._partial.append(first)
        for line in others:
            self._take("".join(self._partial))
            self._partial = [line]
        done, self._finished = self._finished, []
        return done

    def close(self) -> list[Block]:
        """What is left, when nothing more will come."""
        if any(self._partial):
            self._take("".join(self._partial))
        self._partial = []
        self._finish()
        done, self._finished = self._finished, []
        return done

    def _take(self, line: str) -> None:
        """One whole line, without its end."""
        line = line.rstrip("\r")
        blank = not line.strip()
        if self._fence and not self._left_item(line, blank):
            self._take_code(line)
            return
        left, self._fence = bool(self._fence), ""
        if blank:
            self._take_blank(line)
        elif self._kind is not None and not left and self._continues(line):
            self._blanks = 0
            self._lines.append(line)
            self._open_fence(line)
        else:
            self._finish()
            self._start(line)

    def _take_code(self, line: str) -> None:
        self._lines.append(line)
        if _closes(line, self._fence):
            self._fence = ""
            if self._kind is _Kind.FENCE:
                self._finish()

    def _take_blank(self, line: str) -> None:
        if self._kind in (_Kind.ITEM, _Kind.INDENTED):
            self._lines.append(line)
            self._blanks += 1
            return
        self._finish()
        self._gap = True

    def _left_item(self, line: str, blank: bool) -> bool:
        """Whether a line ends the item, and with it the fence inside."""
        return self._kind is _Kind.ITEM and not blank and _indent(line) < self._inner and not _FENCE.match(line)

    def _continues(self, line: str) -> bool:
        """Whether a line that is not blank belongs to the block that is open."""
        indent = _indent(line)
        if self._kind is _Kind.INDENTED:
            return indent >= _CODE_INDENT
        if self._kind is _Kind.ITEM:
            if indent >= self._inner:
                return True
            return not self._blanks and not _ITEM.match(line) and not _interrupts(line)
        if self._kind is _Kind.QUOTE and _QUOTE.match(line):
            return True
        if self._kind is _Kind.PARAGRAPH and set(line.strip()) == {"-"}:
            return True  # underlines a heading
        return not _interrupts(line)

    def _start(self, line: str) -> None:
        self._lines = [line]
        item = _ITEM.match(line)
        if _HEADING.match(line) or _RULE.match(line):
            self._kind = _Kind.LINE
            self._finish()
        elif item:
            self._kind = _Kind.ITEM
            space = len(item["space"]) if 0 < len(item["space"]) <= _CODE_INDENT and item["rest"] else 1
            self._inner = len(item["lead"]) + len(item["marker"]) + space
            self._open_fence(item["rest"])
        elif _indent(line) >= _CODE_INDENT:
            self._kind = _Kind.INDENTED
        elif _opens(line):
            self._kind = _Kind.FENCE
            self._open_fence(line)
        else:
            self._kind = _Kind.QUOTE if _QUOTE.match(line) else _Kind.PARAGRAPH

    def _open_fence(self, line: str) -> None:
        found = _opens(line) if self._kind in (_Kind.FENCE, _Kind.ITEM) else None
        if found:
            self._fence = found["mark"]

    def _finish(self) -> None:
        if self._kind is not None:
            while self._lines and not self._lines[-1].strip():
                self._lines.pop()
            tight = self._before is self._kind is _Kind.ITEM and not self._gap
            self._finished.append(Block("\n".join(self._lines), gap=not tight))
            self._before, self._gap = self._kind, self._blanks > 0
        self._lines, self._kind, self._blanks, self._fence = [], None, 0, ""


def _indent(line: str) -> int:
    expanded = line.expandtabs(_CODE_INDENT)
    return len(expanded) - len(expanded.lstrip())


def _opens(line: str) -> re.Match[str] | None:
    """The fence a line opens; backticks with more backticks after them are inline code."""
    found = _FENCE.match(line)
    return found if found and not (found["mark"][0] == "`" and "`" in found["info"]) else None


def _closes(line: str, fence: str) -> bool:
    stripped = line.strip()
    return stripped.startswith(fence) and not stripped.strip(fence[0])


def _interrupts(line: str) -> bool:
    """Whether a line begins a new block even right after a paragraph."""
    if _indent(line) >= _CODE_INDENT:
        return False
    item = _ITEM.match(line)
    starts_list = item is not None and bool(item["rest"]) and item["marker"] in {"-", "*", "+", "1.", "1)"}
    return starts_list or any(p.match(line) for p in (_HEADING, _RULE, _QUOTE)) or bool(_opens(line))
