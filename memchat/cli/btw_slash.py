"""/btw TEXT: one question on the side, answered from memory and this conversation; nothing of it is kept."""

from memchat.cli.conversation import Conversation
from memchat.cli.layout import prose
from memchat.cli.slash import need

NOT_KEPT = "Not kept: the next message goes on as if this had not been asked."
AGAIN = "Nothing of it is kept: ask it again with /btw."


def btw(chat: Conversation, text: str) -> None:
    """Ask, and show the answer as it comes. What is attached stays for the next message."""
    need(text, "/btw what is a burst?")
    from memchat.chat.aside import Aside
    from memchat.cli import receipts, search_view, unkept_view
    from memchat.cli.pasted import message_parts

    aside = Aside(chat.engine.standing, message_parts(text, ()))
    masked = [receipts.masked(aside.masked)] if aside.masked else []
    view = unkept_view.shown(chat, aside, AGAIN, show_memory=chat.shows_memory)
    if view.complete:
        lines = [line for note in (*masked, NOT_KEPT) for line in prose(chat.screen, note)]
        chat.print([*lines, *search_view.trouble(chat.screen, view.trouble)])
    else:
        chat.screen.note("\n".join([line for note in masked for line in prose(chat.screen, note)]))
