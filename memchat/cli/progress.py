"""How far something is that takes long: a bar on a terminal, elsewhere a line now and then, nothing with -q."""

from typing import Self

from memchat.cli.layout import MARGIN
from memchat.cli.prompt import too_plain
from memchat.cli.streams import is_terminal, terminal_columns
from memchat.cli.terminal import Screen, cut, pad

BAR = 20  # cells
STEPS = 10  # lines that are printed where there is no terminal


class Progress:
    """Shows `what` on standard error while its block runs; `silent` shows nothing, and counts all the same."""

    def __init__(self, screen: Screen, what: str, *, silent: bool = False) -> None:
        self.done = 0
        self.total = 0
        self._screen = screen
        self._what = what
        self._silent = silent or screen.quiet
        self._drawn = is_terminal(screen.stderr) and not screen.plain and not too_plain(screen)
        self._line = ""
        self._step = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """It is over, or was stopped: the bar goes."""
        if self._line:
            self._screen.stderr.write("\r\x1b[K")
            self._screen.stderr.flush()

    def show(self, done: int, total: int = 0) -> None:
        """So many are done, of how many (0: nobody knows)."""
        self.done, self.total = done, total
        if self._silent:
            return
        if self._drawn:
            self._draw()
        elif (step := done * STEPS // total if total else 0) != self._step:
            self._step = step
            self._screen.note(f"{MARGIN}{self._what}: {self._count}")

    @property
    def _count(self) -> str:
        return f"{self.done:,} of {self.total:,}" if self.total else f"{self.done:,}"

    def _draw(self) -> None:
        full = BAR * min(self.done, self.total) // self.total if self.total else 0
        bar = pad(self._screen.frame("█" * full), BAR) + MARGIN if self.total else ""
        line = cut(f"{MARGIN}{self._what}  {bar}{self._count}", terminal_columns() - 1)
        if line != self._line:
            self._screen.stderr.write(f"\r\x1b[K{line}")
            self._screen.stderr.flush()
            self._line = line
