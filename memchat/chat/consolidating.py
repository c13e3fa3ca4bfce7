"""One job of consolidation, from lease to fate: read new turns, ask the model once, write it all in one transaction.

Nothing is locked while the model answers. What is written is written together with the session's mark, and only if
the lease still counts and the turns are as they were read: whatever dies when, each turn is taken in exactly once.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import cast

from memchat.chat.fates import (
    CHANGED,
    IN_VAIN,
    NO_MODEL,
    OWN_FAULT,
    STOPPED,
    TOO_LONG,
    UNREADABLE,
    Done,
    Fate,
    backoff,
    cut_off,
    reason,
)
from memchat.domain import Job, ModelCall, Stretch, Task, Usage
from memchat.errors import ConfigError, ContextWindowError, CutReplyError, ModelError, ProviderError, StoreError
from memchat.memory import consolidate
from memchat.memory.consolidate import TURNS, Findings, Prepared, UnreadableError
from memchat.memory.context import request_limit
from memchat.memory.learning import Rules
from memchat.memory.quoting import Count
from memchat.ports import ChatModel, Clock, Store, TokenCounter

__all__ = ["Consolidator", "Done", "Fate"]

Stop = Callable[[], bool]


class _StoppedError(Exception):
    """`stop()` was true. `asked` tells whether the model had been asked by then."""

    def __init__(self, *, asked: bool) -> None:
        super().__init__()
        self.asked = asked


class Consolidator:
    """Does the jobs of one store, in the thread that opened it.

    `model_for` gives the model that may read what was said to a model at a host, and raises ConfigError with the reason
    why it cannot. `max_tokens` is what one request may cost at most. `calling` is the model that is being asked.
    """

    def __init__(
        self,
        store: Store,
        *,
        model_for: Callable[[str, str], ChatModel],
        counter_for: Callable[[ChatModel], TokenCounter],
        rules: Rules,
        max_tokens: int,
        clock: Clock,
        owner: str,
    ) -> None:
        self.store = store
        self.calling: ChatModel | None = None
        self._model_for = model_for
        self._counter_for = counter_for
        self._rules = rules
        self._max_tokens = max_tokens
        self._clock = clock
        self._owner = owner
        self._calls: list[ModelCall] = []  # made for the job under way, not booked yet

    def run_pending(
        self, stop: Stop = lambda: False, *, session_id: int | None = None, early: bool = False, patient: bool = True
    ) -> list[Done]:
        """Do all that is due, until `stop()`; as `run_one` otherwise. A job that has to wait is tried once."""
        done: list[Done] = []
        waiting: set[int] = set()
        while not stop():
            one = self.run_one(stop, session_id=session_id, early=early, patient=patient, passing=waiting)
            if one is None:
                break
            done.append(one)
            if one.fate is Fate.STOPPED:
                break
            if not one.at_once:
                waiting.add(one.job.id)
        return done

    def run_one(
        self,
        stop: Stop,
        *,
        session_id: int | None = None,
        early: bool = False,
        patient: bool = True,
        passing: Collection[int] = (),
    ) -> Done | None:
        """Do one job that is due; None without one. `stop` is asked again and again while the model answers.

        `session_id`, `early` and `passing` choose among the jobs as `Jobs.lease` does. Where the caller is not
        `patient`, a call that `stop` ended is not made again for a while. Raises StoreError; after KeyboardInterrupt
        the job is due again. Any other error nobody foresaw: the job fails by its kind, and the next has its turn.
        """
        now = self._clock.now()
        job = self.store.jobs.lease(self._owner, now, session_id=session_id, early=early, passing=passing)
        if job is None:
            return None
        self._calls = []
        try:
            return self._run(job, stop, patient=patient)
        except KeyboardInterrupt:
            self._let_go(job)
            raise

    def _run(self, job: Job, stop: Stop, *, patient: bool) -> Done:
        try:
            return self._take_in(job, stop)
        except _StoppedError as stopped:
            return self._stopped(job, impatient=stopped.asked and not patient)
        except UnreadableError as error:
            return self._fail(job, f"{UNREADABLE}: {error.why}")
        except ContextWindowError:
            return self._fail(job, TOO_LONG)
        except (ConfigError, ModelError) as error:
            return self._unanswered(job, error)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - the worker's loop (architecture, rule 10): one job, not all of them
            return self._fail(job, f"{OWN_FAULT} ({type(error).__name__})")

    # Asking

    def _take_in(self, job: Job, stop: Stop) -> Done:
        """Ask for as many new turns as fit, and write what came."""
        turns = TURNS
        while True:
            stretches = self.store.jobs.stretches(job, turns)
            session = consolidate.asking(stretches, self._rules)
            if session is None:  # nothing here would be kept: the marks move on without a call
                return self._write(job, Prepared(None, tuple(stretches)), Findings())
            model = self._model_for(session.model, session.host)
            counter = self._counter_for(model)
            prepared = self._prepared(stretches, model, counter)
            task = cast("Task", prepared.task)  # there are turns, so there is a question
            try:
                findings = self._answer(job, task, model, counter, stop)
            except ContextWindowError:
                turns = len(task.material.turns) // 2
                if not turns:
                    raise
            else:
                return self._write(job, prepared, findings, model=model.name, count=counter.count)

    def _prepared(self, stretches: Sequence[Stretch], model: ChatModel, counter: TokenCounter) -> Prepared:
        now = self._clock.now()
        return consolidate.prepare(
            stretches,
            self.store.memories.active(now),
            self._rules,
            now,
            count=counter.count,
            limit=request_limit(self._max_tokens, model.window),
        )

    def _answer(self, job: Job, task: Task, model: ChatModel, counter: TokenCounter, stop: Stop) -> Findings:
        """What the model found, asked once more when its answer cannot be read. Raises UnreadableError the second time.

        Raises _StoppedError, ContextWindowError, and other ModelErrors in words that quote nobody.
        """
        session = task.material.session
        try:
            return consolidate.read(self._call(job, task, model, counter, stop), session=session)
        except UnreadableError as error:
            task = consolidate.again(task, error.why)
        return consolidate.read(self._call(job, task, model, counter, stop), session=session)

    def _call(self, job: Job, task: Task, model: ChatModel, counter: TokenCounter, stop: Stop) -> str:
        """One call, put down for the books; no transaction is open."""
        if stop():
            raise _StoppedError(asked=bool(self._calls))
        self.store.jobs.sending(job, model.host, self._clock.now())
        asked = consolidate.tokens(task, counter.count)
        usage = Usage(asked)  # of a call that is broken off: what was asked is paid for
        self.calling = model
        try:
            completion = model.complete(task, stop)
            if completion is None:
                raise _StoppedError(asked=True)
            usage = completion.usage or Usage(asked, counter.count(completion.text))
        except (ConfigError, ModelError) as error:
            usage = Usage()  # as in the chat: nobody told what a call cost that failed
            if isinstance(error, ContextWindowError):
                raise
            raise ModelError(reason(error, model)) from error
        finally:
            self.calling = None
            at = self._clock.now()
            self._calls.append(ModelCall("consolidation", model.name, model.host, usage, at, job.session_id))
        return completion.text

    # Writing

    def _write(self, job: Job, prepared: Prepared, findings: Findings, *, model: str = "", count: Count = len) -> Done:
        """Summary, facts, marks, books and the job's end: all of it, or the job comes again."""
        now, jobs = self._clock.now(), self.store.jobs
        with self.store.transaction():
            if not jobs.holds(job, prepared.stretches):
                return self._changed(job, now)
            kept = consolidate.keep(self.store, prepared, findings, self._rules, model=model, now=now, count=count)
            self._book()
            jobs.finish(job, now, kept.result)
        return Done(job, Fate.DONE, kept=kept)

    def _changed(self, job: Job, now: datetime) -> Done:
        """Somebody withdrew, asked again or erased meanwhile, or has the job now: once more, at once the first time."""
        return self._put_back(job, CHANGED, now + (backoff(job.attempts - 1) if job.attempts else timedelta()))

    def _unanswered(self, job: Job, error: ConfigError | ModelError) -> Done:
        """There was no answer, or nobody to ask: later again, as long as that may help."""
        now = self._clock.now()
        if isinstance(error, ConfigError):  # nobody was asked, so it is no try
            return self._put_back(job, error.message, now + NO_MODEL, tried=False)
        if isinstance(error.__cause__, CutReplyError | ProviderError) and job.attempts + 1 >= IN_VAIN:
            return self._fail(job, error.message)
        return self._put_back(job, error.message, now + backoff(job.attempts))

    def _put_back(self, job: Job, error: str, not_before: datetime, *, tried: bool = True) -> Done:
        with self.store.transaction():
            self._book()
            self.store.jobs.put_back(job, error, not_before, tried=tried)
        return Done(job, Fate.WAITS, error)

    def _stopped(self, job: Job, *, impatient: bool) -> Done:
        pause = cut_off(job.attempts) if impatient else timedelta()
        with self.store.transaction():
            self._book()
            self.store.jobs.put_back(job, STOPPED, self._clock.now() + pause, tried=impatient)
        return Done(job, Fate.STOPPED, STOPPED)

    def _fail(self, job: Job, error: str) -> Done:
        with self.store.transaction():
            self._book()
            self.store.jobs.fail(job, error)
        return Done(job, Fate.FAILED, error)

    def _let_go(self, job: Job) -> None:
        """Ctrl-C: the job is due again, unless it was done at that very moment."""
        with self.store.transaction():
            if self.store.jobs.holds(job, ()):
                self._book()
            self.store.jobs.put_back(job, STOPPED, self._clock.now(), tried=False)

    def _book(self) -> None:
        """Write down what the calls cost, in the caller's transaction."""
        for call in self._calls:
            self.store.usages.record_call(call)
