"""One run of memchat: the settings, and everything that is built from them when it is first asked for."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from memchat import config
from memchat.bootstrap import models
from memchat.bootstrap.hosts import Hosts
from memchat.bootstrap.loopback import Loopback
from memchat.bootstrap.request import ChatRequest, SystemClock, limits, nothing_to_continue, rules, this_process
from memchat.bootstrap.unlocking import Unlocking
from memchat.domain import CONVERSATIONS_ONLY, INCOGNITO, NORMAL, Mode, Part, Session, SessionKind

if TYPE_CHECKING:
    from memchat.actions.context import Outlook
    from memchat.bootstrap.finding import Finding
    from memchat.chat.background import Background
    from memchat.chat.consolidating import Consolidator
    from memchat.chat.engine import ChatEngine
    from memchat.chat.tools import ToolBox
    from memchat.llm.windows import Answerer
    from memchat.memory.context import ContextAssembler
    from memchat.memory.learning import Rules
    from memchat.memory.recalling import Recall
    from memchat.ports import ChatModel, KeyStore, Store, TokenCounter

    _Opening = tuple[Mode, ChatModel, Store, Session | None, str]


class App:
    """One run of memchat: settings, and everything built from them when it is first asked for."""

    def __init__(self, settings: config.Settings, paths: config.Paths, environ: Mapping[str, str]) -> None:
        self.settings = settings
        self.paths = paths
        self.environ = environ
        self.clock = SystemClock()
        self.fields = tuple(settings.memory.profile_fields)
        self.makes_db = True  # off for what only looks
        self.unlock = Unlocking(environ)
        self.hosts = Hosts(paths, settings.privacy.memory_hosts)
        self._guard = Loopback(on=settings.privacy.local_only)
        self._made: tuple[object, ChatModel] | None = None

    @cached_property
    def owner(self) -> str:
        """Who has a session open: host, process, and when that started where the system tells."""
        return this_process()

    @cached_property
    def store(self) -> "Store":
        """The database, opened (and migrated, and made unless `makes_db` is off) at the first use."""
        from memchat.store.connection import open_store

        return open_store(self.paths.db, make=self.makes_db, unlock=self.unlock)

    @cached_property
    def keys(self) -> "KeyStore":
        """Where provider keys lie."""
        from memchat.llm.keys import Keys

        return Keys(self.paths.keys)

    @cached_property
    def counter(self) -> "TokenCounter":
        """Counts by estimate: for commands that need no model, which must not load a tokenizer."""
        from memchat.llm.tokens import EstimateCounter

        return EstimateCounter()

    @property
    def asked(self) -> bool:
        """Whether somebody has said what may be kept; until then nothing is."""
        return self.settings.memory.enabled != "ask"

    def model_name(self, wanted: str | None = None) -> str:
        """The model that answers: the wanted or configured one, aliases resolved; before setup the first with a key."""
        if name := self._real_name(wanted or self.settings.model.name):
            return name
        from memchat.llm.windows import choose_default

        return choose_default(self.environ, self.keys, self.settings.providers)

    def model(self, wanted: str | None = None, options: Mapping[str, object] | None = None) -> "ChatModel":
        """The model behind a name. Raises KeyMissingError, UnknownModelError, ConfigError (`privacy.local_only`)."""
        made = self._build(self.model_name(wanted), options or {})
        self._made = ((self.settings, wanted, options or {}), made)
        return made

    def memory_model(self, name: str, host: str) -> "ChatModel":
        """Who sums up and learns from a conversation that `name` at `host` answered: `model.memory_name`, else it.

        Raises ConfigError when that one is gone or elsewhere now. Whether it may see what is known: `keeping.upkeep`.
        """
        wanted = self._real_name(self.settings.model.memory_name)
        return self._build(wanted) if wanted else models.remembering(self._build(name), host)

    def _opening_model(self, request: ChatRequest) -> "ChatModel":
        """The model asked for; the one made last if it is that: `ask` makes it early, and a way is not sought twice."""
        if self._made and self._made[0] == (self.settings, request.model, request.options):
            return self._made[1]
        return self.model(request.model, request.options)

    def _build(self, name: str, options: Mapping[str, object] | None = None) -> "ChatModel":
        return models.build(name, options or {}, settings=self.settings, environ=self.environ, keys=self.keys)

    def _real_name(self, name: str) -> str:
        return self.settings.aliases.get(name.strip(), name.strip())

    def answerers(self) -> "list[Answerer]":
        """Who could answer right now: models of servers on this computer, then providers with a key."""
        from memchat.llm.windows import found_answerers

        return found_answerers(self.environ, self.keys, self.settings.providers)

    def warm(self, model: "ChatModel", mode: Mode, *, talk: bool = True) -> None:
        """Load what the model and recall need, quietly; meant for a thread, once the prompt is on the screen.

        Where no `talk` is to come the database is left alone: one question is over before it could help.
        """
        if mode.reads and self._recalls:  # what reads no memory opens no database
            self.finding.warm(self.paths.db if talk else None, self.unlock)
        models.warm(model)

    def mode(self, wanted: Mode | None = None) -> Mode:
        """What may be kept: the stricter of what was wanted now and what was agreed at setup."""
        if wanted is not None and not wanted.saves:
            return wanted
        if not self.asked or not self.settings.privacy.save_transcripts:
            return INCOGNITO
        if not self.settings.memory.enabled:
            return CONVERSATIONS_ONLY
        return wanted or NORMAL

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

    def _opening(self, request: ChatRequest, *, looks: bool = False) -> "_Opening":
        """Mode, model, store, the session to go on with and the name of a new one. Raises as `open_chat` does."""
        from memchat.bootstrap.keeping import opening, store_for

        mode = self.mode(request.mode)
        if request.resume is not None and not mode.saves:
            raise nothing_to_continue(request, mode, asked=self.asked)
        model = self._opening_model(request)
        store = store_for(self, mode)
        session, name = self._find_session(store, request)
        return opening(self, mode, model, session, looks=looks), model, store, session, name

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

    @cached_property
    def finding(self) -> "Finding":
        """What finds past words again."""
        from memchat.bootstrap.finding import Finding

        return Finding(self.settings, self.environ, lambda: self.keys, self.fields, self.hosts)

    def recall(self, store: "Store | None" = None) -> "Recall":
        """Finds past exchanges and memories in `store`, the database where it is left out."""
        return self.finding.recall(store or self.store)

    def _recall(self, store: "Store", mode: Mode) -> "Callable[[], Recall] | None":
        """Makes what a chat in this mode looks things up with, at its first message: the rules take time to load."""
        return cache(lambda: self.recall(store)) if mode.reads and self.settings.recall.enabled else None

    @property
    def _recalls(self) -> bool:
        return self.settings.recall.enabled and self.mode().reads

    # After the talk

    @property
    def rules(self) -> "Rules":
        """How what is learned is kept."""
        return rules(self.settings)

    def consolidator(self, store: "Store") -> "Consolidator":
        """Does the work that waits, in the thread that opened `store`."""
        from memchat.bootstrap.keeping import upkeep
        from memchat.chat.consolidating import Consolidator

        return Consolidator(
            store,
            model_for=upkeep(self, store),
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

    def close(self) -> None:
        """Close what was opened."""
        self._guard.close()
        if "store" in self.__dict__:
            self.store.close()


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
