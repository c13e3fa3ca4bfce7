"""What can be said about each piece that the index found, in numbers of about 0 to 1, for `ranking.py` to weigh.

All pieces are described at once, a column for each signal: one by one they would take most of a question's time. numpy
is loaded with the first question that finds something.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from memchat.domain import LIKE_BESIDE, WORD_BESIDE, Candidate, Found, Memory, Near
from memchat.memory import traits
from memchat.memory.alike import Likeness, alike
from memchat.memory.evidence import clues, repeats
from memchat.memory.occurrences import Read, read
from memchat.memory.query import Query
from memchat.memory.traits import Ages, Columns, Numbers, asks

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# Nothing hangs on these by much: between the values named, the rate at ten on our own chats (five times a fifth of them
# left out) changes by a point or less. BM25 for messages that are short and alike: k1 0.6 to 1.6, b 0.4 to 0.75.
_K1 = 0.9
_B = 0.4
# Characters that are looked at closer, of a piece and of what stands beside it: as much is found as with all of them.
_BEGINNING = 300
_BEGINNING_BESIDE = 150
_LONGEST = 30  # of words
_SEVERAL = 2  # words of a question, from which on all of them together are hardly there by chance
LOOKED_AT = 3
"""Passages that an answer should be among."""
_MEAN_WORDS = 25.0  # of a piece, where the index does not know: our companion chats


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """A piece, and where it stands in the columns of its signals."""

    candidate: Candidate
    place: int
    columns: Columns

    def __getitem__(self, name: str) -> float:
        return float(self.columns[name][self.place])

    @property
    def signals(self) -> dict[str, float]:
        """Its signals by name."""
        return {name: float(column[self.place]) for name, column in self.columns.items()}


@dataclass(frozen=True, slots=True)
class _Texts:
    """Every text once, with the words of the question counted; and which row is which piece's, and its neighbours'.

    `title` is the row of each conversation's title, `session` which of these conversations each piece is of.
    """

    read: Read
    own: "npt.NDArray[np.int64]"
    before: "npt.NDArray[np.int64]"
    after: "npt.NDArray[np.int64]"
    title: "npt.NDArray[np.int64]"
    session: "npt.NDArray[np.int64]"


class Describer:
    """Describes what was found for one question. `memories` are those among the candidates, by message number.

    `columns` holds the signals by name, a number for each of the `candidates`.
    """

    def __init__(
        self,
        query: Query,
        found: Found,
        now: datetime,
        *,
        ages: Ages | None = None,
        memories: Mapping[int, Memory] | None = None,
    ) -> None:
        import numpy as np

        self._query, self._found = query, found
        self.candidates = found.candidates
        self._texts = _texts(found.candidates, query)
        self._held = self._texts.read.counts > 0
        rows = max(found.rows, 1)
        self._idf = np.array(
            [
                term.weight * math.log(1 + (rows - held + 0.5) / (held + 0.5))
                for term in query.terms
                for held in (min(found.frequency.get(term.word, 0), rows),)
            ]
        )
        self._total = float(self._idf.sum()) or 1.0
        self.columns: Columns = {
            **self._of_words(),
            **self._of_likeness(),
            **traits.of_speaker(query, found.candidates),
            **traits.of_form(query, found.candidates, self._texts.read, self._texts.own),
            **traits.of_time(query, found.candidates),
            **traits.of_age(query, found.candidates, memories or {}, ages or Ages(), now),
        }

    def __getitem__(self, place: int) -> Described:
        return Described(self.candidates[place], place, self.columns)

    def look_closer(self, places: Sequence[int], likeness: Likeness) -> None:
        """Count the words that are like those of the question, too, in the windows of these pieces."""
        import numpy as np

        texts, some = self._texts, np.array(places)
        rows: dict[int, int] = dict.fromkeys(texts.own[some].tolist(), _BEGINNING)
        for row in np.concatenate([texts.before[some], texts.after[some]]).tolist():
            if row < len(texts.read.texts):
                rows.setdefault(row, _BEGINNING_BESIDE)
        like = np.zeros(self._held.shape)
        beginnings = [_beginning(texts.read.texts[row], most) for row, most in rows.items()]
        like[list(rows)] = alike(self._query.terms, beginnings, likeness)
        full = np.where(self._held, 1.0, like)
        beside = WORD_BESIDE * np.maximum(full[texts.before[some]], full[texts.after[some]])
        self.columns["window"][some] = self._share(np.maximum(full[texts.own[some]], beside))

    def whole(self, place: int) -> bool:
        """Whether a piece tells something, and every word that the question says itself stands in it.

        Where the best one does, words that are only like them change nothing to speak of.
        """
        held: list[bool] = self._held[self._texts.own[place]].tolist()
        own = [there for there, term in zip(held, self._query.terms, strict=True) if term.own]
        tells = not self.columns["asks"][place] and not repeats(self.candidates[place].text, self._query)
        return tells and len(own) >= _SEVERAL and all(own)

    def evidence(self, order: Iterable[Described]) -> dict[str, float]:
        """What tells, beside the order itself, whether the past holds an answer at all (evidence.py); `order` is best
        first.
        """
        query = self._query
        best = list(islice((one for one in order if not repeats(one.candidate.text, query)), LOOKED_AT))
        return {
            **clues(query, self._found, self._idf.tolist(), [self._around(one) for one in best]),
            "likeness": max((one.candidate.cosine or 0.0 for one in best), default=0.0),
            "time": max((one["during"] for one in best), default=0.0),
            "day": max((one["day"] for one in best), default=0.0),
            "strange": float(bool(query.names) and all(map(self._strange, query.names))),
        }

    def _strange(self, name: frozenset[str]) -> bool:
        """Whether nothing that was found holds the whole name."""
        import numpy as np

        wanted = [place for place, term in enumerate(self._query.terms) if term.stem in name]
        holding: list[bool] = np.all(self._held[self._texts.own][:, wanted], axis=1).tolist()
        return all(repeats(one.text, self._query) for one, there in zip(self.candidates, holding, strict=True) if there)

    def _around(self, one: Described) -> list[bool]:
        """Which words of the question stand in a piece or right beside it."""
        texts, place = self._texts, one.place
        held = self._held[texts.own[place]]
        sides = ((one.candidate.before, texts.before), (one.candidate.after, texts.after))
        for near, rows in sides:
            if near is not None and not repeats(near.text, self._query):
                held = held | self._held[rows[place]]
        found: list[bool] = held.tolist()
        return found

    def _of_words(self) -> Columns:
        """The words of the question: in the piece, before it, around it, and in its conversation."""
        import numpy as np

        texts, held = self._texts, self._held
        worth = self._bm25()
        most = max(worth[texts.own].max(initial=0.0), worth[texts.before].max(initial=0.0)) or 1.0
        before = worth[texts.before] / most
        answers = [bool(value) and _asks(one.before) for value, one in zip(before, self.candidates, strict=True)]
        beside = held[texts.before] | held[texts.after]
        return {
            "words": worth[texts.own] / most,
            "before": before,
            "answer": np.where(answers, before, 0.0),
            "window": self._share(np.where(held[texts.own], 1.0, WORD_BESIDE * beside)),
            "session": self._sessions(),
        }

    def _bm25(self) -> Numbers:
        """Of each text."""
        counts, mean = self._texts.read.counts, self._found.mean_words or _MEAN_WORDS
        length = _K1 * (1 - _B + _B * self._texts.read.words / mean)
        return self._sum(counts * (_K1 + 1) / (counts + length[:, None]))

    def _share(self, parts: Numbers) -> Numbers:
        """What share of the question this much of each of its words makes."""
        return self._sum(parts) / self._total

    def _sum(self, parts: Any) -> Numbers:
        """Each word's part by its worth, added up in order: equal rows give equal sums, to the last digit."""
        import numpy as np

        total = np.zeros(len(parts))
        for column, idf in enumerate(self._idf):
            total += idf * parts[:, column]
        return total

    def _sessions(self) -> Numbers:
        """How much each conversation speaks of what is asked, against the one that does most; a title counts as one of
        its messages.
        """
        import numpy as np

        texts = self._texts
        counts = self._held[texts.title].astype(np.int64)
        np.add.at(counts, texts.session, self._held[texts.own])
        scores = self._sum(counts / (counts + 1))
        return (scores / (scores.max(initial=0.0) or 1.0))[texts.session]

    def _of_likeness(self) -> Columns:
        """How near the piece is, it with those beside it, and the nearest of its conversation."""
        import numpy as np

        least, least_stretch = self._found.least
        stretch = _spread([_stretch(one) for one in self.candidates], least_stretch)
        best = np.zeros(len(self._texts.title))
        np.maximum.at(best, self._texts.session, stretch)
        near = _spread([one.cosine for one in self.candidates], least)
        return {"near": near, "stretch": stretch, "talk": best[self._texts.session]}


def _texts(candidates: Sequence[Candidate], query: Query) -> _Texts:
    """What the candidates hold, each text once: a piece that stands beside another is read as the piece."""
    import numpy as np

    rows: dict[tuple[int, int], int] = {}
    texts: list[str] = []

    def row(key: tuple[int, int], text: str) -> int:
        found = rows.setdefault(key, len(texts))
        if found == len(texts):
            texts.append(text)
        return found

    own = [row((one.message_id, one.piece), one.text) for one in candidates]
    before = [-1 if one.before is None else row((one.before.message_id, 0), one.before.text) for one in candidates]
    after = [-1 if one.after is None else row((one.after.message_id, 0), one.after.text) for one in candidates]
    titles = {one.session_id: one.title for one in candidates}
    first = len(texts)
    texts.extend(titles.values())
    numbers = {session: number for number, session in enumerate(titles)}
    found = read(texts, query.terms)
    nobody = len(texts)

    def column(places: Sequence[int]) -> "npt.NDArray[np.int64]":
        return np.array([nobody if place < 0 else place for place in places], np.int64)

    session = np.array([numbers[one.session_id] for one in candidates], np.int64)
    return _Texts(found, column(own), column(before), column(after), np.arange(first, nobody), session)


def _beginning(text: str, most: int) -> str:
    """Up to the last blank, if there is one near the end: half a word is like others than the word."""
    blank = text.rfind(" ", most - _LONGEST, most)
    return text if len(text) <= most else text[: blank if blank > 0 else most]


def _asks(near: Near | None) -> bool:
    return near is not None and asks(near.text[-3:])


def _stretch(one: Candidate) -> float | None:
    """How near a message and those beside it are to the question; None without a vector."""
    if one.cosine is None:
        return None
    beside = [near.cosine for near in (one.before, one.after) if near and near.cosine]
    return one.cosine + LIKE_BESIDE * sum(beside)


def _spread(values: Sequence[float | None], least: float) -> Numbers:
    """From 0 for the least, or what is less, to 1 for the most; what has no value gets 0."""
    import numpy as np

    known = np.array([np.nan if value is None else value for value in values], np.float64)
    there = ~np.isnan(known)
    low, high = known.min(initial=least, where=there), known.max(initial=-np.inf, where=there)
    span = high - low
    return np.where(there, (known - low) / (span if span > 0 else 1.0), 0.0)
