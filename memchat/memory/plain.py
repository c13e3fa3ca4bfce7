"""Texts as recall compares them: in one writing, whichever they were written in."""

import re
import unicodedata
from functools import lru_cache

from memchat.memory.language import folded
from memchat.memory.quoting import SAME

_ACCENT = re.compile("[\u0300-\u036f]")
_OTHER = re.compile(r"[^\x00-\x7f]+")
_RUNS, _LONGEST = 4_096, 16  # so many runs of so many characters are kept: nearly all are a dash or a letter


def plain(text: str) -> str:
    """As texts are compared: small letters, no accents, full width as half, one form for both Chinese scripts."""
    return text.lower() if text.isascii() else _OTHER.sub(_plain_run, text).lower()


def _plain_run(run: re.Match[str]) -> str:
    """What is not ASCII: for most texts a dash or a letter here and there, and the rest of them is left as it is."""
    return _known(run[0]) if len(run[0]) <= _LONGEST else _fresh(run[0])


@lru_cache(_RUNS)
def _known(run: str) -> str:
    return _fresh(run)


def _fresh(run: str) -> str:
    low = run.translate(SAME).lower()
    return folded(_ACCENT.sub("", unicodedata.normalize("NFKD", low)))
