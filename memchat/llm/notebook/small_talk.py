"""Greetings, thanks, farewells, and requests that only a language model can answer, told by their words."""

import re
from enum import StrEnum


class Talk(StrEnum):
    """What a message is that neither asks about the user nor tells a fact."""

    HELLO = "hello"
    THANKS = "thanks"
    BYE = "bye"
    HOW = "how"
    NOD = "nod"
    REQUEST = "request"
    OTHER = "other"


_KINDS = (
    (
        Talk.THANKS,
        re.compile(
            r"^(?:ok,? |great,? |perfect,? )?(?:thanks|thank you|thx|cheers|ty)\b.{0,30}$|^(?:好的?，?)?(?:谢谢|"
            r"多谢|感谢).{0,10}$"
        ),
    ),
    (
        Talk.HOW,
        re.compile(
            r"^(?:and )?how (?:are|r) (?:you|u)\b.{0,20}$|^how'?s it going|^你(?:今天|最近)?(?:好吗|怎么样|还好吗)"
        ),
    ),
    (
        Talk.HELLO,
        re.compile(
            r"^(?:hi|hello|hey|hiya|yo|good (?:morning|afternoon|evening)|greetings)\b.{0,20}$|^(?:你好|您好|嗨|"
            r"哈啰|哈喽|早安|早|午安|晚上好|早上好|在吗).{0,6}$"
        ),
    ),
    (
        Talk.BYE,
        re.compile(
            r"^(?:bye|goodbye|good ?night|see you|see ya|cya|later)\b.{0,20}$|^(?:再见|拜拜|掰掰|晚安|下次见|"
            r"明天见).{0,6}$"
        ),
    ),
    (
        Talk.NOD,
        re.compile(
            r"^(?:ok|okay|k|lol|(?:ha)+|sure|yes|yeah|yep|no|nope|"
            r"great|cool|nice|fine|good|right|wow|oh|hm+|alright|i see|never mind)$"
            r"|^(?:好|好的|好啊|嗯+|哈+|呵+|是|是的|对|对啊|不|没有|没事|行|可以|哦|喔|了解|知道了|懂了|原来如此)$"
        ),
    ),
    (
        Talk.REQUEST,
        re.compile(
            r"^(?:please |pls |can you |could you )*(?:write|make|create|explain|translate|summari[sz]e|calculate|"
            r"compute|generate|give me|"
            r"tell me|help|code|fix|draft|compose|list|describe|compare|suggest|recommend|find|search|solve|"
            r"convert|define|play|sing|"
            r"show me|rewrite|debug|implement|pretend|imagine|act as)\b"
            r"|^[\d\s+*/^().,=x×÷-]+$"
            r"|^(?:请|帮我|请帮我|麻烦|你)*(?:写|做|算|翻译|解释|总结|建议|推荐|列出|生成|改|画|查|找|说个|讲个|"
            r"介绍|假装|想象|扮演)"
        ),
    ),
)


def talk_of(low: str) -> Talk:
    """The kind of a folded message."""
    low = low.strip(" \n!.~～！。…?？")[:400]
    return next((kind for kind, pattern in _KINDS if pattern.search(low)), Talk.OTHER)
