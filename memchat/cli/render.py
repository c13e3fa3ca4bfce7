"""Profile and memories as lines of text: what `memchat profile` and `memchat memory` show, and the chat's own screens.

Every function takes the screen it is for (its width, its paint) and returns lines; nothing is printed here. `now`
carries the zone that dates are shown in.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from memchat.actions.profile import Profile
from memchat.cli.layout import (
    GAP,
    MARGIN,
    columns,
    day,
    entry,
    folded,
    hour,
    prose,
    room,
    source_ref,
    voice,
)
from memchat.cli.terminal import Screen, one_line, pad, width
from memchat.domain import Memory, MemoryStatus, Origin

# Narrower than this a column of sentences is a column of syllables.
READABLE = 18
# A list is to be looked over: a long note takes this many lines of a narrow terminal, `memory show` has it whole.
LISTED_LINES = 3
# The widest WHAT column where nothing is cut because no terminal shows it.
PIPED_WHAT = 51
# Of a quote beside other things; `memory why` has it whole.
QUOTE_CELLS = 160
REVIEW = "memchat memory review"


def profile(
    screen: Screen, shown: Profile, before: Mapping[int, Memory], now: datetime, *, tokens: int | None
) -> list[str]:
    """`memchat profile show`. `before` maps a value's id to the one it replaced.

    `tokens` is what the profile costs in every chat, None when it is that of an earlier day.
    """
    known = sum(1 for values in shown.values() if values)
    if not known:
        return ["", *_unknown(screen, next(iter(shown), "FIELD"), then=tokens is None)]
    widths = _profile_widths(shown, now)
    lines = ["", *(line for field in shown for line in _field(screen, field, shown[field], before, now, widths=widths))]
    if tokens is None:
        return [*lines, "", *prose(screen, f"{known} of {len(shown)} known then.")]
    return [
        *lines,
        "",
        *prose(screen, f"{known} of {len(shown)} known, {tokens} tokens in every chat."),
        *prose(screen, "Wrong?  memchat profile set FIELD VALUE     the old value stays in its history"),
        *prose(screen, "Gone for good, history too:  memchat forget FIELD"),
    ]


def _unknown(screen: Screen, field: str, *, then: bool) -> list[str]:
    """What stands for a profile without values."""
    if then:
        return prose(screen, "Nothing was known then.")
    return [
        *prose(screen, 'Nothing yet. Say it in a chat ("call me Alice"), or'),
        *prose(screen, f"memchat profile set {field} VALUE"),
    ]


def _profile_widths(shown: Profile, now: datetime) -> tuple[int, int, int]:
    """Cells of the columns for field names, for who said it when, and for the turn."""
    rows = [("", voice(memory, now), source_ref(memory)) for values in shown.values() for memory in values]
    names, voices, refs = columns([*rows, *((field, "", "") for field in shown)])
    return names + GAP + 1, voices, refs


def _field(
    screen: Screen,
    field: str,
    values: Sequence[Memory],
    before: Mapping[int, Memory],
    now: datetime,
    *,
    widths: tuple[int, int, int],
) -> list[str]:
    """One field of the profile: a row a value, the value it replaced below it."""
    names, voices, refs = widths
    lines: list[str] = []
    for number, memory in enumerate(values):
        label = "" if number else field
        beside = room(screen) - names - voices - refs - 2 * GAP
        origin = voice(memory, now), source_ref(memory)
        if beside >= READABLE:
            first, *more = folded(screen, memory.text, beside)
            tail = screen.dim(f"{pad(origin[0], voices)}{' ' * GAP}{origin[1]}".rstrip())
            lines += [f"{MARGIN}{screen.accent(pad(label, names))}{pad(first, beside)}{' ' * GAP}{tail}"]
            lines += [MARGIN + " " * names + line for line in more]
        else:
            lines += entry(screen, label, memory.text, names)
            lines += _below(screen, ", ".join(part for part in origin if part), names)
        old = before.get(memory.id)
        if old is not None and old.valid_to is not None:
            lines += _below(screen, f"before: {old.text}, until {day(old.valid_to, now)}", names)
    return lines or entry(screen, field, "-", names)


def _below(screen: Screen, text: str, cells: int) -> list[str]:
    """A dim remark below what stands in a column that begins after `cells`."""
    cells = cells if room(screen) - cells >= 12 else len(MARGIN)
    return [screen.dim(MARGIN + " " * cells + line) for line in folded(screen, text, room(screen) - cells)]


def memories(screen: Screen, found: Sequence[Memory], now: datetime) -> list[str]:
    """`memchat memory list`: a row a memory, folded into lines where the terminal is narrow."""
    if not found:
        return []
    rows = [(memory.ref, day(memory.valid_from, now, near=True), where_from(memory)) for memory in found]
    ids, since, origins = columns(rows, least=(4, 5, 6))
    what = room(screen) - ids - since - origins - 3 * GAP
    if what < READABLE:
        return ["", *(line for memory in found for line in _listed(screen, memory, now, ids + GAP))]
    if not screen.is_terminal:
        what = PIPED_WHAT
    head = [pad("ID", ids), pad("WHAT", what), pad("SINCE", since), "SOURCE"]
    lines = ["", screen.dim(MARGIN + (" " * GAP).join(head))]
    for memory, (ref, start, origin) in zip(found, rows, strict=True):
        text = _tagged(screen, memory, now, what)
        tail = screen.dim(f"{pad(start, since)}{' ' * GAP}{origin}".rstrip())
        lines.append(f"{MARGIN}{screen.accent(pad(ref, ids))}{' ' * GAP}{text}{' ' * GAP}{tail}")
    return lines


def _tagged(screen: Screen, memory: Memory, now: datetime, cells: int) -> str:
    """What a memory says, cut to its column, with its tag (pinned, replaced by, ...) at the column's right edge."""
    told = tag(memory, now)
    if not told or cells - width(told) - GAP < READABLE // 2:
        return pad(screen.fit(words(memory), cells), cells)
    left = cells - width(told) - GAP
    return f"{pad(screen.fit(words(memory), left), left)}{' ' * GAP}{screen.dim(told)}"


def _listed(screen: Screen, memory: Memory, now: datetime, cells: int) -> list[str]:
    """A memory of the list where there is no room for columns."""
    remark = (day(memory.valid_from, now, near=True), where_from(memory), tag(memory, now))
    return [
        *entry(screen, memory.ref, words(memory), cells, lines=LISTED_LINES),
        *_below(screen, ", ".join(part for part in remark if part), cells),
    ]


def words(memory: Memory) -> str:
    """What a memory says, on one line: a note's words, or `location: Taipei`."""
    text = one_line(memory.text)
    return f"{memory.field}: {text}" if memory.field else text


def where_from(memory: Memory) -> str:
    """Where a memory comes from, in a word: the turn, or `by hand`."""
    first = memory.sources[0] if memory.sources else None
    if first is None:
        return ""
    return first.ref or ("by hand" if first.origin is Origin.HAND else first.origin.value)


def tag(memory: Memory, now: datetime) -> str:
    """What a reader must know of a memory beside its words."""
    status = memory.status(now)
    if status is MemoryStatus.SUPERSEDED:
        return f"replaced by m{memory.superseded_by}"
    if status is MemoryStatus.EXPIRED and memory.valid_to is not None:
        return f"until {day(memory.valid_to, now)}"
    if status is MemoryStatus.WITHDRAWN:
        return "taken back"
    if status is not MemoryStatus.ACTIVE:
        return status.value
    if memory.valid_to is not None:
        days = (memory.valid_to.astimezone(now.tzinfo).date() - now.date()).days
        return "last day" if days == 0 else f"{days} {'day' if days == 1 else 'days'} left"
    return "pinned" if memory.pinned else ""


def summary(screen: Screen, counts: Mapping[str, int], *, review: str = REVIEW) -> list[str]:
    """What stands below the list: how many memories there are, and where the others are found.

    `review` is the command that decides about what waits, where these lines stand.
    """
    waits = counts.get("pending", 0) + counts.get("quarantined", 0)
    others = [f"{counts.get('active', 0)} active."]
    if waits:
        others.append(f"{waits} {'waits' if waits == 1 else 'wait'}: {review}.")
    for status, word in (("superseded", "replaced"), ("expired", "over")):
        if counts.get(status):
            others.append(f"{counts[status]} {word}: --status {status}.")
    return [
        "",
        *prose(screen, " ".join(others)),
        *prose(screen, "Profile: memchat profile show. Summaries: memchat sessions list"),
    ]


def pinned(screen: Screen, done: Sequence[Memory]) -> list[str]:
    """What was pinned or let go: `m11  allergic to peanuts: pinned, every chat carries it`."""
    cells = max((width(memory.ref) for memory in done), default=0) + GAP
    word = {True: "pinned, every chat carries it", False: "no longer pinned"}
    return [
        line for memory in done for line in entry(screen, memory.ref, f"{words(memory)}: {word[memory.pinned]}", cells)
    ]


def memory(
    screen: Screen, versions: Sequence[Memory], shown: Memory, now: datetime, titles: Mapping[int, str]
) -> list[str]:
    """`memchat memory show`: one memory, each reason to believe it, and what it replaced or was replaced by.

    `titles` maps the ids of its sources' sessions to their titles.
    """
    kind = f"{shown.kind}, importance {shown.importance}{', pinned' if shown.pinned else ''}"
    lines = ["", *entry(screen, shown.ref, words(shown), width(shown.ref) + GAP), *prose(screen, kind), ""]
    for source in shown.sources:
        where = f', in {source.ref} "{one_line(titles.get(source.session_id or 0, ""))}"' if source.ref else ""
        who = {Origin.HAND: "Set by hand", Origin.TYPED: "You said", Origin.ARGV: "You said"}.get(
            source.origin, f"From {source.origin.value}"
        )
        when = f"{day(source.at, now)} {hour(source.at, now)}"
        lines += [MARGIN + line for line in folded(screen, f"{who}, {when}{where}", room(screen))]
        if source.quote:
            lines += [MARGIN * 3 + line for line in folded(screen, f'"{source.quote}"', room(screen) - 4)]
    lines += ["", *(line for row in _standing(versions, shown, now) for line in entry(screen, *row, cells=11))]
    return [*lines, "", *prose(screen, _mend(shown, now))]


def _mend(shown: Memory, now: datetime) -> str:
    """How to correct it; what holds no longer cannot be reworded."""
    status = shown.status(now)
    if status is MemoryStatus.ACTIVE:
        return f'Wrong?  memchat memory edit {shown.ref} "..."    or    memchat forget {shown.ref}'
    if status in (MemoryStatus.PENDING, MemoryStatus.QUARANTINED):
        return f"Right or wrong?  {REVIEW} {shown.ref}"
    return f"Gone for good:  memchat forget {shown.ref}"


def _standing(versions: Sequence[Memory], shown: Memory, now: datetime) -> list[tuple[str, str]]:
    """Rows on how a memory stands: its status, versions before and after it."""
    status = shown.status(now)
    until = "" if shown.valid_to is None else f" until {day(shown.valid_to, now)}"
    rows = [("Status", f"{status.value}, from {day(shown.valid_from, now)}{until}")]
    if shown.why:
        rows.append(("Why", shown.why))
    for other in versions:
        span = f'{other.ref} "{words(other)}", from {day(other.valid_from, now)}'
        if other.superseded_by == shown.id:
            rows.append(("Replaced", span))
        elif other.id == shown.superseded_by:
            rows.append(("Now" if other.status(now) is MemoryStatus.ACTIVE else "Then", span))
    if shown.last_confirmed_at > shown.created_at:
        rows.append(("Confirmed", day(shown.last_confirmed_at, now)))
    return rows


def history(screen: Screen, values: Sequence[Memory], now: datetime) -> list[str]:
    """`memchat profile history`: every value of each field, oldest first, with its days and the words it rests on."""
    if not values:
        return ["", *prose(screen, "No history yet: nothing was ever known here.")]
    ids = max(width(memory.ref) for memory in values) + GAP
    lines: list[str] = []
    field = None
    for memory in values:
        if memory.field != field:
            field = memory.field
            lines += ["", MARGIN + screen.bold(one_line(field))]
        lines += entry(screen, memory.ref, memory.text, ids)
        lines += _below(screen, told(screen, memory, now), ids)
    return lines


def told(screen: Screen, memory: Memory, now: datetime) -> str:
    """`from 2 Nov to 20 Nov; you said, 2 Nov, s1.1: "I live in Tainan"`."""
    first = memory.sources[0] if memory.sources else None
    source = f", {first.ref}" if first and first.ref else ""
    quote = f': "{screen.fit(first.quote, QUOTE_CELLS)}"' if first and first.quote else ""
    return f"{period(memory, now)}; {voice(memory, now)}{source}{quote}"


def period(memory: Memory, now: datetime) -> str:
    """`from 2 Nov to 20 Nov`, `from 20 Nov until now`; of what never held what became of it."""
    start, status = f"from {day(memory.valid_from, now)}", memory.status(now)
    if status in (MemoryStatus.WITHDRAWN, MemoryStatus.PENDING, MemoryStatus.QUARANTINED):
        return f"{start}, {tag(memory, now)}"
    if memory.stored_status is not MemoryStatus.ACTIVE:
        return f"waited {start}, never used"
    return f"{start} to {day(memory.valid_to, now)}" if memory.valid_to else f"{start} until now"
