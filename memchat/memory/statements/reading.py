"""What a message says of its writer, by rule: plain first-person statements in English and Chinese.

Questions, hypotheses, role-play, quoted text and moods say nothing. Only the first LOOKED_AT characters are read. The
notebook proposes what stands here, and `verify.py` proves by it what any model proposes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from memchat.memory.language import HAN, folded
from memchat.memory.statements import chinese, english
from memchat.memory.statements.rules import NOTE, Found
from memchat.memory.statements.sentences import BLANK, LOOKED_AT, sentences

MOST = 12
"""Statements taken from one message at most: who makes more pastes a list."""


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


def statements(text: str, at: datetime) -> list[Statement]:
    """What `text`, typed at `at` by the user, says of them, each once, in order. Days are made absolute from `at`."""
    typed = text[:LOOKED_AT]
    stated: dict[tuple[str, str], Statement] = {}
    for found, offset in _found(typed, at.date()):
        field = "" if found.field == NOTE else found.field
        ends = None if found.until is None else datetime.combine(found.until, time.max, at.tzinfo)
        one = Statement(field, found.text, offset + found.start, offset + found.end, ends)
        stated.setdefault((field, folded(found.text)), one)
        if len(stated) == MOST:
            break
    return list(stated.values())


def _found(text: str, today: date) -> Iterator[tuple[Found, int]]:
    """Facts, each with the offset of its sentence."""
    all_of_them = list(sentences(text))
    alone = not any(sentence.asks for sentence in all_of_them)
    for sentence in all_of_them:
        is_chinese = bool(HAN.search(sentence.text))
        speaker = chinese if is_chinese else english
        if speaker.FRAME.search(folded(sentence.text)):
            return
        told = sentence.text
        if sentence.asks:
            asked = speaker.QUESTION.search(folded(told))
            told = told[: asked.start()] if asked else ""
        found = list(speaker.statements(told, today, alone=alone))
        if is_chinese and not found:
            found = list(english.statements(told, today, alone=alone))
        for one in _joined(found, sentence.text):
            if one.text.strip() and BLANK not in one.text + sentence.text[one.start : one.end]:
                yield one, sentence.start


def _joined(found: list[Found], sentence: str) -> Iterator[Found]:
    """Wishes of style in one sentence are one value: the field holds one."""
    styles = [one for one in found if one.field == "reply_style"]
    if len(styles) > 1:
        start, end = styles[0].start, styles[-1].end
        value = max(sentence.find(styles[0].text, start, end), start)
        yield Found("reply_style", sentence[value:end], start, end)
        found = [one for one in found if one.field != "reply_style"]
    yield from found
