"""The worker: one thread with a store of its own, which consolidates while nobody waits for it.

It never stands in anyone's way: no job begins while a reply streams or somebody types, and nothing it meets reaches
the screen. What it cannot do stays in the list of jobs for the next start.
"""

import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from memchat.chat.consolidating import Consolidator, Done
from memchat.domain import Memory
from memchat.errors import StoreError
from memchat.ports import Clock, Store

FIRST_LOOK = 1.0  # seconds after the start: the prompt comes first
LEFT_OVER = 10  # conversations taken up at a start: nobody is asked, and an old database may hold hundreds
TYPING = 5.0  # seconds without a new job after a key (memory.md, section 3)
NEXT_LOOK = 60.0  # seconds between looks for what has waited long enough; the shortest wait of a job
LETTING_GO = 1.0  # seconds that a call which is to end may take for that
_NAP = 0.5  # seconds; `tick` need not run as fast as the system's time


class Background:
    """Does jobs in a thread; all methods are for the thread that made it, and none but `finish` and `close` waits.

    `open_consolidator` is called in the thread. `also` does a little of what else there is to do once no job is due,
    says whether there may be more, and stops where somebody needs the time. `tick` counts seconds, from anywhere.
    """

    def __init__(
        self,
        open_consolidator: Callable[[], Consolidator],
        *,
        clock: Clock,
        owner: str,
        also: Callable[[Store, Callable[[], bool]], bool] | None = None,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._also = also
        self._open_consolidator = open_consolidator
        self._clock = clock
        self._owner = owner
        self._tick = tick
        self._changed = threading.Condition()  # guards all below
        self._thread: threading.Thread | None = None
        self._consolidator: Consolidator | None = None
        self._next_look = -math.inf
        self._typed_at = -math.inf
        self._replies = 0  # that stream now
        self._sweeps = False  # whether the thread is to sweep at its first look
        self._finishes = 0  # how often `finish` was called
        self._looks_for = 0  # which of them the look under way began under
        self._cleared = 0  # for which of them nothing was found due any more
        self._hurries = False  # whether somebody waits in `finish` now
        self._first: Sequence[int | None] = (None,)  # the conversations that are waited for; None: whatever is due
        self._cut = False  # whether the call under way is to end
        self._gives_way = False  # whether it is to end for a reply, which may be over before anybody looks
        self._busy = False
        self._closed = False
        self._over = False  # whether the thread has ended
        self._news = False
        self._aside: list[Memory] = []  # notes that consolidation made too many

    def start(self) -> None:
        """Begin, a second from now: first with what earlier conversations left. A second call does nothing."""
        with self._changed:
            if self._thread is None:
                self._sweeps = True
                self._next_look = self._tick() + FIRST_LOOK
                self._begin()

    def wake(self) -> None:
        """There may be a job: look as soon as nobody is in the way."""
        with self._changed:
            self._next_look = -math.inf
            self._changed.notify_all()

    def typed(self) -> None:
        """A key was pressed: no new job for five seconds."""
        with self._changed:
            self._typed_at = self._tick()

    @contextmanager
    def replying(self) -> Iterator[None]:
        """Within it a reply streams: no new job begins, and a server on this computer is left to the reply alone.

        Its call is ended and its job put back, for such a server answers one at a time; other calls go on.
        """
        with self._changed:
            self._replies += 1
            self._gives_way = self._in_the_way()
        try:
            yield
        finally:
            with self._changed:
                self._replies -= 1
                self._next_look = -math.inf  # what was said may be enough to be summed up
                self._changed.notify_all()

    def finish(self, seconds: float, sessions: Sequence[int] = ()) -> bool:
        """Do what is due without pauses, for so long at most: whether nothing due is left.

        Where `sessions` are named, only what is due of these conversations, in that order. What could not be finished
        is put back. KeyboardInterrupt passes through, and ends the call under way too.
        """
        until = self._tick() + seconds
        with self._changed:
            self._hurries, self._finishes, self._first = True, self._finishes + 1, sessions or (None,)
            if self._thread is None:
                self._begin()
            self._changed.notify_all()
            try:
                while not (self._over or self._is_clear()) and (left := until - self._tick()) > 0:
                    self._changed.wait(min(left, _NAP))
            finally:
                self._hurries, self._first = False, (None,)
                self._cut = self._busy
                self._next_look = self._tick() + NEXT_LOOK
            self._changed.wait_for(lambda: not self._busy, LETTING_GO)
            return self._is_clear()

    def fresh(self) -> bool:
        """Whether something was learned since this was last asked."""
        with self._changed:
            news, self._news = self._news, False
            return news

    def set_aside(self) -> tuple[Memory, ...]:
        """The notes that wait for the user since this was last asked, for what was learned made them too many."""
        with self._changed:
            aside, self._aside = tuple(self._aside), []
            return aside

    def close(self) -> None:
        """End the call under way, put its job back, end the thread; at most a second. A second call does nothing."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(LETTING_GO)

    # In the thread

    def _begin(self) -> None:
        self._thread = threading.Thread(target=self._run, name="memchat-background", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        """Everything the thread does. Whatever it meets, the chat goes on."""
        consolidator = None
        try:
            self._consolidator = consolidator = self._open_consolidator()
            self._work(consolidator)
        except Exception:  # noqa: BLE001, S110 - the worker's loop (architecture, rule 10): no fault ends the chat
            # A full disk, another program's lock: the job stays leased, and the next start takes it up. What nobody
            # foresaw while a job was under way has failed it; here is what came before, at opening or sweeping.
            pass
        finally:
            if consolidator is not None:
                with suppress(StoreError):
                    consolidator.store.close()
            with self._changed:
                self._busy, self._over = False, True
                self._changed.notify_all()

    def _work(self, consolidator: Consolidator) -> None:
        """Look for jobs and do them, one at a time, until `close`."""
        while self._may_look():
            if self._sweeps and not self._hurries:
                self._sweeps = False
                consolidator.store.jobs.sweep(self._owner, self._clock.now(), most=LEFT_OVER)
            done = None
            for session_id in self._first:
                if done := consolidator.run_one(self._must_stop, session_id=session_id):
                    break
            more = done is None and self._do_more(consolidator.store)
            self._note(done)
            if more:
                self._look_again()

    def _do_more(self, store: Store) -> bool:
        """A little of what else there is to do, unless somebody waits; whether there may be more of it."""
        return self._also is not None and not self._hurries and self._also(store, self._must_pause)

    def _look_again(self) -> None:
        """There is more to do as soon as nobody is in the way."""
        with self._changed:
            self._next_look = -math.inf

    def _must_pause(self) -> bool:
        """Whether what is not a job is to be left for now: a reply streams, somebody types or waits."""
        return self._must_stop() or bool(self._replies) or self._hurries or self._tick() < self._typed_at + TYPING

    def _may_look(self) -> bool:
        """Wait for the moment of the next look; False once it is time to go."""
        with self._changed:
            self._busy = self._cut = self._gives_way = False
            self._changed.notify_all()
            while not self._closed and (pause := self._pause()) > 0:
                self._changed.wait(min(pause, _NAP))
            self._busy, self._looks_for = True, self._finishes
            self._next_look = self._tick() + NEXT_LOOK
            return not self._closed

    def _pause(self) -> float:
        """Seconds until a job may begin, as things are now."""
        if self._hurries:
            return math.inf if self._is_clear() else 0
        if self._replies:
            return math.inf
        return max(self._next_look, self._typed_at + TYPING) - self._tick()

    def _note(self, done: Done | None) -> None:
        """Remember what came of a look."""
        with self._changed:
            if done is None:
                self._cleared = self._looks_for
                return
            if not self._cut:
                self._next_look = -math.inf  # there may be more
            if done.kept is not None and done.kept.learned:
                self._news = True
                self._aside += [note for change in done.kept.learned for note in change.aside]

    def _must_stop(self) -> bool:
        """Whether the call under way is to end now."""
        return self._closed or self._cut or self._gives_way or bool(self._replies and self._in_the_way())

    def _in_the_way(self) -> bool:
        """Whether a server on this computer is being asked, which answers one at a time."""
        model = self._consolidator.calling if self._consolidator else None
        return model is not None and model.local and bool(model.host)

    def _is_clear(self) -> bool:
        """Whether nothing was found due since the newest `finish` began."""
        return self._cleared == self._finishes
