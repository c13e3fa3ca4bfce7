"""Layer 3: who the user is: profile lines, pinned and leading notes, and what changed since the head was built."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from memchat.domain import Dropped, Layer, Memory, Passage, Zone
from memchat.memory import fields
from memchat.memory.outcomes import DOUBTED
from memchat.memory.quoting import Count, quoted
from memchat.memory.words import words

# A note's weight halves in this time since it was last confirmed (memory.md, section 5: notes 90 days).
HALF_LIFE = timedelta(days=90)
# What nobody has confirmed for so long says so to the model, which can ask: two half-lives, when a note weighs a
# quarter of what it did. People move, change jobs and tastes within years, and hardly anything within weeks.
STALE = timedelta(days=180)
MONTH = 365.25 / 12  # days


def profile_passages(active: Sequence[Memory], fields: Sequence[str], now: datetime, count: Count) -> list[Passage]:
    """A passage for each value of a configured field, in the fields' order."""
    order = {field: place for place, field in enumerate(fields)}
    known = [memory for memory in active if memory.field in order]
    known.sort(key=lambda memory: (order[memory.field], memory.id))
    return [passage(memory, Zone.HEAD, now, count, why="profile") for memory in known]


def unconfigured(active: Sequence[Memory], fields: Sequence[str], now: datetime, count: Count) -> list[Dropped]:
    """Values of fields that the configuration no longer names: kept, and not shown."""
    unknown = [memory for memory in active if memory.field and memory.field not in fields]
    why = "its field is not in memory.profile_fields"
    return [Dropped(passage(memory, Zone.HEAD, now, count, why="profile"), why) for memory in unknown]


def leading_notes(
    active: Sequence[Memory], shown: int, now: datetime, count: Count
) -> tuple[list[Passage], list[Passage], list[Dropped]]:
    """Pinned notes, then the `shown` less those newest and most important ones, and the notes left out."""
    notes = [memory for memory in active if not memory.field]
    notes.sort(key=lambda memory: (memory.pinned, _weight(memory, now), memory.id), reverse=True)
    pinned = [passage(m, Zone.HEAD, now, count, why="pinned") for m in notes[:shown] if m.pinned]
    others = [passage(m, Zone.HEAD, now, count, why="newest and most important") for m in notes[:shown] if not m.pinned]
    rest = [passage(m, Zone.HEAD, now, count, why="note") for m in notes[shown:]]
    return pinned, others, [Dropped(one, f"over memory.notes_shown = {shown}") for one in rest]


def matching(active: Sequence[Memory], query: str, now: datetime, count: Count) -> list[Passage]:
    """Memories that share words with `query`, best first: plain words, as the recall tool needs them."""
    wanted = words(query)
    scored = [(_overlap(memory, wanted), memory) for memory in active]
    found = sorted((pair for pair in scored if pair[0]), key=lambda pair: (-pair[0], -pair[1].id))
    return [passage(memory, Zone.TAIL, now, count, why="recall: words", score=score) for score, memory in found]


def changes(
    before: Sequence[Memory], after: Sequence[Memory], changed: Sequence[Memory], now: datetime, count: Count
) -> list[Passage]:
    """What differs between the memories a head was built from and those that hold now, one passage a change.

    `changed` are the memories that changed since, as they are now: they tell what replaced what.
    """
    old = {memory.id for memory in before}
    new = {memory.id: memory for memory in after}
    links = {memory.id: memory.superseded_by for memory in changed}
    ended = [memory for memory in before if memory.id not in new]
    told: set[int] = set()
    found = []
    for memory in after:
        if memory.id not in old:
            was = next((one for one in ended if one.id not in told and _followed(one, memory, links)), None)
            told |= {was.id} if was else set()
            found.append(_change(memory, _began(memory, was, now), f"replaces {was.ref}" if was else "new", count))
    asked = {memory.id for memory in changed if memory.why.startswith(DOUBTED)}
    return [*found, *(_change(one, _over(one, one.id in asked), "ended", count) for one in ended if one.id not in told)]


def zone(active: Sequence[Memory]) -> tzinfo | None:
    """The zone that the profile's `timezone` names, or None."""
    for memory in active:
        # "somewhere warm", set before the fields had forms, is no zone.
        if memory.field == fields.ZONE and (found := fields.zone(memory.text)) is not None:
            return found
    return None


def passage(memory: Memory, zone: Zone, now: datetime, count: Count, *, why: str, score: float = 1.0) -> Passage:
    """The memory as it is offered to a request; `line` is quoted and dated as seen in the zone of `now`."""
    source = memory.sources[0] if memory.sources else None
    at = source.at if source else memory.created_at
    name = f"{memory.field}: " if memory.field else ""
    line = f"- {name}{quoted(memory.text)} ({', '.join((memory.ref, *_dated(memory, at, now)))})"
    return Passage(
        layer=Layer.PROFILE if memory.field else Layer.NOTE,
        zone=zone,
        ref=memory.ref,
        line=line,
        text=memory.text,
        tokens=count(line) + 1,
        score=score,
        at=at,
        source=source.ref if source else "",
        quote=source.quote if source else "",
        field=memory.field,
        why=why,
    )


def _dated(memory: Memory, at: datetime, now: datetime) -> list[str]:
    """Since when it is known, in the zone of `now`; then until when it holds, or for how long nobody confirmed it."""
    told = [f"{at.astimezone(now.tzinfo):%Y-%m-%d}"]
    if memory.valid_to is not None:
        return [*told, f"until {memory.valid_to.astimezone(now.tzinfo):%Y-%m-%d}"]
    age = now - memory.last_confirmed_at
    return [*told, f"not confirmed for {_months(age)}"] if age > STALE else told


def _months(age: timedelta) -> str:
    """`7 months`, `2 years`: whole ones, that have passed."""
    months = int(age.days / MONTH)
    return f"{months} months" if months < 24 else f"{months // 12} years"


def _change(memory: Memory, said: str, why: str, count: Count) -> Passage:
    line = f"Changed since above: {said}"
    source = memory.sources[0] if memory.sources else None
    return Passage(
        layer=Layer.CHANGE,
        zone=Zone.TAIL,
        ref=memory.ref,
        line=line,
        text="" if why == "ended" else memory.text,
        tokens=count(line) + 1,
        at=source.at if source else memory.created_at,
        source=source.ref if source else "",
        quote=source.quote if source and why != "ended" else "",
        field=memory.field,
        why=why,
    )


def _began(memory: Memory, was: Memory | None, now: datetime) -> str:
    """What a new memory says: `location is now "Lisbon" (was "Berlin")`."""
    before = f" (was {quoted(was.text)})" if was else ""
    if memory.field:
        return f"{memory.field} is now {quoted(memory.text)}{before} ({memory.ref})"
    return f"noted {quoted(memory.text)}{before} ({memory.ref}, {memory.created_at.astimezone(now.tzinfo):%Y-%m-%d})"


def _over(memory: Memory, asked: bool) -> str:
    """What is said of one that held: that it ended; or, where the user is `asked`, that it may have."""
    name = f"{memory.field} " if memory.field else ""
    return f"{name}{quoted(memory.text)} ({memory.ref}) {'may hold no longer' if asked else 'holds no longer'}"


def _followed(was: Memory, memory: Memory, links: Mapping[int, int | None]) -> bool:
    """Whether `memory` took the place of `was`: by replacing it, step by step, or as the same field's value."""
    last: int | None = was.id
    while last is not None and last != memory.id:
        last = links.get(last)
    return last == memory.id or (memory.field != "" and memory.field == was.field)


def _weight(memory: Memory, now: datetime) -> float:
    """Importance, halved with each half-life since the note was last confirmed."""
    age = max(timedelta(0), now - memory.last_confirmed_at)
    return float(memory.importance * 0.5 ** (age / HALF_LIFE))


def _overlap(memory: Memory, wanted: frozenset[str]) -> float:
    """The share of the wanted words that the memory holds, its field's name included: 0 to 1."""
    held = words(f"{memory.field.replace('_', ' ')} {memory.text}")
    return len(held & wanted) / len(wanted) if wanted else 0.0
