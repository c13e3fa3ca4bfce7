"""How English clauses are built, as far as learning needs it: what opens them, what ends a value, turned verbs."""

import re

from memchat.memory.statements import english_words as words
from memchat.memory.statements.rules import Language, filled

ADVERBS = (
    r"(?:(?:really|also|actually|absolutely|currently|just|now|still|always|usually|mostly|generally|recently|both|do|"
    r"truly|especially|particularly|quite|totally|officially|finally|already|only|mainly|often|sometimes|very much|"
    r"originally|happily) ){0,3}"
)
OPENERS = (
    r"i|i'm|i've|i'll|i'd|my|we|we're|we've|we'll|our|you|your|you're|he|she|they|his|her|their|it|it's|this|that's|"
    r"the name|please|from now on|call me|friends|people|everyone|what|where|who|how|which|why|when|can|could|do you|"
    r"always|never|don't|show me|answer|reply|be|use|keep|remember|now i|"
    r"am|live|lived|work|works|study|teach|like|love|enjoy|hate|prefer|dislike|speak|have|has|moved|can't|cannot|"
    r"allergic|"
    r"vegetarian|vegan|lactose|gluten|diabetic|left-handed|married|was born|grew up|learning|lives"
)
ELIDED_OPENERS = (
    r"am|live|work|study|teach|like|love|enjoy|hate|prefer|dislike|speak|have|moved|don't|can't|cannot|never|always|"
    r"allergic|vegetarian|vegan|lactose|gluten|diabetic|left-handed|married|was born|grew up|learning"
)
_LATER = r"because|since|so that|so|when|whenever|while|if|although|though|but|which|who|whose|where|that"
_TAIL = (
    r"right now|now|at the moment|these days|nowadays|any ?more|any longer|by the way|btw|too|as well|please|thanks|"
    r"thank you|you know|actually|for sure|again|though|myself|here|and all|already|very much|a lot|so much|the most"
)


def _pairs(table: str) -> dict[str, str]:
    return {said: kept for said, _, kept in (pair.partition(": ") for pair in table.split("|"))}


HOW = Language(
    ends={
        "": re.compile(
            rf"\s+(?:{_LATER})\b|[,(]?\s+(?:{_TAIL})\s*$|[,(]\s+(?:{_LATER}|not|by|{_TAIL})\b|[\u2014\u2013(]"
        ),
        "name": re.compile(rf"[,(\u2014\u2013]|\s-|\s+(?:and|from|but|or|by|{_LATER}|{_TAIL})\b"),
        "place": re.compile(
            rf"\s+(?:with|for|as|alone|together|temporarily|full-time|again|and (?!\w+$)|{_LATER})\b|"
            rf"[,(]?\s+(?:{_TAIL})\b"
            r"|,(?! \w+(?:$|\s+(?:with|for|as|now|these|since|last|this|in)\b))|,(?= (?:not|too)\b)|[\u2014\u2013(]"
            r"|\s+(?:last|this|in|on|since|from|before|after|a few|\d+)\b.*$"
        ),
        "one": re.compile(rf"[,(\u2014\u2013]|\s-\s|\s+(?:and|{_LATER}|{_TAIL})\b"),
        "all": re.compile(r"(?!)"),
    },
    trim=" \t,.;:!\u2014\u2013-()*_\u2026",
    verbs=_pairs(
        "like: likes|love: loves|enjoy: enjoys|adore: adores|prefer: prefers|hate: hates|dislike: dislikes|"
        "detest: detests|loathe: loathes|don't: does not|do not: does not|never: does not|study: studying|"
        "teach: teaches|major in: majors in|i'll: will|i will: will|we'll: will|we will: will|i have: has|"
        "we have: has|i've got: has|we've got: has|leave: leaves|travel: travels|start: starts|move: moves|"
        "graduate: graduates|retire: retires|run: runs|own: owns"
    ),
)
_L = words.LANGUAGES.replace(" ", "|")
PARTS = {
    "V": r"(?P<v>.+)",
    "A": ADVERBS,
    "LANGS": rf"(?:(?:traditional|simplified|brazilian|only|mostly) )?(?:{_L})(?:(?:,? (?:and|or) |, )(?:{_L}))*",
    "KIN": words.RELATIVE,
    "COMPANION": words.COMPANION,
    "FREE_TIME": words.FREE_TIME,
    "CODE": r"python|go|rust|java|javascript|typescript|c\+\+|c#|ruby|php|kotlin|swift|bash|sql|haskell|elixir|"
    "julia|scala|r",
    "WAY": (
        r"briefly|concisely|succinctly|shortly|in short|in detail|simply|plainly|formally|informally|politely|step "
        r"by step|"
        r"in (?:bullet points|plain \w+|one sentence|\w+ sentences|short sentences|a few words)"
    ),
    "SHAPE": (
        r"brief|concise|short|direct|formal|informal|polite|blunt|terse|succinct|simple|casual|to the point|"
        r"friendly|honest"
    ),
    "PREFERS": (
        r"(?:(?:<SHAPE>|long|detailed|plain|clear|longer|shorter|simpler) ?(?:and |, )?)+"
        r"(?:answers?|replies|responses?|explanations?|language|style|examples|sentences)"
    ),
    "EVENT": (
        r"exams?|interview|flight|wedding|appointment|surgery|operation|deadline|thesis|trip|holiday|vacation|"
        r"tests?|dentist|"
        r"meeting|concert|race|marathon|party|graduation|anniversary|presentation|defen[cs]e|visa|lease|contract|"
        r"course|class|"
        r"train|move|due date|baby"
    ),
    "NOT_PLANS": (
        r"(?!ask|tell|try|let|say|be honest|check back|come back to|talk to you|get back|see you|write you|be back|"
        r"bed\b|"
        r"\w+ (?:blind|nowhere|on(?: (?:next|in)\b|$)|crazy|mad|insane|strong|well\b))"
    ),
}


def spelled_out(pattern: str, *, elided: bool) -> str:
    """The pattern of a rule as a regular expression; `elided`: its `I` or `I am` may be missing, as after `and`."""
    subject, being = r"(?:i|we) ", r"(?:i'm|i am|we're|we are) "
    if elided:
        subject, being = rf"(?:{subject})?", rf"(?:{being}|am )?"
    return filled(pattern, PARTS | {"I": subject, "IM": being, "E": "" if elided else "(?!)"})
