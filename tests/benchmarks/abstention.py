"""How often small talk and questions about the world bring back something of the past: they should bring nothing.

    python -m tests.benchmarks.abstention FILE [--chats FILE...] [--json] [--list]

FILE holds messages: `{"en": ["thanks!", ...], "zh": [...]}`, or a bare list of them. Each conversation of the chats
(conversations.py; without `--chats` those of `chats/train`) goes into a database of its own, and each message is asked
there as a turn asks, as the first of a chat and in the middle of a talk, where the message before it helps to search;
then all conversations go into one database, and each is asked once more. Beside it stands what the conversations' own
questions find, for a threshold that shows nothing is no threshold.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from memchat.domain import Passage, Role
from memchat.ports import Embedder

from tests.benchmarks.conversations import AFTER, Conversation, ConversationError, Said, read
from tests.benchmarks.filling import Filled, Timed, tokens
from tests.benchmarks.measures import inside, judged, mean
from tests.benchmarks.recall import loaded

OURS = Path(__file__).parent / "chats" / "train"
ANY = "any language"
BAR = 0.05
STEP = 7  # from one message after which something is said to the next


@dataclass
class Silence:
    """What messages brought, by language: how many were asked, how many showed something, and what that cost.

    `midst` tells of each whether it showed something in the middle of a talk. `found` and `shown` are, for each
    question, its share of evidence among the first ten and in what is shown; `answered` whether anything was shown at
    all. `talked` counts how often each message showed something.
    """

    asked: Counter[str] = field(default_factory=Counter)
    loud: Counter[str] = field(default_factory=Counter)
    tokens: list[int] = field(default_factory=list)
    midst: list[bool] = field(default_factory=list)
    found: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    talked: Counter[str] = field(default_factory=Counter)

    def hear(self, language: str, text: str, kept: Sequence[Passage]) -> None:
        """What a message brought."""
        for label in (language, ANY):
            self.asked[label] += 1
            self.loud[label] += bool(kept)
        self.tokens.append(sum(passage.tokens for passage in kept))
        self.talked[text] += bool(kept)

    def share(self, language: str = ANY) -> float:
        """Of the messages in it, those that showed something."""
        return self.loud[language] / self.asked[language] if self.asked[language] else 0.0


def users(conversation: Conversation) -> list[Said]:
    """What the user said in it."""
    return [one for one in conversation.messages if one.role is Role.USER]


def messages(path: Path) -> dict[str, list[str]]:
    """Messages by language. Raises ConversationError."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConversationError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise ConversationError(f"{path}: is no JSON: {error}") from None
    by_language = {"": found} if isinstance(found, list) else found
    if not isinstance(by_language, dict) or not all(
        isinstance(some, list) and all(isinstance(one, str) for one in some) for some in by_language.values()
    ):
        raise ConversationError(f"{path}: must be a list of texts, or such lists by language")
    return by_language


def alone(
    conversations: Iterable[Conversation], said: Mapping[str, Sequence[str]], embedder: Embedder | None
) -> Silence:
    """Each conversation in a database of its own."""
    silence = Silence()
    for conversation in conversations:
        _hear(silence, [conversation], said, embedder)
    return silence


def together(
    conversations: Sequence[Conversation], said: Mapping[str, Sequence[str]], embedder: Embedder | None
) -> Silence:
    """All conversations in one database."""
    silence = Silence()
    _hear(silence, conversations, said, embedder)
    return silence


def _hear(
    silence: Silence,
    conversations: Sequence[Conversation],
    said: Mapping[str, Sequence[str]],
    embedder: Embedder | None,
) -> None:
    """Fill one database, say everything, ask everything."""
    with tempfile.TemporaryDirectory() as home:
        name = conversations[0].assistant if len(conversations) == 1 else ""
        filled = Filled(Timed(Path(home), embedder=embedder, assistant=name))
        for place, conversation in enumerate(conversations):
            filled.add(conversation, prefix=f"{place}/")
        now = max(conversation.sittings[-1].at for conversation in conversations) + AFTER
        places = [
            (f"{place}/{one.key}", one)
            for place, conversation in enumerate(conversations)
            for one in users(conversation)
        ]
        for language, texts in said.items():
            for text in texts:
                silence.hear(language, text, filled.ask(filled.app.recall(), text, now)[0].kept)
                before = places[len(silence.midst) * STEP % len(places)]
                silence.midst.append(bool(filled.ask(filled.app.recall(), text, now, before)[0].kept))
        for place, conversation in enumerate(conversations):
            _ask(silence, filled, conversation, f"{place}/")
        filled.app.close()


def _ask(silence: Silence, filled: Filled, conversation: Conversation, prefix: str) -> None:
    recall = filled.app.recall()
    for question in conversation.questions:
        evidence = {prefix + key for key in question.evidence}
        recalled, _ = filled.ask(recall, question.text, question.asked_at)
        order = filled.order(recall, question.text, question.asked_at)
        silence.found.append(judged(order, filled.session_of, evidence)["R@10"])
        silence.shown.append(inside(filled.keys(recalled.kept), evidence))
        silence.answered.append(float(tokens(recalled) > 0))


# Telling.


def table(name: str, silence: Silence) -> list[str]:
    """The result as text."""
    loud, each = silence.share(), mean(silence.tokens)
    lines = [
        f"{name}: {loud:.1%} of {silence.asked[ANY]:,} messages show something ({BAR:.0%} at most), {each:.1f} tokens",
        f"   in the middle of a talk {mean(silence.midst):.1%}",
        "   " + "   ".join(f"{label or '-'} {silence.share(label):.1%}" for label in silence.asked if label != ANY),
    ]
    if silence.found:
        lines.append(
            f"   {len(silence.found)} questions: recall@10 {mean(silence.found):.1%}, evidence shown "
            f"{mean(silence.shown):.1%}, something shown {mean(silence.answered):.1%}"
        )
    return lines


def as_json(name: str, silence: Silence) -> dict[str, Any]:
    """The result as JSON; shares are 0 to 1."""
    return {
        "name": name,
        "messages": silence.asked[ANY],
        "showing": silence.share(),
        "by_language": {label: silence.share(label) for label in silence.asked if label != ANY},
        "showing_in_talk": mean(silence.midst),
        "tokens": mean(silence.tokens),
        "questions": len(silence.found),
        "recall@10": mean(silence.found),
        "evidence_shown": mean(silence.shown),
        "questions_showing": mean(silence.answered),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Say and ask everything; 0, or 2 for a file that cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--chats", nargs="+", type=Path, metavar="FILE", default=sorted(OURS.glob("*.json")))
    parser.add_argument("--embedding", default="bundled", help="as recall.embedding in the configuration")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument("--list", action="store_true", help="name the messages that show something, the worst first")
    wanted = parser.parse_args(arguments)
    try:
        said = messages(wanted.file)
        conversations = [one for path in wanted.chats for one in read(path)]
    except ConversationError as error:
        print(error, file=sys.stderr)
        return 2
    embedder = loaded({"recall.embedding": wanted.embedding})
    results = {
        f"{len(conversations)} databases": alone(conversations, said, embedder),
        "all in one": together(conversations, said, embedder),
    }
    if wanted.json:
        print(json.dumps([as_json(name, one) for name, one in results.items()], ensure_ascii=False, indent=1))
        return 0
    for name, one in results.items():
        print(*table(name, one), sep="\n")
        print(*(f"  {count:4} {text}" for text, count in one.talked.most_common() if count and wanted.list), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
