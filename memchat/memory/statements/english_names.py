"""Predicates of names and places that everyday talk brings without capitals: of people, pets, schools, workplaces."""

import re

from memchat.memory.statements.english_things import TOOLS
from memchat.memory.statements.english_trades import TIERS, is_employer
from memchat.memory.statements.english_vocabulary import LANGUAGES, OCCUPATIONS
from memchat.memory.statements.english_words import POINTING, WEEK, is_name, is_short, words_of


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NO_SHORT_NAMES = (
    _set(
        "that it this which either both neither whatever anything something everything nothing same here same me "
        "today tomorrow tonight later now then yes no ok metric english short shorter brief plain python cash card "
        "lunch dinner breakfast coffee tea water everyone nobody somebody morning afternoon evening noon midnight "
        "one two three four five six seven eight nine ten half most some any all none what how when where "
        "traceback error log logs code link screenshot output question file data picture photo user guest admin newbie "
        "nitrile latex cotton wool butter oil milk honey paper email mail text phone link default auto draft"
    )
    | TOOLS
    | TIERS
    | WEEK
    | OCCUPATIONS
    | POINTING
    | _set(LANGUAGES)
)
_NO_PET_NAMES = _set(
    "food walker sitter bed litter tree toy toys collar owner show door flap hair allergy bowl breed vet only also "
    "really just still never always now usually sometimes probably already person people lover is was has ate eats "
    "loves likes hates keeps needs wants sleeps barks will who and or that which with here poo fur trainer treat "
    "treats "
    "park lead shelter rescue racing riding box run hutch cage crate chew bite bites attack meme video pic photo"
)
_NO_SCHOOLS = _set(
    "gym home night work the a my an it this that school uni university church morning evening altitude weekends"
)
_NO_STUDIES = _set("hard the it this that you my a all for your in rusty useless wasted over worthless bad not no weak")


def is_short_name(value: str) -> bool:
    """What `... will do` and `... is fine` call the user: `mags`, not `that` or `tuesday`."""
    return is_name(value) and len(value) > 1 and value.lower() not in _NO_SHORT_NAMES


def is_pet_name(value: str) -> bool:
    """What stands between `my dog` and its verb: `biscuit`, not `walker`."""
    return is_name(value) and value.lower() not in _NO_PET_NAMES and not value.lower().endswith(("ly", "'s"))


def is_workplace(value: str) -> bool:
    """What follows `I started at`: a firm or an institution, no hour and no page."""
    words = words_of(value)
    if not words or re.match(
        r"\d|(?:the )?(?:top|bottom|beginning|end|start|same|page|line|first|last)\b", value.lower()
    ):
        return False
    return is_employer(value) and words[0] not in _set("noon midnight dawn school zero half quarter least it my") | WEEK


def is_trained_at(value: str) -> bool:
    """A school or a hospital: `jimmys`, `McMaster`."""
    words = words_of(value)
    return is_short(value) and 0 < len(words) <= 5 and words[0] not in _NO_SCHOOLS


def is_studied(value: str) -> bool:
    """A subject, perhaps with its place: `physics from mcmaster`."""
    words = words_of(value)
    return is_short(value) and 0 < len(words) <= 7 and words[0] not in _NO_STUDIES
