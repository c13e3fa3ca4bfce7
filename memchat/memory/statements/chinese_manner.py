"""Chinese wishes for how to answer: whether they are meant for good, and those that say so themselves.

Patterns are written in simplified letters and read folded text.
"""

import re

from memchat.memory.statements.chinese_lists import NEAR
from memchat.memory.statements.rules import NOTE, Found

_LASTING = re.compile(r"以后|从现在起|从今以后|从今天起|今后|每次|一律|总是|永远|之后都|之后|都用|都要")
# A manner of this one text, unless it is said for good.
_ONE_TEXT = re.compile(
    r"写|回(?:一|他|她|对方)|信(?![用任])|邮件|文案|自介|稿|标题|这[篇封段句]|这一?[篇封段句]|[润修]|翻|致词|致辞|"
    r"贺[词卡]|卡片|作文|摘要|"
    r"简历|履历|太(?:长|短|正式|肉麻|客气|官腔|文)|给(?:他|她|老板|主管|客户|房东|老师|家长|同事)"
)
_ANSWERS = re.compile(r"回答|回复|回覆|答案|解释")
_KEPT_UP = re.compile(
    r"(?P<v>(?:用|都用|请用|改用)?(?:条列式?|列点|表格|白话|口语|短一点|短点|简短一?点?|(?:直接|先)(?:给|讲|说)结论|"
    r"繁体中文|简体中文|中文|英文|繁体|"
    r"简体|公制|摄氏))(?:来)?(?:给我|回我|回答|讲|说|列|呈现)?(?:可以吗|好吗|行吗|好不好|可不可以|就好|就行|吧|"
    r"呗)?[ ，,]*"
    r"(?:之后|以后|往后|接下来)(?:也|都|也都|全都|统统)?(?:是|这样|要|如此|一样|照这样|这么做|"
    r"比照)(?![\u3400-\u9fff]{3})"
)
# 以後問你公式，先給公式，解釋放後面: in which order, said for good.
_ORDERED = re.compile(
    r"(?:以后|今后|往后|从现在起)(?:[^，。我他她]{0,4}(?:问|回答|回复|回覆|解释|写程式|写代码|"
    r"教)[^，。他她]{0,8}[，, ]*)?(?:请|都|你|一律)*"
    r"(?P<v>先(?:给|讲|说|列|写|放)(?:我)?(?:公式|代码|程式码|答案|结论|重点|步骤|例子|范例|摘要|定义|大纲|数字|"
    r"表格|指令)"
    r"(?:[，, ]*(?:再|解释|说明|细节|例子|范例|推导|步骤|理由)[\u3400-\u9fffa-z ]{1,8})?)(?=[，, 。]|$)"
)
_SPOKEN = re.compile(r"(?:用|都用|请用|改用)?(?P<v>繁体中文|简体中文|中文|英文|繁体|简体)")
# 帮我写两句给女儿的 她叫小满: the one thing that such a request tells.
_NAMED_KIN = re.compile(
    rf"(?:给|送|帮)我?家?的?(?P<who>{NEAR})[^，,。 ]{{0,6}}[，, ]+[他她](?:的?名字|"
    rf"小名)?(?:是)?叫(?P<v>(?![我你他她])[\u3400-\u9fff]{{2,3}})(?=[，, ]|$)"
)


def is_standing(low: str, *, alone: bool) -> bool:
    """Whether a wish of style in the folded sentence is for good; `alone`: the message asks nothing."""
    return bool(_LASTING.search(low)) or (alone and bool(_ANSWERS.search(low) or not _ONE_TEXT.search(low)))


def said_in_passing(sentence: str, low: str) -> Found | None:
    """The one fact of a request: 帮我写两句给女儿的 她叫小满; or of a wish that goes on: 条列可以吗 之后也是."""
    if named := _NAMED_KIN.search(low):
        start, end = named.span("v")
        who = sentence[named.start("who") : named.end("who")]
        return Found(NOTE, f"{who}叫{sentence[start:end]}", named.start(), end)
    if ordered := _ORDERED.search(low):
        start, end = ordered.span("v")
        return Found("reply_style", sentence[start:end], ordered.start(), end)
    if kept := _KEPT_UP.search(low):
        start, end = kept.span("v")
        if spoken := _SPOKEN.fullmatch(kept["v"]):
            return Found("preferred_language", sentence[start + spoken.start("v") : end], start, kept.end())
        return Found("reply_style", sentence[start:end], start, kept.end())
    return None
