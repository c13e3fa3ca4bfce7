"""What memchat has cost and saved so far: tokens and money by day and model, the share of memory, what it learned."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo

from memchat.domain import CONVERSATIONS_ONLY, Change, Changed, Resent, Spent, Usage
from memchat.memory import prompt
from memchat.ports import Store

ANSWERS = frozenset({"chat", "without", "btw"})
"""Purposes of calls that answer the user; all others are made for memory."""

SAMPLE = 20_000  # characters of a conversation that are counted, to tell how many tokens its words make
SAMPLED = 100  # conversations, those with the most words: counting all of many years would take seconds
_USUAL = 0.25  # tokens a character where nothing could be counted: English prose

Count = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Prices:
    """`of` gives US dollars for a model and tokens, None where no price is known; `local` hosts are this computer."""

    of: Callable[[str, Usage], float | None]
    local: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Spending:
    """What calls came to. `usage.cost` is in US dollars, None where no price is known of any.

    `stayed` counts the calls whose words did not leave this process, `unpriced` those to other computers without a
    known price, which `usage.cost` leaves out; `memory_tokens` is what they were shown of memory.
    """

    calls: int = 0
    usage: Usage = field(default_factory=Usage)
    memory_tokens: int = 0
    unpriced: int = 0
    stayed: int = 0

    @property
    def sent(self) -> int:
        """The calls that left this process."""
        return self.calls - self.stayed

    @property
    def cached_share(self) -> float | None:
        """0 to 1; None where nothing was sent."""
        return self.usage.cached_tokens / self.usage.prompt_tokens if self.usage.prompt_tokens else None

    def plus(self, other: "Spending") -> "Spending":
        """The sum."""
        return Spending(
            self.calls + other.calls,
            self.usage.plus(other.usage),
            self.memory_tokens + other.memory_tokens,
            self.unpriced + other.unpriced,
            self.stayed + other.stayed,
        )


@dataclass(frozen=True, slots=True)
class Row:
    """What one model came to, on one day or (`day` None) altogether. `host` is empty where nothing left the process."""

    day: date | None
    model: str
    host: str
    spending: Spending


@dataclass(frozen=True, slots=True)
class Saved:
    """What chats sent beside what they would have sent had each message carried all that was said before it."""

    chats: int
    turns: int
    sent: int
    everything: int

    @property
    def tokens(self) -> int:
        """What was spared; below zero where memory has cost more than it spared, as in short chats."""
        return self.everything - self.sent


@dataclass(frozen=True, slots=True)
class Week:
    """What became of memories in the week that begins on `monday`."""

    monday: date
    learned: int = 0
    confirmed: int = 0
    superseded: int = 0
    forgotten: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """All of it. `days` are newest first, and of a day those that sent most first; so are `models`.

    `answers` are the calls that answered the user, `shown` the tokens of memory in them, head and tail together;
    `upkeep` are the calls made for memory. `saved` is None where no chat was answered by another process. `weeks` are
    newest first, those in which nothing happened left out. `since` is the day of the first call. `answered_here` are
    the turns that a model in this process answered.
    """

    since: date | None
    total: Spending
    days: tuple[Row, ...]
    models: tuple[Row, ...]
    answers: Spending
    upkeep: Spending
    saved: Saved | None
    weeks: tuple[Week, ...]
    answered_here: int = 0

    @property
    def shown(self) -> int:
        """Tokens of memory that went along with answers."""
        return self.answers.memory_tokens


def report(store: Store, count: Count, prices: Prices, now: datetime) -> Report:
    """What the books come to; days and weeks begin in the zone of `now`. Raises StoreError."""
    spent = store.usages.spent()
    zone = now.tzinfo
    days = _rows(spent, prices, lambda one: _day(one.at, zone))
    return Report(
        since=min((row.day for row in days if row.day), default=None),
        total=_sum(spent, prices),
        days=tuple(sorted(days, key=lambda row: (-(row.day or date.min).toordinal(), *_weight(row)))),
        models=tuple(sorted(_rows(spent, prices, lambda _: None), key=_weight)),
        answers=_sum((one for one in spent if one.purpose in ANSWERS), prices),
        upkeep=_sum((one for one in spent if one.purpose not in ANSWERS), prices),
        saved=saved(store, count),
        weeks=_weeks(store.usages.changed(), zone),
        answered_here=store.usages.answered_here(),
    )


def here(store: Store, session_id: int, prices: Prices) -> Spending:
    """What one conversation has come to so far, with what was learned from it."""
    return _sum(store.usages.spent(session_id), prices)


def saved(store: Store, count: Count) -> Saved | None:
    """What was spared against resending everything, computed from the transcripts; None without any chat to compare.

    For each turn k of a chat that another process answered, an assistant that resends everything and remembers nothing
    would have sent

        everything(k) = its instructions + the questions and replies of turns 1 to k-1, in full + the question of turn k

    without tools and their results, and once only, however often the turn was asked again; its instructions are
    those of a chat that reads no memory. What memchat sent for it is the prompt tokens of all its calls as they
    were booked, with tools, memory, all rounds and tries. So both err against memchat. Only turns that still stand
    are counted. Tokens of `everything` are its characters times the tokens a character of that conversation,
    counted by `count` on a sample of at most 20,000 characters; for all but the hundred longest conversations the
    mean of those is taken. Money is not told: of what is resent a provider's cache would have spared a part that
    nobody can know.
    """
    talks = store.usages.resent()
    if not talks:
        return None
    rates = _rates(store, talks, count)
    mean = sum(rates.values()) / len(rates)
    turns, instructions = sum(talk.turns for talk in talks), count(prompt.instructions(CONVERSATIONS_ONLY, None))
    words = sum(round(talk.characters * rates.get(talk.session_id, mean)) for talk in talks)
    return Saved(len(talks), turns, sum(talk.sent for talk in talks), turns * instructions + words)


def _rates(store: Store, talks: Sequence[Resent], count: Count) -> dict[int, float]:
    """Tokens a character in each of the longest conversations."""
    rates = {}
    for talk in sorted(talks, key=lambda talk: -talk.characters)[:SAMPLED]:
        pieces = store.usages.sample(talk.session_id, SAMPLE)
        characters = sum(map(len, pieces))
        rates[talk.session_id] = count("\n".join(pieces)) / characters if characters else _USUAL
    return rates


def _day(at: datetime, zone: tzinfo | None) -> date:
    return at.astimezone(zone).date()


def _spending(one: Spent, prices: Prices) -> Spending:
    """Calls whose cost was not known when they were made may have a price by now; on this computer none has."""
    usage, unpriced = one.usage, 0
    paid = one.host and not prices.local(one.host)
    if usage.cost is None and paid and usage.prompt_tokens + usage.completion_tokens:
        usage = replace(usage, cost=prices.of(one.model, usage))
        unpriced = one.calls if usage.cost is None else 0
    return Spending(one.calls, usage, one.memory_tokens, unpriced, 0 if one.host else one.calls)


def _sum(spent: Iterable[Spent], prices: Prices) -> Spending:
    total = Spending()
    for one in spent:
        total = total.plus(_spending(one, prices))
    return total


def _rows(spent: Iterable[Spent], prices: Prices, day_of: Callable[[Spent], date | None]) -> list[Row]:
    """Summed by day, model and host."""
    sums: dict[tuple[date | None, str, str], Spending] = {}
    for one in spent:
        key = (day_of(one), one.model, one.host)
        sums[key] = sums.get(key, Spending()).plus(_spending(one, prices))
    return [Row(*key, spending) for key, spending in sums.items()]


def _weight(row: Row) -> tuple[int, str, str]:
    return -row.spending.usage.prompt_tokens, row.model, row.host


def _weeks(changes: Iterable[Changed], zone: tzinfo | None) -> tuple[Week, ...]:
    """Summed by the week, the newest first."""
    weeks: dict[date, dict[Change, int]] = {}
    for one in changes:
        day = _day(one.at, zone)
        sums = weeks.setdefault(day - timedelta(days=day.weekday()), dict.fromkeys(Change, 0))
        sums[one.change] += one.number
    return tuple(
        Week(monday, **{change.value: number for change, number in weeks[monday].items()})
        for monday in sorted(weeks, reverse=True)
    )
