"""What each slash command does: through the same actions as the commands of the shell."""

from pathlib import Path
from typing import TYPE_CHECKING

from memchat.cli.conversation import Conversation
from memchat.cli.layout import GAP, MARGIN, day, entry, prose
from memchat.cli.pasted import Line
from memchat.cli.slash import Command
from memchat.cli.terminal import one_line, width
from memchat.domain import INCOGNITO
from memchat.errors import MemchatError, NotFoundError, UsageError

if TYPE_CHECKING:
    from memchat.cli.editor import Draft

SESSIONS_LISTED = 20

_KEYS = (
    "Enter sends; Ctrl+J or Alt+Enter is a new line; Ctrl-X Ctrl-E opens your editor; Ctrl-C stops a reply, twice "
    "leaves; Ctrl-D leaves. The beginning of a command is enough. A space before a / makes it a message."
)


def _help(chat: Conversation, _: str) -> None:
    screen = chat.screen
    column = max(width(command.usage) for command in COMMANDS) + GAP
    lines = [line for command in COMMANDS for line in entry(screen, command.usage, command.help, column)]
    chat.print([*lines, "", *prose(screen, _KEYS)])


def _profile(chat: Conversation, _: str) -> None:
    from memchat.actions import profile
    from memchat.cli import render

    now = chat.now()
    shown = profile.show(chat.store, chat.app.fields, now)
    tokens = profile.tokens(shown, now, chat.app.counter)
    before = profile.replaced(chat.store, shown)
    chat.print(render.profile(chat.screen, shown, before, now, tokens=tokens))


def _memory(chat: Conversation, ref: str) -> None:
    from memchat.actions import memories
    from memchat.cli import render

    now = chat.now()
    if ref:
        memory = memories.get(chat.store, chat.app.fields, ref, now)
        titles = {
            s.session_id: chat.store.transcripts.session(s.session_id).title for s in memory.sources if s.session_id
        }
        versions = chat.store.erasure.versions(memory.id)
        chat.print(render.memory(chat.screen, versions, memory, now, titles))
        return
    found = memories.listing(chat.store, now)
    counts = memories.counts(chat.store, now)
    lines = render.memories(chat.screen, found, now) or prose(chat.screen, "No memories yet.")
    chat.print([*lines, *(render.summary(chat.screen, counts) if counts else ())])


def _remember(chat: Conversation, text: str) -> None:
    from memchat.actions import memories
    from memchat.cli import receipts

    _need(text, "/remember I am allergic to peanuts")
    masks = chat.app.settings.privacy.mask_secrets
    learned = memories.add(chat.store, text, chat.app.clock.now(), mask_secrets=masks)
    chat.print(receipts.learned(chat.screen, learned, chat.now(), "/undo"))


def _forget(chat: Conversation, refs: str) -> None:
    from memchat.actions import forgetting
    from memchat.cli import editor, forget_view

    _need(refs, "/forget m12")
    now = chat.now()
    plan = forgetting.plan(chat.store, chat.app.fields, refs.split(), now)
    chat.print(forget_view.plan(chat.screen, plan, now))
    if not forget_view.agreed(chat.ask(forget_view.QUESTION)):
        chat.tell("Nothing was erased. To erase, type the whole word: yes")
        return
    done = forgetting.erase(chat.store, plan, chat.app.clock.now())
    chat.print(forget_view.receipt(chat.screen, done, now, drafts=editor.kept(chat.app.paths.state)))


def _why(chat: Conversation, _: str) -> None:
    if not chat.shown:
        chat.tell("The last reply looked nothing up. What every reply is shown: /profile, /memory.")
        return
    now, lines = chat.now(), []
    column = max(width(passage.ref) for passage in chat.shown) + GAP
    for passage in chat.shown:
        text = f"{passage.field}: {passage.text}" if passage.field else passage.text
        lines += entry(chat.screen, passage.ref, text, column)
        said = f"{day(passage.at, now)} " if passage.at else ""
        lines += prose(chat.screen, f"{said}{passage.source} {passage.why}".strip(), indent=MARGIN + " " * column)
    chat.print(lines)


def _new(chat: Conversation, _: str) -> None:
    chat.engine.new()
    chat.shown = ()
    chat.tell("A new conversation begins with your next message.")


def _retry(chat: Conversation, model: str) -> None:
    chat.retry(model)


def _undo(chat: Conversation, ref: str) -> None:
    from memchat.actions import memories
    from memchat.cli.render import words

    if ref:
        taken = [memories.withdraw(chat.store, ref, chat.app.clock.now())]
        lines = []
    else:
        undone = chat.engine.undo()
        taken = list(undone.memories)
        lines = prose(
            chat.screen, f'Taken back: "{chat.screen.fit(undone.text, 50)}" and its reply. Up brings it back.'
        )
        chat.shown = ()
    for memory in taken:
        label = f"- {memory.ref}"
        lines += entry(chat.screen, label, f"{words(memory)}: no longer known", len(label) + GAP)
    chat.print(lines)


def _model(chat: Conversation, name: str) -> None:
    if name:
        chat.use(name)
    chat.tell(f"{one_line(chat.engine.model.name)} answers, {chat.place}.")


def _sessions(chat: Conversation, _: str) -> None:
    from memchat.actions import sessions
    from memchat.cli import session_view

    found = sessions.listing(chat.store, limit=SESSIONS_LISTED)
    lines = session_view.sessions(chat.screen, found, chat.now()) or prose(chat.screen, "No conversations yet.")
    chat.print([*lines, *(["", *prose(chat.screen, "Go on with one: /resume ID")] if found else ())])


def _resume(chat: Conversation, ref: str) -> None:
    from memchat.actions import sessions

    _need(ref, "/resume s17")
    session = sessions.get(chat.store, ref)
    if chat.engine.session is not None and chat.engine.session.id == session.id:
        chat.tell(f"You are in {session.ref} already.")
        return
    chat.resume(session.ref)
    chat.print(last_exchange(chat))


def _rename(chat: Conversation, title: str) -> None:
    from memchat.actions import sessions

    _need(title, "/rename Rate limits")
    if chat.engine.session is None:
        raise NotFoundError("This conversation has no message yet.", "Give it a title once it has.")
    masks = chat.app.settings.privacy.mask_secrets
    session = sessions.rename(chat.store, chat.engine.session.ref, title, mask_secrets=masks)
    chat.tell(f"{session.ref} is called {one_line(session.title)}.")


def _incognito(chat: Conversation, _: str) -> None:
    if chat.engine.mode == INCOGNITO:
        chat.tell("This chat is incognito already: nothing of it is kept.")
        return
    chat.go_incognito()
    chat.tell("Incognito: nothing is read from memory, and nothing of this chat is kept. /quit ends it.")


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
    import tempfile

    from memchat.cli import editor

    with tempfile.TemporaryDirectory() as nowhere, chat.typing.aloud():
        # What keeps nothing leaves no draft either; else a draft outlives an editor that fails.
        folder = chat.app.paths.state / editor.DRAFTS if chat.engine.mode.saves else Path(nowhere)
        try:
            draft = editor.write_draft(folder, "message.md", text)
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


def _rescued(draft: "Draft") -> str | None:
    """What an editor that failed has written; None when that is no text, or nothing is there."""
    try:
        return draft.read()
    except MemchatError:
        return None


def last_exchange(chat: Conversation) -> list[str]:
    """What a resumed conversation was about: its title, and the newest turn in brief."""
    session = chat.engine.session
    if session is None:
        return []
    screen = chat.screen
    count = f"{session.turns} {'turn' if session.turns == 1 else 'turns'}"
    lines = entry(screen, session.ref, f"{one_line(session.title) or 'untitled'}, {count}", len(session.ref) + GAP)
    turn = chat.store.transcripts.last_turn(session.id)
    if turn is not None:
        lines += ["", *entry(screen, ">", turn.user.text, 2, lines=3)]
        lines += ["", *(MARGIN + line for line in _brief(chat, turn.reply or "[no reply]"))]
    return lines


def _brief(chat: Conversation, text: str) -> list[str]:
    from memchat.cli.layout import folded, room

    return folded(chat.screen, text, room(chat.screen), lines=4)


def _need(argument: str, example: str) -> None:
    if not argument:
        raise UsageError("Something is missing after the command.", f"Like this: {example}")


COMMANDS = (
    Command("help", "", "This list.", _help),
    Command("profile", "", "What is known about you, field by field.", _profile),
    Command("memory", "[ID]", "All that is remembered, or one memory with its source.", _memory),
    Command("remember", "TEXT", "Keep a note in your own words.", _remember),
    Command("forget", "ID", "Erase a memory for good, after a question.", _forget, least=3),
    Command("why", "", "What the last reply looked up in memory.", _why),
    Command("retry", "[MODEL]", "Ask again, of another model if you name one.", _retry),
    Command("undo", "[ID]", "Take back the last turn with what it taught, or one memory.", _undo),
    Command("model", "[NAME]", "Which model answers; with a name another one.", _model),
    Command("new", "", "Begin a new conversation.", _new, aliases=("clear",)),
    Command("sessions", "", "Your conversations, newest first.", _sessions),
    Command("resume", "ID", "Go on with one of them.", _resume),
    Command("rename", "TITLE", "Give this conversation a title.", _rename),
    Command("incognito", "", "A fresh chat of which nothing is kept.", _incognito),
    Command("edit", "[TEXT]", "Write in your own editor.", _edit),
    Command("quit", "", "Leave. Ctrl-D does the same.", _quit, aliases=("exit",), least=3),
)


def run(chat: Conversation, command: Command, argument: str) -> None:
    """Do what a command says; an error is shown and the chat goes on."""
    try:
        command.run(chat, argument)
    except MemchatError as error:
        chat.fail(error)
