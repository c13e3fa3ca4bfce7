"""Past conversations with questions about them, and the messages that hold the answers: two formats of JSON files.

Our own, one conversation a file, or a list of them (`chats/` holds ours; anybody may bring more):

    {"name": "mina-pottery", "kind": "companion|assistant", "language": "en",
     "people": {"user": "Mina", "assistant": "Theo"},
     "sessions": [{"at": "2026-03-03T19:05:00+01:00", "turns": [["what the user said", "what was replied"]]}],
     "questions": [{"question": "...", "answer": "...", "evidence": ["3.2u"], "kind": "single|multi|time|inference|who",
                    "asked_at": "2026-09-01T10:00:00+02:00"}]}

Evidence names a message: session (from 1), a dot, the turn in it (from 1), u for the user's words or a for the reply.
A reply may be "", as when it never came. Without `asked_at` a question is asked a day after the last session.

LoCoMo's (Maharana et al., 2024): a list of `{"sample_id", "conversation", "qa"}`. `speaker_a` is taken as the user and
`speaker_b` as the assistant, each line is a message, its id the evidence; categories 1 to 4 count, 5 has no answer.
Captions of pictures are left out: they were not said. Its text must not be committed, nor anything made from it.

Malformed evidence is split where it holds several ids, dropped where it names no message; a question without evidence
is dropped, too.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, groupby, pairwise
from pathlib import Path
from typing import Any

from memchat.domain import Role

AFTER = timedelta(days=1)
LOCOMO = "locomo"
CATEGORIES = {1: "multi-hop", 2: "temporal", 3: "open-domain", 4: "single-hop"}
_WHEN = "%I:%M %p on %d %B, %Y"  # 1:56 pm on 8 May, 2023
_SESSION = re.compile(r"session_(\d+)")
_APART = re.compile(r"[;,\s]+")


class ConversationError(Exception):
    """A file holds no conversation; the message says which place is wrong and how."""


@dataclass(frozen=True)
class Said:
    """One message; `key` is what evidence calls it, `turn` counts from 1 in its session."""

    key: str
    turn: int
    role: Role
    text: str


@dataclass(frozen=True)
class Sitting:
    """One session: when it was, and what was said."""

    at: datetime
    messages: tuple[Said, ...]


@dataclass(frozen=True)
class Question:
    """What is asked, when, and the keys of the messages that hold the answer."""

    text: str
    kind: str
    evidence: frozenset[str]
    asked_at: datetime


@dataclass(frozen=True)
class Conversation:
    """One conversation over many sessions; `user` and `assistant` are the names of the two, "" where there is none."""

    name: str
    kind: str
    language: str
    user: str
    assistant: str
    sittings: tuple[Sitting, ...]
    questions: tuple[Question, ...]

    @property
    def messages(self) -> tuple[Said, ...]:
        """All of them, in order."""
        return tuple(chain.from_iterable(sitting.messages for sitting in self.sittings))

    @property
    def text_bytes(self) -> int:
        """What was said, in bytes of UTF-8."""
        return sum(len(said.text.encode()) for said in self.messages)


def read(path: Path) -> list[Conversation]:
    """The conversations of that file, in either format. Raises ConversationError."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConversationError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise ConversationError(f"{path}: is no JSON: {error}") from None
    several = found if isinstance(found, list) else [found]
    conversations = []
    for place, one in enumerate(several):
        where = f"{path}[{place}]" if isinstance(found, list) else str(path)
        if not isinstance(one, dict):
            raise ConversationError(f"{where}: must be a JSON object")
        reader = _locomo if "conversation" in one and "qa" in one else _ours
        try:
            conversations.append(reader(one, path.stem))
        except KeyError as error:
            raise ConversationError(f"{where}: {error.args[0]} is missing") from None
        except (TypeError, AttributeError, ValueError) as error:
            raise ConversationError(f"{where}: {error}") from None
    return conversations


def _ours(found: Mapping[str, Any], stem: str) -> Conversation:
    sittings = tuple(_sitting(one, number) for number, one in enumerate(found["sessions"], 1))
    keys = {said.key for sitting in sittings for said in sitting.messages}
    if not keys:
        raise ValueError("sessions hold no message")
    for number, (one, after) in enumerate(pairwise(sittings), 2):
        if after.at < one.at:
            raise ValueError(f"session {number} is before the one above it")
    last = sittings[-1].at + AFTER
    questions = [
        Question(
            str(one["question"]),
            str(one.get("kind", "")),
            _evidence(one["evidence"], keys),
            _moment(one["asked_at"], "asked_at") if one.get("asked_at") else last,
        )
        for one in found["questions"]
    ]
    people = found.get("people", {})
    return Conversation(
        str(found.get("name", stem)),
        str(found.get("kind", "")),
        str(found.get("language", "")),
        str(people.get("user", "")),
        str(people.get("assistant", "")),
        sittings,
        tuple(one for one in questions if one.evidence),
    )


def _sitting(found: Mapping[str, Any], number: int) -> Sitting:
    said = [
        Said(f"{number}.{turn}{letter}", turn, role, str(text))
        for turn, pair in enumerate(found["turns"], 1)
        for letter, role, text in zip("ua", (Role.USER, Role.ASSISTANT), pair, strict=True)
        if str(text).strip()
    ]
    return Sitting(_moment(found["at"], f"session {number}: at"), tuple(said))


def _moment(text: str, place: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{place} must be a moment like 2026-10-01T08:12:00+02:00, not {text!r}") from None
    if moment.tzinfo is None:
        raise ValueError(f"{place} must name its offset, like +02:00")
    return moment


def _locomo(found: Mapping[str, Any], stem: str) -> Conversation:
    whole = found["conversation"]
    user, assistant = str(whole["speaker_a"]), str(whole["speaker_b"])
    sittings = tuple(_lines(whole, name, user) for name in _sessions(whole))
    keys = {said.key for sitting in sittings for said in sitting.messages}
    if not keys:
        raise ValueError("conversation holds no message")
    last = max(sitting.at for sitting in sittings) + AFTER
    questions = [
        Question(str(one["question"]), CATEGORIES[one["category"]], _evidence(one.get("evidence", ()), keys), last)
        for one in found["qa"]
        if one["category"] in CATEGORIES
    ]
    kept = tuple(one for one in questions if one.evidence)
    return Conversation(str(found.get("sample_id", stem)), LOCOMO, "en", user, assistant, sittings, kept)


def _sessions(whole: Mapping[str, Any]) -> list[str]:
    """The names of those that hold something, in order; some have a date and nothing else."""
    numbers = (int(match[1]) for name in whole if (match := _SESSION.fullmatch(name)) and whole[name])
    return [f"session_{number}" for number in sorted(numbers)]


def _lines(whole: Mapping[str, Any], name: str, user: str) -> Sitting:
    """One session; as in a chat, what the user says opens a turn."""
    said: list[Said] = []
    turn = 0
    for line in whole[name]:
        role = Role.USER if line["speaker"] == user else Role.ASSISTANT
        turn += role is Role.USER or not turn
        if str(line["text"]).strip():
            said.append(Said(str(line["dia_id"]), turn, role, str(line["text"])))
    return Sitting(datetime.strptime(whole[f"{name}_date_time"], _WHEN).replace(tzinfo=UTC), tuple(said))


def _evidence(found: Sequence[object], keys: set[str]) -> frozenset[str]:
    """The ids that name a message, whatever else stands there."""
    return frozenset(key for one in found for key in _APART.split(str(one)) if key in keys)


def turns(sitting: Sitting) -> Iterator[list[Said]]:
    """The messages of each turn."""
    for _, messages in groupby(sitting.messages, key=lambda said: said.turn):
        yield list(messages)
