"""A side question, /btw: answered from memory and from the conversation as it stands, and nothing of it is kept.

It reads what any message reads. Neither question nor answer is saved, the next message goes on as if it had not been
asked, and tools that would write or ask do nothing. Only the books tell of it, without a word: it was paid for.
"""

from collections.abc import Sequence
from dataclasses import replace

from memchat.chat.standing import Standing
from memchat.chat.tool_calls import Moment, Result, Tools, as_json
from memchat.chat.unkept import READING, Unkept
from memchat.domain import Message, MessageStatus, ModelCall, Part, Role, ToolCall, ToolSpec

NOT_KEPT = as_json({"note": "not done: this is a side question, of which nothing is kept. /remember TEXT keeps it"})


class Aside(Unkept):
    """One side question. `masked` are the kinds of secrets that were masked in it.

    Raises UsageError when nothing is asked, ContextWindowError when it does not fit.
    """

    purpose = "btw"

    def __init__(self, standing: Standing, parts: Sequence[Part]) -> None:
        kept, self.masked = standing.masked(parts)
        working = standing.working()  # first: it sees whether the conversation is still there
        self._session = standing.path.session
        number, now = self._session.id if self._session else 0, standing.clock.now()
        turn = standing.store.transcripts.next_turn(number) if self._session else 1
        working.open(Message(0, "", number, turn, Role.USER, tuple(kept), MessageStatus.COMPLETE, now))
        super().__init__(standing, working, standing.built(number, now))

    def _tools(self, tools: Tools) -> Tools:
        return _Reading(tools, cached=bool(self._standing.model.host))

    def _booked(self, call: ModelCall) -> ModelCall:
        """A part of the conversation, but of none of its turns."""
        return replace(super()._booked(call), session_id=self._session.id if self._session else None, turn=None)


class _Reading:
    """The tools of a conversation for a question that leaves nothing behind: they look, and do nothing else.

    `cached`: whether requests go where those that begin alike are cached.
    """

    def __init__(self, tools: Tools, *, cached: bool) -> None:
        self._tools = tools
        self._cached = cached

    def specs(self) -> tuple[ToolSpec, ...]:
        """The same as ever where another list would cost the cache; else those that look."""
        specs = self._tools.specs()
        return specs if self._cached else tuple(spec for spec in specs if spec.name in READING)

    def run(self, call: ToolCall, moment: Moment) -> Result:
        """Look things up; what would write or ask is not done."""
        if call.name not in READING:
            return Result(NOT_KEPT, f"{call.name}: not done, nothing of a side question is kept")
        return self._tools.run(call, moment)
