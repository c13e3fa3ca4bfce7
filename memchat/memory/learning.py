"""From a verdict to a memory: by which rules anything is learned, what is written down, and from which words."""

from dataclasses import dataclass
from datetime import datetime

from memchat.domain import Draft, Learned, Memory, MemoryStatus, Message, NewMemory, Origin, Source, Verdict
from memchat.memory.reconcile import Add, Ask, Refresh, Supersede
from memchat.ports import Memories

AUTO, ASK, OFF = "auto", "ask", "off"
CONSOLIDATION = "consolidation"  # the versions of its prompt begin so; the store's list of news looks for it too


@dataclass(frozen=True, slots=True)
class Rules:
    """By which rules memchat learns: the profile's fields, `memory.write` (auto, ask, off), `memory.min_importance`."""

    fields: tuple[str, ...]
    write: str = AUTO
    min_importance: int = 3

    def allowed(self, verdict: Verdict) -> Verdict:
        """The verdict as `memory.write` lets it stand: in `ask` what is proved waits too."""
        if self.write == ASK and verdict.status is MemoryStatus.ACTIVE:
            return Verdict(MemoryStatus.PENDING, "memory.write is ask", verdict.part, verdict.span)
        return verdict


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


def keep(
    memories: Memories, draft: Draft, outcome: Refresh | Supersede | Add | Ask, source: Source, now: datetime
) -> Learned:
    """Write down at `now` what became of a draft that is not ignored. It holds from when it was said."""
    if isinstance(outcome, Refresh):
        # What was said long ago and is taken in only now does not make the memory older than it is.
        confirmed = max(source.at, outcome.known.last_confirmed_at)
        return Learned(memories.add_source(outcome.known.id, source, confirmed), refreshed=True)
    if isinstance(outcome, Supersede):
        new = memories.add(_new(draft, source, MemoryStatus.ACTIVE, outcome.why), now)
        memories.supersede(outcome.old.id, new.id, source.at)
        return Learned(new, replaced=memories.get(outcome.old.id))
    status = outcome.status if isinstance(outcome, Add) else MemoryStatus.PENDING
    return Learned(memories.add(_new(draft, source, status, outcome.why), now))


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
