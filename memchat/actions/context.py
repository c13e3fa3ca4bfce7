"""What a message would show a model, without asking it and without saving anything; and what a past turn was shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from memchat.actions import sessions
from memchat.actions.references import memory_number, session_place, shorten
from memchat.domain import (
    Context,
    Layer,
    Message,
    MessageStatus,
    ModelCall,
    Part,
    Passage,
    Role,
    Session,
    SessionKind,
    ToolSpec,
    Turn,
)
from memchat.errors import NotFoundError, UsageError
from memchat.memory.folding import MESSAGE_TOKENS, count_long
from memchat.memory.masking import masked_parts
from memchat.memory.pictures import picture_tokens
from memchat.memory.quoting import Count, as_sent
from memchat.memory.working import WorkingTurns

if TYPE_CHECKING:
    from memchat.memory.context import ContextAssembler
    from memchat.memory.head import Head
    from memchat.ports import ChatModel, Store

LEARNED = "a larger request was refused"  # who says how large a window is that turned out smaller than promised


@runtime_checkable
class _Counts(Protocol):
    """A model that knows what a whole request costs."""

    def tokens(self, context: Context, tools: Sequence[ToolSpec]) -> int: ...


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation as it would be opened: everything that decides what is sent. `session` None is a new one.

    `head` and `working` are those of one that is open, else they are made afresh; `working` is opened, so a copy.
    """

    store: "Store"
    assembler: "ContextAssembler"
    model: "ChatModel"
    session: Session | None
    tools: tuple[ToolSpec, ...] = ()
    mask_secrets: bool = True
    head: "Head | None" = None
    working: WorkingTurns | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """One request as it would be sent, and what its parts cost, in tokens.

    `limit` is the most that may be sent, `window` what the model reads, `window_from` who says so, in words, "" where
    nobody does and it is assumed; `head`, `past`, `tail` and `words`, the question's own, are the zones, `offered` the
    tools, `around` what the model counts beside all their words. `question` is whether anything is asked; `cached` is
    what the provider found in its cache the last time.
    """

    model: str
    host: str
    local: bool
    window: int
    limit: int
    context: Context
    tools: tuple[ToolSpec, ...]
    turns: int
    head: int
    past: int
    tail: int
    words: int
    offered: int
    question: bool
    masked: tuple[str, ...] = ()
    cached: int = 0
    window_from: str = ""
    around: int = 0

    @property
    def total(self) -> int:
        """Everything together."""
        return self.head + self.past + self.tail + self.words + self.offered + self.around


def outlook(chat: Chat, parts: Sequence[Part], now: datetime) -> Outlook:
    """What would be sent if these parts were said now; without any what each message would carry.

    Raises ContextWindowError, StoreError.
    """
    kept, kinds = masked_parts(parts) if chat.mask_secrets else (list(parts), ())
    assembler, model, count = chat.assembler, chat.model, chat.assembler.counter.count
    working = chat.working or WorkingTurns(_turns(chat), count)
    turns = len(working.turns)
    working.open(_unsaved(chat, kept, now))
    assembler.allow(model, chat.tools)
    head = _head(chat, working, now)
    context, _ = assembler.assemble(head, working, model.window, now)
    limits, believed = (model.window, assembler.limit(model.window)), assembler.believed.most(model)
    window, limit = limits if believed is None else (min(one, believed) for one in limits)
    seen = Outlook(
        model=model.name,
        host=model.host,
        local=model.local,
        window=window,
        limit=limit,
        context=context,
        tools=chat.tools if model.host else (),
        turns=turns,
        head=assembler.cost(head),
        past=_tokens(context.turns, count),
        tail=count(context.tail),
        words=_tokens([context.user], count),
        offered=assembler.allowance.offered,
        question=bool(kept),
        masked=kinds,
        window_from=LEARNED if window < model.window else model.window_from,
    )
    seen = _told_whole(seen, model)
    before = seen.total - seen.words - seen.tail - MESSAGE_TOKENS  # the newest message was never sent
    return replace(seen, cached=max(0, min(_cached(chat, head), before)))


def _head(chat: Chat, working: WorkingTurns, now: datetime) -> "Head":
    """The head that would be sent: another one where what is asked would fold the turns, as the chat does it."""
    assembler, window, head = chat.assembler, chat.model.window, chat.head
    if head is not None and not assembler.fold(head, working, window, now):
        return head
    return assembler.head(chat.session.id if chat.session else 0, window, now)


def _told_whole(seen: Outlook, model: "ChatModel") -> Outlook:
    """The same with what the model itself counts in all, as far as it does: the parts sum up to that.

    Where it counts less than they come to, that is taken off the tools first: how a provider writes those out is not
    published, so they are guessed most of all.
    """
    if not isinstance(model, _Counts):
        return seen
    around = model.tokens(seen.context, seen.tools) - seen.total
    parts = []
    for tokens in (seen.offered, seen.past, seen.head, seen.tail, seen.words):
        less = min(tokens, max(0, -around))
        parts.append(tokens - less)
        around += less
    tools, past, head, tail, words = parts
    return replace(seen, offered=tools, past=past, head=head, tail=tail, words=words, around=around)


def _turns(chat: Chat) -> list[Turn]:
    return chat.store.transcripts.turns(chat.session.id) if chat.session else []


def _cached(chat: Chat, head: "Head") -> int:
    """What the provider found in its cache at the newest call, if that went where this one goes, with the same head.

    Not where no head was sent yet or another would be: what was cached then is no part of this request.
    """
    if head is not chat.head:
        return 0
    last = chat.store.transcripts.last_turn(chat.session.id) if chat.session else None
    calls = chat.store.usages.calls(last.session_id, last.number) if last else []
    built = head.built_at - timedelta(milliseconds=1)  # the store's finest step
    here = (chat.model.name, chat.model.host)
    asked = [call for call in calls if call.purpose == "chat"][-1:]
    return sum(call.usage.cached_tokens for call in asked if (call.model, call.host) == here and call.at > built)


def _tokens(messages: Sequence[Message], count: Count) -> int:
    return sum(
        count_long(as_sent(part, message), count) + picture_tokens(part)
        for message in messages
        for part in message.parts
    )


def _unsaved(chat: Chat, parts: Sequence[Part], now: datetime) -> Message:
    """The question as it would be saved."""
    session = chat.session
    return Message(
        id=0,
        uid="",
        session_id=session.id if session else 0,
        turn=chat.store.transcripts.next_turn(session.id) if session else 1,
        role=Role.USER,
        parts=tuple(parts),
        status=MessageStatus.COMPLETE,
        created_at=now,
        parent=session.leaf if session else None,
    )


# What really was shown


@dataclass(frozen=True, slots=True)
class Shown:
    """What a past turn was shown of memory. `asked` is the last request for it; None when there was none."""

    session: Session
    turn: Turn
    passages: tuple[Passage, ...]
    asked: ModelCall | None


def shown(store: "Store", ref: str = "") -> Shown:
    """What a turn (`s17.4`), or the newest of a conversation (`s17`, a name) or of all, was shown.

    Words stand there as they are by now; what was erased since is gone. Raises NotFoundError.
    """
    session = sessions.get(store, ref) if ref else _newest(store)
    place = session_place(ref) if ref else None
    if place is not None and place[1] is not None:
        (turn,) = sessions.turns(store, ref)
    else:
        last = store.transcripts.last_turn(session.id)
        if last is None:
            raise NotFoundError(f"{session.ref} has no turn.", "Conversations: memchat sessions list --all")
        turn = last
    passages = store.usages.shown(session.id, turn.number)
    calls = [call for call in store.usages.calls(session.id, turn.number) if call.purpose == "chat"]
    return Shown(session, turn, tuple(_told(store, one) for one in passages), calls[-1] if calls else None)


def turn_of(ref: str) -> str:
    """`ref`, when it names one turn. Raises UsageError."""
    place = session_place(ref)
    if place is None or place[1] is None:
        raise UsageError(f"{shorten(ref)!r} is no turn.", "Turns look like s17.4: memchat sessions show s17")
    return ref


def _newest(store: "Store") -> Session:
    found = store.transcripts.sessions(kinds=tuple(SessionKind), limit=1)
    if not found:
        raise NotFoundError("Nothing was sent yet.", "Ask something: memchat")
    return found[0]


def _told(store: "Store", passage: Passage) -> Passage:
    """The passage with its words and its day."""
    number = memory_number(passage.ref)
    if number is not None:
        memory = store.memories.get(number)
        return replace(passage, text=memory.text, field=memory.field, at=memory.created_at)
    session = sessions.get(store, passage.ref)
    if passage.layer is Layer.SESSION:
        return replace(passage, text=session.title, at=session.last_at)
    place = session_place(passage.ref)
    turns = store.transcripts.turns(session.id)
    said = next((turn.user for turn in turns if place and turn.number == place[1]), None)
    return replace(passage, text=said.text if said else "", at=said.created_at if said else None, title=session.title)
