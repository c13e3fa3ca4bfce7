"""Summing up conversations beside the chat: begun after the first prompt, asked for at leaving, waited for a little."""

import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import TYPE_CHECKING

from memchat.cli import ending
from memchat.cli.layout import MARGIN
from memchat.cli.terminal import Screen
from memchat.errors import MemchatError

if TYPE_CHECKING:
    from memchat.bootstrap import App
    from memchat.chat.background import Background
    from memchat.domain import Memory

# Seconds that somebody who leaves waits at most, and those of them in which nothing is said about it.
PATIENCE = 5.0
SILENCE = 0.2
ASKED_FOR = 60.0  # seconds at most where somebody asked for it and goes on afterwards
WAITING = f"{MARGIN}Summing up this conversation ...   Ctrl-C skips"


class SummingUp:
    """The background of one chat. Before `begin` was called, and where it never is, every other method is as cheap.

    What a crash or an early end leaves undone, the next chat does.
    """

    def __init__(self, app: "App", screen: Screen) -> None:
        self._app = app
        self._screen = screen
        self._background: Background | None = None
        self._left: list[int] = []  # the conversations that were left, oldest first

    def begin(self) -> "Background":
        """Start the background; a second call does nothing."""
        if self._background is None:
            self._background = self._app.background()
            self._background.start()
        return self._background

    def typed(self) -> None:
        """A key was pressed: nothing is begun while somebody types."""
        if self._background is not None:
            self._background.typed()

    def replying(self) -> AbstractContextManager[None]:
        """While a reply comes the model is left to it."""
        return nullcontext() if self._background is None else self._background.replying()

    def fresh(self) -> bool:
        """Whether something was learned since the last look."""
        return self._background is not None and self._background.fresh()

    def set_aside(self) -> "tuple[Memory, ...]":
        """The notes that wait since the last look, for what was learned made them too many."""
        return () if self._background is None else self._background.set_aside()

    def left(self, session_id: int) -> bool:
        """A conversation was left: whether there is anything in it to sum up, which is done soon. Raises StoreError."""
        if ending.asked():  # nothing is begun any more; the next chat sees what was left, unless it goes on with it
            self.close()
            return False
        enqueued = self._app.store.jobs.enqueue_left(session_id, self._app.clock.now())
        if enqueued:
            self._left.append(session_id)
            if self._background is not None:
                self._background.wake()
        return enqueued

    def now(self, session_id: int) -> None:
        """Sum up a conversation that goes on; wait for it at most `ASKED_FOR`, until Ctrl-C. Raises StoreError."""
        if self._app.store.jobs.enqueue_left(session_id, self._app.clock.now()):
            self._wait(ASKED_FOR, [session_id])

    def wait(self) -> None:
        """Wait until all that was left here is done, at most `PATIENCE`; Ctrl-C ends it. Says so when it takes long."""
        self._wait(PATIENCE, self._left[::-1])

    def _wait(self, seconds: float, sessions: Sequence[int]) -> None:
        if ending.asked():  # whoever told us to go does not wait; it is done beside the next chat
            return
        background = self.begin()
        # Said from beside: a wait that were broken off to say it would break off the call, too.
        notice = threading.Timer(SILENCE, self._say)
        notice.daemon = True
        notice.start()
        try:
            with suppress(KeyboardInterrupt):
                background.finish(seconds, sessions)
        finally:
            notice.cancel()
            notice.join()

    def _say(self) -> None:
        with suppress(MemchatError, OSError):  # the window is gone: nobody is there to be told
            self._screen.note(self._screen.dim(WAITING))

    def close(self) -> None:
        """Stop. A second call does nothing."""
        background, self._background = self._background, None
        if background is not None:
            with suppress(KeyboardInterrupt):  # who presses it now wants to be gone, and that is under way
                background.close()
