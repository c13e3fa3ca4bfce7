"""A small server of embeddings on loopback, for tests: OpenAI's wire, made-up vectors, faults, every request kept."""

import json
import threading
from collections import deque
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.servers.replies import Fault
from tests.servers.seen import Seen

LONGEST_HANG = 10.0  # seconds after which a hang is over, whoever waits


class EmbeddingServer:
    """The server. `script` queues answers: a Fault, "hang", or a body verbatim; else a text's vector counts letters.

    `clients` are the ports that requests came from.
    """

    def __init__(self) -> None:
        self.requests: list[Seen] = []
        self.clients: set[int] = set()
        self.closing = threading.Event()
        self.script: deque[Fault | str | Mapping[str, Any]] = deque()
        self._http = _Listener(self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """`127.0.0.1:PORT`."""
        return f"127.0.0.1:{self._http.server_address[1]}"

    @property
    def url(self) -> str:
        """The base address for OpenAI's clients."""
        return f"http://{self.address}/v1"

    @property
    def asked(self) -> list[list[str]]:
        """The texts of each request."""
        return [list(seen.body["input"]) for seen in self.requests]

    def close(self) -> None:
        """Release what hangs and stop listening."""
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def letters(text: str) -> list[float]:
    """A vector of four numbers: how often a, b, c and anything else stand in the text."""
    counts = [float(text.count(letter)) for letter in "abc"]
    return [*counts, len(text) - sum(counts)]


def answer(texts: list[str]) -> dict[str, Any]:
    """A response in OpenAI's form; the rows come last one first, as nobody promises an order."""
    rows = [{"object": "embedding", "index": n, "embedding": letters(text)} for n, text in enumerate(texts)]
    return {"object": "list", "model": "m", "data": rows[::-1], "usage": {"prompt_tokens": 1, "total_tokens": 1}}


class _Listener(ThreadingHTTPServer):
    """The socket; knows its server."""

    daemon_threads = True

    def __init__(self, owner: EmbeddingServer) -> None:
        self.owner = owner
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: _Listener

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def do_POST(self) -> None:
        """Embeddings."""
        owner = self.server.owner
        seen = Seen("POST", self.path, dict(self.headers), self.rfile.read(int(self.headers["Content-Length"])))
        owner.requests.append(seen)
        owner.clients.add(self.client_address[1])
        scripted = owner.script.popleft() if owner.script else answer(seen.body["input"])
        if scripted == "hang":
            owner.closing.wait(LONGEST_HANG)
            self.close_connection = True
        elif isinstance(scripted, Fault):
            self._send(scripted.status, scripted.body, scripted.headers)
        else:
            self._send(200, json.dumps(scripted).encode(), {})

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, text in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
