"""What a message would show the model, or a past turn was shown, as lines of text: zone by zone, with what it costs."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from memchat.actions.context import LEARNED, Outlook, Shown
from memchat.cli.layout import GAP, MARGIN, columns, day, folded, hour, many, percent, prose, right, room
from memchat.cli.terminal import Screen, cut, one_line, pad, width
from memchat.domain import Dropped, Layer, Passage, Zone

# Cells of what a row is about, and of its tokens, where there is room for what is said beside them.
LABELS, TOKENS = 33, 7
# As far as the rows reach without it there must be so much left for the remark beside; else it stands below.
BESIDE = 18
REMARK, WIDEST_LABEL = 40, 56
BAR = 14  # cells of the longest bar
LAYERS = ((Layer.PROFILE, "profile"), (Layer.NOTE, "notes"), (Layer.SESSION, "summaries"))
NOUNS = {Layer.PROFILE: "field", Layer.NOTE: "note", Layer.SESSION: "session"}
# Where there is no room for the whole of memchat's own words.
SHORTER = {
    "Head, the same all session": "Head",
    "This conversation": "This chat",
    "Tail, for this question": "Tail",
    "Tail, and what was looked up": "Tail",
    "In the whole request": "In all",
    "Frames of the messages": "Frames",
}
LEFT_OUT = 12  # of what was left out: the nearest


class _Table:
    """Rows of what, tokens and a remark."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.wide = room(screen) - LABELS - TOKENS - GAP >= BESIDE
        self.labels = _labels(screen) if self.wide else max(room(screen) - TOKENS, 12)
        self.lines: list[str] = []

    def head(self) -> None:
        """Above the numbers."""
        self.lines += ["", self.screen.dim(MARGIN + " " * self.labels + right("tokens", TOKENS))]

    def bar(self, tokens: int, total: int) -> str:
        """The share as a bar, where there is room for one."""
        return self.screen.frame("█" * round(BAR * tokens / total)) if self.wide and total else ""

    def rule(self) -> None:
        """Above their sum."""
        self.lines.append(MARGIN + " " * self.labels + right("------", TOKENS))

    def row(
        self, label: str, tokens: int, remark: str = "", *, middle: str = "", lead: str = "", depth: int = 0
    ) -> None:
        """One row. `middle` stands at the right edge of the label, `lead` and `remark` behind the tokens or below."""
        screen, indent = self.screen, MARGIN * depth
        left = self.labels - len(indent) - (width(middle) + GAP if middle else 0)
        label = SHORTER.get(label, label) if width(label) > left else label
        name = pad(label if width(label) <= left else screen.fit(label, left), left)
        line = f"{MARGIN}{indent}{name}{' ' * GAP + middle if middle else ''}{right(f'{tokens:,}', TOKENS)}"
        hang = len(MARGIN) + self.labels + TOKENS + 3 if self.wide else len(MARGIN) * (depth + 2)
        self.lines += _beside(screen, line, lead, remark, hang, below=not self.wide)


def _labels(screen: Screen) -> int:
    """Cells of what a row is about, on a wide terminal: more of a passage's words than on one of 80 columns."""
    return max(LABELS, min(room(screen) - TOKENS - REMARK, WIDEST_LABEL))


def _beside(screen: Screen, line: str, lead: str, remark: str, hang: int, *, below: bool) -> list[str]:
    """A row with its remark, which begins after `hang` cells and is folded there: behind the row, or below it."""
    if not lead and not remark:
        return [line]
    gap = " " * GAP if lead and remark else ""
    cells = room(screen) + len(MARGIN) - hang - width(lead + gap)
    first, *more = folded(screen, remark, max(cells, 8))
    rows = [lead + gap + first, *(" " * width(lead + gap) + each for each in more)]
    if below:
        return [line.rstrip(), *(" " * hang + screen.dim(row) for row in rows)]
    return [f"{pad(line, hang)}{screen.dim(rows[0])}", *(" " * hang + screen.dim(row) for row in rows[1:])]


def outlook(screen: Screen, seen: Outlook, now: datetime, *, in_chat: bool = False) -> list[str]:
    """`memchat context`, `/context`: where it would go, each zone with what it holds, the sum, what was left out."""
    table = _Table(screen)
    kept, dropped, total = seen.context.kept, seen.context.dropped, seen.total
    table.head()
    table.row("Head, the same all session", seen.head, table.bar(seen.head, total))
    _head(table, kept, dropped, seen.head)
    table.row("This conversation", seen.past, middle=_turns(seen))
    if seen.tools:
        table.row("Tools", seen.offered, ", ".join(tool.name for tool in seen.tools))
    table.row("Tail, for this question", seen.tail, table.bar(seen.tail, total))
    _tail(table, kept, seen.tail, now)
    table.row("Your question", seen.words)
    if seen.around:
        table.row("Frames of the messages", seen.around)
    table.rule()
    cached = f"; {seen.cached:,} cached before" if seen.cached else ""
    window = f"{seen.window:,}{_doubt(seen.window_from)}"
    table.row("In all", total, f"{percent(total, seen.window)} of {window}{cached}")
    hint = "Word for word: --raw.  What the last one was shown: --last"
    return [
        "",
        *prose(screen, f"Would go to {_place(seen)}. Nothing was sent."),
        *table.lines,
        *_left_out(screen, dropped, now),
        "",
        *prose(screen, "What the last reply was shown: /why" if in_chat else hint),
    ]


def _doubt(source: str) -> str:
    """What is to be known of a window that nobody promised."""
    return "" if source and source != LEARNED else ", learned" if source else ", assumed"


def _place(seen: Outlook) -> str:
    if not seen.host:
        return f"{one_line(seen.model)}, on this computer"
    return f"{one_line(seen.model)} at {one_line(seen.host)}"


def _turns(seen: Outlook) -> str:
    if not seen.turns:
        return "no turn yet"
    live = seen.turns - seen.context.folded
    return f"{live} of {seen.turns} turns" if seen.context.folded else many(live, "turn")


def _head(table: _Table, kept: Sequence[Passage], dropped: Sequence[Dropped], tokens: int) -> None:
    """The head's layers: how many of each, and which."""
    rows = []
    for layer, name in LAYERS:
        shown = [passage for passage in kept if passage.zone is Zone.HEAD and passage.layer is layer]
        left = [one for one in dropped if _belongs(one.passage, layer)]
        tokens -= sum(passage.tokens for passage in shown)
        if shown or left:
            rows.append((name, shown, _counted(layer, shown, len(left))))
    table.row("instructions", max(tokens, 0), depth=1)
    for name, shown, counted in rows:
        refs = " ".join(passage.ref for passage in shown) if name != "profile" else ""
        table.row(name, sum(passage.tokens for passage in shown), refs, middle=counted, depth=1)


def _belongs(passage: Passage, layer: Layer) -> bool:
    """Whether it was for this layer of the head; a turn that was folded is none of it."""
    return passage.zone is Zone.HEAD and passage.layer is layer and "." not in passage.ref


def _counted(layer: Layer, shown: Sequence[Passage], left: int) -> str:
    if layer is not Layer.NOTE and not left:
        return _number(layer, shown)
    return f"{len(shown)} of {len(shown) + left} shown"


def _number(layer: Layer, shown: Sequence[Passage]) -> str:
    """`3 sessions`; of the profile fields, which may hold several values."""
    return many(len({one.field or one.ref for one in shown}) if layer is Layer.PROFILE else len(shown), NOUNS[layer])


def _tail(table: _Table, kept: Iterable[Passage], tokens: int, now: datetime) -> None:
    """The tail's passages, and what their quotation marks and dates cost."""
    shown = [passage for passage in kept if passage.zone is Zone.TAIL]
    cells = table.labels - len(MARGIN)
    for passage, name in zip(shown, _named(table.screen, shown, now, cells), strict=True):
        table.row(name, passage.tokens, passage.why, lead=_score(passage), depth=1)
    rest = tokens - sum(passage.tokens for passage in shown)
    if rest > 0:
        table.row("quoting and dates" if shown else "date", rest, depth=1)


def _named(screen: Screen, shown: Sequence[Passage], now: datetime, cells: int) -> list[str]:
    """Of each `s17.4  3 Oct  rate limit per key`, in columns, all in so many cells."""
    heads = [(passage.ref, day(passage.at, now) if passage.layer.of_talk and passage.at else "") for passage in shown]
    ids, days = columns(heads, least=(0, 0))
    named = []
    for passage, (ref, when) in zip(shown, heads, strict=True):
        text = f"{passage.field}: {passage.text}" if passage.field else passage.text.lstrip("…")
        begins = pad(ref, ids) + " " * GAP + (pad(when, days) + " " * GAP if when else "")
        named.append(pad(begins + _short(screen, text, cells - width(begins)), cells))
    return named


def _short(screen: Screen, text: str, cells: int) -> str:
    """The beginning of a passage, cut where nobody looks at a terminal, too: all of it is in `--json`."""
    text = one_line(text)
    sign = screen.frame("…")
    return text if width(text) <= cells else cut(text, cells - len(sign)).rstrip() + sign


def _score(passage: Passage) -> str:
    return f"{passage.score:.2f}" if passage.layer is Layer.EPISODE or passage.score < 1 else ""


def _left_out(screen: Screen, dropped: Sequence[Dropped], now: datetime) -> list[str]:
    """What was not shown and why, in the order it was; of many only how many more."""
    if not dropped:
        return []
    told = dropped[:LEFT_OUT]
    wide = room(screen) >= LABELS + TOKENS + BESIDE
    cells = _labels(screen) if wide else room(screen) - len(MARGIN)
    names = _named(screen, [one.passage for one in told], now, cells)
    lines = ["", MARGIN + "Left out"]
    for one, name in zip(told, names, strict=True):
        lead = _score(one.passage) or ("    " if wide else "")
        hang = len(MARGIN) * 2 + cells + 3 if wide else len(MARGIN) * 3
        lines += _beside(screen, MARGIN * 2 + name, lead, one.why, hang, below=not wide)
    if len(dropped) > LEFT_OUT:
        lines += prose(screen, f"and {len(dropped) - LEFT_OUT} more: --json", indent=MARGIN * 2)
    return lines


def shown(screen: Screen, past: Shown, now: datetime) -> list[str]:
    """`memchat context --last`: what a past turn was shown of memory, zone by zone."""
    turn, asked = past.turn, past.asked
    sent = asked.usage.prompt_tokens if asked else 0
    return [
        "",
        *(MARGIN + line for line in folded(screen, answered(past, now), room(screen))),
        *(_shown(screen, past.passages, sent, now) if past.passages else ()),
        "",
        *prose(screen, f"What was asked and answered:  memchat sessions show {turn.ref}"),
        *prose(screen, "What was left out then is not kept; what was erased since is not listed."),
    ]


def _shown(screen: Screen, passages: Sequence[Passage], sent: int, now: datetime) -> list[str]:
    """The zones of what was shown, and below them the whole request."""
    table = _Table(screen)
    table.head()
    for zone, title in ((Zone.HEAD, "Head"), (Zone.TAIL, "Tail, and what was looked up")):
        if of_it := [passage for passage in passages if passage.zone is zone]:
            table.row(title, sum(passage.tokens for passage in of_it))
            _head_shown(table, of_it) if zone is Zone.HEAD else _tail(table, of_it, 0, now)
    if sent:
        table.rule()
        table.row("In the whole request", sent, "with instructions, turns and question")
    return table.lines


def answered(past: Shown, now: datetime) -> str:
    """`s17.4, in "Rate limits", 3 Oct 09:14, answered by qwen3:8b at 127.0.0.1:11434, was shown of memory:`.

    Where it was shown nothing that is all there is to say.
    """
    at, asked = past.turn.user.created_at, past.asked
    title = f', in "{one_line(past.session.title)}"' if one_line(past.session.title) else ""
    host = f" at {asked.host}" if asked and asked.host else ""
    who = f", answered by {asked.model}{host}," if asked else ","
    what = "of memory:" if past.passages else "nothing of memory."
    return f"{past.turn.ref}{title}, {day(at, now)} {hour(at, now)}{who} was shown {what}"


def _head_shown(table: _Table, passages: Sequence[Passage]) -> None:
    """The layers of a head that was sent."""
    for layer, name in LAYERS:
        of_it = [passage for passage in passages if passage.layer is layer]
        if of_it:
            tokens, refs = sum(passage.tokens for passage in of_it), " ".join(passage.ref for passage in of_it)
            table.row(name, tokens, refs, middle=_number(layer, of_it), depth=1)
