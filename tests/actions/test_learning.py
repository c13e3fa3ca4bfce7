"""Learning now: what it would cost, who may be learned from, and that looking changes nothing."""

from dataclasses import replace

import pytest
from memchat.actions import learning
from memchat.chat.consolidating import Fate
from memchat.domain import CONVERSATIONS_ONLY, INCOGNITO, NORMAL, JobStatus, Role, SessionKind
from memchat.errors import NetworkError, NotFoundError, RefusedError, UsageError
from memchat.llm.scripted import ScriptedModel

from tests.actions.conftest import OWNER, Bench, fact, found, no_key
from tests.builders import add_turn, typed
from tests.conftest import NOW


def plan(bench: Bench, ref: str = "", **more: int) -> list[learning.Planned]:
    """What there would be to do."""
    talk = learning.named(bench.store, ref) if ref else None
    model = ScriptedModel([], name="test", host="api.example", local=False)
    return learning.plan(bench.store, talk, bench.ways(model, **more), OWNER, bench.clock.now())


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


def test_what_failed_is_tried_again_but_for_a_named_one(bench: Bench) -> None:
    """There the plan says what failed and how it is tried again; with more said it is new work."""
    bench.talk()
    assert learn(bench, ScriptedModel(["garbage", "garbage"])) == [Fate.FAILED]
    (failed,) = plan(bench, "s1")
    assert failed.error.startswith("failed before: the answer could not be read")
    assert (failed.hint, failed.calls) == ("Again: memchat doctor --retry", 0)
    assert learn(bench, ScriptedModel([]), "s1") == []
    assert [one.error for one in plan(bench)] == [""]
    (job,) = bench.store.jobs.listing()
    assert job.status is JobStatus.FAILED
    add_turn(bench.store, "More.", session_id=1)
    assert [(one.error, one.work.refs) for one in plan(bench, "s1")] == [("", ("s1.1", "s1.2"))]
    assert learn(bench, ScriptedModel([found()])) == [Fate.DONE]


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
    (planned,) = learning.plan(bench.store, None, bench.ways(no_key), OWNER, bench.clock.now())
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
