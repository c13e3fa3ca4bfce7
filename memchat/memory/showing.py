"""Which of the messages that were found are worth showing, and which say the same. Pure."""

from collections.abc import Sequence

from memchat.domain import Dropped, Passage, Role
from memchat.memory.query import Query
from memchat.memory.ranking import Ranked
from memchat.memory.traits import asks
from memchat.memory.words import words

SAME = 0.8
"""Share of the words of the longer of two texts from which on they count as one."""
LEAST_WORDS = 4  # with fewer a passage says nothing by itself, and nobody can say that it repeats another
LEAST_CHARACTERS = 60  # with so many it says something for sure, which spares counting its words
# Whoever asks outright is shown what shares a word with the question, or a likeness; else what is nearly the best.
LIKE = 0.3
NEARLY = 0.1  # odds against the best
FAR = 0.005  # with less nothing is shown

AGAIN = "says nearly the same as one above"


def tells(one: Ranked, query: Query) -> bool:
    """Whether a message can answer: `Noted.` stands beside an answer and is none, nor is the question asked before.

    It can if it shares a word with the question, or answers another question, or has words enough of its own.
    """
    text = one.candidate.text
    if one.candidate.role is Role.USER and asks(text) and _overlap(words(text), words(query.text)) >= SAME:
        return False
    return _shares(one) or _says(text)


def near(one: Ranked) -> bool:
    """Whether it has to do with the question at all."""
    like = (one.candidate.cosine or 0.0) >= LIKE or one.odds >= NEARLY
    return one.odds >= FAR and (_shares(one) or (like and _says(one.candidate.text)))


def once(passages: Sequence[Passage]) -> tuple[list[Passage], list[Dropped]]:
    """The same, but of those that say nearly the same only the best; and what was left out.

    Where the assistant repeats what the user said, the user's words are shown, in the better one's place.
    """
    kept: list[tuple[Passage, frozenset[str]]] = []
    dropped = []
    for passage in passages:
        said = words(passage.text)
        place = next((place for place, (_, other) in enumerate(kept) if _alike(said, other)), None)
        if place is None:
            kept.append((passage, said))
        elif passage.speaker == Role.USER and kept[place][0].speaker == Role.ASSISTANT:
            dropped.append(Dropped(kept[place][0], AGAIN))
            kept[place] = (passage, said)
        else:
            dropped.append(Dropped(passage, AGAIN))
    return [passage for passage, _ in kept], dropped


def _shares(one: Ranked) -> bool:
    """Whether it shares a word with the question, or answers one that does."""
    return one.described["words"] > 0 or one.described["answer"] > 0


def _says(text: str) -> bool:
    """Whether it has words enough to say anything by itself."""
    return len(text) >= LEAST_CHARACTERS or len(words(text)) >= LEAST_WORDS


def _alike(some: frozenset[str], others: frozenset[str]) -> bool:
    return min(len(some), len(others)) >= LEAST_WORDS and _overlap(some, others) >= SAME


def _overlap(some: frozenset[str], others: frozenset[str]) -> float:
    """The share of the words of the longer one that both have."""
    return len(some & others) / max(len(some), len(others), 1)
