"""What a message teaches about its writer, by rule: plain first-person statements in English and Chinese.

Questions, hypotheses, role-play, quoted text and moods teach nothing. Only the first LOOKED_AT characters are read.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime

from memchat.domain import Draft
from memchat.llm.notebook import learn_chinese, learn_english
from memchat.llm.notebook.language import HAN, folded
from memchat.llm.notebook.rules import NOTE, Found
from memchat.llm.notebook.sentences import BLANK, LOOKED_AT, sentences

MOST = 12
"""Facts taken from one message at most: who states more pastes a list."""


def learn(text: str, now: datetime) -> list[Draft]:
    """Drafts for what `text`, typed at `now` by the user, says of them; `field` is empty for a note.

    Each `quote` is a substring of `text`. Days are made absolute from `now`.
    """
    typed = text[:LOOKED_AT]
    drafts: dict[tuple[str, str], Draft] = {}
    for found, start in _found(typed, now.date()):
        quote = typed[start + found.start : start + found.end]
        field = "" if found.field == NOTE else found.field
        drafts.setdefault((field, folded(found.text)), Draft(found.text, quote, field))
        if len(drafts) == MOST:
            break
    return list(drafts.values())


def placed(draft: Draft, fields: Collection[str]) -> tuple[str, str]:
    """Field and text as they are kept: as a note in the user's own words where the field is not configured.

    `fields` are the configured ones; empty takes any.
    """
    field = draft.field or NOTE
    if fields and field != NOTE and field not in fields:
        return NOTE, draft.quote
    return field, draft.text


def _found(text: str, today: date) -> Iterator[tuple[Found, int]]:
    """Facts, each with the offset of its sentence."""
    all_of_them = list(sentences(text))
    alone = not any(sentence.asks for sentence in all_of_them)
    for sentence in all_of_them:
        chinese = bool(HAN.search(sentence.text))
        speaker = learn_chinese if chinese else learn_english
        if speaker.FRAME.search(folded(sentence.text)):
            return
        told = sentence.text
        if sentence.asks:
            asked = speaker.QUESTION.search(folded(told))
            told = told[: asked.start()] if asked else ""
        found = list(speaker.statements(told, today, alone=alone))
        if chinese and not found:
            found = list(learn_english.statements(told, today, alone=alone))
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
