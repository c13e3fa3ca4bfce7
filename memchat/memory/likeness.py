"""How two notes relate: one says the same, more, less, the contrary, or something else. Pure, and no model.

Two signals must agree before two texts count as one: their words, and the letters they are written in. Whatever
distinguishes facts - a name, a number, a denial, who it is about - keeps them apart. Where it is not sure the answer is
OTHER: two notes that say one thing are a blemish, and one that swallowed another is a loss.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from memchat.memory.language import folded
from memchat.memory.quoting import fold
from memchat.memory.words import stem, words

ALIKE = 0.8
"""Share of three-letter pieces that two texts in other order or spelling have in common at least (Dice, 0 to 1).

Measured on the 96 pairs of tests/memory/likeness_pairs.py: what says the same has 0.82 ("works at Acme as an engineer",
"works as an engineer at Acme") or more; two bare names that changed places have 0.78 and less.
"""


class Likeness(Enum):
    """What a new text is to an old one."""

    SAME = "same"
    MORE = "more"  # the new one says all the old one says, and more
    LESS = "less"
    CONTRARY = "contrary"  # the same words, and only one of them denies
    OTHER = "other"


_TURNED = {
    Likeness.MORE: Likeness.LESS,
    Likeness.LESS: Likeness.MORE,
}

# Who speaks, and what only carries a verb or a noun: notes are written with it and without.
_EMPTY = frozenset(
    ("a", "an", "the", "i", "my", "user", "users", "is", "am", "are", "be", "been", "do", "does", "just", "here")
)
_EMPTY_HAN = re.compile("使用者|用户|一(?:个|只|位|条|家)|[我你您的是了在着个只位会]")
_STRONG = frozenset(("very", "really", "quite", "so", "also", "still", "now", "currently", "extremely", "severely"))
_STRONG_HAN = re.compile("目前|现在|非常|严重|特别|[很也都还超]")
_ALSO_SAID = {"lov": "lik", "enjoy": "lik", "ador": "lik", "has": "hav"}
_ALSO_SAID_HAN = {"喜爱": "喜欢", "热爱": "喜欢", "讨厌": "不喜欢", "居住": "住"}

_HATES = re.compile(r"\b(?:dislikes?|hates?|detests?|can't stand|cannot stand)\b")
_DENIES = re.compile(
    r"\b(?:not|no longer|no more|never|any ?more|any longer|cannot|without|no|nor|neither|nothing|none|stop(?:s|ped)?|"
    r"quit(?:s|ted)?|gives? up|gave up|given up|used to|refuses? to|\w+n't)\b"
    "|不再|不想|不要|不能|不会|没有|停止|放弃|戒掉|戒了|再也不|[不没未无戒别]"
)
_OVER = re.compile(r"\b(?:was|were|had|did|previously|formerly|once|ago)\b|以前|曾经|过去")
_SHORT_FORM = re.compile(r"'(?:m|s|re|ve|ll|d)\b")
# What may follow where a text only goes on: it adds to what stands before and takes nothing from it.
_GOES_ON = re.compile(
    r"and|with|who|which|that|nam|call|in|at|on|for|from|sinc|becaus|to|by|as|but|wher|when|whil|of|near|includ|"
    r"especially|except|only|after|before|until|during|every|each"
)  # each as `stem` leaves it
_GOES_ON_HAN = ("叫", "名", "和", "跟", "与", "以及", "因为", "但", "从", "自", "而且", "尤其", "包括", "除")
_REASONS = frozenset(("sinc", "becaus", "自", "从", "因"))
_BREAKS = frozenset(",;:(、。")
_NOT = "\ue000"  # stands for a denial while a text is read: nobody writes it
_TOKEN = re.compile(r"\d+(?:[.,:/-]\d+)*|[^\W\d_\u0e00-\uffff]+[+#]*|\S")


@dataclass(frozen=True, slots=True)
class _Read:
    """A text taken apart: what is compared, in order; where it goes on after a comma; where it first denies.

    `over`: it says what was once; `strong`: it has a word of emphasis.
    """

    tokens: tuple[str, ...]
    breaks: frozenset[int]
    denies: int | None
    over: bool
    strong: bool


DIETS = "vegetarian vegetarians vegan vegetariana vegetariano vegana vegano 吃素 素食"
"""What people call it to eat no animals, for finding such notes: whoever eats fish again shares no word with them."""
_PLANTS = re.compile(r"\bveg(?:etarian|an)[ao]?s?\b|[吃全纯]素|素食")
_ANIMALS = re.compile(
    r"\b(?:eat(?:s|ing)?|como|comer|comiendo)\b.{0,12}"
    r"\b(?:fish|seafood|meat|chicken|beef|pork|pescado|marisco|carne|pollo)\b"
    r"|\bpescatarian\b|吃.{0,3}[鱼肉荤]|[鱼虾肉].{0,2}[都也又]吃"
)


@lru_cache(maxsize=256)  # a draft is compared with many notes
def diet(text: str) -> bool | None:
    """Whether the text says that somebody eats animals; None where it says neither."""
    low = _folded(text)
    if _ANIMALS.search(low):
        return True
    return False if _PLANTS.search(low) else None


def likeness(new: str, old: str) -> Likeness:
    """How the text of a new note relates to that of an old one."""
    some, others = _read(new), _read(old)
    if some.denies is None and others.denies is None and {diet(new), diet(old)} == {True, False}:
        return Likeness.CONTRARY
    if not some.tokens or not others.tokens or some.over != others.over:
        return Likeness.SAME if _letters(new) == _letters(old) else Likeness.OTHER
    how = _how(some, others)
    both = (some.denies is None) == (others.denies is None)
    if both or how is Likeness.OTHER:
        # "likes cats and hates dogs": the same words, and the denial elsewhere.
        return how if some.denies == others.denies else Likeness.OTHER
    if how is Likeness.SAME:
        return Likeness.CONTRARY
    longer, shorter = (some, others) if len(some.tokens) > len(others.tokens) else (others, some)
    return Likeness.CONTRARY if _denies_all(longer, shorter) else Likeness.OTHER


def turned(how: Likeness) -> Likeness:
    """What the old text is to the new one."""
    return _TURNED.get(how, how)


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared here, in order; of scripts without blanks each character."""
    return _read(text).tokens


def denied(text: str) -> bool:
    """Whether the text denies what its words say, or says that it is over."""
    read = _read(text)
    return read.denies is not None or read.over


def _how(new: _Read, old: _Read) -> Likeness:
    """The relation of two texts, whatever each of them denies."""
    if new.tokens == old.tokens:
        if new.strong == old.strong:
            return Likeness.SAME
        return Likeness.MORE if new.strong else Likeness.LESS
    if _reordered(new, old) or _respelled(new, old):
        return Likeness.SAME
    if len(new.tokens) > len(old.tokens) and _goes_on(new, old):
        return Likeness.MORE
    if len(new.tokens) < len(old.tokens) and _goes_on(old, new):
        return Likeness.LESS
    return Likeness.OTHER


def _denies_all(longer: _Read, shorter: _Read) -> bool:
    """One of the two denies. What the longer one denies may be a part only: "no coffee in the evening"."""
    if shorter.denies is not None:
        return True
    most = len(shorter.tokens)
    return longer.tokens[:most] == shorter.tokens and longer.tokens[most] in _REASONS


def _reordered(new: _Read, old: _Read) -> bool:
    """Whether two stretches of words changed places, as in "at Acme as an engineer", and the letters agree.

    Two names that changed places say something else: "from Porto to Lisbon".
    """
    if new.denies is not None or sorted(new.tokens) != sorted(old.tokens):
        return False
    head = _shared(new.tokens, old.tokens)
    one, other = new.tokens[head:], old.tokens[head:]
    rotated = any(one == other[place:] + other[:place] for place in range(1, len(other)))
    return rotated and _dice(new.tokens, old.tokens) >= ALIKE


def _respelled(new: _Read, old: _Read) -> bool:
    """Whether only the British and the American way of writing a word differ, and the letters agree."""
    return (
        len(new.tokens) == len(old.tokens)
        and all(
            one == other or _british(one) == _british(other) for one, other in zip(new.tokens, old.tokens, strict=True)
        )
        and _dice(new.tokens, old.tokens) >= ALIKE
    )


def _british(token: str) -> str:
    return token.replace("iz", "is").replace("yz", "ys").replace("our", "or")


def _shared(some: Sequence[str], others: Sequence[str]) -> int:
    """How many tokens the two begin with in common."""
    return next(
        (place for place, (one, other) in enumerate(zip(some, others, strict=False)) if one != other),
        min(len(some), len(others)),
    )


def _goes_on(longer: _Read, shorter: _Read) -> bool:
    """Whether the longer text is the shorter one with something put in or behind that only adds."""
    first = _shared(longer.tokens, shorter.tokens)
    rest = len(shorter.tokens) - first
    if first == 0 or (rest and longer.tokens[-rest:] != shorter.tokens[first:]):
        return False
    added = longer.tokens[first : len(longer.tokens) - rest]
    return first in longer.breaks or _GOES_ON.fullmatch(added[0]) is not None or "".join(added).startswith(_GOES_ON_HAN)


def _dice(some: Sequence[str], others: Sequence[str]) -> float:
    """The share of three-letter pieces in common, 0 to 1; each as often as it occurs."""
    one, other = _pieces("".join(some)), _pieces("".join(others))
    return 2 * (one & other).total() / (one.total() + other.total())


def _pieces(letters: str) -> Counter[str]:
    return Counter(letters[place : place + 3] for place in range(max(1, len(letters) - 2)))


@lru_cache(maxsize=512)
def _read(text: str) -> _Read:
    line = _folded(text)
    line, over = _OVER.subn(" ", _SHORT_FORM.sub("", line))
    strong = 0
    if not line.isascii():
        for said, plain in _ALSO_SAID_HAN.items():
            line = line.replace(said, plain)
        line, strong = _STRONG_HAN.subn("", line)
    line = _DENIES.sub(f" {_NOT} ", _HATES.sub(" not like ", line))
    if not text.isascii():
        line = _EMPTY_HAN.sub("", line)
    found: list[str] = []
    breaks: set[int] = set()
    denies: int | None = None
    for word in _TOKEN.findall(line):
        if word == _NOT:
            denies = len(found) if denies is None else denies
        elif word in _STRONG:
            strong += 1
        elif word in _BREAKS:
            breaks.add(len(found))
        elif word not in _EMPTY and _says(word):
            found.append(_ALSO_SAID.get(stem(word), stem(word)))
    return _Read(tuple(found), frozenset(breaks), denies, over > 0, strong > 0)


def _folded(text: str) -> str:
    """Case, width and accents gone, and one form for both Chinese scripts."""
    if text.isascii():
        return " ".join(text.lower().split())
    return "".join(letter for letter in folded(fold(text)) if not unicodedata.combining(letter))


def _says(word: str) -> bool:
    """Whether it is a word, a number or a picture: signs that only part words say nothing."""
    return word[0].isalnum() or unicodedata.category(word[0])[0] in "SL"


def _letters(text: str) -> str:
    """What two texts share that differ in case, width, white space and punctuation only."""
    line = folded(fold(text))
    return "".join(letter for letter in line if not letter.isspace() and _says(letter)) or line


# Words by which a sentence tells a value of a field, each as `likeness.tokens` leaves it.
_CARRIERS = {
    "display_name": "nam call 名 字 叫",
    "location": "liv bas resid in at currently 住 居",
    "occupation": "work as job profession 工 作 当 做 职 业",
    "preferred_language": "languag prefer in repl answer 语 言 用 回 答",
    "plan": "on plan subscription hav tier 用 方 案",
    "goals": "want to goal aim hop 想 要 目 标",
    "timezone": "tim zon timezon in 时 区",
}


def says_value(note: str, field: str, value: str) -> bool:
    """Whether a note says only what the value of the profile field says: `lives in Taipei`, location `Taipei`.

    So does one whose words all stand in a value of a few words, and are most of it.
    """
    if denied(note) != denied(value):
        return False
    some, all_of_it = words(note), words(value)
    if len(some) > 1 and some <= all_of_it and len(some) > len(all_of_it) / 2:
        return True
    said, wanted = tokens(note), tokens(value)
    carriers = {*_CARRIERS.get(field, "").split(), *tokens(field.replace("_", " "))}
    places = (place for place in range(len(said)) if said[place : place + len(wanted)] == wanted)
    return bool(wanted) and any(carriers.issuperset(said[:place] + said[place + len(wanted) :]) for place in places)
