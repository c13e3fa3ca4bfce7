"""A conversation as a Markdown document, in which nobody's words can pass for another's.

What was said stands in quotation blocks, what was pasted, piped or attached in fences longer than any within: a
heading in either stays inside it. Headings and bullets of the document are memchat's own.
"""

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo

from memchat.cli.session_view import STATUS, summary_parts, tool_words
from memchat.cli.terminal import clean, one_line
from memchat.domain import Message, Part, PartKind, Role, Session, SessionKind, Turn
from memchat.memory.quoting import NAMES

# Signs that would make a title or a name more than words.
_SIGNS = re.compile(r"([\\`*_\[\]<>~&|])")
_RUNS = re.compile("`+")


def document(session: Session, turns: Sequence[Turn], zone: tzinfo | None, *, summarised_to: str = "") -> str:
    """The whole text, times in `zone`. `summarised_to` as in `session_view.transcript`."""
    blocks = [f"# {plain(session.title) or session.ref}", "\n".join(_about(session, turns, zone))]
    if told := [f"- {label}: {plain(text)}" for label, text in summary_parts(session) if label != "Topics"]:
        blocks.append(f"## Summary{f' up to {summarised_to}' if summarised_to else ''}")
        blocks.append("\n".join(told))
    for turn in turns:
        blocks += _turn(turn, zone)
    return "\n\n".join(blocks)


def _about(session: Session, turns: Sequence[Turn], zone: tzinfo | None) -> list[str]:
    """What conversation this is, when it was, and who answered."""
    kind = "one question of memchat ask" if session.kind is SessionKind.ONESHOT else "conversation"
    named = f', "{plain(session.name)}"' if session.name else ""
    first, last = session.created_at.astimezone(zone), session.last_at.astimezone(zone)
    where = f" at {plain(session.host)}" if session.host else ""
    only = f"{turns[0].ref} alone, of {session.turns}" if turns and len(turns) < session.turns else str(len(turns))
    lines = [
        f"- Id: {session.ref}, {kind}{named}",
        f"- Time: {_time(first)} to {_time(last)}, UTC{first:%z}",
        f"- Model: {plain(session.model)}{where}",
        f"- Turns: {only}",
    ]
    topics = ", ".join(plain(topic) for topic in session.topics)
    return [*lines, f"- Topics: {topics}"] if topics else lines


def _turn(turn: Turn, zone: tzinfo | None) -> list[str]:
    """A heading, then each message under the name of who speaks."""
    blocks = [f"## {turn.ref}"]
    speaker: Role | None = None
    for message in turn.messages:
        if message.role not in (speaker, Role.TOOL):
            speaker = message.role
            blocks.append(f"**{_who(message)}**, {_time(message.created_at.astimezone(zone))}")
        blocks += [block for part in message.parts for block in _part(part)]
        if message.status in STATUS:
            blocks.append(f"*[{STATUS[message.status]}]*")
    if speaker is not Role.ASSISTANT:
        blocks.append("*[no reply]*")
    return blocks


def _who(message: Message) -> str:
    return "You" if message.role is Role.USER else plain(message.model) or "Assistant"


def _part(part: Part) -> list[str]:
    """Words in a quotation block; other people's text under its name in a fence; tools and images in one line."""
    if part.kind in (PartKind.TOOL_CALL, PartKind.TOOL_RESULT):
        verb = "was asked" if part.kind is PartKind.TOOL_CALL else "answered"
        return [f"- tool {plain(part.name)} {verb}: {_code(tool_words(part))}"]
    if part.kind is PartKind.IMAGE:
        return [f"- image {plain(part.name)}"]
    text = clean(part.content).rstrip("\n")
    what = f"file {plain(part.name)}" if part.kind is PartKind.FILE else NAMES.get(part.origin, "")
    if what:
        fence = "`" * max(3, 1 + _longest(text))
        return [f"{what}:", f"{fence}\n{text}\n{fence}"]
    return ["\n".join(f"> {line}" if line else ">" for line in text.split("\n"))] if text.strip() else []


def plain(text: str) -> str:
    """Words on one line that Markdown leaves as they are."""
    return _SIGNS.sub(r"\\\1", one_line(text))


def _code(text: str) -> str:
    """Words as a code span, whatever back quotes they hold."""
    if not text:
        return "-"
    ticks = "`" * (1 + _longest(text))
    room = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{ticks}{room}{text}{room}{ticks}"


def _longest(text: str) -> int:
    """The longest run of back quotes."""
    return max((len(run) for run in _RUNS.findall(text)), default=0)


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
