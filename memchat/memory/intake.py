"""The facts of one consolidation, taken in one after the other: each is checked by code, beside what is known."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from memchat.domain import Draft, Learned, Material, Memory, MemoryStatus, Turn
from memchat.memory import learning
from memchat.memory.change import RETRACT, UPDATE, Change
from memchat.memory.consolidation_prompt import VERSION
from memchat.memory.doubt import doubted
from memchat.memory.findings import Fact, Findings
from memchat.memory.learning import Rules
from memchat.memory.outcomes import NO_FIELD, Ignore
from memchat.memory.quoting import fold
from memchat.memory.statements.sentences import own_words
from memchat.memory.verify import verify
from memchat.ports import Store

OFF = "memory.write is off"
NO_TURN = "no such turn"
MALFORMED = "malformed"
UNREAD = "too many at once"


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
    """Takes facts in, one after the other, each beside what is known by then."""

    def __init__(self, store: Store, material: Material, rules: Rules, model: str, now: datetime) -> None:
        self._store = store
        self._turns = dict(material.turns)
        self._shown = {memory.ref: memory for memory in material.known}
        self._rules = rules
        self._model = model
        self._now = now
        self._said: dict[int, str] | None = None  # each turn's own words, folded, once they are wanted
        self._values: dict[int, Memory] | None = None  # of the profile, by id, once they are wanted
        self._talks: dict[int, list[Turn]] = {}

    def facts(self, findings: Findings) -> Kept:
        """The facts in the order in which they were said."""
        if self._rules.write == learning.OFF:
            found = len(findings.facts)
            return Kept((), {OFF: found} if found else {})
        learned: list[Learned] = []
        ignored = Counter({MALFORMED: findings.malformed, UNREAD: findings.unread})
        placed = [(self._number(fact), fact) for fact in findings.facts]
        for number, fact in sorted(placed, key=lambda place: place[0]):
            one = self._fact(fact, number)
            if isinstance(one, Learned):
                learned.append(one)
            else:
                ignored[one] += 1
        made = learning.make_room(self._store.memories, learned, self._now, self._rules.max_notes)
        made = (*made, *self._doubts())
        return Kept(made, {why: number for why, number in ignored.items() if number})

    def _fact(self, fact: Fact, number: int) -> Learned | str:
        """What was learned, or why nothing was."""
        turn, rules = self._turns.get(number), self._rules
        if turn is None:
            return NO_TURN
        if fact.field and fact.field not in rules.fields:
            return NO_FIELD
        proposed = Draft(fact.text, fact.quote, fact.field, fact.importance, fact.lasting)
        found = verify(
            proposed, turn.user, fields=rules.fields, min_importance=rules.min_importance, before=self._before(turn)
        )
        if found.status is None:
            return found.why
        draft, verdict = learning.as_kept(proposed, found)
        verdict = rules.allowed(verdict)
        source = learning.source_of(verdict, turn.user, at=turn.user.created_at, model=self._model, version=VERSION)
        outcome = learning.decide(
            self._store,
            draft,
            verdict,
            source,
            rules,
            self._now,
            late=True,
            change=self._change(fact),
            profile=self._profile(),
        )
        if isinstance(outcome, Ignore):
            return outcome.why
        memories = self._store.memories
        learned = learning.keep(memories, draft, outcome, source, self._now)
        self._note(learned)
        return learned

    def _doubts(self) -> list[Learned]:
        """What held and waits now, since something said in these turns may have ended it."""
        memories, turns = self._store.memories, list(self._turns.values())
        before = [other for turn in turns for other in self._before(turn)]
        found = doubted(turns, lambda: memories.active(self._now), before)
        return [Learned(memories.set_aside(memory.id, why, self._now)) for memory, why in found]

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

    def _before(self, turn: Turn) -> Sequence[Turn]:
        """All turns of the same conversation before it: a role that is played may have begun long ago."""
        if turn.session_id not in self._talks:
            self._talks[turn.session_id] = self._store.transcripts.turns(turn.session_id)
        return [other for other in self._talks[turn.session_id] if other.number < turn.number]

    def _change(self, fact: Fact) -> Change | None:
        """What the model wants to replace or end; of what it was not shown it can end nothing, and replace nothing."""
        target = self._shown.get(fact.target)
        if fact.op == RETRACT or (fact.op == UPDATE and target is not None):
            return Change(fact.op, target)
        return None

    def _profile(self) -> list[Memory]:
        if self._values is None:
            values = learning.profile_values(self._store.memories, self._rules.fields)
            self._values = {memory.id: memory for memory in values}
        return list(self._values.values())

    def _note(self, learned: Learned) -> None:
        """The profile's values as they are now, without reading them all again."""
        if self._values is not None and learned.memory.field:
            self._values[learned.memory.id] = learned.memory
            if learned.replaced is not None:
                self._values[learned.replaced.id] = learned.replaced
