"""The tool `remember`: a fact that the model took from the newest message, checked, and kept or not."""

from typing import Any

from memchat.chat.tool_calls import BadCallError, Moment, Result, as_json, short, text_of
from memchat.chat.tool_specs import NOTE
from memchat.domain import Draft, Learned
from memchat.memory import learning
from memchat.memory.learning import Rules
from memchat.memory.outcomes import Ignore, Outcome
from memchat.memory.prompt import VERSION
from memchat.memory.quoting import clean
from memchat.memory.verify import verify
from memchat.ports import Store

ERASED_MEANWHILE = "something was erased meanwhile"


def remember(arguments: dict[str, Any], moment: Moment, store: Store, rules: Rules) -> Result:
    """Keep what the model says that the user just said of themselves, as far as code can prove it."""
    field = text_of(arguments, "field")
    field = "" if field == NOTE else field
    if field and field not in rules.fields:
        raise BadCallError(f"field must be one of: {', '.join((*rules.fields, NOTE))}")
    proposed = Draft(clean(text_of(arguments, "text")), text_of(arguments, "quote"), field)
    found = verify(
        proposed, moment.message, fields=rules.fields, min_importance=rules.min_importance, before=moment.before
    )
    draft, verdict = learning.as_kept(proposed, found)
    outcome: Outcome = Ignore(verdict.why)
    with store.transaction():
        if store.erasure.epoch() != moment.epoch:
            return _ignored(draft, ERASED_MEANWHILE)
        if verdict.status is not None:
            verdict = rules.allowed(verdict)
            source = learning.source_of(verdict, moment.message, at=moment.now, model=moment.model, version=VERSION)
            outcome = learning.decide(store, draft, verdict, source, rules, moment.now)
        if isinstance(outcome, Ignore):
            store.usages.record_ignored({outcome.why: 1}, moment.now)
            return _ignored(draft, outcome.why)
        learned = learning.keep(store.memories, draft, outcome, source, moment.now)
        (made,) = learning.make_room(store.memories, [learned], moment.now, rules.max_notes)
        return _remembered(made)


def _remembered(learned: Learned) -> Result:
    memory = learned.memory
    status = "refreshed" if learned.refreshed else str(memory.stored_status)
    why = "known before, confirmed" if learned.refreshed else memory.why
    content = as_json({"status": status, "id": memory.ref, "why": why})
    return Result(content, f"{status} {memory.ref}: {short(memory.text)}", learned=learned)


def _ignored(draft: Draft, why: str) -> Result:
    content = as_json({"status": "ignored", "id": None, "why": why})
    return Result(content, f"not remembered: {short(draft.text)} ({why})")
