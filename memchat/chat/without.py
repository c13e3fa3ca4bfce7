"""Asking the newest message again without one thing of memory, beside the reply that stands: nothing of it is kept.

The request is the one that a retry would send, less the lines of that one thing; tools that look things up leave it
out, and what a tool would write is not written. Only the books tell of it, for it was paid for.
"""

import json
from dataclasses import replace
from typing import Any

from memchat.chat.standing import Standing
from memchat.chat.tool_calls import Moment, Result, Tools, as_json
from memchat.chat.unkept import READING, Unkept
from memchat.domain import Context, Passage, ToolCall, ToolSpec
from memchat.errors import NotFoundError
from memchat.memory import prompt

NOT_DONE = as_json({"note": "this answer is only a trial: nothing is written, and nobody is asked; say nothing of it"})


class Trial(Unkept):
    """The newest message, to be asked again without `ref`: a memory `m12`, a past turn `s17.4`, a summary `s17`.

    Raises NotFoundError when nothing was answered yet, or when that was no part of the request; SessionBusyError when
    the conversation was changed elsewhere.
    """

    purpose = "without"

    def __init__(self, standing: Standing, ref: str) -> None:
        self.turn = standing.path.newest("There is nothing to ask again.")
        if not self.turn.reply:
            raise NotFoundError("Your newest message has no reply to stand beside.", "/retry asks again.")
        self.ref = ref
        self.left_out: tuple[Passage, ...] = ()
        head = standing.built(self.turn.session_id, standing.clock.now())
        super().__init__(standing, standing.working(), head)
        if not self.left_out and not self._was_looked_up():
            raise NotFoundError(f"{self.ref} was not shown to the last reply.", "What was shown to it: /why")

    @property
    def before(self) -> str:
        """The reply that stands."""
        return self.turn.reply

    def _tools(self, tools: Tools) -> Tools:
        return _Trying(tools, self.ref)

    def _shown(self, context: Context, tokens: int) -> tuple[Context, int]:
        """Less what is left out."""
        self.left_out = tuple(passage for passage in context.kept if passage.ref == self.ref)
        return without(context, self.ref), tokens - sum(passage.tokens for passage in self.left_out)

    def _was_looked_up(self) -> bool:
        """Whether a tool showed it to the reply that stands."""
        shown = self._standing.store.usages.shown(self.turn.session_id, self.turn.number)
        return any(passage.ref == self.ref for passage in shown)


class _Trying:
    """The tools of a conversation while it is tried what a reply would be without `ref`."""

    def __init__(self, tools: Tools, ref: str) -> None:
        self._tools = tools
        self._ref = ref

    def specs(self) -> tuple[ToolSpec, ...]:
        """The same as ever: a request that offers others could not be compared."""
        return self._tools.specs()

    def run(self, call: ToolCall, moment: Moment) -> Result:
        """Look without finding what is left out; do nothing else."""
        if call.name not in READING:
            return Result(NOT_DONE, f"{call.name}: not done, this is a trial")
        found = self._tools.run(call, moment)
        shown = tuple(passage for passage in found.shown if passage.ref != self._ref)
        return replace(found, content=_less(found.content, self._ref), shown=shown)


def _less(content: str, ref: str) -> str:
    """A tool's result without the entries that are called so."""
    told: dict[str, Any] = json.loads(content)
    for name, entries in told.items():
        if isinstance(entries, list):
            told[name] = [one for one in entries if not (isinstance(one, dict) and one.get("ref") == ref)]
    return as_json(told)


def without(context: Context, ref: str) -> Context:
    """The same request less the passages called `ref`; a heading under which nothing is left goes with them."""
    out = [passage for passage in context.kept if passage.ref == ref]
    head, tail = context.head, context.tail
    for passage in out:
        head = _head_less(head, passage.line)
        line = passage.line.removeprefix("- ")
        tail = "\n".join(one for one in tail.split("\n") if one not in (line, prompt.tail([line])))
    kept = tuple(passage for passage in context.kept if passage.ref != ref)
    return replace(context, head=head, tail=tail, kept=kept)


def _head_less(head: str, line: str) -> str:
    blocks, least = [], 0
    for block in head.split("\n\n"):
        left = [one for one in block.split("\n") if one != line]
        if len(left) == block.count("\n") + 1 or len(left) > 1:
            blocks.append("\n".join(left))
            least += block.startswith("# ")
    return "\n\n".join(blocks if least or len(blocks) == len(head.split("\n\n")) else [*blocks, prompt.NOTHING_KNOWN])
