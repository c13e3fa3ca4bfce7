"""A request beside the conversation of which nothing is kept; only the books tell of it, for it was paid for."""

from abc import ABC, abstractmethod
from collections.abc import Generator
from dataclasses import replace
from typing import ClassVar

from memchat.chat.events import Assembled, Event, TurnFinished
from memchat.chat.exchange import Exchange
from memchat.chat.rounds import Rounds
from memchat.chat.standing import Standing
from memchat.chat.tool_calls import Tools, moment_of
from memchat.domain import Context, ModelCall, Usage
from memchat.errors import MemchatError
from memchat.memory.head import Head
from memchat.memory.working import WorkingTurns

READING = frozenset({"recall", "read_session"})  # tools that only look; the others write or ask


class Unkept(ABC):
    """One request, for the newest turn of `working`; `purpose` is what its calls are booked as.

    Raises ContextWindowError when it does not fit.
    """

    purpose: ClassVar[str]

    def __init__(self, standing: Standing, working: WorkingTurns, head: Head) -> None:
        self._standing = standing
        self._working = working
        self._head = head
        count = standing.assembler.counter.count
        self._exchange = Exchange(*self._assembled(), standing.model, count, standing.clean, lambda: None)

    @property
    def reply(self) -> str:
        """What has come of the reply so far."""
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
        rounds = Rounds(exchange, standing.model, self._tools(standing.toolbox), standing.clock, self._refolded)
        epoch = standing.path.epoch
        try:
            yield Assembled(exchange.context)
            yield from rounds.run(moment_of(exchange.context, self._working, standing.model, standing.assembler, epoch))
        except (MemchatError, KeyboardInterrupt, GeneratorExit):
            # Of a call that is broken off what came was paid for; of one that brought nothing nobody knows.
            exchange.end(standing.clock.now(), exchange.reason, Usage() if exchange.silent else None)
            raise
        finally:
            for call in exchange.model_calls:
                standing.store.usages.record_call(self._booked(call))
        sent = exchange.model_calls[-1].usage.prompt_tokens
        yield TurnFinished(
            exchange.reply, exchange.reason, exchange.usage, exchange.memory_tokens, exchange.shown, (), sent=sent
        )

    @abstractmethod
    def _tools(self, tools: Tools) -> Tools:
        """Those of the conversation, as far as they leave nothing behind."""

    def _shown(self, context: Context, tokens: int) -> tuple[Context, int]:
        """The request and its tokens, as they go out."""
        return context, tokens

    def _booked(self, call: ModelCall) -> ModelCall:
        return replace(call, purpose=self.purpose)

    def _assembled(self, most: int | None = None) -> tuple[Context, int]:
        standing, now = self._standing, self._standing.clock.now()
        request = standing.compacting.request(self._head, self._working, standing.model, now, most=most)
        self._head = request.head
        return self._shown(request.context, request.tokens)

    def _refolded(self) -> tuple[Context, int]:
        """A shorter request, where the provider says that this one does not fit: folded as a retry would be."""
        exchange, standing = self._exchange, self._standing
        return self._assembled(standing.compacting.refused(standing.model, exchange.sent) - exchange.rounds)
