"""Token counters: an estimate that imports nothing, and tiktoken with the tables that litellm's wheel carries."""

import hashlib
import os
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from memchat.llm.providers import bundled

# What one unit costs in o200k, fitted by hand on English prose, Python, JSON, Chinese in both scripts, Japanese,
# Korean, Russian and German; the errors stand at EstimateCounter.
_UNITS: tuple[tuple[str, float], ...] = (
    (r"[A-Za-z]+", 1.0),
    (r"[A-Za-z]{9}", 0.7),  # long words come in pieces
    (r"[0-9]{1,3}", 1.0),
    (r"[!-/:-@\[-`{-~]{1,16}", 1.0),
    (r"\n{1,16}[ \t]*", 0.65),
    (r"[ \t]{100}", 1.0),
    # From here on of what is not ASCII.
    (r"[\u00a1-\u024f]", 0.5),
    (r"[\u0250-\u0fff]", 0.4),  # alphabets from Greek to Thai
    (r"[\u1000-\u2fff]", 1.0),
    (r"[\u3000-\u303f\uff00-\uffef]", 0.9),  # full-width punctuation
    (r"[\u3040-\u30ff\uac00-\ud7af]", 0.75),  # kana, hangul
    (r"[\u3400-\u9fff\uf900-\ufaff]", 0.85),  # Han
    (r"[\U00010000-\U0010ffff]", 2.0),  # emoji and rare characters
)
_OF_ASCII = 6  # of these units
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


@cache
def _units() -> list[tuple[re.Pattern[str], float]]:
    """Compiled when something is counted: that takes milliseconds, and the first prompt comes before."""
    return [(re.compile(unit), cost) for unit, cost in _UNITS]


@lru_cache(_KEPT)
def _known(text: str) -> int:
    return max(1, round(_weigh(text)))


def _weigh(text: str) -> float:
    units = _units()[:_OF_ASCII] if text.isascii() else _units()
    return sum(len(unit.findall(text)) * cost for unit, cost in units)


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
