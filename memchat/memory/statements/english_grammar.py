"""How English clauses are built, as far as learning needs it: what opens them, what ends a value, turned verbs."""

import re

from memchat.memory.statements import english_vocabulary as vocabulary
from memchat.memory.statements.rules import Language, filled

ADVERBS = (
    r"(?:(?:really|also|actually|absolutely|currently|just|now|still|always|usually|mostly|generally|recently|"
    r"both|do|"
    r"truly|especially|particularly|quite|totally|officially|finally|already|only|mainly|often|sometimes|very much|"
    r"originally|happily) ){0,3}"
)
OPENERS = (
    r"i|i'm|im|i've|ive|i'll|i'd|my|we|we're|we've|we'll|our|you|your|you're|he|she|they|his|her|their|it|it's|this|"
    r"that's|the name|please|from now on|call me|friends|people|everyone|what|where|who|how|which|why|when|can|could|"
    r"do you|does|is there|are there|should|would|am i|any ideas?|any tips|careful|"
    r"always|never|don't|dont|show me|answer|reply|be|use|keep|remember|now i|no emojis?|no bullet|"
    r"am|live|lived|work|works|study|teach|like(?! (?:properly|really|literally|actually|totally|officially|my|"
    r"an?|i|so|"
    r"for|when|what|that|this|\d)\b)|love|enjoy|hate|prefer|dislike|speak|have|has|moved|can't|cannot|"
    r"allergic|"
    r"vegetarian|vegan|lactose|gluten|diabetic|left-handed|married|was born|grew up|learning|lives|"
    r"got|been|born|birthday|our|the name's|cancell?ed|back (?:to|on)|drive an?|teach|started|switched|retired|"
    r"trained|off (?:coffee|alcohol|sugar|caffeine|meat|dairy|booze|the booze)|full \w+ now|bullet points|\w+ "
    r"(?:will do|is fine)(?=$|[ ,.])|\w+ (?:is|are)(?:n\'t| not) (?:really )?for me|"
    r"let's|there's|what's|saving|trying|training|based|living in|\d+(?:-\d+)? (?:lines|sentences|words) (?:tops|"
    r"max|at most|please|or less|is plenty)|its"
)
ELIDED_OPENERS = (
    r"am|live|work|study|teach|like(?! (?:properly|really|literally|actually|totally|officially|my|an?|i|so|for|"
    r"when|what|that|this|\d)\b)|love|enjoy|hate|prefer|dislike|speak|have|moved|don't|dont|can't|cannot|never|"
    r"always|allergic|vegetarian|vegan|lactose|gluten|diabetic|left-handed|married|was born|grew up|learning|"
    r"drive an?|started|switched|retired|trained|got (?:an?|two|three)|play|own|quit|gave up|based|saving|trying|"
    r"training"
)
# Of these the clause before had `I am`; of the others, `I`.
ELIDED_BEING = (
    r"allergic|vegetarian|vegan|lactose|gluten|diabetic|left-handed|married|learning|based|saving (?:up )?(?:for|to)|"
    r"trying to|training for|retired(?! in)|living in"
)
_LATER = (
    r"because|since|so that|so|when|whenever|while|if|although|though|but|which|who|whose|where|that|as of|as "
    r"from|cuz|"
    r"coz|cos"
)
_TAIL = (
    r"right now|now|at the moment|these days|nowadays|any ?more|any longer|by the way|btw|too|as well|please|thanks|"
    r"thank you|you know|actually|for sure|again|though|myself|here|and all|already|very much|a lot|so much|the most|"
    r"at all|originally|sadly|unfortunately|luckily|obviously|honestly|basically|mostly|mainly|sort of|kind of|"
    r"tbh|ngl|fyi|instead|tho|imo|irl|obv|atm|and stuff|and so on|or whatever|these days|for now|if it helps|"
    r"in case it (?:helps|matters)|if (?:it|that) matters|"
    r"finally|currently|at present|usually|in general|for years|by heart"
)
_COMMA = r"[,(]?\s+"
HOW_ENDS = {
    "": rf"\s+(?:{_LATER})\b|{_COMMA}(?:{_TAIL})\s*$|[,(]\s+(?:{_LATER}|not|by|{_TAIL})\b|[\u2014\u2013(]",
    "name": rf"[,(\u2014\u2013]|\s-|\s+(?:and|from|but|or|by|at|in|{_LATER}|{_TAIL})\b",
    "place": (
        rf"\s+(?:with|for|as|alone|together|temporarily|full-time|again|and (?!\w+$)|{_LATER})\b|"
        rf"{_COMMA}(?:{_TAIL})\b"
        r"|,(?! \w+(?:$|\s+(?:with|for|as|now|these|since|last|this|in)\b))|,(?= (?:not|too|sadly|happily|\w+ing)\b)"
        r"|[\u2014\u2013(]|\s-\s|\s+(?:last|this|in|on|since|from|before|after|a few|two|three|yesterday|today|"
        r"until|till|"
        r"\d+)\b.*$"
    ),
    "one": rf"[,(\u2014\u2013]|\s-\s|\s+(?:and|{_LATER}|{_TAIL})\b",
    "trade": rf"[,(\u2014\u2013]|\s-\s|\s+(?:and|at|for|from|with|in|by|on|who|here|based|living|last|this|{_LATER}"
    rf"|{_TAIL})\b",
    "firm": rf"[,(\u2014\u2013]|\s-\s|\s+(?:and (?!\w+$)|as|(?:down |over |up |out |back )?here|last|this|"
    r"on (?:the \d+|\w+day)|"
    rf"was|is|next|yesterday|today|tomorrow|since|{_LATER}|{_TAIL})\b",
    # A comma goes on with a list, and ends anything else.
    "list": (
        rf"[\u2014\u2013(]|\s-\s|\s+(?:{_LATER})\b|{_COMMA}(?:{_TAIL})\s*$"
        r"|,\s+(?!(?!\w+ly\b)(?:and |or )?[\w'+#.-]+(?:\s[\w'+#.-]+)?(?:$|,|\s+(?:and|or)\b))"
    ),
    "wish": (
        r"[,(]?\s+(?:please|pls|thanks|thank you|from now on|now|always|ok|okay|if possible|in general|by "
        r"default)\s*$"
        r"|\s+(?:because|since|so that|as i|when i|if i)\b|[\u2014\u2013(]|,\s+(?:i|it|they|we|my|because|so)\b"
    ),
    "ended": rf"[,(\u2014\u2013]|\s-\s|\s+(?:and|in|last|two|three|a|\d+|ago"
    rf"|for|after|this|about|{_LATER}|{_TAIL})\b",
    "all": r"(?!)",
}
HOW_ENDS["aim"] = (
    rf"{HOW_ENDS['']}|,\s+(?:make|give|help|show|can|could|so|what|how|but|i|it|any|please|then|"
    r"and (?:i|it|that)|which|ideally|hopefully|wish me)\b"
)
HOW_ENDS["habit"] = HOW_ENDS["all"]
HOW_ENDS["bought"] = rf"{HOW_ENDS['one']}|\s+(?:today|yesterday|last|this|in|on|for|from|off)\b"
HOW_ENDS["day"] = rf"\s+(?:{_LATER}|and)\b|,(?! ?(?:19|20)\d\d)|{_COMMA}(?:{_TAIL})\s*$|[\u2014\u2013(]"


def _pairs(table: str) -> dict[str, str]:
    return {said: kept for said, _, kept in (pair.partition(": ") for pair in table.split("|"))}


def third_person(verb: str) -> str:
    """`go to bed` -> `goes to bed`: a regular verb, its first word turned."""
    first, _, rest = verb.partition(" ")
    if first.endswith(("o", "s", "sh", "ch", "x", "z")):
        first += "e"
    elif first.endswith("y") and first[-2] not in "aeiou":
        first = first[:-1] + "ie"
    return f"{first}s {rest}".rstrip()


_VERBS = _pairs(
    "have: has|got: has|build: builds|track: tracks|carry: carries|don't: does not|dont: does not|do not: does "
    "not|never: does not|cant: can't|study: studying|major in: "
    "majors in|i'll: will|i will: will|we'll: will|we will: will|i have: has|we have: has|i've got: has|we've "
    "got: has"
)
_REGULAR = (
    "like|love|enjoy|adore|prefer|hate|dislike|detest|loathe|teach|leave|travel|start|move|graduate|retire|run|own|fly|"
    "manage|lead|supervise|take|get|wear|use|keep|code|program|develop|write|drive|ride|collect|restore|breed|"
    f"look after|care for|take care of|live in|live on|{vocabulary.ROUTINE}|{vocabulary.LOOSE}|{vocabulary.DAILY}"
)
HOW = Language(
    ends={name: re.compile(pattern) for name, pattern in HOW_ENDS.items()},
    trim=" \t,.;:!\u2014\u2013-()*_\u2026",
    verbs={verb: third_person(verb) for verb in _REGULAR.split("|")} | _VERBS,
)
PARTS = {
    "V": r"(?P<v>.+)",
    "A": ADVERBS,
    "I": "(?:i|we) ",
    "IM": r"(?:i'm|im|i am|we're|we are) ",
    "HAVE": r"(?:i've|ive|i have|we've|we have) ",
    "BARE": "",
    "MY": r"(?:my|our) ",
    "GOT": rf"(?:(?:i|we) {ADVERBS}(?:have got|have|got|own|keep) |(?:i've|we've|i have) {ADVERBS}(?:got )?)",
    "NOT": "don't|dont|do not",
    "DONT": "don't|dont|do not",
    "CANNOT": "can't|cant|cannot|can not",
    **vocabulary.PARTS,
}


def spelled_out(pattern: str) -> str:
    """The pattern of a rule as a regular expression."""
    return filled(pattern, PARTS)
