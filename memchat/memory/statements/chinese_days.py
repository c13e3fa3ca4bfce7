"""Chinese signs of what a clause with a day is: a plan, a habit, a birthday, a stay; and of what came just before it.

Patterns are written in simplified letters and read folded text.
"""

import re

STANDING = re.compile(
    r"每|固定|雷打不动|生日|出生|(?:周|礼拜|星期)[一二三四五六日天]{2}|月[^，]{1,4}我?(?:就|满)|^(?:我|"
    r"咱)?[\d一二三四五六七八九十]{1,3}月\d{0,2}[一二三四五六七八九十]{0,3}[日号]?(?:生?的)?$|"
    r"我[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}[日号]?(?:生?的)?$"
)
MOVED = re.compile(r"搬(?:完|好|到|来|去|家|进)|安顿|落脚")
# Whoever has settled somewhere has moved there, wherever in the sentence they say so.
SETTLED = re.compile(r"安顿(?:好|下来|妥)了?|落脚了|租(?:[到好]了|了[一间个套])")
# What follows without a day of its own is to come as well.
COMING = re.compile(
    r"(?:\d|[一二三]?十)[一二三四五六七八九十\d]?[号日](?:[^，]{0,4})(?:飞|出发|启程|动身|搬)|(?:要|准备|打算|"
    r"预计)(?:搬|移民)"
)
LEFT = re.compile(r"离开(?![了]?(?:你|我|他|她))|离职|跳槽|换了?(?:新?工作|新?公司|东家)")
TITLED = re.compile(r"名片|职称|头衔|录取|转正|升职|升官")
ASKED = re.compile("可以|能|该|怎么|要注意")
# What may follow a day without 我 and still be a plan of the speaker's own.
OWN_PLAN = re.compile(
    r" *(?:要|会|就要?|得|正式|准备)*(?:飞|搬|报到|入职|到职|开刀|动手术|口试|答辩|面试|结婚|领证|出国|交(?:稿|"
    r"论文)|开学|毕业|离职|退伍|开始上班|"
    r"回国|回台湾|考)"
)
BIRTHDAY = re.compile(r"生日|出生")
AIMED = re.compile(r"目标|梦想|心愿|志愿|愿望|.(?:之前|以前|前|内)[^来]")
NOT_PLANS = re.compile(r"告诉你|跟你说|问你|再说|试试|再聊|找你|联络你|联系你|跟你聊|睡|会下雨|下雨|不知道|还没")
STAY = re.compile(r"(?:我们|我)[^在住，]{0,8}?(?P<v>(?:在|住在?)[\u3400-\u9fffa-z ]{1,14}?到)$")
A_DAY = re.compile(r"[\d月日号周年后]|星期|礼拜|明[天早晚]")
