"""The facts of one consolidation, taken in one after the other: each is checked by code, beside all that is known."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from memchat.domain import Draft, Learned, Material, Memory, MemoryStatus, Message, Turn, Verdict
from memchat.memory import learning
from memchat.memory.consolidation_prompt import VERSION, own_words
from memchat.memory.findings import Fact, Findings
from memchat.memory.learning import Rules
from memchat.memory.quoting import fold
from memchat.memory.reconcile import Ignore, bare, reconcile
from memchat.memory.verify import verify
from memchat.ports import Memories


@dataclass(frozen=True, slots=True)
class Kept:
    """What one consolidation changed: memories, and how many facts were ignored for which reason."""

    learned: tuple[Learned, ...] = ()
    ignored: Mapping[str, int] = field(default_factory=dict)

    @property
    def result(self) -> dict[str, Any]:
        """For the job's row, only counts and fixed phrases.

        `{"learned": 2, "confirmed": 0, "pending": 1, "ignored": {"a question": 3}}`; quarantined ones count as pending.
        """
        new = [one.memory.stored_status for one in self.learned if not one.refreshed]
        active = new.count(MemoryStatus.ACTIVE)
        return {
            "learned": active,
            "confirmed": len(self.learned) - len(new),
            "pending": len(new) - active,
            "ignored": dict(self.ignored),
        }


class Intake:
    """Takes facts in, one after the other, each beside all that is known by then."""

    def __init__(self, memories: Memories, material: Material, rules: Rules, model: str, now: datetime) -> None:
        self._memories = memories
        self._turns = dict(material.turns)
        self._shown = {memory.ref: memory for memory in material.known}
        self._rules = rules
        self._model = model
        self._now = now
        self._said: dict[int, str] | None = None  # each turn's own words, folded, once they are wanted
        self._known: dict[int, Memory] = {}
        self._alike: dict[object, set[int]] = {}  # ids by field, by a note's bare text, by a source's message

    def facts(self, findings: Findings) -> Kept:
        """The facts in the order in which they were said."""
        if self._rules.write == learning.OFF:
            found = len(findings.facts)
            return Kept((), {"memory.write is off": found} if found else {})
        for memory in self._memories.all() if findings.facts else ():
            self._note(memory)
        learned: list[Learned] = []
        ignored = Counter({"malformed": findings.malformed, "too many at once": findings.unread})
        placed = [(self._number(fact), fact) for fact in findings.facts]
        for number, fact in sorted(placed, key=lambda place: place[0]):
            one = self._fact(fact, self._turns.get(number))
            if isinstance(one, Learned):
                learned.append(one)
                self._note(one.memory)
                if one.replaced:
                    self._note(one.replaced)
            else:
                ignored[one] += 1
        return Kept(tuple(learned), {why: number for why, number in ignored.items() if number})

    def _fact(self, fact: Fact, turn: Turn | None) -> Learned | str:
        """What was learned, or why nothing was."""
        if turn is None:
            return "no such turn"
        if fact.field and fact.field not in self._rules.fields:
            return "no such profile field"
        if fact.op == "retract":
            return "a model ends nothing"
        message = turn.user
        draft = Draft(fact.text, fact.quote, fact.field, fact.importance, fact.lasting)
        verdict = self._rules.allowed(verify(draft, message, min_importance=self._rules.min_importance))
        verdict = self._replacing(fact, verdict)
        source = learning.source_of(verdict, message, at=message.created_at, model=self._model, version=VERSION)
        known = self._beside(draft, message)
        outcome = reconcile(draft, verdict, known, self._rules.fields, self._now, said=source)
        if isinstance(outcome, Ignore):
            return outcome.why
        return learning.keep(self._memories, draft, outcome, source, self._now)

    def _number(self, fact: Fact) -> int:
        """The turn that the fact names; where that does not hold its quote, the only one whose own words do.

        Small models number badly and quote well.
        """
        named, wanted = self._turns.get(fact.turn), fold(fact.quote)
        if not wanted or (named is not None and wanted in fold(named.user.text)):
            return fact.turn
        if self._said is None:
            self._said = {number: fold(own_words(turn.user)) for number, turn in self._turns.items()}
        holding = [number for number, said in self._said.items() if wanted in said]
        return holding[0] if len(holding) == 1 else fact.turn

    def _replacing(self, fact: Fact, verdict: Verdict) -> Verdict:
        """A note that is to take the place of another waits: only the user ends a note."""
        target = self._shown.get(fact.target)
        if fact.op != "update" or fact.field or target is None or verdict.status is not MemoryStatus.ACTIVE:
            return verdict
        return Verdict(MemoryStatus.PENDING, f"may replace {target.ref}", verdict.part, verdict.span)

    def _beside(self, draft: Draft, message: Message) -> list[Memory]:
        """The memories that decide about a draft: all of its field; of notes, those alike or from the same message."""
        keys = [draft.field] if draft.field else [_text_key(draft.text), message.id]
        found = set[int]().union(*(self._alike.get(key, ()) for key in keys))
        return [self._known[number] for number in sorted(found)]

    def _note(self, memory: Memory) -> None:
        """It is known to the facts that follow."""
        self._known[memory.id] = memory
        keys = [memory.field] if memory.field else [_text_key(memory.text), *(one.message_id for one in memory.sources)]
        for key in keys:
            self._alike.setdefault(key, set()).add(memory.id)


def _text_key(text: str) -> tuple[str]:
    return (bare(text),)
