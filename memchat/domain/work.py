"""Work for after the talk: jobs, what a consolidation looks at, and what a model is asked for it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from memchat.domain.conversation import Session, Turn
from memchat.domain.knowledge import Memory
from memchat.domain.model import Usage


class JobKind(StrEnum):
    """What is to be done: one conversation's new turns, or the new one-shots of one model together."""

    CONSOLIDATE = "consolidate"
    ONESHOTS = "oneshots"


class JobStatus(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work. `session_id` is None for one-shots, which `model` and `host` hold together.

    `up_to` is the newest message it was made for. `lease_number` is the number of the lease it was read under;
    `error` says why it waits or failed, in words that hold nothing of what anybody wrote. `result` counts what came of
    it: `{"learned": 2, "pending": 1, "ignored": {"a question": 3}}`.
    """

    id: int
    kind: JobKind
    status: JobStatus
    session_id: int | None
    up_to: int | None
    model: str
    host: str
    attempts: int
    error: str
    not_before: datetime
    created_at: datetime
    lease_number: int = 0
    lease_owner: str = ""
    result: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stretch:
    """New turns of one session, to be taken in together.

    `turns` are those that may be learned from, oldest first, only whole messages of the active path. `mark` is where
    the session's mark stands, `up_to` the message it moves to: the last of the stretch, learned from or not.
    """

    session: Session
    turns: tuple[Turn, ...]
    mark: int | None
    up_to: int


@dataclass(frozen=True, slots=True)
class Material:
    """What one consolidation shows the model: values, so that a model of rules reads them too.

    `turns` are numbered as the reply must name them. `summary` and `title` are what the session has so far, `known`
    the memories that hold, `fields` the profile's. `session` is False for one-shots, which get no summary.
    """

    turns: tuple[tuple[int, Turn], ...]
    known: tuple[Memory, ...]
    fields: tuple[str, ...]
    now: datetime
    summary: str = ""
    title: str = ""
    session: bool = True


@dataclass(frozen=True, slots=True)
class Task:
    """A question whose answer is one JSON object. `schema` is its JSON schema, called `name`.

    `instructions` and `text` are what a language model reads; `material` is the same as values.
    """

    name: str
    instructions: str
    text: str
    schema: Mapping[str, Any]
    material: Material

    @property
    def schema_text(self) -> str:
        """The schema as it stands in a request whose model has to read it."""
        return json.dumps(dict(self.schema), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Completion:
    """The model's answer to a task: JSON text as it wrote it, which nobody has looked at yet.

    `usage` is None where the provider told none.
    """

    text: str
    usage: Usage | None = None
