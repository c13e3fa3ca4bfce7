"""How text becomes what the index holds, and how one word of a question becomes a query that cannot fail.

Words for scripts with spaces; for those without (and for Korean, whose particles cling), pieces of two characters:
花生過敏 is 花生 生过 过敏 敏. The last character stands alone so that each one begins a piece: a question of one
character finds all that hold it. Traditional and simplified are one.
"""

import re
import unicodedata

from memchat.memory.language import SPACELESS, folded

_MAX_WORD = 64  # characters of one word that is asked for

# Letters and digits, with the vowel signs of Hebrew, Arabic and the Indic scripts, which Python takes for none.
_LETTER = "(?:[^\\W_]|[\u0300-\u036f\u0591-\u05c7\u0610-\u06ed\u0900-\u0dff])"
_WORD = re.compile(f"{_LETTER}+(?:['\u2019]{_LETTER}+)*")


def words_of(text: str) -> str:
    """What goes into the index of words."""
    return SPACELESS.sub(" ", _folded(text))


def pieces_of(text: str) -> str:
    """What goes into the index of pieces; empty for text without such scripts."""
    return " ".join(piece for run in _runs(text) for piece in _cut(run))


def expression(word: str) -> str:
    """What FTS5 is asked for one word or piece, whatever it is made of; empty when nothing in it can be asked for."""
    word = word[:_MAX_WORD]
    letters = [quoted(part) for part in _WORD.findall(words_of(word))]
    pieces = [term for run in _runs(word) for term in _terms(run)]
    return " AND ".join(letters + pieces)


def quoted(word: str) -> str:
    """A word as FTS5 takes it literally, whatever is in it: the one place where text enters a query."""
    return '"' + word.replace('"', '""').replace("\0", " ") + '"'


def spaceless(character: str) -> bool:
    """Whether it belongs to a script that does not put spaces between words."""
    return SPACELESS.match(character) is not None


def _folded(text: str) -> str:
    """Full width is half width, composed is composed; the tokenizer folds case and accents."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _runs(text: str) -> list[str]:
    """The stretches of scripts without spaces, both Chinese scripts as one."""
    return [] if text.isascii() else [folded(run) for run in SPACELESS.findall(_folded(text))]


def _cut(run: str) -> list[str]:
    """花生過 -> 花生, 生過, 過."""
    return [run[i : i + 2] for i in range(len(run))]


def _terms(stretch: str) -> list[str]:
    """Its pieces of two; a lone character asks for every piece that begins with it."""
    if len(stretch) == 1:
        return [quoted(stretch) + "*"]
    return [quoted(piece) for piece in _cut(stretch)[:-1]]
