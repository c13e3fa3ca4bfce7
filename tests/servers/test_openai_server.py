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

import pytest

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


SCHEMA = {"type": "object", "properties": {name: {"type": "string"} for name in ("title", "summary", "more")}}
TURNS = """# Known about the user
m3 location: "Berlin"

# New turns
turn 1 (2026-11-22)
user: "Find me a \\"hotel\\" in Porto, by the river."
assistant: "Hotel Douro."
turn 2
user gave piped text, 1,234 characters, begins "Dear"
assistant: "A letter."
turn 3
user: "Book it."
assistant: no reply
"""


def asking(text: str = TURNS, *, head: str = "Sum it up.", **more: object) -> dict[str, Any]:
    """A request for an object, asked in any way."""
    messages = [{"role": "system", "content": head}, {"role": "user", "content": text}]
    return {"model": "test-model", "messages": messages, **more}


def in_words(text: str = 'turn 1\nuser: "Find me a hotel in Porto."') -> dict[str, Any]:
    """A consolidation whose schema stands in the instructions."""
    return asking(text, head=f'Sum it up. It follows the JSON schema "consolidation":\n{json.dumps(SCHEMA)}')


def bound(name: str = "consolidation", schema: object = SCHEMA) -> dict[str, Any]:
    """Asked by `response_format`."""
    return asking(response_format={"type": "json_schema", "json_schema": {"name": name, "schema": schema}})


def offered(name: str) -> dict[str, Any]:
    """A tool."""
    return {"type": "function", "function": {"name": name, "parameters": SCHEMA}}


def forced(name: str = "consolidation") -> dict[str, Any]:
    """Asked by a tool that must be called."""
    return asking(tools=[offered(name)], tool_choice={"type": "function", "function": {"name": name}})


def said(url: str, body: dict[str, Any]) -> str:
    """The words of the answer, or what it hands to its tool."""
    message = json.loads(post(f"{url}/chat/completions", body).body)["choices"][0]["message"]
    calls = message.get("tool_calls")
    text: str = calls[0]["function"]["arguments"] if calls else message["content"]
    return text


@pytest.mark.parametrize("body", [bound(), forced(), in_words(TURNS)], ids=["schema", "tool", "words"])
def test_a_consolidation_is_made_of_the_turns_first_words(openai_server: Server, body: dict[str, Any]) -> None:
    """However it is asked for; what the schema does not name is left out, what it names besides is its smallest."""
    openai_server.script(Reply("for the chat"))
    assert json.loads(said(openai_server.url, body)) == {
        "title": 'Find me a "hotel" in Porto,',
        "summary": 'Wanted: Find me a "hotel" in Porto,\nResolved: Find me a "hotel" in Porto,\nPending: Book it.',
        "more": "",
    }
    assert openai_server.requests == []
    assert [seen.body for seen in openai_server.consolidations] == [body]
    assert openai_server.left_over == 1


def test_a_consolidation_without_words_of_the_user_is_valid_too(openai_server: Server) -> None:
    """One-shots have no summary; a conversation of files has no words."""
    only_facts = {"type": "object", "properties": {"facts": {"type": "array"}}, "required": ["facts"]}
    assert json.loads(said(openai_server.url, bound(schema=only_facts))) == {"facts": []}
    told = json.loads(said(openai_server.url, in_words("turn 1\nassistant: no reply")))
    assert told["summary"] == "Wanted: nothing\nResolved: nothing yet\nPending: nothing"


def test_consolidations_can_be_told_what_to_answer(openai_server: Server) -> None:
    """A text, a whole reply, a fault, a function of the request; a text goes to the tool that must be called."""
    openai_server.consolidation = "garbage"
    assert [said(openai_server.url, body) for body in (bound(), forced(), in_words())] == ["garbage"] * 3
    openai_server.consolidation = lambda body: str(len(body["messages"]))
    assert said(openai_server.url, bound()) == "2"
    openai_server.consolidation = Reply("as it stands")
    assert said(openai_server.url, forced()) == "as it stands"
    openai_server.consolidation = replies.rate_limited()
    openai_server.script_consolidations("first", replies.server_error())
    assert said(openai_server.url, bound()) == "first"
    statuses = [post(f"{openai_server.url}/chat/completions", bound()).status for _ in range(2)]
    assert statuses == [500, 429]


def test_other_objects_are_for_the_chat(openai_server: Server) -> None:
    """A `response_format` of the user's own, a tool of another name, a chat about JSON schemas."""
    for body in (bound("title"), forced("recall"), question('JSON schema "consolidation":'), question()):
        post(f"{openai_server.url}/chat/completions", body)
    assert openai_server.consolidations == []
    assert len(openai_server.requests) == 4


@pytest.mark.parametrize(
    ("refuses", "statuses"),
    [
        (["response_format"], [400, 200, 200, 200]),
        (["tools"], [200, 400, 400, 200]),
        (["tool_choice"], [200, 400, 200, 200]),
        (["response_format", "tools"], [400, 400, 400, 200]),
    ],
)
def test_it_can_be_a_server_that_cannot(refuses: list[str], statuses: list[int]) -> None:
    """It says 400 to whatever wants what it has not; such a request is seen, and eats no script."""
    with Server(refuses=refuses) as server:
        bodies = (bound(), forced(), question(tools=[offered("recall")]), in_words())
        server.script(Reply("one"), Reply("two"))
        assert [post(f"{server.url}/chat/completions", body).status for body in bodies] == statuses
        assert len(server.consolidations) == 3
        assert server.left_over == (2 if statuses[2] == 400 else 1)


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
    """It prints its address, takes scripts from a file and from outside, logs each body as a line, ends with stdin.

    Consolidations have a script and a log of their own.
    """
    log, later, script = tmp_path / "log.jsonl", tmp_path / "later.jsonl", tmp_path / "script.json"
    script.write_text(json.dumps([{"text": "{}", "for": "consolidation"}, {"text": "scripted", "tools": []}]), "utf-8")
    command = [sys.executable, "-m", "tests.servers.openai_server", "--port", "0", "--refuse", "tools"]
    with subprocess.Popen(
        [*command, "--log", str(log), "--consolidation-log", str(later), "--script", str(script)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        url = server.stdout.readline().strip()
        assert said(url, question("eins")) == "scripted"
        assert said(url, in_words()) == "{}"
        script_of = [
            {"status": 429, "headers": {"Retry-After": "1"}},
            {"text": "then"},
            {"status": 503, "for": "consolidation"},
        ]
        post(f"{url.removesuffix('/v1')}/_script", script_of)
        assert post(f"{url}/chat/completions", question("zwei"))[:2] == (429, "1")
        assert post(f"{url}/chat/completions", in_words()).status == 503
        assert json.loads(said(url, in_words()))["title"] == "Find me a hotel in Porto."
        assert post(f"{url}/chat/completions", question(tools=[offered("x")])).status == 400
        post(f"{url}/chat/completions", question("花生"))
        server.stdin.close()
        assert server.wait(10) == 0
    logged = [json.loads(line)["messages"][0]["content"] for line in log.read_text("utf-8").splitlines()]
    assert logged == ["eins", "zwei", "Hello.", "花生"]
    assert [json.loads(line)["messages"] for line in later.read_text("utf-8").splitlines()] == [
        in_words()["messages"]
    ] * 3


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
