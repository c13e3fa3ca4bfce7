"""How good an order of messages is for questions whose evidence is known, and what a plain index makes of them.

Shares are 0 to 1 and are averaged over questions: recall@k is the share of a question's evidence among the first k
messages, all@10 whether all of it is there, MRR one over the place of the first, session recall@k the share of the
sessions with evidence among the first k sessions, which come in the order of their best messages.
"""

import re
import sqlite3
import statistics
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.benchmarks.conversations import Conversation

TURN_DEPTHS = (1, 5, 10, 20)
SESSION_DEPTHS = (1, 5, 10)
Scores = dict[str, float]


def judged(ranked: Sequence[str], session_of: Mapping[str, int], evidence: Collection[str]) -> Scores:
    """The scores of one order of message keys, best first; what is not in it was not found."""
    places = {key: place for place, key in reversed(list(enumerate(ranked, 1)))}
    found = sorted(places[key] for key in evidence if key in places)
    scores = {f"R@{depth}": sum(place <= depth for place in found) / len(evidence) for depth in TURN_DEPTHS}
    scores["all@10"] = float(sum(place <= 10 for place in found) == len(evidence))
    scores["MRR"] = 1 / found[0] if found else 0.0
    sessions = list(dict.fromkeys(session_of[key] for key in ranked))
    wanted = {session_of[key] for key in evidence}
    for depth in SESSION_DEPTHS:
        scores[f"S@{depth}"] = len(wanted.intersection(sessions[:depth])) / len(wanted)
    return scores


def inside(shown: Iterable[str], evidence: Collection[str]) -> float:
    """The share of the evidence among the messages that were shown."""
    return len(set(shown).intersection(evidence)) / len(evidence)


def mean(values: Iterable[float]) -> float:
    """Their mean; 0 of none."""
    found = list(values)
    return statistics.fmean(found) if found else 0.0


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that so many of them do not exceed; 0 of none."""
    found = sorted(values)
    return found[min(len(found) - 1, int(len(found) * share))] if found else 0.0


@dataclass
class Rows:
    """What was measured for each question, and the labels it is told apart by; the same names in every row."""

    scores: list[Scores] = field(default_factory=list)
    labels: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, labels: Iterable[str], scores: Scores) -> None:
        """One question."""
        self.labels.append(tuple(label for label in labels if label))
        self.scores.append(scores)

    def extend(self, other: "Rows") -> None:
        """All questions of another."""
        self.scores += other.scores
        self.labels += other.labels

    def of(self, label: str) -> "Rows":
        """Those with this label."""
        pairs = [(one, labels) for one, labels in zip(self.scores, self.labels, strict=True) if label in labels]
        return Rows([one for one, _ in pairs], [labels for _, labels in pairs])

    def __len__(self) -> int:
        return len(self.scores)

    def mean(self, name: str) -> float:
        """The mean of one measure."""
        return mean(one[name] for one in self.scores)

    def percentile(self, name: str, share: float) -> float:
        """What so large a share of the questions does not exceed in it."""
        return percentile((one[name] for one in self.scores), share)


class PlainIndex:
    """The baseline: FTS5 with porter, the bare text of each message, the OR of all words of the question, bm25.

    A table in memory of its own; nothing of memchat is in it.
    """

    def __init__(self, conversation: Conversation) -> None:
        self._keys = [said.key for said in conversation.messages]
        self._connection = sqlite3.connect(":memory:")
        self._connection.execute("CREATE VIRTUAL TABLE plain USING fts5 (text, tokenize = 'porter unicode61')")
        self._connection.executemany(
            "INSERT INTO plain (rowid, text) VALUES (?, ?)",
            enumerate(said.text for said in conversation.messages),
        )

    def rank(self, question: str) -> list[str]:
        """All messages that share a word with the question, best first."""
        words = dict.fromkeys(re.findall(r"\w+", question.casefold()))
        query = " OR ".join(f'"{word}"' for word in words)
        if not query:
            return []
        found = self._connection.execute("SELECT rowid FROM plain WHERE plain MATCH ? ORDER BY rank, rowid", (query,))
        return [self._keys[number] for (number,) in found]

    def close(self) -> None:
        """Let go of the table."""
        self._connection.close()
