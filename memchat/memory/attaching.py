"""Whether what goes with a message fits the model: counted before anything is saved or sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from memchat.domain import OWN_WORDS, Limits, Origin, Part, PartKind
from memchat.errors import ContextWindowError
from memchat.memory import head
from memchat.memory.context import WINDOW_SHARE
from memchat.memory.folding import COUNT_CHARACTERS
from memchat.memory.pictures import picture_tokens, words_of
from memchat.memory.quoting import Count
from memchat.memory.window_told import if_more

# What stands around a part in a request: its name and its fence.
FRAME = 12


@dataclass(frozen=True, slots=True)
class Window:
    """What a request may hold: the model's name and window, in tokens, and what memory takes of it.

    `most` are the tokens of one request that are believed to fit, where a larger one was refused. `assumed`: nobody
    could say how large the window is.
    """

    model: str
    tokens: int
    limits: Limits
    most: int | None = None
    assumed: bool = False

    @property
    def room(self) -> int:
        """Tokens for one message: the window without what tools and the answer take, and without a full head."""
        promised = int(self.tokens * WINDOW_SHARE)
        usable = promised if self.most is None else min(promised, self.most)
        return usable - min(self.limits.head_tokens, int(usable * head.SHARE))


def tokens_of(part: Part, count: Count, enough: int | None = None) -> int:
    """What a part costs as it is sent; of a text of more than `enough` it is reckoned from its beginning."""
    text = words_of(part)
    framed = FRAME if part.kind is not PartKind.TEXT or part.origin not in OWN_WORDS else 0
    total = picture_tokens(part) + framed
    for start in range(0, len(text), COUNT_CHARACTERS):
        end = min(start + COUNT_CHARACTERS, len(text))
        total += count(text[start:end])
        if enough is not None and total > enough and end < len(text):
            return round(total * len(text) / end)
    return total


def passed_on(parts: Sequence[Part]) -> list[int]:
    """The places of files, pictures and piped text.

    A message without any is not to be checked: its words are saved first, whatever becomes of them.
    """
    return [
        place
        for place, part in enumerate(parts)
        if part.kind in (PartKind.FILE, PartKind.IMAGE) or part.origin is Origin.STDIN
    ]


def check(parts: Sequence[Part], window: Window, count: Count, attached: Sequence[Part] = ()) -> None:
    """Raises ContextWindowError for files, pictures and piped text that leave the model no room to answer.

    It says how large they are, how much fits, and what to do; `attached` are those that /file can take back.
    """
    costs = [tokens_of(part, count, window.room) for part in parts]
    total = sum(costs)
    if total <= window.room or not passed_on(parts):
        return
    place = max(range(len(parts)), key=costs.__getitem__)
    largest, cost = parts[place], costs[place]
    alone, called = cost > window.room, _called(largest)
    what = called[:1].upper() + called[1:] if alone and not largest.name else called
    what = what if alone else f"What goes with your message, most of it {called},"
    fits = f"and {window.room:,} fit" if window.room > 0 else "and nothing fits"
    guess = f" of {window.tokens:,} that are assumed" if window.assumed else ""
    less = f"Take it back (/file drop {number})," if (number := dropped(largest, attached)) else ""
    raise ContextWindowError(
        f"{what} is too large for {window.model}: about {_rounded(cost if alone else total):,} tokens, {fits}{guess}.",
        f"{less or _part_of(largest, cost, window.room)} or choose a model with a larger window (-m NAME, /model NAME)."
        + (f" {if_more(window.model)}" if window.assumed else ""),
    )


def dropped(part: Part, attached: Sequence[Part]) -> int:
    """The number by which /file takes this part back; 0 where that is none of what it has attached."""
    return next((number for number, one in enumerate(attached, 1) if one is part), 0)


def _called(part: Part) -> str:
    if part.origin is Origin.STDIN:
        return part.name or "the piped text"
    return part.name or ("what you pasted" if part.origin is Origin.PASTE else "what you wrote")


def _part_of(part: Part, cost: int, room: int) -> str:
    """How much of the largest would fit, to the first digit, where a command can cut it off."""
    fits = len(words_of(part).encode()) * max(room, 0) // max(cost, 1)
    if cost <= room or fits < 1_000 or not passed_on([part]):
        return "Send less,"
    digits = 10 ** (len(str(fits)) - 1)
    return f"Send a part of it (head -c {fits // digits * digits}),"


def _rounded(size: int) -> int:
    """To three digits: it is an estimate."""
    digits = int(10 ** max(0, len(str(size)) - 3))
    return round(size / digits) * digits
