"""The tools a model may call, `remember`, `recall`, `read_session`, `propose_forget`: which are offered, what they do.

A bad call is answered with an error for the model; it never ends the turn.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, tzinfo
from typing import TYPE_CHECKING, Any

from memchat.chat.proposing import propose_forget
from memchat.chat.tool_calls import BadCallError, Moment, Result, arguments_of, as_json, short, text_of
from memchat.chat.tool_specs import NOTE, PROPOSE_FORGET, READ_SESSION, RECALL, remember_spec
from memchat.domain import (
    Layer,
    Mode,
    Passage,
    ToolCall,
    ToolSpec,
)
from memchat.memory import learning
from memchat.memory.budget import fit
from memchat.ports import Store

if TYPE_CHECKING:
    from memchat.memory.recalling import Recall

FOUND = 40  # exchanges and memories together at most, before the budget


class ToolBox:
    """The tools of one conversation, on one store. `write` is `memory.write`; `recall` None: nothing is looked up."""

    def __init__(
        self,
        *,
        store: Store,
        mode: Mode,
        fields: Sequence[str],
        write: str = "auto",
        min_importance: int = 3,
        max_notes: int = 500,
        recall: "Callable[[], Recall] | None" = None,
    ) -> None:
        self._recalling = recall
        self._store = store
        self._rules = learning.Rules(tuple(fields), write, min_importance, max_notes)
        self._tools: dict[str, tuple[ToolSpec, Callable[[dict[str, Any], Moment], Result]]] = {}
        if mode.reads and mode.learns and write != learning.OFF:
            self._tools["remember"] = (remember_spec(self._rules.fields), self._remember)
        if mode.reads and recall is not None:
            self._tools["recall"] = (RECALL, self._recall)
            self._tools["read_session"] = (READ_SESSION, self._read_session)
        if mode.reads:
            self._tools["propose_forget"] = (PROPOSE_FORGET, self._propose_forget)

    def specs(self) -> tuple[ToolSpec, ...]:
        """What the model is offered: nothing where memory is not read, no `remember` where nothing is learned."""
        return tuple(spec for spec, _ in self._tools.values())

    def run(self, call: ToolCall, moment: Moment) -> Result:
        """Do what the model asks, or tell it what is wrong with the call. Raises StoreError only."""
        try:
            return self._tool(call.name)(arguments_of(call.arguments), moment)
        except BadCallError as error:
            content = as_json({"error": str(error)})
            return Result(content, f"{short(call.name)}: {error}", failed=True)

    def _tool(self, name: str) -> Callable[[dict[str, Any], Moment], Result]:
        if name not in self._tools:
            raise BadCallError(f"there is no tool {short(name)}")
        return self._tools[name][1]

    def _remember(self, arguments: dict[str, Any], moment: Moment) -> Result:
        # The rules that read sentences take a tenth of a second to load: not while the first prompt is being drawn.
        from memchat.chat.remembering import remember

        return remember(arguments, moment, self._store, self._rules)

    def _propose_forget(self, arguments: dict[str, Any], moment: Moment) -> Result:
        return propose_forget(arguments, moment, self._store, self._rules.fields)

    def _read_session(self, arguments: dict[str, Any], moment: Moment) -> Result:
        from memchat.chat.reading_sessions import read_session

        return read_session(arguments, moment, self._store)

    def _recall(self, arguments: dict[str, Any], moment: Moment) -> Result:
        query = text_of(arguments, "query").strip()
        if not query:
            raise BadCallError("query must not be empty")
        zone = moment.now.tzinfo
        since = _day(arguments, "since", time.min, zone)
        until = _day(arguments, "until", time.max, zone)
        if self._recalling is None:
            raise BadCallError("there is no tool recall")  # never offered; a model may call it all the same
        live = (moment.message.session_id, moment.first_live)
        seen = self._recalling().look(
            query, moment.now, since=since, until=until, live=live, limit=FOUND, count=moment.count
        )
        # What was once thought worth keeping says most in the fewest words, so it may take half.
        kept = fit([one for one in seen.kept if one.layer is not Layer.EPISODE], moment.tokens // 2, "recall")
        told = fit([one for one in seen.kept if one.layer is Layer.EPISODE], moment.tokens - kept.tokens, "recall")
        content = as_json(
            {
                "found": [_episode(passage, zone) for passage in told.kept],
                "memories": [_memory(passage, zone) for passage in kept.kept],
            }
        )
        counts = f"{len(told.kept)} exchanges, {len(kept.kept)} memories"
        summary = f'recalled for "{short(query)}": {counts}'
        return Result(content, summary, shown=(*told.kept, *kept.kept))


# Arguments in, results out.


def _day(arguments: dict[str, Any], name: str, at: time, zone: tzinfo | None) -> datetime | None:
    """A moment of an ISO day in the user's zone; None when the day is left out, null or empty."""
    if not arguments.get(name):
        return None
    try:
        day = date.fromisoformat(text_of(arguments, name)[:10])
    except ValueError:
        raise BadCallError(f"{name} must be a day like 2026-11-22") from None
    # The ends of the calendar cannot be turned into other zones, and nobody talked to memchat then.
    return datetime.combine(day.replace(year=min(max(day.year, 1900), 2900)), at, zone)


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
