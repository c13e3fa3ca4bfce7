"""Layer 2: what each of the last sessions was about: its summary, or one made by code when it has none yet."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from functools import cache, lru_cache

from memchat.domain import Layer, Passage, Session, Turn, Zone
from memchat.memory.quoting import CUT_CHARACTERS, Count, clean, cut, named, quoted, request, shortened

SUMMARY_TOKENS = 200
NEWER_TOKENS = 80  # of these at most for what came after a summary
REQUEST_SHARE = 0.3  # of the last words at most, so that the reply, which settles more, keeps the greater part
LABELS = {"wanted": "Wanted: ", "resolved": "Resolved: ", "pending": "Pending: "}
# What a model writes where there is nothing to say.
NOTHING = {"", "-", "none", "nothing", "n/a", "無", "无", "沒有", "没有"}
QUOTE_CHARACTERS = 120  # of a sentence that is told word for word
LOOKED_THROUGH = 500  # turns at most, the newest, where no model has summed them up
FRAME_TOKENS = 10  # of what stands around them
TITLE_CHARACTERS = 60
TITLE_FROM = 1_000  # characters of the first request that a title is looked for in
ENDS = ".!?。！？"


def default_title(asked: str) -> str:
    """A title by code: the beginning of the first request, at most 60 characters, cut at a word."""
    line = clean(asked[:TITLE_FROM])
    first = next((i for i, c in enumerate(line) if c.isalnum()), len(line))
    sentence = next((line[: i + 1] for i, c in enumerate(line) if i > first and c in ENDS and _ends(line, i)), line)
    return cut(sentence.rstrip(".。") or sentence, TITLE_CHARACTERS)


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary's parts, each one line; `rest`, what stands under no label, has its lines. Empty: nothing was said."""

    wanted: str = ""
    resolved: str = ""
    pending: str = ""
    rest: str = ""

    @property
    def told(self) -> tuple[tuple[str, str], ...]:
        """What there is to tell: (label or empty, words), in the order in which it is told."""
        named = (("", self.rest), ("wanted", self.wanted), ("resolved", self.resolved), ("pending", self.pending))
        return tuple((label, words) for label, words in named if words)

    @property
    def text(self) -> str:
        """As it is stored: a line each, under the fixed labels."""
        return "\n".join(_labelled(label, words) for label, words in self.told)


@cache
def _label() -> re.Pattern[str]:
    """A label at the beginning of a line or a sentence, in whatever marks a model puts around it."""
    begins = r"(?:(?:^|\n)[\s*#>•-]*?(?:\d[.)]\s*)?|(?<=[.!?;…。！？；])\s*)(?P<mark>[*_]*)"
    # The marks that opened may close before the colon or behind it; others belong to the words.
    return re.compile(begins + r"(?P<label>wanted|resolved|pending)[*_ ]*[:：](?:(?P=mark))? *", re.IGNORECASE)


def parts(summary: str) -> Summary:
    """The summary by its labels `Wanted:`, `Resolved:`, `Pending:`; what stands before any of them is `rest`."""
    text = "\n".join(line for piece in summary.splitlines() if (line := clean(piece)))
    labels = list(_label().finditer(text))
    ends = [match.start() for match in labels[1:]] + [len(text)]
    said: dict[str, list[str]] = {name: [] for name in LABELS}
    for match, end in zip(labels, ends, strict=bool(labels)):
        words = clean(text[match.end() : end])
        if _says(words):
            said[match["label"].lower()].append(words)
    rest = (text[: labels[0].start()] if labels else text).strip()
    return Summary(**{name: " ".join(pieces) for name, pieces in said.items()}, rest=rest if _says(rest) else "")


def _says(words: str) -> bool:
    """Whether they are more than a word for nothing."""
    return words.rstrip(".。").casefold() not in NOTHING


def fitted(summary: str, count: Count) -> str:
    """The summary as it is stored, at most `SUMMARY_TOKENS`: a line for each part, cut at the end of a sentence.

    What is pending is kept whole while it fits alone; the others share what it leaves, small ones whole.
    """
    return _within(parts(summary), SUMMARY_TOKENS, count).text


def passages(sessions: Sequence[tuple[Session, Turn | None]], zone: tzinfo | None, count: Count) -> list[Passage]:
    """One passage a session, in the order given; days as seen in `zone`.

    With each comes the newest turn that may be told of; None where the summary covers all there is.
    """
    return [_passage(session, last, zone, count) for session, last in sessions]


def earlier(session: Session | None, folded: Sequence[Turn], tokens: int, count: Count) -> tuple[str, int | None]:
    """What is told of a conversation's own folded turns, in at most about `tokens`: its running summary, then what is
    not in it, made by code. With it the message that the summary covers; None without one.
    """
    mark = session.mark if session is not None and session.summary else None
    if session is None or mark is None:
        return by_code(folded, tokens, count), None
    ids = [[message.id for message in turn.messages] for turn in folded]
    # A mark that is not among them stands in a turn after them: the summary covers them all.
    covered = next((place + 1 for place, turn in enumerate(ids) if mark in turn), len(folded))
    left = by_code(folded[covered:], tokens // 2, count)
    summary = _within(parts(session.summary), tokens - count(left), count)
    told = "; ".join(f"{name} {quoted(words)}".lstrip() for name, words in summary.told)
    return " ".join(piece for piece in (f"Summed up: {told}." if told else "", left) if piece), mark


def by_code(turns: Sequence[Turn], tokens: int, count: Count) -> str:
    """What turns were about where no model has summed them up: decisions, files and the requests, quoted, with ids.

    The newest come first to their share of the `tokens`, and stand in the order in which they were said.
    """
    told: list[tuple[int, str]] = []
    turns, room, used = turns[-LOOKED_THROUGH:], tokens - FRAME_TOKENS, 0
    for share, kind in ((0.4, _decisions), (0.6, _given), (1.0, _asked)):
        most = int(room * share)
        for place in reversed(range(len(turns))):
            for words in kind(turns[place]):
                piece = f"{turns[place].ref} {words}"
                used += count(piece) + 1
                if used <= most:
                    told.append((place, piece))
            if used > most:
                used = sum(count(piece) + 1 for _, piece in told)
                break
    said = "; ".join(piece for _, piece in sorted(told, key=lambda one: one[0]))
    return f"Not summed up, word for word: {said}." if said else ""


def _decisions(turn: Turn) -> list[str]:
    """Of each of the two the first sentence in which something is settled."""
    said = (("", request(turn.user.parts)[1]), ("you: ", turn.reply))
    return [
        f"{who}{quoted(cut(settled, QUOTE_CHARACTERS))}"
        for who, text in said
        if (settled := _settled(text[:CUT_CHARACTERS]))
    ]


@lru_cache(2 * LOOKED_THROUGH)
def _settled(text: str) -> str:
    """The first sentence with a word of deciding in it; empty without one.

    Remembered: each compaction looks through all that is folded.
    """
    found = _decision().search(text)
    if found is None:
        return ""
    begins = max((match.end() for match in _sentence_end().finditer(text, 0, found.start())), default=0)
    ends = _sentence_end().search(text, found.end())
    return clean(text[begins : ends.end() if ends else len(text)])


def _given(turn: Turn) -> list[str]:
    """Files and other people's text that came with the message, by name."""
    return [named(part) for part in turn.user.parts if named(part) and not part.barred]


def _asked(turn: Turn) -> list[str]:
    """What the user asked, unless it was told as a decision."""
    what, words = request(turn.user.parts)
    if what or not words or _settled(words[:CUT_CHARACTERS]):
        return []
    return [quoted(cut(clean(words[:CUT_CHARACTERS]), QUOTE_CHARACTERS))]


# Words of deciding, in the languages whose statements are read by rule, and in some near ones.
_DECIDING = (
    *(r"decid\w+", "decision", "agreed?", "settled?", "chosen?", "let'?s", "we(?:'ll| will| go with| use)"),
    *("from now on", "deadline", "entschieden", "beschlossen", r"décid\w+", "convenu", "acordamos", "combinado"),
)
_DECIDING_HAN = "決定 决定 就用 改用 改成 說好 说好 約定 约定 確定 确定 截止"


@cache
def _decision() -> re.Pattern[str]:
    """Any of these; by their first letters most words are passed over, in half the time."""
    letters = "".join(sorted({word[0] for word in _DECIDING}))
    han = "|".join(_DECIDING_HAN.split())
    return re.compile(rf"\b(?=[{letters}])(?:{'|'.join(_DECIDING)})\b|{han}", re.IGNORECASE)


@cache
def _sentence_end() -> re.Pattern[str]:
    return re.compile(r"[.!?](?=\s|$)|[。！？\n]")


def _passage(session: Session, last: Turn | None, zone: tzinfo | None, count: Count) -> Passage:
    spoken = _spoken(session, last, count)
    text = "; ".join(f"{name}: {words}" if name else words for name, words in spoken)
    told = "; ".join(f"{name} {quoted(words)}".lstrip() for name, words in spoken)
    at = session.last_at.astimezone(zone)
    title = clean(session.title)
    name = " ".join((f"- {at:%Y-%m-%d} ({session.ref})", *([quoted(title)] if title else [])))
    line = f"{name}: {told}" if told else name
    return Passage(
        layer=Layer.SESSION,
        zone=Zone.HEAD,
        ref=session.ref,
        line=line,
        text=": ".join(piece for piece in (title, text) if piece),
        tokens=count(line) + 1,
        at=session.last_at,
        source=last.ref if last else "",
        why="one of the last conversations",
    )


def _spoken(session: Session, last: Turn | None, count: Count) -> list[tuple[str, str]]:
    """What there is to tell of a session, named, together at most `SUMMARY_TOKENS`.

    Its summary by its parts; the last words where there is none, or where they are newer than it.
    """
    if not session.summary:
        return _last_words(last, SUMMARY_TOKENS, count)
    newer = last if last and (session.mark is None or last.messages[-1].id > session.mark) else None
    spoken = _last_words(newer, NEWER_TOKENS, count)
    left = SUMMARY_TOKENS - sum(count(words) for _, words in spoken)
    return [*((name, clean(words)) for name, words in _within(parts(session.summary), left, count).told), *spoken]


def _within(summary: Summary, tokens: int, count: Count) -> Summary:
    """The summary, its parts shortened so that it costs at most `tokens`."""
    fits, spare = summary, 0
    while (over := count(fits.text) - tokens) > 0:
        # The parts together may cost a little more than one by one: then they get as much less.
        fits = _shared(summary, tokens, spare, count)
        spare += max(1, over if spare else 0)
    return fits


def _shared(summary: Summary, tokens: int, spare: int, count: Count) -> Summary:
    """Each part cut to its share of `tokens`, less `spare`; of what is pending only where it does not fit alone."""
    costs = {name: count(_labelled(name, words)) + 1 for name, words in summary.told}
    left, shorter = tokens - spare, {}
    if "pending" in costs and costs["pending"] - 1 <= tokens:
        left -= costs.pop("pending")
    for number, (name, cost) in enumerate(sorted(costs.items(), key=lambda item: item[1])):
        room = max(0, min(cost, left // (len(costs) - number)))
        left -= room
        if room < cost:
            words = dict(summary.told)[name]
            shorter[name or "rest"] = shortened(words, room - 1 - count(LABELS.get(name, "")), count)
    return replace(summary, **shorter)


def _labelled(name: str, words: str) -> str:
    return LABELS.get(name, "") + words


def _last_words(last: Turn | None, tokens: int, count: Count) -> list[tuple[str, str]]:
    """The last request and the last reply with what they are called, together at most `tokens`.

    The request is in the user's own words; where there are none, what was given instead is said to be that.
    """
    if last is None:
        return []
    what, words = request(last.user.parts)
    asked = shortened(words, int(tokens * REQUEST_SHARE), count)
    reply = shortened(last.reply, tokens - count(asked), count)
    spoken = ((f"last message, {what}" if what else "last request", clean(asked)), ("last reply", clean(reply)))
    return [(name, words) for name, words in spoken if words]


def _ends(line: str, place: int) -> bool:
    """Whether the sign at `place` ends a sentence: a full-width one always, a point only before a blank."""
    return line[place] in "。！？" or line[place + 1 : place + 2] in {"", " "}
