"""What was erased and is said again in a chat waits, whoever takes it up: tool, rules, consolidation."""

from contextlib import closing

import pytest
from memchat.actions import forgetting
from memchat.actions.forgetting import Wanted
from memchat.chat.consolidating import Consolidator
from memchat.domain import Memory, MemoryStatus
from memchat.llm.notebook.model import NotebookModel
from memchat.memory.learning import Rules
from memchat.ports import ChatModel

from tests.chat.conftest import FIELDS, Lab, Words, say
from tests.e2e.forgetting_world import Parrot

WHY = "you erased this on 2026-11-22"
SAID = "I am allergic to walnuts."


def learned(lab: Lab) -> list[Memory]:
    """All there is."""
    return lab.store.memories.all()


def consolidate(lab: Lab, model: ChatModel) -> None:
    """Take in what was left."""
    for session in lab.store.transcripts.sessions():
        lab.store.jobs.enqueue_left(session.id, lab.clock.now())
    worker = Consolidator(
        lab.store,
        model_for=lambda _name, _host: model,
        counter_for=lambda _: Words(),
        rules=Rules(FIELDS),
        max_tokens=16_000,
        clock=lab.clock,
        owner="here:1",
    )
    worker.run_pending(early=True)


def told(lab: Lab, model: ChatModel, how: str) -> None:
    """Said in a conversation of its own, and taken up by the reply or afterwards."""
    with closing(lab.engine(model)) as engine:
        say(engine, SAID)
    if how == "consolidation":
        consolidate(lab, model)
    lab.clock.advance(hours=1)


@pytest.mark.parametrize("how", ["tool", "rules", "consolidation"])
@pytest.mark.parametrize("tombstone", [True, False])
def test_it_waits_with_the_day(lab: Lab, how: str, tombstone: bool) -> None:
    """Where a tombstone was left; else it is learned as if for the first time."""

    model = NotebookModel() if how == "rules" else Parrot(remembers=how == "tool")
    told(lab, model, how)
    [memory] = learned(lab)
    assert memory.stored_status is MemoryStatus.ACTIVE
    now = lab.clock.now()
    plan = forgetting.plan(lab.store, FIELDS, Wanted(refs=(memory.ref,), tombstone=tombstone), now)
    assert forgetting.erase(lab.store, plan, now).traces == 0
    consolidate(lab, model)
    assert learned(lab) == []
    lab.clock.advance(hours=1)
    told(lab, model, how)
    [again] = learned(lab)
    if tombstone:
        assert (again.stored_status, again.why) == (MemoryStatus.PENDING, WHY)
    else:
        assert again.stored_status is MemoryStatus.ACTIVE
