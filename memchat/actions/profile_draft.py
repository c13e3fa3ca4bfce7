"""The profile as a TOML draft for a person's editor: written with where each value came from, read back strictly."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from memchat.actions.profile import Changes, Profile, replace
from memchat.actions.references import field_name
from memchat.domain import Memory, Origin
from memchat.errors import UsageError
from memchat.memory.fields import MANY
from memchat.ports import Store

HEADER = (
    "Your profile. What you change here is saved when you close the editor.",
    'An emptied value ("") ends, and its history stays. Gone for good: memchat forget FIELD',
)


def to_toml(profile: Profile, now: datetime) -> str:
    """The draft: every field, its value or values, and in a comment who said it and when (in the zone of `now`)."""
    import tomlkit

    draft = tomlkit.document()
    for line in HEADER:
        draft.add(tomlkit.comment(line))
    draft.add(tomlkit.nl())
    for field, values in profile.items():
        if field in MANY:
            several = tomlkit.array()
            for memory in values:
                several.add_line(memory.text, comment=_source(memory, now))
            if values:
                several.add_line(indent="")
            draft.add(field, several)
        else:
            one = tomlkit.string(values[-1].text if values else "")
            one.comment(_source(values[-1], now) if values else "not known")
            draft.add(field, one)
    return draft.as_string()


def apply_toml(
    store: Store,
    fields: Sequence[str],
    draft: str,
    shown: Profile,
    now: datetime,
    *,
    mask_secrets: bool = True,
) -> Changes:
    """Save what differs between `draft` and what was `shown` in it, in one transaction.

    A field left out of the draft, or emptied, ends; a draft without any field changes nothing (an editor that was
    emptied to get out). Raises UsageError or NotFoundError and changes nothing when the draft does not parse, names
    an unknown field, or holds a value that cannot be kept.
    """
    read = _parse(draft, fields)
    before = {field: [memory.text for memory in values] for field, values in shown.items()}
    if not read:
        return Changes()
    wanted = {field: read.get(field, []) for field in before}
    changed = {field: values for field, values in wanted.items() if values != before[field]}
    return replace(store, fields, changed, now, mask_secrets=mask_secrets)


def _parse(draft: str, fields: Sequence[str]) -> Mapping[str, list[str]]:
    import tomllib

    try:
        read = tomllib.loads(draft)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"The draft is no TOML: {error}.", "") from None
    return {field_name(name, fields): _texts(name, value) for name, value in read.items()}


def _texts(name: str, value: object) -> list[str]:
    """The texts of one field; an empty one is none."""
    given = value if isinstance(value, list) else [value]
    texts = [text for text in given if isinstance(text, str)]
    if len(texts) < len(given):
        wanted = 'a list like ["one", "two"]' if name in MANY else 'text in quotes, like "Alice"'
        raise UsageError(f"{name} must be {wanted}.", "")
    return [text for text in texts if text.strip()]


def _source(memory: Memory, now: datetime) -> str:
    """`you said, 2026-11-12, s3.1`."""
    first = memory.sources[0]
    day = first.at.astimezone(now.tzinfo).date().isoformat()
    who = "set by hand" if first.origin is Origin.HAND else "you said"
    return ", ".join(part for part in (who, day, first.ref) if part)
