"""Learning now: what it would cost, who may be learned from, and that looking changes nothing."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import apsw
import pytest
from memchat.actions import learning
from memchat.chat.consolidating import Fate
from memchat.domain import CONVERSATIONS_ONLY, INCOGNITO, NORMAL, JobStatus, Origin, Part, PartKind, Role, SessionKind
from memchat.errors import NetworkError, NotFoundError, RefusedError, UsageError
from memchat.llm.scripted import ScriptedModel
from memchat.store.connection import open_store

from tests.actions.conftest import OWNER, Bench, fact, found, no_key
from tests.builders import add_turn, typed
from tests.conftest import NOW, FrozenClock
from tests.store.conftest import behind, traced


def plan(bench: Bench, ref: str = "", **more: int) -> list[learning.Planned]:
    """What there would be to do."""
    talk = learning.named(bench.store, ref) if ref else None
    model = ScriptedModel([], name="test", host="api.example", local=False)
    return learning.plan(bench.store, talk, bench.estimator(model, **more), OWNER, bench.clock.now())


def learn(bench: Bench, model: ScriptedModel, ref: str = "") -> list[Fate]:
    """Do it."""
    talk = learning.named(bench.store, ref) if ref else None
    return [done.fate for _, done in learning.learn(bench.worker(model), talk, OWNER, bench.clock.now())]


def test_nothing_new_is_an_empty_plan(bench: Bench) -> None:
    """In a new database, and when all was taken in."""
    assert plan(bench) == []
    bench.talk()
    assert learn(bench, ScriptedModel([found()])) == [Fate.DONE]
    assert plan(bench) == []
    assert learn(bench, ScriptedModel([])) == []


def test_a_plan_counts_conversations_turns_requests_and_cost(bench: Bench) -> None:
    """26 turns are two requests, all one-shots one; nothing is changed by looking, twice gives the same."""
    bench.talk(26)
    bench.talk()
    for _ in range(3):
        bench.talk(kind=SessionKind.ONESHOT)
    planned = plan(bench)
    assert plan(bench) == planned
    assert {(one.work.session.ref if one.work.session else "", len(one.work.turns), one.calls) for one in planned} == {
        ("s1", 26, 2),
        ("s2", 1, 1),
        ("", 3, 1),
    }
    assert {(one.model, one.host, one.error) for one in planned} == {("test", "api.example", "")}
    for one in planned:
        assert one.tokens > 100
        assert one.cost == pytest.approx((one.tokens + 400 * one.calls) / 1_000)
    assert bench.store.jobs.listing() == []
    assert bench.store.transcripts.session(1).mark is None


def test_the_estimate_is_what_is_sent(bench: Bench) -> None:
    """Of one request: instructions, schema and text."""
    bench.talk()
    (planned,) = plan(bench)
    model = ScriptedModel([found()])
    learn(bench, model)
    task = model.calls[0].task
    sent = len(task.instructions.split()) + len(task.text.split())
    assert sent < planned.tokens < sent * 2


def test_a_small_window_takes_more_requests_and_a_tiny_one_none(bench: Bench) -> None:
    """The plan tells it before anything is sent."""
    session_id = bench.talk().session_id
    for _ in range(9):
        add_turn(bench.store, "word " * 300, session_id=session_id)
    (whole,) = plan(bench)
    (small,) = plan(bench, max_tokens=1_000)
    assert small.calls > whole.calls == 1
    (tiny,) = plan(bench, max_tokens=100)
    assert "too little" in tiny.error
    assert tiny.hint


def test_turns_that_may_not_be_learned_from_cost_nothing(bench: Bench) -> None:
    """Held with --no-learn in a conversation that learns: the mark passes them by without a request."""
    session = bench.store.transcripts.create_session(SessionKind.CHAT, at=NOW, model="test", host="", learn=True)
    bench.store.transcripts.add_message(session.id, 1, Role.USER, typed("Hush."), parent=None, at=NOW, learn=False)
    assert plan(bench) == []
    assert learn(bench, ScriptedModel([])) == []


def test_one_conversation_alone_is_learned_from_also_while_it_is_open(bench: Bench) -> None:
    """Named it is taken in with the turns so far; the others stay as they are."""
    first, second = bench.talk(), bench.talk()
    bench.store.transcripts.claim(first.session_id, OWNER)
    assert [one.work.refs for one in plan(bench)] == [second.ref and ("s2.1",)]
    assert [one.work.refs for one in plan(bench, "s1")] == [("s1.1",)]
    model = ScriptedModel([found("Wanted: x", fact("Taipei", "I live in Taipei", "location"))])
    assert learn(bench, model, "s1") == [Fate.DONE]
    assert bench.store.transcripts.session(1).summary == "Wanted: x"
    assert bench.store.transcripts.session(2).summary == ""
    (location,) = bench.store.memories.active(NOW)
    assert (location.text, location.sources[0].ref) == ("Taipei", "s1.1")


def test_what_waits_is_done_before_its_time(bench: Bench) -> None:
    """Named or not: the person asks for it now."""
    for ref in ("", "s2"):
        bench.talk()
        assert learn(bench, ScriptedModel([NetworkError("no network")])) == [Fate.WAITS]
        assert len(plan(bench, ref)) == 1
        assert learn(bench, ScriptedModel([found()]), ref) == [Fate.DONE]


@pytest.mark.parametrize(("piped", "said"), [(1, 0), (26, 0), (1, 1), (30, 2)])
def test_what_was_only_piped_in_costs_nothing(bench: Bench, piped: int, said: int) -> None:
    """The plan counts the calls that will be made, whatever else waits beside them."""
    log = (Part(PartKind.TEXT, Origin.STDIN, "log line"),)
    for _ in range(piped):
        session = bench.store.transcripts.create_session(
            SessionKind.ONESHOT, at=bench.clock.now(), model="notebook", host="", learn=True
        )
        bench.store.transcripts.add_message(session.id, 1, Role.USER, log, parent=None, at=bench.clock.now())
    for _ in range(said):
        bench.talk(kind=SessionKind.ONESHOT)
    assert sum(one.calls for one in plan(bench)) == min(said, 1)
    model = ScriptedModel([found()] * min(said, 1))
    assert set(learn(bench, model)) == {Fate.DONE}
    model.done()
    assert plan(bench) == []


@pytest.mark.parametrize("ref", ["", "s1"])
def test_what_failed_is_tried_again(bench: Bench, ref: str) -> None:
    """Named or not: it is planned like new work, and a failure of another conversation is not touched."""
    bench.talk()
    assert learn(bench, ScriptedModel(["garbage", "garbage"])) == [Fate.FAILED]
    bench.talk()
    assert learn(bench, ScriptedModel(["garbage", "garbage"]), "s2") == [Fate.FAILED]
    assert [(one.error, one.calls) for one in plan(bench, "s1")] == [("", 1)]
    assert [job.status for job in bench.store.jobs.listing()] == [JobStatus.FAILED] * 2
    model = ScriptedModel([found()] * (1 if ref else 2))
    assert set(learn(bench, model, ref)) == {Fate.DONE}
    model.done()
    assert len(bench.store.jobs.listing()) == (1 if ref else 0)


def test_what_nobody_has_begun_is_counted(bench: Bench) -> None:
    """Without making it: doctor looks, and changes nothing."""
    bench.talk()
    bench.talk()
    assert learning.not_begun(bench.store, OWNER, bench.clock.now()) == 2
    assert bench.store.jobs.listing() == []
    bench.left()
    assert learning.not_begun(bench.store, OWNER, bench.clock.now()) == 2


def test_what_another_process_is_doing_is_left_out(bench: Bench) -> None:
    """Until its lease is over; then it is planned and done."""
    bench.left()
    bench.store.jobs.lease("far:7", bench.clock.now())
    assert plan(bench) == []
    assert plan(bench, "s1") == []
    bench.clock.advance(minutes=31)
    assert len(plan(bench)) == len(plan(bench, "s1")) == 1
    assert learn(bench, ScriptedModel([found()])) == [Fate.DONE]


def test_a_model_that_is_gone_is_in_the_plan_with_what_helps(bench: Bench) -> None:
    """The conversation's own model and host are named: no word goes anywhere else."""
    bench.talk()
    bench.store.transcripts.set_model(1, "gpt-4o-mini", "api.openai.com")
    (planned,) = learning.plan(bench.store, None, bench.estimator(no_key), OWNER, bench.clock.now())
    assert (planned.model, planned.host, planned.calls, planned.cost) == ("gpt-4o-mini", "api.openai.com", 0, None)
    assert planned.error == "There is no key for gpt-4o-mini."
    assert planned.hint == "Keep one: memchat keys set openai"


def test_who_may_not_be_learned_from_is_refused(bench: Bench) -> None:
    """--no-learn, a one-shot, an unknown one; and everything while memory is off."""
    bench.store.transcripts.create_session(SessionKind.CHAT, at=NOW, model="test", host="", learn=False, name="quiet")
    bench.talk(kind=SessionKind.ONESHOT)
    with pytest.raises(RefusedError, match="s1 was held with --no-learn"):
        learning.named(bench.store, "quiet")
    with pytest.raises(UsageError, match="s2 is one question of memchat ask"):
        learning.named(bench.store, "s2")
    with pytest.raises(NotFoundError):
        learning.named(bench.store, "s9")
    learning.check(NORMAL)
    for mode in (CONVERSATIONS_ONLY, INCOGNITO, replace(NORMAL, learns=False)):
        with pytest.raises(RefusedError, match="Memory is off"):
            learning.check(mode)


def test_a_plan_reads_the_words_once_and_never_under_the_lock(home: Path, clock: FrozenClock) -> None:
    """Whoever asks a question meanwhile can save it: only numbers are gathered in the transaction."""
    with closing(open_store(home / "memchat.db")) as store:
        bench = Bench(store, clock)
        for _ in range(3):
            bench.talk()
        bench.talk(kind=SessionKind.ONESHOT)
        statements = traced(store)
        assert len(plan(bench)) == 4
        reads = [sql for sql in statements if "JOIN parts" in sql]
        assert len(reads) == 4
        assert not any(sql.startswith("LOCKED") for sql in reads)
        assert any(sql.startswith("LOCKED") for sql in statements)


def test_learning_of_many_lets_others_write_in_between(home: Path, clock: FrozenClock) -> None:
    """The sweep's batches are committed one by one."""
    with closing(open_store(home / "memchat.db")) as store, closing(open_store(home / "memchat.db")) as other:
        bench = Bench(store, clock)
        with store.transaction():
            for _ in range(120):
                bench.talk()
        asked = add_turn(other, "Is anybody there?").session_id
        enqueued: list[int] = []

        def after_commit(*_: object) -> int:
            enqueued.append(len(other.jobs.listing()))
            add_turn(other, "And now?", session_id=asked)
            return apsw.SQLITE_OK

        behind(store).connection.set_wal_hook(after_commit)
        learning.learn(bench.worker(ScriptedModel([])), None, OWNER, bench.clock.now())
        assert 1 < enqueued[0] < max(enqueued) == 121
        assert len(other.transcripts.turns(asked)) == len(enqueued) + 1


def test_what_only_moves_the_mark_is_planned_as_no_request(bench: Bench) -> None:
    """One-shots while memory.write is off: they yield facts only, and none are wanted."""
    bench.talk(kind=SessionKind.ONESHOT)
    estimator = bench.estimator(ScriptedModel([], name="test", host="api.example", local=False))
    rules = replace(estimator.rules, write="off")
    (planned,) = learning.plan(bench.store, None, replace(estimator, rules=rules), OWNER, bench.clock.now())
    assert (planned.calls, planned.tokens, planned.cost) == (0, 0, 0)
    assert [
        one.error for one in learning.plan(bench.store, None, replace(bench.estimator(no_key), rules=rules), OWNER, NOW)
    ] == [""]


def test_what_was_taken_back_after_it_was_enqueued_is_not_planned(bench: Bench) -> None:
    """The job is there, and finds nothing to do."""
    session_id = bench.left()
    bench.store.transcripts.set_leaf(session_id, None)
    assert plan(bench) == []
    assert len(bench.store.jobs.listing()) == 1
