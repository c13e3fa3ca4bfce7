"""The tool `read_session`: what was said in one conversation about a question, in order and within a budget.

Of one turn that is named also what stands as a reference in the request: its files, what was pasted, what tools gave.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from memchat.chat.tool_calls import BadCallError, Moment, Result, as_json, short, text_of
from memchat.domain import OWN_WORDS, Layer, Message, Part, PartKind, Passage, Role, Turn, Zone
from memchat.domain.conversation import turn_ref
from memchat.errors import NotFoundError
from memchat.memory import episodic
from memchat.memory.quoting import Count, fold, named
from memchat.memory.words import words
from memchat.ports import Store

_ID = re.compile(r"s([0-9]{1,18})(?:\.([0-9]{1,18}))?")
FRAME_TOKENS = 20  # of a passage: its ref, day and speaker
PIECE = 300  # characters that a long text is chosen from by
LONGEST_TOKEN = 16  # characters: a text of more is not counted to know that it does not fit
READ_CHARACTERS = 400_000  # of a text at most
OPENING = 0.1  # what the first turn counts beside the words it shares: it says what the talk was about
BESIDE = 0.3  # of a turn's own share, for the turns beside it: an answer stands after its question


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that the model is told, and whose it is: the user, the assistant, or what it came from."""

    passage: Passage
    who: str


def read_session(arguments: dict[str, Any], moment: Moment, store: Store) -> Result:
    """The turns that say most about the question, as many as fit; of `s17.4` that turn and those around it."""
    ref = text_of(arguments, "id")
    question = text_of(arguments, "question") if arguments.get("question") else ""
    session_id, place = _place(ref)
    try:
        session = store.transcripts.session(session_id)
    except NotFoundError:
        raise _unknown(ref) from None
    turns = _turns(store.transcripts.turns(session_id), place, moment)
    if not turns or (place is not None and all(one.number != place for one in turns)):
        raise _unknown(ref)
    found: dict[tuple[int, int], Told] = {}
    left = moment.tokens
    for turn in _nearest(turns, question, place):
        opened = turn.number == place
        for number, told in enumerate(_opened(turn, question, moment) if opened else _said(turn, question, moment)):
            if told.passage.tokens <= left:
                found[turn.number, number] = told
                left -= told.passage.tokens
            elif place is not None:
                left = 0  # what is far from it is not what was asked for
    chosen = [found[key] for key in sorted(found)]
    shown = tuple(one.passage for one in chosen)
    content = {
        "session": session.ref,
        "title": session.title,
        "turns": [
            {"ref": one.passage.ref, "at": _date(one.passage, moment), "speaker": one.who, "text": one.passage.text}
            for one in chosen
        ],
        "not_shown": len(turns) - len({one.ref for one in shown}),
    }
    return Result(as_json(content), f"read {short(ref)}: {len(shown)} messages", shown=shown)


def _turns(turns: Sequence[Turn], place: int | None, moment: Moment) -> list[Turn]:
    """Those that may be read: of the conversation under way what is no longer sent, or one past turn by its name."""
    message = moment.message
    if not turns or turns[0].session_id != message.session_id:
        return [*turns]
    folded = [one for one in turns if one.number < moment.first_live]
    if place is None or place < moment.first_live:
        return folded
    return [one for one in turns if one.number == place != message.turn]


def _place(ref: str) -> tuple[int, int | None]:
    found = _ID.fullmatch(fold(ref))
    if found is None:
        raise _unknown(ref)
    return int(found[1]), int(found[2]) if found[2] else None


def _nearest(turns: Sequence[Turn], question: str, place: int | None) -> list[Turn]:
    """The turns in the order in which they are worth showing."""
    if place is not None:
        return sorted(turns, key=lambda one: (abs(one.number - place), one.number))
    wanted = words(question)
    own = [len(wanted & words(_text(one))) / len(wanted) if wanted else 0.0 for one in turns]
    own[0] += OPENING
    beside = [max(own[max(at - 1, 0)], own[min(at + 1, len(own) - 1)]) * BESIDE for at in range(len(own))]
    order = sorted(range(len(turns)), key=lambda at: (-(own[at] + beside[at]), at))
    return [turns[at] for at in order]


def _said(turn: Turn, question: str, moment: Moment) -> list[Told]:
    """What was said in the turn, by each of the two, as it is shown to the model."""
    found: list[Told] = []
    for message in turn.messages:
        parts = [part for part in message.parts if part.kind is PartKind.TEXT and not part.barred]
        text = episodic.excerpt("\n\n".join(part.content for part in parts), question)
        if message.role is not Role.TOOL and text:
            passage = _passage(message, parts, text, moment)
            found.append(Told(passage, passage.speaker))
    return found


def _opened(turn: Turn, question: str, moment: Moment) -> list[Told]:
    """What the turn holds, part by part, of each as much as fits, chosen by the question."""
    parts = [(message, part) for message in turn.messages for part in message.parts if _can_be_read(part)]
    texts, left = [""] * len(parts), moment.tokens
    # The short ones first, so that all that they leave is for the long ones.
    for number, place in enumerate(sorted(range(len(parts)), key=lambda place: len(parts[place][1].content))):
        room = left // (len(parts) - number) - FRAME_TOKENS
        texts[place] = _chosen(parts[place][1].content, question, room, moment.count)
        left -= moment.count(texts[place]) + FRAME_TOKENS
    return [
        Told(passage, _name(part) or passage.speaker)
        for (message, part), text in zip(parts, texts, strict=True)
        if text and (passage := _passage(message, [part], text, moment))
    ]


def _can_be_read(part: Part) -> bool:
    return part.kind in {PartKind.TEXT, PartKind.FILE, PartKind.TOOL_RESULT} and not part.barred


def _name(part: Part) -> str:
    """What is nobody's own words: `file "notes.md"`, `pasted text`, `what recall gave`."""
    return f"what {part.name} gave" if part.kind is PartKind.TOOL_RESULT else named(part)


def _chosen(text: str, question: str, tokens: int, count: Count) -> str:
    """The text, or those pieces of it that say most about the question, in order, in at most so many tokens."""
    if len(text) <= tokens * LONGEST_TOKEN and count(text) <= tokens:
        return text
    pieces = _pieces(text[:READ_CHARACTERS])
    kept: list[int] = []
    for place in _best(pieces, words(question)):
        tokens -= count(pieces[place]) + 1
        if tokens < 0:
            break
        kept.append(place)
    gaps = ("" if place in (0, before + 1) else "…" for before, place in pairwise([-1, *sorted(kept)]))
    told = "".join(gap + pieces[place] for gap, place in zip(gaps, sorted(kept), strict=True))
    return told + "…" if kept and max(kept) + 1 < len(pieces) else told


def _best(pieces: Sequence[str], wanted: frozenset[str]) -> list[int]:
    """Which pieces say something of what is wanted, the most first, then those beside them; where none does, all."""
    own = [len(wanted & words(piece)) for piece in pieces]
    if not any(own):
        return [*range(len(pieces))]
    beside = [max(own[max(at - 1, 0) : at + 2]) for at in range(len(own))]
    return sorted((at for at in range(len(own)) if beside[at]), key=lambda at: (not own[at], -own[at], -beside[at], at))


def _pieces(text: str) -> list[str]:
    """The text in pieces of about `PIECE` characters, cut between words where it has any."""
    pieces, start = [], 0
    while start < len(text):
        end = start + PIECE
        blank = max(text.rfind(" ", start + PIECE // 2, end), text.rfind("\n", start + PIECE // 2, end))
        end = blank + 1 if blank >= 0 and end < len(text) else end
        pieces.append(text[start:end])
        start = end
    return pieces


def _passage(message: Message, parts: Sequence[Part], text: str, moment: Moment) -> Passage:
    own = message.role is Role.USER and all(part.origin in OWN_WORDS for part in parts)
    who = episodic.ASSISTANT if message.role is Role.ASSISTANT else episodic.USER if own else episodic.PASTED
    ref = turn_ref(message.session_id, message.turn)
    return Passage(
        layer=Layer.EPISODE,
        zone=Zone.TAIL,
        ref=ref,
        line=text,
        text=text,
        tokens=moment.count(text) + FRAME_TOKENS,
        at=message.created_at,
        source=ref,
        quote=text if who == episodic.USER else "",
        why="read_session",
        speaker=who,
    )


def _text(turn: Turn) -> str:
    return "\n".join(message.text for message in turn.messages if message.role is not Role.TOOL)


def _date(passage: Passage, moment: Moment) -> str:
    return f"{passage.at.astimezone(moment.now.tzinfo):%Y-%m-%d}" if passage.at else ""


def _unknown(ref: str) -> BadCallError:
    return BadCallError(f"there is no conversation {short(ref)}: ids look like s17 or s17.4")
