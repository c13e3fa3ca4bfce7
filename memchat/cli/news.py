"""What memory learned while nobody looked: a line at the start, receipts at the prompt, all of it in `/memory new`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from memchat.cli import receipts
from memchat.cli.layout import GAP, MARGIN, day, prose, room
from memchat.cli.render import memories, words
from memchat.cli.review import row
from memchat.cli.terminal import Screen, width
from memchat.domain import Learned, Memory, MemoryStatus

LISTED_BY = "/memory new"
DECIDED_BY = "/review"
# More receipts than this between two lines of a talk are no longer read.
RECEIPTS = 5


def waits(memory: Memory, now: datetime) -> bool:
    """Whether it is not used until somebody confirms it."""
    return memory.status(now) in (MemoryStatus.PENDING, MemoryStatus.QUARANTINED)


def since(screen: Screen, untold: Sequence[Memory], last: datetime | None, now: datetime) -> list[str]:
    """`Since yesterday: 3 learned (m13 to m15), 1 waits for you.     /memory new`; nothing where nothing was.

    `last` is when there was talk last.
    """
    counted = _counted(untold, now)
    return receipts.hinted(screen, f"Since {_since(last, now)}: {counted}.", _hint(untold, now)) if counted else []


def learned(screen: Screen, changes: Sequence[Learned], now: datetime) -> list[str]:
    """Receipts of what was learned beside the talk; of many only how many."""
    aside = {note.id: note for change in changes for note in change.aside}
    if len(changes) > RECEIPTS:
        found = list({**{change.memory.id: change.memory for change in changes}, **aside}.values())
        counted = _counted(found, now)
        return receipts.hinted(screen, f"Meanwhile: {counted}.", _hint(found, now)) if counted else []
    lines: list[str] = []
    for change in changes:
        aside.pop(change.memory.id, None)
        if waits(change.memory, now):
            lines += _waiting_line(screen, change.memory)
        else:
            lines += receipts.learned(screen, replace(change, aside=()), now, "/undo")
    return lines + receipts.aside(screen, list(aside.values()), "/undo")


def listing(screen: Screen, found: Sequence[Memory], waiting: Sequence[Memory], now: datetime) -> list[str]:
    """`/memory new`: what was learned with its source, what waits with its reason, and how to correct both."""
    lines: list[str] = []
    if found:
        ref = found[-1].ref
        lines += memories(screen, found, now)
        lines += [
            "",
            *prose(screen, f"Wrong?  /undo {ref} takes it back.  Gone for good:  /forget {ref}"),
        ]
    if waiting:
        count = "1 waits for you:" if len(waiting) == 1 else f"{len(waiting)} wait for you:"
        cells = max(4, *(width(memory.ref) for memory in waiting)) + GAP  # as wide as the column of ids above
        lines += ["", *prose(screen, f"{count} not used until you confirm it.")]
        lines += [line for memory in waiting for line in row(screen, memory, now, cells)]
        lines += ["", *prose(screen, "Right or wrong?  /review asks you about one after the other.")]
    return lines or prose(screen, "Nothing new, and nothing waits for you.")


def _hint(found: Sequence[Memory], now: datetime) -> str:
    """The command that lists what was learned; where all that is new waits, the one that decides about it."""
    return LISTED_BY if any(memory.status(now) is MemoryStatus.ACTIVE for memory in found) else DECIDED_BY


def _counted(found: Sequence[Memory], now: datetime) -> str:
    """`3 learned (m13 to m15), 1 waits for you`; what was replaced or has ended since is not counted."""
    holds = [memory for memory in found if memory.status(now) is MemoryStatus.ACTIVE]
    wait = sum(1 for memory in found if waits(memory, now))
    said = [f"{len(holds)} learned ({_ids(holds)})"] if holds else []
    said += [f"{wait} {'waits' if wait == 1 else 'wait'} for you"] if wait else []
    return ", ".join(said)


def _ids(found: Sequence[Memory]) -> str:
    """`m13`, `m13, m15`, `m13 to m15`: a row of ids, or where it begins and ends when there are many."""
    first, last = found[0], found[-1]
    if len(found) > 2 and (last.id - first.id == len(found) - 1 or len(found) > RECEIPTS):
        return f"{first.ref} to {last.ref}"
    return ", ".join(memory.ref for memory in found)


def _since(last: datetime | None, now: datetime) -> str:
    """`last time`, `yesterday` or `12 Nov`, in the zone of `now`."""
    days = 0 if last is None else (now.date() - last.astimezone(now.tzinfo).date()).days
    if last is None or days <= 0:
        return "last time"
    return "yesterday" if days == 1 else day(last, now)


def _waiting_line(screen: Screen, memory: Memory) -> list[str]:
    """`m13 waits for you: treats children     /review`, on one line where that is possible."""
    cells = min(room(screen) - len(MARGIN), receipts.HINTS_END) - len(DECIDED_BY) - GAP
    text = f"{memory.ref} waits for you: {words(memory)}"
    return receipts.hinted(screen, screen.fit(text, max(cells, len(MARGIN))), DECIDED_BY)
