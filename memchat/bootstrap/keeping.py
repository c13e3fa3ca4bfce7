"""The database for a chat, without what is too old to be kept (`privacy.keep_days`), and restoring a backup of it."""

import threading
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from memchat.errors import ConfigError, MemchatError

if TYPE_CHECKING:
    from memchat.bootstrap.app import App
    from memchat.domain import Mode, Restored, Session
    from memchat.ports import ChatModel, Store

# So many messages are erased before the prompt comes, in some tens of milliseconds; more of them beside the talk.
AT_ONCE = 200
# Seconds until then: the conversation that is gone on with is held open by that time, and held conversations stay.
_LATER = 1.0


def store_for(app: "App", mode: "Mode") -> "Store":
    """Where a chat in this mode keeps what is said; what keeps nothing opens no file."""
    from memchat.store.connection import open_store

    if not mode.saves:
        return open_store(None)
    days = app.settings.privacy.keep_days
    if days and app.makes_db:
        if app.store.records.old(app.clock.now() - timedelta(days=days)) > AT_ONCE:
            threading.Thread(target=_retire_later, args=(app, days), name="memchat-keeping").start()
        else:
            _retire(app, app.store, days)
    return app.store


def opening(app: "App", mode: "Mode", model: "ChatModel", session: "Session | None", *, looks: bool) -> "Mode":
    """What a chat with this model may do, once a person was asked about everybody who would be sent what is kept.

    Raises RefusedError. One that only `looks` asks nothing.
    """
    if not mode.saves:
        return mode
    mode = app.hosts.mode(mode, model, session, app.store, looks=looks)
    if app.hosts.ask is None or looks or not mode.reads:
        return mode
    if app.settings.recall.enabled and app.settings.recall.embedding not in {"bundled", "off"}:
        app.finding.settle()
    if mode.learns and app.settings.model.memory_name:
        with suppress(ConfigError):  # what is wrong with it is told where it is needed
            app.hosts.settled(app.model(app.settings.model.memory_name), app.store)
    return mode


def upkeep(app: "App", store: "Store") -> Callable[[str, str], "ChatModel"]:
    """Who sums up and learns, as `App.memory_model`; also raises ConfigError where it may not see what is known.

    `store` is that of the thread which asks.
    """
    return lambda name, host: app.hosts.check_upkeep(app.memory_model(name, host), store)


def restore(app: "App", backup: Path) -> "Restored":
    """Put a backup in the place of the database. Raises as `store.restoring.restore`."""
    from memchat.store import restoring

    return restoring.restore(app.paths.db, backup, app.unlock, app.clock.now())


def _retire(app: "App", store: "Store", days: int) -> None:
    now = app.clock.now()
    # A full disk or another program's lock: the next start tries again, and the chat goes on.
    with suppress(MemchatError):
        store.records.retire(now - timedelta(days=days), now)


def _retire_later(app: "App", days: int) -> None:
    from memchat.store.connection import open_store

    threading.Event().wait(_LATER)
    with suppress(MemchatError), closing(open_store(app.paths.db, unlock=app.unlock)) as store:
        _retire(app, store, days)
