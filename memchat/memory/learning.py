"""From a verdict to a memory: by which rules anything is learned, what is written down, and from which words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from memchat.domain import Draft, Grave, Learned, Memory, MemoryStatus, Message, NewMemory, Origin, Source, Verdict
from memchat.errors import NotFoundError
from memchat.memory import fields as profile_fields
from memchat.memory.outcomes import WRITE_IS_ASK, Add, Ask, Outcome, Refresh, Supersede
from memchat.memory.words import words
from memchat.ports import Memories, Store

if TYPE_CHECKING:
    from memchat.memory.change import Change

AUTO, ASK, OFF = "auto", "ask", "off"
OVERFULL = "over memory.max_notes: keep it or reject it"
CONSOLIDATION = "consolidation"  # the versions of its prompt begin so; the store's list of news looks for it too


@dataclass(frozen=True, slots=True)
class Rules:
    """By which rules memchat learns: the profile's fields, `memory.write` (auto, ask, off), and the like.

    `min_importance` is what a draft needs, 1 to 10; beyond `max_notes` active notes some wait to be let go.
    """

    fields: tuple[str, ...]
    write: str = AUTO
    min_importance: int = 3
    max_notes: int = 500

    def allowed(self, verdict: Verdict) -> Verdict:
        """The verdict as `memory.write` lets it stand: in `ask` what is proved waits too."""
        if self.write == ASK and verdict.status is MemoryStatus.ACTIVE:
            return replace(verdict, status=MemoryStatus.PENDING, why=WRITE_IS_ASK)
        return verdict


def as_kept(draft: Draft, verdict: Verdict) -> tuple[Draft, Verdict]:
    """The draft as it would be kept, and its verdict: a value in its field's form; one that is none of it waits."""
    kept = verdict.draft or draft
    if verdict.status is None or not kept.field:
        return kept, verdict
    try:
        return replace(kept, text=profile_fields.normal(kept.field, kept.text)), verdict
    except profile_fields.NoValueError as error:
        status = verdict.status if verdict.status is MemoryStatus.QUARANTINED else MemoryStatus.PENDING
        return kept, replace(verdict, status=status, why=error.why)


def profile_values(memories: Memories, fields: Iterable[str]) -> list[Memory]:
    """Every value the fields ever had: a note that says what the profile says is not kept beside it."""
    return [memory for field in fields for memory in memories.history(field)]


def decide(  # noqa: PLR0913 - a decision rests on all of this
    store: Store,
    draft: Draft,
    verdict: Verdict,
    source: Source,
    rules: Rules,
    now: datetime,
    *,
    late: bool = False,
    change: "Change | None" = None,
    profile: Sequence[Memory] | None = None,
) -> Outcome:
    """What becomes of a draft (as it would be kept) beside all that the store knows; writes nothing.

    `late`: its words are taken in later than they were said. `change` is what the model wants to replace or end.
    `profile` are the values of `profile_values`, where the caller has them.
    """
    # Whoever only looks at what is kept decides nothing, and starts without the rules for it.
    from memchat.memory.reconcile import reconcile

    told = words(draft.text)
    known = _beside(store.memories, draft, source)
    if change is not None and change.target is not None:
        known = [*known, *_still(store.memories, change.target, known)]
    if not draft.field:
        there = {memory.id for memory in known}
        values = profile_values(store.memories, rules.fields) if profile is None else profile
        known = [*(memory for memory in values if memory.id not in there), *known]
    return reconcile(
        draft,
        verdict,
        known,
        rules.fields,
        now,
        said=source if late else None,
        change=change,
        grave=_grave(store, draft.field, told, source),
        message_id=source.message_id,
    )


def _grave(store: Store, field: str, told: frozenset[str], source: Source) -> Grave | None:
    """What was erased and looks like it, and whether the words it rests on say so themselves."""
    grave = store.tombstones.find(field, told)
    if grave is None:
        return None
    return replace(grave, said=store.tombstones.find(field, told & words(source.quote)) is not None)


def _beside(memories: Memories, draft: Draft, source: Source) -> list[Memory]:
    """What can decide about the draft by its words; and what it ends without sharing one."""
    from memchat.memory.likeness import DIETS, diet  # its patterns take milliseconds that the first prompt would wait

    known = memories.beside(draft.field, words(draft.text), source.message_id)
    if draft.field or not diet(draft.text):
        return known
    there = {memory.id for memory in known}
    return [*known, *(memory for memory in memories.beside("", words(DIETS)) if memory.id not in there)]


def after_the_talk(memory: Memory) -> bool:
    """Whether consolidation kept it: then it rests on the user's message, not on the reply that stood beside it."""
    return bool(memory.sources) and memory.sources[0].prompt_version.startswith(CONSOLIDATION)


def source_of(verdict: Verdict, message: Message, *, at: datetime, model: str, version: str) -> Source:
    """Where the words stand that a verdict found in `message`; `at` is when they were said, as far as is known.

    `model` took them up, asked by the prompt of `version`.
    """
    part, span = verdict.part, verdict.span
    return Source(
        origin=part.origin if part else Origin.MODEL,
        at=at,
        quote=part.content[span[0] : span[1]] if part and span else "",
        session_id=message.session_id,
        turn=message.turn,
        message_id=message.id,
        part_id=part.id if part else None,
        span=span,
        model=model,
        prompt_version=version,
    )


def _still(memories: Memories, target: Memory, known: Sequence[Memory]) -> list[Memory]:
    """The memory as it is now, if it is still there and not among the `known`."""
    if any(memory.id == target.id for memory in known):
        return []
    try:
        return [memories.get(target.id)]
    except NotFoundError:
        return []  # erased since the model was shown it


def keep(
    memories: Memories, draft: Draft, outcome: Refresh | Supersede | Add | Ask, source: Source, now: datetime
) -> Learned:
    """Write down at `now` what became of a draft that is not ignored. It holds from when it was said.

    Once all is written, `make_room`.
    """
    if isinstance(outcome, Refresh):
        if _rests_on(outcome.known, source):
            return Learned(outcome.known, refreshed=True)
        # What was said long ago and is taken in only now does not make the memory older than it is.
        confirmed = max(source.at, outcome.known.last_confirmed_at)
        return Learned(memories.add_source(outcome.known.id, source, confirmed), refreshed=True)
    if isinstance(outcome, Ask):
        replaces = outcome.replaces.id if outcome.replaces else None
        new = _new(draft, source, MemoryStatus.PENDING, outcome.why)
        return Learned(memories.add(replace(new, replaces=replaces), now))
    if isinstance(outcome, Add):
        memory = memories.add(_new(draft, source, outcome.status, outcome.why), now)
        _settle(memories, outcome.settles, memory, source.at)
        return Learned(memory)
    old = outcome.old
    new = _new(draft, source, MemoryStatus.ACTIVE, outcome.why)
    # What takes a memory's place matters as much, to the user and to the request.
    memory = memories.add(replace(new, pinned=old.pinned, importance=max(old.importance, draft.importance)), now)
    _settle(memories, (old, *outcome.settles), memory, source.at)
    return Learned(memory, replaced=memories.get(old.id))


def _rests_on(memory: Memory, source: Source) -> bool:
    """Whether the very words are among its sources: said once, they count once."""
    return source.span is not None and any(
        (one.part_id, one.span) == (source.part_id, source.span) for one in memory.sources
    )


def _settle(memories: Memories, olds: Iterable[Memory], new: Memory, at: datetime) -> None:
    for old in olds:
        memories.supersede(old.id, new.id, at)


def make_room(memories: Memories, learned: Sequence[Learned], now: datetime, most: int) -> tuple[Learned, ...]:
    """The same, once the active notes beyond `most` wait for the user, where a new one made them too many.

    They stand in `aside` of the last one; what was learned just now may be among them.
    """
    added = [one.memory for one in learned if not one.refreshed and one.replaced is None and not one.memory.field]
    if all(memory.stored_status is not MemoryStatus.ACTIVE for memory in added):
        return tuple(learned)
    aside = {note.id: memories.set_aside(note.id, OVERFULL, now) for note in memories.surplus(now, most)}
    updated = [replace(one, memory=aside.get(one.memory.id, one.memory)) for one in learned]
    return (*updated[:-1], replace(updated[-1], aside=tuple(aside.values())))


def _new(draft: Draft, source: Source, status: MemoryStatus, why: str) -> NewMemory:
    return NewMemory(
        draft.text,
        source,
        draft.field,
        status,
        draft.importance,
        valid_to=draft.valid_to,
        why=why,
        valid_from=source.at,
    )
