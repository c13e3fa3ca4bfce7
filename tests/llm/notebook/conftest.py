"""Contexts made by hand, and a conversation with the notebook as an engine holds it: calls, results, reply."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from memchat.domain import (
    Context,
    Finish,
    Layer,
    Message,
    MessageStatus,
    Origin,
    Part,
    PartKind,
    Passage,
    Role,
    TextDelta,
    ToolCall,
    ToolSpec,
    Usage,
    Zone,
)
from memchat.llm.notebook.model import NotebookModel

from tests.conftest import NOW

Results = Callable[[ToolCall, dict[str, str]], object]
FIELDS = ("display_name", "preferred_language", "reply_style", "occupation", "location", "timezone", "plan", "goals")
REMEMBER = ToolSpec(
    "remember", "", {"type": "object", "properties": {"field": {"enum": [*FIELDS, "work_context", "note"]}}}
)
RECALL = ToolSpec("recall", "", {"type": "object", "properties": {"query": {"type": "string"}}})
BOTH = (REMEMBER, RECALL)
YESTERDAY = NOW - timedelta(days=1)


def a_fact(
    text: str,
    *,
    field: str = "",
    ref: str = "m1",
    quote: str | None = None,
    source: str = "s1.1",
    at: datetime = NOW,
) -> Passage:
    """A profile value or a note in the head; said in s1.1 in the same words, unless told."""
    layer = Layer.PROFILE if field else Layer.NOTE
    quote = text if quote is None else quote
    return Passage(layer, Zone.HEAD, ref, f"- {text}", text, 5, at=at, source=source, quote=quote, field=field)


def a_change(text: str, *, field: str = "", ref: str = "m9", why: str = "new", quote: str = "") -> Passage:
    """What changed since the head was built: a new or replacing memory, or with an empty text one that ended."""
    return Passage(
        Layer.CHANGE, Zone.TAIL, ref, text, text, 5, at=NOW, source="s2.1", quote=quote, field=field, why=why
    )


def a_session(text: str, *, ref: str = "s1", at: datetime = YESTERDAY, source: str = "s1.9") -> Passage:
    """One of the last conversations, summarised."""
    return Passage(Layer.SESSION, Zone.HEAD, ref, text, text, 5, at=at, source=source)


def an_episode(text: str, *, ref: str = "s17.4", at: datetime = YESTERDAY, speaker: str = "user") -> Passage:
    """A past exchange shown in the tail."""
    quote = text if speaker == "user" else ""
    return Passage(Layer.EPISODE, Zone.TAIL, ref, text, text, 5, at=at, source=ref, quote=quote, speaker=speaker)


def a_line(text: str, role: Role, *, session: int = 2, turn: int = 1, origin: Origin | None = None) -> Message:
    """One message of this conversation."""
    origin = origin or (Origin.TYPED if role is Role.USER else Origin.MODEL)
    part = Part(PartKind.TEXT, origin, text)
    return Message(turn, f"u{turn}", session, turn, role, (part,), MessageStatus.COMPLETE, NOW)


def a_context(
    text: str,
    *kept: Passage,
    before: Sequence[tuple[str, str]] = (),
    turn: int | None = None,
    origin: Origin = Origin.TYPED,
    now: datetime = NOW,
) -> Context:
    """What the notebook sees when `text` is the newest message of session 2; `before` are (user, assistant) turns."""
    turns = tuple(
        message
        for number, (said, answered) in enumerate(before, 1)
        for message in (a_line(said, Role.USER, turn=number), a_line(answered, Role.ASSISTANT, turn=number))
    )
    user = a_line(text, Role.USER, turn=turn or len(before) + 1, origin=origin)
    return Context("head", turns, "", user, now, kept=kept)


def after(context: Context, calls: Iterable[ToolCall], results: Results) -> Context:
    """The same context, with the calls and what the tools gave back."""
    calls = tuple(calls)
    asked = tuple(
        Part(PartKind.TOOL_CALL, Origin.MODEL, json.dumps({"arguments": c.arguments}), name=c.name, call_id=c.id)
        for c in calls
    )
    given = tuple(
        Part(
            PartKind.TOOL_RESULT,
            Origin.TOOL,
            json.dumps(results(c, json.loads(c.arguments)), ensure_ascii=False),
            name=c.name,
            call_id=c.id,
        )
        for c in calls
    )
    assistant = replace(a_line("", Role.ASSISTANT), parts=asked)
    return replace(context, rounds=(assistant, replace(a_line("", Role.TOOL), parts=given)))


def all_kept(call: ToolCall, _: dict[str, str]) -> object:
    """A tool box that keeps everything and finds nothing."""
    if call.name == "recall":
        return {"found": [], "memories": []}
    return {"status": "active", "id": f"m{int(call.id.rsplit('-', 1)[1]) + 50}", "why": "quote found"}


def calls_of(context: Context, tools: Sequence[ToolSpec] = BOTH) -> list[ToolCall]:
    """The tool calls of the first round."""
    return [event for event in NotebookModel().stream(context, tools) if isinstance(event, ToolCall)]


def said_to(context: Context, tools: Sequence[ToolSpec] = BOTH, results: Results = all_kept) -> str:
    """The reply, after the tool calls of the first round were answered by `results`."""
    calls = calls_of(context, tools)
    events = list(NotebookModel().stream(after(context, calls, results) if calls else context, tools))
    assert events[-1] == Finish("stop", Usage())
    assert all(isinstance(event, TextDelta) for event in events[:-1])
    return "".join(event.text for event in events if isinstance(event, TextDelta))
