"""What has come so far in answer to one message: text, tool calls and results, what they taught, what they cost."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from memchat.chat.events import Compacted
from memchat.chat.tool_calls import masked_arguments
from memchat.domain import (
    Context,
    Learned,
    Message,
    MessageStatus,
    ModelCall,
    Origin,
    Part,
    PartKind,
    Passage,
    Role,
    ToolCall,
    Usage,
    Zone,
)
from memchat.errors import NotFoundError
from memchat.ports import ChatModel, Store

Clean = Callable[[str], str]  # masks secrets


class Exchange:
    """One answer in the making; nothing of it is saved before `save`."""

    def __init__(
        self,
        context: Context,
        tokens: int,
        model: ChatModel,
        count: Callable[[str], int],
        clean: Clean,
        begin: Callable[[], None],
    ) -> None:
        self.context = context
        self.reason = ""
        self.learned: list[Learned] = []
        self.model_calls: list[ModelCall] = []
        self.estimated = False
        self.refolded = False
        self.compacted: Compacted | None = None  # what was folded for it, until that is told
        self.begun = False  # whether any word or tool call has come; `begin` is called when it does
        self._begin = begin
        self._model = model
        self._tokens = tokens
        self._count = count
        self._clean = clean
        self._recalled: list[Passage] = []
        self._over: list[Message] = []  # of the calls that are over
        self._text: list[str] = []  # of the call that runs
        self._calls: list[ToolCall] = []
        self._cleaned: str | None = None  # the same, secrets masked
        self._running = False  # whether a call runs
        self._silent = True  # whether it has said nothing yet
        self._saved: list[Message] = []

    @property
    def silent(self) -> bool:
        """Whether the call that runs has brought nothing yet."""
        return self._silent

    @property
    def reply(self) -> str:
        """The words to the user, as they will be saved."""
        texts = [message.text for message in self._over if message.role is Role.ASSISTANT]
        return "\n\n".join(text for text in (*texts, self._spoken()) if text)

    @property
    def shown(self) -> tuple[Passage, ...]:
        """What the tail held, and what was recalled; what a tool brought once more is not told again."""
        tail = (passage for passage in self.context.kept if passage.zone is Zone.TAIL)
        told: dict[tuple[str, str, str], Passage] = {}
        for one in (*tail, *self._recalled):
            told.setdefault((one.ref, one.speaker, one.text), one)
        return tuple(told.values())

    @property
    def memory_tokens(self) -> int:
        """What memory cost in this request."""
        return sum(passage.tokens for passage in (*self.context.kept, *self._recalled))

    @property
    def sent(self) -> int:
        """What the newest request costs by our own count: what was assembled, and the rounds of tools since."""
        return self._tokens + self.rounds

    @property
    def rounds(self) -> int:
        """Of that what the rounds of tools cost."""
        return sum(self._count(part.content) for message in self._over for part in message.parts)

    @property
    def usage(self) -> Usage:
        """The sum over all calls."""
        total = Usage()
        for call in self.model_calls:
            total = total.plus(call.usage)
        return total

    def reassembled(self, context: Context, tokens: int) -> None:
        """Go on with a context that was folded further."""
        self.context = replace(context, rounds=tuple(self._over))
        self._tokens = tokens
        self.refolded = True

    def begin(self) -> None:
        """A call starts."""
        self._text, self._calls, self._silent, self._cleaned = [], [], True, None
        self._running = True

    def heard(self) -> None:
        """The model has answered with something, if only with reasoning: the call counts."""
        self._silent = False

    def told(self) -> Compacted | None:
        """What was folded, once: a request that fails is none from which the model reads less."""
        compacted, self.compacted = self.compacted, None
        return compacted

    def say(self, text: str) -> str:
        """Take the next characters; returns them as the screen should show them, parted from an earlier call's."""
        self._came()
        apart = "\n\n" if not self._text and self.reply else ""
        self._text.append(text)
        self._cleaned = None
        return apart + text

    def ask(self, call: ToolCall) -> None:
        """Take a tool call, its secrets masked."""
        self._came()
        self._calls.append(replace(call, arguments=masked_arguments(call.arguments, self._clean)))

    def end(self, at: datetime, reason: str, usage: Usage | None) -> list[ToolCall]:
        """A call is over: book it; returns the tools it called."""
        self.reason, self._running = reason, False
        if usage is None:
            self.estimated = True
            words = self._count("".join((*self._text, *(call.arguments for call in self._calls))))
            usage = Usage(self.sent, words)
        user, model = self.context.user, self._model
        tokens = sum(passage.tokens for passage in self.context.kept)
        call = ModelCall("chat", model.name, model.host, usage, at, user.session_id, user.turn, tokens)
        self.model_calls.append(call)
        self._silent = True
        return self._calls

    def close_round(self, at: datetime) -> None:
        """Put text and calls of the call that is over into the request; their results follow one by one."""
        calls = [
            Part(
                PartKind.TOOL_CALL, Origin.MODEL, json.dumps({"arguments": call.arguments}), call.name, call_id=call.id
            )
            for call in self._calls
        ]
        self._over.append(self._message(Role.ASSISTANT, (*self._text_part(), *calls), at))
        self.begin()

    def add_result(self, call: ToolCall, content: str, at: datetime) -> None:
        """A tool's result."""
        part = Part(PartKind.TOOL_RESULT, Origin.TOOL, content, name=call.name, call_id=call.id)
        if self._over[-1].role is Role.TOOL:
            self._over[-1] = replace(self._over[-1], parts=(*self._over[-1].parts, part))
        else:
            self._over.append(self._message(Role.TOOL, (part,), at))
        self.context = replace(self.context, rounds=tuple(self._over))

    def add_shown(self, passages: tuple[Passage, ...]) -> None:
        """What a tool showed the model."""
        self._recalled += passages

    def save(
        self,
        store: Store,
        status: MessageStatus,
        at: datetime,
        *,
        epoch: int,
        new_head: bool,
        learn: bool,
        also: Callable[[Sequence[Message]], None] = lambda saved: None,
    ) -> list[Message] | None:
        """Save what came in one transaction: the messages, what was shown, what it cost.

        Returns the messages as saved; `also` is called in the transaction with them, none where there are none.

        None when something was erased since `epoch`, in which the request was put together: the messages may repeat it,
        so they are not kept; what they cost is. A second call, when the first was broken off, saves nothing twice.
        What the head shows is written down with the first turn that carries it, `new_head`, and holds for the turns
        after it until the next head: fifty rows a turn would outweigh the conversation itself.
        """
        if self._running:  # broken off: what came was paid for; a call without an answer is booked with nothing
            self.end(at, self.reason, Usage() if self._silent else None)
        messages = self._messages(status, at)
        with store.transaction():
            if self._on_disk(store):
                return self._saved
            kept = not messages or store.erasure.epoch() == epoch
            self._saved = []
            for message in messages if kept else ():
                self._saved.append(self._add(store, message, learn=learn))
            self._book(store, at, new_head=new_head)
            if kept:
                also(self._saved)
        return self._saved if kept else None

    def _book(self, store: Store, at: datetime, *, new_head: bool) -> None:
        """Write down what the calls cost and what they showed."""
        for call in self.model_calls:
            store.usages.record_call(call)
        head = [one for one in self.context.kept if new_head and one.zone is Zone.HEAD]
        user = self.context.user
        shown: dict[tuple[str, Zone], Passage] = {}
        for one in (*head, *self.shown):  # of one turn what each of the two said, in one row
            known = shown.get((one.ref, one.zone))
            both = known and replace(known, tokens=known.tokens + one.tokens, score=max(known.score, one.score))
            shown[one.ref, one.zone] = both or one
        store.usages.record_shown(user.session_id, user.turn, tuple(shown.values()), at)

    def _add(self, store: Store, message: Message, *, learn: bool) -> Message:
        """One message below those saved before it, or the user's."""
        return store.transcripts.add_message(
            message.session_id,
            message.turn,
            message.role,
            message.parts,
            parent=self._saved[-1].id if self._saved else self.context.user.id,
            at=message.created_at,
            status=message.status,
            model=message.model,
            host=message.host,
            learn=learn,
        )

    def _on_disk(self, store: Store) -> bool:
        """Whether an earlier `save` was committed: Ctrl-C may strike between that and its return."""
        if not self._saved:
            return False
        first = self._saved[0]
        try:
            return store.transcripts.message(first.id).uid == first.uid  # a number that was rolled back is given again
        except NotFoundError:
            return False

    def _messages(self, status: MessageStatus, at: datetime) -> list[Message]:
        """All that is to be saved; the newest of the assistant's messages has `status`, the others are complete."""
        messages = list(self._over)
        if part := self._text_part():
            messages.append(self._message(Role.ASSISTANT, part, at))
        for place in reversed(range(len(messages))):
            if messages[place].role is Role.ASSISTANT:
                messages[place] = replace(messages[place], status=status)
                break
        return messages

    def _came(self) -> None:
        if not self.begun:
            self._begin()
            self.begun = True

    def _spoken(self) -> str:
        if self._cleaned is None:
            text = "".join(self._text)
            self._cleaned = self._clean(text) if text.strip() else ""
        return self._cleaned

    def _text_part(self) -> tuple[Part, ...]:
        text = self._spoken()
        return (Part(PartKind.TEXT, Origin.MODEL, text),) if text else ()

    def _message(self, role: Role, parts: tuple[Part, ...], at: datetime) -> Message:
        user = self.context.user
        model, host = (self._model.name, self._model.host) if role is Role.ASSISTANT else ("", "")
        return Message(
            0, "", user.session_id, user.turn, role, parts, MessageStatus.COMPLETE, at, model=model, host=host
        )
