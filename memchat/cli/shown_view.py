"""What a reply was shown of memory, as lines of text: what was looked up for it, how that was found, and its head."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from memchat.actions.context import Shown
from memchat.cli.context_view import LAYERS, answered
from memchat.cli.layout import GAP, MARGIN, columns, day, entry, folded, prose, room
from memchat.cli.terminal import Screen
from memchat.domain import Layer, Passage, Zone

# Lines of a passage's words: enough to see which one it is.
LINES = 2
SPEAKERS = {"user": "you said", "pasted": "you pasted", "assistant": "it was answered"}


def shown(
    screen: Screen,
    past: Shown,
    now: datetime,
    found: Sequence[Passage] = (),
    *,
    in_chat: bool = False,
    newest: bool = False,
) -> list[str]:
    """`memchat memory why s17.4`, and with `in_chat` what `/why` tells of the last reply or another one.

    `newest`: whether it can be asked again here. `found` are passages as they were looked up in this process: they
    know how, which is not kept.
    """
    looked_up = _with_reasons([one for one in past.passages if one.zone is Zone.TAIL], found)
    head = [one for one in past.passages if one.zone is Zone.HEAD]
    lines = ["", *(MARGIN + line for line in folded(screen, answered(past, now), room(screen)))]
    if not past.passages:
        return lines
    if looked_up:
        lines += ["", *_looked_up(screen, looked_up, now)]
    else:
        lines += ["", *prose(screen, "It looked nothing up.")]
    if head:
        title = "The same in every reply of this conversation"
        lines += ["", *(MARGIN + line for line in folded(screen, title, room(screen))), *_head(screen, head)]
    hints = _hints(screen, past, [*looked_up, *head], in_chat=in_chat, newest=newest)
    return [*lines, "", *hints] if hints else lines


def _with_reasons(passages: Iterable[Passage], found: Sequence[Passage]) -> list[Passage]:
    """Each with the words that were shown and how they were found, where that is still known."""
    known = {one.ref: one for one in reversed(found)}
    told = []
    for passage in passages:
        one = known.get(passage.ref)
        told.append(replace(one, score=passage.score, tokens=passage.tokens) if one and one.text else passage)
    return told


def _looked_up(screen: Screen, passages: Sequence[Passage], now: datetime) -> list[str]:
    """`s17.4  we settled on 100 requests a minute`, and below it when it was said, how surely it fits, and why."""
    lines = [MARGIN + "Looked up for it"]
    cells = columns([[MARGIN + one.ref] for one in passages])[0] + GAP
    for one in passages:
        text = f"{one.field}: {one.text}" if one.field else one.text
        lines += entry(screen, MARGIN + one.ref, text, cells, lines=LINES)
        remark = ", ".join(part for part in (_score(one), one.why, _said(one, now)) if part)
        lines += prose(screen, remark, indent=MARGIN + " " * cells) if remark else []
    return lines


def _score(one: Passage) -> str:
    return f"{one.score:.2f}" if one.layer is not Layer.CHANGE else "changed since this conversation began"


def _said(one: Passage, now: datetime) -> str:
    """When it was said, by whom where that is known, and in which turn, where it is no turn itself."""
    if one.at is None:
        return ""
    who = SPEAKERS.get(one.speaker, "")
    where = f" in {one.source}" if one.source and one.source != one.ref else ""
    return f"{who} on {day(one.at, now)}{where}" if who else f"{day(one.at, now)}{where}"


def _head(screen: Screen, passages: Sequence[Passage]) -> list[str]:
    """A line for each layer, with the ids."""
    rows = [(name, " ".join(one.ref for one in passages if one.layer is layer)) for layer, name in LAYERS]
    cells = columns([[MARGIN + name] for name, refs in rows if refs])[0] + GAP
    return [line for name, refs in rows if refs for line in entry(screen, MARGIN + name, refs, cells)]


def _hints(screen: Screen, past: Shown, passages: Sequence[Passage], *, in_chat: bool, newest: bool) -> list[str]:
    """How to go on from here: one memory's story, the answer without one, what it cost."""
    memory = next((one.ref for one in passages if one.ref.startswith("m")), "")
    first = next((one.ref for one in passages), "")
    if not in_chat:
        ways = [f"Why one is believed:  memchat memory why {memory}"] if memory else []
        ways.append(f"What each cost:  memchat context --turn {past.turn.ref}")
    else:
        ways = [f"Why one is believed:  /why {memory}"] if memory else []
        ways += [f"The answer without one:  /without {first}"] if first and newest else []
    return [line for way in ways for line in prose(screen, way)]
