"""Layer 1: this session's turns: what is sent as it stands, what is folded, and the repair of what a crash left."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from memchat.domain import Dropped, Layer, Limits, Message, MessageStatus, Part, PartKind, Passage, Role, Turn, Zone
from memchat.domain.conversation import Origin
from memchat.memory.folding import BEGINNING_CHARACTERS, Fold, Sizes, deeper
from memchat.memory.pictures import words_of
from memchat.memory.quoting import Count, clean

NO_REPLY = "[no reply]"
INTERRUPTED = '{"error": "interrupted"}'
UNDERSTOOD = "[understood]"
# What is told of folded turns: the running summary and what is not in it, each of 200 tokens (memory.md, section 1), in
# a small window a sixth of the room; and what stands around it.
ABOUT_TOKENS, ABOUT_SHARE, FRAME = 400, 6, 60

# The folded turns, and how many tokens -> what is told of them, and the newest message that a summary in it rests on.
Tell = Callable[[Sequence[Turn], int], tuple[str, int | None]]


def nothing(folded: Sequence[Turn], tokens: int) -> tuple[str, int | None]:
    """Tells nothing but how many turns there were."""
    return "", None


class WorkingTurns:
    """The turns of one session's active path, the newest last, and how they are folded.

    The fold moves in steps, the compactions: once the turns exceed a limit, well more than the excess is folded, and
    from then on messages are only appended until a limit is exceeded again, so that a provider's cache stays good.
    """

    def __init__(self, turns: Sequence[Turn], count: Count) -> None:
        self.turns = list(turns)
        self.fold = Fold()
        self.told = Fold()  # the fold that the user has been told of
        self.why = ""  # why the fold is where it is, for people
        self.sizes = Sizes(count)
        self._repaired: dict[int, tuple[Message, ...]] = {}  # by the turn's last message

    @property
    def past(self) -> list[Turn]:
        """All but the newest, which is the one being answered."""
        return self.turns[:-1]

    @property
    def first_live(self) -> int:
        """The number of the oldest turn that is sent; the newest turn's when no other is."""
        return self.turns[min(self.fold.turns, len(self.turns) - 1)].number

    @property
    def folded(self) -> list[Turn]:
        """The turns that are told of only."""
        return self.turns[: self.fold.turns]

    def open(self, user: Message) -> None:
        """A new turn, so far unanswered."""
        self.turns.append(Turn(user.session_id, user.turn, (user,)))

    def answer(self, messages: Sequence[Message]) -> None:
        """What answered the newest turn; what answered it before is replaced."""
        newest = self.turns[-1]
        self.turns[-1] = replace(newest, messages=(newest.user, *messages))

    def follow(self, earlier: "WorkingTurns") -> None:
        """Stay folded as before, after turns were taken off or added elsewhere: what was sent begins what will be.

        Not where a folded turn, or one that the summary tells of, is no longer there, nor where all that is left is
        folded: then it is done anew, if it must.
        """
        fold, here = earlier.fold, {message.id for turn in self.turns for message in turn.messages}
        told = len(self.turns) > fold.turns and self.turns[: fold.turns] == earlier.turns[: fold.turns]
        if told and (fold.covers is None or fold.covers in here):
            self.fold, self.told, self.why, self.sizes = fold, earlier.told, earlier.why, earlier.sizes

    def fit(
        self, budget: int, limits: Limits, tell: Tell = nothing, *, room: int | None = None, limit: int | None = None
    ) -> int:
        """Fold until the past turns cost at most `budget` tokens and are, with the newest, at most `max_turns`.

        Nothing changes while they do. Else, in one step: the newest `keep_turns` stay, as `folding.deeper` says, within
        `room`, the budget beside a message that costs nothing. `tell` tells of the turns that are folded; `limit` is
        that of the whole request, which people can relate to. Returns what the past turns cost.
        """
        self.sizes.refresh()
        if self.fold.turns >= len(self.turns):
            self.fold = Fold()
        over_turns = len(self.turns) - self.fold.turns > limits.max_turns
        if not over_turns and (cost := self.cost) <= budget:
            return cost
        self.why = (
            f"over {limits.max_turns} turns" if over_turns else f"over the limit of {limit or max(0, budget):,} tokens"
        )
        room = budget if room is None else room
        self._fold(self.past, min(limits.keep_turns, limits.max_turns - 1), room, budget, tell)
        return self.cost

    def compact(self, limits: Limits, room: int, tell: Tell) -> bool:
        """Fold all but the newest `keep_turns` now, between two turns; whether that changed anything."""
        self.sizes.refresh()
        before, self.why = self.fold, "asked for"
        self._fold(self.turns, limits.keep_turns, room, room, tell)
        return self.fold != before

    @property
    def cost(self) -> int:
        """What stands before the newest message costs."""
        live = (message for turn in self.turns[self.fold.turns : -1] for message in self._whole(turn))
        return self.sizes.cost(self._about(), self.fold) + self.sizes.cost(live, self.fold)

    def holding(self, tokens: int, answered: Sequence[Message], most: int) -> int:
        """How many of the newest turns hold so many tokens, `most` at most; `answered` is what answers the newest."""
        total = self.sizes.cost(answered, Fold())
        for number, turn in enumerate(reversed(self.turns[-most:]), 1):
            total += self.sizes.cost(turn.messages, Fold())
            if total >= tokens:
                return number
        return most

    def messages(self) -> tuple[Message, ...]:
        """What is sent before the newest user message: repaired, folded, the words about the folded turns first."""
        live = [message for turn in self.turns[self.fold.turns : -1] for message in self._whole(turn)]
        shown = tuple(self._referenced(message) for message in live) if self.fold.parts else tuple(live)
        return (*self._about(), *shown)

    def left_out(self) -> list[Dropped]:
        """The folded turns as one item, and each part that a reference stands for."""
        dropped = []
        if folded := self.folded:
            ref = folded[0].ref if len(folded) == 1 else f"{folded[0].ref}-{folded[-1].number}"
            text = f"{len(folded)} older turns" if len(folded) > 1 else "1 older turn"
            dropped.append(Dropped(Passage(Layer.SESSION, Zone.HEAD, ref, "", text, 0), f"folded: {self.why}"))
        for turn in self.turns[self.fold.turns : -1]:
            for message in turn.messages:
                for number, part in enumerate(message.parts):
                    if (message.id, number) in self.fold.parts and not part.barred:
                        text = clean(words_of(part)[:BEGINNING_CHARACTERS]) or part.name
                        size = self.sizes.size(message, number)
                        passage = Passage(Layer.SESSION, Zone.HEAD, turn.ref, "", text, size)
                        dropped.append(Dropped(passage, f"a reference stands for it: {self.why}"))
        return dropped

    def _fold(self, past: Sequence[Turn], keep: int, room: int, budget: int, tell: Tell) -> None:
        """Fold some of the past, and tell of it; where that would change nothing, not a byte moves."""
        words = min(ABOUT_TOKENS, max(0, room) // ABOUT_SHARE)
        fold = deeper(past, self.fold, keep, room - words - FRAME, budget - words - FRAME, self.sizes)
        if (fold.turns, fold.parts) != (self.fold.turns, self.fold.parts):
            folded = past[: fold.turns]
            told, covers = tell(folded, words) if folded else ("", None)
            self.fold = replace(fold, about=_told(folded, told), covers=covers)

    def _about(self) -> tuple[Message, ...]:
        """In place of the folded turns: what is told of them, and a reply to it, as roles must alternate."""
        if not self.fold.about:
            return ()
        first = self.turns[0].user
        user = _made(first, Role.USER, (Part(PartKind.TEXT, Origin.TOOL, self.fold.about),))
        return user, _made(first, Role.ASSISTANT, (Part(PartKind.TEXT, Origin.MODEL, UNDERSTOOD),))

    def _whole(self, turn: Turn) -> tuple[Message, ...]:
        last = turn.messages[-1].id
        if last not in self._repaired:
            self._repaired[last] = repaired(turn)
        return self._repaired[last]

    def _referenced(self, message: Message) -> Message:
        if not any((message.id, number) in self.fold.parts for number in range(len(message.parts))):
            return message
        parts = tuple(
            self.sizes.reference(message, number) if (message.id, number) in self.fold.parts else part
            for number, part in enumerate(message.parts)
        )
        return replace(message, parts=parts)


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


def _told(folded: Sequence[Turn], told: str) -> str:
    """Which turns are folded, and what is told of them."""
    if not folded:
        return ""
    which = f"{folded[0].ref} to {folded[-1].ref}" if len(folded) > 1 else folded[0].ref
    count = f"{len(folded)} turns" if len(folded) > 1 else "1 turn"
    line = f"[Earlier in this conversation: {count}, {which}, saved and not repeated here."
    return f"{line} {told}]" if told else f"{line}]"
