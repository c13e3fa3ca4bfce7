"""How a model is asked for one JSON object: by a schema for its reply, by a tool it must call, or in words.

Which way a model goes by is looked up in litellm's bundled list; litellm's own question for it
(`supports_response_schema`) would ask Ollama over the network. A model that the list says nothing of, and any server on
this computer, is tried with all three; the schema is put into words for it each time, since many servers drop without
a word what they cannot do (llama.cpp takes a forced tool, and lets a model without tools ramble). A way that was
refused is not tried again in this process.
"""

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from memchat.domain import Completion, Finish, ModelEvent, Task, TextDelta, ToolCall, ToolSpec
from memchat.errors import MemchatError, ProviderError, UnknownModelError
from memchat.llm import loading, messages, provider_errors
from memchat.llm.providers import listed
from memchat.llm.windows import Route

LONGEST = 100_000  # characters of a reply that are read, thoughts included
# Refusals of the way, not of the request: OpenRouter says 404 when no provider of the model has it, llama.cpp 500 and
# 501 for a grammar or tools it was not started with; None is an error that came inside a stream.
_STATUSES = frozenset({None, 400, 404, 422, 500, 501})
_ABOUT_THE_WAY = re.compile(
    r"response_?format|response_?schema|json[_ ]?(schema|mode|object)|structured[_ ]output|output_(format|config)"
    r"|\btools?\b|\btool_(choice|use|calls?)\b|function[_ ]?call|grammar|guided|\bschema\b|\bformat\b",
    re.IGNORECASE,
)


class Way(Enum):
    """The ways, best first."""

    SCHEMA = "response_format"
    TOOL = "a tool that must be called"
    WORDS = "words"


_REFUSED: set[tuple[str, str, Way]] = set()  # model, address and way, for the life of the process


def ways(route: Route) -> list[Way]:
    """The ways to try, best first; the last one, words, nobody can refuse. Imports litellm; asks no network."""
    entry, passed = _entry(route), _passed_on(route)
    may = {
        Way.SCHEMA: "response_format" in passed and bool(entry.get("supports_response_schema", not entry)),
        # litellm leaves the demand away for Ollama, where a model would then call the tool or not.
        Way.TOOL: "tool_choice" in passed
        and route.provider != "ollama"
        and bool(entry.get("supports_function_calling", not entry))
        and entry.get("supports_tool_choice") is not False,
        Way.WORDS: True,
    }
    return [way for way in Way if may[way] and (way is Way.WORDS or _key(route, way) not in _REFUSED)]


def asked(task: Task, way: Way, route: Route) -> dict[str, Any]:
    """What a request holds for a task, asked in that way: its messages, and the schema or the tool."""
    spelled = way is Way.WORDS or not _entry(route)
    system = f"{task.instructions}\n\n{_in_words(task)}" if spelled else task.instructions
    request: dict[str, Any] = {
        "messages": [{"role": "system", "content": system}, {"role": "user", "content": task.text}]
    }
    # Strict modes elsewhere refuse a schema with lengths; the small models of this computer need them most.
    wanted = dict(task.schema if route.local else _unbounded(task.schema))
    if way is Way.SCHEMA:
        schema = {"name": task.name, "schema": wanted, "strict": True}
        request["response_format"] = {"type": "json_schema", "json_schema": schema}
    elif way is Way.TOOL:
        request["tools"] = messages.tool_list([ToolSpec(task.name, "Hand in the answer.", wanted)])
        request["tool_choice"] = {"type": "function", "function": {"name": task.name}}
    return request


def refused(error: MemchatError, way: Way, route: Route) -> bool:
    """Whether it was the way that was refused, and there is another; from now on it is not tried."""
    if way is Way.WORDS or not isinstance(error, ProviderError | UnknownModelError):
        return False
    chain = list(provider_errors.causes(error))
    if provider_errors.http_status(chain) not in _STATUSES:
        return False
    if not any(_ABOUT_THE_WAY.search(str(cause)) for cause in chain):
        return False
    _REFUSED.add(_key(route, way))
    return True


def answer(events: Iterable[ModelEvent], route: Route) -> Completion:
    """The reply's text, or what it handed to the tool; without its thoughts.

    Raises ProviderError when the model, or the provider's filter, would not answer.
    """
    words: list[str] = []
    handed: list[str] = []
    finish = Finish("stop")
    for event in events:
        if isinstance(event, TextDelta):
            words.append(event.text)
        elif isinstance(event, ToolCall):
            handed.append(event.arguments)
        elif isinstance(event, Finish):
            finish = event
    if finish.reason == "content_filter":
        raise ProviderError(f"{route.host} would not answer: a filter or a refusal.", provider_errors.AGAIN)
    text = handed[0] if handed else "".join(words)
    return Completion(text[:LONGEST], finish.usage)


def _unbounded(schema: Any) -> Any:
    """The schema without the longest lengths of its texts and lists."""
    if isinstance(schema, Mapping):
        return {name: _unbounded(one) for name, one in schema.items() if name not in {"maxLength", "maxItems"}}
    return [_unbounded(one) for one in schema] if isinstance(schema, list) else schema


def _in_words(task: Task) -> str:
    return (
        "Answer with one JSON object and nothing else: no fence, no words around it. "
        f'It follows the JSON schema "{task.name}":\n{task.schema_text}'
    )


def _entry(route: Route) -> Mapping[str, Any]:
    """What the list says of the model; empty where it says nothing of what it can, and for this computer's servers."""
    entry = {} if route.local else listed(route.litellm_name)
    told = [entry.get(name) for name in ("supports_response_schema", "supports_function_calling")]
    return entry if any(can is not None for can in told) else {}


def _passed_on(route: Route) -> list[str]:
    """What litellm passes on to that provider; anything else it drops, and the model would answer as it likes."""
    provider, _, model = route.litellm_name.partition("/")
    return loading.litellm().get_supported_openai_params(model=model, custom_llm_provider=provider) or []


def _key(route: Route, way: Way) -> tuple[str, str, Way]:
    return route.litellm_name, route.api_base, way
