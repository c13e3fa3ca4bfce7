"""Names that Chinese sentences give in passing: 養了一隻柴犬，叫麻糬; 我妹詠儀那裡; and a birthday told after the word.

Patterns are written in simplified letters and read folded text.
"""

import re

from memchat.memory.language import folded
from memchat.memory.statements import chinese_lists as lists
from memchat.memory.statements.chinese_bare_words import is_kin_name
from memchat.memory.statements.chinese_grammar import PARTS
from memchat.memory.statements.chinese_life_words import is_named
from memchat.memory.statements.rules import NOTE, Found

_OWNS = re.compile(
    r"(?:有|养).*?(?P<who>(?:妹妹|弟弟|儿子|女儿|小孩|孩子|[\u3400-\u9fff]{0,2}(?:猫|狗)|[\u3400-\u9fff]{1,2}))$"
)
_CALLED = re.compile(r"(?:的?名字|它|他|她)*(?:就)?(?:叫做|叫|名叫)(?P<v>[\u3400-\u9fffa-z ]{1,12}?)$")
# 我的烏龜又躲到冰箱後面了: an animal of the speaker's own.
_ANIMAL = re.compile(
    rf"(?=[我咱俺家们])(?:(?:我|咱|俺)们?(?:的|家的?|家里的?|养的)+|(?:我|咱)?们?家里?(?:养的|有)|(?:我|咱)养)(?:是|那|"
    rf"这)?(?:一?[只条头])?"
    rf"(?:老|小)?(?P<who>{lists.PETS})"
)
# 我妹詠儀那裡, 太太美琪說: a name right behind who it is, which begins the clause or stands behind 我.
_KIN = re.compile(
    rf"(?:^(?:我们?)?(?:的|家)?|(?<=[在跟和给找陪带问替帮把])我(?:的|"
    rf"家)?)(?P<w>{lists.NEAR})(?P<v>[\u3400-\u9fff]{{2}})"
    r"(?=那[里边儿]|家|说|问|觉得|在|今[天年]|昨|明[天年]|这|最近|又|也|都|每|就|刚|负责|喜欢|想|很|一起|$)"
)
_BIRTHDAY = re.compile(r"我的?生日")
_DAY = re.compile(PARTS["DATE"])


def animal(low: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the folded clause speaks of an animal of the speaker's own."""
    own = _ANIMAL.match(low, start, end)
    return own.span("who") if own else None


def called(
    sentence: str, low: str, start: int, end: int, last: Found | None, pet: tuple[int, int] | None
) -> Found | None:
    """A name for what has just been told of: 養了一隻柴犬，叫麻糬, or for an animal spoken of: 牠叫查貝拉."""
    name = _CALLED.match(low, start, end)
    if name is None or not is_named(sentence[name.start("v") : name.end("v")]):
        return None
    said = "叫" + sentence[name.start("v") : name.end("v")]
    if pet:
        return Found(NOTE, sentence[pet[0] : pet[1]] + said, pet[0], end)
    owner = _OWNS.search(folded(last.text)) if last else None
    if last is None or owner is None:
        return None
    return Found(NOTE, last.text[owner.start("who") : owner.end("who")] + said, last.start, end)


def named_kin(sentence: str, low: str, start: int, end: int) -> Found | None:
    """我妹詠儀那裡, 太太美琪說: who somebody near is, told in passing."""
    kin = _KIN.search(low[start:end])
    if kin is None or not is_kin_name(kin["v"]):
        return None
    first, last = start + kin.start("w"), start + kin.end("v")
    return Found(NOTE, sentence[first:last], first, last)


def asked_birthday(sentence: str, low: str, start: int, end: int, before: str) -> Found | None:
    """美琪問我生日想要什麼，十一月十九: the day alone, right after the word."""
    if not _BIRTHDAY.search(before) or not _DAY.fullmatch(low, start, end):
        return None
    return Found(NOTE, "生日" + sentence[start:end], start, end)
