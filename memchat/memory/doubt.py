"""What the user said since that may have ended a memory, in words that no rule reads: then it waits to be asked about.

A change that is missed leaves the old value standing, and a memory that is wrong is worse than one that asks. Nothing
ends here: what is doubted waits in the inbox and is not shown to the model until the user says whether it holds.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from unicodedata import combining

from memchat.domain import Memory, Origin, Turn
from memchat.memory import phrases, speech
from memchat.memory.fields import NAME
from memchat.memory.language import folded
from memchat.memory.likeness import denied, diet
from memchat.memory.outcomes import DOUBTED
from memchat.memory.quoting import fold
from memchat.memory.statements.play import playing
from memchat.memory.statements.sentences import own_words, sentences
from memchat.memory.words import words

SHARED = 1 / 3
"""Of a note's telling words that a sentence of change must repeat: the lowest share that doubted nothing true in the
nine diaries that were tuned on (2026-11)."""
HAN_FROM = "\u2e80"  # pieces of scripts without blanks begin here

# Words by which people say that a thing is over or has become another: wider than `change.py`, for here nothing is
# decided. Folded, simplified, without accents, as all patterns here.
_OVER = (
    r"\b(?:no longer|no more|any ?more|any longer|used to|instead|from now on|these days|nowadays|given? up|gave up)\b"
    r"|\b(?:giving up|gave (?:it|them|him|her|that|the|my) \w+|switch(?:ed|ing)|changed?|swap(?:ped|ping)?)\b"
    r"|\b(?:quit(?:ting)?|stopp(?:ed|ing)|became|turned into|replac\w+|sold|selling|lost|dropp(?:ed|ing)|ended)\b"
    r"|\b(?:cancel\w*|(?:is|are|was|'s|i'm|im|i am) (?:over|off)|(?:done|finished) with|got rid|traded|broke up)\b"
    r"|\b(?:split up|graduated|divorc\w+|died|passed away|closed|shut down|stolen|donated|broke down|returned)\b"
    r"|\b(?:expired|ditch(?:ed|ing)|upgraded|downgraded|back (?:to|on|in)|again)\b"
    r"|\b(?:my|the|a|our) (?:former|ex|last|next)\b"
    r"|\b(?:ya no|deje|dejado|abandon\w+|vendi|vendido|cambi[eo]\w*|renunci\w+|termin[eo]\w*|se acabo|murio|perdi)\b"
    r"|\b(?:cancele|volvi|en vez|nicht mehr|kein\w* .{0,20}mehr|aufgehort|aufgegeben|verkauft|gekundigt)\b"
    r"|\b(?:gewechselt|verloren|gestorben|getrennt|stattdessen|umgestiegen)\b"
    r"|不再|再也不|不.{0,8}了|没.{0,4}了|[改换转戒停离退卖丢送断]|取消|结束|到头|分手|到期|过世|去世|走了|死了"
    r"|又开始|重新|变成|告别"
)
# Of a note's own thing these may say as much; of a place or a trade they are said every day.
_PERHAPS = (
    r"\b(?:now|not|never|neither|\w+n't|cannot|new|ahora|nuev[oa]|nicht|kein\w*|jetzt|neue[nrs]?)\b"
    "|[不没别新]|现在|如今|目前"
)
# What people say when a value of the profile changes, whatever the value's own words.
_TURNS = {
    "occupation": (
        r"\b(?:fired|laid off|resign\w*|retir(?:ed|ing)|promoted|hired|(?:gave|handed in|put in) (?:my )?notice)\b"
        r"|\b(?:quit (?:my|the) job|last day at|lost my job|left (?:my|the) (?:job|company|firm|team))\b"
        r"|\b(?:new|first day at|changed|switched|start\w*) (?:\w+ )?(?:jobs?|role|position|careers?|company|firm)\b"
        r"|\b(?:renunci\w+|jubil\w+|despid\w+|nuevo (?:trabajo|empleo|puesto)|ascend\w+)\b"
        r"|\b(?:gekundigt|in rente|befordert|neue[nr]? (?:job|stelle))\b"
        r"|辞[职掉去了]|退休了|升[职任为成]|跳槽|转行|离职|失业|被裁|新(?:工作|公司|职)|换了?工作"
    ),
    "location": (
        r"(?<!since we )(?<!since i )\b(?:moved|relocat\w*|moving (?:to|in|out|back|house|home|day|boxes))\b"
        r"|\b(?:new (?:flat|apartment|house|town|city)|unpack\w*|mudanza|(?:me|nos) mud\w+|umgezogen|umzug)\b"
        r"|neue wohnung|搬[到去回来家进走屋了](?!以后|之后|后)|移居|定居|回国了|新家"
    ),
    "plan": (
        r"\b(?:(?:up|down)graded|cancel\w+|switched|moved|bumped|renewed|changed|trial)\b.{0,60}"
        r"\b(?:plans?|tier|subscription|account|licen[cs]e)\b"
        r"|\b(?:plan|tier|subscription|trial)\b.{0,30}\b(?:ended|expired|over|cancel\w+|changed|up)\b"
        r"|\b(?:cambi\w+|pas\w+|cancel\w+|suscrip\w+)\b.{0,40}\b(?:plan|suscripcion)\b"
        r"|\b(?:abo|tarif)\b.{0,40}\b(?:gekundigt|gewechselt)\b"
        r"|(?:升级|降级|取消|退订|转用|换[成了]|改[成用]|到期).{0,12}(?:版|方案|订阅|套餐|会员|plus|pro|team)"
        r"|(?:版|方案|订阅|套餐|会员).{0,8}(?:到期|取消|停了|退了)"
    ),
    "reply_style": (
        r"\b(?:answers?|replies|responses|respuestas|antworten)\b.{0,40}"
        r"\b(?:longer|shorter|more|less|any ?more|mas|menos|langer|kurzer|again|now)\b"
        r"|(?:回答|回复|回覆).{0,20}(?:改|不用再|可以|长|短|详细)"
    ),
    "timezone": r"\b(?:jet ?lag\w*|(?:new|changed) time ?zones?)\b|换了?时区",
}
_PLANNED = re.compile(
    r"\b(?:want(?:ed)? to|going to|gonna|plan(?:ning)? to|thinking (?:of|about)|might|should|would|will|hope to)\b"
    r"|\b(?:quiero|voy a|vamos a|pienso|mochte|werde)\b|打算|计划|想[要把换改搬]|今年想|再说|准备[要把]"
)
"""What is only planned has not ended yet."""
_CLAUSES = re.compile("[,;，；]")
_OF_PEOPLE = re.compile(
    r"\b(?:divorc\w+|died|passed away|broke up|split up|ex|former|murio|gestorben|getrennt)\b"
    "|离婚|分手|过世|去世|走了|死了"
)
# Words that many sentences share without being about the same.
_COMMON_TEXT = """
work works worked job new old day days week weeks month months year years time morning evening night weekend every
monday tuesday wednesday thursday friday saturday sunday home house get got go going make one two three first last
good long since today start started use using like love want need take name live lives living prefer prefers now still
really always often usually little lot thing things people way back hour hours minutes learning learn keep keeps
everything anything something face feel feels team project right left tell read eat eats drink drinks
todos todas cada dia dias semana hora anos nuevo nueva casa muy mas pero con por para los las del una uno que lunes
martes miercoles jueves viernes sabado domingo jeden tag woche und mit der die das ein eine ist nicht
"""
_COMMON_HAN = """
每周 每天 每个 晚上 早上 下午 星期 周末 今年 去年 明年 现在 一个 一下 自己 可以 喜欢 工作 开始 时候 我们 上班 公司
"""
_COMMON = words(_COMMON_TEXT) | frozenset(_COMMON_HAN.split())
# Of these people say that they changed something far more often than that they are no longer there.
_PEOPLE_TEXT = """
wife husband partner son daughter brother sister mother father mum mom dad friend boss girlfriend boyfriend kids child
children hija hijo hermana hermano madre padre esposa marido novia novio frau mann sohn tochter
"""
_PEOPLE_HAN = "老婆 老公 太太 先生 女儿 儿子 妈妈 爸爸 哥哥 姐姐 弟弟 妹妹 朋友 女友 男友"
_PEOPLE = words(_PEOPLE_TEXT) | frozenset(_PEOPLE_HAN.split())


def doubted(
    turns: Iterable[Turn], active: Callable[[], Sequence[Memory]], before: Sequence[Turn] = ()
) -> list[tuple[Memory, str]]:
    """The memories that something said in `turns` may have ended, each with the reason to ask.

    `active` reads those that hold, once, and only where a turn tells of an end: most do not. Only what was said after
    the last words a memory rests on counts. What was written by hand or pinned is left alone.
    """
    telling = [(turn, changes) for turn in turns if (changes := [*_changes(turn, before)])]
    memories = [one for one in active() if not one.pinned and not _by_hand(one)] if telling else []
    found: dict[int, tuple[Memory, str]] = {}
    for turn, changes in telling:
        for one in memories:
            if one.id not in found and _since(turn, one) and any(_about(sentence, one) for sentence in changes):
                found[one.id] = (one, f"{DOUBTED} in {turn.ref}")
    return list(found.values())


def _by_hand(memory: Memory) -> bool:
    return any(source.origin is Origin.HAND for source in memory.sources)


def _since(turn: Turn, memory: Memory) -> bool:
    """Whether the turn was said after all that the memory rests on."""
    return all(one.at < turn.user.created_at and one.message_id != turn.user.id for one in memory.sources)


def _changes(turn: Turn, before: Sequence[Turn]) -> Iterator[str]:
    """The user's own sentences, in earnest and about themselves, that tell of an end or a change; folded."""
    text = own_words(turn.user)
    if not _tells(_plain(text)) or speech.asks_not_to_keep(text):
        return
    if playing([*(own_words(one.user) for one in before if one.number < turn.number), text]):
        return
    for one in sentences(text):
        plain = " , ".join(clause for clause in _CLAUSES.split(_plain(one.text)) if not _PLANNED.search(clause))
        if not _tells(plain) or one.asks or speech.is_joke(one.text) or speech.is_rumour(one.text):
            continue
        if not (phrases.is_question(one.text, one.text) or phrases.is_supposed(one.text) or _of_others(one.text)):
            yield plain


def _tells(plain: str) -> bool:
    """Whether the words may tell of an end or a change of anything."""
    return diet(plain) is not None or any(_compiled(one).search(plain) for one in (_OVER, _PERHAPS, *_TURNS.values()))


def _of_others(sentence: str) -> bool:
    """Whether somebody else does it, before any "I" and to nobody's "me": `my sister sold her car`."""
    other = phrases.other_person(sentence)
    if not other:
        return False
    start = sentence.find(other)
    told = f"{sentence[:start]} {sentence[start + len(other) :]}"
    return not speech.speaks_of_self(told)


def _about(sentence: str, memory: Memory) -> bool:
    """Whether a sentence of change may be about what the memory holds."""
    if memory.field == NAME:  # its own rules know how people rename themselves
        return False
    turned = _TURNS.get(memory.field)
    if turned is not None and _compiled(turned).search(sentence):
        return True
    if not memory.field and diet(memory.text) is not None and diet(sentence) not in (None, diet(memory.text)):
        return True
    signs = _OVER if memory.field else f"{_OVER}|{_PERHAPS}"
    if not _compiled(signs).search(sentence) or denied(memory.text):
        return False
    telling = words(_plain(memory.text)) - _COMMON
    shared = telling & words(sentence)
    named = {
        word for word in shared if (len(word) > 2 and not word.isdecimal()) or (len(word) > 1 and word[0] >= HAN_FROM)
    }
    if not named - _PEOPLE and not (named and _OF_PEOPLE.search(sentence)):
        return False
    return len(shared) >= SHARED * len(telling)


def _plain(text: str) -> str:
    """Folded, simplified, without accents."""
    return "".join(letter for letter in folded(fold(text)) if not combining(letter))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
