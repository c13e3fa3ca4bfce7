"""Layer 1: this session's turns: what is sent as it stands, what is folded, and the repair of what a crash left."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from memchat.domain import (
    Dropped,
    Layer,
    Limits,
    Message,
    MessageStatus,
    Part,
    PartKind,
    Passage,
    Role,
    Turn,
    Zone,
)
from memchat.domain.conversation import Origin
from memchat.memory.quoting import Count, as_sent, clean, named, quoted, request

NO_REPLY = "[no reply]"
INTERRUPTED = '{"error": "interrupted"}'
# Shorter parts are not worth a reference, which costs about 40 tokens itself.
REFERENCE_FROM = 200
REQUESTS_NAMED = 3
REQUEST_CHARACTERS = 120
# Texts longer than this are counted piece by piece: no counter need see 10 MB at once.
COUNT_CHARACTERS = 50_000

Place = tuple[int, int]  # a message's id, and which of its parts


@dataclass(frozen=True, slots=True)
class Fold:
    """What is not sent as it stands: the oldest `turns`, and single `parts` that a reference stands for."""

    turns: int = 0
    parts: frozenset[Place] = frozenset()


class WorkingTurns:
    """The turns of one session's active path, the newest last, and how they are folded.

    The fold moves in steps: once the turns exceed a limit, well more than the excess is folded, and from then on
    messages are only appended until a limit is exceeded again, so that a provider's cache of the prompt stays good.
    """

    def __init__(self, turns: Sequence[Turn], count: Count) -> None:
        self.turns = list(turns)
        self.fold = Fold()
        self.why = ""  # why the fold is where it is, for people
        self._count = count
        self._sizes: dict[Place, int] = {}
        self._repaired: dict[int, tuple[Message, ...]] = {}  # by the turn's last message

    @property
    def past(self) -> list[Turn]:
        """All but the newest, which is the one being answered."""
        return self.turns[:-1]

    @property
    def first_live(self) -> int:
        """The number of the oldest turn that is sent; the newest turn's when no other is."""
        return self.turns[min(self.fold.turns, len(self.turns) - 1)].number

    def open(self, user: Message) -> None:
        """A new turn, so far unanswered."""
        self.turns.append(Turn(user.session_id, user.turn, (user,)))

    def answer(self, messages: Sequence[Message]) -> None:
        """What answered the newest turn; what answered it before is replaced."""
        newest = self.turns[-1]
        self.turns[-1] = replace(newest, messages=(newest.user, *messages))

    def withdraw(self) -> Turn:
        """Take the newest turn off."""
        return self.turns.pop()

    def fit(self, budget: int, limits: Limits) -> int:
        """Fold until the past turns cost at most `budget` tokens and are, with the newest, at most `max_turns`.

        Nothing changes while they do. Else, in one step: the newest `keep_turns` stay; if they cost over three
        quarters of the budget, their oldest and largest parts become references; then the oldest of them go too.
        Returns what the past turns cost.
        """
        fold = replace(self.fold, turns=min(self.fold.turns, len(self.past)))
        over_turns = len(self.turns) - fold.turns > limits.max_turns
        cost = self._cost(fold)
        if not over_turns and cost <= budget:
            self.fold = fold
            return cost
        self.why = f"over {limits.max_turns} turns" if over_turns else f"over {max(0, budget):,} tokens"
        keep = min(limits.keep_turns, limits.max_turns - 1)
        fold = replace(fold, turns=max(fold.turns, len(self.past) - keep))
        target = budget * 3 // 4
        fold = self._with_references(fold, target)
        while fold.turns < len(self.past) and self._cost(fold) > target:
            fold = replace(fold, turns=fold.turns + 1)
        self.fold = fold
        return self._cost(fold)

    def messages(self) -> tuple[Message, ...]:
        """What is sent before the newest user message: repaired, folded, the line about the folded turns first."""
        live = [message for turn in self.past[self.fold.turns :] for message in self._whole(turn)]
        shown = tuple(self._referenced(message) for message in live) if self.fold.parts else tuple(live)
        return (*_about_folded(self.past[: self.fold.turns]), *shown)

    def left_out(self) -> list[Dropped]:
        """The folded turns as one item, and each part that a reference stands for."""
        dropped = []
        if folded := self.past[: self.fold.turns]:
            ref = folded[0].ref if len(folded) == 1 else f"{folded[0].ref}-{folded[-1].number}"
            text = f"{len(folded)} older turns" if len(folded) > 1 else "1 older turn"
            dropped.append(Dropped(Passage(Layer.SESSION, Zone.HEAD, ref, "", text, 0), f"folded: {self.why}"))
        for turn in self.past[self.fold.turns :]:
            for message in turn.messages:
                for number, part in enumerate(message.parts):
                    if (message.id, number) in self.fold.parts:
                        text = clean(part.content[:REQUEST_CHARACTERS])
                        passage = Passage(Layer.SESSION, Zone.HEAD, turn.ref, "", text, self._size(message, number))
                        dropped.append(Dropped(passage, f"a reference stands for it: {self.why}"))
        return dropped

    def _with_references(self, fold: Fold, target: int) -> Fold:
        """Replace parts, the oldest and largest first, until the rest costs at most `target`."""
        cost = self._cost(fold)
        if cost <= target:
            return fold
        parts = set(fold.parts)
        live = self.past[fold.turns :]
        large = [
            (self._size(message, number) * (len(live) - age), message, number)
            for age, turn in enumerate(live)
            for message in turn.messages
            for number, part in enumerate(message.parts)
            if _can_be_referenced(part) and self._size(message, number) >= REFERENCE_FROM
        ]
        for _, message, number in sorted(large, key=lambda item: (-item[0], item[1].id, item[2])):
            if cost <= target:
                break
            if (message.id, number) not in parts:
                parts.add((message.id, number))
                cost -= self._size(message, number) - self._count(self._reference(message, number).content)
        return replace(fold, parts=frozenset(parts))

    def _cost(self, fold: Fold) -> int:
        return sum(
            self._count(self._reference(message, number).content)
            if (message.id, number) in fold.parts
            else self._size(message, number)
            for turn in self.past[fold.turns :]
            for message in turn.messages
            for number in range(len(message.parts))
        )

    def _size(self, message: Message, number: int) -> int:
        place = (message.id, number)
        if place not in self._sizes:
            self._sizes[place] = count_long(as_sent(message.parts[number], message), self._count)
        return self._sizes[place]

    def _whole(self, turn: Turn) -> tuple[Message, ...]:
        last = turn.messages[-1].id
        if last not in self._repaired:
            self._repaired[last] = repaired(turn)
        return self._repaired[last]

    def _referenced(self, message: Message) -> Message:
        if not any((message.id, number) in self.fold.parts for number in range(len(message.parts))):
            return message
        parts = tuple(
            self._reference(message, number) if (message.id, number) in self.fold.parts else part
            for number, part in enumerate(message.parts)
        )
        return replace(message, parts=parts)

    def _reference(self, message: Message, number: int) -> Part:
        part = message.parts[number]
        what = named(part)
        begins = "" if part.barred else f", begins {quoted(part.content[:REQUEST_CHARACTERS])}"
        ref = f"s{message.session_id}.{message.turn}"
        size = self._size(message, number)
        line = f"[left out here: {what or 'text'} of about {size:,} tokens, saved as {ref}{begins}]"
        # The line is memchat's own: no fence stands around it.
        return (
            replace(part, kind=PartKind.TEXT, origin=Origin.TOOL, content=line) if what else replace(part, content=line)
        )


def repaired(turn: Turn) -> tuple[Message, ...]:
    """The turn as it can be sent: each tool call has a result, and an assistant's words end it. Never saved."""
    messages: list[Message] = []
    for message in turn.messages:
        if message.role is not Role.TOOL:
            _close_calls(messages)
        messages.append(message)
    _close_calls(messages)
    last = messages[-1]
    if last.role is not Role.ASSISTANT:
        messages.append(_made(last, Role.ASSISTANT, (Part(PartKind.TEXT, Origin.MODEL, NO_REPLY),)))
    return tuple(messages)


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


def _close_calls(messages: list[Message]) -> None:
    """Give each open call of the newest assistant message the result that it was interrupted."""
    calls: list[Part] = []
    results: set[str] = set()
    for message in reversed(messages):
        if message.role is not Role.TOOL:
            calls = [part for part in message.parts if part.kind is PartKind.TOOL_CALL]
            break
        results |= {part.call_id for part in message.parts}
    if lost := [call for call in calls if call.call_id not in results]:
        parts = tuple(
            Part(PartKind.TOOL_RESULT, Origin.TOOL, INTERRUPTED, name=call.name, call_id=call.call_id) for call in lost
        )
        messages.append(_made(messages[-1], Role.TOOL, parts))


def _made(after: Message, role: Role, parts: tuple[Part, ...]) -> Message:
    """A message that stands only in the request."""
    return replace(after, id=0, uid="", role=role, parts=parts, status=MessageStatus.COMPLETE, parent=after.id)


def _can_be_referenced(part: Part) -> bool:
    return part.kind in {PartKind.TEXT, PartKind.FILE, PartKind.TOOL_RESULT}


def _about_folded(folded: Sequence[Turn]) -> tuple[Message, ...]:
    """In place of the folded turns: how many, which, and what was asked last; then a reply, as roles must alternate."""
    if not folded:
        return ()
    first, last = folded[0], folded[-1]
    asked = [request(turn.user.parts) for turn in folded[-REQUESTS_NAMED:]]
    last_ones = "; ".join(f"{what} {quoted(words[:REQUEST_CHARACTERS])}".lstrip() for what, words in asked if words)
    about = (
        f"[Earlier in this conversation: {len(folded)} turns, {first.ref} to {last.ref}, saved and not repeated here."
    )
    line = f"{about} The last requests among them: {last_ones}]" if last_ones else f"{about}]"
    user = _made(first.user, Role.USER, (Part(PartKind.TEXT, Origin.TOOL, line),))
    return user, _made(first.user, Role.ASSISTANT, (Part(PartKind.TEXT, Origin.MODEL, "[understood]"),))
