"""How people are told how much a model reads, above all where nobody could say so and it is assumed."""

from typing import TYPE_CHECKING

from memchat.errors import ContextWindowError

if TYPE_CHECKING:
    from memchat.ports import ChatModel


def guessed(model: "ChatModel") -> str:
    """The model's name where nobody could say what it reads; else empty."""
    return "" if model.window_from else model.name


def note(model: "ChatModel") -> str:
    """One line where nobody could say how much the model reads; else empty. May ask the model's server."""
    if model.window_from:
        return ""
    known = f"How much {model.name} reads at once is not known; {model.window:,} tokens are assumed."
    return f"{known} Set {setting(model.name)}."


def setting(model: str) -> str:
    """Where one may say what the model of that name reads: `window under [providers.openai]`."""
    provider, slash, _ = model.partition("/")
    return f"window under [providers.{provider if slash else 'NAME'}]"


def too_long(window: int, guessed: str = "") -> ContextWindowError:
    """The newest message is larger than the model can read; `guessed` is its name where the window is assumed."""
    hint = "Send a shorter one, or choose a model with a larger window (-m NAME, /model NAME)."
    if not guessed:
        return ContextWindowError(
            f"Your message is too long: the model reads {window:,} tokens, and this has more.", hint
        )
    return ContextWindowError(
        f"Your message is too long: the model is assumed to read {window:,} tokens, and this has more.",
        f"{hint} {if_more(guessed)}",
    )


def if_more(model: str) -> str:
    """What to do where a window is assumed that is too small."""
    return f"If it reads more, set {setting(model)}."
