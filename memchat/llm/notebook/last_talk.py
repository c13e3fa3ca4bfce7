"""What the last conversations were about and what they left open: told from their summaries, with day and place."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from memchat.domain import Context, Layer, Message, Passage, Role, turn_ref
from memchat.llm.notebook import telling
from memchat.llm.notebook.clauses import clauses
from memchat.llm.notebook.facts import earlier_here, local_day
from memchat.llm.notebook.ledger import Item, Ledger
from memchat.llm.notebook.replies import is_answer
from memchat.llm.notebook.telling import Room
from memchat.llm.notebook.wording import day_named, is_english, line, quoted
from memchat.memory.language import folded
from memchat.memory.statements.sentences import own_words

# "last message, piped text: ..." is what was only given: it stands first, whatever its own words look like.
_LAST = re.compile(r"last (?P<what>request|message, .*?): (?P<request>.*?)(?:; last reply: (?P<reply>.*))?$", re.DOTALL)
_PART = re.compile(r"(?:^|: |; )(?P<name>wanted|resolved|pending): ")
MOST_OPEN = 6
"""Lines of one answer to `what is still open?`."""


def last_time(room: Room) -> str:
    """The newest conversation before this one: its summary by its parts, or its last request and reply."""
    sessions = _sessions(room.context)
    if not sessions:
        here = turn_ref(room.context.user.session_id, room.context.user.turn)
        found = [one for one in room.said if one.speaker == "user" and one.ref != here]
        earlier = found[:1] or earlier_here(room.context)[:1]
        return telling.quotes(earlier, room) if earlier else line("nothing_before", room.language)
    newest = sessions[0]
    summary, last = _read(newest.text)
    if summary.keys() & {"wanted", "resolved", "pending"}:
        return _summary(newest, summary, last, room)
    day, ref = _day(newest.at, room), newest.source or newest.ref
    if last is None or last["what"] != "request":
        return line("last_about", room.language, day=day, ref=ref, text=newest.text)
    asked = line("last_asked", room.language, day=day, request=quoted(last["request"], room.language), ref=ref)
    if not last["reply"]:
        return asked
    blank = " " if is_english(room.language) else ""
    return asked + blank + line("last_reply", room.language, reply=quoted(last["reply"], room.language))


def still_open(room: Room) -> str:
    """What waits, of this conversation and of the last ones, newest first, a line each when there are several."""
    here = [(item.text, local_day(room.context.now, room.context.now), ref) for item, ref in _open_here(room.context)]
    before = [
        (words, local_day(one.at, room.context.now), one.source or one.ref)
        for one in _sessions(room.context)
        if (words := _read(one.text)[0].get("pending"))
    ]
    rows = [_open(*one, room) for one in [*here, *before][:MOST_OPEN]]
    if not rows:
        return line("nothing_open", room.language)
    if len(rows) == 1:
        return line("open_one", room.language, what=rows[0])
    return "\n".join([line("open_head", room.language), *(f"- {row}" for row in rows)])


def _sessions(context: Context) -> list[Passage]:
    """The conversations that are shown, newest first."""
    shown = [one for one in context.kept if one.layer is Layer.SESSION]
    return sorted(shown, key=lambda one: (one.at is not None, one.at, one.ref), reverse=True)


def _read(text: str) -> tuple[dict[str, str], re.Match[str] | None]:
    """A passage taken apart: title, wanted, resolved, pending, as far as there are; and its last words."""
    last = _LAST.search(text)
    told = text[: last.start()].rstrip("; ") if last else text
    labels = list(_PART.finditer(told))
    ends = [label.start() for label in labels[1:]] + [len(told)]
    found = {"title": told[: labels[0].start()]} if labels else {}
    for label, end in zip(labels, ends, strict=bool(labels)):
        found.setdefault(label["name"], told[label.end() : end])
    return found, last


def _summary(newest: Passage, summary: dict[str, str], last: re.Match[str] | None, room: Room) -> str:
    """`On 20 Nov (s3), "A trip": you wanted "..."; settled: "..."; still open: "...".`"""
    language = room.language
    said = [
        line(f"last_{name}", language, what=quoted(summary[name], language))
        for name in ("wanted", "resolved", "pending")
        if name in summary
    ]
    if last and last["what"] == "request":
        said.append(line("last_newer", language, what=quoted(last["request"], language)))
    title = summary["title"]
    if not title or folded(summary.get("wanted", "")).startswith(folded(title).rstrip("…?？")):
        name = ""
    else:
        name = (", " if is_english(language) else "") + quoted(title, language)
    head = line("last_head", language, day=_day(newest.at, room), ref=newest.source or newest.ref, name=name)
    if is_english(language):
        return f"{head} {'; '.join(said)}."
    return f"{head}{'；'.join(said)}。"


def _open_here(context: Context) -> list[tuple[Item, str]]:
    """What this conversation has left open so far, newest first, with the turns."""
    ledger = Ledger()
    for number, (user, reply) in enumerate(_turns(context.turns), 1):
        ledger.take(number, clauses(own_words(user)), (), partial(is_answer, reply))
    refs = {number: turn_ref(user.session_id, user.turn) for number, (user, _) in enumerate(_turns(context.turns), 1)}
    return [(item, refs[item.turn]) for item in reversed(ledger.pending)]


def _turns(messages: Sequence[Message]) -> list[tuple[Message, str]]:
    """The user's messages, each with what was answered."""
    turns: list[tuple[Message, str]] = []
    for message in messages:
        if message.role is Role.USER:
            turns.append((message, ""))
        elif message.role is Role.ASSISTANT and turns:
            turns[-1] = (turns[-1][0], message.text or turns[-1][1])
    return turns


def _open(words: str, day: date | None, ref: str, room: Room) -> str:
    where = "，".join if not is_english(room.language) else ", ".join
    named = day_named(day, room.today, room.language)
    return line(
        "open_item", room.language, what=quoted(words, room.language), where=where([one for one in (named, ref) if one])
    )


def _day(at: datetime | None, room: Room) -> str:
    return day_named(local_day(at, room.context.now), room.today, room.language)
