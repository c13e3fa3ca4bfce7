"""A small OpenAI-compatible server on loopback, for tests: real HTTP, scripted replies, faults, every request kept.

In a test: the fixture `openai_server`, or ``with Server() as server: ...``. As a process, for terminals:
``python -m tests.servers.openai_server --port 0 [--log FILE] [--script FILE] ...`` prints its address and serves until
its stdin closes or it is ended. `POST /_script` with a JSON list queues replies from outside.

Requests of consolidations are answered by `consolidation`, kept in `consolidations` and logged apart, so that the
scripts of a chat are not eaten by what memchat asks in the background. In a script, a reply with `"for":
"consolidation"` waits for one of those. `refuses` makes it a server that cannot do `response_format`, `tools` or
`tool_choice` (a tool that must be called), and says so with a 400 to any request that wants it.

It also speaks as much of Ollama's wire (`/api/tags`, `/api/show`, `/api/chat`), Anthropic's and Gemini's as a client
needs. `pages` are JSON answers to other paths, or in place of its own; `telling` changes the usage that is told.
"""

import argparse
import json
import select
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from tests.servers import consolidations, foreign, wire
from tests.servers.consolidations import REFUSALS, Consolidation
from tests.servers.listener import Listener
from tests.servers.replies import Answer, Fault, Reply, Script, echo, from_json
from tests.servers.seen import Seen, note

LONGEST_HANG = 30.0  # seconds after which even a hang that nobody ends is over


class Server:
    """The server. `requests` are the chat requests in order, `others` all else; `answer` speaks when no script does."""

    def __init__(
        self,
        *,
        port: int = 0,
        answer: Script = echo,
        log: Path | None = None,
        consolidation_log: Path | None = None,
        refuses: Iterable[str] = (),
    ) -> None:
        self.answer = answer
        self.consolidation: Consolidation = consolidations.consolidated
        self.refuses = frozenset(refuses)
        self.models = ["test-model"]
        self.requests: list[Seen] = []
        self.consolidations: list[Seen] = []
        self.others: list[Seen] = []
        self.closing = threading.Event()
        self.cache = wire.PrefixCache()
        self.marked = foreign.MarkedCache()
        self.pages: dict[str, Any] = {}
        self.telling: Callable[[Mapping[str, Any], dict[str, Any]], dict[str, Any]] = lambda _, told: told
        self._script: deque[Answer] = deque()
        self._later: deque[str | Answer] = deque()
        self._log = log
        self._consolidation_log = consolidation_log
        self._lock = threading.Lock()
        self._http = Listener(("127.0.0.1", port), _Handler, self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._http.server_address[1])

    @property
    def address(self) -> str:
        """`127.0.0.1:PORT`."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The base address for OpenAI's clients."""
        return f"http://{self.address}/v1"

    def script(self, *answers: Answer) -> None:
        """Queue answers: each is given once, in order; then `answer` decides again."""
        with self._lock:
            self._script.extend(answers)

    def script_consolidations(self, *answers: str | Answer) -> None:
        """Queue answers to consolidations: each is given once, in order; then `consolidation` decides again."""
        with self._lock:
            self._later.extend(answers)

    def script_json(self, values: Iterable[Mapping[str, Any]]) -> None:
        """Queue replies as a script file or a POST tells them."""
        for value in values:
            queue = self.script_consolidations if value.get("for") == consolidations.NAME else self.script
            queue(from_json({name: one for name, one in value.items() if name != "for"}))

    @property
    def left_over(self) -> int:
        """How many scripted answers nobody asked for."""
        return len(self._script) + len(self._later)

    def scripted(self, otherwise: Answer) -> Answer:
        """The next answer of the script, or another."""
        with self._lock:
            return self._script.popleft() if self._script else otherwise

    def take(self, seen: Seen) -> tuple[Answer, int]:
        """The answer to a chat request, and its cached tokens; writes the request down."""
        body = seen.body
        own = consolidations.is_consolidation(body)
        with self._lock:
            (self.consolidations if own else self.requests).append(seen)
            note(self._consolidation_log if own else self._log, body)
            refused = consolidations.refusal(body, self.refuses)
            if refused is not None:
                return refused, 0
            if not own:
                answer = self._script.popleft() if self._script else self.answer(body)
                cached = self.cache.hit(body["model"], body["messages"]) if isinstance(answer, Reply) else 0
                return answer, cached
            made = self._later.popleft() if self._later else self.consolidation
        # Not under the lock: a consolidation that takes its time must not hold up a chat.
        return consolidations.answered(made, body), 0

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


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: Listener["Server"]

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def parse_request(self) -> bool:
        """As ever; a client that takes this for its proxy names host and all: the host's pages are here, too."""
        parsed = super().parse_request()
        if parsed and "://" in self.path:
            self.path = urlsplit(self.path).path
        return parsed

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        """What there is to know of the models."""
        self._page(Seen("GET", self.path, dict(self.headers), b""))

    def do_POST(self) -> None:
        """A chat, or a script for the chats to come."""
        owner = self.server.owner
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        seen = Seen("POST", self.path, dict(self.headers), raw)
        if self.path == "/_script":
            owner.script_json(json.loads(raw))
            self._json({"queued": owner.left_over})
        elif self.path in {"/v1/chat/completions", "/api/chat"}:
            self._chat(seen)
        elif self.path == "/v1/messages" or ":streamGenerateContent" in self.path:
            self._foreign(seen)
        else:
            self._page(seen)

    def _page(self, seen: Seen) -> None:
        owner = self.server.owner
        owner.others.append(seen)
        page = wire.page(self.path, owner.models, owner.pages)
        self._json(
            {"error": {"message": f"no {self.path} here"}} if page is None else page,
            status=404 if page is None else 200,
        )

    def _chat(self, seen: Seen) -> None:
        answer, cached = self.server.owner.take(seen)
        if isinstance(answer, Fault):
            self._send(answer.status, answer.body, {"Content-Type": "application/json", **answer.headers})
            return
        body = seen.body
        if answer.wait:
            self._pause(seen, answer.wait)
        told = self.server.owner.telling(body, wire.usage(answer, body["messages"], cached))
        if self.path == "/api/chat":
            lines = wire.ollama_lines(answer, body["model"], told)
            self._stream(seen, answer, (json.dumps(line).encode() + b"\n" for line in lines), "application/x-ndjson")
        elif body.get("stream"):
            asked = (body.get("stream_options") or {}).get("include_usage") and answer.usage
            values = wire.chunks(answer, body["model"], told if asked else None)
            self._stream(seen, answer, wire.events(values), "text/event-stream")
        else:
            self._json(wire.whole(answer, body["model"], told if answer.usage else None))

    def _foreign(self, seen: Seen) -> None:
        """A chat on another provider's wire: the same script, always streamed."""
        owner = self.server.owner
        owner.requests.append(seen)
        answer = owner.scripted(Reply("Good morning, Alice."))
        if isinstance(answer, Fault):
            self._send(answer.status, answer.body, {"Content-Type": "application/json", **answer.headers})
        elif self.path == "/v1/messages":
            pieces = foreign.anthropic_events(answer, seen.body, owner.marked)
            self._stream(seen, answer, pieces, "text/event-stream")
        else:
            self._stream(seen, answer, foreign.gemini_events(answer, seen.body), "text/event-stream")

    def _stream(self, seen: Seen, reply: Reply, pieces: Iterator[bytes], mime: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", mime)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for number, piece in enumerate(pieces):
                if number == reply.cut_after:
                    self._cut(clean=reply.clean_cut)
                    return
                if number == reply.hang_after:
                    self._pause(seen, LONGEST_HANG)
                    self._cut(clean=False)
                    return
                if reply.delay:
                    self._pause(seen, reply.delay)
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                self.wfile.flush()
            self.wfile.write(b"0\r\n\r\n")
        except ConnectionError:
            seen.left.set()
            self.close_connection = True

    def _pause(self, seen: Seen, seconds: float) -> None:
        """Wait, but no longer than the client or the server is there; raises ConnectionError when the client left."""
        waited = 0.0
        while waited < seconds and not self.server.owner.closing.is_set():
            step = min(0.02, seconds - waited)
            ready, _, _ = select.select([self.connection], [], [], step)
            if ready and not self.connection.recv(1, socket.MSG_PEEK):
                seen.left.set()
                raise ConnectionAbortedError
            waited += step
            if ready:
                self.server.owner.closing.wait(step)

    def _cut(self, *, clean: bool) -> None:
        """End here: with a proper last chunk, or by breaking the connection."""
        if clean:
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def _json(self, value: object, *, status: int = 200) -> None:
        self._send(status, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main(argv: list[str]) -> None:
    """Serve until stdin closes or the process is ended; the address is the first line of stdout."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, default=None, help="append each chat request's body as a JSON line")
    parser.add_argument("--consolidation-log", type=Path, default=None, help="the same for consolidations")
    parser.add_argument("--script", type=Path, default=None, help="a JSON list of replies to begin with")
    parser.add_argument("--refuse", choices=REFUSALS, action="append", default=[], help="what it answers 400 to")
    wanted = parser.parse_args(argv)
    with Server(
        port=wanted.port, log=wanted.log, consolidation_log=wanted.consolidation_log, refuses=wanted.refuse
    ) as server:
        if wanted.script is not None:
            server.script_json(json.loads(wanted.script.read_text("utf-8")))
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1:])
