"""How past turns are made to fit: which are told of in a summary, and what stands in place of a single large part.

Everything here is for the request alone: the transcript is never shortened.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from memchat.domain import Message, Part, PartKind, Turn
from memchat.domain.conversation import Origin
from memchat.memory.pictures import picture_tokens, words_of
from memchat.memory.quoting import Count, as_sent, named, quoted

# Shorter parts are not worth a reference, which costs about 40 tokens itself; a spent result's line costs about 20.
REFERENCE_FROM = 200
SPENT_FROM = 40
BEGINNING_CHARACTERS = 120
# What opens and closes a message on OpenAI's wire (OpenAI's cookbook, "How to count tokens").
MESSAGE_TOKENS = 4
MEASURE = "word " * 200  # tells by what it costs whether the counter still counts as before
# Texts longer than this are counted piece by piece: no counter need see 10 MB at once.
COUNT_CHARACTERS = 50_000
# The newest turns whose parts stay whole while half of the room holds them.
FRESH = 2

Place = tuple[int, int]  # a message's id, and which of its parts


@dataclass(frozen=True, slots=True)
class Fold:
    """What is not sent as it stands: the oldest `turns`, told of in `about`, and `parts` that a reference stands for.

    `covers` is the newest message that the summary in `about` rests on; None where it rests on those turns alone.
    """

    turns: int = 0
    parts: frozenset[Place] = frozenset()
    about: str = ""
    covers: int | None = None


class Sizes:
    """What each part costs, in tokens, and what stands in its place; counted once."""

    def __init__(self, count: Count) -> None:
        self.count = count
        self._sizes: dict[Place, int] = {}
        self._references: dict[Place, Part] = {}
        self._saved: dict[Place, int] = {}
        self._whole: dict[int, int] = {}  # a message as it was said, by its id
        self._measure = 0  # what the counter made of `MEASURE` when the first of the sizes was counted

    def refresh(self) -> None:
        """Count anew where the counter counts otherwise by now: the model has told how it counts, or is another one.

        The references stay as they were sent.
        """
        if self._sizes and self.count(MEASURE) != self._measure:
            self._sizes.clear()
            self._saved.clear()
            self._whole.clear()

    def size(self, message: Message, number: int) -> int:
        """The part as it is sent."""
        place, part = (message.id, number), message.parts[number]
        if not message.id:  # a few words that stand only in the request
            return self.count(part.content)
        if not self._sizes:  # not before there is something to count: that loads the counter's tables
            self._measure = self.count(MEASURE)
        if place not in self._sizes:
            self._sizes[place] = count_long(as_sent(part, message), self.count) + picture_tokens(part)
        return self._sizes[place]

    def reference(self, message: Message, number: int) -> Part:
        """What stands in the part's place: what it was, how large, where it is saved, and how it begins.

        The line is memchat's own: no fence stands around it.
        """
        place = (message.id, number)
        if place not in self._references:
            self._references[place] = _reference(message, message.parts[number], self.size(message, number))
        return self._references[place]

    def saved(self, message: Message, number: int) -> int:
        """How much less the reference costs."""
        place = (message.id, number)
        if place not in self._saved:
            content = self.reference(message, number).content
            self._saved[place] = self.size(message, number) - self.count(content)
        return self._saved[place]

    def cost(self, messages: Iterable[Message], fold: Fold) -> int:
        """What the messages cost, as they are folded, with what the wire puts around each."""
        folded: dict[int, list[int]] = {}
        for message_id, number in fold.parts:
            folded.setdefault(message_id, []).append(number)
        total = 0
        for message in messages:
            whole = self._whole.get(message.id)  # each turn asks this of every live message, more than once
            total += self._cost(message) if whole is None else whole
            if message.id in folded:
                total -= sum(self.saved(message, number) for number in folded[message.id])
        return total

    def _cost(self, message: Message) -> int:
        """One message, as it was said."""
        whole = MESSAGE_TOKENS + sum(self.size(message, number) for number in range(len(message.parts)))
        if message.id:  # else a few words that stand only in the request
            self._whole[message.id] = whole
        return whole


def deeper(past: Sequence[Turn], fold: Fold, keep: int, room: int, budget: int, sizes: Sizes) -> Fold:
    """Fold all but the newest `keep` of the `past` turns, and more until the rest costs at most `budget`.

    What tools gave, files and other people's text become references, but for the newest `FRESH` turns. Where the rest
    still costs over 15 % of the `room`, so does what else is large there, the oldest and largest first; over two
    fifths also what is large in all but the newest turn, and then fewer turns are kept; over three quarters that one's.
    """
    fold = replace(fold, turns=max(fold.turns, len(past) - max(0, keep)))
    older = past[fold.turns : max(fold.turns, len(past) - FRESH)]
    fold = replace(fold, parts=fold.parts | _spent(older, sizes))
    # A fold costs a provider's cache all that is kept, so it must be seldom. Simulated with 1,500 tokens a turn, a
    # fifth makes one every eight turns, and 83 % of what is sent is cached; three quarters one every fourth turn, and
    # 73 %. With 400 a turn, where ten kept turns are a quarter, a fifth sends 10 % less than a half does, and 15 % of
    # the room 31.4 % of all that could be resent instead of 33.2 (tests/benchmarks/economy.py).
    deep, less, most = (min(int(room * share), budget) for share in (0.15, 2 / 5, 3 / 4))
    fold = _with_references(past, fold, deep, FRESH, sizes)
    fold = _with_references(past, fold, less, 1, sizes)
    newest = _cost(past[-1:], replace(fold, turns=0), sizes)
    if newest <= most:  # else that one's parts must go anyway, and it would be for nothing
        # A large file in the newest turn is no reason to drop all that was said before.
        fold = _with_fewer(past, fold, min(most, max(less, newest + less // 4)), 1, sizes)
    fold = _with_references(past, fold, most, 0, sizes)
    fold = _with_fewer(past, fold, most, 0, sizes)
    live = {message.id for turn in past[fold.turns :] for message in turn.messages}
    return replace(fold, parts=frozenset(place for place in fold.parts if place[0] in live))


def _with_fewer(past: Sequence[Turn], fold: Fold, target: int, fresh: int, sizes: Sizes) -> Fold:
    """Keep fewer turns, `fresh` at least, until the rest costs at most `target`."""
    while fold.turns < len(past) - fresh and _cost(past, fold, sizes) > target:
        fold = replace(fold, turns=fold.turns + 1)
    return fold


def _cost(past: Sequence[Turn], fold: Fold, sizes: Sizes) -> int:
    return sizes.cost((message for turn in past[fold.turns :] for message in turn.messages), fold)


def _spent(turns: Sequence[Turn], sizes: Sizes) -> set[Place]:
    """The parts of these that have served: the model has answered, and `read_session` opens them again."""
    return {
        (message.id, number)
        for turn in turns
        for message in turn.messages
        for number, part in enumerate(message.parts)
        if (part.kind is PartKind.TOOL_RESULT and sizes.size(message, number) >= SPENT_FROM)
        or (named(part) and sizes.size(message, number) >= REFERENCE_FROM)
    }


def _with_references(past: Sequence[Turn], fold: Fold, target: int, fresh: int, sizes: Sizes) -> Fold:
    """Replace parts, the oldest and largest first, until the rest costs at most `target`; those of the newest stay."""
    cost = _cost(past, fold, sizes)
    if cost <= target:
        return fold
    parts = set(fold.parts)
    live = past[fold.turns :]
    large = [
        (sizes.size(message, number) * (len(live) - age), message, number)
        for age, turn in enumerate(live[: max(0, len(live) - fresh)])
        for message in turn.messages
        for number, part in enumerate(message.parts)
        if (message.id, number) not in parts
        and part.kind is not PartKind.TOOL_CALL
        and sizes.size(message, number) >= REFERENCE_FROM
    ]
    for _, message, number in sorted(large, key=lambda item: (-item[0], item[1].id, item[2])):
        if cost <= target:
            break
        parts.add((message.id, number))
        cost -= sizes.saved(message, number)
    return replace(fold, parts=frozenset(parts))


def _reference(message: Message, part: Part, size: int) -> Part:
    ref = f"s{message.session_id}.{message.turn}"
    if part.kind is PartKind.TOOL_RESULT:
        tool = part.name if part.name.isidentifier() else quoted(part.name)  # a model names what it will
        line = f"[left out here: what {tool} gave, about {size:,} tokens, saved as {ref}]"
        return replace(part, content=line)
    what = named(part)
    words = "" if part.barred else words_of(part)[:BEGINNING_CHARACTERS]
    begins = f", begins {quoted(words)}" if words else ""
    line = f"[left out here: {what or 'text'} of about {size:,} tokens, saved as {ref}{begins}]"
    return replace(part, kind=PartKind.TEXT, origin=Origin.TOOL, content=line) if what else replace(part, content=line)


def count_long(text: str, count: Count, enough: int | None = None) -> int:
    """The tokens of `text`, counted in pieces when it is long; stops counting once there are more than `enough`."""
    if len(text) <= COUNT_CHARACTERS:
        return count(text)
    total = 0
    for start in range(0, len(text), COUNT_CHARACTERS):
        total += count(text[start : start + COUNT_CHARACTERS])
        if enough is not None and total > enough:
            break
    return total
