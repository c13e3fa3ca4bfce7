"""/keys [set|remove PROVIDER]: keys of providers, as `memchat keys` keeps them."""

from typing import TYPE_CHECKING

from memchat.actions.references import fold
from memchat.cli.layout import MARGIN, prose
from memchat.errors import NotFoundError, RefusedError, UsageError

if TYPE_CHECKING:
    from memchat.cli.conversation import Conversation

_USAGE = "Like this: /keys, /keys set openai, /keys remove openai"


def keys(chat: "Conversation", words: str) -> None:
    """The providers with a key, never a key; or keep or remove one. Raises UsageError, NotFoundError, ConfigError."""
    from memchat.cli.setup_commands import kept_where

    verb, *rest = fold(words).split() or ["list"]
    store = chat.app.keys
    if verb == "list" and not rest:
        names = store.providers()
        chat.print([MARGIN + name for name in names] or prose(chat.screen, "No keys yet. /keys set PROVIDER"))
        return
    if verb == "set" and len(rest) > 1:  # never shown again: what stands there is a key
        raise UsageError(
            "A key in the line stays on the screen; it was not kept.", "/keys set PROVIDER, then paste it."
        )
    if verb not in {"set", "remove"} or len(rest) != 1:
        raise UsageError("That is not what /keys does.", _USAGE)
    (provider,) = rest
    if verb == "remove":
        if not store.remove(provider):
            raise NotFoundError(f"memchat keeps no key for {provider}.", "/keys")
        chat.tell(f"The key of {provider} is gone from here. At {provider} it is still valid.")
        return
    try:
        with chat.typing.aloud():
            key = chat.screen.ask_hidden(f"{MARGIN}Key of {provider} (what you type does not show): ")
    except (KeyboardInterrupt, RefusedError):
        key = ""
    if not key.strip():
        raise RefusedError("No key was given.", "Nothing was changed.")
    chat.tell(f"The key of {provider} is kept in {kept_where(store.set(provider, key))}.")
