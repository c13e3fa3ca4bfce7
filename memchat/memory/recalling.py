"""Finding what helps with a message: past exchanges and memories, ranked together, within a budget, or nothing.

The index hands over what may answer, `ranking.py` says how well each does, and here it becomes passages: whole items,
near-duplicates once, each with its day and where it stands. Nothing is written, and no model is asked.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, islice

from memchat.domain import Candidate, Dropped, Found, Memory, MemoryStatus, Passage, Recalled, Role, Search, Zone
from memchat.errors import EmbeddingError, StoreError
from memchat.memory import episodic, time_alone, user
from memchat.memory.alike import words_of
from memchat.memory.budget import fit
from memchat.memory.fields import NAME
from memchat.memory.plain import plain
from memchat.memory.query import Query, understand
from memchat.memory.quoting import Count
from memchat.memory.ranking import Ages, Ranked, rank
from memchat.memory.showing import near, once, tells
from memchat.ports import Embedder, Lexicon, Store

FAMILIAR = 4_000  # texts whose words are learnt beforehand: 0.2 s of a thread, and 3 ms less for a first question
# Asked once beforehand, too: what reads the dates and words of a script is made when it is first needed, in some 10 ms.
REHEARSED = ("What did we say about it last week?", "我們上週說過什麼？")
REHEARSED_AT = datetime(2000, 1, 1, tzinfo=UTC)
NOTES = 20  # memories compared with a question at most, the nearest first
OFFERED = 12  # passages of a turn that are looked at before the budget: ten times its 600 tokens would be waste
TOLD_DROPPED = 5  # of those below the threshold, named in `dropped`

# Most messages of a conversation tell something, and ask for nothing or only on the side. What the past has to say to
# these is worth less than to a question: shown as much, four in five of them carried 450 tokens of it
# (tests/benchmarks/economy.py). From such a share on, `Query.asking`, a message is a question; of others, that ask
# beside and that only tell: how sure it must be, the odds against the best, the share of a question's tokens.
ASKS = 0.6
BESIDE = (0.6, 0.1, 0.5)
TELLING = (0.8, 0.3, 0.25)

BELOW = "below the threshold"


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as it goes to the index, and what came back."""

    query: Query
    found: Found
    memories: tuple[Memory, ...]
    trouble: str


class Recall:
    """Finds past exchanges and memories in one store.

    `embedder` None searches by words alone, and so does one that is not ready yet; so it is with `lexicon`, which knows
    words that are like those of a question. `fields` are the configured profile
    fields; `assistant` is what the user calls the assistant. `threshold` 0 to 1, None as measured. `trouble`
    is why there is no embedder, where one was wanted.
    """

    def __init__(
        self,
        store: Store,
        *,
        embedder: Embedder | None = None,
        lexicon: Lexicon | None = None,
        fields: Sequence[str] = (),
        assistant: str = "",
        ages: Ages | None = None,
        threshold: float | None = None,
        trouble: str = "",
    ) -> None:
        self._trouble = trouble
        self._store = store
        self._embedder = embedder
        self._lexicon = lexicon
        self._fields = frozenset(fields)
        self._assistant = assistant
        self._ages = ages or Ages()
        self._threshold = threshold

    def warm(self) -> None:
        """Load what the first question would wait for, and of the newest messages the words, which come again; meant
        for a thread with a store of its own. Nothing is sent to anyone. Raises IndexDamagedError, EmbeddingError.
        """
        self._store.index.warm()
        newest = self._store.index.newest(FAMILIAR)
        if self._lexicon is not None:
            words: dict[str, None] = {}
            for text in newest:  # one by one: somebody types meanwhile
                words.update(dict.fromkeys(chain.from_iterable(words_of([plain(text)]))))
            self._lexicon.learn(list(words))
        if self._embedder is None or not self._embedder.host:  # else it would be asked for vectors, over the wire
            for question in (*REHEARSED, *newest[:1]):  # the last one finds itself
                self.look(question, REHEARSED_AT, count=len)

    def for_turn(
        self,
        text: str,
        now: datetime,
        *,
        before: str = "",
        live: tuple[int, int] | None = None,
        known: Collection[str] = (),
        count: Count,
        tokens: int,
    ) -> Recalled:
        """What the model is shown beside the message `text`, within `tokens`; nothing for thanks and small talk.

        `before` is the user's message before it, `live` the session and its first turn that the model still sees,
        `known` are refs of memories that stand in the head. An index that cannot be read costs its part only.
        """
        try:
            query = self._understood(text, now, before)
            if query.empty or tokens <= 0:
                return Recalled()
            time = time_alone.range_of(query, now)
            since, until = time or (None, None)
            asked = self._ask(query, now, since=since, until=until, live=live, known=known)
        except StoreError as error:  # what was said before costs nobody the answer
            return Recalled(trouble=error.message)
        ranked = self._ranked(asked, now)
        if time is not None:  # all of it answers, if that is what is asked for
            ranked = [replace(one, shown=time_alone.asks(query)) for one in ranked]
        elif query.asking < ASKS:
            sure, odds, share = BESIDE if query.asking else TELLING
            certain = bool(ranked) and ranked[0].score >= (sure if self._threshold is None else self._threshold)
            ranked = [replace(one, shown=certain and one.odds >= odds) for one in ranked]
            tokens = int(tokens * share)
        good = islice((one for one in ranked if one.shown and (time is not None or tells(one, query))), OFFERED)
        passages, again = once(self._passages(good, asked, now, count))
        kept = fit(passages, tokens, f"recall's {tokens:,} tokens")
        low = [one for one in ranked if not one.shown][:TOLD_DROPPED]
        below = [Dropped(passage, BELOW) for passage in self._passages(low, asked, now, count)]
        return Recalled(kept.kept, (*kept.dropped, *again, *below), asked.trouble)

    def look(
        self,
        query: str,
        now: datetime,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        live: tuple[int, int] | None = None,
        limit: int = 20,
        count: Count,
    ) -> Recalled:
        """What is nearest to `query`, best first, however near that is: for whoever asks outright.

        `since` is included, `until` is not. An empty query within dates gives what was said then.
        """
        understood = self._understood(query, now, "")
        if since is None and until is None:
            since, until = time_alone.range_of(understood, now) or (None, None)
        asked = self._ask(understood, now, since=since, until=until, live=live)
        ranked = self._ranked(asked, now)
        if understood.terms:
            ranked = [one for one in ranked if near(one)]
        passages, again = once(self._passages(ranked[: 2 * limit], asked, now, count))
        return Recalled(tuple(passages[:limit]), tuple(again), asked.trouble)

    def order(self, text: str, now: datetime, *, before: str = "") -> list[Candidate]:
        """The past messages in the order in which they are found, whether they would be shown or not."""
        asked = self._ask(self._understood(text, now, before), now)
        return [one.candidate for one in self._ranked(asked, now) if one.candidate.message_id > 0]

    # Asking

    def _understood(self, text: str, now: datetime, before: str) -> Query:
        history = self._store.memories.history(NAME) if NAME in self._fields else []
        held = [memory.text for memory in history if memory.status(now) is MemoryStatus.ACTIVE]
        return understand(text, now, before=before, user=held[-1] if held else "", assistant=self._assistant)

    def _ask(
        self,
        query: Query,
        now: datetime,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        live: tuple[int, int] | None = None,
        known: Collection[str] = (),
    ) -> Asked:
        vector, name, trouble = self._vector(query)
        search = Search(query.words, vector, name, query.ranges, since, until, live, query.lent)
        found = self._store.index.candidates(search)
        memories: tuple[Memory, ...] = ()
        notes: list[Candidate] = []
        try:
            memories, notes = self._memories(search, now, known)
        except StoreError as error:
            trouble = trouble or error.message
        whole = replace(found, candidates=(*found.candidates, *notes))
        return Asked(query, whole, memories, trouble or found.trouble)

    def _vector(self, query: Query) -> tuple[bytes | None, str, str]:
        """The question's vector, whose it is, and what went wrong."""
        embedder = self._embedder
        if embedder is None or not embedder.ready or not query.content:
            return None, "", self._trouble
        try:
            return embedder.embed([query.content])[0], embedder.name, ""
        except EmbeddingError as error:
            return None, "", error.message

    def _memories(
        self, search: Search, now: datetime, known: Collection[str]
    ) -> tuple[tuple[Memory, ...], list[Candidate]]:
        """The memories near to the question that hold and are not shown already; as what a user once said."""
        near = self._store.index.memories(search)
        best = sorted(near, key=lambda number: (near[number].words, near[number].cosine or 0.0), reverse=True)[:NOTES]
        found = [self._store.memories.get(number) for number in best]
        memories = tuple(
            memory
            for memory in found
            if memory.status(now) is MemoryStatus.ACTIVE
            and memory.ref not in known
            and (not memory.field or memory.field in self._fields)
            and _within(memory, search)
        )
        return memories, [_as_candidate(memory, near[memory.id].cosine) for memory in memories]

    def _ranked(self, asked: Asked, now: datetime) -> list[Ranked]:
        weights = {-memory.id: memory for memory in asked.memories}
        lexicon = self._lexicon
        return rank(
            asked.query,
            asked.found,
            now,
            ages=self._ages,
            threshold=self._threshold,
            memories=weights,
            likeness=lexicon.likeness if lexicon is not None and lexicon.ready else None,
        )

    # Showing

    def _passages(self, ranked: Iterable[Ranked], asked: Asked, now: datetime, count: Count) -> list[Passage]:
        memories = {-memory.id: memory for memory in asked.memories}
        found = []
        for one in ranked:
            memory = memories.get(one.candidate.message_id)
            if memory is not None:
                found.append(user.passage(memory, Zone.TAIL, now, count, why=one.why, score=one.score))
            else:
                text = asked.query.text
                found.append(episodic.passage(one.candidate, text, now.tzinfo, count, why=one.why, score=one.score))
        return found


def _as_candidate(memory: Memory, cosine: float | None) -> Candidate:
    """A memory beside past exchanges: its number below zero, in a session of its own."""
    name = f"{memory.field.replace('_', ' ')}: " if memory.field else ""
    text = f"{name}{memory.text}"
    return Candidate(
        session_id=-memory.id,
        turn=0,
        message_id=-memory.id,
        piece=0,
        role=Role.USER,
        own=True,
        at=memory.last_confirmed_at,
        text=text,
        cosine=cosine,
        length=len(text),
    )


def _within(memory: Memory, search: Search) -> bool:
    """Whether it was told, or confirmed, between the dates that are asked for."""
    since, until = search.since, search.until
    moments = [source.at for source in memory.sources] or [memory.created_at]
    return any((since is None or at >= since) and (until is None or at < until) for at in moments)
