"""The interactive chat: read a line, let it be a command or a message, until the person leaves."""

import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from memchat.cli import ending, host_question, start_notes
from memchat.cli.conversation import Conversation
from memchat.cli.keyboard import Interrupts
from memchat.cli.pasted import Line
from memchat.cli.prompt import open_prompt
from memchat.cli.slash import find
from memchat.cli.slash_commands import COMMANDS
from memchat.cli.slash_commands import run as run_command
from memchat.cli.terminal import Screen
from memchat.cli.welcome import welcome
from memchat.domain import Learned, Memory, Part
from memchat.errors import MemchatError, StoreError

if TYPE_CHECKING:
    from memchat.bootstrap import App, ChatRequest


# Seconds that a library may go on loading before a key that was pressed gets its turn; Python's own are ten times that.
_KEYS_FIRST = 0.0005


def run(
    app: "App",
    request: "ChatRequest",
    screen: Screen,
    *,
    carry: str | None = None,
    vi: bool = False,
    greet: bool = True,
    attached: Sequence[Part] = (),
) -> int:
    """Chat until the person leaves; returns the exit code, 0.

    `carry` stands ready in the first input line; `greet` is False when setup has just said what this is; `attached`
    goes with the first message. Raises what opening the conversation raises; after that errors are shown and the chat
    goes on.
    """
    chat = Conversation(app, replace(request, shared=True), screen, Interrupts())
    try:
        with chat.typing.silent():
            refused = _attach(chat, attached) if attached else []
            for line in welcome(chat, greet=greet):
                screen.note(line)
            of_start = start_notes.notes(app, chat.engine.model, saves=chat.engine.mode.saves)
            for note in (*of_start, *host_question.notes(app)):
                chat.tell(note)
            for error in refused:
                chat.fail(error)
            chat.draft = Line(" ".join(filter(None, (carry, *chat.question.carry))))
            _loop(chat, vi or app.settings.ui.vi)
            chat.leave()
    finally:
        chat.close()
    return 0


def _attach(chat: Conversation, parts: Sequence[Part]) -> list[MemchatError]:
    from memchat.cli import attachments  # the first prompt does not wait for what most chats begin without

    return attachments.begin(chat, parts)


def _loop(chat: Conversation, vi: bool) -> None:
    prompt = open_prompt(chat, vi=vi, drawn=lambda: _begin(chat))
    while not (chat.leaving or ending.asked()):
        try:
            _tell_news(chat)
            chat.elsewhere.show()
            draft, chat.draft = chat.draft, Line()
            _handle(chat, prompt.read(draft))
        except EOFError:
            return
        except KeyboardInterrupt:  # a command is stopped as a reply is
            if chat.interrupts.hit():
                return


def _handle(chat: Conversation, line: Line) -> None:
    """A command, or a message."""
    command = line.command
    if command is None:
        chat.say(line)
        return
    try:
        found = find(command[0], COMMANDS)
    except MemchatError as error:  # the full input line has refused it before; plain input cannot
        chat.fail(error)
        return
    run_command(chat, found, command[1])


def _tell_news(chat: Conversation) -> None:
    """What the background has learned since the last prompt, once; of much only that it is there."""
    if not chat.engine.mode.reads or chat.screen.quiet or not chat.summing_up.fresh():
        return
    from memchat.cli import news

    try:
        memories = chat.store.memories
        if untold := memories.untold():
            changes = [_change(chat, memory) for memory in untold]
            changes[-1] = replace(changes[-1], aside=chat.summing_up.set_aside())
            lines = news.learned(chat.screen, changes, chat.now())
            chat.screen.note("\n".join([*lines, ""]))
            chat.counted += untold if len(untold) > news.RECEIPTS else []
            memories.told(untold[-1].id)
    except StoreError as error:
        chat.fail(error)


def _change(chat: Conversation, memory: Memory) -> Learned:
    """A memory with what it replaced."""
    versions = chat.store.erasure.versions(memory.id)
    return Learned(memory, next((old for old in versions if old.superseded_by == memory.id), None))


def _begin(chat: Conversation) -> None:
    """The first prompt is on the screen: now there is time for everything else."""
    if chat.engine.mode.learns:
        chat.summing_up.begin()
    _warm(chat)  # last: from then on a large library takes its share of the time


def _warm(chat: Conversation) -> None:
    """Load what the model needs while the person reads and types."""
    model, mode, usual = chat.engine.model, chat.engine.mode, sys.getswitchinterval()

    def load() -> None:
        sys.setswitchinterval(_KEYS_FIRST)
        try:
            chat.app.warm(model, mode, pause=chat.typing.pause)
        finally:
            sys.setswitchinterval(usual)

    threading.Thread(target=load, daemon=True, name="warm").start()
