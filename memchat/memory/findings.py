"""A model's reply to a consolidation -> findings: found in prose, mended where broken, every type looked at by hand.

Nothing in here trusts the reply: it may be garbage, an order, or five megabytes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from memchat.memory.masking import mask
from memchat.memory.quoting import clean, cut
from memchat.memory.session import parts

READ_CHARACTERS = 100_000  # of a reply; a whole one of 200 tokens of summary and 50 facts has about 20,000
MENDED_CHARACTERS = 20_000  # of a broken one: mending takes the square of its length at worst
SUMMARY_CHARACTERS = 20_000  # that are looked at: many times the 200 tokens to which `session.fitted` cuts it
LINE_FROM = 1_000  # characters that a title or topic is made of
TITLE_CHARACTERS = 60
TOPICS, TOPIC_CHARACTERS = 8, 40
FACTS = 50
NOTE = "note"  # the field of what belongs into no field
OPS = ("add", "update", "retract")
IMPORTANCE = (1, 10)
KEYS = ("summary", "facts")  # one of them stands in every object that may be the answer
OBJECTS_TRIED = 50

NO_OBJECT = "there is no JSON object in it"
EMPTY = "the JSON object is empty"
NO_FACTS = "facts is no list"
NO_SUMMARY = "summary is no text"
EMPTY_SUMMARY = "the summary is empty"
NO_TITLE = "title is no text"
NO_TOPICS = "topics is no list of texts"


class UnreadableError(Exception):
    """The reply cannot be used. `why` is one of the fixed phrases above: it holds nothing that anybody wrote."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Fact:
    """What a model proposes, its types right and nothing else checked.

    `turn` is the number that the turn had in the request; `target` the id of a known memory or empty; `field` a profile
    field, or empty for a note. `importance` is within 1 to 10.
    """

    op: str
    target: str
    field: str
    text: str
    turn: int
    quote: str
    importance: int
    lasting: bool


@dataclass(frozen=True, slots=True)
class Findings:
    """What one reply holds. Secrets are masked and control characters gone from title, summary and topics.

    `summary` has a line for each part, and is not yet cut to its tokens. `malformed` facts were left out; `unread` are
    those beyond the first `FACTS`, which nobody looked at. `silent`: the reply says that there is nothing to summarise.
    """

    title: str = ""
    summary: str = ""
    topics: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    malformed: int = 0
    unread: int = 0
    silent: bool = False


def read(text: str, *, session: bool = False) -> Findings:
    """What the reply says. `session` tells that a summary is wanted (`task.material.session`), and must not be empty.

    null stands for what is missing. Raises UnreadableError, and nothing else, whatever the text.
    """
    found = _object(text[:READ_CHARACTERS])
    if not found:
        raise UnreadableError(EMPTY)
    proposed = _or(found, "facts", []) if "facts" in found else None  # a reply that was cut short has none
    if not isinstance(proposed, list):
        raise UnreadableError(NO_FACTS)
    title, summary, topics = _about(found)
    silent = not summary and bool(clean(_or(found, "summary", "")[:SUMMARY_CHARACTERS]))
    if session and not (summary or silent):
        raise UnreadableError(EMPTY_SUMMARY)
    facts = [_fact(one) for one in proposed[:FACTS]]
    good = tuple(fact for fact in facts if fact is not None)
    return Findings(title, summary, topics, good, len(facts) - len(good), max(0, len(proposed) - FACTS), silent)


# Finding the object.


def _object(text: str) -> Mapping[str, Any]:
    """The first JSON object that could be the answer, whole or mended; any other where there is none such."""
    whole = _whole_objects(text)
    if likely := [found for found in whole if any(key in found for key in KEYS)]:
        return likely[0]
    mended = _mended(text)
    if isinstance(mended, dict):
        return mended
    if not whole:
        raise UnreadableError(NO_OBJECT)
    return whole[0]


def _whole_objects(text: str) -> list[dict[str, Any]]:
    """The outermost JSON objects in the text, what stands between them passed over."""
    decoder = json.JSONDecoder()
    found: list[dict[str, Any]] = []
    place = text.find("{")
    for _ in range(OBJECTS_TRIED):
        if place < 0:
            break
        try:
            value, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            end = place + 1
        else:
            found.append(value)
        place = text.find("{", end)
    return found


def _mended(text: str) -> object:
    """What a broken object seems to mean, read from the brace before the first of its keys; None without one."""
    first = min((place for key in KEYS if (place := text.find(key)) >= 0), default=len(text))
    start = text.rfind("{", 0, first)
    start = start if start >= 0 else text.find("{", first)
    if start < 0 or first == len(text):
        return None
    import json_repair

    try:
        return json_repair.loads(text[start : start + MENDED_CHARACTERS], skip_json_loads=True)
    except (ValueError, RecursionError):
        return None


# Types by hand.


def _about(found: Mapping[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    """Title, summary and topics, masked, cleaned and cut; empty where they are missing."""
    title, summary, topics = _or(found, "title", ""), found.get("summary", ""), _or(found, "topics", [])
    if not isinstance(summary, str):
        raise UnreadableError(NO_SUMMARY)
    if not isinstance(title, str):
        raise UnreadableError(NO_TITLE)
    if not isinstance(topics, list) or not all(isinstance(topic, str) for topic in topics):
        raise UnreadableError(NO_TOPICS)
    told = parts(mask(summary[:SUMMARY_CHARACTERS]).text).text
    named = dict.fromkeys(one for topic in topics[: 2 * TOPICS] if (one := _line(topic, TOPIC_CHARACTERS)))
    return _line(title, TITLE_CHARACTERS), told, tuple(named)[:TOPICS]


def _or(found: Mapping[str, Any], name: str, missing: object) -> Any:
    """What stands under the name; null is missing."""
    value = found.get(name)
    return missing if value is None else value


def _line(text: str, most: int) -> str:
    """One masked line of at most `most` characters, without the quotation marks that a model put around it."""
    return cut(clean(mask(text[:LINE_FROM]).text).strip("\"'“”「」 "), most)


def _fact(value: object) -> Fact | None:
    """The proposal, or None when a type is wrong or something is missing."""
    if not isinstance(value, dict):
        return None
    texts = [value.get(name) for name in ("field", "text", "quote")]
    op, target, lasting = value.get("op", "add"), value.get("target"), value.get("lasting")
    turn, importance = _number(value.get("turn")), _number(value.get("importance"))
    if not all(isinstance(text, str) for text in texts) or op not in OPS or not isinstance(lasting, bool):
        return None
    if turn is None or importance is None or not isinstance(target, str | None):
        return None
    field, text, quote = (str(one) for one in texts)
    low, high = IMPORTANCE
    field = clean(field)
    return Fact(
        op=op,
        target=clean(target or ""),
        field="" if field.casefold() == NOTE else field,
        text=clean(text),
        turn=turn,
        quote=quote,
        importance=min(max(importance, low), high),
        lasting=lasting,
    )


def _number(value: object) -> int | None:
    """A whole number, also where the model wrote 7.0 or "7"."""
    if isinstance(value, str) and len(value) < 10 and value.strip().isdecimal():
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
