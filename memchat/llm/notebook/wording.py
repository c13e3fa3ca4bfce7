"""What the notebook says, in English and both Chinese scripts: short, honest, rarely the same line twice running."""

from datetime import date
from functools import cache

from memchat.llm.notebook.lines import LINES
from memchat.memory.language import SIMPLIFIED, TRADITIONAL

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@cache
def _lines() -> dict[str, list[str]]:
    """The lines by key, read when first needed: English, then the two scripts if there are."""
    found: dict[str, list[str]] = {}
    key = ""
    for line_ in LINES.splitlines():
        body = line_.strip()
        if body.startswith("+ "):
            blank = " " if body.isascii() else ""
            found[key][-1] += blank + body[2:]
        elif line_.startswith(" "):
            found[key].append(body)
        elif body:
            key = body
            found[key] = []
    return found


def line(key: str, language: str, /, **values: str) -> str:
    """One line in a language, its holes filled; languages other than the two are answered in English."""
    said = _lines()[key]
    place = {TRADITIONAL: 1, SIMPLIFIED: 2}.get(language, 0)
    text = said[place] if place < len(said) else said[0]
    # All holes at once: a value may hold braces itself.
    parts = text.split("{")
    rest = [part.split("}", 1) for part in parts[1:]]
    return (parts[0] + "".join(values.get(name, "") + after for name, after in rest)).strip()


def phrase(topic: str, value: str, language: str) -> str:
    """A clause that tells a value: `your name is Alice`."""
    key = f"as_{topic}"
    return line(key, language, v=value) if key in _lines() else value


def day_named(day: date | None, today: date, language: str) -> str:
    """`22 Nov`, or `11 月 22 日`; the year only when it is another one; nothing for no day."""
    if day is None:
        return ""
    if not is_english(language):
        year = "" if day.year == today.year else f"{day.year} 年 "
        return f"{year}{day.month} 月 {day.day} 日"
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {_MONTHS[day.month - 1]}{year}"


def quoted(words: str, language: str) -> str:
    """In the language's own marks, cut at 200 characters."""
    words = " ".join(words.split())
    words = words if len(words) <= 200 else words[:199] + "…"
    return f'"{words}"' if is_english(language) else f"「{words}」"


def listed(words: list[str], language: str) -> str:
    """`a, b and c`, or `a、b、c`."""
    if not is_english(language):
        return "、".join(words)
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def is_english(language: str) -> bool:
    """Whether to answer in English: in English, and wherever no Chinese was written."""
    return language not in {TRADITIONAL, SIMPLIFIED}
