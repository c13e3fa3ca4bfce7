"""/context: what the next message would show the model, with the head and the turns as this chat has them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from memchat.cli.conversation import Conversation
from memchat.cli.layout import prose
from memchat.domain import Part

if TYPE_CHECKING:
    from memchat.actions.context import Outlook


def context(chat: Conversation, words: str) -> None:
    """With words what these would bring along; without, what each message carries. Nothing is sent or saved.

    Raises what sending it would raise.
    """
    from memchat.cli import attachments, context_view, receipts, search_view
    from memchat.cli.pasted import message_parts

    screen = chat.screen
    named, left_out = attachments.without_asking(chat, words)
    parts = (*chat.attached, *named, *message_parts(words, ()))
    attachments.check(chat.app, attachments.reader(chat.engine), parts, chat.attached)
    seen = ahead(chat, parts)
    lines = context_view.outlook(screen, seen, chat.now(), in_chat=True)
    notes = [*([receipts.masked(seen.masked)] if seen.masked else []), *left_out]
    for note in notes:
        lines += ["", *prose(screen, note)]
    chat.print([*lines, *search_view.trouble(screen, seen.context.trouble)])


def ahead(chat: Conversation, parts: Sequence[Part]) -> "Outlook":
    """The request that these parts would be sent with. Raises ContextWindowError."""
    from memchat.actions.context import Chat, outlook

    standing, engine = chat.engine.standing, chat.engine
    masks = chat.app.settings.privacy.mask_secrets and engine.mode.saves
    working = standing.working()  # first: it sees whether the head may still be sent
    as_it_is = Chat(
        standing.store,
        standing.assembler,
        standing.model,
        engine.session,
        standing.toolbox.specs(),
        masks,
        head=standing.head(),
        working=working,
    )
    return outlook(as_it_is, parts, chat.app.clock.now())
