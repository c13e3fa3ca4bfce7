"""How long it takes to assemble a turn among 100,000 past ones, in the real chat engine."""

import gc
import json
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from memchat.__main__ import OBJECTS
from memchat.bootstrap import ChatRequest
from memchat.chat.events import Assembled
from memchat.domain import NORMAL

from tests.benchmarks.filling import Timed
from tests.benchmarks.recall_scale import Bare, fill
from tests.builders import typed
from tests.conftest import NOW

PAST, QUESTIONS = 100_000, 200


def assembling(home: Path, settings: Mapping[str, object], past: int = PAST, questions: int = QUESTIONS) -> list[float]:
    """Milliseconds of each of so many turns, from the saved message to the assembled request.

    A home without questions is filled first. Files are asked afresh, everything else is loaded, as in a chat.
    """
    asked = home / "questions.json"
    if not asked.exists():
        home.mkdir(parents=True, exist_ok=True)
        _, found = fill(home, past)
        asked.write_text(json.dumps(found), "utf-8")
    gc.set_threshold(OBJECTS)
    app = Timed(home, flags=settings)
    app.turned.set(NOW)
    app.warm(app.model(), NORMAL)
    took = []
    with closing(app), closing(app.open_chat(ChatRequest())) as engine:
        for text in json.loads(asked.read_text("utf-8"))[:questions]:
            app.turned.advance(minutes=2)
            with closing(engine.run_turn(typed(text))) as events:
                next(events)  # the message is saved
                began = time.perf_counter()
                while not isinstance(next(events), Assembled):
                    pass
                took.append((time.perf_counter() - began) * 1000)
                for _ in events:
                    pass
    return took


def bare(home: Path, questions: int = QUESTIONS) -> list[float]:
    """Milliseconds that the same questions take of a bare FTS5 table of the same messages: how quick the machine is.

    The home is one that `assembling` has filled.
    """
    with closing(Bare(home)) as table:
        return [table.timed(text) for text in json.loads((home / "questions.json").read_text("utf-8"))[:questions]]
