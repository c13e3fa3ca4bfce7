"""What hangs on a memory that is to be forgotten: which phrases say it, and which words are its own.

Such words become `[erased]` wherever they stand, so a word that others need is left alone.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from memchat.domain import Memory
from memchat.memory.function_words import SMALL_TALK, stop_words
from memchat.memory.language import HAN, SPACELESS
from memchat.memory.quoting import ERASED, fold
from memchat.memory.words import EMPTY, words

# A word that stands in more pieces of past exchanges says nothing of one fact: it is everyday speech here.
EVERYDAY = 25
# Of so many words a memory is known at most: the first of its text.
_MOST = 8
# Shorter phrases are found in too many places that mean something else.
_TELLING_WORDS = 2
_TELLING_CHARACTERS = 4
_SHORT = 3  # letters: such words are taken for a memory's own only where they are names or hold a digit
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
# Characters of Han that join others: a pair with one of them is no word of a memory's own.
_JOINING = frozenset(
    "我你您他她它們们的了是在有和與与跟及或也都很就不沒没會会要想說说對对為为把被給给從从到住個个這这那吗嗎呢吧着著過过得地之"
)
# What memories of many kinds are worded with.
_PREDICATES_LISTED = """
allergic born called comes eats enjoys examples favorite favourite hate hates interested keeps learns like
likes live lives living love loves married moved named old owns plays prefer preferred prefers reads speaks
studies teaches tends user uses wants work working works writes years
"""
_PREDICATES = frozenset(_PREDICATES_LISTED.split())


def phrases(erased: Sequence[Memory], kept: Sequence[Memory], frequency: Callable[[str, int], int]) -> tuple[str, ...]:
    """What is to be taken out of everything that stays: what the memories say and rest on, and their own words.

    `frequency` counts the pieces of past exchanges that hold a word, up to a number.
    """
    texts = [memory.text for memory in erased]
    quotes = [source.quote for memory in erased for source in memory.sources]
    others = [fold(memory.text) for memory in kept]
    whole = [one for one in (*texts, *quotes) if telling(one) and not any(fold(one) in other for other in others)]
    used = _used(kept, quotes)
    own = [word for text in texts for word in _words(text)]
    own += [word for quote in quotes for word in _names(quote)]
    found: dict[str, str] = {}
    for word in own:
        if words(word) and not words(word) & used and frequency(word, EVERYDAY + 1) <= EVERYDAY:
            found.setdefault(fold(word), word)
    return tuple(dict.fromkeys((*whole, *[*found.values()][: _MOST * max(len(erased), 1)])))


def telling(phrase: str) -> bool:
    """Whether each place that holds it must mean the same: two words, or four characters of scripts without spaces."""
    bare = phrase.replace(ERASED, " ")
    return len(_WORD.findall(bare)) >= _TELLING_WORDS or sum(map(len, SPACELESS.findall(bare))) >= _TELLING_CHARACTERS


def _used(kept: Iterable[Memory], quotes: Sequence[str]) -> frozenset[str]:
    """The words of what stays, as far as it does not stand in the very quotes that go."""
    found: set[str] = set()
    for memory in kept:
        found |= words(memory.text)
        for source in memory.sources:
            left = source.quote
            for quote in filter(None, quotes):
                left = left.replace(quote, " ")
            found |= words(left)
    return frozenset(found)


def _words(text: str) -> list[str]:
    """The words of a text that may be its own."""
    every = _WORD.findall(text.replace(ERASED, " "))
    low = [fold(word) for word in every]
    empty = EMPTY | _PREDICATES | SMALL_TALK | stop_words([_plain(word) for word in low])
    found = []
    for word, small in zip(every, low, strict=True):
        if HAN.search(word):
            found += _pairs(word)
        elif _plain(small) not in empty and (len(word) > _SHORT or _named(word)):
            found.append(word)
    return found


def _names(text: str) -> list[str]:
    """The words of a quote that can only be names or numbers: with a capital within the sentence, or a digit."""
    return [
        word
        for word in _words(text)
        if any(map(str.isdigit, word)) or (word[:1].isupper() and re.search(rf"[^\s.!?。]\s+{re.escape(word)}\b", text))
    ]


def _pairs(run: str) -> list[str]:
    """Of characters without spaces the pairs that may be words: 花生 of 對花生."""
    pairs = [run[place : place + 2] for place in range(len(run) - 1)]
    return [pair for pair in pairs if not set(pair) & _JOINING and len(HAN.findall(pair)) == len(pair)]


def _named(word: str) -> bool:
    return word[:1].isupper() or any(map(str.isdigit, word))


def _plain(word: str) -> str:
    """Without accents, as function words are listed."""
    return "".join(one for one in unicodedata.normalize("NFKD", word) if not unicodedata.combining(one))
