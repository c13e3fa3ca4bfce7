"""Words and what they are to the rules: tables of one language, read into a mapping from word to kind and value.

Kinds of the words of English, Spanish and German, the value in brackets:

    U unit, g weekend, 4 quarter (unit)       L last, T this, X next (offset), < past       A ago, V German vor
    B before, Z after, S since, F from        l until, r to, K between, & and, / or         i in, I during, j on
    q el, o of, t the                         D day (offset), M mañana or morgen            p part of a day (part)
    O tonight (offset, part)                  W weekday, v short one, 9 Sat and Sun         y Fridays
    c Freitagabend (index, part)              R month, a one that is a name too, m `may`    s season, G `Spring`
    H holiday (Yearly)                        n figures to 31, w other number, f a few      h 3rd, 1 third, d `3.`
    2 twenty, Y year, P date in figures       C month and day in figures (month, day, year) E early, e beginning, N fin
    ; half (how many halves)                  % see you
    x every, merry: what follows is no time   u, ~ may follow, may not precede a weekday    z no unit of time

Made by rules: J a year, b a month, k a week, P any other stretch (Span); Q what comes each year (Yearly).
"""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

Row = tuple[str, Any, str]
"""A kind, a value, and the words; `_` joins the parts of one. A capital means: only so (`Sun`, `Mar`)."""
Lexicon = Mapping[str, tuple[str, Any]]

_COUNTED = (
    "words characters chars tokens lines steps people items files users euros dollars points bytes times requests rows "
    "palabras caracteres líneas personas veces euros wörter worten zeichen zeilen leute mal euro"
)
COUNTED: Row = ("z", 0, _COUNTED)
"""What people count in thousands, in any language: `in 2000 words` names no year."""
_UMLAUTS = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"))


def plain(word: str) -> str:
    """The word without accents, capitals kept."""
    if word.isascii():
        return word
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))
    return bare.replace("ß", "ss")


def lexicon(rows: Iterable[Row]) -> dict[str, tuple[str, Any]]:
    """Each word without accents; those with an umlaut as `ae`, `oe`, `ue`, too."""
    found: dict[str, tuple[str, Any]] = {}
    for kind, value, words in rows:
        for word in words.split():
            spelled = word.replace("_", " ")
            found[plain(spelled)] = (kind, value)
            for umlaut, pair in _UMLAUTS:
                spelled = spelled.replace(umlaut, pair)
            found[plain(spelled)] = (kind, value)
    return found


def counted(kind: str, words: str, first: int = 1) -> list[Row]:
    """Rows whose values count up: `one two three`; other names of the same are joined by `=`."""
    return [(kind, number, names.replace("=", " ")) for number, names in enumerate(words.split(), first)]
