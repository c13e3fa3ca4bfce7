"""Chinese words that decide whether a phrase is a taste, a food, an illness, a habit, a goal; in simplified letters.

Predicates get the value as typed and fold it: one list serves both scripts.
"""

import re

from memchat.memory.language import folded
from memchat.memory.statements import chinese_lists as lists

_POINTING = re.compile(
    r"^(?:你|您|这|那|它|他|她|咱|我|的|了|过|上|自己|什么|哪|谁|怎|是|就|人(?:$|[^参])|不释手|莫能助|理不理|哭|怎样|"
    r"一下|死你|第[一二三四五六七八九十\d]|吃不吃|上面|前面|后面|"
    r"说|问|看你|听你|跟你|和你|与你|到|极|死|完|此|以上|以下|如此|下面|刚才|刚刚|来|去了|啦|啊|吧|呢|喔|哦|!|！)"
)
_ANSWER = re.compile(
    r"答案|回答|主意|这|那[个样种些位]|你|您|他(?!命)|她|版本|语气|建议|提议|想法|写法|说法|点子|第[一二三]个|"
    r"自己|前一个|后一个|"
    r"[吗呢]$|与否|重要|.过$|被"
)
_JOKE = re.compile(
    r"早起|星期|礼拜|周一|上班|上学|加班|工作|开会|会议|老板|作业|功课|蠢|笨|白痴|废话|爱情|运动|人类|人群|考试|"
    r"读书|数学|数字|读|班|自己|你|他|她|这|那|话题|件事|贫穷|穷|没钱|钱|帅|虚伪|渣男|情侣|生活|现实|恋爱|婚姻|"
    r"小孩|人$|职场|主管|同事"
)
_CHORE = re.compile(
    r"加班|开会|会议|改(?:论文|稿|报告|需求|考卷|联络簿|作业)|半夜|凌晨|排队|塞车|堵车|被|早起|值班|值夜|报税|缴税|"
    r"交税|考试|作业|熬夜|"
    r"看牙|客诉|通勤|挤|debug|修bug|写报告|写周报|周报|上班|出包|背锅|失眠|罚|吵架|迟到|停电|漏水|洗碗|打扫|催|交接|"
    r"吃药|打针|生病|"
    r"开刀|没睡|收烂摊子|重做|重写|返工|星期[天日一]|周一|周日|礼拜[天日一]"
)
_WEIGHTY = re.compile(
    r"考(?![虑古])|口试|面试|笔试|答辩|检定|婚|领证|开刀|手术|回诊|住院|生产|预产|看牙|搬|飞|出国|出差|旅行|旅游|"
    r"度假|蜜月|移民|"
    r"入职|到职|报到|开工|离职|退休|退伍|入伍|毕业|开学|入学|演出|表演|比赛|马拉松|[全半]马|演讲|截止|到期|签约|签证|"
    r"交(?:屋|房|论文|稿|报告|件|卷|作业)|航班|飞机|机票|开始(?:上|学|工作|实习)|合约|课$|上台"
)
_TRIP = re.compile(rf"(?:去|到)(?:了)?(?:{lists.HOMELANDS}|[a-z]{{3}})|回国|回台湾|回老家")
_ERRAND = re.compile(r"再去|练|逛|喝|吃|聚|看电影|打球|买|讨论|开会|聊|找|一趟|送|拿|接")
_NO_FOOD = re.compile(
    r"^(?:了|惊|力|香(?![菜菇蕉肠])|瘪|这|那|你|他|她|它|过|下|完|到|饱|亏|醋|苦头|惯|得|消|软|硬|一套|早餐了|"
    r"晚餐了|午餐了|饭了|"
    r"什么|吗|啦|啊|吧|就|东西|空|时间|签|身|奖|出|起|运气|面子|壁|钉子|一口|一点|白不|也|我|倒|回头草|窝边草|"
    r"嫩草|闭门羹|人间烟火|官司|面$|他那|老本)"
)
_LASTING_FOOD = re.compile(
    r"肉|素|糖|烟|酒|咖啡|宵夜|牛奶|奶茶|蛋|海鲜|麸质|甜食|辣|鱼|菜|零食|手摇|饮料|油炸|炸|冰|茶"
)
_MOOD = re.compile(
    r"累|烦|骂|死|崩溃|加班|忘|哭|痛苦|(?<!冥)想|焦虑|心情|做梦|失眠|睡不|发呆|吵|等|迟到|被|[你他她]|无聊|好难|"
    r"吃不|喝不|说|问|土|"
    r"超过|什么|完了|错|好了|到现在|听到|看到|见到"
)
_TIERS = re.compile(
    r"(?:pro|plus|max|free|premium|team|business|enterprise)|"
    r"(?:免费|专业|高级|企业|团队|个人|基本|标准|进阶|家庭|学生)版?"
)
_SUBJECT = re.compile(
    rf"^(?:(?:{lists.LANGUAGES}|{lists.SUBJECTS}|{lists.INSTRUMENTS}|{lists.SPORTS})|程式|写程式|编程|代码|游泳|"
    rf"开车|画画|"
    r"绘画|书法|摄影|吉他|烹饪|烘焙|煮菜|做菜|跳舞|唱歌|投资|理财|水彩|素描|潜水|滑雪|手语|python|rust|go|java|"
    r"javascript|"
    r"typescript|c\+\+|机器学习|深度学习|数据分析|木工|陶艺|插花|茶道)"
)


def is_short(value: str) -> bool:
    """One to 24 letters that point at nothing on the table."""
    low = folded(value)
    return 0 < len(low) <= 24 and not _POINTING.match(low)


def is_taste(value: str) -> bool:
    """Something one can like for longer than this conversation: 爬山, not 你的回答 or 这样."""
    low = folded(value)
    return (
        is_short(value)
        and not _ANSWER.search(low)
        and not re.match(
            r"一个|有人|听到|看到|知道|死|得|不|慕|困|抬杠|其中|隔壁|楼上|楼下|邻居|现|才|恋|情|心|面子|国", low
        )
    )


def is_liking(value: str) -> bool:
    """A taste that is no irony: nobody loves 加班 or 半夜改论文."""
    return is_taste(value) and not _CHORE.search(folded(value))


def is_own_manner(value: str) -> bool:
    """短一点 is how to answer; 客气点 or 正式一点 is how to write this one text."""
    return not re.search(r"正式|客气|礼貌|轻松|口语", folded(value))


def is_weighty(value: str) -> bool:
    """A plan worth a note: an exam, a move, a trip, a wedding, an operation, a deadline; not 练团 or 再去一次."""
    low = folded(value)
    return bool(_WEIGHTY.search(low) or (_TRIP.search(low) and not _ERRAND.search(low)))


def is_allergen(value: str) -> bool:
    """Something one can be allergic to; Mondays are a joke."""
    low = folded(value)
    return is_short(value) and not _JOKE.search(low) and not re.search(r"[不没]$|^不|没", low)


def is_bare_allergen(value: str) -> bool:
    """Said straight before 过敏: 花粉."""
    return is_allergen(value) and not re.search(
        r"对|会|没|不|有|是|常|容易|皮肤|^点|了|又|在|要|快|最近|严重|脸|身", folded(value)
    )


def is_food(value: str) -> bool:
    """What follows 我不吃."""
    low = folded(value)
    return (
        0 < len(low) <= 12
        and not _NO_FOOD.match(low)
        and not re.search(r"了$|^.不|[你他她这那]|一[口下点]|刚|太多|饭$", low)
    )


def is_lasting_food(value: str) -> bool:
    """What one gives up for good when one says 不吃肉了."""
    return is_food(value) and bool(_LASTING_FOOD.search(folded(value)))


def is_medicine(value: str) -> bool:
    """吃抗忧郁药, not 吃感冒药 or 吃药."""
    return not re.search(r"(?:吃|服用)药|感冒|止痛|退烧|安眠|[你他她这那什]|止泻|肠胃药|胃药|错|完|没", folded(value))


def is_birthday(value: str) -> bool:
    """A day of the year: 三月九号, 3/9, 八月."""
    return bool(
        re.fullmatch(
            r"(?:(?:19|20)\d\d ?[年/.-] ?)?(?:(?:农历|国历|阴历|"
            r"阳历)? ?[\d一二三四五六七八九十正腊]{1,3} ?[月/.-] ?(?:初|廿)?[\d一二三四五六七八九十]{0,3} ?"
            r"[日号]?|圣诞节|元旦|中秋节?|情人节|除夕|国庆日?)(?:那天)?",
            folded(value),
        )
    )


def is_tier(value: str) -> bool:
    """A subscription's name: 专业版, Pro."""
    return bool(_TIERS.fullmatch(folded(value).strip()))


def is_named(value: str) -> bool:
    """The name of a pet or somebody near: 豆腐, not 个不停 or 外卖."""
    low = folded(value)
    if re.fullmatch(r"[a-z][a-z.' -]{0,15}", low):
        return low not in {"uber", "grab", "didi", "taxi", "foodpanda"}
    return bool(re.fullmatch(r"[\u3400-\u9fff]{1,5}", low)) and not re.search(
        r"^(?:[了个得着我他她你您起醒人救不来去出什怎啥也都就还过到没在]|外卖|外送|车|声|春|一[整个晚天直声下]|什么|"
        r"整|大家|好大|苦|好)|[去来买帮吃]|[了吗呢着]$",
        low,
    )


def is_kin_state(value: str) -> bool:
    """What is worth keeping of somebody near: where they live, their work."""
    low = folded(value)
    return len(low) <= 24 and not re.search(
        r"了吗|今天|昨天|刚才|正在|[你您]|叫我|在叫|住院|住校|[说讲问]|这|那|现场|加班|住得|住不|住了|生气|忙|想|"
        r"骂|受伤|生病|摔",
        low,
    )


def is_aim(value: str) -> bool:
    """What can be a goal, and is no request."""
    low = folded(value)
    return 1 < len(low) <= 30 and not re.search(
        r"[你您他她]|这|那[个样种些]|一下|怎么|如何|什么|为何|当然|^(?:考虑|学不|跑去|跑步机|存[档个图]|当|被|没|"
        r"很|太|不[明大太清])|"
        r"完成(?:$|一个)|(?:下班|睡|开会|吃饭|下课|晚饭|晚餐)前|但|^[不没]|[不没]被|了(?!解)|啦|崩溃|顺利|一点|更好|"
        r"活着|睡|世界和平|星辰|明天|今天|今晚|放下|好人|"
        r"第一(?!桶)|自然醒|^考试|一家店|了吗|考考|^学$|学学|^学[你他]|^考$|^跑$|^跑[了掉路题]",
        low,
    )


def is_saving(value: str) -> bool:
    """存钱买房, not 存钱罐."""
    return bool(re.search(r"存钱(?:买|付|缴|去|给|换|结婚|旅行|旅游|出国|留学|当|做)", folded(value))) and is_aim(value)


def is_preparation(value: str) -> bool:
    """What somebody prepares for longer than an evening: an exam, a talk, a wedding."""
    low = folded(value)
    return is_aim(value) and bool(
        re.search(
            r"考|[测口复]试|检定|比赛|论文|婚礼|证照|马拉松|演出|资格|演讲|创业|多益|托福|雅思|日检|搬去|移民|"
            r"留学|公职|国考|高考",
            low,
        )
    )


def is_language_course(value: str) -> bool:
    """What somebody learns for long: a language, an instrument, a craft; not 学你, 学怎么拒绝."""
    return is_short(value) and len(value) <= 14 and bool(_SUBJECT.match(folded(value)))


def is_lesson(value: str) -> bool:
    """开始学法文, 上法文课; not a bare 法文."""
    return bool(re.match(r"开始|在|正在|上|学", folded(value)))


def is_habit(value: str) -> bool:
    """A habit that holds beyond this week: no moods, no complaints, no single day."""
    low = folded(value)
    return (
        3 < len(low) <= 24
        and not re.search(r"上(?:一次)?课$", low)
        and not _MOOD.search(low)
        and not re.search(r"[不没](?!吃早)|这|那|习惯用?(?:了|就)", low)
    )


def is_gear(value: str) -> bool:
    """A thing and its make: 手机是 Pixel 8; not 手机是坏的."""
    low = folded(value)
    return not re.search(
        r"坏|当[机掉]|没|慢|旧的?$|新的?$|借|二手|公司的|[他她你谁哪]|不|朋友|同事|爸|妈|老公|老婆|问题|用来|怎|"
        r"[在被]|这|那|好的|多|贵|"
        r"到|一样|太|很|贼|真",
        low,
    )
