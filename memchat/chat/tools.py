"""The tools a model may call, `remember` and `recall`: what they are told, and what they do. A bad call is answered
with an error for the model; it never ends the turn.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Any

from memchat.chat.tool_specs import NOTE, RECALL, remember_spec
from memchat.domain import (
    Draft,
    Learned,
    Message,
    Mode,
    Passage,
    ToolCall,
    ToolSpec,
)
from memchat.memory import episodic, learning, user
from memchat.memory.budget import fit
from memchat.memory.prompt import VERSION
from memchat.memory.quoting import clean
from memchat.memory.reconcile import Ignore, reconcile
from memchat.memory.verify import verify
from memchat.ports import Store

EXCHANGES = 8  # found at most, before the budget
SEARCHED = 40  # hits looked through for those that are not on the model's screen already
SHOWN_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class Moment:
    """When a tool is called: for which message, by which model, and what stands in the request already.

    `first_live` is the oldest turn that is sent; `epoch` the erasure epoch the turn was assembled in; `count` counts
    tokens and `tokens` is what a result may cost.
    """

    message: Message
    model: str
    now: datetime
    first_live: int
    epoch: int
    count: Callable[[str], int]
    tokens: int


@dataclass(frozen=True, slots=True)
class Result:
    """What a call gave: JSON for the model, one line for people, what was learned and what was shown."""

    content: str
    summary: str
    failed: bool = False
    learned: Learned | None = None
    shown: tuple[Passage, ...] = ()


class BadCallError(Exception):
    """The model called a tool wrongly; the message is for the model."""


class ToolBox:
    """The tools of one conversation, on one store. `write` is `memory.write`, `recall` is `recall.enabled`."""

    def __init__(
        self,
        *,
        store: Store,
        mode: Mode,
        fields: Sequence[str],
        write: str = "auto",
        min_importance: int = 3,
        recall: bool = True,
    ) -> None:
        self._store = store
        self._rules = learning.Rules(tuple(fields), write, min_importance)
        self._tools: dict[str, tuple[ToolSpec, Callable[[dict[str, Any], Moment], Result]]] = {}
        if mode.reads and mode.learns and write != learning.OFF:
            self._tools["remember"] = (remember_spec(self._rules.fields), self._remember)
        if mode.reads and recall:
            self._tools["recall"] = (RECALL, self._recall)

    def specs(self) -> tuple[ToolSpec, ...]:
        """What the model is offered: nothing where memory is not read, no `remember` where nothing is learned."""
        return tuple(spec for spec, _ in self._tools.values())

    def run(self, call: ToolCall, moment: Moment) -> Result:
        """Do what the model asks, or tell it what is wrong with the call. Raises StoreError only."""
        try:
            return self._tool(call.name)(_arguments(call.arguments), moment)
        except BadCallError as error:
            content = _json({"error": str(error)})
            return Result(content, f"{_short(call.name)}: {error}", failed=True)

    def _tool(self, name: str) -> Callable[[dict[str, Any], Moment], Result]:
        if name not in self._tools:
            raise BadCallError(f"there is no tool {_short(name)}")
        return self._tools[name][1]

    def _remember(self, arguments: dict[str, Any], moment: Moment) -> Result:
        field = _text(arguments, "field")
        field = "" if field == NOTE else field
        rules = self._rules
        if field and field not in rules.fields:
            raise BadCallError(f"field must be one of: {', '.join((*rules.fields, NOTE))}")
        draft = Draft(clean(_text(arguments, "text")), _text(arguments, "quote"), field)
        verdict = rules.allowed(verify(draft, moment.message, min_importance=rules.min_importance))
        if verdict.status is None:
            return _ignored(draft, verdict.why)
        memories, now = self._store.memories, moment.now
        source = learning.source_of(verdict, moment.message, at=now, model=moment.model, version=VERSION)
        with self._store.transaction():
            if self._store.erasure.epoch() != moment.epoch:
                return _ignored(draft, "something was erased meanwhile")
            outcome = reconcile(draft, verdict, memories.all(), rules.fields, now)
            if isinstance(outcome, Ignore):
                return _ignored(draft, outcome.why)
            return _remembered(learning.keep(memories, draft, outcome, source, now))

    def _recall(self, arguments: dict[str, Any], moment: Moment) -> Result:
        query = _text(arguments, "query").strip()
        if not query:
            raise BadCallError("query must not be empty")
        zone = moment.now.tzinfo
        since = _day(arguments, "since", time.min, zone)
        until = _day(arguments, "until", time.max, zone)
        hits = [
            hit
            for hit in self._store.index.search(query, limit=SEARCHED, since=since, until=until)
            if not (hit.session_id == moment.message.session_id and hit.turn >= moment.first_live)
        ]
        known = user.matching(self._store.memories.active(moment.now), query, moment.now, moment.count)
        found = episodic.passages(hits[:EXCHANGES], query, zone, moment.count)
        # What was once thought worth keeping says most in the fewest words, so it may take half.
        kept = fit(known, moment.tokens // 2, "recall")
        told = fit(found, moment.tokens - kept.tokens, "recall")
        content = _json(
            {
                "found": [_episode(passage, zone) for passage in told.kept],
                "memories": [_memory(passage, zone) for passage in kept.kept],
            }
        )
        counts = f"{len(told.kept)} exchanges, {len(kept.kept)} memories"
        summary = f'recalled for "{_short(query)}": {counts}'
        return Result(content, summary, shown=(*told.kept, *kept.kept))


# Arguments in, results out.


def _arguments(text: str) -> dict[str, Any]:
    try:
        arguments = json.loads(text or "{}")
    except (ValueError, RecursionError):
        raise BadCallError("the arguments are no JSON") from None
    if not isinstance(arguments, dict):
        raise BadCallError("the arguments must be a JSON object")
    return arguments


def _text(arguments: dict[str, Any], name: str) -> str:
    value = arguments.get(name)
    if not isinstance(value, str):
        raise BadCallError(f"{name} must be a string")
    return value


def _day(arguments: dict[str, Any], name: str, at: time, zone: tzinfo | None) -> datetime | None:
    """A moment of an ISO day in the user's zone; None when the day is left out, null or empty."""
    if not arguments.get(name):
        return None
    try:
        day = date.fromisoformat(_text(arguments, name)[:10])
    except ValueError:
        raise BadCallError(f"{name} must be a day like 2026-11-22") from None
    # The ends of the calendar cannot be turned into other zones, and nobody talked to memchat then.
    return datetime.combine(day.replace(year=min(max(day.year, 1900), 2900)), at, zone)


def _remembered(learned: Learned) -> Result:
    memory = learned.memory
    status = "refreshed" if learned.refreshed else str(memory.stored_status)
    why = "known before, confirmed" if learned.refreshed else memory.why
    content = _json({"status": status, "id": memory.ref, "why": why})
    return Result(content, f"{status} {memory.ref}: {_short(memory.text)}", learned=learned)


def _ignored(draft: Draft, why: str) -> Result:
    content = _json({"status": "ignored", "id": None, "why": why})
    return Result(content, f"not remembered: {_short(draft.text)} ({why})")


def _episode(passage: Passage, zone: tzinfo | None) -> dict[str, str]:
    return {"ref": passage.ref, "at": _date(passage, zone), "speaker": passage.speaker, "text": passage.text}


def _memory(passage: Passage, zone: tzinfo | None) -> dict[str, str]:
    return {
        "ref": passage.ref,
        "at": _date(passage, zone),
        "field": passage.field or NOTE,
        "text": passage.text,
        "quote": passage.quote,
        "source": passage.source,
    }


def _date(passage: Passage, zone: tzinfo | None) -> str:
    return f"{passage.at.astimezone(zone):%Y-%m-%d}" if passage.at else ""


def _short(text: str) -> str:
    line = clean(text)
    return line if len(line) <= SHOWN_CHARACTERS else line[: SHOWN_CHARACTERS - 1] + "…"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
