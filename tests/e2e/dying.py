"""A consolidation that is killed at one step: the process ends itself by SIGKILL there, as a power cut would.

    python -m tests.e2e.dying STEP

Sums up all that is left, with the model the environment configures. STEP names where it dies: `before:WHAT` or
`after:WHAT`, where WHAT is a method of the store's jobs, transcripts, memories or usages, `complete` of the model, or
`commit` of the transaction that writes. Ends with code 0 when that step is never reached.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from memchat.bootstrap import open_app

ROOMS = ("jobs", "transcripts", "memories", "usages")


class Dying:
    """Stands before an object and dies at one of its methods; everything else is passed on."""

    def __init__(self, real: Any, step: str) -> None:
        self._real = real
        self._when, _, self._what = step.partition(":")

    def __getattr__(self, name: str) -> Any:
        if name in ROOMS:
            return Dying(getattr(self._real, name), f"{self._when}:{self._what}")
        found = getattr(self._real, name)
        if name == "transaction":
            return self._transaction
        return self._deadly(found) if name == self._what else found

    def _deadly(self, act: Callable[..., object]) -> Callable[..., object]:
        def run(*values: object, **named: object) -> object:
            if self._when == "after":
                act(*values, **named)
            os.kill(os.getpid(), signal.SIGKILL)
            raise AssertionError("still alive")

        return run

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._real.transaction():
            yield
            if (self._when, self._what) == ("before", "commit"):
                os.kill(os.getpid(), signal.SIGKILL)
        if (self._when, self._what) == ("after", "commit"):
            os.kill(os.getpid(), signal.SIGKILL)


def main(step: str) -> None:
    """Sweep, then do all the work there is."""
    app = open_app(os.environ)
    with closing(app):
        model_for = app.memory_model
        app.memory_model = lambda name, host: Dying(model_for(name, host), step)  # type: ignore[method-assign]  # - a model that dies
        app.store.jobs.sweep(app.owner, app.clock.now())
        app.consolidator(Dying(app.store, step)).run_pending(lambda: False)


if __name__ == "__main__":
    main(sys.argv[1])
