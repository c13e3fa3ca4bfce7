"""The loopback server itself: what the other tests stand on."""

import json
import subprocess
import sys
import threading
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from tests.servers import replies
from tests.servers.openai_server import Server
from tests.servers.replies import Reply, Tool

ROOT = Path(__file__).parent.parent.parent


class Answered(NamedTuple):
    """What came back."""

    status: int
    retry_after: str
    body: bytes


def post(url: str, body: object) -> Answered:
    """The answer to a POST of JSON."""
    parts = urlsplit(url)
    connection = HTTPConnection(str(parts.hostname), parts.port, timeout=10)
    with closing(connection):
        connection.request("POST", parts.path, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return Answered(answer.status, answer.headers.get("Retry-After", ""), answer.read())


def question(text: str = "Hello.", **more: object) -> dict[str, Any]:
    """A chat request."""
    return {"model": "test-model", "messages": [{"role": "user", "content": text}], **more}


def test_the_default_answer_is_a_function_of_the_request(openai_server: Server) -> None:
    """It says back what the person wrote, without what stands before it."""
    answer = json.loads(post(f"{openai_server.url}/chat/completions", question("a tail\n\nHello.")).body)
    assert answer["choices"][0]["message"]["content"] == "You said: Hello."
    assert answer["usage"]["prompt_tokens"] == 4 + 4


def test_a_tool_can_be_asked_for_in_words(openai_server: Server) -> None:
    """`!tool NAME {...}` calls it when it is offered; its result gets an answer."""
    tools = [{"type": "function", "function": {"name": "remember"}}]
    asked = question('!tool remember {"text": "x"}', tools=tools)
    message = json.loads(post(f"{openai_server.url}/chat/completions", asked).body)["choices"][0]["message"]
    assert message["tool_calls"][0]["function"] == {"name": "remember", "arguments": '{"text": "x"}'}
    asked["messages"] += [message, {"role": "tool", "tool_call_id": "call_0", "content": "kept"}]
    answer = json.loads(post(f"{openai_server.url}/chat/completions", asked).body)
    assert answer["choices"][0]["message"]["content"] == "Done."


def test_a_schema_gets_its_smallest_instance(openai_server: Server) -> None:
    """As a constrained model would at least give."""
    schema = {
        "type": "object",
        "properties": {
            "title": {"type": "string"},
            "facts": {"type": "array"},
            "op": {"enum": ["add", "update"]},
            "importance": {"type": "integer", "minimum": 1},
            "target": {"type": ["string", "null"]},
        },
    }
    wanted = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    answer = json.loads(post(f"{openai_server.url}/chat/completions", question(response_format=wanted)).body)
    value = json.loads(answer["choices"][0]["message"]["content"])
    assert value == {"title": "", "facts": [], "op": "add", "importance": 1, "target": ""}


def test_a_stream_holds_fragments_usage_and_its_end(openai_server: Server) -> None:
    """Tool calls by index, interleaved; usage last and only when asked for."""
    openai_server.script(Reply("Hi.", tools=(Tool("a", '{"query": 1}'), Tool("b", '{"query": 2}'))))
    asked = question(stream=True, stream_options={"include_usage": True})
    lines = post(f"{openai_server.url}/chat/completions", asked).body.decode().split("\n\n")
    assert lines[-2:] == ["data: [DONE]", ""]
    chunks = [json.loads(line.removeprefix("data: ")) for line in lines[:-2]]
    assert chunks[-1]["usage"]["total_tokens"] > 0
    assert chunks[-2]["choices"][0]["finish_reason"] == "tool_calls"
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks[:-1]]
    indexes = [delta["tool_calls"][0]["index"] for delta in deltas if "tool_calls" in delta]
    assert indexes == [0, 1, 0, 1, 0, 1]


def test_the_cache_hits_the_longest_common_beginning() -> None:
    """Whole messages, of any earlier request for the same model."""
    with Server() as server:
        first = question("a" * 40)
        post(f"{server.url}/chat/completions", first)
        second = {**first, "messages": [*first["messages"], {"role": "user", "content": "more"}]}
        told = json.loads(post(f"{server.url}/chat/completions", second).body)["usage"]
        assert told["prompt_tokens_details"]["cached_tokens"] == 4 + 10
        other = json.loads(post(f"{server.url}/chat/completions", {**first, "model": "another"}).body)["usage"]
        assert other["prompt_tokens_details"]["cached_tokens"] == 0


def test_requests_are_kept_verbatim(openai_server: Server) -> None:
    """Body and headers, in order."""
    post(f"{openai_server.url}/chat/completions", question("one"))
    assert openai_server.requests[0].raw == json.dumps(question("one")).encode()
    assert openai_server.requests[0].headers["Content-Type"] == "application/json"


def test_scripted_answers_come_first_and_in_order(openai_server: Server) -> None:
    """Then the default again; what nobody asked for can be counted."""
    openai_server.script(Reply("one"), Reply("two"))
    said = [
        json.loads(post(f"{openai_server.url}/chat/completions", question()).body)["choices"][0]["message"]["content"]
        for _ in range(1)
    ]
    assert said == ["one"]
    assert openai_server.left_over == 1


def test_it_runs_as_a_process_and_logs(tmp_path: Path) -> None:
    """It prints its address, takes scripts from a file and from outside, logs each body as a line, ends with stdin."""
    log, script = tmp_path / "log.jsonl", tmp_path / "script.json"
    script.write_text(json.dumps([{"text": "scripted", "tools": []}]), "utf-8")
    command = [sys.executable, "-m", "tests.servers.openai_server", "--port", "0"]
    with subprocess.Popen(
        [*command, "--log", str(log), "--script", str(script)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        url = server.stdout.readline().strip()
        first = json.loads(post(f"{url}/chat/completions", question("eins")).body)
        assert first["choices"][0]["message"]["content"] == "scripted"
        post(f"{url.removesuffix('/v1')}/_script", [{"status": 429, "headers": {"Retry-After": "1"}}, {"text": "then"}])
        assert post(f"{url}/chat/completions", question("zwei"))[:2] == (429, "1")
        post(f"{url}/chat/completions", question("花生"))
        server.stdin.close()
        assert server.wait(10) == 0
    assert [json.loads(line)["messages"][0]["content"] for line in log.read_text("utf-8").splitlines()] == [
        "eins",
        "zwei",
        "花生",
    ]


def test_closing_releases_what_hangs() -> None:
    """No test waits for a hang that nobody ended."""
    server = Server()
    server.script(Reply("One.", wait=20))
    broken: list[str] = []

    def ask() -> None:
        try:
            post(f"{server.url}/chat/completions", question(stream=True))
        except (OSError, HTTPException) as error:
            broken.append(type(error).__name__)

    client = threading.Thread(target=ask)
    client.start()
    deadline = time.monotonic() + 5
    while not server.requests and time.monotonic() < deadline:
        time.sleep(0.01)
    began = time.monotonic()
    server.close()
    client.join(5)
    assert time.monotonic() - began < 5
    assert not client.is_alive()


def test_faults_say_what_providers_say() -> None:
    """Status and words of OpenAI's wire."""
    assert [fault().status for fault in (replies.unauthorized, replies.forbidden, replies.no_model)] == [401, 403, 404]
    assert replies.rate_limited("7").headers == {"Retry-After": "7"}
    assert b"context_length_exceeded" in replies.window_exceeded().body
