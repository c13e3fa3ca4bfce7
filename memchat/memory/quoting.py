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

_AS_JSON = json.JSONEncoder(ensure_ascii=False).encode  # `json.dumps` makes one each time

# Chooses how the sign before it is drawn: one does, and a row of them carries bytes that nobody sees.
_SELECTOR = "[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
# How lines begin that memchat writes into a user's message, without their blanks, and letters that look like theirs.
_OURS = (
    *("[memchat]", '[file"', '[image"', "[pastedtext]", "[pipedtext]", "[importedtext]", "[afile]"),
    *("[earlierinthisconversation:", "[leftouthere:"),
)
_ALIKE = str.maketrans("\u0430\u0435\u043c\u043e\u0440\u0441\u0442\u0443\u0445\u04bb\u0456", "aemopctyxhi")
_BEGINNING = 60  # characters of a line that are looked at for that
_LOOKED_AT = 5_000  # lines at most

# What stands where words were erased.
ERASED = "[erased]"

# What text of others is called, where it is not a file, which has a name.
NAMES = {Origin.PASTE: "pasted text", Origin.STDIN: "piped text", Origin.IMPORT: "imported text", Origin.FILE: "a file"}


@cache
def _unseen() -> re.Pattern[str]:
    """What shows nothing, or makes a line say something else: controls, directions, tags; joiners of emoji stay."""
    return re.compile(
        "[\x00-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
        f"\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]|(?<={_SELECTOR}){_SELECTOR}+"
    )


@cache
def _hidden() -> re.Pattern[str]:
    """What a person who reads the text does not see: flags (kept), turns of direction, tags and runs of selectors."""
    return re.compile(
        "(?P<flag>\U0001f3f4[\U000e0020-\U000e007e]{1,6}\U000e007f)|(?P<turn>[\u202a-\u202e\u2066-\u2069])"
        f"|[\U000e0000-\U000e007f]+|(?<={_SELECTOR}){_SELECTOR}+"
    )


@cache
def _opening() -> re.Pattern[str]:
    """The first bracket of a line, with what is not seen before it, and the first sign within."""
    ends = r"\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"
    unseen = (
        rf"(?:[^\S{ends}]|[\x00-\x08\x0e-\x1b\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff])*"
    )
    return re.compile(rf"(?:\A|[{ends}]){unseen}([\[\uff3b]){unseen}(?:[aefilmp]|[^\x00-\x7f])", re.IGNORECASE)


def hides(text: str) -> bool:
    """Whether the text holds what a person who reads it does not see, and a model does."""
    return not text.isascii() and any(found["flag"] is None for found in _hidden().finditer(text))


def seen(text: str) -> str:
    """`text` with what hides in it made visible: `<U+202E>` for a turn of direction, `<9 hidden characters>`."""

    def shown(found: re.Match[str]) -> str:
        if found["turn"]:
            return f"<U+{ord(found[0]):04X}>"
        return found["flag"] or f"<{len(found[0])} hidden characters>"

    return text if text.isascii() else _hidden().sub(shown, text)


@cache
def _sentence_end() -> re.Pattern[str]:
    return re.compile(r"[.!?…][\"')\]]*(?=\s|$)|[。！？][」』”）]*|\n")


def clean(text: str) -> str:
    """One line without what cannot be seen; runs of white space are one blank."""
    plain = text.isascii() and text.isprintable()  # as nearly every line is, and told in no time
    return " ".join((text if plain else _unseen().sub(" ", text)).split())


def cut(line: str, most: int) -> str:
    """The line, or its beginning and `…`, at most `most` characters, cut at a word."""
    if len(line) <= most:
        return line
    begins = line[: most - 1]
    blank = begins.rfind(" ", most // 2)
    return (begins if blank < 0 else begins[:blank]).rstrip(" ,;:，；：、") + "…"


def quoted(text: str) -> str:
    """As a JSON string: whatever `text` holds, it ends at its own closing mark and on its own line."""
    return _AS_JSON(clean(text))


def named(part: Part) -> str:
    """What a part of somebody else's is: `file "notes.md"`, `piped text`; empty for a person's or model's own words."""
    if part.kind in (PartKind.FILE, PartKind.IMAGE):
        return f"{part.kind} {quoted(part.name)}"
    return NAMES.get(part.origin, "") if part.kind is PartKind.TEXT else ""


def as_sent(part: Part, message: Message) -> str:
    """The part as the model reads it in this message, the same bytes each time.

    A file, and pasted or piped text beside a person's own words, stands under its name in a fence that is longer than
    any in it: it can neither end itself nor pass for the request. Text alone is the request, and stands bare, but not
    where a line of it would pass for one of memchat's. Of a picture it is the name, which stands before it. What nobody
    sees is made visible.
    """
    what, content = named(part), seen(part.content)
    if part.kind is PartKind.IMAGE:
        return f"[{what}]"
    alone = part.kind is PartKind.TEXT and not any(one.origin in OWN_WORDS for one in message.parts)
    if not what or (alone and not passes_for_ours(content)):
        return content
    fence = "`" * (max((len(run) for run in re.findall("`{3,}", content)), default=2) + 1)
    end = "" if content.endswith("\n") else "\n"
    return f"[{what}]\n{fence}\n{content}{end}{fence}"


def passes_for_ours(text: str) -> bool:
    """Whether a line of the text begins as those do that memchat writes beside a person's words, or looks as if.

    Nobody asks in thousands of lines with a bracket in front: of so many it is not looked at all.
    """
    for number, found in enumerate(_opening().finditer(text)):
        begins = _bare(text[found.start(1) : found.start(1) + _BEGINNING])
        if number == _LOOKED_AT or begins.startswith(_OURS):
            return True
    return False


def _bare(text: str) -> str:
    """What a reader takes in: without blanks and what is not seen, width and case folded, look-alikes as Latin."""
    if text.isascii() and text.isprintable():
        return "".join(text.casefold().split())
    return "".join(_unseen().sub("", fold(text)).translate(_ALIKE).replace("\u00ad", "").split())


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
    if text.isascii():
        return " ".join(text.lower().split())
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
