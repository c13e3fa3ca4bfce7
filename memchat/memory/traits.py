"""What one message is by itself, to one question: who said it, what kind it is, when it was said and how long ago."""

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from memchat.domain import Candidate, Memory, Role
from memchat.memory.occurrences import Read
from memchat.memory.query import Query, told_within

_SHORT = 40  # words; up to here a message tells the more the longer it is
_LONG = 600  # characters; from here on it is a report or code, of which a piece is found by chance
# A time that is longer shuts out nothing to speak of; one of a few days is as good as a date.
_SEASON = timedelta(days=100)
_DAYS = timedelta(days=3)
_TIME = re.compile(
    r"\b(yesterday|today|tonight|tomorrow|last|ago|next|since|weeks?|weekend|months?|years?|\w+day|january|february|march"
    r"|april|may|june|july|august|september|october|november|december|morning|evening|\d{4}"
    r"|gestern|heute|morgen|wochen?|monate?n?|jahre?n?|\w+tag|ayer|hoy|manana|semanas?|mes|meses|ano|anos)\b"
    r"|昨|今天|明天|周|月|去年|今年|号|日"
)
_NUMBER = re.compile(
    r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|dozen|couple|few|several|twice|once|half|hundred|thousand"
    r"|zwei|drei|vier|funf|sechs|sieben|acht|neun|zehn|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez)\b"
    r"|[一二两三四五六七八九十百千]"
)
_PLACE = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+")


@dataclass(frozen=True, slots=True)
class Ages:
    """After how many days a note, and a past exchange, counts half as fresh; from then on it ages no more."""

    notes: int = 90
    episodes: int = 365

    def of(self, one: Candidate, memory: Memory | None, now: datetime) -> float:
        """0 for what was just said, or is pinned, to 1 for what is as old as its half-life or older."""
        if memory is not None and memory.pinned:
            return 0.0
        half = timedelta(days=self.episodes if memory is None else self.notes)
        return min(max(now - one.at, timedelta(0)) / half, 1.0)


def of_speaker(query: Query, role: Role) -> dict[str, float]:
    """Whether it is by the one who is named, or addressed."""
    told = 0.0 if query.asked is None else 1.0 if role is query.asked else -1.0
    return {"named": told if query.named else 0.0, "addressed": 0.0 if query.named else told}


def of_form(query: Query, one: Candidate, read: Read) -> dict[str, float]:
    """What kind of a message it is: one that tells or one that asks; and whether it holds what the question wants."""
    return {
        "length": math.log1p(min(read.words, _SHORT)) / math.log1p(_SHORT),
        "long": max(0.0, math.log(max(one.length, 1) / _LONG)),
        "asks": float(asks(one.text)),
        "when": float(query.when and _TIME.search(read.text) is not None),
        "many": float(query.many and _NUMBER.search(read.text) is not None),
        "where": float(query.where and _PLACE.search(one.text) is not None),
    }


def of_time(query: Query, one: Candidate) -> dict[str, float]:
    """Whether it was said at a time that the question speaks of, or soon after; and on one of its few days."""
    during = day = 0.0
    for period in query.periods:
        length = period.until - period.since
        if length <= _SEASON and period.since <= one.at < period.until + told_within(period):
            during = 1.0
            day = max(day, float(length <= _DAYS and one.at < period.until))
    return {"during": during, "day": day}


def asks(text: str) -> bool:
    return "?" in text or "？" in text
