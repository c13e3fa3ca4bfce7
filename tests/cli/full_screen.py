"""A person before `memchat browse`, through Textual's pilot: keys to press, a mouse, and the rows that are seen."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from memchat.bootstrap import App
from memchat.cli.browse.app import Browser
from memchat.cli.terminal import Screen
from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot

from tests.cli.screens import Tty

PATIENCE = 20.0  # seconds
STEP = 0.01
# Rounds of the loop in which a key goes its whole way, from the program to the screen, to what has the focus, and back.
# (The pilot's own `press` sleeps with each key until the process rests, which took most of the time of these tests.)
ROUNDS = 60


class Person:
    """Presses keys and looks; what is waited for gives up after `PATIENCE`. In between the screen stands still."""

    def __init__(self, program: Browser, pilot: Pilot[None], runner: asyncio.Runner) -> None:
        self.program = program
        self._pilot = pilot
        self._runner = runner

    @property
    def strips(self) -> list[Any]:
        """The rows as Textual draws them."""
        return list(self.program.screen._compositor.render_strips())

    @property
    def rows(self) -> list[str]:
        """The rows on the screen, without the blanks at their ends."""
        return ["".join(segment.text for segment in row).rstrip() for row in self.strips]

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.rows)

    @property
    def chosen(self) -> str:
        """The row that is marked."""
        return next((row for row in self.rows if row.startswith("> ")), "")

    def presses(self, *keys: str) -> None:
        """Press keys by name or character."""
        self._runner.run(self._press(keys))

    async def _press(self, keys: Sequence[str]) -> None:
        for key in keys:
            self.program.post_message(Key(_character_to_key(key), key) if len(key) == 1 else Key(key, None))
            for _ in range(ROUNDS):
                await asyncio.sleep(0)
        await self._pilot.pause()

    def types(self, text: str) -> None:
        """Type it, key by key."""
        self.presses(*text)

    def answers(self, text: str) -> None:
        """Type it into the line that is open, and send it off."""
        self.presses(*text, "enter")

    def looks_for(self, text: str) -> None:
        """Search for it, and wait for the answer."""
        self.presses("/", *text)
        self.waits(lambda: all(worker.is_finished for worker in self.program.workers), "the search goes on")

    def clicks(self, text: str) -> None:
        """Click the place on the screen where that stands first."""
        row = next(number for number, line in enumerate(self.rows) if text in line)
        self.clicks_at(self.rows[row].index(text), row)

    def clicks_at(self, column: int, row: int) -> None:
        """Click a place on the screen."""
        self._runner.run(self._click(column, row))

    async def _click(self, column: int, row: int) -> None:
        await self._pilot.click(offset=(column, row))

    def resizes(self, columns: int, rows: int) -> None:
        """Drag the window's corner."""
        self._runner.run(self._pilot.resize_terminal(columns, rows))

    def rests(self) -> None:
        """Do nothing for a moment."""
        self._runner.run(self._pilot.pause(0.05))

    def sees(self, *texts: str) -> None:
        """Wait until all of this stands on the screen."""
        self.waits(lambda: all(text in self.text for text in texts), f"{texts} did not appear")

    def sees_no(self, text: str) -> None:
        """Wait until that is gone."""
        self.waits(lambda: text not in self.text, f"{text!r} did not go")

    def chooses(self, text: str) -> None:
        """Wait until the marked row holds that."""
        self.waits(lambda: text in self.chosen, f"{text!r} is not chosen")

    def waits(self, until: Callable[[], bool], otherwise: str) -> None:
        """Wait until something holds; an AssertionError shows the screen."""
        self._runner.run(self._wait(until, otherwise))

    async def _wait(self, until: Callable[[], bool], otherwise: str) -> None:
        deadline = time.monotonic() + PATIENCE
        await self._pilot.pause()
        while not until():
            assert time.monotonic() < deadline, f"{otherwise}:\n{self.text}"
            await self._pilot.pause(STEP)


@contextmanager
def browse(
    app: App, *, columns: int = 100, rows: int = 30, colour: bool = False, lang: str = "C.UTF-8"
) -> Iterator[Person]:
    """Run the full screen on what `app` keeps, with a person before it; what ended it otherwise is raised."""
    environ = {"TERM": "xterm", "LANG": lang} | ({} if colour else {"NO_COLOR": "1"})
    program = Browser(app, Screen(environ, stdin=Tty(), stdout=Tty(), stderr=Tty()))
    running = program.run_test(size=(columns, rows))
    try:
        with asyncio.Runner() as runner:
            person = Person(program, runner.run(running.__aenter__()), runner)
            try:
                yield person
            finally:
                runner.run(running.__aexit__(None, None, None))
    finally:
        program.errands.close()
