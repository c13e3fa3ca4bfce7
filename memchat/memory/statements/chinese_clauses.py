"""Where a Chinese sentence is cut into clauses, and what is left out at the ends of each: greetings, particles."""

import re
from collections.abc import Iterator

_LEAD = re.compile(
    r"(?:(?:你好|您好|嗨|哈啰|哈喽|哈罗|大家好|各位好|hi|hello|hey|对了|顺便说(?:一下|一声)?|顺便一提|顺带一提|"
    r"顺道一提|其实|"
    r"老实说|说真的|说实话|讲真|嗯+|啊|喔|哦|噢|欸|诶|呃|唉|话说|好的|(?:好|ok)(?=[\s，,啦喔])|是的|是啊|没错|"
    r"不对|不是(?=[\s，,])|更正|更正一下|补充|补充一下|"
    r"我?跟你说(?:过)?|我?告诉你|我(?:之前|刚才|刚刚)?说过|请?帮?我?(?:记住|记得|记下|记一下|记好|注意)|先说|"
    r"对[齁啦呀]|安安|喔靠|靠(?=[\s，,])|天哪|哇|行(?=[\s，,])|"
    r"没有?啦|是说|反正|从今[儿天]起|不瞒你说|"
    r"跟你坦白|跟你讲|坦白说|老实讲|说起来|忘了[说讲]|一算|补一句|"
    r"因为|所以|但是|但|而且|并且|另外|还有|然后|不过|可是|只是|结果|自我介绍一下|自我介绍|先介绍一下自己|谢谢|"
    r"感谢|早安|午安|"
    r"晚安|早上好|以后|从现在起|今后|也|现在|目前|最近|去年|今年|前年|上个月|上个?星期|上周|上礼拜|前阵子|不久前|"
    r"昨天|前天|"
    r"(?:医生|医师)(?:要|叫|让|嘱咐|规定)(?=我(?:每|早晚|长期|固定))|"
    r"(?!以|之)[^，。我\d一二三四五六七八九十天周月年]{1,6}后(?=我(?:就)?开始)|(?:当然|当时)?(?:平常|平时|"
    r"通常)(?=跟|和)|"
    r"后来|终于|(?:19|20)\d\d ?年)[\s，,。.!！：:、~～…啦呢喔哦]*)+"
)
_GAP = re.compile(
    r"\s*(?:[，,；;—]|(?<!目标)(?<!坐标)(?<!志愿)[：:])+\s*(?!(?:不要用?|别用?|而不是|不用) ?[a-z])|"
    r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff\ufffc])(?!养了?[一二两三四五六七八九十\d]+ ?(?:年|个月))|"
    r"(?<=[a-z0-9])\s+(?=时间都|现在|"
    r"目前|之后|以后|平常)|"
    r"(?<=不耐|过敏)(?=可以|能|该|怎么|要注意)"
    r"|(?<=.)(?=(?:而且|并且|但是|不过|可是|所以|因为|然后|但我|还有我))"
)
# Where a second statement begins without a sign: 我是老师我住台北, 不抽烟也不喝酒.
_SEAM = re.compile(
    r"(?<=[\u3400-\u9fffa-z] )(?=我)|(?<=.)(?=也(?:对|住|不[吃喝抽碰]|会一点|有养|养))|(?<=[^和跟与同])(?=(?:和|"
    r"跟)?我(?:叫|住|对|是|喜欢|"
    r"不吃(?![啦喔]?$|[\s，,])|有|养)(?!们))"
)
_TIME = re.compile(r"(?:现在|目前|今年|明年|以后|之后|最近|终于|去年|也)+ ?$")
# Little words at the end of a clause that say nothing.
_TAIL = re.compile(
    r"(?:[\s啦喔哦欸诶耶齁呗ㄎ呀啊唷哟啰嘞咧捏噢唉~～…!！。.]|(?<!人)呢|的啦|说真的|就是了|这样|xd+|qq|"
    r"\U0001f600-\U0001f64f)+$"
)


def before_tail(low: str, start: int, end: int) -> int:
    """Where the clause ends when its particles are left out."""
    tail = _TAIL.search(low, start, end)
    return tail.start() if tail else end


def clauses(low: str) -> Iterator[tuple[int, int]]:
    """The clauses of a sentence, greetings and asides at their head left out."""
    start = 0
    for gap in _GAP.finditer(low):
        if gap.start() > start or gap.end() > gap.start():
            yield _after_lead(low, start, gap.start())
            start = gap.end()
    yield _after_lead(low, start, len(low))


def pieces(low: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The statements of one clause: 我是老师我住台北 holds two."""
    for seam in _SEAM.finditer(low, start, end):
        if seam.start() > start:
            yield _after_lead(low, start, seam.start())
            start = seam.start()
    yield _after_lead(low, start, end)


def with_time(low: str, start: int) -> int:
    """Where the clause begins when the words of time before it, which are left out as a rule, count."""
    said = _TIME.search(low, max(0, start - 6), start)
    return said.start() if said else start


def _after_lead(low: str, start: int, end: int) -> tuple[int, int]:
    lead = _LEAD.match(low, start, end)
    return (lead.end() if lead else start), end
