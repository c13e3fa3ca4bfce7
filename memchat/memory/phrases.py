"""What a sentence does, told by its form: asks, supposes, cites, orders, denies, names others. English and Chinese.

Rules of thumb on the safe side: what they wrongly take for a question is not learned at once, and nothing else happens.
"""

import re
from functools import cache

from memchat.memory.quoting import fold

SENTENCE = (r"[.!?…]+(?=[\s\"')\]]|$)|[。！？]|\n",)
CLAUSE = (*SENTENCE, "[,;，；]")

_BE = "is|are|am|was|were|do|does|did|can|could|should|would|will|shall|may|have|has"
QUESTION_END = (r"[?？][\"')」』\s]*$|[嗎吗][。.！!\s]*$",)
QUESTION_START = (
    rf"\s*(?:(?:and|but|so|or) )?(?:{_BE})(?:n't)? (?:i|you|he|she|it|we|they|my|your|the|this|that|there)\b",
    rf"\s*(?:(?:and|but|so|or) )?(?:what|where|when|who|whom|whose|why|how|which)(?:'s| (?:\w+ )?(?:{_BE})\b)",
)
QUESTION_HAN = ("是不是|是否|有沒有|有没有|要不要|會不會|会不会|什麼|什么|怎麼|怎么|哪裡|哪里|哪兒|誰|谁|幾點|几点",)
SUPPOSED = (
    r"^\s*(?:(?:and|but|so) )?(?:if|suppose|supposing|imagine|assume|assuming|what if|let's say|say i)\b",
    r"^\s*(?:(?:and|but|so) )?(?:pretend|act as|hypothetically|in case|unless)\b",
    r"\bif i (?:were|was|had|am|live|lived)\b",
    r"\bi (?:wish|might|may|could)\b",
    r"\b(?:maybe|perhaps|hypothetically|role-?play)\b",
    "如果|假如|假設|假设|要是|倘若|萬一|万一|假裝|假装|扮演|想像你|想象你",
)
_PEOPLE = (
    "sister|brother|mother|father|mum|mom|dad|parents?|wife|husband|partner|girlfriend|boyfriend|son|daughter|child"
    "|children|kids?|friends?|boss|colleagues?|coworker|neighbou?r|uncle|aunt|cousin|grandmother|grandfather|grandma"
    "|grandpa|client|patient|teacher|student|roommate|flatmate|manager|customer|ex"
)
OTHER = (
    rf"\b(?:my|his|her|our|their|your)\s+(?:\w+\s+)?(?:{_PEOPLE})\b",
    r"^\s*(?:(?:and|but) )?(?:he|she|they)\b",
    "(?<![是當当跟和與与同陪])(?:姊姊|姐姐|妹妹|姊妹|哥哥|弟弟|媽媽|妈妈|爸爸|父親|父亲|母親|母亲|太太|老婆|老公|丈夫|妻子|兒子|儿子)",
    "(?<![是當当跟和與与同陪])(?:女兒|女儿|孩子|奶奶|爺爺|爷爷|外婆|外公|[^其][他她])|^[他她]",
    "我的?(?:先生|朋友|老闆|老板|同事|客戶|客户|病人|室友|老師|老师|學生|学生)",
)
NEGATED = (
    r"\b(?:not|no|never|none|nothing|cannot|without|neither|nor)\b|n't\b|[不沒没別别未無无非]",
    r"\b(?:do|does|did|ca|wo|is|are|was|have|has)nt\b",
)
BINDS = (
    r"\b(?:ignore|disregard|forget|override|bypass)\s+(?:\w+\s+){0,3}(?:instruction|rule|prompt|guideline|polic)",
    r"\b(?:ignore|reveal|print|leak|repeat)\b.{0,30}\bsystem prompt",
    r"\byou are now\b|\b(?:do not|don't|never)\s+(?:tell|inform|mention|reveal|warn)\b.{0,40}\buser\b",
    r"\b(?:new|hidden|secret) instructions?\b|\b(?:developer|god|dan) mode\b|\bjailbreak|\b(?:must|only) obey\b",
    r"\b(?:ignor[ae]|olvid[ae]|desobedece)\s+(?:\w+\s+){0,3}(?:instrucci[oó]n|reglas?\b|normas?\b|indicaci[oó]n|[oó]rden)",
    r"\b(?:a partir de|desde) ahora eres\b|\b(?:revela|muestra)\b.{0,30}\b(?:prompt|instrucciones del sistema)\b",
    r"\b(?:ignorier\w*|vergiss|vergessen sie|missachte\w*)\s+(?:\w+\s+){0,3}(?:anweisung|regel|vorgabe|befehl)",
    r"\b(?:ab jetzt|von nun an) bist du\b|\b(?:verrate|zeige?)\b.{0,30}\bsystem-?(?:prompt|anweisung)",
    "(?:忽略|無視|无视|忘記|忘记|不要理會|不要理会).{0,8}(?:指示|指令|規則|规则|提示|設定|设定)|你現在是|你现在是",
)
ORDERS = (
    *BINDS,
    r"^\s*(?:please|always|never|do not|don't|you (?:must|should|shall|will|have to)|from now on|make sure|ensure)\b",
    r"^\s*(?:remember|send|reply|respond|answer|call|use|run|execute|visit|open|delete)\b",
    r"\b(?:assistant|ai|model|chatbot|memchat)\b.{0,40}\b(?:must|should|shall|has to|needs to)\b",
    "從現在起|从现在起|從現在開始|从现在开始|你必須|你必须|請務必|请务必|永遠要|永远要|一律",
)
DAY = (
    r"\b\d{1,2}(?:st|nd|rd|th)?\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:today|tomorrow|tonight|weekend)\b",
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\b",
    r"\b(?:next|this|coming) (?:week|month|year|spring|summer|autumn|fall|winter)\b",
    "[月日號号]|今天|明天|後天|后天|下週|下周|這週|这周|星期|禮拜|礼拜|明年|今年|年底",
)
ISO_DAY = (r"\b\d{4}-\d{2}(?:-\d{2})?\b",)
MAIL_HEADER = (r"^(?:from|to|cc|bcc|subject|date|sent|寄件者|收件者|主旨|发件人|收件人|主题)\s*[:：]",)
PAIRS = (("「", "」"), ("『", "』"), ("《", "》"), ("〝", "〞"), ("‹", "›"), ("‚", "‘"))
# Marks that open in one language and close in another: the first of them in a paragraph tells which it is.
EITHER = ((("„", "“"), ("“", "”")), (("«", "»"), ("»", "«")))
AROUND = 2_000  # characters each side of a quote in which its sentence is looked for


@cache
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the patterns, compiled when it is first needed."""
    return re.compile("|".join(patterns), re.IGNORECASE | re.MULTILINE)


def around(text: str, start: int, end: int, border: tuple[str, ...]) -> str:
    """The stretch between two `border`s that holds `start` to `end`, its closing border included."""
    offset = max(0, start - AROUND)
    window = text[offset : end + AROUND]
    first = 0
    for match in _compiled(border).finditer(window):
        if match.end() + offset <= start:
            first = match.end()
        elif match.end() + offset >= end:
            return window[first : match.end()].strip()
    return window[first:].strip()


def is_question(clause: str, sentence: str) -> bool:
    """Whether the clause asks; the first clause of a question may tell (`I live in Taipei, what should I see?`)."""
    plain = clause.replace("’", "'")
    if any(_compiled(p).search(plain) for p in (QUESTION_END, QUESTION_HAN)) or _compiled(QUESTION_START).match(plain):
        return True
    asked = _compiled(QUESTION_END).search(sentence) is not None
    return asked and _compiled(QUESTION_START).match(sentence.replace("’", "'")) is not None


def is_supposed(sentence: str) -> bool:
    """Whether the sentence supposes, wishes or plays a role."""
    return _compiled(SUPPOSED).search(sentence.replace("’", "'")) is not None


def is_cited(text: str, start: int, end: int) -> bool:
    """Whether `start` to `end` stands in somebody else's mouth: `>` lines, fences, quotation marks, mail headers."""
    line_start = text.rfind("\n", 0, start) + 1
    line = text[line_start:end].lstrip()
    if line.startswith((">", "＞")) or _compiled(MAIL_HEADER).match(line):
        return True
    if len(set(_compiled(MAIL_HEADER).findall(text[:start]))) > 1:  # a whole mail, typed or pasted in one piece
        return True
    if text.count("```", 0, start) % 2:
        return True
    paragraph = text[text.rfind("\n\n", 0, start) + 1 : start]
    pairs = (*PAIRS, *(min(either, key=lambda pair: _first(paragraph, pair[0])) for either in EITHER))
    return paragraph.count('"') % 2 == 1 or any(
        paragraph.rfind(a) > paragraph.rfind(b) for a, b in pairs if a in paragraph
    )


def _first(text: str, mark: str) -> int:
    """Where the mark stands first; behind the end where it does not."""
    place = text.find(mark)
    return place if place >= 0 else len(text)


def other_person(clause: str) -> str:
    """The words that name somebody other than the user, or nothing."""
    found = _compiled(OTHER).search(clause)
    return found[0].strip() if found else ""


def names(text: str, person: str) -> bool:
    """Whether `text` too names the person that `other_person` found: `my sister` as `sister`, `我媽媽` as `媽媽`."""
    return fold(person).split()[-1].removeprefix("我").removeprefix("的") in fold(text)


def negated(text: str) -> bool:
    """Whether the text denies something."""
    return _compiled(NEGATED).search(text.replace("’", "'")) is not None


def binds(text: str) -> bool:
    """Whether the text tries to bind the assistant against its user or its rules."""
    return _compiled(BINDS).search(text) is not None


def orders(text: str) -> bool:
    """Whether the text gives the assistant orders, harmless or not."""
    return _compiled(ORDERS).search(text) is not None


def names_day(text: str) -> bool:
    """Whether the text names a day, a week or a month."""
    return _compiled(DAY).search(text) is not None


def without_days(text: str) -> str:
    """The text without days in figures, `2026-12-05`."""
    return _compiled(ISO_DAY).sub(" ", text)
