"""The Chinese rules of who somebody is: names, origin, home, work, study; and the order of all sections.

Rules are written in simplified letters: a sentence of either script is folded to them before it is read. A head line
reads `field accept ends: what to keep` (see `rules.read`). In a pattern `<V>` is the value, `<W>` stands for 我 or 我们
(which may be missing where the clause before had it), `<A>` for adverbs that change nothing, other names for
`chinese_grammar.PARTS`.
"""

from dataclasses import dataclass

from memchat.memory.statements import chinese_bare_rules as bare
from memchat.memory.statements import chinese_change_rules as change
from memchat.memory.statements import chinese_life_rules as life
from memchat.memory.statements import chinese_wish_rules as wish


@dataclass(frozen=True, slots=True)
class Section:
    """Rules on one topic. Only a clause that holds one of `marks` is read by them.

    `subject`: "said" when 我 must stand in the clause, "held" when it may stand in a clause before, "free" for nobody;
    "bare" as "free", if nobody else has been spoken of.
    """

    name: str
    subject: str
    marks: str
    table: str


NAMES = r"""
display_name is_name name
    <W>(?:的)?(?:中文|英文|全|本)?(?:名字|名|姓名)(?:是|叫做|叫)<V>
display_name is_name name
    <W>(?:的)?(?:外号|绰号|小名|昵称)(?:是|叫)<V>
display_name is_name name
    <W>(?:就|也)?(?:叫做|叫作|叫)<V>
display_name is_name name
    (?:请|你|您|你们|大家|朋友|朋友们|同学|同事|可以|都|就|也|直接|以后|家人| )*(?:叫|喊|称呼)我<V>
display_name is_bare_name name
    <W>(?:就)?是<V>
note is_surname name: {k}{v}
    <W>(?P<k>姓)<V>
"""
# What each place is to somebody: where they live, where they are from, how long they stay.
PLACES = r"""
note - -
    <W><A>(?:先|得|暂时|只|要|会|将)*(?P<v>在[\wa-z ]{1,12}?(?:待|住|留|停留|停|玩|出差|旅行|旅游|度假|实习|受训)
    到(?!<HAN>{0,3}(?:过|很|好|受))[\w\d/]{2,8}?)(?:为止|才走|才回)?$
note is_place place: {k}{v}{z}
    <W><A>(?P<k>不(?:再)?住(?:在)?)(?P<v>.+?)(?P<z>了?)$
location is_place place
    <W><A>(?:人)?(?:(?:跟|和|与).{1,6}?(?:一起)?)?(?:都)?(?:租房|租屋|买房)?(?:居住在|定居在|定居|住在|住|家在|
    家住在|家住)<V>
location is_place place
    <W><A>(?<![会要])(?:从.{1,10}?)?(?:全家)?(?:搬家到|搬到|搬去|搬来|搬进|搬回|移居到|移居|移民到)(?:了)?<V>
location is_place -
    <W><A>(?:人)?在(?P<v>.{2,10}?)(?:生活|定居|安家|落户|落脚|长住|常住)
note is_origin place: {k}{v}
    <W><A>(?:的)?(?P<k>老家在|故乡在|家乡在|来自|老家是|故乡是|家乡是|祖籍是|祖籍在|祖籍|出生在|出生于)<V>
location is_place place
    <W>坐标(?:在)?[:： ]?<V>
note is_homeland -: {v}{z}
    <W><A>(?:是)?(?:从)?(?P<v><HAN>{2,6})(?P<z>来的)$
note is_born one: 在{v}
    <W><A>(?:是)?在(?P<v>.{2,8}?(?:出生|长大).{0,6})
note is_people -
    <W><A>(?:是)?(?:土生土长的|道地的?|地道的?|正港)?(?P<v><HAN>{2,7}人)$
"""
WORK = r"""
occupation - -
    <W><A>(?P<v>退休|待业)(?:了|中)?$
occupation is_role one
    <W><A>是(?:一)?[名位]<V>
occupation is_trade one
    <W><A>(?:是|当|做|变成|成为)(?:了)?(?:一?个)?(?P<v>.+?)(?:的)?$
occupation is_trade one
    <W><A>(?:被)?(?:升职|升官|晋升|升|转职|转行|转|调)(?:去|成|为|到|当|做)*(?:了)?<V>
occupation is_trade one
    <W><A>在(?P<w>.{2,16}?)(?:当|做|担任)<V>
occupation is_line_of_work one
    <W><A>在(?P<w>.{2,16}?)(?:做|搞|从事)(?P<v>.+?)(?:的|工作)*$
note - -
    <W><A>(?:是)?(?P<v>[开跑送](?:滴滴|计程车|出租车|货车|公车|公交车?|uber|网约车|卡车|外送|外卖))(?:的|<N>+年)*$
note - one
    <W><A>(?:自己|和.{1,4}|跟.{1,4})?(?P<v>(?:开|经营)(?:了|着)?一?[家间]<HAN>{0,6}(?:店|公司|工作室|餐厅|
    咖啡[厅馆]|民宿|诊所|补习班))(?:的)?$
occupation is_trade one
    <W>(?:的)?(?:职业|工作|本业|正职|职位|头衔)(?:是|为)(?:一?[名位个])?(?:做)?<V>
occupation is_line_of_work one
    <W>(?:的)?(?:职业|工作|本业|正职)(?:内容)?(?:主要)?(?:是|为)(?P<v>.{2,10}?)(?:的)?$
occupation is_line_of_work one
    <W>(?:的)?<A>(?:职业|工作|本业|正职)?(?:是)?(?:做|搞|从事|干)(?P<v>.{2,10}?)(?:的|工作|行业|这行|这一行)+$
occupation is_short one
    <W><A>(?:从事|担任)(?P<v>.{2,12}?)(?:的)?(?:工作|行业)?$
occupation is_shift_work one
    <W><A>是<V>
work_context is_work_place -: 在{v}{k}
    <W><A>(?:是)?(?:开始)?在(?P<v>.{2,20}?)(?P<k>上班|任职|服务|任教|实习|教书|打工|驻点)(?:了|的|
    快?[一二两三四五六七八九十几多半\d]+(?:个月|年)多?)*$
work_context is_work_town -: 在{v}{k}
    <W><A>(?:是)?(?:开始)?在(?P<v>.{2,20}?)(?P<k>工作)(?:了|的|快?[一二两三四五六七八九十几多半\d]+(?:个月|年)多?)*$
work_context is_company one: {k}{v}
    <W><A>(?P<k>跳槽到|跳槽去|跳槽|转职到|入职|调到|换到|受雇于|任职于|服务于|任教于)(?:了)?(?P<v>.+?)(?:上班|
    工作|任职)?$
work_context is_place place: {k}{v}
    <W>(?:们)?(?:的)?(?P<k>(?:公司|办公室|工作室|学校|单位)在)<V>
note - -
    <W><A>(?:都)?(?P<v>在家(?:远端|远程|远距|接案)?(?:工作|上班|办公)|居家办公|居家上班|远距工作|远程工作|远端工作|
    远程上班|上夜班|上大夜班|上小夜班|值夜班|轮班|接案|做四休二|做二休二)(?:的)?$
note is_duty one: {k}{v}
    <W><A>(?:正在|在)?(?P<k>主要负责|负责|开发)<V>
note is_subject one: 教{v}
    <W><A>在(?P<w>.{2,10}?)教(?P<v>.{1,8}?)(?:的)?$
note is_subject one: 教{v}
    <W><A>(?:是)?教(?P<v>.{1,10}?)(?:的)?$
"""
STUDY = r"""
note is_school -
    <W><A>(?:是)?(?:从)?(?P<v>.{1,14}毕业)(?:的|生)?$
note is_study one
    <W><A>(?P<v>(?:大学|本科|研究所|硕士|博士|高职|大专|专科|主修|双主修|辅修)(?:时)?(?:是)?(?:念|读|学|
    主修)?的?(?:是)?.{2,12}?)(?:的)?$
note is_study one
    <W><A>(?:是)?(?P<v>(?:学|念|读|主修)(?:的是)?.{1,10}?)(?:的|专业|专业的)*$
note is_alma_mater one
    <W>(?P<v>(?:高中|大学|国中|小学|初中|国小|研究所|本科)(?:时)?(?:是)?(?:念|读|上)(?:的是|的)?[\wa-z]{2,8})(?:的)?$
note is_work_place one: 在{v}
    <W><A>(?:正)?在(?P<v>.{2,16}?(?:读书|念书|读|念|就读|主修|学|留学).{0,12})
note is_short -: {k}{v}
    <W><A>(?P<k>就读于?|主修|读|念)(?P<v>.{2,16}(?:系|所|大学|研究所|高中|国中|班|专业))$
note - -
    <W><A>(?:是|读|念|升)?(?P<v>大[一二三四五]|研[一二三]|高[一二三]|国[一二三]|初[一二三]|博[一二三四五])(?:了|生)?$
"""
# Values that are new ones now; tried first.
CHANGES = Section("changes", "bare", change.MARKS, change.PLACE + change.WORK + change.SETTING)
THERE = Section("there", "bare", "在", change.THERE)
# Only where somebody has just told of a move, of a card with their title.
TITLE = Section("title", "bare", "", bare.TITLE)
HERE = Section("here", "bare", "[在到]", bare.HERE)
# A clause without 我 that holds none of these teaches nothing.
BARE_MARKS = (
    "[妹姐哥弟妈爸婆爷奶嬷猫狗兔宫龟]|女友|男友|女儿|儿子|女朋友|男朋友|老公|太太|先生|妻|丈夫|孩子|小孩|对象|仓鼠|"
    "鹦鹉|守宫|过敏|不耐|"
    "[素颗粒锭针揣炎痛症喘疹血刀恐盲撇欢沾]|随身|包里|身上|[跟和].{1,6}[讲说]|[部台辆] ?[a-z]|初一|每[日朝]|发作|"
    "无办法|没办法|[不敢能都照又].{0,3}[吃喝抽碰]|[吃喝]了|"
    "开始[吃喝]|不行|"
    "我不|常年|月|今年|明年|年底|年前|"
    "[版标岁业假]前|[费付专企]..?版|pro|plus|max|订|目标|存钱|时间|母语|会.{0,4}[语文话]|居民|市民|县民|人了|搬|住|"
    "定居|待了|生活|在[^，]{2,7}$|"
    "现在|目前|名片|[硕博研大][一二三四]|硕士|博士|辞|[当做].{2,9}|上班|任职|教书|服务|[念读学]|主修|主要|准备|备考|"
    "[乐车球]队|团叫|名片|每|固定|平[常时]|"
    "周末|假日|[一每]周|礼拜|星期|周[一二三四五六日]|讨厌|最[烦恨怕]|受不了|反感|别给|不要给|骑|开的|开着|开 ?[a-z]|"
    "换了|买了|整了|入手|入了|弄了|添了|"
    "用.{0,3}年|[下号].{0,4}(?:飞|报到|入职|开刀|手术|口试|结婚|开学|毕业)|" + change.BARE_MARKS
)
# The order in which the sections are tried: the first rule that fits a clause has it.
SECTIONS = (
    CHANGES,
    Section("opening", "free", "目标|志愿|梦想|心愿|搬|坐标|落脚", wish.OPENING),
    Section("names", "said", "叫|喊|名|姓|称呼|是|号", NAMES),
    Section("places", "held", "住|坐标|祖籍|搬|定居|移居|移民|家|落|生活|乡|来自|生|长大|人$|到|来", PLACES),
    Section("near", "bare", "[妹姐哥弟妈爸儿女婆公爷奶嬷友妻夫太孩父母伴象宫养]|先生|跟|和|叫", bare.NEAR),
    Section("kin", "held", "[叫是住在对有养岁上念读结婚孕单身离订未跟和与独没同爸妈]", life.KIN),
    Section("plan", "held", "方案|订|用|会员|升级|买|是", wish.PLAN),
    Section("aims", "held", "[想望目梦愿志心理打计准决努要在]", wish.AIMS),
    Section("work", "held", "[退待是当做升转调职工业从担班在跳入上教负主开司室校位接轮值居远换聘变成任搞干雇]", WORK),
    Section(
        "study",
        "held",
        "毕业|[学念读]|主修|大[一二三四五学专]|研|高[一二三中职]|国[一二三中]|初[一二三中]|博|本科",
        STUDY,
    ),
    Section("languages", "held", "语|文|话|学|say|english|french|german|spanish|japanese|korean", life.LANGUAGES),
    Section(
        "body",
        "held",
        r"过敏|不耐|[有患吃喝抽碰素岁生晕恐戒药针属十\d]|得了|近视|散光|远视|老花|[不很].?好|旧伤|[开受]过|手术|"
        r"很差|[听看耳眼戴装]|不能|不可以|"
        r"没办法|熬夜|服用|撇子|色弱|夜盲|年",
        life.BODY,
    ),
    Section("wishes", "held", "回|答|说|解释|风格|方式", wish.TOLD),
    Section(
        "abilities",
        "held",
        "[弹拉吹打踢练学游开骑煮做会信教徒有年跑玩]|报名|没在|没有在|不再|没再|不用|不养",
        life.ABILITIES,
    ),
    Section("habits", "held", "[每点习一平常不周天夜早戒]", life.HABITS),
    Section("tastes", "held", "[喜爱讨痛受忍偏享迷热着怕兴趣嗜专恨]", life.TASTES),
    Section("gear", "held", "[写用开骑搭坐机车脑器统盘览电板幕有]|shell|ide", life.GEAR),
    Section("zone", "held", "时区|时间|区", wish.ZONE),
    Section("birthdays", "bare", "生日|生$|月|[/才满快]", bare.BIRTHDAYS),
    Section("settings", "bare", "版|目标|今年|明年|年底|岁前|业前|假前|年前|存钱|时间|[语文话]", bare.SETTINGS),
    Section(
        "health",
        "bare",
        "过敏|不耐|初一|每|办法|发作|有|是|患|诊|犯|作|来|[吃喝抽碰不带备揣放打服素刀伤断颗粒片锭针喷痛症炎喘血]|"
        "左撇|盲|恐|体质|欢",
        bare.HEALTH,
    ),
    Section("home", "bare", "人|民|搬|住|年|落脚|生活|定居", bare.HOME),
    THERE,
    HERE,
    TITLE,
    Section(
        "job",
        "bare",
        "现在|目前|已经|正式|转|改|硕|博|研|的$|大学|高中|本科|[读念学上]|主要|叫|名片|辞|[当做]|上班|大[一二三四]|"
        "准备|备考",
        bare.JOB,
    ),
    Section(
        "ways",
        "bare",
        "[每周固平常业跑健没闲讨烦恨怕受反别要]|一[周天]|礼拜|星期|手$|他$|琴$|主唱|贝斯|鼓|假日|下班",
        bare.WAYS,
    ),
    Section(
        "things",
        "bare",
        "[骑开台辆部整买换入弄败添用]|arch|ubuntu|linux|win|mac|android|iphone|debian|fedora|nixos|mint",
        bare.THINGS,
    ),
)
STYLE = Section("style", "free", "[用说讲答复覆释明写点简长短短详直不别少重列白条请给]", wish.STYLE)
DATED = Section("dated", "free", "", wish.DATED)
