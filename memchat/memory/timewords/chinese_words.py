"""The Chinese words of time, and what each is worth. Patterns read folded text in simplified letters.

Kinds, the value in brackets; those that rules make are as in `lexicon.py`:

    r 上个月 (unit, offset)      N 去年 (offset)       Y 2024年          D 前天 (offset)       O 昨晚 (offset, part)
    W 上周三 (weeks, index)      M 三月                d 三号            n a number            p 晚上 (part)
    c 三天 (from, to, unit)      l 最近, f 前 before c  A 前, Z 后        S 以来, F 从, i 在    R 到, K 和, t 那天, o 的
    E 底 (unit or "", edge)      w 第一周              q 第一季度 (Yearly) g 第一季 (Yearly)    s 夏天, H 圣诞 (Yearly)
    T 上个 of a season (offset)  C 3/4                 h 上半年 (Yearly)  v 前阵子 (as c)       x 每
    y 第一个星期一 (n, index)
"""

import re
from collections.abc import Callable
from functools import cache

from memchat.memory.chinese_numbers import bounds, number
from memchat.memory.language import folded
from memchat.memory.timewords import spans
from memchat.memory.timewords.grammar import DEAD, Token
from memchat.memory.timewords.spans import END, MIDDLE, START, each_day

_N = "〇零一二三四五六七八九十两"
_UNITS = {"天": "d", "日": "d", "周": "w", "星期": "w", "礼拜": "w", "月": "m", "年": "y", "周末": "e", "季": "q"}
_UNITS |= {"季度": "q", "年度": "y"}
_WEEK = "(?:周|星期|礼拜)"
_DAYS = {"大前天": -3, "前天": -2, "前日": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "明天": 1, "明日": 1}
_DAYS |= {"后天": 2, "大后天": 3}
_YEARS = {"大前年": -3, "前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}
_PARTS = {"凌晨": "small hours", "清晨": "morning", "早晨": "morning", "早上": "morning", "上午": "morning"}
_PARTS |= {"中午": "noon", "下午": "afternoon", "傍晚": "evening", "晚上": "night", "晚间": "night", "夜里": "night"}
_PARTS |= {"半夜": "night", "深夜": "night", "晨": "morning", "早": "morning", "晚": "night", "夜": "night"}
_EDGES = {"初": START, "上旬": START, "中": MIDDLE, "中旬": MIDDLE, "底": END, "末": END, "尾": END, "下旬": END}
_HALVES = {"上半年": (1, 6), "下半年": (7, 12)}
_HOLIDAYS = {"圣诞": each_day(12, 24, 3), "平安夜": each_day(12, 24), "元旦": each_day(1, 1), "双十": each_day(10, 10)}
_HOLIDAYS |= {
    "跨年": each_day(12, 31, 2),
    "情人节": each_day(2, 14),
    "万圣节": each_day(10, 31),
    "五一": each_day(5, 1),
}
_VAGUE = {"前些": (2, 10, "d"), "前阵子": (1, 10, "w"), "前一阵子": (1, 10, "w"), "前段": (1, 10, "w")}
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_SEASONS = "春夏秋冬"
_QUARTERS = "一二三四"
# What a syllable after 月, 周, 天 ... makes another word of it.
_NO_MONTH = "(?![饼亮球光经薪老嫂票刊报收租]|台(?!北|中|南|东|湾|大))"
_NO_WEEK = "(?![围边转旋刊全折期岁年])"
_UNIT = rf"(?:天|个?{_WEEK}{_NO_WEEK}|个月|年(?![级代轻龄纪糕会货级终])|个?周末|个?季度)"


_AND_A_HALF = rf"(?:\d{{1,2}}|[{_N}]{{1,3}})(?:年|个)半月?(?=[之以]?前)"
_NO_COUNT = rf"(?<![\d{_N}几个数半])"
_PATTERNS = (
    ("x", rf"每(?:个|逢|隔)?[{_N}几\d]*个?(?:周末?|星期|礼拜|月|年|天|日|季|早|晚)?[一二三四五六日天]?"),
    ("v", "前一?阵子|前些(?:天|日子)|前段(?:时间|日子)"),
    ("N", rf"大前年|(?<![\d{_N}几大])前年|去年|今年|明年|(?<![以之])后年(?![龄级轻代纪度])"),
    (
        "D",
        "大前天|(?<![之以目从提面跟])前[天日](?!气)|[昨今明][天日]|大后天|(?<![以之然])后天(?!气|性|形|培|的努)",
    ),
    ("O", "[昨今前明][晚夜早晨]"),
    ("h", "[上下]半年"),
    ("p", "凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|晚间|夜里|半夜|深夜"),
    (
        "W",
        rf"(?<![{_N}几每\d整])(?:上{{1,4}}|这|本|下{{1,4}})?一?个?{_WEEK}[一二三四五六日天](?![个次天气条块种顿篇])",
    ),
    (
        "r",
        rf"(?<![早晚以路身马网桌地])(?:上{{1,4}}|这|本|下{{1,4}})一?个?(?:周末|{_WEEK}{_NO_WEEK}|月{_NO_MONTH}|季度?)",
    ),
    ("T", rf"[上这今下]一?个?(?=[{_SEASONS}]|圣诞)"),
    ("Y", rf"(?:民国 ?\d{{2,3}}|(?:19|20)\d\d|(?:一九|二[〇零])[{_N}]{{2}}) ?年(?![级代前后])"),
    ("l", rf"(?:过去|最近|这|近)的?(?=[\d{_N}几]+ ?多?{_UNIT})"),
    ("f", rf"前(?=[几两] ?{_UNIT})"),
    ("c", rf"{_AND_A_HALF}|(?:\d{{1,3}}|好几|几|数|半|[{_N}]{{1,4}}) ?多?{_UNIT}"),
    ("y", rf"第[一二三四五]个?{_WEEK}[一二三四五六日天]"),
    ("w", rf"第[{_N}\d]个?{_WEEK}(?![一二三四五六日天])"),
    ("q", rf"第?[{_QUARTERS}1-4]季度|q[1-4](?![a-z\d])"),
    ("g", rf"第[{_QUARTERS}1-4]季"),
    ("M", rf"{_NO_COUNT}(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]) ?月(?!天)份?{_NO_MONTH}"),
    ("d", rf"(?<![\d{_N}])(?:\d{{1,2}}|[{_N}]{{1,3}}) ?(?:[日号])(?![线楼房机码公门选床车])"),
    ("C", r"(?<![a-z\d_./-])\d{1,2}/\d{1,2}(?![\d./%]| ?[杯匙碗茶大小个人的份])"),
    ("n", r"(?<![\d.:])\d{1,2}(?![\d.:%]| ?[万千百亿个元份人家篇次岁块点章页条])"),
    ("E", "[月年][初中底末尾](?![国间文央])|(?<=[月年度])(?:[上中下]旬|[初底末尾]|中(?![国间文央心学秋部奖华医毒餐]))"),
    ("H", "圣诞节?|平安夜|元旦|国庆节?|双十节?|跨年|情人节|万圣节|五一"),
    ("s", rf"[{_SEASONS}](?:天|季|日)|(?<=年)[{_SEASONS}]"),
    ("S", "以来|开始|起(?![来床飞点码初因])|到现在|至今"),
    ("A", "[之以]?前(?![往进面后途辈任台端提所言景者天年男女妻夫锋沿线])"),
    ("Z", "[之以]?后(?![来面天年悔端台续果代期])"),
    ("t", "那[天时]|当[天时]|的?时候|期间|之间"),
    ("F", "自从|从|自"),
    ("i", "在|于"),
    ("R", "到|至|[~～－—–-]"),
    ("K", "[和与跟]"),
    ("o", "的"),
)
"""What a text may say of time: kind and form, the longer before the shorter."""


@cache
def _words() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{kind}>{form})" for kind, form in _PATTERNS))


def _count(word: str) -> tuple[int, int, str] | None:
    """三天 -> (3, 3, d), 两三个月 -> (2, 3, m), 半年 -> (6, 6, m)."""
    if "半" in word[1:]:  # 一年半, 两个半月
        halves = 2 * _digits(word) + 1
        return (6 * halves, 6 * halves, "m") if "年" in word else (2 * halves, 2 * halves, "w")
    name = max((name for name in _UNITS if word.endswith(name)), key=len)
    many, unit = word.removesuffix(name).rstrip("多个"), _UNITS[name]
    if many == "半":
        return {"y": (6, 6, "m"), "m": (2, 2, "w")}.get(unit)
    if many in {"几", "好几", "数"}:
        return (*(spans.FEW if many == "几" else spans.MANY), unit)
    return (*bounds(many), unit)


def _digits(word: str) -> int:
    return number("".join(re.findall(rf"[\d{_N}]", word)))


def _relative(word: str) -> tuple[str, int]:
    ups, downs = word.count("上"), word.count("下")
    return _UNITS[word.lstrip("上这本下一个")], downs - ups


def _weekday(word: str) -> tuple[int | None, int]:
    index = {"日": 6, "天": 6}.get(word[-1])
    named = word[0] in "上这本下"
    return word.count("下") - word.count("上") if named else None, number(word[-1]) - 1 if index is None else index


def _edge(word: str) -> tuple[str, int]:
    return ("", _EDGES[word]) if word in _EDGES else (_UNITS[word[0]], _EDGES[word[1:]])


def _holiday(word: str, written: str) -> spans.Yearly:
    """國慶 in traditional letters is 10 October, 国庆 the first."""
    if word.startswith("国庆"):
        return each_day(10, 10 if written.startswith("國") else 1)
    return next(each for name, each in _HOLIDAYS.items() if word.startswith(name))


def _half(word: str) -> spans.Yearly:
    first, last = _HALVES[word]
    return spans.through(spans.each_month(first), spans.each_month(last))


def _quarter(word: str) -> spans.Yearly:
    return spans.each_quarter(_digits(word))


def _year(word: str) -> int:
    return _digits(word) + (1911 if word.startswith("民国") else 0)


_VALUES: dict[str, Callable[[str], object]] = {
    "v": lambda word: next(vague for name, vague in _VAGUE.items() if word.startswith(name)),
    "N": _YEARS.__getitem__,
    "D": _DAYS.__getitem__,
    "O": lambda word: (_DAYS[word[0] + "天"], _PARTS[word[1]]),
    "h": _half,
    "p": _PARTS.__getitem__,
    "W": _weekday,
    "r": _relative,
    "T": lambda word: word.count("下") - word.count("上"),
    "Y": _year,
    "c": _count,
    "y": lambda word: (_digits(word[1]), _weekday(word)[1]),
    "w": _digits,
    "q": _quarter,
    "g": _quarter,
    "M": _digits,
    "d": _digits,
    "n": _digits,
    "C": lambda word: (*map(int, word.split("/")), 0),
    "E": _edge,
    "Z": lambda _word: "after",
    "s": lambda word: spans.each_season(_SEASONS.index(word[0])),
}
"""What a word of a kind is worth; the others are worth nothing."""


def chinese_tokens(text: str) -> list[Token]:
    """The words of time in a text; a dead token stands for what is between them."""
    low = folded(text).translate(_WIDE)
    found: list[Token] = []
    here = 0
    for match in _words().finditer(low):
        start, end = match.span()
        if low[here:start].strip():
            found.append(Token(DEAD, None, here, start))
        kind, word = match.lastgroup or DEAD, match[0].replace(" ", "")
        value = _holiday(word, text[start:end]) if kind == "H" else _VALUES[kind](word) if kind in _VALUES else None
        found.append(Token(kind, value, start, end))
        here = end
    if low[here:].strip():
        found.append(Token(DEAD, None, here, len(low)))
    return found
