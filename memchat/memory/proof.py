"""A draft against what its quote plainly states -> the fact as code itself reads it there, or nothing.

A model proposes; the rules of `statements` read the same words, and only where both say the same is a fact proved. It
is then kept where the words put it and as plainly as they say it, whatever the model made of it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from memchat.domain import Draft
from memchat.memory.phrases import negated
from memchat.memory.quoting import fold
from memchat.memory.speech import speaks_of_self
from memchat.memory.statements.sentences import LOOKED_AT
from memchat.memory.words import words

if TYPE_CHECKING:
    from memchat.memory.statements.reading import Statement

NOTE_WORDS = 20  # content words of a note in a model's own wording: more is no longer one plain fact


def proved(
    draft: Draft, text: str, span: tuple[int, int], stated: "Sequence[Statement]", fields: Sequence[str]
) -> Draft | None:
    """The draft as it is to be kept, when one of the statements that the quote at `span` of `text` touches says it.

    `fields` are the configured ones; empty takes any. The best fitting statement counts: of the draft's own field
    before others, then the one that shares most words.
    """
    start, end = span
    near = [
        one for one in stated if one.start < end and start < one.end and _agrees(draft, one, text[one.start : one.end])
    ]
    if not near:
        return None
    own = words(draft.text)
    best = max(near, key=lambda one: (one.field == draft.field, len(words(one.text) & own), -one.start))
    said = text[best.start : best.end]
    if best.field and fields and best.field not in fields:  # a field that is not configured: a note in the user's words
        return replace(draft, field="", text=said, valid_to=best.valid_to)
    text = best.text if best.field or not _well_put(draft, best, said) else draft.text
    return replace(draft, field=best.field, text=text, valid_to=best.valid_to)


def stated_around(text: str, span: tuple[int, int], at: datetime) -> "list[Statement]":
    """What the text states, `span` in its own characters; of a long one only what stands around the span is read."""
    from memchat.memory.statements.reading import statements  # its tables take long to load: not with the first prompt

    before = max(0, span[0] - LOOKED_AT // 2) if span[1] > LOOKED_AT else 0
    found = statements(text[before : before + LOOKED_AT], at, spanish=True)
    return [replace(one, start=one.start + before, end=one.end + before) for one in found]


def _agrees(draft: Draft, one: "Statement", said: str) -> bool:
    """Whether draft and statement say the same, one of them perhaps more of it.

    A "not" must stand in both or in neither, unless the draft repeats the very words: then it is of another clause.
    """
    drafted, stated = words(draft.text), words(one.text)
    if negated(draft.text) != negated(one.text) and fold(said) not in fold(draft.text):
        return False
    if not (drafted and stated):
        return fold(draft.text) == fold(one.text)
    if draft.field == one.field:
        return drafted <= stated or stated <= drafted
    # Put into another field: then all that is stated must stand there.
    return stated <= drafted


def _well_put(draft: Draft, one: "Statement", said: str) -> bool:
    """Whether a note's own wording may stay: all that is stated, nothing that was not said, not the speech itself."""
    drafted, stated = words(draft.text), words(one.text)
    plain = negated(draft.text) == negated(one.text) and not speaks_of_self(draft.text)
    return plain and stated <= drafted <= words(said) | stated and len(drafted) <= NOTE_WORDS
