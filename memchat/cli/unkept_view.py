"""A reply of which nothing is kept, shown as it comes: /btw and /without."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from memchat.cli.conversation import Conversation
from memchat.errors import ConfigError, MemchatError, ModelError

if TYPE_CHECKING:
    from memchat.chat.unkept import Unkept
    from memchat.cli.turn_view import TurnView

OFFLINE = "/model notebook goes on offline."


def shown(
    chat: Conversation, request: "Unkept", stands: str, *, show_memory: bool, cost: Callable[[], str] = lambda: ""
) -> "TurnView":
    """Show it to its end. Of one that does not come so far say what `stands`, and the `cost` of this."""
    from memchat.cli import turn_view

    model = chat.engine.model

    def then(error: MemchatError | None) -> str:
        on = OFFLINE if model.host and isinstance(error, ModelError | ConfigError) else ""
        return " ".join(filter(None, (stands, on, cost())))

    return turn_view.follow(chat, request.run(), model, show_memory=show_memory, saved=False, then=then)
