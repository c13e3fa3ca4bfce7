"""What finds past words again: the embedder that the settings name, and recall over a store."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from memchat import config
from memchat.bootstrap.hosts import Hosts, refusal
from memchat.errors import ConfigError, EmbeddingError, LockedError, StoreError

if TYPE_CHECKING:
    from memchat.memory.recalling import Recall
    from memchat.ports import Embedder, KeyStore, Store
    from memchat.store.encryption import Key

_USELESS = "Past words are found by words alone, for recall.embedding is of no use:"


class Finding:
    """Recall as the settings want it. `trouble` is why the embedder that they name cannot be used."""

    def __init__(
        self,
        settings: config.Settings,
        environ: Mapping[str, str],
        keys: Callable[[], "KeyStore"],
        fields: Sequence[str],
        hosts: Hosts,
    ) -> None:
        self.trouble = ""
        self._hosts = hosts
        self._settings = settings
        self._environ = environ
        self._keys = keys
        self._fields = fields

    @cached_property
    def embedder(self) -> "Embedder | None":
        """What measures likeness of meaning; not loaded yet. None where words alone are searched."""
        try:
            found = self._chosen()
        except ConfigError as error:  # it is told below an answer that another model gave
            self.trouble = f"{_USELESS} {error.message}"
            return None
        if found is None or self._hosts.may_see(found):
            return found
        self.trouble = f"{_USELESS} {refusal(self._hosts, found)}"
        return None

    def settle(self) -> None:
        """Ask about an embedder on another computer, where a person can be asked. Raises RefusedError: no answer."""
        with suppress(ConfigError):  # what is wrong with it is told where it is needed
            if (found := self._chosen()) is not None and self._hosts.settled(found):
                vars(self).pop("embedder", None)  # the warm-up may have looked before the answer came
                self.trouble = ""

    def _chosen(self) -> "Embedder | None":
        from memchat.llm.embedding import chosen

        settings = self._settings
        return chosen(
            settings.recall.embedding,
            environ=self._environ,
            providers=settings.providers,
            keys=self._keys(),
            local_only=settings.privacy.local_only,
        )

    def recall(self, store: "Store") -> "Recall":
        """Finds past exchanges and memories in `store`."""
        from memchat.llm.embedding import BundledEmbedder
        from memchat.memory.ranking import Ages
        from memchat.memory.recalling import Recall

        recall, embedder = self._settings.recall, self.embedder
        return Recall(
            store,
            embedder=embedder,
            lexicon=embedder if isinstance(embedder, BundledEmbedder) else None,
            fields=self._fields,
            assistant=self._settings.ui.assistant_name,
            ages=Ages(recall.half_life_notes_days, recall.half_life_episodes_days),
            threshold=None if isinstance(recall.threshold, str) else recall.threshold,
            trouble=self.trouble,
        )

    def warm(self, db: Path | None = None, unlock: "Callable[[Path], Key] | None" = None) -> None:
        """Load the embedder, and of the database what a first question reads; meant for a thread.

        What is wrong with either the first question says.
        """
        from memchat.store.connection import open_store

        if self.embedder is None:
            import_module("numpy")  # what is found by words is weighed with it, too
            return
        try:
            self.embedder.warm()
            if db is not None and db.exists():
                with closing(open_store(db, unlock=unlock)) as store:
                    self.recall(store).warm()
        except EmbeddingError as error:
            self.trouble = error.message
        except (StoreError, LockedError):
            pass

    def catch_up(self, store: "Store", stop: Callable[[], bool]) -> bool:
        """Give past words a little of what they lack to be found; whether there may be more. Raises StoreError."""
        from memchat.chat import catching_up

        return catching_up.step(store, self.embedder, stop)
