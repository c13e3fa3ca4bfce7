"""The last day on which what somebody says of themselves holds, where their words name one.

"In Lisbon until Friday", "for the next two weeks", "exam next Friday": English, Spanish, German and Chinese. What only
begins ("since May", "from Monday on"), comes again ("every Friday", a birthday), is over, or is wanted by a day names
no end. Weeks end on Sunday. "Until December" and "until next year" end with the first day of it, for nobody says more;
"through December" and "until next week" with its last.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from unicodedata import combining

from memchat.memory.language import HAN, folded
from memchat.memory.quoting import fold
from memchat.memory.statements import ending_chinese
from memchat.memory.statements.days import FARTHEST, ahead_of, coming_day, end_of, month_end, real, weekday

_MONTHS = (
    ("january", "jan", "enero", "januar"),
    ("february", "feb", "febrero", "februar"),
    ("march", "mar", "marzo", "marz", "maerz"),
    ("april", "apr", "abril"),
    ("may", "mayo", "mai"),
    ("june", "jun", "junio", "juni"),
    ("july", "jul", "julio", "juli"),
    ("august", "aug", "agosto"),
    ("september", "sept", "sep", "septiembre"),
    ("october", "oct", "octubre", "oktober", "okt"),
    ("november", "nov", "noviembre"),
    ("december", "dec", "diciembre", "dic", "dezember", "dez"),
)
_DAYS = (
    ("monday", "lunes", "montag"),
    ("tuesday", "martes", "dienstag"),
    ("wednesday", "miercoles", "mittwoch"),
    ("thursday", "jueves", "donnerstag"),
    ("friday", "viernes", "freitag"),
    ("saturday", "sabado", "samstag"),
    ("sunday", "domingo", "sonntag"),
)
_SMALL = (
    ("a", "an", "one", "un", "una", "ein", "eine", "einen"),
    ("two", "a couple of", "dos", "zwei"),
    ("three", "tres", "drei"),
    ("four", "cuatro", "vier"),
    ("five", "cinco", "funf"),
    ("six", "seis", "sechs"),
    ("seven", "siete", "sieben"),
    ("eight", "ocho", "acht"),
    ("nine", "nueve", "neun"),
    ("ten", "diez", "zehn"),
)
_UNITS = {"d": "days?|dias?|tage?[ns]?", "w": "weeks?|semanas?|wochen?", "m": "months?|mes(?:es)?|monate?[ns]?"}
_UNITS |= {"y": "years?|anos?|jahre?[ns]?"}


def _any(table: tuple[tuple[str, ...], ...]) -> str:
    return "|".join(sorted((name for names in table for name in names), key=len, reverse=True))


_UNIT = "|".join(_UNITS.values())
_MONTH = rf"(?P<month>{_any(_MONTHS)})\b\.?"
_YEAR = r"(?:,? (?:del? )?(?P<year>20\d\d)\b)?"
_ARTICLE = r"(?:(?:the|el|la|los|las|den|dem|der|die|das|zum|zur|al) )?"
_NEXT = r"next|coming|proxim[oa]s?|nachste[nmrs]?|kommende[nmrs]?"
_END = r"end of|fin(?:al(?:es)?)? del?|ende(?: des)?"
_THIS = r"this|est[ae]|diese[nmrs]?"
_WEEKDAY = rf"(?:(?:{_any(_DAYS)}),? (?:the |el |den )?)?"
_COUNT = rf"(?P<count>\d{{1,3}}|{_any(_SMALL)})"
_PERIOD = rf"(?P<unit>weekend|fin de semana|wochenendes?|{_UNIT})\b"
# A day, week, month or year as it may be named, the longer ways first.
_DAY = (
    r"(?P<iso>\d{4}-\d\d-\d\d)\b",
    rf"{_ARTICLE}{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of| de)? {_MONTH}{_YEAR}",
    rf"{_ARTICLE}{_WEEKDAY}{_MONTH} (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:){_YEAR}",
    r"(?:den |zum )?(?P<day>\d{1,2})\.(?P<number>\d{1,2})\.(?P<year>20\d\d)?",
    rf"{_ARTICLE}(?:(?P<next>{_NEXT}) |(?:{_THIS}) )?(?P<weekday>{_any(_DAYS)})\b",
    r"(?P<word>(?:the )?day after tomorrow|pasado manana|ubermorgen|tomorrow|manana|morgen|today|hoy|heute)\b",
    rf"{_ARTICLE}(?P<end>{_END}) {_ARTICLE}(?:(?P<next>{_NEXT}) |(?:{_THIS}) )?(?:{_PERIOD}|{_MONTH}{_YEAR})",
    rf"{_ARTICLE}(?:(?P<next>{_NEXT}) |(?P<this>{_THIS}) ){_PERIOD}",
    rf"{_ARTICLE}{_PERIOD} (?P<next>que viene|proxim[oa])\b",
)
_MONTH_OR_YEAR = (rf"{_MONTH}{_YEAR}", r"(?P<year>20\d\d)\b")
_BARE_DAY = r"(?:the|el|den|zum) (?P<day>\d{1,2})(?:st|nd|rd|th|\.)?(?!\w|:\d)(?! (?:uhr|o'clock))"
_UNTIL = r"\b(?P<whole>through|thru) |\b(?:until|till|up to|hasta|bis(?: zum| zur)?)(?: about| around)? |(?<!\w)'?til "
# Who says where they are and for how long means from now on; who names years, or what they do, may mean till now.
_STAYS = "in|at|here|away|off|visiting|stay(?:ing)?|abroad|leave|travell?ing|en|aqui|bin|bleibe"
_SHORT = "days?|weeks?|months?|dias?|semanas?|mes(?:es)?|tage?|wochen?|monate?"
_LASTS = (
    rf"\b(?:{_NEXT}) {_COUNT} (?P<unit>{_UNIT})\b",
    rf"\b(?:another|otr[oa]s?|weitere|noch) (?:{_COUNT} )?(?P<unit>{_UNIT})\b",
    rf"\b(?:for|durante|por|fur) {_ARTICLE}(?:{_NEXT}) (?P<unit>{_UNIT})\b",
    rf"\b{_COUNT} more (?P<unit>{_UNIT})\b",
    rf"\b{_COUNT} (?P<unit>{_UNIT}) (?:more|mas|longer|langer)\b",
    rf"\b(?:{_STAYS})\b[^.;]*? (?:for|por|durante|fur) {_COUNT} (?P<unit>{_SHORT})\b",
    rf"\b(?:in|dentro de) {_COUNT} (?P<unit>{_UNIT})\b",
)
# Such words name a beginning, a limit, or a day that comes again: no end.
_NO_END = (
    r"\b(?:birthday|born|anniversary|cumpleanos|nacid?[oa]?|geburtstag|geboren|since|seit(?:dem)?|desde|every|each|cada|"
    r"jede[nrs]?|los (?:lunes|martes|miercoles|jueves|viernes)|(?:lunes|martes|miercoles|jueves) y|"
    r"todos los|todas las|starting|beginning|begins?|as of|onwards?|ab|a partir de|by|before|"
    r"after(?! tomorrow)|antes de|despues de|vor|nach dem|usually|always|normally|siempre|immer)\b|\bfrom .{1,30} on\b"
)
_PAST = (
    r"\b(?:was|were|had|did|went|got|came|flew|took|saw|met|bought|moved|started|began|married|died|left|became|lived|"
    r"worked|stayed|finished|ago|last|yesterday|used to|been|(?:i|we|he|she|they) \w+ed|ayer|vivi|vivia|fui|fue|era|"
    r"estuve|trabaje|trabajaba|me mude|pasad[oa](?! manana)|gestern|letzte[nmrs]?|war|hatte|wohnte|lebte|arbeitete)\b"
)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def last_day(words: str, today: date) -> date | None:
    """The last day on which it holds, seen from `today`; None where the words name none, or one that is over."""
    low = "".join(letter for letter in folded(fold(words)) if not combining(letter))
    found = ending_chinese.last_day(low, today) if HAN.search(low) else _western(low, today)
    return found if found is not None and found >= today else None


# English, Spanish, German.

Named = Mapping[str, str | None]


def _western(low: str, today: date) -> date | None:
    if _compiled(_PAST).search(low):
        return None
    for until in _compiled(_UNTIL).finditer(low):
        for pattern in (*_DAY, *_MONTH_OR_YEAR, _BARE_DAY):
            if match := _compiled(pattern).match(low, until.end()):
                return _until(match.groupdict(), today, whole=until["whole"] is not None)
    if _compiled(_NO_END).search(low):
        return None
    for pattern in _LASTS:
        if match := _compiled(pattern).search(low):
            named = match.groupdict()
            return ahead_of(_number(named.get("count") or "a"), _unit(named["unit"] or ""), today)
    return _planned(low, today)


def _planned(low: str, today: date) -> date | None:
    """The day of a plan; a month or a year needs its preposition."""
    opened = (rf"\b(?:in|im|en) {pattern}" for pattern in _MONTH_OR_YEAR)
    for pattern in (*(rf"(?<!\w){pattern}" for pattern in _DAY), *opened):
        if match := _compiled(pattern).search(low):
            named = match.groupdict()
            found = _last(named, today)
            dated = named.get("year") or named.get("iso")
            return None if found is None or (not dated and found - today > FARTHEST) else found
    return None


def _until(named: Named, today: date, *, whole: bool) -> date | None:
    """The last day of what ends with a day; with a month or a year, the first of it unless the `whole` is meant."""
    last = _last(named, today)
    if last is None or whole or any(named.get(name) for name in ("iso", "day", "end", "weekday", "word")):
        return last
    if named.get("month"):
        return last.replace(day=1)
    unit = _unit(named.get("unit") or "years")
    if unit not in "my" or named.get("this"):
        return last
    return date(last.year, last.month if unit == "m" else 1, 1)


def _last(named: Named, today: date) -> date | None:  # noqa: PLR0911 - a way to name a day each
    """The last day of the day, week, month or year that is named."""
    year = int(named.get("year") or 0)
    if iso := named.get("iso"):
        return real(int(iso[:4]), int(iso[5:7]), int(iso[8:]))
    if name := named.get("weekday"):
        return weekday(_place(name, _DAYS), today, next_week=bool(named.get("next")))
    if word := named.get("word"):
        return today + timedelta(2 if word.endswith(("after tomorrow", "pasado manana", "ubermorgen")) else _near(word))
    if unit := named.get("unit"):
        return end_of(_unit(unit), today, ahead=bool(named.get("next")))
    month = int(named.get("number") or 0) or (_place(named["month"] or "", _MONTHS) + 1 if named.get("month") else 0)
    if day := named.get("day"):
        return coming_day(int(day), month, year, today)
    if month:
        return month_end(year or today.year + (month < today.month), month)
    return date(year, 12, 31)


def _near(word: str) -> int:
    return 0 if word in ("today", "hoy", "heute") else 1


def _place(name: str, table: tuple[tuple[str, ...], ...]) -> int:
    return next(place for place, names in enumerate(table) if name in names)


def _number(count: str) -> int:
    return int(count) if count.isdecimal() else _place(count, _SMALL) + 1


def _unit(name: str) -> str:
    """`d`, `w`, `m`, `y`, or `e` for a weekend."""
    return next((unit for unit, pattern in _UNITS.items() if _compiled(pattern).fullmatch(name)), "e")
