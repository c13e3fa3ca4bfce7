"""The index as lines of text: whether it is whole, what it lacks, and what mends it."""

from typing import TYPE_CHECKING

from memchat.actions.doctor import COUNTED
from memchat.cli.layout import GAP, MARGIN, entry, folded, many, prose, room
from memchat.cli.terminal import Screen, one_line

if TYPE_CHECKING:
    from memchat.actions.doctor import Findable
    from memchat.domain import IndexHealth

CELLS = len("Database") + GAP
MENDS = "memchat doctor --reindex"
NEXT_CHAT = "done beside the next chat"


def index(screen: Screen, found: "Findable") -> list[str]:
    """`Index     sound`, and below it what waits, who measures meaning, and what mends what is wrong."""
    health = found.health
    lines = entry(screen, "Index", _standing(health, found.unchecked), CELLS)
    if health is None:
        return [*lines, *entry(screen, "Meaning", _meaning(found), CELLS)]
    if not health.sound:
        lines += _below(screen, "Past conversations are found in part until it is built anew.")
    elif health.waiting:
        lines += _below(screen, f"{many(health.waiting, 'message')} to be taken in yet: {NEXT_CHAT}.")
    lines += entry(screen, "Meaning", _meaning(found), CELLS)
    if found.unembedded:
        lines += _below(screen, f"{_some(found.unembedded)} found by words alone yet: {NEXT_CHAT}.")
    wanting = not health.sound or health.waiting or found.unembedded
    return [*lines, *(_below(screen, f"Now: {MENDS}") if wanting else ())]


def reindexed(screen: Screen, messages: int, vectors: int) -> list[str]:
    """What was done."""
    told = f"The index was built anew: {many(messages, 'message')}, {many(vectors, 'new vector')}."
    return ["", *(MARGIN + line for line in folded(screen, told, room(screen)))]


def stopped(screen: Screen, messages: int, total: int, vectors: int) -> list[str]:
    """What Ctrl-C left: what is done stays."""
    if messages < total or not total:
        told = f"Stopped: {messages:,} of {total:,} messages are in the index, the newest first" if total else "Stopped"
    else:
        told = f"Stopped: all {total:,} messages are in the index, {vectors:,} new vectors were made"
    return [*prose(screen, f"{told}. What is done stays."), *prose(screen, f"To go on: {MENDS}")]


def _standing(health: "IndexHealth | None", unchecked: str) -> str:
    if health is None:
        return f"not checked: {one_line(unchecked)}"
    if health.sound:
        return "sound"
    wrong = [f"{one_line(name)} is missing" for name in health.missing]
    wrong += [f"{one_line(name)} is damaged" for name in health.damaged]
    if health.astray:
        wrong.append(f"{many(health.astray, 'message')} out of step")
    return f"damaged: {', '.join(wrong)}"


def _meaning(found: "Findable") -> str:
    if found.embedder:
        return f"measured by {one_line(found.embedder)}" + (f" at {one_line(found.host)}" if found.host else "")
    return one_line(found.trouble) or "not measured: recall.embedding is off"


def _some(count: int) -> str:
    """Messages and memories; from some number on only that there are so many."""
    if count >= COUNTED:
        return f"{count:,} messages and more are"
    return "1 message or memory is" if count == 1 else f"{count:,} messages and memories are"


def _below(screen: Screen, text: str) -> list[str]:
    return [screen.dim(line) for line in entry(screen, "", text, CELLS)]
