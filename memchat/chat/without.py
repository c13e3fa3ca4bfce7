"""Asking the newest message again without one thing of memory, beside the reply that stands: nothing of it is kept.

The request is the one that a retry would send, less the lines of that one thing; tools that look things up leave it
out, and what a tool would write is not written. Only the books tell of it, for it was paid for.
"""

import json
import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from memchat.chat.events import Assembled, Event, TurnFinished
from memchat.chat.exchange import Exchange
from memchat.chat.rounds import Rounds
from memchat.chat.standing import Standing
from memchat.chat.tool_calls import Moment, Result, Tools, as_json
from memchat.domain import Context, Passage, ToolCall, ToolSpec, Turn, Usage
from memchat.errors import MemchatError, NotFoundError
from memchat.memory import prompt

PURPOSE = "without"  # what its calls are booked as
READING = frozenset({"recall", "read_session"})  # tools that only look; the others write or ask
NOT_DONE = as_json({"note": "this answer is only a trial: nothing is written, and nobody is asked; say nothing of it"})
_SENTENCE = re.compile(r"(?<=[.!?…])[ \t]+(?=\S)|(?<=[。！？])(?=\S)")


class Kind(StrEnum):
    """What became of pieces of the reply that stands."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Difference:
    """Pieces of two replies in a row that are the same, or only in one of them."""

    kind: Kind
    pieces: tuple[str, ...]


class Trial:
    """The newest message, to be asked again without `ref`: a memory `m12`, a past turn `s17.4`, a summary `s17`.

    Raises NotFoundError when nothing was answered yet, or when that was no part of the request; SessionBusyError when
    the conversation was changed elsewhere.
    """

    def __init__(self, standing: Standing, ref: str) -> None:
        self._standing = standing
        self._newest = standing.path.newest("There is nothing to ask again.")
        if not self._newest.reply:
            raise NotFoundError("Your newest message has no reply to stand beside.", "/retry asks again.")
        self._head = standing.built(self._newest.session_id, standing.clock.now())
        self._working = standing.working()
        self.ref = ref
        self.left_out: tuple[Passage, ...] = ()
        self._exchange = self._prepared()

    @property
    def before(self) -> str:
        """The reply that stands."""
        return self._newest.reply

    @property
    def turn(self) -> Turn:
        """The turn that is asked again."""
        return self._newest

    @property
    def reply(self) -> str:
        """What has come of the other reply so far."""
        return self._exchange.reply

    @property
    def usage(self) -> Usage:
        """What it has cost so far."""
        return self._exchange.usage

    @property
    def estimated(self) -> bool:
        """Whether the tokens are our own count."""
        return self._exchange.estimated

    def run(self) -> Generator[Event, None, None]:
        """Ask. Use with contextlib.closing; what it cost is booked however it ends. Raises what the model raises."""
        standing, exchange = self._standing, self._exchange
        toolbox = _Trying(standing.toolbox, self.ref)
        rounds = Rounds(exchange, standing.model, toolbox, standing.clock, self._refolded)
        try:
            yield Assembled(exchange.context)
            yield from rounds.run(standing.moment(exchange, standing.model, standing.path.epoch))
        except (MemchatError, KeyboardInterrupt, GeneratorExit):
            # Of a call that is broken off what came was paid for; of one that brought nothing nobody knows.
            exchange.end(standing.clock.now(), exchange.reason, Usage() if exchange.silent else None)
            raise
        finally:
            self._book()
        yield TurnFinished(exchange.reply, exchange.reason, exchange.usage, exchange.memory_tokens, (), ())

    def _prepared(self) -> Exchange:
        """The request; the same as a retry's, but for what is left out."""
        standing = self._standing
        context, tokens = self._assembled()
        if not self.left_out and not self._was_looked_up():
            raise NotFoundError(f"{self.ref} was not shown to the last reply.", "What was shown to it: /why")
        count = standing.assembler.counter.count
        return Exchange(context, tokens, standing.model, count, standing.clean, lambda: None)

    def _refolded(self) -> tuple[Context, int]:
        """A shorter request, where the provider says that this one does not fit: it is folded as a retry would be."""
        exchange, standing = self._exchange, self._standing
        return self._assembled(standing.compacting.refused(standing.model, exchange.sent) - exchange.rounds)

    def _assembled(self, most: int | None = None) -> tuple[Context, int]:
        standing, now = self._standing, self._standing.clock.now()
        request = standing.compacting.request(self._head, self._working, standing.model, now, most=most)
        self._head = request.head
        self.left_out = tuple(passage for passage in request.context.kept if passage.ref == self.ref)
        tokens = request.tokens - sum(passage.tokens for passage in self.left_out)
        return without(request.context, self.ref), tokens

    def _was_looked_up(self) -> bool:
        """Whether a tool showed it to the reply that stands."""
        shown = self._standing.store.usages.shown(self._newest.session_id, self._newest.number)
        return any(passage.ref == self.ref for passage in shown)

    def _book(self) -> None:
        for call in self._exchange.model_calls:
            self._standing.store.usages.record_call(replace(call, purpose=PURPOSE))


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


def difference(before: str, after: str) -> list[Difference]:
    """Two replies piece by piece, a piece being a line, of long ones a sentence: what stays, goes and comes, in order.

    Empty for two that are the same.
    """
    import difflib

    old, new = _pieces(before), _pieces(after)
    if old == new:
        return []
    found = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(Difference(Kind.SAME, tuple(old[a:b])))
        else:
            found += [Difference(Kind.GONE, tuple(old[a:b]))] if b > a else []
            found += [Difference(Kind.NEW, tuple(new[c:d]))] if d > c else []
    return found


def _pieces(text: str) -> Sequence[str]:
    return [piece for line in text.splitlines() for one in _SENTENCE.split(line) if (piece := one.strip())]
