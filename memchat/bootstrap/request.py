"""How a conversation is asked for, how much memory it may carry, and by which clock it runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from memchat.config import Settings
from memchat.domain import Limits, Mode, SessionKind
from memchat.errors import UsageError


class SystemClock:
    """The computer's own time."""

    def now(self) -> datetime:
        """This moment in the local zone."""
        return datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """How a conversation is to be opened.

    `resume` is None for a new session, "" for the newest one that is not open elsewhere, else an id (`s17`, `17`) or a
    name (a new name starts one). `kind` is what a new one becomes; the newest is looked for among chats, by a one-shot
    among one-shots too. `mode` None takes the configured one. `shared`: what was asked for by name may be open
    elsewhere as well.
    """

    model: str | None = None
    options: Mapping[str, object] = field(default_factory=dict)
    system: str = ""
    mode: Mode | None = None
    kind: SessionKind = SessionKind.CHAT
    resume: str | None = None
    shared: bool = False


def nothing_to_continue(request: ChatRequest, mode: Mode, *, asked: bool) -> UsageError:
    """The error where a conversation is to be gone on with and nothing is kept; `asked`: whether memchat is set up."""
    if request.mode is not None and not request.mode.saves:
        what, hint = f"--{mode.name}", f"Leave out -c and --session, or --{mode.name}."
    else:
        what = "The configuration" if asked else "Until it is set up memchat"
        hint = "Leave out -c and --session, or choose what may be kept: memchat setup"
    return UsageError(f"{what} keeps nothing, so there is nothing to continue.", hint)


def limits(settings: Settings) -> Limits:
    """How much memory may cost, by the settings."""
    context, memory = settings.context, settings.memory
    return Limits(
        max_turns=context.max_turns,
        max_tokens=context.max_tokens,
        head_tokens=context.head_tokens,
        recall_tokens=context.recall_tokens,
        keep_turns=context.keep_turns,
        summaries_shown=memory.summaries_shown,
        notes_shown=memory.notes_shown,
    )
