"""Whether a game, a role or a story is being played: what is said within it says nothing of the user."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from memchat.memory.language import folded

# What opens a game in which the user has a role too; "act as a Linux expert" alone gives one to the assistant only.
_OPENS = (
    r"\blet'?s (?:play|role-?play|pretend|do a role|act out|improvise)\b|\brole-?play(?:ing)?\b|"
    r"(?<!i )(?<!n't )\bpretend (?:you|ur|u|to be|that|i|we|this)\b|\b(?:you are|you're|you play|you be|be|"
    r"act as|act like|play) (?:an? |the |my )[^.!?\n]{1,60}?(?:,| and)\s*(?:i'm|i am|i'll be|i will be|i play|"
    r"i'm playing|interview me|quiz me|question me|arrest me|serve me)\b|\b(?:i'm|i am|i'll be|i'll play|"
    r"i play) (?:an? |the )[^.!?\n]{1,40}?,? (?:and )?you(?:'re| are|'ll be| play)\b|\bin this (?:game|story|"
    r"scene|scenario|campaign),? i\b|\bmy (?:character|persona|alter ego)\b|\b(?:you be|can you be|"
    r"will you be|you play) (?:the|my|an?) (?!judge\b)\w+|\b(?:practi[sc]e|rehearse|run) (?:my |the )?(?:part|"
    r"lines|role)\b|\bdungeon ?master\b|(?:^|[.!?,;:] *|\b(?:do|run|start|give me|hold|try) )(?:an? |the |"
    r"another )?(?:mock|practi[sc]e|pretend|fake) (?:\w+ )?(?:interview|exam|call|date|viva|negotiation|"
    r"debate|trial)\b|\bplay (?:an? |the |my )?(?:interviewer|interviewee|recruiter|hiring manager|boss|"
    r"customer|client|patient|doctor|cop|police\w*|detective|inspector|landlord|examiner|waiter|barista|"
    r"receptionist|shopkeeper|villain|hero|publisher|agent|candidate)\b|\blet'?s do (?:an? )?(?:quick |"
    r"little |short )?(?:bit|scene|skit|sketch|improv|roleplay|scenario|interview)\b|\b(?:i'?m|i am|"
    r"i'?ll be) [^.!?\n,]{1,40}?,?(?: and| n|,|) (?:ur|u r|u are|youre|u be|you be|you'?re|you are) (?:an? |"
    r"the |my )|\b(?:stay|be|talk|answer|reply) in character\b|\blarp\b|\b(?:run|start|dm|gm|master) (?:me |"
    r"us )?(?:an? |my |our |the )?(?:d&d|dnd)\b|\bmurder mystery\b.*\b(?:rehearse|practi[sc]e|be the)\b|"
    r"\bsimulate (?:an?|the|my)\b|\bchoose your own adventure\b|\btext adventure\b|\bstart(?:ing)? scene\b|"
    r"\b(?:imagine|suppose) (?:that )?(?:i'm|i am|you're)\b|角色扮演|扮演|扮成|假装|假扮|来玩(?:个|"
    "一个)?(?:游戏|角色)|玩个?(?:角色|游戏)|我们来演|演一?场|跑团|你(?:来)?(?:当|演|是|"
    r"做)[^，。！？\n]{1,12}[，, ]*我(?:(?:和|跟)[^，。 ]{1,4})?(?:来)?(?:当|演|是|做)|你(?:来)?(?:当|演|"
    "扮)(?:一下|一?个)?(?:我的?)?(?:面试官|考官|口试委员|审查委员|客人|顾客|店员|店小二|掌柜|房东|老板|主管|"
    "海关)|模拟(?:一下|一次|一场)?(?:面试|口试|对话|谈判|吵架)|(?:陪我|我们来?)(?:练|排练|演练|"
    "对)(?:一下)?(?:面试|口试|台词|对话|戏)|(?:要|来|想|陪我|一起)玩(?:一下|个|一?场)?(?:武侠|过家家|"
    "扮家家酒?|家家酒|医生游戏|开店|剧本杀|狼人杀|海龟汤|文字游戏|桌游|冒险)|我(?:来)?(?:当|"
    r"演)[^，。！？\n]{1,12}[，, ]*你(?:来)?(?:当|演)|\b(?:vamos a jugar|juguemos|juego de rol|finge que|"
    r"imagina que (?:soy|eres)|haz de|actúa como)\b"
)
_CLOSES = (
    r"\bgame over\b|\bend (?:of )?(?:scene|game|role-?play)\b|\b(?:ok|okay|alright|enough|please|now|"
    r"haha\w*)[,!. ]*stop\b|\bstop (?:the|this|playing|pretending|role|being|acting)\b|\bback to (?:reality|"
    r"work|business|normal|real life|the real)\b|\b(?:out of|break) character\b|\benough (?:of (?:that|this)|"
    r"playing|games?)\b|\bthat was fun\b|\bcut!|^\s*(?:stop|cut|scene)[.! ]*$|\bseriously (?:now|though)\b|"
    r"\bfor real now\b|\b(?:ok(?:ay)?|and|aa+nd) (?:curtain|scene|cut|done)\b|\b(?:real|actual) me\b|"
    r"\bback to me\b|\bme again\b|\bthat'?ll do\b|\bdone (?:with|w) (?:the |this )?(?:bit|game|role|scene|"
    r"roleplay)\b|\bjust me now\b|\bstop stop\b|\bend of the (?:bit|act)\b|\bno more (?:games|pretending)\b|"
    "游戏结束|不玩了|不演了|停[。！!]?$|玩完了|演到这|下戏|出戏|先到这(?:里|边)?吧?$|不扮了|(?:面试|演练|"
    r"模拟|排练)结束|回到(?:正题|现实|工作)|说正经的|讲正经的|演完了|好了不闹了|收工|\b(?:fin del juego|"
    r"se acabó el juego|basta|ya basta|volviendo a lo serio)\b"
)
LONGEST = 12
"""Messages after its opening in which a game is taken to go on: nobody says that it is over every time."""


@lru_cache(maxsize=64)  # each draft of a message asks about the same messages
def _turn(text: str) -> bool | None:
    """True where the message opens a game, False where it closes one."""
    low = folded(text)
    if _pattern(_CLOSES).search(low):
        return False
    return True if _pattern(_OPENS).search(low) else None


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.MULTILINE)


def playing(texts: Iterable[str]) -> bool:
    """Whether a game is under way after these messages of the user's, oldest first.

    One that closes a game does not open it, so that "ok stop pretending" ends it.
    """
    since: int | None = None
    for text in texts:
        turn = _turn(text)
        if turn is not None:
            since = 0 if turn else None
        elif since is not None:
            since = since + 1 if since < LONGEST else None
    return since is not None
