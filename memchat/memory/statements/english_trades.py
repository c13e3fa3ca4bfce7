"""English words that decide whether a phrase is a trade, a firm, a tier, an aim; only data and its predicates."""

import re

from memchat.memory.statements.english_vocabulary import OCCUPATIONS
from memchat.memory.statements.english_words import CODE, PROGRAMS, WEEK, has_capital, is_short, words_of


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Such a word before a trade judges somebody; it names no trade.
_JUDGING = _set(
    "good bad terrible great awful slow fast poor lousy decent better best worst big huge heavy keen avid "
    "amateur hobby "
    "passionate wannabe aspiring would-be former ex failed frustrated recovering careful nervous lucky visual "
    "real true "
    "role horrible mediocre fine excellent natural born frequent happy proud armchair backseat wonderful crap "
    "rubbish "
    "secret fake pretend lazy clumsy reluctant occasional weekend budding "
    "total complete "
    "light deep bloody damn fucking shitty glorified future next once"
)
_ROLE_ENDS = (
    "ologist",
    "ographer",
    "engineer",
    "developer",
    "teacher",
    "scientist",
    "worker",
    "owner",
    "lead",
    "master",
)
_WORKERS = _set(
    "social care factory steel postal health healthcare office farm youth aid charity night metal dock railway"
)
_CREEDS = _set(
    "pessimist optimist perfectionist realist feminist socialist minimalist narcissist purist cyclist tourist "
    "motorist "
    "pacifist atheist loyalist populist capitalist communist nudist hobbyist completionist finalist idealist "
    "fatalist "
    "nihilist sadist masochist racist sexist fascist nationalist list exist twist wrist checklist playlist activist "
    "extremist anarchist maximalist humorist apologist conformist essentialist"
)
TIERS = _set(
    "free pro plus premium team teams business enterprise basic starter max ultra standard personal family student "
    "hobby developer gold silver platinum unlimited"
)


def is_trade(value: str) -> bool:
    """A phrase whose head is an occupation: `senior nurse at a clinic`, not `big fan` or `doctor's daughter`."""
    head = re.split(r"\s+(?:at|for|in|from|of|with|by|who|on|and)\s+|,", value)[0]
    words = head.lower().split()
    if not 1 <= len(words) <= 5 or len(value.split()) > 8 or {"dream", "dreams", "game", "mind"} & set(words_of(value)):
        return False
    if _JUDGING & set(words) or {"of", "this", "that", "these", "life"} & set(value.lower().split()[len(words) :][1:]):
        return False
    last = words[-1].strip(".")
    if last == "worker":
        return len(words) > 1 and words[-2] in _WORKERS
    if last.endswith(("ist", "ician")) and last not in _CREEDS:
        return True
    return last in OCCUPATIONS or (last.endswith(_ROLE_ENDS) and (len(words) > 1 or len(last) > 7))


def is_headed(value: str) -> bool:
    """What follows `I'm the`: one of a kind, such as `CTO` or `head of sales`."""
    return bool(
        re.match(
            r"(?:ceo|cto|cfo|coo|head (?:of|nurse|teacher|chef)\b|\w+ director|headmaster|headteacher)", value.lower()
        )
    )


_NO_ROLES = _set(
    "clown slave human joke secret unclear boring great fun hard easy good bad awful fine ok okay nice tough stressful "
    "intense different open vacant fantastic amazing terrible interesting demanding exhausting long far close better "
    "worse remote hybrid permanent temporary done over gone safe"
)


def is_role(value: str) -> bool:
    """What follows `I work as` and `my profession is`: short, and no joke."""
    return is_short(value) and len(value.split()) <= 5 and not _NO_ROLES & set(words_of(value))


_POST = re.compile(
    r"(?:\w+ ){0,2}(?:lead|leader|manager|head)$|(?:deputy |acting |vice[- ]|assistant )?head of \w.*|"
    r"(?:vice|deputy|acting|chief|managing|senior|assistant) (?:\w+ )?(?:president|officer|director|partner|"
    r"principal|head)$"
)


def is_post(value: str) -> bool:
    """A rank at work: `team lead`, `head of sales`, `senior engineer`."""
    return is_short(value) and (bool(_POST.match(value.lower())) or is_trade(value))


_IDLE = _set(
    "my your pace ways mysterious free living money progress hours peace silence pairs general theory night "
    "this that it "
    "me you him everyone nobody now least first work home least all both once"
)


def is_employer(value: str) -> bool:
    """What follows `I work at`: no idiom such as `for free` or `in progress`."""
    words = words_of(value)
    idle = _IDLE & set(words[:2]) or re.match(
        r"(?:the )?(?:moment|weekend|same|file|project|code|function)\b|.*\b(?:years?|months?|weeks?|days|"
        r"hours|ages|while|decades?)$",
        value.lower(),
    )
    if re.match(
        r"(?:\d|an? |two |three |my |our |the )?.*\b(?:kids?|children|sons?|daughters?|dogs?|cats?|boys|girls)$", value
    ):
        return False
    return is_short(value) and not idle and not (words[0] in CODE | PROGRAMS and len(words) == 1)


def is_firm(value: str) -> bool:
    """A firm by its name, in capitals."""
    words = words_of(value)
    if {"meeting", "call", "chat", "channel", "standup", "webinar", "thread", "group"} & set(words):
        return False
    return has_capital(value[:1]) and 0 < len(words) <= 5 and words[0] not in PROGRAMS | CODE | WEEK


def is_day(value: str) -> bool:
    """A day of the year, in figures or by its month."""
    return is_short(value) and bool(
        re.search(r"\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", value.lower())
    )


def is_task(value: str) -> bool:
    """What follows `I work on`: a thing with a name, no `it`, `myself`, `a story about`."""
    return is_short(value) and not re.match(
        r"(?:an? |some )|the (?:same|next|first|second|last)|my\b|bug|fixing", value.lower()
    )


def is_subject(value: str) -> bool:
    """What follows `I study` and `I teach`."""
    return is_short(value) and words_of(value)[0] not in _set("hard a every all too more best alone to the me my")


def is_diploma(value: str) -> bool:
    """A degree: `a master's in linguistics`."""
    return bool(
        re.match(r"an? (?:\w+ )?(?:degree|master'?s|bachelor'?s|phd|doctorate|diploma|mba|msc|bsc)\b", value.lower())
    )


def is_learnable(value: str) -> bool:
    """What follows `I'm learning`."""
    return is_short(value) and not re.match(
        r"(?:the|a lot|so much|from|fast|slowly|more|much|about|not|to (?:live|love|let|accept|cope|say|be|trust))\b",
        value.lower(),
    )


def is_tier(value: str) -> bool:
    """A subscription's name: `Pro`, `free`, or one capitalised word."""
    words = value.split()
    known = any(word.lower() in TIERS for word in words)
    return 1 <= len(words) <= 3 and (known or all(word[:1].isupper() for word in words)) and not {"new"} & set(words)


def is_known_tier(value: str) -> bool:
    """A subscription's usual name."""
    return 1 <= len(value.split()) <= 2 and value.lower().split()[-1] in TIERS


def is_zone(value: str) -> bool:
    """A zone of time: `Asia/Taipei`, `UTC+8`, `Pacific`."""
    return bool(re.fullmatch(r"[A-Z][\w/+:-]*(?: [A-Z][\w/+:-]*){0,2}", value))


_NO_AIMS = _set(
    "difference between this that you your how it what why these those "
    "domination universe galaxy superman immortal world bug function "
    "script recursion test tests query code error build list file"
)


_NO_AIM_ENDS = _set("off on later worst best now root here there in out clear simple same")


def is_aim(value: str) -> bool:
    """What can be a goal: no request (`learn how this works`), nothing that points."""
    words = words_of(value)
    return 0 < len(words) <= 14 and not _NO_AIMS & set(words) and words[-1] not in _NO_AIM_ENDS


def is_lasting_told(value: str) -> bool:
    """A wish for all answers, as long as it likes; it points at nothing that stands on the table."""
    return len(value.split()) <= 26 and not {"it", "that", "this", "these", "those"} & set(words_of(value))


def is_schooling(value: str) -> bool:
    """Schools by their names: `UNAM first and then the master's at NCKU`."""
    return value[:1].isupper() and len(value.split()) <= 14 and not {words_of(value)[0]} & (CODE | PROGRAMS)
