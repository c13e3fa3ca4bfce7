"""What can be said about each piece that the index found, in numbers of about 0 to 1, for `ranking.py` to weigh."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import mul

from memchat.domain import Candidate, Found, Memory, Near, Role
from memchat.memory.alike import Likeness, alike
from memchat.memory.evidence import clues, repeats
from memchat.memory.occurrences import Read, Reader
from memchat.memory.query import Query
from memchat.memory.traits import Ages, asks, of_form, of_speaker, of_time

# Nothing hangs on these by much: between the values named, the rate at ten on our own chats (five times a fifth of them
# left out) changes by a point or less. BM25 for messages that are short and alike: k1 0.6 to 1.6, b 0.4 to 0.75.
_K1 = 0.9
_B = 0.4
# What a word, and a likeness, is worth that stands in the message before the answer or after it: from nothing to 0.9.
# Those two away brought nothing more on our own chats.
_WORD_BESIDE = 0.7
_LIKE_BESIDE = 0.6
LOOKED_AT = 3
"""Passages that an answer should be among."""
_MIDDLE = 5.5  # of importance, which runs from 1 to 10
_MEAN_WORDS = 25.0  # of a piece, where the index does not know: our companion chats


@dataclass(frozen=True, slots=True)
class Described:
    """A piece and its signals by name."""

    candidate: Candidate
    signals: Mapping[str, float]


class _Words:
    """What the words of one question are worth in this store."""

    def __init__(self, query: Query, found: Found) -> None:
        rows = max(found.rows, 1)
        self._mean = found.mean_words or _MEAN_WORDS
        self.idf = tuple(
            term.weight * math.log(1 + (rows - held + 0.5) / (held + 0.5))
            for term in query.terms
            for held in (min(found.frequency.get(term.word, 0), rows),)
        )
        self.total = sum(self.idf) or 1.0

    def bm25(self, read: Read) -> float:
        if not read.any:
            return 0.0
        length = _K1 * (1 - _B + _B * read.words / self._mean)
        pairs = zip(self.idf, read.counts, strict=True)
        return sum(idf * count * (_K1 + 1) / (count + length) for idf, count in pairs if count)

    def window(self, own: Read, beside: Sequence[Read]) -> float:
        """The share of the question that a message and those beside it hold, each word where it counts most."""
        holding = [read.counts for read in beside if read.any]
        if not (own.any or holding):
            return 0.0
        around = [any(counts) for counts in zip(*holding, strict=True)] or [False] * len(self.idf)
        total = 0.0
        for idf, count, near in zip(self.idf, own.counts, around, strict=True):
            if count:
                total += idf
            elif near:
                total += idf * _WORD_BESIDE
        return total / self.total


class Describer:
    """Describes what was found for one question. `memories` are those among the candidates, by message number."""

    def __init__(
        self,
        query: Query,
        found: Found,
        now: datetime,
        *,
        ages: Ages | None = None,
        memories: Mapping[int, Memory] | None = None,
    ) -> None:
        self._query, self._found, self._now = query, found, now
        self._ages, self._memories = ages or Ages(), memories or {}
        self._reader, self._words = Reader(query.terms), _Words(query, found)

    def all(self) -> list[Described]:
        """Every candidate, in the order in which they were found."""
        candidates, words = self._found.candidates, self._words
        own = [self._own(one) for one in candidates]
        beside = [self._beside(one) for one in candidates]
        held = [words.bm25(read) for read in own]
        held_before = [words.bm25(self._near(one.before)) if one.before else 0.0 for one in candidates]
        most = max((*held, *held_before), default=0.0) or 1.0
        near = _spread([one.cosine for one in candidates])
        stretch = _spread([_stretch(one) for one in candidates])
        session, talk = _sessions(candidates, own, self._reader, words), _best(candidates, stretch)
        of_role = {role: of_speaker(self._query, role) for role in Role}
        described = []
        for place, one in enumerate(candidates):
            before = held_before[place] / most
            signals = {
                "words": held[place] / most,
                "before": before,
                "answer": before if before and one.before and asks(one.before.text[-3:]) else 0.0,
                "window": words.window(own[place], beside[place]),
                "session": session[one.session_id],
                "near": near[place],
                "stretch": stretch[place],
                "talk": talk[one.session_id],
            }
            signals.update(of_role[one.role])
            signals.update(of_form(self._query, one, own[place]))
            signals.update(of_time(self._query, one))
            signals.update(self._of_age(one))
            described.append(Described(one, signals))
        return described

    def closer(self, some: Sequence[Described], likeness: Likeness) -> list[Described]:
        """These again, with words that are like those of the question counted in their windows."""
        reads: dict[int, Read] = {}
        for one in some:
            for read in (self._own(one.candidate), *self._beside(one.candidate)):
                reads[id(read)] = read
        found = alike(self._query.terms, [read.text for read in reads.values()], likeness)
        nearness = dict(zip(reads, found, strict=True))
        return [
            Described(one.candidate, {**one.signals, "window": self._soft_window(one.candidate, nearness)})
            for one in some
        ]

    def evidence(self, order: Sequence[Described]) -> dict[str, float]:
        """What tells, beside the order itself, whether the past holds an answer at all (evidence.py); `order` is best
        first.
        """
        best = [one for one in order if not repeats(one.candidate.text, self._query)][:LOOKED_AT]
        held = [self._held(one.candidate) for one in best]
        return {
            **clues(self._query, self._found, self._words.idf, held),
            "likeness": max((one.candidate.cosine or 0.0 for one in best), default=0.0),
            "time": max((one.signals["during"] for one in best), default=0.0),
            "day": max((one.signals["day"] for one in best), default=0.0),
            "strange": float(bool(self._query.names) and all(map(self._strange, self._query.names))),
        }

    def _strange(self, name: frozenset[str]) -> bool:
        """Whether nothing that was found holds the whole name."""
        wanted = [place for place, term in enumerate(self._query.terms) if term.stem in name]
        read = map(self._own, self._found.candidates)
        return not any(one.any and all(one.counts[place] for place in wanted) for one in read)

    def _own(self, one: Candidate) -> Read:
        return self._reader.read((one.message_id, one.piece), one.text)

    def _near(self, near: Near) -> Read:
        return self._reader.read((near.message_id, 0), near.text)

    def _beside(self, one: Candidate) -> list[Read]:
        """The messages before and after it."""
        return [self._near(near) for near in (one.before, one.after) if near]

    def _soft_window(self, one: Candidate, nearness: Mapping[int, Sequence[float]]) -> float:
        parts = _full(self._own(one), nearness)
        for read in self._beside(one):
            others = _full(read, nearness)
            parts = [max(part, _WORD_BESIDE * other) for part, other in zip(parts, others, strict=True)]
        return float(sum(map(mul, self._words.idf, parts))) / self._words.total

    def _held(self, one: Candidate) -> list[bool]:
        """Which words of the question stand in a piece or right beside it."""
        near = [near for near in (one.before, one.after) if near and not repeats(near.text, self._query)]
        counts = [read.counts for read in (self._own(one), *map(self._near, near))]
        return [any(count) for count in zip(*counts, strict=True)]

    def _of_age(self, one: Candidate) -> dict[str, float]:
        memory = self._memories.get(one.message_id)
        age = 0.0 if self._query.periods else self._ages.of(one, memory, self._now)
        return {"age": age, "importance": 0.0 if memory is None else (memory.importance - _MIDDLE) / (10 - _MIDDLE)}


def _full(read: Read, nearness: Mapping[int, Sequence[float]]) -> list[float]:
    """For each word of the question 1 where it stands in the text, else how like to it another word there is."""
    return [1.0 if count else like for count, like in zip(read.counts, nearness[id(read)], strict=True)]


def _sessions(candidates: Sequence[Candidate], own: Sequence[Read], reader: Reader, words: _Words) -> dict[int, float]:
    """How much each conversation speaks of what is asked, against the one that does most; a title counts as one of
    its messages."""
    held: dict[int, list[int]] = {}
    for one, read in zip(candidates, own, strict=True):
        if one.session_id not in held:
            title = reader.read((0, one.session_id), one.title)
            held[one.session_id] = [int(count > 0) for count in title.counts]
        if read.any:
            counts = held[one.session_id]
            for place, count in enumerate(read.counts):
                counts[place] += count > 0
    scores = {
        session: sum(idf * count / (count + 1) for idf, count in zip(words.idf, counts, strict=True) if count)
        for session, counts in held.items()
    }
    most = max(scores.values(), default=0.0) or 1.0
    return {session: score / most for session, score in scores.items()}


def _best(candidates: Sequence[Candidate], values: Sequence[float]) -> dict[int, float]:
    """The most of each conversation."""
    best: dict[int, float] = {}
    for one, value in zip(candidates, values, strict=True):
        best[one.session_id] = max(best.get(one.session_id, 0.0), value)
    return best


def _stretch(one: Candidate) -> float | None:
    """How near a message and those beside it are to the question; None without a vector."""
    if one.cosine is None:
        return None
    beside = [near.cosine for near in (one.before, one.after) if near and near.cosine]
    return one.cosine + _LIKE_BESIDE * sum(beside)


def _spread(values: Sequence[float | None]) -> list[float]:
    """From 0 for the least to 1 for the most; what has no value gets 0."""
    known = [value for value in values if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    span = high - low or 1.0
    return [0.0 if value is None else (value - low) / span for value in values]
