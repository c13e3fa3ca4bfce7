"""Where the clauses of an English sentence begin and end, what stands before them, and whose they are."""

import re
from collections.abc import Iterator
from functools import cache

from memchat.memory.statements.english_grammar import ELIDED_BEING, ELIDED_OPENERS, OPENERS, spelled_out

_LEAD = re.compile(
    r"(?:(?:(?:hi|hello|hey|hiya|heya|yo|greetings|good (?:morning|afternoon|evening|day))(?: there| again| all|"
    r" memchat| notebook)?|"
    r"well|so|ok|okay|oh|ah|yes|yeah|yep|ya|yea|no(?=[,.!:;])|nope|nah|heads up|"
    r"actually|sorry|by the way|btw|fyi|p\.s|ps|also|and|but|plus|then|right|"
    r"however|anyway|anyways|just so you know|for the record|to be clear|correction|in fact|currently|nowadays|these "
    r"days|now|tbh|ngl|irl|imo|lately|oh and|for context|context|quick (?:intro|note|background|one)|"
    r"if (?:it|that) (?:helps|matters)(?:,| at all)?|in case it (?:helps|matters)|not sure (?:if )?(?:it|this|that) "
    r"(?:helps|matters)(?:,? but)?|"
    r"(?:since|as|because|given(?: that)?|seeing(?: as)?|considering)(?= (?:i'm|i am|i've|i have|i can't|i don't|"
    r"i live|"
    r"i work|my)\b)|"
    r"as you know|as i said|i said(?: that)?|i (?:already )?told you(?: that)?|i mean|please|you should "
    r"know(?: that)?|"
    r"let me introduce myself|a bit about me|about me|unfortunately|sadly|luckily|happily|honestly|to be honest|"
    r"(?:please )?(?:remember|note|keep in mind|don't forget|make a note)(?: that)?|i should (?:mention|"
    r"say)(?: that)?|"
    r"(?:last|this) (?:week|month|year|spring|summer|autumn|fall|winter|\w+day)|yesterday|recently|lately|"
    r"(?:a|two|three|few|a few|several|\d+) (?:days|weeks|months|years|week|month|year) ago|"
    r"since (?:(?:\w+ )?(?:19|20)\d\d|january|february|march|april|may|june|july|august|september|october|november|"
    r"december|then)|in (?:\w+ )?(?:19|20)\d\d|since last \w+|"
    r"from now on|in (?:the )?future|going forward|as of (?:now|(?:this|last) \w+|\w+)|always|finally|"
    r"(?:i )?(?:finally )?caved(?: in)?|big news|small update|update|news|guess what|"
    r"(?:one|another|last|small|quick) (?:more )?thing(?=[:,])|little (?:do|did|does) \w+ know(?: that)?|"
    r"it's because of (?:\w+ ){1,3}that(?= i)|"
    r"(?:can|could|would|will) (?:you|we)(?: please)?(?: just| also)?(?= (?:answer|reply|respond|write|speak|talk|use|"
    r"give|keep|put|start|skip|stick|switch)\b)|"
    r"just(?! (?:in )?(?:english|french|german|spanish|chinese|mandarin|italian|portuguese|dutch|japanese|korean|"
    r"polish|"
    r"russian|turkish|arabic|hindi|swedish|welsh|greek)\b))(?:[\s,:!.\u2026-]+|$))+"
)
_JOIN = r"(?:and|but|so|because|plus(?! i'm on)|also|though|although|while|then|or|&|yet|however|since|as)"
# Such a clause begins anew even where no comma stands: "hi i'm mags i live in leeds".
_ANEW = (
    r"my name(?: is|'s)|i (?:live|work|teach|moved|was born|have (?:an?|two|three)|don't eat|can't eat)\b|"
    r"i'm (?:from|allergic|vegetarian|vegan|based|married|retired|an?)\b|i've got|i go by|call me"
)
_BREAK = re.compile(
    rf"(?:\s*[,:\u2014\u2013(]|\s+-)\s*(?:{_JOIN}\s+)*(?=(?:{OPENERS})\b)"
    rf"|\s+{_JOIN}(?:\s+{_JOIN})*,?\s+(?=(?:{OPENERS})\b)"
    rf"|(?<=\w)\s+(?=(?:{_ANEW}))"
)
_OF_SELF = re.compile(r"(?:i|i'm|i've|my|call me|the name's)\b")
_HOLDS_ON = re.compile(
    r"\b(?:that|if|when|whenever|where|while|until|till|before|after|once|who|which|what|why|how|whether|think|thinks|"
    r"thought|guess|hope|wish|feel|felt|say|says|said|know|knows|knew|mean|sure|believe|believes|suppose|imagine|like|"
    r"pretend|told|tell|me|you|than|place|town|city|street|house|company|only|even|except|the|than|not|"
    r"in|at|to|for|with|of|reckons?|since|as|because|unless|time|day|way|do|does|did|should|could|would|can|"
    r"everyone|everybody|maybe|perhaps|assuming|where)$"
)
# What stands before a colon without making what follows it somebody's words or a text to work on.
_INTRODUCES = re.compile(
    r"(?:about me|about myself|thing|things|fact|facts|news|update|background|context|intro|info|reminder|goals?|"
    r"resolution|title)(?: \w+){0,4}$"
)
_ELIDED = re.compile(rf"(?:{ELIDED_OPENERS})\b")
_ELIDED_BEING = re.compile(rf"(?:{ELIDED_BEING})\b")
I_AM, I_HAVE, I_DO = "i'm ", "i've ", "i "
# What a sentence may begin with though its `I` is left out: no order, and no note about somebody else, begins so.
_ALONE = (
    (
        I_AM,
        (
            r"(?:also |still |really |very |severely |deathly |mildly |strictly |now |happily |currently |originally )*"
            r"(?:allergic to|married to|engaged to|retired|semi-retired|(?:<BEING>)(?=$|,| (?:btw|by the way|since|"
            r"for|here|now|"
            r"and|so|too|too)\b)|based in|living in|originally from|from (?=\w+ originally)|training for|"
            r"saving (?:up )?(?:for|to)|"
            r"trying to|hoping to|aiming to|learning (?=<LANGS>|to\b|the (?:<INSTRUMENT>))|studying (?!this)|"
            r"working (?:as|at|for)|moving to|flying to|off (?=<DRUNK>)|on (?=windows|linux|macos|ubuntu|arch|fedora|"
            r"debian)|"
            r"on the \w+ (?:plan|tier)|on (?=<MEDICINE>)|down to|taking (?=<MEDICINE>)|back (?:to|on) (?=<TIER>)|"
            r"self-employed|divorced|widowed|single (?:mum|mom|dad|parent))"
        ),
    ),
    (
        I_HAVE,
        (
            r"(?:got (?:an?|two|three|four|my|type|asthma|adhd|diabetes|migraines)\b|been (?:an? )?(?:<BEING>|"
            r"living in|"
            r"married|teaching|learning|on (?=<MEDICINE>)|off (?=<DRUNK>))|lived in (?=.* (?:since|for)\b)|"
            r"switched from|moved (?:back )?from \w+ to|given up|packed in|quit (?=<DRUNK>|smoking))"
        ),
    ),
    (
        I_DO,
        (
            r"(?:live in|live with my|work (?:at|as|for|from home|nights|part|full)|teach (?!me\b|us\b|him\b|"
            r"her\b|them\b)|"
            r"grew up in|was born|play (?:the )?(?:<INSTRUMENT>) (?:in|at|for|on)|"
            r"drive an?|take (?=<MEDICINE>)|started (?:at|as|working)|switched from|"
            r"moved (?:back )?from \w+ to|moved in(?:to)? (?:the|my|our|an?) |dropped (?:back |down )?to |went with |"
            r"have an? (?=(?:\w+ )?(?:dog|cat|son|daughter|puppy|kitten|horse|rabbit)\b)|have (?:two|three|four) "
            r"(?=<KIN>)|"
            r"(?:can't|cannot) (?:stand|eat|drink|have|do (?=<FOOD>))|got diagnosed|was diagnosed|don't (?:eat|"
            r"drink)\b|never (?:eat|drink|smoked)\b|"
            r"(?:do|keep|write|track|build) everything in|"
            r"eat everything|"
            r"quit (?=<DRUNK>|smoking)|stopped (?=smoking|drinking|eating))"
        ),
    ),
)
# Who is spoken of besides the user: what follows without a subject may be about them.
OTHERS = re.compile(
    r"\b(?:he|she|they|him|her|his|them|he's|she's|they're|hes|shes|someone|somebody)\b|\b(?:my|our|the|a) "
    r"(?:\w+ )?(?:friend|mate|boss|colleague|coworker|co-worker|sister|brother|mother|father|mum|mom|dad|wife|husband|"
    r"partner|son|daughter|kids?|roommate|flatmate|neighbou?r|student|patient|client|customer|guest|cousin|uncle|aunt|"
    r"nan|gran|grandma|grandpa|girlfriend|boyfriend|character|guy|girl|woman|man|recipe|job|ad|candidate)s?\b"
)


@cache
def _alone() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((lead, re.compile(spelled_out(pattern))) for lead, pattern in _ALONE)


def spans(low: str) -> Iterator[tuple[int, int]]:
    """The clauses of a sentence, greetings and asides at their head left out."""
    start = 0
    for gap in _BREAK.finditer(low):
        first, last = _after_lead(low, start, gap.start())
        if gap.group().isspace() and (not _OF_SELF.match(low, first, last) or _HOLDS_ON.search(low, first, last)):
            continue
        yield first, last
        if ":" in gap.group() and first < last and not _INTRODUCES.search(low, first, last):
            return  # "my headline: I'm a nurse" is a text, not a statement
        start = gap.end()
    yield _after_lead(low, start, len(low))


def _after_lead(low: str, start: int, end: int) -> tuple[int, int]:
    lead = _LEAD.match(low, start, end)
    return (lead.end() if lead else start), end


def shared_subject(low: str, start: int, end: int) -> str:
    """The subject of a clause that shares it with the one before: `I live in Rome and [I] work at Acme`."""
    if _ELIDED_BEING.match(low, start, end):
        return I_AM
    return I_DO if _ELIDED.match(low, start, end) else ""


def missing_subject(low: str, start: int, end: int) -> str:
    """The subject that the first clause of a sentence leaves out: `[I'm] allergic to peanuts btw`."""
    return next((lead for lead, pattern in _alone() if pattern.match(low, start, end)), "")
