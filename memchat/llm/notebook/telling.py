"""Facts and past words as sentences, each with the day and the turn it comes from."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from memchat.domain import Context
from memchat.llm.notebook import topics
from memchat.llm.notebook.facts import Fact, Said, left_out
from memchat.llm.notebook.questions import Ask
from memchat.llm.notebook.wording import day_named, is_english, line, listed, phrase, quoted
from memchat.memory.language import HAN, folded

# How past words are introduced, by who spoke them.
_HOW = {"user": "you_said", "pasted": "you_pasted", "assistant": "i_said"}
_SECOND_PERSON = {
    "likes": "like",
    "loves": "love",
    "enjoys": "enjoy",
    "adores": "adore",
    "prefers": "prefer",
    "hates": "hate",
    "dislikes": "dislike",
    "detests": "detest",
    "loathes": "loathe",
    "does not": "do not",
    "doesn't": "don't",
    "lives": "live",
    "no longer lives": "no longer live",
    "works": "work",
    "speaks": "speak",
    "has": "have",
    "teaches": "teach",
    "runs": "run",
    "owns": "own",
    "can't": "can't",
    "cannot": "cannot",
    "was born": "were born",
    "born": "were born",
    "grew up": "grew up",
    "will": "will",
    "starts": "start",
    "wants": "want",
}  # fmt: skip - pairs read best side by side
_VERB = re.compile(rf"(?:{'|'.join(sorted(_SECOND_PERSON, key=len, reverse=True))})\b")
_STATE = re.compile(
    r"(?:no longer |not |very )?(?:allergic|fond|a (?:big |huge )?fan|into|keen|crazy|passionate|afraid|scared|"
    r"terrified|from|born|learning|"
    r"studying|married|single|engaged|divorced|widowed|vegetarian|vegan|pescatarian|diabetic|left-handed|\d+ years "
    r"old|\w+ing to)\b"
)


_ZH_OF_YOU = re.compile(
    r"最?(?:喜欢|喜爱|爱|热爱|偏)|[不讨怕有说讲住跟和养教会吃对]|害怕|受不了|在[^2]|来自|老家|家乡|结婚|单身|已婚|"
    r"离婚|生日|"
    r"妹|姐|哥|弟|妈|爸|父|母|太太|老婆|妻|先生|老公|丈夫|儿|女|小孩|孩子|爷|奶|外[公婆]|叔|伯|舅|阿|姑|表|堂|室友|男友"
)


@dataclass(frozen=True, slots=True)
class Room:
    """What an answer is made from: facts, past words, the day, and the language it is given in."""

    facts: list[Fact]
    said: list[Said]
    today: date
    language: str
    context: Context


def told(answered: Sequence[tuple[Ask, list[Fact]]], room: Room) -> str:
    """`Alice. On 22 Nov you said: ...`, or for several questions one sentence that answers them all."""
    facts = list(dict.fromkeys(fact for _, found in answered for fact in found))
    english = is_english(room.language)
    clauses = [_clause(ask, found, room.language, alone=len(answered) == 1) for ask, found in answered]
    if not english:
        return "，".join(clauses) + "。" + sources(facts, room)
    lead = ", and ".join(clauses)
    return f"{lead[:1].upper()}{lead[1:]}{'' if lead.endswith('.') else '.'} {sources(facts, room)}"


def sources(facts: Sequence[Fact], room: Room) -> str:
    """When and in which words it was said, one clause a turn."""
    by_turn: dict[tuple[date | None, str, bool], list[Fact]] = {}
    for fact in facts:
        by_turn.setdefault((fact.day, fact.source or fact.ref, bool(fact.quote and fact.source)), []).append(fact)
    said = [_source(day, ref, found if spoken else [], room) for (day, ref, spoken), found in by_turn.items()]
    if is_english(room.language):
        joined = "; ".join(said)
        return joined[:1].upper() + joined[1:]
    return "；".join(said)


def quotes(said: Sequence[Said], room: Room) -> str:
    """Past words with their day and place, a list when there are several."""
    lines = []
    for one in said:
        words = quoted(one.text, room.language)
        spoken = line(_HOW[one.speaker], room.language, day=_on(one.day, room), words=words, ref=one.ref)
        lines.append(spoken[:1].upper() + spoken[1:])
    return "\n".join(f"- {one}" for one in lines) if len(lines) > 1 else "".join(lines)


def everything(room: Room) -> str:
    """All that is known, a line each, as `memory list` has it: profile, then notes, oldest first; empty for nothing."""
    lines = []
    facts = [*room.facts, *left_out(room.context, room.facts)]
    for fact in sorted(facts, key=lambda fact: (not fact.field, topics.age(fact))):
        name = f"{fact.field}: " if fact.field else ""
        day = day_named(fact.day, room.today, room.language)
        where = ", ".join(dict.fromkeys(one for one in (fact.ref, day, fact.source) if one))
        left, right = ("（", "）") if not is_english(room.language) else (" (", ")")
        lines.append(f"- {name}{fact.text}{left}{where}{right}")
    return "\n".join(lines)


def _clause(ask: Ask, found: Sequence[Fact], language: str, *, alone: bool) -> str:
    """One answer without its source; alone it is the bare value, beside others a clause."""
    values = list(dict.fromkeys(_spoken(fact, ask.topic, language) for fact in found))
    whole = any(not fact.field and topics.value(fact, ask.topic) == fact.text for fact in found)
    spoken = listed(values, language)
    if whole and not is_english(language) and all(_ZH_OF_YOU.match(folded(one)) for one in values):
        return f"你{spoken}"
    return spoken if alone or whole else phrase(ask.topic, spoken, language)


def _spoken(fact: Fact, topic: str, language: str) -> str:
    value = topics.value(fact, topic)
    return value if fact.field or value != fact.text else to_you(value, language)


def to_you(note: str, language: str) -> str:
    """A note said to the user: `loves hiking` -> `you love hiking`; as it stands where its form is not known."""
    low = folded(note)
    if not is_english(language):
        return note
    verb = _VERB.match(low)
    if verb:
        return f"you {_SECOND_PERSON[verb.group()]}{note[verb.end() :]}"
    if topics.about_another(low) and not HAN.search(note):
        return f"your {note}"
    return f"you are {note}" if _STATE.match(low) else note


def _source(day: date | None, ref: str, found: Sequence[Fact], room: Room) -> str:
    words = [quoted(one, room.language) for one in dict.fromkeys(fact.quote for fact in found)]
    if not words:
        return line("kept", room.language, day=_on(day, room), ref=ref)
    said = listed(words, room.language) if is_english(room.language) else "".join(words)
    return line("you_said", room.language, day=_on(day, room), words=said, ref=ref)


def _on(day: date | None, room: Room) -> str:
    named = day_named(day, room.today, room.language)
    return f"on {named}" if named and is_english(room.language) else named
