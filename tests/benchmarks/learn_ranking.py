"""Learns the numbers in memchat/memory/ranking.py, from our own conversations and small talk alone.

    python -m tests.benchmarks.learn_ranking [FILE...] [--talk FILE...] [--check FILE...] [--check-talk FILE...]
        [--strength X]

FILE are conversations (conversations.py), those of `chats/train` unless told otherwise; on `--check` is only measured.
Each question is asked of a database that holds its conversation, as a turn asks. Two things are learnt:

WEIGHTS: a linear ranking. The share of the evidence that a softmax over the sums gives is made as large as it can be,
minus `--strength` times half the squared weights, all signals brought to the same spread first. No weight may take the
sign that its meaning forbids. `--strength` was chosen by leaving out a fifth of the conversations at a time: with 0.1,
0.2 and 0.4 the rate at ten was the same to a point, so it is the middle one.

SURE: a logistic regression of "somebody asks for what was said" against small talk and questions about the world. They
are asked of every database, and of one that holds all conversations, where nearly every word has been said: both count
the same; and each both by itself and in the middle of a talk, after something else. The threshold is the highest with
which something is shown to `ANSWERED` of the questions of training, on the average of all.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
from memchat.domain import Search
from memchat.llm.embedding import BundledEmbedder
from memchat.memory import ranking
from memchat.memory.alike import Likeness
from memchat.memory.query import understand
from memchat.memory.signals import Described, Describer
from memchat.ports import Embedder
from memchat.store.connection import open_store

from tests.benchmarks.abstention import STEP, messages, users
from tests.benchmarks.conversations import AFTER, Conversation, Said, read
from tests.benchmarks.filling import Filled, Timed
from tests.benchmarks.measures import Rows, judged
from tests.benchmarks.recall import loaded

CHATS = Path(__file__).parent / "chats"
# What makes a message worse; all else can only make it better, or is not there.
AGAINST = frozenset(("long", "asks"))
GIVEN = ("age", "importance")  # ranking.py says why
ANSWERED = 0.97
FOLDS = 5
TALK = ("smalltalk", "world")
Numbers = npt.NDArray[np.float64]


@dataclass
class Example:
    """One question with all that was found for it, or one piece of small talk, which has no evidence."""

    conversation: str
    pieces: list[Described]
    keys: list[str]
    evidence: frozenset[str]
    session_of: Mapping[str, int]
    clues: dict[str, float] = field(default_factory=dict)

    def matrix(self, names: Sequence[str]) -> Numbers:
        """The signals, a row for each piece."""
        rows = [[one.signals.get(name, 0.0) for name in names] for one in self.pieces]
        return np.array(rows, dtype=float).reshape(len(rows), len(names))

    @property
    def right(self) -> npt.NDArray[np.bool_]:
        """Which pieces are evidence."""
        return np.array([key in self.evidence for key in self.keys])

    def order(self, scores: Numbers) -> list[str]:
        """The messages, best first."""
        return list(dict.fromkeys(self.keys[place] for place in np.argsort(-scores, kind="stable")))


@dataclass
class Asker:
    """One conversation in memory, ready to be asked."""

    conversation: Conversation
    embedder: Embedder | None
    filled: Filled
    prefix: str = ""

    def found(self, text: str, now: datetime, evidence: frozenset[str], before: Said | None = None) -> Example:
        """What is found for it, described; small talk that is not even searched for has nothing.

        Said after `before`, it is searched for in what was said until then.
        """
        one = self.conversation
        words, live = (before.text, (self.session(before), before.turn)) if before else ("", None)
        query = understand(text, now, before=words, user=one.user, assistant=one.assistant)
        if query.empty:
            return Example(one.name, [], [], evidence, self.filled.session_of)
        vector = self.embedder.embed([query.content])[0] if self.embedder and query.content else None
        name = self.embedder.name if self.embedder else ""
        search = Search(query.words, vector, name, query.ranges, live=live)
        found = self.filled.store.index.candidates(search)
        describer = Describer(query, found, now)
        pieces = [one for _, one in ranking.ordered(describer, self.likeness)]
        keys = [self.filled.key_of[piece.candidate.message_id] for piece in pieces]
        example = Example(one.name, pieces, keys, evidence, self.filled.session_of)
        if pieces:
            example.clues = describer.evidence(pieces)
        return example

    def session(self, said: Said) -> int:
        """The session of a message."""
        return self.filled.session_of[self.prefix + said.key]

    def within(self, text: str, now: datetime, place: int) -> Example:
        """The same in the middle of a talk, after a message of the user: another one for each `place`."""
        said = users(self.conversation)
        return self.found(text, now, frozenset(), said[place * STEP % len(said)])

    @property
    def likeness(self) -> Likeness | None:
        """Of single words, where the embedder knows it."""
        return self.embedder.likeness if isinstance(self.embedder, BundledEmbedder) else None


@dataclass
class Groups:
    """What was asked and said, each by itself and in the middle of a talk."""

    asked: list[Example] = field(default_factory=list)
    asked_within: list[Example] = field(default_factory=list)
    said: list[Example] = field(default_factory=list)
    said_within: list[Example] = field(default_factory=list)

    def ask(self, asker: Asker) -> None:
        """The questions of a conversation."""
        for place, one in enumerate(asker.conversation.questions):
            self.asked.append(asker.found(one.text, one.asked_at, one.evidence))
            self.asked_within.append(asker.within(one.text, one.asked_at, place))

    def say(self, asker: Asker, talk: Sequence[str], now: datetime) -> None:
        """The small talk."""
        for place, text in enumerate(talk):
            self.said.append(asker.found(text, now, frozenset()))
            self.said_within.append(asker.within(text, now, place))

    @property
    def by_kind(self) -> tuple[list[list[Example]], list[list[Example]]]:
        """What asks for the past, and what does not."""
        return [self.asked, self.asked_within], [self.said, self.said_within]


def askers(conversations: Sequence[Conversation], embedder: Embedder | None) -> Iterator[Asker]:
    """Each conversation in a database of its own, in memory."""
    for conversation in conversations:
        with tempfile.TemporaryDirectory() as home:
            app = Timed(Path(home), embedder=embedder, assistant=conversation.assistant)
            app.__dict__["store"] = open_store(None)
            filled = Filled(app)
            filled.add(conversation)
            yield Asker(conversation, embedder, filled)
            app.close()


def examples(conversations: Sequence[Conversation], talk: Sequence[str], embedder: Embedder | None) -> Groups:
    """The questions, and the small talk in every conversation."""
    groups = Groups()
    for asker in askers(conversations, embedder):
        groups.ask(asker)
        groups.say(asker, talk, asker.conversation.sittings[-1].at + AFTER)
    return groups


def crowded(conversations: Sequence[Conversation], talk: Sequence[str], embedder: Embedder | None) -> Groups:
    """The same of one database that holds them all."""
    groups = Groups()
    with tempfile.TemporaryDirectory() as home:
        app = Timed(Path(home), embedder=embedder)
        app.__dict__["store"] = open_store(None)
        filled = Filled(app)
        askers = [Asker(one, embedder, filled, f"{place}/") for place, one in enumerate(conversations)]
        for asker in askers:
            filled.add(asker.conversation, prefix=asker.prefix)
        for asker in askers:
            groups.ask(asker)
        nobody = replace(askers[-1], conversation=replace(conversations[-1], assistant=""))
        groups.say(nobody, talk, max(one.sittings[-1].at for one in conversations) + AFTER)
        app.close()
    return groups


def learnt(asked: Sequence[Example], names: Sequence[str], strength: float, rounds: int = 600) -> dict[str, float]:
    """The weights that rank the evidence of these questions best."""
    useful = [one for one in asked if one.right.any()]
    tables = [one.matrix(names) for one in useful]
    sizes = [len(table) for table in tables]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    whole, right = np.concatenate(tables), np.concatenate([one.right for one in useful]).astype(float)
    spread = whole.std(axis=0) + 1e-3
    table = whole / spread
    aim = right / np.repeat(np.add.reduceat(right, starts), sizes)
    sign = np.array([-1.0 if name in AGAINST else 1.0 for name in names])
    weights, moved, size = np.zeros(len(names)), np.zeros(len(names)), np.zeros(len(names))
    for count in range(1, rounds + 1):  # Adam, kept within the signs
        sums = table @ weights
        sums -= np.repeat(np.maximum.reduceat(sums, starts), sizes)
        powers = np.exp(sums)
        guess = powers / np.repeat(np.add.reduceat(powers, starts), sizes)
        slope = table.T @ (guess - aim) / len(useful) + strength * weights
        moved, size = 0.9 * moved + 0.1 * slope, 0.99 * size + 0.01 * slope**2
        step = moved / (1 - 0.9**count) / (np.sqrt(size / (1 - 0.99**count)) + 1e-8)
        weights = np.maximum((weights - 0.05 * 0.995**count * step) * sign, 0.0) * sign
    return dict(zip(names, (weights / spread).tolist(), strict=True))


def measured(asked: Sequence[Example], weights: Mapping[str, float]) -> Rows:
    """How well these weights rank."""
    rows, names = Rows(), list(weights)
    factor = np.array(list(weights.values()))
    for one in asked:
        rows.add((), judged(one.order(one.matrix(names) @ factor), one.session_of, one.evidence))
    return rows


def crossed(asked: Sequence[Example], names: Sequence[str], strength: float) -> Rows:
    """The same for weights that never saw the conversation they are measured on."""
    rows, all_names = Rows(), sorted({one.conversation for one in asked})
    for fold in range(FOLDS):
        out = set(all_names[fold::FOLDS])
        weights = learnt([one for one in asked if one.conversation not in out], names, strength)
        rows.extend(measured([one for one in asked if one.conversation in out], weights))
    return rows


def sureness(groups: Sequence[tuple[Sequence[Example], float]], strength: float = 1e-3) -> dict[str, float]:
    """What tells a question about the past (1) from small talk (0); every group weighs the same."""
    known = [([one.clues for one in some if one.clues], value) for some, value in groups]
    names = list(known[0][0][0])
    table = np.array([[1.0, *(clues[name] for name in names)] for some, _ in known for clues in some])
    right = np.array([value for some, value in known for _ in some])
    heavy = np.array([1 / len(some) / len(known) for some, _ in known for _ in some])
    weights = np.zeros(len(names) + 1)
    kept = strength * np.eye(len(weights))
    kept[0, 0] = 0.0
    for _ in range(50):  # Newton
        guess = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (heavy * (guess - right)) + kept @ weights
        curve = (table * (heavy * guess * (1 - guess))[:, None]).T @ table + kept
        weights -= np.linalg.solve(curve + 1e-9 * np.eye(len(weights)), slope)
    return dict(zip(["", *names], weights.tolist(), strict=True))


def loud(some: Sequence[Example], factors: Mapping[str, float], bar: float) -> float:
    """The share of them that something would be shown to."""
    return float(np.mean([certain(one, factors) >= bar for one in some]))


def certain(one: Example, factors: Mapping[str, float]) -> float:
    """How sure these factors are of one example."""
    if not one.clues:
        return 0.0
    total = factors[""] + sum(factors[name] * value for name, value in one.clues.items())
    return float(1 / (1 + np.exp(-total)))


def texts(paths: Sequence[Path]) -> list[str]:
    """All messages of these files."""
    return [text for path in paths for some in messages(path).values() for text in some]


def told(name: str, rows: Rows) -> str:
    """One line of measures."""
    return f"{name:28}" + "  ".join(
        f"{one} {rows.mean(one):6.1%}" for one in ("R@1", "R@5", "R@10", "R@20", "all@10", "MRR", "S@1", "S@10")
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Learn, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--talk", nargs="+", type=Path, default=[CHATS / f"{name}.json" for name in TALK])
    parser.add_argument("--check", nargs="*", type=Path, default=sorted((CHATS / "held").glob("*.json")))
    parser.add_argument("--check-talk", nargs="+", type=Path, default=[CHATS / f"{name}_held.json" for name in TALK])
    parser.add_argument("--strength", type=float, default=0.2)
    wanted = parser.parse_args(arguments)
    embedder, talk, held_talk = loaded({}), texts(wanted.talk), texts(wanted.check_talk)
    chats = [one for path in wanted.files or sorted((CHATS / "train").glob("*.json")) for one in read(path)]
    held_chats = [one for path in wanted.check for one in read(path)]
    known, held = examples(chats, talk, embedder), examples(held_chats, held_talk, embedder)
    names = [name for name in ranking.WEIGHTS if name not in GIVEN]
    print(told("as it is, training", measured(known.asked, ranking.WEIGHTS)))
    print(told("as it is, check", measured(held.asked, ranking.WEIGHTS)))
    print(told("learnt, left out", crossed(known.asked, names, wanted.strength)))
    weights = learnt(known.asked, names, wanted.strength) | {name: ranking.WEIGHTS[name] for name in GIVEN}
    print(told("learnt, check", measured(held.asked, weights)))
    print({name: round(weight, 2) for name, weight in weights.items()})
    crowd, held_crowd = crowded(chats, talk, embedder), crowded(held_chats, held_talk, embedder)
    (asked, said), (more_asked, more_said) = known.by_kind, crowd.by_kind
    factors = sureness([*((some, 1.0) for some in asked + more_asked), *((some, 0.0) for some in said + more_said)])
    bars = [place / 100 for place in range(100)]
    bar = max(bar for bar in bars if np.mean([loud(some, factors, bar) for some in asked + more_asked]) >= ANSWERED)
    print({name: round(weight, 2) for name, weight in factors.items()}, f"threshold {bar:.2f}")
    for name, group in (("", known), ("all in one, ", crowd), ("check: ", held), ("check: all in one, ", held_crowd)):
        for kind in ("asked", "asked_within", "said", "said_within"):
            shown = [
                loud(getattr(group, kind), one, least) for one, least in ((factors, bar), (ranking.SURE, ranking.AUTO))
            ]
            print(f"{name + kind:30} something is shown to {shown[0]:.1%}; as it is to {shown[1]:.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
