"""Chinese words that decide what may be learned from a clause without 我; in simplified letters.

Such a clause says less than others, so what it may name is a known thing: a food, a place, a vehicle, a drug.
"""

import re

from memchat.memory.language import folded
from memchat.memory.statements import chinese_lists as lists
from memchat.memory.statements.chinese_life_words import is_taste
from memchat.memory.statements.chinese_words import is_place, is_study

_FOODS = (
    "菜|肉|鱼|虾|蟹|蛋|奶|豆|菇|瓜|茄子?|葱|姜|蒜|辣|海鲜|内脏|咖啡|酒|茶|甜食|甜|麸质|花生|坚果|起司|奶酪|乳酪|"
    "芝士|榴莲|"
    "青椒|萝卜|蕃茄|番茄|洋葱|秋葵|山药|芋头|牛|羊|猪|鸡|贝|壳类|面食|面包|糖|烟|冰|生食|生的|水果|芒果|鸭血|皮蛋|"
    "腐|酸|酱|"
    "头孢|青霉素|盘尼西林|阿司匹林|阿斯匹灵|磺胺|布洛芬|普拿疼|止痛药|麻药|抗生素"
)
_FOODSTUFF = re.compile(
    rf"(?:连)?[\u3400-\u9fff]{{0,3}}?(?:{_FOODS})(?:类|我|就|实在|完全|真的|一口都|一概|从来|都|也|又|可以)*"
    r"(?:不行|不吃|不敢吃|不能吃|不能碰|不碰|不喝|吃不了|没办法|无办法|无法接受|吃|喝)"
)
_ALLERGENS = re.compile(
    rf"(?:{_FOODS}|乳糖|果糖|花粉|尘螨|猫毛|狗毛|毛|灰尘|酒精|蜜蜂|蜂|乳胶|金属|药物|组织胺|小麦|大豆|黄豆|香水|"
    rf"霉菌|防腐剂|皮肤|"
    r"紫外线|冷空气|草)$"
)
_DRUG = re.compile(
    r"药|素|醇|坦|平|定|林|唑|汀|酮|锭|胰岛素|吸入剂|喷剂|叶酸|铁剂|钙片|维他命|维生素|益生菌|抗组[织胺]|类固醇|epipen|"
    r"(?<![a-z])[a-z]{3,}(?:ine|ol|am|in|ide|one|an|il|ate|pam|zole|mab)(?![a-z])"
)
_RIDE = re.compile(
    r"车|劲战|迅光|gogoro|polo|golf|altis|yaris|rav4|civic|jet|drg|krv|smax|vespa|野狼|小牛|雅迪|爱玛|九号|电驴|"
    r"档车|重机|小绵羊|摩托|单车|速霸陆|特斯拉|比亚迪|丰田|本田|大众|五菱|蔚来|小鹏|理想|宝马|奔驰|宾士|奥迪|马自达|"
    r"福特|国瑞|"
    r"brompton|dahon|giant|merida|捷安特|美利达|tesla|toyota|honda|mazda|bmw|yamaha|suzuki|ducati|focus|tiida|march|"
    r"swift|"
    r"fit"
)
_THING = re.compile(
    rf"{_RIDE.pattern}|手机|电脑|笔电|平板|相机|键盘|耳机|主机|显示器|萤幕|钢琴|吉他|跑步机|咖啡机|烤箱|macbook|"
    rf"iphone|ipad|"
    r"pixel|galaxy|thinkpad|imac|mac ?mini|switch|ps5|steam ?deck|surface|kindle|framework|airpods|小米|华为|华硕|"
    r"联想|索尼|"
    r"sony|"
    r"canon|nikon|富士"
)
_TOWN = re.compile(
    rf"(?:{lists.HOMELANDS})?(?:{lists.DISTRICTS})|"
    rf"(?:{lists.HOMELANDS}){{1,2}}(?:[\u3400-\u9fff]{{0,3}}[市县区镇乡村州岛港里城]|园区|新区)?|"
    rf"[\u3400-\u9fff]{{2,4}}[市县镇乡州岛港]"
)
# What given names are made of: enough to tell 女友思妤 from 女友生气.
_NAME_LETTERS = (
    "思妤怡君雅婷筱涵宜庭佳颖淑芬志豪冠宇承恩柏翰轩子梓琪欣妍萱玲丽娟惠敏静芳燕霞秀英华伟强磊洋勇杰涛斌鹏辉俊峰凯浩然博文"
    "瑞哲彦廷祥宏仁义信诚忠孝茹瑜珊珮芸芷若蓉薇莉莎娜婕慈羽彤晨曦睿皓泽霖沛沐昕昀芮妮蕙兰竹菊雪梅桂淳均育政建国良朋鸿毅"
    "美咏仪晓晴珍凤英洁琼碧弘奕翔安乐心语诗韵雯倩倪琳琦瑶璇媛婉婵娴婧嘉佩臻臣纬维威勋达明亮光荣昌盛岚岳岱崧嵩"
)
_GIVEN_NAME = re.compile(f"[小阿][{_NAME_LETTERS}]|[{lists.SURNAMES}]?[{_NAME_LETTERS}]{{2}}")
_NO_GIVEN_NAME = re.compile("安心|安静|心安|平安|文静|文明|美丽|美美|安乐|语文|英文|英语|明亮|心语|乐心|光明|珍惜|聪明")
_NOT_HERE = re.compile(
    r"^(?:不|没|都在?$|一|这|那|哪|你|他|她)|[的吗呢了]|车站|机场|路上|玩|出差|旅|转机|开会|等|看|吃|酒店|饭店|高铁|"
    r"火车|途中|期间|时候"
)


def is_foodstuff(value: str) -> bool:
    """茄子不行, 香菜我不吃: a food, or a drug, that somebody has or has not; not 这样不行."""
    return bool(_FOODSTUFF.fullmatch(folded(value)))


def is_known_allergen(value: str) -> bool:
    """Said straight before 过敏 or 不耐, without 我: 乳糖, 花生."""
    low = folded(value)
    return bool(_ALLERGENS.search(low)) and not re.search(r"[对会没不是你他她谁什吃喝治防抗跟和]|皮肤", low)


def is_drug(value: str) -> bool:
    """A phrase that names a medicine: 一颗 cetirizine, 利扎曲普坦常年揣包里."""
    low = folded(value)
    counted = re.search(r"[一两半\d](?:颗|粒|锭) ?(?:的 ?)?[\u3400-\u9fff]{2,5}$", low)
    return bool(_DRUG.search(low) or counted) and not re.search(
        r"感冒|退烧|今天|昨|刚|忘|别人|[他她你]|怎么|吗|糖|蛋|巧克力|果|枣|星|牙|树|球|葡萄|橘|丸|咖啡|平常|平时|"
        r"一定|平[安均]|林口|森林|定[时期]|素食|确定",
        low,
    )


def is_homeland_town(value: str) -> bool:
    """A town or a region that is known by name or by its ending, as home: 台南东区, 大理."""
    low = folded(value)
    return bool(_TOWN.fullmatch(low)) and is_place(value) and not _NOT_HERE.search(low)


def is_kin_name(value: str) -> bool:
    """我女友思妤: a name right behind who it is; no verb and no thing."""
    low = folded(value)
    if re.fullmatch("[a-z]+", low):
        return value[0].isupper()
    return bool(_GIVEN_NAME.fullmatch(low)) and not _NO_GIVEN_NAME.match(low)


def is_kin_home(value: str) -> bool:
    """女友在台中: where somebody near lives."""
    low = folded(value)
    return is_homeland_town(low[low.rindex("在") + 1 :]) and not re.search(r"现在在|正在", low)


def is_graduate(value: str) -> bool:
    """清大电机硕二: a school or a subject, and the year there."""
    low = folded(value)
    return bool(
        re.match(r"[^你他她这那]{1,3}大|.*(?:大学|所|系)", low) or is_study(re.sub(r"(?:硕|博|研).*", "", low))
    ) and not (re.search(r"[你他她这那不没了想要考]", low))


def is_field_of_work(value: str) -> bool:
    """我是做产品的: anything but what one cooks, tinkers with or does wrong."""
    low = folded(value)
    return not re.search(
        r"[你您他她它我这那哪什么不没吗了过得对错]|好玩|心酸|饭|菜|蛋糕|饼|甜点|早餐|晚餐|便当|功课|作业|梦|事|白工|"
        r"出来|给|自己|手工|练习|"
        r"决定|最|怎|多|少|爱|坏|样|慢|快|完|一半|到|乎|活|苦|笑",
        low,
    )


def is_school_stay(value: str) -> bool:
    """大学在中正电机, 读的复旦英文系: a school or a subject at its end."""
    low = re.sub(r"^(?:大学|本科|高中|研究所|硕士|博士)?(?:是)?(?:在|读|念|学|上)的?(?:是)?", "", folded(value))
    return bool(re.search(r"(?:大学|[\u3400-\u9fff]大|系|学院|所|专业)$", low) or is_study(low)) and not re.search(
        r"[你他她这那不没了过时候]", low
    )


def is_weekday_habit(value: str) -> bool:
    """礼拜四晚上固定练; 周三有课 only with 每 or 固定 or two days: one Wednesday is no habit."""
    low = folded(value)
    regular = re.search(r"每|固定|都|(?:周|星期|礼拜)[一二三四五六日天]{2}", low)
    return bool(regular) and not re.search(r"[你他她这那不没了]|停|改|取消|请假", low)


def is_usual_order(value: str) -> bool:
    """饮料我都无糖四季春: what somebody always has."""
    return not re.search(r"[你他她这那不没了]|什么|随便|贵|自己|忘|买不|好吃|难", folded(value))


def is_dislike(value: str) -> bool:
    """讨厌语音电话, without 我: a thing of the world, nothing of the text on the table."""
    low = folded(value)
    return is_taste(value) and not re.search(
        r"[你您他她它这那了的吗呢被]|自己|死|第|太|语气|标题|开头|结尾|颜色|版|长|短|正式|字体|段|句|星期一|人生|"
        r"什么|怎|啊|没|不|有人|"
        r"一个|为|就|来|晚|早|完|看|听",
        low,
    )


def is_ride(value: str) -> bool:
    """劲战, polo, 电动车: something to ride or to drive; not 车祸 or 开车."""
    low = folded(value)
    return bool(_RIDE.search(low)) and not re.search(
        r"车祸|车上|车门|车站|车厢|慢|快车|[你他她这那哪不没了吗去到来给过得]|朋友|老板|爸|妈|公司|租|借|一下|夜车|"
        r"^开车|^骑车|别人|坏|会议?",
        low,
    )


def is_new_thing(value: str) -> bool:
    """买了 MacBook, 整了个小电驴: a machine that stays."""
    low = folded(value)
    return bool(_THING.search(low)) and not re.search(
        r"[你他她这那不没吗给帮]|车票|票|壳|充电|保护|贴|线|电池|机票|次|送|游戏$|礼物|朋友|爸|妈|同事|公司", low
    )


def is_tool_years(value: str) -> bool:
    """vscode 用五年: a tool and for how long."""
    low = folded(value)
    return "用" in low and not re.search(r"[你他她这那不没]", low)


def is_target(value: str) -> bool:
    """目标 860: said of oneself, a number or something to reach."""
    low = folded(value)
    return bool(
        re.search(r"\d|[一二三四五六七八九十百千万]|考|存|瘦|减|跑|过|拿|学会|读完|写完|买|毕业|升|分|级|开店|马", low)
    ) and not re.search(
        r"[你您他她它这那吗]|客群|读者|市场|用户|对象|族群|公司|客户|字数|怎么|什么|活着|别|睡|下班|这周|今天|放假|"
        r"达成|太|明确|不|完成|中奖|中乐透",
        low,
    )


def is_deadline_aim(value: str) -> bool:
    """今年想存三十万, 年底前把驾照考到: an aim and by when."""
    low = folded(value)
    return not re.search(
        r"[你您他她它这那吗]|什么|怎么|了$|已|才|又|没|老板|公司|学校|放假|想到|考虑|跑去|跑路|跑掉|学期|学校|减少|"
        r"存在|学到|学费|戒备|考得|考完|考的",
        low,
    ) and bool(
        re.search(r"想|要|打算|得|争取|力争|必须|希望|决定|计划|计画|准备|拿下|考过|考到|考下来|搞定|写完|还清", low)
    )
