"""What every command stands on: the settings, and the database, keys and models, each when it is first asked for."""

import os
import socket
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from memchat import config
from memchat.bootstrap import models
from memchat.bootstrap.hosts import Hosts
from memchat.bootstrap.loopback import Loopback
from memchat.bootstrap.request import SystemClock
from memchat.bootstrap.unlocking import Unlocking
from memchat.domain import CONVERSATIONS_ONLY, INCOGNITO, NORMAL, Mode

if TYPE_CHECKING:
    from memchat.bootstrap.finding import Finding
    from memchat.llm.windows import Answerer
    from memchat.memory.learning import Rules
    from memchat.memory.recalling import Recall
    from memchat.ports import ChatModel, KeyStore, Store, TokenCounter


class Foundation:
    """The settings of one run, and what needs no conversation."""

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
        from memchat.store.claims import started

        return ":".join(filter(None, (socket.gethostname(), str(pid := os.getpid()), started(pid))))

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

        Raises ConfigError when that one is gone or elsewhere now. Whether it may see what is known: `upkeep`.
        """
        wanted = self._real_name(self.settings.model.memory_name)
        return self._build(wanted) if wanted else models.remembering(self._build(name), host)

    def upkeep(self, store: "Store") -> "Callable[[str, str], ChatModel]":
        """Who sums up and learns, as `memory_model`; also raises ConfigError where it may not see what is known.

        `store` is that of the thread which asks.
        """
        return lambda name, host: self.hosts.check_upkeep(self.memory_model(name, host), store)

    def _build(self, name: str, options: Mapping[str, object] | None = None) -> "ChatModel":
        return models.build(name, options or {}, settings=self.settings, environ=self.environ, keys=self.keys)

    def _real_name(self, name: str) -> str:
        return self.settings.aliases.get(name.strip(), name.strip())

    def answerers(self) -> "list[Answerer]":
        """Who could answer right now: models of servers on this computer, then providers with a key."""
        from memchat.llm.windows import found_answerers

        return found_answerers(self.environ, self.keys, self.settings.providers)

    def mode(self, wanted: Mode | None = None) -> Mode:
        """What may be kept: the stricter of what was wanted now and what was agreed at setup."""
        if wanted is not None and not wanted.saves:
            return wanted
        if not self.asked or not self.settings.privacy.save_transcripts:
            return INCOGNITO
        if not self.settings.memory.enabled:
            return CONVERSATIONS_ONLY
        return wanted or NORMAL

    @cached_property
    def finding(self) -> "Finding":
        """What finds past words again."""
        from memchat.bootstrap.finding import Finding

        return Finding(self.settings, self.environ, lambda: self.keys, self.fields, self.hosts)

    def recall(self, store: "Store | None" = None) -> "Recall":
        """Finds past exchanges and memories in `store`, the database where it is left out."""
        return self.finding.recall(store or self.store)

    @property
    def rules(self) -> "Rules":
        """How what is learned is kept."""
        from memchat.memory.learning import Rules

        memory = self.settings.memory
        return Rules(self.fields, memory.write, memory.min_importance, memory.max_notes)

    def close(self) -> None:
        """Close what was opened."""
        self._guard.close()
        if "store" in self.__dict__:
            self.store.close()
