"""One turn, from text to saved: save, assemble, stream, run tools, persist (architecture.md, section 1)."""

from collections.abc import Callable, Generator, Sequence

from memchat.chat import catching_up
from memchat.chat.active_path import ActivePath, erased_meanwhile
from memchat.chat.compacting import Compacting
from memchat.chat.events import Assembled, Compacted, Event, TurnFinished, TurnStarted
from memchat.chat.exchange import Exchange
from memchat.chat.rounds import Rounds
from memchat.chat.saying import Saying
from memchat.chat.standing import Standing
from memchat.chat.tool_calls import moment_of
from memchat.chat.tools import ToolBox
from memchat.chat.undoing import Redone, Undoing, Undone
from memchat.domain import Context, Message, MessageStatus, Mode, Part, Session, SessionKind, Turn
from memchat.memory.context import ContextAssembler
from memchat.memory.head import Head
from memchat.memory.masking import mask
from memchat.ports import ChatModel, Clock, Embedder, Store


class ChatEngine:
    """One conversation. The core neither prints nor asks: it yields events and raises MemchatError.

    `session` resumes one, a `shared` one also where it is open elsewhere; else the first message starts one, called
    `name` if given. Turns of one session are serial. Raises SessionBusyError.
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
        shared: bool = False,
        name: str = "",
        mask_secrets: bool = True,
        embedder: Callable[[], Embedder | None] = lambda: None,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._model = model
        self._assembler = assembler
        self._toolbox = toolbox
        self._clock = clock
        self._mode = mode
        self._mask_secrets = mask_secrets
        self._head: Head | None = None
        self._recorded: Head | None = None  # the head whose memories are written down as shown
        self._path = ActivePath(store, assembler.counter.count, owner, self._let_go)
        self._saying = Saying(store, self._path, mode=mode, kind=kind, name=name, mask_secrets=mask_secrets)
        self._undoing = Undoing(store, self._path)
        self._compacting = Compacting(store, assembler, toolbox)
        if session is not None:
            self._path.enter(session, shared=shared)

    @property
    def session(self) -> Session | None:
        """The session, once there is one."""
        return self._path.session

    @property
    def mode(self) -> Mode:
        """What this chat may do with memory."""
        return self._mode

    @property
    def model(self) -> ChatModel:
        """Who answers."""
        return self._model

    @property
    def assembler(self) -> ContextAssembler:
        """How requests are put together and counted."""
        return self._assembler

    @property
    def answered_elsewhere(self) -> bool:
        """Whether a reply to this conversation is coming in another terminal: what is said now would have to wait."""
        return self._path.elsewhere

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The active path so far."""
        self._path.refresh()
        return tuple(self._path.working.turns)

    def run_turn(self, parts: Sequence[Part]) -> Generator[Event, None, None]:
        """Say `parts` and answer. Use with contextlib.closing: closing it early saves the part that came.

        Raises UsageError (nothing was said), StoreError, and what the model raises; a message that could be saved is
        saved before any of the model's errors. Raises MemchatError when the reply was not kept because something was
        erased while it came.
        """
        session, user, kinds = self._saying.save(parts, self._model, self._clock.now())
        try:
            self._undoing.settle()
            yield TurnStarted(session, user.turn, kinds)
            yield from self._answer(self._model)
        finally:
            self._path.end_turn()

    def retry(self, model: ChatModel | None = None) -> Generator[Event, None, None]:
        """Answer the newest message again, beside the old reply; what that one had taught is withdrawn.

        The old reply gives way at the first word of the new one, and `model` takes over then: a call that fails before
        changes nothing. Raises NotFoundError when nothing was said yet, SessionBusyError when the conversation was
        changed elsewhere, else as `run_turn`.
        """
        newest = self._path.newest("There is nothing to ask again.")
        answering, epoch = model or self._model, self._path.epoch

        def begin() -> None:
            self._path.give_way(newest, epoch, answering, self._clock.now())
            self._model = answering
            self._undoing.settle()

        self._path.begin_turn(newest.session_id)
        try:
            yield TurnStarted(self._store.transcripts.session(newest.session_id), newest.number)
            yield from self._answer(answering, begin)
        finally:
            self._path.end_turn()

    def undo(self, count: int = 1) -> Undone:
        """Take back the newest `count` turns and what they taught.

        Raises NotFoundError when there are not so many, UsageError for a number below 1, SessionBusyError when the
        conversation was changed elsewhere; then nothing has changed.
        """
        return self._undoing.turns(count, self._clock.now())

    def undo_memory(self, memory_id: int) -> Undone:
        """Take back one memory alone. Raises NotFoundError (no such memory), UsageError (taken back already)."""
        return self._undoing.memory(memory_id, self._clock.now())

    def redo(self) -> Redone:
        """Bring back what the newest of the undos took, until the next message; after that the one before.

        Raises NotFoundError when there is nothing, MemchatError or SessionBusyError when something was erased, learned
        or said since that it would clash with; then nothing has changed.
        """
        return self._undoing.redo(self._clock.now())

    def compact(self) -> Compacted | None:
        """Fold all but the newest turns now, with the summary there is; None when there is nothing to fold.

        Raises NotFoundError when nothing was said yet, SessionBusyError when the conversation was changed elsewhere.
        """
        self._path.newest("There is nothing to fold.")
        compacted = self._compacting.compact(self._head, self._path.working, self._model, self._clock.now())
        if compacted is not None:
            self._head = None  # made anew with the next message
        return compacted

    @property
    def folded(self) -> tuple[Turn, ...]:
        """The turns of which the model reads a summary only, oldest first."""
        return tuple(self._path.working.folded)

    def use(self, model: ChatModel) -> None:
        """Let another model answer from now on. The session is still the old one's: nothing was said to this one."""
        self._model = model

    def new(self) -> None:
        """Leave this session; the next message starts another."""
        self._path.leave()
        self._undoing.settle()
        self._head, self._saying.name = None, ""

    def close(self) -> None:
        """Let others open the session. A second call does nothing."""
        self._path.release()

    # Answering

    def _answer(self, model: ChatModel, begin: Callable[[], None] = lambda: None) -> Generator[Event, None, None]:
        """Answer the newest message and save what came, however it ends; `begin` is called at the first of it."""
        now, working, epoch = self._clock.now(), self._path.working, self._path.epoch
        request = self._compacting.request(self._head, working, model, now)
        self._head = request.head
        exchange = Exchange(request.context, request.tokens, model, self._assembler.counter.count, self._clean, begin)
        exchange.compacted = request.compacted

        def refolded() -> tuple[Context, int]:
            most = self._compacting.refused(model, exchange.sent) - exchange.rounds
            shorter = self._compacting.request(self._head, working, model, now, most=most)
            self._head, exchange.compacted = shorter.head, shorter.compacted
            return shorter.context, shorter.tokens

        rounds = Rounds(exchange, model, self._toolbox, self._clock, refolded)
        status = MessageStatus.FAILED
        try:
            yield Assembled(request.context)
            yield from rounds.run(moment_of(request.context, working, model, self._assembler, epoch))
            status = MessageStatus.COMPLETE
        except (KeyboardInterrupt, GeneratorExit):
            status = MessageStatus.INTERRUPTED
            raise
        finally:
            kept = self._persist(exchange, status, epoch)
            if not kept and status is not MessageStatus.FAILED:
                raise erased_meanwhile()
        yield TurnFinished(
            reply=exchange.reply,
            finish_reason=exchange.reason,
            usage=exchange.usage,
            memory_tokens=exchange.memory_tokens,
            shown=exchange.shown,
            learned=tuple(exchange.learned),
            estimated=exchange.estimated,
            sent=exchange.model_calls[-1].usage.prompt_tokens,
        )

    def _persist(self, exchange: Exchange, status: MessageStatus, epoch: int) -> bool:
        """Save what came; False when it may not be kept. One Ctrl-C that strikes meanwhile does not lose the reply."""
        if exchange.compacted is None:  # else the next request tells of it
            self._path.working.told = self._path.working.fold
        try:
            return self._save_reply(exchange, status, epoch)
        except KeyboardInterrupt:
            self._save_reply(exchange, status, epoch)
            raise

    def _save_reply(self, exchange: Exchange, status: MessageStatus, epoch: int) -> bool:
        now, new_head = self._clock.now(), self._head is not self._recorded
        saved = exchange.save(
            self._store,
            status,
            now,
            epoch=epoch,
            new_head=new_head,
            learn=self._mode.learns,
            also=self._also,
        )
        self._recorded = self._head
        if saved is not None and exchange.begun:  # else an earlier reply, if there was one, still stands
            self._path.working.answer(saved)
        self._path.refresh()
        return saved is not None

    def _also(self, saved: Sequence[Message]) -> None:
        """What is done with a turn in the transaction that saves it."""
        self._path.end_turn()
        if saved and self._mode.learns and self._head is not None and self.session is not None:
            self._compacting.enqueue(self.session, self._head, self._path.working, self._model, saved)
        catching_up.with_turn(self._store, self._embedder())

    # Small things

    def _clean(self, text: str) -> str:
        return mask(text).text if self._mask_secrets else text

    def _let_go(self) -> None:
        """Something was erased: head and memories are read afresh."""
        self._assembler.forget()
        self._head = None

    @property
    def standing(self) -> Standing:
        """What the next request stands on, for those who look or try and change nothing (`chat/standing.py`)."""
        return Standing(
            store=self._store,
            path=self._path,
            assembler=self._assembler,
            toolbox=self._toolbox,
            clock=self._clock,
            model=self._model,
            compacting=self._compacting,
            head=lambda: self._head,
            clean=self._clean,
            masked=self._saying.masked,
        )
