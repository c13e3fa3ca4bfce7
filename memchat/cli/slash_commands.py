"""What each slash command does: through the same actions as the commands of the shell."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from memchat.cli import copy_slash, export_slash, file_slash, keys_slash, memory_slash
from memchat.cli.conversation import Conversation
from memchat.cli.layout import GAP, entry, prose
from memchat.cli.pasted import Line
from memchat.cli.slash import Command, need
from memchat.cli.terminal import one_line, width
from memchat.cli.welcome import last_exchange
from memchat.domain import INCOGNITO
from memchat.errors import MemchatError, NotFoundError, UsageError

if TYPE_CHECKING:
    from memchat.cli.editor import Draft

SESSIONS_LISTED = 20

_KEYS = (
    "Enter sends; Ctrl+J or Alt+Enter is a new line; Ctrl-X Ctrl-E opens your editor; Ctrl-C stops a reply, twice "
    "leaves; Ctrl-D leaves. The beginning of a command is enough. A space before a / makes it a message. @PATH in a "
    "message sends that file with it."
)


def _help(chat: Conversation, _: str) -> None:
    screen = chat.screen
    column = max(width(command.usage) for command in COMMANDS) + GAP
    lines = [line for command in COMMANDS for line in entry(screen, command.usage, command.help, column)]
    chat.print([*lines, "", *prose(screen, _KEYS)])


def _new(chat: Conversation, _: str) -> None:
    chat.new()
    chat.tell("A new conversation begins with your next message.")


def _retry(chat: Conversation, model: str) -> None:
    chat.retry(model)


def _undo(chat: Conversation, what: str) -> None:
    from memchat.actions.references import memory_number
    from memchat.cli import receipts

    number = memory_number(what)
    if number is None:
        undone = chat.engine.undo(_turns(what))
        chat.shown = ()
    else:
        _ = chat.store  # a chat that keeps nothing does not change what is kept
        undone = chat.engine.undo_memory(number)
    chat.print(receipts.taken_back(chat.screen, undone.texts, undone.memories, undone.again))


def _turns(what: str) -> int:
    """The number of turns somebody wrote, full width or not; 1 where he wrote none. Raises UsageError."""
    from memchat.actions.references import DIGITS, fold, shorten

    digits = fold(what) or "1"
    if not (digits.isascii() and digits.isdecimal()):
        raise UsageError(
            f"{shorten(what)!r} is no number of turns and no memory's id.", "Like this: /undo, /undo 2, /undo m12"
        )
    return int(digits[:DIGITS])  # more digits than that are too many turns all the same


def _redo(chat: Conversation, _: str) -> None:
    from memchat.cli import receipts

    redone = chat.engine.redo()
    chat.shown = ()
    now = chat.now()
    chat.print(receipts.brought_back(chat.screen, redone.texts, redone.memories, redone.replaced, now))


def _model(chat: Conversation, name: str) -> None:
    if name:
        chat.use(name)
    chat.tell(f"{one_line(chat.engine.model.name)} answers, {chat.place}.")


def _sessions(chat: Conversation, _: str) -> None:
    from memchat.actions import sessions
    from memchat.cli import session_view

    found = sessions.listing(chat.store, limit=SESSIONS_LISTED)
    if found and not chat.typing.plain:
        from memchat.cli.session_picker import SessionPicker

        if chosen := SessionPicker(chat, found).pick():
            _resume(chat, chosen.ref)
            return
    lines = session_view.sessions(chat.screen, found, chat.now()) or prose(chat.screen, "No conversations yet.")
    chat.print([*lines, *(["", *prose(chat.screen, "Go on with one: /resume ID")] if found else ())])


def _search(chat: Conversation, words: str) -> None:
    from memchat.cli.search_commands import in_chat

    in_chat(chat, words)


def _context(chat: Conversation, words: str) -> None:
    from memchat.cli.context_slash import context

    context(chat, words)


def _usage(chat: Conversation, words: str) -> None:
    from memchat.cli.usage_command import in_chat

    in_chat(chat, words)


def _without(chat: Conversation, ref: str) -> None:
    from memchat.cli.without_slash import without

    without(chat, ref)


def _btw(chat: Conversation, text: str) -> None:
    from memchat.cli.btw_slash import btw

    btw(chat, text)


def _compact(chat: Conversation, words: str) -> None:
    from memchat.cli.compact_slash import compact

    compact(chat, words)


def _expand(chat: Conversation, words: str) -> None:
    from memchat.cli.compact_slash import expand

    expand(chat, words)


def _resume(chat: Conversation, ref: str) -> None:
    from memchat.actions import sessions

    need(ref, "/resume s17")
    session = sessions.get(chat.store, ref)
    if chat.engine.session is not None and chat.engine.session.id == session.id:
        chat.tell(f"You are in {session.ref} already.")
        return
    chat.resume(session.ref)
    chat.print(last_exchange(chat))


def _rename(chat: Conversation, title: str) -> None:
    from memchat.actions import sessions

    need(title, "/rename Rate limits")
    if chat.engine.session is None:
        raise NotFoundError("This conversation has no message yet.", "Give it a title once it has.")
    masks = chat.app.settings.privacy.mask_secrets
    session = sessions.rename(chat.store, chat.engine.session.ref, title, mask_secrets=masks)
    chat.tell(f"{session.ref} is called {one_line(session.title)}.")


def _incognito(chat: Conversation, _: str) -> None:
    if chat.engine.mode != INCOGNITO:
        chat.go_incognito()
        chat.tell(
            "Incognito: nothing is read from memory, and nothing of this chat is kept. "
            "/incognito again goes back, /quit leaves."
        )
    elif not chat.leave_incognito():
        chat.tell("This chat is incognito already: nothing of it is kept. /quit ends it.")
    else:
        session = chat.engine.session
        chat.tell("Incognito is over, and nothing of it was kept." + (f" You are in {session.ref}." if session else ""))


def _edit(chat: Conversation, text: str) -> None:
    edited, done = edit_text(chat, text)
    # Where a line cannot be changed before it is sent, what an editor failed on waits for a word.
    chat.draft = Line(edited, unsent=not done and bool(edited.strip()))


def _quit(chat: Conversation, _: str) -> None:
    chat.leaving = True


def edit_text(chat: Conversation, text: str) -> tuple[str, bool]:
    """`text` as the person's own editor leaves it, for the input line, and whether the editor did well.

    An editor that fails is told, never raised: what it wrote comes back all the same, else `text`.
    """
    from memchat.cli import editor

    with chat.typing.aloud(), ExitStack() as stack:
        try:
            draft = editor.write_draft(_drafts(chat, stack), "message.md", text)
        except MemchatError as error:
            chat.fail(error)
            return text, False
        try:
            edited = editor.opened(draft, chat.app.environ)
        except MemchatError as error:
            rescued = _rescued(draft)
            if rescued is None and draft.changed and chat.engine.mode.saves:
                chat.fail(draft.keep(error))  # what cannot stand in the line stays where it is
            else:
                chat.fail(error)
                draft.discard()
            return (text if rescued is None else rescued.rstrip("\n")), False
        draft.discard()
    return edited.rstrip("\n"), True


def _drafts(chat: Conversation, stack: ExitStack) -> Path:
    """Where drafts lie: one outlives an editor that fails, unless nothing of the chat is kept. Raises MemchatError."""
    from memchat.cli import editor

    if chat.engine.mode.saves:
        return chat.app.paths.state / editor.DRAFTS
    import tempfile

    try:
        return Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
    except OSError as error:
        raise MemchatError(f"The draft cannot be written: {error.strerror}.", "TMPDIR names a folder for it.") from None


def _rescued(draft: "Draft") -> str | None:
    """What an editor that failed has written; None when that is no text, or nothing is there."""
    try:
        return draft.read()
    except MemchatError:
        return None


COMMANDS = (
    Command("help", "", "This list.", _help),
    Command("profile", "", "What is known about you, field by field.", memory_slash.profile),
    Command("memory", "[new|ID]", "All that is remembered, what is new, or one memory.", memory_slash.memory),
    Command("remember", "TEXT", "Keep a note in your own words.", memory_slash.remember),
    Command("forget", "ID|TEXT", "Erase a memory for good, after a question.", memory_slash.forget, least=3),
    Command(
        "why", "[ID]", "What the last reply was shown; or why a memory is believed, a turn's too.", memory_slash.why
    ),
    Command("without", "ID", "Ask again without one memory, beside the reply that stands.", _without, least=2),
    Command("context", "[TEXT]", "What your next message would show the model, and what it costs.", _context),
    Command("usage", "", "Tokens, cost, what memory cost and saved.", _usage),
    Command("review", "[ID]", "What waits for you: accept, edit, reject, or never again.", memory_slash.review),
    Command("pin", "ID", "Let every chat begin with a note.", memory_slash.pin),
    Command("unpin", "ID", "No longer.", memory_slash.unpin),
    Command("retry", "[MODEL]", "Ask again, of another model if you name one.", _retry),
    Command("undo", "[N|ID]", "Take back the last turn, or N, with what they taught; or one memory.", _undo),
    Command("redo", "", "Bring back what the last /undo took, until your next message.", _redo),
    Command("model", "[NAME]", "Which model answers; with a name another one.", _model),
    Command("new", "", "Begin a new conversation.", _new, aliases=("clear",)),
    Command("sessions", "", "Your conversations, newest first, to choose one and go on with it.", _sessions),
    Command("search", "WORDS", "Find memories and past conversations.", _search),
    Command("resume", "ID", "Go on with one of them.", _resume),
    Command("rename", "TITLE", "Give this conversation a title.", _rename),
    Command("compact", "", "Let the model read a summary in place of the older turns, now.", _compact),
    Command("expand", "", "Print the turns of which the model reads a summary.", _expand, least=3),
    Command("btw", "TEXT", "One question on the side: it reads memory, and nothing of it is kept.", _btw),
    Command("incognito", "", "A fresh chat of which nothing is kept; again: back to this one.", _incognito),
    Command("file", "[PATH]", "Send a file with your next message; alone, what will be sent.", file_slash.file),
    Command("export", "FILE", "Write everything that is kept into a new file.", export_slash.export, least=3),
    Command("copy", "[code]", "The last reply, or its code, to the clipboard; over SSH too.", copy_slash.copy),
    Command("keys", "[set|remove PROVIDER]", "Providers whose key memchat keeps.", keys_slash.keys),
    Command("edit", "[TEXT]", "Write in your own editor.", _edit),
    Command("quit", "", "Leave. Ctrl-D does the same.", _quit, aliases=("exit",), least=3),
)


def run(chat: Conversation, command: Command, argument: str) -> None:
    """Do what a command says; an error is shown and the chat goes on."""
    try:
        if argument and not command.argument:  # whoever wrote more meant more than it does
            raise UsageError(f"{command.usage} takes nothing after it.", f"Like this: {command.usage}")
        command.run(chat, argument)
    except MemchatError as error:
        chat.fail(error)
