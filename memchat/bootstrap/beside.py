"""A second connection to the database, for a thread beside the one that shows, and what finds things there."""

from typing import TYPE_CHECKING

from memchat.bootstrap.app import App

if TYPE_CHECKING:
    from memchat.memory.recalling import Recall
    from memchat.ports import Store


def store_beside(app: App) -> "Store":
    """The same database once more, for the thread that calls; what opened it once opens it again without asking."""
    from memchat.store.connection import open_store

    return open_store(app.paths.db, make=False, unlock=app.unlock)


def recall_by_words(app: App, store: "Store") -> "Recall":
    """Finds things by their words alone: what somebody is typing goes to no embedding model, key by key."""
    from memchat.memory.ranking import Ages
    from memchat.memory.recalling import Recall

    recall = app.settings.recall
    ages = Ages(recall.half_life_notes_days, recall.half_life_episodes_days)
    return Recall(store, fields=app.fields, assistant=app.settings.ui.assistant_name, ages=ages)
