"""Sessions, turns, messages and their parts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PartKind(StrEnum):
    """What a part of a message holds."""

    TEXT = "text"
    IMAGE = "image"
    FILE = "file"
    TOOL_CALL = "tool_call"
    TOOL_RESULT = "tool_result"


class Origin(StrEnum):
    """Where the words of a part came from; only a person's own words may teach memchat anything."""

    TYPED = "typed"
    ARGV = "argv"
    PASTE = "paste"
    STDIN = "stdin"
    FILE = "file"
    IMPORT = "import"
    TOOL = "tool"
    MODEL = "model"
    HAND = "hand"  # of a memory's source only: written with a profile or memory command


OWN_WORDS = frozenset({Origin.TYPED, Origin.ARGV})
"""Origins whose words a person wrote to memchat; all others are somebody's text passing through."""


class Role(StrEnum):
    """Who speaks in a message."""

    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


class MessageStatus(StrEnum):
    """How far a message came."""

    COMPLETE = "complete"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


class SessionKind(StrEnum):
    """`CHAT` for a conversation, `ONESHOT` for `memchat ask`."""

    CHAT = "chat"
    ONESHOT = "oneshot"


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a message. `content` is text, or JSON for tool calls (`{"arguments": ...}`).

    `name` is the file's or tool's name, `call_id` ties a tool result to its call, `barred` keeps the part out of
    recall, learning and every request.
    """

    kind: PartKind
    origin: Origin
    content: str
    name: str = ""
    mime: str = ""
    call_id: str = ""
    barred: bool = False
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a session, its parts in order. `turn` counts from 1 within the session."""

    id: int
    uid: str
    session_id: int
    turn: int
    role: Role
    parts: tuple[Part, ...]
    status: MessageStatus
    created_at: datetime
    parent: int | None = None
    model: str = ""
    host: str = ""

    @property
    def text(self) -> str:
        """The words for people: every text and file that is not barred, one after the other.

        What a model is sent tells files and pasted text apart: `memory.quoting.as_sent`.
        """
        wanted = (PartKind.TEXT, PartKind.FILE)
        return "\n\n".join(part.content for part in self.parts if part.kind in wanted and not part.barred)


@dataclass(frozen=True, slots=True)
class Turn:
    """One user message and what answered it, oldest first."""

    session_id: int
    number: int
    messages: tuple[Message, ...]

    @property
    def ref(self) -> str:
        """How people name it: `s17.4`."""
        return turn_ref(self.session_id, self.number)

    @property
    def user(self) -> Message:
        """The user's message, which opens every turn."""
        return self.messages[0]

    @property
    def reply(self) -> str:
        """What the assistant said in the end, tool calls left out; empty when nothing came."""
        spoken = (m.text for m in self.messages if m.role is Role.ASSISTANT)
        return "\n\n".join(text for text in spoken if text)


@dataclass(frozen=True, slots=True)
class Session:
    """One conversation. `turns` counts the active path, `leaf` is the newest message on it.

    `mark` is the newest message that its summary covers and that was learned from; None when there is none yet.
    """

    id: int
    uid: str
    kind: SessionKind
    title: str
    name: str
    summary: str
    topics: tuple[str, ...]
    created_at: datetime
    last_at: datetime
    model: str
    host: str
    turns: int
    learn: bool
    leaf: int | None
    mark: int | None = None

    @property
    def ref(self) -> str:
        """How people name it: `s17`."""
        return f"s{self.id}"


def turn_ref(session_id: int, turn: int) -> str:
    """`s17.4`."""
    return f"s{session_id}.{turn}"
