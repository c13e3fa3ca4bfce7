"""What the notebook proposes to remember: the plain statements of a message, as drafts."""

from collections.abc import Collection
from datetime import datetime

from memchat.domain import Draft
from memchat.memory.statements.reading import statements
from memchat.memory.statements.rules import NOTE


def learn(text: str, now: datetime) -> list[Draft]:
    """Drafts for what `text`, typed at `now` by the user, says of them; each `quote` is a substring of `text`."""
    return [
        Draft(one.text, text[one.start : one.end], one.field, valid_to=one.valid_to) for one in statements(text, now)
    ]


def placed(draft: Draft, fields: Collection[str]) -> tuple[str, str]:
    """Field and text as they are kept: as a note in the user's own words where the field is not configured.

    `fields` are the configured ones; empty takes any.
    """
    field = draft.field or NOTE
    if fields and field != NOTE and field not in fields:
        return NOTE, draft.quote
    return field, draft.text
