"""A person at a terminal: a real pseudo-terminal, a terminal emulator that shows the screen, and keys to press.

with Terminal([sys.executable, "-m", "memchat"], rows=24, columns=80) as person:
    person.sees("> ")
    person.types("Hello")
    person.presses("enter")
"""

import os
import re
import select
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Self

import pexpect
import pyte
from memchat.ports import Store

from tests.e2e.running import PATIENCE, environment

KEYS = {
    "enter": "\r",
    "tab": "\t",
    "escape": "\x1b",
    "backspace": "\x7f",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "alt-enter": "\x1b\r",
    **{f"ctrl-{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"},
}
FAREWELL = 20.0  # seconds
STEP = 0.02
SCROLLBACK = 5_000
SENT_AT_ONCE = 1_024  # bytes, as many as a pseudo-terminal takes without blocking
# pyte takes the private and the spaced forms of some sequences for text.
UNKNOWN = re.compile(r"\x1b\[(?:[>=][0-9;]*[a-zA-Z]|[0-9]* q)")
BEGUN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*)?\Z")


class _Emulator(pyte.HistoryScreen):  # type: ignore[misc]  # - pyte carries no types
    """pyte's screen, which answers where its cursor is, as terminals do."""

    def __init__(self, columns: int, rows: int) -> None:
        self.answers: list[str] = []
        super().__init__(columns, rows, history=SCROLLBACK)

    def write_process_input(self, data: str) -> None:
        """What the terminal itself says to the program."""
        self.answers.append(data)


class Terminal:
    """One program on a terminal of `rows` x `columns`. Everything that waits gives up after `PATIENCE`."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        rows: int = 24,
        columns: int = 80,
        env: Mapping[str, str] | None = None,
        cwd: str | None = None,
    ) -> None:
        environ = environment({"TERM": "xterm-256color", "LANG": "C.UTF-8", **(env or {})})
        for name in ("COLUMNS", "LINES", "LC_ALL"):
            environ.pop(name, None)
        self.raw = ""
        self._begun = ""
        self._scrollback: list[str] | None = None  # as it was read, until something new comes: a wait looks often
        self._screen: list[str] | None = None
        self._emulator = _Emulator(columns, rows)
        self._stream = pyte.Stream(self._emulator)
        self.process = pexpect.spawn(
            command[0],
            list(command[1:]),
            dimensions=(rows, columns),
            env=environ,
            cwd=cwd,
            encoding="utf-8",
            timeout=None,
        )
        self.process.delaybeforesend = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # A person leaves with Ctrl-D; what is killed could not write down which lines of it ran.
        if self.process.isalive():
            with suppress(OSError):  # it may be leaving by itself
                self.presses("ctrl-u", "ctrl-d")
            deadline = time.monotonic() + FAREWELL
            while self.process.isalive() and time.monotonic() < deadline:
                self._read()
                time.sleep(STEP)
        if self.process.isalive():
            self.process.kill(signal.SIGKILL)
            self.process.wait()
        self.process.close()

    # What is seen

    @property
    def screen(self) -> list[str]:
        """The rows on the screen, without the blanks at their ends."""
        self._read()
        return self._rows_on_screen()

    @property
    def scrollback(self) -> list[str]:
        """The rows that have left the screen at the top, oldest first."""
        self._read()
        return self._rows_above()

    @property
    def everything(self) -> list[str]:
        """Scrollback and screen, at one moment: a row that leaves the screen between two looks would be in neither."""
        self._read()
        return [*self._rows_above(), *self._rows_on_screen()]

    @property
    def text(self) -> str:
        """Scrollback and screen as one text."""
        return "\n".join(self.everything)

    @property
    def _input(self) -> str:
        """The input line and what is below it, its rows joined."""
        rows = self.screen
        last = max((number for number, row in enumerate(rows) if row.startswith(">")), default=len(rows))
        return "".join(rows[last:])

    def sees(self, text: str, *, times: int = 1) -> None:
        """Wait until `text` stands on the screen or in the scrollback, that many times."""
        self.waits(lambda: self.text.count(text) >= times, f"{text!r} did not appear")

    def sees_no(self, text: str) -> None:
        """Wait until `text` is nowhere on the screen."""
        self.waits(lambda: text not in "\n".join(self.screen), f"{text!r} did not go")

    def sees_prompt(self, *, after: str = "") -> None:
        """Wait for an empty input line with the bottom line below it, `after` some text."""

        def ready() -> bool:
            rows = [row for row in self.screen if row]
            return len(rows) > 1 and rows[-2] == ">" and after in self.text

        self.waits(ready, f"no prompt came after {after!r}")

    def waits(self, until: Callable[[], bool], otherwise: str) -> None:
        """Wait until something holds; an AssertionError shows the screen."""
        deadline = time.monotonic() + PATIENCE
        while not until():
            self._read()  # whatever is waited for: a terminal shows and answers all the time
            ended = not self.process.isalive()
            assert time.monotonic() < deadline, f"{otherwise}:\n{self._shown()}"
            if ended:
                self._read()
                assert until(), f"{otherwise}, and the program has ended:\n{self._shown()}"
                return
            time.sleep(STEP)

    # What is done

    def types(self, text: str) -> None:
        """Type it, key by key."""
        self._send(text)

    def presses(self, *keys: str) -> None:
        """Press keys by name, at one stroke: `escape`, `enter` late enough apart would mean something else."""
        self._send("".join(KEYS[key] for key in keys))

    def says(self, text: str) -> None:
        """Type a line at the prompt and send it, once it stands there: not in what is above, where it may stand too."""
        self.sees_prompt()
        self.types(text)
        self.waits(lambda: text[-10:] in self._input, f"{text!r} was not echoed")
        self.presses("enter")

    def pastes(self, text: str) -> None:
        """Paste as terminals do where the program asked to be told: bracketed."""
        self._send(f"\x1b[200~{text}\x1b[201~")

    def resizes(self, rows: int, columns: int) -> None:
        """Drag the window's corner."""
        self._read()
        self._emulator.resize(rows, columns)
        self._scrollback = self._screen = None
        self.process.setwinsize(rows, columns)

    def quits(self) -> None:
        """Ctrl-D on an empty line; it must end well."""
        self.presses("ctrl-d")
        assert self.leaves() == 0

    def leaves(self) -> int:
        """Wait until the program has ended; its exit code."""
        self.waits(lambda: not self.process.isalive(), "the program did not end")
        self._read()  # what it wrote between the last look and its end
        self.process.close()
        return int(self.process.exitstatus if self.process.exitstatus is not None else -self.process.signalstatus)

    def _rows_on_screen(self) -> list[str]:
        if self._screen is None:
            self._screen = [row.rstrip() for row in self._emulator.display]
        return self._screen

    def _rows_above(self) -> list[str]:
        if self._scrollback is None:
            self._scrollback = [_row(line, self._emulator.columns) for line in self._emulator.history.top]
        return self._scrollback

    def _send(self, text: str) -> None:
        """Hand over keys bit by bit: a program that is busy drawing reads no more of them until it was read itself."""
        data = text.encode()
        deadline = time.monotonic() + PATIENCE
        while data:
            assert time.monotonic() < deadline, f"no keys are read:\n{self._shown()}"
            if select.select([], [self.process.child_fd], [], STEP)[1]:
                data = data[os.write(self.process.child_fd, data[:SENT_AT_ONCE]) :]
            if data:
                self._read()

    def _read(self) -> None:
        """Show what has come, and let the terminal answer what it was asked."""
        while True:
            try:
                piece = self.process.read_nonblocking(65536, timeout=0)
            except (pexpect.TIMEOUT, pexpect.EOF, ValueError):
                return
            self.raw += piece
            self._scrollback = self._screen = None
            # What is read may end within a sequence; its beginning waits for the rest of it.
            piece = self._begun + piece
            begun = BEGUN.search(piece)
            self._begun = begun[0] if begun else ""
            self._stream.feed(UNKNOWN.sub("", piece.removesuffix(self._begun)))
            while self._emulator.answers:
                self._send(self._emulator.answers.pop(0))

    def _shown(self) -> str:
        frame = "-" * self._emulator.columns
        return "\n".join([*self.scrollback[-40:], frame, *self.screen, frame])


def _row(line: Any, columns: int) -> str:
    return "".join(line[column].data for column in range(columns)).rstrip()


def chat(
    *arguments: str, model: str = "notebook", rows: int = 24, columns: int = 80, env: Mapping[str, str] | None = None
) -> Terminal:
    """`memchat` on a terminal, set up already: it may remember, and `model` answers."""
    settings = {"MEMCHAT_MODEL": model, "MEMCHAT_MEMORY__ENABLED": "true", **(env or {})}
    return Terminal([sys.executable, "-m", "memchat", *arguments], rows=rows, columns=columns, env=settings)


def kept() -> Store:
    """The database of this test's home, to look at what was kept."""
    from memchat import config
    from memchat.store.connection import open_store

    return open_store(config.paths(os.environ).db)
