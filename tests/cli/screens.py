"""Screens for tests of what is drawn: a terminal of a width, or a pipe, collected as text."""

import io
from collections.abc import Callable

import pytest
from memchat.cli.terminal import Screen, width


class Tty(io.StringIO):
    """Text that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        """It is."""
        return True


class Keys(io.StringIO):
    """Lines as they are typed; `^C` is Ctrl-C. For a line that is the name of an act the act is done, and no more."""

    def __init__(self, typed: str, **acts: Callable[[], object]) -> None:
        super().__init__(typed)
        self.acts = acts

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]  # - typeshed's base reads bytes
        """The next line, or the interrupt."""
        line = super().readline(size)
        while act := self.acts.get(line.strip()):
            act()
            line = super().readline(size)
        if line == "^C\n":
            raise KeyboardInterrupt
        return line


class TtyKeys(Keys):
    """They come from a terminal."""

    def isatty(self) -> bool:
        """They do."""
        return True


def terminal(monkeypatch: pytest.MonkeyPatch, columns: int, *, colour: bool = False, lang: str = "C.UTF-8") -> Screen:
    """A terminal of that many columns."""
    monkeypatch.setenv("COLUMNS", str(columns))
    environ = {"TERM": "xterm", "LANG": lang} | ({} if colour else {"NO_COLOR": "1"})
    return Screen(environ, stdin=Tty(), stdout=Tty(), stderr=Tty())


def pipe() -> Screen:
    """Output that goes to a file."""
    return Screen({}, stdin=io.StringIO(), stdout=io.StringIO(), stderr=io.StringIO())


def widest(lines: list[str]) -> int:
    """Cells of the longest line."""
    return max(width(line) for line in lines)
