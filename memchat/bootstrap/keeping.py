"""The database for a chat, without what is too old to be kept (`privacy.keep_days`), and restoring a backup of it."""

import threading
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from memchat.errors import MemchatError

if TYPE_CHECKING:
    from memchat.bootstrap.foundation import Foundation
    from memchat.domain import Mode, Restored
    from memchat.ports import Store

# So many messages are erased before the prompt comes, in some tens of milliseconds; more of them beside the talk.
AT_ONCE = 200
# Seconds until then: the conversation that is gone on with is held open by that time, and held conversations stay.
_LATER = 1.0


def store_for(app: "Foundation", mode: "Mode") -> "Store":
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


def restore(app: "Foundation", backup: Path) -> "Restored":
    """Put a backup in the place of the database. Raises as `store.restoring.restore`."""
    from memchat.store import restoring

    return restoring.restore(app.paths.db, backup, app.unlock, app.clock.now())


def _retire(app: "Foundation", store: "Store", days: int) -> None:
    now = app.clock.now()
    # A full disk or another program's lock: the next start tries again, and the chat goes on.
    with suppress(MemchatError):
        store.records.retire(now - timedelta(days=days), now)


def _retire_later(app: "Foundation", days: int) -> None:
    from memchat.store.connection import open_store

    threading.Event().wait(_LATER)
    with suppress(MemchatError), closing(open_store(app.paths.db, unlock=app.unlock)) as store:
        _retire(app, store, days)
