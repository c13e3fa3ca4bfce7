"""Chinese words that decide whether a phrase is a name, a place, a trade, a taste; written in simplified letters.

Predicates get the value as typed and fold it: one list serves both scripts.
"""

import re

from memchat.memory.language import folded
from memchat.memory.statements import chinese_lists as lists


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SURNAMES = frozenset(lists.SURNAMES)
_DOUBLE = _set("欧阳 司马 诸葛 上官 司徒 东方 夏侯 皇甫 公孙 慕容 令狐 端木 张简 范姜")
_TRADE = re.compile(rf"(?:{lists.TRADES})$")
_TITLES = r"(?:资深|菜鸟|全职)? ?(?:pm|po|hr|qa|sre|dba|ceo|cto|cfo|devops|ux|ui|uiux|mis|it|ba|sales|engineer)"
_LINE_OF_WORK = re.compile(rf"(?:{lists.LINES_OF_WORK})$")
_SUBJECT = re.compile(rf"(?:{lists.SUBJECTS})(?:系|所|学)?$")
_HOMELAND = re.compile(rf"(?:{lists.HOMELANDS})")
_NO_TRADES = _set(
    "打工人 大家 人家 会员 成员 行家 新手 高手 老手 对手 家长 一员 党员 赢家 输家 买家 卖家 玩家 专家 老人家"
)
_NO_NAME = re.compile(
    r"[他她它你您我车醒过什谁吗呢吧的不没了着来去吃做别怎如起等先快回走买看滚帮把给说想到要用再也又还是在有很好太真"
    r"哪几这那个为时候事情样就会能让被和跟从对]|外卖|外送|救命|大家|人家|出来|名字|称呼|随便|秘密|今天|明天|昨天|"
    r"一下|女生|男生"
)
_NO_CALLED = re.compile(
    r"[他她它你您我车醒过什谁吗呢的没着吃做别怎滚帮把给说想]|"
    r"^(?:[了不来去起等先快回走买看到要用再也又还是在有很好太真这那个]|外卖|"
    r"外送|救命|大家|人家|出来|名字|称呼|随便|秘密|今天|明天|一下|一|两|几|苦|屈|好|板|停|牌|嚣|第|女王|国王|大王|"
    r"主人|姐夫|老婆|老公|妈|爸)|(?:了|吧|就好|就行)$"
)
_NO_NICKNAME = re.compile(
    r"小(?:孩|人|白|三|弟|妹|编|学|鬼|偷|丑|贩|资|气|众|声|心|看|姐|狗|猫|班|组|店|的|辈|卒|农|气|强|咖|菜|说|队|"
    r"朋|女|男)|"
    r"老(?:人|大|外|师|板|手|婆|公|爸|妈|哥|弟|百|鸟|实|土|派|样|家|乡|爷|头|的|了|司|化|江|饕|狗|子|番|娘|少)|"
    r"阿(?:宅|姨|嬷|公|伯|婆|弟|妈|爸|里)"
)
_NAME_ENDS = re.compile(r"[生师员人家者工手座型派控迷党族子男女方话事题病色度]$")
_NO_PLACE = re.compile(
    r"^(?:一|两|几|这|那|哪|不|过|在|院|校|宿|宿舍|学校|公司|家|朋友|同学|亲戚|饭店|酒店|旅馆|医院|附近|隔壁|外面|"
    r"里面|上面|下面|对面|乡下|城市|市区|"
    r"市中心|山上|海边|楼上|楼下|顶楼|过去|现在|梦|你|我|他|她|老家|同一|自己|爸|妈|父母|男友|女友|男朋友|女朋友|"
    r"公寓|套房|房子|别墅|得|起来|下来|"
    r"满|很|太(?![原麻平仓保])|比较|习惯|附|新家|别的|其他|更|大(?![阪连理安同庆邱溪甲里稻])|小(?!港|琉球|金门)|"
    r"便宜|贵|也|都(?![江兰柏])|要|是|酒店|出租|"
    r"民宿|青旅|旅店|病房|地下室|帐篷|火星|木星|月球|月亮|未来|地狱|天堂|天上|天国|外太空|太空|宇宙|异世界|魔|塔|"
    r"城堡|花果山|"
    r"海里|森林|山洞|心里|回忆|书里|床|车上|船上|得起|附近)"
)
_NOT_IN_A_PLACE = re.compile(
    r"[家里楼上下的屋房]$|(?<!新)店$|途中|其中|沙发|电脑|[上下里]睡|前面|后面|旁边|对面|隔壁|^搬|"
    r"[没就不很的把给让吗呢着过想被这那吧]|.[也得到]|.都(?!$|市|江)|"
    r"仓库|车库|阁楼|机房|工厂|会议室|教室|装修|装潢|整修|施工|办|宿舍|酒店|饭店|旅馆|医院|公寓|大楼|办公室|月底|"
    r"年底|左右|是"
)


def is_name(value: str) -> bool:
    """Said after 我叫: one to four Chinese letters, or up to three Latin words."""
    low = folded(value)
    if re.fullmatch(r"[a-z][a-z.'-]*(?:[ ·][a-z][a-z.'-]*){0,2}", low):
        return low not in {"uber", "taxi", "grab", "didi", "uber eats", "foodpanda"}
    if not re.fullmatch(r"[\u3400-\u9fff]{1,5}(?:[·・][\u3400-\u9fff]{1,6})?", low):
        return False
    return len(low) <= 4 + ("·" in low or "・" in low) * 8 and not _NO_CALLED.search(low)


def is_bare_name(value: str) -> bool:
    """Said after 我是: a surname and one or two letters, or capitalised Latin words; no trade, no sign of the stars."""
    low = folded(value)
    if re.fullmatch(r"[A-Z][a-z]+(?: [A-Z][a-z]+)?", value):
        return low not in {"pro", "vegan", "gay", "plus", "free", "max", "premium"}
    if re.fullmatch(r"[小阿老][\u3400-\u9fff]", low) and not _NO_NICKNAME.match(low):
        return True
    if (
        not re.fullmatch(r"[\u3400-\u9fff]{2,4}", low)
        or _NO_NAME.search(low)
        or _NAME_ENDS.search(low)
        or is_trade(value)
    ):
        return False
    if low[:2] in _DOUBLE:
        return len(low) in {3, 4}
    return len(low) == 3 and low[0] in _SURNAMES


def is_surname(value: str) -> bool:
    """Said after 我姓: 陈, 欧阳."""
    return folded(value) in _SURNAMES | _DOUBLE


def is_place(value: str) -> bool:
    """A name of a place: two to twelve letters, no 朋友家, 三楼, 附近, nor a verb: 家在装修."""
    low = folded(value)
    if re.fullmatch(r"[a-z][a-z .'-]{1,30}", low):
        return value[0].isupper()
    return (
        bool(re.fullmatch(r"[\u3400-\u9fffa-z ·]{2,12}", low))
        and not _NO_PLACE.match(low)
        and not _NOT_IN_A_PLACE.search(low)
    )


def is_origin(value: str) -> bool:
    """Where somebody comes from: a place of this world, not 火星 or 未来."""
    return is_place(value) and not re.search(
        r"大自然|遥远|深处|同一|不同|单亲|[家庭]$|星球|星系|一座|一片", folded(value)
    )


def is_born(value: str) -> bool:
    """在台北出生, not 在单亲家庭长大."""
    return not re.search(r"[他她你这那哪]|家庭|爸妈|争吵|中$|声|医院|牢|过程|爱里|逆境|年代", folded(value))


def is_homeland(value: str) -> bool:
    """A town, a region or a country that is known by name."""
    return bool(_HOMELAND.fullmatch(folded(value)))


def is_people(value: str) -> bool:
    """Where somebody is from: 台南人, 马来西亚槟城人, not 打工人 or 好人."""
    low = folded(value).removesuffix("人")
    if _HOMELAND.match(low):
        return not re.search(r"[的是]|女|男|工|商|老$", low)
    return bool(re.search(r"[县市省镇乡州岛]$", low)) and not re.search(r"[的是这那小]|城市|家乡|老乡|同乡|外", low)


def is_trade(value: str) -> bool:
    """Ends in an occupation: 软件工程师, not 新手."""
    low = folded(value).strip()
    return (
        len(low) <= 16
        and bool(_TRADE.search(low) or re.fullmatch(_TITLES, low))
        and low not in _NO_TRADES
        and not re.search(
            r"[你您他她这那没不被]|(?:先生|小姐|女士|老师|经理|老板|医生)的|^[一二两三四五六七八九十几多\d]+年|"
            r"^(?:了|过|然|天生|永远|自己|好|坏|假|笨蛋|"
            r"废物|垃圾|烂|半个|一)",
            low,
        )
    )


def is_role(value: str) -> bool:
    """Said after 我是一名: nearly anything is work there."""
    low = folded(value)
    return 2 <= len(low) <= 16 and not re.search(
        r"粉丝|教徒|病人|患者|女性|男性|女生|男生|成员|会员|家长|读者|用户|爱好者|你|的$|人$|妈妈|爸爸|信徒|公主|"
        r"王子|战士",
        low,
    )


def is_line_of_work(value: str) -> bool:
    """What one does for a living: 室内设计, 外贸, not 早餐."""
    low = folded(value)
    return bool(_LINE_OF_WORK.search(low)) and not re.search(r"[你他她这那不没年]|^了|的公司|一个|一份|怎么", low)


def is_shift_work(value: str) -> bool:
    """A trade with its shift: 夜班护理师."""
    low = folded(value)
    return low.startswith(
        ("夜班", "大夜班", "小夜班", "日班", "兼职", "全职", "退休", "实习", "资深", "菜鸟")
    ) and is_trade(value)


def is_work_place(value: str) -> bool:
    """Where somebody works: 台积电, 台北, 一家银行; not 努力, not 家 in 在家忙."""
    low = folded(value)
    return 1 < len(low) <= 20 and not re.match(
        r"这|那|哪|努力|认真|忙|加班|想|你|他|她|不|今天|明天|目前|现在|网路上|网络上|等|准备|假装|考虑|讨论|找|通勤|"
        r"家|一个|地狱|梦|公司(?:加|熬)|同一|自己|外面|老家|图书馆|教室|客厅|厨房|阳台|麦当劳|床|客厅|房|学你|"
        r"学怎|学校(?:里)?$|写",
        low,
    )


def is_work_town(value: str) -> bool:
    """在台北工作; not 在星巴克工作, where one only sits."""
    return is_work_place(value) and not re.search(r"星巴克|咖啡|车上|飞机|高铁|图书馆|旁边", folded(value))


def is_company(value: str) -> bool:
    """Where somebody went to work: 腾讯, 一家新创公司; not 失败."""
    low = folded(value)
    return 1 < len(low) <= 16 and not re.search(
        r"旁边|隔壁|附近|对面|座位|位子|前排|后排|第|失败|成功|[你他她这那不没好]|别|新公司$|怎|后|前|想|很|机会|下一",
        low,
    )


def is_employer(value: str) -> bool:
    """A name that may be an employer's, where only its place in the sentence tells: 聯電, not 健身房 or 找工作."""
    low = folded(value)
    return (
        is_company(value)
        and not _HOMELAND.fullmatch(low)
        and not re.search(
            r"饭店|酒店|健身房|医院$|学校$|柜台|机场|宿舍|旅馆|民宿|教室|班|诊所|警局|营|现场|会|捷运|高铁|路上|车|"
            r"家|找|适应|休息|放假|"
            r"图书馆|咖啡|[里上中下的]$|老地方|楼|区公所|移民局|海关|吃|喝|玩|睡|看|等|忙|准备|学|赶|写|做|当|待业|"
            r"床|过|处理|训练|试用",
            low,
        )
    )


def is_unit(value: str) -> bool:
    """A part of an employer, or an employer named by its kind: 研發部, 台中分公司."""
    low = folded(value)
    return bool(
        re.search(
            r".[部处科厂]$|(?:分公司|总公司|团队|中心|总部|分行|分店|分院|校区|医院|银行|大学|国小|国中|高中|小学|"
            r"中学|事务所|部门|"
            r"[\u3400-\u9fff]组|组)$",
            low,
        )
    ) and not re.search(r"[你他她这那哪不没了的]|全部|内部|外部|底部|头部|大部|局部|到处|用处|好处|一[部处组科]", low)


def is_duty(value: str) -> bool:
    """What somebody is in charge of."""
    low = folded(value)
    return 1 < len(low) <= 20 and not re.search(
        r"^(?:[任了过带买洗收订点出开]|煮|善后)|[不你他她这那]|买单|就好|出气|搞笑|吃$|到底", low
    )


def is_past_work(value: str) -> bool:
    """做了十幾年會計: a trade or a line of work, and how long."""
    low = folded(value)
    return bool(_TRADE.search(low) or _LINE_OF_WORK.search(low)) and not re.search("[你他她这那没不]", low)


def is_subject(value: str) -> bool:
    """What somebody teaches."""
    low = folded(value)
    return (
        1 < len(low) <= 8
        and "到" not in low
        and not re.match(
            r"会|过|育|人|导|不|小孩的|坏|校|生|长|乖|到|得|训|唆|养|了|[你您他她我它这那]|什么|怎|别|大家|一|完|"
            r"书$|小孩|小朋友写",
            low,
        )
    )


def is_study(value: str) -> bool:
    """What somebody studies: ends in a subject, 学计算机, 大学念资工."""
    low = folded(value)
    return (
        len(low) <= 20 and bool(_SUBJECT.search(low)) and not re.search(r"[你他她这那不没]|一下|点|小说|得|怎|看", low)
    )


def is_alma_mater(value: str) -> bool:
    """高中念建中, 大学读台大: the name of a school."""
    low = folded(value)
    return len(low) <= 12 and not re.search(r"[你他她这那不没完得书了过住]|夜|一|两|三|怎|很|好", low)


def is_school(value: str) -> bool:
    """成大毕业, 武汉大学毕业; not 高中毕业 or 大学毕业, which name none."""
    low = folded(value).removesuffix("毕业")
    return bool(
        re.search(r"(?:[^重很放不]大|.(?:大学|学院|高中|高职|科大|中学|研究所|系|所|师范))[\u3400-\u9fff]{0,6}$", low)
    ) and not re.search(
        r"[你他她这那不没]|^(?:刚|快|还|才|准备|等|我|国立|私立)?.?(?:大学|高中|研究所)$|朋友|后|前", low
    )
