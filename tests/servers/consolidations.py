"""Requests for one JSON object as the loopback server sees them: how they ask, what is answered, what is refused."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.servers.replies import Answer, Body, Reply, Tool, error, smallest, spoken

NAME = "consolidation"
# A reply's text, a whole reply, a fault, or a function of the request that makes one.
Consolidation = str | Answer | Callable[[Body], "str | Answer"]
# What a server may refuse: the words are those of real ones.
REFUSALS = {
    "response_format": "This response_format type is unavailable now",
    "tools": "registry.ollama.ai/library/test-model does not support tools",
    "tool_choice": 'tool_choice: only "auto" and "none" are supported by this model',
}
_SPELLED = re.compile(r'JSON schema "(\w+)":\n(\{.*)', re.DOTALL)
_TURN = re.compile(r"^turn \d+\b", re.MULTILINE)
_USER = re.compile(r'^user: ("(?:[^"\\]|\\.)*")', re.MULTILINE)


@dataclass(frozen=True)
class Asked:
    """What a request asks for: the schema's name, the schema, and whether the answer goes to a tool."""

    name: str
    schema: Mapping[str, Any]
    tool: bool = False


def asked(body: Body) -> Asked | None:
    """How a request asks for an object: by `response_format`, a tool it forces, or a schema in words; None if not."""
    wanted = (body.get("response_format") or {}).get("json_schema")
    if wanted is not None:
        return Asked(str(wanted.get("name", "")), wanted["schema"])
    forced = body.get("tool_choice")
    if isinstance(forced, dict):
        name = forced["function"]["name"]
        tools = {tool["function"]["name"]: tool["function"] for tool in body["tools"]}
        return Asked(name, tools[name]["parameters"], tool=True)
    found = _SPELLED.search(spoken(body["messages"][0].get("content")))
    return Asked(found[1], json.JSONDecoder().raw_decode(found[2])[0]) if found else None


def is_consolidation(body: Body) -> bool:
    """Whether the request is memchat's own, for what happens after the talk."""
    how = asked(body)
    return how is not None and how.name == NAME


def refusal(body: Body, refuses: frozenset[str]) -> Answer | None:
    """The 400 of a server that cannot do what the request wants; None when it can."""
    wants = {
        "response_format": bool(body.get("response_format") or body.get("format")),
        "tools": bool(body.get("tools")),
        "tool_choice": isinstance(body.get("tool_choice"), dict),
    }
    for name, words in REFUSALS.items():
        if name in refuses and wants[name]:
            return error(400, words, kind="invalid_request_error")
    return None


def answered(consolidation: Consolidation, body: Body) -> Answer:
    """The answer; a text is handed to the tool when the request forces one."""
    made = consolidation(body) if callable(consolidation) else consolidation
    if not isinstance(made, str):
        return made
    how = asked(body)
    return Reply(tools=(Tool(how.name, made),)) if how is not None and how.tool else Reply(made)


def consolidated(body: Body) -> str:
    """The default: what the schema asks for, made of the turns' first words, without facts.

    Wanted is the first turn, resolved all but the last, pending the last one.
    """
    how = asked(body)
    assert how is not None
    turns = first_words(spoken(body["messages"][-1]["content"])) or ["nothing"]
    resolved = "; ".join(turns[:-1][:5]) or "nothing yet"
    made = {
        "title": turns[0][:60],
        "summary": f"Wanted: {turns[0]}\nResolved: {resolved}\nPending: {turns[-1]}",
        "topics": [turns[0].split()[-1].strip(".,!?").lower()],
        "facts": [],
    }
    value = smallest(how.schema)
    assert isinstance(value, dict)
    return json.dumps({**value, **{name: one for name, one in made.items() if name in value}}, ensure_ascii=False)


def first_words(text: str) -> list[str]:
    """The first six words of the user's in each turn; a turn without words of their own is left out."""
    said = (_USER.search(turn) for turn in _TURN.split(text)[1:])
    return [" ".join(json.loads(found[1]).split()[:6]) for found in said if found is not None]
