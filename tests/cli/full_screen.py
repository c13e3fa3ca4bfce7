"""A person before `memchat browse`, through Textual's pilot: keys to press, a mouse, and the rows that are seen."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from memchat.bootstrap import App
from memchat.cli.browse.app import Browser
from memchat.cli.terminal import Screen
from textual.pilot import Pilot

from tests.cli.screens import Tty

PATIENCE = 20.0  # seconds
STEP = 0.01
NAMES = {" ": "space", "/": "slash", "?": "question_mark"}
Script = Callable[["Person"], Awaitable[None]]


class Person:
    """Presses keys and looks; what is awaited gives up after `PATIENCE`."""

    def __init__(self, program: Browser, pilot: Pilot[None]) -> None:
        self.program = program
        self.pilot = pilot

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

    async def presses(self, *keys: str) -> None:
        """Press keys by name or character."""
        await self.pilot.press(*(NAMES.get(key, key) for key in keys))

    async def types(self, text: str) -> None:
        """Type it, key by key."""
        await self.presses(*text)

    async def clicks(self, text: str) -> None:
        """Click the place on the screen where that stands first."""
        row = next(number for number, line in enumerate(self.rows) if text in line)
        await self.pilot.click(offset=(self.rows[row].index(text), row))

    async def resizes(self, columns: int, rows: int) -> None:
        """Drag the window's corner."""
        await self.pilot.resize_terminal(columns, rows)

    async def sees(self, *texts: str) -> None:
        """Wait until all of this stands on the screen."""
        await self.waits(lambda: all(text in self.text for text in texts), f"{texts} did not appear")

    async def sees_no(self, text: str) -> None:
        """Wait until that is gone."""
        await self.waits(lambda: text not in self.text, f"{text!r} did not go")

    async def chooses(self, text: str) -> None:
        """Wait until the marked row holds that."""
        await self.waits(lambda: text in self.chosen, f"{text!r} is not chosen")

    async def waits(self, until: Callable[[], bool], otherwise: str) -> None:
        """Wait until something holds; an AssertionError shows the screen."""
        deadline = time.monotonic() + PATIENCE
        await self.pilot.pause()
        while not until():
            assert time.monotonic() < deadline, f"{otherwise}:\n{self.text}"
            await self.pilot.pause(STEP)


def browse(
    app: App, script: Script, *, columns: int = 100, rows: int = 30, colour: bool = False, lang: str = "C.UTF-8"
) -> Browser:
    """Run the full screen on what `app` keeps, and let the person do what the script says; returns it, ended."""
    environ = {"TERM": "xterm", "LANG": lang} | ({} if colour else {"NO_COLOR": "1"})
    screen = Screen(environ, stdin=Tty(), stdout=Tty(), stderr=Tty())
    program = Browser(app, screen)

    async def run() -> None:
        async with program.run_test(size=(columns, rows)) as pilot:
            await script(Person(program, pilot))

    try:
        asyncio.run(run())
    finally:
        program.errands.close()
    return program
