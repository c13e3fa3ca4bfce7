"""Layer 4: past exchanges that were found again, as dated passages."""

from collections.abc import Sequence
from datetime import tzinfo

from memchat.domain import Hit, Layer, Passage, Role, Zone
from memchat.memory.quoting import Count, clean, fold, quoted
from memchat.memory.words import words

USER, PASTED, ASSISTANT = "user", "pasted", "assistant"
TOLD = {USER: "you were told", PASTED: "you were shown, pasted or piped in", ASSISTANT: "you answered"}
EXCERPT_CHARACTERS = 400  # about 100 tokens: six excerpts fit into the 600 of context.recall_tokens


def passages(hits: Sequence[Hit], query: str, zone: tzinfo | None, count: Count) -> list[Passage]:
    """A passage for each hit, best first; of a turn that was hit twice by one speaker, the better."""
    found: dict[tuple[str, Role], Passage] = {}
    for hit in hits:
        found.setdefault((hit.ref, hit.role), _passage(hit, query, zone, count))
    return list(found.values())


def speaker(hit: Hit) -> str:
    """Whose words were found: `user`, `assistant`, or `pasted` where not all of them are the user's own."""
    if hit.role is not Role.USER:
        return ASSISTANT
    return USER if hit.own else PASTED


def _passage(hit: Hit, query: str, zone: tzinfo | None, count: Count) -> Passage:
    text = excerpt(hit.text, query)
    who = speaker(hit)
    line = f"- On {hit.at.astimezone(zone):%Y-%m-%d} ({hit.ref}) {TOLD[who]}: {quoted(text)}"
    return Passage(
        layer=Layer.EPISODE,
        zone=Zone.TAIL,
        ref=hit.ref,
        line=line,
        text=text,
        tokens=count(line) + 1,
        score=hit.relevance,
        at=hit.at,
        source=hit.ref,
        quote=text if who == USER else "",
        why="recall: words",
        speaker=who,
    )


def excerpt(text: str, query: str) -> str:
    """At most `EXCERPT_CHARACTERS` of one line: the text, or the window of it that holds most words of the query."""
    line = clean(text[: EXCERPT_CHARACTERS * 250])
    if len(line) <= EXCERPT_CHARACTERS:
        return line
    wanted = words(query)
    step = EXCERPT_CHARACTERS // 2
    starts = range(0, len(line) - step, step)
    best = max(starts, key=lambda start: (len(words(fold(line[start : start + EXCERPT_CHARACTERS])) & wanted), -start))
    cut = line[best : best + EXCERPT_CHARACTERS]
    if best:
        cut = "…" + cut[cut.find(" ", 0, 40) + 1 :]
    if best + EXCERPT_CHARACTERS < len(line):
        end = cut.rfind(" ", EXCERPT_CHARACTERS - 40)
        cut = (cut if end < 0 else cut[:end]) + "…"
    return cut
