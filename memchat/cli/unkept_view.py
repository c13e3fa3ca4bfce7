"""A reply of which nothing is kept, shown as it comes: /btw and /without."""

from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

from memchat.cli.conversation import Conversation
from memchat.errors import ConfigError, MemchatError, ModelError

if TYPE_CHECKING:
    from memchat.chat.unkept import Unkept
    from memchat.cli.turn_view import TurnView

OFFLINE = "/model notebook goes on offline."


def view_of(chat: Conversation, *, show_memory: bool) -> "TurnView":
    """Where it is shown."""
    from memchat.cli.turn_view import TurnView

    offline = not chat.engine.model.host
    return TurnView(chat.screen, chat.now(), show_memory=show_memory, saved=False, offline=offline)


def finished(
    chat: Conversation, request: "Unkept", view: "TurnView", stands: str, cost: Callable[[], str] = lambda: ""
) -> bool:
    """Show the reply as it comes; whether it came to its end. Else say what `stands`, and the `cost` of this."""
    model = chat.engine.model
    try:
        with chat.interrupts.during_reply(), chat.summing_up.replying(), closing(request.run()) as events:
            if model.host:
                view.wait(f"waiting for {model.name} ...")
            for event in events:
                view.take(event)
        view.finish()
    except KeyboardInterrupt:
        view.interrupted(" ".join(filter(None, (stands, cost()))))
        chat.leaving = chat.leaving or chat.interrupts.leaving
        return False
    except MemchatError as error:
        on = OFFLINE if model.host and isinstance(error, ModelError | ConfigError) else ""
        view.failed(error, " ".join(filter(None, (stands, on, cost()))))
        return False
    return True
