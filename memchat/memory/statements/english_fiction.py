"""Words by which an English message says that it holds a text: a story, a caption, a profile, a line to translate."""

import re
from dataclasses import dataclass

from memchat.memory.statements.english_vocabulary import LANGUAGES

_L = LANGUAGES.replace(" ", "|")
_WORK = (
    r"(?:short |kids?'? |children'?s |crime |fantasy |romance |love |ghost |sci-?fi )?(?:story|stories|novel|novella|"
    r"fiction|fanfic\w*|screenplay|script|sketch|skit|play|musical|comic|manga|memoir|monologue|dialogue|poem|poetry|"
    r"haiku|limerick|sonnet|song|verse|chorus|lyrics?|rap|book|film|movie|game|campaign|podcast intro|chapter|scene|"
    r"prologue|epilogue|caption|bio|blurb|tagline|slogan|headline|profile|dating profile|essay|speech|sermon|eulogy|"
    r"toast|cover letter|personal statement|cv|resume|worksheet|textbook|exercise|dictation|quiz|flash ?cards?|"
    r"character|narrator|protagonist|villain|hero|heroine|avatar|persona|example sentence|sample sentence)"
)
_PART = r"(?:start|opening|beginning|opener|ending|hook|first line|last line|line|title|backstory|intro|idea|name)"
_OF = r"(?:for|of|to|in|from|as)"
_WORKS = [
    "story",
    "stories",
    "novel",
    "fiction",
    "fanfic",
    "screenplay",
    "script",
    "sketch",
    "skit",
    "play",
    "musical",
    "comic",
    "manga",
    "memoir",
    "monologue",
    "dialogue",
    "poem",
    "poetry",
    "haiku",
    "limerick",
    "sonnet",
    "song",
    "verse",
    "chorus",
    "lyric",
    "rap",
    "book",
    "film",
    "movie",
    "game",
    "campaign",
    "podcast",
    "chapter",
    "scene",
    "prologue",
    "epilogue",
    "caption",
    "bio",
    "blurb",
    "tagline",
    "slogan",
    "headline",
    "profile",
    "essay",
    "speech",
    "sermon",
    "eulogy",
    "toast",
    "letter",
    "statement",
    "cv",
    "resume",
    "worksheet",
    "exercise",
    "dictation",
    "quiz",
    "flash",
    "character",
    "narrator",
    "protagonist",
    "villain",
    "hero",
    "avatar",
    "persona",
    "sentence",
]
_PARTS = [
    "start",
    "opening",
    "beginning",
    "opener",
    "ending",
    "hook",
    "line",
    "title",
    "backstory",
    "intro",
    "idea",
    "name",
]
_SAID = "wrote writes written said says goes reads begins starts opens sent sings signed answered replied texted posted"
# Words of which one must stand there for the pattern to fit: looking for them costs next to nothing.
_SIGNS: tuple[tuple[tuple[list[str], ...], str], ...] = (
    (
        (_PARTS, _WORKS),
        (
            rf"\b(?:an?|the|this|that|my|any|better|decent|ok|okay) (?:\w+ ){{0,2}}{_PART} {_OF} (?:an?|the|my|our|his|"
            rf"her|their|this) (?:\w+ ){{0,3}}{_WORK}\b"
        ),
    ),
    (
        (
            [
                "good ",
                "decent ",
                "better ",
                "strong ",
                "weak ",
                "cheesy ",
                "nice ",
                "cool ",
                "catchy ",
                "ting ",
                "able ",
            ],
        ),
        (
            r"\b(?:good|decent|better|strong|weak|cheesy|nice|cool|catchy|interesting|believable) (?:enough )?"
            r"(?:(?:for|"
            r"as) "
            rf"(?:an?|the|my) (?:\w+ )?)?(?:{_WORK}|start|opening|opener|hook|first line)\b"
        ),
    ),
    (
        (
            ["that ", "this ", "it ", "the "],
            [" as a", " for a", " in a", " like a", " the", " my", " our", " his", " her"],
            _WORKS,
        ),
        (
            r"\b(?:does|is|was|would|could|how(?:'s| is| about| does)|what(?:'s| do you think) (?:of|about)|rate|judge|"
            rf"like) (?:that|this|it|the) (?:\w+ ){{0,6}}(?:as|for|in|like) (?:an?|the|my|our|his|"
            rf"her) (?:\w+ ){{0,3}}{_WORK}\b"
        ),
    ),
    (
        (
            [
                "writ",
                "wrote",
                "drafting",
                "working on",
                "sample",
                "bit",
                "piece",
                "page",
                "act",
                "excerpt",
                "pass",
                "line",
            ],
            _WORKS,
        ),
        (
            r"\b(?:writing|write|wrote|drafting|working on|sample|bit|piece|page|extract|excerpt|passage|line) (?:\w+ "
            rf")?(?:of|from|for|in) (?:an?|the|my|our|his|her|their) (?:\w+ ){{0,2}}{_WORK}\b"
        ),
    ),
    (
        (["line", "sentence", "paragraph", "page", "verse", "stanza", "chapter"],),
        r"\b(?:first|opening|last|second|next|closing|final) (?:line|sentence|paragraph|page|verse|stanza|chapter)s?\b",
    ),
    (
        (["protagonist", "narrator", "character", "villain", "heroine", "antagonist", "backstory", "fanfic"],),
        (
            r"\b(?:my|the|his|her|their|our) (?:\w+ )?(?:protagonist|narrator|main character|villain|heroine|"
            r"antagonist|"
            r"backstory|fanfic\w*|d&d character|dnd character)\b"
        ),
    ),
    (
        (["opening", "opener", "intro", "hook", "first line", "ending", "caption", "bio", "backstory", "monologue"],),
        (
            r"\b(?:as|for) (?:an?|the|my) (?:opening|opener|intro|hook|first line|ending|caption|bio|backstory|"
            r"monologue)\b"
        ),
    ),
    ((["job "],), r"\bjob (?:ad|advert|posting|description|listing)\b"),
    (
        (
            [
                "prologue",
                "epilogue",
                "chapter",
                "act ",
                "scene ",
                "part ",
                "verse ",
                "creative writing",
                "karaoke",
                "lyrics",
            ],
        ),
        (
            r"\bprologue\b|\bepilogue\b|(?:^|\n)\s*(?:chapter|act|scene|part|verse) (?:one|two|three|i|ii|iii|"
            r"\d+)\s*[:.,\u2014-]|\b(?:chapter|act|scene) (?:one|1|i)\b|\bfirst chapter\b|\bcreative writing\b|"
            r"\b(?:song )?lyrics\b|\bkaraoke\b"
        ),
    ),
    (
        (["profile", "bio", "post", "caption", "headline", "prompt", "blurb", "about"],),
        (
            r"\b(?:dating|tinder|hinge|bumble|grindr|linkedin|instagram|insta|twitter|okcupid|"
            r"match) (?:app )?(?:profile|bio|"
            r"post|caption|headline|prompt|blurb|about)\b|\b(?:my|a|the|this|for|short) bio\b|\bas a caption\b"
        ),
    ),
    (
        (["song", "poem", "hymn", "chorus", "verse"],),
        r"\bthe (?:song|poem|hymn|chorus|verse) (?:goes|says|starts|where)\b",
    ),
    (
        (["sound", "read", "work"], _WORKS),
        (
            r"\b(?:sound|sounds|read|reads|work|works) (?:ok|okay|good|right|natural|better|believable|convincing|"
            r"weird|"
            rf"cheesy)? ?(?:as|like|for) (?:an?|the|my) (?:\w+ ){{0,2}}{_WORK}\b"
        ),
    ),
    (
        (["line", "sentence", "phrase", "bit", "one", "part", "text"], [" into ", " in ", " to ", " mean"]),
        (
            r"\b(?:this|that|the|one|next|another|following) (?:line|sentence|phrase|bit|one|part|text)s? "
            rf"(?:(?:into|in|to) (?:{_L})|mean)\b"
        ),
    ),
    (([":"],), rf"\b(?:into|in|to) (?:{_L})\b[^.!?\n]{{0,40}}:"),
    (([":"],), rf"\b(?:{_SAID.replace(' ', '|')})\b[^.!?\n:]{{0,30}}:"),
    (
        ([" from "],),
        (
            r"\b(?:bit|line|quote|sentence|part|page|passage) from (?:a|the|my|his|her) (?:\w+ )?(?:book|novel|film|"
            r"movie|show|workbook|textbook|song|script|play|letter|template|website)\b"
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Fiction:
    """Patterns that are searched only where words stand without which they cannot fit."""

    signs: tuple[tuple[tuple[list[str], ...], re.Pattern[str]], ...]

    def search(self, low: str) -> bool:
        """Whether one of the patterns is found in a text in folded letters."""
        return any(
            all(any(word in low for word in words) for words in needed) and pattern.search(low)
            for needed, pattern in self.signs
        )


FICTION = Fiction(tuple((needed, re.compile(pattern)) for needed, pattern in _SIGNS))
"""Anywhere in a message: nothing in it is taken for what its writer says of themselves."""
