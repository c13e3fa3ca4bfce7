"""A request as the loopback server saw it, and the log of those."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Seen:
    """One request as it came. `left` is set when the client went away before the answer was complete."""

    method: str
    path: str
    headers: Mapping[str, str]
    raw: bytes
    left: threading.Event = field(default_factory=threading.Event)

    @property
    def body(self) -> dict[str, Any]:
        """The JSON of it."""
        body: dict[str, Any] = json.loads(self.raw)
        return body

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The messages of it."""
        messages: list[dict[str, Any]] = self.body["messages"]
        return messages


def note(log: Path | None, body: Mapping[str, Any]) -> None:
    """Append a request's body as one line, when there is a log."""
    if log is not None:
        with log.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(body, ensure_ascii=False) + "\n")
