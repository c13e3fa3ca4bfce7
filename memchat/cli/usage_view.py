"""What memchat has cost and saved, as lines of text: by day and model, by model, memory's share, weeks."""

from collections.abc import Sequence
from datetime import date, datetime

from memchat.actions.usage import Report, Row, Saved, Spending, Week
from memchat.cli.layout import GAP, MARGIN, MONTHS, columns, folded, many, percent, prose, right, room
from memchat.cli.money import money
from memchat.cli.terminal import Screen, one_line, pad, width

DAYS = 14  # rows of days and models at most, the newest: all of them are in `--json`
WEEKS = 8
BAR = 14  # cells of the longest bar
SHORT_BAR = 8  # names are not cut for more than that
LEAST_BAR = 4  # a bar of fewer cells tells nothing
MODEL = 20  # cells of a model's name beside numbers, at most
LABEL = 24  # cells of what a number is about
_NUMBERS = ("SENT", "CACHED", "WRITTEN", "COST")
_CHANGES = ("LEARNED", "CONFIRMED", "SUPERSEDED", "FORGOTTEN")
NOTHING = "Nothing was sent yet."


def report(screen: Screen, told: Report, now: datetime, here: Spending | None = None, turns_here: int = 0) -> list[str]:
    """`memchat usage`, and with `here`, what this conversation has come to, `/usage`.

    `turns_here` are the turns of this conversation that the notebook answered.
    """
    away = [row for row in told.days if row.host]
    lines = [""]
    if here is not None:
        lines += [*prose(screen, f"This conversation: {_here(here, turns_here)}."), ""]
    lines += _intro(screen, told, now)
    if away:
        lines += ["", *_days(screen, away, now)]
    models = [row for row in told.models if row.host]
    if len(models) > 1 and len({row.day for row in away}) > 1:
        lines += ["", *_models(screen, models)]
    if told.answers.usage.prompt_tokens + told.upkeep.usage.prompt_tokens:
        lines += ["", *_memory(screen, told)]
    if told.saved is not None:
        lines += ["", *_saved(screen, told.saved, told.shown)]
    if told.weeks:
        lines += ["", *_weeks(screen, told.weeks, now)]
    return lines


def _intro(screen: Screen, told: Report, now: datetime) -> list[str]:
    """The sum in a sentence, and whose words did not leave, or have no price."""
    since = f"Since {_day(told.since, now)}: " if told.since else ""
    sent = told.total.usage.prompt_tokens
    turns = told.answered_here
    lines = prose(screen, f"{since}{_sentence(told.total)}.") if sent else [] if turns else prose(screen, NOTHING)
    if turns:
        lines += prose(screen, f"The notebook was asked {_times(turns)}: nothing left this computer.")
    if told.total.unpriced:
        lines += prose(screen, f"Not in the cost: {many(told.total.unpriced, 'call')} without a known price.")
    return lines


def _here(here: Spending, turns: int) -> str:
    """Calls are told only where something was sent; the notebook's rounds are none of the person's questions."""
    if here.sent:
        return _sentence(here)
    return f"{many(turns, 'turn')} by the notebook" if turns else "nothing sent yet"


def _sentence(spending: Spending) -> str:
    """`1,204 calls, 2,310,400 tokens sent, 91 % from the cache, 84,200 written, $1.27`."""
    usage = spending.usage
    parts = [many(spending.sent, "call"), f"{usage.prompt_tokens:,} tokens sent"]
    parts += [f"{_share(spending)} from the cache"] if usage.prompt_tokens else []
    parts += [f"{usage.completion_tokens:,} written"]
    return ", ".join([*parts, money(usage.cost)] if usage.cost is not None else parts)


def _days(screen: Screen, rows: Sequence[Row], now: datetime) -> list[str]:
    """A row for each day and model; the day once."""
    told: list[tuple[str, str, Spending]] = []
    last: date | None = None
    for row in rows[:DAYS]:
        told.append(("" if row.day is None or row.day == last else _day(row.day, now), row.model, row.spending))
        last = row.day
    lines = _table(screen, told, days=True)
    return [*lines, *_before(screen, len(rows) - DAYS, "row")]


def _models(screen: Screen, rows: Sequence[Row]) -> list[str]:
    """A row for each model, all days together."""
    return _table(screen, [("", row.model, row.spending) for row in rows], days=False)


def _table(screen: Screen, rows: Sequence[tuple[str, str, Spending]], *, days: bool) -> list[str]:
    """Day and model, numbers at the right, and what was sent as a bar; where that is too wide they stand below."""
    numbers = [_numbers(one) for _, _, one in rows]
    cells = columns([_NUMBERS, *numbers])
    beside = sum(cells) + GAP * len(cells)
    day = max(width("DAY"), *(width(day) for day, _, _ in rows)) + GAP if days else 0
    name = max(width("MODEL"), *(width(one_line(name)) for _, name, _ in rows))
    if screen.is_terminal:
        name = min(name, max(MODEL, room(screen) - day - beside - GAP - SHORT_BAR))
    if room(screen) < day + min(name, MODEL) + beside:
        return _below(screen, rows, days=days)
    bar = min(BAR, room(screen) - day - name - beside - GAP) if screen.is_terminal else BAR
    most = max(one.usage.prompt_tokens for _, _, one in rows)
    lines = [screen.dim(MARGIN + pad("DAY" if days else "", day) + pad("MODEL", name) + _at_right(_NUMBERS, cells))]
    for (when, model, one), told in zip(rows, numbers, strict=True):
        line = MARGIN + pad(when, day) + pad(screen.fit(model, name), name) + _at_right(told, cells)
        lines.append(f"{line}{' ' * GAP}{_bar(screen, one.usage.prompt_tokens, most, bar)}".rstrip())
    return lines


def _below(screen: Screen, rows: Sequence[tuple[str, str, Spending]], *, days: bool) -> list[str]:
    """The same where a terminal is narrow: a line for day and model, and below it what was sent and what it cost."""
    lines: list[str] = []
    for day, model, one in rows:
        margin = MARGIN if day or not days else MARGIN * 2  # another model of the same day
        label = screen.fit(f"{day} {model}".strip(), room(screen) + len(MARGIN) - len(margin))
        told = f"{one.usage.prompt_tokens:,} sent, {_share(one)} cached, {money(one.usage.cost)}"
        lines += [margin + label, *prose(screen, told, indent=MARGIN * 2)]
    return lines


def _before(screen: Screen, left: int, noun: str) -> list[str]:
    return prose(screen, f"and {many(left, noun)} before: --json") if left > 0 else []


def _numbers(one: Spending) -> tuple[str, ...]:
    usage = one.usage
    return f"{usage.prompt_tokens:,}", _share(one), f"{usage.completion_tokens:,}", money(usage.cost)


def _at_right(texts: Sequence[str], cells: Sequence[int]) -> str:
    return "".join(" " * GAP + right(text, wide) for text, wide in zip(texts, cells, strict=True))


def _bar(screen: Screen, value: int, most: int, cells: int) -> str:
    """The value as a bar of at most `cells`; what is not nothing has at least one."""
    if cells < LEAST_BAR or value <= 0 or most <= 0:
        return ""
    return screen.frame("█" * max(round(cells * value / most), 1))


def _lines(screen: Screen, rows: Sequence[tuple[str, int, str]], bars: int = 0) -> list[str]:
    """`label   12,345   remark`, the first `bars` of them with a bar; a remark below where there is no room for it."""
    cells = columns([[f"{number:,}"] for _, number, _ in rows])[0]
    label = max(width(name) for name, _, _ in rows)
    label = LABEL if room(screen) >= len(MARGIN) + LABEL + cells + GAP + BAR + GAP else label
    label = min(label, max(room(screen) - len(MARGIN) - GAP - cells, 8))
    most = max(number for _, number, _ in rows)
    left = room(screen) - len(MARGIN) - label - cells - 2 * GAP
    lines = []
    for place, (name, number, remark) in enumerate(rows):
        line = f"{MARGIN * 2}{pad(screen.fit(name, label), label)}{' ' * GAP}{right(f'{number:,}', cells)}"
        told = _bar(screen, number, most, min(BAR, left)) if place < bars else screen.dim(remark)
        if told and (place < bars or width(remark) <= left or not screen.is_terminal):
            lines.append(f"{line}{' ' * GAP}{told}")
        else:
            lines += [line, *(prose(screen, remark, indent=MARGIN * 3) if remark else ())]
    return lines


def _memory(screen: Screen, told: Report) -> list[str]:
    """What memory cost: the passages that went along, and the calls that were made for it alone."""
    sent = told.answers.usage.prompt_tokens
    rows = [("shown with messages", told.shown, f"{percent(told.shown, sent)} of what they sent" if sent else "")]
    if told.upkeep.sent:
        usage = told.upkeep.usage
        cost = f", {money(usage.cost)}" if usage.cost is not None else ""
        rows.append(("summing up, learning", usage.prompt_tokens, f"in {many(told.upkeep.sent, 'call')}{cost}"))
    return [MARGIN + "What memory cost, in tokens", *_lines(screen, rows)]


def _saved(screen: Screen, told: Saved, shown: int) -> list[str]:
    """What was sent beside what resending everything would have sent: an estimate, and said to be one.

    `shown` is what went along of memory: where that is nothing, it is not what a loss comes from.
    """
    heading = f"Beside resending everything, in {many(told.turns, 'turn')} of {many(told.chats, 'chat')}"
    lines = [MARGIN + line for line in folded(screen, heading, room(screen))]
    rows = [("sent", told.sent, ""), ("everything, about", told.everything, "")]
    if told.tokens >= 0:
        return [
            *lines,
            *_lines(screen, [*rows, ("saved", told.tokens, percent(told.tokens, told.everything))], bars=2),
        ]
    what = "instructions, tools and what is remembered" if shown else "instructions and tools"
    why = f"Short chats pay for {what}; long ones earn it."
    more = _lines(screen, [*rows, ("sent more, by about", -told.tokens, "")], bars=2)
    return [*lines, *more, *prose(screen, why, indent=MARGIN * 2)]


def _weeks(screen: Screen, weeks: Sequence[Week], now: datetime) -> list[str]:
    """What became of memories, week by week, and what was learned as a bar."""
    told = weeks[:WEEKS]
    numbers = [tuple(f"{one:,}" for one in _of(week)) for week in told]
    label = max(width("WEEK OF"), *(width(_day(week.monday, now)) for week in told))
    cells = columns([_CHANGES, *numbers])
    bar = min(BAR, room(screen) - label - sum(cells) - GAP * (len(cells) + 1))
    before = _before(screen, len(weeks) - WEEKS, "week")
    if bar < -GAP:
        return [line for week in told for line in _week(screen, week, now)] + before
    most = max(week.learned for week in told)
    lines = [screen.dim(MARGIN + pad("WEEK OF", label) + _at_right(_CHANGES, cells))]
    for week, row in zip(told, numbers, strict=True):
        line = MARGIN + pad(_day(week.monday, now), label) + _at_right(row, cells)
        lines.append(f"{line}{' ' * GAP}{_bar(screen, week.learned, most, bar)}".rstrip())
    return lines + before


def _week(screen: Screen, week: Week, now: datetime) -> list[str]:
    """`16 Nov: 4 learned, 1 superseded`, where a terminal is narrow."""
    said = zip(_of(week), _CHANGES, strict=True)
    words = ", ".join(f"{number:,} {what.lower()}" for number, what in said if number)
    return [MARGIN + line for line in folded(screen, f"{_day(week.monday, now)}: {words}", room(screen))]


def _of(week: Week) -> tuple[int, ...]:
    return week.learned, week.confirmed, week.superseded, week.forgotten


def _day(day: date, now: datetime) -> str:
    """`22 Nov`, with the year where it is another one."""
    text = f"{day.day} {MONTHS[day.month - 1]}"
    return text if day.year == now.year else f"{text} {day.year}"


def _share(one: Spending) -> str:
    return percent(one.usage.cached_tokens, one.usage.prompt_tokens)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
