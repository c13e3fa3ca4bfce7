"""What an export carries: every table that is not derived from others, field by field.

One `Form` is one kind of line. Left out are what can be made anew from the rest (index, vectors, words of memories, the
list of work) and what belongs to one computer (which process holds a conversation open).
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from memchat.domain import Layer, MemoryStatus, Zone
from memchat.store.record_checks import (
    HASH,
    LONGEST_LABEL,
    LONGEST_OFFSET,
    MOST_ID,
    MOST_NUMBER,
    UID,
    Check,
    a_flag,
    a_list,
    a_moment,
    a_number,
    a_text,
    a_whole,
    matching,
    one_of,
    or_null,
    some_bytes,
)


@dataclass(frozen=True, slots=True)
class Field:
    """A key of a line and its column. `check` gives what the column holds, or raises ValueError.

    `told` gives what the line holds. `names` is the form whose row a reference means, which may stand further down
    where it is `ahead`. `words` are somebody's, so that secrets in them are masked.
    """

    key: str
    check: Check
    column: str = ""
    told: Callable[[Any], object] | None = None
    names: str = ""
    ahead: bool = False
    words: bool = False

    @property
    def at(self) -> str:
        """The column."""
        return self.column or self.key


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of line: `kind` in the file, a table in the database; `parts` are rows that stand within its lines."""

    kind: str
    table: str
    fields: tuple[Field, ...]
    order: str = "id"
    within: "Form | None" = None  # rows of another table that belong to this one's
    key: str = ""  # under which they stand
    owner: str = ""  # their column that names the row they stand in

    @property
    def has_id(self) -> bool:
        """Whether its rows have a number of their own."""
        return self.order == "id"


def checked(form: Form, record: Mapping[str, object]) -> dict[str, Any]:
    """The columns of a line, and under `form.key` the unchecked rows within. Raises ValueError in words."""
    unknown = record.keys() - {one.key for one in form.fields} - {form.key, "type"}
    if unknown:
        raise ValueError(f"{_quoted(min(unknown))} is no key of a {form.kind}")
    found: dict[str, Any] = {}
    for one in form.fields:
        if one.key not in record:
            raise ValueError(f"a {form.kind} needs {_quoted(one.key)}")
        try:
            found[one.at] = one.check(record[one.key])
        except ValueError as error:
            raise ValueError(f"{_quoted(one.key)} of a {form.kind} must be {error}") from None
    return found


def told(form: Form, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as its line holds it."""
    return {one.key: one.told(row[one.at]) if one.told else row[one.at] for one in form.fields}


def _quoted(key: str) -> str:
    """A key as it may be shown: it is the file's, and may be anything."""
    return json.dumps(key[:40])


_ID = partial(a_whole, 1, MOST_ID)
_COUNT = partial(a_whole, 0, MOST_NUMBER)
_LABEL = partial(a_text, most=LONGEST_LABEL)
_OFFSET = partial(a_whole, -LONGEST_OFFSET, LONGEST_OFFSET)
_ORIGINS = ("typed", "argv", "paste", "stdin", "file", "import", "tool", "model")


def _of(kind: str, key: str, *, column: str = "", ahead: bool = False, null: bool = True) -> Field:
    """A reference to a row of that form, by its id."""
    return Field(key, or_null(_ID) if null else _ID, column or f"{key}_id", names=kind, ahead=ahead)


def _when(name: str, column: str = "", *, null: bool = False) -> tuple[Field, Field]:
    """A moment in UTC, and the minutes that the local clock was ahead of it."""
    wrap = or_null if null else (lambda check: check)
    base = column or name.removesuffix("_at")
    return Field(name, wrap(a_moment)), Field(f"{base}_offset", wrap(_OFFSET))


def _bool(key: str) -> Field:
    return Field(key, a_flag, told=bool)


def _words(key: str, *, null: bool = False) -> Field:
    return Field(key, or_null(a_text) if null else a_text, words=True)


_UID_FIELD = Field("uid", partial(matching, UID, "a UUID in small letters"))
_NUMBERED = (Field("id", _ID), _UID_FIELD)

PART = Form(
    "part",
    "parts",
    (
        *_NUMBERED,
        Field("position", _COUNT),
        Field("kind", partial(one_of, ("text", "image", "file", "tool_call", "tool_result"))),
        Field("origin", partial(one_of, _ORIGINS)),
        _words("content", null=True),
        Field("blob", or_null(_LABEL)),
        _words("name"),
        Field("mime", _LABEL),
        Field("call_id", a_text),
        _bool("barred"),
    ),
)
SOURCE = Form(
    "source",
    "sources",
    (
        *_NUMBERED,
        Field("origin", partial(one_of, (*_ORIGINS, "hand"))),
        _of("session", "session"),
        Field("turn", or_null(_COUNT)),
        _of("message", "message"),
        _of("part", "part"),
        Field("span_start", or_null(_COUNT)),
        Field("span_end", or_null(_COUNT)),
        _words("quote"),
        Field("model", _LABEL),
        Field("prompt_version", _LABEL),
        *_when("at", "at"),
    ),
)
SESSION = Form(
    "session",
    "sessions",
    (
        *_NUMBERED,
        Field("space", _LABEL),
        Field("kind", partial(one_of, ("chat", "oneshot"))),
        _words("name"),
        _words("title"),
        _bool("title_by_hand"),
        _words("summary"),
        Field("topics", partial(a_list, a_text), told=json.loads, words=True),
        Field("model", _LABEL),
        Field("host", _LABEL),
        _bool("learn"),
        _of("message", "leaf", column="leaf", ahead=True),
        _of("message", "consolidated_to", column="consolidated_to", ahead=True),
        *_when("created_at"),
        *_when("last_at"),
    ),
)
BLOB = Form(
    "blob",
    "blobs",
    (Field("hash", _LABEL), Field("data", some_bytes, told=lambda data: base64.b64encode(data).decode())),
    order="hash",
)
MESSAGE = Form(
    "message",
    "messages",
    (
        *_NUMBERED,
        _of("session", "session", null=False),
        _of("message", "parent", column="parent", ahead=True),
        Field("turn", partial(a_whole, 1, MOST_ID)),
        Field("turns", partial(a_whole, 1, MOST_ID)),
        Field("role", partial(one_of, ("user", "assistant", "tool"))),
        Field("status", partial(one_of, ("complete", "interrupted", "failed"))),
        Field("model", _LABEL),
        Field("host", _LABEL),
        _bool("learn"),
        *_when("created_at"),
    ),
    within=PART,
    key="parts",
    owner="message_id",
)
MEMORY = Form(
    "memory",
    "memories",
    (
        *_NUMBERED,
        Field("space", _LABEL),
        Field("field", _LABEL),
        _words("text"),
        Field("status", partial(one_of, tuple(MemoryStatus)[:3])),
        Field("importance", partial(a_whole, 1, 10)),
        _bool("pinned"),
        _words("why"),
        _words("why_before", null=True),
        *_when("created_at"),
        *_when("valid_from", "valid_from"),
        *_when("valid_to", "valid_to", null=True),
        *_when("last_confirmed_at"),
        _of("memory", "superseded_by", column="superseded_by", ahead=True),
        *_when("superseded_at", null=True),
        *_when("withdrawn_at", null=True),
        _of("memory", "replaces", column="replaces", ahead=True),
        Field("changed_at", a_moment),
    ),
    within=SOURCE,
    key="sources",
    owner="memory_id",
)
SHOWN = Form(
    "shown",
    "shown",
    (
        *_NUMBERED,
        _of("session", "session", null=False),
        Field("turn", _COUNT),
        _of("memory", "memory"),
        _of("session", "of_session"),
        Field("of_turn", or_null(_COUNT)),
        Field("layer", partial(one_of, tuple(Layer))),
        Field("zone", partial(one_of, tuple(Zone))),
        Field("score", a_number),
        Field("tokens", _COUNT),
        *_when("at", "at"),
    ),
)
CALL = Form(
    "call",
    "model_calls",
    (
        *_NUMBERED,
        Field("purpose", _LABEL),
        Field("model", _LABEL),
        Field("host", _LABEL),
        _of("session", "session"),
        Field("turn", or_null(_COUNT)),
        *(Field(f"{what}_tokens", _COUNT) for what in ("prompt", "completion", "cached", "memory")),
        Field("cost", or_null(a_number)),
        *_when("at", "at"),
    ),
)
SENDING = Form("sending", "sendings", (*_NUMBERED, Field("host", _LABEL), *_when("at", "at")))
TOMBSTONE = Form(
    "tombstone",
    "tombstones",
    (
        *_NUMBERED,
        Field("space", _LABEL),
        Field("field", _LABEL),
        Field("hashes", partial(a_list, partial(matching, HASH, "hashes of 32 letters")), told=json.loads),
        _bool("never"),
        *_when("at", "at"),
    ),
)
TYPED = Form("typed", "history", (*_NUMBERED, _words("text"), *_when("at", "at")))
IGNORED = Form(
    "ignored", "ignored", (Field("why", _LABEL), Field("number", _COUNT), Field("last_at", a_moment)), order="why"
)

# In the order of a file: what is named stands before what names it, but for the fields that look `ahead`.
FORMS = (SESSION, BLOB, MESSAGE, MEMORY, SHOWN, CALL, SENDING, TOMBSTONE, TYPED, IGNORED)
BY_KIND = {form.kind: form for form in FORMS}
INNER = {form.within.kind: form.within for form in FORMS if form.within}
# Tables whose rows have numbers of their own, which are never given twice.
COUNTED = tuple(form.table for form in (*FORMS, *INNER.values()) if form.has_id)
