"""Who else a Chinese clause speaks of: another subject at its head, a name, a person just brought in.

Patterns are written in simplified letters and read folded text.
"""

import re

from memchat.memory.statements import chinese_lists as lists

_NOT_OF_KIN = (
    "同学|同事|朋友|老师|主管|老板|客户|邻居|房东|室友|学生|病人|学长|学姐|学弟|学妹|网友|前任|闺蜜|对象|组员|队友|"
    "助理|编辑|医生|家人|亲戚"
)
# The clause begins with somebody else: what it says, and what follows without 我, may be said of them.
OTHER_SUBJECT = re.compile(
    rf"(?:你|您|他|她|它|他们|她们|大家|这|那|有人|别人|我(?:的|们|家|家的|"
    rf"们的)*(?:(?:(?![是叫住有在和跟对喜不])[\u3400-\u9fff]){{0,3}}(?:{_NOT_OF_KIN})|"
    r"[大小二三]?(?:妹|姐|哥|弟|妈|爸|"
    r"母|父|太太|老婆|妻|先生|老公|丈夫|儿|女|小孩|孩子|爷|奶|外[公婆甥]|阿[公嬷姨姑]|祖|叔|伯|舅|姑|表|堂|侄|孙|"
    r"男|未婚|公公|婆婆|岳|媳|"
    r"双胞胎|狗|猫|兔|柯基|柴犬|鹦鹉|仓鼠)|们?公司|们?学校|们?老板)|"
    r"(?:同学|同事|朋友|老师|主管|老板|客户|邻居|房东|室友|妈妈?|爸爸?|老公|老婆|太太|先生|女友|男友|女儿|儿子|"
    r"牙医|医生|闺蜜|学长|学姐|"
    r"猫|狗|小孩|孩子)(?!人|[一-龥]?$))"
)
# A clause without 我 that tells of a person: by what they are, by a name that does or is something, by 他 or 她.
TELLS_OF_OTHER = re.compile(
    rf"[他她]|^(?:{lists.NEAR}|{lists.PETS})|^(?:我们?)?(?:(?:的|那个|有个|有一个|一个|隔壁|楼[上下]|前|新|老|公司|"
    rf"班上|组里|群里)*)(?:{_NOT_OF_KIN}|学伴|大哥|大姐|阿姨|老师傅|师傅|师父|徒弟|同仁|助教|教授|鼓手|贝斯手|主唱|"
    rf"队长|"
    r"店员|司机|领导|经理|组长|前辈|同行|面试官|护士|教练|新人|实习生|男生|女生|家长|小朋友|房客|店长|店家|管家|"
    r"领导|师兄|师姐|师弟|师妹|发小|哥们|姐妹|伴娘|伴郎|新郎|新娘|译者|作者|主角)|"
    r"^(?![我俺咱]|一)[\u3400-\u9fff]{2,3}(?:自己|本人)?(?:对[\u3400-\u9fff]{1,8}过敏|说|觉得|(?<!也)住在?|今年|"
    r"才?\d\d岁|养了)|"
    r"^(?!我)[\u3400-\u9fff]{1,3}(?:先生|小姐|女士|太太|同学|经理|医师|主任)|^[小阿老][\u3400-\u9fff](?!孩|时|型|心|"
    r"家|是|"
    r"板|公|婆|了)|"
    r"^[a-z]{3,10} ?[\u3400-\u9fff]{0,4}?(?:说|的|很|纯素|吃|住|对|养|在)"
)
# Somebody else is brought in: what follows without 我 may be said of them.
MEETS = re.compile(
    r"(?:有|认识|碰到|遇到|看到|听到|叫做?)[^，]{0,6}(?:朋友|同事|同学|邻居|客户|老师|亲戚|学生|网友|学长|学姐|室友|"
    r"房客|人)(?:们|叫.{1,4})?$"
)
NEARBY = 120
"""Characters before a sentence within which somebody spoken of may be whom it is about."""
_MYSELF = re.compile(
    r"(?:^|[\s，,。.!！；;、\n])(?:平常|平时|通常|而|但|不过|所以|然后|其实|至于|倒是)?(?:我(?!们?(?:的|家))|本人|"
    r"咱|俺)"
)


def last_spoke_other(before: str) -> bool:
    """Whether the folded text told of somebody else last, so that a clause without a subject may be about them."""
    last = 0
    for mine in _MYSELF.finditer(before):
        last = mine.end()
    return any(TELLS_OF_OTHER.search(part.strip()) for part in re.split(r"[\s，,。.!！；;、\ufffc]+", before[last:]))
