"""English typed in a hurry, spelled out: `im` -> `i'm`, `w/` -> `with`; places lead back to what was typed."""

import re
from bisect import bisect_right
from dataclasses import dataclass

_WORDS = (
    "im i'm|ive i've|doesnt doesn't|didnt didn't|cant can't|wont won't|isnt isn't|arent aren't|wasnt wasn't|"
    "werent weren't|havent haven't|hasnt hasn't|hadnt hadn't|couldnt couldn't|wouldnt wouldn't|shouldnt shouldn't|"
    "aint ain't|youre you're|theyre they're|weve we've|thats that's|whats what's|wheres where's|hows how's|whos who's|"
    "theres there's|heres here's|hes he's|shes she's|u you|ur your|w with|w/ with|w/o without|bc because|cuz because|"
    "coz because|gonna going to|wanna want to|gotta got to|imma i'm going to|pls please|plz please|thx thanks|"
    "bday birthday|bf boyfriend|gf girlfriend|hubby husband|ppl people|abt about|alrdy already|tmrw tomorrow|"
    "tmr tomorrow|b4 before|yr year|yrs years|hrs hours|mins minutes|rn right now|atm at the moment|n and|id i'd|"
    "ill i'll|cos because|lets let's|tho though|its it's|recieve receive|alergic allergic|vegitarian vegetarian"
)
_FULL = dict(pair.split(" ", 1) for pair in _WORDS.split("|"))
_WILL = (
    "be|go|take|have|get|do|try|start|move|need|see|let|never|always|also|just|play|keep|use|ring|call|tell|turn|visit"
)
_WOULD = "love|like|rather|prefer|say|go|be|have|never|really|want|need|put|buy|do|get|live"
_CLAUSE = "i|i'm|im|it|its|my|we|he|she|they|the|of|that|there|this|nobody|no"
# Words that are spelled so only before others: an id card, an ill man, the cosine, the letters n and u.
_BEFORE = {
    "id": f" (?:{_WOULD})\\b",
    "ill": f" (?:{_WILL})\\b",
    "cos": f" (?:{_CLAUSE})\\b",
    "lets": " (?:do|play|go|say|see|try|make|pretend|be|start|have|talk|act)\\b",
    "n": " [a-z]",
    "w": " [a-z]",
    "its": (
        " (?:an?|the|not|just|my|our|been|for|official|settled|always|so|too|still|[\\w ]{2,20} or nothing|"
        "[\\w ]{2,20} (?:plan )?i'?m on)\\b"
    ),
}
_AFTER = {"n": "(?<=[a-z0-9,)] )", "w": "(?<=[a-z0-9,)] )", "ill": "(?<!m )(?<!feel )", "rn": "(?<!an )"}


def _pattern() -> re.Pattern[str]:
    words = sorted(_FULL, key=len, reverse=True)
    one = "|".join(f"{_AFTER.get(word, '')}{word}(?={_BEFORE.get(word, '')})" for word in words)
    return re.compile(rf"(?<![\w'.@/#$-])(?:{one})(?![\w'@/=(\[-]|\.\w)")


_SHORT = _pattern()


@dataclass(frozen=True, slots=True)
class Spelled:
    """A sentence spelled out, and the same in folded letters; `typed` leads a place in it back to where it stood."""

    text: str
    low: str
    starts: tuple[int, ...] = ()
    origins: tuple[int, ...] = ()
    kept: tuple[bool, ...] = ()

    def typed(self, place: int, *, end: bool = False) -> int:
        """The place as typed; within a word that was spelled out, its begin, or its `end`."""
        if not self.starts:
            return place
        piece = bisect_right(self.starts, place - end) - 1
        if self.kept[piece]:
            return self.origins[piece] + place - self.starts[piece]
        return self.origins[piece + 1] if end else self.origins[piece]


def spelled_out(sentence: str, low: str) -> Spelled:
    """The sentence with its short spellings written out; `low` is it in folded letters."""
    found = list(_SHORT.finditer(low))
    if not found:
        return Spelled(sentence, low)
    text, small = "", ""
    starts: list[int] = []
    origins: list[int] = []
    kept: list[bool] = []
    last = 0
    for word in found:
        full = _FULL[word.group()]
        for first, end, piece in ((last, word.start(), None), (word.start(), word.end(), full)):
            starts.append(len(text))
            origins.append(first)
            kept.append(piece is None)
            typed = sentence[first:end]
            capital = piece is not None and typed[:1].isupper()
            text += typed if piece is None else (piece[:1].upper() + piece[1:] if capital else piece)
            small += low[first:end] if piece is None else piece
        last = word.end()
    starts.append(len(text))
    origins.append(last)
    kept.append(True)
    return Spelled(text + sentence[last:], small + low[last:], tuple(starts), tuple(origins), tuple(kept))
