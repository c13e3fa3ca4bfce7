"""Layer 2: what each of the last sessions was about: its summary, or one made by code when it has none yet."""

from collections.abc import Sequence
from datetime import tzinfo

from memchat.domain import Layer, Passage, Session, Turn, Zone
from memchat.memory.quoting import Count, clean, quoted, request, shortened

SUMMARY_TOKENS = 200
REQUEST_TOKENS = 60  # of these at most, so that the reply, which settles more, keeps the greater part
TITLE_CHARACTERS = 60
TITLE_FROM = 1_000  # characters of the first request that a title is looked for in
ENDS = ".!?。！？"


def default_title(asked: str) -> str:
    """A title by code: the beginning of the first request, at most 60 characters, cut at a word."""
    line = clean(asked[:TITLE_FROM])
    sentence = next((line[: i + 1] for i, c in enumerate(line) if c in ENDS and _ends(line, i)), line)
    if len(sentence) <= TITLE_CHARACTERS:
        return sentence.rstrip(".。") or sentence
    cut = sentence[: TITLE_CHARACTERS - 1]
    blank = cut.rfind(" ", TITLE_CHARACTERS // 2)
    return (cut if blank < 0 else cut[:blank]).rstrip(" ,;:，；：、") + "…"


def passages(sessions: Sequence[tuple[Session, Turn | None]], zone: tzinfo | None, count: Count) -> list[Passage]:
    """One passage a session, in the order given, from the session and its newest turn; days as seen in `zone`."""
    return [_passage(session, last, zone, count) for session, last in sessions]


def _passage(session: Session, last: Turn | None, zone: tzinfo | None, count: Count) -> Passage:
    if session.summary:
        text = shortened(clean(session.summary), SUMMARY_TOKENS, count)
        told = quoted(text)
    else:
        spoken = _last_words(last, count)
        text = "; ".join(f"{name}: {words}" for name, words in spoken if words)
        told = "; ".join(f"{name} {quoted(words)}" for name, words in spoken if words)
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


def _last_words(last: Turn | None, count: Count) -> list[tuple[str, str]]:
    """The last request and the last reply with what they are called, together at most `SUMMARY_TOKENS`.

    The request is in the user's own words; where there are none, what was given instead is said to be that.
    """
    if last is None:
        return []
    what, words = request(last.user.parts)
    asked = shortened(words, REQUEST_TOKENS, count)
    reply = shortened(last.reply, SUMMARY_TOKENS - count(asked), count)
    return [(f"last message, {what}" if what else "last request", clean(asked)), ("last reply", clean(reply))]


def _ends(line: str, place: int) -> bool:
    """Whether the sign at `place` ends a sentence: a full-width one always, a point only before a blank."""
    return line[place] in "。！？" or line[place + 1 : place + 2] in {"", " "}
