"""What the notebook knows at this moment: from the passages it was shown and from what its tools gave back."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from memchat.domain import Context, Layer, Message, Part, PartKind, Passage, Role, Zone
from memchat.llm.notebook.learn import learn
from memchat.memory.language import folded
from memchat.memory.quoting import request
from memchat.memory.statements.sentences import own_words


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing known about the user: a profile value (`field`) or a note, when it was said, where, in which words."""

    ref: str
    field: str
    text: str
    quote: str = ""
    day: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said in a past conversation. `speaker` is user, assistant, or pasted for what the user passed on."""

    ref: str
    text: str
    day: date | None
    speaker: str


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    """A tool call of this turn and what came back, both as objects."""

    name: str
    arguments: dict[str, object]
    result: dict[str, object]


def tool_answers(rounds: Iterable[Message]) -> list[ToolAnswer]:
    """The finished tool calls of this turn; what does not parse counts as empty."""
    called: dict[str, Part] = {}
    done: list[ToolAnswer] = []
    for part in (part for message in rounds for part in message.parts):
        if part.kind is PartKind.TOOL_CALL:
            called[part.call_id] = part
        elif part.kind is PartKind.TOOL_RESULT and part.call_id in called:
            call = called.pop(part.call_id)
            arguments = _object(_object(call.content).get("arguments"))
            done.append(ToolAnswer(call.name, arguments, _object(part.content)))
    return done


def known(context: Context, answers: Iterable[ToolAnswer]) -> list[Fact]:
    """Facts shown in the head, as changed since, with those recalled and those learned in this very turn."""
    facts = {one.ref: _of_passage(one, context.now) for one in context.kept if one.layer in {Layer.PROFILE, Layer.NOTE}}
    for change in (one for one in context.kept if one.layer is Layer.CHANGE):
        facts.pop(change.why.removeprefix("replaces "), None)
        facts.pop(change.ref, None)
        if change.text:
            facts[change.ref] = _of_passage(change, context.now)
    for answer in answers:
        for item in _items(answer.result, "memories"):
            facts.setdefault(_text(item, "ref"), _of_recall(item))
        fact = _learned(answer, context)
        if fact:
            facts = {ref: one for ref, one in facts.items() if not _replaced(one, fact)} | {fact.ref: fact}
    return list(facts.values())


def left_out(context: Context, facts: Iterable[Fact]) -> list[Fact]:
    """What is remembered too, and had no room in the head: what nobody asks for is left there."""
    gone = {one.ref for one in facts}
    for change in (one for one in context.kept if one.layer is Layer.CHANGE):
        gone |= {change.ref, change.why.removeprefix("replaces ")}
    passages = (one.passage for one in context.dropped)
    kept = {one.ref: one for one in passages if one.zone is Zone.HEAD and one.layer in {Layer.PROFILE, Layer.NOTE}}
    return [_of_passage(one, context.now) for ref, one in kept.items() if ref not in gone]


def told_here(context: Context) -> list[Fact]:
    """What the user said of themselves in this conversation; where nothing is learned it still holds here."""
    facts: list[Fact] = []
    for message in (*context.turns, context.user):
        if message.role is not Role.USER:
            continue
        ref = f"s{message.session_id}.{message.turn}"
        for draft in learn(own_words(message), message.created_at.astimezone(context.now.tzinfo)):
            day = local_day(message.created_at, context.now)
            fact = Fact(ref, draft.field, draft.text, draft.quote, day, ref)
            facts = [*(one for one in facts if not _replaced(one, fact)), fact]
    return facts


def without_replaced(facts: Iterable[Fact], newer: Iterable[Fact]) -> list[Fact]:
    """`facts`, then `newer`, less those of `facts` that a newer one takes the place of."""
    newer = list(newer)
    return [*(one for one in facts if not any(_replaced(one, new) for new in newer)), *newer]


def said_before(context: Context, answers: Iterable[ToolAnswer]) -> list[Said]:
    """Past words found for this turn, best first: recalled, then shown."""
    found = [
        Said(_text(item, "ref"), _text(item, "text"), _day(_text(item, "at")), _speaker(item))
        for answer in answers
        for item in _items(answer.result, "found")
    ]
    shown = (one for one in context.kept if one.layer is Layer.EPISODE)
    found += [Said(one.ref, one.text, local_day(one.at, context.now), one.speaker or "assistant") for one in shown]
    return found


def earlier_here(context: Context) -> list[Said]:
    """What the user said earlier in this conversation, newest first; what was only passed on is told as that."""
    found = []
    for one in reversed([message for message in context.turns if message.role is Role.USER]):
        what, words = request(one.parts)
        ref, day = f"s{one.session_id}.{one.turn}", local_day(one.created_at, context.now)
        found += [Said(ref, words, day, "pasted" if what else "user")] if words else []
    return found


def _of_passage(passage: Passage, now: datetime) -> Fact:
    return Fact(passage.ref, passage.field, passage.text, passage.quote, local_day(passage.at, now), passage.source)


def _of_recall(item: dict[str, object]) -> Fact:
    text = {name: _text(item, name) for name in ("ref", "field", "text", "quote", "source")}
    return Fact(**(text | {"field": text["field"].replace("note", "")}), day=_day(_text(item, "at")))


def _learned(answer: ToolAnswer, context: Context) -> Fact | None:
    """What the `remember` tool has just kept; what waits for the user's yes is not known yet."""
    if answer.name != "remember" or answer.result.get("status") not in {"active", "refreshed"}:
        return None
    field = _text(answer.arguments, "field").replace("note", "")
    source = f"s{context.user.session_id}.{context.user.turn}"
    text, quote = _text(answer.arguments, "text"), _text(answer.arguments, "quote")
    return Fact(_text(answer.result, "id"), field, text, quote, context.now.date(), source)


def _replaced(old: Fact, new: Fact) -> bool:
    single = bool(new.field) and new.field != "goals" and old.field == new.field
    return single or (old.field == new.field and folded(old.text) == folded(new.text))


def local_day(at: datetime | None, now: datetime) -> date | None:
    """The day of `at` in the zone of `now`."""
    return at.astimezone(now.tzinfo).date() if at else None


def _day(text: str) -> date | None:
    found = re.match(r"\d{4}-\d\d-\d\d", text)
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None  # 2026-13-01: whoever wrote it, no day


def _text(item: dict[str, object], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""


def _speaker(item: dict[str, object]) -> str:
    """Who said it; whatever the tool does not call the user's is not taken for theirs."""
    found = _text(item, "speaker")
    return found if found in {"user", "pasted"} else "assistant"


def _items(result: dict[str, object], name: str) -> list[dict[str, object]]:
    value = result.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _object(content: object) -> dict[str, object]:
    if not isinstance(content, str):
        return content if isinstance(content, dict) else {}
    try:
        value = json.loads(content)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
