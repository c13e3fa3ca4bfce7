"""The words that carry meaning in a text, for comparing texts without a model."""

import re
import string
from functools import cache, lru_cache

from memchat.memory.language import folded
from memchat.memory.quoting import fold

# Words that say nothing by themselves; subjects and verbs by which a note is turned from "I am" to "is".
_ENGLISH = (
    "a an the and or but so of to in on at for from with by as is am are was were be been being do does did has have "
    "had will i me my mine you your he she it its they their them his her we our us this that these those there here "
    "user users what which who whom whose where when why how please about not no yes s m re ve ll d t"
)
EMPTY = frozenset(_ENGLISH.split())
# What stands between words of plain ASCII.
_BETWEEN = str.maketrans(dict.fromkeys(string.punctuation + "".join(map(chr, (*range(32), 127))), " "))
EMPTY_HAN = ("使用者", "用户", "我", "你", "您", "的", "是", "了", "在", "什么", "吗", "呢")


@cache
def _word() -> re.Pattern[str]:
    """Words of scripts with blanks; runs of Han, kana and Hangul, the last decomposed by folding."""
    return re.compile(r"[^\W_\u0e00-\uffff]+|[\u0e00-\uffff]+")


def words(text: str) -> frozenset[str]:
    """Folded, stemmed content words; of scripts without blanks, the pairs of neighbouring characters.

    Both Chinese scripts give the same: a model often answers in the one that the user does not write.
    """
    if text.isascii():  # as most are: the same in two thirds of the time
        return frozenset(map(stem, set(text.lower().translate(_BETWEEN).split()) - EMPTY))
    written = set(_word().findall(folded(fold(text)))) - EMPTY
    runs = {word for word in written if word[0] >= "\u0e00"}
    return frozenset(map(stem, written - runs)).union(*map(_pieces, runs)) - {""}


def bare(text: str) -> str:
    """What two texts share that say the same to the letter: case, width, white space and the last full stop aside."""
    return fold(text).rstrip(".。!！ ")


@lru_cache(8_192)
def stem(word: str) -> str:
    """The word without the endings of English plurals and verbs: rough, and the same for both sides."""
    for ending in ("ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    return word.removesuffix("e") if len(word) > 3 else word


def _pieces(run: str) -> set[str]:
    for empty in EMPTY_HAN:
        run = run.replace(empty, " ")
    pieces: set[str] = set()
    for part in run.split():
        pieces |= {part[i : i + 2] for i in range(len(part) - 1)} or {part}
    return pieces
