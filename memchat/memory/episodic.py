"""Layer 4: past exchanges that were found again, as dated passages."""

from datetime import tzinfo
from functools import lru_cache

from memchat.domain import Candidate, Layer, Passage, Role, Zone
from memchat.domain.conversation import turn_ref
from memchat.memory.quoting import Count, clean, quoted
from memchat.memory.words import words

USER, PASTED, ASSISTANT = "user", "pasted", "assistant"
TOLD = {USER: "you were told", PASTED: "you were shown, pasted or piped in", ASSISTANT: "you answered"}
EXCERPT_CHARACTERS = 400  # about 100 tokens: six excerpts fit into the 600 of context.recall_tokens
_SEAM = 20  # characters


def passage(
    found: Candidate, query: str, zone: tzinfo | None, count: Count, *, why: str = "", score: float = 1.0
) -> Passage:
    """One past message as it is offered to a request: quoted, dated as seen in `zone`, with who said it to whom."""
    text = excerpt(found.text, query)
    who, ref = speaker(found), turn_ref(found.session_id, found.turn)
    line = f"- On {found.at.astimezone(zone):%Y-%m-%d} ({ref}) {TOLD[who]}: {quoted(text)}"
    return Passage(
        layer=Layer.EPISODE,
        zone=Zone.TAIL,
        ref=ref,
        line=line,
        text=text,
        tokens=count(line) + 1,
        at=found.at,
        source=ref,
        why=why,
        quote=text if who == USER else "",
        speaker=who,
        score=score,
    )


def speaker(found: Candidate) -> str:
    """Whose words were found: `user`, `assistant`, or `pasted` where not all of them are the user's own."""
    if found.role is not Role.USER:
        return ASSISTANT
    return USER if found.own else PASTED


def excerpt(text: str, query: str) -> str:
    """At most `EXCERPT_CHARACTERS` of one line: the text, or the window of it that holds most words of the query."""
    line = clean(text[: EXCERPT_CHARACTERS * 250])
    if len(line) <= EXCERPT_CHARACTERS:
        return line
    step = EXCERPT_CHARACTERS // 2
    # With a little of the next half, so that a word at the seam is whole in one of them.
    halves = (line[start : start + step + _SEAM] for start in range(0, len(line), step))
    held = [words(half) & _wanted(query) for half in halves]
    best = step * max(range(len(held) - 1), key=lambda place: (len(held[place] | held[place + 1]), -place))
    cut = line[best : best + EXCERPT_CHARACTERS]
    if best:
        cut = "…" + cut[cut.find(" ", 0, 40) + 1 :]
    if best + EXCERPT_CHARACTERS < len(line):
        end = cut.rfind(" ", EXCERPT_CHARACTERS - 40)
        cut = (cut if end < 0 else cut[:end]) + "…"
    return cut


@lru_cache(8)
def _wanted(query: str) -> frozenset[str]:
    """The words of a question, of which every excerpt asks."""
    return words(query)
