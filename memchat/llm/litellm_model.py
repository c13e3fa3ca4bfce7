"""`ChatModel` over litellm: renders a context or a task, streams the reply as our events, tries again what may pass.

litellm is imported at the first call (or by `warm`), never with this module. Address and key are passed explicitly
wherever memchat knows them; for a provider that is neither in our table nor given an address by environment or
configuration, litellm's own default address is used. litellm's own retries are off: the loop is ours, so that only what
may pass is tried again, never once a word has come, and a Retry-After is kept to. Nobody is told of the waits between.
"""

import contextlib
import math
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from memchat.domain import Completion, Context, Finish, ModelEvent, Task, ToolSpec, Usage
from memchat.errors import KeyMissingError, MemchatError
from memchat.llm import context_windows, loading, messages, provider_errors, request, seeing, structured
from memchat.llm.counting import ModelCounter, counter_of
from memchat.llm.prices import price
from memchat.llm.provider_errors import Failure
from memchat.llm.reading import END, SLICE, Reading, Silence, Stopped, Wire, cut_remote, never
from memchat.llm.stream import Fold, read, tokens_told
from memchat.llm.windows import NO_KEY, Route

FIRST_BYTE_LOCAL = 600.0  # seconds: a large model on a small computer reads its prompt slowly
CONNECT = 10.0  # seconds to open a connection
BACKOFF = (1.0, 3.0, 6.0)  # seconds before each further try, when the provider names none

warm = loading.warm


class _Broken(Exception):  # noqa: N818 - carries a failure from one try to the loop of tries
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.error.message)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class _Bounds:
    """When a call ends before the reply does: once `stop()` is true, or after so many characters."""

    stop: Callable[[], bool] = never
    characters: float = math.inf


_WHOLE = _Bounds()


class LiteLLMModel:
    """A model behind an address. `timeout` is seconds between bytes, `retries` further tries, `options` what `-o` set.

    Raises UsageError for an option that is not the user's to set.
    """

    def __init__(
        self,
        route: Route,
        *,
        timeout: float,
        retries: int,
        options: Mapping[str, object] = {},
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        request.check(options)
        self._route, self._options = request.own(route, options)
        self._timeout = timeout
        self._retries = retries
        self._sleep = sleep

    @property
    def name(self) -> str:
        """As the user names it."""
        return self._route.name

    @property
    def host(self) -> str:
        """Where the words go."""
        return self._route.host

    @property
    def local(self) -> bool:
        """Whether they stay on this computer."""
        return self._route.local

    @property
    def address_from(self) -> str:
        """The environment variable that says where, if one does."""
        return self._route.address_from

    @property
    def window(self) -> int:
        """The context window in tokens; its server may be asked for it."""
        return context_windows.find(self._route).tokens

    @property
    def window_from(self) -> str:
        """Who says how large that is, in words; empty where it is a guess."""
        return context_windows.find(self._route).source

    @property
    def counter(self) -> ModelCounter:
        """Counts as the model does, better with each answer."""
        return counter_of(self._route.litellm_name, self._route.api_base)

    @cached_property
    def sees(self) -> bool:
        """Whether it reads pictures."""
        return seeing.sees(self._route)

    def messages(self, context: Context) -> list[dict[str, Any]]:
        """The messages as they are sent, in the shape of OpenAI's wire."""
        return messages.render(context, sees=messages.holds_pictures(context) and self.sees)

    def stream(self, context: Context, tools: Sequence[ToolSpec]) -> Iterator[ModelEvent]:
        """Answer. See `ports.ChatModel`; closing the iterator cuts the connection."""
        self._need_key()
        asked = self._asked(context, tools)
        with contextlib.closing(self._tries(asked, _WHOLE)) as events:
            for event in events:
                if isinstance(event, Finish) and event.usage is not None:
                    self.counter.learn(asked["messages"], asked.get("tools", ()), event.usage.prompt_tokens)
                yield event

    def _asked(self, context: Context, tools: Sequence[ToolSpec]) -> request.Request:
        """The request for a reply. Raises ContextWindowError where it would be cut."""
        asked = request.with_tools(request.plain(self._route, self.messages(context), self._options), tools)
        return request.marked(self._with_room(asked), self._route, self.counter)

    def tokens(self, context: Context, tools: Sequence[ToolSpec]) -> int:
        """What the request costs, frames and tools included, as near as is known."""
        return self.counter.request(self.messages(context), messages.tool_list(tools))

    def complete(self, task: Task, stop: Callable[[], bool]) -> Completion | None:
        """Answer with one JSON object. See `ports.ChatModel`; a way that the provider refuses gives place to the next.

        `stop` is asked in the calling thread only, several times a second.
        """
        if stop():
            return None
        self._need_key()
        bounds = _Bounds(stop, structured.LONGEST)
        try:
            # The ways can be told only once litellm is there; nothing is sent yet.
            with contextlib.closing(Reading(loading.litellm, tuple, cut_remote, stop)) as importing:
                importing.wait()
            *ways, words = structured.ways(self._route)
            for way in ways:
                try:
                    return self._ask(task, way, bounds)
                except MemchatError as error:
                    if not structured.refused(error, way, self._route):
                        raise
            return self._ask(task, words, bounds)
        except Stopped:
            return None

    def _ask(self, task: Task, way: structured.Way, bounds: _Bounds) -> Completion:
        asked = {**request.plain(self._route, (), self._options), **structured.asked(task, way, self._route)}
        return structured.answer(self._tries(self._with_room(asked), bounds), self._route)

    def _with_room(self, asked: request.Request) -> request.Request:
        """The request; where the server would cut it, with the room that it needs. Raises ContextWindowError."""
        if self._route.provider != "ollama":
            return asked
        return request.with_room(asked, self._route, context_windows.find(self._route), self.counter)

    def _need_key(self) -> None:
        if not self._route.key and not self._route.keyless:
            hint = f"memchat keys set {self._route.provider}"
            raise KeyMissingError(f"There is no key for {self._route.provider}.", hint)

    def _tries(self, asked: request.Request, bounds: _Bounds) -> Generator[ModelEvent, None, None]:
        """The events of one call, tried again where that may help. Raises Stopped when the bounds say so."""
        tried = 0
        while True:
            try:
                yield from self._once(asked, bounds)
            except _Broken as broken:
                failure = broken.failure
                if not failure.may_pass or tried >= self._retries:
                    raise failure.error from broken.__cause__
            else:
                return
            self._pause(failure.wait if failure.wait is not None else BACKOFF[min(tried, len(BACKOFF) - 1)], bounds)
            tried += 1

    def _pause(self, seconds: float, bounds: _Bounds) -> None:
        """Wait before the next try; in slices where somebody may stop it."""
        step = seconds if bounds.stop is never else SLICE
        while seconds > 0:
            if bounds.stop():
                raise Stopped
            self._sleep(min(step, seconds))
            seconds -= step

    def _once(self, asked: request.Request, bounds: _Bounds) -> Iterator[ModelEvent]:
        """One try. Raises _Broken with what went wrong; once anything came it may not be tried again."""
        wire = Wire(self._route.api_base) if self._route.local else None
        cut = cut_remote if wire is None else lambda _: wire.sever()
        fold = Fold()
        started = Reading(loading.litellm, lambda: self._start(asked, wire), cut, bounds.stop)
        with contextlib.closing(started) as reading:
            try:
                reading.wait()
                for chunk in self._chunks(reading):
                    yield from fold.feed(chunk)
                    if fold.length >= bounds.characters:
                        break
                else:
                    self._check_end(reading, fold)
            except Stopped:
                raise
            except Exception as error:  # the open world of providers: each cause is looked at, and raised again
                yield from fold.rest()
                raise _Broken(self._failure(error, began=fold.spoke)) from error
            yield from self._end(reading, fold)

    def _start(self, asked: request.Request, wire: Wire | None) -> Iterable[object]:
        """Make the call, in the reader's thread."""
        import httpx

        litellm = loading.litellm()
        if self._route.headers:
            asked = {**asked, "extra_headers": dict(self._route.headers)}
        if wire is not None:
            asked = {**asked, "client": self._local_client(wire.client(), litellm)}
        # The reader's own limit is the one that counts; this one lets a reader that was given up end by itself.
        limit = httpx.Timeout(self._limits()[0] + CONNECT, connect=min(CONNECT, self._timeout))
        chunks: Iterable[object] = litellm.completion(**asked, timeout=limit)
        return chunks

    def _local_client(self, client: Any, litellm: Any) -> Any:
        """The wire in the wrapping that litellm wants: OpenAI's client for its own wire, else its own handler."""
        if not self._route.litellm_name.startswith("openai/"):
            return litellm.HTTPHandler(client=client)
        import openai

        return openai.OpenAI(
            api_key=self._route.key or NO_KEY, base_url=self._route.api_base, http_client=client, max_retries=0
        )

    def _limits(self) -> tuple[float, float]:
        """Seconds to the first byte, and between bytes."""
        return (max(FIRST_BYTE_LOCAL, self._timeout) if self._route.local else self._timeout), self._timeout

    def _chunks(self, reading: Reading) -> Iterator[object]:
        first, between = self._limits()
        chunk = reading.next(first)
        while chunk is not END:
            yield chunk
            chunk = reading.next(between)

    def _check_end(self, reading: Reading, fold: Fold) -> None:
        """litellm makes up a finish reason for a stream that just stops: see whether the provider gave one, or came at
        least as far as its usage, which is last.
        """
        if getattr(reading.stream, "received_finish_reason", "unknown") is not None or _told(reading):
            return
        if not fold.spoke:
            raise provider_errors.unreadable(self._route)
        raise provider_errors.cut(self._route)

    def _failure(self, error: Exception, *, began: bool) -> Failure:
        """What a try met, in our words; once anything came it is a cut reply, whatever broke it."""
        if isinstance(error, MemchatError):
            return Failure(error)
        if began:
            return Failure(provider_errors.cut(self._route))
        if isinstance(error, Silence):
            return Failure(provider_errors.silent(self._route, self._limits()[0]))
        return provider_errors.explain(error, self._route)

    def _end(self, reading: Reading, fold: Fold) -> Iterator[ModelEvent]:
        """The last events. litellm counts tokens by itself where nobody told them: that is not what was told."""
        told = _told(reading)
        for event in fold.end(told=bool(told)):
            if isinstance(event, Finish) and event.usage is not None:
                cached = max(event.usage.cached_tokens, *(usage.cached_tokens for usage in told))
                usage = replace(event.usage, cached_tokens=cached)
                yield replace(event, usage=replace(usage, cost=self._cost(usage)))
            else:
                yield event

    def _cost(self, usage: Usage) -> float | None:
        """US dollars by litellm's bundled prices; None for a local model and one without a known price."""
        if self._route.local:
            return None
        return price(self._route.litellm_name, usage)


def _told(reading: Reading) -> list[Usage]:
    """The usage in the chunks as they came from the provider: litellm loses some of its names when it sums up."""
    usages = [tokens_told(read(chunk, "usage")) for chunk in getattr(reading.stream, "chunks", ())]
    return [usage for usage in usages if usage.prompt_tokens]
