"""What a person writes by hand, made fit to keep: one clean line, neither empty nor endless, secrets masked."""

import re
import unicodedata

from memchat.actions.references import shorten
from memchat.errors import UsageError
from memchat.memory import fields
from memchat.memory.quoting import clean

# Every profile value goes into every request, so it must stay a phrase.
VALUE_CHARACTERS = 500
# A note is a sentence or a few; longer text belongs into a conversation, where recall finds it.
NOTE_CHARACTERS = 2_000
# A title is one line of a list.
TITLE_CHARACTERS = 120

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
# What invalid UTF-8 on a command line becomes; no database can hold it. A sign stands where a byte was lost.
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def value(text: str, field: str, *, mask_secrets: bool = True) -> str:
    """One value of profile field `field`, clean and in the field's form (`lisbon` -> `Europe/Lisbon`).

    Raises UsageError when nothing is left, when it is too long, or no such value.
    """
    line = _line(text, VALUE_CHARACTERS, f"A value of {field}", "every chat carries it")
    if not line:
        raise UsageError(f"The value of {field} is empty.", f"To let go of it: memchat profile unset {field}")
    try:
        line = fields.normal(field, line)
    except fields.NoValueError as error:
        raise UsageError(f"{shorten(line)!r} cannot be the value of {field}: {error.why}.", error.hint) from None
    return _masked(line, mask_secrets)


def note(text: str, *, mask_secrets: bool = True) -> str:
    """The words of a note, clean. Raises UsageError when nothing is left or they are too long."""
    line = _line(text, NOTE_CHARACTERS, "A note", "a chat carries it whole")
    if not line:
        raise UsageError("There is nothing to remember: the text is empty.", 'Like this: memchat memory add "..."')
    return _masked(line, mask_secrets)


def title(text: str, *, mask_secrets: bool = True) -> str:
    """A conversation's title, clean. Raises UsageError when nothing is left or it is too long."""
    line = _line(text, TITLE_CHARACTERS, "A title", "it is one line of a list")
    if not line:
        raise UsageError("The title is empty.", 'Like this: memchat sessions rename s17 "Rate limits"')
    return _masked(line, mask_secrets)


def session_name(text: str) -> str:
    """The name of a new conversation, as it is. Raises UsageError when it is longer than a title may be."""
    if len(text) > TITLE_CHARACTERS:
        raise UsageError(
            f"A conversation's name may have {TITLE_CHARACTERS} characters; this has {len(text):,}.",
            "Choose a shorter one.",
        )
    return text


def _line(text: str, limit: int, what: str, why: str) -> str:
    """`text` as one line: escape sequences out, what cannot be seen and white space to single blanks."""
    # Cleaning what is far too long would only cost time: white space aside, the verdict is the same.
    if len(text.strip()) <= limit * 4:
        text = clean(_SURROGATES.sub("\ufffd", _ESCAPES.sub("", text)))
    if len(text) > limit:
        raise UsageError(
            f"{what} may have {limit:,} characters, as {why}; this has {len(text):,}.", "Say it in fewer words."
        )
    return text if any(_seen(char) for char in text) else ""


def _seen(char: str) -> bool:
    """Whether a character leaves ink: joiners and marks alone make no word."""
    return unicodedata.category(char) not in {"Cf", "Zs", "Cc", "Mn"}


def _masked(line: str, wanted: bool) -> str:
    if not wanted:
        return line
    # Its rules are many; commands that only look do not load them.
    from memchat.memory.masking import mask

    return mask(line).text
