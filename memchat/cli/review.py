"""The inbox on the screen: what waits beside what it clashes with, and a person's word on each; for shell and chat."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from memchat.actions import inbox, memories, provenance
from memchat.actions.inbox import Waiting
from memchat.actions.references import fold
from memchat.cli import receipts, why_view
from memchat.cli.layout import GAP, MARGIN, columns, day, entry, folded, prose, room, voice
from memchat.cli.render import QUOTE_CELLS, words
from memchat.cli.terminal import NO, YES, Screen, one_line, pad, width
from memchat.domain import Learned, Memory
from memchat.errors import MemchatError
from memchat.memory.outcomes import REFUSED
from memchat.ports import Store

NOTHING = "Nothing waits."
QUESTION = "a accept  e edit  r reject  n never  s skip  q quit  ? help: "
SHORT_QUESTION = "a e r n s q ?: "
ANEW = "The words you want, or Enter to go back: "
HELP = (
    ("a, 是", "accept: it holds from now on; what it clashes with ends and stays in its history"),
    ("e", "edit: it holds in the words that you type then"),
    ("r, 不", "reject: it is not used"),
    ("n", "never: it is not used, and never learned again"),
    ("s, Enter", "skip: it goes on waiting"),
    ("q, Ctrl-D", "quit: what you decided stays, the rest goes on waiting"),
)
# Words and letters for each decision, as people type them, width and case aside; more than one language for yes and no.
ANSWERS = {
    "accept": {"a", "accept"} | YES,
    "edit": {"e", "edit"},
    "reject": {"r", "reject"} | (NO - {"n"}),
    "never": {"n", "never"},
    "skip": {"", "s", "skip"},
    "quit": {"q", "quit"},
}
DONE = {"accept": "accepted", "edit": "reworded", "reject": "rejected", "never": "never again"}


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a person decides. `ask` returns None when the person ends it with Ctrl-C or Ctrl-D; `now` has his zone.

    `back` is the command that takes back what was accepted, where that is told.
    """

    store: Store
    fields: Sequence[str]
    now: Callable[[], datetime]
    screen: Screen
    ask: Callable[[str], str | None]
    show: Callable[[Sequence[str]], None]
    fail: Callable[[MemchatError], None]
    mask_secrets: bool = True
    back: str = ""


def walk(desk: Desk, found: Sequence[Waiting]) -> list[str]:
    """Ask about one after the other; returns the line that says what was decided and how many still wait."""
    done: Counter[str] = Counter()
    for number, one in enumerate(found, 1):
        if not inbox.waits(desk.store, one.memory.id, desk.now()):
            desk.show(prose(desk.screen, f"{one.memory.ref} no longer waits: it was decided or erased elsewhere."))
            continue
        place = f"{number} of {len(found)}" if len(found) > 1 else ""
        word = _decided(desk, one.memory, place)
        if word == "quit":
            break
        if word in DONE:
            done[DONE[word]] += 1
    return summary(desk.screen, done, len(inbox.waiting(desk.store, desk.now())))


def summary(screen: Screen, done: Counter[str], left: int) -> list[str]:
    """`2 accepted, 1 rejected; 1 still waits.`"""
    told = ", ".join(f"{done[word]} {word}" for word in DONE.values() if done[word]) or "Nothing decided"
    waits = "nothing waits" if not left else f"{left} still {'waits' if left == 1 else 'wait'}"
    return prose(screen, f"{told}; {waits}.")


def decide(
    store: Store, fields: Sequence[str], refs: Sequence[str], word: str, now: datetime
) -> list[Learned | Memory]:
    """Say `accept`, `reject` or `never` to all that `refs` name, or where one cannot be decided to none of them."""
    with store.transaction():
        found = [one.memory.ref for one in inbox.named(store, fields, refs, now)]
        if word == "accept":
            return [inbox.accept(store, fields, ref, now) for ref in found]
        act = inbox.never if word == "never" else inbox.reject
        return [act(store, ref, now) for ref in found]


def _decided(desk: Desk, memory: Memory, place: str) -> str:
    """What the person decided about one memory, done: `accept`, `edit`, ..., `skip`, `quit`."""
    shown = False
    while True:
        if not shown:
            # Looked up anew: what was accepted before may be what this one clashes with.
            desk.show(item(desk.screen, desk.store, inbox.beside(desk.store, memory, desk.now()), desk.now(), place))
            shown = True
        given = desk.ask(QUESTION if room(desk.screen) >= width(QUESTION) + 8 else SHORT_QUESTION)
        if given is None:
            return "quit"
        word = next((word for word, forms in ANSWERS.items() if fold(given) in forms), "help")
        if word == "help":
            desk.show([line for key, text in HELP for line in entry(desk.screen, key, text, 11)])
            continue
        if word in ("skip", "quit"):
            return word
        try:
            lines = _act(desk, memory, word)
        except MemchatError as error:
            desk.fail(error)
            if not inbox.waits(desk.store, memory.id, desk.now()):
                return "skip"  # decided or erased elsewhere while the question stood
            continue
        if lines is not None:
            desk.show(lines)
            return word


def _act(desk: Desk, memory: Memory, word: str) -> list[str] | None:
    """Do what was decided and tell of it; None when an edit was not made after all."""
    screen, now = desk.screen, desk.now()
    if word == "accept":
        return receipts.learned(screen, inbox.accept(desk.store, desk.fields, memory.ref, now), now, desk.back)
    if word == "edit":
        given = desk.ask(ANEW)
        if given is None or not given.strip():
            return None
        done = memories.edit(desk.store, desk.fields, memory.ref, given, now, mask_secrets=desk.mask_secrets)
        masked = prose(screen, receipts.MASKED) if receipts.masks_more([done], [given]) else ()
        return [*receipts.learned(screen, done, now, desk.back), *masked]
    act = inbox.never if word == "never" else inbox.reject
    return rejected(screen, act(desk.store, memory.ref, now))


def rejected(screen: Screen, memory: Memory) -> list[str]:
    """`- m14  pediatrician: never again`."""
    word = "never again" if memory.why == REFUSED else "rejected"
    label = f"- {memory.ref}"
    return entry(screen, label, f"{words(memory)}: {word}", len(label) + GAP)


def item(screen: Screen, store: Store, one: Waiting, now: datetime, place: str = "") -> list[str]:
    """One that waits: what it says, what holds beside it, why it waits, and the words it rests on, where and when."""
    memory = one.memory
    cells = columns([[each.ref] for each in (memory, *one.beside)], least=[len("Waits")])[0] + GAP
    lines = receipts.with_hint(screen, pad(memory.ref, cells - GAP), words(memory), place)
    for other in one.beside:
        ends = "" if len(one.beside) > 1 else "; accepting ends it"
        since = f"holds since {day(other.valid_from, now, near=True)}, {voice(other, now)}{ends}"
        lines += entry(screen, other.ref, words(other), cells)
        lines += [screen.dim(line) for line in entry(screen, "", since, cells)]
    lines += entry(screen, "Waits", one_line(memory.why) or "until you decide", cells)
    for telling in provenance.tellings(store, memory)[:1]:
        lines += ["", *why_view.said(screen, telling, now)]
    return [*lines, ""]


def listing(screen: Screen, found: Sequence[Waiting], now: datetime) -> list[str]:
    """All that waits, for whoever cannot be asked, and how to decide there."""
    cells = columns([[one.memory.ref] for one in found], least=[4])[0] + GAP
    lines = [""]
    for one in found:
        lines += row(screen, one.memory, now, cells)
        for other in one.beside:
            clash = f'beside {other.ref} "{words(other)}", since {day(other.valid_from, now)}'
            lines += [screen.dim(line) for line in entry(screen, "", clash, cells)]
    ref = found[-1].memory.ref
    return [
        *lines,
        "",
        *prose(screen, f"Decide:  memchat memory review {ref} --accept    or --reject, --never"),
        *prose(screen, f'In other words:  memchat memory edit {ref} "..."'),
    ]


def row(screen: Screen, memory: Memory, now: datetime, cells: int) -> list[str]:
    """One that waits in a list: what it says, why it waits, and the words it rests on."""
    source = memory.sources[0] if memory.sources else None
    said = f'"{screen.fit(one_line(source.quote), QUOTE_CELLS)}"' if source and source.quote else ""
    told = ", ".join(piece for piece in (voice(memory, now), source.ref if source else "", said) if piece)
    lines = entry(screen, memory.ref, words(memory), cells)
    for text in (one_line(memory.why), told):
        if text:
            indent = MARGIN + " " * cells
            lines += [screen.dim(indent + line) for line in folded(screen, text, room(screen) - cells)]
    return lines
