"""What a message says of its writer, by rule: plain first-person statements in English, Chinese and Spanish.

Questions, hypotheses, role-play, quoted text and moods say nothing. Only the first LOOKED_AT characters are read. The
notebook proposes what stands here in English and Chinese, and `verify.py` proves by it what any model proposes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import lru_cache

from memchat.memory.language import HAN, folded
from memchat.memory.statements import chinese, english
from memchat.memory.statements import spanish as in_spanish
from memchat.memory.statements.ending import last_day
from memchat.memory.statements.rules import NOTE, Found
from memchat.memory.statements.sentences import BLANK, LOOKED_AT, Sentence, sentences

MOST = 12
"""Statements taken from one message at most: who makes more pastes a list."""
LATIN = re.compile("[A-Za-z]{2}")  # where a Chinese sentence may hold an English one
MAY_END = ("", "location", "occupation", "work_context")
"""Fields, and notes, that may hold until a day: in Lisbon until Friday."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One fact as it was stated: `field` is empty for a note, `text` the plain value or a short sentence.

    It rests on characters `start` to `end` of the message, and holds until `valid_to`, where its words name an end.
    """

    field: str
    text: str
    start: int
    end: int
    valid_to: datetime | None = None


def statements(text: str, at: datetime, *, spanish: bool = False) -> list[Statement]:
    """What `text`, typed at `at` by the user, says of them, each once, in order. Days are made absolute from `at`.

    `spanish`: Spanish sentences are read too.
    """
    return list(_statements(text[:LOOKED_AT], at, spanish))


@lru_cache(maxsize=2)  # each fact of a message is proved by the same statements, one after the other
def _statements(typed: str, at: datetime, spanish: bool) -> tuple[Statement, ...]:
    stated: dict[tuple[str, str], Statement] = {}
    for found, offset in _found(typed, at.date(), spanish=spanish):
        field = "" if found.field == NOTE else found.field
        one = Statement(field, found.text, offset + found.start, offset + found.end)
        one = replace(one, valid_to=_ends(one, found.until, typed, at))
        stated.setdefault((field, folded(found.text)), one)
        if len(stated) == MOST:
            break
    return tuple(stated.values())


def _ends(one: Statement, until: date | None, text: str, at: datetime) -> datetime | None:
    """The end of the last day on which it holds, where its words name one; a name or a goal has none."""
    if one.field not in MAY_END:
        return None
    day = until or last_day(text[one.start : one.end], at.date())
    return None if day is None else datetime.combine(day, time.max, at.tzinfo)


def warm() -> None:
    """Load and compile the rules, a fifth of a second that the first message need not wait for."""
    for text in ("I live here.", "我住這裡。"):
        statements(text, datetime(2000, 1, 1, tzinfo=UTC))


def framed(text: str, end: int) -> bool:
    """Whether a sentence that begins before `end` makes the text something to work on: to translate, to write, to say.

    Whatever follows it says nothing of the user.
    """
    for sentence in sentences(text[:LOOKED_AT]):
        if sentence.start >= end:
            break
        low = folded(sentence.text)
        if (chinese if HAN.search(low) else english).FRAME.search(low) or in_spanish.frames(low):
            return True
    return False


def _found(text: str, today: date, *, spanish: bool) -> Iterator[tuple[Found, int]]:
    """Facts, each with the offset of its sentence."""
    all_of_them = list(sentences(text))
    low = folded("\n".join(sentence.text for sentence in all_of_them))
    spanish = spanish and in_spanish.MAY_BE.search(low) is not None
    if _unsaid(low, spanish=spanish):
        return
    alone = not any(sentence.asks for sentence in all_of_them) and not english.TASK.search(low)
    mine = True
    for sentence in all_of_them:
        is_chinese = bool(HAN.search(sentence.text))
        speaker = chinese if is_chinese else english
        if speaker.FRAME.search(folded(sentence.text)) or (spanish and in_spanish.frames(folded(sentence.text))):
            return
        found = _in_spanish(sentence, today, alone=alone) if spanish and not is_chinese else []
        told = sentence.text
        if sentence.asks:
            asked = speaker.QUESTION.search(folded(told))
            told = told[: asked.start()] if asked else ""
        if is_chinese:  # a clause without 我 may be about whoever was spoken of before
            found = list(chinese.statements(told, today, alone=alone, before=text[: sentence.start]))
        elif not found:
            found = list(english.statements(told, today, alone=alone, mine=mine))
        if is_chinese and not found and LATIN.search(told):
            found = list(english.statements(told, today, alone=alone, mine=mine))
        mine = mine and not english.OTHERS.search(folded(sentence.text))
        for one in _joined(found, sentence.text):
            if one.text.strip() and BLANK not in one.text + sentence.text[one.start : one.end]:
                yield one, sentence.start


def _unsaid(low: str, *, spanish: bool) -> bool:
    """Whether a message in small letters is a joke or a story, or asks not to be kept."""
    if english.UNSAID.search(low) or chinese.UNSAID.search(low) or english.FICTION.search(low):
        return True
    return spanish and in_spanish.UNSAID.search(in_spanish.plain(low)) is not None


def _in_spanish(sentence: Sentence, today: date, *, alone: bool) -> list[Found]:
    """What a Spanish sentence says before it asks; one that only asks says nothing."""
    told = sentence.text
    asked = in_spanish.QUESTION.search(in_spanish.plain(folded(told)))
    if asked:
        told = told[: asked.start()]
    elif sentence.asks or "¿" in told:
        return []
    return list(in_spanish.statements(told, today, alone=alone))


def _joined(found: list[Found], sentence: str) -> Iterator[Found]:
    """Wishes of style in one sentence are one value: the field holds one."""
    styles = [one for one in found if one.field == "reply_style"]
    if len(styles) > 1:
        start, end = styles[0].start, styles[-1].end
        value = max(sentence.find(styles[0].text, start, end), start)
        yield Found("reply_style", sentence[value:end], start, end)
        found = [one for one in found if one.field != "reply_style"]
    yield from found
