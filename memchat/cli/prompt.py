"""Where the chat's lines come from: the full input line, or plain input where that cannot run."""

from collections.abc import Callable
from typing import Protocol

from memchat import system
from memchat.cli.conversation import Conversation
from memchat.cli.pasted import Line, fence_open
from memchat.cli.terminal import Screen, clean

PROMPT = "> "


class Prompt(Protocol):
    """Where lines come from."""

    def read(self, draft: Line) -> Line:
        """The next line, beginning with `draft`. Raises EOFError when the person leaves."""
        ...


def too_plain(screen: Screen) -> bool:
    """Whether the terminal cannot be steered: it would show escape sequences as text."""
    unnamed = "console" if system.windows() else ""  # Windows names none, and all of them can be steered
    return screen.environ.get("TERM", unnamed).lower() in {"dumb", "unknown", ""}


def open_prompt(chat: Conversation, *, vi: bool, drawn: Callable[[], None]) -> Prompt:
    """The input line for this terminal; `drawn` is called once the first one is on the screen."""
    screen = chat.screen
    if screen.plain:
        return PlainPrompt(chat, drawn)
    if too_plain(screen):
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
        chat.typing.plain = True
        self._drawn: Callable[[], None] | None = drawn

    def read(self, draft: Line) -> Line:
        """As `Prompt.read`.

        A draft cannot be changed here, so it is sent; but what
        failed only after Enter.
        """
        if draft.text and not draft.unsent:
            self._show(f"{PROMPT}{clean(draft.text)}\n")
            return draft
        if draft.unsent:
            self._chat.screen.note("  Enter alone sends what you wrote.")
        while True:
            try:
                # The terminal listens before the prompt says so: a Ctrl-D pressed in between would be a character.
                with self._chat.typing.aloud():
                    self._show(PROMPT)
                    self._draw_done()
                    text = self._lines()
                self._chat.typing.pressed()
                self._chat.summing_up.typed()
                return draft if draft.unsent and not text.strip() else Line(text)
            except KeyboardInterrupt:
                self._chat.screen.note()
                if self._chat.interrupts.hit():
                    raise EOFError from None

    def _draw_done(self) -> None:
        """Tell that a prompt is on the screen, once."""
        drawn, self._drawn = self._drawn, None
        if drawn is not None:
            drawn()

    def _lines(self) -> str:
        text = self._next()
        while fence_open(text):
            self._show("  ")
            text = f"{text}\n{self._next()}"
        return text

    def _next(self) -> str:
        line = self._chat.screen.stdin.readline()
        if not line:
            self._show("\n")  # what follows shall not stand behind the prompt
            raise EOFError
        return line.rstrip("\r\n")

    def _show(self, text: str) -> None:
        stderr = self._chat.screen.stderr
        stderr.write(text)
        stderr.flush()
