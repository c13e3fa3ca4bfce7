"""Routes, contexts and a store of keys for the tests of models."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from memchat.domain import (
    Context,
    Material,
    Message,
    MessageStatus,
    ModelEvent,
    Origin,
    Part,
    PartKind,
    Role,
    Task,
    TextDelta,
)
from memchat.llm.litellm_model import LiteLLMModel
from memchat.llm.windows import Route

from tests.builders import a_message
from tests.conftest import NOW
from tests.servers.openai_server import Server

KEY = "sk-test-key-of-nobody"


def a_route(
    server: Server, *, provider: str = "openai", prefix: str = "", local: bool = True, key: str = KEY, address: str = ""
) -> Route:
    """A way to the loopback server, in the dress of any provider."""
    base = address or (f"http://{server.address}" if provider == "ollama" else server.url)
    return Route(
        name=f"{provider}/test-model",
        litellm_name=f"{prefix or provider}/test-model",
        provider=provider,
        host=server.address,
        api_base=base,
        key=key,
        local=local,
        window=8_192,
        keyless=local,
    )


def a_context(
    text: str = "Hello there.",
    *,
    head: str = "You are memchat.",
    tail: str = "",
    turns: Sequence[Message] = (),
    rounds: Sequence[Message] = (),
) -> Context:
    """One request."""
    return Context(head, tuple(turns), tail, a_message(text), NOW, rounds=tuple(rounds))


def a_model(route: Server | Route, *, retries: int = 0, timeout: float = 5, **options: object) -> LiteLLMModel:
    """The model behind the loopback server, which waits for nothing between its tries."""
    way = a_route(route) if isinstance(route, Server) else route
    return LiteLLMModel(way, timeout=timeout, retries=retries, options=options, sleep=lambda _: None)


SCHEMA = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "summary": {"type": "string"},
        "facts": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["title", "summary", "facts"],
    "additionalProperties": False,
}


def a_task(text: str = 'turn 1\nuser: "Find me a hotel in Porto."', *, name: str = "consolidation") -> Task:
    """A question whose answer is one JSON object."""
    return Task(name, "Sum it up.", text, SCHEMA, Material((), (), (), NOW))


def text_of(events: Sequence[ModelEvent]) -> str:
    """The reply's words."""
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def a_saved(role: Role, *parts: Part, number: int = 2) -> Message:
    """A saved message of these parts."""
    return Message(number, f"uid-{number}", 1, 1, role, parts, MessageStatus.COMPLETE, NOW)


def a_call(
    name: str = "recall", content: str = '{"arguments": "{}"}', *, call_id: str = "c1", barred: bool = False
) -> Part:
    """A saved tool call."""
    return Part(PartKind.TOOL_CALL, Origin.MODEL, content, name=name, call_id=call_id, barred=barred)


def a_result(content: str = "found nothing", *, call_id: str = "c1", barred: bool = False) -> Part:
    """A saved tool result."""
    return Part(PartKind.TOOL_RESULT, Origin.TOOL, content, name="recall", call_id=call_id, barred=barred)


@dataclass
class KeyRing:
    """A `KeyStore` in memory."""

    kept: dict[str, str] = field(default_factory=dict)

    def get(self, provider: str) -> str | None:
        """The key."""
        return self.kept.get(provider)

    def set(self, provider: str, key: str) -> str:
        """Keep it."""
        self.kept[provider] = key
        return "memory"

    def remove(self, provider: str) -> bool:
        """Whether there was one."""
        return self.kept.pop(provider, None) is not None

    def providers(self) -> list[str]:
        """Those with a key."""
        return sorted(self.kept)


@dataclass(frozen=True)
class Settings:
    """What `[providers.NAME]` may say."""

    api_base: str = ""
    key_env: str = ""
    window: int = 0
    num_ctx: int = 0
