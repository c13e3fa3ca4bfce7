"""`Embedder` over litellm: texts in batches, answers kept, and a rest after a failure."""

import contextlib
import math
import threading
import time
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from memchat.errors import EmbeddingError, KeyMissingError, MemchatError, UnknownModelError
from memchat.llm import loading, provider_errors
from memchat.llm.provider_errors import Failure
from memchat.llm.reading import Reading, Silence, Wire, cut_remote
from memchat.llm.stream import read
from memchat.llm.vectors import SCALE, readable
from memchat.llm.windows import NO_KEY, Route

if TYPE_CHECKING:
    import httpx

BATCH = 64  # texts a request: the least that the well-known providers take is 96
KEPT = 256  # texts whose vectors are kept: a question is asked of the index more than once
REST = 60.0  # seconds after a failure in which nobody is made to wait for the same one again
BACKOFF = (1.0, 3.0, 6.0)  # seconds before each further try, when the provider names none
CONNECT = 5.0  # seconds to open a connection
_HINT = "Past exchanges are found by their words alone until it answers."


class LiteLLMEmbedder:
    """An embedding model behind an address. `timeout` is seconds a request, `retries` further tries, where one helps.

    After a failure the same error is raised at once for a minute, so that not every message waits for it.
    """

    def __init__(
        self,
        route: Route,
        *,
        timeout: float,
        retries: int = 0,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._route = route
        self._timeout = timeout
        self._retries = retries
        self._sleep = sleep
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._dim = 0
        self._failed: tuple[float, EmbeddingError] | None = None
        self._warm = False
        self._client: Any = None

    @property
    def name(self) -> str:
        """As the user names it."""
        return self._route.name

    @property
    def dim(self) -> int:
        """Numbers a vector; 0 before the first answer."""
        return self._dim

    @property
    def host(self) -> str:
        """Where the texts go."""
        return self._route.host

    @property
    def local(self) -> bool:
        """Whether they stay on this computer."""
        return self._route.local

    @property
    def ready(self) -> bool:
        """Whether litellm is there, and the last failure long enough ago."""
        return self._warm and self._resting() is None

    def warm(self) -> None:
        """Import litellm. Sends nothing."""
        loading.warm()
        self._warm = True

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        """See `ports.Embedder`. Of a text the first 8,000 characters are sent, and a blank one not at all."""
        asked = [readable(text) for text in texts]
        known = self._known(asked)
        wanted = [text for text in dict.fromkeys(asked) if text.strip() and text not in known]
        for start in range(0, len(wanted), BATCH):
            batch = wanted[start : start + BATCH]
            known.update(zip(batch, self._tries(batch), strict=True))
        return [known.get(text) or bytes(self._dim) for text in asked]

    def _known(self, texts: Iterable[str]) -> dict[str, bytes]:
        with self._lock:
            known = {text: self._kept[text] for text in texts if text in self._kept}
            for text in known:
                self._kept.move_to_end(text)
            return known

    def _keep(self, batch: Sequence[str], vectors: Sequence[bytes]) -> None:
        with self._lock:
            self._failed = None
            self._kept.update(zip(batch, vectors, strict=True))
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)

    def _resting(self) -> EmbeddingError | None:
        with self._lock:
            if self._failed is None or self._monotonic() - self._failed[0] >= REST:
                return None
            return self._failed[1]

    def _tries(self, batch: list[str]) -> list[bytes]:
        """The vectors of one batch, tried again where that may help. Raises EmbeddingError."""
        resting = self._resting()
        if resting is not None:
            raise EmbeddingError(resting.message, resting.hint)
        for tried in range(self._retries + 1):
            try:
                vectors = self._vectors(batch, self._ask(batch))
            except Exception as error:  # the open world of providers: each cause is looked at, and raised again
                failure = self._failure(error)
                if failure.may_pass and tried < self._retries:
                    wait = failure.wait if failure.wait is not None else BACKOFF[min(tried, len(BACKOFF) - 1)]
                    self._sleep(wait)
                    continue
                raise self._refused(failure.error) from error
            self._keep(batch, vectors)
            return vectors
        raise AssertionError("unreachable")  # pragma: no cover - the last try returns or raises

    def _refused(self, cause: MemchatError) -> EmbeddingError:
        """The error that is raised, and remembered for a while."""
        message, hint = f"No vectors from {self._route.name}: {cause.message}", _HINT
        if isinstance(cause, UnknownModelError):
            message, hint = f"{self._route.host} has no embedding model {self._route.name}.", cause.hint
        if isinstance(cause, KeyMissingError):
            hint = cause.hint
        error = EmbeddingError(message, hint)
        with self._lock:
            self._failed = (self._monotonic(), error)
        return error

    def _failure(self, error: Exception) -> Failure:
        if isinstance(error, MemchatError):
            return Failure(error)
        if isinstance(error, Silence):
            return Failure(provider_errors.silent(self._route, self._timeout))
        return provider_errors.explain(error, self._route)

    def _ask(self, batch: list[str]) -> Any:
        """One request, in a thread of its own, so that waiting for it is bounded and can be interrupted."""
        wire = Wire(self._route.api_base) if self._route.local else None
        cut = cut_remote if wire is None else lambda _: wire.sever()
        reading = Reading(loading.litellm, lambda: [self._call(batch, wire)], cut)
        with contextlib.closing(reading):
            reading.wait()
            self._warm = True
            return reading.next(self._timeout)

    def _call(self, batch: list[str], wire: Wire | None) -> Any:
        import httpx

        litellm = loading.litellm()
        model, address = self._way()
        request: dict[str, Any] = {
            "model": model,
            "input": batch,
            "api_base": address or None,
            "api_key": self._route.key or None,
            "encoding_format": "float",
            "num_retries": 0,
            "max_retries": 0,
            # A provider that does not know one of OpenAI's options answers without it.
            "drop_params": True,
            # The reader's own limit is the one that counts; this one lets a reader that was given up end by itself.
            "timeout": httpx.Timeout(self._timeout, connect=min(CONNECT, self._timeout)),
        }
        if self._route.headers:
            request["extra_headers"] = dict(self._route.headers)
        if not model.startswith("openai/"):
            return litellm.embedding(**request)
        if wire is None:
            return litellm.embedding(**request, client=self._kept_client(address))
        with self._new_client(address, wire.client()) as client:
            return litellm.embedding(**request, client=client)

    def _kept_client(self, address: str) -> Any:
        """One client for all requests to another computer: opening an encrypted connection takes longer than asking."""
        with self._lock:
            if self._client is None:
                self._client = self._new_client(address, None)
            return self._client

    def _new_client(self, address: str, http: "httpx.Client | None") -> Any:
        return _once()(api_key=self._route.key or NO_KEY, base_url=address or None, http_client=http)

    def _way(self) -> tuple[str, str]:
        """litellm's name and the address. On this computer, and at Ollama's, it is always OpenAI's wire: all servers
        speak it, litellm has no embeddings for Ollama's chat, and only there our own connections can be used.
        """
        prefix, _, model = self._route.litellm_name.partition("/")
        if prefix == "ollama_chat":
            return f"openai/{model}", f"{self._route.api_base.rstrip('/')}/v1"
        return (f"openai/{model}" if self._route.local else self._route.litellm_name), self._route.api_base

    def _vectors(self, batch: Sequence[str], response: Any) -> list[bytes]:
        """The vectors of a response, in the order of the texts. Raises ProviderError for one that is none."""
        rows = [(read(one, "index"), read(one, "embedding")) for one in read(response, "data") or ()]
        if any(number is not None for number, _ in rows):  # no order is promised
            by_number = {number: numbers for number, numbers in rows if isinstance(number, int)}
            rows = [(number, by_number.get(number)) for number in range(len(by_number))]
        vectors = [_signed(numbers) for _, numbers in rows]
        dims = {len(vector) for vector in vectors} | ({self._dim} if self._dim else set())
        if len(vectors) != len(batch) or len(dims) != 1 or 0 in dims:
            raise provider_errors.unreadable(self._route)
        self._dim = dims.pop()
        return vectors


def _once() -> Any:
    """OpenAI's client as a class that never tries again by itself.

    litellm takes "no retries" for "not said" here, and sets two on any client it is given: so this one cannot be told.
    """
    import openai

    class Once(openai.OpenAI):
        @property
        def max_retries(self) -> int:
            return 0

        @max_retries.setter
        def max_retries(self, _: int) -> None: ...

    return Once


def _signed(numbers: Any) -> bytes:
    """A vector as signed bytes; empty for what is no vector."""
    if not isinstance(numbers, list) or not all(isinstance(n, int | float) and math.isfinite(n) for n in numbers):
        return b""
    length = math.sqrt(math.fsum(n * n for n in numbers))
    if not length:
        return bytes(len(numbers))
    return array("b", [round(n / length * SCALE) for n in numbers]).tobytes()
