"""Forgetting as lines of text: the plan before the question, the receipt after it, and what neither reaches."""

from collections.abc import Sequence
from datetime import datetime

from memchat.actions.forgetting import Plan, Receipt, Sent
from memchat.actions.references import fold
from memchat.cli.layout import GAP, MARGIN, day, entry, folded, many, right, room
from memchat.cli.render import words
from memchat.cli.terminal import Screen, one_line, width
from memchat.domain import Memory

QUESTION = "Erase? Type yes, or Enter to leave all as it is: "
BLOCKED = "it will not be learned again from old text"
# Erasing takes a whole word; a `y` that slipped out does nothing.
YES = frozenset({"yes", "是", "好"})


def agreed(answer: str) -> bool:
    """Whether the answer to `QUESTION` is the word yes, whatever its case and width."""
    return fold(answer) in YES


def plan(screen: Screen, wanted: Plan, now: datetime) -> list[str]:
    """What would be erased: memories with all their versions, and the turns that told them."""
    found = wanted.memories
    lines = ["", *_plain(screen, "To be erased for good. There is no undo."), ""]
    lines += _heading(screen, "Memories, whole", str(len(found)))
    ids = max(width(memory.ref) for memory in found) + GAP + len(MARGIN)
    for memory in found:
        lines += entry(screen, MARGIN + memory.ref, words(memory) + _standing(memory, now), ids)
    if wanted.places:
        lines += _heading(screen, "Conversations: the words it was told in become [erased]", str(len(wanted.places)))
        refs = max(width(place.ref) for place in wanted.places) + GAP + len(MARGIN)
        for place in wanted.places:
            lines += entry(screen, MARGIN + place.ref, one_line(place.title) or "-", refs, lines=1)
    lines += _heading(screen, "Copies: titles, summaries, search index, history of typing,", "")
    lines += _heading(screen, "and the backups that memchat made by itself", "")
    return lines


def receipt(screen: Screen, done: Receipt, now: datetime, *, drafts: str = "") -> list[str]:
    """What was erased, and what is still the person's to do. `drafts` is the folder of kept drafts, if any are left."""
    count = len(done.ids)
    lines = ["", *entry(screen, "Erased", f"{many(count, 'memory', 'memories')}: {', '.join(done.ids)};", 10)]
    lines += entry(screen, "", f"{many(done.places, 'place')} in conversations became [erased]", 10)
    if done.blocked:
        lines += entry(screen, "Blocked", BLOCKED, 10)
    lines += ["", *_plain(screen, "Not reached by this version, so still there or yours to do:")]
    for text in (*(sent_words(one, now) for one in done.sent), *not_reached(drafts)):
        lines += [f"{MARGIN * 2}{line}" for line in folded(screen, text, room(screen) - len(MARGIN))]
    return lines


def not_reached(drafts: str = "") -> list[str]:
    """Copies that `forget` does not touch, one line each."""
    lines = [
        "other messages, replies, titles and summaries that say it too, in their own words",
        "files you exported, backups you made, disk snapshots",
        "this window's scrollback, and your shell history",
    ]
    return [*lines, f"drafts kept in {drafts}"] if drafts else lines


def sent_words(sent: Sent, now: datetime) -> str:
    """`api.openai.com may have been sent it, 12 Nov to 22 Nov (their own retention)`."""
    first, last = day(sent.first, now), day(sent.last, now)
    days = first if first == last else f"{first} to {last}"
    return f"{one_line(sent.host)} may have been sent it, {days} (their own retention)"


def _standing(memory: Memory, now: datetime) -> str:
    """Which version a memory is, where it is not the newest."""
    if memory.superseded_by is not None:
        return f" (replaced by m{memory.superseded_by})"
    return "" if memory.valid_to is None or memory.valid_to > now else f" (until {day(memory.valid_to, now)})"


def _plain(screen: Screen, text: str) -> Sequence[str]:
    return [MARGIN + line for line in folded(screen, text, room(screen))]


def _heading(screen: Screen, text: str, count: str) -> list[str]:
    """A heading with its number at the right edge, where there is room for both."""
    cells = min(room(screen), 72)
    if not count or width(text) + GAP + width(count) > cells:
        return [MARGIN + line for line in folded(screen, f"{text} {count}".rstrip(), room(screen))]
    return [MARGIN + text + right(count, cells - width(text))]
