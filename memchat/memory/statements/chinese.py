"""Chinese first-person statements, both scripts, and what they teach. What is unclear is left alone."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache

from memchat.memory.language import folded
from memchat.memory.statements import chinese_life_words as life_words
from memchat.memory.statements import chinese_words as words
from memchat.memory.statements.chinese_clauses import before_tail, clauses, pieces
from memchat.memory.statements.chinese_grammar import HOW, openings, spelled_out
from memchat.memory.statements.chinese_lists import NEAR, OWNED
from memchat.memory.statements.chinese_others import MEETS, OTHER_SUBJECT
from memchat.memory.statements.chinese_rules import DATED, SECTIONS, STYLE, Section
from memchat.memory.statements.chinese_silence import (
    ALL_OF_IT,
    ASKS,
    ASKS_BACK,
    DOUBTED,
    FRAME,
    NEARLY,
    PASSING,
    PAST,
    QUESTION,
    STUDIED,
    TAKEN_BACK,
    UNSAID,
    UNSURE,
    WISHED,
)
from memchat.memory.statements.dates import When, date_in_chinese
from memchat.memory.statements.rules import NOTE, Found, Rule, apply, read

__all__ = ["FRAME", "QUESTION", "UNSAID", "statements"]

_SELF = re.compile(r"(?:平常|平时|通常)?(?:我们|我|本人|咱们|俺|请叫我|叫我)")
_SPEAKS = re.compile(r"(?:平常|平时|通常)?(?:我|本人|咱们|俺)|[^我]{0,10}(?:叫|称呼)我")
_LASTING = re.compile(r"以后|从现在起|从今以后|从今天起|今后|每次|一律|总是|永远|之后都|之后|都用|都要")
_TELLS_TO_KEEP = re.compile(
    r"(?:请|帮我|请帮我|要|你要|请你)*(?:记住|记得|记下|记一下|记下来|备忘)[：:，, ]*(?P<v>[^，, ].{3,60})$"
)
_LABEL = re.compile(r"\s*[:：]\s*我")
_BIRTHDAY = re.compile(r"生日|出生")
_AIMED = re.compile(r"目标|梦想|心愿|志愿|愿望|.(?:之前|以前|前|内)[^来]")
_NOT_PLANS = re.compile(r"告诉你|跟你说|问你|再说|试试|再聊|找你|联络你|联系你|跟你聊|睡|会下雨|下雨|不知道|还没")
_STAYS = re.compile(r"(?:在|住)[\u3400-\u9fffa-z ]{1,14}?到$")
_STAY = re.compile(r"(?:我们|我)[^在住，]{0,8}?(?P<v>(?:在|住在?)[\u3400-\u9fffa-z ]{1,14}?到)$")
_A_DAY = re.compile(r"[\d月日号周年后]|星期|礼拜|明[天早晚]")
_SOMEBODY = re.compile(rf"[^跟和与没]{{0,12}}?(?:{NEAR}|{OWNED})")
_OWNS = re.compile(
    r"(?:有|养).*?(?P<who>(?:妹妹|弟弟|儿子|女儿|小孩|孩子|[\u3400-\u9fff]{0,2}(?:猫|狗)|[\u3400-\u9fff]{1,2}))$"
)
_CALLED = re.compile(r"(?:名字|它|他|她)*(?:叫做|叫|名叫)(?P<v>[\u3400-\u9fffa-z ]{1,12}?)$")


@cache
def _rules(section: Section) -> tuple[tuple[Rule, re.Pattern[str], str], ...]:
    """The rules of a section with how each begins, compiled when first needed."""
    return tuple(
        (rule, re.compile(rest), begins)
        for rule in read(section.table, words, life_words)
        for begins, rest in (spelled_out(rule.pattern),)
    )


def _apply(section: Section, sentence: str, low: str, start: int, end: int) -> Found | None:
    """What the first fitting rule of the section finds in the clause from `start` to `end`, or None."""
    after = openings(low, start, end)
    places = {"<W><A>": after, "<W>": after[-1:], "": [start]}
    for rule, pattern, begins in _rules(section):
        for place in places[begins]:
            if pattern.match(low, place, end) and (
                found := apply(((rule, pattern),), sentence, place, end, HOW, low=low)
            ):
                return replace(found, start=start)
    return None


@cache
def _marks() -> tuple[tuple[Section, re.Pattern[str]], ...]:
    return tuple((section, re.compile(section.marks)) for section in SECTIONS)


@cache
def _style_marks() -> re.Pattern[str]:
    return re.compile(STYLE.marks)


@cache
def _worth_reading() -> re.Pattern[str]:
    """Without one of these nothing can be learned: most sentences are passed over here."""
    return re.compile(f"[我俺咱]|本人|{SECTIONS[0].marks}|[记备]")


def statements(sentence: str, today: date, *, alone: bool) -> Iterator[Found]:
    """The facts in one sentence. `alone`: the message asks nothing, so a wish of style is no wish for one answer."""
    low = folded(sentence)
    style = alone or bool(_LASTING.search(low))
    if not (_worth_reading().search(low) or (style and _style_marks().search(low))) or ALL_OF_IT.search(low):
        return
    reader = _Reader(sentence, low, today, style=style)
    reader.read()
    if not reader.found and not reader.doubted and (told := _TELLS_TO_KEEP.match(low)):
        start = told.start("v")
        reader.found = [Found(NOTE, sentence[start:].strip(" ，,"), start, len(sentence.rstrip(" ，,")))]
    yield from reader.found


class _Reader:
    """Reads the clauses of one sentence in order: who speaks, and of which day, is carried from one to the next."""

    def __init__(self, sentence: str, low: str, today: date, *, style: bool) -> None:
        self.sentence = sentence
        self.low = low
        self.today = today
        self.style = style
        self.found: list[Found] = []
        self.doubted = False
        self._mine = False
        self._opens = True
        self._spoke = False
        self._day: tuple[int, When] | None = None

    def read(self) -> None:
        """Fills `found`. A doubt silences what follows it; a joke, or doubt as an afterthought, what came before."""
        for start, end in clauses(self.low):
            clause = self.low[start:end]
            if ASKS_BACK.fullmatch(clause) or UNSURE.fullmatch(clause):
                self.found, self.doubted = [], True
                return
            if TAKEN_BACK.search(clause):
                self.found, self._mine, self.doubted = [], False, True
            elif DOUBTED.search(clause) or self._is_label(start, end):
                self.doubted = True
                return
            elif ASKS.search(clause):
                self._mine, self.doubted = False, True
            elif PAST.search(clause):
                self._mine = False
            elif not PASSING.search(clause):
                for first, last in pieces(self.low, start, end):
                    self._piece(first, last)
            self._opens = False

    def _is_label(self, start: int, end: int) -> bool:
        """客户：我对海鲜过敏 is a line of a play."""
        return start < end and bool(_LABEL.match(self.low, end))

    def _piece(self, start: int, end: int) -> None:
        when = None
        if _A_DAY.search(self.low, start, end):
            when = date_in_chinese(self.sentence[start:end], self.today)
        if when and not self.low[start : start + when.start].strip() and not self.low[start + when.end : end].strip():
            self._day = start, when  # 下周五，...: the day of the clause that follows
            return
        other = bool(OTHER_SUBJECT.match(self.low, start, end))
        opens = bool(_SELF.match(self.low, start, end)) or self._opens_with_day(start, when)
        self._mine = not other and (self._mine or opens)
        self._spoke = not other and (self._spoke or opens)
        if when:
            self._day = start, when
        found = self._plan(start, end, self._day) if self._day else self._fact(start, end)
        self._day = None
        if found:
            self.found.append(found)
        if other or WISHED.match(self.low, start, end) or MEETS.search(self.low, start, end):
            self._mine = False

    def _opens_with_day(self, start: int, when: When | None) -> bool:
        return when is not None and when.start == 0 and bool(_SELF.match(self.low, start + when.end))

    def _fact(self, start: int, end: int) -> Found | None:
        end = before_tail(self.low, start, end)
        clause = self.low[start:end]
        said = bool(_SPEAKS.match(clause))
        if not clause.endswith("吧"):
            if self.found and (named := self._named(start, end)):
                return named
            for section, marks in _marks():
                speaks = said or (
                    self._mine
                    if section.subject == "held"
                    else section.subject == "free" and (self._opens or self._spoke)
                )
                if speaks and marks.search(clause) and (found := self._by(section, start, end)):
                    return found
        if self.style and _style_marks().search(clause):
            return self._by(STYLE, start, end)
        return None

    def _by(self, section: Section, start: int, end: int) -> Found | None:
        found = _apply(section, self.sentence, self.low, start, end)
        if found and section.name == "kin" and _SOMEBODY.match(folded(found.text)):
            self._mine = False  # What follows may be said of the child, the cat.
        return found

    def _named(self, start: int, end: int) -> Found | None:
        """养了一只柴犬，叫麻糬: the name of what the clause before has told of."""
        called = _CALLED.match(self.low, start, end)
        last = self.found[-1]
        owner = _OWNS.search(folded(last.text)) if called else None
        if not (called and owner and life_words.is_named(self.sentence[called.start("v") : called.end("v")])):
            return None
        self._mine = False
        text = (
            last.text[owner.start("who") : owner.end("who")] + "叫" + self.sentence[called.start("v") : called.end("v")]
        )
        return Found(NOTE, text, last.start, end)

    def _plan(self, start: int, end: int, day: tuple[int, When]) -> Found | None:
        """A plan with its day, which stands before the clause, at its head or within it."""
        anchor, when = day
        first, last = anchor + when.start, anchor + when.end
        if stay := self._stay(start, first, last):
            return stay
        if _BIRTHDAY.search(self.low, start, end) or _AIMED.search(self.low, start, end):
            return self._fact(start, end)
        whole = self.low[min(first, start) : end]
        if _NOT_PLANS.search(whole) or not (self._mine or "我" in whole) or OTHER_SUBJECT.match(self.low, start, end):
            return None
        # The plan is read from the clause without its day: what stands before the day is only 我 and adverbs.
        body = max(start, last)
        found = _apply(DATED, self.sentence, self.low, body, before_tail(self.low, body, end))
        if found is None:
            return None
        return Found(NOTE, f"{when.said} {found.text}", min(first, start), found.end)

    def _stay(self, start: int, first: int, last: int) -> Found | None:
        """在里斯本待到星期五: a note that ends on that day, never where somebody lives."""
        stays = _STAY.match(self.low, start, first)
        if stays is None:
            return None
        when = date_in_chinese(self.sentence[first:last], self.today)
        until = date.fromisoformat(when.said) if when and re.fullmatch(r"\d{4}-\d\d-\d\d", when.said) else None
        return Found(NOTE, self.sentence[stays.start("v") : last], start, last, until)
