"""Where the chat's lines come from: the full input line, or plain input where that cannot run."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from memchat.cli.conversation import Conversation
from memchat.cli.pasted import Span, fence_open
from memchat.cli.slash import split

PROMPT = "> "


@dataclass(frozen=True, slots=True)
class Line:
    """What was sent: the text and which spans of it were pasted."""

    text: str
    pasted: tuple[Span, ...] = ()

    @property
    def command(self) -> tuple[str, str] | None:
        """The slash command it is, name and argument; None for a message. What a paste begins with is no command."""
        return None if self.pasted and self.pasted[0][0] == 0 else split(self.text)


class Prompt(Protocol):
    """Where lines come from."""

    def read(self, draft: str) -> Line:
        """The next line, beginning with `draft`. Raises EOFError when the person leaves."""
        ...


def open_prompt(chat: Conversation, *, vi: bool, drawn: Callable[[], None]) -> Prompt:
    """The input line for this terminal; `drawn` is called once the first one is on the screen."""
    screen = chat.screen
    if screen.environ.get("TERM", "").lower() in {"dumb", "unknown", ""}:
        screen.note("  This terminal is too plain for editing: each Enter sends a line.")
        return PlainPrompt(chat, drawn)
    if not screen.is_terminal:
        screen.note("  The output is no terminal: plain input, each Enter sends a line.")
        return PlainPrompt(chat, drawn)
    from memchat.cli.line_editor import LineEditor

    return LineEditor(chat, vi=vi, drawn=drawn)


class PlainPrompt:
    """One line at a time; triple quotes hold several together."""

    def __init__(self, chat: Conversation, drawn: Callable[[], None]) -> None:
        self._chat = chat
        self._drawn = drawn

    def read(self, draft: str) -> Line:
        """As `Prompt.read`."""
        if draft:
            self._show(f"{PROMPT}{draft}\n")
            return Line(draft)
        while True:
            self._show(PROMPT)
            self._drawn()
            try:
                with self._chat.typing.aloud():
                    return Line(self._lines())
            except KeyboardInterrupt:
                self._chat.screen.note()
                if self._chat.interrupts.hit():
                    raise EOFError from None

    def _lines(self) -> str:
        text = self._next()
        while fence_open(text):
            self._show("  ")
            text = f"{text}\n{self._next()}"
        return text

    def _next(self) -> str:
        line = self._chat.screen.stdin.readline()
        if not line:
            raise EOFError
        return line.rstrip("\r\n")

    def _show(self, text: str) -> None:
        stderr = self._chat.screen.stderr
        stderr.write(text)
        stderr.flush()
