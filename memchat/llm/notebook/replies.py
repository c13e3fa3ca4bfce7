"""Whether a reply answered: the notebook's own refusals, and the openings by which language models say they cannot."""

import re
from functools import cache

from memchat.llm.notebook.wording import line
from memchat.memory.language import ENGLISH, SIMPLIFIED, TRADITIONAL, folded

LOOKED_AT = 600
"""Characters of a reply: whoever does not know says so at once."""
_REFUSALS = ("unknown", "unknown_here", "nothing_found", "nothing_before", "nothing_at_all", "nothing_here", "only")
_NO_MODEL = ("no_model", "no_model_2", "no_model_3")
_CANNOT = re.compile(
    r"^(?:(?:i'm |i am )?(?:so |very )?(?:sorry|afraid|unfortunately|apologies)[,. ]*(?:but |that )?)?"
    r"(?:i (?:don't|do not|didn't|couldn't|could not|can't|cannot|am unable|am not able|have no|am not sure|"
    r"do not currently)\b(?! see why)|"
    r"i'm (?:not sure|unable|not able)|there is no (?:information|record)|no idea)"
    r"|^(?:很?抱歉|对不起|不好意思)?[，,]?\s*(?:这个)?我(?:还|也|目前|暂时)?(?:不知道|不清楚|不确定|没办法|无法|不能|没有.{0,6}(?:资料|信息|记录))"
)


@cache
def _openings() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """How the notebook's lines begin that answer nothing, and the one that names what it does not answer; folded."""
    languages = (ENGLISH, TRADITIONAL, SIMPLIFIED)
    refusing = tuple(_opening(name, one) for name in (*_REFUSALS, *_NO_MODEL) for one in languages)
    return refusing, tuple(_opening("unknown_too", one) for one in languages)


def _opening(name: str, language: str) -> str:
    mark = "\x00"
    return folded(line(name, language, what=mark).partition(mark)[0])[:16].strip()


def is_answer(reply: str, asked: str) -> bool:
    """Whether `reply` answers the clause `asked`; an empty one does not."""
    low = folded(reply[:LOOKED_AT]).strip()
    if not low or low == "[no reply]":
        return False
    refusing, naming = _openings()
    for row in low.splitlines():
        if row.startswith(naming):
            return folded(asked).rstrip("?？…")[:20] not in row
        if row.startswith(refusing):
            return False
    return not _CANNOT.match(low)
