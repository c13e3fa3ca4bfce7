"""/copy [code]: the last reply, or its last code block, to the clipboard."""

from typing import TYPE_CHECKING

from memchat.actions.references import fold
from memchat.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from memchat.cli.conversation import Conversation

CODE = "code"


def copy(chat: "Conversation", what: str) -> None:
    """As the model wrote it, cleaned: nothing is pasted elsewhere that nobody has seen.

    Raises UsageError, NotFoundError (nothing to copy), MemchatError (no clipboard).
    """
    from memchat.cli import clipboard
    from memchat.cli.ask_view import last_code_block
    from memchat.cli.cells import clean

    wanted = fold(what)
    if wanted not in {"", CODE}:
        raise UsageError(f"/copy takes nothing or {CODE!r} after it.", "Like this: /copy, /copy code")
    replies = [turn.reply for turn in chat.engine.turns if turn.reply]
    if not replies:
        raise NotFoundError("This conversation has no reply yet.", "Write a message first.")
    text: str | None = replies[-1]
    if wanted == CODE:
        text = next((block for reply in reversed(replies) if (block := last_code_block(reply)) is not None), None)
    if text is None:
        raise NotFoundError("There is no code in this conversation.", "/copy takes the whole of the last reply.")
    text = clean(text)
    where = clipboard.copy(text, chat.screen, chat.app.environ)
    name = "The last code block" if wanted == CODE else "The last reply"
    chat.tell(f"{name} is {where}: {len(text):,} characters.")
