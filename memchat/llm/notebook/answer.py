"""The notebook's reply: answers from what is known, with day and source, and plain words where nothing is known."""

import re
from collections.abc import Sequence

from memchat.domain import Context, Layer, Role
from memchat.llm.notebook import last_talk, questions, telling, topics
from memchat.llm.notebook.facts import (
    Fact,
    Said,
    ToolAnswer,
    earlier_here,
    known,
    said_before,
    told_here,
    without_replaced,
)
from memchat.llm.notebook.learn import learn
from memchat.llm.notebook.questions import Ask
from memchat.llm.notebook.small_talk import Talk, talk_of
from memchat.llm.notebook.telling import Room
from memchat.llm.notebook.wording import is_english, line, listed, quoted
from memchat.memory.language import OTHER, folded, language_of
from memchat.memory.statements.sentences import LOOKED_AT, own_words, question_words

ENOUGH = 0.5
"""Share of a question's words that a note or a past sentence must hold to answer it."""
MOST_SAID = 3
"""Past exchanges quoted in one answer."""

_RETOLD = re.compile(r"""["”」…]\s?[(（]s[0-9]+\.[0-9]+[)）]""")  # as `telling.quotes` ends a quote
# What no search can add to.
_TOLD_FROM_HERE = frozenset(
    {questions.WHO, questions.ABILITY, questions.EVERYTHING, questions.BEFORE, questions.TODAY, questions.UNFINISHED}
)


def searches(context: Context, tools: frozenset[str]) -> list[str]:
    """What the `recall` tool is to be asked for this message: whatever the shown passages do not answer."""
    room = _room(context, [], tools)
    text = question_words(context.user)
    asked = [] if talk_of(folded(text)) is Talk.HOW else questions.asks(text)
    return [ask.text for ask in asked if not _answered(ask, room)][:2]


def reply(context: Context, answers: Sequence[ToolAnswer], tools: frozenset[str]) -> str:
    """The whole reply. `answers` are this turn's tool calls with their results, `tools` the names of those on offer."""
    text = question_words(context.user)
    room = _room(context, answers, tools)
    talk = talk_of(folded(text))
    asked = [] if talk is Talk.HOW else questions.asks(text)
    said = [*_about_learning(answers, room.language)]
    if "remember" not in tools and learn(own_words(context.user), context.now):
        said.append(line("not_learning", room.language))
    if asked:
        said.append(_answers(asked, room, tools))
    elif not said:
        said.append(_plain(talk, room, tools))
    if len(text) > LOOKED_AT:
        said.append(line("cut", room.language, n=f"{LOOKED_AT:,}"))
    return "\n\n".join(one for one in said if one)


def language_in(context: Context) -> str:
    """The language to answer in: the message's own, its script helped by what the user wrote before."""
    before = [message.text for message in reversed(context.turns) if message.role is Role.USER]
    notes = [passage.text for passage in context.kept if passage.layer in {Layer.PROFILE, Layer.NOTE}]
    text = own_words(context.user) or context.user.text[:LOOKED_AT]
    return language_of(text[:LOOKED_AT], [*before, *notes])


def _room(context: Context, answers: Sequence[ToolAnswer], tools: frozenset[str]) -> Room:
    facts = known(context, answers)
    if "remember" not in tools:
        facts = without_replaced(facts, told_here(context))
    return Room(facts, said_before(context, answers), context.now.date(), language_in(context), context)


def _answered(ask: Ask, room: Room) -> bool:
    """Whether passages already shown answer it, so that nothing has to be looked up."""
    if ask.topic in _TOLD_FROM_HERE:
        return True
    if ask.topic == questions.LAST_TIME:
        return any(one.layer is Layer.SESSION for one in room.context.kept)
    return ask.topic != questions.PAST and bool(_facts(ask, room)[0])


def _facts(ask: Ask, room: Room) -> tuple[list[Fact], bool]:
    """Facts that answer, and whether they are all of the topic because the named thing was not among them."""
    if ask.topic == questions.OPEN:
        return topics.matching(ask.text, room.facts, ENOUGH), False
    found = topics.facts_for(ask, room.facts)
    held, named = topics.narrowed(ask, found, room.today)
    if named and not held and ask.topic in {questions.EAT, "allergy"}:
        return found, bool(found)
    if not held:
        held = topics.matching(ask.text, room.facts, ENOUGH)
    return held, False


def _answers(asked: Sequence[Ask], room: Room, tools: frozenset[str]) -> str:
    """One answer to all that was asked: what is known in one sentence with its sources, then the rest."""
    told: list[tuple[Ask, list[Fact]]] = []
    others: list[str] = []
    missing: list[Ask] = []
    for ask in asked:
        special = _special(ask, room, tools)
        facts, only = ([], False) if special else _facts(ask, room)
        past = [] if special or (facts and ask.topic != questions.PAST) else _past(ask, room)
        if special:
            others.append(special)
        elif past:
            others.append(telling.quotes(past, room))
        elif only:
            others.append(line("only", room.language, what=telling.told([(ask, facts)], room)))
        elif facts:
            told.append((ask, facts))
        else:
            missing.append(ask)
    parts = [telling.told(told, room)] if told else []
    parts += others
    if missing:
        parts.append(_missing(missing, room, tools, alone=not parts))
    return "\n".join(parts)


def _special(ask: Ask, room: Room, tools: frozenset[str]) -> str:
    """The answer to what is no question about a fact or past words; empty for those."""
    if ask.topic in {questions.WHO, questions.ABILITY}:
        return line(ask.topic, room.language)
    if ask.topic == questions.EVERYTHING:
        return telling.everything(room) or line("nothing_at_all" if tools else "nothing_here", room.language)
    if ask.topic == questions.BEFORE:
        earlier = earlier_here(room.context)[:1]
        return telling.quotes(earlier, room) if earlier else line("nothing_before", room.language)
    telling_of = _TOLD_BY.get(ask.topic)
    return telling_of(room) if telling_of else ""


def _past(ask: Ask, room: Room) -> list[Said]:
    least = ENOUGH if ask.topic != questions.PAST else ENOUGH / 2
    earlier = [one for one in earlier_here(room.context) if ask.topic == questions.PAST]
    here = {one.ref for one in earlier} | {_here(room.context)}
    pool = [one for one in room.said if one.ref not in here] + earlier
    found = topics.matching_words(ask.text, pool, least)
    # The notebook's own refusals quote nothing that anybody decided.
    found = [one for one in found if one.speaker != "assistant" or not _own_line(one.text)]
    # Nor does a quote of a quote, each time it is asked for, say more than the words themselves.
    found = [one for one in found if one.speaker != "assistant" or not _RETOLD.search(one.text)] or found
    return list({(one.ref, one.speaker): one for one in found}.values())[:MOST_SAID]


def _here(context: Context) -> str:
    return f"s{context.user.session_id}.{context.user.turn}"


def _own_line(text: str) -> bool:
    lines = (
        line(name, lang) for name in ("no_model", "unknown", "nothing_found", "who") for lang in ("en", "hant", "hans")
    )
    return any(text.strip().startswith(one[:20]) for one in lines)


def _today(room: Room) -> str:
    now = room.context.now
    day = f"{now:%A}, {now.day} {now:%B %Y}"
    if not is_english(room.language):
        day = f"{now.year} 年 {now.month} 月 {now.day} 日星期{'一二三四五六日'[now.weekday()]}"
    return line("today", room.language, day=day, time=f"{now:%H:%M}")


_TOLD_BY = {
    questions.TODAY: _today,
    questions.LAST_TIME: last_talk.last_time,
    questions.UNFINISHED: last_talk.still_open,
}


def _missing(missing: Sequence[Ask], room: Room, tools: frozenset[str], *, alone: bool) -> str:
    """What is not known: about the user, about the past, or a question for a real model."""
    if not alone:
        asked = listed([quoted(one.text, room.language) for one in missing], room.language)
        return line("unknown_too", room.language, what=asked)
    if all(one.topic == questions.PAST for one in missing):
        return line("nothing_found", room.language)
    if any(one.personal for one in missing):
        return line("unknown" if "remember" in tools else "unknown_here", room.language)
    return _no_model(room)


def _no_model(room: Room) -> str:
    """Said in full once a conversation, then shorter, in turn."""
    before = [message for message in room.context.turns if message.role is Role.ASSISTANT]
    if not any("memchat setup" in message.text for message in before):
        return line("no_model", room.language)
    return line("no_model_2" if room.context.user.turn % 2 else "no_model_3", room.language)


def _about_learning(answers: Sequence[ToolAnswer], language: str) -> list[str]:
    """What became of the facts of this turn."""
    done = [answer for answer in answers if answer.name == "remember"]
    by_status: dict[str, list[ToolAnswer]] = {}
    for answer in done:
        by_status.setdefault(str(answer.result.get("status", "ignored")), []).append(answer)
    said = []
    if by_status.get("active"):
        said.append(line("noted", language))
    elif by_status.get("refreshed"):
        said.append(line("known", language))
    waiting = [quoted(str(one.arguments.get("text", "")), language) for one in by_status.get("pending", [])]
    if waiting:
        said.append(line("waits", language, what=listed(waiting, language)))
    for one in by_status.get("ignored", []):
        why = str(one.result.get("why") or one.result.get("error") or "?").rstrip(".")
        said.append(line("ignored", language, what=quoted(str(one.arguments.get("quote", "")), language), why=why))
    return [" ".join(said) if is_english(language) else "".join(said)] if said else []


def _plain(talk: Talk, room: Room, tools: frozenset[str]) -> str:
    """Neither a question nor a fact: a greeting, a request for a real model, another language, or something to keep."""
    names = [fact.text for fact in room.facts if fact.field == "display_name"]
    name = (", " if is_english(room.language) else "，") + names[0] if names else ""
    if talk in {Talk.HELLO, Talk.BYE}:
        return line(talk.value, room.language, name=name)
    if talk in {Talk.THANKS, Talk.HOW, Talk.NOD}:
        return line(talk.value, room.language)
    if talk is Talk.REQUEST:
        return _no_model(room)
    if room.language == OTHER:
        return _foreign(room, tools)
    if not tools:
        return line("not_saved", room.language)
    return line("saved" if room.context.user.turn % 2 else "saved_2", room.language)


def _foreign(room: Room, tools: frozenset[str]) -> str:
    if not tools:
        return line("not_saved", room.language)
    said = any(line("foreign", OTHER)[:30] in one.text for one in room.context.turns if one.role is Role.ASSISTANT)
    return line("foreign_2" if said else "foreign", OTHER)
