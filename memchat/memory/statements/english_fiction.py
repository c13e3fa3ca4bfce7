"""Words by which an English message says that it holds a text: a story, a caption, a profile, a line to translate."""

import re

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
FICTION = re.compile(
    rf"\b(?:an?|the|this|that|my|any|better|decent|ok|okay) (?:\w+ ){{0,2}}{_PART} {_OF} (?:an?|the|my|our|his|her|their|"
    rf"this) (?:\w+ ){{0,3}}{_WORK}\b"
    rf"|\b(?:good|decent|better|strong|weak|cheesy|nice|cool|catchy|interesting|believable) (?:enough )?(?:(?:for|as) "
    rf"(?:an?|the|my) (?:\w+ )?)?(?:{_WORK}|start|opening|opener|hook|first line)\b"
    rf"|\b(?:does|is|was|would|could|how(?:'s| is| about| does)|what(?:'s| do you think) (?:of|about)|rate|judge|"
    rf"like) (?:that|this|it|the) (?:\w+ ){{0,6}}(?:as|for|in|like) (?:an?|the|my|our|his|her) (?:\w+ ){{0,3}}{_WORK}\b"
    rf"|\b(?:writing|write|wrote|drafting|working on|sample|bit|piece|page|extract|excerpt|passage|line) (?:\w+ )?(?:of|from|for|in) "
    rf"(?:an?|the|my|our|his|her|their) (?:\w+ ){{0,2}}{_WORK}\b"
    r"|\b(?:first|opening|last|second|next|closing|final) (?:line|sentence|paragraph|page|verse|stanza|chapter)s?\b"
    r"|\b(?:my|the|his|her|their|our) (?:\w+ )?(?:protagonist|narrator|main character|villain|heroine|antagonist|"
    r"backstory|fanfic\w*|d&d character|dnd character)\b"
    r"|\bprologue\b|\bepilogue\b|(?:^|\n)\s*(?:chapter|act|scene|part|verse) (?:one|two|three|i|ii|iii|\d+)\s*[:.,\u2014-]"
    r"|\b(?:chapter|act|scene) (?:one|1|i)\b|\bfirst chapter\b|\bcreative writing\b"
    r"|\b(?:dating|tinder|hinge|bumble|grindr|linkedin|instagram|insta|twitter|okcupid|match) (?:app )?(?:profile|bio|"
    r"post|caption|headline|prompt|blurb|about)\b|\b(?:my|a|the|this|for|short) bio\b|\bas a caption\b|\b(?:song )?lyrics\b|"
    r"\bthe (?:song|poem|hymn|chorus|verse) (?:goes|says|starts|where)\b|\bkaraoke\b"
    rf"|\b(?:sound|sounds|read|reads|work|works) (?:ok|okay|good|right|natural|better|believable|convincing|weird|cheesy)?"
    rf" ?(?:as|like|for) (?:an?|the|my) (?:\w+ ){{0,2}}{_WORK}\b"
    rf"|\b(?:this|that|the|one|next|another|following) (?:line|sentence|phrase|bit|one|part|text)s? "
    rf"(?:(?:into|in|to) (?:{_L})|mean)\b|\b(?:into|in|to) (?:{_L})\b[^.!?\n]{{0,40}}:"
    rf"|\bhow (?:do|would|can|should) (?:you|u|i|we) (?:say|write|put|translate|spell|pronounce)\b"
    r"|\b(?:wrote|writes|written|said|says|goes|reads|begins|starts|opens|sent|sings|signed|answered|replied|texted|"
    r"posted)\b[^.!?\n:]{0,30}:"
    r"|\b(?:bit|line|quote|sentence|part|page|passage) from (?:a|the|my|his|her) (?:\w+ )?(?:book|novel|film|movie|show|"
    r"workbook|textbook|song|script|play|letter|template|website)\b"
)
"""Anywhere in a message: nothing in it is taken for what its writer says of themselves."""
