"""/compact and /expand: fold the older turns of this conversation now, and print those that are folded."""

from typing import TYPE_CHECKING

from memchat.cli import compact_view
from memchat.cli.layout import prose

if TYPE_CHECKING:
    from memchat.cli.conversation import Conversation


def compact(chat: "Conversation", _: str) -> None:
    """Sum the conversation up, as far as that may be learned from, and fold all but the newest turns."""
    engine, keep = chat.engine, chat.app.settings.context.keep_turns
    if engine.session is None:
        chat.tell("Nothing to fold: this conversation has no message yet.")
        return
    live = len(engine.turns) - len(engine.folded)
    if live > keep and engine.mode.learns:
        chat.summing_up.now(engine.session.id)
    compacted = engine.compact()
    lines = compact_view.boundary(chat.screen, compacted) if compacted else None
    chat.print(lines or compact_view.nothing(chat.screen, live, keep))


def expand(chat: "Conversation", _: str) -> None:
    """The turns of which the next message shows the model a summary only, and that summary.

    A conversation that is gone on with, or shorter by an /undo, folds anew with that message: so it is looked ahead.
    """
    from memchat.cli import context_slash, session_view

    session, turns = chat.engine.session, chat.engine.turns
    folded = turns[: context_slash.ahead(chat, chat.attached).context.folded] if turns else ()
    if session is None or not folded:
        chat.print(prose(chat.screen, "Nothing is folded: the model reads every turn of this conversation."))
        return
    chat.print(session_view.transcript(chat.screen, session, folded, chat.now()))
