"""What a conversation is about: the words that carry its clauses, and the few that name its topics."""

import re
from collections import Counter
from collections.abc import Sequence

from memchat.llm.notebook.topics import words
from memchat.memory.language import HAN, folded

MOST = 5
TOPIC = 40
"""Characters of one topic."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_PAST = {
    "bought": "buy",
    "sent": "send",
    "paid": "pay",
    "told": "tell",
    "wrote": "write",
    "written": "write",
    "made": "mak",
    "found": "find",
    "met": "meet",
    "spoke": "speak",
    "sold": "sell",
    "built": "build",
    "ran": "run",
    "brought": "bring",
    "chose": "choos",
    "chosen": "choos",
    "took": "tak",
    "taken": "tak",
    "gave": "giv",
    "given": "giv",
    "done": "do",
    "did": "do",
    "went": "go",
    "ate": "eat",
    "rang": "ring",
    "left": "leav",
    "handed": "hand",
    "signed": "sign",
    "booked": "book",
    "picked": "pick",
}  # fmt: skip - pairs read best side by side
_DOUBLED = re.compile(r"([bdgmnprt])\1$")  # submitted, planned: the stem of the present tense
# Words that carry no topic: what people do with things, and how they speak of it.
_EMPTY = _set(
    "a an the and or but so of to in on at for from with by as is am are was were be been has had do did i me my "
    "mine we us he she it how who whom whose this that if up out off down no yes ok hey not our his her into onto "
    "per via than about add again all already also always amount another any anything app around ask bad because "
    "before best better big bit both bring bug buy call came can cannot case change check choose code come "
    "compare could create day days decide decision describe different does doing don don't done draft each easy "
    "else enough even every everything example explain fact few figure find fine first fix fixed follow forget "
    "gave general get give good great guess happen hard have hear help here hello hi hour hours idea ideas "
    "important instead it's i'm i've i'll i'd just keep kind know last later lead learn least leave less let like "
    "line list little long look lot made make many maybe mean meet mention might mind minute minutes month more "
    "morning most much must myself name need never new next nice nobody note nothing now number often okay old "
    "once one only open option options order other others ours over own part pay people pick plan please point "
    "prefer problem put question quick quite rather read ready really recommend remember remind remove reply "
    "right said same save say second see seem send several short should show simple since small some someone "
    "something soon sort start stay step steps still stop such suggest suggestion sure take talk tell ten thank "
    "thanks that's then there they thing things think those though three till time times tip tips today todo "
    "together told tomorrow tonight too topic translate tried true try turn two under understand until update use "
    "used using usual very wait walk want way week weekend weeks well went what what's when where whether which "
    "while whole why will wish without won't work works worked working would write wrong year years yesterday yet "
    "you your monday tuesday wednesday thursday friday saturday sunday january february march april may june july "
    "august september october november december five four six seven eight nine hundred its their them hotel's "
    "version "
)
_TOKEN = re.compile(r"[^\W_][\w+#.'-]*[\w+#]|[^\W_]")
_ZH_EMPTY = re.compile(
    r"什么|怎么样?|怎样|哪[里儿些个]?|为什么|为何|多少|几[个点天次]?|如何|是不是|有没有|会不会|能不能|可不可以|可以|应该|需要|必须|"
    r"我们?|你们?|您|他们?|她们?|它|自己|大家|这[个些样里边]?|那[个些样里边]?|就|的话?|了|吗|呢|吧|啊|是|在|有|和|跟|与|或者?|"
    r"还[没是有要得]?|没有?|也|(?<![京首成])都|很|太|最|更|再|先|才|只|又|把|被|给|对|向|从|到|为|因为|所以|但是?|不过|可是|如果|要是|然后|而且|"
    r"想要?|要|会(?!议)|能(?!力|源)|得|不[用要是会能]?|别|请|帮忙?|麻烦|告诉|提醒|记得|知道|觉得|决定|选择?|推荐|建议|介绍|解释|说明|翻译|总结|列出?|"
    r"写|做|改|找|查|算|看|买|订|寄|打|去|来|上(?!海|班|课)|下(?!班|课)|里|用|问|说|讲|聊|谈|吃|喝|住|叫|让|排|安排|规划|准备|处理|解决|完成?|搞定|好|"
    r"今天|明天|后天|昨天|今晚|明晚|现在|以后|之后|之前|时候|下?周[一二三四五六日末]?|下?星期[一二三四五六日]?|下?礼拜[一二三四五六日]?|"
    r"[下上这]个?月|今年|明年|早上|下午|晚上|[一二两三四五六七八九十\d]+[个天点次种份张位人本条年月日号岁]?|一下|一点|一些|几|些|比较?|"
    r"喜欢|希望|打算|计划|谢谢?|你好|待办|下一步|接下来|多|少|大(?!学)|小(?!说|孩|学)|新(?!竹|闻|北)|怕|关于|适合|成|首|部(?!署)|段|牠|搬|喜欢|过敏|或|以|等|其他|什|么|哪|谁|过|着|地|之|及"
)


def carried(low: str) -> frozenset[str]:
    """The words that carry a folded clause: stems of the present tense; of Chinese pairs and single characters."""
    found = {_PAST.get(word) or _DOUBLED.sub(r"\1", word) for word in words(low)}
    if "called" in low:
        found.add("call")  # "called" alone may mean "named", and is left out of questions
    if HAN.search(low):
        found |= {letter for letter in _ZH_EMPTY.sub("", low) if HAN.match(letter)}
    return frozenset(found)


def overlap(wanted: frozenset[str], other: frozenset[str]) -> float:
    """How much of `wanted` stands in `other`, 0 to 1; of Chinese the characters count, if two stand together."""
    both = wanted & other
    han = {one for one in wanted if HAN.match(one)}
    if han and len(han) == len(wanted):
        singles = {one for one in wanted if len(one) == 1}
        if not singles:
            return len(both) / len(wanted)
        return len(both & singles) / len(singles) if any(len(one) > 1 for one in both) or len(singles) == 1 else 0.0
    plain = wanted - han
    return len(both & plain) / len(plain) if plain else 0.0


def topics_of(texts: Sequence[str], weights: Sequence[int]) -> list[str]:
    """Up to MOST words or phrases that the texts are about, as they were typed, best first.

    `weights` are the texts'; what several of them name goes before what one names, names before words.
    """
    scores: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for text, weight in zip(texts, weights, strict=True):
        for key, (name, score) in _named(text).items():
            scores[key] += weight * score
            shown.setdefault(key, name)
    chosen: list[str] = []
    for key, _ in sorted(scores.items(), key=lambda one: -one[1]):
        if not any(_same(key, other) for other in chosen):
            chosen.append(key)
        if len(chosen) == MOST:
            break
    return [shown[key][:TOPIC] for key in chosen]


def _same(one: str, other: str) -> bool:
    if HAN.search(one):
        return one in other or other in one
    mine, theirs = set(one.split()), set(other.split())
    return mine <= theirs or theirs <= mine


def _named(text: str) -> dict[str, tuple[str, int]]:
    """Candidates in one text: folded -> as typed and how telling; each counts once a text."""
    found: dict[str, tuple[str, int]] = {}
    _english(text, found)
    _chinese(text, found)
    return found


def _english(text: str, found: dict[str, tuple[str, int]]) -> None:
    before: tuple[str, int, int] | None = None
    for number, token in enumerate(_TOKEN.finditer(text)):
        word, low = token.group(), folded(token.group()).removesuffix("'s")
        word = word[: len(low)]
        if (
            HAN.search(word)
            or {low, _singular(low)} & _EMPTY
            or len(low) < 3
            or low.isdecimal()
            or low.endswith(("n't", "'ll", "'re", "'ve"))
        ):
            before = None
            continue
        proper = word[0].isupper() and number > 0
        score = 3 if proper or not word.isalpha() else 1 if low.endswith(("ly", "ing", "ed")) else 2
        key = _singular(low)
        found[key] = max(found.get(key, (word, 0)), (word, score), key=lambda one: one[1])
        if before and text[before[1] : token.start()] == " ":
            pair = f"{before[0]} {word}"
            found.setdefault(f"{_singular(folded(before[0]))} {key}", (pair, score + before[2]))
        before = word, token.end(), score if score > 1 else 0


def _singular(low: str) -> str:
    return low[:-1] if low.endswith("s") and not low.endswith(("ss", "us", "is")) and len(low) > 3 else low


def _chinese(text: str, found: dict[str, tuple[str, int]]) -> None:
    low = folded(text)
    bare = _ZH_EMPTY.sub(lambda empty: " " * len(empty.group()), low)
    for run in re.finditer(r"[\u3400-\u9fff]{2,}", bare):
        start, end = run.span()
        if end - start <= 4:
            found.setdefault(run.group(), (text[start:end], 3))
        else:
            # No dictionary tells where its words end: the ends of the run are likeliest to be whole.
            for first, last in ((start, start + 2), (end - 2, end)):
                found.setdefault(low[first:last], (text[first:last], 2))
