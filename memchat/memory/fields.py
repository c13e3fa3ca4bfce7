"""What the profile's fields hold: text, several values, a time zone, a language; the values of each in one form."""

import re
from datetime import timedelta, timezone, tzinfo
from functools import cache

from memchat.memory.quoting import fold

MANY = {"goals": 3}
"""Fields that hold several values, and how many (memory.md, section 1); every other field holds one."""

NAME = "display_name"
ZONE = "timezone"
LANGUAGE = "preferred_language"
LANGUAGE_CHARACTERS = 60
"""Of a language, or of a list of three with what each is for; more is a wish of style."""

NO_ZONE = "not a time zone that is known"
LONG_LANGUAGE = f"longer than a language: over {LANGUAGE_CHARACTERS} characters"

FURTHEST = timedelta(hours=14)
"""From UTC that any clock on Earth stands: Kiribati's Line Islands."""
REGIONS = frozenset(
    ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
)
"""Of the IANA names those that end in a place; the others (US/Central, Etc/GMT+8) end in words that name no place."""
PLACES_IN_HAN = {
    "台北": "Asia/Taipei",
    "臺北": "Asia/Taipei",
    "台湾": "Asia/Taipei",
    "台灣": "Asia/Taipei",
    "上海": "Asia/Shanghai",
    "北京": "Asia/Shanghai",
    "香港": "Asia/Hong_Kong",
    "新加坡": "Asia/Singapore",
    "東京": "Asia/Tokyo",
    "东京": "Asia/Tokyo",
    "首爾": "Asia/Seoul",
    "首尔": "Asia/Seoul",
    "倫敦": "Europe/London",
    "伦敦": "Europe/London",
    "紐約": "America/New_York",
    "纽约": "America/New_York",
}
"""Zones have English names only; these are the places that people who write Chinese name most."""

SPOKEN = {
    "uk": "Europe/London",
    "british": "Europe/London",
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
    "atlantic": "America/Halifax",
    "central_european": "Europe/Berlin",
    "taiwan": "Asia/Taipei",
    "china": "Asia/Shanghai",
}
"""What people call a zone instead of its name; of several that share it the one with most people."""

_OFFSET = re.compile(r"(?:utc|gmt)? ?(?:(?P<sign>[+-]) ?(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?)?")


class NoValueError(ValueError):
    """A text is no value of its field. `why` says so in a few plain words; `hint` names the nearest values, or none."""

    def __init__(self, why: str, hint: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.hint = hint


def normal(field: str, text: str) -> str:
    """The value in the one form in which the field keeps it: `lisbon` -> `Europe/Lisbon`. Raises NoValueError.

    `text` is clean already. Fields that nobody knows here, and those of the configuration, hold text.
    """
    if field == ZONE:
        return _zone_name(text)
    if field == LANGUAGE and len(text) > LANGUAGE_CHARACTERS:
        raise NoValueError(LONG_LANGUAGE, "How long or how formal answers shall be is reply_style.")
    return text


def zone(name: str) -> tzinfo | None:
    """The zone with this name, in any form that `normal` takes; None without one."""
    from zoneinfo import ZoneInfo

    try:
        # What is stored is the whole name: reading the list of all of them is left out where it can be.
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        pass  # no name of a zone, a name outside their folder, or a folder
    try:
        name = _zone_name(name)
    except NoValueError:
        return None
    offset = _offset(name)
    return ZoneInfo(name) if offset is None else timezone(offset)


def _zone_name(text: str) -> str:
    offset = _offset(text)
    if offset is not None:
        minutes = int(offset.total_seconds()) // 60
        sign = "-" if minutes < 0 else "+"
        return f"UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}" if minutes else "UTC"
    # "uk time", 台灣時間
    wanted = fold(text).removesuffix(" time").strip().replace(" ", "_")
    in_han = text.strip().removesuffix("時間").removesuffix("时间")
    found = SPOKEN.get(wanted) or _names().get(wanted) or PLACES_IN_HAN.get(in_han)
    if found is None:
        raise NoValueError(NO_ZONE, _nearest(wanted))
    return found


def _offset(text: str) -> timedelta | None:
    """The offset that `UTC+8`, `+08:00` or `GMT` names; None where it names none."""
    found = _OFFSET.fullmatch(fold(text))
    if found is None or not found[0].strip():
        return None
    offset = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
    if offset > FURTHEST:
        return None
    return -offset if found["sign"] == "-" else offset


@cache
def _names() -> dict[str, str]:
    """Each IANA name by its folded self, and by its last part where that is a place: `lisbon` -> `Europe/Lisbon`."""
    # Listing them with `zoneinfo.available_timezones` opens 600 files; the package it reads has them in one.
    from importlib.resources import files

    names = files("tzdata").joinpath("zones").read_text("utf-8").split()
    # Of two names with one last part (America/Louisville, America/Kentucky/Louisville) the newer is the longer one.
    places = {
        name.rpartition("/")[2].casefold(): name
        for name in sorted(names, key=len)
        if name.partition("/")[0] in REGIONS and "/" in name
    }
    return places | {name.casefold(): name for name in names}


def _nearest(wanted: str) -> str:
    """A hint that names the zones most like what was wanted, or how they are written."""
    import difflib

    found = difflib.get_close_matches(wanted[:60], _names(), n=3, cutoff=0.7)
    named = dict.fromkeys(_names()[one] for one in found)
    return f"Nearest: {', '.join(named)}." if named else "Name it like Asia/Taipei, Lisbon or UTC+8."
