"""Which of the known facts answer which topic, and the bare value a fact holds."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache

from memchat.llm.notebook.facts import Fact, Said
from memchat.llm.notebook.questions import EAT, Ask
from memchat.memory.language import HAN, folded
from memchat.memory.statements.dates import date_in_chinese, date_in_english
from memchat.memory.statements.rules import patterns

FIELDS = {
    "display_name": ("display_name",),
    "location": ("location",),
    "work": ("occupation", "work_context"),
    "language": ("preferred_language",),
    "timezone": ("timezone",),
    "plan": ("plan",),
    "reply_style": ("reply_style",),
    "goals": ("goals",),
}


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Notes by what they are about: their text, folded, holds one of the patterns.
_NOTES = r"""
allergy
    \ballerg|\bintoleran|过敏|不耐
eat
    \ballerg|\bintoleran|过敏|\b(?:vegetarian|vegan|pescatarian|celiac|coeliac|gluten|lactose|diabet\w+)\b
    \b(?:not|n't|never|cannot|can't) (?:eat|drink|tolerate)|不吃|不能吃|不敢吃|从不吃|不喝|不能喝|不能碰|吃素|吃全素
    素食|奶素|糖尿病|蚕豆症|不耐
likes
    ^(?:really )?(?:likes?|loves?|enjoys?|adores|prefers?|(?:very )?fond of|(?:an? )?(?:big |huge )?fan of|into|
    + keen on|crazy about|passionate about|favou?rite)\b
    ^(?:最)?(?:兴趣|爱好|嗜好|喜欢|喜爱|热爱|爱|偏好|偏爱|享受|迷上|热衷)
dislikes
    ^(?:hates?|dislikes?|detests|loathes|(?:does not|doesn't|never) (?:like|enjoy|love)|can(?:'t|not) (?:stand|
    + bear)|not (?:an? (?:big )?fan|into|fond|keen)|afraid of|scared of|terrified of)
    ^(?:不喜欢|不爱|讨厌|痛恨|受不了|怕|害怕|无法忍受|不太喜欢)
family
    \b(?:sister|brother|wife|husband|partner|spouse|son|daughter|mother|father|mom|mum|dad|parent|kid|child|
    + children|dog|cat|aunt|uncle|cousin|girlfriend|boyfriend|fianc[ée]e?|niece|nephew|twin|grand\w+|baby|sibling|
    + married|single|engaged|divorced|widowed|pet)s?\b
    妹|姐|哥|弟|妈|爸|父|母|太太|老婆|妻|先生|老公|丈夫|儿子|女儿|小孩|孩子|爷|奶奶|外公|外婆|结婚|已婚|单身|离婚|猫
    狗|室友|男友|女友
location
    \b(?:lives?|living) in\b|^不(?:再)?住
origin
    ^(?:originally )?from\b|\bborn (?:and raised )?in (?!(?:19|20)\d\d)|\bgrew up\b|\bhome ?town\b|来自|老家|家乡
    故乡|在.*出生|长大|^[\u3400-\u9fff]{2,5}人$
work
    \bworks?\b|^runs\b|^owns\b|^teaches\b|^stud(?:y|ying|ies)\b|工作|上班|^教|负责|轮班|夜班|^在.*[念读]
language
    ^speaks?\b|^learning\b|^[说讲懂]|^在学|母语
birthday
    \bbirthday\b|^born (?:on|in (?:19|20))|\byears old\b|生日|年.*(?:出生|生)$|岁
plans
    \b20\d\d(?:-\d\d){0,2}\b
goals
    ^(?:goal|wants? to)\b
reply_style
    \bprefers? (?:short|brief|code|answers)|偏好
"""
_ANOTHER = re.compile(
    r"^(?:older |elder |eldest |oldest |younger |youngest |little |big |twin |best )*(?:step|grand|"
    r"half-)?(?:sister|brother|wife|husband|"
    r"partner|spouse|son|daughter|mother|father|mom|mum|dad|parent|kid|child|dog|cat|aunt|uncle|cousin|girlfriend|"
    r"boyfriend|niece|nephew|"
    r"friend|boss|manager|editor|colleague|doctor|flatmate|roommate|landlord|therapist|fianc[ée]e?)(?:s|ren|'s|"
    r"-in-law)?\b"
    r"|^(?:妹|姐|哥|弟|妈|爸|父|母|太太|老婆|妻|先生|老公|丈夫|儿|女|大儿|小儿|大女|小女|小孩|孩子|爷|奶|外|叔|伯|"
    r"舅|阿|姑|表|堂|侄|孙|男|室友|好朋友|朋友|编辑|"
    r"同事|老板|主管|医生|狗|猫|祖)"
)
# Where nobody is in danger at the table.
_NO_FOOD = re.compile(
    r"\b(?:cats?|dogs?|pollen|dust|mites?|penicillin|latex|nickel|bees?|wasps?|mold|mould|grass|fur|hay|animals?|"
    r"horses?|aspirin|ibuprofen)\b"
    r"|猫|狗|花粉|尘|盘尼西林|青霉素|乳胶|镍|蜂|霉|毛|阿司匹林|金属"
)
_OBJECT = tuple(
    re.compile(pattern)
    for pattern in (
        r"allergic to (?P<v>.+)",
        r"\ballergy to (?P<v>.+)",
        r"\bhas an? (?P<v>.+?) (?:allergy|intolerance)",
        r"(?:does not|doesn't|can't|cannot|never|not) (?:eat|drink|tolerate|touch)s? (?P<v>.+)",
        r"对(?P<v>.+?)(?:严重|会|很|有点|轻微|也|都|非常)*过敏",
        r"^(?:有)?(?P<v>.+?)(?:过敏|不耐症|不耐)",
        r"(?:不能吃|不敢吃|从来不吃|从不吃|不吃|不能喝|不喝|不能碰)(?P<v>.+)",
    )
)
_PLAIN = _set(
    "a an the and or of to in on at for with by from about is are am was were be been do does did have has had can "
    "could should would must may will i me my mine we our us you your it its he she they them this that these those "
    "what where when who which how why not no any some there tell remind show know remember please still yet ever "
    "again really much many so like love enjoy hate dislike prefer eat drink avoid allergic allergy allergies "
    "family kind things thing something anything favourite favorite say said talk talked discuss discussed decide "
    "decided agree agreed last month week year time today yesterday earlier before ago conversation session chat "
    "get got think want need let's if doing going next coming upcoming up planned don't didn't doesn't isn't "
    "married single live work called name named foods food "
)
_ZH_PLAIN = re.compile(
    r"什么|哪里|哪儿|哪些|哪个|哪|谁|怎么|为什么|为何|几个|多少|是不是|有没有|会不会|能不能|可不可以|吗|呢|我们|"
    r"我的|我|你|您|的|了|是|在|有|和|跟|吃|喝|过敏|"
    r"喜欢|讨厌|不能|可以|不|上个月|上周|上次|昨天|之前|以前|关于|决定|讨论|说过|说|聊|谈|还记得|记得|知道|告诉|请|"
    r"对|会|最|很|叫|住"
)


@cache
def _notes() -> dict[str, re.Pattern[str]]:
    """Compiled when first needed."""
    return {topic: re.compile(pattern) for topic, pattern in patterns(_NOTES).items()}


def facts_for(ask: Ask, facts: Sequence[Fact]) -> list[Fact]:
    """The facts that answer a topic: its profile fields, then notes of its kind; those of named things only, if "
    "named."""
    fields = FIELDS.get(ask.topic, ())
    pattern = _notes().get(ask.topic)
    found = [fact for fact in facts if fact.field in fields]
    if pattern:
        notes = [(folded(fact.text), fact) for fact in facts if not fact.field]
        others = ask.topic in {"family", "plans"}
        found += [fact for text, fact in notes if pattern.search(text) and (others or not about_another(text))]
    found.sort(key=lambda fact: (not fact.field, age(fact)))
    if ask.topic == "location" and found and found[0].field:
        # "No longer lives in Berlin" matters only while the profile still says Berlin.
        place = folded(found[0].text)
        found = [fact for fact in found if fact.field or place in folded(fact.text)]
    if ask.topic == EAT:
        eaten = [fact for fact in found if not _NO_FOOD.search(folded(fact.text))]
        found = eaten or found
    return found


def about_another(note: str) -> bool:
    """Whether a folded note is about somebody near: `sister Mei lives in Porto` says nothing of where the user "
    "lives."""
    return bool(_ANOTHER.match(note))


def age(fact: Fact) -> int:
    """For sorting: the number of the memory, older ones first."""
    digits = fact.ref[1:]
    return int(digits) if digits.isdecimal() else 0


def narrowed(ask: Ask, found: Sequence[Fact], today: date) -> tuple[list[Fact], bool]:
    """Those of `found` that hold what the question names, and whether it names anything: `Am I allergic to shrimp?`"""
    when = date_in_english(ask.text, today) or date_in_chinese(ask.text, today)
    if when and ask.topic == "plans":
        return [fact for fact in found if _falls(fact.text, when.said)], True
    wanted = words(ask.text)
    if not wanted or ask.topic not in {EAT, "allergy", "likes", "dislikes", "family", "plans"}:
        return list(found), False
    held = [fact for fact in found if wanted & words(f"{fact.text} {fact.quote}")]
    return held, True


def _falls(note: str, said: str) -> bool:
    """Whether a dated note falls on the day, or into the week, month or year, that `said` names."""
    named = re.search(r"20\d\d[\d-]*", said)
    if named is None:
        return False
    if "week" not in said and "周" not in said:
        return named[0] in note
    # As text: a note written by hand may hold a day that there is not.
    after = str(date.fromisoformat(named[0]) + timedelta(7))
    return any(named[0] <= day < after for day in re.findall(r"20\d\d-\d\d-\d\d", note))


def matching(text: str, facts: Iterable[Fact], least: float) -> list[Fact]:
    """Facts that hold at least the share `least` of the words that carry the question, best first."""
    wanted = words(text)
    scored = [(share(wanted, f"{fact.field.replace('_', ' ')} {fact.text} {fact.quote}"), fact) for fact in facts]
    best = max((score for score, _ in scored), default=0.0)
    return [fact for score, fact in scored if score >= least and score == best] if wanted else []


def matching_words(text: str, said: Iterable[Said], least: float) -> list[Said]:
    """Past words that hold enough of the question and are not the question itself asked before."""
    wanted, same = words(text), folded(text).strip(" ?？!.。")
    kept = [one for one in said if folded(one.text).strip(" ?？!.。") != same]
    return [one for one in kept if share(wanted, one.text) >= least] if wanted else []


def share(wanted: frozenset[str], text: str) -> float:
    """How much of `wanted` stands in `text`, 0 to 1."""
    return len(wanted & words(text)) / len(wanted) if wanted else 0.0


def words(text: str) -> frozenset[str]:
    """The words that carry a text, roughly stemmed; of Chinese the pairs of neighbouring characters, or lone ones."""
    low = folded(text[:2_000])
    latin = (word.removesuffix("'s") for word in re.findall(r"[^\W_]+(?:'[a-z]+)?", HAN.sub(" ", low)))
    found = {_stem(word) for word in latin if word not in _PLAIN}
    for run in re.findall(r"[\u3400-\u9fff]+", _ZH_PLAIN.sub(" ", low)):
        found |= {run[i : i + 2] for i in range(len(run) - 1)} or {run}
    return frozenset(found - {""})


def value(fact: Fact, topic: str) -> str:
    """What to say of a fact: for food and allergies the thing itself, else its text."""
    if topic in {EAT, "allergy"}:
        low = folded(fact.text)
        for pattern in _OBJECT:
            found = pattern.search(low)
            if found:
                return fact.text[found.start("v") : found.end("v")].strip(" .。")
    return fact.text


def _stem(word: str) -> str:
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    for ending in ("ing", "es", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending).removesuffix("e")
    return word.removesuffix("e") if len(word) > 3 else word
