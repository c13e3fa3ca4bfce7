"""The Chinese rules for a value that is a new one now: 換到, 調到, 升上, 改成, 搬回, 新工作是, 報到了, 方案換成.

Written as `chinese_rules` tells. A change that is missed leaves a wrong value active, so they come first; they name
known towns, trades and plans only, and what is yet to come is no change.
"""

PLACE = r"""
location is_homeland_town all
    <W><T>(?:从.{1,8}?)?搬(?:家)?(?:到|来|去|回|进)(?:了)?(?:老家)?(?P<v><HAN>{2,8}?)(?:这边|
    那边)?(?:<N>+个?[月年周])?了$
location is_homeland_town all
    <W><T>(?:在)?(?P<v><HAN>{2,7}?)(?:已经|总算|终于|也|都)*(?:安顿(?:好|下来|妥当)|落脚|落户|定居)了$
location is_homeland_town all
    <W><T>(?:落户|定居|移居|移民|回流)(?:在|到|去)?(?:了)?(?P<v><HAN>{2,7}?)了$
location is_homeland_town all
    <W><T>正式(?:算|是|成为|变成|成了)(?P<v><HAN>{2,7}?)(?:居民|市民|人)了$
"""
WORK = r"""
occupation is_trade one
    <W><T>(?:被)?(?:公司)?(?:升职|升官|晋升|提拔|升|转职|转行|转岗|转|调任|调|改行)(?:去|上|成|为|到|当|做|任)*
    (?:了)?(?P<v><HAN>{2,10}?)了?$
occupation is_trade one
    <W><T>从<HAN>{2,8}?(?:转行|转职|转岗|转|升|改)(?:去|成|为|做|当|到|任)+(?:了)?(?P<v><HAN>{2,10}?)了?$
occupation is_trade one
    <W><T>考上(?:了)?(?P<v>公务员|警察|消防员|正式(?:老师|教师))了$
occupation is_trade one
    <W><T>(?:的)?新(?:工作|职位|职称|头衔)(?:就)?(?:是)?(?:在(?P<w>.{2,12}?)(?:当|做|担任)|当|
    做)?(?P<v><HAN>{2,10}?)了?$
occupation is_line_of_work one
    <W><T>(?:的)?新工作(?:就)?(?:是)?在(?P<w>.{2,12}?)(?:当|做|担任)(?P<v><HAN>{2,8}?)了?$
work_context is_employer one: 在{v}
    <W><T>(?:的)?新工作(?:就)?(?:是)?在(?P<v>(?!.*(?:当|做|担任))[\wa-z ]{2,12}?)(?:上班|工作|教书)?了?$
work_context is_company one: {k}{v}
    <W><T>(?:的)?(?P<k>新(?:公司|东家|单位|雇主|学校)(?:的?名字)?(?:叫做|叫|是))(?P<v>(?!一)[\wa-z&' ]{2,16}?)$
work_context is_unit one: {k}{v}
    <W><T>(?:被)?(?:公司)?(?P<k>(?:调|转|换|派)(?:到|去|进|来|回))(?:了)?(?P<v>[\wa-z ]{2,10}?)(?:上班|工作)?了?$
work_context is_employer one: 在{v}
    <W><T>(?:去|到|在|向)(?P<v>[\wa-z ]{2,10}?)(?:报到|入职|到职)了$
"""
SETTING = r"""
plan is_tier -
    <W><T>(?:被)?(?:我们)?(?:公司|老板|学校|部门|单位)?(?:帮我们?|给我们?|替我们?|把我们?|让我们?)?(?:的)?
    (?:方案|订阅|会员|账号)?(?:已经|现在|都|也|给|被|就|刚)*(?:换成|换到|换回|转成|转到|转用|转回|改成|改用|改回|改订|
    升级到|升级成|升级|升到|降级到|降到|降回|回到|退回|退到|买|订)(?:了)?(?:你们)?(?:的)?
    [ ]?(?P<v><TIER>) ?(?:方案|会员|订阅|用户)?了?$
plan is_tier -
    <W>(?:现在|目前|已经)+是 ?(?P<v><TIER>) ?(?:方案|会员|用户|订户)了?$
timezone - -
    <W>(?:的)?(?:现在|目前)?时区(?:现在|目前|已经|请|帮我|要|都)*(?:改成|换成|改为|换到|改到|设成|设为|是|变成|
    改)(?:了)?
    [ ]?(?P<v>[a-z]+/[a-z_]+|(?:utc|gmt) ?[+-] ?\d{1,2}|[东西][一二三四五六七八九十]{1,2}区|<CLOCK>)(?:时间|时区)?了?$
timezone - -
    (?:我的?)?时间(?:以后|都|请|要)*(?:改|换)(?:成|为|到)?(?:用|按|照)?(?P<v><CLOCK>)时间了?$
preferred_language - -
    (?:回答|回复|对话|聊天)?的?语言(?:请|都|帮我)*(?:换成|改成|改为|换到|设成|切换成|切换到|
    切到)(?:了)?(?P<v><LANGS>)了?$
"""
# 我離開騰訊了，現在在美團: only where somebody has just told of leaving.
THERE = r"""
work_context is_employer one: 在{v}
    <W>(?:现在|目前|已经)+在(?P<v>[\wa-z]{2,10}?)(?:上班|工作|任职)?了?$
"""
MARKS = (
    "搬|安顿|落[脚户]|定居|移[居民]|回流|正式|[升晋提转调派改]|考上|新工作|新[职头公东单雇学]|换|报到|回到|入职|时区|"
    "时间|语言|版|pro|plus|max|team|free"
)
BARE_MARKS = (
    "搬|人[到在]|安顿|落户|移[居民]|回流|正式|升[职官任上为到了做成]|升.{2,6}了|转[职行岗正成到用做]|调[到去任]|派[到去]|"
    "改[成用行回订]|考上|新工作|"
    "新公司|新东家|新职|换[成到回]|报到|入职|到职|离开|时区|语言|方案|订阅|免费版|[费业人生]版|回到"
)
