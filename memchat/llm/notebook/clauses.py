"""The user's own words of one message as clauses, each an extract with what it does; code and quotes are left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from memchat.llm.notebook.acts import Act, act_of, after_lead, after_polite
from memchat.llm.notebook.subjects import carried
from memchat.memory.language import HAN, folded
from memchat.memory.quoting import ERASED, clean
from memchat.memory.statements import chinese, english
from memchat.memory.statements.sentences import BLANK, LOOKED_AT, Sentence, of_plain, without_quotes

MOST = 40
"""Clauses read of one message: whoever writes more writes a document."""
WIDTH = 110
"""Columns of one clause in a summary; a Chinese character takes two."""
_MARKS = " \t\n,;:.!，；：。！、-–—*•…"

# Lines that are code whatever words they hold; signs of code, which prose may hold one of.
_CODE = re.compile(
    r"\s*(?:import [\w.]+$|from [\w.]+ import |(?:async )?def \w+\(|class \w+[:({]|func \w+\(|fn \w+|const \w+ ?=|"
    r"let \w+ ?=|var \w+ ?=|return\b.*[;(]|(?:if|for|while|switch|elif) ?\(.*|#include|\$ \w|>>> |traceback \(most|"
    r"file \"|at \w+[.(]\S|select .{1,200} from |insert into |update \w+ set |delete from |create table |"
    r"</?\w+[^>]*>|\w*(?:error|exception): |(?:for|while|if|elif|with|try|else|except|finally)\b.*:$|@\w+(?:\(|$)|"
    r"[{}()\[\];,]+$|[\w.]+ ?[+\-*/]?= ?\S+;?$)",
    re.IGNORECASE,
)
_SIGNS = re.compile(
    r"[{};]\s*$|=>|->|::|\w\([^)]*\)\s*[:{;=.]|[\w\])] ?(?:==|!=|\+=|:=|&&|\|\|) ?\w|\w+\.\w+\([^)]*\)\s*$"
)
_PLAIN_WORD = re.compile(r"(?<!\S)[A-Za-z']{2,}[,.?!:]?(?!\S)|[\u3400-\u9fff]")
_NAME = re.compile(r"`[\w./:@#-]{1,40}(?:\(\))?`")
_BLANKS = re.compile(f"{BLANK}+")
_ITEM = re.compile(r"[ \t]*(?:[-*•+]|\d{1,2}[.)、])?[ \t]*(?P<box>\[[ xX✓]\])?[ \t]*")
_LETTER = re.compile(r"[^\W_]")
_LIST_HEAD = re.compile(
    r"^(?:my |the )?(?:to-?do(?: list)?|next steps?|still open|open points?|待办(?:事项|清单)?|下一步)"
    r"(?: (?:for|today|this|of|list)\b[^:：]{0,40})?(?:[^:：]{0,12}[:：])?$"
)
_WORK_ON_TEXT = re.compile(
    r"translat|proofread|paraphras|rewrit|rephras|summari[sz]|correct|improve|check|fix|repeat|"
    r"翻译|翻成|改写|润稿|修改|校对|总结|检查|校正|重复"
)
_BORDER = re.compile(
    r"(?:(?:\s*[,;:\u2014\u2013(]|\s+-)\s*(?:(?:and|but|so|then|because|though|although|while|or) )*"
    r"|\s+(?:(?:and|but|so|then|because|though|although|while|or) )+)"
    r"(?=(?:i|i'm|i've|i'll|i'd|we|we're|we've|we'll|let's|(?:can|could|would|will) (?:you|we)|please|remind me|"
    r"don't forget|tomorrow i|then i|later i|it works|that worked)\b"
    r"(?! (?:think|guess|mean|know|believe|was|were|had)\b))"
    r"|[,;\u2014]\s*(?:and |but |so )?(?=(?:what|how|which|where|when|who|why|is|are|do|does|should)\b)"
    r"|[，；]\s*|(?<=[\u3400-\u9fff])[,;]\s*|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])(?=(?:但是|不过|可是|然后我))"
)
# Words that belong to the border, not to the clause behind it.
_SUBORDINATE = re.compile(
    r"\b(?:that|if|when|because|what|which|where|how|who|whether|as|than|think|like|sure|before|after|and|until|once|so)$"
)
_SUPPOSES = re.compile(r"(?:and |but |so )?(?:if|unless|when|once|in case)\b|如果|要是|假如|万一|除非")
_LABEL = re.compile(
    r"(?:^|…)\W*(?:wanted|resolved|pending)\W*[:：]\W*", re.IGNORECASE
)  # the summary's own, typed by a person
_INTRODUCES = re.compile(r"我(?:叫|是|住)")
_WORTH = re.compile(r"[\u3400-\u9fff]|\w\s+\w")  # two words, or a character of Han
_ASKING = re.compile(r"what|who|where|when|how|why|which|什么|谁|哪|怎|几|多")
_CUT = re.compile(r"[,;:，；：、]|\s(?=(?:and|but|because|so|with|which|that|for|from)\b)")


@dataclass(frozen=True, slots=True)
class Clause:
    """One extract of a message. `text` may end in `…` where it was shortened; `low` is the whole clause, folded."""

    text: str
    low: str
    act: Act


@dataclass(frozen=True, slots=True)
class _Said:
    """A message as it was typed, and of the same length with quotes and code blanked."""

    typed: str
    plain: str


def clauses(typed: str) -> list[Clause]:
    """What the first LOOKED_AT characters of `typed` ask, request, intend, decide, settle and tell, in order."""
    found: list[Clause] = []
    for clause in _read(typed[:LOOKED_AT]):
        found.append(clause)
        if len(found) == MOST:
            break
    return found


def _read(typed: str) -> Iterator[Clause]:
    said = _Said(typed, plain := _without_code(without_quotes(typed)))
    listing = told = False
    for whole in of_plain(plain):
        sentence, box = _item(plain, whole)
        low = folded(sentence.text)
        if not _LETTER.search(_BLANKS.sub("", low)) or _is_number(plain, sentence) or ERASED in low:
            continue
        if _LIST_HEAD.match(low):
            listing = True
            continue
        listing = listing and box is not None
        if box or listing:
            act = Act.INTENDS if box in {"", "[ ]"} else Act.SETTLES
            yield _extract(said, sentence.start, sentence.start + len(low), low, act)
            continue
        frame = (chinese if HAN.search(low) else english).FRAME.search(low)
        text = _text_to_work_on(plain, sentence, low) if frame else 0
        if text:
            yield _extract(said, sentence.start, sentence.start + text, low[:text], Act.REQUESTS)
            return
        told = told or bool(frame)
        found = _sentence(said, sentence, low)
        # In a story or behind a role nobody intends or decides anything.
        yield from (one for one in found if not told or one.act in {Act.ASKS, Act.REQUESTS, Act.NOTHING})


def _text_to_work_on(plain: str, sentence: Sentence, low: str) -> int:
    """Where the request ends: `Translate into French: Where is the station?` The rest is somebody's text. 0: none."""
    if not _WORK_ON_TEXT.search(low):
        return 0
    colon = re.search(r"[:：]", low)
    if colon:
        return colon.start()
    return len(low) if plain.startswith("\n", sentence.start + len(low)) else 0


def _is_number(plain: str, sentence: Sentence) -> bool:
    """`1` of `1. call mom`, which its point cuts off."""
    return sentence.text.isdecimal() and plain.startswith(".", sentence.start + len(sentence.text))


def _without_code(text: str) -> str:
    """The text, as long as before, with its lines of code blanked, and the lines between two of them."""
    if "\n" not in text and not _CODE.match(text) and not _SIGNS.search(text):
        return text
    lines = text.split("\n")
    code = [place for place, line in enumerate(lines) if _is_code(line)]
    between = {n for a, b in pairwise(code) if b - a <= 3 for n in range(a, b)}
    hidden = between.union(code)
    return "\n".join(BLANK * len(line) if place in hidden else line for place, line in enumerate(lines))


def _is_code(line: str) -> bool:
    few = len(_PLAIN_WORD.findall(line)) < 5
    return bool(_CODE.match(line)) or (few and bool(_SIGNS.search(line)))


def _item(plain: str, sentence: Sentence) -> tuple[Sentence, str | None]:
    """The sentence without its list mark, and its box (`[x]`, `[ ]`, "" without one); None where no line begins."""
    mark = _ITEM.match(plain, plain.rfind("\n", 0, sentence.start) + 1)
    if mark is None or mark.end() < sentence.start:
        return sentence, None
    skip = min(mark.end() - sentence.start, len(sentence.text) - 1)
    return Sentence(sentence.text[skip:], sentence.start + skip, sentence.asks), mark["box"] or ""


def _sentence(said: _Said, sentence: Sentence, low: str) -> Iterator[Clause]:
    """The clauses of one sentence: pieces that do nothing of their own stay with their neighbours."""
    pieces = [
        (start, end, act_of(low[start:end].strip(" ,，"), asks=sentence.asks and end == len(low)))
        for start, end in _pieces(low)
    ]
    if _SUPPOSES.match(low):
        pieces = [(start, end, act if act in {Act.ASKS, Act.REQUESTS} else Act.TELLS) for start, end, act in pieces]
    joined: list[tuple[int, int, Act]] = []
    for start, end, act in pieces:
        before = joined[-1] if joined else None
        if before and (act in {Act.TELLS, Act.NOTHING} or act is before[2]):
            joined[-1] = (before[0], end, before[2] if before[2] is not Act.NOTHING else act)
        elif before and _leads(before[2], act) and _close(low, before[0], start, end):
            joined[-1] = (before[0], end, act)
        else:
            joined.append((start, end, act))
    for start, end, act in joined:
        yield _extract(said, sentence.start + start, sentence.start + end, low[start:end], act)


def _leads(before: Act, act: Act) -> bool:
    """Whether a piece may be only the way to the next: what is told, or in Chinese planned, before something asked."""
    return before in {Act.TELLS, Act.NOTHING} or (before is Act.INTENDS and act in {Act.ASKS, Act.REQUESTS})


def _close(low: str, start: int, middle: int, end: int) -> bool:
    """Whether a piece belongs to the one behind it: `下週去京都，幫我排行程`; `the run fails, what could it be?`."""
    if HAN.search(low, start, middle):
        return end - start <= WIDTH // 2 and not _INTRODUCES.match(low, start, middle)
    return end - start <= WIDTH and len(carried(low[middle:end])) < 2


def _pieces(low: str) -> Iterator[tuple[int, int]]:
    start = 0
    for border in _BORDER.finditer(low):
        if not _WORTH.search(low, start, border.start()) or _SUBORDINATE.search(
            low, max(0, border.start() - 12), border.start()
        ):
            continue
        yield start, border.start()
        start = border.end()
    yield start, len(low)


def _extract(said: _Said, start: int, end: int, low: str, act: Act) -> Clause:
    """The extract from `start` to `end`, without openings that say nothing, short enough for a line."""
    shown = folded(said.typed[start:end])
    skip = after_lead(shown)
    polite = after_polite(shown[skip:]) if act in {Act.ASKS, Act.REQUESTS, Act.INTENDS} else 0
    mark = said.typed[end : end + 1]
    first = start + skip + polite
    if polite and shown.endswith("吗"):
        end -= 1
    shown = " ".join(_visible(said, first, end).split())
    text = short(_LABEL.sub("… ", clean(shown)).strip(_MARKS))
    asked = act is Act.ASKS and (not polite or bool(_ASKING.match(folded(text))))
    return Clause(text + mark if asked and mark in {"?", "？"} and text[-1:] != "…" else text, low, act)


def _visible(said: _Said, start: int, end: int) -> str:
    """The words as typed; for what is quoted stands `…`, unless it is one name in code marks."""
    shown: list[str] = []
    place = start
    for blank in _BLANKS.finditer(said.plain, start, end):
        quote = said.typed[blank.start() : blank.end()]
        shown += [said.typed[place : blank.start()], quote if _NAME.fullmatch(quote) else "…"]
        place = blank.end()
    return "".join([*shown, said.typed[place:end]])


def short(text: str) -> str:
    """The text, cut at a clause, else at a word, where it is wider than WIDTH; then it ends in `…`."""
    if columns(text) <= WIDTH:
        return text
    end = WIDTH if not HAN.search(text) else next(n for n in range(len(text), 0, -1) if columns(text[:n]) <= WIDTH)
    least = end // 2
    cut = max((one.start() for one in _CUT.finditer(text, least, end)), default=-1)
    cut = cut if cut >= 0 else text.rfind(" ", least, end)
    return text[: cut if cut > 0 else end].rstrip(_MARKS) + "…"


def columns(text: str) -> int:
    """Columns on a screen, roughly: two for a character of Han."""
    return len(text) + len(HAN.findall(text))
