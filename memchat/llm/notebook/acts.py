"""What a clause does in a conversation, told by its form: asks, requests, intends, decides, settles. English, Chinese.

Rules of thumb for summaries: a clause that is wrongly told costs one line, it teaches nothing and deletes nothing.
"""

import re
from enum import StrEnum
from functools import cache

from memchat.llm.notebook.questions import is_question
from memchat.llm.notebook.small_talk import Talk, talk_of
from memchat.memory.language import HAN
from memchat.memory.statements.rules import patterns
from memchat.memory.statements.sentences import Sentence


class Act(StrEnum):
    """What a clause does; `TELLS` is any other statement, `NOTHING` a greeting, thanks, a nod."""

    ASKS = "asks"
    REQUESTS = "requests"
    INTENDS = "intends"
    DECIDES = "decides"
    SETTLES = "settles"
    CANCELS = "cancels"
    TELLS = "tells"
    NOTHING = "nothing"


# A name, then its patterns, one of which must be found; `+` goes on with the line above. Folded letters.
_EN = r"""
open
    ^(?:to-?do|pending|next steps?|still open|open (?:points?|questions?)|still to do)(?: list)?\s*[:\-\u2014]
    ^(?:please |pls )?remind me (?!(?:again )?(?:what|who|whom|when|where|how|which|why|of (?:my|what)|about my)\b)\w
    ^(?:please |pls )?(?:don't (?:let me )?forget|remember|make a note) to\b|^don't (?:let me )?forget (?!that\b)\w
    \b(?:i|we) (?:(?:still|really|just) )?(?:haven't|have not|didn't|did not|don't|do not) .*\b(?:yet|decided?|
    + know (?:which|what|whether|if|how|where|when))\b
    \b(?:i'm|i am|we're|we are) (?:still |really )?not (?:yet )?(?:sure|certain) (?:which|what|whether|if|how|where|
    + when)\b
    \b(?:not|isn't|aren't|wasn't|weren't|hasn't been|haven't been) (?:\w+ ){0,3}yet\b|\bto be (?:decided|done)\b|
    + \btbd\b
    \bstill (?:need|have to|has to|must|got to|waiting|missing|open|unclear|undecided|unresolved|not|fails?|failing|
    + broken|(?:doesn|don|can|isn|aren|hasn|haven)'t|to do|to be|undecided)\b|\bundecided\b|\bhave yet to\b
intends
    ^(?:(?:tomorrow|tonight|today|later|then|next (?:week|month|\w+day)|on \w+day|this (?:week|weekend|evening)|first|
    + before (?:that|then)),? )?(?:i|we)(?:'ll| will)? (?:also |really |just |then |only )*(?:(?:need|have|'ve got|
    + got|ought) to|gotta|must|should) (?!pick\b|choose\b|decide\b|design\b|compare\b|say\b|admit|mention|confess|
    + know\b|understand|be\b|find out|figure|learn|have\b)\w
    \b(?:i|we)(?:'ve| have) got to \w|\b(?:i|we)(?:'m| am|'re| are) (?:planning|going|about|supposed) to\b
    \b(?:i|we) (?:plan|intend|mean) to\b|\bwaiting (?:for|on)\b
    \b(?:i|we)(?:'ll| will| want to| can) .*\b(?:tomorrow|tonight|later|next (?:week|month|time|year|\w+day)|(?:on |
    + this )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|this (?:evening|weekend|afternoon|week)|soon|afterwards)\b
    ^(?:tomorrow|later|tonight|next (?:week|month|\w+day)|on \w+day|this weekend),? (?:i'll|i will|we'll|we will)\b
    ^(?:also |and )?(?:gotta|(?:need|have|got) to|must) (?!say\b|admit|know\b|be\b)\w
    ^(?:the )?next(?: step)?(?: is| will be|[,:])|\b(?:i|we)(?:'ll| will) (?:think about|look into|get back|
    + check with|sleep on)
decides
    \blet(?:'s| us) (?:\w+ )?(?:go with|go for|use|take|do (?:it|that|this)|keep|stay|stick|choose|pick|settle|
    + make it|call it|leave|skip|drop|book|say|not|meet|postpone|cancel)\b
    \b(?:i|we)(?:'ve| have|'m| am|'re| are)? (?:all |just |finally |now |both |also )*(?:decided|agreed|settled|chose|
    + chosen|picked|went with|going with|sticking with|opted|concluded|committed to|made up (?:my|our) minds?)\b
    \b(?:i|we)(?:'ll| will) (?:just |then |both )?(?:take|go with|go for|use|keep|stay|stick|choose|pick|skip|drop)\b
    \bthen .{1,40} it is$|^.{1,40} it is(?: then)?$|^make it (?:\d|\w+day\b|the \w+day|noon|two|three|four|five)|
    + \bworks for me\b|^(?:going|sticking) with\b
    ^(?:the |my |our )?(?:final )?(?:decision|answer|verdict|winner|choice)(?: is\b|:)|^(?:it's |it is )?(?:settled|
    + decided|a deal|deal)\b
agrees
    ^(?:ok|okay|alright|all right|fine|great|good|perfect|sure|yes)[,;]? (?:so |then |i'll |i will |we'll |we will )
settles
    ^(?:(?:it's|it is|that's|that is|all|now|and|great|ok|okay|yes|finally|already|they're|this is|
    + everything is)[, ]+)*(?:done|fixed|solved|sorted|finished|resolved|works?|working|worked|all set|
    + completed)\b(?! (?:on|at|for|as|in)\b)
    ^(?:that's it,? |all |now |just )*(?:sent|booked|paid|ordered|submitted|signed|bought|called|shipped|deployed|
    + merged)$
    \b(?:it|that|this|everything|code|test|tests|build|which) (?:all |now |finally )*(?:works|worked|work|is working|
    + pass(?:es)?|passed|helped|did it|did the trick|(?:fixed|solved) (?:it|the|my))\b
    \b(?:is|are|was|were|got|it's|they're|been|have) (?:now |already |finally |all )*(?:done|fixed|solved|sorted|
    + finished|resolved|booked|paid|sent|signed|submitted|shipped|deployed|merged|cancelled|canceled|confirmed|
    + ordered)\b
    \band (?:then )?(?:finished|fixed|booked|sent|paid|signed|submitted|merged|cancelled|ordered|handed in|
    + emailed) (?:it|the|my|them|an?)\b
    \b(?:i|we)(?:'ve| have)? (?:just |already |now |finally |also )*(?:finished|fixed|solved|booked|sent|paid|signed|
    + submitted|shipped|deployed|merged|cancelled|canceled|ordered|figured|completed|passed|renewed|handed in|emailed|
    + got it|sorted|resolved|confirmed)\b
cancels
    ^(?:never ?mind|nvm|forget (?:it|that|about)|scratch that|no need|not needed)\b|\bno longer (?:need|want|
    + necessary)
    \b(?:don't|do not) need (?:it|that|this|to)\b.*\b(?:anymore|any more|after all)\b
not_settled
    n't\b|\b(?:not|never|almost|nearly|half|if|when|once|until|unless|before|after|should|would|hope|hopefully|
    + cannot)\b
past
    \b(?:i|we)(?:'ve| have)? (?:just |already |now |finally |also )*(?:[a-z]{2,}ed|did|done|bought|got|made|found|
    + told|wrote|written|went|took|taken|gave|given|met|spoke|put|cut|read|sold|chose|ate|had|saw|rang|built|ran|left|
    + brought)\b
    ^(?:[a-z]{3,}ed|bought|told|wrote|took|gave|got|made|found)\b|\balready\b
requests
    ^(?:i|we) (?:need|have) to (?:pick|choose|decide|design|compare|understand|learn|find out|figure)\b
    ^(?:can|could|would|will) (?:you|u|we|i)\b|^(?:please|pls|kindly)\b(?! (?:remember|note|keep in mind))|
    + ^i(?:'d| would) (?:like|love)\b|^i'm looking for\b
    ^(?:i|we)(?:'m|'re| am| are) (?:trying|hoping|looking) (?:to|for)\b|^(?:(?:i|we) )?(?:really |just |
    + also )*(?:want|need)\b
    ^let'?s (?:start|talk|plan|look|discuss|try|work|see|make|build|write|think|go (?:through|over)|review|continue|
    + prepare)\b
    ^(?:any|some) (?:ideas?|tips?|advice|suggestions?|recommendations?|thoughts)\b|^how about\b|^what about\b
    ^(?:now |also |then |again,? )?(?:act as|add|adjust|analy[sz]e|answer|arrange|book|brainstorm|build|calculate|
    + change|check|clean|code|come up|compare|compose|compute|continue|convert|correct|count|create|debug|define|
    + describe|design|draft|draw|estimate|explain|expand|extend|fill|find|fix|format|generate|give|go on|help|
    + implement|improve|include|keep (?:it|the)|list|look up|look for|make|mention|merge|move|name|optimi[sz]e|
    + organi[sz]e|outline|plan|polish|pick|play|prepare|pretend|proofread|propose|prove|put|quiz|rank|read|recommend|
    + refactor|remove|rename|replace|rephrase|rewrite|review|schedule|search|send|set up|shorten|show|simplify|solve|
    + sort|split|start|suggest|summari[sz]e|teach|tell|test|track|translate|try|turn|update|use|walk me|
    + write)\b(?!\s*(?:,|$))
"""
_ZH = r"""
open
    ^(?:待办(?:事项|清单)?|todo|to-?do|下一步|未完成|还没做的?)\s*(?:是|要|得|[:：]|list)|^(?:请|记得)?提醒我(?!什么|
    + 谁|上次|之前)|(?:别|不要)忘[了记]?
    ^(?:请|要|我要|明天|到时候?)?记得(?!我(?!要|得)|吗|你|他|她|以前|上次|之前|什么|的)
    还没|还未|尚未|(?:没有?|未)决定|还不(?:知道|确定|清楚|行|能|会|太?懂)|未定|待定|不确定(?:要|该)|还在(?:等|想|考虑|
    + 犹豫|找|做|处理|研究)
    还(?:要(?!不要)|得|需要|差|缺|剩)|还有.{1,10}(?:没|要)|(?:没|未)(?:做|写|修|弄|处理|解决)(?:完|好)
intends
    ^(?:我们?)?.{0,3}(?:明天|后天|今晚|明晚|明早|下周.?|下星期.?|下礼拜.?|下个?月|晚点|待会|等一下|之后|周末|改天|
    + 这周.?|月底|礼拜.|星期.|周.).{0,6}?(?:要|得|会|打算|再|需要|必须|应该|开始)
    我们?(?:也|就|一定|真的)?(?:必须|得(?!到)|需要去|打算|计划|准备|应该要?)|等.{1,12}(?:回复|回覆|回信|消息|通知|
    + 确认|结果)|^接下来(?:要|我|得)
    再(?:看看|决定|讨论|想想|说)$
decides
    决定(?!权|不了|性)|^(?:好[，, ]*)?(?:那(?:我们?|就)|就)|[约谈说](?:好|定)(?!的|了$)|讲好|敲定|定下来|(?:确定|
    + 定)了|确定(?:要|用|是)|选(?:了|好了|定)|我们?选|拍板|一言为定
    就(?:用|选|这样|这么|订|定|买|约|照|按|改成)|(?:还是|就).{1,12}(?:吧|好了)$|成交|^改成
settles
    搞定|解决了|完成了?$|完成了|修好了|[做写弄办看读吃跑改整处]完了?|[弄办改写做修]好了|(?:处理|准备|安排|整理)好了|
    + [订买寄付缴交发打拿领借还约](?:[好到完出过清]了|出去了|了$)|寄出|付清
    通过了|考过了|^好了$|(?:可以|行|没问题|成功|正常|能用|能跑|取消|上线|合并|结束)了|部署(?:好|完)?了|收到了|
    + 回[复覆]了
agrees
    ^(?:好|行|可以|那)[，, ]+
cancels
    ^(?:不用了|算了|不必了|没事了|当我没说)|不(?:用|需要).{0,8}了$
not_settled
    没|未|别|不(?!用|必)|如果|要是|等(?!了)|(?:之后|以后)(?:再|要|会)|再|希望|应该|差不多
past
    了|过$
requests
    ^(?:可以|可不可以|能不能|能|麻烦|请|请你|你|再|先|也|想要?)*(?:帮|给我|告诉我|教我|跟我说|陪我|为我|请你?)|^请
    ^(?:再|先|也)?(?:推荐|列出|写|翻译|翻成|解释|总结|介绍|比较|建议|找|查|算|排|规划|安排|整理|设计|画|说明|示范|改|
    + 生成|做|讲|分析|加上|删掉|换成|继续)
    我们?(?:现在)?(?:想要?(?!我|是|应|象|像|想|到|起)|要(?!是|不)|需要(?!去)|希望你?)|^想要?(?!我|是|应|到|起|必|不)|
    + 有(?:没有)?(?:推荐|建议)|^来(?:一|聊|谈|讨论)
"""
# What stands before a clause and says nothing of it.
_LEAD = re.compile(
    r"(?:(?:hi|hello|hey|ok|okay|alright|all right|great|good|fine|thanks|thank you|cool|nice|perfect|"
    r"sure|yes|yeah|yep|no|oh|ah|well|so|and|but|also|now|actually|btw|by the way|anyway|right|hm+|um+|lastly|finally|"
    r"sorry|question|then|one more thing|first of all|good (?:morning|afternoon|evening))(?: (?:memchat|there|again))?"
    r"(?:[,:!\u2014-]+\s*|\s+(?!with\b|for\b|is\b|are\b)|$))+"
    r"|(?:(?:嗨|你好|您好|好的|好啊|好(?=[，,])|嗯+|那(?!就|我|个|些|里|边|时)|那么|然后|对了|另外|还有(?=[，,])|"
    r"顺便|谢谢|哦|喔|啊|请问(?:一下)?|所以|但是|但|不过|可是|而且|我想问(?:一下)?|想问(?:一下)?)[，,、：: ]*)+"
)
_POLITE = re.compile(
    r"(?:(?:(?:can|could|would|will) you |please |pls |kindly |(?:i'd|i would) (?:like|love) (?:you )?to |"
    r"(?:i|we) (?:really |just )?(?:want|need) (?:you )?to |i need help (?:with |to )?|i'm trying to |"
    r"help me (?:to |with )?|let'?s |do you know |tell me (?=what|who|where|when|how|why|which|about)|"
    r"(?:to-?do|next steps?|open): ?)"
    r"(?:please |also |maybe |just )*)+"
    r"|(?:(?:可以|可不可以|能不能|能|麻烦|请)?你?(?:再|先|也)?(?:帮我|帮忙|告诉我|教我|请|麻烦你?)|"
    r"我们?(?:想要?|需要)(?:请?你)?(?:帮我)?(?=[^一])|"
    r"待办(?:事项|清单)?[:：]? ?)+"
)
_TAG = re.compile(r"[,，]?\s*(?:ok|okay|right|alright|agreed|deal|yes|好吗|好吧|好不好|对吧|(?<![^,，])可以吗)\s*$")
_FEW = re.compile(r"[^\W_]+")


@cache
def _table(*, chinese: bool) -> dict[str, re.Pattern[str]]:
    """Compiled when first needed."""
    return {name: re.compile(pattern) for name, pattern in patterns(_ZH if chinese else _EN).items()}


def act_of(low: str, *, asks: bool) -> Act:
    """What a folded clause does; `asks` when a question mark ends it."""
    table = _table(chinese=bool(HAN.search(low)))
    plain = low[after_lead(low) :].strip()
    if table["open"].search(plain) and not asks:
        return Act.INTENDS
    if asks and (tag := _TAG.search(low)):  # "..., ok?" asks nothing
        asks, plain = False, plain[: max(0, len(plain) - len(tag.group()))]
    if table["cancels"].search(plain):
        return Act.CANCELS
    if asks or is_question(Sentence(plain, 0, asks=False)):
        return Act.ASKS if talk_of(low) is not Talk.HOW else Act.NOTHING
    return _told(table, low, plain)


def _told(table: dict[str, re.Pattern[str]], low: str, plain: str) -> Act:
    """What a clause does that does not ask: the first that fits."""
    found = {
        Act.SETTLES: table["settles"].search(plain) and not table["not_settled"].search(plain),
        Act.REQUESTS: HAN.search(plain) and table["requests"].match(plain) and not table["intends"].match(plain),
        Act.INTENDS: table["intends"].search(plain),
        Act.DECIDES: table["decides"].search(plain) or table["decides"].match(low),
    }
    act = next((act for act, fits in found.items() if fits), None)
    if act is None and table["requests"].search(plain):
        return Act.REQUESTS
    if act is None and plain and table["agrees"].match(low):
        return Act.DECIDES
    talk = talk_of(low) if plain else Talk.NOD
    return act or (Act.TELLS if talk in {Talk.OTHER, Talk.REQUEST} else Act.NOTHING)


def is_past(low: str) -> bool:
    """Whether a folded clause tells that something happened: enough to settle what it names, no more."""
    table = _table(chinese=bool(HAN.search(low)))
    return bool(table["past"].search(low)) and not table["not_settled"].search(low)


def after_lead(low: str) -> int:
    """Where a folded clause begins after its greetings and connectives; 0 when nothing would be left."""
    lead = _LEAD.match(low)
    return lead.end() if lead and _FEW.search(low, lead.end()) else 0


def after_polite(low: str) -> int:
    """Where the thing itself begins in a folded request (`can you please [plan a trip]`); 0 when too little is left."""
    polite = _POLITE.match(low)
    if polite is None:
        return 0
    rest = low[polite.end() :]
    enough = len(HAN.findall(rest)) >= 3 if HAN.search(rest) else len(_FEW.findall(rest)) >= 2
    return polite.end() if enough else 0
