"""What is told after a turn or a change, in the chat, by `ask` and by commands: what memory learned, ended and used."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from memchat.cli.layout import GAP, MARGIN, day, entry, folded, prose, room
from memchat.cli.render import words
from memchat.cli.terminal import Screen, one_line, pad, width
from memchat.domain import Layer, Learned, Memory, MemoryStatus, Passage

# Where the hints at the right edge end, margin left out: as far as one reads across.
HINTS_END = 76
FINISHES = {
    "length": "The reply was cut at its length limit.",
    "content_filter": "The provider's filter ended the reply.",
}
"""What a finish reason of the provider's means, where it is not the usual one."""
SAID_NOTHING = "The model said nothing."
MASKED = "A secret was replaced by [secret:...]; memchat keeps none."
# Of more notes than this that wait since there are too many only the number is told.
ASIDE = 3


def learned(screen: Screen, change: Learned, now: datetime, back: str = "") -> list[str]:
    """`+ m12  prefers code examples in Go     /undo m12`, and below it the one that was replaced.

    `back` is the command that takes it back where these lines stand; without one nothing is said of that. What waits
    says so, with the command that decides: `? m13  treats children     waits: /review`.
    """
    memory = change.memory
    waits = memory.status(now) in (MemoryStatus.PENDING, MemoryStatus.QUARANTINED)
    sign = "=" if change.refreshed else "?" if waits else "+"
    label = f"{sign} {memory.ref}"
    undo = f"{back} {memory.ref}" if back and not change.refreshed else ""
    lines = with_hint(screen, label, words(memory), (_review(back) if waits else undo) if back else "")
    if change.refreshed:
        lines += prose(screen, "known before, confirmed", indent=MARGIN * 2)
    if waits:
        why = f": {one_line(memory.why)}" if memory.why else ""
        lines += hinted(screen, f"not used until you confirm it{why}", undo, indent=MARGIN * 2)
    if change.replaced is not None:
        old = change.replaced
        until = day(old.valid_to or now, now, near=True)
        lines += entry(screen, f"  {old.ref}", f"{words(old)}: until {until}", len(label) + GAP)
    return [*lines, *aside(screen, [note for note in change.aside if note.id != memory.id], back)]


def all_learned(screen: Screen, changes: Sequence[Learned], now: datetime, back: str = "") -> list[str]:
    """The same of several changes that were made at once, each note that waits since told once."""
    waiting = {one.memory.id for one in changes if one.memory.stored_status is not MemoryStatus.ACTIVE}
    return [
        line
        for one in changes
        for line in learned(
            screen, replace(one, aside=tuple(note for note in one.aside if note.id not in waiting)), now, back
        )
    ]


def aside(screen: Screen, notes: Sequence[Memory], back: str) -> list[str]:
    """Notes that no longer hold, for there are too many: each one line, of many only how many, and why."""
    if not notes:
        return []
    hint = _review(back)
    if len(notes) > ASIDE:
        return hinted(screen, f"? {len(notes)} notes are not used for now: memory.max_notes is reached", hint)
    cells = max(width(note.ref) for note in notes)
    lines = [line for note in notes for line in with_hint(screen, f"? {pad(note.ref, cells)}", words(note), hint)]
    return [*lines, *prose(screen, "not used until you keep it: memory.max_notes is reached", indent=MARGIN * 2)]


def _review(back: str) -> str:
    """Where what waits is decided: in the chat, or on the command line."""
    return "waits: /review" if back.startswith("/") else "waits: memchat memory review"


def taken_back(screen: Screen, texts: Sequence[str], memories: Sequence[Memory], again: Sequence[Memory]) -> list[str]:
    """What an undo took: each turn and each memory one line, and what holds again in their place."""
    taken = {memory.id for memory in memories}
    lines = [line for text in texts for line in _turn(screen, "Taken back", text)]
    column = _column((*memories, *again))
    for memory in memories:
        no_longer = "known" if memory.stored_status is MemoryStatus.ACTIVE else "waiting"
        if memory.superseded_by is not None and memory.superseded_by not in taken:
            no_longer = "in the history"  # another one held already
        lines += entry(screen, f"- {memory.ref}", f"{words(memory)}: no longer {no_longer}", column)
    for memory in again:
        stands = "holds" if memory.stored_status is MemoryStatus.ACTIVE else "waits"
        lines += entry(screen, f"  {memory.ref}", f"{words(memory)}: {stands} again", column)
    words_back = "Up brings the words back into the line; " if texts else ""
    return [*lines, *prose(screen, f"{words_back}/redo takes this back.")]


def brought_back(
    screen: Screen, texts: Sequence[str], memories: Sequence[Memory], replaced: Sequence[Memory], now: datetime
) -> list[str]:
    """What a redo brought back: each turn and each memory one line, and what no longer holds again."""
    lines = [line for text in texts for line in _turn(screen, "Back again", text)]
    for memory in memories:
        if memory.superseded_by is None:
            lines += learned(screen, Learned(memory), now, "/undo")
    for old in (*(memory for memory in memories if memory.superseded_by is not None), *replaced):
        text = f"{words(old)}: until {day(old.valid_to or now, now, near=True)}"
        lines += entry(screen, f"  {old.ref}", text, _column((*memories, *replaced)))
    return lines


def _turn(screen: Screen, what: str, text: str) -> list[str]:
    return prose(screen, f'{what}: "{screen.fit(text, max(room(screen) - 32, 12))}" and its reply.')


def _column(memories: Sequence[Memory]) -> int:
    """The width of the column in which their ids stand, sign and gap included."""
    return max((len(memory.ref) for memory in memories), default=0) + 2 + GAP


def ended(screen: Screen, memory: Memory) -> list[str]:
    """What ended without a successor: `- m5  location: Berlin: until today`."""
    label = f"- {memory.ref}"
    return entry(screen, label, f"{words(memory)}: until today", len(label) + GAP)


def sources(shown: Sequence[Passage], now: datetime) -> list[str]:
    """What was looked up, each once: `s17.4 (3 Oct)`, `m8`; what only tells that memory has changed is no source."""
    used = {passage.ref: passage for passage in shown if passage.ref and passage.layer is not Layer.CHANGE}
    return [
        f"{passage.ref} ({day(passage.at, now)})" if passage.layer is Layer.EPISODE and passage.at else passage.ref
        for passage in used.values()
    ]


def masks_more(changes: Sequence[Learned], given: Sequence[str]) -> bool:
    """Whether what was kept holds marks of secrets that were not in what was `given`."""
    if not changes:
        return False
    from memchat.memory.masking import MARK

    kept = sum(change.memory.text.count(MARK) for change in changes)
    return kept > sum(text.count(MARK) for text in given)


def masked(kinds: Sequence[str]) -> str:
    """That secrets were replaced in a message, and of which kinds, each once."""
    names = ", ".join(dict.fromkeys(kinds))
    return f"A secret in your message was masked before it was saved or sent: {names}."


def hinted(screen: Screen, text: str, hint: str, *, indent: str = MARGIN) -> list[str]:
    """A dim line with a hint at the right edge, below it where there is no room; without a hint the line alone."""
    end = min(room(screen) - len(MARGIN), HINTS_END) + len(MARGIN) - len(indent)
    if hint and width(text) + GAP + width(hint) <= end:
        return [screen.dim(indent + pad(text, end - width(hint)) + hint)]
    return [screen.dim(indent + line) for each in (text, hint) if each for line in folded(screen, each, end)]


def with_hint(screen: Screen, label: str, text: str, hint: str) -> list[str]:
    """A labelled line with a hint at the right edge, below it where there is no room."""
    cells = len(label) + GAP
    end = min(room(screen) - len(MARGIN), HINTS_END)
    if hint and cells + width(text) + GAP + width(hint) <= end:
        body = pad(text, end - cells - width(hint))
        return [MARGIN + screen.accent(pad(label, cells)) + body + screen.dim(hint)]
    lines = entry(screen, label, text, cells)
    return [*lines, *prose(screen, hint, indent=MARGIN + " " * cells)] if hint else lines
