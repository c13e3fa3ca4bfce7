"""Sums over the books: what was sent when, what resending everything would have been, what became of memories."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from memchat.domain.model import Usage


class Change(StrEnum):
    """What can become of what is remembered."""

    LEARNED = "learned"
    CONFIRMED = "confirmed"
    SUPERSEDED = "superseded"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Spent:
    """Calls of one purpose to one model within a quarter of an hour from `at` on, in UTC: no zone's day cuts one.

    `usage` is their sum; its `cost` is None for calls without a known price, which are never summed with others.
    `memory_tokens` counts what they were shown of memory.
    """

    at: datetime
    purpose: str
    model: str
    host: str
    calls: int
    usage: Usage
    memory_tokens: int


@dataclass(frozen=True, slots=True)
class Resent:
    """What a conversation sent to another process, and what it would have if each message had carried all before it.

    `turns` are those that were answered there; `sent` are prompt tokens as they were booked. `characters` is the sum
    over these turns of the words before the turn and of its question, tools left out.
    """

    session_id: int
    turns: int
    sent: int
    characters: int


@dataclass(frozen=True, slots=True)
class Changed:
    """So many memories of which `change` is true, within a quarter of an hour from `at` on, in UTC."""

    change: Change
    at: datetime
    number: int
