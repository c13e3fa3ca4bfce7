"""What a message asks for: which topics about the user, which search in past words, or something else altogether."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from memchat.memory.language import HAN, folded
from memchat.memory.statements.rules import patterns
from memchat.memory.statements.sentences import Sentence, sentences

EVERYTHING, LAST_TIME, BEFORE, PAST, WHO, ABILITY, OPEN = (
    "everything",
    "last",
    "before",
    "past",
    "who",
    "ability",
    "open",
)
TODAY = "today"
UNFINISHED = "unfinished"
EAT = "eat"
"""Topics that are no profile field; `eat` is what must not be eaten, `allergy` what one is allergic to."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing asked: its topic, the clause that asks it, and whether it is about the user."""

    topic: str
    text: str
    personal: bool


# A topic, then its patterns, one of which must be found; `+` goes on with the line above.
_EN = r"""
who
    \bwho are you\b|\bwhat are you\b|\bare you (?:an? )?(?:ai|human|bot|robot|llm|model|chatgpt|gpt|person|real)\b
    \byour name\b
today
    \bwhat(?:'s| is) (?:the )?(?:time|date|day)(?: (?:is it|now|today))?$|\btoday'?s date\b
    \bwhat (?:time|day|date) is (?:it|today)\b|\bwhat year is (?:it|this)\b
ability
    \bwhat (?:can|do) you do\b|\bhow do you work\b|\bwhat (?:is|'s) (?:this|memchat)\b|\bcan you help(?: me)?$|^help$
everything
    \bwhat (?:do|did) you (?:know|remember|have|learn)(?: (?:about|of|on) me| so far)?$
    \bwhat (?:have|did) i (?:told|tell) you(?: about (?:me|myself))?$
    \b(?:everything|all|anything) (?:that )?you (?:know|remember)(?: about me)?$
    \bwhat you (?:know|remember)(?: about me)?$|\bdo you (?:know|remember) me$|\bwho am i$
    \btell me about (?:me|myself)$|\bwhat have you learned(?: about me)?$
before
    \b(?:did i|i) just (?:say|ask|tell|write)|\bwhat i just\b
unfinished
    \bwhat(?:'s| is| was| else is)(?: there)?(?: still| left)? (?:open|pending|unfinished|unresolved|outstanding|
    + undone|left to do)\b
    \bwhat(?:'s| is) (?:still |left )to (?:do|be done)\b|\bwhat (?:do|did|else do) (?:i|we) (?:still )?(?:have|
    + need) (?:left )?to do\b
    \b(?:anything|something) (?:still |left )?(?:open|pending|unfinished|left to do|to do)\b|\bmy (?:to-?dos?|
    + to-?do list)\b
    \bopen (?:questions|points|tasks|items)\b|\bwhat (?:haven't|have) (?:i|we) (?:not )?(?:done|finished|
    + decided)(?: yet)?$
last
    \blast (?:time|session|conversation|chat)\b|\bwhere (?:were we|did we (?:stop|leave off))
    \bwhat were we (?:doing|talking|working)|\bprevious (?:session|conversation|chat)\b
    \bwhat did (?:i|we) (?:ask|do|talk about|discuss)(?: you)?(?: yesterday| before| last)?$
past
    \b(?:did|have|had) (?:we|i|you) (?:\w+ )?(?:decide|decided|agree|agreed|discuss|discussed|talk|talked|say|said|
    + settle|settled|conclude|mention|mentioned|ask|asked|tell|told|write|plan|planned|choose|chosen)\b
    \bwhat was (?:decided|said|agreed)\b|\bwhen did (?:i|we) (?:talk|say|mention|discuss)
eat
    \b(?:must|can|should|may|do|could)(?:n't| not)? i (?:not |never )?(?:eat|drink|avoid)\b
    \bi (?:must not|mustn't|can't|cannot|can not|shouldn't|should not|don't|may not) (?:eat|drink)\b
    \bnot (?:to )?eat\b|\bdiet(?:ary)?\b|\bfood (?:restrictions?|allerg\w+)\b|\bshould i avoid\b|\bi avoid\b
allergy
    \ballerg(?:y|ic|ies)\b|\bintoleran
display_name
    \bmy (?:full |first |last |real )?name\b|\bam i called\b|\b(?:do|should) you call me\b|\bwho am i\b
origin
    \bwhere (?:am|do|did|was) i (?:\w+ )?(?:from|born|grow up)\b|\bwhere (?:do|did) i (?:come from|grow up)\b
    \bmy home ?town\b
location
    \bwhere (?:do|am|did) i (?:live|living|based|move)\b|\bdo i (?:still )?live\b
    \bmy (?:address|city|location|home|country)\b|\bwhere am i(?: living| based)?\b
    \b(?:which|what) (?:city|country|town|place) (?:do|am|did) i\b
work
    \bwhat do i do\b|\bmy (?:job|occupation|profession|work|trade|employer|company)\b
    \b(?:where|who|what) do i work\b|\bwhat am i working on\b|\bdo i work\b|\bwhat do i (?:study|teach)\b
    \bi do for a living\b|\bwhere i work\b
language
    \b(?:which|what) languages?\b|\bmy (?:native |preferred |first |mother )?(?:language|tongue)s?\b|\bdo i speak\b
    \bi speak\b
timezone
    \btime ?zone\b
plan
    \b(?:which|what) (?:plan|tier|subscription)\b|\bmy (?:plan|subscription|tier)\b
reply_style
    \bmy (?:reply |answer )?style\b|\bhow (?:do|should) (?:i|you) (?:like|want|prefer|answer|reply)\b
dislikes
    \b(?:don't|do not|not|n't) (?:i )?(?:like|enjoy|love)\b|\bdo i (?:not like|hate|dislike|fear)\b|\bdislikes?\b
    \bi (?:hate|dislike)\b|\bafraid of\b
likes
    \bdo i (?:like|love|enjoy|prefer)\b|\bmy (?:likes|hobb(?:y|ies)|interests|preferences|tastes|favou?rites?)\b
    \bi (?:like|love|enjoy|prefer)\b
family
    \bmy (?:family|sisters?|brothers?|siblings?|wife|husband|partner|kids?|child|children|sons?|daughters?|parents?|
    + mother|father|mom|mum|dad|cats?|dogs?|pets?|aunts?|uncles?|cousins?|grand\w+|girlfriend|boyfriend|fianc\w+|
    + niece|nephew|twins?)\b
    \bdo i have (?:any |an? )?(?:kids|children|sibl\w+|pets?|brothers?|sisters?|cats?|dogs?)\b
    \bam i (?:married|single|engaged)\b
goals
    \bmy (?:\w+ )?(?:goals?|aims?|resolutions?|dreams?|ambitions?)\b|\bdo i want to\b
birthday
    \bmy (?:birthday|age)\b|\bwas i born\b|\bhow old am i\b
plans
    \bmy plans\b|\bwhat(?:'s| is) (?:coming up|next|planned)\b|\bupcoming\b
    \bwhat (?:am i|are we) (?:doing|planning)\b|\bwhat do i have (?:on|next|planned|tomorrow|this)
    \bwhen (?:is|are|am|do|does) (?:my|our|i|we)\b
    \bmy (?:\w+ )?(?:exam|interview|flight|trip|appointment|wedding|deadline|calendar|schedule|agenda)\b
"""
_ZH = r"""
who
    ^你是(?:谁|什么)|你叫什么|你是(?:不是)?(?:真?人|机器人|ai|模型)|你的名字
today
    今天(?:是)?(?:几号|几月几日|星期几|礼拜几|周几)|现在(?:是)?几点|几点了|今年(?:是)?哪一?年
ability
    你(?:能|会|可以)(?:做|帮我做?)?(?:什么|哪些)|怎么用你|你有什么功能
everything
    你(?:还)?(?:记得|知道|了解|记了|记住了|学到了?)(?:关于)?(?:我)?的?(?:什么|哪些|多少)
    (?:关于我|对我).{0,4}(?:知道|记得|了解)|我(?:跟|对|和)?你?(?:说|告诉)过(?:你)?(?:什么|哪些)$
    你(?:还)?(?:认识|记得)我
before
    我(?:刚才|刚刚|刚)(?:说|问|讲|写)了?什么
unfinished
    (?:什么|哪些|啥)(?:事|事情|东西|问题)?(?:还)?(?:没有?|未)(?:做|完成|解决|处理|决定|弄|搞定|定)|(?:什么|哪些)待办|
    + 待办(?:事项|清单)?(?:有|是|上)?.{0,3}(?:什么|哪些)
    还有(?:什么|哪些)(?:事|事情)?(?:要做|待办|未完成)|(?:还没|没|未)(?:做|完成|解决|处理|决定)完?的?(?:事|事情)?(?:有|
    + 是)?(?:什么|哪些)
last
    上次|上一次|上回|之前我们在(?:做|聊|谈)什么|我们(?:聊|谈|说|做)到哪|昨天(?:我们)?(?:聊|谈|说|问|做)了?什么
past
    (?:我们|我|你)?.{0,12}(?:决定|说好|讨论|谈|聊|约定|说|提|问|商量)(?:过|了|的是?|好)?.{0,12}(?:什么|哪|吗|怎么)
    (?:什么时候|何时|哪天).{0,4}(?:说|提|聊|谈)过?
eat
    不(?:能|可以|该|应该|可|敢)?(?:吃|喝|碰)(?:什么|哪些|啥|的)?|(?:能|可以)(?:吃|喝)|忌口|饮食|要避开|该避开
allergy
    过敏
display_name
    我(?:叫|的名字|是谁|姓|的姓名|叫做)|怎么称呼我|叫我什么
origin
    我(?:是)?(?:哪里|哪儿|什么地方)(?:的)?人|我(?:来自|的?老家|的?家乡)|我在哪(?:里|儿)?(?:出生|长大)
location
    我(?:现在|目前|人)?(?:住|家在|搬|人?在(?:哪|什么地方))|我住
work
    我(?:的)?(?:现在|目前)?(?:是)?(?:做什么|工作|职业|在哪(?:里|儿)?(?:上班|工作)|上班|是干|干什么|念什么|读什么|
    + 教什么)
language
    我(?:的)?(?:母语|会说|说什么|讲什么|会讲|会什么语)|什么语言|哪些语言|哪种语言
timezone
    时区
plan
    什么方案|哪个方案|我的方案|订阅|会员
reply_style
    (?:怎么|如何)(?:回答|回复)我|回答(?:的)?(?:方式|风格)
dislikes
    我(?:最)?(?:不喜欢|讨厌|怕|不爱|受不了)
likes
    我(?:最|很|比较)?(?:喜欢|爱(?!人)|喜爱)|我的(?:兴趣|爱好|喜好|嗜好)
family
    我(?:的)?(?:家人|家里|妹|姐|哥|弟|妈|爸|父|母|太太|老婆|妻|先生|老公|丈夫|儿|女|小孩|孩子|爷|奶|外|猫|狗|宠物|
    + 室友|表|堂|叔|阿姨|男友|女友)
    我(?:有没有|有几个|有)(?:小孩|孩子|兄弟|姐妹|宠物|猫|狗)|我(?:结婚|单身|已婚)
goals
    我(?:的)?(?:今年|明年)?(?:的)?(?:目标|梦想|愿望)|我想(?:做|学|要)什么
birthday
    生日|我(?:今年)?(?:几岁|多大)|我(?:哪年|什么时候|何时)(?:出)?生
plans
    我(?:的)?(?:计划|行程|安排)|接下来|我(?:什么时候|何时|哪天|几号|几月)|(?:有什么|有哪些)(?:计划|行程|安排|事)
    我(?:明天|后天|下周|下星期|下礼拜|下个月).{0,6}(?:什么|哪)
"""
_ASKS_EN = re.compile(
    r"^(?:(?:and|but|so|ok|okay|hey|hi|hello|well|please|now|then)[,\s]+)*(?:(?:what|where|when|who|whom|whose|why|"
    r"how|which)(?:'s|'re|'d)?\b"
    r"|(?:do|does|did|is|are|am|was|were|can|could|would|will|should|may|must|have|has)(?:n't)? (?:i|you|we|my|it|"
    r"there|the|this|that|he|she|they|our)\b"
    r"|(?:tell|remind|show|give) me\b(?! a joke)|list (?:my|all|every|what)|do you\b|help$)"
)
_ASKS_ZH = re.compile(
    r"什么|谁|哪|怎么|为何|几[个岁点位只号年天月]|是不是|有没有|会不会|能不能|要不要|多少|多久|多大|如何|何时|是否|"
    r"[吗呢]$|还记得|记不记得|^(?:告诉我|列出|提醒我)"
)
_SPLIT = re.compile(
    r"[,;，；、]\s*(?:and |but |or )?(?=(?:what|where|when|who|which|how|why|do|does|am|is|can|must|should)\b)"
    r"|\s+(?:and|or|but)\s+(?=(?:what|where|when|who|which|how|why|do i|am i|is my|can i|must i|should i|my)\b)"
    r"|[，,；;]\s*(?:还有|以及|而且|另外)?|(?:还有|以及|和)(?=我)"
)
_PERSONAL = re.compile(r"\b(?:i|i'm|i've|me|my|mine|we|our|us|ours|myself)\b|我|咱")


@cache
def _topics(chinese: bool) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Compiled when first needed."""
    return tuple((topic, re.compile(pattern)) for topic, pattern in patterns(_ZH if chinese else _EN).items())


def asks(text: str) -> list[Ask]:
    """Everything the text asks, in its order; empty when it asks nothing."""
    found: dict[str, Ask] = {}
    for sentence in sentences(text):
        for ask in _sentence(sentence):
            found.setdefault(ask.text if ask.topic in {OPEN, PAST} else ask.topic, ask)
    return list(found.values())


def is_question(sentence: Sentence) -> bool:
    """By its mark or by its words: not everybody types the mark."""
    low = folded(sentence.text)
    return sentence.asks or bool(_ASKS_EN.match(low) or (HAN.search(low) and _ASKS_ZH.search(low)))


def _sentence(sentence: Sentence) -> Iterator[Ask]:
    if not is_question(sentence):
        return
    low = folded(sentence.text)
    whole: list[Ask] = []
    for start, end in _parts(low):
        mine = bool(whole) and whole[-1].personal
        whole += _clause(sentence.text, low, start, end, mine=mine)
    named = [ask for ask in whole if ask.topic != OPEN]
    # A clause that asks for nothing known is only a question of its own when the others are, too.
    yield from named or [Ask(OPEN, sentence.text, bool(_PERSONAL.search(low)))]
    if named:
        yield from (ask for ask in whole if ask.topic == OPEN and is_question(Sentence(ask.text, 0, asks=False)))


def _parts(low: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _SPLIT.finditer(low):
        yield start, gap.start()
        start = gap.end()
    yield start, len(low)


def _clause(text: str, low: str, start: int, end: int, *, mine: bool) -> Iterator[Ask]:
    clause = low[start:end].strip(" ?!.,？！。，")
    words = text[start:end].strip(" ?!.,？！。，")
    if not clause:
        return
    if mine and HAN.search(clause) and not re.search(r"[我你您他她]", clause):
        clause = f"我{clause}"  # 我叫什么，住在哪里？ The subject stands only once.
    personal = bool(_PERSONAL.search(clause))
    for topic, pattern in _topics(chinese=bool(HAN.search(clause))):
        if pattern.search(clause):
            yield Ask(topic, words, personal)
            return
    yield Ask(OPEN, words, personal)
