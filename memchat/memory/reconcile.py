"""A checked draft against what is known -> Refresh | Supersede | Add | Ask | Ignore: code decides, no model.

What a model says ends nothing: only words of the user that code has proved take the place of what holds, and what they
replaced keeps its history. Steps, each a small function; the first that has an outcome decides. Every reason to ignore
is a fixed phrase of `outcomes.py`: it is counted, and holds nothing that anybody wrote.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from memchat.domain import Draft, Grave, Memory, MemoryStatus, Source, Verdict
from memchat.memory import outcomes as why
from memchat.memory.case import Case, case
from memchat.memory.change import RETRACT, Change, changes_name, proves, says_also, touches
from memchat.memory.fields import MANY, NAME
from memchat.memory.likeness import Likeness, denied, says_value
from memchat.memory.outcomes import (
    ASKED_AGAIN,
    TAKEN_BACK,
    WAITING,
    WRITE_IS_ASK,
    Add,
    Ask,
    Ignore,
    Outcome,
    Refresh,
    Supersede,
)
from memchat.memory.phrases import negated
from memchat.memory.words import bare, words

__all__ = [
    "ASKED_AGAIN",
    "TAKEN_BACK",
    "WAITING_MOST",
    "WRITE_IS_ASK",
    "Add",
    "Ask",
    "Change",
    "Ignore",
    "Outcome",
    "Refresh",
    "Supersede",
    "bare",
    "reconcile",
]

WAITING_MOST = 3
"""Drafts of one message that may wait for the user: who proposes more than code can prove must not fill the inbox."""

SAME, MORE, LESS, CONTRARY = Likeness.SAME, Likeness.MORE, Likeness.LESS, Likeness.CONTRARY


def reconcile(  # noqa: PLR0913 - all that decides about a draft
    draft: Draft,
    verdict: Verdict,
    known: Sequence[Memory],
    fields: Sequence[str],
    now: datetime,
    *,
    said: Source | None = None,
    change: Change | None = None,
    grave: Grave | None = None,
    message_id: int | None = None,
) -> Outcome:
    """What becomes of `draft`, as it would be kept, beside `known` (memories of any status, oldest first).

    `fields` are the configured profile fields. `said` is given for words that are taken in later than they were said:
    then what was learned from the same message, and what was said or taken back since, weighs more. `change` is what
    the model wants to replace or end, `grave` what was erased and looks like it. `message_id` is the message that holds
    the words, where `said` does not tell: of one message at most `WAITING_MOST` drafts wait.
    """
    if verdict.status is None:
        return Ignore(verdict.why)
    if draft.field and draft.field not in fields:
        return Ignore(why.NO_FIELD)
    asked = case(draft, verdict, known, now, said, said.message_id if said else message_id, change, grave)
    outcome = next(found for step in STEPS if (found := step(asked)) is not None)
    if isinstance(outcome, Ask) or (isinstance(outcome, Add) and outcome.status in WAITING):
        return _asked(outcome, asked)
    return outcome


def _asked(outcome: Ask | Add, one: Case) -> Outcome:
    """What waits is asked once, and not too much is asked of one message."""
    if one.found(one.waiting, SAME, LESS):
        return Ignore(why.WAITS)
    # The tool asked about these very words already: consolidation only words it otherwise.
    before = (memory for memory in one.waiting if memory.created_at < one.now)
    if one.said is not None and not one.proved and any(one.from_this_quote(memory) for memory in before):
        return Ignore(why.WAITS)
    if one.verdict.why != WRITE_IS_ASK and one.unproved_here >= WAITING_MOST:
        return Ignore(why.TOO_MANY)
    return outcome


# The steps.


def _settled(one: Case) -> Outcome | None:
    """These words have taught already, what they taught was taken back, or they were overtaken since they were said."""
    draft, said = one.draft, one.said
    standing = [memory for memory in one.known if memory.withdrawn_at is None or memory.why != ASKED_AGAIN]
    same_field = [memory for memory in standing if memory.field == draft.field]
    learned = [memory for memory in same_field if one.from_these_words(memory) and _same(draft.text, memory.text)]
    if any(memory.withdrawn_at is None for memory in learned):
        return None if said is None else Ignore(why.LEARNED_BEFORE)
    if not one.proved:  # in other words, or under another name, it is still what the user did not want
        learned += [memory for memory in standing if memory.withdrawn_at is not None and one.from_this_quote(memory)]
    if learned:
        return Ignore(_ended(learned[-1], one.now))
    if said is None:
        return None
    for memory in same_field:
        ended = memory.withdrawn_at or memory.valid_to
        if ended is None or not said.at < ended <= one.now:
            continue
        unset = one.single and memory.status(one.now) is MemoryStatus.EXPIRED
        if unset or bare(memory.text) == bare(draft.text):
            return Ignore(_ended(memory, one.now))
    return None


def _known(one: Case) -> Outcome | None:
    """What holds says it already: said by the user it is confirmed, whatever the model meant by it."""
    twin = one.found(one.active, SAME) or one.found(one.active, LESS)
    if twin is None:
        return None
    if not one.proved and one.verdict.why != WRITE_IS_ASK:
        retracted = one.change is not None and one.change.op == RETRACT
        return Ignore(why.NOT_ENDED if retracted else why.KNOWN)
    ends = one.draft.valid_to
    if ends is not None and ends != twin.valid_to and one.how[twin.id] is SAME and not one.older_than(twin):
        return Supersede(twin, one.verdict.why, one.settles)  # the same, and now its end is known
    return Refresh(twin)


def _erased(one: Case) -> Outcome | None:
    """It looks like what the user erased, or never wants to be kept."""
    grave = one.grave
    if grave is None:
        return None
    if grave.never:
        return Ignore(why.NEVER)
    unsaid = not one.proved and not grave.said  # a model that heard it elsewhere must not bring it back
    if unsaid or one.verdict.status is MemoryStatus.QUARANTINED or (one.said is not None and one.said.at <= grave.at):
        return Ignore(why.ERASED)
    return Ask(why.erased_on(grave, one.now))


def _in_profile(one: Case) -> Outcome | None:
    """A note that only says what a profile value says."""
    if one.draft.field:
        return None
    values = [memory for memory in one.known if memory.field and memory.status(one.now) is MemoryStatus.ACTIVE]
    said = any(says_value(one.draft.text, memory.field, memory.text) for memory in values)
    return Ignore(why.IN_PROFILE) if said else None


def _changed(one: Case) -> Outcome | None:
    """The model wants it to take the place of a memory: the user's words must say so, else the user is asked."""
    change = one.change
    if change is None or one.verdict.status is MemoryStatus.QUARANTINED:
        return None
    named = change.target.id if change.target else None
    target = next((memory for memory in one.active if memory.id == named), None)
    if target is not None and not one.single and not (change.op == RETRACT and _says_nothing_new(one, target)):
        if one.proved and (proves(one.draft, target) or one.how[target.id] in (MORE, CONTRARY)):
            return _instead(one, target)
        if touches(one.draft, target):
            return Ask(f"may replace {target.ref}" if one.proved else one.verdict.why, target)
    return None if one.proved or change.op != RETRACT else Ignore(why.NOT_ENDED)


def _says_nothing_new(one: Case, target: Memory) -> bool:
    """Whether an unproved draft only has words of `target`: none of them says that it ended."""
    text = one.draft.text
    return not one.proved and words(text) <= words(target.text) and denied(text) == denied(target.text)


def _unproved(one: Case) -> Outcome | None:
    """What waits replaces nothing; it says whose place it would take."""
    status = one.verdict.status
    if status is None or one.proved:
        return None
    if status is MemoryStatus.PENDING:
        old = one.active[-1] if one.single and one.active else one.found(one.active, MORE, CONTRARY)
        if old is not None:
            return Ask(one.verdict.why, old)
    return Add(status, one.verdict.why)


def _instead_of_known(one: Case) -> Outcome | None:
    """It says more than what holds, or the contrary, or it is the one value of its field."""
    if one.single:
        return _other_value(one, one.active[-1]) if one.active else None
    if old := one.found(one.active, CONTRARY):
        return _instead(one, old)
    old = one.found(one.active, MORE)
    return None if old is None or one.older_than(old) else _instead(one, old)


def _new(one: Case) -> Outcome:
    """Something new, if there is room for it."""
    most = MANY.get(one.draft.field, len(one.active) + 1)
    if len(one.active) < most:
        return Add(MemoryStatus.ACTIVE, one.verdict.why, one.settles)
    held = ", ".join(f"{memory.ref} {memory.text}" for memory in one.active)
    return Ask(f"{one.draft.field} holds {most} already: {held}")


def _other_value(one: Case, old: Memory) -> Outcome:
    """Another value of a field that holds one: it takes the place, unless it may be somebody else's, or one more."""
    outcome = _instead(one, old)
    if isinstance(outcome, Supersede):
        part = one.verdict.part
        said = part.content if part else one.draft.quote
        if one.draft.field == NAME and not changes_name(said, one.draft.text, old.text):
            return Ask(f"another name than {old.ref}", old)
        if says_also(one.sentence):
            return Ask(f"it may hold beside {old.ref}", old)
    return outcome


STEPS: tuple[Callable[[Case], Outcome | None], ...] = (
    _settled,
    _known,
    _erased,
    _in_profile,
    _changed,
    _unproved,
    _instead_of_known,
    _new,
)


def _instead(one: Case, old: Memory) -> Outcome:
    """It takes the place of `old` unless it was said before that, or along with it, or soon holds no longer."""
    if one.from_these_words(old) and one.how[old.id] is not MORE:
        corrected = one.corrected(old)
        if corrected is None:
            return Ask(f"said together with {old.ref}", old)
        if not corrected:
            return Ignore(why.NEWER)
    if one.older_than(old):
        return Ignore(why.NEWER)
    ends = one.draft.valid_to
    if ends is not None and one.single and old.valid_to is None:
        return Ask(f"it holds only until {ends.astimezone(one.now.tzinfo).date()}", old)
    return Supersede(old, one.verdict.why, one.settles)


def _ended(memory: Memory, now: datetime) -> str:
    """Why a memory holds no longer."""
    return memory.why if memory.why in (why.REJECTED, why.REFUSED) else why.ENDED[memory.status(now)]


def _same(text: str, known: str) -> bool:
    """Whether two texts from one message say the same: one holds all words of the other, and no "not" parts them."""
    some, others = words(text), words(known)
    within = bool(some and others) and (some <= others or others <= some)
    return bare(text) == bare(known) or (within and negated(text) == negated(known))
