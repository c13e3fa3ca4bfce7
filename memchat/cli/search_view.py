"""What a search found, as lines of text: a heading for each hit, and its words with those of the search in bold."""

from collections.abc import Sequence
from datetime import datetime

from memchat.actions.searching import Result, Span, marks, terms
from memchat.cli.layout import GAP, MARGIN, columns, day, prose, room
from memchat.cli.terminal import Screen, one_line, pad, width
from memchat.cli.wrapping import wrap
from memchat.domain import Passage
from memchat.memory.query import Term

NOTHING = "Nothing found."
# Lines of a hit's words on a terminal: enough to see whether it is the one.
LINES = 3
# Narrower than this beside the ids, words stand below them.
READABLE = 24
SPEAKERS = {"user": "you", "pasted": "you, pasted", "assistant": "the assistant"}


def results(screen: Screen, result: Result, words: str, now: datetime, *, in_chat: bool = False) -> list[str]:
    """All that was found for `words`, best first, and how to read on: in the shell, or with `in_chat` in a chat."""
    if not result.found:
        return [MARGIN + NOTHING]
    searched = terms(words, now)
    cells = columns([[passage.ref] for passage in result.found])[0] + GAP
    lines: list[str] = []
    for passage in result.found:
        lines += ["", *_hit(screen, passage, searched, now, cells)]
    return [*lines, "", *_read_on(screen, result.found, in_chat=in_chat)]


def trouble(screen: Screen, told: str) -> list[str]:
    """What part of the past could not be searched, and where to look what mends it; nothing for nothing."""
    return [*prose(screen, told), *prose(screen, "What mends it: memchat doctor")] if told else []


def _hit(screen: Screen, passage: Passage, searched: Sequence[Term], now: datetime, cells: int) -> list[str]:
    """`s17.4  3 Oct, you, Rate limits`, and the words below, in the same column where there is room."""
    beside = room(screen) - cells
    told = ", ".join(_about(passage, now))
    head = f"{MARGIN}{screen.accent(pad(passage.ref, cells))}{screen.dim(screen.fit(told, beside))}"
    indent = MARGIN + " " * (cells if beside >= READABLE else GAP)
    text = f"{passage.field}: {passage.text}" if passage.field else passage.text
    return [
        head,
        *(indent + line for line in snippet(screen, text, searched, room(screen) - len(indent) + len(MARGIN))),
    ]


def _about(passage: Passage, now: datetime) -> list[str]:
    """When, who said it, and in which conversation."""
    when = [day(passage.at, now)] if passage.at else []
    title = one_line(passage.title)
    titles = [f'"{title}"'] if title and not one_line(passage.text).startswith(title) else []  # many begin with it
    if passage.layer.of_talk:
        return [*when, SPEAKERS.get(passage.speaker, passage.speaker), *titles]
    kind = "profile" if passage.field else "note"
    return [*when, kind, f"from {passage.source}" if passage.source else "by hand", *titles]


def snippet(screen: Screen, text: str, searched: Sequence[Term], cells: int) -> list[str]:
    """The words of a hit in lines of `cells`, of a long one those around most of the searched words, which are bold."""
    text = one_line(text)
    found = marks(text, searched)
    if not screen.is_terminal:
        return [bolded(screen, text, 0, found)]
    lines = wrap(text, max(cells, 8))
    if len(lines) <= LINES:
        return [bolded(screen, line, at, found) for at, line in zip(_starts(lines, text), lines, strict=True)]
    dots = screen.frame("…")
    lines = wrap(text, max(cells - 2 * (len(dots) + 1), 8))
    placed = list(zip(_starts(lines, text), lines, strict=True))
    first = _densest([sum(start < at + len(line) and at < end for start, end in found) for at, line in placed])
    shown = [bolded(screen, line, at, found) for at, line in placed[first : first + LINES]]
    if first:
        shown[0] = f"{dots} {shown[0]}"
    if first + LINES < len(placed):
        shown[-1] = f"{shown[-1]} {dots}"
    return shown


def _starts(lines: Sequence[str], text: str) -> list[int]:
    """Where each line begins in the text that was folded into them."""
    starts, at = [], 0
    for line in lines:
        at = text.index(line, at)
        starts.append(at)
        at += len(line)
    return starts


def _densest(counts: Sequence[int]) -> int:
    """The first of the `LINES` lines in a row that hold most marks, these in the middle; the beginning without any."""
    sums = [sum(counts[at : at + LINES]) for at in range(len(counts) - LINES + 1)]
    if not any(sums):
        return 0
    first = last = sums.index(max(sums))
    while last + 1 < len(sums) and sums[last + 1] == sums[first]:
        last += 1
    return (first + last) // 2 if first else 0


def bolded(screen: Screen, line: str, at: int, found: Sequence[Span]) -> str:
    """A line that begins at the character `at` of its text, the marks in it bold."""
    painted, done = "", 0
    for first, last in found:
        start, end = max(first - at, 0), min(last - at, len(line))
        if start < end:
            painted += line[done:start] + screen.bold(line[start:end])
            done = end
    return painted + line[done:]


def _read_on(screen: Screen, found: Sequence[Passage], *, in_chat: bool) -> list[str]:
    """The commands that show the first of each kind whole, in a line or one below the other."""
    episode = next((one.ref for one in found if one.layer.of_talk), "")
    memory = next((one.ref for one in found if not one.layer.of_talk), "")
    ways = [f"memchat sessions show {episode}"] if episode else []
    if memory:
        ways.append(f"/why {memory}" if in_chat else f"memchat memory why {memory}")
    line = f"Read on:  {'    '.join(ways)}"
    if len(ways) == 1 or width(line) <= room(screen) or not screen.is_terminal:
        return prose(screen, line)
    return [*prose(screen, "Read on:"), *(line for way in ways for line in prose(screen, way, indent=MARGIN * 2))]
