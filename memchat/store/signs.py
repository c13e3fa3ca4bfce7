"""The signs of many vectors in memory: the nearest of them by how many signs differ, and how near each one is."""

from collections.abc import Collection, Sequence
from datetime import datetime
from math import pi, sqrt
from typing import Any

from memchat.store.numbering import PIECE_BITS

# Signs are kept by the word of so many bits, so that one instruction counts those that differ.
_BITS = 64
_FAR = 65_535
# Signs alone make the cosine smaller, by this on the average where values are spread like a bell (as those of all
# embedders about are): with it, what is learnt on cosines of whole vectors holds.
_LOST = sqrt(2 / pi)
# So much room is made ahead, beside an eighth of what is there: not every message copies all that came before.
_AHEAD = 1_024

# So many of the nearest by signs are compared with the question's values (design/recall_findings.md: .96 of the true
# ten nearest among 100,000, .84 among a million).
_RESCORED = 500
# One in so many says about how near the nearest are.
_SAMPLED = 16

# Number, second and signs of each row of `vectors`.
Rows = Sequence[tuple[int, int, bytes]]


def width_of(dim: int) -> int:
    """How many bytes the signs of one vector take."""
    return -(-dim // _BITS) * _BITS // 8


def packed(vectors: bytes, dim: int) -> bytes:
    """The signs of vectors of `dim` signed bytes each: one bit a dimension, filled up to whole words."""
    import numpy as np

    signs = np.packbits(np.frombuffer(vectors, np.int8).reshape(-1, dim) > 0, axis=1)
    lacking = width_of(dim) - signs.shape[1]
    return (np.pad(signs, ((0, 0), (0, lacking))) if lacking else signs).tobytes()


def cosines(question: bytes, signs: bytes) -> list[float]:
    """About the cosine, -1 to 1, of each vector with the question; of the vectors there are the signs alone.

    0 for one without any sign, as for a text of which the embedder knows nothing.
    """
    import numpy as np

    asked = np.frombuffer(question, np.int8).astype(np.float32)
    rows = np.frombuffer(signs, np.uint8).reshape(-1, width_of(len(asked)))
    bits = np.unpackbits(rows, axis=1, count=len(asked))
    among = 2 * (bits.astype(np.float32) @ asked) - asked.sum()
    length = _LOST * sqrt(len(asked) * max(float(asked @ asked), 1.0))
    found: list[float] = np.where(bits.any(axis=1), np.clip(among / length, -1, 1), 0.0).tolist()
    return found


class Signs:
    """Signs of pieces of messages, by number, with the second each message was written in.

    Whoever reads may do so while another thread adds: what is there is never changed, only replaced.
    """

    def __init__(self, dim: int) -> None:
        import numpy as np

        self._words = -(-dim // _BITS)
        # Numbers in order, seconds, and of the signs one row for each word: the differences of one word are counted
        # for all vectors at once. The room may be larger than what is held.
        self._room: tuple[Any, ...] = (
            np.empty(0, np.int64),
            np.empty(0, np.uint32),
            np.empty((self._words, 0), np.uint64),
        )
        self._held: tuple[Any, ...] = self._room

    def add(self, rows: Rows) -> None:
        """Take rows in; of two with the same number the later one counts. What cannot be signs is left out."""
        import numpy as np

        width = width_of(self._words * _BITS)
        rows = [row for row in rows if row[2] and not len(row[2]) % width]
        if not rows:
            return
        messages, at, signs = zip(*rows, strict=True)
        counts = np.array([len(one) for one in signs]) // width
        # Of each message the pieces 0, 1, 2 ...
        piece = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        numbers = np.repeat(np.array(messages, np.int64) << PIECE_BITS, counts) | piece
        words = np.frombuffer(b"".join(signs), np.uint64).reshape(-1, self._words).T
        self._put(numbers, np.repeat(np.array(at, np.uint32), counts), words)

    def nearest(
        self,
        question: bytes,
        *,
        limit: int = _RESCORED,
        since: datetime | None = None,
        until: datetime | None = None,
        outside: Collection[int] = (),
    ) -> dict[int, float]:
        """The numbers of the vectors of which the fewest signs differ, with their cosines.

        `since` is included, `until` is not; messages `outside` are left out.
        """
        import numpy as np

        numbers, at, signs = self._held
        differing = np.zeros(len(numbers), np.uint16)
        for one, word in zip(signs, np.frombuffer(packed(question, len(question)), np.uint64), strict=True):
            differing += np.bitwise_count(one ^ word)
        if since is not None:
            differing[at < since.timestamp()] = _FAR
        if until is not None:
            differing[at >= until.timestamp()] = _FAR
        left_out = np.fromiter(outside, np.int64, len(outside))
        begins, ends = (np.searchsorted(numbers, one << PIECE_BITS) for one in (left_out, left_out + 1))
        for first, last in zip(begins, ends, strict=True):
            differing[first:last] = _FAR
        if not len(numbers):
            return {}
        best = _least(differing, limit)
        return _compared(question, numbers[best], signs[:, best])

    def cosines(self, question: bytes, wanted: Collection[int]) -> dict[int, float]:
        """How near the vectors with these numbers are, as far as they are here."""
        import numpy as np

        numbers, _, signs = self._held
        asked = np.fromiter(wanted, np.int64, len(wanted))
        asked = asked[asked <= (numbers[-1] if len(numbers) else -1)]
        places = np.searchsorted(numbers, asked)
        places = places[numbers[places] == asked]
        return _compared(question, numbers[places], signs[:, places])

    def _put(self, *new: Any) -> None:
        """At the end, as new messages come. Late ones are put in order with those behind them, in a copy of all."""
        import numpy as np

        new = _in_order(new)  # a turn's reply comes before its question
        size = len(self._held[0])
        first = int(np.searchsorted(self._held[0], new[0][0]))
        if first < size:
            new = _in_order(
                [np.concatenate((one[..., first:], late), axis=-1) for one, late in zip(self._held, new, strict=True)]
            )
        end = first + len(new[0])
        if first < size or end > len(self._room[0]):
            room = end + end // 8 + _AHEAD
            self._room = tuple(np.empty((*one.shape[:-1], room), one.dtype) for one in self._held)
            for one, other in zip(self._room, self._held, strict=True):
                one[..., :first] = other[..., :first]
        for one, other in zip(self._room, new, strict=True):
            one[..., first:end] = other
        self._held = tuple(one[..., :end] for one in self._room)


def _in_order(rows: Sequence[Any]) -> tuple[Any, ...]:
    """Rows by their numbers; of two with the same number the later one."""
    import numpy as np

    order = np.argsort(rows[0], kind="stable")
    numbers = rows[0][order]
    order = order[np.append(numbers[1:] != numbers[:-1], True)]
    return tuple(np.ascontiguousarray(one[..., order]) for one in rows)


def _least(differing: Any, limit: int) -> Any:
    """The places of the least, in order, without those that are far; of equals the first.

    A number that as many stay under is found many times quicker than which ones they are; and in a part of them one
    that more do.
    """
    import numpy as np

    for among, enough in ((differing[::_SAMPLED], 2 * limit // _SAMPLED), (differing, limit)):
        last = max(min(enough, len(among)), 1) - 1
        best = np.flatnonzero(differing <= min(int(np.partition(among, last)[last]), _FAR - 1))
        if len(best) >= limit:
            break
    return best[np.argsort(differing[best], kind="stable")[:limit]]


def _compared(question: bytes, numbers: Any, signs: Any) -> dict[int, float]:
    return dict(zip(numbers.tolist(), cosines(question, signs.T.tobytes()), strict=True))
