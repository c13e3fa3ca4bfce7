"""How Chinese clauses are built, as far as learning needs it: who speaks, what ends a value, recurring words."""

import re

from memchat.memory.statements import chinese_words as words
from memchat.memory.statements.rules import Language, filled

HOW = Language(
    ends={
        "": re.compile(r"(?:因为|所以|但是|但|不过|可是|而且|并且|虽然|然后|如果|的时候|[（(])"),
        "name": re.compile(r"(?:因为|所以|但是|而且|就好|就行|就可以|即可|吧$|[（(]|喔|哦|啦|呀|啊$)"),
        "place": re.compile(
            r"(?:因为|所以|但是|而且|已经|[（(]|很久|好久|[了啦喔哦呢啊]|的|这边|那边|附近|"
            r"[一二两三四五六七八九十几多\d]+ ?(?:个月|年|天)|快|跟|和|与|工作|上班|生活|念书|读书)"
        ),
        "one": re.compile(
            r"(?:因为|所以|但是|而且|[（(]|[啦喔哦呢啊]$|已经|[一二两三四五六七八九十几多\d]+ ?(?:个月|年)了?$|了$)"
        ),
        "all": re.compile(r"(?!)"),
    },
    trim=" \t，,。.、；;：:！!~～…-—*",
    verbs={},
)
PARTS = {
    "V": r"(?P<v>.+)",
    "A": (
        r"(?:现在|目前|其实|真的|也|都|还|就|一直|已经|最近|很|非常|超级|超|特别|最|比较|更|蛮|挺|满|有点|平常|平时|"
        r"通常|从小就|从小|的确|确实|始终|终于|天生|一向|向来|可|会|全家|太|尤其|是真的|本来就|去年|今年|前年|上个月|"
        r"上个?星期|上周|上礼拜|前阵子|不久前|刚刚|刚|才|后来|一家人| )*"
    ),
    "LANGUAGES": words.LANGUAGES,
    "LANGS": r"(?:<LANGUAGES>)(?:[、和跟与及 ]+(?:<LANGUAGES>))*",
    "TRADES": words.TRADES,
    "NEAR": (
        r"(?:妹妹|姐姐|哥哥|弟弟|妹|姐|哥|弟|妈妈|爸爸|母亲|父亲|妈|爸|爸妈|父母|太太|老婆|妻子|先生|老公|丈夫|儿子|"
        r"女儿|小孩|孩子|大儿子|小儿子|大女儿|小女儿|爷爷|奶奶|外公|外婆|阿公|阿嬷|祖父|祖母|叔叔|伯伯|舅舅|阿姨|"
        r"姑姑|表哥|表弟|表姐|表妹|堂哥|堂弟|堂姐|堂妹|侄子|侄女|外甥|外甥女|孙子|孙女|男朋友|女朋友|男友|女友|"
        r"未婚妻|未婚夫|室友|好朋友|编辑|同事|老板|主管|医生|狗|猫|猫咪|狗狗|双胞胎)"
    ),
    "OWNED": (
        r"(?:妹妹|姐姐|哥哥|弟弟|儿子|女儿|小孩|孩子|兄弟姐妹|兄弟|姐妹|猫|狗|猫咪|狗狗|兔子|仓鼠|鹦鹉|柯基|柴犬|"
        r"双胞胎|孙子|"
        r"孙女|男朋友|女朋友)"
    ),
    "COUNT": r"(?:[一二两三四五六七八\d]+ ?[个位只条对名]|[一二两三四五六七八\d]+)",
    "SHAPE": r"简短|简洁|精简|简单|扼要|详细|直接|正式|口语|白话|条列式?|有礼貌|轻松|客气",
    "CODE": r"python|go|rust|java|javascript|typescript|c\+\+|c#|ruby|php|kotlin|swift|bash|sql|r",
    "ASK": (
        r"(?:请|麻烦|希望你|你可以|以后|今后|之后|从现在起|从今以后|从今天起|都|一律|每次|总是|永远|尽量|你|要| )*"
    ),
}


def spelled_out(pattern: str, *, elided: bool) -> str:
    """The pattern of a rule as a regular expression; `elided`: its 我 may be missing."""
    subject = r"(?:(?:我们|我|本人|咱们|俺)(?:是(?=在|住|从))? ?)"
    return filled(pattern, PARTS | {"W": f"{subject}?" if elided else subject})
