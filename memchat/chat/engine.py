"""One turn, from text to saved: save, assemble, stream, run tools, persist (architecture.md, section 1)."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from memchat.chat.events import (
    Assembled,
    Event,
    TurnFinished,
    TurnStarted,
)
from memchat.chat.exchange import Exchange
from memchat.chat.rounds import Rounds
from memchat.chat.tools import Moment, ToolBox
from memchat.domain import (
    Context,
    Memory,
    Message,
    MessageStatus,
    Mode,
    Part,
    PartKind,
    Role,
    Session,
    SessionKind,
    Turn,
)
from memchat.errors import NotFoundError, SessionBusyError, UsageError
from memchat.memory.context import ContextAssembler, Head
from memchat.memory.masking import mask
from memchat.memory.session import default_title
from memchat.memory.working import WorkingTurns
from memchat.ports import ChatModel, Clock, Store

REFOLD_SHARE = 0.5  # of the limit, when the provider says that the request does not fit


@dataclass(frozen=True, slots=True)
class Undone:
    """The withdrawn turn: the text of its user message, and the memories it had taught."""

    text: str
    memories: tuple[Memory, ...]


class ChatEngine:
    """One conversation. The core neither prints nor asks: it yields events and raises MemchatError.

    `session` resumes one; else the first message starts one, called `name` if given. Raises SessionBusyError.
    """

    def __init__(  # noqa: PLR0913 - everything a conversation stands on, put together in one place
        self,
        *,
        store: Store,
        model: ChatModel,
        assembler: ContextAssembler,
        toolbox: ToolBox,
        clock: Clock,
        mode: Mode,
        kind: SessionKind,
        owner: str,
        session: Session | None = None,
        name: str = "",
        mask_secrets: bool = True,
    ) -> None:
        self._store = store
        self._model = model
        self._assembler = assembler
        self._toolbox = toolbox
        self._clock = clock
        self._mode = mode
        self._kind = kind
        self._owner = owner
        self._name = name
        self._mask_secrets = mask_secrets
        self._session: Session | None = None
        self._head: Head | None = None
        self._recorded: Head | None = None  # the head whose memories are written down as shown
        self._working = WorkingTurns((), assembler.counter.count)
        self._epoch = -1  # no epoch is negative: the first look at it loads the turns
        if session is not None:
            self._claim(session.id)
            self._session = session

    @property
    def session(self) -> Session | None:
        """The session, once there is one."""
        return self._session

    @property
    def mode(self) -> Mode:
        """What this chat may do with memory."""
        return self._mode

    @property
    def model(self) -> ChatModel:
        """Who answers."""
        return self._model

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The active path so far."""
        self._refresh()
        return tuple(self._working.turns)

    def run_turn(self, parts: Sequence[Part]) -> Generator[Event, None, None]:
        """Say `parts` and answer. Use with contextlib.closing: closing it early saves the part that came.

        Raises UsageError (nothing was said), StoreError, and what the model raises; a message that could be saved is
        saved before any of the model's errors.
        """
        kept, kinds = self._masked(parts)
        session, user = self._save(kept, self._clock.now())
        yield TurnStarted(session, user.turn, kinds)
        yield from self._answer(session)

    def retry(self, model: ChatModel | None = None) -> Generator[Event, None, None]:
        """Answer the newest message again, beside the old reply; what that one had taught is withdrawn.

        The old reply gives way at the first word of the new one: a call that fails before changes nothing.
        Raises NotFoundError when nothing was said yet, else as `run_turn`.
        """
        newest = self._newest("There is nothing to ask again.")
        if model is not None:
            self.use(model)
        session = self._store.transcripts.session(newest.session_id)
        yield TurnStarted(session, newest.number)
        yield from self._answer(session, lambda: self._give_way(newest))

    def undo(self) -> Undone:
        """Withdraw the newest turn and what it taught. Raises NotFoundError when nothing was said yet."""
        newest = self._newest("There is nothing to undo.")
        with self._store.transaction():
            memories = self._withdraw_taught(newest)
            self._store.transcripts.set_leaf(newest.session_id, newest.user.parent)
        self._working.withdraw()
        self._session = self._store.transcripts.session(newest.session_id)
        return Undone(newest.user.text, memories)

    def use(self, model: ChatModel) -> None:
        """Let another model answer from now on."""
        self._model = model
        if self._session is not None:
            self._store.transcripts.set_model(self._session.id, model.name, model.host)
            self._session = replace(self._session, model=model.name, host=model.host)

    def new(self) -> None:
        """Leave this session; the next message starts another."""
        self.close()
        self._session, self._head, self._name = None, None, ""
        self._epoch = -1

    def close(self) -> None:
        """Let others open the session. A second call does nothing."""
        if self._session is not None:
            self._store.transcripts.release(self._session.id, self._owner)

    # Saving first

    def _masked(self, parts: Sequence[Part]) -> tuple[list[Part], tuple[str, ...]]:
        """The parts as they may be stored and sent, and the kinds of secrets that were in them."""
        if not any(part.content.strip() for part in parts):
            raise UsageError("The message is empty.", 'Write something: memchat ask "..."')
        if not self._mask_secrets:
            return list(parts), ()
        kept: list[Part] = []
        kinds: list[str] = []
        for part in parts:
            masked = mask(part.content) if part.kind is not PartKind.IMAGE else None
            kept.append(replace(part, content=masked.text) if masked and masked.kinds else part)
            kinds += masked.kinds if masked else ()
        return kept, tuple(kinds)

    def _save(self, parts: Sequence[Part], now: datetime) -> tuple[Session, Message]:
        """Commit the message; a new session is born with it."""
        self._refresh()
        turns = self._working.turns
        transcripts = self._store.transcripts
        with self._store.transaction():
            session = self._session or self._create(parts, now)
            if (session.model, session.host) != (self._model.name, self._model.host):
                transcripts.set_model(session.id, self._model.name, self._model.host)
                session = replace(session, model=self._model.name, host=self._model.host)
            number = turns[-1].number + 1 if turns else 1
            parent = turns[-1].messages[-1].id if turns else None
            user = transcripts.add_message(
                session.id, number, Role.USER, parts, parent=parent, at=now, learn=self._mode.learns
            )
        self._session = session = replace(session, turns=len(turns) + 1, last_at=now, leaf=user.id)
        self._working.open(user)
        return session, user

    def _create(self, parts: Sequence[Part], now: datetime) -> Session:
        model = self._model
        session = self._store.transcripts.create_session(
            self._kind, at=now, model=model.name, host=model.host, learn=self._mode.learns, name=self._name
        )
        self._claim(session.id)
        words = " ".join(part.content[:1_000] for part in parts if part.kind is PartKind.TEXT)
        if title := default_title(words):
            self._store.transcripts.rename(session.id, title)
        return replace(session, title=title)

    def _claim(self, session_id: int) -> None:
        if not self._store.transcripts.claim(session_id, self._owner):
            raise SessionBusyError(
                f"Conversation s{session_id} is open in another terminal.", "Leave it there first, or start a new one."
            )

    def _refresh(self) -> None:
        """Load turns and head afresh when something was erased since they were loaded."""
        epoch = self._store.erasure.epoch()
        if epoch != self._epoch:
            turns = self._store.transcripts.turns(self._session.id) if self._session else ()
            self._working = WorkingTurns(turns, self._assembler.counter.count)
            self._assembler.forget()
            self._head, self._epoch = None, epoch

    # Answering

    def _give_way(self, old: Turn) -> None:
        """Take a reply that is being replaced off the active path, with what it taught."""
        with self._store.transaction():
            self._withdraw_taught(old)
            self._store.transcripts.set_leaf(old.session_id, old.user.id)

    def _answer(self, session: Session, begin: Callable[[], None] = lambda: None) -> Generator[Event, None, None]:
        """Answer the newest message and save what came, however it ends; `begin` is called at the first of it."""
        now, model, assembler = self._clock.now(), self._model, self._assembler
        self._head = head = self._head or assembler.head(session.id, model.window, now)
        context, tokens = assembler.assemble(head, self._working, model.window, now)
        exchange = Exchange(context, tokens, model, assembler.counter.count, self._clean, begin)

        def refolded() -> tuple[Context, int]:
            return assembler.assemble(head, self._working, model.window, now, share=REFOLD_SHARE)

        rounds = Rounds(exchange, model, self._toolbox, self._clock, refolded)
        status = MessageStatus.FAILED
        try:
            yield Assembled(context)
            yield from rounds.run(self._moment(exchange))
            status = MessageStatus.COMPLETE
        except (KeyboardInterrupt, GeneratorExit):
            status = MessageStatus.INTERRUPTED
            raise
        finally:
            self._persist(session, exchange, status)
        yield TurnFinished(
            reply=exchange.reply,
            finish_reason=exchange.reason,
            usage=exchange.usage,
            memory_tokens=exchange.memory_tokens,
            shown=exchange.shown,
            learned=tuple(exchange.learned),
            estimated=exchange.estimated,
        )

    def _persist(self, session: Session, exchange: Exchange, status: MessageStatus) -> None:
        now = self._clock.now()
        new_head = self._head is not self._recorded
        saved = exchange.save(self._store, status, now, new_head=new_head, learn=self._mode.learns)
        self._recorded = self._head
        if not exchange.begun:
            return  # nothing came: an earlier reply, if there was one, still stands
        self._working.answer(saved)
        leaf = saved[-1].id if saved else exchange.context.user.id
        self._session = replace(session, last_at=now, leaf=leaf)

    def _moment(self, exchange: Exchange) -> Moment:
        return Moment(
            message=exchange.context.user,
            model=self._model.name,
            now=exchange.context.now,
            first_live=self._working.first_live,
            epoch=self._epoch,
            count=self._assembler.counter.count,
            tokens=self._assembler.limits.recall_tokens,
        )

    # Small things

    def _clean(self, text: str) -> str:
        return mask(text).text if self._mask_secrets else text

    def _newest(self, nothing: str) -> Turn:
        self._refresh()
        if not self._working.turns:
            raise NotFoundError(nothing, "Write a message first.")
        return self._working.turns[-1]

    def _withdraw_taught(self, turn: Turn) -> tuple[Memory, ...]:
        """Take back what a turn taught; what it had replaced holds again."""
        memories = self._store.memories
        taught = memories.taught_by(turn.session_id, turn.number)
        for memory in taught:
            memories.withdraw(memory.id, self._clock.now())
        return tuple(taught)
