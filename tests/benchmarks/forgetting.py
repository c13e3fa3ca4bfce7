"""How long one fact takes to be forgotten among many turns, the checks included: measures, asserts nothing.

python -m tests.benchmarks.forgetting            makes a database of 100,000 turns in a folder that is gone afterwards
python -m tests.benchmarks.forgetting FILE       takes a copy of this database instead
"""

import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from memchat.actions import forgetting
from memchat.actions.forgetting import Wanted
from memchat.domain import NewMemory, Origin, Source
from memchat.store.connection import SqliteStore, open_store

from tests.benchmarks.recall_scale import fill
from tests.builders import add_turn

TURNS = 100_000
NOW = datetime(2026, 11, 22, 9, 14, tzinfo=UTC)
FACTS = {
    "My sister Xanthippe keeps quokkas": "sister Xanthippe keeps quokkas",
    "I am allergic to pistachios": "allergic to pistachios",
    "我對開心果過敏": "對開心果過敏",
}


def learn(store: SqliteStore, quote: str, text: str) -> str:
    """Say it in a conversation of its own, and remember it; its id."""
    turn = add_turn(store, f"{quote}. What shall I cook?", "Noted.", at=NOW)
    part = turn.user.parts[0]
    source = Source(Origin.TYPED, NOW, quote, turn.session_id, turn.number, turn.user.id, part.id, (0, len(quote)))
    return store.memories.add(NewMemory(text, source), NOW).ref


def measure(store: SqliteStore, name: str, wanted: Wanted) -> None:
    """Plan it, erase it, check it; print the seconds of both."""
    begun = time.perf_counter()
    planned = forgetting.plan(store, (), wanted, NOW)
    seen = time.perf_counter()
    done = forgetting.erase(store, planned, NOW)
    ended = time.perf_counter()
    print(
        f"{name:40} plan {seen - begun:6.3f} s   erase and check {ended - seen:6.3f} s"
        f"   {done.places} places, {done.traces} traces, {done.checked.size / 1e6:.0f} MB read"
        f"{', vacuumed' if done.checked.vacuumed else ''}"
    )


def main() -> None:
    """Measure each fact by its id, and one word."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "memchat" / "memchat.db"
        if len(sys.argv) > 1:
            path.parent.mkdir()
            shutil.copy(sys.argv[1], path)
        else:
            fill(Path(folder), TURNS)
        store = open_store(path)
        for quote, text in FACTS.items():
            measure(store, text, Wanted(refs=(learn(store, quote, text),)))
        learn(store, "My boss is Zebedee", "boss is Zebedee")
        measure(store, "--match Zebedee", Wanted(matches=("Zebedee",)))
        store.close()


if __name__ == "__main__":
    main()
