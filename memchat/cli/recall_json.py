"""What `--json` prints of searches, requests and the index: keys as interface.md section 2 promises them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from memchat.cli.json_view import Json, date
from memchat.domain import IndexHealth, Passage, Role

if TYPE_CHECKING:
    from memchat.actions.context import Outlook, Shown
    from memchat.actions.doctor import Findable


def hit_json(passage: Passage) -> Json:
    """One thing that a search found; `session` is null for a memory, `field` for all but a profile value."""
    talk, dot, _ = passage.source.partition(".")
    return {
        "id": passage.ref,
        "kind": passage.layer.value,
        "field": passage.field or None,
        "text": passage.text,
        "at": date(passage.at),
        "speaker": passage.speaker or None,
        "session": talk if dot else None,
        "source": passage.source or None,
        "title": passage.title or None,
        "score": round(passage.score, 4),
        "why": passage.why,
    }


def passage_json(passage: Passage, *, kept: bool = True, why: str = "") -> Json:
    """One thing that memory offered to a request."""
    return {
        "layer": passage.layer.value,
        "zone": passage.zone.value,
        "id": passage.ref,
        "tokens": passage.tokens,
        "score": round(passage.score, 4),
        "kept": kept,
        "why": why or passage.why,
        "text": passage.text,
        "at": date(passage.at),
    }


def body_json(model: str, messages: list[dict[str, Any]], tools: list[dict[str, Any]]) -> Json:
    """The request as it would leave, in the shape of OpenAI's wire."""
    return {"model": model, "messages": messages, **({"tools": tools} if tools else {})}


def outlook_json(seen: "Outlook", messages: list[dict[str, Any]]) -> Json:
    """What would be sent."""
    dropped = seen.context.dropped
    return {
        "model": seen.model,
        "host": seen.host,
        "limit": seen.limit,
        "window": seen.window,
        "window_from": seen.window_from or None,
        "total_tokens": seen.total,
        "tokens": {
            "head": seen.head,
            "turns": seen.past,
            "tail": seen.tail,
            "question": seen.words,
            "tools": seen.offered,
            "frames": seen.around,
        },
        "turn": None,
        "messages": messages,
        "passages": [
            *(passage_json(passage) for passage in seen.context.kept),
            *(passage_json(one.passage, kept=False, why=one.why) for one in dropped),
        ],
    }


def shown_json(past: "Shown") -> Json:
    """What a past turn was shown, and of the request the turn's own messages: its head and tail are not kept."""
    from memchat.llm.messages import history

    asked, said = past.asked, past.turn.messages
    return {
        "model": asked.model if asked else past.turn.messages[-1].model,
        "host": asked.host if asked else past.turn.user.host,
        "limit": None,
        "window": None,
        "window_from": None,
        "total_tokens": asked.usage.prompt_tokens if asked else None,
        "tokens": _by_zone(past.passages),
        "turn": past.turn.ref,
        "messages": history(said[:-1] if said[-1].role is Role.ASSISTANT else said),
        "passages": [passage_json(passage) for passage in past.passages],
    }


def _by_zone(passages: Iterable[Passage]) -> Json:
    """What memory cost in each zone."""
    tokens = {"head": 0, "tail": 0}
    for passage in passages:
        tokens[passage.zone.value] += passage.tokens
    return tokens


def index_json(found: "Findable") -> Json:
    """How past words are found; `unembedded` is counted to a thousand; null is what cannot be told."""
    health = found.health
    checked = health or IndexHealth()
    return {
        "sound": None if health is None else health.sound,
        "missing": list(checked.missing),
        "damaged": list(checked.damaged),
        "astray": checked.astray,
        "waiting": checked.waiting,
        "embedder": found.embedder or None,
        "host": found.host,
        "unembedded": found.unembedded,
        "trouble": found.unchecked or found.trouble or None,
    }
