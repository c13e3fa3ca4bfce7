"""The books of one conversation: what is wanted, resolved, pending and told, and how a later clause settles an earlier.

Nothing is written here that was not said: items hold extracts.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from memchat.domain import Draft
from memchat.llm.notebook import questions, topics
from memchat.llm.notebook.acts import Act, is_past
from memchat.llm.notebook.clauses import Clause
from memchat.llm.notebook.facts import Fact
from memchat.llm.notebook.subjects import carried, overlap
from memchat.memory.language import folded
from memchat.memory.session import NOTHING

SAME = 0.85
"""Share of words from which two clauses say the same."""
SETTLED = 0.5
"""Share of an open clause's words that a settling one must name."""
BARE = carried("done fixed finished solved works it") | carried("搞定好了完成")
"""Words that say that something is done, and not what."""
_NEVER_MIND = re.compile(r"never ?mind|nvm|forget it|scratch that|算了|不用了|不必了|没事了|当我没说")
_UNDECIDED = re.compile(r"decid|sure|whether|which|tbd|决定|确定|要不要|考虑|未定|待定|哪")
NEAR = 3
"""Turns back in which a bare `done` finds what it is about."""


@dataclass(frozen=True, slots=True)
class Item:
    """One extract: what it says, the words that carry it, its turn (0: from the summary so far), what it did there.

    Of what is said several times `turn` is the newest, and `since` the first.
    """

    text: str
    words: frozenset[str]
    turn: int
    act: Act
    times: int = 1
    since: int | None = None

    @property
    def first(self) -> int:
        """The turn that it was said in first."""
        return self.turn if self.since is None else self.since

    @property
    def open_question(self) -> bool:
        """Whether it waits for an answer, not for a deed."""
        return self.act in {Act.ASKS, Act.REQUESTS}


def item_of(text: str, turn: int, act: Act) -> Item:
    """An extract as an item."""
    return Item(text, carried(folded(text)), turn, act)


@dataclass(slots=True)
class Ledger:
    """The books; earlier items first in each list."""

    wanted: list[Item] = field(default_factory=list)
    resolved: list[Item] = field(default_factory=list)
    pending: list[Item] = field(default_factory=list)
    told: list[Item] = field(default_factory=list)
    small: list[Item] = field(default_factory=list)

    def take(self, turn: int, said: Sequence[Clause], drafts: Sequence[Draft], answered: Callable[[str], bool]) -> None:
        """One turn: its clauses in order, what it taught, and whether its reply answered a clause."""
        for clause in said:
            if clause.text.rstrip(".。").casefold() not in NOTHING:
                self._take(clause, Item(clause.text, carried(clause.low), turn, clause.act), answered)
        if drafts:
            self._learned(drafts, turn)

    def _take(self, clause: Clause, item: Item, answered: Callable[[str], bool]) -> None:
        if item.open_question:
            self._asked(item, answered=answered(item.text))
        elif item.act is Act.INTENDS:
            self.pending = [*(one for one in self.pending if not _same(one, item)), item]
        elif item.act is Act.DECIDES:
            self._decided(item)
            self._resolve(item)
        elif item.act is Act.SETTLES:
            self._settled(item)
        elif item.act is Act.CANCELS:
            self._cancelled(item)
        elif item.act is Act.TELLS:
            if is_past(clause.low) and self._close(item):
                self._resolve(item)
            else:
                self.told.append(item)
        else:
            self.small.append(item)

    def _asked(self, item: Item, *, answered: bool) -> None:
        before = [one for one in self.wanted if _same(one, item)]
        self.wanted = [one for one in self.wanted if one not in before]
        times = sum(one.times for one in before) + 1
        since = min(one.first for one in (*before, item))
        self.wanted.append(Item(item.text, item.words, item.turn, item.act, times, since))
        self.pending = [one for one in self.pending if not (one.open_question and _same(one, item))]
        if not answered:
            self.pending.append(item)

    def _resolve(self, item: Item) -> None:
        self.resolved = [*(one for one in self.resolved if not _same(one, item)), item]

    def _close(self, item: Item) -> bool:
        """Take from what is pending all that the item names; whether there was anything."""
        kept = [one for one in self.pending if overlap(one.words, item.words) < SETTLED]
        closed = len(kept) < len(self.pending)
        self.pending = kept
        return closed

    def _decided(self, item: Item) -> None:
        """A choice closes what it names; of the questions nearby also one that shares a word with it."""
        self._close(item)
        self.pending = [
            one for one in self.pending if not (_undecided(one) and _near(one, item) and one.words & item.words)
        ]

    def _settled(self, item: Item) -> None:
        """Something is done: what it names, or else, said barely, the newest thing that is open nearby."""
        named = item.words - BARE
        near = [one for one in self.pending if _near(one, item)]
        partly = [one for one in near if overlap(named, one.words) > SETTLED]
        if self._close(item) or partly or len(named) > 1:
            self.pending = [one for one in self.pending if one not in partly]
            self._resolve(item)
            return
        if near:
            self.pending.remove(near[-1])
            self._resolve(Item(near[-1].text, near[-1].words, item.turn, Act.SETTLES))
        elif named or " " in item.text or len(item.text) > 2:
            self._resolve(item)

    def _cancelled(self, item: Item) -> None:
        """No longer needed: what it names, else the newest open thing of this turn or the one before."""
        if self._close(item):
            return
        near = [one for one in self.pending if item.turn - one.turn <= 1]
        if near and (len(item.words) <= 1 or _NEVER_MIND.match(folded(item.text))):
            self.pending.remove(near[-1])

    def _learned(self, drafts: Sequence[Draft], turn: int) -> None:
        """A question about the user that nobody could answer is answered when the user tells the fact."""
        facts = [Fact("m0", draft.field, draft.text, draft.quote) for draft in drafts]
        self.pending = [one for one in self.pending if one.turn == turn or not _told(one, facts)]


def _near(one: Item, later: Item) -> bool:
    return later.turn - one.turn <= NEAR


def _undecided(item: Item) -> bool:
    """Whether a choice answers it: an open question, or what the user has not decided."""
    return item.open_question or bool(_UNDECIDED.search(folded(item.text)))


def _told(item: Item, facts: list[Fact]) -> bool:
    asked = questions.asks(item.text) if item.act is Act.ASKS else []
    return any(ask.topic != questions.OPEN and topics.facts_for(ask, facts) for ask in asked)


def _same(one: Item, other: Item) -> bool:
    """Whether two extracts say the same, give or take a word."""
    if one.text == other.text:
        return True
    return overlap(one.words, other.words) >= SAME and overlap(other.words, one.words) >= SAME
