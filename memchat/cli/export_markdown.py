"""Everything as a Markdown document for people: what memchat remembers, from where, and every talk."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from memchat.actions import sessions
from memchat.cli.layout import VOICES, day
from memchat.cli.session_markdown import document, plain
from memchat.domain import Memory, MemoryStatus
from memchat.ports import Store

HEADINGS = {
    MemoryStatus.PENDING: "Waiting for you",
    MemoryStatus.QUARANTINED: "Set aside",
    MemoryStatus.SUPERSEDED: "Replaced",
    MemoryStatus.EXPIRED: "Ended",
    MemoryStatus.WITHDRAWN: "Taken back",
}


def lines(
    store: Store, fields: Sequence[str], now: datetime, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> Iterator[str]:
    """The document, some lines at a time; one conversation is held at once. `progress` hears of conversations."""
    memories = store.memories.all()
    active = [memory for memory in memories if memory.status(now) is MemoryStatus.ACTIVE]
    yield "# What memchat remembers\n"
    yield f"Written {now:%Y-%m-%d %H:%M}, UTC{now:%z}. A copy to read; memchat import does not take it.\n"
    profile = [memory for memory in active if memory.field]
    yield from _section("Profile", sorted(profile, key=lambda one: _place(one.field, fields)), now)
    yield from _section("Notes", [memory for memory in active if not memory.field], now)
    for status, heading in HEADINGS.items():
        yield from _section(heading, [memory for memory in memories if memory.status(now) is status], now)
    listed = sessions.listing(store, all=True)
    if listed:
        yield "# Conversations\n"
    for number, session in enumerate(reversed(listed), 1):
        partly = sessions.summarised_partly(store, session)
        yield _deeper(document(session, store.transcripts.turns(session.id), now.tzinfo, summarised_to=partly)) + "\n"
        progress(number, len(listed))


def _place(field: str, fields: Sequence[str]) -> int:
    return fields.index(field) if field in fields else len(fields)


def _section(heading: str, memories: Sequence[Memory], now: datetime) -> Iterator[str]:
    if memories:
        yield f"## {heading}\n"
        yield "\n".join(_entry(memory, now) for memory in memories) + "\n"


def _entry(memory: Memory, now: datetime) -> str:
    """`- location: Lisbon (m2, pinned; you said, 20 Nov, s9.4: "I live in Lisbon")`, with how it ended, if it did."""
    words = f"{plain(memory.field)}: {plain(memory.text)}" if memory.field else plain(memory.text)
    about = [memory.ref + (", pinned" if memory.pinned else "")]
    for source in memory.sources:
        who = VOICES.get(source.origin, f"from {source.origin.value}")
        quote = f': "{plain(source.quote)}"' if source.quote else ""
        about.append(", ".join(filter(None, (who, day(source.at, now), source.ref))) + quote)
    if memory.superseded_by is not None:
        about.append(f"replaced by m{memory.superseded_by}")
    if memory.valid_to is not None:
        about.append(f"until {day(memory.valid_to, now)}")
    return f"- {words} ({'; '.join(about)})"


def _deeper(text: str) -> str:
    """Headings of a conversation, one level down; those in quotations and fences are nobody's headings."""
    fence = ""
    found = []
    for line in text.split("\n"):
        if fence:
            fence = "" if line == fence else fence
        elif line.startswith("```"):
            fence = line
        elif line.startswith("#"):
            line = f"#{line}"  # noqa: PLW2901 - the line as it stands in the larger document
        found.append(line)
    return "\n".join(found)
