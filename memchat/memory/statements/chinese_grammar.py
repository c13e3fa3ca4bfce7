"""How Chinese clauses are built, as far as learning needs it: who speaks, what ends a value, recurring words."""

import re
from functools import cache

from memchat.memory.statements import chinese_lists as lists
from memchat.memory.statements.rules import Language, filled

HOW = Language(
    ends={
        "": re.compile(r"(?:因为|所以|但是|但|不过|可是|而且|并且|虽然|然后|如果|的时候|[（(])"),
        "name": re.compile(r"(?:因为|所以|但是|而且|就好|就行|就可以|即可|吧$|[（(]|喔|哦|啦|呀|啊$)"),
        "place": re.compile(
            r"(?:因为|所以|但是|而且|已经|[（(]|很久|好久|[了啦喔哦呢啊]|的$|这边|那边|这里|那里|附近|一带|当|"
            r"[一二两三四五六七八九十几多\d]+ ?(?:个月|年|天)|老家|快|跟|(?<![中永泰仁共])和(?![平美])|与|工作|"
            r"上班|生活|念书|读书)"
        ),
        "one": re.compile(
            r"(?:因为|所以|但是|而且|[（(]|[啦喔哦呢啊]$|已经|[一二两三四五六七八九十几多\d]+ ?(?:个月|年)了?$|了$)"
        ),
        "all": re.compile(r"(?!)"),
    },
    trim=" \t，,。.、；;：:！!~～…-—*",
    verbs={},
)
_N = r"[一二两三四五六七八九十百半\d]"
_TOOL_NAME = r"[a-z][a-z0-9.+#]{0,15}(?: [a-z0-9][a-z0-9.+#-]{0,15}){0,3}"
_TOOL = (
    rf"(?:{_TOOL_NAME}|支付宝|微信|飞书|钉钉|企业微信|注音|仓颉|五笔|双拼|拼音|呒虾米|左手|深色模式|机械键盘)"
    "(?: ?(?:系统|电脑|手机|编辑器|终端机?|键盘|笔电|笔记本|输入法))?"
)
_ADVERB = (
    "现在|目前|其实|真的|一直|已经|早就|最近|非常|超级|特别|比较|有点|平[常时日]|通常|一般|基本上|从小就?|的确|"
    "确实|当然|始终|终于|天生|"
    "一向|向来|全家|尤其|是真的|本来就|[去今前]年|上个月|上个?(?:星期|礼拜)|上周|前阵子|不久前|刚刚|后来|一家人|"
    "本身|自己|个人|主要|"
    "是个|[真也都还就最很超更蛮挺满可会太才刚只 ]"
)
_SUBJECT = "(?:我们|我|本人|咱们|咱|俺)(?:是(?=在|住|从))?(?:这边|这里)? ?"
PARTS = {
    "V": r"(?P<v>.+)",
    "A": f"(?:{_ADVERB})*",
    # One Chinese letter; a range of letters takes ten times as long to compile.
    "HAN": r"(?:(?![a-z0-9_])\w)",
    "N": _N,
    "LANGUAGES": lists.LANGUAGES,
    "LANGS": r"(?:<LANGUAGES>)(?:[、和跟与及 ]+(?:<LANGUAGES>))*",
    "NEAR": f"(?:{lists.NEAR})",
    "NEAR_OR_PET": f"(?:{lists.NEAR}|{lists.PETS})",
    "PETS": lists.PETS,
    "OWNED": f"(?:{lists.OWNED})",
    "INSTRUMENTS": lists.INSTRUMENTS,
    "SPORTS": lists.SPORTS,
    "ILLNESSES": f"(?:{lists.ILLNESSES})",
    "DATE": (
        r"(?:(?:农历|国历|阴历|阳历)? ?(?:[1-9]\d?|十?[一二三四五六七八九]|十|正|腊)月(?:初|廿)?(?:\d{1,2}|"
        r"[一二三四五六七八九十]{1,3})[日号]?|"
        r"\d{1,2}[/.-]\d{1,2})"
    ),
    "COUNT": rf"(?:{_N}+ ?[个位只条对名]?|[个位只条对名])",
    "SHAPE": r"简短|简洁|精简|简单|扼要|详细|直接|正式|口语|白话|条列式?|有礼貌|轻松|客气",
    "CODE": r"python|go|rust|java|javascript|typescript|c\+\+|c#|ruby|php|kotlin|swift|bash|sql|r",
    "ASK": (
        r"(?:请|麻烦|拜托|全部|全都|统一|可不可以|可以|希望你|你可以|以后|今后|之后|从现在起|从今以后|从今天起|都|"
        r"一律|每次|总是|永远|尽量|你|要|再| )*"
    ),
    # Habits: how often, at what time, and what is done for longer than a day.
    "OFTEN": (
        rf"(?:每天|每晚|每日|每早|天天|每年|每个?月|每逢?周末|每个周末|每隔?{_N}天|每(?:个)?(?:周|星期|"
        rf"礼拜)[一二三四五六日天、和跟]{{0,5}}|周末(?=我?[都会固通])|"
        rf"(?:一|每)(?:个)?(?:周|星期|礼拜|天|个?月)(?={_N}|<HAN>{{1,6}}{_N}[次天公])|周[一二三四五六日](?={_N}|都|"
        rf"晚|早|会|要|固定)|"
        r"长期|固定|早晚|平日|假日)"
    ),
    "FOR_YEARS": rf"(?:[弹拉吹打踢练学跳])?了?(?:很多|好多|好几|快|将近|{_N}+多?)年(?:多|了)*",
    "HOUR": (
        rf"(?:(?:大概|大约|差不多)*(?:早上|清晨|凌晨|上午|晚上|中午|下午|半夜|傍晚|睡前|下班后|饭后|早晚)*(?:都|会|"
        rf"要|固定|大概)*"
        rf"(?:{_N}{{1,3}}(?:点|:)(?:半|{_N}{{1,3}}分?)?)?)"
    ),
    "DOES": (
        r"走<N>{1,3}万?步|背<N>+|起来|跑步|慢跑|夜跑|晨跑|跑|健身|重训|游泳|打(?:篮|羽|羽毛|网|桌|排|棒|乒乓)?球|"
        r"打太极|打坐|骑(?:脚踏|自行|"
        r"单|机)?车|爬山|走路|散步|"
        r"登山|练|学|上.{0,6}课|瑜伽|瑜珈|冥想|看书|阅读|读|写|喝|吃|起床|睡|回老家|回家吃饭|回去|"
        r"回<HAN>{2,4}[一两二三]次|接送|接小孩|接孩子|通勤|煮|做饭|做瑜|"
        r"做便当|带便当|遛狗|溜狗|去教会|做礼拜|拜拜|买菜|听|看诊|回诊|洗肾|值班|值夜班|轮班|进公司|去公司|打扫|"
        r"直播|弹|量血压|打(?:针|胰岛素)"
    ),
    "FREE": r"周末|假日|平日|下班后|下班|有空|没事|闲暇时?|晚上|睡前|放假|休假|冬天|夏天|春天|秋天|早上|的时候|时",
    "TOOL": f"{_TOOL}(?: ?(?:[、,/和跟与加]|以及|还有) ?{_TOOL})*",
    "TASK": r"(?:写代码|写程式|写code|写作|写文章|写笔记|做笔记|记笔记|记账|开发|办公|工作|剪片|画图|付款|沟通|"
    "上班|排版|打字|做设计|修图|听音乐|管理任务|部署)",
    "SETTING": (
        r"(?:在公司|在家里?|公司里|工作上|工作|上班|平常|平时|日常|天天|每天|写程式|写代码|写code|写作|记账|"
        r"做笔记|开发|剪片|画图|家里)+(?:的时候|时)?"
    ),
    "DEVICE": (
        r"电脑|手机|笔电|笔记本电脑|笔记本|平板|相机|耳机|键盘|滑鼠|鼠标|萤幕|显示器|显卡|车|车子|机车|摩托车|"
        r"脚踏车|自行车|终端机|终端|"
        r"编辑器|浏览器|作业系统|操作系统|系统|输入法|发行版|ide|shell"
    ),
    # When something became so.
    "T": (
        "(?:已经|终于|总算|刚刚|刚|才|正式|现在|目前|也|都|又|最近|昨天|今天|前天|上周|这周|[上这]个?(?:月|星期|"
        "礼拜)|今年|去年|"
        "全家|一家人|一家|人|就|成功|顺利|被|们)*"
    ),
    "TIER": (
        r"(?:(?:免费|专业|高级|企业|团队|个人|基本|标准|进阶|家庭|学生)版?|(?:pro|plus|max|free|premium|team|business|"
        r"enterprise)(?![a-z]))"
    ),
    "CLOCK": (
        "台湾|台北|北京|香港|东京|上海|新加坡|首尔|伦敦|纽约|柏林|巴黎|悉尼|温哥华|洛杉矶|英国|德国|日本|韩国|美东|美西"
    ),
    "DEADLINE": r"[^，我]{1,10}?(?:之前|以前|前|内)",
}


def spelled_out(pattern: str) -> tuple[str, str]:
    """How the pattern begins, "<W><A>", "<W>" or "", and the rest of it as a regular expression.

    Who speaks, and adverbs that change nothing, are read once a clause and not by every rule: see `openings`.
    """
    begins = next((head for head in ("<W><A>", "<W>") if pattern.startswith(head)), "")
    return begins, filled(pattern[len(begins) :], PARTS)


@cache
def _opening() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(_SUBJECT), re.compile(_ADVERB)


def openings(low: str, start: int, end: int) -> list[int]:
    """Where what is said may begin: after 我, if that stands there, and after each adverb; the last first."""
    subject, adverb = _opening()
    said = subject.match(low, start, end)
    places = [said.end() if said else start]
    while (more := adverb.match(low, places[-1], end)) and more.end() > places[-1]:
        places.append(more.end())
    return places[::-1]
