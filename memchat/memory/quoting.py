"""How stored text is quoted, shortened and found again: it is data, and must never leave its quotation marks."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from memchat.domain import OWN_WORDS, Message, Origin, Part, PartKind

Count = Callable[[str], int]  # text -> tokens

# Longest piece that is cut to tokens: no summary or excerpt comes from more.
CUT_CHARACTERS = 4_000
# From here on a text is folded whole, which is quick, before it is folded with places, which is not.
LONG = 20_000
# Models write typographic signs plain, and plain ones typographic.
SAME = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-", "‑": "-"})

# What stands where words were erased.
ERASED = "[erased]"

# What text of others is called, where it is not a file, which has a name.
NAMES = {Origin.PASTE: "pasted text", Origin.STDIN: "piped text", Origin.IMPORT: "imported text", Origin.FILE: "a file"}


@cache
def _unseen() -> re.Pattern[str]:
    """What shows nothing, or makes a line say something else: controls, directions, tags; joiners of emoji stay."""
    return re.compile(
        "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
    )


@cache
def _sentence_end() -> re.Pattern[str]:
    return re.compile(r"[.!?…][\"')\]]*(?=\s|$)|[。！？][」』”）]*|\n")


def clean(text: str) -> str:
    """One line without what cannot be seen; runs of white space are one blank."""
    return " ".join(_unseen().sub(" ", text).split())


def cut(line: str, most: int) -> str:
    """The line, or its beginning and `…`, at most `most` characters, cut at a word."""
    if len(line) <= most:
        return line
    begins = line[: most - 1]
    blank = begins.rfind(" ", most // 2)
    return (begins if blank < 0 else begins[:blank]).rstrip(" ,;:，；：、") + "…"


def quoted(text: str) -> str:
    """As a JSON string: whatever `text` holds, it ends at its own closing mark and on its own line."""
    return json.dumps(clean(text), ensure_ascii=False)


def named(part: Part) -> str:
    """What a part of somebody else's is: `file "notes.md"`, `piped text`; empty for a person's or model's own words."""
    if part.kind in (PartKind.FILE, PartKind.IMAGE):
        return f"{part.kind} {quoted(part.name)}"
    return NAMES.get(part.origin, "") if part.kind is PartKind.TEXT else ""


def as_sent(part: Part, message: Message) -> str:
    """The part as the model reads it in this message, the same bytes each time.

    A file, and pasted or piped text beside a person's own words, stands under its name in a fence that is longer than
    any in it: it can neither end itself nor pass for the request. Text alone is the request, and stands bare. Of a
    picture it is the name, which stands before it.
    """
    what = named(part)
    if part.kind is PartKind.IMAGE:
        return f"[{what}]"
    if not what or (part.kind is PartKind.TEXT and not any(one.origin in OWN_WORDS for one in message.parts)):
        return part.content
    fence = "`" * (max((len(run) for run in re.findall("`{3,}", part.content)), default=2) + 1)
    end = "" if part.content.endswith("\n") else "\n"
    return f"[{what}]\n{fence}\n{part.content}{end}{fence}"


def request(parts: Sequence[Part]) -> tuple[str, str]:
    """What a message asks: ("", the person's own words); without any, what came first and its words.

    ("piped text", "2+2?"), ("file \"notes.md\"", "..."); ("", "") for a message without words. A picture's are its
    name.
    """
    said = [part for part in parts if part.content.strip() and not part.barred]
    if own := [part.content for part in said if part.kind is PartKind.TEXT and part.origin in OWN_WORDS]:
        return "", "\n\n".join(own)
    first = next((part for part in said if named(part)), None)
    if first is None:
        return "", ""
    return ("image", first.name) if first.kind is PartKind.IMAGE else (named(first), first.content)


def shortened(text: str, tokens: int, count: Count) -> str:
    """The first sentences of `text` that cost at most `tokens`; when the first alone costs more, its beginning and `…`.

    Empty when not even a few characters fit.
    """
    whole = text.strip()
    text = whole[:CUT_CHARACTERS].rstrip()
    if text == whole and count(text) <= tokens:
        return text
    ends = [match.end() for match in _sentence_end().finditer(text)]
    if sentences := text[: _most(ends, lambda end: count(text[:end]) <= tokens)].strip():
        return sentences
    end = _most(list(range(len(text))), lambda end: count(text[:end] + "…") <= tokens)
    blank = -1 if text[end].isspace() else text.rfind(" ", end // 2, end)
    return text[: end if blank < 0 else blank].rstrip(" ,;:，；：、") + "…" if end else ""


def _most(places: list[int], fits: Callable[[int], bool]) -> int:
    """The last of the ascending `places` that fits, 0 if none; what fits at one place is taken to fit before it."""
    low, high = 0, len(places)
    while low < high:
        middle = (low + high) // 2
        if fits(places[middle]):
            low = middle + 1
        else:
            high = middle
    return places[low - 1] if low else 0


def fold(text: str) -> str:
    """`text` as it is compared: compatibility forms, case, width and white space folded (`Ｔaipei ` is `taipei`)."""
    return " ".join(unicodedata.normalize("NFKD", text).translate(SAME).casefold().split())


def find(quote: str, text: str) -> Iterator[tuple[int, int]]:
    """Where `quote` stands in `text`, both folded, at whole words: spans (start, end) in characters of `text`."""
    wanted = fold(quote)
    if not wanted or (len(text) > LONG and wanted not in fold(text)):
        return
    folded, places = _with_places(text)
    start = folded.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        if not _cuts(folded, places, start) and not _cuts(folded, places, end):
            yield places[start], places[end - 1] + 1
        start = folded.find(wanted, start + 1)


def _with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place in `text` that it came from."""
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for one in unicodedata.normalize("NFKD", character).translate(SAME).casefold():
            if not one.isspace():
                folded.append(one)
                places.append(place)
            elif not folded or folded[-1] != " ":
                folded.append(" ")
                places.append(place)
    return "".join(folded), places


def _cuts(folded: str, places: list[int], place: int) -> bool:
    """Whether `place` cuts a word of a script with blanks in two, a character, or a mark off its letter."""
    if not 0 < place < len(folded):
        return False
    before, after = folded[place - 1], folded[place]
    whole = places[place - 1] != places[place] and not unicodedata.combining(after)
    return not whole or (_spaced(before) and _spaced(after))


def _spaced(character: str) -> bool:
    """Latin, Greek, Cyrillic and the like, and digits: all before the Thai block, where blanks stop parting words."""
    return character.isalnum() and ord(character) < 0x0E00
