"""A consolidation that dies at any of its steps: after the next start each turn is taken in exactly once."""

from collections.abc import Callable

import pytest
from memchat.chat.consolidating import Done, Fate
from memchat.domain import JobStatus

from tests.chat.conftest import ALIVE, DEAD, Desk, Summing, Watched, talk, taught

SAID = ("I am allergic to peanuts.", "Hello.", "I am allergic to cats.")
STEPS = [
    *("before lease", "after lease", "before stretches", "after stretches", "before active", "after active"),
    *("before sending", "after sending", "before complete", "after complete", "before holds", "after holds"),
    *("before beside", "after beside", "before add", "after add", "before add 2"),
    *("after add 2", "before record_ignored", "after record_ignored", "before summarise", "after summarise"),
    *("before entitle", "after entitle", "before advance", "after advance", "before record_call", "after record_call"),
    *("before finish", "after finish", "before commit", "after commit"),
]


class KilledError(BaseException):
    """The process is gone: nothing in memchat may catch this."""


def dies_at(step: str, seen: list[str]) -> Callable[[str], None]:
    """What ends the process at a step, and notes on the way which steps there are."""

    def tell(moment: str) -> None:
        seen.append(moment)
        if moment == step:
            raise KilledError

    return tell


def run(desk: Desk, step: str, owner: str) -> list[str]:
    """A process that does all that is due and dies at `step`; the steps it came to."""
    seen: list[str] = []
    tell = dies_at(step, seen)
    store = desk.open()
    model = Watched(Summing(), tell).model()
    try:
        desk.consolidator(model, store=Watched(store, tell).store(), owner=owner).run_pending()
    except KilledError:
        pass
    finally:
        store.close()
    return seen


def start_again(desk: Desk, owner: str) -> tuple[list[Done], Summing]:
    """The next start: a look for what was left, then all of it."""
    desk.clock.advance(minutes=1)
    desk.store.jobs.sweep(owner, desk.clock.now())
    model = Summing()
    return desk.consolidator(model, owner=owner).run_pending(), model


def test_the_steps_are_all_there_are(desk: Desk) -> None:
    """So that a new step cannot be forgotten here."""
    desk.talk(*SAID)
    seen = run(desk, "", DEAD)
    kept = {moment for moment in seen if not moment.startswith(("after all", "before lease 2", "after lease 2"))}
    assert kept >= set(STEPS)
    named = {" ".join(moment.split()[:2]) for moment in kept}
    assert {moment for moment in named if moment.split()[1] not in {step.split()[1] for step in STEPS}} <= {
        "before memories",
        "before get",
        "after get",
        "before history",
        "after history",
        "before turns",
        "after turns",
        "before surplus",
        "after surplus",
        "before path",
        "after path",
    }


@pytest.mark.parametrize("owner", [ALIVE, "elsewhere:1"], ids=["here", "elsewhere"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_every_step_each_turn_is_summarised_once(desk: Desk, step: str, owner: str) -> None:
    """Whoever starts next: here the dead process is known to be gone, from elsewhere its lease has to run out."""
    session_id = desk.talk(*SAID)
    seen = run(desk, step, DEAD)
    assert seen[-1] == step
    if owner != ALIVE:
        desk.clock.advance(minutes=31)
    start_again(desk, owner)
    session = desk.store.transcripts.session(session_id)
    assert session.summary == " ".join(SAID)
    assert session.mark == session.leaf
    assert taught(desk.store) == ["allergic to peanuts", "allergic to cats"]
    assert [len(memory.sources) for memory in desk.store.memories.all()] == [1, 1]
    assert desk.store.jobs.listing() == []


@pytest.mark.parametrize("step", ["before complete", "after advance", "after commit"])
def test_killed_again_and_again(desk: Desk, step: str) -> None:
    """Three deaths in a row, a turn more after each: still every turn once."""
    session_id = desk.talk(SAID[0])
    for text in SAID[1:]:
        run(desk, step, DEAD)
        talk(desk.store, text, session_id=session_id)
        desk.store.jobs.enqueue_left(session_id, desk.clock.now())
    run(desk, step, DEAD)
    start_again(desk, ALIVE)
    assert desk.store.transcripts.session(session_id).summary == " ".join(SAID)
    assert taught(desk.store) == ["allergic to peanuts", "allergic to cats"]


def test_a_dead_call_leaves_no_half_of_itself(desk: Desk) -> None:
    """In the middle of the transaction: what was written before the death is not there."""
    session_id = desk.talk(*SAID)
    run(desk, "before advance", DEAD)
    assert taught(desk.store) == []
    assert desk.store.transcripts.session(session_id).summary == ""
    assert [job.status for job in desk.jobs()] == [JobStatus.RUNNING]
    done, model = start_again(desk, ALIVE)
    assert [one.fate for one in done] == [Fate.DONE]
    assert len(model.tasks) == 1
