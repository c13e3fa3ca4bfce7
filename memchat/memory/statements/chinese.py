"""Chinese first-person statements, both scripts, and what they teach. What is unclear is left alone."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from memchat.memory.language import folded
from memchat.memory.statements import chinese_words as words
from memchat.memory.statements.chinese_grammar import HOW, spelled_out
from memchat.memory.statements.chinese_rules import DATED, RULES, STYLE
from memchat.memory.statements.dates import When, date_in_chinese
from memchat.memory.statements.rules import NOTE, Found, Rule, apply, read

# From such a word on, the message plays a role, tells a story or asks for work on a text: nothing after it is learned.
FRAME = re.compile(
    r"假装|假扮|扮演|角色扮演(?!游戏)|想像|想象|假设|假如|假想|设想|翻译成|翻成|怎么翻|怎么说|英文是|日文是|例句|"
    r"举例来说|比方说|比如说|例如|从前有|"
    r"^(?:请|帮我|你|麻烦|能不能|可以|请你|请帮我)*(?:写|翻译|改写|润稿|修改|校对|造句|续写|编一?个|讲一?个|"
    r"说一?个|检查|校正|重复)|"
    r"(?:故事|小说|剧本|游戏|电影|戏|梦)[里中]|(?:故事|剧本|台词|歌词|对白|角色|主角|例子|原文|句子)[:：]|梦到|"
    r"梦见|^你(?:现在|就)?是(?:一?[个名位只]|我的)|当成是|是什么意思"
)
# A sentence with one of these is no plain statement.
VETO = re.compile(
    r"[吗嘛]$|什么|谁|哪|怎么|为何|几[个岁点位只号年天]|是不是|有没有|会不会|能不能|要不要|好不好|对不对|多少|多久|"
    r"多大|如何|是否|"
    r"如果|要是|倘若|若是|^若|万一|要不是|的话|就好了|希望我(?:是|能|会)|但愿|可能|也许|大概|或许|好像|似乎|应该是|"
    r"差点|以为|自称|我猜|我觉得我|搞不好|说不定|据说|听说|"
    r"开玩笑|哈哈|呵呵|嘿嘿|笑死|\bxd|lol|hhh|23333|[\U0001f602\U0001f923\U0001f61c\U0001f609\U0001f643\U0001f61d]|"
    r"(?:(?<![跟和对])你|他|她|的|他们|她们|别人|大家|有人|妈妈?|爸爸?|老师|医生|朋友|同事|老板|太太|先生|老婆|"
    r"老公|人家)(?:都|"
    r"也|常|总|老是|还|却|刚|刚才|刚刚|之前|昨天|今天)*"
    r"(?:说|觉得|认为|以为|告诉|问|骂|写|讲|猜)"
)
_PASSING = re.compile(r"今天|今晚|今早|现在正|此刻|刚才|刚刚(?!搬)|这会儿|一下子|暂时|等一下|待会|一会儿")
_PAST = re.compile(r"以前|曾经|曾|过去|小时候|从前|当时|那时|原本|原来|本来(?!就)|住过|当过|做过|去过")
_LEAD = re.compile(
    r"(?:(?:你好|您好|嗨|哈啰|哈喽|大家好|hi|hello|hey|对了|顺便说(?:一下|一声)?|顺带一提|顺道一提|其实|老实说|嗯+|"
    r"啊|喔|哦|噢|欸|诶|好的|是的|是啊|"
    r"没错|不对|更正|更正一下|补充|补充一下|我?跟你说(?:过)?|我?告诉你|我(?:之前|刚才|刚刚)?说过|请?帮?我?(?:记住|"
    r"记得|记下|记一下|记好|注意)|"
    r"因为|所以|但是|但|而且|并且|另外|还有|然后|不过|可是|自我介绍一下|自我介绍|先介绍一下自己|谢谢|早安|午安|"
    r"晚安|以后|从现在起|今后|"
    r"也|现在|目前|最近|去年|今年|前年|上个月|上个?星期|上周|上礼拜|前阵子|不久前|昨天|前天|后来|(?:19|20)\d\d "
    r"?年)[\s，,。.!！：:、~～…]*)+"
)
_BREAK = re.compile(
    r"\s*[，,；;：:—]+\s*(?!(?:不要用?|别用?|而不是|不用) ?[a-z])|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])"
    r"|(?<=.)(?=(?:而且|并且|但是|不过|可是|所以|因为|然后|但我|也对|也住|还有我))|(?<=[^和跟与同和])(?=(?:和|"
    r"跟)?我(?:叫|住|对|是|喜欢|不吃)(?!们))"
)
_SELF = re.compile(r"(?:我们|我|本人|咱们|俺|请叫我|叫我)")
_OTHER_SUBJECT = re.compile(
    r"(?:你|您|他|她|它|他们|她们|大家|这|那|我(?:的)?(?:妹|姐|哥|弟|妈|爸|母|父|太太|老婆|妻|先生|老公|丈夫|儿|女|"
    r"小孩|孩子|爷|奶|外|阿|祖|叔|伯|舅|姑|表|堂|侄|孙|"
    r"男|未婚|室友|朋友|好朋友|同事|老板|主管|同学|老师|医生|编辑|狗|猫|家人|邻居|房东|公司|学校))"
)
_LASTING = re.compile(r"以后|从现在起|从今以后|从今天起|今后|每次|一律|总是|永远|之后都|都用|都要")
# 我住在台北，有什么好玩的？ Before the question stands a statement; 对吗, 是吧 ask about the statement itself.
QUESTION = re.compile(r"[，,；;]\s*(?=(?!对|是|没错|好|可以吗|行)[^，,；;]*$)")
_TELLS_TO_KEEP = re.compile(
    r"(?:请|帮我|请帮我|要|你要|请你)*(?:记住|记得|记下|记一下|记下来|备忘)[：:，, ]*(?P<v>[^，, ].{3,60})$"
)
_BIRTHDAY = re.compile(r"生日|出生")
_NOT_PLANS = re.compile(r"告诉你|跟你说|问你|再说|试试|再聊|找你|联络你|联系你|跟你聊|睡|会下雨|下雨")


@cache
def _rules(kind: str) -> tuple[tuple[Rule, re.Pattern[str]], ...]:
    """The rules, compiled when first needed."""
    table = {"style": STYLE, "dated": DATED}.get(kind, RULES)
    return tuple((rule, re.compile(spelled_out(rule.pattern, elided=kind != "whole"))) for rule in read(table, words))


def statements(sentence: str, today: date, *, alone: bool) -> Iterator[Found]:
    """The facts in one sentence. `alone`: the message asks nothing, so a wish of style is no wish for one answer."""
    low = folded(sentence)
    if VETO.search(low):
        return
    found = list(_clauses(sentence, low, today, style=alone or bool(_LASTING.search(low))))
    if not found and (told := _TELLS_TO_KEEP.match(low)):
        found = [Found(NOTE, sentence[told.start("v") :].strip(" ，,"), told.start("v"), len(sentence.rstrip(" ，,")))]
    yield from found


def _clauses(sentence: str, low: str, today: date, *, style: bool) -> Iterator[Found]:
    mine, day = False, None
    for start, end in _spans(low):
        when = date_in_chinese(sentence[start:end], today)
        if when and not low[start : start + when.start].strip() and not low[start + when.end : end].strip():
            day = start, when  # 下周五，...: the day of the clause that follows
            continue
        other = bool(_OTHER_SUBJECT.match(low, start, end))
        mine = not other and (mine or bool(_SELF.match(low, start, end)) or _opens_with_day(low, start, when))
        if when:
            day = start, when
        found = (
            _plan(sentence, low, start, end, day) if day else _fact(sentence, low, start, end, mine=mine, style=style)
        )
        day = None
        if found:
            yield found


def _opens_with_day(low: str, start: int, when: When | None) -> bool:
    return when is not None and when.start == 0 and bool(_SELF.match(low, start + when.end))


def _fact(sentence: str, low: str, start: int, end: int, *, mine: bool, style: bool) -> Found | None:
    clause = low[start:end]
    if _PASSING.search(clause) or _PAST.search(clause):
        return None
    found = apply(_rules("elided" if mine else "whole"), sentence, start, end, HOW)
    if found is None and style:
        found = apply(_rules("style"), sentence, start, end, HOW)
    return found


def _plan(sentence: str, low: str, start: int, end: int, day: tuple[int, When]) -> Found | None:
    """A plan with its day, which stands before the clause, at its head or within it."""
    anchor, when = day
    first, last = anchor + when.start, anchor + when.end
    if _BIRTHDAY.search(low, start, end):
        return _fact(sentence, low, start, end, mine=False, style=False)
    whole = low[min(first, start) : end]
    if _NOT_PLANS.search(whole) or "我" not in whole or _OTHER_SUBJECT.match(low, start, end):
        return None
    # The plan is read from the clause without its day: what stands before the day is only 我 and adverbs.
    body = max(start, last)
    found = apply(_rules("dated"), sentence, body, end, HOW)
    if found is None:
        return None
    begin = min(first, start)
    return Found(NOTE, f"{when.said} {found.text}", begin, found.end)


def _spans(low: str) -> Iterator[tuple[int, int]]:
    """The clauses of a sentence, greetings and asides at their head left out."""
    start = 0
    for gap in _BREAK.finditer(low):
        if gap.start() > start or gap.end() > gap.start():
            yield _after_lead(low, start, gap.start())
            start = gap.end()
    yield _after_lead(low, start, len(low))


def _after_lead(low: str, start: int, end: int) -> tuple[int, int]:
    lead = _LEAD.match(low, start, end)
    return (lead.end() if lead else start), end
