"""The interactive chat: read a line, let it be a command or a message, until the person leaves."""

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from memchat import __version__
from memchat.cli.conversation import Conversation
from memchat.cli.keyboard import Interrupts
from memchat.cli.layout import MARGIN, prose
from memchat.cli.pasted import Line
from memchat.cli.prompt import open_prompt
from memchat.cli.slash import find
from memchat.cli.slash_commands import COMMANDS, last_exchange
from memchat.cli.slash_commands import run as run_command
from memchat.cli.terminal import Screen, one_line
from memchat.domain import Part
from memchat.errors import MemchatError

if TYPE_CHECKING:
    from memchat.bootstrap import App, ChatRequest


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
    chat = Conversation(app, request, screen, Interrupts())
    chat.attached = tuple(attached)
    try:
        with chat.typing.silent():
            _welcome(chat, greet)
            chat.draft = Line(carry or "")
            _loop(chat, vi or app.settings.ui.vi)
    finally:
        chat.close()
    return 0


def _loop(chat: Conversation, vi: bool) -> None:
    prompt = open_prompt(chat, vi=vi, drawn=lambda: _warm(chat))
    while not chat.leaving:
        draft, chat.draft = chat.draft, Line()
        try:
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


def _welcome(chat: Conversation, greet: bool) -> None:
    """A few calm lines; on later starts what the last conversation was about."""
    screen = chat.screen
    lines = ["", f"{MARGIN}memchat {__version__}"] if greet else []
    if chat.engine.session is not None:
        lines += ["", *last_exchange(chat)]
    else:
        last = _last_time(chat)
        lines += prose(screen, f"Last time: {last}") if last else []
    if chat.attached:
        names = ", ".join(one_line(part.name) for part in chat.attached)
        lines += ["", *prose(screen, f"Goes with your first message: {names}")]
    lines += [
        *([""] if lines else []),
        *prose(screen, "Write something. /help shows what else there is, Ctrl-D leaves."),
        "",
    ]
    for line in lines:
        screen.note(line)


def _last_time(chat: Conversation) -> str:
    """The title of the last conversation, else its last request; empty when there was none."""
    if not chat.engine.mode.saves:
        return ""
    for session in chat.store.transcripts.sessions(limit=1):
        turn = None if session.title else chat.store.transcripts.last_turn(session.id)
        return chat.screen.fit(one_line(session.title or (turn.user.text if turn else "")), 60)
    return ""


def _warm(chat: Conversation) -> None:
    """Load what the model needs while the person reads and types."""
    threading.Thread(target=chat.app.warm, args=(chat.engine.model,), daemon=True, name="warm").start()
