"""What `forget` does: shows what would go, erases it for good, and checks that it is gone.

What it cannot reach is said, not hidden.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from memchat.actions.forget_scope import Scope, Wanted, scope
from memchat.actions.references import shorten
from memchat.domain import Checked, Erasing, Memory, SessionKind, Trails, turn_ref
from memchat.errors import NotFoundError, RefusedError
from memchat.memory.quoting import fold
from memchat.memory.words import words
from memchat.ports import Store

__all__ = ["Place", "Plan", "Receipt", "Sent", "Wanted", "erase", "plan", "plan_without"]

_NOTHING, _NOWHERE, _UNCHECKED = Erasing(), Trails(), Checked()


@dataclass(frozen=True, slots=True)
class Place:
    """A turn that goes, or in which words become `[erased]`; or, where `ref` is `s8`, a whole conversation."""

    ref: str
    title: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A host that was sent the memory, or may have been: the first and the last time that words went there."""

    host: str
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be erased. Each chain is a memory with all its versions, oldest first.

    `places` are turns in which words become `[erased]` (with `keeps` they stay, for the person alone), `rows` what goes
    whole: turns and conversations. `summaries` are conversations whose summary is made anew without it; `shown` turns
    that were shown a memory and may say it in other words. `alike` are words that only look like those that are looked
    for, with a place each; `copies` the files that memchat made of the database. `words`: what was looked for, as it
    was written. `guessed`: a word stood where an id was meant.
    """

    chains: tuple[tuple[Memory, ...], ...]
    places: tuple[Place, ...]
    sent: tuple[Sent, ...]
    rows: tuple[Place, ...] = ()
    summaries: tuple[Place, ...] = ()
    titles: tuple[Place, ...] = ()
    shown: tuple[str, ...] = ()
    alike: tuple[tuple[str, str], ...] = ()
    count: int = 0
    vectors: int = 0
    copies: tuple[Path, ...] = ()
    words: tuple[str, ...] = ()
    guessed: bool = False
    keeps: bool = False
    everything: bool = False
    erasing: Erasing = _NOTHING
    trails: Trails = _NOWHERE

    @property
    def memories(self) -> tuple[Memory, ...]:
        """Every memory that would go, versions included."""
        return tuple(memory for chain in self.chains for memory in chain)

    @property
    def size(self) -> int:
        """Memories, places, turns and conversations together, for `--expect`."""
        return len(self.memories) + self.count + len(self.rows)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was erased: which memories, in how many places their words became `[erased]`, and who was sent them.

    `rows` went whole, and in `marked` places beside them words became `[erased]`. `summaries` are made anew.
    `blocked`: what was said will not be learned again from what is left.
    `checked` is what three checks found afterwards, `deleted` the copies of the database that went, `plan` what it was.
    """

    ids: tuple[str, ...]
    places: int
    sent: tuple[Sent, ...]
    blocked: bool = False
    rows: tuple[str, ...] = ()
    talks: int = 0
    summaries: int = 0
    deleted: tuple[Path, ...] = ()
    checked: Checked = _UNCHECKED
    plan: Plan | None = None
    marked: int = 0

    @property
    def traces(self) -> int:
        """In how many places something is left."""
        return self.checked.traces


def plan(store: Store, fields: Sequence[str], wanted: Wanted, now: datetime) -> Plan:
    """What would be erased; nothing is changed.

    Raises NotFoundError (nothing there), UsageError (nothing named, or what names nothing that can be erased).
    """
    found = scope(store, fields, wanted)
    chains, erasing, trails = found.chains, found.erasing, found.trails
    whole = {f"s{number}": number for number in erasing.sessions} | {turn_ref(*one): one[0] for one in erasing.turns}
    aside = {*whole, *erasing.left}
    spots = [spot for spot in trails.spots if not _within(spot.ref, aside)]
    if not (chains or spots or whole or erasing.everything or _beside(trails)):
        _check_files(store, found)
    turns = {} if wanted.turns else {spot.ref: spot.session_id for spot in spots} | _told(found, aside)
    numbers = {*whole.values(), *turns.values(), *trails.titles}
    titles = {number: store.transcripts.session(number).title for number in sorted(numbers)}
    return Plan(
        chains=chains,
        places=tuple(Place(ref, titles[turns[ref]]) for ref in sorted(turns, key=_order)),
        sent=_sent(store, found, now),
        rows=_every(store) if erasing.everything else tuple(Place(ref, titles[whole[ref]]) for ref in whole),
        summaries=_summaries(store, found),
        titles=tuple(Place(f"s{number}", titles[number]) for number in trails.titles if f"s{number}" not in aside),
        shown=tuple(ref for ref in found.shown if not (ref in turns or _within(ref, whole))),
        alike=trails.alike,
        count=sum(spot.places for spot in spots) + (0 if wanted.turns else _apart(found, turns)),
        vectors=trails.vectors + len(found.resting),
        copies=tuple(store.erasure.copies()),
        words=found.words,
        guessed=found.guessed,
        keeps=erasing.bars,
        everything=erasing.everything,
        erasing=erasing,
        trails=trails,
    )


def plan_without(
    store: Store, fields: Sequence[str], shown: Plan, wanted: Wanted, left: Sequence[str], now: datetime
) -> Plan:
    """What was shown, but for what is to be left after all (`s14.3`, `m9`).

    Raises as `plan` does, and RefusedError where by now more would go than was shown.
    """
    found = plan(store, fields, replace(wanted, without=(*wanted.without, *left)), now)
    if not {*found.memories, *found.places, *found.rows} <= {*shown.memories, *shown.places, *shown.rows}:
        raise _changed()
    return found


def erase(store: Store, wanted: Plan, now: datetime, *, files: Sequence[Path] = ()) -> Receipt:
    """Erase what the plan shows in one transaction, then look whether anything is left of it, also in `files`.

    Raises RefusedError when memory has changed since the plan.
    """
    with store.transaction():
        done = store.erasure.erase(_checked(store, wanted), now)
        if not wanted.everything:
            for number in done.summaries:
                store.jobs.enqueue_left(number, now)
        blocked = bool(wanted.memories) and all(_blocked(store, memory) for memory in wanted.memories)
    erasing = wanted.erasing
    store.erasure.redact(files, erasing.phrases)
    checked = store.erasure.check(erasing.phrases, done.forms, left=erasing.left, files=files)
    left = {*store.erasure.copies()}
    return Receipt(
        ids=tuple(memory.ref for memory in wanted.memories),
        places=done.places,
        sent=wanted.sent,
        blocked=blocked,
        rows=tuple(place.ref for place in wanted.rows),
        talks=len(done.sessions),
        summaries=len(done.summaries),
        deleted=tuple(copy for copy in wanted.copies if copy not in left),
        checked=checked,
        plan=wanted,
        marked=done.marked,
    )


def _checked(store: Store, wanted: Plan) -> Erasing:
    """What is to be erased. Nothing goes that was not shown: raises RefusedError when memory has changed since."""
    shown = wanted.trails
    if wanted.everything:
        return wanted.erasing
    if store.erasure.stamp() == shown.stamp:
        return replace(wanted.erasing, parts=shown.parts, labels=shown.labels)
    for chain in wanted.chains:
        if [memory.id for memory in _now_there(store, chain)] != [memory.id for memory in chain]:
            raise _changed()
    found = store.erasure.trails(wanted.erasing.phrases)
    if replace(found, stamp=shown.stamp, vectors=shown.vectors, alike=shown.alike, typed=shown.typed) != shown:
        raise _changed()
    return wanted.erasing


def _changed() -> RefusedError:
    return RefusedError("Memory has changed since you looked. Nothing was erased.", "Look again, then forget.")


def _blocked(store: Store, memory: Memory) -> bool:
    """Whether a draft of the same words would be turned away."""
    return store.tombstones.find(memory.field, words(memory.text)) is not None


def _now_there(store: Store, chain: Sequence[Memory]) -> list[Memory]:
    try:
        return store.erasure.versions(chain[0].id)
    except NotFoundError:
        return []  # somebody else has erased it: the plan is out of date


def _check_files(store: Store, found: Scope) -> None:
    """Where no row holds it, a copy that memchat made may: then these go. Raises NotFoundError where none does."""
    checked = store.erasure.check(found.words)
    if not checked.found:
        what = " or ".join(f'"{shorten(word)}"' for word in found.words) or "that"
        files = f" in {len(checked.files)} files" if checked.files else ""
        raise NotFoundError(f"Nothing holds {what}: 0 memories, 0 conversations, 0 traces{files}.", found.hint)


def _beside(trails: Trails) -> bool:
    """Whether it stands elsewhere than in memories and messages."""
    return bool(trails.titles or trails.summaries or trails.typed)


def _told(found: Scope, aside: Collection[str]) -> dict[str, int]:
    """The turns whose very words memories rest on, with their conversations; without those of `aside`."""
    return {
        source.ref: source.session_id
        for memory in found.resting
        for source in memory.sources
        if memory.id in found.near and source.quote
        if source.session_id is not None and source.ref and not _within(source.ref, aside)
    }


def _apart(found: Scope, places: Collection[str]) -> int:
    """How many quotes of memories go in these turns, in which none of the phrases stands."""
    phrases = [fold(phrase) for phrase in found.erasing.phrases]
    quotes = {
        (source.ref, fold(source.quote))
        for memory in found.resting
        for source in memory.sources
        if memory.id in found.near and source.quote and source.ref in places
    }
    return sum(not any(phrase in quote for phrase in phrases) for _, quote in quotes)


def _summaries(store: Store, found: Scope) -> tuple[Place, ...]:
    """Conversations whose summary rests on what goes."""
    left = found.erasing.left
    numbers = set(found.trails.summaries)
    numbers |= {spot.session_id for spot in found.trails.spots if not _within(spot.ref, left)}
    numbers |= {source.session_id for memory in found.resting for source in memory.sources if source.session_id}
    numbers |= {session for session, _ in found.erasing.turns}
    kept = sorted(number for number in numbers - set(found.erasing.sessions) if f"s{number}" not in left)
    sessions = [store.transcripts.session(number) for number in kept]
    return tuple(Place(session.ref, session.title) for session in sessions if session.summary or session.mark)


def _every(store: Store) -> tuple[Place, ...]:
    """All conversations, one-shots too."""
    return tuple(Place(one.ref, one.title) for one in store.transcripts.sessions(kinds=tuple(SessionKind)))


def _sent(store: Store, found: Scope, now: datetime) -> tuple[Sent, ...]:
    """Every host that words went to since the oldest of it was said or learned: each may have been sent it."""
    if found.since is None:
        return ()
    return tuple(
        Sent(host, first.astimezone(now.tzinfo), last.astimezone(now.tzinfo))
        for host, first, last in store.usages.hosts_since(found.since)
    )


def _within(turn: str, refs: Collection[str]) -> bool:
    """Whether a turn (`s14.3`) is among them, or its conversation is."""
    return turn in refs or turn.partition(".")[0] in refs


def _order(ref: str) -> tuple[int, ...]:
    return tuple(map(int, ref[1:].split(".")))
