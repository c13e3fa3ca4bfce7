"""The tool `read_session`: what was said in one earlier conversation about a question, in order and within a budget."""

import re
from collections.abc import Sequence
from typing import Any

from memchat.chat.tool_calls import BadCallError, Moment, Result, as_json, short, text_of
from memchat.domain import OWN_WORDS, Layer, Message, Part, PartKind, Passage, Role, Turn, Zone
from memchat.domain.conversation import turn_ref
from memchat.errors import NotFoundError
from memchat.memory import episodic
from memchat.memory.quoting import fold
from memchat.memory.words import words
from memchat.ports import Store

_ID = re.compile(r"s([0-9]{1,18})(?:\.([0-9]{1,18}))?")
OPENING = 0.1  # what the first turn counts beside the words it shares: it says what the talk was about
BESIDE = 0.3  # of a turn's own share, for the turns beside it: an answer stands after its question


def read_session(arguments: dict[str, Any], moment: Moment, store: Store) -> Result:
    """The turns that say most about the question, as many as fit; of `s17.4` that turn and those around it."""
    ref = text_of(arguments, "id")
    question = text_of(arguments, "question") if arguments.get("question") else ""
    session_id, place = _place(ref)
    try:
        session = store.transcripts.session(session_id)
    except NotFoundError:
        raise _unknown(ref) from None
    live = session_id == moment.message.session_id
    turns = [one for one in store.transcripts.turns(session_id) if not (live and one.number >= moment.first_live)]
    if not turns or (place is not None and all(one.number != place for one in turns)):
        raise _unknown(ref)
    found: dict[tuple[int, Role], Passage] = {}
    left = moment.tokens
    for turn in _nearest(turns, question, place):
        for passage, role in _said(turn, question, moment):
            if passage.tokens <= left:
                found[turn.number, role] = passage
                left -= passage.tokens
            elif place is not None:
                left = 0  # what is far from it is not what was asked for
    shown = tuple(found[key] for key in sorted(found, key=lambda key: (key[0], key[1] is not Role.USER)))
    content = {
        "session": session.ref,
        "title": session.title,
        "turns": [
            {"ref": one.ref, "at": _date(one, moment), "speaker": one.speaker, "text": one.text} for one in shown
        ],
        "not_shown": len(turns) - len({one.ref for one in shown}),
    }
    return Result(as_json(content), f"read {short(ref)}: {len(shown)} messages", shown=shown)


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


def _said(turn: Turn, question: str, moment: Moment) -> list[tuple[Passage, Role]]:
    """What was said in the turn, by each of the two, as it is shown to the model."""
    found: list[tuple[Passage, Role]] = []
    for message in turn.messages:
        parts = [part for part in message.parts if part.kind is PartKind.TEXT and not part.barred]
        text = episodic.excerpt("\n\n".join(part.content for part in parts), question)
        if message.role is not Role.TOOL and text:
            found.append((_passage(message, parts, text, moment), message.role))
    return found


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
        tokens=moment.count(text) + 20,  # its ref, day and speaker
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
