"""A draft and all that decides about it: what holds and what waits beside it, and how it relates to each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from memchat.domain import Draft, Grave, Memory, MemoryStatus, Source, Verdict
from memchat.memory import phrases
from memchat.memory.change import Change, corrects
from memchat.memory.fields import MANY
from memchat.memory.likeness import Likeness, likeness, says_value
from memchat.memory.outcomes import DOUBTED, WAITING, WRITE_IS_ASK
from memchat.memory.words import bare


@dataclass(frozen=True, slots=True)
class Case:
    """A draft and all that decides about it; `how` it relates to each memory of its field that holds or waits."""

    draft: Draft
    verdict: Verdict
    known: Sequence[Memory]
    now: datetime
    said: Source | None
    message_id: int | None
    change: Change | None
    grave: Grave | None
    active: Sequence[Memory]
    waiting: Sequence[Memory]
    how: Mapping[int, Likeness]

    @property
    def proved(self) -> bool:
        """Whether code has proved it by the user's own words."""
        return self.verdict.status is MemoryStatus.ACTIVE

    @property
    def single(self) -> bool:
        """Whether its field holds one value."""
        return self.draft.field != "" and self.draft.field not in MANY

    def found(self, among: Sequence[Memory], *wanted: Likeness) -> Memory | None:
        """The newest of these to which the draft relates in one of the wanted ways."""
        return next((memory for memory in reversed(among) if self.how[memory.id] in wanted), None)

    def older_than(self, memory: Memory) -> bool:
        """Whether its words were said before some that the memory rests on."""
        return self.said is not None and any(source.at > self.said.at for source in memory.sources)

    @property
    def settles(self) -> tuple[Memory, ...]:
        """What waits and says no more than the draft, or was doubted in its place; notes that say only this value."""
        told = [
            memory
            for memory in self.waiting
            if self.how[memory.id] in (Likeness.SAME, Likeness.MORE) or (self.single and memory.why.startswith(DOUBTED))
        ]
        if self.draft.field:
            standing = (MemoryStatus.ACTIVE, *WAITING)
            notes = (memory for memory in self.known if not memory.field and memory.status(self.now) in standing)
            told += [note for note in notes if says_value(note.text, self.draft.field, self.draft.text)]
        return tuple(told)

    def from_these_words(self, memory: Memory) -> bool:
        """Whether the message that holds its words is among the memory's sources."""
        return self.message_id is not None and any(source.message_id == self.message_id for source in memory.sources)

    def from_this_quote(self, memory: Memory) -> bool:
        """Whether the memory rests on some of the very words of the draft's quote."""
        return any(start < self._quote[1] and self._quote[0] < end for start, end in self._spans(memory))

    def corrected(self, old: Memory) -> bool | None:
        """Of two statements in one message: whether the draft takes `old` back; False if `old` takes the draft back.

        None where the words between them do neither.
        """
        part, (start, end) = self.verdict.part, self._quote
        for first, last in self._spans(old):
            if part is not None and last <= start and corrects(part.content[last:end]):
                return True
            if part is not None and end <= first and corrects(part.content[end:last]):
                return False
        return None

    @property
    def _quote(self) -> tuple[int, int]:
        return self.verdict.span or (0, 0)

    def _spans(self, memory: Memory) -> list[tuple[int, int]]:
        """Where, in the part that holds the draft's quote, the memory's words stand."""
        part = self.verdict.part
        return [one.span for one in memory.sources if part is not None and one.part_id == part.id and one.span]

    @property
    def sentence(self) -> str:
        """The sentence that holds its quote, or the quote where that is not known."""
        part = self.verdict.part
        return phrases.around(part.content, *self._quote, phrases.SENTENCE) if part else self.draft.quote

    @property
    def unproved_here(self) -> int:
        """How many drafts of the same message wait because code could not prove them."""
        waiting = [
            memory
            for memory in self.known
            if self.message_id is not None
            and memory.status(self.now) in WAITING
            and memory.sources
            and memory.sources[0].message_id == self.message_id
        ]
        return sum(memory.why != WRITE_IS_ASK for memory in waiting)


def case(
    draft: Draft,
    verdict: Verdict,
    known: Sequence[Memory],
    now: datetime,
    said: Source | None,
    message_id: int | None,
    change: Change | None,
    grave: Grave | None,
) -> Case:
    """The draft beside `known`: memories of any status, oldest first."""
    of_field = [(memory, memory.status(now)) for memory in known if memory.field == draft.field]
    active = [memory for memory, status in of_field if status is MemoryStatus.ACTIVE]
    waiting = [memory for memory, status in of_field if status in WAITING]
    single = draft.field != "" and draft.field not in MANY
    relation = _as_value if single else likeness
    how = {memory.id: relation(draft.text, memory.text) for memory in (*active, *waiting)}
    return Case(draft, verdict, known, now, said, message_id, change, grave, active, waiting, how)


def _as_value(new: str, old: str) -> Likeness:
    """Of a field of one value the newest words are the value, to the letter: "José" corrects "Jose"."""
    return Likeness.SAME if bare(new) == bare(old) else Likeness.OTHER
