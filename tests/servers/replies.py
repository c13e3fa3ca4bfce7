"""What the loopback server can be told to answer: replies, tool calls and faults, and its own echo-like answer."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Tool:
    """One tool call. `arguments` is sent as it stands, so broken JSON can be sent too."""

    name: str
    arguments: str = "{}"
    id: str = ""


@dataclass(frozen=True)
class Reply:
    """One answer.

    `pieces` are the text's chunks; without them `text` is cut after each word. `think` goes inside the content as
    `<think>...</think>`, `reasoning` into the field of that name. `usage` False tells none. `finish` "" ends the
    stream without a finish reason, as some servers do. `delay` is seconds before each chunk, `wait` before anything.
    `cut_after` breaks the connection after so many chunks; `clean_cut` ends the body properly there instead.
    `hang_after` goes silent after so many chunks, until the client leaves or the server closes (at most 30 s).
    `empty_choices` answers with no choice at all. `extra` are raw chunks sent before the text.
    """

    text: str = ""
    pieces: tuple[str, ...] = ()
    tools: tuple[Tool, ...] = ()
    reasoning: str = ""
    reasoning_field: str = "reasoning_content"
    think: str = ""
    finish: str | None = None
    usage: bool = True
    delay: float = 0.0
    wait: float = 0.0
    cut_after: int | None = None
    clean_cut: bool = False
    hang_after: int | None = None
    empty_choices: bool = False
    extra: tuple[Mapping[str, Any], ...] = ()

    @property
    def content(self) -> str:
        """The whole text, thinking included."""
        thought = f"<think>{self.think}</think>" if self.think else ""
        return thought + ("".join(self.pieces) or self.text)

    def chunks(self) -> list[str]:
        """The text's pieces as they are streamed."""
        if self.pieces:
            return ([f"<think>{self.think}</think>"] if self.think else []) + list(self.pieces)
        return cut_words(self.content)

    @property
    def finish_reason(self) -> str:
        """What the provider says at the end; empty for nothing."""
        if self.finish is not None:
            return self.finish
        return "tool_calls" if self.tools else "stop"


@dataclass(frozen=True)
class Fault:
    """An answer that is no reply: a status with a body, verbatim."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


Answer = Reply | Fault
Script = Callable[[Body], Answer]


def cut_words(text: str) -> list[str]:
    """The text in pieces that end after each blank; never an empty piece."""
    pieces: list[str] = []
    start = 0
    for position, character in enumerate(text):
        if character in " \n":
            pieces.append(text[start : position + 1])
            start = position + 1
    return [*pieces, text[start:]] if text[start:] else pieces


def error(status: int, message: str, *, kind: str = "", code: str = "", headers: Mapping[str, str] = {}) -> Fault:
    """A fault in the words of OpenAI's wire."""
    body = {"error": {"message": message, "type": kind, "param": None, "code": code or None}}
    return Fault(status, json.dumps(body).encode(), headers)


def unauthorized() -> Fault:
    """401: the key is wrong."""
    return error(401, "Incorrect API key provided: sk-wrong.", kind="invalid_request_error", code="invalid_api_key")


def forbidden() -> Fault:
    """403: the key may not do this."""
    return error(403, "Your account may not use this model.", kind="permission_error")


def no_model(name: str = "nope") -> Fault:
    """404: no such model."""
    return error(404, f"The model `{name}` does not exist.", kind="invalid_request_error", code="model_not_found")


def rate_limited(retry_after: str = "") -> Fault:
    """429: wait."""
    headers = {"Retry-After": retry_after} if retry_after else {}
    return error(429, "Rate limit reached for requests.", kind="requests", code="rate_limit_exceeded", headers=headers)


def out_of_quota() -> Fault:
    """429 that waiting does not mend."""
    return error(429, "You exceeded your current quota.", kind="insufficient_quota", code="insufficient_quota")


def server_error(status: int = 500) -> Fault:
    """5xx."""
    return error(status, "The server had an error while processing your request.", kind="server_error")


def window_exceeded() -> Fault:
    """400: the request does not fit."""
    message = "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens."
    return error(400, message, kind="invalid_request_error", code="context_length_exceeded")


def garbage() -> Fault:
    """200 with a body that is neither JSON nor a stream."""
    return Fault(200, b"\x00\xff<html>this is not the page you look for</html>", {"Content-Type": "text/html"})


def spoken(content: object) -> str:
    """The text of a message's content, whether a string or a list of parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return ""


def last_words(body: Body) -> str:
    """What the user wrote last, without what stands before it in the same message (blocks part at blank lines)."""
    for message in reversed(body["messages"]):
        if message["role"] == "user":
            return spoken(message["content"]).rpartition("\n\n")[2]
    return ""


def echo(body: Body) -> Answer:
    """The default: a function of the request alone.

    A schema gets its smallest instance; a tool's result gets "Done."; `!tool NAME {...}` in the user's last line calls
    that tool if it was offered; anything else is said back.
    """
    schema = ((body.get("response_format") or {}).get("json_schema") or {}).get("schema")
    if schema is not None:
        return Reply(json.dumps(smallest(schema)))
    if body["messages"][-1]["role"] == "tool":
        return Reply("Done.")
    words = last_words(body)
    if words.startswith("!tool "):
        name, _, arguments = words.removeprefix("!tool ").partition(" ")
        if name in offered(body):
            return Reply(tools=(Tool(name, arguments or "{}"),))
    return Reply(f"You said: {words}")


def offered(body: Body) -> list[str]:
    """The names of the tools the request offers."""
    return [tool["function"]["name"] for tool in body.get("tools") or []]


def smallest(schema: Mapping[str, Any]) -> object:
    """The smallest value a JSON schema allows, as far as our own schemas go."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = kind[0]
    if kind == "object":
        properties: Mapping[str, Any] = schema.get("properties", {})
        wanted: Sequence[str] = schema.get("required", list(properties))
        return {name: smallest(properties[name]) for name in wanted}
    plain: dict[str, object] = {"array": [], "integer": schema.get("minimum", 0), "number": 0, "boolean": False}
    return plain.get(str(kind), "")


def from_json(value: Mapping[str, Any]) -> Answer:
    """A reply or fault as the script endpoint and `--script` take it: the fields' names, or `{"status": 500}`."""
    if "status" in value:
        headers = {str(name): str(text) for name, text in value.get("headers", {}).items()}
        return error(int(value["status"]), str(value.get("message", "fault")), headers=headers)
    fields = dict(value)
    fields["pieces"] = tuple(fields.get("pieces", ()))
    fields["extra"] = tuple(fields.get("extra", ()))
    fields["tools"] = tuple(Tool(**tool) for tool in fields.get("tools", ()))
    return Reply(**fields)
