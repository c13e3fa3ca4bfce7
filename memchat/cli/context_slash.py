"""/context: what the next message would show the model, with the head and the turns as this chat has them."""

from memchat.cli.conversation import Conversation


def context(chat: Conversation, words: str) -> None:
    """With words what these would bring along; without, what each message carries. Nothing is sent or saved."""
    from memchat.actions.context import Chat, outlook
    from memchat.cli import context_view, receipts, search_view
    from memchat.cli.pasted import message_parts

    standing, engine, screen = chat.engine.standing, chat.engine, chat.screen
    masks = chat.app.settings.privacy.mask_secrets and engine.mode.saves
    working = standing.working()  # first: it sees whether the head may still be sent
    as_it_is = Chat(
        standing.store,
        standing.assembler,
        standing.model,
        engine.session,
        standing.toolbox.specs(),
        masks,
        standing.head(),
        working,
    )
    seen = outlook(as_it_is, (*chat.attached, *message_parts(words, ())), chat.app.clock.now())
    lines = context_view.outlook(screen, seen, chat.now(), in_chat=True)
    if seen.masked:
        lines += ["", f"  {receipts.masked(seen.masked)}"]
    chat.print([*lines, *search_view.trouble(screen, seen.context.trouble)])
