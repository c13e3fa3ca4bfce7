"""A provider's stream, read in a thread of its own, so that waiting for it is bounded and can be interrupted.

Why a thread: litellm's time limits hold for every read alike, and we want one for the first byte (a local model may
think for minutes) and another between bytes; and Ctrl-C must land in our code, not in the middle of a library's. One
reader a call, gone when the call is over.
"""

import contextlib
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from memchat.llm.addresses import is_here

if TYPE_CHECKING:
    import httpx

SLICE = 0.2  # seconds; on Windows a wait cannot be interrupted, and `stop` has to be asked: so waits come in slices
_READY = object()
END = object()


class Silence(Exception):  # noqa: N818 - what was heard, not a kind of error that people see
    """Nothing came within the limit."""


class Stopped(Exception):  # noqa: N818 - a wish that was granted, not a kind of error that people see
    """Whoever waits was told to stop."""


def never() -> bool:
    """The answer of a call that nothing but its own end stops."""
    return False


@dataclass(frozen=True, slots=True)
class _Failed:
    """The reader's exception, on its way to the thread that waits."""

    error: Exception


class Reading:
    """One call under way. `prepare` runs first and may take its time (importing litellm); `start` makes the call;
    `cut` severs the connection under a stream (None while the call waits for its first byte). `stop` is asked in the
    thread that waits, at each chunk and several times a second between them.
    """

    def __init__(
        self,
        prepare: Callable[[], object],
        start: Callable[[], Iterable[object]],
        cut: Callable[[object], None],
        stop: Callable[[], bool] = never,
    ) -> None:
        self._prepare = prepare
        self._start = start
        self._cut = cut
        self._asked_to_stop = stop
        self._queue: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._stop = threading.Event()
        self.stream: Any = None
        self._thread = threading.Thread(target=self._run, name="memchat-reply", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Until `prepare` is done; raises what it raised, or Stopped."""
        self._take(None)

    def next(self, limit: float) -> object:
        """The next chunk, or `END`. Raises Silence after `limit` seconds, Stopped, or whatever the call raised."""
        return self._take(limit)

    def close(self) -> None:
        """End the call at once, also while it waits for bytes."""
        self._stop.set()
        if self._thread.is_alive():
            self._cut(self.stream)

    def _take(self, limit: float | None) -> object:
        until = None if limit is None else time.monotonic() + limit
        while True:
            if self._asked_to_stop():
                raise Stopped
            left = SLICE if until is None else min(SLICE, until - time.monotonic())
            try:
                taken = self._queue.get(timeout=max(left, 0))
            except queue.Empty:
                if until is not None and time.monotonic() >= until:
                    raise Silence from None
                continue
            if isinstance(taken, _Failed):
                raise taken.error
            return taken

    def _run(self) -> None:
        try:
            self._prepare()
            self._queue.put(_READY)
            if not self._stop.is_set():
                self.stream = self._start()
                self._read()
        except Exception as error:  # noqa: BLE001 - raised again in the thread that waits for the reply
            self._queue.put(_Failed(error))
        finally:
            _close(self.stream)

    def _read(self) -> None:
        for chunk in self.stream:
            if self._stop.is_set():
                return
            self._queue.put(chunk)
        self._queue.put(END)


class Wire:
    """The connections of one call to this computer: through no proxy, after no redirect, and cut at will.

    A local model that still reads the prompt notices only by its connection that nobody waits any more.
    """

    def __init__(self, address: str) -> None:
        self._encrypted = address.startswith("https:")
        self._lock = threading.Lock()
        self._opened: list[Any] = []
        self._severed = False

    def client(self) -> "httpx.Client":
        """A client of HTTP whose connections this wire knows."""
        import httpx

        # Reading the list of trusted authorities takes 15 ms, for nothing where nothing is encrypted.
        verify = True if self._encrypted else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        return httpx.Client(trust_env=False, verify=verify, event_hooks={"request": [self._watch]})

    def sever(self) -> None:
        """Cut all connections, and those that are just being opened."""
        with self._lock:
            self._severed = True
            for stream in self._opened:
                shut(stream)

    def _watch(self, request: "httpx.Request") -> None:
        request.extensions["trace"] = self._traced

    def _traced(self, event: str, info: dict[str, Any]) -> None:
        if event == "connection.connect_tcp.complete":
            if not is_here(_other_end(info["return_value"])):  # a resolver sends the name elsewhere: not a byte goes
                shut(info["return_value"])
                raise OSError("the address is not on this computer")
            with self._lock:
                self._opened.append(info["return_value"])
                if self._severed:
                    shut(info["return_value"])


def cut_remote(stream: object) -> None:
    """Cut the connection under a stream of OpenAI's client; other streams end by themselves at their next chunk."""
    response = getattr(getattr(stream, "completion_stream", None), "response", None)
    network = getattr(response, "extensions", {}).get("network_stream")
    if network is not None:
        shut(network)


def shut(network: Any) -> None:
    """Shut the socket of httpx's network stream, which wakes whoever reads from it."""
    opened = network.get_extra_info("socket")
    if opened is not None:
        with contextlib.suppress(OSError):  # it was closed already
            opened.shutdown(socket.SHUT_RDWR)


def _other_end(network: Any) -> str:
    """The host at the other end of httpx's network stream, as its socket tells it; empty where that is gone."""
    told = network.get_extra_info("server_addr")
    return str(told[0]) if told else ""


def _close(stream: object) -> None:
    """Give the connection back, or close it when the reply was not read to its end."""
    inner: Any = getattr(stream, "completion_stream", None)
    ways: tuple[Any, ...] = (inner, getattr(inner, "streaming_response", None))  # OpenAI's stream; litellm's iterator
    for closing in ways:
        if hasattr(closing, "close"):
            closing.close()
