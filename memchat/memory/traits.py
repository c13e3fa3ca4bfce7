"""What messages are by themselves, to one question: who said each, what kind it is, when it was said and how long ago.

Each trait is a column: a number for each of the candidates.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

from memchat.domain import Candidate, Memory
from memchat.memory.occurrences import Read
from memchat.memory.query import Query, told_within

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Numbers: TypeAlias = "npt.NDArray[np.float64]"
Columns: TypeAlias = dict[str, Numbers]

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
_MIDDLE = 5.5  # of importance, which runs from 1 to 10


@dataclass(frozen=True, slots=True)
class Ages:
    """After how many days a note, and a past exchange, counts half as fresh; from then on it ages no more."""

    notes: int = 90
    episodes: int = 365

    def of(self, some: Sequence[Candidate], memories: Mapping[int, Memory], now: datetime) -> Numbers:
        """0 for what was just said, or is pinned, to 1 for what is as old as its half-life or older."""
        import numpy as np

        notes, episodes = timedelta(days=self.notes), timedelta(days=self.episodes)
        age = np.array([(now - one.at) / (notes if one.message_id in memories else episodes) for one in some])
        age[[one.message_id in memories and memories[one.message_id].pinned for one in some]] = 0.0
        found: Numbers = np.clip(age, 0.0, 1.0)
        return found


def of_speaker(query: Query, some: Sequence[Candidate]) -> Columns:
    """Whether it is by the one who is named, or addressed."""
    import numpy as np

    told = np.zeros(len(some))
    if query.asked is not None:
        told = np.array([1.0 if one.role is query.asked else -1.0 for one in some])
    nothing = np.zeros(len(some))
    return {"named": told, "addressed": nothing} if query.named else {"named": nothing, "addressed": told}


def of_form(query: Query, some: Sequence[Candidate], read: Read, rows: "npt.NDArray[np.int64]") -> Columns:
    """What kind of a message it is: one that tells or one that asks; and whether it holds what the question wants.

    `rows` says which of the texts that were read is which candidate's.
    """
    import numpy as np

    low = [read.texts[row] for row in rows] if query.when or query.many else []
    nothing = np.zeros(len(some))
    return {
        "length": np.log1p(np.minimum(read.words[rows], _SHORT)) / math.log1p(_SHORT),
        "long": np.maximum(0.0, np.log(np.array([max(one.length, 1) for one in some], np.float64) / _LONG)),
        "asks": np.array([float(asks(one.text)) for one in some], np.float64),
        "when": np.array([_TIME.search(text) is not None for text in low], np.float64) if query.when else nothing,
        "many": np.array([_NUMBER.search(text) is not None for text in low], np.float64) if query.many else nothing,
        "where": np.array([_PLACE.search(one.text) is not None for one in some], np.float64)
        if query.where
        else nothing,
    }


def of_time(query: Query, some: Sequence[Candidate]) -> Columns:
    """Whether it was said at a time that the question speaks of, or soon after; and on one of its few days."""
    import numpy as np

    during, day = np.zeros(len(some)), np.zeros(len(some))
    for period in query.periods:
        length = period.until - period.since
        if length <= _SEASON:
            told = period.until + told_within(period)
            during[[period.since <= one.at < told for one in some]] = 1.0
            if length <= _DAYS:
                day[[period.since <= one.at < period.until for one in some]] = 1.0
    return {"during": during, "day": day}


def of_age(
    query: Query, some: Sequence[Candidate], memories: Mapping[int, Memory], ages: Ages, now: datetime
) -> Columns:
    """How old it is, unless a time is asked for; and how important. `memories` are those among them, by number."""
    import numpy as np

    importance = np.zeros(len(some))
    for place, one in enumerate(some):
        if one.message_id in memories:
            importance[place] = (memories[one.message_id].importance - _MIDDLE) / (10 - _MIDDLE)
    age = np.zeros(len(some)) if query.periods else ages.of(some, memories, now)
    return {"age": age, "importance": importance}


def asks(text: str) -> bool:
    """Whether there is a question mark."""
    return "?" in text or "\uff1f" in text
