"""Whatever happens in whatever order: each turn is taken in once."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from memchat.domain import Job, Role, SessionKind, Stretch
from memchat.store.connection import SqliteStore, open_store

from tests.builders import add_note, spoken
from tests.conftest import NOW
from tests.store.conftest import GONE, HERE, THERE, begin, behind, go_on

DUE = 3  # instead of 25, so that a short history goes through all of it
TALKING = ("turn", "turn", "turn", "turn", "private", "alone", "undo", "retry", "late", "hold", "release")
WORKING = ("work", "work", "lease", "read", "complete", "lose", "put back", "fail", "left", "sweep", "retry failed")
ACTS = st.sampled_from((*TALKING, *WORKING, "erase"))
# What is done, to which session, with which number, and what comes between the lease and the end of a job.
HISTORIES = st.lists(st.tuples(ACTS, st.integers(0, 3), st.integers(1, 4), ACTS), min_size=30, max_size=60)


class Life:
    """Two chats and two one-shots, and whoever works at their jobs."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.now: datetime = NOW
        self.sessions = [begin(store, kind=kind) for kind in (*[SessionKind.CHAT] * 2, *[SessionKind.ONESHOT] * 2)]
        self.working: list[tuple[Job, list[Stretch]]] = []
        self.covered: dict[int, list[int]] = {session_id: [] for session_id in self.sessions}

    def act(self, what: str, session_id: int, number: int) -> None:
        """One step, and what must hold after each."""
        before = self.store.transcripts.session(session_id).mark
        getattr(self, "do_" + what.replace(" ", "_"))(session_id, number)
        self._check(session_id, before)

    def do_work(self, session_id: int, number: int) -> None:
        """A job from beginning to end, as far as it counts; whoever works is neither lost nor slow."""
        self.do_left(session_id, number)
        self.do_lease(session_id, number)
        self.do_complete(session_id, len(self.working) - 1)

    def do_turn(self, session_id: int, _: int) -> None:
        """A turn with its reply, saved as the engine does."""
        with self.store.transaction():
            go_on(self.store, session_id)
            self.store.jobs.enqueue_due(session_id, DUE, self.now)

    def do_private(self, session_id: int, _: int) -> None:
        """One that may not be learned from."""
        go_on(self.store, session_id, learn=False)

    def do_alone(self, session_id: int, _: int) -> None:
        """A message that gets no reply."""
        go_on(self.store, session_id, reply=False)

    def do_undo(self, session_id: int, _: int) -> None:
        """The newest turn is withdrawn."""
        if turn := self.store.transcripts.last_turn(session_id):
            self.store.transcripts.set_leaf(session_id, turn.user.parent)

    def do_retry(self, session_id: int, _: int) -> None:
        """The newest message is answered again."""
        transcripts = self.store.transcripts
        if turn := transcripts.last_turn(session_id):
            transcripts.set_leaf(session_id, turn.user.id)
            transcripts.add_message(
                session_id, turn.number, Role.ASSISTANT, spoken("Again."), parent=turn.user.id, at=self.now
            )

    def do_late(self, session_id: int, number: int) -> None:
        """A reply to an earlier turn, where the path went on meanwhile."""
        turns = self.store.transcripts.turns(session_id)[-number:]
        if turns:
            self.store.transcripts.add_message(
                session_id, turns[0].number, Role.ASSISTANT, spoken("Late."), parent=turns[0].user.id, at=self.now
            )

    def do_hold(self, session_id: int, number: int) -> None:
        """Somebody opens it: this process, another, or one that died."""
        self.store.transcripts.claim(session_id, (HERE, THERE, GONE, THERE)[number - 1])

    def do_release(self, session_id: int, _: int) -> None:
        """Whoever has it open leaves."""
        for owner in (HERE, THERE):
            self.store.transcripts.release(session_id, owner)

    def do_left(self, session_id: int, _: int) -> None:
        """As at /quit."""
        self.store.jobs.enqueue_left(session_id, self.now)

    def do_sweep(self, _: int, __: int) -> None:
        """As at the next start."""
        self.store.jobs.sweep(HERE, self.now)

    def do_lease(self, session_id: int, number: int) -> None:
        """Somebody leaves, and somebody takes a job and reads what it is about."""
        self.store.jobs.enqueue_left(session_id, self.now)
        job = self.store.jobs.lease((HERE, THERE, GONE, THERE)[number - 1], self.now)
        if job is not None:
            assert not [old for old, _ in self.working if old.id == job.id and old.lease_number >= job.lease_number]
            self.working.append((job, self.store.jobs.stretches(job, number)))

    def do_read(self, _: int, number: int) -> None:
        """Whoever works reads again, more or fewer turns."""
        if self.working:
            job = self.working.pop(0)[0]
            self.working.append((job, self.store.jobs.stretches(job, number)))

    def do_complete(self, _: int, number: int) -> None:
        """The model has answered: all is written, if it still counts."""
        if self.working:
            job, stretches = self.working.pop(max(0, number) % len(self.working))
            self.complete(job, stretches)

    def do_lose(self, _: int, number: int) -> None:
        """Time goes by; who worked may go on all the same, or never."""
        self.now += timedelta(minutes=31)
        if self.working and number > 2:
            self.working.pop(0)

    def do_put_back(self, _: int, number: int) -> None:
        """The provider asks to wait."""
        if self.working:
            self.store.jobs.put_back(
                self.working.pop(0)[0], "wait", self.now + timedelta(minutes=10 * number), tried=True
            )

    def do_fail(self, _: int, __: int) -> None:
        """The answer cannot be read."""
        if self.working:
            self.store.jobs.fail(self.working.pop(0)[0], "unreadable")

    def do_erase(self, session_id: int, _: int) -> None:
        """Somebody forgets something that was said in no conversation."""
        self.store.erasure.erase_memory(add_note(self.store, f"note of s{session_id}").id, self.now)

    def do_retry_failed(self, _: int, __: int) -> None:
        """As doctor does."""
        self.store.jobs.retry(self.now)

    def complete(self, job: Job, stretches: list[Stretch]) -> None:
        """One transaction, as consolidation's."""
        with self.store.transaction():
            if not self.store.jobs.holds(job, stretches):
                self.store.jobs.put_back(job, "changed", self.now, tried=True)
                return
            self.store.jobs.advance(stretches)
            self.store.jobs.finish(job, self.now, {})
        for stretch in stretches:
            self.covered[stretch.session.id] += [turn.user.id for turn in stretch.turns]

    def finish(self) -> None:
        """Everybody leaves; then the next start, until nothing is left to do."""
        self.now += timedelta(days=1)
        for session_id in self.sessions:
            self.do_release(session_id, 0)
        self.store.jobs.retry(self.now)
        self.store.jobs.sweep(HERE, self.now)
        for _ in range(200):
            job = self.store.jobs.lease(HERE, self.now)
            if job is None:
                return
            self.complete(job, self.store.jobs.stretches(job, DUE))
        raise AssertionError("the work does not come to an end")

    def learnable(self, session_id: int) -> list[int]:
        """The users' messages of the active path that may be learned from."""
        private = set(behind(self.store).column("SELECT id FROM messages WHERE learn = 0"))
        turns = self.store.transcripts.turns(session_id)
        return [turn.user.id for turn in turns if turn.user.id not in private]

    def _check(self, session_id: int, before: int | None) -> None:
        """A mark is dropped exactly when it leaves the path; then nothing counts as covered."""
        session = self.store.transcripts.session(session_id)
        path = {message.id for message in self.store.transcripts.path(session_id)}
        assert session.mark is None or session.mark in path
        if before is not None and session.mark is None:
            assert before not in path
            self.covered[session_id] = []
        open_jobs = [(job.session_id, job.model, job.host) for job in self.store.jobs.listing()]
        assert len(open_jobs) == len(set(open_jobs))
        assert len(self.covered[session_id]) == len(set(self.covered[session_id]))


@given(HISTORIES)
@settings(max_examples=60, deadline=None)
def test_every_turn_is_taken_in_exactly_once(history: list[tuple[str, int, int, str]]) -> None:
    """Turns, undo, retry, lost leases, deaths, erasures: of the active path none is missing and none comes twice."""
    life = Life(open_store(None))
    for what, place, number, meanwhile in history:
        session_id = life.sessions[place]
        life.act(what, session_id, number)
        if what == "lease":
            life.act(meanwhile, session_id, number)
            life.act("complete", session_id, len(life.working) - 1)
    life.finish()
    for session_id in life.sessions:
        assert life.covered[session_id] == life.learnable(session_id)
        session = life.store.transcripts.session(session_id)
        assert session.mark == session.leaf
    assert life.store.jobs.listing() == []
    life.store.close()
