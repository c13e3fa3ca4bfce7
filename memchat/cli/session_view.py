"""Conversations as lines of text: the list, and a transcript with its summary, roles, days and tools."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from memchat.cli.layout import GAP, MARGIN, columns, day, entry, folded, hour, prose, right, room
from memchat.cli.terminal import Screen, clean, one_line, pad
from memchat.cli.wrapping import wrap
from memchat.domain import Message, MessageStatus, Part, PartKind, Role, Session, SessionKind, Turn
from memchat.memory.session import parts

READABLE = 18
PIPED_TITLE = 48
INDENT = MARGIN * 2
# A tool's arguments or result on one line: enough to recognise it; `--json` has all of it.
TOOL_CELLS = 200
TOOL_LINES = 3
STATUS = {
    MessageStatus.INTERRUPTED: "interrupted: this is the part that came",
    MessageStatus.FAILED: "failed: this is the part that came",
}


def sessions(screen: Screen, found: Sequence[Session], now: datetime) -> list[str]:
    """`memchat sessions list`: a row a conversation."""
    if not found:
        return []
    rows = [(one.ref, day(one.last_at, now, near=True), str(one.turns), one_line(one.model)) for one in found]
    ids, last, turns, models = columns(rows, least=(4, 4, 5, 5))
    title = room(screen) - ids - last - turns - models - 4 * GAP
    if title < READABLE:
        return ["", *(line for one in found for line in _listed(screen, one, now, ids + GAP))]
    if not screen.is_terminal:
        title = PIPED_TITLE
    gap = " " * GAP
    head = gap.join((pad("ID", ids), pad("TITLE", title), pad("LAST", last), right("TURNS", turns), "MODEL"))
    lines = ["", screen.dim(MARGIN + head)]
    for one, (ref, end, count, model) in zip(found, rows, strict=True):
        name = pad(screen.fit(heading(one), title), title)
        tail = screen.dim(gap.join((pad(end, last), right(count, turns), model)))
        lines.append(f"{MARGIN}{screen.accent(pad(ref, ids))}{gap}{name}{gap}{tail}")
    return lines


def also(screen: Screen, oneshots: int) -> list[str]:
    """What stands below the list when one-shots are left out of it."""
    if not oneshots:
        return []
    return ["", *prose(screen, f"{oneshots} asked with memchat ask: memchat sessions list --all")]


def renamed(screen: Screen, session: Session) -> list[str]:
    """What `memchat sessions rename` tells."""
    return entry(screen, session.ref, heading(session), len(session.ref) + GAP)


def _listed(screen: Screen, session: Session, now: datetime, cells: int) -> list[str]:
    count = f"{session.turns} {'turn' if session.turns == 1 else 'turns'}"
    return [
        *entry(screen, session.ref, heading(session), cells, lines=2),
        *prose(screen, f"{day(session.last_at, now, near=True)}, {count}", indent=INDENT),
    ]


def heading(session: Session) -> str:
    """What a conversation goes by; of a one-shot that it is one."""
    named = f"{one_line(session.name)}: " if session.name else ""
    kind = " (ask)" if session.kind is SessionKind.ONESHOT else ""
    return f"{named}{one_line(session.title) or '-'}{kind}"


def transcript(
    screen: Screen, session: Session, turns: Sequence[Turn], now: datetime, *, summarised_to: str = ""
) -> list[str]:
    """`memchat sessions show`: every word of the turns, who said it and when; tools in dim lines.

    `summarised_to` is the newest turn that the summary covers, where there are newer ones.
    """
    count = f"{session.turns} {'turn' if session.turns == 1 else 'turns'}"
    where = f" at {one_line(session.host)}" if session.host else ""
    lines = ["", *entry(screen, session.ref, heading(session), len(session.ref) + GAP)]
    lines += prose(screen, f"{day(session.created_at, now)}, {one_line(session.model)}{where}, {count}")
    return [*lines, *_summary(screen, session, summarised_to), *said(screen, turns, now)]


def said(screen: Screen, turns: Sequence[Turn], now: datetime) -> list[str]:
    """Every word of some turns."""
    lines: list[str] = []
    for turn in turns:
        at = turn.user.created_at
        lines += ["", *entry(screen, turn.ref, f"{day(at, now)}, {hour(at, now)}", len(turn.ref) + GAP)]
        for message in turn.messages:
            lines += _message(screen, message)
        if not any(message.role is Role.ASSISTANT for message in turn.messages):
            lines.append(screen.dim(f"{MARGIN}[no reply]"))
    return lines


def summary_parts(session: Session) -> list[tuple[str, str]]:
    """What a conversation came to, labelled: wanted, resolved, pending, what else its summary holds, topics."""
    told = parts(clean(session.summary))
    labelled = (
        ("Wanted", told.wanted),
        ("Resolved", told.resolved),
        ("Pending", told.pending),
        ("Summary", told.rest),
        ("Topics", ", ".join(one_line(topic) for topic in session.topics)),
    )
    return [(label, one_line(text)) for label, text in labelled if one_line(text)]


def _summary(screen: Screen, session: Session, summarised_to: str) -> list[str]:
    """What the conversation came to, before its words."""
    told = summary_parts(session)
    if not told:
        return []
    label = columns([[label] for label, _ in told])[0] + GAP
    lines = ["", *(line for name, text in told for line in entry(screen, name, text, label))]
    return [*lines, *prose(screen, f"So far up to {summarised_to}.")] if summarised_to else lines


def _message(screen: Screen, message: Message) -> list[str]:
    """One message: who speaks, then its parts."""
    lines: list[str] = []
    if message.role is not Role.TOOL:
        who = "you" if message.role is Role.USER else one_line(message.model) or "assistant"
        lines.append(MARGIN + screen.bold(who))
    for part in message.parts:
        lines += _part(screen, part)
    if message.status in STATUS:
        lines += prose(screen, f"[{STATUS[message.status]}]", indent=INDENT)
    return lines


def _part(screen: Screen, part: Part) -> list[str]:
    """One part of a message: words as they are, tools in one dim line, images by name."""
    cells = room(screen) - len(INDENT) + len(MARGIN)
    if part.kind in (PartKind.TOOL_CALL, PartKind.TOOL_RESULT):
        line = f"[{one_line(part.name)}] {tool_words(part)}".rstrip()
        return [screen.dim(INDENT + each) for each in folded(screen, line, cells, lines=TOOL_LINES)]
    if part.kind is PartKind.IMAGE:
        return [screen.dim(INDENT + screen.fit(f"[image {one_line(part.name)}]", cells))]
    lines = [screen.dim(f"{INDENT}[file {one_line(part.name)}]")] if part.kind is PartKind.FILE else []
    text = clean(part.content)
    return [*lines, *(INDENT + line for line in (wrap(text, cells) if screen.is_terminal else text.split("\n")))]


def tool_words(part: Part) -> str:
    """What a tool was asked, or what came of it, in a few words on one line."""
    said = _called(part) if part.kind is PartKind.TOOL_CALL else _came(part)
    return one_line(said)[:TOOL_CELLS]


def _called(part: Part) -> str:
    """What a tool was asked, in a few words: `location: Lisbon`, `"rate limit"`; of any other its arguments."""
    given = _read(part.content).get("arguments")
    arguments = _read(given)
    if not arguments:  # no JSON, as from a small model, or words were erased in it
        return given if isinstance(given, str) else part.content
    if part.name == "remember":
        return f"{arguments.get('field') or 'note'}: {arguments.get('text', '')}"
    if part.name == "recall":
        days = [f"{name} {arguments[name]}" for name in ("since", "until") if arguments.get(name)]
        return " ".join((f'"{arguments.get("query", "")}"', *days))
    return _pairs(arguments.items())


def _came(part: Part) -> str:
    """What a tool answered, in a few words: `active m3`, `2 found: s17.4; 1 memories: m12`, `error: ...`."""
    result = _read(part.content)
    if not result:
        return part.content
    if "status" in result:
        why = f" ({result['why']})" if result.get("why") else ""
        return f"{result['status']} {result.get('id') or ''}".rstrip() + why
    return _pairs((key, _refs(value) if isinstance(value, list) else value) for key, value in result.items())


def _refs(found: Sequence[object]) -> str:
    """`s17.4, s3.1`, or `none`."""
    return ", ".join(str(one.get("ref")) if isinstance(one, Mapping) else str(one) for one in found) or "none"


def _pairs(pairs: Iterable[tuple[str, object]]) -> str:
    return "; ".join(
        f"{key}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}" for key, value in pairs
    )


def _read(text: object) -> Mapping[str, object]:
    """The object that JSON text holds; empty for anything else."""
    try:
        found = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
