"""Whether a game, a role or a story is being played: what is said within it says nothing of the user."""

import re
from collections.abc import Iterable
from functools import cache

from memchat.memory.language import folded

# What opens a game in which the user has a role too; "act as a Linux expert" alone gives one to the assistant only.
_OPENS = (
    r"\blet'?s (?:play|role-?play|pretend|do a role|act out|improvise)\b|\brole-?play(?:ing)?\b|\bpretend\b|"
    r"\b(?:you are|you're|you play|you be|be|act as|act like|play) (?:an? |the |my )[^.!?\n]{1,60}?(?:,|"
    r" and)\s*(?:i'm|i am|i'll be|i will be|i play|i'm playing|interview me|quiz me|question me|arrest me|"
    r"serve me)\b|\b(?:i'm|i am|i'll be|i'll play|i play) (?:an? |the )[^.!?\n]{1,40}?,? (?:and )?you(?:'re|"
    r" are|'ll be| play)\b|\bin this (?:game|story|scene|scenario|campaign),? i\b|\bmy (?:character|persona|"
    r"alter ego)\b|\b(?:you be|can you be|will you be|you play) (?:the|my|an?) (?!judge\b)\w+|"
    r"\b(?:practi[sc]e|rehearse|run) (?:my |the )?(?:part|lines|role)\b|\bdungeon ?master\b|"
    r"\btext adventure\b|\bstart(?:ing)? scene\b|\b(?:imagine|suppose) (?:that )?(?:i'm|i am|you're)\b|"
    "角色扮演|扮演|扮成|假装|假扮|来玩(?:个|一个)?(?:游戏|角色)|玩个?(?:角色|游戏)|我们来演|演一?场|跑团|"
    r"你(?:来)?(?:当|演|是)[^，。！？\n]{1,12}[，, ]*我(?:来)?(?:当|演|是)|我(?:来)?(?:当|"
    r"演)[^，。！？\n]{1,12}[，, ]*你(?:来)?(?:当|演)|\b(?:vamos a jugar|juguemos|juego de rol|finge que|"
    r"imagina que (?:soy|eres)|haz de|actúa como)\b"
)
_CLOSES = (
    r"\bgame over\b|\bend (?:of )?(?:scene|game|role-?play)\b|\b(?:ok|okay|alright|enough|please|now|"
    r"haha\w*)[,!. ]*stop\b|\bstop (?:the|this|playing|pretending|role|being|acting)\b|\bback to (?:reality|"
    r"work|business|normal|real life|the real)\b|\b(?:out of|break) character\b|\benough (?:of (?:that|this)|"
    r"playing|games?)\b|\bthat was fun\b|\bcut!|^\s*(?:stop|cut|scene)[.! ]*$|\bseriously (?:now|though)\b|"
    r"\bfor real now\b|\bno more (?:games|pretending)\b|游戏结束|不玩了|不演了|停[。！!]?$|回到(?:正题|现实|"
    r"工作)|说正经的|讲正经的|演完了|好了不闹了|收工|\b(?:fin del juego|se acabó el juego|basta|ya basta|"
    r"volviendo a lo serio)\b"
)
LONGEST = 12
"""Messages after its opening in which a game is taken to go on: nobody says that it is over every time."""


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.MULTILINE)


def playing(texts: Iterable[str]) -> bool:
    """Whether a game is under way after these messages of the user's, oldest first.

    One that closes a game does not open it, so that "ok stop pretending" ends it.
    """
    since: int | None = None
    for text in texts:
        low = folded(text)
        if _pattern(_CLOSES).search(low):
            since = None
        elif _pattern(_OPENS).search(low):
            since = 0
        elif since is not None:
            since += 1
            since = None if since > LONGEST else since
    return since is not None
