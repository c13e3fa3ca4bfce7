"""What a message asks of the past, without a model: its telling words, its times, and whose words it is after."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from memchat.domain import Role
from memchat.memory.function_words import CUTS, SERVING, SMALL_TALK, SMALL_TALK_HAN, german, stop_words
from memchat.memory.plain import plain
from memchat.memory.referring import AGAIN, BACK, general, names_in
from memchat.memory.stems import stem
from memchat.memory.timewords import Period, periods

# A question that is a pasted page is read by its beginning; more words only make all of them count less.
_READ = 4_000
_MOST_TERMS = 32
# Under so many telling words, or so many characters of Han, the message before helps (design/memory.md, section 5).
_FEW_WORDS = 4
_FEW_HAN = 8
# Of a day people tell in the next three, of a longer time at most for two weeks: our chats' own questions, by eye.
_NEXT_DAYS = timedelta(days=3)
_NEXT_WEEKS = timedelta(days=14)
HELP = 0.5
"""What a word of the message before counts against one of the message itself: it is a guess."""

SPACELESS = "\u0e01-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3041-\u30ff\u3105-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af"  # noqa: E501 - one class
_RUN = re.compile(f"[{SPACELESS}]+")
# Python takes the vowel signs of Hebrew, Arabic and the Indic scripts for no letters.
_LETTER = (
    f"(?:(?![{SPACELESS}])(?:[^\\W_]|[\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0966-\u0dff]))"
)
_WORD = re.compile(f"{_LETTER}+(?:'[a-z]{{1,2}}\\b)?")
_WRITTEN = re.compile(f"[{SPACELESS}]+|{_LETTER}+(?:['’][^\\W_]+)*")
Names = tuple[frozenset[str], frozenset[str]]
_NOBODY: Names = (frozenset(), frozenset())

_WHEN = re.compile(
    r"\b(when|what (date|day|month|year|time)|which (date|day|month|year)|how long|how many (days|weeks|months|years)"
    r"|cu[aá]ndo|wann|wie lange)\b|什么时候|什麼時候|何时|何時|几月|幾月|几号|幾號|哪天|哪一天|多久|哪年|哪一年"
)
_MANY = re.compile(
    r"\b(how (many|much|often|old|far|tall|big)|cu[aá]nt[oa]s?|wie (viel|oft|alt))\w*\b|多少|几个|幾個|多大|几次|幾次"
)
_WHERE = re.compile(
    r"\b(where|which (city|country|state|place|town)|d[oó]nde|wo|wohin)\b|哪里|哪裡|哪儿|哪兒|何处|何處"
)
_FIRST = re.compile(r"\b(i|i'm|i've|my|me|mine|myself|yo|mis?|ich|mein\w*|mir|mich)\b|我")
_SECOND = re.compile(r"\b(you|your|yours|yourself|te|tus?|dijiste|du|dein\w*|dir|dich|sie|ihnen|ihr)\b|你|您|妳")
# "Do you remember what I said": who is spoken to is not who is meant.
_ADDRESS = re.compile(
    r"\b(do|can|could|will|would) you (please |still |also )?(remember|recall|know|tell|remind|say|find|help|look up)\b"
    r"|\b(remind|tell|give|show) me\b|\byou know\b|你(还|還)?(记得|記得|知道|能|可以)"
)
_OURS = re.compile(r"\b(we|us|our|ours|wir|uns|unser\w*|nosotros|nuestr\w+)\b|我们|咱")
# Somebody is told to do something, or asked how a thing is done or what it is like to be a machine.
_TASK = re.compile(
    r"^\W*(?:(?:please|now|can you|could you|would you|bitte|por favor)\s+)?(?:write|rewrite|translate|explain|solve"
    r"|compute|calculate|convert|give|make|put|fix|prove|factor|summari[sz]e|say|pick|choose|name|draw|draft|create"
    r"|generate|define|check|compare|describe|help|shorten|expand|drop|cut|try|show|turn|spell|count|sort|imagine"
    r"|suggest|recommend|how (?:do|can|should|would) (?:i|you|one|we)|how to|what can (?:i|you)|(?:are|do|can) you"
    r"|how (?:are|old are) you|schreib\w*|ubersetz\w*|erklar\w*|mach|gib|fass|nenn\w*|rechne|wie macht man|bist du"
    r"|kannst du|escrib\w+|traduc\w+|explic\w+|haz\w*|dame|pon\w*|cuentame|resum\w+|como se|eres|puedes)\b"
    r"|^\W*(?:请|帮我|帮忙|给我)?(?:写|翻译|翻成|把|用|算|解释|讲|改|列|换|总结|你是|你会|你能)"
)
# A sentence with any of these asks for something.
_ASKS = re.compile(
    r"[?？¿]|(?:^|[,:]\s+|\b(?:and|so|but|und|y)\s+)(?:(?:what|when|where|who|whom|whose|which|why|how|que|cuando|donde"
    r"|quien\w*|como|cual\w*|cuant\w+|por que|was|wann|wo|wer|wen|wem|wie|warum|welche\w*)\b|(?:did|do|does|is|are|was"
    r"|were|can|could|should|would|will|have|has|hat|hast|habe|kann\w*|soll\w*) (?:i|you|we|he|she|it|they|there|my|our"
    r"|the|this|that|ich|du|er|sie|wir|es|mein\w*|unser\w*)\b)"
    r"|\b(?:remember|remind|recall|last time|recuerd\w+|ultima vez|erinner\w*|letztes mal|tell me|show me|find|look up"
    r")\b|吗|呢|什么|哪|谁|几|多少|怎|为何|是否|有没有|是不是|记得|上次|告诉我"
)
# Not behind `Dr.` and `C.`.
_SENTENCE_ENDS = re.compile(r"(?<=[!?。！？\n])|(?<=\w\w\.)(?<!\b[dms][rst]\.)(?=\s)")
_HEADING = 4  # words of a message that names what is looked for: "rate limit table"; of Han twice as many characters
# What is asked for has been; what is so by nature is asked for in the present.
_PAST = re.compile(
    r"\b(?:did|was|were|had|said|told|happened|went|hat|hatte[nst]*|habe[nt]?|war|waren|warst|wurde[n]?|ging\w*|fue|fueron"
    r"|era|eran|estaba\w*|habia\w*|dij\w+|\w{2,}(?:aste|iste))\b|了|过|上次|之前|那时|当时"
)


@dataclass(frozen=True, slots=True)
class Term:
    """A telling word. `word` is what the index is asked for, `stem` what texts are compared by; `weight` is 0 to 1.

    `capital` says that it is written like a name.
    """

    word: str
    stem: str
    weight: float = 1.0
    capital: bool = False

    @property
    def own(self) -> bool:
        """Whether the message itself says it; else the one before."""
        return self.weight == 1


@dataclass(frozen=True, slots=True)
class Query:
    """A message as recall understands it.

    `content` is the telling words in order, as they were written: what a vector is made of. `asked` is whose words hold
    the answer, as far as the message tells: the person named in it, or addressed. `named` says that it was a name,
    `ours` that it speaks of both, `task` that somebody is told to do something, `past` that it has been. `names` are
    those in it, each the stems of its words; none in German, whose nouns look the same. `leans` says that it asks after
    what was said right before it, `general` that it speaks of the world: of nobody, no time and nothing in particular.
    `when`, `many` and `where` say what kind of thing is asked for; `asking` is how much of the message asks, 0 to 1;
    the rest tells something itself.
    """

    text: str
    terms: tuple[Term, ...] = ()
    content: str = ""
    periods: tuple[Period, ...] = ()
    asked: Role | None = None
    named: bool = False
    ours: bool = False
    task: bool = False
    past: bool = False
    names: tuple[frozenset[str], ...] = ()
    leans: bool = False
    general: bool = False
    when: bool = False
    many: bool = False
    where: bool = False
    asking: float = 1.0

    @property
    def empty(self) -> bool:
        """Whether it asks for nothing that could be found: thanks, greetings, a smile."""
        return not (self.terms or self.periods)

    @property
    def ranges(self) -> tuple[tuple[datetime, datetime], ...]:
        """When what it speaks of may have been told: then, or soon after."""
        return tuple((one.since, one.until + told_within(one)) for one in self.periods)

    @property
    def words(self) -> tuple[str, ...]:
        """What the index is asked for."""
        return tuple(term.word for term in self.terms)

    @property
    def lent(self) -> frozenset[str]:
        """Those of the words that only the message before has."""
        return frozenset(term.word for term in self.terms if not term.own)


def understand(text: str, now: datetime, *, before: str = "", user: str = "", assistant: str = "") -> Query:
    """What `text` asks, said at `now` by somebody in its time zone; any text will do.

    `before` is the user's message before this one; its words help one that says little. `user` and `assistant` are the
    names of the two who talk, empty where they have none: a name tells who is meant, and is not searched for.
    """
    text = text[:_READ]
    low = plain(text)
    names = _names(user, assistant)
    found = _telling(low, names)
    times = periods(text, now)
    called = tuple(found.keys() & {stem(plain(word)) for word in name} for name in names_in(text, times))
    capitals: frozenset[str] = frozenset().union(*called)
    terms = {one: Term(word, one, capital=one in capitals) for one, word in found.items()}
    few = _few(found, low)
    if before and few and (found or times or BACK.search(low)):
        help_ = _telling(plain(before[:_READ]), names)
        terms |= {one: Term(word, one, HELP) for one, word in help_.items() if one not in terms}
    asked, named = _asked(low, names)
    task, ours, past = bool(_TASK.search(_ADDRESS.sub(" ", low))), bool(_OURS.search(low)), bool(_PAST.search(low))
    words, leans = _words(low), _leans(low)
    meant = () if german(words) else tuple(frozenset(one) for one in called if one)
    return Query(
        text=text,
        terms=tuple(terms.values())[:_MOST_TERMS],
        content=content(text, names) if found else "",
        periods=times,
        asked=asked,
        named=named,
        ours=ours,
        task=task,
        past=past,
        names=meant,
        leans=leans and not task,
        general=not (asked or named or ours or past or times or meant or leans) and general(low, words),
        when=bool(_WHEN.search(low)),
        many=bool(_MANY.search(low)),
        where=bool(_WHERE.search(low)),
        asking=1.0 if task else _asking(low),
    )


def _leans(low: str) -> bool:
    """Whether a sentence that asks looks back: "And when was that?", "And the price?"."""
    asking = (one.strip() for one in _SENTENCE_ENDS.split(low) if _ASKS.search(one.strip()))
    return any(BACK.search(one) or AGAIN.match(one) for one in asking)


def _asking(low: str) -> float:
    """The share of a message, in characters, of its sentences that ask; a heading does."""
    if len(_WORD.findall(low)) + _han(low) // 2 <= _HEADING:
        return 1.0
    asked = [len(one) for one in _SENTENCE_ENDS.split(low) if _ASKS.search(one.strip())]
    return sum(asked) / max(len(low), 1)


def _han(low: str) -> int:
    return sum(len(run) for run in _RUN.findall(low))


def told_within(period: Period) -> timedelta:
    """How long after a time people still tell of it first: the next days of a day, the next weeks of a month."""
    return min(max(period.until - period.since, _NEXT_DAYS), _NEXT_WEEKS)


def content(text: str, names: Names = _NOBODY) -> str:
    """The telling words as they were written, without the names of the two who talk."""
    words = _WRITTEN.findall(text)
    bare = [plain(word).partition("'")[0] for word in words]
    left_out = names[0] | names[1] | stop_words(bare)
    return " ".join(word for word, low in zip(words, bare, strict=True) if low not in left_out)


def _names(user: str, assistant: str) -> Names:
    """The words of both names; those that both bear name nobody."""
    mine, yours = (
        frozenset(_WORD.findall(plain(name))) | frozenset(_RUN.findall(plain(name))) for name in (user, assistant)
    )
    return mine - yours, yours - mine


def _telling(low: str, names: Names) -> dict[str, str]:
    """Stem -> word, in order; empty when there are only words of manners."""
    found: dict[str, str] = {}
    manners = True
    words = _words(low)
    left_out = names[0] | names[1] | stop_words(words)
    for word in words:
        if word in left_out:
            continue
        manners = manners and word in SMALL_TALK
        found.setdefault(stem(word), word)
    pieces = dict.fromkeys(piece for run in _RUN.findall(low) for piece in _pieces(_without(run, names)))
    return {} if manners and not pieces else found | {piece: piece for piece in pieces}


def _words(low: str) -> list[str]:
    return [word.partition("'")[0] for word in _WORD.findall(low)]


def _without(run: str, names: Names) -> str:
    for name in names[0] | names[1]:
        run = run.replace(name, " ")
    return run


def _pieces(run: str) -> list[str]:
    """花生過敏 is 花生, 生过 and 过敏; what only serves is left out."""
    found = []
    for manners in SMALL_TALK_HAN:
        run = run.replace(manners, " ")
    for stretch in "".join(" " if character in CUTS else character for character in run).split():
        if len(stretch) == 1 and stretch not in SERVING:
            found.append(stretch)
        for place in range(len(stretch) - 1):
            piece = stretch[place : place + 2]
            if not SERVING.issuperset(piece):
                found.append(piece)
    return found


def _few(found: dict[str, str], low: str) -> bool:
    """Whether the message says too little to be searched for by itself."""
    han = _han(low)
    return han < _FEW_HAN if han else len(found) < _FEW_WORDS


def _asked(low: str, names: Names) -> tuple[Role | None, bool]:
    """Whose words hold the answer: of one who is named; else of the first of I and you; and whether it was a name."""
    words = set(_words(low))
    named = [
        role
        for role, name in ((Role.USER, names[0]), (Role.ASSISTANT, names[1]))
        if name & words or any(one in low for one in name if _RUN.match(one))
    ]
    if named:
        return (named[0] if len(named) == 1 else None), True
    low = _ADDRESS.sub(" ", low)
    first, second = _FIRST.search(low), _SECOND.search(low)
    if first and (second is None or first.start() < second.start()):
        return Role.USER, False
    return (Role.ASSISTANT, False) if second else (None, False)
