"""Chinese first-person statements, both scripts, and what they teach. What is unclear is left alone."""

import re
from collections.abc import Iterator
from datetime import date

from memchat.memory.language import folded
from memchat.memory.statements.chinese_clauses import before_tail, clauses, pieces, with_time
from memchat.memory.statements.chinese_days import (
    A_DAY,
    AIMED,
    ASKED,
    BIRTHDAY,
    COMING,
    LEFT,
    MOVED,
    NOT_PLANS,
    OWN_PLAN,
    SETTLED,
    STANDING,
    STAY,
    TITLED,
)
from memchat.memory.statements.chinese_lists import NEAR, OWNED
from memchat.memory.statements.chinese_manner import is_standing, said_in_passing
from memchat.memory.statements.chinese_names import animal, asked_birthday, called, named_kin
from memchat.memory.statements.chinese_others import MEETS, NEARBY, OTHER_SUBJECT, TELLS_OF_OTHER, last_spoke_other
from memchat.memory.statements.chinese_rules import (
    CHANGES,
    DATED,
    STYLE,
    Section,
)
from memchat.memory.statements.chinese_sections import (
    first_fitting,
    section_marks,
    style_marks,
    worth_bare,
    worth_reading,
)
from memchat.memory.statements.chinese_silence import (
    ALL_OF_IT,
    ASKS,
    ASKS_BACK,
    BECAME,
    DOUBTED,
    FRAME,
    NEARLY,
    PASSING,
    PAST,
    QUESTION,
    STAYS_TRUE,
    TAKEN_BACK,
    THEN,
    UNSAID,
    UNSURE,
    WISHED,
)
from memchat.memory.statements.dates import When, date_in_chinese
from memchat.memory.statements.rules import NOTE, Found

__all__ = ["FRAME", "QUESTION", "UNSAID", "statements"]

_SELF = re.compile(r"(?:平常|平时|通常)?(?:我们|我|本人|咱|俺|请叫我|叫我)")
_SPEAKS = re.compile(r"(?:平常|平时|通常)?(?:我|本人|咱|俺)|[^我]{0,10}(?:叫|喊|称呼)我")
_TELLS_TO_KEEP = re.compile(
    r"(?:请|帮我|请帮我|要|你要|请你)*(?:记住|记得|记下|记一下|记下来|备忘)[：:，, ]*(?P<v>[^，, ].{3,60})$"
)
_LABEL = re.compile(r"\s*[:：]\s*我")
_SOMEBODY = re.compile(rf"[^跟和与没]{{0,12}}?(?:{NEAR}|{OWNED})")


def statements(sentence: str, today: date, *, alone: bool, before: str = "") -> Iterator[Found]:
    """The facts in one sentence. `alone`: the message asks nothing, so a wish of style is no wish for one answer.

    `before` is what the message says before the sentence.
    """
    low = folded(sentence)
    style = is_standing(low, alone=alone)
    if not (worth_reading().search(low) or (style and style_marks().search(low))) or ALL_OF_IT.search(low):
        return
    if told_once := said_in_passing(sentence, low):
        yield told_once
        return
    bare = bool(worth_bare().search(low)) and not (before and last_spoke_other(folded(before[-NEARBY:])))
    reader = _Reader(sentence, low, today, style=style, bare=bare)
    reader.read()
    if not reader.found and not reader.doubted and (told := _TELLS_TO_KEEP.match(low)):
        start = told.start("v")
        reader.found = [Found(NOTE, sentence[start:].strip(" ，,"), start, len(sentence.rstrip(" ，,")))]
    yield from reader.found


class _Reader:
    """Reads the clauses of one sentence in order: who speaks, and of which day, is carried from one to the next."""

    def __init__(self, sentence: str, low: str, today: date, *, style: bool, bare: bool) -> None:
        self.sentence = sentence
        self.low = low
        self.today = today
        self.style = style
        self.found: list[Found] = []
        self.doubted = False
        self._mine = False
        self._opens = True
        self._spoke = False
        self._bare = bare
        self._moved = bool(SETTLED.search(low))
        self._left = bool(LEFT.search(low))
        self._titled = self._planned = False
        self._pet: tuple[int, int] | None = None
        self._last = ""
        self._day: tuple[int, When] | None = None
        self._silenced = False

    def read(self) -> None:
        """Fills `found`. A doubt silences what follows it; a joke, or doubt as an afterthought, what came before."""
        for start, end in clauses(self.low):
            if self._silenced and not self.low.startswith("其实我", max(0, start - 2)):
                continue
            clause = self.low[start:end]
            if ASKS_BACK.fullmatch(clause) or UNSURE.fullmatch(clause):
                self.found, self.doubted = [], True
                return
            self._clause(clause, start, end)
            if THEN.search(clause):
                self._mine = self._bare = False  # 大学在中正的时候: what follows is of that time
            self._opens = False
            self._last = clause

    def _clause(self, clause: str, start: int, end: int) -> None:
        """One clause: a doubt silences what follows, until 其實我 says what is so."""
        self._silenced = False
        if TAKEN_BACK.search(clause):
            self.found, self._mine, self.doubted = [], False, True
        elif "的话" in clause and "我" not in clause and ASKS.search(clause):
            self._mine, self.doubted = False, True
        elif DOUBTED.search(clause) or self._is_label(start, end):
            self.doubted = self._silenced = True
            self._mine = self._bare = False
            self._keep(named_kin(self.sentence, self.low, start, end))
        elif ASKS.search(clause):
            self._mine, self.doubted = False, True
        elif NEARLY.search(clause) or (PAST.search(clause) and not STAYS_TRUE.search(clause)):
            self._mine = False
            self._bare = self._bare and not TELLS_OF_OTHER.search(clause)
        elif not PASSING.search(clause):
            for first, last in pieces(self.low, start, end):
                self._piece(first, last)
        elif BECAME.search(clause) and (self._bare or self._mine):
            self._keep(self._by(CHANGES, start, before_tail(self.low, start, end)))

    def _keep(self, found: Found | None) -> None:
        if found:
            self.found.append(found)

    def _is_label(self, start: int, end: int) -> bool:
        """客户：我对海鲜过敏 is a line of a play."""
        return start < end and bool(_LABEL.match(self.low, end))

    def _piece(self, start: int, end: int) -> None:
        if born := asked_birthday(self.sentence, self.low, start, end, self._last):
            self._keep(born)
            return
        when = None
        if A_DAY.search(self.low, start, end):
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
        if self._day and STANDING.search(self.low, start, end):
            self._day = None
        told_of_other = not opens and bool(TELLS_OF_OTHER.search(self.low[start:end]))
        found = self._plan(start, end, self._day) if self._day else self._fact(start, end)
        self._planned = self._planned or self._day is not None or bool(COMING.search(self.low, start, end))
        self._day = None
        self._pet = animal(self.low, start, end) or self._pet
        self._moved = self._moved or bool(MOVED.search(self.low, start, end))
        self._titled = bool(TITLED.search(self.low, start, end))
        self._bare = not other and (opens or (self._bare and not told_of_other))
        self._keep(found or named_kin(self.sentence, self.low, start, end))
        if other or WISHED.match(self.low, start, end) or MEETS.search(self.low, start, end):
            self._mine = False
            self._bare = self._bare and not MEETS.search(self.low, start, end)

    def _opens_with_day(self, start: int, when: When | None) -> bool:
        return when is not None and when.start == 0 and bool(_SELF.match(self.low, start + when.end))

    def _fact(self, start: int, end: int) -> Found | None:
        end = before_tail(self.low, start, end)
        clause = self.low[start:end]
        timed = self.low[with_time(self.low, start) : end]
        bare = (self._bare or self._mine) and (self._titled or bool(worth_bare().search(timed)))
        bare = bare and not ASKED.match(self.low, end)  # 乳糖不耐可以喝吗 asks for anybody
        said = bool(_SPEAKS.match(clause))
        if not clause.endswith("吧"):
            last = self.found[-1] if self.found else None
            if (last or self._pet) and (named := called(self.sentence, self.low, start, end, last, self._pet)):
                self._mine, self._pet = False, None
                return named
            other = bare and bool(TELLS_OF_OTHER.search(clause))
            anybody = said or bare or self._mine or self._opens or self._spoke
            for section, marks in section_marks() if anybody else ():
                if (
                    (said or self._speaks(section, bare=bare, other=other))
                    and marks.search(timed)
                    and (found := self._by(section, start, end))
                ):
                    return found
        if self.style and style_marks().search(clause):
            return self._by(STYLE, start, end)
        return None

    def _speaks(self, section: Section, *, bare: bool, other: bool) -> bool:
        """Whether a clause without 我 may be the speaker's own for these rules; `bare` for those of that kind.

        Where it tells of somebody else, only the rules about who is near may read it.
        """
        if section.subject == "bare":
            return bare and (section.name == "near" or not other)
        return self._mine if section.subject == "held" else section.subject == "free" and (self._opens or self._spoke)

    def _by(self, section: Section, start: int, end: int) -> Found | None:
        unless = {"here": self._moved, "there": self._left, "title": self._titled}
        if not unless.get(section.name, True):
            return None
        found = None
        for first in {with_time(self.low, start): 0, start: 0} if section.subject == "bare" else (start,):
            found = found or first_fitting(section, self.sentence, self.low, first, end)
        if found and found.field == "location" and self._planned:
            return None  # 十五號飛英國，搬去曼徹斯特: what is to come
        if found and section.name in ("kin", "near") and _SOMEBODY.match(folded(found.text)):
            self._mine = False  # What follows may be said of the child, the cat.
        return found

    def _plan(self, start: int, end: int, day: tuple[int, When]) -> Found | None:
        """A plan with its day, which stands before the clause, at its head or within it."""
        anchor, when = day
        first, last = anchor + when.start, anchor + when.end
        if stay := self._stay(start, first, last):
            return stay
        if BIRTHDAY.search(self.low, start, end) or AIMED.search(self.low, start, end):
            return self._fact(start, end)
        whole = self.low[min(first, start) : end]
        if (
            NOT_PLANS.search(whole)
            or not self._own_plan(whole, max(start, last), end)
            or OTHER_SUBJECT.match(self.low, start, end)
        ):
            return None
        # The plan is read from the clause without its day: what stands before the day is only 我 and adverbs.
        body = max(start, last)
        found = first_fitting(DATED, self.sentence, self.low, body, before_tail(self.low, body, end))
        if found is None:  # 想明年五月考: a year is no day, and the rest may be an aim
            return self._fact(start, end) if when.said.isdecimal() else None
        return Found(NOTE, f"{when.said} {found.text}", min(first, start), found.end)

    def _own_plan(self, whole: str, body: int, end: int) -> bool:
        return self._mine or "我" in whole or (self._bare and bool(OWN_PLAN.match(self.low, body, end)))

    def _stay(self, start: int, first: int, last: int) -> Found | None:
        """在里斯本待到星期五: a note that ends on that day, never where somebody lives."""
        stays = STAY.match(self.low, start, first)
        if stays is None:
            return None
        when = date_in_chinese(self.sentence[first:last], self.today)
        until = date.fromisoformat(when.said) if when and re.fullmatch(r"\d{4}-\d\d-\d\d", when.said) else None
        return Found(NOTE, self.sentence[stays.start("v") : last], start, last, until)
