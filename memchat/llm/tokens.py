"""Token counters: an estimate that imports nothing, and tiktoken with the tables that litellm's wheel carries."""

import hashlib
import os
import re
import string
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any

from memchat.llm.providers import bundled

# What one unit costs in o200k, fitted by hand on English prose, Python, JSON, Chinese in both scripts, Japanese,
# Korean, Russian and German; the errors stand at EstimateCounter. A run of letters costs one, and more for each nine.
_NINE_LETTERS = 0.7
_LETTERS, _DIGITS, _SIGNS = (
    str.maketrans(dict.fromkeys({*map(chr, range(128))}.difference(kept), " "))
    for kept in (string.ascii_letters, string.digits, string.punctuation)
)
_DIGITS_A_TOKEN, _SIGNS_A_TOKEN = 3, 16
_BLANKS: tuple[tuple[str, float], ...] = (
    (r"\n{1,16}[ \t]*", 0.65),
    (r"[ \t]{100}", 1.0),
)
_OTHERS: tuple[tuple[str, float], ...] = (
    (r"[\u00a1-\u024f]", 0.5),
    (r"[\u0250-\u0fff]", 0.4),  # alphabets from Greek to Thai
    (r"[\u1000-\u2fff]", 1.0),
    (r"[\u3000-\u303f\uff00-\uffef]", 0.9),  # full-width punctuation
    (r"[\u3040-\u30ff\uac00-\ud7af]", 0.75),  # kana, hangul
    (r"[\u3400-\u9fff\uf900-\ufaff]", 0.85),  # Han
    (r"[\U00010000-\U0010ffff]", 2.0),  # emoji and rare characters
)
_APART = "\0"  # where other characters stood: it costs nothing, and parts what stands beside it
# A turn counts its head, its message and what was recalled several times: so many of such a length are remembered.
_KEPT, _AGAIN = 1_000, 6_000
_WHOLE = 200_000  # characters that are looked at one by one; a longer text is judged by samples
_SAMPLES = 20
_SAMPLE = 10_000  # characters

_PIECE = 20_000  # characters that tiktoken gets at once: older releases are quadratic in a run without a blank
# tiktoken's cache names a table by the SHA-1 of the address it would else be fetched from.
_TABLES = "https://openaipublic.blob.core.windows.net/encodings/"
# Models that count as GPT-4 did; all others are taken for the current encoding, exact for OpenAI, near for the rest.
_OLD = re.compile(r"^(gpt-4(-|$)|gpt-3\.5|gpt-35|text-embedding-)")


class EstimateCounter:
    """Tokens by the look of the text, without any table.

    Against o200k, measured on texts of a page and more: English prose within 5 %, Python and JavaScript within 5 %,
    JSON 10 % under, Chinese in both scripts within 10 %, Japanese, Korean, Russian and German within 25 %. Against
    cl100k Chinese costs half as much again as is said here.
    """

    def count(self, text: str) -> int:
        """About how many tokens; 0 for the empty text, at least 1 for any other."""
        if not text:
            return 0
        if len(text) <= _AGAIN:
            return _known(text)
        if len(text) <= _WHOLE:
            return max(1, round(_weigh(text)))
        step = (len(text) - _SAMPLE) // (_SAMPLES - 1)
        seen = sum(_weigh(text[start : start + _SAMPLE]) for start in range(0, step * _SAMPLES, step))
        return max(1, round(seen * len(text) / (_SAMPLES * _SAMPLE)))


@lru_cache(_KEPT)
def _known(text: str) -> int:
    return max(1, round(_weigh(text)))


def _weigh(text: str) -> float:
    if text.isascii():
        return _weigh_ascii(text)
    return _weigh_ascii(_compiled(r"[^\x00-\x7f]+").sub(_APART, text)) + _weigh_units(text, _OTHERS)


def _weigh_ascii(text: str) -> float:
    """Runs of a kind, parted by blanks where other kinds stand: twice as quick as with regular expressions."""
    letters = text.translate(_LETTERS).split()
    nines = sum([len(run) // 9 for run in letters if len(run) >= 9])
    digits = sum([-(-len(run) // _DIGITS_A_TOKEN) for run in text.translate(_DIGITS).split()])
    signs = sum([-(-len(run) // _SIGNS_A_TOKEN) for run in text.translate(_SIGNS).split()])
    blank = "\n" in text or "\t" in text or "  " in text
    return len(letters) + _NINE_LETTERS * nines + digits + signs + (_weigh_units(text, _BLANKS) if blank else 0.0)


def _weigh_units(text: str, units: Iterable[tuple[str, float]]) -> float:
    return sum(len(_compiled(unit).findall(text)) * cost for unit, cost in units)


@cache
def _compiled(unit: str) -> re.Pattern[str]:
    """Made when something is counted: that takes milliseconds, and the first prompt comes before."""
    return re.compile(unit)


class TiktokenCounter:
    """Tokens as the model's own encoding counts them, offline.

    The table is read at the first count: about 0.3 s for o200k, 0.1 s for cl100k. Where litellm's wheel does not carry
    it, the estimate counts: nothing is ever fetched.
    """

    def __init__(self, model_name: str) -> None:
        self.encoding_name = encoding_for(model_name)
        self._estimate = EstimateCounter()
        self._encoding: Any = None
        self._tried = False

    def count(self, text: str) -> int:
        """How many tokens; special tokens in the text are counted as the characters they are."""
        if not text:
            return 0
        if not self._tried:
            self._encoding = _load(self.encoding_name)
            self._tried = True
        if self._encoding is None:
            return self._estimate.count(text)
        return sum(len(self._encoding.encode_ordinary(piece)) for piece in pieces(text))


def encoding_for(model_name: str) -> str:
    """`o200k_base`, or `cl100k_base` for OpenAI's older models."""
    return "cl100k_base" if _OLD.match(model_name.rpartition("/")[2]) else "o200k_base"


def pieces(text: str) -> Iterator[str]:
    """The text in pieces tiktoken is quick with, parted before a blank where there is one."""
    start = 0
    while len(text) - start > _PIECE:
        cut = text.rfind(" ", start + _PIECE // 2, start + _PIECE)
        end = cut if cut > start else start + _PIECE
        yield text[start:end]
        start = end
    yield text[start:]


def _load(name: str) -> Any:
    """The encoding from litellm's bundled table; None when it is not there."""
    folder = bundled("litellm_core_utils") / "tokenizers"
    table = hashlib.sha1(f"{_TABLES}{name}.tiktoken".encode(), usedforsecurity=False).hexdigest()
    if not (folder / table).is_file():
        return None
    # It stays set, as litellm leaves it: another thread may be in the middle of litellm's own reading, at its import or
    # at a call, and would fetch its table from a third host the moment this is gone.
    os.environ["TIKTOKEN_CACHE_DIR"] = str(folder)
    import tiktoken

    return tiktoken.get_encoding(name)
