"""One run of memchat: conversations, and the work that follows them, put together on what every command stands on."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from memchat import config
from memchat.bootstrap import models
from memchat.bootstrap.foundation import Foundation
from memchat.bootstrap.request import ChatRequest, limits, nothing_to_continue
from memchat.domain import Mode, Part, Session, SessionKind
from memchat.errors import ConfigError

if TYPE_CHECKING:
    from memchat.actions.context import Outlook
    from memchat.chat.background import Background
    from memchat.chat.consolidating import Consolidator
    from memchat.chat.engine import ChatEngine
    from memchat.chat.tools import ToolBox
    from memchat.memory.context import ContextAssembler
    from memchat.memory.recalling import Recall
    from memchat.ports import ChatModel, Store, TokenCounter


class App(Foundation):
    """One run of memchat: conversations, and the work that follows them."""

    def warm(
        self, model: "ChatModel", mode: Mode, *, talk: bool = True, pause: "Callable[[], None]" = lambda: None
    ) -> None:
        """Load what the model and recall need, quietly; meant for a thread, once the prompt is on the screen.

        Where no `talk` is to come the database is left alone: one question is over before it could help. `pause` waits
        for a moment in which it may stop everything for a tenth of a second.
        """
        if mode.reads and self._recalls:  # what reads no memory opens no database
            self.finding.warm(self.paths.db if talk else None, self.unlock)
        models.warm(model, pause)

    def open_chat(self, request: ChatRequest) -> "ChatEngine":
        """A conversation, ready for its first message.

        Raises UsageError (incognito cannot resume), NotFoundError, SessionBusyError, and what `model` raises.
        """
        from memchat.chat.engine import ChatEngine

        mode, model, store, session, name = self._opening(request)
        engine = ChatEngine(
            store=store,
            model=model,
            assembler=self._assembler(store, request, mode, counter := models.Following(model)),
            toolbox=self._toolbox(store, mode),
            embedder=(lambda: self.finding.embedder) if mode.saves and self._recalls else (lambda: None),
            clock=self.clock,
            mode=mode,
            kind=request.kind,
            owner=self.owner,
            session=session,
            shared=request.shared,
            name=name,
            mask_secrets=self._masks(mode),
        )
        counter.follow(lambda: engine.model)
        return engine

    def look_ahead(self, request: ChatRequest, parts: "Sequence[Part]") -> "Outlook":
        """What would be sent for these parts, without asking a model or saving anything. Raises as `open_chat` does."""
        from memchat.actions.context import Chat, outlook

        mode, model, store, session, _ = self._opening(request, looks=True)
        if self._recalls:
            self.finding.warm()  # a chat has it by its second message
        assembler = self._assembler(store, request, mode, models.counter_for(model))
        tools = self._toolbox(store, mode).specs()
        chat = Chat(store, assembler, model, session, tools, self._masks(mode))
        return outlook(chat, parts, self.clock.now())

    def _opening(
        self, request: ChatRequest, *, looks: bool = False
    ) -> "tuple[Mode, ChatModel, Store, Session | None, str]":
        """Mode, model, store, the session to go on with and the name of a new one. Raises as `open_chat` does."""
        from memchat.bootstrap.keeping import store_for

        mode = self.mode(request.mode)
        if request.resume is not None and not mode.saves:
            raise nothing_to_continue(request, mode, asked=self.asked)
        model = self._opening_model(request)
        store = store_for(self, mode)
        session, name = self._find_session(store, request)
        return self._allowed(mode, model, session, looks=looks), model, store, session, name

    def _allowed(self, mode: Mode, model: "ChatModel", session: Session | None, *, looks: bool) -> Mode:
        """What a chat with this model may do, once a person was asked about everybody who would be sent what is kept.

        Raises RefusedError. One that only `looks` asks nothing.
        """
        if not mode.saves:
            return mode
        mode = self.hosts.mode(mode, model, session, self.store, looks=looks)
        if self.hosts.ask is None or looks or not mode.reads:
            return mode
        if self.settings.recall.enabled and self.settings.recall.embedding not in {"bundled", "off"}:
            self.finding.settle()
        if mode.learns and self.settings.model.memory_name:
            with suppress(ConfigError):  # what is wrong with it is told where it is needed
                self.hosts.settled(self.memory_model(model.name, model.host), self.store)
        return mode

    def _opening_model(self, request: ChatRequest) -> "ChatModel":
        """The model asked for; the one made last if it is that: `ask` makes it early, and a way is not sought twice."""
        if self._made and self._made[0] == (self.settings, request.model, request.options):
            return self._made[1]
        return self.model(request.model, request.options)

    def _masks(self, mode: Mode) -> bool:
        """Whether secrets are masked; where nothing is kept, one may be sent on purpose."""
        return self.settings.privacy.mask_secrets and mode.saves

    def _find_session(self, store: "Store", request: ChatRequest) -> tuple[Session | None, str]:
        """The session to go on with, and the name a new one shall have. Raises NotFoundError, UsageError."""
        from memchat.actions import resuming

        if request.resume is None:
            return None, ""
        if request.resume == "":
            kinds = tuple(SessionKind) if request.kind is SessionKind.ONESHOT else (SessionKind.CHAT,)
            return resuming.newest(store, self.owner, kinds), ""
        return resuming.find(store, request.resume, mask_secrets=self.settings.privacy.mask_secrets)

    def _assembler(self, store: "Store", asked: ChatRequest, mode: Mode, counter: "TokenCounter") -> "ContextAssembler":
        from memchat.memory.context import ContextAssembler
        from memchat.memory.masking import mask

        return ContextAssembler(
            store=store,
            counter=counter,
            limits=limits(self.settings),
            fields=self.fields,
            mode=mode,
            system=mask(asked.system).text if self._masks(mode) else asked.system,
            recall=self._recall(store, mode),
        )

    def _toolbox(self, store: "Store", mode: Mode) -> "ToolBox":
        from memchat.chat.tools import ToolBox

        memory = self.settings.memory
        return ToolBox(
            store=store,
            mode=mode,
            fields=self.fields,
            write=memory.write,
            min_importance=memory.min_importance,
            max_notes=memory.max_notes,
            recall=self._recall(store, mode),
        )

    def _recall(self, store: "Store", mode: Mode) -> "Callable[[], Recall] | None":
        """Makes what a chat in this mode looks things up with, at its first message: the rules take time to load."""
        return cache(lambda: self.recall(store)) if mode.reads and self.settings.recall.enabled else None

    @property
    def _recalls(self) -> bool:
        return self.settings.recall.enabled and self.mode().reads

    def consolidator(self, store: "Store") -> "Consolidator":
        """Does the work that waits, in the thread that opened `store`."""
        from memchat.chat.consolidating import Consolidator

        return Consolidator(
            store,
            model_for=self.upkeep(store),
            counter_for=models.counter_for,
            rules=self.rules,
            max_tokens=self.settings.context.max_tokens,
            clock=self.clock,
            owner=self.owner,
        )

    def background(self) -> "Background":
        """The same beside a chat, in a thread and on a connection of its own; not started."""
        from memchat.chat.background import Background
        from memchat.store.connection import open_store

        return Background(
            lambda: self.consolidator(open_store(self.paths.db, unlock=self.unlock)),
            clock=self.clock,
            owner=self.owner,
            also=self.finding.catch_up if self._recalls else None,
        )


def open_app(
    environ: Mapping[str, str],
    *,
    flags: Mapping[str, object] | None = None,
    config_file: Path | None = None,
    db: Path | None = None,
) -> App:
    """Read the configuration and put memchat together. Raises ConfigError; touches no file but the configuration."""
    paths = config.paths(environ, config=config_file, db=db)
    return App(config.load(paths, environ, flags or {}), paths, environ)
