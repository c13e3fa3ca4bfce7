"""The composition root: the only module that names concrete classes and puts them together."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from memchat import config
from memchat.domain import (
    Mode,
    SessionKind,
)


class SystemClock:
    """The computer's own time."""

    def now(self) -> datetime:
        """This moment in the local zone."""
        return datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """How a conversation is to be opened.

    `resume` is None for a new session, "" for the newest one that is not open elsewhere, else an id (`s17`) or a name
    (a new name starts one). `mode` None takes the configured one.
    """

    model: str | None = None
    options: Mapping[str, object] = field(default_factory=dict)
    system: str | None = None
    mode: Mode | None = None
    kind: SessionKind = SessionKind.CHAT
    resume: str | None = None


class App:
    """One run of memchat: settings, and everything built from them when it is first asked for."""

    def __init__(self, settings: config.Settings, paths: config.Paths, environ: Mapping[str, str]) -> None:
        self.settings = settings
        self.paths = paths
        self.environ = environ
        self.clock = SystemClock()
        self.owner = f"{socket.gethostname()}:{os.getpid()}"
