"""What a person can ask of their profile: show, get, set, add, unset, history; the draft to edit: profile_draft.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from memchat.actions import said_anew, wording
from memchat.actions.references import field_name
from memchat.domain import Learned, Memory, MemoryStatus, NewMemory, Origin, Source
from memchat.errors import NotFoundError, UsageError
from memchat.memory.fields import MANY
from memchat.memory.quoting import fold
from memchat.ports import Store, TokenCounter

Profile = dict[str, list[Memory]]
"""Every configured field, in the configured order, with the values that hold; [] where nothing is known."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a change of the profile did: values learned or confirmed, and values that ended without a successor."""

    learned: tuple[Learned, ...] = ()
    ended: tuple[Memory, ...] = ()


def show(store: Store, fields: Sequence[str], now: datetime, *, as_of: datetime | None = None) -> Profile:
    """The profile as it holds at `now`, or as it held at `as_of`."""
    return {field: _held(store, field, now, as_of) for field in fields}


def replaced(store: Store, profile: Profile) -> dict[int, Memory]:
    """For each value shown that replaced another: its id -> the value it replaced last."""
    before: dict[int, Memory] = {}
    for field, values in profile.items():
        shown = {memory.id for memory in values}
        for old in store.memories.history(field) if shown else ():
            held = old.withdrawn_at is None and old.stored_status is MemoryStatus.ACTIVE
            if held and old.superseded_by in shown:
                before[old.superseded_by] = old
    return before


def get(store: Store, fields: Sequence[str], name: str, now: datetime) -> list[Memory]:
    """The values of one field that hold now; [] when nothing is known. Raises NotFoundError: no such field."""
    return _held(store, field_name(name, fields), now)


def history(store: Store, fields: Sequence[str], name: str = "") -> list[Memory]:
    """Every value a field ever had, oldest first; without a name those of all fields. Raises NotFoundError."""
    wanted = [field_name(name, fields)] if name else fields
    return [memory for field in wanted for memory in store.memories.history(field)]


def zone(store: Store, now: datetime) -> tzinfo | None:
    """The zone to show dates in: the profile's `timezone` where it names one, else the zone of `now`."""
    from memchat.memory import user

    return user.zone(_held(store, "timezone", now)) or now.tzinfo


def tokens(shown: Profile, now: datetime, counter: TokenCounter) -> int:
    """What the profile costs in every chat, counted as it stands in a request."""
    from memchat.memory import user

    values = [memory for values in shown.values() for memory in values]
    return sum(passage.tokens for passage in user.profile_passages(values, tuple(shown), now, counter.count))


def replace(
    store: Store,
    fields: Sequence[str],
    wanted: Mapping[str, Sequence[str]],
    now: datetime,
    *,
    mask_secrets: bool = True,
) -> Changes:
    """Make the given values what each field holds, all in one transaction; [] ends what a field held.

    A value that stands already is confirmed. The new value of a single-valued field supersedes the old; of several
    values those no longer named end. Raises NotFoundError (no such field), UsageError (empty, too long, too many).
    """
    clean = {
        field: _clean(field, values, mask_secrets)
        for field, values in ((field_name(name, fields), values) for name, values in wanted.items())
    }
    learned: list[Learned] = []
    ended: list[Memory] = []
    with store.transaction():
        for field, values in clean.items():
            held = _held(store, field, now)
            kept = {memory.text: memory for memory in held}
            left = [memory for memory in held if memory.text not in values]
            new = [text for text in values if text not in kept]
            old = left.pop() if left and new and field not in MANY else None
            learned += [
                _confirm(store, kept[text], now) if text in kept else _add(store, field, text, now, old)
                for text in values
            ]
            ended += [_end(store, memory, now) for memory in left]
    return Changes(tuple(learned), tuple(ended))


def add_value(
    store: Store, fields: Sequence[str], name: str, value: str, now: datetime, *, mask_secrets: bool = True
) -> Learned:
    """One more value of a field that holds several, or the first of one that holds one.

    A value that stands already, case aside, is confirmed. Raises NotFoundError (no such field), UsageError (no room:
    names what is there).
    """
    field = field_name(name, fields)
    text = wording.value(value, field, mask_secrets=mask_secrets)
    with store.transaction():
        held = _held(store, field, now)
        same = [memory for memory in held if fold(memory.text) == fold(text)]
        if same:
            return _confirm(store, same[0], now)
        if len(held) >= MANY.get(field, 1):
            raise _full(field, held)
        return _add(store, field, text, now, None)


def unset(store: Store, fields: Sequence[str], name: str, now: datetime) -> list[Memory]:
    """End what the field holds; its history stays. Returns what ended. Raises NotFoundError: no such field or value."""
    field = field_name(name, fields)
    with store.transaction():
        held = _held(store, field, now)
        if not held:
            raise unknown(field)
        return [_end(store, memory, now) for memory in held]


def unknown(field: str) -> NotFoundError:
    """The error for a field that holds nothing."""
    return NotFoundError(f"{field} is not known yet.", f"Set it: memchat profile set {field} VALUE")


def room_for(store: Store, field: str, now: datetime) -> None:
    """Raises UsageError when a field of several values is full."""
    held = _held(store, field, now)
    if field in MANY and len(held) >= MANY[field]:
        raise _full(field, held)


def _held(store: Store, field: str, now: datetime, as_of: datetime | None = None) -> list[Memory]:
    """Values of a field that hold now, or that held at `as_of`, oldest first."""
    values = store.memories.history(field)
    if as_of is None:
        return [memory for memory in values if memory.status(now) is MemoryStatus.ACTIVE]
    return [
        memory
        for memory in values
        if memory.stored_status is MemoryStatus.ACTIVE
        and memory.withdrawn_at is None
        and memory.valid_from <= as_of
        and (memory.valid_to is None or memory.valid_to > as_of)
    ]


def _clean(field: str, values: Sequence[str], mask_secrets: bool) -> list[str]:
    """The values a field shall hold, each once. For a field of one value all words are one: `set location New York`."""
    if values and field not in MANY:
        values = [" ".join(values)]
    clean = list(dict.fromkeys(wording.value(text, field, mask_secrets=mask_secrets) for text in values))
    if len(clean) > MANY.get(field, 1):
        raise UsageError(
            f"{field} holds at most {MANY[field]} values; these are {len(clean)}.", "Choose the ones that matter most."
        )
    return clean


def _full(field: str, held: Sequence[Memory]) -> UsageError:
    there = ", ".join(f"{memory.ref} {memory.text!r}" for memory in held)
    if field in MANY:
        return UsageError(
            f"{field} holds {MANY[field]} values already: {there}.",
            f"Reword one: memchat memory edit {held[0].ref} TEXT. Name them anew: memchat profile set {field} VALUE...",
        )
    return UsageError(
        f"{field} holds one value, and has it: {there}.", f"Replace it: memchat profile set {field} VALUE"
    )


def _add(store: Store, field: str, text: str, now: datetime, old: Memory | None) -> Learned:
    memory = said_anew.kept(store, NewMemory(text, Source(Origin.HAND, now), field=field), now, old=old)
    if memory.stored_status is not MemoryStatus.ACTIVE:
        return Learned(memory)
    if old is not None:
        store.memories.supersede(old.id, memory.id, now)
        old = store.memories.get(old.id)
    return Learned(memory, replaced=old)


def _confirm(store: Store, memory: Memory, now: datetime) -> Learned:
    return Learned(store.memories.add_source(memory.id, Source(Origin.HAND, now), now), refreshed=True)


def _end(store: Store, memory: Memory, now: datetime) -> Memory:
    store.memories.end(memory.id, now)
    return store.memories.get(memory.id)
