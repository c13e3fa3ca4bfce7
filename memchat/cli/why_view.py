"""Why a memory is believed, as lines of text: the turn with the quote marked, how it was learned, its whole story."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from memchat.actions.provenance import Found, Story, Telling
from memchat.cli.layout import GAP, MARGIN, VOICES, WIDEST, columns, day, entry, folded, hour, prose, room
from memchat.cli.render import period, words
from memchat.cli.render import told as told_by
from memchat.cli.terminal import Screen, clean, one_line, pad, width
from memchat.cli.wrapping import wrap
from memchat.domain import Memory, MemoryStatus, Origin, Source
from memchat.memory.outcomes import WAITING

# The column of `Learned`, `Checked` and their like.
LABELS = 10
INDENT = MARGIN * 3
# Lines of a message that are shown before its quote, and after it; and of a long quote itself.
BESIDE = 2
QUOTED = 6
# Of a memory that was said very often: the first time, and this many of the last.
TOLD = 3


def why(screen: Screen, told: Story, now: datetime, *, in_chat: bool = False) -> list[str]:
    """`memchat memory why`, or with `in_chat` what `/why m12` shows."""
    return [*story(screen, told, now), "", *_mend(screen, told, now, in_chat=in_chat)]


def story(screen: Screen, told: Story, now: datetime) -> list[str]:
    """The same without what could be done about it."""
    lines = ["", *_head(screen, told.memory)]
    for telling in _told(told.tellings):
        lines += ["", *said(screen, telling, now)]
    if hidden := len(told.tellings) - len(_told(told.tellings)):
        lines += ["", *prose(screen, f"And {hidden} times more.")]
    lines += ["", *(line for row in _rows(told, now) for line in entry(screen, *row, LABELS))]
    if len(told.versions) > 1:
        lines += ["", *_whole_story(screen, told, now)]
    return lines


def _head(screen: Screen, memory: Memory) -> list[str]:
    """`m12  prefers code examples in Go           note, importance 6`; the latter below where there is no room."""
    kind = f"{memory.kind}, importance {memory.importance}{', pinned' if memory.pinned else ''}"
    cells = width(memory.ref) + GAP
    beside = min(room(screen), 78 - len(MARGIN)) - cells - width(kind) - GAP
    text = words(memory)
    if width(text) > beside:
        return [*entry(screen, memory.ref, text, cells), *prose(screen, kind)]
    head = screen.accent(pad(memory.ref, cells)) + screen.bold(pad(text, beside))
    return [f"{MARGIN}{head}{' ' * GAP}{screen.dim(kind)}"]


def _told(tellings: Sequence[Telling]) -> Sequence[Telling]:
    """Not each of many: the first, and the newest."""
    return tellings if len(tellings) <= TOLD + 1 else [tellings[0], *tellings[-TOLD:]]


def said(screen: Screen, telling: Telling, now: datetime) -> list[str]:
    """`You said, on 22 Nov 2026 at 09:14, in s21.2 "Rate limits":`, and below it the words, the quote marked."""
    source = telling.source
    who = f"{_who(telling)}, on {_date(source, now)}"
    if source.ref:
        title = one_line(telling.title)
        who += f', in {source.ref} "{title}"' if title else f", in {source.ref}"
    shown = passage(screen, telling) if telling.quote else []
    lines = [MARGIN + line for line in folded(screen, who + (":" if shown else "."), room(screen))]
    lines += ["", *shown] if shown else []
    if telling.found is not Found.THERE:
        word = "were erased from it since" if telling.found is Found.ERASED else "are gone: the message is not there"
        lines += [*([""] if shown else []), *prose(screen, f"These words {word}.")]
    return lines


def passage(screen: Screen, telling: Telling) -> list[str]:
    """The words around a quote, which is in reverse video, or where nothing is painted in brackets.

    At most a few lines before and after it.
    """
    before, quote, after = _flat(telling.before).lstrip(), _flat(telling.quote), _flat(telling.after).rstrip()
    dots = screen.frame("…")
    before = f"{dots} {before}" if telling.more[0] else before
    after = f"{after} {dots}" if telling.more[1] else after
    marks = ("", "") if screen.colour else ("[", "]")
    text = f"{before}{marks[0]}{quote}{marks[1]}{after}"
    start, end = len(before), len(before) + len(marks[0] + quote + marks[1])
    if not screen.is_terminal:
        return [INDENT + text[:start] + _marked(screen, text[start:end]) + text[end:]]
    placed = list(_placed(wrap(text, max(min(screen.columns, WIDEST) - len(INDENT), 8)), text))
    holding = [number for number, (a, line) in enumerate(placed) if a < end and a + len(line) > start] or [0]
    first, last = max(holding[0] - BESIDE, 0), min(holding[-1], holding[0] + QUOTED - 1)
    shown = placed[first : last + 1 + (BESIDE if last == holding[-1] else 0)]
    lines = [INDENT + _painted(screen, line, start - a, end - a) for a, line in shown]
    if first:
        lines.insert(0, INDENT + dots)
    if first + len(shown) < len(placed):
        lines.append(INDENT + dots)
    return lines


def _placed(lines: Sequence[str], text: str) -> Iterator[tuple[int, str]]:
    """Each line with where it begins in the text that it was folded from."""
    at = 0
    for line in lines:
        at = max(text.find(line, at), at)
        yield at, line
        at += len(line)


def _painted(screen: Screen, line: str, start: int, end: int) -> str:
    """A line whose characters `start` to `end` belong to the quote."""
    start, end = max(start, 0), max(min(end, len(line)), 0)
    return line[:start] + _marked(screen, line[start:end]) + line[end:] if start < end else line


def _marked(screen: Screen, text: str) -> str:
    return screen.reverse(text) if screen.colour else text


def _flat(text: str) -> str:
    """`text` cleaned, with every run of white space as one space, at its ends too."""
    inner = one_line(text)
    if not inner:
        return " " if text else ""
    plain = clean(text)
    return f"{' ' * plain[:1].isspace()}{inner}{' ' * plain[-1:].isspace()}"


def _who(telling: Telling) -> str:
    if telling.accepted:
        return "You accepted it"
    origin = telling.source.origin
    if origin is Origin.HAND:
        return "Set by hand"
    known = VOICES.get(origin, f"from {origin.value}")
    return known[0].upper() + known[1:]


def _date(source: Source, now: datetime) -> str:
    """`22 Nov 2026 at 09:14`, whatever the year."""
    local = source.at.astimezone(now.tzinfo)
    text = day(source.at, now)
    return f"{text if str(local.year) in text else f'{text} {local.year}'} at {hour(source.at, now)}"


def _rows(told: Story, now: datetime) -> list[tuple[str, str]]:
    """How it was learned, what was checked, what it replaced, how often it was used."""
    memory, at = told.memory, told.accepted_at
    rows = [("Learned", told.learned)]
    if memory.withdrawn_at is not None:
        rows.append(("Checked", f"{told.checked}, on {day(memory.withdrawn_at, now)}"))
    else:
        rows.append(("Checked", told.checked if at is None else f"{told.checked} on {day(at, now)}{_before(memory)}"))
    rows += [("Replaced", f'{old.ref} "{words(old)}", {_held(old, now)}') for old in told.replaced]
    if told.replaced_by is not None:
        new = told.replaced_by
        word = "Now" if new.status(now) is MemoryStatus.ACTIVE else "Then"
        rows.append((word, f'{new.ref} "{words(new)}", from {day(memory.valid_to or new.valid_from, now)}'))
    elif memory.valid_to is not None:
        rows.append(("Holds", f"until {day(memory.valid_to, now)}"))
    rows.append(("Used", f"{_used(told)}{_confirmed(told.confirmed)}"))
    return rows


def _held(old: Memory, now: datetime) -> str:
    """`which held from 2 Oct to 22 Nov`."""
    return f"which {'held ' if old.stored_status is MemoryStatus.ACTIVE else ''}{period(old, now)}"


def _before(memory: Memory) -> str:
    return f"; it had waited: {one_line(memory.why)}" if memory.why else ""


def _used(told: Story) -> str:
    if not told.shown:
        return "not yet"
    last = f", last in {told.last_shown}" if told.last_shown else ""
    return f"{'once' if told.shown == 1 else f'{told.shown} times'}{last}"


def _confirmed(count: int) -> str:
    many = {1: "once", 2: "twice"}.get(count, f"{count} times")
    return f"; confirmed {many}" if count else ""


def _whole_story(screen: Screen, told: Story, now: datetime) -> list[str]:
    """Every version in order, with its days and the words it rests on."""
    lines = prose(screen, "Its whole story:")
    cells = columns([[memory.ref] for memory in told.versions])[0] + GAP
    for memory in told.versions:
        lines += entry(screen, memory.ref, words(memory), cells)
        lines += [screen.dim(line) for line in entry(screen, "", told_by(screen, memory, now), cells)]
    return lines


def _mend(screen: Screen, told: Story, now: datetime, *, in_chat: bool) -> list[str]:
    """How to correct it, and where to read on."""
    ref = told.memory.ref
    if told.status not in (MemoryStatus.ACTIVE, *WAITING):
        newest = next((one.ref for one in reversed(told.versions) if one.status(now) is MemoryStatus.ACTIVE), "")
        holds = f" {newest} does." if newest else ""
        erase = f"/forget {ref}" if in_chat else f"memchat forget {ref}"
        mend = f"It holds no longer.{holds}  Gone for good:  {erase}"
    elif told.status in WAITING:
        mend = f"Right or wrong?  {'/review' if in_chat else f'memchat memory review {ref}'}"
    elif in_chat:
        mend = f"Wrong?  /undo {ref}  takes it back.  Gone for good:  /forget {ref}"
    else:
        mend = f'Wrong?  memchat memory edit {ref} "..."    or    memchat forget {ref}'
    lines = prose(screen, mend)
    if told.memory.withdrawn_at is not None:
        return lines  # its turn may be off the path, taken back with it: then there is nothing to read
    newest = next(
        (one.source.ref for one in reversed(told.tellings) if one.found is Found.THERE and one.source.ref), ""
    )
    return [*lines, *(prose(screen, f"Read on:  memchat sessions show {newest}") if newest else ())]
