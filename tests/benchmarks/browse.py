"""How quickly `memchat browse` opens and filters a large memory.

    python -m tests.benchmarks.browse [--turns 100000] [--db FILE] [--rounds 3]

The database is made as `recall_scale` makes one, or given (it is only read). All times are CPU time in milliseconds, of
this process with all its threads: Textual's import, opening (settings, store, first screen), then of each key until
what it asked for is drawn, the pilot's own part in it included.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from memchat.bootstrap import App, open_app
from memchat.cli.terminal import Screen

if TYPE_CHECKING:
    from memchat.cli.browse.app import Browser
    from textual.pilot import Pilot

TYPED = ("rate limit", "peanuts", "what did we decide", "the", "london", "花生過敏")
STEPS = 40  # rows that are gone down, and pages
SETTINGS = {"MEMCHAT_MODEL": "notebook", "MEMCHAT_MEMORY__ENABLED": "true"}


def opened(db: Path) -> App:
    """memchat as after setup, on that database."""
    app = open_app({**os.environ, **SETTINGS}, db=db)
    app.makes_db = False
    return app


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--turns", type=int, default=100_000)
    asked.add_argument("--db", type=Path)
    asked.add_argument("--rounds", type=int, default=3)
    given = asked.parse_args()
    if given.db is not None:
        measure(given.db, given.rounds)
        return
    from tests.benchmarks import recall_scale

    with tempfile.TemporaryDirectory() as folder:
        recall_scale.fill(Path(folder), given.turns)
        measure(next(Path(folder).rglob("memchat.db")), given.rounds)


def measure(db: Path, rounds: int) -> None:
    """All of it, on one database."""
    begun = time.process_time()
    app = opened(db)
    _ = app.store
    ready = time.process_time()
    from memchat.cli.browse.app import Browser

    imported = time.process_time()
    print(f"settings and store   {_ms(ready - begun)}")
    print(f"Textual's import     {_ms(imported - ready)}")
    app.close()
    asyncio.run(_browse(Browser, db, rounds))


async def _browse(kind: type["Browser"], db: Path, rounds: int) -> None:
    """Open it, go down the conversations, search."""
    opening: list[float] = []
    down: list[float] = []
    typed: list[float] = []
    for _ in range(rounds):
        begun = time.process_time()
        app = opened(db)
        program = kind(app, Screen({"TERM": "xterm", "LANG": "C.UTF-8"}))
        async with program.run_test(size=(100, 40)) as pilot:
            await pilot.press("4")
            await pilot.pause()
            opening.append(time.process_time() - begun)
            going = (*["down"] * STEPS, *["pagedown"] * STEPS, "end")
            down += [await _timed(program, pilot, key) for key in going]
            for words in TYPED:
                await pilot.press("slash")
                letters = ["space" if letter == " " else letter for letter in words]
                typed += [await _timed(program, pilot, letter) for letter in letters]
                await pilot.press("escape")
        program.errands.close()
        app.close()
    print(f"opening              {_spread(opening)}   without the import")
    print(f"a key in the list    {_spread(down)}")
    print(f"a key in the search  {_spread(typed)}   until its answer is drawn")


async def _timed(program: "Browser", pilot: "Pilot[None]", key: str) -> float:
    """CPU time, of all threads, from a key until what it asked for is drawn; then what stands beside it may come."""
    begun = time.process_time()
    await pilot.press(key)
    while any(not worker.is_finished for worker in program.workers):
        await asyncio.sleep(0.001)
    await pilot.pause()
    taken = time.process_time() - begun
    await pilot.pause(0.05)
    return taken


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:6.1f} ms"


def _spread(seconds: Sequence[float]) -> str:
    ordered = sorted(seconds)
    p95 = ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]
    return f"{_ms(statistics.median(ordered))}   95 of 100 within {_ms(p95)}   most {_ms(ordered[-1])}"


if __name__ == "__main__":
    main()
