"""Why a memory is believed: who said it in which words, how it was learned and checked, and its whole story."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from memchat.actions import memories
from memchat.domain import OWN_WORDS, Memory, MemoryStatus, Message, Origin, Source
from memchat.errors import NotFoundError
from memchat.memory.learning import after_the_talk
from memchat.memory.outcomes import ASKED_AGAIN, REFUSED, REJECTED, WAITING
from memchat.ports import Store

# Characters shown each side of a quote, at most: enough for the sentences around it, never a whole document.
AROUND = 240


class Found(StrEnum):
    """What became of the words a memory rests on."""

    THERE = "there"
    ERASED = "erased"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Telling:
    """One reason to believe a memory. `before`, `quote` and `after` are the words as they stand in the message.

    Where these are no longer there, `quote` is what was written down of them and the other two are empty. `more`: the
    message goes on before, and after. `accepted`: by this the person let it hold.
    """

    source: Source
    title: str = ""
    before: str = ""
    quote: str = ""
    after: str = ""
    more: tuple[bool, bool] = (False, False)
    found: Found = Found.THERE
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """A memory with everything that led to it and came of it.

    `versions` are all that it replaced and all that replaced it, itself among them, oldest first; `replaced` those that
    gave way to it. `shown` counts the turns that were shown it, `last_shown` is the newest of them.
    """

    memory: Memory
    status: MemoryStatus
    versions: tuple[Memory, ...]
    tellings: tuple[Telling, ...]
    replaced: tuple[Memory, ...]
    replaced_by: Memory | None
    shown: int
    last_shown: str

    @property
    def confirmed(self) -> int:
        """How often it was said or confirmed again since it was learned; letting it hold is no confirmation."""
        return sum(1 for telling in self.tellings[1:] if not telling.accepted)

    @property
    def accepted_at(self) -> datetime | None:
        """When the person let it hold; None when it did not wait for that."""
        return next((telling.source.at for telling in self.tellings if telling.accepted), None)

    @property
    def learned(self) -> str:
        """How it was learned, in words."""
        return how_learned(self.memory)

    @property
    def checked(self) -> str:
        """What was checked before it was used, in words."""
        return _checked(self)


def story(store: Store, fields: Sequence[str], ref: str, now: datetime) -> Story:
    """Everything about the memory that `ref` names (`m12`, `12`, a profile field of one value).

    Raises NotFoundError, UsageError (a field that holds several values).
    """
    memory = memories.get(store, fields, ref, now)
    versions = tuple(store.erasure.versions(memory.id))
    shown, last = store.usages.times_shown(memory.id)
    return Story(
        memory,
        memory.status(now),
        versions,
        tellings(store, memory),
        tuple(other for other in versions if other.superseded_by == memory.id),
        next((other for other in versions if other.id == memory.superseded_by), None),
        shown,
        last,
    )


def tellings(store: Store, memory: Memory) -> tuple[Telling, ...]:
    """Each reason to believe it, oldest first, with the words around its quote."""
    by_hand = memory.sources[:1] and memory.sources[0].origin is Origin.HAND
    accepted = None if by_hand else next((one for one in memory.sources if _accepts(memory, one)), None)
    return tuple(_telling(store, one, accepted=one is accepted) for one in memory.sources)


def how_learned(memory: Memory) -> str:
    """`at once, by the remember tool, with qwen3:8b`, `after the talk, with ...`, `by hand`."""
    if not memory.sources:
        return "nobody knows: its source is gone"
    first = memory.sources[0]
    with_model = f", with {first.model}" if first.model else ""
    if first.origin is Origin.HAND:
        return "by hand" if memory.field else "by hand: /remember or memory add"
    if first.origin is Origin.IMPORT:
        return "imported"
    return f"after the talk{with_model}" if after_the_talk(memory) else f"at once, by the remember tool{with_model}"


def _accepts(memory: Memory, source: Source) -> bool:
    """Whether by this source a memory that waited was let hold: then it holds from that moment."""
    return source.origin is Origin.HAND and source.at == memory.valid_from


def _checked(told: Story) -> str:
    memory = told.memory
    if memory.withdrawn_at is not None:
        # Else `why` is still the reason for which it was kept.
        return f"taken back: {memory.why}" if memory.why in (REJECTED, REFUSED, ASKED_AGAIN) else "taken back"
    if memory.stored_status in WAITING:
        word = "held back" if memory.stored_status is MemoryStatus.QUARANTINED else "not used until you accept it"
        return f"{word}: {memory.why}" if memory.why else word
    if told.accepted_at is not None:
        return "you accepted it"
    first = memory.sources[0].origin if memory.sources else Origin.HAND
    if first in OWN_WORDS:
        return "quote found in your message; about you; lasting; no secret"
    return "you wrote it yourself" if first is Origin.HAND else "nothing: it came as it is"


def _telling(store: Store, source: Source, *, accepted: bool) -> Telling:
    if source.message_id is None:
        title = _title(store, source.session_id)
        here = source.quote or source.session_id is not None
        found = Found.GONE if here and source.origin is not Origin.IMPORT else Found.THERE
        return Telling(source, title, quote=source.quote, found=found, accepted=accepted)
    title = _title(store, source.session_id)
    try:
        message = store.transcripts.message(source.message_id)
    except NotFoundError:
        return Telling(source, title, quote=source.quote, found=Found.GONE, accepted=accepted)
    return _in_message(source, title, message)


def _in_message(source: Source, title: str, message: Message) -> Telling:
    """Where the quote stands in its message; where it does not, words of it were erased."""
    part = next((part for part in message.parts if part.id == source.part_id and not part.barred), None)
    content = part.content if part else ""
    start, end = source.span or (0, 0)
    if not source.quote or content[start:end] != source.quote:
        start = content.find(source.quote) if source.quote else -1
        if start < 0:
            return Telling(source, title, quote=source.quote, found=Found.ERASED)
        end = start + len(source.quote)
    more = (start > AROUND, len(content) > end + AROUND)
    before, after = content[max(start - AROUND, 0) : start], content[end : end + AROUND]
    if more[0]:
        before = before.partition(" ")[2] or before  # no half word, where words have blanks between them
    if more[1]:
        after = after.rpartition(" ")[0] or after
    return Telling(source, title, before, content[start:end], after, more)


def _title(store: Store, session_id: int | None) -> str:
    if session_id is None:
        return ""
    try:
        return store.transcripts.session(session_id).title
    except NotFoundError:
        return ""
