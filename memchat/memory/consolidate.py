"""After the talk: new turns -> one question to a model -> its reply, checked -> summary, title, topics and facts kept.

The four steps are `prepare`, the model's `complete`, `read` and `keep`; only the last one writes, inside the caller's
transaction. What the model says is a draft: code decides, and nothing it says ends or deletes anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import accumulate

from memchat.domain import (
    Material,
    Memory,
    Session,
    SessionKind,
    Stretch,
    Task,
    Turn,
)
from memchat.errors import ContextWindowError
from memchat.memory import consolidation_prompt as prompt
from memchat.memory import session
from memchat.memory.consolidation_prompt import VERSION
from memchat.memory.findings import EMPTY_SUMMARY, Findings, UnreadableError, read
from memchat.memory.intake import Intake, Kept
from memchat.memory.learning import OFF, Rules
from memchat.memory.outcomes import LEARNED_BEFORE
from memchat.memory.quoting import CUT_CHARACTERS, Count
from memchat.memory.statements.sentences import own_words
from memchat.memory.words import words
from memchat.ports import Store

__all__ = [
    "TURNS",
    "VERSION",
    "Findings",
    "Kept",
    "Prepared",
    "UnreadableError",
    "again",
    "asking",
    "keep",
    "prepare",
    "read",
    "telling",
    "tokens",
]

TURNS = 25  # in one call at most, and as many make one due (memory.md, section 3)
KNOWN_SHARE = 0.25  # of the request at most for what is known
KNOWN_NOTES = 50  # at most, as many as the head shows
LEAST_TOKENS = 400  # must be left for turns: what is shortened to less is as good as not read, and would count as read


@dataclass(frozen=True, slots=True)
class Prepared:
    """One consolidation, ready to be asked. `task` is None when there is nothing to ask: only the marks move."""

    task: Task | None
    stretches: tuple[Stretch, ...]


# Asking.


def asking(stretches: Sequence[Stretch], rules: Rules) -> Session | None:
    """The session whose model is to be asked about these; None when nothing that it could answer would be kept.

    So it is where no turn may be learned from, and of one-shots, which have no summary, where no facts are kept.
    """
    session = next((stretch.session for stretch in telling(stretches) if stretch.turns), None)
    if session is not None and session.kind is SessionKind.ONESHOT and rules.write == OFF:
        return None
    return session


def telling(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Of one-shots only turns with the user's own words: only these may become facts."""
    return [
        stretch
        if stretch.session.kind is SessionKind.CHAT
        else replace(stretch, turns=tuple(turn for turn in stretch.turns if own_words(turn.user).strip()))
        for stretch in stretches
    ]


def tokens(task: Task, count: Count) -> int:
    """What a request for it costs: instructions, text, and the schema, which is read too wherever it stands."""
    return count(task.instructions) + count(task.text) + count(task.schema_text)


def prepare(
    stretches: Sequence[Stretch], memories: Sequence[Memory], rules: Rules, now: datetime, *, count: Count, limit: int
) -> Prepared:
    """What to ask about these stretches: of one conversation, or of several one-shots.

    `memories` are those that hold. The request costs at most about `limit` tokens: where the turns cost more, the
    oldest are taken, and the last stretch returned ends with them. Raises ContextWindowError when not one turn fits.
    """
    first = asking(stretches, rules)
    if first is None:
        return Prepared(None, tuple(stretches))
    of_session, stretches = first.kind is SessionKind.CHAT, telling(stretches)
    turns = [turn for stretch in stretches for turn in stretch.turns]
    known = _known(memories, turns, rules.fields)
    empty = Material((), (), rules.fields, now, session=of_session)
    if of_session:
        empty = replace(empty, summary=first.summary, title=first.title)
    instructions = prompt.instructions(rules.fields, of_session=of_session)
    schema = prompt.schema(rules.fields, len(turns), of_session=of_session)
    bare = Task(prompt.NAME, instructions, prompt.text((), empty, ()), schema, empty)
    shown, lines, cost = _shown(known, int(limit * KNOWN_SHARE), count)
    numbered, told, taken = _taken(stretches, limit - tokens(bare, count) - cost, now, count)
    material = replace(empty, turns=tuple(numbered), known=tuple(shown))
    text = prompt.text(lines, material, told)
    return Prepared(replace(bare, text=text, material=material), tuple(taken))


def again(task: Task, why: str) -> Task:
    """The same question, after a reply that could not be read; `why` is UnreadableError's."""
    return replace(task, text=f"{task.text}\n\n{prompt.AGAIN.format(why=why)}")


def _known(memories: Sequence[Memory], turns: Sequence[Turn], fields: Sequence[str]) -> list[Memory]:
    """Profile values, then the notes that share most words with what was said, the newest confirmed first."""
    said = words("\n".join(own_words(turn.user)[:CUT_CHARACTERS] for turn in turns))
    notes = [memory for memory in memories if not memory.field]
    notes.sort(key=lambda note: (len(words(note.text) & said), note.last_confirmed_at, note.id), reverse=True)
    return [*(memory for memory in memories if memory.field in fields), *notes[:KNOWN_NOTES]]


def _shown(known: Sequence[Memory], room: int, count: Count) -> tuple[list[Memory], list[str], int]:
    """Those of the known that fit into `room` tokens, their lines, and what these cost."""
    lines = [prompt.memory_line(memory) for memory in known]
    if (cost := count("\n".join(lines))) <= room:
        return list(known), lines, cost
    costs = [count(line) + 1 for line in lines]
    ends = sum(total <= room for total in accumulate(costs))
    return list(known[:ends]), lines[:ends], sum(costs[:ends])


def _taken(
    stretches: Sequence[Stretch], room: int, now: datetime, count: Count
) -> tuple[list[tuple[int, Turn]], list[str], list[Stretch]]:
    """The oldest turns that fit into `room` tokens, numbered, as text, and the stretches as far as they are taken."""
    if room < LEAST_TOKENS:
        raise too_small()
    numbered: list[tuple[int, Turn]] = []
    told: list[str] = []
    taken: list[Stretch] = []
    whole_room, before = room, None
    for stretch in stretches:
        whole = 0
        for turn in stretch.turns:
            day: date = turn.user.created_at.astimezone(now.tzinfo).date()
            number = len(numbered) + 1
            lines, tokens = prompt.turn_lines(number, turn, day if day != before else None, whole_room, count)
            room -= tokens
            if room < 0:
                break
            numbered.append((number, turn))
            told.append(lines)
            whole, before = whole + 1, day
        taken += [_part(stretch, whole)] if whole or not stretch.turns else []
        if room < 0:
            break
    if not numbered:
        raise too_small()
    return numbered, told, taken


def _part(stretch: Stretch, turns: int) -> Stretch:
    """The stretch up to the last of its first `turns`."""
    if turns == len(stretch.turns):
        return stretch
    kept = stretch.turns[:turns]
    return replace(stretch, turns=kept, up_to=kept[-1].messages[-1].id)


def too_small() -> ContextWindowError:
    """Not one turn fits beside the instructions."""
    return ContextWindowError(
        "The model reads too little at once to summarise even one turn.",
        "Choose another one for it: model.memory_name, or a larger num_ctx.",
    )


# Keeping.


def keep(
    store: Store, prepared: Prepared, findings: Findings, rules: Rules, *, model: str, now: datetime, count: Count
) -> Kept:
    """Write down what `model` found: facts, summary, title, topics, and the marks. Part of the caller's transaction.

    Without a task only the marks move. Raises UnreadableError when there is no summary where one is wanted: `read`
    does so sooner, if it is told.
    """
    kept = Kept()
    if prepared.task is not None:
        material = prepared.task.material
        kept = Intake(store, material, rules, model, now).facts(findings)
        turned_away = {why: number for why, number in kept.ignored.items() if why != LEARNED_BEFORE}
        store.usages.record_ignored(turned_away, now)
        if material.session:
            _keep_summary(store, prepared.stretches, findings, count)
    store.jobs.advance(prepared.stretches)
    return kept


def _keep_summary(store: Store, stretches: Sequence[Stretch], findings: Findings, count: Count) -> None:
    one = next(stretch.session for stretch in stretches if stretch.turns)
    # The summary so far is not given up for nothing.
    summary = one.summary if findings.silent else session.fitted(findings.summary, count)
    if not (summary or findings.silent):
        raise UnreadableError(EMPTY_SUMMARY)
    topics = findings.topics or (one.topics if findings.silent else ())
    store.transcripts.summarise(one.id, summary, topics)
    if findings.title:
        store.transcripts.entitle(one.id, findings.title)
