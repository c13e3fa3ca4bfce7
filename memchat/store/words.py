"""How text becomes what the index holds, and how a question becomes a query that cannot fail.

Words for scripts with spaces; for those without (and for Korean, whose particles cling), pieces of two characters:
花生過敏 is 花生 生过 过敏 敏. The last character stands alone so that each one begins a piece: a question of one
character finds all that hold it. Traditional and simplified are one.
"""

import re
import unicodedata

from memchat.memory.function_words import CUTS, SERVING
from memchat.memory.language import folded

# A question that is a pasted page is searched by its beginning; more words only make all of them count less.
_MAX_CHARACTERS = 4_000
_MAX_TERMS = 32
_MAX_WORD = 64

# Thai, Lao, Burmese, Hangul, Khmer; radicals, 々 and 〇, kana, bopomofo, Han with its extensions.
_SPACELESS = re.compile(
    "[\u0e01-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3041-\u30ff\u3105-\u312f"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af]+"
)
# Letters and digits, with the vowel signs of Hebrew, Arabic and the Indic scripts, which Python takes for none.
_LETTER = "(?:[^\\W_]|[\u0300-\u036f\u0591-\u05c7\u0610-\u06ed\u0900-\u0dff])"
_WORD = re.compile(f"{_LETTER}+(?:['\u2019]{_LETTER}+)*")
_CLITICS = frozenset(("s", "m", "t", "re", "ve", "ll", "d"))

_STOP_TEXT = (
    "a about all also am an and any are aren as at be been but by can could couldn did didn do does doesn don for from"
    " had has hasn have haven he her here him his how i if in into is isn it its just me mine more most my no not of on"
    " or our out please shall she should so some tell than that the their them then there these they this those to too"
    " up us was wasn we were weren what when where which who whom whose why will with won would wouldn you your"
    " yours"
)
_STOP_WORDS = frozenset(_STOP_TEXT.split())


def words_of(text: str) -> str:
    """What goes into the index of words."""
    return _SPACELESS.sub(" ", _folded(text))


def pieces_of(text: str) -> str:
    """What goes into the index of pieces; empty for text without such scripts."""
    return " ".join(piece for run in _runs(text) for piece in _cut(run))


def word_terms(query: str) -> list[str]:
    """What FTS5 is asked for the words of `query`, none when it has none. Stop words count only among themselves."""
    found = list(dict.fromkeys(_bare(word) for word in _WORD.findall(words_of(query[:_MAX_CHARACTERS]).lower())))
    telling = [word for word in found if word.replace("\u2019", "'").split("'")[0] not in _STOP_WORDS]
    return [quoted(word) for word in telling or found][:_MAX_TERMS]


def piece_terms(query: str) -> list[str]:
    """What FTS5 is asked for the pieces of `query`, none when it has none."""
    runs = _runs(query[:_MAX_CHARACTERS])
    telling = [term for run in runs for stretch in _stretches(run) for term in _telling(stretch)]
    return list(dict.fromkeys(telling or [term for run in runs for term in _terms(run)]))[:_MAX_TERMS]


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
    return _SPACELESS.match(character) is not None


def _folded(text: str) -> str:
    """Full width is half width, composed is composed; the tokenizer folds case and accents."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _runs(text: str) -> list[str]:
    """The stretches of scripts without spaces, both Chinese scripts as one."""
    return [] if text.isascii() else [folded(run) for run in _SPACELESS.findall(_folded(text))]


def _cut(run: str) -> list[str]:
    """花生過 -> 花生, 生過, 過."""
    return [run[i : i + 2] for i in range(len(run))]


def _bare(word: str) -> str:
    """`alice's` asks for `alice`."""
    head, _, tail = word.replace("\u2019", "'").rpartition("'")
    return head if head and tail in _CLITICS else word


def _stretches(run: str) -> list[str]:
    """What stands between the characters that only serve."""
    return "".join(" " if c in CUTS else c for c in run).split()


def _telling(stretch: str) -> list[str]:
    """Query terms of a stretch, without pieces of two serving characters; 能吃 asks for 吃 too."""
    if len(stretch) == 2 and stretch[0] in SERVING and stretch[1] not in SERVING:
        return [quoted(stretch), *_terms(stretch[1])]
    if all(c in SERVING for c in stretch):
        return []
    return _terms(stretch)


def _terms(stretch: str) -> list[str]:
    """Its pieces of two; a lone character asks for every piece that begins with it."""
    if len(stretch) == 1:
        return [quoted(stretch) + "*"]
    return [quoted(piece) for piece in _cut(stretch)[:-1]]
