"""The calls of one turn: stream, run the tools that were called, call again, until there is an answer."""

from collections.abc import Callable, Generator, Iterator, Sequence

from memchat.chat.events import Assembled, Event, ForgetProposed, MemoryChanged, Reasoning, Text, ToolUsed
from memchat.chat.exchange import Exchange
from memchat.chat.tool_calls import Moment, Tools
from memchat.domain import Context, Finish, ReasoningDelta, TextDelta, ToolCall, ToolSpec
from memchat.errors import ContextWindowError, ProviderError
from memchat.ports import ChatModel, Clock

TOOL_ROUNDS = 5  # after these the model must answer without tools (architecture.md, section 1)


class Rounds:
    """Fills an exchange. `refolded` gives a shorter context when the provider says that the request does not fit."""

    def __init__(
        self,
        exchange: Exchange,
        model: ChatModel,
        toolbox: Tools,
        clock: Clock,
        refolded: Callable[[], tuple[Context, int]],
    ) -> None:
        self._exchange = exchange
        self._model = model
        self._toolbox = toolbox
        self._clock = clock
        self._refolded = refolded

    def run(self, moment: Moment) -> Iterator[Event]:
        """Answer. Raises what the model raises, and ProviderError when it says nothing: what tools did stays."""
        exchange = self._exchange
        left = TOOL_ROUNDS
        while (calls := (yield from self._call(self._toolbox.specs() if left else ()))) and left:
            left -= 1
            exchange.close_round(self._clock.now())
            yield from self._use_tools(calls, moment)
        if not exchange.reply:
            reason = f" ({exchange.reason})" if exchange.reason not in {"", "stop"} else ""
            raise ProviderError(
                f"{self._model.name} answered nothing{reason}.", "Ask again, or choose another model (-m NAME)."
            )

    def _call(self, specs: Sequence[ToolSpec]) -> Generator[Event, None, list[ToolCall]]:
        """One call; when the request does not fit the window, one more with a shorter one."""
        try:
            return (yield from self._stream(specs))
        except ContextWindowError:
            if self._exchange.refolded or not self._exchange.silent:
                raise
        self._exchange.reassembled(*self._refolded())
        yield Assembled(self._exchange.context)
        return (yield from self._stream(specs))

    def _stream(self, specs: Sequence[ToolSpec]) -> Generator[Event, None, list[ToolCall]]:
        exchange = self._exchange
        exchange.begin()
        finish = Finish("")
        stream = self._model.stream(exchange.context, specs)
        close = getattr(stream, "close", None)
        try:
            for event in stream:
                exchange.heard()
                if not isinstance(event, Finish) and (compacted := exchange.told()) is not None:
                    yield compacted
                match event:
                    case TextDelta(text):
                        yield Text(exchange.say(text))
                    case ReasoningDelta(text):
                        yield Reasoning(text)
                    case ToolCall():
                        exchange.ask(event)
                    case _:
                        finish = event
        finally:
            if close is not None:
                close()
        return exchange.end(self._clock.now(), finish.reason, finish.usage)

    def _use_tools(self, calls: Sequence[ToolCall], moment: Moment) -> Iterator[Event]:
        exchange = self._exchange
        for call in calls:
            result = self._toolbox.run(call, moment)
            exchange.add_result(call, result.content, self._clock.now())
            exchange.add_shown(result.shown)
            if result.learned is not None:
                exchange.learned.append(result.learned)
                yield MemoryChanged(result.learned)
            if result.proposed is not None:
                yield ForgetProposed(*result.proposed)
            yield ToolUsed(call.name, result.summary, result.failed)
