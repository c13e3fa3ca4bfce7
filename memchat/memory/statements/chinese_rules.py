"""The Chinese rules as data, in simplified letters: a sentence of either script is folded to them before it is read.

A head line reads `field accept ends: what to keep` (see `rules.read`). In a pattern `<V>` is the value, `<W>` stands
for 我 or 我们 (which may be missing where the clause before had it), `<A>` for adverbs that change nothing, other names
for `chinese_grammar.PARTS`.
"""

RULES = r"""
# names
display_name is_name name
    <W>(?:的)?(?:中文|英文|全|本)?(?:名字|名|姓名)(?:是|叫做|叫)<V>
display_name is_name name
    <W>(?:的)?(?:外号|绰号|小名|昵称)(?:是|叫)<V>
display_name is_name name
    <W>(?:就|也)?(?:叫做|叫作|叫)<V>
display_name is_name name
    (?:请|你|您|你们|大家|朋友|朋友们|同学|同事|可以|都|就|也|直接|以后|家人| )*(?:叫|称呼)我<V>
display_name is_bare_name name
    <W>(?:就)?是<V>
# places
note is_place place: {k}{v}了
    <W><A>(?P<k>不(?:再)?住(?:在)?)<V>
location is_place place
    <W><A>(?:(?:跟|和|与).{1,6}?(?:一起)?)?(?:都)?(?:居住在|定居在|定居|住在|住|家在|家住在|家住)<V>
location is_place place
    <W><A>(?:从.{1,10}?)?(?:搬家到|搬到|搬去|搬来|移居到|移居|移民到)<V>
location is_place -
    <W><A>在(?P<v>.{2,10}?)(?:生活|定居)
note is_place place: {k}{v}
    <W>(?:的)?(?P<k>老家在|故乡在|家乡在|来自|老家是|故乡是|家乡是|出生在|出生于)<V>
note - one: 在{v}
    <W><A>在(?P<v>.{2,8}?(?:出生|长大).{0,6})
note is_people -
    <W>是(?:土生土长的)?(?P<v>[\u3400-\u9fff]{2,6}人)$
# work
occupation - -
    <W><A>(?P<v>退休|待业)(?:了|中)?$
occupation is_role one
    <W><A>是(?:一)?[名位]<V>
occupation is_trade one
    <W><A>(?:是|当|做)(?:一?个)?(?P<v>.+?)(?:的)?$
occupation is_trade one
    <W><A>在(?P<w>.{2,16}?)(?:当|做|担任)<V>
occupation is_trade one
    <W>(?:的)?(?:职业|工作|本业|正职)是(?:一?[名位个])?<V>
occupation is_short one
    <W><A>(?:从事|担任)(?P<v>.+?)(?:工作|行业)?$
work_context is_work_place -: 在{v}{k}
    <W><A>在(?P<v>.{2,20}?)(?P<k>上班|工作|任职|服务|任教|实习|教书)(?:了|[一二两三四五六七八九十几多\d]+年|
    的)*$
note - -
    <W><A>(?P<v>在家工作|在家上班|远距工作|远程工作|远端工作|上夜班|上大夜班|轮班)
note is_work_place one: 在{v}
    <W><A>在(?P<v>.{2,16}?(?:读书|念书|读|念|就读|主修|学).{0,12})
note is_short -: {k}{v}
    <W><A>(?P<k>就读于?|主修|读|念)(?P<v>.{2,16}(?:系|所|大学|研究所|高中|国中|班|专业))
note is_subject one: 教{v}
    <W><A>教(?P<v>.{1,10})
note is_duty one: {k}{v}
    <W><A>(?:正在|在)?(?P<k>负责|开发)<V>
# languages
preferred_language - -
    <W>(?:的)?(?:母语|第一语言|惯用语言|主要语言|常用语言)是(?P<v><LANGS>)
preferred_language - -
    <W><A>(?:习惯|偏好|喜欢|想)(?:用|说|讲|看|使用)(?P<v><LANGS>)(?:回答|沟通|交谈|聊天|对话)?$
note - -: {k}{v}
    <W><A>(?:能|可以)?(?P<k>(?:说|讲|懂)(?:一点|流利的?|一些)?)(?P<v><LANGS>)$
note is_subject one: 在{k}{v}
    <W><A>(?:正在|在)(?P<k>学习|自学|学)<V>
# body and food
note is_allergen -: {w}{v}{k}
    <W><A>(?P<w>对)(?P<v>.+?)(?P<k>(?:严重|会|很|有点|轻微|也|都|非常)*过敏)(?:体质)?[的了喔哦啦耶呢]*$
note is_bare_allergen -: {v}{k}
    <W><A>(?:有|患有|得了)?(?P<v>(?!不)[\u3400-\u9fffa-z]{1,8}?)(?P<k>过敏|不耐症|不耐)
    (?:体质)?[的了喔哦啦耶呢]*$
note - -: {k}{v}
    <W><A>(?P<k>有|患有|得了)(?P<v>糖尿病|高血压|低血压|气喘病?|哮喘|癫痫|心脏病|偏头痛|痛风|关节炎|忧郁症|
    抑郁症|过动症|色盲|乳糜泻|蚕豆症|地中海贫血)
note - -
    <W><A>(?:是)?(?:个|一个)?(?P<v>吃全素|吃素|吃蛋奶素|吃早斋|纯素者?|蛋奶素|素食者|素食主义者|左撇子|色盲)
    (?:的|者)?$
note is_food one: {k}{v}
    <W><A>(?P<k>不太能吃|不能吃|不敢吃|不吃|不能喝|不喝|从不吃|从来不吃|从不喝|从来不喝|不抽|不能碰)<V>
note - -
    <W><A>(?P<v>[一二两三四五六七八九十\d]{1,4} ?岁)(?:了)?$
note is_short one: 生日是{v}
    <W>(?:的)?生日(?:是|在)<V>
note - -: {v}{k}
    <W>(?:是)?(?P<v>(?:19|20)\d\d ?年.{0,8}?)(?P<k>出生|生)(?:的)?$
reply_style - -
    <W><A>(?:喜欢|偏好|想要|希望)(?:你)?(?P<v>(?:简短|简洁|精简|详细|直接|正式|口语|条列式?|白话|扼要)(?:一点|
    些)?的?(?:回答|回覆|回复|答案|说明|解释|风格|方式))
# tastes
note is_taste one: {k}{v}
    <W>(?P<k>最?(?:喜欢|爱)的)(?P<v>[\u3400-\u9fff]{1,8}是.+)
note is_taste one: {k}{v}
    <W><A>(?P<k>不喜欢|不爱|讨厌|痛恨|受不了|无法忍受|不太喜欢|不怎么喜欢)<V>
note is_taste one: {k}{v}
    <W><A>(?P<k>喜欢|喜爱|热爱|爱|偏好|偏爱|享受|迷上|热衷于|着迷于)<V>
note - -: {k}{v}
    <W><A>(?P<k>怕|害怕)(?P<v>狗|猫|高|黑|蛇|蟑螂|辣|冷|热|打雷|打针|鬼|水|蜘蛛|老鼠|搭飞机|坐飞机)$
note is_taste one: {k}是{v}
    <W>(?:的)?(?P<k>兴趣|爱好|嗜好|专长)是<V>
# family
note is_kin_state one
    <W>(?:的)?(?P<v><NEAR>(?:名字)?(?:[\u3400-\u9fff]{0,3}?|[a-z]+) ?(?:住在|住|叫做|叫|名叫|在.{1,12}(?:工作|
    上班|读书|念书|教书|当)|对.{1,10}过敏|来自|养了).{0,16})
note is_trade one: {w}是{v}
    <W>(?:的)?(?P<w><NEAR>(?:[\u3400-\u9fff]{0,3}?|[a-z]+))是(?:一?[名位个])?<V>
note is_kin_state one
    <W>(?:的)?(?P<v><NEAR>的名字(?:是|叫).+)
note - one: {k}{v}
    <W><A>(?:家)?(?P<k>有|养了|养着|养)(?P<v><COUNT><OWNED>(?:.{0,10})?)$
note - -
    <W><A>(?P<v>结婚|已婚|单身|离婚|订婚|未婚)(?:了)?(?:[一二两三四五六七八九十\d]+年)?$
note - -
    <W><A>(?:是)?(?P<v>单身|已婚)$
note - -: {k}{v}
    <W><A>(?P<k>跟|和|与)(?P<v>(?:爸妈|父母|太太|先生|老公|老婆|家人|小孩|孩子|男友|女友|室友|奶奶|爷爷|
    外婆).{0,6}?(?:一起住|同住|住))$
# aims
goals is_aim one
    <W>(?:今年|明年|最大|最近)?(?:的)?(?:今年|明年|最大|人生)?(?:的)?(?:目标|梦想|愿望|志愿|心愿|理想)(?:是|
    就是)<V>
goals is_aim one
    <W><A>(?:想|希望|打算|计画|计划|准备|决定|正在努力|要)(?:今年|明年|年底前|以后|将来)?(?P<v>(?:学会|学|成为|
    当|考上|考|减肥|减重|戒烟|戒酒|存钱|存|读完|写完|完成|跑完|跑|出版|创业|转职|换工作|退休|环游|开一?家|买房|
    移民|瘦).{0,20})
goals is_preparation one: {k}{v}
    <W><A>(?:正在|在)(?P<k>准备|练习)<V>
# subscription and zone of time
plan is_tier -
    <W>(?:的)?(?:方案|订阅)是(?P<v>.+?)(?:方案)?$
plan is_tier -
    <W><A>(?:订阅|订|使用|用|升级到|升级成|改用|买)(?:的是|了|的)?(?P<v>[\u3400-\u9fffa-z]{2,8}?) ?(?:方案|
    会员)?$
plan is_tier -
    <W><A>是(?P<v>[\u3400-\u9fffa-z]{2,8}?) ?(?:会员|用户|使用者|订户|方案)(?:的用户)?$
timezone is_short one
    <W>(?:的|这边的|这里的)?时区是<V>
timezone - -
    <W><A>在(?P<v>[\u3400-\u9fffa-z/+0-9:-]{2,12}?)时区$
"""
# Wishes for how to answer; told alone, or with a word such as 以后.
STYLE = r"""
preferred_language - all
    (?:回答|回覆|回复|说话)?<ASK>(?:用|以|使用|改用)(?P<v><LANGS>)(?:来)?(?:回答|回覆|回复|跟我说|和我说|跟我聊|和我聊|沟通|对话|说话|
    写)?(?:我|就好|吧)*$
preferred_language - all
    <ASK>(?:跟我|对我)?(?:说|讲)(?P<v><LANGS>)(?:就好|吧)?$
reply_style - all
    <ASK>(?P<v>(?:回答|回覆|回复|答案|说话|解释|说明|写)(?:我|要|请|得|尽量|可以|的时候|时)*(?:<SHAPE>)(?:一点|
    一些|些|点|就好)?)
reply_style - all
    <ASK>(?P<v>(?:<SHAPE>)(?:地|的|一点|扼要)*(?:回答|回覆|回复|解释|说明|说|一点|一些))(?:我|就好|就行|吧)*$
reply_style - all
    <ASK>(?P<v>(?:不要|别|请勿|少|不用)(?:再)?(?:用|使用|加|放)?(?:表情符号|表情|emoji|颜文字|术语|条列|
    惊叹号|废话|客套话|敬语|表格).*)
reply_style - all
    (?:请|以后|今后|你| )*(?P<v>(?:都|一律)?(?:用|给我看|写|用的是)
    [ ]?(?:<CODE>) ?(?:[，, ]*(?:不要|而不是|别用|不要用|不用) ?(?:<CODE>))?
    (?:的?(?:程式码|代码|范例|例子))?)$
reply_style - all
    <ASK>(?P<v>(?:说重点|讲重点|条列式?回答|条列(?:重点|说明)|用(?:公制|摄氏|24 ?小时制|敬语|白话|条列式?|
    口语).{0,8}))
"""
# Plans: only for clauses that name a day to come.
DATED = r"""
note - all
    <W>?<A>(?P<v>(?:要|会|得|将|打算|预计|准备|计划|计画|有|在|去|飞|搬|开始|就|跟|和|必须|约|考|结婚|出差|毕业|
    退休|回).+)
note - all
    <W>(?:的|们的)?(?P<v>.{0,6}(?:考试|面试|婚礼|手术|回诊|航班|飞机|截止日|旅行|毕业典礼|演出|比赛|口试|会议|
    预产期|课|签证|合约).*)
"""
