"""English words without their endings, as FTS5's `porter` cuts them, so that texts are compared as they were found.

The rules are those of M. F. Porter, "An algorithm for suffix stripping", 1980. Words of other alphabets stay whole.
"""

from functools import lru_cache
from itertools import pairwise

_VOWELS = frozenset("aeiou")
# Endings in the order in which they are tried; those that others end in come after them.
_SECOND = (
    ("ational", "ate"),
    ("ization", "ize"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("tional", "tion"),
    ("biliti", "ble"),
    ("entli", "ent"),
    ("ousli", "ous"),
    ("ation", "ate"),
    ("alism", "al"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("logi", "log"),
    ("alli", "al"),
    ("ator", "ate"),
    ("bli", "ble"),
    ("eli", "e"),
)
_THIRD = (
    ("icate", "ic"),
    ("ative", ""),
    ("alize", "al"),
    ("iciti", "ic"),
    ("ical", "ic"),
    ("ness", ""),
    ("ful", ""),
)
_FOURTH = (
    *("ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "ion"),
    *("al", "er", "ic", "ou"),
)
_SHORTEST = 3
_LONGEST = 64  # as FTS5's: what is longer is no word of English
_KNOWN = 50_000  # words kept: about what a person's talk of years holds; each costs 0.1 us again, 10 us anew


@lru_cache(_KNOWN)
def stem(word: str) -> str:
    """`word`, in small letters, without its English endings: hiking, hiked and hikes are one."""
    if not _SHORTEST <= len(word) <= _LONGEST or not word.isascii():
        return word
    word = _past(_plural(word))
    if word.endswith("y") and _has_vowel(word[:-1]):
        word = word[:-1] + "i"
    for endings in (_SECOND, _THIRD):
        word = _replaced(word, endings)
    return _tidied(_shortened(word))


def _plural(word: str) -> str:
    if (word.endswith("sses") and len(word) > len("sses")) or (word.endswith("ies") and len(word) > len("ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _past(word: str) -> str:
    if word.endswith("eed") and len(word) > len("eed"):
        return word[:-1] if _measure(word[:-3]) else word
    for ending in ("ed", "ing"):
        if word.endswith(ending) and _has_vowel(bare := word.removesuffix(ending)):
            return _mended(bare)
    return word


def _mended(word: str) -> str:
    """What the past left: hop for hopp, file for fil."""
    if word.endswith(("at", "bl", "iz")):
        return word + "e"
    if len(word) > 1 and word[-1] == word[-2] and _consonant(word, len(word) - 1):
        return word if word[-1] in "lsz" else word[:-1]
    return word + "e" if _measure(word) == 1 and _closed(word) else word


def _replaced(word: str, endings: tuple[tuple[str, str], ...]) -> str:
    for ending, other in endings:
        if word.endswith(ending):
            bare = word.removesuffix(ending)
            return bare + other if _measure(bare) else word
    return word


def _shortened(word: str) -> str:
    for ending in _FOURTH:
        if word.endswith(ending):
            bare = word.removesuffix(ending)
            fits = _measure(bare) > 1 and (ending != "ion" or bare.endswith(("s", "t")))
            return bare if fits else word
    return word


def _tidied(word: str) -> str:
    if word.endswith("e"):
        bare = word[:-1]
        measure = _measure(bare)
        if measure > 1 or (measure == 1 and not _closed(bare)):
            word = bare
    return word[:-1] if word.endswith("ll") and _measure(word) > 1 else word


def _consonant(word: str, place: int) -> bool:
    if word[place] == "y":
        return place == 0 or not _consonant(word, place - 1)
    return word[place] not in _VOWELS


def _measure(word: str) -> int:
    """How many times a vowel is followed by a consonant."""
    kinds = [_consonant(word, place) for place in range(len(word))]
    return sum(not before and after for before, after in pairwise(kinds))


def _has_vowel(word: str) -> bool:
    return any(not _consonant(word, place) for place in range(len(word)))


def _closed(word: str) -> bool:
    """Ends in consonant, vowel, consonant, the last none of w, x, y: hop, fil."""
    if len(word) < _SHORTEST or word[-1] in "wxy":
        return False
    first, vowel, last = (_consonant(word, len(word) - back) for back in (3, 2, 1))
    return first and not vowel and last
