"""Numbers as Chinese writes them, in figures or in simplified characters: 31, 三十一, 二〇二五; and guesses: 两三."""

import re
from functools import cache

_DIGITS = {letter: number for number, letter in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}


def number(word: str) -> int:
    """A number below a hundred by its tens, or any number digit by digit. Raises ValueError for what is none."""
    if word.isdecimal():
        return int(word)
    tens, ten, ones = word.rpartition("十")
    if not ten:
        return int("".join(str(_DIGITS.get(letter, letter)) for letter in word))
    return 10 * (number(tens) if tens else 1) + (number(ones) if ones else 0)


def bounds(word: str) -> tuple[int, int]:
    """The least and the most that a count may be: 三 (3, 3), 两三 (2, 3), 十五六 (15, 16), 二三十 (20, 30)."""
    guess = _guess().fullmatch(word)
    if guess is None:
        return number(word), number(word)
    base, unit = number(guess["base"] or "〇"), 10 if guess["ten"] else 1
    return base + unit * number(guess["least"]), base + unit * number(guess["most"])


@cache
def _guess() -> re.Pattern[str]:
    digit = "[一二三四五六七八九两]"
    return re.compile(f"(?P<base>{digit}?十)?(?P<least>{digit})(?P<most>{digit})(?P<ten>(?<!十..)十)?")
