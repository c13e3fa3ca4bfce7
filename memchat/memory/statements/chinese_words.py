"""Chinese words that decide whether a phrase is a name, a place, a trade, a taste; written in simplified letters.

Predicates get the value as typed and fold it: one list serves both scripts.
"""

import re

from memchat.memory.language import folded


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SURNAMES = _set(
    "赵 钱 孙 李 周 吴 郑 王 冯 陈 褚 卫 蒋 沈 韩 杨 朱 秦 尤 许 何 吕 施 张 孔 曹 严 金 魏 陶 姜 谢 邹 喻 章 苏 "
    "潘 葛 范 彭 "
    "鲁 韦 马 方 俞 任 袁 柳 唐 薛 雷 贺 倪 汤 罗 毕 郝 安 于 傅 齐 康 伍 余 顾 孟 黄 萧 肖 尹 姚 邵 汪 毛 戴 宋 "
    "庞 熊 纪 "
    "舒 屈 项 董 梁 杜 蓝 季 贾 江 童 颜 郭 梅 林 钟 徐 邱 骆 高 夏 蔡 田 胡 凌 霍 万 柯 卢 莫 房 丁 邓 洪 包 左 "
    "石 崔 龚 程 "
    "刘 詹 叶 白 赖 乔 谭 廖 曾 简 侯 涂 翁 游 古 连 温 庄 辜 巫 卓 池 温 欧 阮 沙 易 龙 段 常 武 史 陆 兰 尚 宁"
)
_DOUBLE = _set("欧阳 司马 诸葛 上官 司徒 东方 夏侯 皇甫 公孙 慕容 令狐 端木 张简 范姜")
LANGUAGES = (
    "繁体中文|简体中文|正体中文|中文|国语|普通话|华语|汉语|台语|闽南语|客语|客家话|粤语|广东话|上海话|英语|英文|"
    "日语|日文|韩语|韩文|法语|法文|"
    "德语|德文|西班牙语|西班牙文|葡萄牙语|葡萄牙文|意大利语|义大利文|义大利语|俄语|俄文|泰语|泰文|越南语|越南文|"
    "印尼语|印尼文|马来语|"
    "阿拉伯语|荷兰语|瑞典语|波兰语|土耳其语|拉丁语|english|japanese|french|german|spanish|portuguese|korean"
)
TRADES = (
    "老师|教师|导师|讲师|医生|医师|牙医|兽医|中医|护士|护理师|药师|药剂师|工程师|设计师|律师|会计师|会计|精算师|"
    "建筑师|厨师|面包师|甜点师|理发师|"
    "美发师|摄影师|咖啡师|治疗师|心理师|咨商师|咨询师|营养师|物理治疗师|分析师|魔术师|牧师|技师|讲者|作家|小说家|"
    "画家|音乐家|艺术家|科学家|企业家|"
    "创业者|记者|学者|译者|作者|口译员|口译|翻译|编辑|编剧|导演|演员|歌手|乐手|鼓手|吉他手|钢琴家|舞者|舞蹈家|"
    "模特儿|主持人|主播|教授|研究员|"
    "研究生|大学生|高中生|国中生|初中生|中学生|小学生|博士生|硕士生|留学生|学生|实习生|博士后|工人|农夫|农民|渔夫|"
    "司机|飞行员|空姐|空服员|机长|"
    "船员|水手|公务员|警察|警员|消防员|军人|士兵|店员|店长|业务|业务员|推销员|销售|销售员|售货员|服务员|服务生|"
    "收银员|快递员|外送员|邮差|保全|保安|"
    "经理|主管|总监|老板|老板娘|负责人|董事长|执行长|秘书|助理|行政|行政人员|程序员|程序设计师|程式设计师|开发者|"
    "软件开发者|前端|后端|产品经理|"
    "项目经理|专案经理|顾问|教练|校长|园丁|花艺师|木工|水电工|电工|裁缝|房仲|中介|导游|图书馆员|社工|保母|保姆|"
    "家庭主妇|家庭主夫|全职妈妈|全职爸爸|"
    "自由工作者|自由业|自由职业者|自由职业|接案者|博主|网红|农场主|法官|检察官|外交官|军官|人资|志工|上班族|工程师主管"
)
_TRADE = re.compile(rf"(?:{TRADES})$")
_NO_TRADES = _set("大家 人家 会员 成员 行家 新手 高手 老手 对手 家长 一员 党员 赢家 输家 买家 卖家 玩家 专家 老人家")
_NO_NAME = re.compile(
    r"[他她它你您我车醒过什谁吗呢吧的不没了着来去吃做别怎如起等先快回走买看滚帮把给说想到要用再也又还是在有很好太真"
    r"哪几这那个为时候事情样就会能让被和跟从对]|外卖|外送|救命|大家|人家|出来|名字|称呼|随便|秘密|今天|明天|昨天|"
    r"一下|女生|男生"
)
_NO_CALLED = re.compile(
    r"[他她它你您我车醒过什谁吗呢的没着吃做别怎滚帮把给说想]|"
    r"^(?:[了不来去起等先快回走买看到要用再也又还是在有很好太真这那个]|外卖|"
    r"外送|救命|大家|人家|出来|名字|称呼|随便|秘密|今天|明天|一下|一|两|几|苦|屈|好|板|停|牌|嚣|第|女王|国王|大王|"
    r"主人|姐夫|妈|爸)|(?:了|吧|就好|就行)$"
)
_NAME_ENDS = re.compile(r"[生师员人家者工手座型派控迷党族子男女方话事题病色度]$")
_NO_PLACE = re.compile(
    r"^(?:一|两|几|这|那|哪|不|过|在|院|校|宿|宿舍|学校|公司|家|朋友|同学|亲戚|饭店|酒店|旅馆|医院|附近|隔壁|外面|"
    r"里面|上面|下面|对面|乡下|城市|市区|"
    r"市中心|山上|海边|楼上|楼下|顶楼|过去|现在|梦|你|我|他|她|老家|同一|自己|爸|妈|父母|男友|女友|男朋友|女朋友|"
    r"公寓|套房|房子|别墅|得|起来|下来|"
    r"满|很|太|比较|习惯|附|新家|别的|其他|更|大|小|便宜|贵)"
)
_POINTING = re.compile(
    r"^(?:你|您|这|那|它|他|她|咱|我|的|了|过|上|自己|什么|哪|谁|怎|是|就|人(?:$|[^参])|不释手|莫能助|理不理|哭|怎样|"
    r"一下|死你|就是|"
    r"说|问|看你|听你|跟你|和你|与你|到|极|死|完|此|以上|以下|如此|下面|上面|刚才|刚刚|来|去了|啦|啊|吧|呢|喔|哦|!|！)"
)
_JOKE = re.compile(
    r"早起|星期|礼拜|周一|上班|上学|加班|工作|开会|会议|老板|作业|功课|蠢|笨|白痴|废话|爱情|运动|人类|人群|考试|"
    r"读书|数学|读|班|自己|你|他|她"
)
_NO_FOOD = re.compile(
    r"^(?:了|惊|力|香|瘪|这|那|你|他|她|它|过|下|完|到|饱|亏|醋|苦头|惯|得|消|软|硬|一套|早餐了|晚餐了|午餐了|饭了|"
    r"什么|吗|啦|"
    r"啊|吧|就|东西)"
)
_TIERS = _set(
    "pro plus max free premium team business enterprise 免费 专业 高级 企业 团队 个人 基本 标准 进阶 免费版 专业版 "
    "高级版 企业版 团队版 个人版 基本版 标准版 进阶版"
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


def is_place(value: str) -> bool:
    """A name of a place: two to twelve letters, no 朋友家, 三楼, 附近."""
    low = folded(value)
    if re.fullmatch(r"[a-z][a-z .'-]{1,30}", low):
        return value[0].isupper()
    return (
        bool(re.fullmatch(r"[\u3400-\u9fffa-z ·]{2,12}", low))
        and not _NO_PLACE.match(low)
        and not re.search(r"[家里楼上下的]$|途中|其中|沙发|电脑|[上下里]睡|前面|后面|旁边|^搬", low)
    )


def is_trade(value: str) -> bool:
    """Ends in an occupation: 软件工程师, not 新手."""
    low = folded(value).strip()
    return (
        len(low) <= 16
        and bool(_TRADE.search(low))
        and low not in _NO_TRADES
        and not re.search(r"[你您他她]|(?:先生|小姐|女士|老师|经理|老板|医生)的", low)
    )


def is_role(value: str) -> bool:
    """Said after 我是一名: nearly anything is work there."""
    low = folded(value)
    return 2 <= len(low) <= 16 and not re.search(
        r"粉丝|教徒|病人|患者|女性|男性|女生|男生|成员|会员|家长|读者|用户|爱好者|你|的$|人$", low
    )


def is_work_place(value: str) -> bool:
    """Where somebody works: 台积电, 台北, 一家银行; not 努力, not 家 in 在家忙."""
    low = folded(value)
    return 1 < len(low) <= 20 and not re.match(
        r"这|那|哪|努力|认真|忙|加班|想|你|他|她|不|今天|明天|目前|现在|网路上|网络上", low
    )


def is_short(value: str) -> bool:
    """One to sixteen letters that point at nothing on the table."""
    low = folded(value)
    return 0 < len(low) <= 24 and not _POINTING.match(low)


def is_taste(value: str) -> bool:
    """Something one can like for longer than this conversation: 爬山, not 你的回答 or 这样."""
    low = folded(value)
    return (
        is_short(value)
        and not re.search(r"答案|回答|主意|这样|那样|这个|那个|你|$^", low)
        and not re.match(r"一个|有人|听到|看到|知道|被", low)
    )


def is_allergen(value: str) -> bool:
    """Something one can be allergic to; Mondays are a joke."""
    low = folded(value)
    return is_short(value) and not _JOKE.search(low) and not re.search(r"[不没]$", low)


def is_bare_allergen(value: str) -> bool:
    """Said straight before 过敏: 花粉."""
    return is_allergen(value) and not re.search(r"对|会|没|不|有|是|常|容易|皮肤", folded(value))


def is_people(value: str) -> bool:
    """Where somebody is from: 台南人, not 一个人 or 好人."""
    return not re.search(r"[个种的好坏男女老病工本大主客爱路盲]人$|^[这那]", folded(value))


def is_subject(value: str) -> bool:
    """What somebody teaches."""
    return is_short(value) and not re.match(r"会|过|育|人|导|不|小孩的|坏|校|生|长|乖|到|得", folded(value))


def is_food(value: str) -> bool:
    """What follows 我不吃."""
    low = folded(value)
    return 0 < len(low) <= 12 and not _NO_FOOD.match(low) and not re.search(r"了$", low)


def is_tier(value: str) -> bool:
    """A subscription's name: 专业版, Pro."""
    return folded(value).strip() in _TIERS


def is_kin_state(value: str) -> bool:
    """What is worth keeping of somebody near: where they live, their name, their work."""
    low = folded(value)
    return len(low) <= 24 and not re.search(r"了吗|今天|昨天|刚才|正在|[你您]|叫我|在叫|住院|住校|[说讲问]", low)


def is_aim(value: str) -> bool:
    """What can be a goal, and is no request."""
    low = folded(value)
    return 1 < len(low) <= 30 and not re.search(r"[你您]|这个|那个|这样|一下|怎么|如何|什么|为何|当然", low)


def is_preparation(value: str) -> bool:
    """What somebody prepares for longer than an evening: an exam, a talk, a wedding."""
    return is_aim(value) and bool(
        re.search(r"考|试|检定|比赛|论文|婚礼|证照|马拉松|报告|演出|资格|演讲|创业", folded(value))
    )


def is_duty(value: str) -> bool:
    """What somebody is in charge of."""
    return is_short(value) and not re.search(r"^[任了]|不", folded(value))
