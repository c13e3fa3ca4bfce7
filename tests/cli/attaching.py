"""A chat on plain input that files are attached to: what was typed, what stood on its outputs, what was kept."""

import io

from memchat.bootstrap import App, ChatRequest
from memchat.cli.conversation import Conversation
from memchat.cli.keyboard import Interrupts
from memchat.cli.repl import run
from memchat.cli.terminal import Screen
from memchat.domain import Mode, Origin, PartKind

from tests.cli.screens import Tty, TtyKeys

NOTES = (PartKind.FILE, Origin.FILE, "notes.md")


def a_terminal(typed: str = "") -> Screen:
    """A terminal for plain input."""
    return Screen({"TERM": "dumb"}, stdin=TtyKeys(typed), stdout=Tty(), stderr=Tty())


def a_chat(app: App, screen: Screen) -> Conversation:
    """A conversation at it."""
    return Conversation(app, ChatRequest(), screen, Interrupts())


def talk(app: App, typed: str, mode: Mode | None = None) -> tuple[str, str]:
    """Type lines into a chat; what stood on its two outputs."""
    screen = a_terminal(typed)
    run(app, ChatRequest(mode=mode), screen)
    return said(screen.stdout), said(screen.stderr)


def said(stream: object) -> str:
    """What was printed, on one line."""
    assert isinstance(stream, io.StringIO)
    return " ".join(stream.getvalue().split())


def kept(app: App) -> list[list[tuple[PartKind, Origin, str]]]:
    """The parts of what was said, turn by turn."""
    sessions = app.store.transcripts.sessions()
    turns = app.store.transcripts.turns(sessions[0].id) if sessions else []
    return [[(part.kind, part.origin, part.name or part.content) for part in turn.user.parts] for turn in turns]


def words(text: str) -> tuple[PartKind, Origin, str]:
    """A typed part."""
    return (PartKind.TEXT, Origin.TYPED, text)
